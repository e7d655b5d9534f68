"""Every form of table that is read can be stated as a [[table]] section, and what cannot be stated of a form is refused."""

import csv
import io
import tomllib

import pandas as pd
import pytest

import carbonledger as cl
from carbonledger.activity_data.entry_columns import Conventions
from carbonledger.activity_data.reading_explanation import explain_reading
from carbonledger.activity_data.rejects import rejected_tables
from carbonledger.activity_data.table_proposals import proposed_section
from carbonledger.activity_data.table_settings import TableSettings
from carbonledger.reporting.reject_files import write_rejects

CARRIERS = ["电力(kWh)", "天然气(m3)"]
MONTHS = [f"{at}月" for at in range(1, 13)]
HALF_HOURS = [f"{at // 2:02}:{30 * (at % 2):02}" for at in range(48)]
HOURS = ["Site", "MPAN", "Date", "Units", "Measurement", *HALF_HOURS, "Total"]


def written(path, rows):
    """A CSV of rows."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def day(number, *, kind="AI", last="1.5", total="72"):
    """A row of half-hours of 1.5 kWh, 72 kWh in all."""
    return ["Leeds", number, "31/01/2024", "kWh", kind, *["1.5"] * 47, last, total]


def errors(entries):
    """The keys of the errors."""
    return [finding.says.key for finding in entries.findings if finding.severity == "error"]


FORMS = {
    "sites over carriers": (
        [
            ["月份", "一厂", "", "二厂", ""],
            ["", *CARRIERS, *CARRIERS],
            ["2025-01", 1, 2, 3, 4],
            ["2025-02", 5, 6, 7, 8],
        ],
        36,
    ),
    "years over months": (
        [
            ["能源种类", "单位", 2024, *[""] * 11, 2025, *[""] * 11],
            ["", "", *MONTHS, *MONTHS],
            ["外购电力", "kWh", *range(24)],
        ],
        276,
    ),
    "carriers over units": ([["公司", "月份", "电力", "柴油"], ["", "", "kWh", "升"], ["一厂", "2025-01", 10, 50]], 60),
    "amounts beside costs": (
        [
            ["月份", "电力", "", "天然气", ""],
            ["", "用量(kWh)", "金额(元)", "用量(m3)", "金额(元)"],
            ["2025-01", 1, 9, 2, 9],
        ],
        3,
    ),
    "halves": ([["能源种类", "单位", "上半年", "下半年"], ["外购电力", "kWh", 1, 2]], 3),
    "quarters beside months": (
        [["能源种类", "单位", "1月", "2月", "3月", "一季度"], ["外购电力", "kWh", 1, 2, 3, 6]],
        6,
    ),
    "a meter above the headings": ([["厂区：苏州工厂"], ["电表：A7"], ["月份", *CARRIERS], ["1月", 10, 20]], 30),
    "half-hours": ([HOURS, day("1200012345678"), day("1200012345679")], 144),
    "import beside export": (
        [["TYPE", "DATE", "IMPORT (kWh)", "EXPORT (kWh)"], ["Electric usage", "2025-01-01", 5, 2]],
        7,
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_proposed_of_each_form_gives_the_same_entries(tmp_path, form):
    """Pasting the proposed section gives exactly the entries that were read without it."""
    rows, total = FORMS[form]
    path = written(tmp_path / "report.csv", rows)
    conventions = Conventions(home="CN", year=2025)
    first = explain_reading(path, conventions)
    assert (first.entries.frame["amount"].sum(), errors(first.entries)) == (total, [])
    text = "\n".join(proposed_section(table) for table in first.tables)
    again = explain_reading(
        path, conventions, [TableSettings.model_validate(item) for item in tomllib.loads(text)["table"]]
    )
    pd.testing.assert_frame_equal(first.entries.frame, again.entries.frame)
    assert all(tally.adds_up for tally in again.entries.tallies)


@pytest.mark.parametrize("group", ["2024", "2024年", "上年同期", "预算", "budget", "用量", "合计"])
def test_a_group_that_is_no_place_is_no_site(tmp_path, group):
    """Columns of another year, of a plan or of a total are never amounts of a site."""
    rows = [["月份", "一厂", "", group, ""], ["", *CARRIERS, *CARRIERS], ["2025-01", 1, 2, 3, 4]]
    entries = cl.read_entries(written(tmp_path / "report.csv", rows), region="CN")
    assert set(entries.frame["site"]) <= {"一厂"}
    assert entries.frame["amount"].sum() in {0, 3}


def test_a_site_above_a_column_whose_carrier_is_stated(tmp_path):
    """The site above stays when a section says of what the column is."""
    rows = [["month", "north", "south"], ["", "use 1", "use 2"], ["2025-01", 3, 4]]
    columns = {"north / use 1": "electricity.grid (kWh)", "south / use 2": "electricity.grid (kWh)"}
    settings = {"file": "*", "headings": [1, 2], "columns": columns}
    frame = cl.read_entries(written(tmp_path / "a.csv", rows), tables=[settings]).frame
    assert frame[["site", "amount"]].to_numpy().tolist() == [["north", 3], ["south", 4]]


def test_a_meter_of_all_rows(tmp_path):
    """The meter may be stated once for all rows."""
    rows = [["activity", "amount", "unit", "year"], ["electricity.grid", 1, "kWh", 2025]]
    entries = cl.read_entries(written(tmp_path / "a.csv", rows), tables=[{"file": "*", "source": "A7"}])
    assert entries.frame["source"].tolist() == ["A7"]


def test_half_hours_that_are_refused_come_in_when_they_are_mended(tmp_path):
    """A refused day is listed whole, and read again when it is mended."""
    rows = [HOURS, day("12"), day("13", last="l.5")]
    explanation = explain_reading(written(tmp_path / "a.csv", rows), Conventions(home="GB"))
    assert explanation.entries.frame["amount"].tolist() == [72]
    out = tmp_path / "out.csv"
    write_rejects(out, rejected_tables(explanation))
    lines = list(csv.reader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    mended = [[cell.replace("l.5", "1.5") for cell in line] for line in lines]
    again = cl.read_entries(written(tmp_path / "mended.csv", mended), region="GB")
    assert again.frame[["source", "amount"]].to_numpy().tolist() == [["MPAN 13", 72]]


def test_lines_above_the_headings_stay_apart_in_a_list_of_refused_rows(tmp_path):
    """The site above the headings is the same one when the list is read."""
    rows = [["厂区：苏州工厂"], ["2025年"], ["月份", *CARRIERS], ["1月", 10, "2O"]]
    out = tmp_path / "out.csv"
    write_rejects(out, rejected_tables(explain_reading(written(tmp_path / "a.csv", rows), Conventions(home="CN"))))
    mended = tmp_path / "mended.csv"
    mended.write_text(out.read_text(encoding="utf-8-sig").replace("2O", "20"), encoding="utf-8")
    frame = cl.read_entries(mended, region="CN").frame
    assert frame[["site", "activity", "amount"]].to_numpy().tolist() == [["苏州工厂", "fuel.natural_gas", 20]]


@pytest.mark.parametrize("settings", [{"headings": 3}, {"headings": [1, 2]}, {"skip_rows": [2]}, {"last_row": 2}])
def test_rows_of_a_source_without_a_sheet_cannot_be_stated(tmp_path, settings):
    """Where there are no rows of a sheet, settings of rows are refused; the first row as that of the headings is none."""
    frame = pd.DataFrame({"activity": ["electricity.grid"] * 2, "amount": [1, 2], "unit": "kWh", "year": [2024, 2025]})
    frame.to_parquet(tmp_path / "a.parquet")
    for source in (tmp_path / "a.parquet", frame, frame.to_dict("records")):
        entries = cl.read_entries(source, tables=[{"file": "*", **settings}])
        assert (errors(entries), len(entries)) == (["TABLE_SETTING.no_rows"], 0)
        assert len(cl.read_entries(source, tables=[{"file": "*", "headings": 1}])) == 2


def carriers(tmp_path, headings, cells, country):
    """What is read of a table with a column for each carrier."""
    path = written(tmp_path / "report.csv", [["Month", *headings], ["2025-01", *cells]])
    return cl.read_entries(path, home=country)


def test_columns_are_called_as_their_country_calls_carriers(tmp_path):
    """A column is what its name means where the table was written, or is asked; what is no carrier of energy is named."""
    in_britain = carriers(tmp_path, ["Gas (kWh)", "Gas oil (L)", "CO2 (t)"], [5, 6, 7], "GB")
    assert in_britain.frame["activity"].tolist() == ["fuel.natural_gas", "fuel.gas_oil"]
    assert "ACTIVITY_OF_COUNTRY" in [item.rule for item in in_britain.findings]
    assert [item.column for item in in_britain.findings if item.rule == "UNKNOWN_HEADING"] == ["CO2 (t)"]
    in_america = carriers(tmp_path, ["Gas (kWh)", "Electricity (kWh)"], [5, 6], "US")
    assert in_america.frame["activity"].tolist() == ["electricity.grid"]
    assert errors(in_america) == ["UNKNOWN_ACTIVITY.several"]


def test_a_carrier_in_two_columns_under_two_names_counts_once(tmp_path):
    """The same gas in two units is not counted twice, whatever the columns are called."""
    entries = carriers(tmp_path, ["Natural gas (kWh)", "Gas (MWh)"], [6000, 6], "GB")
    assert entries.frame[["activity", "amount"]].to_numpy().tolist() == [["fuel.natural_gas", 6000]]


def test_electricity_beside_own_generation_is_a_question_of_its_column(tmp_path):
    """The proposed section leaves to be confirmed what the table leaves open."""
    path = written(tmp_path / "a.csv", [["Month", "Electricity (kWh)", "Solar (kWh)"], ["2025-01", 5, 6]])
    explanation = explain_reading(path, Conventions(home="GB"))
    assert explanation.entries.frame["activity"].tolist() == ["electricity.solar"]
    (section,) = tomllib.loads(proposed_section(explanation.tables[0]))["table"]
    assert section["columns"] == {"Month": "month", "Solar (kWh)": "electricity.solar"}


def test_a_name_of_a_country_above_its_unit_is_no_site(tmp_path):
    """A carrier above its unit stays one when the section states it."""
    path = written(tmp_path / "a.csv", [["Month", "Gas", "Electricity"], ["", "kWh", "kWh"], ["2025-01", 5, 6]])
    first = explain_reading(path, Conventions(home="GB"))
    section = tomllib.loads(proposed_section(first.tables[0]))["table"]
    again = cl.read_entries(path, home="GB", tables=section)
    assert first.entries.frame["activity"].tolist() == ["fuel.natural_gas", "electricity.grid"]
    pd.testing.assert_frame_equal(first.entries.frame, again.frame)
