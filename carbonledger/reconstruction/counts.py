"""What has been counted of a space: exact over all hits, in memory that does not grow with them.

Each block adds, for every choice of every term, the hits that have it; for every rank the hits of that rank; for every cell around the
interval its combinations. Only the best-ranked hits are kept one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from carbonledger.reconstruction.chance import Cells, count_cells
from carbonledger.reconstruction.combinations import Block, Combinations

__all__ = ["Counting", "Counts", "Kept", "Rank"]

Rank = tuple[int, int]
Kept = tuple[Rank, int, int]
_Stretch = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Counts:
    """Counts over the blocks done so far; a new block makes a new tally.

    Parameters
    ----------
    done : int
        Sums of the larger half that have been met with all of the smaller.
    cells : array of int
        Combinations per cell.
    choices : tuple of array of int
        By term and choice the hits that have it.
    ranks : mapping of Rank to int
        Hits per rank: the least plausible choice, then the sum over all.
    kept : tuple of Kept
        Rank and half-sum numbers of the best-ranked hits.
    """

    done: int
    cells: np.ndarray
    choices: tuple[np.ndarray, ...]
    ranks: Mapping[Rank, int]
    kept: tuple[Kept, ...]

    @property
    def count(self) -> int:
        """All hits."""
        return sum(self.ranks.values())

    def to_dict(self) -> dict[str, Any]:
        """Plain data for a file."""
        return {
            "done": self.done,
            "cells": self.cells.tolist(),
            "choices": [counts.tolist() for counts in self.choices],
            "ranks": [[*rank, count] for rank, count in self.ranks.items()],
            "kept": [[*rank, left, right] for rank, left, right in self.kept],
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Counts:
        """A tally from plain data."""
        return cls(
            data["done"],
            np.array(data["cells"], dtype=np.int64),
            tuple(np.array(counts, dtype=np.int64) for counts in data["choices"]),
            {(worst, total): count for worst, total, count in data["ranks"]},
            tuple(((worst, total), left, right) for worst, total, left, right in data["kept"]),
        )


@dataclass(frozen=True)
class Counting:
    """How one space is counted.

    Parameters
    ----------
    combinations : Combinations
        The space.
    first, beyond : int
        The interval, in units of 1e-10 t.
    cells : Cells
        The interval and its neighbours.
    limit : int
        How many hits to keep.
    """

    combinations: Combinations
    first: int
    beyond: int
    cells: Cells
    limit: int

    def begin(self) -> Counts:
        """A tally before the first block."""
        zeros = tuple(np.zeros(len(values), dtype=np.int64) for values in self.combinations.terms)
        return Counts(0, np.zeros(self.cells.number, dtype=np.int64), zeros, {}, ())

    def steps(self, tally: Counts) -> Iterator[Counts]:
        """The tally after each further block."""
        for block in self.combinations.blocks(tally.done):
            tally = self._after(tally, block)
            yield tally

    def _after(self, tally: Counts, block: Block) -> Counts:
        """The tally with one block more."""
        stretch = self.combinations.stretch(block, self.first, self.beyond)
        pairs = self._pairs(block, stretch)
        ranks = Counter(tally.ranks)
        for (left, right), hits in pairs.items():
            ranks[_joined(left, right)] += int(hits.sum())
        choices = tuple(
            before + found for before, found in zip(tally.choices, self._by_choice(block, stretch), strict=True)
        )
        cells = tally.cells + count_cells(self.combinations, block, self.cells)
        return Counts(block.start + len(block.sums), cells, choices, ranks, self._keep(tally.kept, block, pairs))

    def _by_choice(self, block: Block, stretch: _Stretch) -> list[np.ndarray]:
        """By term and choice the hits of a block: the stretches' lengths on the one side, how many stretches cover a sum on the other."""
        begin, end = stretch
        space = self.combinations
        found = [np.zeros(len(values), dtype=np.int64) for values in space.terms]
        for term, chosen in zip(space.left, block.chosen, strict=True):
            np.add.at(found[term], chosen, end - begin)
        size = space.right_size
        changes = np.bincount(begin, minlength=size + 1) - np.bincount(end, minlength=size + 1)
        covered = np.empty(size, dtype=np.int64)
        covered[space.right_order] = np.cumsum(changes)[:size]
        shaped = covered.reshape(space.right_shape)
        for axis, term in enumerate(space.right):
            found[term] += shaped.sum(axis=tuple(other for other in range(len(space.right)) if other != axis))
        return found

    @cached_property
    def _places(self) -> dict[Rank, np.ndarray]:
        """Of the smaller half the places in sorted order that have a rank."""
        space = self.combinations
        chosen = np.unravel_index(space.right_order, space.right_shape) if space.right else ()
        ranks = self._ranks(space.right, tuple(chosen), space.right_size)
        return {rank: np.flatnonzero(has) for rank, has in ranks.items()}

    def _ranks(self, terms: list[int], chosen: tuple[np.ndarray, ...], size: int) -> dict[Rank, np.ndarray]:
        """For each rank among some half-sums which of them have it."""
        worst, total = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        for term, choice in zip(terms, chosen, strict=True):
            level = self.combinations.levels[term][choice]
            worst, total = np.maximum(worst, level), total + level
        span = int(total.max()) + 1
        codes = worst * span + total
        return {(int(code) // span, int(code) % span): codes == code for code in np.unique(codes)}

    def _pairs(self, block: Block, stretch: _Stretch) -> dict[tuple[Rank, Rank], np.ndarray]:
        """By ranks of both halves the number of hits of each sum of a block; pairs without a hit are left out."""
        begin, end = stretch
        found: dict[tuple[Rank, Rank], np.ndarray] = {}
        lefts = self._ranks(self.combinations.left, block.chosen, len(block.sums))
        for right, places in self._places.items():
            hits = np.searchsorted(places, end) - np.searchsorted(places, begin)
            for left, has in lefts.items():
                if (hits * has).any():
                    found[left, right] = hits * has
        return found

    def _keep(
        self, kept: tuple[Kept, ...], block: Block, pairs: Mapping[tuple[Rank, Rank], np.ndarray]
    ) -> tuple[Kept, ...]:
        """The best hits so far with those of a block; an equal rank displaces nothing."""
        new: list[Kept] = []
        worst = kept[-1][0] if len(kept) >= self.limit > 0 else None
        for (left, right), hits in sorted(pairs.items(), key=lambda item: _joined(*item[0])):
            rank = _joined(left, right)
            if len(new) >= self.limit or (worst is not None and rank >= worst):
                break
            new += [(rank, at, number) for at, number in self._found(block, right, hits, self.limit - len(new))]
        return tuple(sorted([*kept, *new])[: self.limit])

    def _found(self, block: Block, right: Rank, hits: np.ndarray, most: int) -> Iterator[tuple[int, int]]:
        """Numbers of half-sums that hit, of one rank each, at most so many."""
        space, places = self.combinations, self._places[right]
        for at in np.flatnonzero(hits):
            start = int(np.searchsorted(places, np.searchsorted(space.right_sums, self.first - block.sums[at])))
            for place in places[start : start + min(int(hits[at]), most)]:
                yield block.start + int(at), int(space.right_order[place])
            most -= int(hits[at])
            if most <= 0:
                return


def _joined(left: Rank, right: Rank) -> Rank:
    """The rank of a combination from those of its halves."""
    return max(left[0], right[0]), left[1] + right[1]
