"""Whether a company is on its path: the required value, the gap, the progress, the pace that is needed, and the status with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from carbonledger.core.language import Label
from carbonledger.targets.paths import Pace, ReductionPath, progress, required_pace
from carbonledger.targets.words import said

__all__ = ["STATUSES", "Judgement", "Status", "cannot_be_judged", "judge"]

Status = Literal["on_track", "behind", "ahead", "reached", "missed", "cannot_be_judged"]
STATUSES: tuple[Status, ...] = get_args(Status)
# What binary arithmetic may leave between equal values, as a fraction of the base.
_SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Judgement:
    """Where a company stands on a path. Values are in the unit of the path.

    Parameters
    ----------
    status : {"on_track", "behind", "ahead", "reached", "missed", "cannot_be_judged"}
        The first three before the target year; then whether its value was met.
    reason : Label
        Why.
    year : int or None
        The year that is judged.
    now, required : float or None
        The value of that year, and what the path asks for.
    progress : float or None
        0 at the base, 1 at the target.
    pace : Pace or None
        What is needed every year from here on; None from the target year on.
    """

    status: Status
    reason: Label
    year: int | None = None
    now: float | None = None
    required: float | None = None
    progress: float | None = None
    pace: Pace | None = None

    @property
    def gap(self) -> float | None:
        """By how much the year is above the path; below it, less than 0."""
        return None if self.now is None or self.required is None else self.now - self.required


def cannot_be_judged(reason: Label) -> Judgement:
    """No verdict, and why."""
    return Judgement("cannot_be_judged", reason)


def judge(path: ReductionPath, values: Mapping[int, float], year: int, tolerance_percent: float = 0.0) -> Judgement:
    """Where a company stands on a path in a year.

    Parameters
    ----------
    path : ReductionPath
        From the base to the target.
    values : mapping of int to float
        What the years had; a year that is not there has no data, and none is put in its place.
    year : int
        The year that is asked about. From the target year on, it is the target year that is judged.
    tolerance_percent : float
        How far from the path is still on it [% of the path]; the target itself has no tolerance.

    Returns
    -------
    Judgement

    Examples
    --------
    >>> path = ReductionPath(((2020, 1000.0), (2030, 580.0)))
    >>> judge(path, {2025: 800.0}, 2025).status, judge(path, {2030: 580.0}, 2031).status, judge(path, {2025: 800.0}, 2031).status
    ('behind', 'reached', 'cannot_be_judged')
    """
    if year < path.first_year:
        return cannot_be_judged(said("before_base", base=path.first_year, year=year))
    judged = min(year, path.last_year)
    now, required = values.get(judged), path.at(judged)
    if now is None or required is None:
        return cannot_be_judged(said("no_year", year=judged))
    done = progress(path.base, now, path.target)
    pace = required_pace(path.base, now, judged, path.target, path.last_year)
    room = _SAME * max(abs(path.base), abs(required))
    if judged == path.last_year:
        status: Status = "reached" if now <= required + room else "missed"
        return Judgement(status, said(f"is_{status}", year=judged), judged, now, required, done, pace)
    width = required * tolerance_percent / 100.0 + room
    status = "behind" if now > required + width else "ahead" if now < required - width else "on_track"
    key = "is_base" if judged == path.first_year else f"is_{status}"
    return Judgement(status, said(key, year=judged), judged, now, required, done, pace)
