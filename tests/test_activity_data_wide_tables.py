"""Tables with months across or one column for each carrier: read as what they say, their totals held against them."""

import io

import pytest
import xlsxwriter

import carbonledger as cl
from carbonledger.activity_data.tally import summed

MONTHS = [f"{at}月" for at in range(1, 13)]
HEAD = ["能源种类", "单位", *MONTHS, "合计"]
POWER = [34.1, 29.8, 33, 32.5, 31, 33.9, 36.2, 36.8, 33.4, 31.9, 33, 35.5]


def workbook(tmp_path, name="2025能源月报.xlsx", **sheets):
    """A workbook with some sheets of rows."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for at, row in enumerate(rows):
                sheet.write_row(at, 0, row)
    path = tmp_path / name
    path.write_bytes(stream.getvalue())
    return path


def errors(entries):
    """The rules of the errors."""
    return [item.rule for item in entries.findings if item.severity == "error"]


def test_a_monthly_report_with_title_totals_and_signatures(tmp_path):
    """Each month is an entry; the year is that of the title, the company that of the sheet; totals agree and are not counted."""
    rows = [
        ["示例公司一厂2025年能源消耗统计表"],
        ["填报日期：2026年1月8日"],
        HEAD,
        ["外购电力", "万千瓦时", *POWER, 401.1],
        ["柴油", "吨", "-", 1.5, "—", 1, *[""] * 8, 2.5],
        ["合计", "", *[1] * 12, ""],
        [],
        ["审核：张三", "", "", "制表：李四"],
    ]
    entries = cl.read_entries(workbook(tmp_path, 一厂=rows), listed={"一厂"})
    assert errors(entries) == []
    assert set(entries.frame["entity"]) == {"一厂"}
    assert set(entries.frame["year"]) == {2025}
    sums = entries.frame.groupby("activity")["amount"].agg(["sum", "count"]).to_dict("index")
    assert sums["electricity.grid"] == {"sum": pytest.approx(401.1), "count": 12}
    # The total shows that the empty months of diesel are 0.
    assert sums["fuel.diesel"] == {"sum": 2.5, "count": 12}
    account = summed(entries.tallies)
    assert (account.entries, account.controls, account.set_aside, account.refused) == (2, 1, 1, 0)
    assert account.adds_up


def test_a_total_column_that_disagrees_is_an_error(tmp_path):
    """Both numbers are shown, at the row and the column."""
    rows = [["2025年"], HEAD, ["外购电力", "万千瓦时", *POWER, 390]]
    entries = cl.read_entries(workbook(tmp_path, a=rows))
    (finding,) = [item for item in entries.findings if item.severity == "error"]
    assert (finding.rule, finding.row, finding.column) == ("TOTAL_DISAGREES", 3, "合计")
    assert "401.1" in finding.message


def test_a_cell_that_is_no_number_is_named_with_its_month(tmp_path):
    """The finding stands at the month's column."""
    rows = [["2025年"], HEAD, ["外购电力", "万千瓦时", *POWER[:5], "33.9*", *POWER[6:], ""]]
    entries = cl.read_entries(workbook(tmp_path, a=rows))
    (finding,) = [item for item in entries.findings if item.severity == "error"]
    assert (finding.rule, finding.column, finding.value) == ("BAD_NUMBER", "6月", "33.9*")
    assert all(item.adds_up for item in entries.tallies)


@pytest.mark.parametrize(
    "months",
    [["Jan 2024", "Feb 2024", "Mar 2024"], ["2024-01", "2024-02", "2024-03"], ["2024年1月", "2024年2月", "2024年3月"]],
)
def test_months_that_state_their_year(tmp_path, months):
    """Headings in full need no title."""
    rows = [["activity", "unit", *months], ["electricity.grid", "kWh", 1, 2, 3]]
    entries = cl.read_entries(workbook(tmp_path, "x.xlsx", a=rows))
    assert errors(entries) == []
    assert entries.frame["start"].map(str).tolist() == ["2024-01-01", "2024-02-01", "2024-03-01"]


def test_months_without_a_year_take_that_of_the_book_or_are_refused(tmp_path):
    """No year is guessed."""
    rows = [["activity", "unit", "Jan", "Feb", "Mar"], ["electricity.grid", "kWh", 1, 2, 3]]
    path = workbook(tmp_path, "x.xlsx", a=rows)
    assert errors(cl.read_entries(path)) == ["MISSING_COLUMN"]
    assert set(cl.read_entries(path, year=2024).frame["year"]) == {2024}


def test_a_column_for_each_carrier(tmp_path):
    """The heading names activity and unit; the same carrier in another unit is counted once."""
    rows = [
        ["year", "HDD", "汽油(吨)", "Electricity [kWh]", "Electricity [GJ]"],
        [2023, 12017, 4.36, 1000, 3.6],
        [2024, 12345, 5.0, 2000, 7.2],
    ]
    entries = cl.read_entries(workbook(tmp_path, "x.xlsx", a=rows))
    assert errors(entries) == []
    assert entries.frame.groupby("activity")["amount"].sum().to_dict() == {
        "electricity.grid": 3000,
        "fuel.gasoline": 9.36,
    }
    assert "HDD" in {item.column for item in entries.findings}


def test_a_usage_without_its_source_is_asked_and_settled_once(tmp_path):
    """用电量 may be bought or generated: refused until the book says which."""
    rows = [["公司", "月份", "用电量(万千瓦时)"], ["一厂", "2025年1月", 34.1], ["合计", "", 34.1]]
    path = workbook(tmp_path, "x.xlsx", a=rows)
    assert errors(cl.read_entries(path)) == ["UNKNOWN_ACTIVITY"]
    entries = cl.read_entries(path, activities={"用电量": "electricity.grid"})
    assert errors(entries) == []
    assert entries.frame[["activity", "amount", "unit"]].values.tolist() == [["electricity.grid", 34.1, "10^4 kWh"]]


METER = "电表导出报表\n导出时间：2026-01-05 08:00:00\n表号,抄表日期,正向有功总(kWh),倍率\n"


def test_running_readings_of_a_meter(tmp_path):
    """The amount is the difference of two readings times the multiplier, of the days between them; per meter, in any order."""
    path = tmp_path / "m.csv"
    rows = [
        "001,2025/02/01,110.5,1000",
        "001,2025/01/01,100,1000",
        "002,2025/01/01,7,1",
        "002,2025/02/01,9,1",
        "001,2025/03/01,111,1000",
    ]
    path.write_bytes((METER + "\n".join(rows) + "\n").encode("gb18030"))
    entries = cl.read_entries(path, activities={"正向有功总": "electricity.grid"})
    assert errors(entries) == []
    got = {
        (row["source"], str(row["start"])): (row["amount"], str(row["end"])) for row in entries.frame.to_dict("records")
    }
    assert got == {
        ("001", "2025-01-01"): (10500, "2025-02-01"),
        ("001", "2025-02-01"): (500, "2025-03-01"),
        ("002", "2025-01-01"): (2, "2025-02-01"),
    }
    assert all(item.adds_up for item in entries.tallies)


def test_readings_that_fall_or_have_no_day_are_refused(tmp_path):
    """Nothing is skipped in silence."""
    path = tmp_path / "m.csv"
    path.write_text(
        METER + "001,2025/01/01,100,1\n001,2025/02/01,90,1\n001,soon,95,1\n002,2025/01/01,5,1\n", encoding="utf-8"
    )
    entries = cl.read_entries(path, activities={"正向有功总": "electricity.grid"})
    assert sorted(errors(entries)) == ["BAD_PERIOD", "READING_FALLS"]
    assert len(entries) == 0
    account = summed(entries.tallies)
    assert (account.refused, account.controls, account.set_aside) == (2, 1, 1)
    assert account.adds_up
