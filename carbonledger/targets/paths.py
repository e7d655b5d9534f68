"""Reduction paths: what emissions should be in a year between a base year and a target year, and how far a company has come.

Units are those of the values given: t CO2e, or t CO2e per unit of an intensity.

References
----------
Straight line ``E(t) = E_base * (1 - R * (t - t0) / (T - t0))`` and progress ``(E_base - E_now) / (E_base - E_target)``: GHG Protocol
Corporate Standard (2004), chapter 11, and the absolute contraction of the Science Based Targets initiative. Compound:
``E(t) = E_base * (E_target / E_base) ** ((t - t0) / (T - t0))``, the same fraction less every year.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

__all__ = [
    "SHAPES",
    "Pace",
    "ReductionPath",
    "Shape",
    "compound_reduction_percent",
    "linear_reduction_percent",
    "progress",
    "reduced",
    "required_pace",
]

Shape = Literal["linear", "compound"]
SHAPES: tuple[Shape, ...] = get_args(Shape)


def reduced(base: float, percent: float) -> float:
    """What is left of a value after a reduction, in the unit of the value.

    Examples
    --------
    >>> reduced(1000.0, 42.0)
    580.0
    """
    return base * (100.0 - percent) / 100.0


def linear_reduction_percent(rate_percent: float, years: float) -> float:
    """The reduction after some years at a rate in per cent of the base a year; never more than everything [%].

    Examples
    --------
    >>> linear_reduction_percent(4.2, 10), round(linear_reduction_percent(4.2, 8), 10)
    (42.0, 33.6)
    """
    return min(rate_percent * years, 100.0)


def compound_reduction_percent(rate_percent: float, years: float) -> float:
    """The reduction after some years at a rate in per cent of the year before [%].

    Examples
    --------
    >>> round(compound_reduction_percent(7.0, 10), 4)
    51.6018
    """
    return 100.0 * (1.0 - math.pow(1.0 - rate_percent / 100.0, years))


@dataclass(frozen=True, slots=True)
class ReductionPath:
    """A path through a base, milestones and a target.

    Parameters
    ----------
    points : tuple of (int, float)
        Year and value, years ascending: the base first, the target last. Two at least.
    shape : {"linear", "compound"}
        Between two points, the same amount less every year, or the same fraction.

    Examples
    --------
    >>> path = ReductionPath(((2020, 1000.0), (2030, 580.0)))
    >>> path.at(2025), path.at(2030), path.at(2019)
    (790.0, 580.0, None)
    """

    points: tuple[tuple[int, float], ...]
    shape: Shape = "linear"

    @property
    def base(self) -> float:
        """The value of the base year."""
        return self.points[0][1]

    @property
    def target(self) -> float:
        """The value of the target year."""
        return self.points[-1][1]

    @property
    def first_year(self) -> int:
        """The base year."""
        return self.points[0][0]

    @property
    def last_year(self) -> int:
        """The target year."""
        return self.points[-1][0]

    def at(self, year: int) -> float | None:
        """The value that a year should have; None before the base year and after the target year."""
        for (first, start), (last, end) in zip(self.points, self.points[1:], strict=False):
            if first <= year <= last:
                return _between(start, end, (year - first) / (last - first), self.shape)
        return None

    def __iter__(self) -> Iterator[tuple[int, float]]:
        """Every year with its value."""
        for year in range(self.first_year, self.last_year + 1):
            value = self.at(year)
            if value is not None:
                yield year, value


def _between(start: float, end: float, share: float, shape: Shape) -> float:
    """A value between two; exactly these at the ends."""
    if share in {0.0, 1.0} or start == end:
        return end if share == 1.0 else start
    if shape == "compound":
        return float(start * (end / start) ** share)
    return start + (end - start) * share


def progress(base: float, now: float, target: float) -> float | None:
    """How much of the way is done: 0 at the base, 1 at the target; None if the target is the base.

    Examples
    --------
    >>> progress(1000.0, 790.0, 580.0)
    0.5
    """
    return None if base == target else (base - now) / (base - target)


@dataclass(frozen=True, slots=True)
class Pace:
    """What is needed every year from now to the target.

    Parameters
    ----------
    years : int
        From now to the target year.
    per_year : float
        The reduction of every year, in the unit of the values; 0 if nothing is left to do.
    percent_of_base : float or None
        The same in per cent of the base; None of a base of 0.
    compound_percent : float or None
        The reduction in per cent of the year before; None if the target is 0 or nothing is left to do.
    """

    years: int
    per_year: float
    percent_of_base: float | None
    compound_percent: float | None


def required_pace(base: float, now: float, year: int, target: float, target_year: int) -> Pace | None:
    """What is needed every year from a year to the target; None from the target year on.

    Examples
    --------
    >>> pace = required_pace(1000.0, 900.0, 2024, 580.0, 2030)
    >>> round(pace.per_year, 4), round(pace.percent_of_base, 4), round(pace.compound_percent, 4)
    (53.3333, 5.3333, 7.0611)
    """
    years = target_year - year
    if years <= 0:
        return None
    left = max(now - target, 0.0)
    compound = 100.0 * (1.0 - math.exp(math.log(target / now) / years)) if left and target > 0 else None
    return Pace(years, left / years, 100.0 * left / years / base if base else None, compound)
