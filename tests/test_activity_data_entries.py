"""Tables in, entries and findings out."""

from datetime import date, datetime

import pandas as pd
import polars as pl
import pytest
import xlsxwriter
from hypothesis import given

import carbonledger as cl
from carbonledger.activity_data.checks import check_entries
from tests.strategies import csv_bytes
from tests.support import examples

ENGLISH = 'entity,activity,amount,unit,year,region\nAcme,Grid electricity,"1,234.5",kWh,2024,CN-SD\nAcme,gasoline,2,t,2024,CN-SD\n'
CHINESE = (
    '公司,能源种类,用量（实测）,单位,年份,地区\nAcme,电力,"1,234.5",千瓦时,2024年,CN-SD\nAcme,汽油,2,吨,2024,CN-SD\n'
)


def essence(entries):
    """What the entries say, without where."""
    return entries.frame[["entity", "activity", "amount", "unit", "year", "region"]].to_dict("records")


EXPECTED = [
    {
        "entity": "Acme",
        "activity": "electricity.grid",
        "amount": 1234.5,
        "unit": "kWh",
        "year": 2024,
        "region": "CN-SD",
    },
    {"entity": "Acme", "activity": "fuel.gasoline", "amount": 2.0, "unit": "t", "year": 2024, "region": "CN-SD"},
]


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, ENGLISH.replace(",", "\t").replace('"1\t234.5"', '"1,234.5"')])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_in_every_encoding(tmp_path, text, encoding):
    """The same entries from every encoding, language and delimiter, each with file and row."""
    path = tmp_path / "data.csv"
    path.write_bytes(text.encode(encoding))
    entries = cl.read_entries(path)
    assert {finding.rule for finding in entries.findings} <= {"ENCODING_TAKEN"}
    assert essence(entries) == EXPECTED
    assert entries.frame[["file", "row"]].to_numpy().tolist() == [["data.csv", 2], ["data.csv", 3]]


def test_workbook(tmp_path):
    """Every sheet is read, numbers and dates as Excel holds them, with sheet and row."""
    path = tmp_path / "data.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("电力")
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(1, 0, ["能源", "数量", "单位", "开始", "结束", "地区"])
        sheet.write_row(2, 0, ["市电", 1234.5, "KWh"])
        sheet.write_datetime(2, 3, pd.Timestamp("2024-01-01"), day)
        sheet.write_datetime(2, 4, pd.Timestamp("2024-12-31"), day)
        sheet.write(2, 5, "CN-SD")
        other = book.add_worksheet("fuel")
        other.write_row(0, 0, ["activity", "amount", "unit", "year", "month"])
        other.write_row(1, 0, ["petrol", 2, "t", 2024, 3])
        book.add_worksheet("empty")
    entries = cl.read_entries(path)
    assert entries.findings == ()
    assert entries.frame[["activity", "amount", "sheet", "row"]].to_numpy().tolist() == [
        ["electricity.grid", 1234.5, "电力", 3],
        ["fuel.gasoline", 2.0, "fuel", 2],
    ]
    assert entries.frame["start"].tolist() == [date(2024, 1, 1), date(2024, 3, 1)]
    assert entries.frame["end"].tolist() == [date(2025, 1, 1), date(2024, 4, 1)]


def test_frames_and_mappings():
    """DataFrames of any kind and plain mappings are read alike."""
    rows = [{"entity": "Acme", "activity": "市电", "amount": "1,234.5", "unit": "度", "year": 2024, "region": "CN-SD"}]
    for source in (rows, pd.DataFrame(rows), pl.DataFrame(rows), pl.DataFrame(rows).lazy()):
        assert essence(cl.read_entries(source)) == EXPECTED[:1]
    with pytest.raises(TypeError, match="not from int"):
        cl.read_entries(3)
    with pytest.raises(TypeError, match="are mappings"):
        cl.read_entries([1, 2])


GOOD = {"activity": "汽油", "amount": "2", "unit": "t", "year": "2024"}
DEFECTS = [
    ({"unit": "kwhh"}, "UNKNOWN_UNIT", "Did you mean"),
    ({"unit": ""}, "EMPTY_UNIT", "no unit"),
    ({"activity": "电力", "unit": "吨"}, "WRONG_DIMENSION", "cannot be measured in 吨"),
    ({"amount": "-2"}, "NEGATIVE_AMOUNT", "negative"),
    ({"amount": float("nan")}, "NAN_AMOUNT", "NaN"),
    ({"amount": "inf"}, "BAD_NUMBER", "not a finite number"),
    ({"amount": "1e999"}, "BAD_NUMBER", "too large"),
    ({"amount": ""}, "EMPTY_AMOUNT", "empty"),
    ({"amount": "two"}, "BAD_NUMBER", "not a number"),
    ({"amount": "1,23,4"}, "BAD_NUMBER", "grouped in a way that no number is"),
    ({"activity": "汽油油"}, "UNKNOWN_ACTIVITY", "Did you mean fuel.gasoline"),
    ({"activity": ""}, "EMPTY_ACTIVITY", "no activity"),
    ({"year": ""}, "MISSING_PERIOD", "no period"),
    ({"year": "soon"}, "BAD_PERIOD", "not a year"),
    ({"year": "2024", "month": "13"}, "BAD_PERIOD", "not a month"),
    ({"start": "2024-02-01", "end": "2024-01-31"}, "END_BEFORE_START", "before the start"),
    ({"start": "2024-02-01", "end": ""}, "MISSING_PERIOD", "end is missing"),
    (
        {"start": "2023-12-16", "end": "2024-01-15"},
        "PERIOD_CROSSES_YEARS",
        "crosses the end of a calendar or reporting year",
    ),
]


@pytest.mark.parametrize(("change", "rule", "words"), DEFECTS)
def test_defects_become_findings(change, rule, words):
    """Every defect is a finding with rule, row, column, reason and way out, and keeps its row out."""
    entries = cl.read_entries([GOOD, {**GOOD, **change}])
    (finding,) = entries.findings
    assert (finding.rule, finding.row, finding.severity) == (rule, 3, "error")
    assert words in finding.message
    assert finding.remedy
    assert finding.column
    assert len(entries) == 1
    assert entries.left_out == 1
    assert not entries.complete


def test_all_defects_come_together():
    """One pass over the file finds everything; strict raises it all at once."""
    rows = [{**GOOD, **change} for change, _, _ in DEFECTS]
    entries = cl.read_entries(rows)
    assert len(entries.findings) == len(DEFECTS)
    with pytest.raises(cl.errors.EntriesError) as caught:
        cl.read_entries(rows, strict=True)
    assert len(caught.value.findings) == len(DEFECTS)


def test_duplicates_are_left_out_once():
    """A repeated row names the row it repeats; a different voucher makes it another entry."""
    entries = cl.read_entries([GOOD, dict(GOOD), {**GOOD, "evidence": "B"}])
    (finding,) = entries.findings
    assert (finding.rule, finding.row) == ("DUPLICATE_ENTRY", 3)
    assert "repeats row 2" in finding.message
    assert len(entries) == 2


@pytest.mark.parametrize(
    ("content", "name", "rule"),
    [
        (b"\xff\xfa\x00\x01\xff", "a.csv", "UNKNOWN_ENCODING"),
        (b"not a workbook", "a.xlsx", "UNREADABLE_WORKBOOK"),
        (b"activity,amount\n1,2\n", "a.csv", "MISSING_COLUMN"),
        (b"", "a.csv", "MISSING_COLUMN"),
        (b"activity,amount,amount,unit,year\n", "a.csv", "DOUBLE_HEADING"),
        (b"x", "a.pdf", "UNKNOWN_FILE_KIND"),
    ],
)
def test_unreadable_files(tmp_path, content, name, rule):
    """A file that is no table says so, with its name."""
    path = tmp_path / name
    path.write_bytes(content)
    try:
        findings = cl.read_entries(path).findings
    except cl.errors.EntriesError as error:
        findings = error.findings
    assert rule in {finding.rule for finding in findings}
    assert all(finding.file == name for finding in findings)


def test_missing_file(tmp_path):
    """A path that leads nowhere is said to."""
    with pytest.raises(cl.errors.EntriesError, match="cannot be opened"):
        cl.read_entries(tmp_path / "nothing.csv")


@examples(150)
@given(content=csv_bytes)
def test_no_bytes_crash_the_reader(tmp_path_factory, content):
    """Whatever the bytes, the reader returns entries and findings, or raises its own error."""
    path = tmp_path_factory.mktemp("fuzz") / "any.csv"
    path.write_bytes(content)
    try:
        entries = cl.read_entries(path)
    except cl.errors.EntriesError:
        return
    assert all(item.adds_up for item in entries.tallies)
    assert len(entries) <= entries.rows_read - entries.left_out
    assert (entries.frame["amount"] >= 0).all()


def test_missing_months_and_overlaps():
    """Months that nothing covers are named; two entries over the same days are noted."""
    months = [{**GOOD, "year": "", "period": f"2024-{month:02}"} for month in range(1, 13) if month != 5]
    entries = cl.read_entries([*months, {**GOOD, "year": "", "period": "2024-03", "amount": "7"}])
    findings = {finding.rule: finding for finding in check_entries(entries, 2024)}
    assert "2024-05" in findings["MISSING_MONTHS"].message
    assert "2024-03" in findings["OVERLAPPING_PERIODS"].message
    assert check_entries(cl.read_entries([GOOD]), 2024) == []
    assert [finding.rule for finding in check_entries(cl.read_entries([GOOD]), 2030)] == ["NO_ENTRIES"]


def test_amounts_off_by_a_power_of_ten_are_doubted():
    """A month in kWh among months in 10^4 kWh is doubted; a plant that stands still, or doubles, is not."""
    months = [{**GOOD, "year": "", "period": f"2024-{month:02}", "amount": str(10 + month)} for month in range(1, 13)]
    assert check_entries(cl.read_entries(months), 2024) == []
    months[4]["amount"] = "148000"
    findings = check_entries(cl.read_entries(months), 2024)
    assert [finding.rule for finding in findings] == ["UNIT_10K"]
    assert findings[0].row == 6
    for harmless in ("0", "0.3", "40", "400"):
        months[4]["amount"] = harmless
        assert {finding.severity for finding in check_entries(cl.read_entries(months), 2024)} <= {"note"}


def test_a_bill_over_the_turn_of_the_year_is_divided_by_days_if_asked():
    """31,000 kWh from 2024-12-16 to 2025-01-15 are 16,000 and 15,000; without being asked it is a finding."""
    row = {"activity": "电力", "amount": 31000, "unit": "kWh", "start": "2024-12-16", "end": "2025-01-15"}
    entries = cl.read_entries([row], prorate=True)
    assert entries.findings == ()
    assert entries.frame[["year", "amount"]].to_numpy().tolist() == [[2024, 16000], [2025, 15000]]
    assert entries.frame["note"].tolist()[0] == "prorated: 16 of 31 days"
    assert [finding.rule for finding in cl.read_entries([row]).findings] == ["PERIOD_CROSSES_YEARS"]


@pytest.mark.parametrize(
    ("cells", "gj"),
    [
        ({"activity": "外购蒸汽", "enthalpy": "2777"}, 10 * (2777 - 83.74) / 1000),
        ({"activity": "外购热力", "temperature": "70"}, 10 * (70 - 20) * 4.1868 / 1000),
    ],
)
def test_steam_and_hot_water_by_mass(cells, gj):
    """NDRC guidelines: t x (h - 83.74) / 1000 for steam, t x (T - 20) x 4.1868 / 1000 for hot water."""
    row = {"amount": 10, "unit": "t", "year": 2024, "region": "CN", **cells}
    entries = cl.read_entries([row])
    assert entries.frame[["amount", "unit"]].to_dict("records") == [{"amount": pytest.approx(gj), "unit": "GJ"}]
    inventory = cl.calculate(entries, cl.load_factors("cn-ndrc-heat@2013"), gwp="ipcc-ar5@2013")
    assert inventory.total_location_based().magnitude == pytest.approx(gj * 0.11)
    assert "10 t x" in str(inventory.explain(1))
    cold = cl.read_entries([{**row, **dict.fromkeys(cells.keys() - {"activity"}, "15")}])
    assert [finding.rule for finding in cold.findings] == ["BAD_HEAT_CONTENT"]


def test_an_estimate_is_replaced_once_and_by_its_like():
    """Two corrections of one bill, or one of another activity or time, are errors; nothing is lost."""
    rows = [
        {"activity": "电力", "amount": 100, "unit": "kWh", "year": 2024, "entry_id": "e1"},
        {"activity": "电力", "amount": 190, "unit": "kWh", "year": 2024, "entry_id": "e2", "supersedes": "e1"},
        {"activity": "电力", "amount": 195, "unit": "kWh", "year": 2024, "entry_id": "e3", "supersedes": "e1"},
        {"activity": "柴油", "amount": 1, "unit": "t", "year": 2024, "supersedes": "e2"},
        {"activity": "电力", "amount": 1, "unit": "kWh", "year": 2023, "supersedes": "e3"},
    ]
    entries = cl.read_entries(rows)
    assert [(item.rule, item.row) for item in entries.findings if item.severity == "error"] == [
        ("SUPERSEDES_TWICE", 4),
        ("SUPERSEDES_OTHER", 5),
        ("SUPERSEDES_OTHER", 6),
    ]
    assert sorted(entries.frame["amount"]) == [1, 1, 190, 195]


def test_the_same_reported_amount_in_two_categories_is_no_duplicate():
    """Freight paid and freight not paid may be of one amount."""
    row = {"activity": "柴油", "amount": 100, "unit": "L", "year": 2024}
    entries = cl.read_entries([{**row, "scope_3_category": 4}, {**row, "scope_3_category": 9}])
    assert len(entries) == 2


def test_heating_value_said_twice():
    """The column and the factor's words must not contradict each other."""
    row = {"activity": "天然气", "amount": 100, "unit": "GJ", "year": 2024, "factor": "net", "heating_value": "gross"}
    assert [finding.rule for finding in cl.read_entries([row]).findings] == ["HEATING_VALUE_TWICE"]


def test_a_quarter_is_replaced_by_its_months():
    """Three actual bills replace an estimate together; one of them alone leaves days open, and both are kept."""
    estimate = {
        "activity": "电力",
        "amount": 90,
        "unit": "kWh",
        "start": "2024-01-01",
        "end": "2024-03-31",
        "entry_id": "q",
    }
    bills = [
        {"activity": "电力", "amount": 10 * month, "unit": "kWh", "start": first, "end": last, "supersedes": "q"}
        for month, first, last in (
            (1, "2024-01-01", "2024-01-31"),
            (2, "2024-02-01", "2024-02-29"),
            (3, "2024-03-01", "2024-03-31"),
        )
    ]
    assert cl.read_entries([estimate, *bills]).frame["amount"].tolist() == [10, 20, 30]
    part = cl.read_entries([estimate, bills[0]])
    assert part.frame["amount"].tolist() == [90, 10]
    assert [finding.rule for finding in part.findings] == ["SUPERSEDES_PART"]
    elsewhere = cl.read_entries([{**estimate, "site": "A"}, *({**bill, "site": "B"} for bill in bills)])
    assert {finding.rule for finding in elsewhere.findings} == {"SUPERSEDES_OTHER"}
    assert len(elsewhere) == 4


def test_totals_and_remarks_of_workbooks_are_no_entries(tmp_path):
    """A row of totals is named as such, a sheet of remarks is not read, and a month as Excel keeps it is a month."""
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet, days = workbook.add_worksheet("数据"), workbook.add_format({"num_format": "yyyy-mm"})
        sheet.write_row(0, 0, ["能源种类", "用量", "单位", "期间"])
        sheet.write_row(1, 0, ["电", 100, "kWh"])
        sheet.write_datetime(1, 3, datetime(2024, 6, 1), days)
        sheet.write_row(2, 0, ["合计", 100, "kWh", "2024"])
        workbook.add_worksheet("说明").write_row(0, 0, ["填写说明", "x"])
        workbook.get_worksheet_by_name("说明").write_row(1, 0, ["见附件", "y"])
    entries = cl.read_entries(path)
    assert entries.frame[["activity", "end"]].to_dict("records") == [
        {"activity": "electricity.grid", "end": date(2024, 7, 1)}
    ]
    assert {(item.rule, item.severity) for item in entries.findings} == {
        ("TOTAL_ROW", "note"),
        ("SHEET_NOT_READ", "note"),
    }
