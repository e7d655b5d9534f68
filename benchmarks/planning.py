"""Planning of keys as real books have them, against pandas reading the edition that prices them.

Times are those of the processor, so that what else runs on the machine counts little.
"""

import io
from pathlib import Path

import pandas as pd

from benchmarks.timing import best_processor_seconds

EDITION = "uk-desnz@2025"
TABLE = Path(__file__).resolve().parent.parent / "emission_factors" / "uk-desnz" / "2025" / "factors.csv"
GOAL_MS = 0.3


def keys_by_kind():
    """Distinct combinations as entries have them: an activity alone, a named row, a variant, a refrigerant, a Chinese fuel."""
    import carbonledger as cl
    from carbonledger.inventory.coefficients import Key

    rows = cl.factors.read_edition(EDITION).factors(parameter="emission_factor")
    known = cl.activities.taxonomy()
    per = {row.factor_id: row.unit.partition("/")[2] for row in rows}
    gas = [row for row in rows if row.gas == "CO2e" and per[row.factor_id]]
    fuels = {
        row.activity for row in cl.factors.read_edition("cn-ndrc-fuels-a@2013").factors(parameter="carbon_content")
    }
    return {
        "an activity": {Key(row.activity, per[row.factor_id], "GB", 2025) for row in gas if row.activity in known},
        "a row by its full name": {
            Key("other", per[row.factor_id], "GB", 2025, row.reference, 1) for row in gas if not row.activity
        },
        "an activity and a variant": {
            Key(row.activity, per[row.factor_id], "GB", 2025, row.variant)
            for row in gas
            if row.activity in known and row.variant
        },
        "a refrigerant": {Key(name, "kg", "GB", 2025) for name in known if name.startswith("refrigerant.")},
        "calorific value x carbon content": {Key(name, "t", "CN-SD", 2024) for name in fuels if name in known},
    }


def real_keys():
    """Milliseconds a key, pins read anew each time, and the same as a share of `pandas.read_csv` of the edition."""
    import carbonledger as cl
    from carbonledger.inventory.plan import build_plan

    gwp, content = cl.factors.read_gwp("ipcc-ar5@2013"), TABLE.read_bytes()
    reading = best_processor_seconds(lambda: pd.read_csv(io.BytesIO(content)))
    for kind, keys in keys_by_kind().items():

        def ours(keys=keys, kind=kind):
            cl.factors.read_edition.cache_clear()
            pins = ("cn-ndrc-fuels-a@2013",) if kind.startswith("calorific") else (EDITION,)
            build_plan(keys, cl.load_factors(*pins), gwp)

        each = best_processor_seconds(ours, repeats=3) / len(keys) * 1000
        met = each <= GOAL_MS
        print(
            f"{'ok  ' if met else 'MISS'} plan {kind}: {each:.2f} ms a key of {len(keys)} (goal {GOAL_MS}), "
            f"{each / reading / 10:.1f} % of pandas.read_csv of the edition ({reading * 1000:.1f} ms)"
        )
        yield met


ALL = (real_keys,)
