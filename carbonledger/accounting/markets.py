"""The electricity of an inventory, market by market."""

from __future__ import annotations

from carbonledger.accounting.inventory import Inventory
from carbonledger.accounting.scope2 import Market
from carbonledger.errors import AmbiguousFactorError
from carbonledger.factors.matching import Query, find_factors
from carbonledger.units import conversion_factor

__all__ = ["markets_of"]

_OWN = ("electricity.solar", "electricity.wind", "electricity.hydro")


def markets_of(inventory: Inventory, year: int) -> list[Market]:
    """Purchases, own use and residual mix of each country.

    Parameters
    ----------
    inventory : Inventory
        Lines with a region; the country of ``CN-SD`` is ``CN``.
    year : int
        The reporting year, for the residual mix.

    Returns
    -------
    list of Market
        In the order of appearance.
    """
    lines = inventory.lines
    country = lines["region"].str.split("-").str[0]
    mwh = lines["energy_gj"] * conversion_factor("GJ", "MWh")
    markets = []
    for name in dict.fromkeys(country):
        here = country == name

        def total(activities: tuple[str, ...], here: object = here) -> float:
            return float(mwh[here & lines["activity"].isin(activities)].sum())

        bought = here & (lines["activity"] == "electricity.grid")
        market = Market(
            str(name),
            total(("electricity.grid",)),
            float(lines.loc[bought, "emissions_tco2e"].sum()),
            total(_OWN),
            total(("electricity.direct_line",)),
            _residual(inventory, str(name), year),
        )
        if market.purchased_mwh or market.own_use_mwh or market.direct_line_mwh:
            markets.append(market)
    return markets


def _residual(inventory: Inventory, country: str, year: int) -> float | None:
    """The residual mix of a country among the pinned editions; None if there is none, or not only one."""
    question = Query("emissions", "electricity.grid", "residual_mix", country, year)
    try:
        matches = find_factors(inventory.factors, question).matches
    except AmbiguousFactorError:
        return None
    if not matches:
        return None
    factor = matches[0].factor
    return factor.value * conversion_factor(factor.unit, "t/MWh")
