"""Random multipliers of a figure, by its 95 % limits: 1 is the figure itself."""

from __future__ import annotations

import math
from functools import cache, lru_cache
from statistics import NormalDist
from typing import TYPE_CHECKING, Any

from carbonledger.uncertainty.limits import DEVIATIONS, Limits

if TYPE_CHECKING:
    import numpy as np

__all__ = ["drawn", "moments"]

_TAIL = 0.025
# Steps of the grid on which the moments of skewed multipliers are summed.
_STEPS = 4_001
_BISECTIONS = 60


def drawn(limits: Limits, random: np.random.Generator, count: int) -> np.ndarray[Any, Any]:
    """Random multipliers.

    Parameters
    ----------
    limits : Limits
        Of the figure.
    random : numpy.random.Generator
        Where the numbers come from.
    count : int
        How many.

    Returns
    -------
    numpy.ndarray of shape (count,)
        Normal and lognormal ones of equal limits have the mean 1 and the standard deviation ``U / 1.96``, the lognormal ones by
        ``σ² = ln(1 + (U / 1.96)²)``. Of unequal limits the median is 1 and each side ends at its limit: two halves of a normal or of a
        lognormal distribution, so that the published figure and both published limits are kept. Uniform, triangular and beta (3, 3)
        distributions are symmetric, as wide as needed for 95 % between the limits.

    References
    ----------
    IPCC 2006 Guidelines, volume 1, 3.2.2.4, kinds of distributions, and 3.2.3.2.
    """
    import numpy as np

    if not limits.half_width:
        return np.ones(count)
    shape = limits.shape
    if shape in {"normal", "lognormal"}:
        return _of_normal(limits, random.standard_normal(count))
    reach = _reach(limits)
    if shape == "uniform":
        return 1 + reach * (2 * random.random(count) - 1)
    if shape == "triangular":
        return random.triangular(1 - reach, 1, 1 + reach, count)
    return 1 + reach * (2 * random.beta(3, 3, count) - 1)


def _of_normal(limits: Limits, standard: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Multipliers from standard normal numbers."""
    import numpy as np

    if limits.shape == "normal":
        below, above = -limits.lower / DEVIATIONS, limits.upper / DEVIATIONS
        made: np.ndarray[Any, Any] = 1 + np.where(standard < 0, below, above) * standard
        return made
    if limits.is_symmetric:
        variance = math.log1p(limits.deviation**2)
        return np.asarray(np.exp(math.sqrt(variance) * standard - variance / 2))
    below, above = -math.log1p(limits.lower) / DEVIATIONS, math.log1p(limits.upper) / DEVIATIONS
    return np.asarray(np.exp(np.where(standard < 0, below, above) * standard))


def _reach(limits: Limits) -> float:
    """How far a bounded distribution goes to each side."""
    if limits.shape == "uniform":
        return limits.half_width / (1 - 2 * _TAIL)
    if limits.shape == "triangular":
        return limits.half_width / (1 - math.sqrt(2 * _TAIL))
    return limits.half_width / (1 - 2 * _beta_quantile())


@cache
def _beta_quantile() -> float:
    """The 2.5 % quantile of the beta distribution (3, 3), whose cumulative probability is ``10 x³ - 15 x⁴ + 6 x⁵``."""
    low, high = 0.0, 0.5
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        below = 10 * middle**3 - 15 * middle**4 + 6 * middle**5 < _TAIL
        low, high = (middle, high) if below else (low, middle)
    return low


@lru_cache(maxsize=4096)
def moments(limits: Limits) -> tuple[float, float]:
    """Mean and standard deviation of the multipliers."""
    if limits.is_symmetric and limits.shape in {"normal", "lognormal"}:
        return 1.0, limits.deviation
    if limits.shape not in {"normal", "lognormal"}:
        squares = {"uniform": 3, "triangular": 6, "beta": 7}[limits.shape]
        return 1.0, _reach(limits) / math.sqrt(squares)
    made = _of_normal(limits, _grid())
    return float(made.mean()), float(made.std())


@cache
def _grid() -> np.ndarray[Any, Any]:
    """Standard normal numbers of equal probability."""
    import numpy as np

    standard = NormalDist()
    return np.array([standard.inv_cdf((at + 0.5) / _STEPS) for at in range(_STEPS)])
