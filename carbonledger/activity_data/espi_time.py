"""The local time of a Green Button file: an offset from UTC, and rules for the beginning and the end of daylight saving time.

References
----------
NAESB REQ.21 (ESPI), TimeConfiguration and DstRuleType: bits 0 to 11 seconds, 12 to 16 hour, 17 to 19 day of the week (Monday is 1),
20 to 24 day of the month, 25 to 27 operator, 28 to 31 month; a rule of ones throughout means that there is none.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

__all__ = ["LocalTime"]

_NO_RULE = 0xFFFFFFFF
_WEEK = 7
_ON_DAY, _ON_OR_AFTER, _LAST = 0, 1, 7
_MOST_OFFSET = 18 * 3600


@dataclass(frozen=True, slots=True)
class LocalTime:
    """The local time at a meter.

    Parameters
    ----------
    offset : int
        Of standard time from UTC, seconds.
    saving : int
        What daylight saving time adds, seconds; 0 if there is none.
    start_rule, end_rule : int
        When daylight saving time begins and ends, as the standard codes it.

    Examples
    --------
    >>> pacific = LocalTime(-28800, 3600, 0x360E2000, 0xB40E2000)
    >>> [str(moment) for moment in pacific.of(np.array([1704067200, 1719792000])).astype("datetime64[s]")]
    ['2023-12-31T16:00:00', '2024-06-30T17:00:00']
    """

    offset: int = 0
    saving: int = 0
    start_rule: int = _NO_RULE
    end_rule: int = _NO_RULE

    @property
    def is_plausible(self) -> bool:
        """Whether some place on Earth may have this time, and its rules are days of a year."""
        if abs(self.offset) > _MOST_OFFSET or abs(self.saving) > _MOST_OFFSET:
            return False
        if not self.saving or _NO_RULE in {self.start_rule, self.end_rule}:
            return True
        return all(_moment(rule, 2024) is not None for rule in (self.start_rule, self.end_rule))

    def of(self, seconds: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """The local time of moments in seconds since 1970 in UTC, as seconds since 1970 by the local clock."""
        standard = seconds + self.offset
        if not len(standard) or not self.saving or _NO_RULE in {self.start_rule, self.end_rule}:
            return standard
        local = standard.copy()
        first, last = (datetime.fromtimestamp(int(at), tz=UTC).year for at in (standard.min(), standard.max()))
        for year in range(first, last + 1):
            begins, ends = (_moment(rule, year) for rule in (self.start_rule, self.end_rule))
            if begins is not None and ends is not None:
                # The end is stated in daylight saving time.
                saved = (standard >= begins) & (standard < ends - self.saving)
                local[saved] = standard[saved] + self.saving
        return local


@cache
def _moment(rule: int, year: int) -> int | None:
    """The moment that a rule names in a year, as seconds since 1970 by the local clock; None if it names none."""
    month, operator, day_of_month = rule >> 28 & 0xF, rule >> 25 & 0x7, rule >> 20 & 0x1F
    weekday, hour, seconds = rule >> 17 & 0x7, rule >> 12 & 0x1F, rule & 0xFFF
    try:
        day = _day(year, month, day_of_month, weekday, operator)
        return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()) + 3600 * hour + seconds
    except ValueError:
        return None


def _day(year: int, month: int, day_of_month: int, weekday: int, operator: int) -> date:
    """The day that a rule names in a year."""
    if operator == _ON_DAY:
        return date(year, month, day_of_month)
    if not 1 <= weekday <= _WEEK:
        raise ValueError(weekday)
    if operator == _LAST:
        last = date(year, month, calendar.monthrange(year, month)[1])
        return last - timedelta(days=(last.isoweekday() - weekday) % _WEEK)
    first = date(year, month, day_of_month if operator == _ON_OR_AFTER else 1)
    found = first + timedelta(days=(weekday - first.isoweekday()) % _WEEK)
    return found if operator == _ON_OR_AFTER else found + timedelta(weeks=operator - 2)
