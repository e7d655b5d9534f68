"""A lazy frame is summed by its engine: its views are those of the same rows in memory, along any axis, for any type of amount."""

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
from carbonledger.core.errors import EntriesError, UnknownAxisError
from carbonledger.inventory import planned_rows
from carbonledger.inventory.key_codes import key_codes
from tests.support import PINS

AR5 = "ipcc-ar5@2013"
FACTORS = cl.load_factors(*PINS)
AXES = ("entity", "site", "data_type", "month", "scope", "gas", "activity", "category", "year", "region", "line_no")
ENGINES = ("duckdb", "polars")


def lazy(engine, frame):
    """The frame as one that its engine has not read yet."""
    if engine == "polars":
        return pl.from_pandas(frame).lazy()
    connection = duckdb.connect()
    connection.register("held", frame)
    connection.execute("CREATE TABLE rows AS SELECT * FROM held")
    return connection.table("rows")


ROWS = st.lists(
    st.tuples(
        st.sampled_from(["A", "B", None]),
        st.sampled_from(["north", "south"]),
        st.sampled_from([("electricity.grid", "kWh"), ("fuel.diesel", "t"), ("fuel.gasoline", "kg")]),
        st.sampled_from(["CN-SD", "CN-BJ"]),
        st.sampled_from([2022, 2024]),
        st.integers(1, 12),
        st.sampled_from(["m1", "m2", "m3"]),
        st.floats(0, 1e6, allow_subnormal=False),
    ),
    min_size=1,
    max_size=40,
)


def frame_of(rows):
    names = ["entity", "site", "what", "region", "year", "m", "line_no", "amount"]
    frame = pd.DataFrame(rows, columns=names)
    frame["activity"], frame["unit"] = [what for what, _ in frame["what"]], [unit for _, unit in frame["what"]]
    frame["start"] = pd.to_datetime({"year": frame["year"], "month": frame["m"], "day": 1})
    frame["data_type"] = "actual"
    return frame.drop(columns=["what", "m"])


def plain(view):
    """The rows of a view by their labels, sorted, and their numbers."""
    rows = nw.from_native(view, eager_only=True).rows()
    cells = [[None if pd.isna(cell) else cell for cell in row] for row in rows]
    return sorted(
        (tuple(str(c) for c in row if not isinstance(c, float)), [c for c in row if isinstance(c, float)])
        for row in cells
    )


@given(ROWS, st.lists(st.sampled_from(AXES), min_size=1, max_size=3, unique=True), st.sampled_from(ENGINES))
def test_views_are_those_of_rows_in_memory(rows, axes, engine):
    """Any axes, those of the sums and those of the rows alone, give the same labels and the same numbers to 1e-12."""
    frame = frame_of(rows)
    one = cl.calculate(lazy(engine, frame), FACTORS, gwp=AR5)
    two = cl.calculate(frame, FACTORS, gwp=AR5)
    assert one.completeness == two.completeness
    pairs = [(one.view(*axes), two.view(*axes)), (one.by(axes[0]), two.by(axes[0]))]
    for left, right in pairs:
        assert [labels for labels, _ in plain(left)] == [labels for labels, _ in plain(right)]
        for (_, numbers), (_, expected) in zip(plain(left), plain(right), strict=True):
            assert numbers == pytest.approx(expected, rel=1e-12, abs=1e-9)
    assert one.total_location_based().magnitude == pytest.approx(two.total_location_based().magnitude, rel=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_axis_that_is_in_no_sum(engine):
    """A column of the rows that is in no sum is asked of the engine; one that is nowhere is named as such."""
    frame = frame_of([("A", "north", ("fuel.diesel", "t"), "CN-SD", 2024, 1, f"m{n}", float(n)) for n in range(9)])
    inventory = cl.calculate(lazy(engine, frame), FACTORS, gwp=AR5)
    assert len(nw.from_native(inventory.by("line_no"), eager_only=True)) == 9
    with pytest.raises(UnknownAxisError):
        inventory.by("line_number")


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("amount", [np.float32(0.1), Decimal("0.10"), 7])
def test_types_of_amounts(engine, amount):
    """Amounts of 32 bits, decimals and whole numbers are summed in double precision."""
    frame = frame_of([("A", "north", ("electricity.grid", "kWh"), "CN-SD", 2022, 1, "m1", 1.0)] * 1000)
    frame["amount"] = [amount] * 1000
    frame = frame.astype({"amount": np.float32}) if isinstance(amount, np.float32) else frame
    inventory = cl.calculate(lazy(engine, frame), FACTORS, gwp=AR5)
    expected = cl.calculate(frame.astype({"amount": float}), FACTORS, gwp=AR5).total_location_based().magnitude
    assert inventory.total_location_based().magnitude == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("amount", [float("nan"), float("inf"), -1.0, None])
def test_amounts_that_are_refused(engine, amount):
    """An amount that is none, negative or not finite is in no sum: the frame is refused with how many there are."""
    frame = frame_of([("A", "north", ("electricity.grid", "kWh"), "CN-SD", 2022, 1, "m1", 1.0)] * 3)
    frame.loc[1, "amount"] = amount
    with pytest.raises(EntriesError, match="1"):
        cl.calculate(lazy(engine, frame), FACTORS, gwp=AR5)


@pytest.mark.parametrize("engine", ENGINES)
def test_lines_are_not_collected(engine):
    """The lines stay with their engine."""
    frame = frame_of([("A", "north", ("electricity.grid", "kWh"), "CN-SD", 2022, 1, "m1", 1.0)] * 3)
    lines = cl.calculate(lazy(engine, frame), FACTORS, gwp=AR5).lines
    assert isinstance(lines, pl.LazyFrame | duckdb.DuckDBPyRelation)


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")  # PySpark itself warns about the newest pandas
def test_views_on_spark(spark):
    """A frame of PySpark in several partitions gives the views of the same rows in memory, by axes of the sums and of the rows."""
    what = [("electricity.grid", "kWh"), ("fuel.diesel", "t")]
    rows = [("A", "north", what[n % 2], "CN-SD", 2024, n % 12 + 1, f"m{n % 5}", 0.1 * n) for n in range(60)]
    frame = frame_of(rows)
    dated = frame.assign(start=frame["start"].dt.date)
    cells = [tuple(row) for row in dated.astype(object).itertuples(index=False)]
    one = cl.calculate(spark.createDataFrame(cells, list(frame.columns)).repartition(4), FACTORS, gwp=AR5)
    two = cl.calculate(frame, FACTORS, gwp=AR5)
    for axes in (("entity", "month"), ("line_no", "scope"), ("scope", "gas")):
        left, right = plain(one.view(*axes)), plain(two.view(*axes))
        assert [labels for labels, _ in left] == [labels for labels, _ in right]
        for (_, numbers), (_, expected) in zip(left, right, strict=True):
            assert numbers == pytest.approx(expected, rel=1e-12)


def test_days_that_are_texts():
    """A lazy frame whose first days are texts has no view by month, and says so."""
    frame = frame_of([("A", "north", ("electricity.grid", "kWh"), "CN-SD", 2022, 1, "m1", 1.0)] * 3)
    frame["start"] = "2022-01-01"
    with pytest.raises(UnknownAxisError):
        cl.calculate(lazy("polars", frame), FACTORS, gwp=AR5).view("month")


@pytest.mark.parametrize("kind", ["pandas", "polars", "pyarrow"])
def test_lines_are_made_when_they_are_asked_for(kind, monkeypatch):
    """Views need no lines; the lines, once asked for, sum to the views."""
    frame = frame_of([("A", "north", ("fuel.diesel", "t"), "CN-SD", 2024, m, f"m{m}", 0.1 * m) for m in range(1, 13)])
    held = {"pandas": frame, "polars": pl.from_pandas(frame), "pyarrow": pa.Table.from_pandas(frame)}[kind]
    inventory = cl.calculate(held, FACTORS, gwp=AR5)
    with monkeypatch.context() as patched:
        patched.setattr(planned_rows, "lines_of", lambda *_: pytest.fail("lines were made for a view"))
        by_month = plain(inventory.view("entity", "month"))
        assert repr(inventory).startswith("Inventory(2024, 12 lines, ")
        assert len(by_month) == 12
    assert type(inventory.lines) is type(held)
    lines = nw.from_native(inventory.lines, eager_only=True)
    assert float(lines["emissions_tco2e"].sum()) == pytest.approx(inventory.total_location_based().magnitude, rel=1e-12)


def test_lines_are_those_of_the_frame_as_it_was():
    """What is done to a frame after the calculation changes neither lines nor views."""
    frame = frame_of([("A", "north", ("fuel.diesel", "t"), "CN-SD", 2024, 1, f"m{n}", 1.0) for n in range(3)])
    inventory = cl.calculate(frame, FACTORS, gwp=AR5)
    expected = inventory.total_location_based().magnitude
    frame["amount"] *= 1000
    frame.loc[0, "activity"] = "fuel.gasoline"
    assert inventory.lines["amount"].tolist() == [1.0, 1.0, 1.0]
    assert inventory.lines["emissions_tco2e"].sum() == pytest.approx(expected, rel=1e-12)
    assert inventory.by("activity")["activity"].tolist() == ["fuel.diesel"]


@pytest.mark.parametrize("kind", ["pandas", "polars", "polars lazy"])
def test_texts_by_number(kind):
    """Categorical texts, with gaps and with categories that no row has, are the texts that they stand for."""
    rows = [(["A", None][n % 2], "north", ("fuel.diesel", "t"), "CN-SD", 2024, 1, f"m{n}", 1.0 + n) for n in range(6)]
    frame = frame_of(rows)
    frame.loc[3, "region"] = None
    expected = cl.calculate(frame, FACTORS, gwp=AR5, missing="report")
    texts = ["entity", "region", "activity", "unit"]
    if kind == "pandas":
        held = frame.astype(dict.fromkeys(texts, "category"))
        held["region"] = held["region"].cat.add_categories(["CN-BJ"])
    else:
        held = pl.from_pandas(frame).with_columns(pl.col(*texts).cast(pl.Categorical))
        held = held.lazy() if kind == "polars lazy" else held
    inventory = cl.calculate(held, FACTORS, gwp=AR5, missing="report")
    for axis in ("entity", "activity", "region"):
        assert plain(inventory.by(axis)) == plain(expected.by(axis))


KEY_TEXTS = st.one_of(st.none(), st.sampled_from(["", "a", "b", "ab"]))


@given(st.lists(st.tuples(KEY_TEXTS, KEY_TEXTS, st.integers(-(2**62), 2**62), st.booleans()), max_size=30))
def test_combinations_by_number(rows):
    """Two rows have one number if and only if all their cells are alike, and the numbers count up in order of appearance."""
    frame = pd.DataFrame(rows, columns=["one", "two", "whole", "truth"])
    frame["one"] = frame["one"].astype("category")
    found = key_codes([frame[name] for name in frame], len(frame))
    seen = list(dict.fromkeys(rows))
    assert found.codes.tolist() == [seen.index(row) for row in rows]
    assert found.first.tolist() == [rows.index(row) for row in seen]


@pytest.mark.parametrize("kind", ["pandas", "polars", "polars lazy", "duckdb"])
@pytest.mark.parametrize("axis", ["lines", "amount", "rows_summed"])
def test_an_axis_named_like_what_is_summed(kind, axis):
    """A column of the caller's may have any name: of a production line, or one that sums are called by."""
    rows = [("A", "north", ("fuel.diesel", "t"), "CN-SD", 2024, 1, "m1", 1.0 + n % 2) for n in range(4)]
    frame = frame_of(rows).assign(lines=["a", "b", "b", "b"], rows_summed=[5, 7, 7, 7])
    held = frame if kind == "pandas" else pl.from_pandas(frame) if kind == "polars" else lazy(kind.split()[0], frame)
    inventory = cl.calculate(held, FACTORS, gwp=AR5)
    assert inventory.counts.entries == 4
    assert inventory.plan_totals()[0][2] == 4
    for view in (inventory.by(axis), inventory.view(axis)):
        found = nw.from_native(view, eager_only=True)
        expected = frame.groupby(axis)["amount"].sum() / 6.0 * inventory.total_location_based().magnitude
        assert sorted(found["emissions_tco2e"].to_list()) == pytest.approx(sorted(expected))
        assert sorted(map(str, found[axis].to_list())) == sorted(map(str, expected.index))


@pytest.mark.parametrize("kind", ["pandas", "polars", "polars lazy", "duckdb", "pyarrow"])
def test_columns_of_the_lines_as_axes(kind):
    """A column that only the lines have is an axis; what is summed is none, and is named as such."""
    rows = [("A", "north", ("fuel.diesel", "t"), "CN-SD", 2024, 1, f"m{n}", 1.0 + n) for n in range(3)]
    frame = frame_of(rows)
    eager = {
        "pandas": lambda: frame,
        "polars": lambda: pl.from_pandas(frame),
        "pyarrow": lambda: pa.Table.from_pandas(frame),
    }
    held = eager[kind]() if kind in eager else lazy(kind.split()[0], frame)
    inventory = cl.calculate(held, FACTORS, gwp=AR5)
    for view in (inventory.by("match"), inventory.view("match")):
        assert nw.from_native(view, eager_only=True)["match"].to_list() == [inventory.plan.rows[0].match]
    for axis in ("energy_gj", "emissions_tco2e", "plan_id"):
        for asked in (inventory.by, inventory.view):
            with pytest.raises(UnknownAxisError, match=axis):
                asked(axis)


@pytest.mark.parametrize("kind", ["object", "nullable", "categorical"])
def test_cells_that_are_missing(kind):
    """A cell that states nothing is the same whatever pandas writes there: None, not a number, or NA."""
    frame = frame_of([("A", "north", ("fuel.diesel", "t"), "CN-SD", 2024, 1, "m1", 1.0 + n) for n in range(3)])
    frame.loc[1, ["region", "entity"]] = None
    expected = cl.calculate(frame, FACTORS, gwp=AR5, missing="report")
    texts = ["region", "entity", "activity", "unit"]
    held = {
        "object": lambda: frame.astype(object),
        "nullable": lambda: frame.astype({**dict.fromkeys(texts, "string"), "year": "Int64", "amount": "Float64"}),
        "categorical": lambda: frame.astype(dict.fromkeys(texts, "category")),
    }[kind]()
    held["amount"] = held["amount"].astype("float64" if kind != "nullable" else "Float64")
    inventory = cl.calculate(held, FACTORS, gwp=AR5, missing="report")
    assert inventory.completeness == expected.completeness
    assert len(inventory.lines) == len(expected.lines)
    for axis in ("entity", "activity", "region"):
        assert plain(inventory.by(axis)) == plain(expected.by(axis))
