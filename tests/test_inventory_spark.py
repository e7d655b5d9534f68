"""Spark: what it is asked to do with the rows, and that its figures are those of every engine."""

import re
from doctest import ELLIPSIS, NORMALIZE_WHITESPACE, DocTestParser, DocTestRunner

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import carbonledger as cl
from carbonledger import time_resolved as tr
from tests.support import PROJECT, figures_by_view
from tests.test_inventory_engines import ROWS, check
from tests.test_time_resolved_emissions import BERLIN, by_day_and_night, hours, readings, series

pytestmark = [
    pytest.mark.slow,
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore"),  # PySpark itself warns about the newest pandas
]
AR5 = "ipcc-ar5@2013"
# Operators that hand rows to Python, and joins that move the rows of both sides.
IN_PYTHON = ("BatchEvalPython", "ArrowEvalPython", "MapInPandas", "MapInArrow", "FlatMapGroups", "ExistingRDD")
MOVING = ("SortMergeJoin", "ShuffledHashJoin", "BroadcastNestedLoopJoin", "CartesianProduct")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Readings in a folder for each month and six files, with columns that no calculation needs."""
    kept = tmp_path_factory.mktemp("readings")
    frame = pd.concat([ROWS.assign(start=pd.Timestamp(2024, month, 1), remark="x" * 9) for month in range(1, 7)])
    many = pd.concat([frame.assign(amount=frame["amount"] * (1 + number / 7)) for number in range(50)])
    for month, part in many.groupby(many["start"].dt.month):
        (kept / f"part={month}").mkdir()
        part.to_parquet(kept / f"part={month}" / "readings.parquet", index=False)
    return kept


def plan_of(frame):
    """The physical plan of a Spark frame, as Spark prints it."""
    return frame._jdf.queryExecution().executedPlan().toString()


def queries(spark):
    """The physical plans that Spark has run so far, each with its nodes and what they were given."""
    spark._jsc.sc().listenerBus().waitUntilEmpty()
    run = spark._jsparkSession.sharedState().statusStore().executionsList()
    return [run.apply(number).physicalPlanDescription() for number in range(run.size())]


def is_sent(plan):
    """Whether the small table goes to the rows, which stay where they are and in Java."""
    return plan.count("BroadcastHashJoin") == 1 and not any(name in plan for name in (*IN_PYTHON, *MOVING))


def test_same_result(spark, factors):
    """A Spark frame stays one, and its lines and views are those of pandas."""
    check(spark.createDataFrame(pa.Table.from_pandas(ROWS)), factors)


@pytest.mark.parametrize("threshold", ["-1", "1", "10485760"])
def test_lines_are_one_pass_over_the_rows(threshold, spark, factors, folder):
    """The coefficients are sent to the workers, whatever Spark is set to; filters and columns reach the files."""
    spark.conf.set("spark.sql.autoBroadcastJoinThreshold", threshold)
    try:
        lines = cl.calculate(spark.read.parquet(str(folder)), factors, gwp=AR5).lines
        plan = plan_of(lines)
        assert is_sent(plan)
        assert "Exchange hashpartitioning" not in plan
        assert plan.count("FileScan") == 1
        some = plan_of(lines.filter("entity = 'A' AND part = 3").select("scope", "co2_t"))
        assert is_sent(some)
        assert "EqualTo(entity,A)" in some
        assert re.search(r"PartitionFilters: \[[^]]*part#\d+ = 3", some)
        assert "remark" not in some
    finally:
        spark.conf.set("spark.sql.autoBroadcastJoinThreshold", "-1")


def test_sums_are_one_pass_and_one_shuffle(spark, factors, folder):
    """A calculation runs one query: one scan of the columns that it needs, sums on both sides of one shuffle; a view of them runs none."""
    before = len(queries(spark))
    inventory = cl.calculate(spark.read.parquet(str(folder)), factors, gwp=AR5)
    inventory.view("entity", "scope", "month")
    inventory.by("gas")
    (plan,) = queries(spark)[before:]
    asked = plan.split("== Initial Plan ==")[1].split("\n\n")[0]
    assert [asked.count(name) for name in ("Scan parquet", "HashAggregate")] == [1, 2]
    assert asked.count("Exchange") == 1
    assert "hashpartitioning" in plan
    assert "remark" not in plan
    assert not any(name in plan for name in (*IN_PYTHON, *MOVING, "Window"))


def test_a_view_by_another_column_stays_with_spark(spark, factors, folder):
    """A column that was not summed by is asked for by one more query, whose coefficients are sent too."""
    inventory = cl.calculate(spark.read.parquet(str(folder)), factors, gwp=AR5)
    before = len(queries(spark))
    view = inventory.by("part")
    assert len(view) == 6
    assert view["emissions_tco2e"].sum() == pytest.approx(inventory.total_location_based().magnitude, rel=1e-12)
    (plan,) = queries(spark)[before:]
    assert not any(name in plan for name in (*IN_PYTHON, *MOVING))


def test_sums_do_not_drift(spark, factors):
    """0.1 a million times is 100,000 to 1e-12 on Spark, whose own sum is off by 1e-12 and more."""
    texts = ["'电力' AS activity", "'kWh' AS unit", "'CN' AS region", "2024 AS year", "'H' AS hall"]
    frame = spark.range(0, 1_000_000, 1, 1).selectExpr(*texts, "IF(id < 0, 0.0D, 0.1D) AS amount")
    inventory = cl.calculate(frame, factors, gwp=AR5)
    expected = 1e5 * 0.5703e-3
    assert inventory.total_location_based().magnitude == pytest.approx(expected, rel=1e-12)
    assert inventory.by("hall")["emissions_tco2e"].sum() == pytest.approx(expected, rel=1e-12)
    own = frame.selectExpr("sum(amount) AS total").first()["total"]
    assert abs(own / 1e5 - 1) > 1e-12


def test_partitions_and_order_change_nothing(spark, factors, folder):
    """Amounts over twenty powers of ten have the figures of pandas in one partition or in seven, in any order."""
    rows = pd.read_parquet(folder)
    rows["amount"] = np.random.default_rng(21).permutation(np.geomspace(1e-8, 1e12, len(rows)))
    rows = rows.assign(region=rows["region"].fillna(""), part=rows["part"].astype(int))
    expected = figures_by_view(cl.calculate(rows, factors, gwp=AR5))
    whole = spark.createDataFrame(rows)
    for frame in (whole.coalesce(1), whole.repartition(7), whole.orderBy("amount"), whole.repartition(3, "entity")):
        found = figures_by_view(cl.calculate(frame, factors, gwp=AR5))
        assert found == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("kind", ["float", "decimal(20,6)", "int"])
def test_amounts_of_any_number_type(kind, spark, factors):
    """Amounts of 32 bits are named and summed in 64; decimals and whole numbers are numbers."""
    frame = spark.createDataFrame(ROWS.assign(region="CN").drop(index=2)).selectExpr(
        "activity", "unit", "region", "year", f"CAST(amount AS {kind}) AS `数量`"
    )
    inventory = cl.calculate(frame, factors, gwp=AR5)
    assert [finding.rule for finding in inventory.findings] == ["READINGS_SINGLE"] * (kind == "float")
    expected = cl.calculate(frame.toPandas().astype({"数量": "float64"}), factors, gwp=AR5)
    assert figures_of(inventory) == pytest.approx(figures_of(expected), rel=1e-12)


def figures_of(inventory):
    """Emissions by gas and in total."""
    return [inventory.total_location_based().magnitude, *inventory.in_pandas.by("gas")["emissions_tco2e"]]


def test_hostile_rows(spark, factors):
    """Text that looks like SQL stays text, and amounts that are none are counted before anything is calculated."""
    row = {"activity": "x`; DROP TABLE y; --", "unit": "kWh", "amount": 1.0, "year": 2024}
    frame = spark.createDataFrame(pa.Table.from_pylist([row]))
    with pytest.raises(cl.errors.UnknownActivityError):
        cl.calculate(frame, factors, gwp=AR5)
    amounts = [1.0, None, float("nan"), float("inf"), -2.0]
    rows = [{"activity": "电力", "unit": "kWh", "region": "CN", "year": 2024, "amount": amount} for amount in amounts]
    bad = spark.createDataFrame(pa.Table.from_pylist(rows))
    with pytest.raises(cl.errors.EntriesError, match="4 "):
        cl.calculate(bad, factors, gwp=AR5)


def on_spark(spark, frame, start="start"):
    """Readings on Spark; moments without a zone as such."""
    if frame[start].dt.tz is not None:
        return spark.createDataFrame(frame)
    texts = spark.createDataFrame(frame.assign(**{start: frame[start].astype(str)}))
    return texts.withColumn(start, texts[start].cast("timestamp_ntz"))


@pytest.mark.parametrize("case", ["moments", "clock", "days"])
def test_factors_by_the_hour(case, spark):
    """A week in which the clock is put back has the same hours on Spark, whatever the zone of its session."""
    moments = hours("2024-10-21", "2024-10-28")
    factors = series(moments, by_day_and_night(moments))
    quarters = hours("2024-10-21", "2024-10-28", freq="15min")
    frame = pd.concat([readings(quarters, np.arange(676.0)), readings(quarters, 0.5, source="meter `2`")])
    named = {"step": "15 minutes"}
    if case == "clock":
        frame = frame.assign(start=frame["start"].dt.tz_localize(None), fold=[stamp.fold for stamp in frame["start"]])
    if case == "days":
        days = pd.date_range("2024-10-21", periods=7).date
        frame = pd.DataFrame({"region": "DE", "start": days, "end": days, "amount": np.arange(7.0), "unit": "MWh"})
        named = {"spread": "even"}
    given = spark.createDataFrame(frame) if case == "days" else on_spark(spark, frame)
    found = tr.hourly_emissions(given.repartition(5), factors, **named)
    expected = tr.hourly_emissions(pl.from_pandas(frame), factors, **named)
    assert [finding.says for finding in found.findings] == [finding.says for finding in expected.findings]
    for axis in ("source", "month", "hour", "region"):
        pd.testing.assert_frame_equal(found.pandas_by(axis), expected.pandas_by(axis), check_dtype=False, rtol=1e-12)
    assert found.total_t == pytest.approx(expected.total_t, rel=1e-12)
    assert found.is_complete


def test_times_that_the_clock_skips_or_shows_twice(spark):
    """They are refused on Spark as anywhere, also in a session whose own clock has other gaps."""
    stamps = ["2024-03-31 01:00", "2024-03-31 02:30", "2024-10-27 02:00", "2024-03-10 02:30", "2024-11-03 01:30"]
    frame = readings(pd.to_datetime(stamps), [1.0, 2.0, 4.0, 8.0, 16.0])
    factors = series(hours("2024-01-01", "2025-01-01"), [400.0] * 8784)
    found = tr.hourly_emissions(on_spark(spark, frame), factors, step="hour")
    refused = [(item.says.key, dict(item.says.values)["kwh"]) for item in found.findings if item.severity == "error"]
    assert refused == [("HOURLY.no_such_time", 2.0), ("HOURLY.twice", 4.0)]
    assert found.kwh == 25.0


def test_registers_become_amounts(spark):
    """Registers are differenced in the order of their moments, wherever Spark keeps the rows."""
    moments = pd.date_range("2024-02-28", periods=4, freq="D", tz=BERLIN)
    frame = pd.DataFrame({"source": "hall 1", "start": moments, "reading": [9970.0, 9990.0, 15.0, 40.0]})
    found = tr.register_amounts(spark.createDataFrame(frame).repartition(3, "reading"), digits=4)
    assert sorted(row["amount"] for row in found.frame.collect()) == [20.0, 25.0, 25.0]
    assert [item.says for item in found.findings] == [
        item.says for item in tr.register_amounts(frame, digits=4).findings
    ]


def test_the_page_about_spark(spark, monkeypatch, tmp_path):
    """Every example with a prompt on the page about Spark runs as it is printed."""
    monkeypatch.chdir(tmp_path)
    page = PROJECT / "docs" / "howto" / "spark.md"
    examples = DocTestParser().get_doctest(page.read_text(encoding="utf-8"), {}, page.name, str(page), 0)
    said = []
    try:
        failed = DocTestRunner(optionflags=ELLIPSIS | NORMALIZE_WHITESPACE).run(examples, out=said.append).failed
    finally:
        spark.conf.unset("spark.sql.sources.partitionOverwriteMode")
        for name in ("readings", "lines"):
            spark.sql(f"DROP TABLE IF EXISTS {name}")
    assert len(examples.examples) > 10
    assert failed == 0, "".join(said)
