"""Doubts about main meters that are added to their sub-meters (DUPLICATE).

References
----------
ISO 14064-3:2019: existence and cut-off; what a main meter shows holds what the meters below it show.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonledger.activity_data.amount_slips import Amounts
from carbonledger.activity_data.notes import noted
from carbonledger.activity_data.row_groups import codes_of, distinct_within, row_blocks
from carbonledger.audit.case import AuditCase, name_of
from carbonledger.core.findings import Finding, Severity

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Numbers = npt.NDArray[np.float64]
    Whole = npt.NDArray[np.int64]

__all__ = ["sub_meters"]

# Two meters are alike by chance too often; a main meter has at least two below it, unless it is called one.
_FEWEST_SOURCES = 3
# So many periods in which the parts give the main meter leave no room for chance; one needs a closer fit.
_SURE_PERIODS = 3
_ONE_PERIOD = 0.25
# Some of the meters of a site are tried together only if there are few meters and many periods.
_MOST_METERS, _MANY_PERIODS = 8, 6
# The parts follow the main meter month by month: what is left varies by less than this part of what the main meter varies by.
_FOLLOWS = 0.5
_CALLED_MAIN = re.compile(r"总表|进线|总进|\bmain\b|incomer|incoming", re.IGNORECASE)
_A_MAIN_PART = 0.5
_MOST = 0.5


@dataclass(frozen=True, eq=False)
class _Meters:
    """The meters of a carrier at a place, period by period.

    Parameters
    ----------
    frame : pandas.DataFrame
        The lines.
    rows : array of int, shape (meters,)
        A row of each meter.
    called : array of bool, shape (meters,)
        Which are called a main meter.
    amounts : array, shape (periods, meters)
        What each shows, in one unit.
    every : bool
        Whether these are all meters of the carrier there.
    """

    frame: pd.DataFrame
    rows: Whole
    called: npt.NDArray[np.bool_]
    amounts: Numbers
    every: bool

    def place(self, meter: int) -> tuple[str, str]:
        """Site and source of a meter."""
        row = int(self.rows[meter])
        return str(self.frame["site"].iloc[row]), str(self.frame["source"].iloc[row])


@dataclass(frozen=True, eq=False)
class _Codes:
    """The meter and the period of each amount, as numbers, and whether the meter is called a main one."""

    meter: Whole
    period: Whole
    called: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Main:
    """A main meter, the meters below it, in how many periods they give it, and whether only its name says that it is one."""

    meter: int
    below: tuple[int, ...]
    periods: int
    by_name: bool = False


def sub_meters(case: AuditCase) -> Iterator[Finding]:
    """The parts of a meter are not added to it: no source is the sum of others of its carrier, period by period, in whatever units."""
    bills, frame = case.bills, case.bills.frame
    if not len(bills):
        return
    amounts = Amounts.of(bills)
    meter = codes_of(frame, ["entity", "site", "source"])
    meters_at = np.unique(meter, return_index=True)[1]
    called = np.array(
        [bool(_CALLED_MAIN.search(name)) for name in frame["source"].iloc[meters_at].map(str)], dtype=np.bool_
    )[meter]
    codes = _Codes(meter[amounts.rows], codes_of(frame, [bills.start, bills.end])[amounts.rows], called[amounts.rows])
    met: set[tuple[int, int]] = set()
    for columns in (("entity", "site", "activity"), ("entity", "activity")):
        groups = codes_of(frame, [*columns, amounts.dimensions])[amounts.rows]
        several = distinct_within(groups, amounts.series)
        named = np.bincount(groups, weights=called[amounts.rows]) > 0
        wanted = (several >= _FEWEST_SOURCES) | ((several > 1) & named)
        for block in row_blocks(groups, wanted[groups]):
            rows = amounts.rows[block]
            # The same rows again, as those of a company with one site.
            if (int(rows[0]), len(rows)) in met:
                continue
            met.add((int(rows[0]), len(rows)))
            meters = _meters_of(frame, amounts, codes, block)
            main = _main_meter(meters, case.thresholds.meter_tolerance, at_a_site="site" in columns) if meters else None
            if meters and main and not _is_explained(frame.iloc[rows], meters.place(main.meter)):
                first = frame.iloc[int(rows[0])]
                yield _added(case, name_of([first[column] for column in columns]), rows, meters, main)


def _meters_of(frame: pd.DataFrame, amounts: Amounts, codes: _Codes, block: Whole) -> _Meters | None:
    """The meters of some amounts that are read for the same periods, as most are; None if fewer than two are."""
    firsts, meter = np.unique(codes.meter[block], return_index=True, return_inverse=True)[1:]
    period = np.unique(codes.period[block], return_inverse=True)[1]
    table = np.zeros((int(period.max()) + 1, len(firsts)))
    np.add.at(table, (period, meter), 10 ** amounts.logs[block])
    is_read = table > 0
    same = (is_read == is_read[:, [int(is_read.sum(axis=0).argmax())]]).all(axis=0)
    if same.sum() < 2:
        return None
    rows = amounts.rows[block[firsts[same]]]
    return _Meters(
        frame,
        rows,
        codes.called[block[firsts[same]]],
        table[:, same][is_read[:, same].any(axis=1)],
        every=bool(same.all()),
    )


def _main_meter(meters: _Meters, tolerance: float, *, at_a_site: bool) -> _Main | None:
    """The meter that others sum to; None if there is none."""
    periods, count = meters.amounts.shape
    allowed = tolerance if periods >= _SURE_PERIODS else tolerance * _ONE_PERIOD
    main = int(meters.amounts.sum(axis=0).argmax())
    others = tuple(at for at in range(count) if at != main)
    rest = meters.amounts[:, others].sum(axis=1) / meters.amounts[:, main]
    if not meters.every and periods < _MANY_PERIODS:
        return None
    if count >= _FEWEST_SOURCES and (np.abs(rest - 1) <= allowed).all():
        return _Main(main, others, periods)
    if not at_a_site:
        return None
    if meters.called[main] and (rest <= 1 + allowed).all() and (rest >= _A_MAIN_PART).all():
        return _Main(main, others, periods, by_name=True)
    if _FEWEST_SOURCES < count <= _MOST_METERS and periods >= _MANY_PERIODS:
        return _of_some(meters, allowed)
    return None


def _of_some(meters: _Meters, allowed: float) -> _Main | None:
    """A meter that some, not all, of the others sum to."""
    periods, count = meters.amounts.shape
    subsets = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    subsets = subsets[(subsets.sum(axis=1) >= _FEWEST_SOURCES - 1) & (subsets.sum(axis=1) < count - 1)]
    sums = subsets @ meters.amounts.T
    for main in range(count):
        own = subsets[:, main] == 0
        left = sums[own] / meters.amounts[:, main]
        fits = (np.abs(left - 1) <= allowed).all(axis=1)
        varies = np.log(left).std(axis=1) <= _FOLLOWS * np.log(meters.amounts[:, main]).std()
        for chosen in subsets[own][fits & varies]:
            return _Main(main, tuple(map(int, np.flatnonzero(chosen))), periods)
    return None


def _is_explained(group: pd.DataFrame, main: tuple[str, str]) -> bool:
    """Whether a note stands at the main meter, or at most bills of the others."""
    has_note, is_main = noted(group), (group["site"] == main[0]) & (group["source"] == main[1])
    return bool(has_note[is_main].any() or has_note[~is_main].mean() > _MOST)


def _added(case: AuditCase, name: str, rows: Whole, meters: _Meters, main: _Main) -> Finding:
    """A main meter and its sub-meters in one sum; at stake is what the main meter counts."""
    site, source = meters.place(main.meter)
    group = case.bills.frame.iloc[rows]
    found = group[(group["site"] == site) & (group["source"] == source)]
    severity: Severity = "error" if main.periods >= _SURE_PERIODS and not main.by_name else "warning"
    values = {"company": name, "meter": name_of((site, source)), "periods": main.periods}
    case_of_rule = "main_called" if main.by_name else "main_meter"
    below = tuple(name_of(meters.place(at)) for at in main.below)
    named = {"others": len(below)} if not main.by_name else {"below": below}
    return case.finding(f"DUPLICATE.{case_of_rule}", found, **values, **named).as_severity(severity)
