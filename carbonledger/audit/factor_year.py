"""Doubts about the year of factors.

References
----------
GHG Protocol Scope 2 Guidance (2015), chapter 6.11: the most recent factor of the year. The library's standards digest, 8.4: two years that
are compared are shown as reported and at constant factors.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from carbonledger.audit.case import AuditCase
from carbonledger.core.findings import Finding
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.factor import Factor, latest_day
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["factor_year"]

# An inventory is closed four months after its year, when reports are due; `as_of` says otherwise.
_CLOSING_MONTHS = 4
_MONTHS = 12
_SHOWN = 1e-4


def factor_year(case: AuditCase) -> Iterator[Finding]:
    """Grid factors are the newest that was published, never later than the activity, of one series and vintage per grid."""
    series: dict[tuple[str, str, int], dict[tuple[str, int], list[int]]] = {}
    for row, factor, data_year, group in _dated(case):
        by_grid = series.setdefault((row.activity, row.key.region, row.key.year), {})
        by_grid.setdefault((_series(factor), data_year), []).extend(group.index)
        yield from _age(case, row, factor, data_year, group)
    for (activity, region, year), found in series.items():
        if len(found) > 1:
            lines = case.lines.loc[sorted({index for indices in found.values() for index in indices})]
            vintages = tuple(f"{data_year} ({name})" for name, data_year in sorted(found))
            where = {"activity": activity, "region": region, "year": year}
            yield case.finding("FACTOR_YEAR.mixed", lines, vintages=vintages, **where)
    if case.previous is not None:
        yield from _compared(case, case.previous)


def _dated(case: AuditCase) -> Iterator[tuple[PlanRow, Factor, int, pd.DataFrame]]:
    """The factors of scope 2 that describe a year, with their lines."""
    for row, group in case.plan_lines():
        for factor in row.emission_factors if row.scope == 2 and row.key.year else ():
            if factor.data_year is not None:
                yield row, factor, factor.data_year, group


def _series(factor: Factor) -> str:
    """The edition's name without its version."""
    return factor.edition.partition("@")[0]


def _age(case: AuditCase, row: PlanRow, factor: Factor, data_year: int, group: pd.DataFrame) -> Iterator[Finding]:
    """A factor that is newer than its activity, or older than it need be."""
    lag = row.key.year - data_year
    newer = _newer(factor, data_year, row.key.year, _closing(case))
    what = {"key": row.key.label, "factor": factor.reference, "data_year": data_year}
    if lag < 0:
        yield case.finding("FACTOR_YEAR.later", group, **what)
    elif newer:
        yield case.finding("FACTOR_YEAR.newer", group, newer=newer, closing=str(_closing(case)), **what)
    elif lag > case.thresholds.factor_lag_years:
        yield case.finding("FACTOR_YEAR.old", group, lag=lag, **what)


def _closing(case: AuditCase) -> date:
    """When the inventory was closed: `as_of`, else four months after the end of its year."""
    if case.inventory.factors.as_of is not None:
        return case.inventory.factors.as_of
    month = case.first_month + _CLOSING_MONTHS - 1
    return date(case.year + 1 + month // _MONTHS, month % _MONTHS + 1, 1) - timedelta(days=1)


@cache
def _newer(factor: Factor, data_year: int, year: int, closing: date) -> str:
    """A later vintage of the same series and region, not after the activity, that had been published; empty if there is none."""
    found = []
    for name, row in catalogue().items():
        published = latest_day(row.date_published)
        if name.partition("@")[0] != _series(factor) or published is None or published > closing:
            continue
        years = [
            item.data_year
            for item in read_edition(name).factors(factor.activity, factor.parameter)
            if item.region == factor.region and item.data_year and data_year < item.data_year <= year
        ]
        found += [(max(years), name)] if years else []
    return max(found)[1] if found else ""


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
