"""Files of text, such as CSV, are summed like Parquet: nothing about their spelling is guessed, and each row that is left out is told."""

import gzip
import math
from datetime import datetime, timedelta

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonledger.core.errors import EntriesError
from carbonledger.readings.entries import read_readings

STATED = {"activity": "electricity.grid", "unit": "kWh", "region": "CN-SD"}
HEADINGS = "source,start,amount\n"
ISO = "%Y-%m-%d %H:%M"
START = datetime(2024, 1, 1)


def hours(count=30, *, first=START, form=ISO, amount="{0}.5", between=",", source="m"):
    """Hours of a meter as rows of text."""
    rows = ((source, f"{first + timedelta(hours=at):{form}}", amount.format(at)) for at in range(count))
    return "".join(f"{between.join(row)}\n" for row in rows)


def read(folder, *, step="1 hour", **options):
    return read_readings(folder, folder=folder, stated=STATED, step=step, **options)


def told(findings):
    """Each finding of a file as its rule, file, row and how many rows it concerns."""
    found = []
    for item in findings:
        rows = dict(item.says.values).get("rows", item.rows)
        found.append((item.says.key.removeprefix("READINGS."), item.file, item.row, rows))
    return found


def refused(folder, **options):
    with pytest.raises(EntriesError) as caught:
        read(folder, **options)
    return told(caught.value.findings)


def written(folder, **files):
    for name, content in files.items():
        (folder / f"{name}.csv").write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.mark.parametrize(
    "content",
    [
        HEADINGS + hours(),
        "\ufeff" + HEADINGS + hours(),
        HEADINGS + hours(form="%Y/%m/%d %H:%M:%S"),
        HEADINGS + hours(form="%Y年%m月%d日 %H:%M"),
        HEADINGS + hours().replace("\n", "\r\n"),
        (HEADINGS + hours()).encode("utf-16"),
        "表号,开始时间,用量(kWh)\n" + hours(),
        "Export of meters\n\nmade today\n" + HEADINGS + "\n" + hours(),
        "sep=;\n" + (HEADINGS + hours()).replace(",", ";"),
        HEADINGS.replace(",", "\t") + hours(between="\t"),
        HEADINGS.replace(",", ";") + hours(between=";", amount="{0},5"),
    ],
)
def test_ways_to_write_a_file(tmp_path, content):
    """Encodings, delimiters, decimal commas, days of a known order and lines above the headings give the same sum."""
    stated = {"activity": "electricity.grid", "region": "CN-SD", **({} if "kWh" in str(content) else {"unit": "kWh"})}
    entries = read_readings(written(tmp_path, a=content), stated=stated, step="1 hour")
    assert entries.frame[["amount", "start"]].iloc[0].tolist() == [450.0, START.date()]
    assert {item.says.key for item in entries.findings} <= {"DECIMAL_COMMA"}


def test_a_file_of_another_encoding(tmp_path):
    """Chinese names in GBK are read, and that is said, even if the first of them stands beyond the beginning of a long file."""
    names = hours(source="东厂").encode("gbk")
    written(tmp_path, a=(HEADINGS + hours(20_000)).encode() + names, b=HEADINGS.encode() + names)
    entries = read(tmp_path)
    assert sorted(set(entries.frame["source"])) == ["m", "东厂"]
    assert [item for item in told(entries.findings) if item[0] == "ENCODING_TAKEN"] == [
        ("ENCODING_TAKEN", "b.csv", None, 0),
        ("ENCODING_TAKEN", "a.csv", None, 0),
    ]


@pytest.mark.parametrize("suffix", ["gz", "zst"])
def test_packed_files(tmp_path, suffix):
    """Packed files are read; one that breaks off is left out, and the others are not."""
    content = (HEADINGS + hours(40_000)).encode()
    packed = gzip.compress(content) if suffix == "gz" else pa.compress(content, "zstd", asbytes=True)
    (tmp_path / f"a.csv.{suffix}").write_bytes(packed)
    (tmp_path / f"b.csv.{suffix}").write_bytes(packed[: len(packed) * 4 // 5])
    entries = read(tmp_path)
    assert entries.tallies[0].entries == 40_000
    assert [item[:2] for item in told(entries.findings)] == [("UNREADABLE_FILE.other", f"b.csv.{suffix}")]


def test_text_in_a_numeric_column_of_one_file_of_many(tmp_path):
    """The file, the column, the first row and the text are named with how many there are; all other rows are summed."""
    files = {f"m{day}": HEADINGS + hours(24, first=START + timedelta(days=day)) for day in range(40)}
    files["m7"] = files["m7"].replace(",3.5", ",error").replace(",21.5", ",n/a").replace(",9.5", ",1_0")
    entries = read(written(tmp_path, **files))
    finding, empty = [item for item in entries.findings if item.file][:2]
    assert (finding.file, finding.row, dict(finding.says.values)) == (
        "m7.csv",
        5,
        {"column": "amount", "rows": 2, "text": "error"},
    )
    assert (empty.says.key, empty.file, empty.row) == ("READINGS.no_amount", "m7.csv", 23)
    assert (entries.tallies[0].rows, entries.tallies[0].refused, entries.tallies[0].adds_up) == (960, 3, True)


def test_rows_are_those_of_a_spreadsheet(tmp_path):
    """Rows are counted from the headings as row 1, with blank lines, lines above the headings and rows that are left out."""
    body = "m,2024-01-01 00:00,1\n\n\nm,2024-01-01 01:00,x\nm,2024-01-01 02:00\nm,2024-01-01 03:00,-4\n,,\nTotal,,9\n"
    written(
        tmp_path, a="Title\n\n" + HEADINGS + body, b=HEADINGS + '"m\n2",2024-01-01 00:00,1\n"m\n2",2024-01-01 01:00,x\n'
    )
    entries = read(tmp_path)
    assert sorted(told(entries.findings)) == [
        ("negative", "a.csv", 9, 1),
        ("no_moment", "a.csv", 11, 1),
        ("row_form", "a.csv", 8, 1),
        ("text_for_number", "a.csv", 7, 1),
        ("text_for_number", "b.csv", 3, 1),
    ]
    assert entries.frame[["file", "row"]].to_numpy().tolist() == [["a.csv", 4], ["b.csv", 2]]
    assert entries.tallies[0].adds_up


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (HEADINGS.replace(",", ";") + hours(between=";", amount="1.{0:03}"), ("DECIMAL_SIGN.open", "a.csv", None, 30)),
        (HEADINGS + hours(amount='"1,{0:03}"'), ("DECIMAL_SIGN.open", "a.csv", None, 30)),
        (HEADINGS + hours() + hours(amount='"1,5"'), ("DECIMAL_SIGN.mixed", "a.csv", None, 60)),
        (HEADINGS + hours(form="%m/%d/%Y %H:%M"), ("BAD_PERIOD.order_open", "a.csv", None, 30)),
        (
            HEADINGS + hours(form="%m/%d/%Y %H:%M", first=datetime(2024, 1, 13)) + "m,13/01/2024 00:00,1\n",
            ("BAD_PERIOD.order_contradicts", "a.csv", None, 31),
        ),
        (HEADINGS + hours(form="%Y-%m-%dT%H:%MZ") + hours(4), ("mixed_offsets", "a.csv", None, 4)),
        (HEADINGS + hours(3) + '"' + hours(9), ("UNREADABLE_CSV.open_quote", "a.csv", 5, 4)),
        ("source,start,amount,amount\n" + hours(between=","), ("DOUBLE_HEADING", "a.csv", 1, 0)),
        (hours(), ("MISSING_COLUMN.entries", "a.csv", None, 0)),
        ("source,amount,unit\nm,1,kWh\n", ("MISSING_COLUMN.entries", "a.csv", None, 0)),
        ("", ("empty_file", "a.csv", None, 0)),
        ("\n \n", ("empty_file", "a.csv", None, 0)),
        (bytes(range(256)) * 9, ("UNKNOWN_ENCODING", "a.csv", None, 0)),
    ],
)
def test_what_is_not_guessed(tmp_path, content, expected):
    """A file whose numbers or days can be read in two ways, or that is none, is left out with the reason; no other file is."""
    written(tmp_path, a=content)
    assert refused(tmp_path, zone="Asia/Shanghai") == [expected]
    written(tmp_path, b=HEADINGS + hours(source="other"))
    entries = read(tmp_path)
    assert (entries.frame["amount"].tolist(), told(entries.findings)) == ([450.0], [expected])


def test_what_only_a_late_row_shows(tmp_path):
    """The order of days, or the decimal comma, that is proven beyond the beginning of a long file holds for all of it."""
    early = "".join(hours(24 * 11, form="%m/%d/%Y %H:%M", source=f"s{number}") for number in range(50))
    late = "m,12/13/2024 00:00,0.5\n"
    days = read_readings(written(tmp_path, a=HEADINGS + early + late) / "a.csv", stated=STATED, step="1 hour")
    assert {str(day) for day in days.frame["start"]} == {"2024-01-01", "2024-12-13"}
    early = "".join(hours(24 * 11, amount="1.{0:03}", between=";", source=f"s{number}") for number in range(50))
    late = "m;2024-12-13 00:00;0,5\n"
    content = HEADINGS.replace(",", ";") + early + late
    commas = read_readings(written(tmp_path, b=content) / "b.csv", stated=STATED, step="1 hour").frame
    expected = sum(1000 + number for number in range(264))
    assert sorted(set(commas["amount"])) == [0.5, float(expected)]


def test_moments_with_offsets(tmp_path):
    """Moments with an offset are those of the zone that is meant, however the offset is written; a time in words is no moment."""
    content = HEADINGS
    for at, offset in enumerate(("+08:00", "+0800", " +08", "+08")):
        content += f"m,2024-01-01T{at:02}:00:00{offset},1\n"
    content += "m,2023-12-31 20:00Z,1\n"
    entries = read(written(tmp_path, a=content), zone="Asia/Shanghai")
    assert (entries.frame["amount"].tolist(), entries.findings) == ([5.0], ())
    assert refused(tmp_path) == [("no_zone", "", None, 0)]
    written(tmp_path, a=HEADINGS + "m,2024-01-01 00:00 Asia/Shanghai,1\nm,2024-01-01 01:00,1\n")
    assert told(read(tmp_path).findings) == [("text_for_moment", "a.csv", 2, 1)]


def test_days_and_moments_of_ends(tmp_path):
    """An end that is a day is included, 24:00 is the end of a day; a column of both kinds is refused, since midnight may be left out."""
    headings = "source,start,end,amount\n"
    written(tmp_path, a=headings + "m,2024-01-01,2024-01-31,5\nm,2024-02-01,2024-02-29,6\n")
    assert [str(day) for day in read(tmp_path, step="").frame["end"]] == ["2024-02-01", "2024-03-01"]
    first = "m,2024-01-01 00:00,2024-01-01 12:00,5\n"
    written(tmp_path, a=headings + first + "m,2024-01-01 12:00,2024-01-01 24:00,6\n")
    assert read(tmp_path, step="").frame["amount"].tolist() == [11.0]
    written(tmp_path, a=headings + first + "m,2024-01-01 12:00,2024-01-02,6\n")
    assert refused(tmp_path, step="") == [("day_or_moment", "a.csv", None, 2)]


def test_parquet_and_csv_in_one_folder(tmp_path):
    """Both kinds are read together, each with its rows; what one was made from the other repeats it and is counted once."""
    frame = pd.DataFrame({"source": "n", "start": pd.date_range(START, periods=9, freq="h"), "amount": 1.0})
    frame.to_parquet(tmp_path / "a.parquet")
    written(tmp_path, b=HEADINGS + hours())
    assert read(tmp_path).frame[["file", "row"]].to_numpy().tolist() == [["b.csv", 2], ["a.parquet", 1]]
    frame.to_csv(tmp_path / "c.csv", index=False)
    twice = read(tmp_path)
    assert [item.rule for item in twice.findings] == ["READINGS_REPEATED"]
    assert sorted(twice.frame["amount"]) == [9.0, 450.0]


def test_lines_within_cells(tmp_path):
    """A cell may hold blank lines, and be long; the rows behind it keep the numbers that a spreadsheet shows."""
    cells = '"m\n\nx",2024-01-01 00:00,1\n"m\n\nx",2024-01-01 01:00,bad\n' + f"{'n' * 3_000_000},2024-01-01 00:00,-1\n"
    assert sorted(told(read(written(tmp_path, a=HEADINGS + cells)).findings)) == [
        ("negative", "a.csv", 4, 1),
        ("text_for_number", "a.csv", 3, 1),
    ]


@pytest.mark.parametrize("name", ["a[1].csv", "it's; DROP TABLE x --.csv", "电表 一.csv", "a*.csv"])
def test_hostile_names_and_cells(tmp_path, name):
    """Names of files and columns, and what cells hold, are names and texts."""
    hostile = 'source,start,amount,rowid,carbonledger_row,"x""; DROP TABLE t --",\'\n'
    (tmp_path / name).write_text(hostile + hours().replace("\n", ",1,2,'; DROP,0\n"))
    entries = read_readings(tmp_path / name, stated=STATED, step="1 hour")
    assert (entries.frame["amount"].tolist(), entries.frame["row"].tolist()) == ([450.0], [2])


ODD = ("", "x", "-", "-1", "nan", "inf", "1_0")
CELLS = st.one_of(
    st.floats(0, 1e9, allow_subnormal=False).map(repr),
    st.integers(0, 10**6).map(str),
    st.sampled_from([*ODD, " 5 ", "1e3"]),
)


@given(st.lists(CELLS, min_size=1, max_size=40), st.integers(1, 3), st.booleans())
def test_each_cell_is_in_the_sum_or_told(tmp_path_factory, cells, files, is_blank):
    """Whatever the cells and the files, the numbers among them are summed, and every other row is told by its number."""
    folder = tmp_path_factory.mktemp("csv")
    rows = list(enumerate(cells))
    between = "\n" if is_blank else ""
    for number in range(files):
        lines = [f"m,{START + timedelta(hours=at):{ISO}},{cell}\n" for at, cell in rows[number::files]]
        (folder / f"{number}.csv").write_text(HEADINGS + between.join(lines))
    sound = [float(cell) for cell in cells if cell not in ODD]
    try:
        found = read(folder)
    except EntriesError as error:
        assert not sound
        findings = error.findings
    else:
        assert sum(found.frame["amount"]) == pytest.approx(math.fsum(sound), rel=1e-12)
        tally = found.tallies[0]
        assert (tally.rows, tally.refused, tally.adds_up) == (len(cells), len(cells) - len(sound), True)
        findings = found.findings
    placed = [item for item in findings if item.file.endswith(".csv")]
    assert sum(dict(item.says.values)["rows"] for item in placed) == len(cells) - len(sound)
    for item in placed:
        at = (item.row - 2) // (2 if is_blank else 1)
        assert rows[int(item.file[0]) :: files][at][1] in ODD


def test_a_chinese_export_of_electricity(tmp_path):
    """电量 is the amount of readings of electricity that have no other one, with its unit; of another carrier it is an unknown column."""
    rows = "计量表,开始时间,电量(kWh),峰谷\n" + "".join(f"表1,2024-05-01 {hour:02}:00,1.5,平\n" for hour in range(24))
    (tmp_path / "导出.csv").write_text(rows, encoding="gbk")
    stated = {"region": "CN-SD"}
    entries = read_readings(tmp_path / "导出.csv", stated={**stated, "activity": "电力"}, step="1 hour")
    assert entries.frame[["source", "amount", "unit"]].to_numpy().tolist() == [["表1", 36.0, "kWh"]]
    with pytest.raises(EntriesError, match="amount"):
        read_readings(tmp_path / "导出.csv", stated={**stated, "activity": "天然气"}, step="1 hour")
