"""Doubts about the year of factors.

References
----------
GHG Protocol Scope 2 Guidance (2015), chapter 6.11: the most recent factor of the year. The library's standards digest, 8.4: two years that
are compared are shown as reported and at constant factors.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import cache

from carbonledger.audit.case import AuditCase
from carbonledger.audit.other_factors import about_rows, effect, recalculated, share_of, with_editions
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.factors.editions import catalogue, is_corrected, read_edition
from carbonledger.factors.factor import Factor, latest_day
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.inventory import Inventory

__all__ = ["closing_day", "factor_year"]

# An inventory is closed four months after its year, when reports are due; `as_of` says otherwise.
_CLOSING_MONTHS = 4
_MONTHS = 12
_SHOWN = 1e-4
_SCOPE_2 = 2
# A factor so many years behind one that the library carries is worth a warning whatever its share.
_VINTAGES = 2


def factor_year(case: AuditCase) -> Iterator[Finding]:
    """Factors are the newest that was published, never later than the activity, and grids of one series and vintage each."""
    causes: dict[tuple[str, int, bool], list[PlanRow]] = {}
    for row, edition, data_year in _dated(case):
        causes.setdefault((edition, data_year, row.scope == _SCOPE_2), []).append(row)
    for (edition, data_year, is_grid), rows in causes.items():
        yield from _age(case, rows, edition, data_year, is_grid=is_grid)
    yield from _mixed(case)
    if case.previous is not None:
        yield from _compared(case, case.previous)


def _dated(case: AuditCase) -> Iterator[tuple[PlanRow, str, int]]:
    """The rows with each edition and year of their emission factors that describe a year."""
    for row in case.inventory.plan.rows:
        for edition, data_year in dict.fromkeys((item.edition, item.data_year) for item in row.emission_factors):
            if data_year is not None and row.key.year:
                yield row, edition, data_year


def _mixed(case: AuditCase) -> Iterator[Finding]:
    """Two series or vintages for one grid and year."""
    series: dict[tuple[str, str, int], dict[tuple[str, int], list[PlanRow]]] = {}
    for row, edition, data_year in _dated(case):
        if row.scope == _SCOPE_2:
            by_grid = series.setdefault((row.activity, row.key.region, row.key.year), {})
            by_grid.setdefault((edition.partition("@")[0], data_year), []).append(row)
    for (activity, region, year), found in series.items():
        if len(found) > 1:
            vintages = tuple(f"{data_year} ({name})" for name, data_year in sorted(found))
            mixed = Finding.of("FACTOR_YEAR.mixed", vintages=vintages, activity=activity, region=region, year=year)
            yield about_rows(case, mixed, [row for rows in found.values() for row in rows])


def _age(case: AuditCase, rows: Sequence[PlanRow], edition: str, data_year: int, *, is_grid: bool) -> Iterator[Finding]:
    """Factors of one edition and year that are newer than their activities, or older than they need be."""
    groups: dict[tuple[str, str, int], list[PlanRow]] = {}
    for row in rows:
        factor = next(item for item in row.emission_factors if (item.edition, item.data_year) == (edition, data_year))
        newer, rule = _verdict(case, factor, data_year, row.key.year, is_grid=is_grid)
        if rule:
            groups.setdefault((rule, newer, row.key.year), []).append(row)
    for (rule, newer, _), found in groups.items():
        yield _said(case, _by_share(case, rule, found), found, edition, newer)


def _verdict(case: AuditCase, factor: Factor, data_year: int, year: int, *, is_grid: bool) -> tuple[str, str]:
    """A newer edition that applies, and what is to be said of the factor; both empty if nothing is."""
    lag = year - data_year
    if lag <= 0:
        return "", "FACTOR_YEAR.later" if lag else ""
    closed = _newer(factor, data_year, year, closing_day(case))
    if closed[1] and is_grid:
        return closed[1], "FACTOR_YEAR.newer"
    carried = closed if case.inventory.factors.as_of else _newer(factor, data_year, year, date.max)
    if carried[1]:
        return carried[1], "FACTOR_YEAR.vintages" if carried[0] - data_year >= _VINTAGES else "FACTOR_YEAR.next"
    return "", "FACTOR_YEAR.old" if is_grid and lag > case.thresholds.factor_lag_years else "FACTOR_YEAR.earlier"


def _by_share(case: AuditCase, rule: str, rows: Sequence[PlanRow]) -> str:
    """The rule, or the note where too little of the total is concerned."""
    small = rule == "FACTOR_YEAR.next" and share_of(case, rows) * 100 < case.thresholds.fallback_percent
    return "FACTOR_YEAR.earlier" if small else rule


def _said(case: AuditCase, rule: str, rows: Sequence[PlanRow], edition: str, newer: str) -> Finding:
    """A finding about the age of a factor, with what its rule prints."""
    first, more = rows[0], len(rows) - 1
    label = first.key.label
    key = Label(f"{label.en} and {more} more", f"{label.zh}等{more + 1}项") if more else label
    factor = next(item for item in first.emission_factors if item.edition == edition)
    said: dict[str, object] = {"key": key, "factor": factor.reference, "data_year": factor.data_year}
    if rule == "FACTOR_YEAR.old":
        said["lag"] = first.key.year - (factor.data_year or 0)
    if rule == "FACTOR_YEAR.newer":
        said["closing"] = str(closing_day(case))
    if rule in {"FACTOR_YEAR.next", "FACTOR_YEAR.earlier"}:
        said["share"] = share_of(case, rows)
    if rule in {"FACTOR_YEAR.newer", "FACTOR_YEAR.vintages", "FACTOR_YEAR.next"}:
        others = recalculated(case, rows, with_editions(case, edition, read_edition(newer)))
        moved = effect(case, rows, others)
        return about_rows(case, Finding.of(rule, newer=newer, effect=moved.label, **said), rows, moved.at_stake)
    return about_rows(case, Finding.of(rule, **said), rows)


def closing_day(case: AuditCase) -> date:
    """The day when the inventory was closed: `as_of`, else four months after the end of its year."""
    if case.inventory.factors.as_of is not None:
        return case.inventory.factors.as_of
    month = case.first_month + _CLOSING_MONTHS - 1
    return date(case.year + 1 + month // _MONTHS, month % _MONTHS + 1, 1) - timedelta(days=1)


@cache
def _newer(factor: Factor, data_year: int, year: int, closing: date) -> tuple[int, str]:
    """A later vintage of the same series and region, not after the activity, that had been published; 0 and empty if there is none."""
    found = []
    for name, row in catalogue().items():
        published = latest_day(row.date_published)
        other_series = name.partition("@")[0] != factor.edition.partition("@")[0]
        if other_series or is_corrected(name) or published is None or published > closing:
            continue
        years = [
            item.data_year
            for item in read_edition(name).factors(factor.activity, factor.parameter)
            if item.region == factor.region and item.data_year and data_year < item.data_year <= year
        ]
        found += [(max(years), row.status == "current", name)] if years else []
    best = max(found, default=(0, False, ""))
    return best[0], best[2]


def _rates(inventory: Inventory) -> dict[tuple[str, str], tuple[frozenset[int], float, float]]:
    """By carrier and region of scope 2: the vintages, the emissions, and the energy."""
    found: dict[tuple[str, str], tuple[frozenset[int], float, float]] = {}
    for plan_id, group in inventory.lines.groupby("plan_id", sort=True):
        row = inventory.plan.rows[int(str(plan_id))]
        years = frozenset(factor.data_year for factor in row.emission_factors if factor.data_year is not None)
        if row.scope == 2 and years:
            key = (row.activity, row.key.region)
            before = found.get(key, (frozenset(), 0.0, 0.0))
            tonnes, energy = float(group["emissions_tco2e"].sum()), float(group["energy_gj"].sum())
            found[key] = (before[0] | years, before[1] + tonnes, before[2] + energy)
    return found


def _compared(case: AuditCase, previous: Inventory) -> Iterator[Finding]:
    """Two years on different vintages: how much of the change is the factor's."""
    before, now = _rates(previous), _rates(case.inventory)
    for key in before.keys() & now.keys():
        (old_years, old_tonnes, old_energy), (years, tonnes, energy) = before[key], now[key]
        if old_years == years or not (old_energy and energy and old_tonnes):
            continue
        constant = energy * old_tonnes / old_energy
        if abs(constant / tonnes - 1 if tonnes else 1) < _SHOWN:
            continue
        changes = {
            "before": tuple(sorted(old_years)),
            "now": tuple(sorted(years)),
            "reported": _change(tonnes, old_tonnes),
            "constant": _change(constant, old_tonnes),
            "constant_t": constant,
            "now_t": tonnes,
        }
        lines = case.lines[(case.lines["activity"] == key[0]) & (case.lines["region"] == key[1])]
        yield case.finding("FACTOR_YEAR.compared", lines, activity=key[0], region=key[1], **changes)


def _change(now: float, before: float) -> str:
    """A change as text."""
    return f"{(now / before - 1) * 100:+.2f} %"
