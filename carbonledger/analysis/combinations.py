"""Counting the combinations that fall into an interval, however many there are.

A total is a sum of one choice per term. The terms are split into two halves; all sums of a half are sorted, and for each sum of the
one the fitting sums of the other are a stretch found by bisection. Ten thousand million combinations take two sorted lists of a hundred
thousand. Values are whole numbers of 1e-10 t, so that counting is exact.

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

import numpy as np

from carbonledger.rounding import Interval

__all__ = ["UNIT", "Combinations", "Hits", "expected_by_chance", "to_units"]

UNIT = Decimal("1e-10")
_WINDOW = 200
_BLOCK = 1 << 16


def to_units(value: Decimal) -> int:
    """A number of tonnes as a whole number of 1e-10 t."""
    return int((value / UNIT).to_integral_value(rounding=ROUND_HALF_EVEN))


def _limits(interval: Interval) -> tuple[int, int]:
    """The first whole number inside an interval, and the first beyond it."""
    low, high = interval.low / UNIT, interval.high / UNIT
    first = math.ceil(low) if interval.low_closed else math.floor(low) + 1
    beyond = math.floor(high) + 1 if interval.high_closed else math.ceil(high)
    return first, max(first, beyond)


@dataclass(frozen=True)
class Hits:
    """The combinations inside an interval.

    Parameters
    ----------
    tried : int
        How many combinations there are.
    count : int
        How many fall inside.
    listed : tuple of tuple of int
        Of these, by term the number of the choice; as many as were asked for.
    """

    tried: int
    count: int
    listed: tuple[tuple[int, ...], ...]


class Combinations:
    """All sums of one choice per term.

    Parameters
    ----------
    terms : sequence of sequence of int
        By term the values of its choices, in units of 1e-10 t.
    """

    def __init__(self, terms: Sequence[Sequence[int]]) -> None:
        if not terms or not all(terms):
            raise ValueError("every term needs a choice")
        self.terms = [np.array(values, dtype=np.int64) for values in terms]
        self.order = sorted(range(len(terms)), key=lambda term: -len(terms[term]))
        self.left, self.right = self._halves()
        self._left_sums = _sums([self.terms[term] for term in self.left])
        sums = _sums([self.terms[term] for term in self.right])
        self._right_order = np.argsort(sums, kind="stable")
        self._right_sums = sums[self._right_order]

    def _halves(self) -> tuple[list[int], list[int]]:
        """The terms in two groups with products as equal as possible, largest first."""
        halves: tuple[list[int], list[int]] = ([], [])
        products = [1, 1]
        for term in self.order:
            smaller = 0 if products[0] <= products[1] else 1
            halves[smaller].append(term)
            products[smaller] *= len(self.terms[term])
        return halves

    @property
    def tried(self) -> int:
        """How many combinations there are."""
        return math.prod(len(values) for values in self.terms)

    def _stretches(self, first: int, beyond: int) -> Iterator[tuple[int, np.ndarray, np.ndarray]]:
        """Block by block of left sums, where the fitting right sums begin and end."""
        for start in range(0, len(self._left_sums), _BLOCK):
            block = self._left_sums[start : start + _BLOCK]
            begin = np.searchsorted(self._right_sums, first - block, side="left")
            end = np.searchsorted(self._right_sums, beyond - block, side="left")
            yield start, begin, end

    def count(self, interval: Interval) -> int:
        """How many combinations fall into an interval."""
        return sum(int((end - begin).sum()) for _, begin, end in self._stretches(*_limits(interval)))

    def hits(self, interval: Interval, limit: int = 1000) -> Hits:
        """The combinations inside an interval.

        Parameters
        ----------
        interval : Interval
            In tonnes.
        limit : int
            How many to list at most; all are counted.

        Returns
        -------
        Hits
        """
        count = 0
        listed: list[tuple[int, ...]] = []
        for start, begin, end in self._stretches(*_limits(interval)):
            count += int((end - begin).sum())
            for at in np.flatnonzero(end > begin):
                if len(listed) >= limit:
                    break
                pairs = range(int(begin[at]), int(end[at]))
                listed += [self._choices(start + int(at), int(self._right_order[right])) for right in pairs]
        return Hits(self.tried, count, tuple(sorted(listed[:limit])))

    def _choices(self, left: int, right: int) -> tuple[int, ...]:
        """The choice of every term from the numbers of two half-sums."""
        chosen = [0] * len(self.terms)
        for terms, number in ((self.left, left), (self.right, right)):
            rest = number
            for term in reversed(terms):
                rest, chosen[term] = divmod(rest, len(self.terms[term]))
        return tuple(chosen)


def _sums(terms: Sequence[np.ndarray]) -> np.ndarray:
    """All sums of one value per term, the last term running fastest."""
    sums = np.zeros(1, dtype=np.int64)
    for values in terms:
        sums = (sums[:, None] + values[None, :]).ravel()
    return sums


def expected_by_chance(combinations: Combinations, interval: Interval) -> tuple[float, float]:
    """How many combinations would fall into an interval if its place meant nothing.

    Parameters
    ----------
    combinations : Combinations
        The declared space.
    interval : Interval
        The printed figure's, in tonnes.

    Returns
    -------
    tuple of (float, float)
        The number expected from the density of totals in a window 400 times as wide around the interval, the interval itself left
        out, and its standard deviation as a Poisson count of the window.
    """
    reach = interval.width * _WINDOW
    below = Interval(interval.low - reach, interval.low, True, False)
    above = Interval(interval.high, interval.high + reach, True, False)
    around = combinations.count(below) + combinations.count(above)
    return around / (2 * _WINDOW), math.sqrt(around) / (2 * _WINDOW)
