"""Doubts about meters that count each other: a sub-meter added to its main meter.

References
----------
GHG Protocol Corporate Standard (2004), chapter 7, and ISO 14064-1:2018, 5.1: each source once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from carbonledger.analysis.audit.case import AuditCase, name_of, noted
from carbonledger.errors import Finding, Severity

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["sub_meters"]

# Two meters are alike by chance too often; a main meter has at least two below it.
_FEWEST_SOURCES = 3
# So many periods in which the parts give the main meter leave no room for chance; one needs a closer fit.
_SURE_PERIODS = 3
_ONE_PERIOD = 0.25
_WAY_OUT = "Keep the main meter or its sub-meters, not both; if they are separate, say so in a note."


def sub_meters(case: AuditCase) -> Iterator[Finding]:
    """The parts of a meter are not added to it: no source is the sum of the others of its carrier, period by period."""
    met: set[tuple[int, ...]] = set()
    lines = case.lines[case.lines["amount"] > 0]
    for columns in (["entity", "site", "activity", "unit"], ["entity", "activity", "unit"]):
        for key, group in lines.groupby(columns, sort=False):
            places = tuple(group.index)
            found = _main_meter(group, case.thresholds.meter_tolerance) if places not in met else None
            met.add(places)
            if found and not noted(group).any():
                yield _added(case, name_of(key[:-1]), group, found)


def _main_meter(group: pd.DataFrame, tolerance: float) -> tuple[tuple[str, str], int] | None:
    """Site and source of the meter that the others sum to, and in how many periods; None if there is none."""
    if len(group.drop_duplicates(["site", "source"])) < _FEWEST_SOURCES:
        return None
    table = group.pivot_table(index=["start", "end"], columns=["site", "source"], values="amount", aggfunc="sum")
    if table.isna().any(axis=None):
        return None
    sums = table.sum().to_numpy()
    main = table.columns[int(sums.argmax())]
    rest = table.drop(columns=[main]).sum(axis=1)
    allowed = tolerance if len(table) >= _SURE_PERIODS else tolerance * _ONE_PERIOD
    fits = ((rest / table[main] - 1).abs() <= allowed).all()
    return ((str(main[0]), str(main[1])), len(table)) if fits else None


def _added(case: AuditCase, name: str, group: pd.DataFrame, found: tuple[tuple[str, str], int]) -> Finding:
    """A main meter and its sub-meters in one sum; at stake is what the main meter counts."""
    (site, source), periods = found
    main = group[(group["site"] == site) & (group["source"] == source)]
    severity: Severity = "error" if periods >= _SURE_PERIODS else "warning"
    others = group["source"].nunique() - 1
    message = (
        f"{name}: the meter {name_of((site, source))} shows what the other {others} show together, in each of {periods} period(s): "
        "a main meter seems to be added to its sub-meters."
    )
    return case.finding("DUPLICATE", severity, message, _WAY_OUT, main)
