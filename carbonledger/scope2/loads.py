"""The purchased energy of an inventory, market by market."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from carbonledger.core.activities import (
    DIRECT_LINE,
    DIRECT_LINE_FROM_FUEL,
    EXPORTED_ELECTRICITY,
    EXPORTED_FROM_FUEL,
    GRID_ELECTRICITY,
    OWN_GENERATION,
    activities_where,
)
from carbonledger.core.errors import AmbiguousFactorError
from carbonledger.core.units import conversion_factor
from carbonledger.factors.matching import Query, find_factors
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Load", "loads_of"]

_SCOPE_2, _SCOPE_3 = 2, 3

Sold = Callable[[str, str], bool]
_OTHER = ("heat", "steam", "cooling")


def loads_of(
    inventory: Inventory, year: int, own_sold: Sold | None = None, direct_sold: Sold | None = None
) -> list[Load]:
    """Purchases, own use and residual mix of each country: electricity, then heat, steam and cooling.

    Parameters
    ----------
    inventory : Inventory
        Lines with a region; the country of ``CN-SD`` is ``CN``.
    year : int
        The reporting year, for the residual mix.
    own_sold, direct_sold : callable
        Whether the own generation, or direct line, of a company and site lost its attributes.

    Returns
    -------
    list of Load
        In the order of appearance.
    """
    lines = inventory.lines[inventory.lines["scope"] != _SCOPE_3]
    unpriced = _purchases_without_factor(inventory)
    country = lines["region"].map(_country)
    mwh = lines["energy_gj"] * conversion_factor("GJ", "MWh")
    loads = []
    for name in dict.fromkeys([*country, *unpriced]):
        here = lines[country == name]

        def total(activities: tuple[str, ...], here: pd.DataFrame = here) -> float:
            return float(mwh.loc[here.index][here["activity"].isin(activities)].sum())

        def lost(activities: tuple[str, ...], sold: Sold | None, here: pd.DataFrame = here) -> float:
            if sold is None:
                return 0.0
            keys = [sold(str(entity), str(site)) for entity, site in zip(here["entity"], here["site"], strict=True)]
            chosen = here.loc[keys]
            return float(mwh.loc[chosen.index][chosen["activity"].isin(activities)].sum())

        bought = here["activity"] == GRID_ELECTRICITY
        emitted = float(here.loc[bought, "emissions_tco2e"].sum())
        residual, source = _published(inventory, str(name), year, "residual_mix")
        fossil, _ = _published(inventory, str(name), year, "fossil_average")
        direct = total((DIRECT_LINE,))
        exported = total((EXPORTED_ELECTRICITY, EXPORTED_FROM_FUEL))
        beside = unpriced.get(str(name), {})
        by_company = mwh.loc[here.index][bought].groupby(here.loc[bought, "entity"]).sum().to_dict()
        loads.append(
            Load(
                str(name),
                total((GRID_ELECTRICITY,)) + sum(beside.values()),
                emitted,
                total(OWN_GENERATION),
                direct,
                residual,
                exported_mwh=exported,
                residual_source=source,
                fossil_t_per_mwh=fossil,
                average_t_per_mwh=_published(inventory, str(name), year, "emission_factor")[0],
                purchased_by_company_mwh={
                    company: by_company.get(company, 0.0) + beside.get(company, 0.0)
                    for company in {**by_company, **beside}
                },
                unpriced_mwh=sum(beside.values()),
                own_sold_mwh=lost(OWN_GENERATION, own_sold),
                direct_sold_mwh=lost((DIRECT_LINE,), direct_sold),
                direct_fuel_mwh=total((DIRECT_LINE_FROM_FUEL,)),
                direct_fuel_tco2e=float(here.loc[here["activity"] == DIRECT_LINE_FROM_FUEL, "emissions_tco2e"].sum()),
            )
        )
        for carrier in _OTHER:
            of = here[(here["scope"] == _SCOPE_2) & here["activity"].isin(activities_where(carrier=carrier))]
            amount = float(mwh.loc[of.index].sum())
            loads.append(Load(str(name), amount, float(of["emissions_tco2e"].sum()), carrier=carrier))
    return [load for load in loads if _has_energy(load)]


def _country(region: str) -> str:
    """The country of a region."""
    return region.split("-")[0]


def _purchases_without_factor(inventory: Inventory) -> dict[str, dict[str, float]]:
    """By country and company, the MWh bought from the grid that no pinned emission factor prices."""
    if inventory.unpriced is None:
        return {}
    lines = inventory.unpriced.lines
    bought = lines[lines["activity"] == GRID_ELECTRICITY]
    found: dict[str, dict[str, float]] = {}
    for (region, company), gj in bought.groupby(["region", "entity"], sort=False)["energy_gj"].sum().items():
        companies = found.setdefault(_country(str(region)), {})
        companies[str(company)] = companies.get(str(company), 0.0) + float(gj) * conversion_factor("GJ", "MWh")
    return found


def _has_energy(load: Load) -> bool:
    """Whether anything is used in a market."""
    return any((load.purchased_mwh, load.own_use_mwh, load.direct_line_mwh, load.direct_fuel_mwh))


def _published(inventory: Inventory, country: str, year: int, parameter: str) -> tuple[float | None, str]:
    """A rate of a country among the pinned editions, and its name; None if there is none, or not only one."""
    question = Query("emissions", GRID_ELECTRICITY, parameter, country, year)
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


@dataclass(frozen=True, slots=True)
class Load:
    """Purchased load of one carrier in one country and year, MWh and t CO2e.

    Parameters
    ----------
    country : str
        ISO 3166-1.
    purchased_mwh : float
        Gross purchases from the grid; exports are not deducted.
    location_based_tco2e : float
        What they emit at the averages of their grids, t CO2e.
    own_use_mwh : float
        Own renewable generation used on site.
    direct_line_mwh : float
        Renewable electricity of a third party by direct line.
    exported_mwh : float
        Own generation fed into the grid.
    residual_t_per_mwh : float or None
        The residual mix, t CO2e per MWh; None if the market publishes none.
    carrier : str
        ``electricity``, ``heat``, ``steam`` or ``cooling``; only electricity has a residual mix.
    residual_source : str
        The factor of the residual mix.
    fossil_t_per_mwh : float or None
        The average of the market's fossil generation, t CO2e per MWh.
    average_t_per_mwh : float or None
        The grid average, t CO2e per MWh, where nothing is bought that would show it.
    purchased_by_company_mwh : mapping of str to float
        The purchases of each company, MWh: contracts and supplier rates of a company end with its load.
    own_sold_mwh, direct_sold_mwh : float
        Of the own use and of the direct line, what the settings of its site say to have lost its attributes.
    direct_fuel_mwh, direct_fuel_tco2e : float
        Electricity of a third party's fuel by direct line, and its emissions, t CO2e.
    unpriced_mwh : float
        Of the purchases, what no emission factor prices: instruments cover it, and its emissions are missing in both methods otherwise.
    """

    country: str
    purchased_mwh: float
    location_based_tco2e: float
    own_use_mwh: float = 0.0
    direct_line_mwh: float = 0.0
    residual_t_per_mwh: float | None = None
    carrier: str = "electricity"
    exported_mwh: float = 0.0
    residual_source: str = ""
    fossil_t_per_mwh: float | None = None
    average_t_per_mwh: float | None = None
    purchased_by_company_mwh: Mapping[str, float] = field(default_factory=dict)
    own_sold_mwh: float = 0.0
    direct_sold_mwh: float = 0.0
    direct_fuel_mwh: float = 0.0
    direct_fuel_tco2e: float = 0.0
    unpriced_mwh: float = 0.0

    @property
    def priced_mwh(self) -> float:
        """The purchases that the location-based emissions are of."""
        return self.purchased_mwh - self.unpriced_mwh
