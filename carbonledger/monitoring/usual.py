"""What is usual: the median of earlier values, and how far a value lies from it, in a way that single outliers do not move."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

__all__ = ["Usual", "usual_of"]

# The standard deviation of normal values is the MAD over this quantile of the normal distribution at 3/4 (Iglewicz and Hoaglin, 1993).
_OF_NORMAL = 0.6745


@dataclass(frozen=True, slots=True)
class Usual:
    """What earlier values say.

    Parameters
    ----------
    median : float
        In the unit of the values.
    deviation : float
        The median of the absolute deviations from it (MAD), in the same unit.
    count : int
        How many values.
    """

    median: float
    deviation: float
    count: int

    def score(self, value: float) -> float:
        """The modified z-score of a value, 0.6745 (value - median) / MAD; infinite where the earlier values do not differ at all.

        Examples
        --------
        >>> round(Usual(10.0, 1.0, 8).score(16.0), 3)
        4.047
        """
        distance = value - self.median
        if not self.deviation:
            return math.copysign(math.inf, distance) if distance else 0.0
        return _OF_NORMAL * distance / self.deviation

    def is_unusual(self, value: float, deviations: float, least_percent: float) -> bool:
        """Whether a value lies at least so many modified z-scores and so many per cent of the median from it."""
        far = abs(value - self.median) > abs(self.median) * least_percent / 100
        return far and abs(self.score(value)) > deviations


def usual_of(values: ArrayLike) -> Usual:
    """What some values say.

    Parameters
    ----------
    values : array_like of float
        At least one.

    Examples
    --------
    >>> usual_of([1.0, 2.0, 2.0, 3.0, 90.0])
    Usual(median=2.0, deviation=1.0, count=5)
    """
    given = np.asarray(values, dtype=float)
    median = float(np.median(given))
    return Usual(median, float(np.median(np.abs(given - median))), len(given))
