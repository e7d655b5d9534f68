"""Lognormal figures by the square of their geometric standard deviation: the 95 % interval runs from ``x / GSD²`` to ``x · GSD²``."""

from __future__ import annotations

import math
from collections.abc import Sequence

from carbonledger.core.errors import UncertaintyError
from carbonledger.core.findings import Message

__all__ = ["gsd_of_product", "gsd_of_sum"]


def gsd_of_product(squared_gsds: Sequence[float]) -> float:
    """GSD² of a product or quotient of independent lognormal figures, without unit.

    Parameters
    ----------
    squared_gsds : sequence of float
        Of each figure, 1 or more.

    Returns
    -------
    float
        ``exp(sqrt(Σ ln² GSD²_i))``, exact.

    References
    ----------
    GHG Protocol, Quantitative Inventory Uncertainty (2011), propagation of parameter uncertainty by Taylor series.

    Examples
    --------
    >>> round(gsd_of_product([1.1, 1.2]), 4)
    1.2284
    """
    return math.exp(math.hypot(*map(_log, squared_gsds)))


def gsd_of_sum(values: Sequence[float], squared_gsds: Sequence[float]) -> float:
    """GSD² of a sum of independent lognormal figures, without unit.

    Parameters
    ----------
    values : sequence of float
        The figures, all in one unit.
    squared_gsds : sequence of float
        Of each, 1 or more.

    Returns
    -------
    float
        ``exp(sqrt(Σ S_i² ln² GSD²_i))`` with the share ``S_i`` of each in the sum: to first order.

    Raises
    ------
    UncertaintyError
        If the sum is 0, or a GSD² is below 1.

    References
    ----------
    GHG Protocol, Quantitative Inventory Uncertainty (2011), propagation of parameter uncertainty by Taylor series.

    Examples
    --------
    >>> round(gsd_of_sum([100.0, 50.0], [1.2, 1.5]), 4)
    1.1993
    """
    total = math.fsum(values)
    if not total:
        raise UncertaintyError(Message.of("BAD_UNCERTAINTY.zero_sum"))
    shares = (value / total for value in values)
    return math.exp(math.hypot(*(share * _log(gsd) for share, gsd in zip(shares, squared_gsds, strict=True))))


def _log(squared_gsd: float) -> float:
    """The logarithm of a GSD²."""
    if not (math.isfinite(squared_gsd) and squared_gsd >= 1):
        raise UncertaintyError(Message.of("BAD_UNCERTAINTY.gsd", given=squared_gsd))
    return math.log(squared_gsd)
