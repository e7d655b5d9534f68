"""Counting combinations: exact against trying each one, in bounded memory, interruptible; and what chance would give."""

import itertools
from collections import Counter
from decimal import Decimal
from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonledger.core.errors import FigureError
from carbonledger.core.printed_number import parse_figure
from carbonledger.core.rounding import Interval
from carbonledger.reconstruction import chance, combinations
from carbonledger.reconstruction.chance import Cells, cells_around, chance_of, count_cells
from carbonledger.reconstruction.combinations import Combinations, limits_of, to_units
from carbonledger.reconstruction.counts import Counting, Counts
from tests.support import examples

CENT = to_units(Decimal("0.01"))
choice = st.tuples(st.integers(-200, 200), st.integers(0, 2))
spaces = st.lists(st.lists(choice, min_size=1, max_size=6), min_size=1, max_size=5)
places = st.tuples(st.integers(-500, 500), st.integers(0, 80), st.booleans(), st.booleans())


def interval_of(place):
    """An interval in hundredths of a tonne."""
    low, width, low_closed, high_closed = place
    return Interval(Decimal(low) / 100, Decimal(low + width) / 100, low_closed, high_closed)


def counting_of(space, interval, limit=10_000):
    """The counting of a space given as values and levels."""
    values = [[to_units(Decimal(value) / 100) for value, _ in term] for term in space]
    levels = [[level for _, level in term] for term in space]
    built = Combinations(values, levels)
    first, beyond = limits_of(interval)
    return Counting(built, first, beyond, cells_around(first, beyond, built.reach), limit)


def finished(counting, tally=None):
    """The tally after the last block."""
    tally = tally or counting.begin()
    for after in counting.steps(tally):
        tally = after
    return tally


def hits_of(space, interval):
    """Every combination inside an interval, found by trying each one, with its rank."""
    for chosen in itertools.product(*(range(len(term)) for term in space)):
        picked = [term[at] for term, at in zip(space, chosen, strict=True)]
        if Decimal(sum(value for value, _ in picked)) / 100 in interval:
            levels = [level for _, level in picked]
            yield chosen, (max(levels), sum(levels))


@examples(300)
@given(spaces, places, st.integers(1, 50))
def test_counting_is_exact(space, place, block):
    """Counts by choice and by rank, and the hits kept, are those that trying each one finds, whatever the size of the blocks."""
    interval = interval_of(place)
    counting = counting_of(space, interval)
    with patch.object(combinations, "BLOCK", block):
        tally = finished(counting)
    inside = dict(hits_of(space, interval))
    assert tally.count == counting.combinations.count(interval) == len(inside)
    assert tally.done * counting.combinations.right_size == counting.combinations.tried
    assert {rank: number for rank, number in tally.ranks.items() if number} == Counter(inside.values())
    for term, counts in enumerate(tally.choices):
        assert counts.tolist() == [sum(chosen[term] == at for chosen in inside) for at in range(len(space[term]))]
    kept = {counting.combinations.choices(left, right): rank for rank, left, right in tally.kept}
    assert kept == inside


@examples(200)
@given(spaces, places, st.integers(0, 6), st.integers(1, 50))
def test_the_best_ranked_are_kept(space, place, limit, block):
    """However few are kept, they are hits of the best ranks, and the counts do not depend on how many."""
    interval = interval_of(place)
    counting = counting_of(space, interval, limit)
    with patch.object(combinations, "BLOCK", block):
        tally = finished(counting)
    inside = dict(hits_of(space, interval))
    assert [rank for rank, _, _ in tally.kept] == sorted(inside.values())[:limit]
    assert all(inside[counting.combinations.choices(left, right)] == rank for rank, left, right in tally.kept)
    assert tally.count == len(inside)
    assert sum(tally.choices[0]) == len(inside)


@examples(200)
@given(spaces, st.integers(-500, 500), st.integers(1, 30))
def test_cells_are_counted_exactly(space, low, width):
    """Few totals sorted into cells, and many counted by bisection, are what counting each cell by itself gives."""
    counting = counting_of(space, interval_of((low, width, True, False)))
    cells, built = counting.cells, counting.combinations
    block = next(built.blocks())
    few = count_cells(built, block, cells)
    with patch.object(chance, "_ENUMERATED", -1):
        many = count_cells(built, block, cells)
    starts = [cells.first + at * cells.width for at in range(cells.number)]
    unit = combinations.UNIT
    alone = [
        built.count(Interval(start * unit, (start + cells.width) * unit, True, False)) if at % 40 == 0 else None
        for at, start in enumerate(starts)
    ]
    assert few.tolist() == many.tolist()
    assert all(one in (None, number) for one, number in zip(alone, few.tolist(), strict=True))
    assert few[cells.below] == built.count(interval_of((low, width, True, False)))


@given(spaces, places, st.integers(1, 7), st.integers(1, 20))
def test_a_tally_can_be_written_and_taken_up(space, place, block, stop):
    """Broken off after any block and taken up from plain data, the counts are those of one run."""
    counting = counting_of(space, interval_of(place))
    with patch.object(combinations, "BLOCK", block):
        *_, partial = itertools.islice(counting.steps(counting.begin()), stop)
        whole = finished(counting, Counts.from_dict(partial.to_dict()))
        assert whole.to_dict() == finished(counting).to_dict()


def test_a_term_needs_a_choice():
    """A space with an empty term has no combinations, which is a mistake."""
    with pytest.raises(ValueError, match="needs a choice"):
        Combinations([[1], []])


def test_sums_beyond_64_bits_are_refused():
    """No count is made of sums that would overflow."""
    with pytest.raises(FigureError, match="no total of a company"):
        Combinations([[to_units(Decimal("2e8"))]])


def test_a_mere_limit_is_no_interval():
    """Over 2480 has no end."""
    with pytest.raises(FigureError, match="has no end"):
        limits_of(parse_figure("超 2480").interval)


def test_memory_is_that_of_the_smaller_half():
    """A huge term is walked through, not sorted."""
    built = Combinations([range(1000), range(7), range(5)])
    assert (built.left_size, built.right_size) == (1000, 35)
    assert len(built.right_sums) == 35


def test_chance_is_the_local_density():
    """A uniform space of totals is hit as often as its density says, and its counts hardly spread."""
    built = Combinations([range(0, 10**12, 10**8), range(0, 10**8, 10**7)])
    first, beyond = limits_of(Interval(Decimal("50.000"), Decimal("50.010"), True, False))
    counting = Counting(built, first, beyond, cells_around(first, beyond, built.reach), 10)
    tally = finished(counting)
    found = chance_of(tally.cells, counting.cells)
    assert (found.cells, found.expected, found.deviation, found.as_many) == (400, 10.0, 0.0, 400)
    assert tally.count == 10


@given(st.integers(0, 300), st.integers(0, 300), st.integers(1, 50))
def test_the_window_stays_within_the_space(below, above, width):
    """At the edge the neighbours are taken from the other side; never from where there are no totals."""
    first, low, high = 0, -below * width, (above + 1) * width - 1
    cells = cells_around(first, width, (low, high))
    assert cells.first >= low
    assert cells.first + cells.number * cells.width - 1 <= high
    assert cells.below + cells.above == min(400, below + above)
    assert abs(cells.below - cells.above) == 0 or min(cells.below, cells.above) in {below, above, 200}


def test_outside_of_the_space_nothing_is_said_of_chance():
    """A total that no combination can reach has no neighbours."""
    cells = cells_around(1000, 1010, (0, 500))
    assert (cells.below, cells.above) == (0, 0)
    found = chance_of(np.array([0]), cells)
    assert (found.expected, found.deviation, found.upper_bound) == (None, None, None)


def test_empty_neighbours_give_a_bound():
    """No hit among 400 neighbours bounds the mean at 3/400 (rule of three)."""
    found = chance_of([0] * 401, Cells(0, 1, 200, 200))
    assert found.expected == 0
    assert found.upper_bound == pytest.approx(3 / 400, rel=0.01)
    assert chance_of([0] * 200 + [5] + [1] * 200, Cells(0, 1, 200, 200)).upper_bound is None


def test_clusters_spread_wider_than_poisson():
    """Totals that come in clusters give a deviation of the count far above the square root of the mean."""
    built = Combinations([[at * 100 * CENT for at in range(100)], [0] * 50, range(50)])
    first = 5000 * CENT
    cells = cells_around(first, first + CENT, built.reach)
    found = chance_of(finished(Counting(built, first, first + CENT, cells, 1)).cells, cells)
    assert found.deviation > 10 * found.expected**0.5
