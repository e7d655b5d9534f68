"""The number of combinations expected in an interval by chance.

The interval is held against its neighbours of the same width. Combinations share their terms, so that their totals come in clusters: the
counts of neighbouring intervals spread far wider than independent draws would, and this spread, not Poisson's, says how remarkable a
count is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from carbonledger.reconstruction.combinations import Block, Combinations

__all__ = ["Cells", "Chance", "cells_around", "chance_of", "count_cells"]

WINDOW = 400
_CONFIDENCE = 0.95
_ENUMERATED = 1 << 22


@dataclass(frozen=True, slots=True)
class Cells:
    """An interval and its neighbours of the same width.

    Parameters
    ----------
    first, width : int
        Where the lowest begins, and how wide each is, in units of 1e-10 t.
    below, above : int
        How many lie below and above the interval itself.
    """

    first: int
    width: int
    below: int
    above: int

    @property
    def number(self) -> int:
        """The number of cells, with the interval itself."""
        return self.below + 1 + self.above


def cells_around(first: int, beyond: int, reach: tuple[int, int]) -> Cells:
    """The nearest neighbours of an interval within the reach of a space.

    Parameters
    ----------
    first, beyond : int
        The first number inside the interval, and the first beyond it.
    reach : tuple of (int, int)
        The least and the greatest total of the space. Beyond it every count is 0, which says nothing about chance.

    Returns
    -------
    Cells
        200 on each side; at the edge of the space more on the other. None if the interval lies outside of the space.
    """
    width = max(beyond - first, 1)
    low, high = reach
    inside = low < beyond and first <= high
    below = max((first - low) // width, 0) if inside else 0
    above = max((high + 1 - beyond) // width, 0) if inside else 0
    half = WINDOW // 2
    lower, upper = (
        min(below, WINDOW - min(half, above)),
        min(above, WINDOW - min(half, below)),
    )
    return Cells(first - lower * width, width, lower, upper)


def count_cells(combinations: Combinations, block: Block, cells: Cells) -> np.ndarray:
    """The number of combinations of a block in each cell.

    Few totals are written out and sorted into the cells; many are counted by bisection at each limit.
    """
    begin, end = combinations.stretch(block, cells.first, cells.first + cells.number * cells.width)
    number = int((end - begin).sum())
    if number <= _ENUMERATED:
        offsets = np.repeat(end - np.cumsum(end - begin), end - begin) + np.arange(number)
        totals = np.repeat(block.sums, end - begin) + combinations.right_sums[offsets]
        return np.bincount((totals - cells.first) // cells.width, minlength=cells.number).astype(np.int64)
    needles = np.sort(cells.first - block.sums)
    below = [
        int(np.searchsorted(combinations.right_sums, needles + at * cells.width).sum())
        for at in range(cells.number + 1)
    ]
    return np.diff(np.array(below, dtype=np.int64))


@dataclass(frozen=True, slots=True)
class Chance:
    """The counts of the neighbouring intervals of the same width.

    Parameters
    ----------
    cells : int
        How many neighbours of the same width were looked at.
    expected : float or None
        Their mean count; None without neighbours.
    deviation : float or None
        The standard deviation of the count of one interval; None with fewer than two neighbours.
    as_many : int
        How many of the neighbours hold at least as many combinations as the interval.
    """

    cells: int
    expected: float | None
    deviation: float | None
    as_many: int

    @property
    def upper_bound(self) -> float | None:
        """If all neighbours are empty, the greatest mean (95 %, Poisson) that leaves them so; None otherwise."""
        return -math.log(1 - _CONFIDENCE) / self.cells if self.cells and self.expected == 0 else None


def chance_of(counts: Sequence[int] | np.ndarray, cells: Cells) -> Chance:
    """Expected count and spread, from the counts per cell.

    Parameters
    ----------
    counts : sequence of int
        Per cell; of several roundings their sum, for the same combinations hit under both.
    cells : Cells
        Which of them is the interval itself.

    Returns
    -------
    Chance
    """
    others = np.delete(np.asarray(counts, dtype=np.int64), cells.below)
    return Chance(
        len(others),
        float(others.mean()) if len(others) else None,
        float(others.std(ddof=1)) if len(others) > 1 else None,
        int((others >= counts[cells.below]).sum()),
    )
