"""What is to be said of a base year: missing data, a policy without threshold, a recalculation that is due, another basis than now."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import Any

from carbonledger.comparison.base_year import BaseYear
from carbonledger.comparison.base_year_events import SETTINGS, event_findings
from carbonledger.comparison.emission_series import CalculatedYear
from carbonledger.comparison.history import HistoryEntry
from carbonledger.core.findings import Finding

__all__ = ["base_year_findings"]

# What binary sums may leave between equal figures, relative.
_SAME = 1e-9


def base_year_findings(base: BaseYear) -> tuple[Finding, ...]:
    """The findings of a base year, of its data and of its events.

    Parameters
    ----------
    base : BaseYear
        See `base_year_of`.

    Returns
    -------
    tuple of Finding
        Each once.
    """
    events = (finding for item in base.verdicts for finding in event_findings(item))
    return tuple(dict.fromkeys((*_data(base), *_policy(base), *_recalculation(base), *_basis(base), *events)))


def _finding(key: str, **values: Any) -> Finding:
    """A finding at the settings."""
    return Finding.of(key, **values).at(file=SETTINGS)


def _data(base: BaseYear) -> Iterator[Finding]:
    """A base year that nothing states, or that lies ahead."""
    ground = base.ground
    if ground.base.start > ground.reporting.start:
        yield _finding("BASE_YEAR.later", year=base.year, reporting=ground.reporting.start.year)
        return
    value = base.test.base_tco2e
    if not base.bridges or base.bridges[0].label != base.label:
        yield _finding("BASE_YEAR.no_data", year=base.year, what=base.label)
    elif value == 0:
        yield _finding("BASE_YEAR.zero", year=base.year, what=base.label)


def _policy(base: BaseYear) -> Iterator[Finding]:
    """Events without a threshold that tells which are significant."""
    if base.policy.significance_threshold is None and any(item.standing != "never" for item in base.verdicts):
        yield _finding("BASE_YEAR.no_threshold", events=len(base.verdicts))


def _recalculation(base: BaseYear) -> Iterator[Finding]:
    """A recalculation that is due and that no row of earlier years shows, or rows that say otherwise than the bridge."""
    ground, before, after = base.ground, base.test.base_tco2e, base.with_open_events
    rows = ground.history.composed(base.year, "", ground.scopes, ground.method, "restated")
    if before is None or (rows and after is not None and _agree(rows, after)):
        return
    if base.test.reached and after is not None:
        yield _due(base, before, after)
    if rows and not _agree(rows, before):
        stated = math.fsum(item.tco2e for item in rows)
        values = {"year": base.year, "what": base.label, "stated": stated, "bridge": before}
        yield rows[0].place(Finding.of("BASE_YEAR.bridge", **values))


def _due(base: BaseYear, before: float, after: float) -> Finding:
    """The warning that a recalculation is due."""
    test = base.test
    cumulative = test.absolute_tco2e if test.accumulation == "absolute" else abs(test.net_tco2e)
    decisive = max(cumulative, test.largest_tco2e)
    values = {"year": base.year, "what": base.label, "tonnes": decisive, "percent": test.percent(decisive)}
    limits = {"threshold": test.threshold_percent, "before": before, "after": after}
    return _finding("YOY_BASIS.base_year", **values, **limits)


def _agree(rows: tuple[HistoryEntry, ...], value: float) -> bool:
    """Whether rows give a figure, within half a unit of each last digit."""
    stated = math.fsum(item.tco2e for item in rows)
    half_units = math.fsum(item.half_unit_tco2e for item in rows)
    return abs(stated - value) <= half_units + _SAME * max(abs(stated), abs(value))


def _basis(base: BaseYear) -> Iterator[Finding]:
    """A base year on another set of global warming potentials, or within another boundary, than the reporting year."""
    ground = base.ground
    now = next((item for item in ground.history.calculated if item.first_reported), None)
    if now is None:
        return
    for name, before in dict.fromkeys(_bases(base)):
        current = _of(now, name)
        if before and before != current:
            yield _finding(f"BASE_YEAR_BASIS.{name}", year=base.year, before=before, now=current or "-")


def _bases(base: BaseYear) -> Iterator[tuple[str, str]]:
    """What the base year rests on: the rows that stand for it, or the calculation."""
    ground = base.ground
    place = (base.year, "", ground.scopes, ground.method)
    rows = ground.history.composed(*place, "restated") or ground.history.composed(*place, "as_reported")
    calculated = [item for item in ground.history.calculated if item.year == base.year]
    stated = [(row.gwp, row.approach) for row in rows] or [(item.gwp, item.approach) for item in calculated]
    for gwp, approach in stated:
        yield "gwp", gwp
        yield "approach", approach


def _of(year: CalculatedYear, name: str) -> str:
    """What a calculated year rests on."""
    return year.gwp if name == "gwp" else year.approach
