"""Start-up, the report as a whole process, and a million entries."""

from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.timing import interleaved_seconds, line, median_seconds

PROJECT = Path(__file__).resolve().parent.parent
ROWS, PINT_ROWS = 1_000_000, 2_000


def start_up():
    """`import carbonledger` and the report against bare imports of pint and pandas."""
    ours, rival = interleaved_seconds(("-c", "import carbonledger"), ("-c", "import pint, pandas"))
    yield line("import carbonledger / import pint, pandas", ours, rival, 1.2)
    every = "import carbonledger as c; [getattr(c, name) for name in c.__all__]"
    ours, rival = interleaved_seconds(("-c", every), ("-c", "import pint, pandas"))
    yield line("import with every public name loaded / import pint, pandas (no goal set)", ours, rival, 2.0)
    report = ("-c", "from carbonledger.cli.main import main; main()", "report", str(PROJECT / "seeds" / "techen-2024"))
    ours, rival = interleaved_seconds(report, ("-c", "import pandas, pint; pint.UnitRegistry()"))
    yield line("carbonledger report seeds/techen-2024 / import pandas, pint; UnitRegistry()", ours, rival, 2.0)


def million_entries():
    """A million rows with some two thousand distinct keys: four carriers in four units, 31 provinces, four years."""
    import pycountry

    apart = {"CN-TW", "CN-HK", "CN-MO"}
    provinces = sorted(item.code for item in pycountry.subdivisions.get(country_code="CN") if item.code not in apart)
    masses, heats, powers = ("t", "kg", "g", "Mt"), ("GJ", "MJ", "TJ", "kJ"), ("kWh", "MWh", "GWh", "TWh")
    carriers = {"electricity.grid": powers, "fuel.gasoline": masses, "fuel.diesel": masses, "heat.purchased": heats}
    keys = [
        (activity, unit, region, year)
        for region in provinces
        for year in (2022, 2023, 2024, 2025)
        for activity, units in carriers.items()
        for unit in units
    ]
    table = pd.DataFrame(keys, columns=["activity", "unit", "region", "year"])
    frame = table.take(np.resize(np.arange(len(table)), ROWS)).reset_index(drop=True)
    return frame.assign(amount=np.random.default_rng(1).uniform(1, 1000, ROWS))


def calculation():
    """The same result by this library, by hand-written pandas, and by pint row by row."""
    import carbonledger as cl

    frame = million_entries()
    factors = cl.load_factors(
        "cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-a@2013", "cn-ndrc-heat@2013", "cn-energy-yearbook@2021"
    )
    lines = cl.calculate(frame, factors, gwp="ipcc-ar5@2013").lines
    keys = ["activity", "unit", "region", "year"]
    measures = ["energy_gj", "co2_t", "emissions_tco2e"]
    columns = ["plan_id", "scope", "category", "match", "factor_ids"]
    table = lines.drop_duplicates(keys)
    for measure in measures:
        table = table.assign(**{f"{measure}_per_unit": table[measure] / table["amount"]})
    table = table[[*keys, *columns, *[f"{measure}_per_unit" for measure in measures]]].reset_index(drop=True)

    def by_hand():
        joined = frame.merge(table, on=keys)
        for measure in measures:
            joined[measure] = joined["amount"] * joined[f"{measure}_per_unit"]
        return joined.drop(columns=[f"{measure}_per_unit" for measure in measures])

    ours = median_seconds(lambda: cl.calculate(frame, factors, gwp="ipcc-ar5@2013"))
    rival = median_seconds(by_hand)
    assert np.isclose(by_hand()["emissions_tco2e"].sum(), lines["emissions_tco2e"].sum())
    yield line(f"calculate {ROWS:,} rows / hand-written pandas merge and multiply", ours, rival, 3.0)

    sample = frame.head(PINT_ROWS)

    rates = {"Wh": (0.5703, "t/MWh"), "J": (0.11, "t/GJ")}
    per_unit = {unit: rates.get(unit[1:], (3.04, "t/t")) for unit in sample["unit"].unique()}

    def row_by_row():
        units = cl.units.registry()
        for amount, unit in zip(sample["amount"], sample["unit"], strict=True):
            value, factor_unit = per_unit[unit]
            (units.Quantity(amount, unit) * units.Quantity(value, factor_unit)).to("t")

    per_row_pint = median_seconds(row_by_row) / PINT_ROWS
    yield line("per row: calculate / pint on each row", ours / ROWS, per_row_pint, 100, at_least=True)


ALL = (start_up, calculation)
