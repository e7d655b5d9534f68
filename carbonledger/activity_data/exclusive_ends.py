"""Bills whose last day is the first day of the next bill: the end is not part of the period.

Many utilities print the day of the reading on both bills. Read as included, it would belong to both, and December's bill would reach
into January. The bills themselves tell: where each end is the next start of the same source, ends are excluded; where each end is the day
before, they are included. Two bills that share one reading day tell nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np

from carbonledger.core.periods import Period
from carbonledger.tables.column import Column, combined

__all__ = ["exclusive_ends", "is_midnight"]

# So many ends that are the next start are no accident.
_ENOUGH_JOINTS = 2
_MIDNIGHT = re.compile(r"\d[ T]0{1,2}:00(:00(\.0+)?)?(Z|[+-]\d{2}:?\d{2})?$")


def is_midnight(cell: Any) -> bool:
    """Whether a cell is a text with the time 00:00, at which a period ends that does not hold the day.

    Examples
    --------
    >>> is_midnight("2024-02-01 00:00"), is_midnight("2024-02-01"), is_midnight("2024-02-01T12:00")
    (True, False, False)
    """
    return isinstance(cell, str) and _MIDNIGHT.search(cell.strip()) is not None


def exclusive_ends(periods: Column, sources: Sequence[Column], ends: Column) -> np.ndarray[Any, Any]:
    """Which rows state an end that is not part of their period.

    Parameters
    ----------
    periods : Column
        Of `Period` or None, read as if the stated end belonged to each.
    sources : sequence of Column
        What tells sources apart: company, site, source and activity.
    ends : Column
        The cells that state the end.

    Returns
    -------
    numpy.ndarray of bool
        All rows of the table if at least two ends are the next start and none is the day before; else those of each source of which
        that is true; and any whose end is a text with the time 00:00.
    """
    codes, values = periods.distinct()
    starts, lasts = (_days(values, name)[codes] for name in ("start", "end"))
    groups, _ = combined(sources)
    found = ends.rows_where(is_midnight)
    usable = np.flatnonzero((starts > 0) & ~found)
    order = usable[np.lexsort((lasts[usable], starts[usable], groups[usable]))]
    if len(order) <= _ENOUGH_JOINTS:
        return found
    same = groups[order[1:]] == groups[order[:-1]]
    meets = same & (lasts[order[:-1]] - 1 == starts[order[1:]]) & (starts[order[1:]] > starts[order[:-1]])
    follows = same & (lasts[order[:-1]] == starts[order[1:]])
    if meets.sum() >= _ENOUGH_JOINTS and not follows.any():
        found[usable] = True
        return found
    size = int(groups.max()) + 1
    meeting = np.bincount(groups[order[1:]][meets], minlength=size)
    following = np.bincount(groups[order[1:]][follows], minlength=size)
    chosen = (meeting >= _ENOUGH_JOINTS) & (following == 0)
    found[usable] |= chosen[groups[usable]]
    return found


def _days(periods: Sequence[Period | None], name: str) -> np.ndarray[Any, Any]:
    """The first day of periods, or the day after the last, as numbers; 0 where there is none."""
    return np.array([getattr(period, name).toordinal() if period else 0 for period in periods], dtype=np.int64)
