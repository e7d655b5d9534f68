"""Steps of a series in time: a number of minutes or hours, or a day, a month or a year of the clock."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.time_resolved.clocks import Clock

__all__ = ["CALENDAR", "ends_after", "kinds_of_steps", "seconds_of_step", "step_between"]

# By the clock: a day of 23 or 25 hours is a day.
CALENDAR = ("day", "month", "year")
_FORM = re.compile(r"(?:(\d+)\s*)?(min|minute|hour|h|day|month|year)s?", re.IGNORECASE)
_SECONDS = {"min": 60, "minute": 60, "h": 3600, "hour": 3600}
_DAY = 86400
# A day of the clock has 23 hours at least.
_SHORTEST_DAY = 82800
_CODES = {"day": "D", "month": "M", "year": "Y"}


def seconds_of_step(text: str) -> int | str:
    """A step as it is written: its seconds, or the word of the calendar.

    Raises
    ------
    BookError
        If it is no step.

    Examples
    --------
    >>> seconds_of_step("15 minutes"), seconds_of_step("hour"), seconds_of_step("month")
    (900, 3600, 'month')
    """
    found = _FORM.fullmatch(text.strip())
    count = int(found[1] or 1) if found else 0
    unit = found[2].lower() if found else ""
    if not count or (unit in CALENDAR and count != 1):
        raise BookError(Message.of("TIME_ZONE.step", text=text))
    return unit if unit in CALENDAR else count * _SECONDS[unit]


def step_between(hands: np.ndarray[Any, Any], moments: np.ndarray[Any, Any]) -> int | str:
    """The step of a series from when its steps begin: the shortest distance, or the unit of the calendar that all beginnings fit.

    Parameters
    ----------
    hands, moments : array of int, shape (n,), n > 1
        The distinct beginnings in order, by the clock and in UTC, in seconds.
    """
    shortest = int(np.diff(moments).min())
    days = hands.astype("datetime64[s]")
    for unit, least in (("year", 360 * _DAY), ("month", 27 * _DAY), ("day", _SHORTEST_DAY)):
        if shortest >= least and bool(
            (days.astype(f"datetime64[{_CODES[unit]}]").astype("datetime64[s]") == days).all()
        ):
            return unit
    return shortest


def ends_after(
    hands: np.ndarray[Any, Any], moments: np.ndarray[Any, Any], step: int | str, clock: Clock
) -> np.ndarray[Any, Any]:
    """When steps end that begin at some moments, in seconds since 1970 in UTC."""
    if isinstance(step, int):
        return moments + step
    unit = _CODES[step]
    days = hands.astype("datetime64[s]").astype(f"datetime64[{unit}]") + 1
    ends = days.astype("datetime64[s]").astype(np.int64)
    # Where a clock is changed at midnight, the day ends when the new one begins: at the first of two like times.
    return clock.moments(ends, np.zeros(len(ends), dtype=np.int64))[0]


def kinds_of_steps(starts: np.ndarray[Any, Any], ends: np.ndarray[Any, Any], clock: Clock) -> tuple[str, ...]:
    """The kinds of steps that there are, such as ``month`` or ``1 h``, the shortest first."""
    lengths = ends - starts
    kinds = {}
    for length in sorted({int(item) for item in lengths}):
        own = starts[lengths == length]
        hands = own + clock.offsets_at(own)
        unit = next(
            (
                item
                for item in CALENDAR
                if bool((ends_after(hands, own, item, clock) == own + length).all()) and length >= _SHORTEST_DAY
            ),
            f"{length / 3600:g} h",
        )
        kinds[unit] = True
    return tuple(kinds)
