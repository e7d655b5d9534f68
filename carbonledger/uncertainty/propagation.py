"""Error propagation, Approach 1: products, sums, correlated figures, and the difference of two years, of an analyst's own numbers.

An uncertainty is half of the 95 % interval as a fraction of the figure (0.05 for ± 5 %), or `Limits`, of which the larger one counts.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonledger.core.errors import UncertaintyError
from carbonledger.core.findings import Message
from carbonledger.uncertainty.limits import Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike

__all__ = [
    "Difference",
    "combine_correlated",
    "combine_product",
    "combine_sum",
    "combine_sum_of_shared",
    "difference_of_years",
    "shared_factor_correlation",
]

Uncertainty = float | Limits


def half_width_of(uncertainty: Uncertainty) -> float:
    """An uncertainty as a fraction, of limits the larger one."""
    if isinstance(uncertainty, Limits):
        return uncertainty.half_width
    if not (math.isfinite(uncertainty) and uncertainty >= 0):
        raise UncertaintyError(Message.of("BAD_UNCERTAINTY.fraction", given=uncertainty))
    return float(uncertainty)


def combine_product(uncertainties: Sequence[Uncertainty]) -> float:
    """The uncertainty of a product or quotient of independent figures, as a fraction of it.

    Parameters
    ----------
    uncertainties : sequence of float or Limits
        Of each figure, as a fraction: 0.05 for ± 5 %.

    Returns
    -------
    float
        As a fraction of the product, to first order.

    References
    ----------
    IPCC 2006 Guidelines, volume 1, equation 3.1.

    Examples
    --------
    >>> round(combine_product([0.05, 0.10]), 4)
    0.1118
    """
    return math.hypot(*(half_width_of(item) for item in uncertainties))


def combine_sum(values: Sequence[float], uncertainties: Sequence[Uncertainty]) -> float:
    """The uncertainty of a sum of independent figures, as a fraction of it.

    Parameters
    ----------
    values : sequence of float
        The figures, all in one unit; one that is taken off is negative.
    uncertainties : sequence of float or Limits
        Of each, as a fraction of it.

    Returns
    -------
    float
        As a fraction of the sum.

    Raises
    ------
    UncertaintyError
        If the sum is 0, of which nothing is a fraction.

    References
    ----------
    IPCC 2006 Guidelines, volume 1, equation 3.2.

    Examples
    --------
    >>> round(combine_sum([100.0, 50.0], [0.05, 0.10]), 5)
    0.04714
    """
    parts = [value * half_width_of(item) for value, item in zip(values, uncertainties, strict=True)]
    return math.hypot(*parts) / _sum_of(values)


def _sum_of(values: Sequence[float]) -> float:
    """The size of a sum that something is a fraction of."""
    total = abs(math.fsum(values))
    if not total:
        raise UncertaintyError(Message.of("BAD_UNCERTAINTY.zero_sum"))
    return total


def combine_correlated(sensitivities: ArrayLike, deviations: ArrayLike, correlation: ArrayLike) -> float:
    """The standard deviation of a result of correlated figures: the root of ``g' S g``, in the unit of the result.

    Parameters
    ----------
    sensitivities : array of shape (n,)
        ``g``, by how much the result changes with each figure.
    deviations : array of shape (n,)
        Of each figure. Given as halves of 95 % intervals, the result is half of one too.
    correlation : array of shape (n, n)
        Between the figures: symmetric, 1 on the diagonal, from -1 to 1, and such as figures can have together.

    Returns
    -------
    float

    Raises
    ------
    UncertaintyError
        If the matrix is no correlation matrix, or the shapes do not fit.

    References
    ----------
    JCGM 100:2008 (GUM), equation 13. IPCC 2006 Guidelines, volume 1, 3.2.2.3: correlations between categories.

    Examples
    --------
    >>> round(combine_correlated([1, 1], [3, 4], [[1, 0], [0, 1]]), 6), round(combine_correlated([1, 1], [3, 4], [[1, 1], [1, 1]]), 6)
    (5.0, 7.0)
    """
    import numpy as np

    own = np.asarray(sensitivities, dtype=float) * np.asarray(deviations, dtype=float)
    matrix = np.asarray(correlation, dtype=float)
    if own.ndim != 1 or matrix.shape != (len(own), len(own)):
        raise UncertaintyError(Message.of("BAD_CORRELATION.shape", given=str(matrix.shape), wanted=len(own)))
    problem = _problem_of(matrix)
    if problem:
        raise UncertaintyError(problem)
    return math.sqrt(max(float(own @ matrix @ own), 0.0))


_TINY = 1e-9


def _problem_of(matrix: np.ndarray[Any, Any]) -> Message | None:
    """Why a square matrix is no correlation matrix; None if it is one."""
    import numpy as np

    if not np.isfinite(matrix).all() or (np.abs(matrix) > 1 + _TINY).any():
        return Message.of("BAD_CORRELATION.range")
    if not np.allclose(matrix, matrix.T) or not np.allclose(np.diag(matrix), 1.0):
        return Message.of("BAD_CORRELATION.form")
    if len(matrix) and float(np.linalg.eigvalsh(matrix).min()) < -_TINY * len(matrix):
        return Message.of("BAD_CORRELATION.impossible")
    return None


def combine_sum_of_shared(
    amounts: Sequence[float],
    uncertainties: Sequence[Uncertainty],
    factor: float,
    factor_uncertainty: Uncertainty,
    *,
    second_order: bool = False,
) -> float:
    """The uncertainty of emissions of several sources that share one factor, as a fraction of their sum.

    Taking the sources for independent makes it too small: the error of the factor is the same in all of them.

    Parameters
    ----------
    amounts : sequence of float
        Activity data of each source, all in one unit.
    uncertainties : sequence of float or Limits
        Of each amount, independent of each other, as a fraction of it.
    factor : float
        Emissions per unit of the amount.
    factor_uncertainty : float or Limits
        Of the factor.
    second_order : bool
        Whether the products of both errors count too, which makes the variance exact.

    Returns
    -------
    float
        ``sqrt(Σ (a_i f u_i)² + (A f u_f)²) / (A f)``, with ``Σ (a_i f u_i u_f)² / 1.96²`` under the root to second order.

    References
    ----------
    JCGM 100:2008 (GUM), 5.2.2, correlated input quantities; Goodman (1960), J. Am. Stat. Assoc. 55, 708-713, the exact variance.

    Examples
    --------
    >>> round(combine_sum_of_shared([600, 300, 100], [0.02, 0.05, 0.10], 0.5306, 0.08), 4)
    0.0829
    """
    from carbonledger.uncertainty.limits import DEVIATIONS

    own, shared = [half_width_of(item) for item in uncertainties], half_width_of(factor_uncertainty)
    parts = [amount * factor * width for amount, width in zip(amounts, own, strict=True)]
    total = _sum_of([amount * factor for amount in amounts])
    more = [part * shared / DEVIATIONS for part in parts] if second_order else []
    return math.hypot(*parts, *more, total * shared) / total


def shared_factor_correlation(first: Uncertainty, second: Uncertainty, factor: Uncertainty) -> float:
    """The correlation of the emissions of two sources on one factor, by the uncertainties of both amounts and of the factor.

    Examples
    --------
    >>> round(shared_factor_correlation(0.02, 0.05, 0.08), 4)
    0.8227
    """
    one, other, shared = (half_width_of(item) for item in (first, second, factor))
    if not shared:
        return 0.0
    return shared**2 / (math.hypot(one, shared) * math.hypot(other, shared))


@dataclass(frozen=True, slots=True)
class Difference:
    """The change of emissions between two years with its uncertainty, t CO2e.

    Parameters
    ----------
    change_tco2e : float
        The second year less the first.
    half_width_tco2e : float
        Half of its 95 % interval.
    """

    change_tco2e: float
    half_width_tco2e: float

    @property
    def is_significant(self) -> bool:
        """Whether the change is larger than its uncertainty, at 95 %."""
        return abs(self.change_tco2e) > self.half_width_tco2e

    def to_dict(self) -> Mapping[str, float | bool]:
        """Plain data."""
        return {
            "change_tco2e": self.change_tco2e,
            "half_width_tco2e": self.half_width_tco2e,
            "is_significant": self.is_significant,
        }


def difference_of_years(
    emissions: tuple[float, float],
    activity: tuple[Uncertainty, Uncertainty],
    factor: tuple[Uncertainty, Uncertainty],
    correlation: float,
) -> Difference:
    """The change of the emissions of one source between two years, with its uncertainty.

    Parameters
    ----------
    emissions : tuple of (float, float)
        Of the first and of the second year, t CO2e.
    activity, factor : tuple of (float or Limits, float or Limits)
        Uncertainty of activity data and of the factor in both years, as fractions. The activity data are independent.
    correlation : float
        Of the factors of both years: 1 for one version of one factor in both, which then nearly cancels; 0 for independent ones.

    Returns
    -------
    Difference

    Raises
    ------
    UncertaintyError
        If the correlation is not from -1 to 1.

    References
    ----------
    IPCC 2006 Guidelines, volume 1, 3.2.2.4: errors correlated between years. JCGM 100:2008 (GUM), equation 13.

    Examples
    --------
    >>> same = difference_of_years((530.6, 477.54), (0.03, 0.03), (0.08, 0.08), correlation=1)
    >>> round(same.half_width_tco2e, 1), same.is_significant
    (21.8, True)
    """
    before, after = emissions
    own = [value * half_width_of(item) for value, item in zip(emissions, activity, strict=True)]
    shared = [value * half_width_of(item) for value, item in zip(emissions, factor, strict=True)]
    matrix = [[1.0, correlation], [correlation, 1.0]]
    return Difference(after - before, math.hypot(*own, combine_correlated([-1.0, 1.0], shared, matrix)))
