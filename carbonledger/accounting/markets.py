"""The electricity of an inventory, market by market."""

from __future__ import annotations

from carbonledger.accounting.inventory import Inventory
from carbonledger.accounting.scope2 import Market, check_balance
from carbonledger.errors import AmbiguousFactorError, Finding
from carbonledger.factors.matching import Query, find_factors
from carbonledger.units import conversion_factor

__all__ = ["balance_findings", "markets_of"]

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


def balance_findings(inventory: Inventory) -> list[Finding]:
    """Whether own generation, own use and export close, if the entries state the generation."""
    lines = inventory.lines
    mwh = lines["energy_gj"] * conversion_factor("GJ", "MWh")

    def total(*activities: str) -> float:
        return float(mwh[lines["activity"].isin(activities)].sum())

    generated = total("electricity.generated")
    if not generated:
        return []
    return check_balance(generated, total(*_OWN), total("electricity.exported"), total("electricity.storage_loss"))
