"""Counting the hits among ten thousand million combinations, against trying each one."""

import itertools
import random
import resource
from decimal import Decimal

from benchmarks.timing import line, median_seconds

LARGE, SMALL = 317, 40


def counting():
    """Sorted half-sums on 10^10 combinations, and per combination against brute force on 2.5 million."""
    from carbonledger.analysis.combinations import Combinations, to_units
    from carbonledger.rounding import parse_figure

    draw = random.Random(1)  # noqa: S311 - reproducible, not secret
    figure = parse_figure("1234.56")

    def terms(size):
        return [[to_units(Decimal(str(round(draw.uniform(0, 1240), 6)))) for _ in range(size)] for _ in range(4)]

    large = terms(LARGE)
    seconds = median_seconds(lambda: Combinations(large).hits(figure.interval), repeats=3)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{'ok  ' if seconds < 60 else 'MISS'} hits among {LARGE**4:,} combinations: {seconds:.2f} s (goal 60), peak {memory:.2f} GB"
    )
    small = terms(SMALL)
    low, high = to_units(figure.interval.low), to_units(figure.interval.high)

    def brute():
        return sum(low <= sum(chosen) < high for chosen in itertools.product(*small))

    assert Combinations(small).count(figure.interval) == brute()
    yield seconds < 60
    per_ours, per_brute = seconds / LARGE**4, median_seconds(brute, repeats=1) / SMALL**4
    yield line("per combination: sorted half-sums / trying each one", per_ours, per_brute, 1000, at_least=True)


ALL = (counting,)
