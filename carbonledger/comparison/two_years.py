"""Two years side by side by company, carrier and scope: what the effects of their change are calculated from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import narwhals as nw

from carbonledger.comparison.method_changes import MethodChange
from carbonledger.core.errors import DimensionError, EntriesError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.units import conversion_factor
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.energy import is_energy_row
from carbonledger.inventory.inventory import Inventory

__all__ = ["Category", "CategoryYear", "TwoYears", "two_years"]

_MOST_NAMED = 5


class Category(NamedTuple):
    """What is compared: a carrier, or a source without energy, of a company.

    Parameters
    ----------
    entity, activity : str
        As the lines have them.
    scope, scope_3_category : int
        0 without one.
    unit : str
        Of the amount, of a source that is decomposed by its amount; empty of a carrier, which is decomposed by its energy.
    """

    entity: str
    activity: str
    scope: int
    scope_3_category: int
    unit: str = ""

    @property
    def has_energy(self) -> bool:
        """Whether it is decomposed by its energy."""
        return not self.unit


@dataclass(slots=True)
class CategoryYear:
    """A category in a year.

    Parameters
    ----------
    amount : float
        In the unit of the category, within the boundary.
    whole : float
        The same before consolidation.
    energy_gj : float
        GJ before consolidation; 0 of what has none.
    emissions_tco2e : float
        t CO2e within the boundary, the earlier year by the later one's method.
    reported_tco2e : float
        t CO2e as the year itself calculates it.
    """

    amount: float = 0.0
    whole: float = 0.0
    energy_gj: float = 0.0
    emissions_tco2e: float = 0.0
    reported_tco2e: float = 0.0

    @property
    def share(self) -> float:
        """The share of it that counts; 1 of what has no amount."""
        return self.amount / self.whole if self.whole else 1.0

    @property
    def smallest(self) -> float:
        """The smallest of its values, to be held against 0."""
        return min(self.amount, self.energy_gj, self.emissions_tco2e, self.reported_tco2e)


@dataclass(frozen=True, slots=True)
class TwoYears:
    """Two years by category.

    Parameters
    ----------
    categories : tuple of Category
        Of either year, in order of appearance.
    before, after : mapping of Category to CategoryYear
        What a year lacks is not in it.
    findings : tuple of Finding
        What could not be calculated by the later method.
    """

    categories: tuple[Category, ...]
    before: Mapping[Category, CategoryYear]
    after: Mapping[Category, CategoryYear]
    findings: tuple[Finding, ...] = ()

    @property
    def common(self) -> frozenset[str]:
        """The companies that are in both years."""
        return frozenset({item.entity for item in self.before} & {item.entity for item in self.after})

    @property
    def came(self) -> tuple[str, ...]:
        """The companies that only the later year has."""
        return tuple(dict.fromkeys(item.entity for item in self.after if item.entity not in self.common))

    @property
    def went(self) -> tuple[str, ...]:
        """The companies that only the earlier year has."""
        return tuple(dict.fromkeys(item.entity for item in self.before if item.entity not in self.common))


class _Record(NamedTuple):
    """The entries of a combination and company: one combination by the year's method, and by the later one's."""

    entity: str
    row: PlanRow
    restated: PlanRow
    amount: float
    whole: float

    @property
    def group(self) -> tuple[str, str, int, int]:
        """Everything of its category but the unit."""
        return self.entity, self.row.activity, self.row.scope or 0, self.row.key.scope_3_category


def two_years(previous: Inventory[Any], current: Inventory[Any], change: MethodChange) -> TwoYears:
    """Two years by category.

    Parameters
    ----------
    previous, current : Inventory
        Complete ones, consolidated or not.
    change : MethodChange
        By which the earlier year is calculated again.

    Returns
    -------
    TwoYears

    Raises
    ------
    EntriesError
        If a category is below 0, where a logarithm is taken.

    Notes
    -----
    A carrier without a calorific value in one of the years is decomposed by its amount in both.
    """
    before, after = list(_records(previous, change)), list(_records(current, MethodChange()))
    energy = _groups_with_energy([*before, *after])
    units: dict[tuple[str, str, int, int], list[str]] = {}
    sums = [_summed(records, energy, units) for records in (before, after)]
    categories = tuple(dict.fromkeys([*sums[0], *sums[1]]))
    _refuse_negative(sums)
    kept = tuple(_kept(before, change, {record.row.activity for record in after}))
    return TwoYears(categories, sums[0], sums[1], kept)


def _records(inventory: Inventory[Any], change: MethodChange) -> Iterator[_Record]:
    """The amounts of each company and combination, within the boundary and before."""
    frame = nw.from_native(inventory.lines)
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    names = eager.columns
    shares = eager.get_column("consolidation_share").to_list() if "consolidation_share" in names else None
    entities = eager.get_column("entity").to_list() if "entity" in names else [""] * len(eager)
    plan_ids, amounts = (eager.get_column(name).to_list() for name in ("plan_id", "amount"))
    found: dict[tuple[str, int], list[float]] = {}
    for at, (entity, plan_id, amount) in enumerate(zip(entities, plan_ids, amounts, strict=True)):
        cell = found.setdefault((str(entity or ""), int(plan_id)), [0.0, 0.0])
        cell[0] += amount
        cell[1] += amount / (shares[at] if shares else 1.0)
    for (entity, plan_id), (amount, whole) in found.items():
        row = inventory.plan.rows[plan_id]
        yield _Record(entity, row, (change.rows or {}).get(row.key, row), amount, whole)


def _groups_with_energy(records: Iterable[_Record]) -> set[tuple[str, str, int, int]]:
    """The groups that are decomposed by their energy: carriers of which every amount of both years has it."""
    found: dict[tuple[str, str, int, int], bool] = {}
    for record in records:
        row = record.restated
        known = is_energy_row(row) and row.energy_gj is not None and (row.energy_gj > 0 or not row.emissions_tco2e)
        found[record.group] = found.get(record.group, True) and known
    return {group for group, known in found.items() if known}


def _summed(
    records: Iterable[_Record],
    energy: set[tuple[str, str, int, int]],
    units: dict[tuple[str, str, int, int], list[str]],
) -> dict[Category, CategoryYear]:
    """The records by category, each in the first unit that is met."""
    found: dict[Category, CategoryYear] = {}
    for record in records:
        unit, factor = _common_unit(units.setdefault(record.group, []), record.row.unit)
        by_energy = record.group in energy
        cell = found.setdefault(Category(*record.group, "" if by_energy else unit), CategoryYear())
        in_gj = (record.restated.energy_gj or 0.0) if by_energy else 0.0
        cell.amount += record.amount * (in_gj if by_energy else factor)
        cell.whole += record.whole * (in_gj if by_energy else factor)
        cell.energy_gj += record.whole * in_gj
        cell.emissions_tco2e += record.amount * record.restated.emissions_tco2e
        cell.reported_tco2e += record.amount * record.row.emissions_tco2e
    return found


def _common_unit(met: list[str], unit: str) -> tuple[str, float]:
    """A unit already used for this source that the new one converts to, and the factor."""
    for other in met:
        try:
            return other, conversion_factor(unit, other)
        except DimensionError:
            continue
    met.append(unit)
    return unit, 1.0


def _refuse_negative(sums: Iterable[Mapping[Category, CategoryYear]]) -> None:
    """Refuse categories below 0."""
    below = [category for year in sums for category, cell in year.items() if cell.smallest < 0]
    if below:
        rows = tuple(" / ".join(filter(None, (item.entity, item.activity))) for item in below[:_MOST_NAMED])
        raise EntriesError([Finding.of("DECOMPOSITION.negative_source", count=len(below), rows=rows)])


def _kept(records: Iterable[_Record], change: MethodChange, later: set[str]) -> Iterator[Finding]:
    """A warning for what the later method does not price, of activities that the later year has too."""
    if change.rows is None:
        return
    kept = {record.row.key for record in records if record.row.key not in change.rows and record.row.activity in later}
    for key in sorted(kept):
        label = Label(key.label.en, key.label.zh)
        yield Finding.of("DECOMPOSITION.kept", key=label)
