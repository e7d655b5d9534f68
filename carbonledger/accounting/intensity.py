"""Emissions and energy per driver: employee, revenue, output, floor area.

References
----------
GRI 305-4 and 302-3 (2016); GHG Protocol Corporate Standard (2004), chapter 9: a ratio states its numerator, scopes and denominator.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from carbonledger.accounting.inventory import Inventory

__all__ = ["Driver", "Intensity", "intensity"]

_SCOPE_ROWS = {1: "scope 1", 2: "scope 2 (location-based)", 3: "scope 3"}


@dataclass(frozen=True, slots=True)
class Driver:
    """What emissions are divided by.

    Parameters
    ----------
    name_zh, name_en : str
        What it is, e.g. revenue.
    amount : float
        Of the reporting year; above 0.
    unit : str
        As it shall be printed, e.g. ``million CNY``.
    scopes : tuple of int
        What the numerator holds.
    """

    name_zh: str
    name_en: str
    amount: float
    unit: str
    scopes: tuple[int, ...] = (1, 2)


@dataclass(frozen=True, slots=True)
class Intensity:
    """A ratio with everything it needs to be understood.

    Parameters
    ----------
    driver : Driver
        The denominator.
    numerator_tco2e, numerator_gj : float
        Emissions of the scopes, scope 2 location-based, and energy of scopes 1 and 2.
    tco2e_per_unit, gj_per_unit : float
        The ratios.
    """

    driver: Driver
    numerator_tco2e: float
    numerator_gj: float
    tco2e_per_unit: float
    gj_per_unit: float

    @property
    def scopes(self) -> str:
        """What the numerator holds, scope 2 with its method."""
        return " + ".join(_SCOPE_ROWS[scope] for scope in self.driver.scopes)


def intensity(inventory: Inventory, drivers: Sequence[Driver]) -> list[Intensity]:
    """The inventory per driver.

    Parameters
    ----------
    inventory : Inventory
        Of the year that the drivers describe.
    drivers : sequence of Driver
        The denominators.

    Returns
    -------
    list of Intensity

    Raises
    ------
    ValueError
        If a driver is not above 0.
    """
    by_scope = inventory.by("scope").set_index("scope")["emissions_tco2e"]
    energy = float(inventory.total_energy().magnitude)
    results = []
    for driver in drivers:
        if not driver.amount > 0:
            raise ValueError(f"the driver {driver.name_en} is {driver.amount:g}; a denominator is above 0.")
        emissions = math.fsum(float(by_scope.get(_SCOPE_ROWS[scope], 0.0)) for scope in driver.scopes)
        results.append(Intensity(driver, emissions, energy, emissions / driver.amount, energy / driver.amount))
    return results
