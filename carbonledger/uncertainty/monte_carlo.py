"""Approach 2: Monte Carlo simulation, with one draw of every shared figure in an iteration.

Sources that are in one plan row only and err normally are not drawn one by one: given the coefficients ``C_r`` of an iteration, the sum
of their errors ``Σ C_r A_rm δ_m`` is one normal number with the variance ``Σ C_r² Σ (A_rm σ_m)²``, so that its cost
does not grow with the lines.

References
----------
IPCC 2006 Guidelines, volume 1, 3.2.3.2. JCGM 101:2008 (GUM, supplement 1), propagation of distributions.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonledger.uncertainty.arrays import Arrays
from carbonledger.uncertainty.distributions import drawn, moments
from carbonledger.uncertainty.limits import Limits

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Simulated", "simulated"]

# Iterations at a time, so that the memory does not grow with their number.
_BATCH = 2_000
# So many skewed errors of one plan row together are near enough to a normal one (central limit theorem).
_MANY = 100


class Simulated(NamedTuple):
    """What a simulation gave.

    Parameters
    ----------
    draws : numpy.ndarray of shape (iterations, groups)
        T CO2e of each group.
    groups : list of (int, str)
        Scope and company of each.
    of_cells, of_parameters : numpy.ndarray
        The part of each error of activity data, and of each figure, in the variance of the sum; together 1, or 0 where nothing varies.
    """

    draws: NDArray[np.float64]
    groups: list[tuple[int, str]]
    of_cells: NDArray[np.float64]
    of_parameters: NDArray[np.float64]


@dataclass
class _Moments:
    """Sums over iterations, for correlations with the total."""

    count: int = 0
    total: float = 0.0
    squares: float = 0.0
    sums: dict[str, Any] = field(default_factory=dict)

    def add(self, name: str, values: NDArray[np.float64], total: NDArray[np.float64]) -> None:
        """Add the draws of some figures, in columns."""
        import numpy as np

        found = np.stack([values.sum(0), (values**2).sum(0), total @ values])
        self.sums[name] = self.sums.get(name, 0.0) + found

    def add_total(self, total: NDArray[np.float64]) -> None:
        """Add the draws of the total."""
        self.count += len(total)
        self.total += float(total.sum())
        self.squares += float((total**2).sum())

    def shares(self, name: str, length: int) -> NDArray[np.float64]:
        """The squared correlations of some figures with the total, less what chance alone gives."""
        import numpy as np

        if not length or self.count < 2:
            return np.zeros(length)
        first, second, product = self.sums[name]
        mean, count = self.total / self.count, self.count
        covariance = product / count - first / count * mean
        variances = (second / count - (first / count) ** 2) * (self.squares / count - mean**2)
        squared = np.divide(covariance**2, variances, out=np.zeros(length), where=variances > 0)
        adjusted: NDArray[np.float64] = np.clip((count * squared - 1) / (count - 1), 0.0, 1.0)
        return adjusted


def simulated(arrays: Arrays, draws: int, seed: int) -> Simulated:
    """A simulation.

    Parameters
    ----------
    arrays : Arrays
        A year, or the difference of two.
    draws : int
        How many iterations.
    seed : int
        Of the random numbers. Neither the order of the lines nor that of the settings matters.

    Returns
    -------
    Simulated
    """
    import numpy as np

    setup = _setup(arrays)
    random = np.random.default_rng(seed)
    made = np.zeros((draws, len(setup.groups)))
    sums = _Moments()
    pooled = np.zeros(len(setup.groups))
    for start in range(0, draws, _BATCH):
        count = min(_BATCH, draws - start)
        pooled += _batch(arrays, setup, random, made[start : start + count], sums)
    of_parameters = sums.shares("parameters", len(arrays.parameters))
    of_lone = sums.shares("lone", len(setup.lone))
    mean = sums.total / max(sums.count, 1)
    variance = sums.squares / max(sums.count, 1) - mean**2
    of_groups = pooled / max(sums.count, 1) / variance if variance > 0 else pooled * 0.0
    of_cells = _of_cells(arrays, setup, of_groups, of_lone)
    whole = float(of_cells.sum() + of_parameters.sum())
    scale = 1 / whole if whole else 0.0
    return Simulated(made, setup.groups, of_cells * scale, of_parameters * scale)


class _Setup(NamedTuple):
    """What does not change from one iteration to the next."""

    groups: list[tuple[int, str]]
    group_of: NDArray[np.intp]
    rows: NDArray[np.intp]
    row_of: NDArray[np.intp]
    is_pooled: NDArray[np.bool_]
    means: NDArray[np.float64]
    variances: NDArray[np.float64]
    lone: list[tuple[Limits, NDArray[np.intp]]]


def _setup(arrays: Arrays) -> _Setup:
    """The cells by group, and the sums of those that are pooled."""
    import numpy as np

    pairs = list(zip(arrays.cells["scope"].tolist(), arrays.cells["entity"].tolist(), strict=True))
    groups = sorted(set(pairs))
    numbers = {pair: at for at, pair in enumerate(groups)}
    group_of = np.array([numbers[pair] for pair in pairs], dtype=np.intp)
    rows, row_of = np.unique(arrays.row, return_inverse=True)
    known = np.array([moments(item) for item in arrays.limits], dtype=float).reshape(-1, 2)
    own = known[arrays.cells["limits"].to_numpy(dtype=int)]
    is_pooled = _pooled(arrays, row_of * len(groups) + group_of)
    means, variances = np.zeros((2, len(rows), len(groups)))
    at = (row_of[is_pooled], group_of[is_pooled])
    spread = arrays.cells["spread"].to_numpy(dtype=float)
    np.add.at(means, at, (arrays.emissions * own[:, 0])[is_pooled])
    np.add.at(variances, at, ((arrays.emissions * own[:, 1] * spread) ** 2)[is_pooled])
    return _Setup(groups, group_of, rows, row_of, is_pooled, means, variances, list(_lone(arrays, is_pooled)))


def _pooled(arrays: Arrays, crowd: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which errors of activity data need not be drawn one by one."""
    import numpy as np

    is_normal = np.array([item.shape == "normal" and item.is_symmetric for item in arrays.limits], dtype=bool)
    is_sum = arrays.cells["independent"].to_numpy(dtype=bool)
    many = np.bincount(crowd[arrays.is_single], minlength=int(crowd.max(initial=0)) + 1) >= _MANY
    like_normal = is_normal[arrays.cells["limits"].to_numpy(dtype=int)] | is_sum | many[crowd]
    chosen: NDArray[np.bool_] = arrays.is_single & like_normal
    return chosen


def _lone(arrays: Arrays, is_pooled: NDArray[np.bool_]) -> Iterator[tuple[Limits, NDArray[np.intp]]]:
    """The other errors: their limits and their cells."""
    import numpy as np

    cells = np.flatnonzero(~is_pooled)
    order = cells[np.argsort(arrays.error[cells], kind="stable")]
    numbers = arrays.cells["limits"].to_numpy(dtype=int)
    for own in np.split(order, np.flatnonzero(np.diff(arrays.error[order])) + 1):
        if len(own):
            yield arrays.limits[numbers[own[0]]], own


def _batch(
    arrays: Arrays, setup: _Setup, random: np.random.Generator, made: NDArray[np.float64], sums: _Moments
) -> NDArray[np.float64]:
    """Draw some iterations; the sums of squares of the pooled errors, by group."""
    import numpy as np

    count = len(made)
    figures = _columns([item.limits for item in arrays.parameters], random, count)
    coefficients = np.stack([_coefficient(arrays, int(row), figures) for row in setup.rows] or [np.ones(count)], axis=1)
    errors = np.sqrt(coefficients**2 @ setup.variances) * random.standard_normal(made.shape) if made.size else made
    made += coefficients @ setup.means + errors if made.size else 0.0
    lone = _columns([limits for limits, _ in setup.lone], random, count)
    for at, (_, cells) in enumerate(setup.lone):
        for cell in cells:
            part = arrays.emissions[cell] * coefficients[:, setup.row_of[cell]]
            made[:, setup.group_of[cell]] += part * lone[:, at]
    total = made.sum(1)
    sums.add_total(total)
    sums.add("parameters", figures, total)
    sums.add("lone", lone, total)
    squares: NDArray[np.float64] = (errors**2).sum(0)
    return squares


def _columns(limits: list[Limits | None] | list[Limits], random: np.random.Generator, count: int) -> Any:
    """Multipliers of several figures, in columns."""
    import numpy as np

    made = np.ones((count, len(limits)), order="F")
    for at, item in enumerate(limits):
        if item is not None:
            made[:, at] = drawn(item, random, count)
    return made


def _coefficient(arrays: Arrays, row: int, figures: NDArray[np.float64]) -> NDArray[np.float64]:
    """The coefficient of a row in each iteration, as a fraction of what it is."""
    import numpy as np

    item = arrays.rows[row]
    made = np.zeros(len(figures))
    for term in item.covered:
        part = np.full(len(figures), term.tco2e / item.tco2e)
        for number, power in term.powers:
            part *= figures[:, number] if power == 1 else figures[:, number] ** power
        made += part
    return made


def _of_cells(
    arrays: Arrays, setup: _Setup, of_groups: NDArray[np.float64], of_lone: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The shares of pooled and of lone errors among their cells."""
    import numpy as np

    made = np.zeros(len(arrays.cells))
    weights = np.where(setup.is_pooled, (arrays.emissions * arrays.deviation) ** 2, 0.0)
    sums = np.bincount(setup.group_of, weights, minlength=len(setup.groups))[setup.group_of]
    shares = np.divide(weights, sums, out=np.zeros(len(weights)), where=sums > 0)
    made += shares * of_groups[setup.group_of] if len(made) else 0.0
    for share, (_, cells) in zip(of_lone, setup.lone, strict=True):
        own = np.abs(arrays.emissions[cells])
        made[cells] += share * own / own.sum()
    return made
