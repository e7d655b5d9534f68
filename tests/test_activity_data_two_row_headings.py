"""Headings of two rows, groups of columns, and lines above the headings: each column is what both rows say it is."""

import io

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.activity_data.tally import summed

SITES = ["月份", "一厂", "", "二厂", ""]
CARRIERS = ["", "电力(万千瓦时)", "天然气(m3)", "电力(万千瓦时)", "天然气(m3)"]
ROWS = [["2025-01", 10, 1000, 20, 500], ["2025-02", 11, 1100, 21, 600]]
BY_SITE = {
    ("一厂", "electricity.grid"): 21,
    ("一厂", "fuel.natural_gas"): 2100,
    ("二厂", "electricity.grid"): 41,
    ("二厂", "fuel.natural_gas"): 1100,
}


def workbook(tmp_path, sheets, merged=(), name="report.xlsx"):
    """A workbook; merged cells take the text of their first cell."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as book:
        for title, rows in sheets.items():
            sheet = book.add_worksheet(title)
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    if cell != "":
                        sheet.write(at, column, cell)
            for top, left, bottom, right in merged:
                sheet.merge_range(top, left, bottom, right, rows[top][left])
    path = tmp_path / name
    path.write_bytes(stream.getvalue())
    return path


def csv(tmp_path, rows):
    """A CSV of rows."""
    path = tmp_path / "report.csv"
    path.write_text("\n".join(",".join(map(str, row)) for row in rows) + "\n", encoding="utf-8")
    return path


def read(path, **settings):
    """What is read of a file in Jiangsu, with a sound account."""
    entries = cl.read_entries(path, region="CN-JS", **settings)
    assert all(item.adds_up for item in entries.tallies)
    return entries


def sums(entries, *keys):
    """The amounts by some columns."""
    return entries.frame.groupby(list(keys))["amount"].sum().round(9).to_dict()


@pytest.mark.parametrize("title", [[], [["示例集团2025年能源统计"], []]])
def test_sites_over_carriers(tmp_path, title):
    """Each column is of the site above it, whether the cells are merged, merely blank, or those of a CSV."""
    rows = [*title, SITES, CARRIERS, *ROWS]
    at = len(title)
    merged = [(at, 1, at, 2), (at, 3, at, 4), (at, 0, at + 1, 0)]
    for path in (
        workbook(tmp_path, {"S": rows}, merged),
        workbook(tmp_path, {"S": rows}),
        csv(tmp_path, rows),
        csv(tmp_path, [*title, SITES, ["月份", *CARRIERS[1:]], *ROWS]),
    ):
        entries = read(path)
        assert sums(entries, "site", "activity") == BY_SITE
        assert entries.complete


def test_a_group_that_is_a_company_of_the_book_is_one(tmp_path):
    """Names of the list of companies are companies."""
    entries = read(csv(tmp_path, [SITES, CARRIERS, *ROWS]), listed=["一厂", "二厂"])
    assert sums(entries, "entity", "activity") == BY_SITE


def test_columns_of_a_total_group_are_not_counted(tmp_path):
    """A group that is named a total is said not to be read."""
    rows = [[*SITES, "合计"], [*CARRIERS, "电力(万千瓦时)"], *([*row, row[1] + row[3]] for row in ROWS)]
    entries = read(csv(tmp_path, rows))
    assert sums(entries, "site", "activity") == BY_SITE
    assert any("合计" in item.column for item in entries.findings if item.rule == "UNKNOWN_HEADING")


def test_years_over_months(tmp_path):
    """Each month is of the year above it."""
    months = [f"{at}月" for at in range(1, 13)]
    rows = [
        ["能源种类", "单位", 2024, *[""] * 11, 2025, *[""] * 11],
        ["", "", *months, *months],
        ["外购电力", "万千瓦时", *[1] * 12, *[2] * 12],
    ]
    entries = read(workbook(tmp_path, {"S": rows}, [(0, 2, 0, 13), (0, 14, 0, 25)]))
    assert sums(entries, "year") == {2024: 12, 2025: 24}
    assert len(entries) == 24


def test_carriers_over_units(tmp_path):
    """A row of units beneath the headings is part of them."""
    rows = [["公司", "月份", "电力", "柴油"], ["", "", "万千瓦时", "升"], ["一厂", "2025-01", 10, 50]]
    for path in (workbook(tmp_path, {"S": rows}), csv(tmp_path, rows)):
        entries = read(path)
        assert entries.frame[["activity", "amount", "unit"]].to_numpy().tolist() == [
            ["electricity.grid", 10, "10^4 kWh"],
            ["fuel.diesel", 50, "L"],
        ]


def test_carriers_over_amount_and_cost(tmp_path):
    """Of amount and cost beneath a carrier, the cost is said not to be read."""
    rows = [
        ["月份", "电力", "", "天然气", ""],
        ["", "用量(kWh)", "金额(元)", "用量(m3)", "金额(元)"],
        ["2025-01", 10, 1000, 50, 7],
    ]
    entries = read(csv(tmp_path, rows))
    assert sums(entries, "activity") == {"electricity.grid": 10, "fuel.natural_gas": 50}
    assert sum(item.rule == "UNKNOWN_HEADING" for item in entries.findings) == 2


@pytest.mark.parametrize(
    "rows",
    [
        [["Name", "JANE DOE"], ["activity", "amount", "unit", "year"], ["electricity.grid", 5, "kWh", 2025]],
        [["Energy report 2025"], ["activity", "amount", "unit", "year"], ["electricity.grid", 5, "kWh", 2025]],
        [["activity", "amount", "unit", "year"], ["electricity.grid", 5, "kWh", 2025]],
    ],
)
def test_lines_above_headings_are_no_groups(tmp_path, rows):
    """A title or an account line directly above the headings does not change them."""
    entries = read(csv(tmp_path, rows))
    assert entries.frame["amount"].tolist() == [5]
    assert not any(item.rule == "TWO_ROWS_OF_HEADINGS" for item in entries.findings)


@given(
    st.lists(
        st.tuples(st.sampled_from(["一厂", "二厂", "Leeds"]), st.integers(1, 10**6), st.integers(1, 10**6)),
        min_size=2,
        max_size=3,
        unique_by=lambda item: item[0],
    )
)
def test_two_rows_say_the_same_as_one_table_a_site(tmp_path_factory, drawn):
    """The sums by site are those of the columns, in any order."""
    path = tmp_path_factory.mktemp("sites")
    upper = ["月份", *(cell for site, _, _ in drawn for cell in (site, ""))]
    lower = ["", *["电力(kWh)", "天然气(m3)"] * len(drawn)]
    entries = read(csv(path, [upper, lower, ["2025-01", *(cell for _, *pair in drawn for cell in pair)]]))
    expected = {(site, "electricity.grid"): power for site, power, _ in drawn}
    expected |= {(site, "fuel.natural_gas"): gas for site, _, gas in drawn}
    assert sums(entries, "site", "activity") == expected


@pytest.mark.parametrize(
    ("headings", "starts"),
    [
        (["上半年", "下半年"], ["2025-01-01", "2025-07-01"]),
        (["H1", "H2"], ["2025-01-01", "2025-07-01"]),
        (["一季度", "二季度", "三季度", "四季度"], ["2025-01-01", "2025-04-01", "2025-07-01", "2025-10-01"]),
        (["Q1 2025", "Q2 2025", "Q3 2025"], ["2025-01-01", "2025-04-01", "2025-07-01"]),
    ],
)
def test_halves_and_quarters_are_periods(tmp_path, headings, starts):
    """A column of half a year or a quarter is an amount of that time."""
    rows = [["2025年能源统计"], ["能源种类", "单位", *headings], ["外购电力", "万千瓦时", *range(1, len(headings) + 1)]]
    frame = read(csv(tmp_path, rows)).frame
    assert frame["start"].astype(str).tolist() == starts
    assert frame["amount"].tolist() == list(range(1, len(headings) + 1))


def test_halves_beside_their_months_are_totals(tmp_path):
    """What sums up other columns is not counted again."""
    rows = [
        ["2025年能源统计"],
        ["能源种类", "单位", "1月", "2月", "3月", "一季度", "4月", "5月", "6月", "二季度", "上半年"],
        ["外购电力", "万千瓦时", 1, 2, 3, 6, 4, 5, 6, 15, 21],
    ]
    assert read(csv(tmp_path, rows)).frame["amount"].sum() == 21


def test_several_sheets_each_of_a_site(tmp_path):
    """The site is that of the sheet's name, else of the line above the headings."""
    table = [["月份", "电力(万千瓦时)"], ["1月", 10]]
    by_name = {"苏州工厂": [["2025年用电量"], *table], "无锡工厂": [["2025年用电量"], *table]}
    by_title = {"Sheet1": [["苏州工厂2025年用电量"], *table], "Sheet2": [["无锡工厂2025年用电量"], *table]}
    by_label = {
        "Sheet1": [["厂区：苏州工厂"], ["2025年"], *table],
        "Sheet2": [["厂区", "无锡工厂"], ["2025年"], *table],
    }
    for sheets in (by_name, by_title, by_label):
        assert sums(read(workbook(tmp_path, sheets)), "site") == {"无锡工厂": 10, "苏州工厂": 10}


def test_rows_that_end_early_are_read_and_said_once(tmp_path):
    """Cells that are missing at the end of a row are empty; one that has more than the headings is refused."""
    path = tmp_path / "ragged.csv"
    path.write_text(
        "activity,amount,unit,period,note,evidence\n"
        "electricity.grid,5,kWh,2025-01,x,y\n"
        "electricity.grid,6,kWh,2025-02\n"
        "electricity.grid,7,kWh,2025-03\n"
        "electricity.grid,8\n"
        "electricity.grid,1,234,kWh,2025-04,x,y\n",
        encoding="utf-8",
    )
    entries = read(path)
    assert entries.frame["amount"].tolist() == [5, 6, 7]
    assert [item.rule for item in entries.findings].count("ROWS_END_EARLY") == 1
    assert sorted(item.rule for item in entries.findings if item.severity == "error") == [
        "TOO_FEW_CELLS",
        "TOO_MANY_CELLS",
    ]
    assert summed(entries.tallies).refused == 2


def test_a_half_beside_some_of_its_months_is_never_added_to_them(tmp_path):
    """Three months of 33 and a half-year of 66: the half is held against them and refused, not counted besides."""
    path = tmp_path / "t.csv"
    path.write_text("能源,单位,2025-01,2025-02,2025-03,2025上半年\n电,万度,10,11,12,66\n", encoding="utf-8")
    entries = cl.read_entries(path, region="CN-SD")
    assert entries.frame["amount"].sum() == 33
    assert any(item.rule == "TOTAL_DISAGREES" and item.severity == "error" for item in entries.findings)
