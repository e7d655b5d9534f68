"""Input that cannot lie: ordinary files that once gave a wrong figure without a word, and what is right for each."""

import io
from datetime import date, datetime
from itertools import pairwise

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.activity_data.reading_summary import reading_summary
from carbonledger.activity_data.tally import summed
from tests.strategies import entry_rows

HEAD = "activity,amount,unit,year,region\n"
GRID = "electricity.grid"


def read(tmp_path, text, name="entries.csv", **how):
    """The entries of a file with some text or bytes."""
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return cl.read_entries(path, **how)


def rules(entries, severity="error"):
    """The rules of the findings of a severity."""
    return [item.rule for item in entries.findings if item.severity == severity]


# ruff: noqa: E501 - a case a line
REFUSED = [
    ("more cells than headings", f"activity,unit,year,amount\n{GRID},kWh,2024,1,234,567\n", "TOO_MANY_CELLS"),
    ("fewer cells than headings", f"{HEAD}{GRID},5\n", "TOO_FEW_CELLS"),
    ("an open quotation mark", f'activity,amount,unit,year,note\n{GRID},5,kWh,2024,"open\n{GRID},6,kWh,2024,b\n', "UNREADABLE_CSV"),
    ("rows within a cell", f'activity,amount,unit,year,note\n{GRID},5,kWh,2024,"a\n{GRID},6,kWh,2024,b"\n', "SWALLOWED_ROWS"),
    ("two headings of one meaning", f"activity,amount,usage,unit,year\n{GRID},5,6,kWh,2024\n", "DOUBLE_HEADING"),
    ("a misspelt heading", f"activity,unit,year,reading_start,reading_end,multiplyer\n{GRID},kWh,2024,1000,1500,40\n", "MISSPELT_HEADING"),
    ("another misspelt heading", f"activity,amount,unit,year,regoin\n{GRID},5,kWh,2024,CN-SD\n", "MISSPELT_HEADING"),
    ("a unit in the heading that disagrees", f"activity,amount (MWh),unit,year\n{GRID},5,kWh,2024\n", "UNIT_CONTRADICTS"),
    ("a scale in the heading that disagrees", "能源种类,用量（万kWh）,单位,年份\n电力,52.3,kWh,2024\n", "UNIT_CONTRADICTS"),
    ("readings that overflow", f"activity,unit,year,reading_start,reading_end,multiplier\n{GRID},kWh,2024,0,1e308,1e308\n", "READING_OUT_OF_RANGE"),
    ("an amount that underflows", f"{HEAD}{GRID},1e-400,kWh,2024,CN-SD\n", "BAD_NUMBER"),
    ("two numbers in a cell", f"{HEAD}{GRID},100 200,kWh,2024,CN-SD\n", "BAD_NUMBER"),
    ("a formula that was never calculated", f"{HEAD}{GRID},=2*3,kWh,2024,CN-SD\n", "BAD_NUMBER"),
    ("the error of a formula", f"{HEAD}{GRID},#REF!,kWh,2024,CN-SD\n", "BAD_NUMBER"),
    ("a category in other digits", f"activity,amount,unit,year,scope_3_category\n{GRID},5,kWh,2024,\U00010a40\n", "UNKNOWN_CATEGORY"),
    ("a year beyond every ledger", f"activity,amount,unit,start,end\n{GRID},5,kWh,9999-12-31,9999-12-31\n", "BAD_PERIOD"),
    ("an unknown province", f"{HEAD}{GRID},5,kWh,2024,CN-XX\n", "UNKNOWN_REGION"),
    ("days that may be months", f"activity,amount,unit,start,end\n{GRID},5,kWh,03/04/2024,05/04/2024\n", "BAD_PERIOD"),
    ("a scale in the heading that is no unit", f"activity,amount (in hundreds),unit,year\n{GRID},5,kWh,2024\n", "UNIT_CONTRADICTS"),
    ("a gap where an amount is needed", f"{HEAD}{GRID},—,kWh,2024,CN-SD\n", "EMPTY_AMOUNT"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "rule"), [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_what_cannot_be_read_for_certain_is_refused(tmp_path, text, rule):
    """An error with its row and a remedy, and no entry of the row in question."""
    entries = read(tmp_path, text)
    assert rules(entries) == [rule] * len(rules(entries))
    assert rules(entries)
    assert len(entries) == 0
    found = next(item for item in entries.findings if item.severity == "error")
    assert found.file == "entries.csv"
    assert found.row
    assert found.remedy
    assert all(item.adds_up for item in entries.tallies)


SEMICOLONS = "activity;amount;unit;year\nfuel.diesel;{};t;2024\n"
READ = [
    ("decimal commas by the column", "activity;amount;unit;year\n" + "".join(f"{GRID};{x};kWh;2024\n" for x in ("0,454", "0,62", "11,711")), 12.785),
    ("decimal commas by the setting", SEMICOLONS.format("1,234"), 1.234),
    ("thousands by the column", f'{HEAD}{GRID},"3,947,880",kWh,2024,CN-SD\n{GRID},"407,838.53",kWh,2024,CN-SD\n', 4355718.53),
    ("a unit in the heading", f"activity,amount (thousand kWh),year\n{GRID},52.3,2024\n", 52.3),
    ("a scale in the heading", f"activity,amount ('000),unit,year\n{GRID},5,kWh,2024\n", 5),
    ("commas of full width", "活动，用量，单位，年份\n电力，5，kWh，2024\n", 5),
    ("titles above the headings", f"Energy of 2024,,,,\n,,,,\n{HEAD}{GRID},5,kWh,2024,CN-SD\n", 5),
    ("a line that states the delimiter", f"sep=;\nactivity;amount;unit;year\n{GRID};5;kWh;2024\n", 5),
    ("headings again", f"{HEAD}{GRID},5,kWh,2024,CN-SD\n{HEAD}{GRID},6,kWh,2024,CN-SD\n", 11),
]  # fmt: skip


@pytest.mark.parametrize(("text", "amount"), [case[1:] for case in READ], ids=[case[0] for case in READ])
def test_what_the_whole_file_settles_is_read(tmp_path, text, amount):
    """The conventions of a column, a heading or a setting give the figure that was meant."""
    how = {"decimal": ","} if text == SEMICOLONS.format("1,234") else {}
    entries = read(tmp_path, text, **how)
    assert rules(entries) == []
    assert entries.frame["amount"].sum() == pytest.approx(amount)


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("company,site,activity,amount,unit,year\nWerk München,Süd,electricity.grid,1,kWh,2024\n", "cp1252"),
        ("公司,能源种类,用量,单位,年份\n一厂,电力,1,kWh,2024\n", "gb18030"),
        ("公司,能源种类,用量,单位,年份\n一厂,电力,1,kWh,2024\n", "utf-16"),
    ],
)
def test_names_keep_their_letters(tmp_path, text, encoding):
    """An umlaut never becomes a Han letter; what the file does not state is said."""
    entries = read(tmp_path, text.encode(encoding))
    assert entries.frame["entity"].tolist() == [text.splitlines()[1].split(",")[0]]
    assert rules(entries, "note") == ([] if encoding == "utf-16" else ["ENCODING_TAKEN"])


def months(count=12):
    """Rows of months, each of 10."""
    return [("一厂", "外购电力", 10, "万千瓦时", f"2025-{at:02}") for at in range(1, count + 1)]


CHINESE = ("公司", "能源种类", "用量", "单位", "期间")


def workbook(**sheets):
    """A workbook with some sheets of rows."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    return stream.getvalue()


@pytest.mark.parametrize(
    "row",
    [
        ("合计", "", 120, "", ""),
        ("", "合计", 120, "万千瓦时", ""),
        ("", "", 120, "万千瓦时", ""),
        ("一厂合计", "外购电力", 1200, "MWh", "2025"),
    ],
)
def test_a_total_row_is_a_control(tmp_path, row):
    """It is left out, held against the sum of its parts, and agrees; nothing doubles."""
    entries = read(tmp_path, workbook(明细=[CHINESE, *months(), row]), "t.xlsx")
    assert rules(entries) == []
    assert entries.frame["amount"].sum() == 120
    assert summed(entries.tallies).controls == 1
    assert "12 rows" in str(entries.findings[0]) or "12 part" in str(entries.findings[0])


def test_a_total_that_disagrees_is_an_error_with_both_numbers(tmp_path):
    """The spreadsheet's own total is an assertion."""
    entries = read(tmp_path, workbook(明细=[CHINESE, *months(), ("合计", "", 121, "", "")]), "t.xlsx")
    (finding,) = [item for item in entries.findings if item.severity == "error"]
    assert finding.rule == "TOTAL_DISAGREES"
    assert "121" in finding.message
    assert "120" in finding.message
    assert finding.row == 14


def test_totals_and_subtotals_each_have_their_parts(tmp_path):
    """A subtotal holds for the rows since the last one, the grand total for all."""
    other = [("二厂", *row[1:]) for row in months(3)]
    rows = [CHINESE, *months(4), ("小计", "", 40, "", ""), *other, ("小计", "", 30, "", ""), ("总计", "", 70, "", "")]
    entries = read(tmp_path, workbook(a=rows), "t.xlsx")
    assert [item.rule for item in entries.findings] == ["TOTAL_ROW"] * 3
    assert entries.frame["amount"].sum() == 70


def test_a_total_of_unlike_units_says_so(tmp_path):
    """Electricity and gasoline do not add."""
    rows = [
        CHINESE,
        ("一厂", "外购电力", 10, "kWh", "2025"),
        ("一厂", "汽油", 5, "t", "2025"),
        ("合计", "", 15, "", ""),
    ]
    entries = read(tmp_path, workbook(a=rows), "t.xlsx")
    assert "do not add" in entries.findings[0].message
    assert len(entries) == 2


def test_a_summary_sheet_beside_the_detail_is_a_total(tmp_path):
    """The year of a company beside its months is left out if it agrees, and refused if it does not."""
    for amount, rule in ((120, "TOTAL_ROW"), (121, "TOTAL_DISAGREES")):
        year = ("一厂", "外购电力", amount, "万千瓦时", "2025")
        entries = read(tmp_path, workbook(明细=[CHINESE, *months()], 汇总=[CHINESE, year]), "t.xlsx")
        assert [item.rule for item in entries.findings] == [rule]
        assert entries.frame["amount"].sum() == 120
        assert all(item.adds_up for item in entries.tallies)


def test_merged_labels_count_for_all_their_rows(tmp_path):
    """A company that is merged over its rows is that of each."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([CHINESE, *months(3)]):
            sheet.write_row(at, 1 if at else 0, row[1:] if at else row)
        sheet.merge_range(1, 0, 3, 0, "一厂")
    entries = read(tmp_path, stream.getvalue(), "t.xlsx")
    assert entries.frame["entity"].tolist() == ["一厂"] * 3
    assert rules(entries, "note") == ["MERGED_CELLS"]


def test_bills_that_meet_have_an_exclusive_end(tmp_path):
    """Each end is the next start: nothing of December falls into the next year, and it is said."""
    starts = [date(2023, 12, 1), *(date(2024, at, 1) for at in range(1, 13)), date(2025, 1, 1)]
    rows = "".join(f"M1,{GRID},31000,kWh,{a},{b}\n" for a, b in pairwise(starts))
    entries = read(tmp_path, "source,activity,amount,unit,start,end\n" + rows)
    assert entries.of_year(2024).frame["amount"].sum() == 12 * 31000
    assert [item.rule for item in entries.findings] == ["ENDS_EXCLUSIVE"]
    inclusive = read(
        tmp_path,
        f"source,activity,amount,unit,start,end\nM1,{GRID},1,kWh,2024-01-01,2024-01-31\nM1,{GRID},2,kWh,2024-02-01,2024-02-29\n",
    )
    assert inclusive.frame["end"].tolist() == [date(2024, 2, 1), date(2024, 3, 1)]


def test_equal_hours_are_no_duplicates():
    """8,760 readings of one amount are as many entries; the same hour twice is one."""
    hours = pd.date_range("2023-01-01", periods=8760, freq="h")
    rows = pd.DataFrame({"activity": GRID, "amount": 5.0, "unit": "kWh", "period": hours.strftime("%Y-%m-%d %H:%M")})
    assert len(cl.read_entries(rows)) == 8760
    assert cl.read_entries(pd.concat([rows, rows.head(1)])).left_out == 1


@pytest.mark.parametrize(
    "value", [2024.1, 45292, True, datetime(2024, 3, 1, 13), pd.Timestamp("2024-03-01", tz="UTC"), "2024-13"]
)
def test_a_cell_that_is_no_period_is_refused(value):
    """A number that may be January or October, a spreadsheet's number of a day, a moment: each by name, none guessed."""
    entries = cl.read_entries([{"activity": GRID, "amount": 5, "unit": "kWh", "period": value}])
    assert rules(entries) == ["BAD_PERIOD"]
    assert len(entries) == 0


def test_what_is_read_is_said():
    """Files, rows, what became of them and how much it is; also of other years."""
    rows = [{"activity": GRID, "amount": 120, "unit": "万度", "year": year} for year in (2023, 2024)]
    entries = cl.read_entries([*rows, {"activity": "合计", "amount": 240, "unit": "万度", "year": ""}])
    text = reading_summary(entries, entries.of_year(2024))
    assert str(text) == (
        "Read 3 rows: 2 entries, 1 total row used as control (1 of other years: 2023: 1); 1,200 MWh Grid electricity."
    )
    assert text.text("zh") == "已读取 3 行：数据 2 条、用于核对的合计 1 行（其他年份 1 条：2023: 1）；电力 1,200 MWh。"


cells = st.sampled_from(
    [
        GRID,
        "汽油",
        "5",
        "1,234",
        "0,5",
        "10²",
        "kWh",
        "万度",
        "t",
        "MWh",
        "2024",
        "2024-03",
        "合计",
        "Total",
        "-",
        "",
        " ",
        "x",
        "CN-SD",
        '"a"',
    ]
)


@settings(max_examples=200)
@given(
    st.lists(
        st.sampled_from(["activity", "amount", "unit", "year", "note", "site", "Cost", ""]), min_size=1, max_size=6
    ),
    st.lists(st.lists(cells, max_size=8), max_size=8),
    st.sampled_from([",", ";"]),
)
def test_every_row_and_cell_is_accounted_for(tmp_path_factory, headings, rows, delimiter):
    """Whatever a file holds: entries, totals, refused and unread rows sum to its rows, and so do its filled cells."""
    path = tmp_path_factory.mktemp("any") / "any.csv"
    lines = [[f'"{cell.replace(chr(34), chr(34) * 2)}"' for cell in row] for row in (headings, *rows)]
    path.write_text("\n".join(delimiter.join(row) for row in lines), encoding="utf-8")
    entries = cl.read_entries(path)
    filled = sum(bool(cell.strip()) for row in (headings, *rows) for cell in row)
    assert all(item.adds_up for item in entries.tallies)
    if "UNREADABLE_CSV" not in rules(entries):
        assert sum(item.cells for item in entries.tallies) == filled
    assert len(entries) <= sum(item.entries for item in entries.tallies) * 4
    amounts = entries.frame["amount"]
    assert ((amounts >= 0) & (amounts < float("inf"))).all()


@given(entry_rows(min_size=2))
def test_a_total_row_never_changes_the_figures(rows):
    """Sound rows of one unit read the same with a true total beneath them as without."""
    alike = [row | {"activity": GRID, "unit": "kWh"} for row in rows]
    without = cl.read_entries(alike)
    total = {"activity": "合计", "amount": round(sum(row["amount"] for row in alike), 3), "unit": "kWh"}
    with_total = cl.read_entries([*alike, total])
    assert with_total.frame["amount"].tolist() == without.frame["amount"].tolist()
    assert summed(with_total.tallies).controls == 1
