"""One calculation on every engine, each giving back its own kind."""

import gc
import math
from decimal import Decimal

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from tests.strategies import spread_amounts
from tests.support import figures_by_view

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
ENGINES = ("pandas", "polars", "polars lazy", "pyarrow", "duckdb")
EXPECTED = 125 * 0.5703 + 4.36 * 3.0425472 + 300 * 21.62188809e-4


def engines(frame=ROWS):
    """A frame in every kind that needs no service."""
    return {name: as_engine(pa.Table.from_pandas(frame, preserve_index=False), name) for name in ENGINES}


def as_engine(table, name):
    """An Arrow table in another kind."""
    connection = duckdb.connect()
    connection.register("rows", table)
    makes = {
        "pandas": table.to_pandas,
        "polars": lambda: pl.from_arrow(table),
        "polars lazy": lambda: pl.from_arrow(table).lazy(),
        "pyarrow": lambda: table,
        "duckdb": lambda: connection.sql("SELECT * FROM rows"),
    }
    return makes[name]()


@pytest.mark.parametrize("name", ENGINES)
def test_same_result_on_every_engine(name, factors):
    """Lines come back in the caller's kind, with the same totals and views."""
    frame = engines()[name]
    check(frame, factors)


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


SINGLE = ROWS.assign(amount=ROWS["amount"].astype("float32")).rename(columns={"amount": "数量"})


@pytest.mark.parametrize("name", ENGINES)
def test_amounts_of_32_bits_are_said_and_summed_in_64(name, factors):
    """A column of seven digits is named as the caller names it, and its sums lose no more digits."""
    many = pd.concat([SINGLE] * 2_000, ignore_index=True)
    inventory = cl.calculate(engines(many)[name], factors, gwp="ipcc-ar5@2013")
    assert [(finding.rule, finding.column) for finding in inventory.findings] == [("READINGS_SINGLE", "数量")]
    exact = 2_000 * (125 * 0.5703 + float(np.float32(4.36)) * 3.0425472 + 300 * 21.62188809e-4)
    assert inventory.total_location_based().magnitude == pytest.approx(exact, rel=1e-9)
    assert inventory.in_pandas.by("gas")["emissions_tco2e"].sum() == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("kind", ["int8", "int32", "decimal"])
def test_amounts_of_any_number_type(kind, name, factors):
    """Whole numbers do not overflow when they are summed, and decimals are numbers, on every engine that has them."""
    amounts = {
        "int8": [100, 27, 3],
        "int32": [2_000_000_000] * 3,
        "decimal": [Decimal("1.5"), Decimal("2.25"), Decimal(3)],
    }[kind]
    types = {"int8": pa.int8(), "int32": pa.int32(), "decimal": pa.decimal128(12, 2)}
    columns = {"activity": ["电力"] * 3, "unit": ["kWh"] * 3, "region": ["CN"] * 3, "year": [2024] * 3}
    table = pa.table({**columns, "amount": pa.array(amounts, types[kind])})
    frame = as_engine(table, name)
    if (kind, name) == ("decimal", "pandas"):
        with pytest.raises(cl.errors.EntriesError, match="not numbers"):
            cl.calculate(frame, factors, gwp="ipcc-ar5@2013")
        return
    inventory = cl.calculate(frame, factors, gwp="ipcc-ar5@2013")
    expected = float(sum(amounts)) * 0.5703e-3
    assert inventory.total_location_based().magnitude == pytest.approx(expected, rel=1e-12)
    assert inventory.in_pandas.by("gas")["emissions_tco2e"].sum() == pytest.approx(expected, rel=1e-12)


@given(spread_amounts(), st.randoms(use_true_random=False))
def test_every_engine_says_the_same(factors, amounts, random):
    """Amounts over twenty powers of ten have the same totals and views on every engine, whatever the order of the rows."""
    keys = ROWS.drop(columns=["amount", "entity"]).iloc[[0, 1, 3]]
    frame = keys.iloc[[number % 3 for number in range(len(amounts))]].assign(
        entity=[f"E{number % 2}" for number in range(len(amounts))],
        start=[pd.Timestamp(2024, 1 + number % 12, 1) for number in range(len(amounts))],
        amount=amounts,
    )
    order = list(range(len(amounts)))
    random.shuffle(order)
    expected = figures_by_view(cl.calculate(frame.reset_index(drop=True), factors, gwp="ipcc-ar5@2013"))
    for name, other in engines(frame.iloc[order].reset_index(drop=True)).items():
        assert figures_by_view(cl.calculate(other, factors, gwp="ipcc-ar5@2013")) == pytest.approx(
            expected, rel=1e-12
        ), name


@pytest.mark.parametrize("name", ENGINES)
@pytest.mark.parametrize("kind", ["alike", "two kinds", "one is huge"])
def test_sums_do_not_drift(kind, name, factors):
    """A number that has no end in binary, 400,000 times, is summed to 1e-12, and so are small amounts behind a huge one."""
    amounts = {"alike": [0.1], "two kinds": [1000.1, 0.1], "one is huge": [1.0]}[kind] * (
        400_000 // (1 + (kind == "two kinds"))
    )
    amounts = ([1e16] if kind == "one is huge" else []) + amounts
    count = len(amounts)
    texts = {"activity": "电力", "unit": "kWh", "region": "CN", "site": "S", "hall": "H"}
    table = pa.table(
        {
            **{key: pa.repeat(text, count) for key, text in texts.items()},
            "year": pa.repeat(2024, count),
            "amount": amounts,
        }
    )
    inventory = cl.calculate(as_engine(table, name), factors, gwp="ipcc-ar5@2013")
    expected = math.fsum(amounts) * 0.5703e-3
    assert inventory.total_location_based().magnitude == pytest.approx(expected, rel=1e-12)
    assert inventory.in_pandas.view("site", "gas")["emissions_tco2e"].sum() == pytest.approx(expected, rel=1e-12)
    assert inventory.in_pandas.by("hall")["emissions_tco2e"].sum() == pytest.approx(expected, rel=1e-12)
