"""The clock of a zone: which offset from UTC it shows when, and back from the hands of the clock to the moment.

When a clock is put forward an hour of the day does not exist; when it is put back an hour comes twice, and only its offset, or which of
the two it is, tells the moment.

References
----------
IANA Time Zone Database, through `zoneinfo`; PEP 495 for the fold, 0 for the first and 1 for the second of two like times.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import narwhals as nw
import numpy as np

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message

__all__ = ["Clock", "clock_of"]

_DAY = 86400
_FIRST, _LAST = 1970, 2100


@dataclass(frozen=True, slots=True)
class Clock:
    """The offsets that a clock shows, each from its moment to the next one.

    Parameters
    ----------
    zone : str
        A name of the IANA Time Zone Database, such as ``Europe/Berlin``.
    starts : tuple of int
        When each offset begins, seconds since 1970 in UTC; the first one holds before too.
    offsets : tuple of int
        From UTC, seconds.

    Examples
    --------
    >>> clock = clock_of("Europe/Berlin")
    >>> hands = np.array(["2024-03-31T02:30", "2024-10-27T02:30", "2024-10-27T03:30"], dtype="datetime64[s]").astype(np.int64)
    >>> moments, is_missing, is_twice = clock.moments(hands)
    >>> is_missing.tolist(), is_twice.tolist(), str(moments.astype("datetime64[s]")[2])
    ([True, False, False], [False, True, False], '2024-10-27T02:30:00')
    """

    zone: str
    starts: tuple[int, ...]
    offsets: tuple[int, ...]

    def offsets_at(self, moments: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The offset at each moment, both in seconds."""
        at = np.searchsorted(np.array(self.starts), moments, side="right") - 1
        return np.array(self.offsets)[np.maximum(at, 0)]

    def moments(
        self, hands: np.ndarray[Any, Any], fold: np.ndarray[Any, Any] | None = None
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """The moments that the hands of the clock mean.

        Parameters
        ----------
        hands : array of int, shape (n,)
            What the clock shows, as seconds since 1970.
        fold : array of int, shape (n,), optional
            0 for the first and 1 for the second of two like times; -1 where that is not said.

        Returns
        -------
        tuple of three arrays, shape (n,)
            Seconds since 1970 in UTC; whether there is no such time; whether it comes twice and nothing says which is meant.
        """
        says = np.full(len(hands), -1) if fold is None else fold
        offset = np.full(len(hands), self.offsets[0])
        is_missing, is_twice = np.zeros(len(hands), dtype=bool), np.zeros(len(hands), dtype=bool)
        for change, before, after in self._changes():
            first, last = change + min(before, after), change + max(before, after)
            between = (hands >= first) & (hands < last)
            offset = np.where(hands >= last, after, offset)
            if after > before:
                is_missing |= between
            else:
                offset = np.where(between & (says == 1), after, offset)
                is_twice |= between & (says < 0)
        return hands - offset, is_missing, is_twice

    def moment_expressions(self, hands: nw.Expr, fold: nw.Expr | None, first: int, last: int) -> tuple[nw.Expr, ...]:
        """`moments` for an engine.

        Parameters
        ----------
        hands, fold : narwhals.Expr
            See `moments`.
        first, last : int
            Between which times of the clock all of them lie.

        Returns
        -------
        tuple of three narwhals.Expr
            As `moments` gives them, the last two as 0 and 1.
        """
        begins = int(self.offsets_at(np.array([first - _DAY]))[0])
        offset, is_missing, is_twice = hands * 0 + begins, hands * 0, hands * 0
        for change, before, after in self._changes():
            if not first - _DAY <= change <= last + _DAY:
                continue
            low, high = change + min(before, after), change + max(before, after)
            between = (hands >= low) & (hands < high)
            offset = nw.when(hands >= high).then(nw.lit(after)).otherwise(offset)
            if after > before:
                is_missing = nw.when(between).then(nw.lit(1)).otherwise(is_missing)
                continue
            if fold is not None:
                offset = nw.when(between & (fold == 1)).then(nw.lit(after)).otherwise(offset)
                between = between & ~fold.is_in([0, 1])
            is_twice = nw.when(between).then(nw.lit(1)).otherwise(is_twice)
        return hands - offset, is_missing, is_twice

    def _changes(self) -> list[tuple[int, int, int]]:
        """When the clock is put forward or back, with the offsets before and after."""
        return list(zip(self.starts[1:], self.offsets[:-1], self.offsets[1:], strict=True))


@cache
def clock_of(zone: str) -> Clock:
    """The clock of a zone from 1970 to 2100.

    Parameters
    ----------
    zone : str
        A name of the IANA Time Zone Database, such as ``Asia/Shanghai``.

    Returns
    -------
    Clock

    Raises
    ------
    BookError
        If there is no such zone on this machine.
    """
    try:
        info = ZoneInfo(zone)
    except (ValueError, OSError, LookupError) as error:
        raise BookError(Message.of("TIME_ZONE.unknown", zone=zone)) from error
    moment, end = datetime(_FIRST, 1, 1, tzinfo=UTC), datetime(_LAST, 1, 1, tzinfo=UTC)
    starts, offsets = [int(moment.timestamp())], [_offset(info, int(moment.timestamp()))]
    for at in range(starts[0], int(end.timestamp()), _DAY):
        if _offset(info, at + _DAY) != offsets[-1]:
            low, high = at, at + _DAY
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if _offset(info, middle) == offsets[-1] else (low, middle)
            starts.append(high)
            offsets.append(_offset(info, high))
    return Clock(zone, tuple(starts), tuple(offsets))


def _offset(info: ZoneInfo, at: int) -> int:
    """The offset at a moment in seconds since 1970."""
    offset = datetime.fromtimestamp(at, tz=info).utcoffset() or timedelta()
    return int(offset.total_seconds())
