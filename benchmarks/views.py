"""Every standard view of a million lines against one pandas groupby over the same keys."""

import numpy as np
import pandas as pd

from benchmarks.timing import line, median_seconds

ROWS, ENTITIES = 1_000_000, 200
VIEWS = [
    ("scope",),
    ("gas",),
    ("entity",),
    ("month",),
    ("scope", "entity"),
    ("scope", "month"),
    ("entity", "month"),
    ("scope", "gas", "entity", "month"),
]


def lines_of_a_group():
    """A million entries of two hundred companies over twelve months, in all three scopes."""
    random = np.random.default_rng(7)
    kinds = np.array(
        [
            ("electricity.grid", "kWh"),
            ("fuel.natural_gas", "m3"),
            ("travel.rail.national", "passenger km"),
            ("waste.glass.landfill", "t"),
        ]
    )
    chosen = random.integers(0, len(kinds), ROWS)
    return pd.DataFrame(
        {
            "entity": pd.Series([f"company {number:03}" for number in range(ENTITIES)])
            .take(random.integers(0, ENTITIES, ROWS))
            .array,
            "activity": kinds[chosen, 0],
            "unit": kinds[chosen, 1],
            "region": "GB",
            "year": 2024,
            "month": random.integers(1, 13, ROWS),
            "amount": random.uniform(1, 1000, ROWS),
        }
    )


def views():
    """Each view on a fresh inventory, so that nothing is remembered from another one."""
    import carbonledger as cl

    inventory = cl.calculate(lines_of_a_group(), cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013")
    lines = inventory.lines
    gases = [name for name in lines.columns if name.endswith("_t")]

    def rival(axes):
        keys = [axis for axis in axes if axis != "gas"] or ["scope"]
        measures = gases if "gas" in axes else ["emissions_tco2e"]

        def grouped():
            """Grouped anew each time: pandas remembers the groups of an object."""
            return lines.groupby(keys)[measures].sum()

        return grouped

    def ours(axes):
        from dataclasses import replace

        return lambda: replace(inventory).view(*axes)

    for axes in VIEWS:
        name = f"view {' x '.join(axes)} of {ROWS:,} lines / one pandas groupby"
        yield line(name, median_seconds(ours(axes)), median_seconds(rival(axes)), 1.5)


ALL = (views,)
