"""A [[table]] section states how a table is read; the proposed one gives the same entries again, and refused rows can be mended."""

import csv
import io
import tomllib

import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given
from pydantic import ValidationError

import carbonledger as cl
from carbonledger.activity_data.entry_columns import Conventions
from carbonledger.activity_data.reading_explanation import explain_reading
from carbonledger.activity_data.rejects import rejected_tables
from carbonledger.activity_data.table_proposals import proposed_section
from carbonledger.activity_data.table_settings import TableSettings
from carbonledger.reporting.reject_files import write_rejects
from tests.strategies import spoilt_tables, tables_of_people


def written(path, rows, **options):
    """A CSV or a workbook of one sheet with these rows."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows(rows)
        return path
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(options.get("sheet", "Sheet1"))
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
        for row in options.get("hidden_rows", ()):
            sheet.set_row(row - 1, None, None, {"hidden": True})
        for column in options.get("hidden_columns", ()):
            sheet.set_column(column - 1, column - 1, None, None, {"hidden": True})
        for area in options.get("merged", ()):
            sheet.merge_range(*area)
    return path


def stated(**settings):
    """The settings of all tables of a source."""
    return [TableSettings.model_validate({"file": "*", **settings})]


def proposed(explanation):
    """The settings that the proposed sections state."""
    text = "\n".join(proposed_section(table) for table in explanation.tables)
    return [TableSettings.model_validate(item) for item in tomllib.loads(text)["table"]]


def errors(entries):
    """The keys of the errors."""
    return [finding.says.key for finding in entries.findings if finding.severity == "error"]


ROWS = [
    ["company", "utility", "used", "what", "when", "cost"],
    ["north", "electricity.grid", 10, "MWh", "2025-01", 5],
    ["north", "electricity.grid", 20, "MWh", "2025-02", 6],
]


@given(tables_of_people())
def test_what_is_proposed_gives_the_same_entries(tmp_path_factory, table):
    """Pasting the proposed section and reading again gives exactly the entries that were read without it."""
    path = written(tmp_path_factory.mktemp("tables") / f"bills.{table.suffix}", table.rows, sheet=table.sheet)
    conventions = Conventions(home="CN", year=2025)
    first = explain_reading(path, conventions)
    again = explain_reading(path, conventions, proposed(first))
    pd.testing.assert_frame_equal(first.entries.frame, again.entries.frame)
    assert all(tally.adds_up for tally in again.entries.tallies)
    third = explain_reading(path, conventions, proposed(again))
    pd.testing.assert_frame_equal(first.entries.frame, third.entries.frame)


@given(spoilt_tables())
def test_refused_rows_come_in_when_they_are_mended(tmp_path_factory, table):
    """Accepted and refused rows are all rows; the refused ones, mended and read again, give what the sound table gives."""
    folder = tmp_path_factory.mktemp("rejects")
    spoilt = written(folder / f"bills.{table.suffix}", table.rows, sheet=table.sheet)
    conventions = Conventions(home="CN", year=2025)
    whole = cl.read_entries(
        written(folder / f"sound.{table.suffix}", table.sound, sheet=table.sheet), home="CN", year=2025
    )
    explanation = explain_reading(spoilt, conventions)
    rejects = rejected_tables(explanation)
    accepted = explanation.entries.frame
    assert sum(len(item.rows) for item in rejects) == len(table.spoilt_rows)
    out = folder / f"rejects.{table.out}"
    write_rejects(out, rejects)
    mended = mend(out, table.mends)
    again = cl.read_entries(mended, home="CN", year=2025)
    assert not errors(again), [str(finding) for finding in again.findings]
    keys = ["entity", "site", "activity", "amount", "unit", "start", "end"]
    both = pd.concat([accepted, again.frame])[keys].sort_values(keys).reset_index(drop=True)
    pd.testing.assert_frame_equal(both, whole.frame[keys].sort_values(keys).reset_index(drop=True))


def mend(path, mends):
    """A list of refused rows with some texts exchanged, as a CSV."""
    if path.suffix == ".csv":
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"))))
    else:
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_path(str(path))
        rows = book.get_sheet_by_name(book.sheet_names[0]).to_python()
    mended = path.with_name("mended.csv")
    return written(mended, [[mends.get(cell, cell) if isinstance(cell, str) else cell for cell in row] for row in rows])


def test_columns_by_what_they_hold(tmp_path):
    """Columns under headings that nobody knows are read once their meaning is stated, and others ignored without a note."""
    path = written(tmp_path / "a.csv", ROWS)
    assert errors(cl.read_entries(path)) == ["MISSING_COLUMN.entries"]
    columns = {"used": "amount", "what": "unit", "when": "period", "cost": "ignore"}
    entries = cl.read_entries(path, tables=stated(columns=columns))
    assert entries.frame["amount"].tolist() == [10, 20]
    assert not entries.findings


def test_a_unit_in_the_stated_meaning(tmp_path):
    """A meaning may state the unit of its column; an activity takes the unit of the heading, or the one of the table."""
    rows = [["period", "hall A (MWh)", "lorries"], ["2025-01", 3, 40], ["2025-02", 4, 50]]
    path = written(tmp_path / "a.csv", rows)
    entries = cl.read_entries(
        path, tables=stated(columns={"hall A (MWh)": "electricity.grid", "lorries": "fuel.diesel (L)"})
    )
    read = entries.frame[["activity", "amount", "unit"]].values.tolist()
    assert sorted(read) == [
        ["electricity.grid", 3.0, "MWh"],
        ["electricity.grid", 4.0, "MWh"],
        ["fuel.diesel", 40.0, "L"],
        ["fuel.diesel", 50.0, "L"],
    ]
    plain = cl.read_entries(
        path, tables=stated(unit="kWh", columns={"lorries": "electricity.grid", "hall A (MWh)": ""})
    )
    assert set(plain.frame["unit"]) == {"kWh"}


def test_what_all_rows_have_in_common(tmp_path):
    """Company, site, activity, unit and year of all rows are stated once; a column that states them too is a contradiction."""
    path = written(tmp_path / "a.csv", [["month", "amount"], ["1", 10], ["2", 20]])
    common = {"entity": "north", "site": "hall", "activity": "electricity.grid", "unit": "kWh", "year": 2025}
    entries = cl.read_entries(path, tables=stated(**common))
    assert entries.frame[["entity", "site", "activity", "unit", "year"]].values.tolist() == 2 * [
        ["north", "hall", "electricity.grid", "kWh", 2025]
    ]
    twice = cl.read_entries(written(tmp_path / "b.csv", ROWS), tables=stated(entity="south"))
    assert "TABLE_SETTING.has_column" in errors(twice)
    assert not len(twice)


def test_a_stated_year_that_rows_contradict(tmp_path):
    """Months that state another year than the section do not pass in silence."""
    path = written(
        tmp_path / "a.csv",
        [["activity", "unit", "2024-01", "2024-02", "2024-03"], ["electricity.grid", "kWh", 1, 2, 3]],
    )
    assert "TABLE_SETTING.other_year" in errors(cl.read_entries(path, tables=stated(year=2025)))


def test_multiplier_of_readings_only(tmp_path):
    """A multiplier multiplies differences of readings; for amounts it is refused."""
    rows = [
        ["meter", "date", "reading (kWh)"],
        ["m1", "2025-01-01", 100],
        ["m1", "2025-02-01", 130],
        ["m1", "2025-03-01", 180],
    ]
    path = written(tmp_path / "a.csv", rows)
    entries = cl.read_entries(path, tables=stated(activity="electricity.grid", multiplier=40.0))
    assert entries.frame["amount"].tolist() == [1200, 2000]
    amounts = written(
        tmp_path / "b.csv", [["activity", "amount", "unit", "year"], ["electricity.grid", 1, "kWh", 2025]]
    )
    assert errors(cl.read_entries(amounts, tables=stated(multiplier=40.0))) == ["TABLE_SETTING.no_readings"]


def test_heading_rows(tmp_path):
    """The row of the headings may be stated, or the first and last of several; a row that is not there is refused."""
    body = [["report of 2025", "", "", ""], ["carrier", "use", "", "when"], ["", "amount", "unit", ""]]
    body += [["electricity.grid", 5, "kWh", "2025-01"]]
    path = written(tmp_path / "a.xlsx", body)
    columns = {"carrier": "activity", "use / amount": "amount", "use / unit": "unit", "when": "period"}
    entries = cl.read_entries(path, tables=stated(headings=[2, 3], columns=columns))
    assert entries.frame["amount"].tolist() == [5], [str(finding) for finding in entries.findings]
    beyond = cl.read_entries(path, tables=stated(headings=40))
    assert errors(beyond) == ["TABLE_SETTING.no_row"]
    assert beyond.findings[0].row == 40


def test_labels_filled_down(tmp_path):
    """Labels of the first row of a group are asked about, then filled down or not; a total row keeps its own."""
    rows = [["company", "activity", "amount", "unit", "period"]]
    rows += [
        [name, "electricity.grid", amount, "kWh", f"2025-0{month}"]
        for name, amount, month in [("north", 1, 1), ("", 2, 2), ("south", 3, 1), ("", 4, 2)]
    ]
    rows += [["合计", "", 10, "kWh", ""]]
    path = written(tmp_path / "a.csv", rows)
    asked = cl.read_entries(path)
    assert "BLANK_LABELS" in [finding.rule for finding in asked.findings]
    filled = cl.read_entries(path, tables=stated(fill_down=["company"]))
    assert filled.frame["entity"].tolist() == ["north", "north", "south", "south"]
    assert not errors(filled)
    left = cl.read_entries(path, tables=stated(fill_down=False))
    assert left.frame["entity"].tolist() == ["north", "", "south", ""]
    assert "BLANK_LABELS" not in [finding.rule for finding in left.findings]
    assert errors(cl.read_entries(path, tables=stated(fill_down=["amount"]))) == ["TABLE_SETTING.fills_numbers"]
    assert errors(cl.read_entries(path, tables=stated(fill_down=["compny"]))) == ["TABLE_SETTING.no_column"]


def test_rows_left_out(tmp_path):
    """Rows that are left out are named, and counted as such."""
    rows = [["activity", "amount", "unit", "period"]] + [
        ["electricity.grid", at, "kWh", f"2025-0{at}"] for at in range(1, 7)
    ]
    path = written(tmp_path / "a.csv", rows)
    entries = cl.read_entries(path, tables=stated(skip_rows=[3], last_row=6))
    assert entries.frame["amount"].tolist() == [1, 3, 4, 5]
    (note,) = entries.findings
    assert (note.says.key, dict(note.says.values)["rows"]) == ("TABLE_STATED.rows_left", "3, 7")
    (tally,) = entries.tallies
    assert (tally.rows, tally.entries, tally.set_aside, tally.adds_up) == (6, 4, 2, True)
    assert errors(cl.read_entries(path, tables=stated(skip_rows=[30]))) == ["TABLE_SETTING.no_row"]


@pytest.mark.parametrize(
    ("hidden", "answer", "amounts", "rule"),
    [
        ({"hidden_rows": [3]}, "", [1, 2, 3], "HIDDEN_CELLS.rows"),
        ({"hidden_rows": [3]}, "count", [1, 2, 3], None),
        ({"hidden_rows": [3]}, "skip", [1, 3], None),
        ({"hidden_columns": [5]}, "", [1, 2, 3], "HIDDEN_CELLS.columns"),
        ({"hidden_columns": [5]}, "skip", [1, 2, 3], None),
    ],
)
def test_hidden_cells_are_a_question(tmp_path, hidden, answer, amounts, rule):
    """Hidden rows and columns are an error that names them, until somebody says whether they count."""
    rows = [["activity", "amount", "unit", "period", "note"]]
    rows += [["electricity.grid", at, "kWh", f"2025-0{at}", "x"] for at in (1, 2, 3)]
    path = written(tmp_path / "a.xlsx", rows, **hidden)
    entries = cl.read_entries(path, tables=stated(hidden=answer) if answer else ())
    assert entries.frame["amount"].tolist() == amounts
    assert errors(entries) == ([rule] if rule else [])
    assert all(tally.adds_up for tally in entries.tallies)


def test_a_hidden_sheet(tmp_path):
    """A hidden sheet of entries is asked about, and left out with a note if it shall not count; one of lists is nobody's question."""
    rows = {"data": 5, "old": 7}
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, amount in rows.items():
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["activity", "amount", "unit", "year"])
            sheet.write_row(1, 0, ["electricity.grid", amount, "kWh", 2025 - (name == "old")])
        book.get_worksheet_by_name("old").hide()
        lists = book.add_worksheet("lists")
        lists.write_column(0, 0, ["units", "kWh"])
        lists.hide()
    assert errors(cl.read_entries(path)) == ["HIDDEN_CELLS.sheet"]
    left = cl.read_entries(path, tables=[{"file": "a.xlsx", "sheet": "old", "hidden": "skip"}])
    assert (left.frame["amount"].tolist(), errors(left)) == ([5.0], [])
    assert "TABLE_STATED.skipped" in [finding.says.key for finding in left.findings]
    counted = cl.read_entries(path, tables=[{"file": "a.xlsx", "sheet": "old", "hidden": "count"}])
    assert (counted.frame["amount"].tolist(), errors(counted)) == ([5.0, 7.0], [])


def test_decimal_and_order_of_a_table(tmp_path):
    """The decimal sign and the order of day and month that a section states hold for its table."""
    rows = [
        ["activity", "amount", "unit", "start", "end"],
        ["electricity.grid", "1,234", "kWh", "03/04/2025", "05/04/2025"],
    ]
    path = written(tmp_path / "a.csv", rows)
    entries = cl.read_entries(path, tables=stated(decimal=",", date_order="day_first"))
    assert entries.frame["amount"].tolist() == [1.234]
    assert str(entries.frame["start"][0])[:10] == "2025-04-03"


def test_tables_that_are_not_there(tmp_path):
    """A section that means no file or sheet, a column that is not there, and two sections for one table are findings."""
    book, text = written(tmp_path / "a.xlsx", ROWS, sheet="May"), written(tmp_path / "a.csv", ROWS)

    def found(path, **settings):
        return errors(cl.read_entries(path, tables=[TableSettings.model_validate(settings)]))

    assert "TABLE_SETTING.no_file" in found(text, file="b.csv")
    assert "TABLE_SETTING.no_sheet" in found(book, file="a.xlsx", sheet="June")
    assert "TABLE_SETTING.has_no_sheets" in found(text, file="a.csv", sheet="May")
    assert found(text, file="a.csv", columns={"usd": "amount"}) == ["TABLE_SETTING.no_column"]
    two = cl.read_entries(book, tables=[*stated(), *stated(sheet="May")])
    assert errors(two) == ["TABLE_SETTING.two"]
    assert not len(two)
    skipped = cl.read_entries(book, tables=stated(sheet="May", skip=True))
    assert [finding.says.key for finding in skipped.findings] == ["TABLE_STATED.skipped"]


@pytest.mark.parametrize(
    "settings",
    [
        {"columns": {"x": "amont"}},
        {"columns": {"x": 1}},
        {"headings": "3"},
        {"headings": [4, 3]},
        {"headings": [1, 2, 3]},
        {"headings": True},
        {"headings": 0},
        {"headings": 3, "last_row": 2},
        {"headings": 3, "skip_rows": [3]},
        {"last_row": 5, "skip_rows": [9]},
        {"skip": True, "unit": "kWh"},
        {"fill_down": "company"},
        {"fill_down": []},
        {"hidden": "yes"},
        {"multiplier": 0.0},
        {"multiplier": True},
        {"decimal": ";"},
        {"year": "2025"},
        {"colums": {}},
    ],
)
def test_settings_that_cannot_be(settings):
    """A setting of another kind, an unknown one, and settings that contradict each other are refused."""
    with pytest.raises(ValidationError):
        TableSettings.model_validate({"file": "a.csv", **settings})


def test_formulas_in_refused_rows(tmp_path):
    """A cell that begins like a formula is text in a list of refused rows, and comes back as it was."""
    rows = [
        ["activity", "amount", "unit", "period", "note"],
        ["electricity.grid", "x", "kWh", "2025-01", "=1+1"],
        ["electricity.grid", "-", "kWh", "2025-02", "@SUM(A1)"],
    ]
    path = written(tmp_path / "a.csv", rows)
    rejects = rejected_tables(explain_reading(path, Conventions()))
    for name in ("out.csv", "out.xlsx"):
        write_rejects(tmp_path / name, rejects)
        again = rejected_tables(explain_reading(tmp_path / name, Conventions()))
        assert [row.cells[4] for item in again for row in item.rows] == ["=1+1", "@SUM(A1)"]
    assert "'=1+1" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")


def test_rejects_of_different_tables(tmp_path):
    """Refused rows of tables with different headings need a workbook; a CSV is refused, and so is any other kind of file."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for name, heading in (("A", "note"), ("B", "evidence")):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, ["activity", "amount", "unit", "period", heading])
            sheet.write_row(1, 0, ["electricity.grid", "x", "kWh", "2025-01", "y"])
    rejects = rejected_tables(explain_reading(path, Conventions()))
    write_rejects(tmp_path / "out.xlsx", rejects)
    assert [tally.sheet for tally in cl.read_entries(tmp_path / "out.xlsx").tallies] == ["A", "B"]
    for name in ("out.csv", "out.doc"):
        with pytest.raises(cl.errors.BookError):
            write_rejects(tmp_path / name, rejects)


def test_rejects_of_a_table_with_settings(tmp_path):
    """Refused rows of a table with settings state what the settings say, so that they are read without them."""
    rows = [
        ["hall", "used", "when", "no."],
        ["A", "ten", "01/02/2025", 7],
        ["", "1,5", "13/03/2025", 8],
        ["B", "2,25", "04/04/2025", 9],
    ]
    path = written(tmp_path / "a.xlsx", rows)
    settings = stated(
        activity="electricity.grid",
        unit="MWh",
        fill_down=["hall"],
        decimal=",",
        date_order="day_first",
        columns={"hall": "site", "used": "amount", "when": "date", "no.": "ignore"},
    )
    explanation = explain_reading(path, Conventions(), settings)
    assert explanation.entries.frame["amount"].tolist() == [1.5, 2.25]
    (rejected,) = rejected_tables(explanation)
    assert rejected.headings == ("site", "amount", "date", "activity", "unit")
    write_rejects(tmp_path / "out.csv", [rejected])
    again = cl.read_entries(mend(tmp_path / "out.csv", {"ten": "10"}))
    assert again.frame[["site", "activity", "amount", "unit"]].values.tolist() == [
        ["A", "electricity.grid", 10.0, "MWh"]
    ]
    assert str(again.frame["start"][0])[:10] == "2025-02-01"


def test_rejects_of_readings(tmp_path):
    """A reading that is no number spoils two differences; mended in both, they give what the sound readings give."""
    days = [["meter", "activity", "date", "reading (kWh)"]]
    sound = [
        ["m1", "electricity.grid", f"2025-{month:02d}-01", reading]
        for month, reading in enumerate((10, 30, 60, 100), 1)
    ]
    spoilt = [list(row) for row in sound]
    spoilt[2][3] = "6O"
    explanation = explain_reading(written(tmp_path / "a.csv", [*days, *spoilt]), Conventions())
    assert explanation.entries.frame["amount"].tolist() == [20]
    rejects = rejected_tables(explanation)
    assert [row.number for item in rejects for row in item.rows] == [4, 5]
    write_rejects(tmp_path / "out.csv", rejects)
    again = cl.read_entries(mend(tmp_path / "out.csv", {"6O": "60"}))
    assert again.frame["amount"].tolist() == [30, 40]


def confirmed(explanation):
    """The settings that the proposed sections state when every question is answered with its first choice."""
    text = "\n".join(proposed_section(table) for table in explanation.tables)
    lines = [line.removeprefix("# ") for line in text.splitlines() if not line.startswith("# [")]
    return [TableSettings.model_validate(item) for item in tomllib.loads("\n".join(lines))["table"]]


@pytest.mark.parametrize(
    ("rows", "total"),
    [
        ([["use", "in", "when", "paid"], [10, "kWh", "2025-01", "yes"], [20, "kWh", "2025-02", "no"]], 30),
        ([["公司", "1月", "2月", "3月"], ["一厂", 1, 2, 3]], 6),
        (
            [
                ["activity", "amount", "unit", "year", "nota", "note", "note"],
                ["electricity.grid", 5, "kWh", 2025, "a", "b", "c"],
            ],
            5,
        ),
        ([["month", "用电量(kWh)"], ["2025-01", 7], ["2025-02", 8]], 15),
        ([["meter", "date", "正向有功总(kWh)"], ["m", "2025-01-01", 100], ["m", "2025-02-01", 112]], 12),
    ],
)
def test_questions_answered_with_their_first_choice(tmp_path, rows, total):
    """A table that cannot be read as it stands is read when the questions of its proposal are answered."""
    path = written(tmp_path / "a.xlsx", rows)
    conventions = Conventions(home="CN")
    explanation = explain_reading(path, conventions)
    assert not len(explanation.entries)
    entries = explain_reading(path, conventions, confirmed(explanation)).entries
    assert not errors(entries), [str(finding) for finding in entries.findings]
    assert entries.frame["amount"].sum() == total
