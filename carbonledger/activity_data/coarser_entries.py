"""Entries that sum up others: a year beside its months, a company beside its sites, a summary sheet beside the detail.

An entry is coarser than others of its activity if its period contains theirs and each of its labels is theirs or empty. One that is the
sum of at least two others is a total and not counted; one of a longer period that differs from the others of its own source is a
contradiction, and the longer period is kept out until it is settled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from carbonledger.activity_data.total_rows import same_sum
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period
from carbonledger.core.units import conversion_factor, is_convertible

__all__ = ["Coarser", "coarser_entries"]

_LABELS = ("entity", "site", "source")
# The shorter entries cover nearly all of the longer one.
_NEARLY_ALL = 0.9
# A longer period than this share of another is of the same kind of bill: months have 28 to 31 days.
_LONGER = 1.5
# Two parts of few digits may sum to a third by accident.
_ENOUGH_PARTS, _ENOUGH_DIGITS = 3, 3
# So many comparisons take about a second.
_MOST_COMPARISONS = 50_000_000


@dataclass(frozen=True, slots=True)
class Coarser:
    """Entries that sum up others.

    Parameters
    ----------
    are_coarser : numpy.ndarray of bool
        Which rows of the frame they are.
    agreeing, contradicting : dict of (file, sheet, row) to Finding
        TOTAL_ROW for each total that agrees, TOTAL_DISAGREES for each longer period that does not.
    """

    are_coarser: np.ndarray[Any, Any]
    agreeing: dict[tuple[str, str, int], Finding]
    contradicting: dict[tuple[str, str, int], Finding]


def coarser_entries(frame: pd.DataFrame) -> Coarser:
    """The entries of a frame that sum up others.

    Parameters
    ----------
    frame : pandas.DataFrame
        Entries of one or several sources.

    Returns
    -------
    Coarser
    """
    suspects = _suspects(frame)
    found = Coarser(np.zeros(len(frame), dtype=bool), {}, {})
    if not len(suspects):
        return found
    days = frame[["start", "end"]].map(pd.Timestamp).to_numpy().astype("datetime64[D]").astype(np.int64)
    gone, activities = found.are_coarser, frame["activity"].to_numpy()
    order = sorted(suspects, key=lambda at: (days[at, 0] - days[at, 1], sum(map(bool, frame.loc[at, list(_LABELS)]))))
    for at in order[: max(1, _MOST_COMPARISONS // len(frame))]:
        others = np.flatnonzero((activities == activities[at]) & ~gone)
        finding = _against(frame, days, at, others[others != at])
        if finding is not None:
            gone[at] = True
            row = frame.iloc[at]
            place = (str(row["file"]), str(row["sheet"]), int(row["row"]))
            placed = finding.at(file=place[0], sheet=place[1], row=place[2])
            (found.agreeing if finding.rule == "TOTAL_ROW" else found.contradicting)[place] = placed
    return found


def _suspects(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """The entries that are coarser than some other of their activity, by period or by labels."""
    if len(frame) < _ENOUGH_PARTS:
        return np.array([], dtype=int)
    spans = zip(frame["start"], frame["end"], strict=True)
    days = np.fromiter((end.toordinal() - start.toordinal() for start, end in spans), dtype=np.int64, count=len(frame))
    mixed = [name for name in _LABELS if 0 < (frame[name] == "").sum() < len(frame)]
    if not mixed and days.max() < _LONGER * days.min():
        return np.array([], dtype=int)
    shortest = pd.Series(days).groupby(frame["activity"].to_numpy()).transform("min").to_numpy()
    is_coarser = days >= _LONGER * shortest
    for name in mixed:
        is_empty = (frame[name] == "").to_numpy()
        has_filled = (~pd.Series(is_empty)).groupby(frame["activity"].to_numpy()).transform("any").to_numpy()
        is_coarser |= is_empty & has_filled
    return np.flatnonzero(is_coarser)


def _against(frame: pd.DataFrame, days: np.ndarray[Any, Any], at: int, others: np.ndarray[Any, Any]) -> Finding | None:
    """What an entry is beside the finer ones it contains; None if it stands on its own."""
    row = frame.iloc[at]
    inside = others[(days[others, 0] >= days[at, 0]) & (days[others, 1] <= days[at, 1])]
    finer = frame.iloc[inside]
    fits = np.ones(len(inside), dtype=bool)
    for name in _LABELS:
        if row[name]:
            fits &= (finer[name] == row[name]).to_numpy()
    length = days[at, 1] - days[at, 0]
    is_shorter = (days[inside, 1] - days[inside, 0]) * _LONGER <= length
    has_more = np.zeros(len(inside), dtype=bool)
    for name in _LABELS:
        has_more |= (finer[name] != "").to_numpy() & (row[name] == "")
    parts = inside[fits & (is_shorter | has_more)]
    if len(parts) < 2 or not all(is_convertible(unit, row["unit"]) for unit in set(frame["unit"].iloc[parts])):
        return None
    amounts = [
        float(amount) * conversion_factor(unit, row["unit"])
        for amount, unit in zip(frame["amount"].iloc[parts], frame["unit"].iloc[parts], strict=True)
    ]
    values = {
        "unit": str(row["unit"]),
        "period": str(Period(row["start"], row["end"])),
        "count": len(parts),
        "source": " / ".join(str(row[name]) for name in (*_LABELS, "activity") if row[name]),
    }
    return _judged(float(row["amount"]), amounts, values, _is_covered(days, at, parts, frame))


def _judged(stated: float, amounts: Sequence[float], values: dict[str, Any], is_covered: bool) -> Finding | None:
    """The finding for a coarser entry and the finer ones."""
    total = float(np.sum(amounts))
    digits = len(f"{stated:.12g}".replace(".", "").strip("0"))
    if same_sum(stated, total, amounts) and (len(amounts) >= _ENOUGH_PARTS or digits >= _ENOUGH_DIGITS):
        return Finding.of("TOTAL_ROW.coarser", amount=stated, **values)
    if is_covered:
        return Finding.of("TOTAL_DISAGREES.coarser", stated=stated, total=total, **values)
    return None


def _is_covered(days: np.ndarray[Any, Any], at: int, parts: np.ndarray[Any, Any], frame: pd.DataFrame) -> bool:
    """Whether shorter entries of the very same source cover nearly all of a longer one, each day once."""
    labels = frame[list(_LABELS)]
    same = parts[(labels.iloc[parts] == labels.iloc[at]).all(axis=1).to_numpy()]
    starts, ends = np.sort(days[same, 0]), np.sort(days[same, 1])
    apart = len(same) > 1 and bool((starts[1:] >= ends[:-1]).all())
    return apart and float((ends - starts).sum()) >= _NEARLY_ALL * float(days[at, 1] - days[at, 0])
