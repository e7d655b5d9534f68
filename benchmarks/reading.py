"""Reading: a hundred thousand and a million rows from CSV, XLSX and mappings, against what a data frame library needs for the file."""

import importlib.util
import io
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas as pd

from benchmarks.timing import line, median_seconds

ROWS, MANY = 100_000, 1_000_000
HEADINGS = ("site", "source", "activity", "amount", "unit", "period", "region")
CARRIERS = (
    ("electricity.grid", "kWh"),
    ("fuel.gasoline", "t"),
    ("fuel.diesel", "t"),
    ("fuel.natural_gas", "Nm3"),
    ("electricity.solar", "kWh"),
)


def clean_rows(count):
    """Monthly readings of meters, a hundred sites, five carriers; no row repeats another."""
    draw = random.Random(1)  # noqa: S311 - the same rows each time
    for at in range(count):
        activity, unit = CARRIERS[at // 12 % len(CARRIERS)]
        yield (
            f"site{at // 60 % 100}",
            f"meter{at // 12}",
            activity,
            round(draw.uniform(1, 1e5), 2),
            unit,
            f"2024-{at % 12 + 1:02}",
            "CN-SD",
        )


def csv_file(folder, count):
    """The rows as a CSV."""
    path = Path(folder) / f"clean-{count}.csv"
    pd.DataFrame(clean_rows(count), columns=HEADINGS).to_csv(path, index=False)
    return path


def from_csv():
    """Checked entries of a CSV against `pandas.read_csv` of it, and ten times as many rows."""
    import carbonledger as cl

    with tempfile.TemporaryDirectory() as folder:
        few, many = csv_file(folder, ROWS), csv_file(folder, MANY)
        assert len(cl.read_entries(few)) == ROWS
        ours, rival = median_seconds(lambda: cl.read_entries(few)), median_seconds(lambda: pd.read_csv(few))
        yield line(f"read {ROWS:,} rows of CSV into checked entries / pandas.read_csv", ours, rival, 8)
        longer = median_seconds(lambda: cl.read_entries(many), repeats=3)
        yield line(f"read {MANY:,} rows / {ROWS:,} rows", longer, ours, 12)
        script = (
            "import carbonledger as c, resource, sys; c.read_entries(sys.argv[1]);"
            "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
        )
        done = subprocess.run([sys.executable, "-c", script, str(many)], check=True, capture_output=True, text=True)
        gigabytes = int(done.stdout) / 1e6
        print(f"{'ok  ' if gigabytes < 2 else 'MISS'} read {MANY:,} rows: {gigabytes:.2f} GB at most (goal 2)")
        yield gigabytes < 2


def from_workbook():
    """Checked entries of a workbook against python-calamine's lists."""
    import xlsxwriter
    from python_calamine import CalamineWorkbook

    import carbonledger as cl

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "clean.xlsx"
        with xlsxwriter.Workbook(path) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate((HEADINGS, *clean_rows(ROWS))):
                sheet.write_row(at, 0, row)
        content = path.read_bytes()
        ours = median_seconds(lambda: cl.read_entries(path))
        rival = median_seconds(
            lambda: CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        )
        yield line(f"read {ROWS:,} rows of XLSX / python-calamine to a list", ours, rival, 2)


def from_mappings():
    """A total from Python mappings against two libraries that take them, where they are installed."""
    import carbonledger as cl

    rows = [dict(zip(HEADINGS, row, strict=True)) for row in clean_rows(ROWS)]
    factors = cl.load_factors("cn-mee-nbs-grid@2022", "cn-ndrc-fuels-b@2013", "cn-energy-yearbook@2021")

    def total():
        return cl.calculate(cl.read_entries(rows), factors, gwp="ipcc-ar5@2013").total_location_based()

    ours = median_seconds(total)
    for name, rival in (("esgcalc", _esgcalc), ("scope3track", _scope3track)):
        if importlib.util.find_spec(name):
            yield line(f"{ROWS:,} mappings to a total / {name}", ours, median_seconds(rival(rows), repeats=3), 0.5)
        else:
            print(f"     {ROWS:,} mappings to a total: {ours:.3f} s; {name} is not installed")


PER_UNIT = {
    "electricity.grid": 0.57,
    "fuel.gasoline": 3000.0,
    "fuel.diesel": 3100.0,
    "fuel.natural_gas": 2.1,
    "electricity.solar": 0.0,
}


def _esgcalc(rows):
    """The same multiplication by esgcalc, which asks for a factor in every row."""
    from esgcalc.environment import emissions_from_activity

    units = {"kWh": "kWh", "t": "t", "Nm3": "m3"}
    given = [
        {
            "activity_id": str(at),
            "quantity": row["amount"],
            "activity_unit": units[row["unit"]],
            "factor": PER_UNIT[row["activity"]],
            "factor_activity_unit": units[row["unit"]],
            "factor_emission_unit": "kgCO2e",
            "factor_source": "example",
        }
        for at, row in enumerate(rows)
    ]
    return lambda: emissions_from_activity(given)


def _scope3track(rows):
    """The same multiplication by scope3track."""
    import warnings

    from scope3track import EmissionCalculator, EmissionScope

    calculator = EmissionCalculator()

    def total():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return sum(
                calculator.calculate(
                    str(at),
                    EmissionScope.SCOPE1,
                    row["source"],
                    row["amount"],
                    row["unit"],
                    custom_factor=PER_UNIT[row["activity"]],
                ).emissions_kg_co2e
                for at, row in enumerate(rows)
            )

    return total


ALL = (from_csv, from_workbook, from_mappings)
