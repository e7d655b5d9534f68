"""Where a series is heading: its straight trend with a band, and business as usual.

References
----------
Least squares: ``b = sum((x - mx) * (y - my)) / sum((x - mx)**2)``, ``a = my - b * mx``. Prediction band of one further year:
``a + b * x +- t * s * sqrt(1 + 1/n + (x - mx)**2 / Sxx)`` with ``s**2 = sum of squared residuals / (n - 2)`` and the quantile t of
Student's distribution with n - 2 degrees of freedom: N. R. Draper and H. Smith, Applied Regression Analysis, 3rd edition (1998), chapter 1.
The distribution for whole degrees of freedom in closed form: M. Abramowitz and I. Stegun, Handbook of Mathematical Functions (1964),
26.7.3 and 26.7.4.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from carbonledger.targets.benchmarks import benchmarks

__all__ = ["FEWEST_YEARS", "Trend", "business_as_usual", "student_quantile", "trend_of"]

# With two years the line goes through both, and nothing is left to say how far off it may be.
FEWEST_YEARS = 3
_HALVINGS = 200


@dataclass(frozen=True, slots=True)
class Trend:
    """The straight line through a series by least squares.

    Parameters
    ----------
    years : int
        How many years it rests on.
    middle_year, middle_value : float
        The means of years and values; the line goes through both.
    slope : float
        The change of a year, in the unit of the values.
    spread : float
        The standard deviation of the residuals, with n - 2 degrees of freedom.
    squares : float
        The sum of the squared distances of the years from their mean.
    coverage : float
        Of the band, a fraction.
    """

    years: int
    middle_year: float
    middle_value: float
    slope: float
    spread: float
    squares: float
    coverage: float

    def at(self, year: int) -> float:
        """The value on the line."""
        return self.middle_value + self.slope * (year - self.middle_year)

    def band(self, year: int) -> tuple[float, float]:
        """The lower and the upper end of the prediction band of a year; the lower one may lie below 0."""
        root = math.sqrt(1 + 1 / self.years + (year - self.middle_year) ** 2 / self.squares)
        half = student_quantile((1 + self.coverage) / 2, self.years - 2) * self.spread * root
        return self.at(year) - half, self.at(year) + half

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {
            "years": self.years,
            "slope_per_year": self.slope,
            "residual_standard_deviation": self.spread,
            "coverage": self.coverage,
        }


def trend_of(values: Mapping[int, float]) -> Trend | None:
    """The trend of a series; None of fewer than three years.

    Parameters
    ----------
    values : mapping of int to float
        By year.

    Returns
    -------
    Trend or None

    Examples
    --------
    >>> trend = trend_of({2020: 100.0, 2021: 90.0, 2022: 80.0, 2023: 70.0})
    >>> round(trend.slope, 6), round(trend.at(2030), 6), round(trend.band(2030)[1] - trend.at(2030), 6)
    (-10.0, 0.0, 0.0)
    """
    count = len(values)
    if count < FEWEST_YEARS:
        return None
    middle, level = math.fsum(values) / count, math.fsum(values.values()) / count
    squares = math.fsum((year - middle) ** 2 for year in values)
    slope = math.fsum((year - middle) * (value - level) for year, value in values.items()) / squares
    rest = math.fsum((value - level - slope * (year - middle)) ** 2 for year, value in values.items())
    coverage = benchmarks()["prediction-coverage"].value / 100.0
    return Trend(count, middle, level, slope, math.sqrt(rest / (count - 2)), squares, coverage)


@cache
def student_quantile(probability: float, degrees: int) -> float:
    """The quantile of Student's distribution for whole degrees of freedom and a probability above one half.

    Examples
    --------
    >>> round(student_quantile(0.975, 1), 3), round(student_quantile(0.975, 2), 3), round(student_quantile(0.975, 10), 3)
    (12.706, 4.303, 2.228)
    """
    low, high = 0.0, math.pi / 2
    for _ in range(_HALVINGS):
        angle = (low + high) / 2
        low, high = (angle, high) if _within(angle, degrees) < 2 * probability - 1 else (low, angle)
    return math.tan((low + high) / 2) * math.sqrt(degrees)


def _within(angle: float, degrees: int) -> float:
    """The probability that Student's t lies within plus and minus ``tan(angle) * sqrt(degrees)``."""
    sine, cosine = math.sin(angle), math.cos(angle)
    if degrees % 2:
        term, total = cosine, cosine if degrees > 1 else 0.0
        for at in range(3, degrees - 1, 2):
            term *= cosine * cosine * (at - 1) / at
            total += term
        return 2 / math.pi * (angle + sine * total)
    term, total = 1.0, 1.0
    for at in range(2, degrees - 1, 2):
        term *= cosine * cosine * (at - 1) / at
        total += term
    return sine * total


def business_as_usual(now: float, years: int, growth_percent: float) -> float:
    """What emissions would be after some years of stated growth at today's factors, in the unit of the value.

    Examples
    --------
    >>> round(business_as_usual(1000.0, 2, 3.0), 4)
    1060.9
    """
    return float(now * (1 + growth_percent / 100.0) ** years)
