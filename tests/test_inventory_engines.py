"""One calculation on every engine, each giving back its own kind."""

import gc

import duckdb
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import carbonledger as cl

ROWS = pd.DataFrame(
    {
        "entity": ["A", "A", "B", "B"],
        "activity": ["电力", "汽油", "光伏", "天然气"],
        "unit": ["万度", "吨", "度", "Nm3"],
        "region": ["CN-SD", "CN-SD", None, "CN"],
        "year": [2024, 2024, 2024, 2024],
        "amount": [12.5, 4.36, 20245.0, 300.0],
    }
)
EXPECTED = 125 * 0.5703 + 4.36 * 3.0425472 + 300 * 21.62188809e-4


def engines():
    """The frame in every kind that needs no service."""
    connection = duckdb.connect()
    connection.register("rows", pa.Table.from_pandas(ROWS))
    return {
        "pandas": ROWS,
        "polars": pl.from_pandas(ROWS),
        "polars lazy": pl.from_pandas(ROWS).lazy(),
        "pyarrow": pa.Table.from_pandas(ROWS),
        "duckdb": connection.sql("SELECT * FROM rows"),
    }


@pytest.mark.parametrize("name", list(engines()))
def test_same_result_on_every_engine(name, factors):
    """Lines come back in the caller's kind, with the same totals and views."""
    frame = engines()[name]
    check(frame, factors)


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")  # PySpark itself warns about the newest pandas
def test_same_result_on_spark(factors):
    """A PySpark frame stays a PySpark frame."""
    from pyspark.sql import SparkSession

    session = SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    try:
        rows = [tuple(row) for row in ROWS.astype(object).where(ROWS.notna(), None).itertuples(index=False)]
        check(session.createDataFrame(rows, list(ROWS.columns)), factors)
    finally:
        session.stop()


def check(frame, factors):
    """The calculation on one engine."""
    inventory = cl.calculate(frame, factors, gwp="ipcc-ar5@2013")
    assert type(inventory.lines) is type(frame)
    assert inventory.total_location_based().magnitude == pytest.approx(EXPECTED, rel=1e-9)
    lines = nw.from_native(inventory.lines)
    names = lines.collect_schema().names()
    assert {"plan_id", "scope", "category", "energy_gj", "co2_t", "emissions_tco2e", "match", "factor_ids"} <= set(
        names
    )
    by_entity = inventory.in_pandas.by("entity").set_index("entity")["emissions_tco2e"]
    assert by_entity["B"] == pytest.approx(300 * 21.62188809e-4)
    assert inventory.renewable_share() > 0
    assert inventory.explain(1).derivations
    assert_same_lines(lines, nw.from_native(cl.calculate(ROWS, factors, gwp="ipcc-ar5@2013").lines))


def assert_same_lines(lines, reference):
    """Every cell is that of the reference, whatever the order of rows; columns stand in the same order."""
    assert lines.collect_schema().names() == reference.collect_schema().names()
    eager = lines.collect() if isinstance(lines, nw.LazyFrame) else lines
    for one, other in zip(cells_of(eager), cells_of(reference), strict=True):
        decimals = [name for name, cell in other.items() if isinstance(cell, float)]
        assert [one.pop(name) for name in decimals] == pytest.approx(
            [other.pop(name) for name in decimals], rel=1e-12, nan_ok=True
        )
        assert one == other


def cells_of(lines):
    """The rows as dictionaries, by amount, with no region written as empty."""
    rows = [{**row, "region": row["region"] or ""} for row in lines.rows(named=True)]
    return sorted(rows, key=lambda row: row["amount"])


def test_a_lazy_frame_is_grouped(factors):
    """A key of many rows is resolved once, and rows of unstated regions keep their key on a lazy engine."""
    connection = duckdb.connect()
    connection.register("rows", pa.Table.from_pandas(pd.concat([ROWS] * 5)))
    inventory = cl.calculate(connection.sql("SELECT * FROM rows"), factors, gwp="ipcc-ar5@2013")
    assert len(inventory.plan.rows) == len(ROWS)
    assert inventory.total_location_based().magnitude == pytest.approx(5 * EXPECTED, rel=1e-9)


def test_a_duckdb_database_keeps_its_tables(factors):
    """Tables of the caller's database are neither taken for the plan nor changed."""
    connection = duckdb.connect()
    connection.register("rows", pa.Table.from_pandas(ROWS))
    for name in ("entries", "plan", "plan_rows"):
        connection.execute(f"CREATE TABLE {name} AS SELECT 'theirs' AS activity, 'kWh' AS unit")
    inventory = cl.calculate(connection.sql("SELECT * FROM rows"), factors, gwp="ipcc-ar5@2013")
    assert inventory.total_location_based().magnitude == pytest.approx(EXPECTED, rel=1e-9)
    tables = sorted(name for (name,) in connection.sql("SELECT table_name FROM duckdb_tables()").fetchall())
    assert tables == ["entries", "plan", "plan_rows"]
    assert connection.sql("SELECT * FROM plan_rows").fetchall() == [("theirs", "kWh")]


def test_duckdb_runs_after_the_plan_is_gone(factors):
    """The small table of the plan belongs to the relation, which is run again and again later."""
    lines = cl.calculate(engines()["duckdb"], factors, gwp="ipcc-ar5@2013").lines
    gc.collect()
    first, second = lines.aggregate("sum(co2_t)").fetchall(), lines.aggregate("sum(co2_t)").fetchall()
    assert first == second
    assert first[0][0] == pytest.approx(EXPECTED, rel=1e-9)


def test_a_duckdb_relation_of_hostile_text(factors):
    """Text that looks like SQL stays text."""
    connection = duckdb.connect()
    relation = connection.sql("SELECT 'x''); DROP TABLE y; --' AS activity, 'kWh' AS unit, 1.0 AS amount, 2024 AS year")
    with pytest.raises(cl.errors.UnknownActivityError):
        cl.calculate(relation, factors, gwp="ipcc-ar5@2013")


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("year", [2024.0, 2024.0, 2024.0, 2024.0]),
        ("year", pd.Series([2024] * 4, dtype="Int64")),
        ("year", pd.array([2024] * 4, dtype="int16")),
    ],
)
def test_years_of_any_number_type(column, values, factors):
    """Years as floats or small integers are years."""
    assert cl.calculate(
        ROWS.assign(**{column: values}), factors, gwp="ipcc-ar5@2013"
    ).total_location_based().magnitude == pytest.approx(EXPECTED)


def test_no_row_is_lost(factors):
    """A frame without years finds no factor of a year: it is refused, never counted as nothing."""
    for frame in (ROWS.assign(year=None), ROWS.drop(columns="year")):
        with pytest.raises(cl.errors.MissingFactorError, match="states no year"):
            cl.calculate(frame, factors, gwp="ipcc-ar5@2013")
    own = ROWS[ROWS["activity"] == "光伏"]
    for frame in (own.assign(year=None), pl.from_pandas(own).with_columns(year=pl.lit(None))):
        assert cl.calculate(frame, factors, gwp="ipcc-ar5@2013").total_energy().magnitude == pytest.approx(72.882)
    with pytest.raises(cl.errors.EntriesError, match="not numbers"):
        cl.calculate(ROWS.assign(amount="12"), factors, gwp="ipcc-ar5@2013")
