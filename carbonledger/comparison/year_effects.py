"""Why emissions changed from one year to the next: activity, intensity, structure, factors, boundary and method, without a rest."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.comparison.lmdi import Method, step_contributions
from carbonledger.comparison.method_changes import method_change
from carbonledger.comparison.two_years import Category, CategoryYear, TwoYears, two_years
from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import EntriesError, InvariantError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang, word
from carbonledger.core.plain_data import plain_data
from carbonledger.core.record_html import figure_text, record_html, table_html
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

__all__ = ["DriverChange", "SourceEffects", "YearEffects", "year_effects"]

# The effects in the order in which they are shown; without a driver, energy use stands for activity and intensity.
WITH_DRIVER = ("method", "boundary", "activity", "intensity", "companies", "carriers", "other_amounts", "factor")
WITHOUT_DRIVER = ("method", "boundary", "energy_use", "companies", "carriers", "other_amounts", "factor")
_LAW = 1e-9
_SAME = 1e-12
_SAME = 1e-12


@dataclass(frozen=True, slots=True)
class DriverChange:
    """The driver of activity in two years.

    Parameters
    ----------
    label : Label
        What it is, e.g. production.
    previous, current : float
        In `unit`; above 0.
    unit : str
        As the books print it.
    """

    label: Label
    previous: float
    current: float
    unit: str


@dataclass(frozen=True, slots=True)
class SourceEffects:
    """A carrier, or a source without energy, of a company.

    Parameters
    ----------
    category : Category
        Which.
    before, after : float
        t CO2e as each year reports it.
    effects : mapping of str to float
        t CO2e by effect; they sum to the change.
    """

    category: Category
    before: float
    after: float
    effects: Mapping[str, float]

    @property
    def status(self) -> str:
        """``new``, ``ended`` or ``continuing``."""
        return "new" if not self.before and self.after else "ended" if self.before and not self.after else "continuing"


@dataclass(frozen=True, repr=False)
class YearEffects:
    """The change of gross emissions, scope 2 location-based, from one year to the next by effect.

    Parameters
    ----------
    years : tuple of int
        The earlier and the later one.
    method : {"lmdi-i", "lmdi-ii"}
        The weights.
    before, after : float
        Totals as each year reports them, t CO2e; not a number where the change cannot be decomposed.
    effects : mapping of str to float
        t CO2e by effect, in the order of `WITH_DRIVER` or `WITHOUT_DRIVER`; empty where the change cannot be decomposed.
    driver : DriverChange or None
        What activity is measured by; None if activity and intensity are one effect, energy use.
    sources : tuple of SourceEffects
        By company and carrier.
    came, went, shared : tuple of str
        Companies that came, that went, and whose share changed.
    method_changes : tuple of Label
        What is calculated otherwise.
    findings : tuple of Finding
        Why there is no decomposition, or what is to be known of it.
    """

    years: tuple[int, int]
    method: Method
    before: float = math.nan
    after: float = math.nan
    effects: Mapping[str, float] = field(default_factory=dict)
    driver: DriverChange | None = None
    sources: tuple[SourceEffects, ...] = ()
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()
    method_changes: tuple[Label, ...] = ()
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        moved = ", ".join(f"{name} {value:+.2f}" for name, value in self.effects.items())
        return f"YearEffects({self.years[0]} to {self.years[1]}: {moved or 'not decomposed'})"

    @property
    def possible(self) -> bool:
        """Whether the change could be decomposed."""
        return bool(self.effects)

    @property
    def change(self) -> float:
        """After less before, t CO2e."""
        return self.after - self.before

    @property
    def residual(self) -> float:
        """What the effects leave of the change, t CO2e: 0 but for binary arithmetic."""
        found = self.change - math.fsum(self.effects.values())
        return 0.0 if abs(found) <= _LAW * max(self.before, self.after) else found

    @property
    def shown(self) -> tuple[str, ...]:
        """The effects that can be other than 0 here: those that nothing in either year could move are left out."""
        several = len({item.category.entity for item in self.sources} - {*self.came, *self.went}) > 1
        asked = {
            "method": bool(self.method_changes),
            "boundary": bool(self.came or self.went or self.shared),
            "companies": several,
            "other_amounts": any(not item.category.has_energy for item in self.sources),
        }
        return tuple(name for name in self.effects if asked.get(name, True))

    @property
    def exit_code(self) -> int:
        """How a command ends that shows it: 1 if it could not be decomposed, else 0."""
        return int(any(finding.severity == "error" for finding in self.findings))

    def to_dict(self, lang: Lang = "en", entity_names: Mapping[str, str] | None = None) -> dict[str, Any]:
        """Plain data for JSON, unrounded.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.
        entity_names : mapping of str to str, optional
            What to print for each company.

        Returns
        -------
        dict
            ``effects`` with ``effect``, ``label``, ``tco2e`` and ``percent_of_before``; ``sources`` by company and carrier.
        """
        names = entity_names or {}
        effects = [
            {
                "effect": name,
                "label": word(f"effect_{name}", lang),
                "tco2e": value,
                "percent_of_before": value / self.before * 100 if self.before else None,
            }
            for name, value in self.effects.items()
        ]
        driver = None if self.driver is None else {**asdict(self.driver), "label": self.driver.label.text(lang)}
        sources = [
            {
                **item.category._asdict(),
                "name": names.get(item.category.entity, item.category.entity),
                "label": taxonomy()[item.category.activity].label(lang),
                "status": item.status,
                "before_tco2e": item.before,
                "after_tco2e": item.after,
                **{f"{name}_tco2e": value for name, value in item.effects.items()},
            }
            for item in self.sources
        ]
        plain: dict[str, Any] = plain_data(
            {
                "previous": self.years[0],
                "year": self.years[1],
                "method": self.method,
                "scope_2_method": "location-based",
                "possible": self.possible,
                "driver": driver,
                "before_tco2e": self.before,
                "after_tco2e": self.after,
                "change_tco2e": self.change,
                "effects": effects,
                "residual_tco2e": self.residual if self.possible else None,
                "companies": {"came": self.came, "went": self.went, "share_changed": self.shared},
                "method_changes": [item.text(lang) for item in self.method_changes],
                "sources": sources,
                "findings": [finding.to_dict(lang) for finding in self.findings],
            }
        )
        return plain

    def to_html(self, lang: Lang = "en") -> str:
        """The effects as a notebook shows them, in a language."""
        title = word("effects_title", lang, previous=str(self.years[0]), current=str(self.years[1]))
        rows = [(word(f"effect_{name}", lang), figure_text(self.effects[name])) for name in self.shown]
        ends = [(str(self.years[0]), figure_text(self.before)), *rows, (str(self.years[1]), figure_text(self.after))]
        heads = (word("effect", lang), word("emissions", lang))
        table = table_html(heads, ends if self.possible else (), (1,))
        return record_html(lang, title, [finding.text(lang) for finding in self.findings], table)

    def _repr_html_(self) -> str:
        return self.to_html()


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
    both = [item for item in table.categories if item in table.before and item in table.after]
    moved = (
        item.entity
        for item in both
        if not math.isclose(table.before[item].share, table.after[item].share, rel_tol=_LAW)
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
