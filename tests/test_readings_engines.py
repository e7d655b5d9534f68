"""Whichever engine goes through the readings, the entries, the sums to 1e-12 and the findings are the same."""

import importlib.util
import json
import math
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError, EntriesError
from carbonledger.readings.columns import FILE, ROW, reading_columns
from carbonledger.readings.entries import read_readings
from carbonledger.readings.other_engines import Part
from carbonledger.readings.spark_rows import SparkRows, spark_files

STATED = {"activity": "electricity.grid", "unit": "kWh", "region": "CN-SD"}
ZONED = "TIMESTAMP WITH TIME ZONE"
START = datetime(2024, 3, 30, 18)
FIXED = ["--factors", "cn-mee-grid-enterprise@2022", "--gwp", "ipcc-ar5@2013"]
KINDS = ["one"] * 6 + ["none", "twice", "clash", "null", "nan", "inf", "negative", "no start", "turned", "wide", "bill"]


def rows_of(kinds, source, amount=1.25):
    """Hours of a meter around the end of a month and a change of clocks, each sound or with one defect: source, start, end, amount."""
    rows = []
    for at, kind in enumerate(kinds):
        start = START + timedelta(hours=at)
        stop = start + timedelta(hours={"wide": 3, "bill": 24 * 9}.get(kind, 1))
        row = [source, start, stop, amount + at / 7]
        changed = {
            "null": (3, None),
            "nan": (3, math.nan),
            "inf": (3, math.inf),
            "negative": (3, -1.0),
            "no start": (1, None),
        }
        if kind in changed:
            place, value = changed[kind]
            row[place] = value
        if kind == "turned":
            row[1:3] = stop, start
        rows += [[], [row], [row, row], [row, [*row[:3], 9.0]]][{"none": 0, "twice": 2, "clash": 3}.get(kind, 1)]
    return rows


def written(folder, rows, *, files=2, has_end=True, zone=None):
    """The rows in some files of Parquet and one of CSV."""
    for number in range(files):
        frame = pd.DataFrame(rows[number::files], columns=["source", "start", "end", "amount"])
        frame = frame.astype({"source": "str", "amount": "float64"})
        for name in ("start", "end"):
            moments = pd.to_datetime(frame[name]).astype("datetime64[us]")
            frame[name] = moments if zone is None else moments.dt.tz_localize(zone)
        frame = frame if has_end else frame.drop(columns="end")
        if number == files - 1 and zone is None:
            frame.to_csv(folder / f"{number}.csv", index=False, date_format="%Y-%m-%d %H:%M:%S")
        else:
            frame.to_parquet(folder / f"part [{number}] of it.parquet", coerce_timestamps="us")
    return folder


def result(folder, engine, **options):
    """Entries and findings, or the findings of what cannot be read."""
    try:
        return read_readings(folder, folder=folder, stated=STATED, engine=engine, **options)
    except EntriesError as error:
        return error.findings


def check_alike(folder, *engines, **options):
    """The same from DuckDB and the others; what DuckDB gives."""
    expected = result(folder, "duckdb", **options)
    for engine in engines:
        found = result(folder, engine, **options)
        if isinstance(expected, tuple):
            assert found == expected
        else:
            pd.testing.assert_frame_equal(found.frame, expected.frame, rtol=1e-12, atol=0)
            assert found.findings == expected.findings
            assert found.tallies == expected.tallies
    return expected


ZONES = st.sampled_from([None, "UTC", "Europe/Berlin", "Asia/Kathmandu"])


@given(
    st.lists(st.lists(st.sampled_from(KINDS), min_size=1, max_size=12), min_size=1, max_size=3),
    st.integers(1, 3),
    ZONES,
)
def test_polars_gives_what_duckdb_gives(tmp_path_factory, meters, files, zone):
    """Repeats, gaps, overlaps, defective rows, long bills and time zones are summed and told alike."""
    rows = [row for number, kinds in enumerate(meters) for row in rows_of(kinds, f"meter {number}")]
    folder = written(tmp_path_factory.mktemp("readings"), rows, files=files, zone=zone and "UTC")
    check_alike(folder, "polars", zone=zone or "")


def every_kind():
    """Three meters with every defect, in an order that mixes them."""
    kinds = [*KINDS, *KINDS[::-1], *["one"] * 40]
    return [
        *rows_of(kinds, "m 1"),
        *rows_of(["one"] * 60, "m 2"),
        *rows_of([*KINDS[6:], *["one"] * 9], "m 3", 0.1),
        *rows_of(["one"], None),
    ]


@pytest.mark.spark
@pytest.mark.parametrize(("zone", "step"), [("Europe/Berlin", ""), ("Europe/Berlin", "1 day"), (None, "1 hour")])
def test_spark_gives_what_the_others_give(spark, tmp_path, zone, step):
    """On several partitions after a shuffle, with a clock that is not the one of the readings, and with files of Parquet and CSV."""
    folder = written(tmp_path, every_kind(), files=3, has_end=not step, zone=zone and "UTC")
    entries = check_alike(folder, "polars", "spark", zone=zone or "", step=step)
    assert {"READINGS_REPEATED", "READINGS_OVERLAP", "READINGS_GAP", "READINGS"} - {
        item.rule for item in entries.findings
    } <= {"READINGS_GAP"}
    assert spark.conf.get("spark.sql.session.timeZone") == "America/New_York"


@pytest.mark.parametrize("step", ["1 day", "1 week", "1 month", "15 minutes"])
def test_steps_by_the_clock(tmp_path, step):
    """A day of 23 hours, and a month of its own length, end where the next one begins."""
    frequency = {"1 day": "D", "1 week": "7D", "1 month": "MS", "15 minutes": "15min"}[step]
    start = pd.date_range("2024-02-01", periods=9, freq=frequency, tz="Europe/Berlin").tz_convert("UTC")
    pd.DataFrame({"source": "m", "start": start, "amount": 1.0}).to_parquet(
        tmp_path / "a.parquet", coerce_timestamps="us"
    )
    assert check_alike(tmp_path, "polars", step=step, zone="Europe/Berlin").findings == ()


def test_days_texts_and_folders(tmp_path):
    """Columns of days, numbers for texts, other types of amounts, columns that some files lack, and what folders say."""
    for site in ("01", "02"):
        folder = tmp_path / f"site={site}"
        folder.mkdir()
        days = pd.date_range("2024-01-01", periods=40).date
        frame = pd.DataFrame({"meter": np.arange(40) % 2, "start": days, "amount": np.float32(0.1)})
        (frame.assign(data_type="actual") if site == "01" else frame).to_parquet(folder / "a.parquet")
    entries = check_alike(tmp_path, "polars")
    assert "READINGS_SINGLE" in {item.rule for item in entries.findings}
    assert sorted(set(entries.frame["site"])) == ["01", "02"]


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_a_damaged_file_is_named_by_every_engine(tmp_path, engine):
    """What breaks off in the middle of one file costs this file only."""
    for number in range(2):
        start = pd.date_range("2022-01-01", periods=3000, freq="15min")
        pd.DataFrame({"source": f"m{number}", "start": start, "amount": 1.0}).to_parquet(tmp_path / f"{number}.parquet")
    path = tmp_path / "1.parquet"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 3] + b"\xff" * (len(content) // 3) + content[len(content) // 3 * 2 :])
    entries = result(tmp_path, engine, step="15 minutes")
    assert [(item.says.key, item.file) for item in entries.findings] == [("READINGS.file_damaged", "1.parquet")]
    assert entries.frame["amount"].sum() == 3000


def calculate(*arguments):
    stated = [part for field, text in STATED.items() for part in ("--stated", f"{field}={text}")]
    return CliRunner().invoke(app, ["calculate", *map(str, arguments), *FIXED, *stated, "--json"])


@pytest.mark.parametrize("option", [["--memory", "2GB"], ["--out", "lines"]])
def test_what_another_engine_cannot_do(tmp_path, monkeypatch, option):
    """It is refused with the option and the engine, not passed over."""
    monkeypatch.chdir(tmp_path)
    written(tmp_path, rows_of(["one"] * 9, "m"))
    done = calculate(tmp_path, "--engine", "polars", *option)
    (finding,) = json.loads(done.stdout)
    assert (done.exit_code, option[0] in finding["message"], "polars" in finding["message"]) == (1, True, True)
    assert not (tmp_path / "lines").exists()


@pytest.mark.parametrize(("engine", "package"), [("polars", "polars"), ("spark", "pyspark")])
def test_an_engine_that_is_not_installed(tmp_path, monkeypatch, engine, package):
    """It is named with the command that installs it."""
    find = importlib.util.find_spec
    monkeypatch.setattr(
        "carbonledger.readings.other_engines.find_spec", lambda name: None if name == package else find(name)
    )
    (finding,) = result(tmp_path, engine)
    assert f"pip install 'carbonledger[{engine}]'" in finding.text()


def test_the_command_line_and_a_book(tmp_path):
    """The option and the setting choose the engine, and change no figure."""
    written(tmp_path, rows_of(["one"] * 40, "m"))
    by_engine = [json.loads(calculate(tmp_path, "--engine", name).stdout) for name in ("duckdb", "polars")]
    for name in ("energy_gj", "emissions_tco2e"):
        assert by_engine[0].pop(name) == pytest.approx(by_engine[1].pop(name), rel=1e-12)
    assert {**by_engine[0], "rows": []} == {**by_engine[1], "rows": []}
    assert calculate(tmp_path, "--engine", "abacus").exit_code == 2
    head = '[company]\nname_en = "M"\nregion = "CN-SD"\nreporting_year = 2024\n[factors]\ngwp = "ipcc-ar5@2013"\n'
    head += 'emissions = ["cn-mee-grid-enterprise@2022"]\n[[readings]]\nactivity = "electricity.grid"\nunit = "kWh"\n'
    book = tmp_path / "book.toml"
    book.write_text(head + 'files = ["*.parquet"]\nengine = "polars"\n')
    assert cl.open_book(tmp_path).entries.frame["amount"].sum() > 0
    for wrong in (
        'files = ["*.parquet"]\nengine = "abacus"\n',
        'database = "a.duckdb"\ntable = "t"\nengine = "polars"\n',
    ):
        book.write_text(head + wrong)
        with pytest.raises(BookError, match="readings"):
            cl.open_book(tmp_path)


@pytest.mark.spark
def test_spark_works_without_python(spark, tmp_path):
    """The plan of Spark has no step that leaves the engine for Python, and one shuffle for the sums."""
    written(tmp_path, rows_of(["one"] * 9, "m"), zone="UTC")
    parts = [Part(path, number) for number, path in enumerate(sorted(tmp_path.iterdir()))]
    types = {"source": "VARCHAR", "start": ZONED, "end": ZONED, "amount": "DOUBLE", FILE: "BIGINT", ROW: "BIGINT"}
    columns = reading_columns(types, STATED, zone="Europe/Berlin")
    frame = SparkRows(spark, spark_files(spark, parts)).sums(columns)
    plan = frame._jdf.queryExecution().executedPlan().toString()
    assert "Python" not in plan
    assert plan.count("hashpartitioning") == 1


@pytest.mark.spark
def test_a_table_of_spark(spark, tmp_path):
    """A table or view is summed where it lies, and gives the figures of the same rows in files; one that is not there is said."""
    rows = pd.DataFrame(rows_of(["one"] * 50, "m"), columns=["source", "start", "end", "amount"])
    rows = rows.astype({"start": "datetime64[us]", "end": "datetime64[us]"})
    rows.to_parquet(tmp_path / "a.parquet", coerce_timestamps="us")
    spark.read.parquet(str(tmp_path / "a.parquet")).createOrReplaceTempView("meters")
    data = [json.loads(calculate(*arguments).stdout) for arguments in ((tmp_path,), ("meters", "--engine", "spark"))]
    assert data[0]["emissions_tco2e"] == pytest.approx(data[1]["emissions_tco2e"], rel=1e-12)
    assert (data[1]["readings"], data[1]["complete"]) == (50, True)
    (finding,) = json.loads(calculate("no_such_table", "--engine", "spark").stdout)
    assert "no_such_table" in finding["message"]
