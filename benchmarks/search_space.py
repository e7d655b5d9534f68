"""Counting the hits among ten thousand million combinations, with shares, ranks and chance, against trying each one."""

import itertools
import random
import tracemalloc
from decimal import Decimal

from benchmarks.timing import line, median_seconds

SHAPES = ((317,) * 4, (2155,) * 3, (100,) * 5)
SMALL = 40
GOAL_SECONDS, GOAL_MB = 60, 500


def counting_of(sizes):
    """A random space around a printed total, each choice with a plausibility."""
    from carbonledger.core.printed_number import parse_figure
    from carbonledger.reconstruction.chance import cells_around
    from carbonledger.reconstruction.combinations import Combinations, limits_of, to_units
    from carbonledger.reconstruction.counts import Counting

    draw = random.Random(1)  # noqa: S311 - reproducible, not secret
    terms = [[to_units(Decimal(str(round(draw.uniform(0, 600), 6)))) for _ in range(size)] for size in sizes]
    built = Combinations(terms, [[draw.randrange(3) for _ in range(size)] for size in sizes])
    first, beyond = limits_of(parse_figure("1234.56").interval)
    return terms, Counting(built, first, beyond, cells_around(first, beyond, built.reach), 10_000)


def whole(counting):
    """The tally after the last block."""
    *_, last = counting.steps(counting.begin())
    return last


def counting():
    """Sorted half-sums on 10^10 combinations of several shapes, and per combination against brute force on 2.5 million."""
    per_ours = 0.0
    for sizes in SHAPES:
        _, large = counting_of(sizes)
        seconds = median_seconds(lambda large=large: whole(large), repeats=3)
        tracemalloc.start()
        hits = whole(counting_of(sizes)[1]).count
        memory = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        good = seconds < GOAL_SECONDS and memory < GOAL_MB
        shape = " x ".join(map(str, sizes))
        print(
            f"{'ok  ' if good else 'MISS'} {hits:,} hits among {shape} = {large.combinations.tried:,}: {seconds:.2f} s "
            f"(goal {GOAL_SECONDS}), peak {memory:.0f} MB (goal {GOAL_MB})"
        )
        yield good
        per_ours = per_ours or seconds / large.combinations.tried
    terms, small = counting_of((SMALL,) * 4)
    low, high = small.first, small.beyond

    def brute():
        return sum(low <= sum(chosen) < high for chosen in itertools.product(*terms))

    assert whole(small).count == brute()
    per_brute = median_seconds(brute, repeats=1) / SMALL**4
    yield line("per combination: sorted half-sums / trying each one", per_ours, per_brute, 500, at_least=True)


ALL = (counting,)
