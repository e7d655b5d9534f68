"""Half-open periods of time, and the ways people write them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from carbonledger.core.errors import PeriodError
from carbonledger.core.findings import Message

__all__ = ["Period", "missing_months", "months_of"]


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
