"""The calculation of why emissions changed from one year to the next."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.comparison.lmdi import Method, step_contributions
from carbonledger.comparison.method_changes import method_change
from carbonledger.comparison.two_years import Category, CategoryYear, TwoYears, two_years
from carbonledger.comparison.year_effects import WITH_DRIVER, WITHOUT_DRIVER, DriverChange, SourceEffects, YearEffects
from carbonledger.core.errors import EntriesError, InvariantError
from carbonledger.core.findings import Finding
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

__all__ = ["year_effects"]

# What binary arithmetic may leave of a total, and what two values may differ by that are one, as fractions.
_LAW = 1e-9
_SAME = 1e-12


def year_effects(
    previous: Inventory[Any],
    current: Inventory[Any],
    years: tuple[int, int],
    driver: DriverChange | None = None,
    method: Method = "lmdi-i",
) -> YearEffects:
    """The change of emissions between two years by effect.

    Parameters
    ----------
    previous, current : Inventory
        The earlier and the later year, within their boundaries.
    years : tuple of int
        What they are called.
    driver : DriverChange, optional
        What activity is measured by.
    method : {"lmdi-i", "lmdi-ii"}
        The weights.

    Returns
    -------
    YearEffects
        Without effects, and with the findings that say why, if a year leaves entries out, has no emissions, or has a source below 0.

    Raises
    ------
    InvariantError
        If the effects do not sum to the change, which is a defect of the library.

    Notes
    -----
    First the earlier year is calculated again by the later year's method; the difference is the method effect. Then C = sum of b Q (E/Q)
    (E_k/E) (E_kc/E_k) (C_kc/E_kc), where b is the share of a company that counts (0 where it is not in the boundary), Q the driver, E the
    energy of the companies that are in both years before consolidation [GJ], k the company and c the carrier. What has no energy is b A
    (C/A), where A is its amount.

    References
    ----------
    Ang (2005), LMDI practical guide; GHG Protocol Corporate Standard (2004), chapter 5: structural changes and changes of method are told
    apart from organic growth.
    """
    parts = tuple(
        Finding.of("DECOMPOSITION.part", year=year)
        for year, inventory in zip(years, (previous, current), strict=True)
        if not inventory.completeness.has_total or (inventory.counts is not None and inventory.counts.rows_refused)
    )
    if parts:
        return YearEffects(years, method, driver=driver, findings=parts)
    change = method_change(previous, current)
    try:
        table = two_years(previous, current, change)
        found = _contributions(table, driver, method, years)
    except EntriesError as error:
        return YearEffects(years, method, driver=driver, findings=error.findings)
    sources = tuple(_source(table, category, found) for category in table.categories)
    names = WITHOUT_DRIVER if driver is None else WITH_DRIVER
    totals = {name: math.fsum(item.effects[name] for item in sources) for name in names}
    before, after = (math.fsum(getattr(item, name) for item in sources) for name in ("before", "after"))
    for total, inventory in ((before, previous), (after, current)):
        _hold_to_total(total, inventory)
    result = YearEffects(
        years,
        method,
        before,
        after,
        effects=totals,
        driver=driver,
        sources=sources,
        came=table.came,
        went=table.went,
        shared=_shared(table),
        method_changes=change.changes,
        findings=(*table.findings, *_doubts(table, driver)),
    )
    if result.residual:
        raise InvariantError("PARTS_SUM_TO_TOTAL", f"the effects leave {result.residual} t CO2e of the change.")
    return result


def _hold_to_total(total: float, inventory: Inventory[Any]) -> None:
    """The sources of a year sum to its total."""
    stated = float(inventory.total_location_based().magnitude)
    if stated == stated and abs(total - stated) > _LAW * max(1.0, abs(stated)):
        raise InvariantError("PARTS_SUM_TO_TOTAL", f"the sources sum to {total}, the inventory to {stated} t CO2e.")


def _doubts(table: TwoYears, driver: DriverChange | None) -> list[Finding]:
    """What a change of the boundary does to a driver of the whole company, and what a missing driver leaves together."""
    if driver is None:
        return [Finding.of("DECOMPOSITION.no_driver")]
    moved = bool(table.came or table.went)
    return [Finding.of("DECOMPOSITION.driver_boundary", driver=driver.label)] if moved else []


def _shared(table: TwoYears) -> tuple[str, ...]:
    """The companies of both years whose share changed."""
    both = ((item.entity, _of(table.before, item), _of(table.after, item)) for item in table.categories)
    moved = (
        entity
        for entity, before, after in both
        if before.whole and after.whole and not math.isclose(before.share, after.share, rel_tol=_LAW)
    )
    return tuple(dict.fromkeys(moved))


def _source(table: TwoYears, category: Category, found: Mapping[str, Mapping[Category, float]]) -> SourceEffects:
    """The effects of a category."""
    before, after = (side.get(category, CategoryYear()) for side in (table.before, table.after))
    effects = {name: values[category] for name, values in found.items()}
    return SourceEffects(category, before.reported_tco2e, after.reported_tco2e, effects)


def _contributions(
    table: TwoYears, driver: DriverChange | None, method: Method, years: tuple[int, int]
) -> dict[str, dict[Category, float]]:
    """T CO2e by effect and category."""
    sides = table.before, table.after
    amounts = (1.0, 1.0) if driver is None else (driver.previous, driver.current)
    values = [np.array([_of(side, item).emissions_tco2e for item in table.categories]) for side in sides]
    first, last = (_factors(table, side, amount) for side, amount in zip(sides, amounts, strict=True))
    # What differs by binary arithmetic alone has not changed.
    last = {
        name: np.where(np.isclose(value, first[name], _SAME, 0.0), first[name], value) for name, value in last.items()
    }
    sets = list(first.values()), list(last.values())
    parts = step_contributions((values[0], values[1]), sets, method, "additive", years)
    found = {
        name: dict(zip(table.categories, part.tolist(), strict=True)) for name, part in zip(first, parts, strict=True)
    }
    if driver is None:
        found.pop("activity")
        found["energy_use"] = found.pop("intensity")
    found["method"] = {
        item: _of(table.before, item).emissions_tco2e - _of(table.before, item).reported_tco2e
        for item in table.categories
    }
    return found


def _of(side: Mapping[Category, CategoryYear], category: Category) -> CategoryYear:
    """A category in a year; nothing of it where the year lacks it."""
    return side.get(category, CategoryYear())


def _factors(table: TwoYears, side: Mapping[Category, CategoryYear], driver: float) -> dict[str, Numbers]:
    """The factors of each category in a year, by effect; not a number where another factor of 0 leaves it open."""
    common = table.common
    by_company: dict[str, float] = {}
    for item, cell in side.items():
        if item.entity in common:
            by_company[item.entity] = by_company.get(item.entity, 0.0) + cell.energy_gj
    whole = math.fsum(by_company.values())
    entities = {item.entity for item in side}
    rows = []
    for item in table.categories:
        cell = _of(side, item)
        if item.entity not in common:
            rows.append((cell.share if item.entity in entities else 0.0, *[math.nan] * 6))
            continue
        rate = _ratio(cell.emissions_tco2e / cell.share, cell.energy_gj if item.has_energy else cell.whole)
        if item.has_energy:
            own = by_company[item.entity]
            chain = driver, whole / driver, _ratio(own, whole), _ratio(cell.energy_gj, own), 1.0, rate
        else:
            chain = 1.0, 1.0, 1.0, 1.0, cell.whole, rate
        rows.append((cell.share, *chain))
    names = ("boundary", "activity", "intensity", "companies", "carriers", "other_amounts", "factor")
    return dict(zip(names, np.array(rows, dtype=float).reshape(-1, len(names)).T.copy(), strict=True))


def _ratio(above: float, below: float) -> float:
    """A ratio; not a number where nothing is divided by nothing."""
    return above / below if below else math.nan
