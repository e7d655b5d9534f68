"""Index decomposition of a million line pairs, against one numpy pass of its formula."""

import numpy as np

from benchmarks.timing import best_processor_seconds, line

LINES, EFFECTS = 1_000_000, 4


def pairs():
    """Two periods of lines with four effects, all above 0; the formula without checks, limits or contributions kept."""
    import carbonledger as cl

    cells = np.random.default_rng(7).uniform(0.5, 2.0, (2, LINES, EFFECTS))
    names = [f"x{at}" for at in range(EFFECTS)]

    def formula():
        before, after = cells
        values = before.prod(axis=1), after.prod(axis=1)
        weights = (values[1] - values[0]) / np.log(values[1] / values[0])
        return (weights[:, np.newaxis] * np.log(after / before)).sum(axis=0)

    def ours():
        return cl.decompose(cells, effects=names).effects

    if not np.allclose(ours()[names].iloc[0], formula(), rtol=1e-9):
        print("MISS LMDI differs from its formula")
        yield False
    yield line(
        "LMDI of 1,000,000 line pairs with 4 effects / one numpy pass of its formula",
        best_processor_seconds(ours),
        best_processor_seconds(formula),
        3,
    )


ALL = (pairs,)
