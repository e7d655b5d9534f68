"""Exact counts over all hits of a space, in memory that does not grow with their number.

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
    """Counts over the blocks done so far; each further block gives a new record.

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
        """Counts from plain data."""
        return cls(
            data["done"],
            np.array(data["cells"], dtype=np.int64),
            tuple(np.array(counts, dtype=np.int64) for counts in data["choices"]),
            {(worst, total): count for worst, total, count in data["ranks"]},
            tuple(((worst, total), left, right) for worst, total, left, right in data["kept"]),
        )


@dataclass(frozen=True)
class Counting:
    """The counting of one space: its combinations, interval and cells.

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
        """The counts before the first block: all 0."""
        zeros = tuple(np.zeros(len(values), dtype=np.int64) for values in self.combinations.terms)
        return Counts(0, np.zeros(self.cells.number, dtype=np.int64), zeros, {}, ())

    def steps(self, counts: Counts) -> Iterator[Counts]:
        """The counts after each further block."""
        for block in self.combinations.blocks(counts.done):
            counts = self._with_block(counts, block)
            yield counts

    def _with_block(self, counts: Counts, block: Block) -> Counts:
        """The counts with one more block."""
        stretch = self.combinations.stretch(block, self.first, self.beyond)
        pairs = self._hits_by_rank(block, stretch)
        ranks = Counter(counts.ranks)
        for (left, right), hits in pairs.items():
            ranks[_rank_of_pair(left, right)] += int(hits.sum())
        choices = tuple(
            before + found for before, found in zip(counts.choices, self._by_choice(block, stretch), strict=True)
        )
        cells = counts.cells + count_cells(self.combinations, block, self.cells)
        return Counts(block.start + len(block.sums), cells, choices, ranks, self._best_kept(counts.kept, block, pairs))

    def _by_choice(self, block: Block, stretch: _Stretch) -> list[np.ndarray]:
        """By term and choice the hits of a block: stretch lengths in the larger half, stretches over each sum in the smaller."""
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
    def _places_by_rank(self) -> dict[Rank, np.ndarray]:
        """By rank the places of the smaller half, in sorted order."""
        space = self.combinations
        chosen = np.unravel_index(space.right_order, space.right_shape) if space.right else ()
        ranks = self._sums_by_rank(space.right, tuple(chosen), space.right_size)
        return {rank: np.flatnonzero(has) for rank, has in ranks.items()}

    def _sums_by_rank(self, terms: list[int], chosen: tuple[np.ndarray, ...], size: int) -> dict[Rank, np.ndarray]:
        """By rank which of some half-sums have it."""
        worst, total = np.zeros(size, dtype=np.int64), np.zeros(size, dtype=np.int64)
        for term, choice in zip(terms, chosen, strict=True):
            level = self.combinations.levels[term][choice]
            worst, total = np.maximum(worst, level), total + level
        span = int(total.max()) + 1
        codes = worst * span + total
        return {(int(code) // span, int(code) % span): codes == code for code in np.unique(codes)}

    def _hits_by_rank(self, block: Block, stretch: _Stretch) -> dict[tuple[Rank, Rank], np.ndarray]:
        """By ranks of both halves the number of hits of each sum of a block; pairs without a hit are left out."""
        begin, end = stretch
        found: dict[tuple[Rank, Rank], np.ndarray] = {}
        lefts = self._sums_by_rank(self.combinations.left, block.chosen, len(block.sums))
        for right, places in self._places_by_rank.items():
            hits = np.searchsorted(places, end) - np.searchsorted(places, begin)
            for left, has in lefts.items():
                if (hits * has).any():
                    found[left, right] = hits * has
        return found

    def _best_kept(
        self, kept: tuple[Kept, ...], block: Block, pairs: Mapping[tuple[Rank, Rank], np.ndarray]
    ) -> tuple[Kept, ...]:
        """The best hits so far with those of a block; an equal rank displaces nothing."""
        new: list[Kept] = []
        worst = kept[-1][0] if len(kept) >= self.limit > 0 else None
        for (left, right), hits in sorted(pairs.items(), key=lambda item: _rank_of_pair(*item[0])):
            rank = _rank_of_pair(left, right)
            if len(new) >= self.limit or (worst is not None and rank >= worst):
                break
            new += [(rank, at, number) for at, number in self._hitting_sums(block, right, hits, self.limit - len(new))]
        return tuple(sorted([*kept, *new])[: self.limit])

    def _hitting_sums(self, block: Block, right: Rank, hits: np.ndarray, most: int) -> Iterator[tuple[int, int]]:
        """The numbers of half-sums that hit, of one rank each, up to a limit."""
        space, places = self.combinations, self._places_by_rank[right]
        for at in np.flatnonzero(hits):
            start = int(np.searchsorted(places, np.searchsorted(space.right_sums, self.first - block.sums[at])))
            for place in places[start : start + min(int(hits[at]), most)]:
                yield block.start + int(at), int(space.right_order[place])
            most -= int(hits[at])
            if most <= 0:
                return


def _rank_of_pair(left: Rank, right: Rank) -> Rank:
    """The rank of a combination from those of its halves."""
    return max(left[0], right[0]), left[1] + right[1]
