"""The uncertainty of a million lines on five hundred factors against calculating those lines, plus one matrix product.

Lines are grouped by source and factor before anything is drawn, so that the draws cost nothing a line.
"""

import resource

import numpy as np
import pandas as pd

from benchmarks.timing import best_processor_seconds, line

ROWS, FACTORS, DRAWS, GOAL, GOAL_GB = 1_000_000, 500, 10_000, 3.0, 1.0
EDITION = "uk-desnz@2025"


def _lines(sources):
    """A million lines of some sources, each with its limits, on five hundred rows of one edition that are named."""
    import carbonledger as cl

    rows = [row for row in cl.factors.read_edition(EDITION).factors(parameter="emission_factor") if row.gas == "CO2e"]
    named = [row for row in rows if not row.activity and row.unit.partition("/")[2]][:FACTORS]
    random = np.random.default_rng(11)
    chosen = random.integers(0, len(named), ROWS)
    numbers = random.integers(0, sources, ROWS)
    return pd.DataFrame(
        {
            "source": pd.Series([f"meter {number}" for number in range(sources)]).take(numbers).array,
            "activity": "other",
            "unit": np.array([row.unit.partition("/")[2] for row in named], dtype=object)[chosen],
            "factor": np.array([row.reference for row in named], dtype=object)[chosen],
            "scope_3_category": 1,
            "region": "GB",
            "year": 2025,
            "amount": random.uniform(1, 1000, ROWS),
        }
    )


def uncertain():
    """Both approaches with 10 000 draws; the memory is that of the whole process at its highest."""
    import carbonledger as cl

    factors = cl.load_factors(EDITION)
    product = best_processor_seconds(lambda: np.ones((DRAWS, FACTORS)) @ np.ones((FACTORS, FACTORS)), repeats=3)
    stated = cl.uncertainty.UncertaintySettings(
        activity=[{"activity": "other", "percent": 5.0, "reason": "constructed"}],
        factor=[{"edition": EDITION, "percent": 10.0, "reason": "constructed"}],
        draws=DRAWS,
    )
    for sources in (1, 100, 1_000):
        frame = _lines(sources)

        def plain(frame=frame):
            return cl.calculate(frame, factors, gwp="ipcc-ar5@2013")

        inventory = plain()

        def ours(inventory=inventory):
            return cl.uncertainty.assess(inventory, stated).to_dict()

        name = f"uncertainty of {ROWS:,} lines, {sources:,} sources / one calculation and a matrix product"
        yield line(name, best_processor_seconds(ours, 2), best_processor_seconds(plain, 3) + product, GOAL)
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"{'ok  ' if gigabytes < GOAL_GB else 'MISS'} memory of the process: {gigabytes:.2f} GB (goal < {GOAL_GB})")
    yield gigabytes < GOAL_GB


ALL = (uncertain,)
