"""Emissions and energy per driver: employee, revenue, output, floor area.

References
----------
GRI 305-4 and 302-3 (2016); GHG Protocol Corporate Standard (2004), chapter 9: a ratio states its numerator, scopes and denominator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass as pydantic_dataclass

from carbonledger.core.strict_fields import RECORD, Listed, Number, WholeNumber, Year, each_once
from carbonledger.inventory.inventory import Inventory
from carbonledger.scope2.market_based import MarketBased

__all__ = ["Driver", "Intensity", "intensity"]

_SCOPE_2 = 2
_SCOPE_ROWS = {1: "scope 1", 2: "scope 2 (location-based)", 3: "scope 3"}


@pydantic_dataclass(frozen=True, slots=True, config=RECORD)
class Driver:
    """What emissions are divided by.

    Parameters
    ----------
    name_zh, name_en : str
        What it is, e.g. revenue; one of the two may be empty.
    amount : float
        Of its year; above 0.
    unit : str
        As it shall be printed, e.g. ``million CNY``.
    scopes : tuple of int
        What the numerator holds.
    year : int or None
        The year that it describes; None for the reporting year.
    """

    name_zh: str
    name_en: str
    amount: Annotated[Number, Field(gt=0)]
    unit: str
    scopes: Annotated[
        tuple[Annotated[Literal[1, 2, 3], WholeNumber], ...], Listed, Field(min_length=1), AfterValidator(each_once)
    ] = (1, 2)
    year: Year | None = None


@dataclass(frozen=True, slots=True)
class Intensity:
    """A ratio with everything it needs to be understood.

    Parameters
    ----------
    driver : Driver
        The denominator.
    location_based_tco2e, numerator_gj : float
        Emissions of the scopes, scope 2 location-based, and energy of scopes 1 and 2: of what could be calculated.
    location_based_tco2e_per_unit, gj_per_unit : float
        The ratios; not a number where entries are left out, because the ratio of a part would say nothing.
    market_based_tco2e_per_unit : float or None
        The ratio with scope 2 market-based; None if the book has none, or if scope 2 is not in the numerator.
    """

    driver: Driver
    location_based_tco2e: float
    numerator_gj: float
    location_based_tco2e_per_unit: float
    gj_per_unit: float
    market_based_tco2e_per_unit: float | None = None

    @property
    def scopes(self) -> str:
        """What the numerator holds, scope 2 with its method."""
        return " + ".join(_SCOPE_ROWS[scope] for scope in self.driver.scopes)


def intensity(
    inventory: Inventory[Any], drivers: Sequence[Driver], scope_2: MarketBased | None = None
) -> list[Intensity]:
    """The inventory per driver.

    Parameters
    ----------
    inventory : Inventory
        Of the year that the drivers describe.
    drivers : sequence of Driver
        The denominators.
    scope_2 : MarketBased or None
        Scope 2 by both methods.

    Returns
    -------
    list of Intensity

    Raises
    ------
    ValueError
        If a driver is not above 0.
    """
    by_scope = inventory.in_pandas.by("scope").set_index("scope")["emissions_tco2e"]
    energy = float(inventory.total_energy().magnitude)
    refused = inventory.counts is not None and inventory.counts.rows_refused > 0
    of_all = 1.0 if inventory.completeness.has_total else math.nan
    energy_of_all = math.nan if refused else 1.0
    results = []
    for driver in drivers:
        if not driver.amount > 0:
            raise ValueError(
                f"the driver {driver.name_en or driver.name_zh} is {driver.amount:g}; a denominator is above 0."
            )
        emissions = math.fsum(float(by_scope.get(_SCOPE_ROWS[scope], 0.0)) for scope in driver.scopes)
        change = None if scope_2 is None else scope_2.market_based_tco2e - scope_2.location_based_tco2e
        has_market = change is not None and _SCOPE_2 in driver.scopes
        market = of_all * (emissions + (change or 0.0)) / driver.amount if has_market else None
        ratios = of_all * emissions / driver.amount, energy_of_all * energy / driver.amount
        results.append(Intensity(driver, emissions, energy, *ratios, market))
    return results
