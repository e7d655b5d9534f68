"""Half-open periods of time, and the ways people write them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from carbonledger.core.errors import PeriodError
from carbonledger.core.findings import Message

__all__ = ["Period", "missing_months", "months_of", "parse_date", "parse_period"]

_YEAR = re.compile(r"^(\d{4})(?:年度?|\.0)?$")
_MONTH = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$|^(\d{4})(\d{2})$")
_DATE = re.compile(
    r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]0{1,2}:00(?::00(?:\.0+)?)?)?$|^(\d{4})(\d{2})(\d{2})$"
)


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """The days from `start` up to, but not including, `end`.

    Raises
    ------
    PeriodError
        If the period has no days.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise PeriodError(Message.of("BAD_PERIOD.no_day", first=str(self.start), last=str(self.last_day)))

    @classmethod
    def of_year(cls, year: int, first_month: int = 1) -> Period:
        """A reporting year of twelve months, named by the calendar year in which it begins."""
        return cls(date(year, first_month, 1), date(year + 1, first_month, 1))

    @classmethod
    def of_month(cls, year: int, month: int) -> Period:
        """One calendar month."""
        return cls(date(year, month, 1), date(year + month // 12, month % 12 + 1, 1))

    @property
    def last_day(self) -> date:
        """The last day that belongs to the period."""
        return self.end - timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.end - self.start).days

    @property
    def calendar_year(self) -> int | None:
        """The calendar year it lies in; None if it crosses a year's end."""
        return self.start.year if self.start.year == self.last_day.year else None

    def overlap_days(self, other: Period) -> int:
        """How many days the two periods share."""
        return max(0, (min(self.end, other.end) - max(self.start, other.start)).days)

    def prorated(self, amount: float, other: Period) -> float:
        """The part of an amount that falls into another period, by days.

        Parameters
        ----------
        amount : float
            What belongs to this whole period, in any unit.
        other : Period
            The period asked for.

        Returns
        -------
        float
            ``amount`` times shared days over days, in the same unit.
        """
        return amount * self.overlap_days(other) / self.days

    def __str__(self) -> str:
        if self == Period.of_year(self.start.year):
            return str(self.start.year)
        if self == Period.of_month(self.start.year, self.start.month):
            return f"{self.start:%Y-%m}"
        return f"{self.start}..{self.last_day}"


def _text_of(value: object) -> str:
    """A cell as plain text; dates of spreadsheets become ISO dates."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return unicodedata.normalize("NFKC", str(value)).strip()


def parse_date(value: object) -> date:
    """A day as people write it.

    Parameters
    ----------
    value : object
        ``2024-03-01``, ``2024/3/1``, ``2024年3月1日``, ``20240301``, or a date.

    Returns
    -------
    date

    Raises
    ------
    PeriodError
        If it is no day of the calendar.
    """
    text = _text_of(value)
    found = _DATE.match(text)
    if not found:
        raise PeriodError(Message.of("BAD_PERIOD.date", text=text))
    year, month, day = (int(part) for part in found.groups() if part is not None)
    try:
        return date(year, month, day)
    except ValueError:
        raise PeriodError(Message.of("BAD_PERIOD.calendar", text=text)) from None


def parse_period(value: object) -> Period:
    """A year, a month or a day as people write it.

    Parameters
    ----------
    value : object
        ``2024``, ``2024年``, ``2024-03``, ``2024年3月``, ``202403``, ``2024-03-01``.

    Returns
    -------
    Period

    Raises
    ------
    PeriodError
        If it is none of these.

    Examples
    --------
    >>> parse_period("2024年2月").days
    29
    """
    text = _text_of(value)
    year = _YEAR.match(text)
    if year:
        return Period.of_year(_plausible_year(int(year[1])))
    month = _MONTH.match(text)
    if month:
        number, name = (int(part) for part in month.groups() if part is not None)
        if not 1 <= name <= 12:
            raise PeriodError(Message.of("BAD_PERIOD.month", text=text, month=name))
        return Period.of_month(_plausible_year(number), name)
    try:
        day = parse_date(text)
    except PeriodError:
        raise PeriodError(Message.of("BAD_PERIOD.unreadable", text=text)) from None
    return Period(day, day + timedelta(days=1))


def _plausible_year(year: int) -> int:
    """The year, unless no ledger can have it."""
    if not 1900 <= year <= 2200:
        raise PeriodError(Message.of("BAD_PERIOD.year", year=year))
    return year


def missing_months(covered: Iterable[Period], whole: Period) -> list[Period]:
    """The months of `whole` of which some day is not covered.

    Returns
    -------
    list of Period
        In order; empty if every day is covered.
    """
    periods = sorted(covered)
    gaps: list[Period] = []
    reached = whole.start
    for period in [*periods, Period(whole.end, whole.end + timedelta(days=1))]:
        if period.start > reached:
            gaps.append(Period(reached, min(period.start, whole.end)))
        reached = max(reached, period.end)
        if reached >= whole.end:
            break
    return [month for month in months_of(whole) if any(month.overlap_days(gap) for gap in gaps)]


def months_of(whole: Period) -> list[Period]:
    """The calendar months that a period touches.

    Parameters
    ----------
    whole : Period

    Returns
    -------
    list of Period
        In order.
    """
    months = [Period.of_month(whole.start.year, whole.start.month)]
    while months[-1].end < whole.end:
        months.append(Period.of_month(months[-1].end.year, months[-1].end.month))
    return months
