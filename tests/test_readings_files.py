"""Files of readings that are odd, damaged or hostile end in findings with file and row, and what is sound is summed all the same."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from carbonledger.core.errors import EntriesError
from carbonledger.readings.entries import read_readings

STATED = {"activity": "electricity.grid", "unit": "kWh", "region": "CN-SD"}
START = datetime(2024, 3, 1)


def readings(count=96, *, source="meter 1", first=START, **columns):
    """Quarter hours of 1 kWh."""
    start = pd.date_range(first, periods=count, freq="15min")
    return pd.DataFrame({"source": source, "start": start, "amount": 1.0, **columns})


def read(folder, *, stated=STATED, step="15 minutes", **options):
    return read_readings("*.parquet", folder=folder, stated=stated, step=step, **options)


def rules(entries):
    return [finding.rule for finding in entries.findings]


def refused(folder, **options):
    """The findings of readings that cannot be read at all."""
    with pytest.raises(EntriesError) as caught:
        read(folder, **options)
    return [finding.says.key for finding in caught.value.findings]


def test_a_sum_names_its_first_reading(tmp_path):
    """An entry has the file and the row of its first reading, and its note says in both languages how many it is the sum of."""
    readings(96, source="meter 2").to_parquet(tmp_path / "a.parquet")
    readings().to_parquet(tmp_path / "b.parquet")
    frame = read(tmp_path).frame.set_index("source")
    assert frame.loc["meter 1", ["file", "row", "amount"]].tolist() == ["b.parquet", 1, 96.0]
    assert frame.loc["meter 2", "note"] == "part of the month (不足整月); readings: 96 summed (96 条读数合计)"
    assert (frame.loc["meter 1", "start"], frame.loc["meter 1", "end"]) == (date(2024, 3, 1), date(2024, 3, 2))


def test_a_null_unit_is_named_by_file_and_row(tmp_path):
    """Of rows without a unit, the first is named with how many there are; the others are summed."""
    readings(unit="kWh").to_parquet(tmp_path / "a.parquet")
    late = readings(first=START + timedelta(days=1), unit="kWh")
    late.loc[[40, 41, 77], "unit"] = None
    late.to_parquet(tmp_path / "b.parquet")
    entries = read(tmp_path, stated={"activity": "electricity.grid", "region": "CN-SD"})
    (finding,) = entries.findings
    assert (finding.file, finding.row, finding.rows) == ("b.parquet", 41, 3)
    assert "b.parquet, row 41 and 2 more" in finding.text()
    assert "b.parquet，第 41 行起共 3 行" in finding.text("zh")
    assert finding.to_dict()["rows"] == 3
    assert entries.frame["amount"].sum() == 189
    assert (entries.tallies[0].rows, entries.tallies[0].refused) == (192, 3)


def test_an_unknown_activity_of_a_year_is_said_once(tmp_path):
    """A word that no activity has, in every month of two meters, is one finding at its first reading."""
    days = pd.date_range("2024-01-01", "2024-12-31").date
    frame = pd.DataFrame({"start": [*days, *days], "source": ["b"] * 366 + ["a"] * 366, "amount": 1.0})
    frame.assign(activity="electricity.moonlight").to_parquet(tmp_path / "a.parquet")
    readings(activity="electricity.grid").to_parquet(tmp_path / "b.parquet")
    findings = read(tmp_path, stated={"unit": "kWh", "region": "CN-SD"}, step="").findings
    unknown = [item for item in findings if item.rule == "UNKNOWN_ACTIVITY"]
    assert [(item.file, item.row, item.rows) for item in unknown] == [("a.parquet", 1, 732)]


def test_defects_are_counted_by_file(tmp_path):
    """Amounts that are missing, negative, infinite or no number, and moments that are missing, each by file, at the first row."""
    frame = readings()
    frame.loc[[3, 9], "amount"] = [np.nan, np.inf]
    frame.loc[[4, 5], "amount"] = -1.0
    frame.loc[90, "start"] = pd.NaT
    frame.to_parquet(tmp_path / "a.parquet")
    findings = [item for item in read(tmp_path).findings if item.rule == "READINGS"]
    told = {item.says.key: (item.file, item.row, dict(item.says.values)["rows"]) for item in findings}
    assert told == {
        "READINGS.no_amount": ("a.parquet", 4, 1),
        "READINGS.not_finite": ("a.parquet", 10, 1),
        "READINGS.negative": ("a.parquet", 5, 2),
        "READINGS.no_moment": ("a.parquet", 91, 1),
    }


def test_text_in_one_file_of_several(tmp_path):
    """A file whose amounts are texts is left out with its rows counted; the others are read."""
    readings().to_parquet(tmp_path / "a.parquet")
    readings(first=START + timedelta(days=1)).astype({"amount": str}).to_parquet(tmp_path / "b.parquet")
    (tmp_path / "c.parquet").write_bytes(b"PAR1 no more")
    entries = read(tmp_path)
    assert [(item.says.key, item.file) for item in entries.findings] == [
        ("READINGS.file_unlike", "b.parquet"),
        ("UNREADABLE_PARQUET", "c.parquet"),
    ]
    assert (entries.tallies[0].rows, entries.tallies[0].entries, entries.tallies[0].refused) == (192, 96, 96)
    assert entries.tallies[0].adds_up


def test_a_file_with_days_among_files_with_moments(tmp_path):
    """A column of days in one file and of moments in another is no one column: a day is a day long, a moment is not."""
    readings().to_parquet(tmp_path / "a.parquet")
    pd.DataFrame({"source": "meter 2", "start": [date(2024, 3, 1)], "amount": 5.0}).to_parquet(tmp_path / "b.parquet")
    assert [item.says.key for item in read(tmp_path).findings] == ["READINGS.file_unlike"]


@pytest.mark.parametrize("name", ["a[1].parquet", "a*b.parquet", "it's; DROP TABLE x --.parquet", "电表 一.parquet"])
def test_hostile_names_of_files(tmp_path, name):
    """A file is read by its own name, whatever a pattern or a query would make of it."""
    readings().to_parquet(tmp_path / name)
    assert read_readings(tmp_path / name, stated=STATED, step="15 minutes").frame["amount"].tolist() == [96.0]


@pytest.mark.parametrize(
    "name", ['x"; DROP TABLE t; --', "amount AS start", "'", "filename", "file_row_number", "span"]
)
def test_hostile_names_of_columns(tmp_path, name):
    """A column that means nothing to entries may be called anything."""
    readings(**{name: "'; DROP TABLE readings; --"}).to_parquet(tmp_path / "a.parquet")
    assert read(tmp_path).frame["amount"].tolist() == [96.0]


def test_hostile_texts(tmp_path):
    """Texts of rows and of the caller are texts, not queries."""
    text = "1' OR '1'='1\"; --"
    readings(source=text).to_parquet(tmp_path / "a.parquet")
    assert read(tmp_path, stated={**STATED, "site": text}).frame[["source", "site"]].iloc[0].tolist() == [text, text]
    assert refused(tmp_path, step="1' minute; --") == ["READINGS.step"]
    assert refused(tmp_path, zone="Asia/Shanghai'; --") == ["READINGS.zone"]
    assert refused(tmp_path, memory="2GB'; --") == ["READINGS.memory"]


def test_headings_in_chinese(tmp_path):
    """Headings may be those of any table of entries, the unit beside the amount."""
    frame = readings().rename(columns={"source": "表号", "start": "开始日期", "amount": "用量(kWh)"})
    frame.to_parquet(tmp_path / "电.parquet")
    found = read(tmp_path, stated={"activity": "外购电力", "region": "山东"}).frame.iloc[0]
    assert found[["activity", "unit", "region", "amount"]].tolist() == ["electricity.grid", "kWh", "CN-SD", 96.0]


@pytest.mark.parametrize("heading", ["倍率", "reading_end", "supersedes"])
def test_a_column_that_changes_what_an_amount_means(tmp_path, heading):
    """A multiplier, a register or a number of what is superseded is not passed over."""
    readings(**{heading: 60}).to_parquet(tmp_path / "a.parquet")
    assert refused(tmp_path) == ["READINGS.needs_reading"]


def test_what_is_stated_twice(tmp_path):
    """A text that stands in a column and is stated for all rows as well is refused, and so is a length beside an end."""
    frame = readings(unit="MWh")
    frame.assign(end=frame["start"] + timedelta(minutes=15)).to_parquet(tmp_path / "a.parquet")
    assert refused(tmp_path) == ["READINGS.stated_twice"] * 2
    readings().rename(columns={"amount": "amount (MWh)"}).to_parquet(tmp_path / "a.parquet")
    assert refused(tmp_path) == ["READINGS.stated_twice"]


def test_a_file_that_is_named_twice_is_read_once(tmp_path):
    """Patterns that overlap name a file once; the same readings in another file are told once for the source, with its months."""
    readings(35 * 96).to_parquet(tmp_path / "a.parquet")
    named = ["*.parquet", "a.parquet", "./a.parquet"]
    once = read_readings(named, folder=tmp_path, stated=STATED, step="15 minutes")
    assert (once.frame["amount"].sum(), once.findings) == (3360.0, ())
    readings(35 * 96, note="again").to_parquet(tmp_path / "again.parquet")
    twice = read(tmp_path)
    (finding,) = twice.findings
    assert finding.rule == "READINGS_REPEATED"
    assert dict(finding.says.values)["count"] == 3360
    assert dict(finding.says.values)["months"] == ("2024-03", "2024-04")
    assert twice.frame["amount"].sum() == 3360.0
    assert twice.tallies[0].repeated == 3360


@pytest.mark.parametrize("is_link", [True, False])
def test_a_partition_that_was_delivered_twice(tmp_path, is_link):
    """A file that is byte for byte another one is not read, whether its meters are named or not; both names and its rows are told."""
    readings().drop(columns="source").to_parquet(tmp_path / "a.parquet")
    copy = tmp_path / "copy.parquet"
    if is_link:
        copy.symlink_to("a.parquet")
    else:
        copy.write_bytes((tmp_path / "a.parquet").read_bytes())
    readings(first=START + timedelta(days=1)).drop(columns="source").to_parquet(tmp_path / "b.parquet")
    entries = read(tmp_path)
    told = entries.findings[0]
    assert (told.says.key, told.file, dict(told.says.values)) == (
        "READINGS_REPEATED.file",
        "copy.parquet",
        {"other": "a.parquet", "rows": 96},
    )
    tally = entries.tallies[0]
    assert (entries.frame["amount"].sum(), tally.rows, tally.repeated, tally.adds_up) == (192.0, 288, 96, True)


def test_a_gap_between_two_months(tmp_path):
    """Readings that are missing around midnight at the end of a month leave a gap of neither month alone; it is told."""
    frame = readings(62 * 96)
    gone = (frame["start"] >= datetime(2024, 3, 31, 22)) & (frame["start"] < datetime(2024, 4, 1, 2))
    frame[~gone].to_parquet(tmp_path / "a.parquet")
    (finding,) = read(tmp_path).findings
    assert finding.rule == "READINGS_GAP"
    assert dict(finding.says.values) == {
        "source": "meter 1",
        "count": 1,
        "hours": 4.0,
        "first": "2024-03-31 22:00",
        "months": ("2024-03",),
    }


def test_another_kind_of_data_is_no_gap(tmp_path):
    """A meter whose readings are estimated for some hours is one series still, of two sums."""
    frame = readings(data_type="actual")
    frame.loc[10:20, "data_type"] = "estimated"
    frame.to_parquet(tmp_path / "a.parquet")
    entries = read(tmp_path)
    assert entries.findings == ()
    assert sorted(entries.frame["amount"]) == [11.0, 85.0]


def test_readings_of_no_named_meter(tmp_path):
    """Without a source nothing can be told of repeats, and that is said; nobody is accused."""
    frame = pd.concat([readings(), readings()])
    frame.assign(source=["a"] * 96 + [None] * 96).to_parquet(tmp_path / "a.parquet")
    assert rules(read(tmp_path)) == ["READINGS_UNNAMED"]
    frame.drop(columns="source").to_parquet(tmp_path / "a.parquet")
    entries = read(tmp_path)
    assert (rules(entries), entries.frame["amount"].sum()) == (["READINGS_UNNAMED"], 192.0)


def test_moments_with_a_time_zone(tmp_path):
    """Moments with a zone need one whose months are meant; the hours of a change of clocks are neither gap nor overlap."""
    start = pd.date_range("2024-03-30 23:00", "2024-04-01 22:00", freq="h", tz="UTC")
    pd.DataFrame({"source": "m", "start": start, "amount": 1.0}).to_parquet(tmp_path / "a.parquet")
    assert refused(tmp_path, step="1 hour") == ["READINGS.no_zone"]
    entries = read(tmp_path, step="1 hour", zone="Europe/Berlin")
    # Berlin leaves out an hour on 31 March 2024: 23 readings there, and 25 more from 00:00 to 23:00 ... of 1 April.
    assert entries.findings == ()
    assert entries.frame["amount"].tolist() == [23.0, 25.0]
    assert entries.frame["start"].tolist() == [date(2024, 3, 31), date(2024, 4, 1)]


def test_days_by_the_clock_of_a_place(tmp_path):
    """A day of 23 hours follows the one before it."""
    start = pd.date_range("2024-03-29", periods=5, freq="D", tz="Europe/Berlin")
    pd.DataFrame({"source": "m", "start": start, "amount": 24.0}).to_parquet(tmp_path / "a.parquet")
    assert read(tmp_path, step="1 day", zone="Europe/Berlin").findings == ()


@pytest.mark.parametrize("amount", [np.float32(0.1), Decimal("0.1"), 1])
def test_types_of_amounts(tmp_path, amount):
    """Amounts of 32 bits are summed in double precision and named; decimals and whole numbers are exact."""
    frame = readings().assign(amount=[amount] * 96)
    frame.to_parquet(tmp_path / "a.parquet")
    entries = read(tmp_path)
    assert entries.frame["amount"].tolist() == pytest.approx([float(amount) * 96], rel=1e-15)
    assert rules(entries) == ["READINGS_SINGLE"] * isinstance(amount, np.float32)


def test_nothing_to_read(tmp_path):
    """No file, no needed column, no sound row: each is said, none is an empty sum."""
    assert refused(tmp_path) == ["READINGS.no_file"]
    readings().drop(columns="amount").to_parquet(tmp_path / "a.parquet")
    assert refused(tmp_path) == ["MISSING_COLUMN.frame"]
    readings().assign(amount=-1.0).to_parquet(tmp_path / "a.parquet")
    assert refused(tmp_path) == ["READINGS.negative", "NO_ENTRIES"]
    assert refused(tmp_path, step="") == ["READINGS.negative", "NO_ENTRIES"]
    readings().head(0).to_parquet(tmp_path / "a.parquet")
    assert refused(tmp_path) == ["NO_ENTRIES"]


def test_partitioned_folders(tmp_path):
    """The folders of a partition are columns, such as ``site=plant``."""
    for site in ("north", "south"):
        folder = tmp_path / f"site={site}"
        folder.mkdir()
        readings().to_parquet(folder / "0.parquet")
    frame = read_readings(tmp_path, stated=STATED, step="15 minutes").frame
    assert frame[["site", "amount"]].to_numpy().tolist() == [["north", 96.0], ["south", 96.0]]


def test_folders_of_some_files_only(tmp_path):
    """A folder says the site of its own files, as it is written; other files have none."""
    (tmp_path / "site=01").mkdir()
    readings().to_parquet(tmp_path / "site=01" / "0.parquet")
    readings(source="meter 2").to_parquet(tmp_path / "whole.parquet")
    frame = read_readings(tmp_path, folder=tmp_path, stated=STATED, step="15 minutes").frame
    assert frame[["site", "source", "file"]].to_numpy().tolist() == [
        ["01", "meter 1", "site=01/0.parquet"],
        ["", "meter 2", "whole.parquet"],
    ]


def test_a_folder_that_is_called_like_a_file(tmp_path):
    """A pattern that finds a folder of parts, as Spark writes one, reads the parts and no file that is hidden."""
    (tmp_path / "x.parquet").mkdir()
    readings().to_parquet(tmp_path / "x.parquet" / "part-0.parquet")
    (tmp_path / "x.parquet" / "_SUCCESS.parquet").write_bytes(b"")
    entries = read(tmp_path)
    assert (entries.frame["amount"].tolist(), entries.findings) == ([96.0], ())


def test_a_text_that_readings_do_not_have(tmp_path):
    """A caller who states what readings have no column for is told so."""
    readings().to_parquet(tmp_path / "a.parquet")
    with pytest.raises(TypeError, match="no 'amount'"):
        read(tmp_path, stated={"amount": "5"})
