"""Ten million readings in a file to energy and emissions, on three engines, against joins and sums written by hand."""

import os
import tempfile
from pathlib import Path

import duckdb
import polars as pl
import pycountry

import carbonledger as cl
from benchmarks.timing import line, median_seconds
from carbonledger.readings.columns import reading_columns
from carbonledger.readings.entries import read_readings
from carbonledger.readings.files import reading_files
from carbonledger.readings.summation import summed_readings

ROWS = int(os.environ.get("BENCHMARK_ROWS", "10_000_000"))
FUELS, AR5 = "cn-ndrc-fuels-a@2013", "ipcc-ar5@2013"
KEY = ["activity", "unit", "region", "year"]
REPEATS = 3


def quiet():
    """A connection of DuckDB that draws no bar among the results."""
    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")
    return connection


def keys_of():
    """Some eight thousand combinations of fuel, unit, province and year."""
    edition = cl.factors.read_edition(FUELS)
    fuels = sorted({row.activity for row in edition.factors(parameter="carbon_content")})
    apart = {"CN-TW", "CN-HK", "CN-MO"}
    regions = [item.code for item in pycountry.subdivisions.get(country_code="CN") if item.code not in apart]
    factors = cl.load_factors(FUELS)
    rows = [
        (fuel, unit, region, year)
        for fuel in fuels
        for unit in ("t", "kg", "g")
        for region in regions
        for year in range(2022, 2026)
    ]
    trial = quiet().execute("SELECT 1").df()
    frame = trial.loc[[0] * len(rows)].assign(amount=1.0).drop(columns="1").reset_index(drop=True)
    for name, values in zip(KEY, zip(*rows, strict=True), strict=True):
        frame[name] = values
    known = cl.calculate(frame, factors, gwp=AR5, missing="report").lines[KEY].drop_duplicates()
    return known.head(8000).reset_index(drop=True), factors


def written(folder):
    """The file of readings: keys in turn, days of one year."""
    keys, factors = keys_of()
    connection = quiet()
    connection.register("keys_frame", keys.assign(k=range(len(keys))))
    count = len(keys)
    path = Path(folder) / "readings.parquet"
    connection.execute(
        f"""COPY (SELECT activity, unit, region, year, 'e' || (k % 5) AS entity, 's' || (k % 50) AS site, 'm' || k AS source,
            DATE '2024-01-01' + ((i // {count}) % 366)::int AS start, random() * 100 AS amount
        FROM (SELECT i, (i * 7919) % {count} AS k FROM range({ROWS}) t(i)) JOIN keys_frame USING (k)) TO '{path}' (FORMAT parquet)"""
    )
    return path, factors


def by_duckdb(path, factors):
    """On DuckDB, with planning and without it, against its own SQL."""
    connection = quiet()
    keys = connection.sql(f"SELECT DISTINCT {', '.join(KEY)} FROM '{path}'").df()
    connection.register("plan_frame", keys.assign(gj=1.0, tonnes=2.0))
    connection.execute("CREATE TABLE plan AS FROM plan_frame")
    sql = f"""SELECT entity, activity, year(start) * 100 + month(start) AS m, sum(amount * gj), sum(amount * tonnes)
        FROM '{path}' JOIN plan USING (activity, unit, region, year) GROUP BY ALL"""

    def ours():
        return cl.calculate(connection.sql(f"FROM '{path}'"), factors, gwp=AR5).view("entity", "scope", "month")

    rival = median_seconds(lambda: connection.execute(sql).df(), REPEATS)
    yield line(
        f"{ROWS:,} rows, {len(keys):,} keys: DuckDB / the SQL by hand", median_seconds(ours, REPEATS), rival, 1.3
    )
    planning = median_seconds(lambda: cl.calculate(keys.assign(amount=1.0), factors, gwp=AR5), REPEATS)
    yield line("the same, the SQL and a calculation of its keys", median_seconds(ours, REPEATS), rival + planning, 1.3)


def by_polars(path, factors):
    """On lazy Polars."""
    keys = pl.scan_parquet(path).select(KEY).unique().collect()
    plan = keys.with_columns(gj=pl.lit(1.0), tonnes=pl.lit(2.0))

    def by_hand():
        month = pl.col("start").dt.year() * 100 + pl.col("start").dt.month()
        rows = pl.scan_parquet(path).join(plan.lazy(), on=KEY).with_columns(m=month)
        sums = [(pl.col("amount") * pl.col(name)).sum().alias(f"sum_{name}") for name in ("gj", "tonnes")]
        return rows.group_by("entity", "activity", "m").agg(sums).collect()

    def ours():
        return cl.calculate(pl.scan_parquet(path), factors, gwp=AR5).view("entity", "scope", "month")

    rival = median_seconds(by_hand, REPEATS)
    yield line("the same on lazy Polars / by hand", median_seconds(ours, REPEATS), rival, 1.3)


def by_pandas(path, factors):
    """On pandas with categorical texts."""
    import pandas as pd

    frame = pd.read_parquet(path, columns=[*KEY, "entity", "amount"])
    frame = frame.astype(dict.fromkeys(["activity", "unit", "region", "entity"], "category"))
    plan = frame[KEY].drop_duplicates().assign(gj=1.0, tonnes=2.0)

    def by_hand():
        rows = frame.merge(plan, on=KEY)
        rows["gj"], rows["tonnes"] = rows["amount"] * rows["gj"], rows["amount"] * rows["tonnes"]
        return rows.groupby(["entity", "activity"], observed=True)[["gj", "tonnes"]].sum()

    def ours():
        return cl.calculate(frame, factors, gwp=AR5).view("entity", "activity")

    rival = median_seconds(by_hand, REPEATS)
    yield line("the same on pandas, categorical / by hand", median_seconds(ours, REPEATS), rival, 1.0)


def readings(path, _):
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
        path, factors = written(folder)
        for case in (by_duckdb, by_polars, by_pandas, readings):
            yield from case(path, factors)


ALL = (bulk,)
