"""Templates: a workbook for one book, of which exactly what was written into its cells is read."""

import csv
import io
import json
import shutil
import subprocess
from datetime import date, timedelta
from functools import cache
from unittest.mock import patch

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.activity_data.cell import plain_text
from carbonledger.book.book import open_book
from carbonledger.book.template import book_template
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError
from carbonledger.core.language import Label
from carbonledger.factors.activity_list import activity_table
from carbonledger.tables.template_mark import TemplateMark
from carbonledger.workbooks.template import template_workbook
from tests.strategies import template_books, written_amounts
from tests.support import PROJECT, run

BODY = 7
BOOKS = ["seeds/techen-2024", "examples/chinese-group", "examples/uk-company", "examples/us-company"]
SAID = ["entity", "site", "source", "activity", "amount", "unit", "start", "end"]
SOURCE = ["entity", "site", "source", "activity", "unit", "region", "factor", "scope_3_category"]


@cache
def few_activities():
    """The first rows of the sheet of activities, so that a template is quick to write and to read."""
    return activity_table().head(3)


def template_of(book, lang="en", **options):
    """A template of a book with a short sheet of activities."""
    with patch("carbonledger.book.template.activity_table", lambda *_, **__: few_activities()):
        return template_workbook(book_template(book, lang=lang, **options), lang)


def opened(content):
    """The workbook, its sheet to fill in, and the column of each key."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet = workbook.worksheets[1]
    return workbook, sheet, {cell.value: cell.column for cell in sheet[BODY - 1] if cell.value != "-"}


def read_in(book, workbook, folder, name="filled.xlsx"):
    """The entries of a filled workbook, read as those of its book: its settings with this file alone."""
    file = folder / name
    workbook.save(file)
    return read_file(book, file)


def read_file(book, file):
    """The entries of a file, read as those of a book."""
    files = book.settings.files.model_copy(update={"entries": (file.name,), "estimates": ""})
    return type(book)(file.parent, book.settings.model_copy(update={"files": files, "prices": None})).entries


def written(folder, text, rows=()):
    """A book of a few lines, with its entries."""
    folder.mkdir(exist_ok=True, parents=True)
    (folder / "book.toml").write_text(text, encoding="utf-8")
    with (folder / "entries.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["entity", "site", "source", "activity", "amount", "unit", "start", "end"])
        writer.writerows(rows)
    return open_book(folder)


def settings_of(companies=("North plant",), sites=(), first_month=1, name="Plant"):
    """The text of a book.toml; JSON writes texts as TOML does."""
    lines = ["[company]", f"name_en = {json.dumps(name, ensure_ascii=False)}", "reporting_year = 2025"]
    lines += [f"first_month = {first_month}", 'region = "CN-SD"']
    for number, company in enumerate(companies):
        lines += ["[[entity]]", f'id = "company-{number}"', f"name_en = {json.dumps(company, ensure_ascii=False)}"]
        for site in sites:
            lines += ["[[site]]", f"id = {json.dumps(site, ensure_ascii=False)}", f'entity = "company-{number}"']
    lines += ["[factors]", 'gwp = "ipcc-ar5@2013"', 'emissions = ["cn-ndrc-fuels-a@2013"]']
    return "\n".join([*lines, "[files]", 'entries = ["entries.csv"]', ""])


@pytest.fixture
def plant(tmp_path):
    """A book with two sources of 2024: a meter month by month, and diesel of the year."""
    rows = [
        ["North plant", "", "meter 1", "electricity.grid", 100 + at, "kWh", *month(2024, at)] for at in range(1, 13)
    ]
    rows += [["North plant", "yard", "tank", "fuel.diesel", 7.5, "t", "2024-01-01", "2024-12-31"]]
    return written(tmp_path / "plant", settings_of(), rows)


def month(year, number):
    """First and last day of a month."""
    after = date(year + number // 12, number % 12 + 1, 1)
    return date(year, number, 1), after - timedelta(days=1)


def said(entries):
    """What entries say, in an order of their own."""
    return sorted(map(tuple, entries.frame[SAID].astype(str).values.tolist()))


# The law


def _book_of(facts, folder):
    """The book of a strategy."""
    rows = []
    for company, site, source, (activity, unit), number in facts["rows"]:
        start, end = month(2024, number) if number else _year(2024, facts["first_month"])
        rows.append([company, site, source, activity, 12.5, unit, start, end])
    text = settings_of(facts["companies"], facts["sites"], facts["first_month"])
    return written(folder, text, rows)


def _year(year, first_month):
    """First and last day of a reporting year."""
    return date(year, first_month, 1), date(year + 1, first_month, 1) - timedelta(days=1)


@given(
    facts=template_books(),
    data=st.data(),
    layout=st.sampled_from(["months", "rows"]),
    lang=st.sampled_from(["en", "zh"]),
)
def test_what_is_written_is_what_is_read(facts, data, layout, lang, tmp_path_factory):
    """Any amounts in the cells of the template of any book are read as exactly those entries, with no finding but unfilled rows."""
    folder = tmp_path_factory.mktemp("book")
    book = _book_of(facts, folder)
    workbook, sheet, columns = opened(template_of(book, lang, layout=layout))
    companies = {name: f"company-{number}" for number, name in enumerate(facts["companies"])}
    expected = []
    for row in range(BODY, sheet.max_row + 1):
        cells = {key: sheet.cell(row, column).value for key, column in columns.items()}
        if not cells["activity"]:
            continue
        activity = next(name for name, _ in _known(facts) if _is_called(name, cells["activity"], lang))
        for column, (start, end) in _spans(data, cells, columns, facts["first_month"]):
            amount = data.draw(written_amounts)
            sheet.cell(row, column).value = amount
            entity = companies[cells["entity"]]
            places = (plain_text(cells[key]) for key in ("site", "source"))
            label = [entity, *places, activity, amount, cells["unit"], start, end]
            expected.append(tuple(map(str, label)))
    entries = read_in(book, workbook, folder)
    assert said(entries) == sorted(expected)
    assert {finding.rule for finding in entries.findings} <= {"TEMPLATE_UNWRITTEN"}
    assert all(tally.adds_up for tally in entries.tallies)


def _known(facts):
    return [row[3] for row in facts["rows"]]


def _is_called(name, text, lang):
    """Whether the text in a cell of activities is the name of one, or its label."""
    from carbonledger.core.activities import taxonomy

    activity = taxonomy()[name]
    return text in {name, Label(activity.label_en, activity.label_zh).text(lang)}


def _spans(data, cells, columns, first_month):
    """Columns to write into, each with its first day and the day after its last."""
    if "amount" in columns:
        is_used = data.draw(st.booleans())
        return (
            [(columns["amount"], (cells["start"].date(), cells["end"].date() + timedelta(days=1)))] if is_used else []
        )
    months = [key for key in columns if key[:2] == "20"]
    if data.draw(st.booleans()):
        start, last = _year(2025, first_month)
        return [(columns["year total"], (start, last + timedelta(days=1)))]
    chosen = data.draw(st.lists(st.sampled_from(months), unique=True, max_size=3))
    days = {key: month(int(key[:4]), int(key[5:])) for key in chosen}
    return [(columns[key], (first, last + timedelta(days=1))) for key, (first, last) in days.items()]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", BOOKS)
def test_the_sources_of_last_year_come_back(name, lang, tmp_path):
    """The template of a real book, filled in for the next year, gives entries of just its sources, without a finding."""
    book = open_book(PROJECT / name)
    workbook, sheet, columns = opened(template_of(book, lang, year=book.year + 1))
    rows = [row for row in range(BODY, sheet.max_row + 1) if sheet.cell(row, columns["activity"]).value]
    for row in rows:
        sheet.cell(row, columns[f"{book.year + 1}-03"]).value = row + 0.25
    entries = read_in(book, workbook, tmp_path)
    before = book.entries.of_year(book.year).frame
    assert sorted(map(tuple, entries.frame[SOURCE].values.tolist())) == sorted(
        set(map(tuple, before[SOURCE].values.tolist()))
    )
    assert sorted(entries.frame["amount"]) == [row + 0.25 for row in rows]
    assert entries.findings == ()


@pytest.mark.parametrize(("layout", "lang"), [("months", "zh"), ("rows", "en")])
def test_an_unfilled_template_is_no_entry(plant, tmp_path, layout, lang):
    """Nothing of the instructions, lists, activities and last year's figures is read; that nothing is filled in is a note."""
    (tmp_path / "empty.xlsx").write_bytes(template_workbook(book_template(plant, layout=layout, lang=lang), lang))
    entries = read_file(plant, tmp_path / "empty.xlsx")
    assert len(entries) == 0
    assert [finding.says.key for finding in entries.findings] == ["TEMPLATE_UNWRITTEN.none"]
    assert entries.complete


def test_last_year_stands_beside_and_is_not_read(plant, tmp_path):
    """Last year's figures are shown in locked grey cells, month by month and as a sum; changing them changes no entry."""
    workbook, sheet, columns = opened(template_of(plant))
    grey = [cell for cell in sheet[BODY] if sheet.cell(BODY - 1, cell.column).value == "-"]
    figures = [cell.value for cell in grey if isinstance(cell.value, int | float)]
    assert figures == [sum(range(101, 113)), *range(101, 113)]
    assert all(cell.protection.locked for cell in grey)
    sheet.cell(BODY, columns["2025-01"]).value = 5
    for cell in grey:
        cell.value = 999
    entries = read_in(plant, workbook, tmp_path)
    assert entries.frame["amount"].tolist() == [5.0]


def test_the_form_of_the_workbook(plant):
    """Inputs are unlocked, the rest is protected without a password, headings are frozen and in both languages, lists are checked."""
    workbook, sheet, columns = opened(template_of(plant, "zh"))
    assert [item.sheet_state for item in workbook.worksheets] == ["visible", "visible", "visible", "hidden"]
    assert all(item.protection.sheet and not item.protection.password for item in workbook.worksheets)
    unlocked = {key for key, column in columns.items() if not sheet.cell(BODY, column).protection.locked}
    assert unlocked == set(columns)
    assert sheet.freeze_panes == "F7"
    assert sheet.cell(BODY - 2, columns["entity"]).value == "公司\nCompany"
    assert sheet.cell(BODY - 2, columns["2025-03"]).value == "3月\nMar"
    checks = {str(item.sqref).split(":")[0]: item for item in sheet.data_validations.dataValidation}
    number = checks[f"{sheet.cell(BODY, columns['2025-03']).coordinate}"]
    assert (number.type, number.operator, number.formula1, number.errorStyle or "stop") == (
        "decimal",
        "greaterThanOrEqual",
        "0",
        "stop",
    )
    assert "不小于 0" in number.error
    assert "OFFSET" in checks[sheet.cell(BODY, columns["unit"]).coordinate].formula1
    assert all(len(item.formula1) <= 255 for item in checks.values())
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows


def test_the_same_bytes_for_the_same_book(plant):
    """Two templates of one book are the same file."""
    assert template_of(plant) == template_of(plant)


# Filled in otherwise than it was meant


def _filled(plant, **options):
    """A template of the plant with an amount of January in its first row."""
    workbook, sheet, columns = opened(template_of(plant, **options))
    sheet.cell(BODY, columns["2025-01" if "2025-01" in columns else "amount"]).value = 41.5
    return workbook, sheet, columns


def _keys_of(entries):
    return sorted({finding.says.key for finding in entries.findings} - {"TEMPLATE_UNWRITTEN.rows"})


def test_another_book_refuses_it(plant, tmp_path):
    """A template of another book is refused in words that name both; without a book it is read."""
    workbook, _, _ = _filled(plant)
    other = written(tmp_path / "other", settings_of(name="South works"))
    entries = read_in(other, workbook, tmp_path)
    assert len(entries) == 0
    (finding,) = [item for item in entries.findings if item.severity == "error"]
    assert finding.says.key == "TEMPLATE.other_book"
    assert "Plant" in str(finding)
    assert "South works" in str(finding)
    assert not entries.complete
    assert len(cl.read_entries(tmp_path / "filled.xlsx")) == 1


def test_one_name_in_common_is_enough(plant, tmp_path):
    """A company that corrects or adds a name can still read its template."""
    workbook, _, _ = _filled(plant)
    text = settings_of().replace("reporting_year", 'name_zh = "工厂"\nreporting_year', 1)
    assert len(read_in(written(tmp_path / "renamed", text), workbook, tmp_path)) == 1


@pytest.mark.parametrize(
    ("mark", "key"),
    [
        ("carbonledger template 2 | months | 2025-01 | Plant", "TEMPLATE.newer"),
        ("carbonledger template 0 | months | 2025-01 | Plant", "TEMPLATE.damaged"),
        ("carbonledger template 1 | months | 2025", "TEMPLATE.damaged"),
        ("carbonledger template 1 | weeks | 2025-01 | Plant", "TEMPLATE.damaged"),
    ],
)
def test_a_mark_that_is_not_known(plant, tmp_path, mark, key):
    """A template of a version to come, or with a damaged mark, is refused in words and gives no entry."""
    workbook, sheet, _ = _filled(plant)
    sheet["A2"] = mark
    entries = read_in(plant, workbook, tmp_path)
    assert (len(entries), _keys_of(entries), entries.complete) == (0, [key], False)


def test_keys_that_were_changed(plant, tmp_path):
    """A key that is lost, doubled or overwritten refuses the sheet: no month is read as another."""
    for change, key in (
        (lambda cell: setattr(cell, "value", None), "TEMPLATE.missing_keys"),
        (lambda cell: setattr(cell, "value", "2025-02"), "TEMPLATE.double_keys"),
        (lambda cell: setattr(cell, "value", "March"), "TEMPLATE.strange_keys"),
    ):
        workbook, sheet, columns = _filled(plant)
        change(sheet.cell(BODY - 1, columns["2025-03"]))
        entries = read_in(plant, workbook, tmp_path)
        assert len(entries) == 0
        assert key in _keys_of(entries)
        assert not entries.complete
    workbook, sheet, _ = _filled(plant)
    sheet.delete_rows(BODY - 1)
    assert _keys_of(read_in(plant, workbook, tmp_path)) == ["TEMPLATE.no_keys"]


def test_rows_and_columns_of_the_users_own(plant, tmp_path):
    """Rows added below are entries; a column put in between is named in a note, moves nothing and is not read; sheets may be renamed."""
    workbook, sheet, columns = _filled(plant)
    below = sheet.max_row + 5
    for key, value in {"entity": "North plant", "activity": "汽油", "unit": "吨", "2025-02": 3, "note": "van"}.items():
        sheet.cell(below, columns[key]).value = value
    sheet.insert_cols(columns["2025-01"])
    sheet.cell(BODY - 2, columns["2025-01"]).value = "Cost"
    sheet.cell(BODY, columns["2025-01"]).value = 1234
    sheet.insert_rows(1)
    sheet.title = "Bills of 2025"
    entries = read_in(plant, workbook, tmp_path)
    assert sorted((row[3], float(row[4]), row[5], row[6]) for row in said(entries)) == [
        ("electricity.grid", 41.5, "kWh", "2025-01-01"),
        ("fuel.gasoline", 3.0, "t", "2025-02-01"),
    ]
    assert _keys_of(entries) == ["UNKNOWN_HEADING"]
    assert "Cost" in str(next(finding for finding in entries.findings if finding.rule == "UNKNOWN_HEADING"))


@pytest.mark.parametrize(
    ("value", "key"),
    [
        ("12 t", "BAD_NUMBER.other"),
        ("n/a", "EMPTY_AMOUNT.gap"),
        ("-", "EMPTY_AMOUNT.gap"),
        (-3, "NEGATIVE_AMOUNT"),
        ("=A1*2", "BAD_NUMBER.formula"),
    ],
)
@pytest.mark.parametrize("layout", ["months", "rows"])
def test_a_cell_that_is_no_amount(plant, tmp_path, value, key, layout):
    """Text, a gap, a negative number and a formula that was never calculated are errors at their row and column; the rest is read."""
    workbook, sheet, columns = _filled(plant, layout=layout)
    key_column = "2025-02" if layout == "months" else "amount"
    row = BODY if layout == "months" else BODY + 1
    sheet.cell(row, columns[key_column]).value = value
    entries = read_in(plant, workbook, tmp_path)
    assert entries.frame["amount"].tolist() == [41.5]
    (finding,) = [item for item in entries.findings if item.severity == "error"]
    assert (finding.says.key, finding.row, finding.column) == (key, row, key_column)
    assert all(tally.adds_up for tally in entries.tallies)


def test_merged_cells(plant, tmp_path):
    """A bill over two merged months is refused: its amount belongs to neither alone."""
    workbook, sheet, columns = _filled(plant)
    sheet.merge_cells(start_row=BODY, end_row=BODY, start_column=columns["2025-01"], end_column=columns["2025-02"])
    sheet.cell(BODY + 1, columns["year total"]).value = 8
    entries = read_in(plant, workbook, tmp_path)
    assert entries.frame["amount"].tolist() == [8.0]
    assert _keys_of(entries) == ["TEMPLATE.merged"]
    assert all(tally.adds_up for tally in entries.tallies)


def test_hidden_rows_are_asked_about(plant, tmp_path):
    """Amounts in a hidden or filtered row are read and an error until the book says whether they count; both answers take effect."""
    workbook, sheet, _ = _filled(plant)
    sheet.row_dimensions[BODY].hidden = True
    assert _keys_of(read_in(plant, workbook, tmp_path)) == ["HIDDEN_CELLS.rows"]
    for answer, amounts in (("count", [41.5]), ("skip", [])):
        stated = cl.read_entries(tmp_path / "filled.xlsx", tables=[{"file": "*.xlsx", "hidden": answer}])
        assert stated.frame["amount"].tolist() == amounts


def test_a_section_about_a_template(plant, tmp_path):
    """A section may skip a template; one that would read it otherwise is refused."""
    workbook, _, _ = _filled(plant)
    read_in(plant, workbook, tmp_path)
    file = tmp_path / "filled.xlsx"
    assert len(cl.read_entries(file, tables=[{"file": "filled.xlsx", "skip": True}])) == 0
    refused = cl.read_entries(file, tables=[{"file": "filled.xlsx", "year": 2024}])
    assert (len(refused), _keys_of(refused)) == (0, ["TEMPLATE.stated"])


def test_a_bill_without_an_amount(plant, tmp_path):
    """A document without an amount is an error, a note alone is none."""
    for layout in ("months", "rows"):
        workbook, sheet, columns = _filled(plant, layout=layout)
        sheet.cell(BODY + 1, columns["note"]).value = "no bill yet"
        assert _keys_of(read_in(plant, workbook, tmp_path)) == []
        sheet.cell(BODY + 1, columns["evidence"]).value = "bill 17"
        assert _keys_of(read_in(plant, workbook, tmp_path)) == ["EMPTY_AMOUNT.empty"]


def test_months_beside_their_year(plant, tmp_path):
    """A year beside its months is held against them: it is counted once, and a contradiction is an error."""
    workbook, sheet, columns = opened(template_of(plant))
    for number in range(1, 13):
        sheet.cell(BODY, columns[f"2025-{number:02d}"]).value = 10
    sheet.cell(BODY, columns["year total"]).value = 120
    entries = read_in(plant, workbook, tmp_path)
    assert entries.frame["amount"].sum() == 120
    assert entries.complete
    sheet.cell(BODY, columns["year total"]).value = 130
    entries = read_in(plant, workbook, tmp_path)
    assert entries.frame["amount"].sum() == 120
    assert not entries.complete


def test_a_sheet_that_lost_its_mark(plant, tmp_path):
    """Without its mark a sheet is one as any other; the grey figures are not read then either, or the sheet is refused."""
    workbook, sheet, _ = _filled(plant)
    sheet["A2"] = None
    entries = read_in(plant, workbook, tmp_path)
    assert entries.frame["amount"].tolist() == [41.5] or not entries.complete


# The command line


def call(*arguments):
    """A run of the command line in this process; what ends it before its time is raised."""
    return CliRunner().invoke(app, [*map(str, arguments)], catch_exceptions=False)


def test_the_command(plant, tmp_path):
    """carbonledger template writes the file, says what it holds, and writes over nothing unless it is asked to."""
    out = tmp_path / "out.xlsx"
    done = run("template", plant.folder, out, "--lang", "zh")
    assert (done.returncode, done.stderr) == (0, "")
    assert "2 个排放源" in done.stdout
    before = out.read_bytes()
    with pytest.raises(BookError, match="exists already"):
        call("template", plant.folder, out)
    assert out.read_bytes() == before
    data = json.loads(call("template", plant.folder, out, "--force", "--layout", "rows", "--json").stdout)
    assert data["sources"] == 2
    assert "needs no section" in call("read", out, "--book", plant.folder, "--explain").stdout


def test_files_that_cannot_be_written(plant, tmp_path):
    """Another suffix, a folder that is not there and a file that is open in Excel are refused, and nothing is left behind."""
    lock = tmp_path / "~$open.xlsx"
    lock.write_bytes(b"")
    for name, words in (("out.csv", "ends in .xlsx"), ("nowhere/out.xlsx", "No such file"), ("open.xlsx", "is open")):
        with pytest.raises(BookError, match=words):
            call("template", plant.folder, tmp_path / name)
    assert sorted(item.name for item in tmp_path.iterdir()) == ["plant", "~$open.xlsx"]


def test_a_workbook_that_is_open(plant, tmp_path):
    """Reading a workbook that is open in Excel says that unsaved changes are not read; the lock itself is no workbook."""
    workbook, _, _ = _filled(plant)
    read_in(plant, workbook, tmp_path)
    (tmp_path / "~$filled.xlsx").write_bytes(b"\x05owner")
    entries = read_file(plant, tmp_path / "filled.xlsx")
    assert _keys_of(entries) == ["WORKBOOK_OPEN"]
    assert len(entries) == 1
    folder = tmp_path / "folder"
    folder.mkdir()
    for name in ("filled.xlsx", "~$filled.xlsx"):
        shutil.copy(tmp_path / name, folder / name)
    assert len(cl.read_entries(folder)) == 1


def test_a_previous_book(plant, tmp_path):
    """The sources and figures of the year before come from another book where this one has none."""
    empty = written(tmp_path / "empty", settings_of())
    assert book_template(empty).sources == ()
    content = book_template(empty, previous=plant)
    assert [source.labels["source"] for source in content.sources] == ["meter 1", "tank"]
    assert content.sources[0].used_before == sum(range(101, 113))
    assert content.has_year_before


def test_a_new_book(tmp_path):
    """A book whose files are not there yet has a template with empty rows; an activity that sounds like a total is offered by its name."""
    (tmp_path / "entries").mkdir()
    text = settings_of().replace('["entries.csv"]', '["bills.xlsx", "entries"]')
    (tmp_path / "book.toml").write_text(text, encoding="utf-8")
    content = book_template(open_book(tmp_path))
    assert (content.sources, content.known_year) == ((), None)
    assert content.entities == ("North plant",)
    assert {"electricity.load", "Gasoline"} <= set(content.units)
    assert "electricity" not in set(content.taxonomy["activity"])
    workbook, sheet, columns = opened(template_workbook(content))
    for key, value in {"entity": "North plant", "activity": "Gasoline", "unit": "t", "2025-12": 2.5}.items():
        sheet.cell(BODY + 3, columns[key]).value = value
    workbook.save(tmp_path / "bills.xlsx")
    entries = read_file(open_book(tmp_path), tmp_path / "bills.xlsx")
    assert said(entries) == [("company-0", "", "", "fuel.gasoline", "2.5", "t", "2025-12-01", "2026-01-01")]
    assert entries.findings == ()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", BOOKS)
def test_every_activity_offered_is_read_as_itself(name, lang):
    """Each activity of the list and each unit beside it is read as that, all of them in one table."""
    content = book_template(open_book(PROJECT / name), lang=lang)
    pairs = [(activity, unit) for activity, units in content.units.items() for unit in units if unit != "any"]
    rows = [
        {"activity": activity, "unit": unit, "amount": at + 1.5, "year": 2024, "heating_value": "", "evidence": f"{at}"}
        for at, (activity, unit) in enumerate(pairs)
    ]
    region = open_book(PROJECT / name).settings.company.region
    entries = cl.read_entries(rows, home=region)
    assert [str(finding) for finding in entries.findings if finding.severity == "error"] == []
    assert len(entries) == len(rows)
    read = dict(zip(entries.frame["amount"], entries.frame["activity"], strict=True))
    assert all(_is_called(read[row["amount"]], row["activity"], lang) for row in rows)


def test_refused_cells_can_be_listed_and_mended(plant, tmp_path):
    """The list of refused rows of a template has one amount a row, which is read as an entry once it is mended."""
    workbook, sheet, columns = _filled(plant)
    sheet.cell(BODY + 1, columns["2025-02"]).value = "about 3"
    read_in(plant, workbook, tmp_path)
    rejects = tmp_path / "rejects.csv"
    assert call("read", tmp_path / "filled.xlsx", "--rejects", rejects).exit_code == 1
    rejects.write_text(rejects.read_text(encoding="utf-8-sig").replace("about 3", "3", 1), encoding="utf-8")
    mended = cl.read_entries(rejects)
    assert mended.frame[["activity", "amount", "unit"]].values.tolist() == [["fuel.diesel", 3.0, "t"]]
    assert str(mended.frame["start"][0]) == "2025-02-01"


def test_marks():
    """A mark keeps what it says, whatever signs a name has."""
    mark = TemplateMark(1, "rows", "2024-04", ("A | B", "甲  公司"))
    again = TemplateMark.read(mark.text())
    assert again.is_of(["A | B"])
    assert again.is_of(["甲 公司"])
    assert not again.is_of(["A"])
    assert again.months[0] == "2024-04"
    assert again.months[-1] == "2025-03"
    assert TemplateMark.read("a template of carbonledger") is None


@pytest.mark.slow
@pytest.mark.soffice
def test_libreoffice_saves_what_is_read_alike(tmp_path):
    """A template saved by LibreOffice reads as the one that was filled in, in both layouts, and its formulas give the sums."""
    book = open_book(PROJECT / "seeds/techen-2024")
    files = []
    for layout, lang in (("months", "zh"), ("rows", "en")):
        workbook, sheet, columns = opened(template_of(book, lang, layout=layout, year=2025))
        for row in range(BODY, BODY + 4):
            sheet.cell(row, columns["2025-11" if layout == "months" else "amount"]).value = 1000.5 + row
        workbook.save(tmp_path / f"{layout}.xlsx")
        files.append(tmp_path / f"{layout}.xlsx")
    saved = tmp_path / "saved"
    command = [
        "soffice",
        f"-env:UserInstallation={(tmp_path / 'office').as_uri()}",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    subprocess.run([*command, "--outdir", saved, *files], check=True, capture_output=True, timeout=120)
    for file in files:
        before, after = (read_file(book, item) for item in (file, saved / file.name))
        assert len(before) == 4
        assert said(before) == said(after)
        assert after.findings == ()
    sheet = openpyxl.load_workbook(saved / "months.xlsx", data_only=True).worksheets[1]
    total = next(cell.column for cell in sheet[BODY - 2] if cell.value == "合计\nSum")
    assert [sheet.cell(row, total).value for row in range(BODY, BODY + 4)] == [
        1000.5 + row for row in range(BODY, BODY + 4)
    ]


def test_xlsxwriter_is_named(plant, monkeypatch):
    """Without XlsxWriter the message names the extra."""
    monkeypatch.setattr("carbonledger.workbooks.styles.find_spec", lambda _: None)
    with pytest.raises(BookError, match="excel"):
        template_of(plant)
