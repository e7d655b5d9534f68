"""The purchased energy of an inventory, market by market."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonledger.accounting.inventory import Inventory
from carbonledger.accounting.scope2 import Market
from carbonledger.errors import AmbiguousFactorError
from carbonledger.factors.matching import Query, find_factors
from carbonledger.units import conversion_factor

__all__ = ["markets_of"]

if TYPE_CHECKING:
    import pandas as pd

_SCOPE_2, _SCOPE_3 = 2, 3
Places = frozenset[tuple[str, str]]
_FROM_FUEL = "electricity.direct_line.fossil"
_OTHER = ("heat", "steam", "cooling")
_OWN = ("electricity.solar", "electricity.wind", "electricity.hydro")


def markets_of(
    inventory: Inventory, year: int, own_sold: Places = frozenset(), direct_sold: Places = frozenset()
) -> list[Market]:
    """Purchases, own use and residual mix of each country: electricity, then heat, steam and cooling.

    Parameters
    ----------
    inventory : Inventory
        Lines with a region; the country of ``CN-SD`` is ``CN``.
    year : int
        The reporting year, for the residual mix.
    own_sold, direct_sold : set of (str, str)
        The companies and sites whose own generation, or direct line, lost its attributes.

    Returns
    -------
    list of Market
        In the order of appearance.
    """
    lines = inventory.lines[inventory.lines["scope"] != _SCOPE_3]
    country = lines["region"].str.split("-").str[0]
    mwh = lines["energy_gj"] * conversion_factor("GJ", "MWh")
    markets = []
    for name in dict.fromkeys(country):
        here = lines[country == name]

        def total(activities: tuple[str, ...], here: pd.DataFrame = here) -> float:
            return float(mwh.loc[here.index][here["activity"].isin(activities)].sum())

        def lost(activities: tuple[str, ...], places: Places, here: pd.DataFrame = here) -> float:
            keys = [key in places for key in zip(here["entity"], here["site"], strict=True)] if places else []
            chosen = here[keys] if places else here.iloc[:0]
            return float(mwh.loc[chosen.index][chosen["activity"].isin(activities)].sum())

        bought = here["activity"] == "electricity.grid"
        emitted = float(here.loc[bought, "emissions_tco2e"].sum())
        residual, source = _published(inventory, str(name), year, "residual_mix")
        fossil, _ = _published(inventory, str(name), year, "fossil_average")
        direct = total(("electricity.direct_line",))
        sold = total(("electricity.exported", "electricity.exported.fuel"))
        bought_mwh = total(("electricity.grid",))
        markets.append(
            Market(
                str(name),
                bought_mwh,
                emitted,
                total(_OWN),
                direct,
                residual,
                exported_mwh=sold,
                residual_source=source,
                fossil_t_per_mwh=fossil,
                own_sold_mwh=lost(_OWN, own_sold),
                direct_sold_mwh=lost(("electricity.direct_line",), direct_sold),
                direct_fuel_mwh=total((_FROM_FUEL,)),
                direct_fuel_tco2e=float(here.loc[here["activity"] == _FROM_FUEL, "emissions_tco2e"].sum()),
            )
        )
        for carrier in _OTHER:
            of = here[(here["scope"] == _SCOPE_2) & here["activity"].str.startswith(carrier)]
            amount = float(mwh.loc[of.index].sum())
            markets.append(Market(str(name), amount, float(of["emissions_tco2e"].sum()), carrier=carrier))
    return [market for market in markets if _has_energy(market)]


def _has_energy(market: Market) -> bool:
    """Whether anything is used in a market."""
    return any((market.purchased_mwh, market.own_use_mwh, market.direct_line_mwh, market.direct_fuel_mwh))


def _published(inventory: Inventory, country: str, year: int, parameter: str) -> tuple[float | None, str]:
    """A rate of a country among the pinned editions, and its name; None if there is none, or not only one."""
    question = Query("emissions", "electricity.grid", parameter, country, year)
    try:
        matches = find_factors(inventory.factors, question).matches
    except AmbiguousFactorError:
        return None, ""
    if not matches:
        return None, ""
    factor = matches[0].factor
    return factor.value * conversion_factor(
        factor.unit, "t/MWh"
    ), f"{factor.reference} = {factor.value_text} {factor.unit}"
