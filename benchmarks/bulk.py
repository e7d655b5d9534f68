"""Ten million readings in a file to energy and emissions, on three engines, against joins and sums written by hand."""

import os
import tempfile
from itertools import product
from pathlib import Path

import duckdb
import polars as pl
import pycountry

import carbonledger as cl
from benchmarks.timing import line, median_pair, median_seconds
from carbonledger.readings.columns import reading_columns
from carbonledger.readings.entries import read_readings
from carbonledger.readings.files import reading_files
from carbonledger.readings.summation import summed_readings

ROWS = int(os.environ.get("BENCHMARK_ROWS", "10_000_000"))
KEYS = 8000
FUELS, AR5 = "cn-ndrc-fuels-a@2013", "ipcc-ar5@2013"
KEY = ["activity", "unit", "region", "year"]
REPEATS = 5


def quiet(memory=""):
    """A connection of DuckDB that draws no bar among the results, and keeps to some memory."""
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    if memory:
        connection.execute("SET memory_limit = ?", [memory])
    return connection


def keys_of(count=KEYS):
    """So many combinations of fuel, unit, province and year."""
    import pandas as pd

    edition = cl.factors.read_edition(FUELS)
    fuels = sorted({row.activity for row in edition.factors(parameter="carbon_content")})
    apart = {"CN-TW", "CN-HK", "CN-MO"}
    regions = [item.code for item in pycountry.subdivisions.get(country_code="CN") if item.code not in apart]
    rows = product(range(2025, 1979, -1), fuels, ("t", "kg", "g"), regions)
    frame = pd.DataFrame(rows, columns=["year", "activity", "unit", "region"]).assign(amount=1.0)
    known = cl.calculate(frame, cl.load_factors(FUELS), gwp=AR5, missing="report").lines
    return known[KEY].drop_duplicates().head(count).reset_index(drop=True)


def written(folder, rows=ROWS, keys=KEYS):
    """A file of readings: keys in turn, days of one year."""
    connection, frame = quiet(), keys_of(keys)
    connection.register("keys_frame", frame.assign(k=range(len(frame))))
    path = Path(folder) / f"readings-{rows}-{keys}.parquet"
    connection.execute(
        f"""COPY (SELECT activity, unit, region, year, 'e' || (k % 5) AS entity, 's' || (k % 50) AS site, 'm' || k AS source,
            DATE '2024-01-01' + ((i // {len(frame)}) % 366)::int AS start, random() * 100 AS amount
        FROM (SELECT i, (i * 7919) % {len(frame)} AS k FROM range({rows}) t(i)) JOIN keys_frame USING (k))
        TO '{path}' (FORMAT parquet)"""
    )
    return path


def plan_of(path):
    """The combinations of a file with two coefficients each, as they are at hand for who writes the join himself."""
    keys = quiet().sql(f"SELECT DISTINCT {', '.join(KEY)} FROM '{path}'").df()
    return keys.assign(gj=1.0, tonnes=2.0)


def with_duckdb(path, memory=""):
    """On DuckDB: ours, and the SQL by hand."""
    connection, factors = quiet(memory), cl.load_factors(FUELS)
    connection.register("plan_frame", plan_of(path))
    connection.execute("CREATE TABLE plan AS FROM plan_frame")
    sql = f"""SELECT entity, activity, year(start) * 100 + month(start) AS m, sum(amount * gj), sum(amount * tonnes)
        FROM '{path}' JOIN plan USING (activity, unit, region, year) GROUP BY ALL"""

    def ours():
        return cl.calculate(connection.sql(f"FROM '{path}'"), factors, gwp=AR5).view("entity", "scope", "month")

    return ours, lambda: connection.execute(sql).df()


def with_polars(path, _=""):
    """On lazy Polars."""
    factors, plan = cl.load_factors(FUELS), pl.from_pandas(plan_of(path))

    def by_hand():
        month = pl.col("start").dt.year().cast(pl.Int64) * 100 + pl.col("start").dt.month()
        rows = pl.scan_parquet(path).join(plan.lazy(), on=KEY).with_columns(m=month)
        sums = [(pl.col("amount") * pl.col(name)).sum().alias(f"sum_{name}") for name in ("gj", "tonnes")]
        return rows.group_by("entity", "activity", "m").agg(sums).collect()

    def ours():
        return cl.calculate(pl.scan_parquet(path), factors, gwp=AR5).view("entity", "scope", "month")

    return ours, by_hand


def with_pandas(path, _=""):
    """On pandas with categorical texts, in memory."""
    import pandas as pd

    factors, plan = cl.load_factors(FUELS), plan_of(path)
    texts = ["activity", "unit", "region", "entity"]
    frame = pd.read_parquet(path, columns=[*KEY, "entity", "amount"]).astype(dict.fromkeys(texts, "category"))
    # Joins of one categorical type are the fastest that pandas has.
    plan = plan.astype({name: frame[name].dtype for name in KEY})

    def by_hand():
        rows = frame.merge(plan, on=KEY)
        rows["gj"], rows["tonnes"] = rows["amount"] * rows["gj"], rows["amount"] * rows["tonnes"]
        return rows.groupby(["entity", "activity"], observed=True)[["gj", "tonnes"]].sum()

    def ours():
        return cl.calculate(frame, factors, gwp=AR5).view("entity", "activity")

    return ours, by_hand


ENGINES = {"DuckDB": (with_duckdb, 1.3), "Polars": (with_polars, 1.3), "pandas": (with_pandas, 1.0)}


def engines(path):
    """Each engine against what is written by hand on it."""
    for name, (case, goal) in ENGINES.items():
        yield line(f"{ROWS:,} rows, {KEYS:,} keys on {name} / by hand", *median_pair(*case(path), REPEATS), goal)


def many_keys(_):
    """What a combination costs where there are many, in milliseconds."""
    factors, frame = cl.load_factors(FUELS), keys_of(100_000).assign(amount=1.0)
    each = median_seconds(lambda: cl.calculate(frame, factors, gwp=AR5).view("scope"), REPEATS) / len(frame) * 1000
    print(f"{'ok  ' if each <= 0.1 else 'MISS'} {len(frame):,} distinct keys: {each:.4f} ms a key (goal 0.1)")
    yield each <= 0.1


def readings(path):
    """Readings with every check, against one scan that sums each column's lengths and numbers, and against the same grouping alone."""
    connection = quiet()
    hourly = path.with_name("hourly.parquet")
    # Meters that read each hour once, as they are delivered: those of `written` repeat days at random.
    connection.execute(
        f"""COPY (
            SELECT activity, unit, region, 'e' || (k % 5) AS entity, 's' || (k % 50) AS site, 'm' || k AS source,
                TIMESTAMP '2024-01-01' + to_hours(CAST(i // 8000 AS INTEGER)) AS start, random() * 100 AS amount
            FROM (SELECT i, (i * 7919) % 8000 AS k FROM range({ROWS}) AS rows(i))
            JOIN (SELECT any_value(activity) AS activity, any_value(unit) AS unit, any_value(region) AS region,
                CAST(substr(source, 2) AS BIGINT) AS k FROM '{path}' GROUP BY source) USING (k)
        ) TO '{hourly}' (FORMAT parquet)"""
    )
    scan = f"""SELECT sum(length(activity)), sum(length(unit)), sum(length(region)), sum(length(entity)), sum(length(site)),
        sum(length(source)), max(start), sum(amount) FROM '{hourly}'"""
    group = f"""SELECT activity, unit, region, entity, site, source, date_trunc('month', start) AS m, sum(amount), min(start), max(start)
        FROM '{hourly}' GROUP BY ALL"""
    relation = reading_files(connection, [hourly]).relation
    columns = reading_columns(dict(zip(relation.columns, map(str, relation.types), strict=True)), step="1 hour")
    ours = median_seconds(lambda: summed_readings(relation, columns), REPEATS)
    scanned = median_seconds(lambda: connection.execute(scan).df(), REPEATS)
    yield line("sums and checks of all readings / one scan", ours, scanned, 2.0)
    rival = median_seconds(lambda: connection.execute(group).df(), REPEATS)
    yield line("sums and checks of all readings / the same grouping without checks", ours, rival, 2.0)
    whole = median_seconds(lambda: read_readings(hourly, step="1 hour"), REPEATS)
    yield line("readings as entries / the same grouping", whole, rival, 10.0)


def bulk():
    """All cases on one file."""
    with tempfile.TemporaryDirectory() as folder:
        path = written(folder)
        for case in (engines, many_keys, readings):
            yield from case(path)


ALL = (bulk,)
