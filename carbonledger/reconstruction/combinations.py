"""Combinations: all sums of one choice per term, counted in blocks without listing them.

A total is a sum of one choice per term. The terms are split into two halves; all sums of the smaller half are sorted, and for each sum
of the larger one the fitting sums of the smaller are a stretch found by bisection. Ten thousand million combinations take a sorted list
of a hundred thousand. Values are whole numbers of 1e-10 t, so that counting is exact.

References
----------
Horowitz and Sahni (1974), "Computing partitions with applications to the knapsack problem", Journal of the ACM 21(2): the split into
two sorted halves.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cached_property

import numpy as np

from carbonledger.core.errors import FigureError
from carbonledger.core.rounding import Interval

__all__ = ["UNIT", "Block", "Combinations", "limits_of", "to_units"]

UNIT = Decimal("1e-10")
BLOCK = 1 << 16
# Sums, and the limits of the cells around an interval, must stay within 64 bits.
_LARGEST = 1 << 60


def to_units(value: Decimal) -> int:
    """A number of tonnes as a whole number of 1e-10 t."""
    return int((value / UNIT).to_integral_value(rounding=ROUND_HALF_EVEN))


def limits_of(interval: Interval) -> tuple[int, int]:
    """The first whole number of 1e-10 t inside an interval, and the first beyond it.

    Raises
    ------
    FigureError
        If the interval has no end, as that of "over 2480": every larger total would be a hit.
    """
    if not (interval.low.is_finite() and interval.high.is_finite()):
        raise FigureError(f"{interval} has no end: a total printed as a mere limit cannot be searched for.")
    low, high = interval.low / UNIT, interval.high / UNIT
    first = math.ceil(low) if interval.low_closed else math.floor(low) + 1
    beyond = math.floor(high) + 1 if interval.high_closed else math.ceil(high)
    return first, max(first, beyond)


@dataclass(frozen=True)
class Block:
    """A block of sums of the larger half, in units of 1e-10 t.

    Parameters
    ----------
    start : int
        The number of the first.
    sums : array of int
        In units of 1e-10 t.
    chosen : tuple of array of int
        By term of that half the number of the choice, per sum.
    """

    start: int
    sums: np.ndarray
    chosen: tuple[np.ndarray, ...]


class Combinations:
    """All sums of one choice per term, in units of 1e-10 t.

    Parameters
    ----------
    terms : sequence of sequence of int
        By term the values of its choices, in units of 1e-10 t.
    levels : sequence of sequence of int, optional
        By term how implausible each choice is; by default all alike.

    Raises
    ------
    ValueError
        If a term has no choice.
    FigureError
        If the sums do not fit into 64 bits.
    """

    def __init__(self, terms: Sequence[Sequence[int]], levels: Sequence[Sequence[int]] | None = None) -> None:
        if not terms or not all(terms):
            raise ValueError("every term needs a choice")
        if sum(max(map(abs, values)) for values in terms) > _LARGEST:
            raise FigureError(f"the terms sum to more than {_LARGEST * UNIT:.3g} t, which is no total of a company.")
        self.terms = [np.array(values, dtype=np.int64) for values in terms]
        self.levels = [np.array(of, dtype=np.int64) for of in levels or [[0] * len(values) for values in terms]]
        self.left, self.right = self._halves()
        self.left_shape = tuple(len(self.terms[term]) for term in self.left)
        self.right_shape = tuple(len(self.terms[term]) for term in self.right)

    def _halves(self) -> tuple[list[int], list[int]]:
        """The terms in two groups with products as equal as possible, the larger first."""
        halves: tuple[list[int], list[int]] = ([], [])
        products = [1, 1]
        for term in sorted(range(len(self.terms)), key=lambda term: -len(self.terms[term])):
            smaller = 0 if products[0] <= products[1] else 1
            halves[smaller].append(term)
            products[smaller] *= len(self.terms[term])
        larger = 0 if products[0] >= products[1] else 1
        return sorted(halves[larger]), sorted(halves[1 - larger])

    @property
    def tried(self) -> int:
        """The number of combinations."""
        return math.prod(len(values) for values in self.terms)

    @property
    def left_size(self) -> int:
        """The number of sums of the larger half."""
        return math.prod(self.left_shape)

    @property
    def right_size(self) -> int:
        """The number of sums of the smaller half."""
        return math.prod(self.right_shape)

    @property
    def reach(self) -> tuple[int, int]:
        """The least and the greatest sum."""
        return sum(int(values.min()) for values in self.terms), sum(int(values.max()) for values in self.terms)

    @cached_property
    def right_order(self) -> np.ndarray:
        """The numbers of the smaller half's sums, least sum first."""
        order: np.ndarray = np.argsort(self._right_unsorted, kind="stable")
        return order

    @cached_property
    def right_sums(self) -> np.ndarray:
        """The smaller half's sums, least first."""
        ordered: np.ndarray = self._right_unsorted[self.right_order]
        return ordered

    @cached_property
    def _right_unsorted(self) -> np.ndarray:
        """The smaller half's sums, the last term running fastest."""
        sums = np.zeros(1, dtype=np.int64)
        for term in self.right:
            sums = (sums[:, None] + self.terms[term][None, :]).ravel()
        return sums

    def blocks(self, start: int = 0) -> Iterator[Block]:
        """The sums of the larger half from a number on, block by block."""
        for at in range(start, self.left_size, BLOCK):
            numbers = np.arange(at, min(at + BLOCK, self.left_size))
            chosen = np.unravel_index(numbers, self.left_shape)
            sums = np.zeros(len(numbers), dtype=np.int64)
            for term, choice in zip(self.left, chosen, strict=True):
                sums += self.terms[term][choice]
            yield Block(at, sums, tuple(chosen))

    def stretch(self, block: Block, first: int, beyond: int) -> tuple[np.ndarray, np.ndarray]:
        """For each sum of a block where the fitting sums of the smaller half begin and end."""
        begin = np.searchsorted(self.right_sums, first - block.sums, side="left")
        return begin, np.searchsorted(self.right_sums, beyond - block.sums, side="left")

    def count(self, interval: Interval) -> int:
        """The number of combinations in an interval."""
        first, beyond = limits_of(interval)
        stretches = (self.stretch(block, first, beyond) for block in self.blocks())
        return sum(int((end - begin).sum()) for begin, end in stretches)

    def choices(self, left: int, right: int) -> tuple[int, ...]:
        """The choice of every term from the numbers of a sum of each half."""
        chosen = [0] * len(self.terms)
        for terms, number in ((self.left, left), (self.right, right)):
            rest = number
            for term in reversed(terms):
                rest, chosen[term] = divmod(rest, len(self.terms[term]))
        return tuple(chosen)
