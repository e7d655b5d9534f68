"""Approach 2: Monte Carlo simulation, with one draw of every shared figure in an iteration.

Sources that err normally are not drawn one by one: given the coefficients ``C_r`` of an iteration, the sum of their errors
``Σ_m δ_m Σ_r C_r A_rm`` is one normal number with the variance ``Σ_m σ_m² (Σ_r C_r A_rm)²``, a product of matrices, so that its cost does
not grow with the lines.

References
----------
IPCC 2006 Guidelines, volume 1, 3.2.3.2. JCGM 101:2008 (GUM, supplement 1), propagation of distributions.
"""

from __future__ import annotations

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
# More skewed errors than these are not drawn one by one; together they are near enough to a normal one.
_MOST_DRAWN = 5_000


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
    of_lone = sums.shares("lone", len(setup.lone_limits))
    mean = sums.total / max(sums.count, 1)
    variance = sums.squares / max(sums.count, 1) - mean**2
    of_groups = pooled / max(sums.count, 1) / variance if variance > 0 else pooled * 0.0
    of_cells = _of_cells(arrays, setup, of_groups, of_lone)
    whole = float(of_cells.sum() + of_parameters.sum())
    scale = 1 / whole if whole else 0.0
    return Simulated(made, setup.groups, of_cells * scale, of_parameters * scale)


class _Group(NamedTuple):
    """The cells of one scope and company as matrices, their columns being plan rows.

    Parameters
    ----------
    rows : numpy.ndarray of shape (rows,)
        Which of the rows that have cells.
    means : numpy.ndarray of shape (rows,)
        Emissions of pooled cells, t CO2e, times the mean of their multipliers.
    squares : numpy.ndarray of shape (rows,)
        Variances of pooled errors that are in one row only, t² CO2e.
    shared : numpy.ndarray of shape (errors, rows) or (rows, rows)
        Deviations of pooled errors that are in several rows, t CO2e; where they are many, the sum of their products instead.
    lone : numpy.ndarray of shape (lone errors, rows)
        Emissions of the errors that are drawn one by one, t CO2e.
    drawn : numpy.ndarray of shape (lone errors,)
        Their numbers.
    """

    rows: NDArray[np.intp]
    means: NDArray[np.float64]
    squares: NDArray[np.float64]
    shared: NDArray[np.float64]
    is_product: bool
    lone: NDArray[np.float64]
    drawn: NDArray[np.intp]

    def noise(self, coefficients: NDArray[np.float64]) -> NDArray[np.float64]:
        """The deviation of the sum of the pooled errors in each iteration, t CO2e."""
        import numpy as np

        variance = coefficients**2 @ self.squares
        if self.is_product:
            variance += ((coefficients @ self.shared) * coefficients).sum(1)
        elif len(self.shared):
            variance += ((coefficients @ self.shared.T) ** 2).sum(1)
        return np.asarray(np.sqrt(np.maximum(variance, 0.0)))


class _Setup(NamedTuple):
    """What does not change from one iteration to the next."""

    groups: list[tuple[int, str]]
    group_of: NDArray[np.intp]
    rows: NDArray[np.intp]
    matrices: list[_Group]
    is_pooled: NDArray[np.bool_]
    lone_errors: NDArray[np.intp]
    lone_limits: list[Limits]


def _setup(arrays: Arrays) -> _Setup:
    """The cells by group, and the sums of those that are pooled."""
    import numpy as np

    pairs = list(zip(arrays.cells["scope"].tolist(), arrays.cells["entity"].tolist(), strict=True))
    groups = sorted(set(pairs))
    numbers = {pair: at for at, pair in enumerate(groups)}
    group_of = np.array([numbers[pair] for pair in pairs], dtype=np.intp)
    rows, row_of = np.unique(arrays.row, return_inverse=True)
    is_pooled = _pooled(arrays, group_of, row_of)
    lone, firsts = np.unique(arrays.error[~is_pooled], return_index=True)
    of_limits = arrays.cells["limits"].to_numpy(dtype=int)[~is_pooled][firsts]
    matrices = [_group(arrays, np.flatnonzero(group_of == at), row_of, is_pooled, lone) for at in range(len(groups))]
    return _Setup(groups, group_of, rows, matrices, is_pooled, lone, [arrays.limits[at] for at in of_limits])


def _pooled(arrays: Arrays, group_of: NDArray[np.intp], row_of: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which errors of activity data need not be drawn one by one: normal ones, and crowds, within one scope and company."""
    import numpy as np

    is_normal = np.array([item.shape == "normal" and item.is_symmetric for item in arrays.limits], dtype=bool)
    is_sum = arrays.cells["independent"].to_numpy(dtype=bool)
    crowd = row_of * (int(group_of.max(initial=0)) + 1) + group_of
    counts = np.bincount(crowd[arrays.is_single], minlength=int(crowd.max(initial=0)) + 1)
    like_normal = is_normal[arrays.cells["limits"].to_numpy(dtype=int)] | is_sum
    like_normal |= arrays.is_single & (counts[crowd] >= _MANY)
    if len(np.unique(arrays.error[~like_normal])) > _MOST_DRAWN:
        like_normal[:] = True
    # An error that is in two groups moves both, so that it must be drawn.
    size = int(arrays.error.max(initial=0)) + 1
    lowest, highest = np.full(size, len(group_of)), np.zeros(size, dtype=np.intp)
    np.minimum.at(lowest, arrays.error, group_of)
    np.maximum.at(highest, arrays.error, group_of)
    chosen: NDArray[np.bool_] = like_normal & (lowest == highest)[arrays.error]
    return chosen


def _group(
    arrays: Arrays,
    cells: NDArray[np.intp],
    row_of: NDArray[np.intp],
    is_pooled: NDArray[np.bool_],
    lone: NDArray[np.intp],
) -> _Group:
    """The matrices of some cells."""
    import numpy as np

    rows, own_row = np.unique(row_of[cells], return_inverse=True)
    known = np.array([moments(item) for item in arrays.limits], dtype=float).reshape(-1, 2)
    own = known[arrays.cells["limits"].to_numpy(dtype=int)[cells]]
    spread = arrays.cells["spread"].to_numpy(dtype=float)[cells]
    pooled, single = is_pooled[cells], arrays.is_single[cells]
    mean = np.where(pooled, arrays.emissions[cells] * own[:, 0], 0.0)
    means = np.bincount(own_row, weights=mean, minlength=len(rows)).astype(float)
    deviations = arrays.emissions[cells] * own[:, 1] * spread
    square = np.where(pooled & single, deviations**2, 0.0)
    squares = np.bincount(own_row, weights=square, minlength=len(rows)).astype(float)
    several = np.flatnonzero(pooled & ~single)
    errors, error_of = np.unique(arrays.error[cells[several]], return_inverse=True)
    shared = np.zeros((len(errors), len(rows)))
    np.add.at(shared, (error_of, own_row[several]), deviations[several])
    is_product = len(errors) > len(rows)
    alone = np.flatnonzero(~pooled)
    drawn_errors, drawn_of = np.unique(arrays.error[cells[alone]], return_inverse=True)
    emissions = np.zeros((len(drawn_errors), len(rows)))
    np.add.at(emissions, (drawn_of, own_row[alone]), arrays.emissions[cells[alone]])
    numbers = np.searchsorted(lone, drawn_errors)
    product = shared.T @ shared if is_product else shared
    return _Group(rows, means, squares, product, is_product, emissions, numbers)


def _batch(
    arrays: Arrays, setup: _Setup, random: np.random.Generator, made: NDArray[np.float64], sums: _Moments
) -> NDArray[np.float64]:
    """Draw some iterations; the sums of squares of the pooled errors, by group."""
    import numpy as np

    count = len(made)
    figures = _columns([item.limits for item in arrays.parameters], random, count)
    lone = _columns(setup.lone_limits, random, count)
    standard = random.standard_normal(made.shape)
    coefficients = np.empty((count, len(setup.rows)), order="F")
    for at, row in enumerate(setup.rows):
        coefficients[:, at] = _coefficient(arrays, int(row), figures)
    squares = np.zeros(len(setup.groups))
    for at, group in enumerate(setup.matrices):
        own = coefficients[:, group.rows]
        errors = group.noise(own) * standard[:, at]
        made[:, at] = own @ group.means + errors
        if len(group.drawn):
            made[:, at] += ((lone[:, group.drawn] @ group.lone) * own).sum(1)
        squares[at] = (errors**2).sum()
    total = made.sum(1)
    sums.add_total(total)
    sums.add("parameters", figures, total)
    sums.add("lone", lone, total)
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
    if not len(made):
        return made
    weights = np.where(setup.is_pooled, (arrays.emissions * arrays.deviation) ** 2, 0.0)
    several = setup.is_pooled & ~arrays.is_single
    own = np.where(several, arrays.emissions * arrays.deviation, 0.0)
    # An error of several cells has the square of their sum, shared out among them.
    weights = np.where(several, own * np.bincount(arrays.error, weights=own)[arrays.error], weights)
    sums = np.bincount(setup.group_of, weights, minlength=len(setup.groups))[setup.group_of]
    shares = np.divide(weights, sums, out=np.zeros(len(weights)), where=sums > 0)
    made += shares * of_groups[setup.group_of]
    cells = np.flatnonzero(~setup.is_pooled)
    number = np.searchsorted(setup.lone_errors, arrays.error[cells])
    sizes = np.abs(arrays.emissions[cells])
    whole = np.bincount(number, sizes, minlength=len(setup.lone_errors))
    made[cells] += of_lone[number] * sizes / whole[number]
    return made
