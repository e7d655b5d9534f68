"""An edited copy against the book: every difference with its place, nothing taken over."""

import io
import json

import openpyxl
import pytest

import carbonledger as cl
from carbonledger.core.errors import BookError, EntriesError
from carbonledger.workbooks.formulas import canonical, moved
from tests.support import PROJECT, run
from tests.workbook_books import copied_book

BOOK = PROJECT / "examples" / "second-year"


@pytest.fixture(scope="module")
def report():
    """A report with a year before it."""
    return cl.report(BOOK)


@pytest.fixture(scope="module")
def written(report, tmp_path_factory):
    """Its workbook."""
    return report.to_excel(tmp_path_factory.mktemp("written") / "report.xlsx").read_bytes()


@pytest.fixture
def compared(report, written, tmp_path):
    """What the comparison says of a copy after an edit."""

    def of(edit):
        book = openpyxl.load_workbook(io.BytesIO(written))
        edit(book)
        book.save(tmp_path / "copy.xlsx")
        return report.compare_workbook(tmp_path / "copy.xlsx")

    return of


def amount_of(book, line):
    """The cell of a line's amount."""
    headings = next(row for row in book["Lines"].iter_rows() if row[0].value == "No.")
    column = next(cell.column for cell in headings if cell.value == "Amount as read")
    return book["Lines"].cell(headings[0].row + line, column)


def kinds(comparison):
    """Kind and sheet of each difference."""
    return [(item.kind, item.sheet) for item in comparison.differences]


def test_an_unedited_copy_says_the_same(compared):
    """Opened and saved by another program, the copy differs in nothing."""
    comparison = compared(list)
    assert (comparison.differences, comparison.remarks, comparison.effect_tco2e) == ((), (), 0.0)


def test_a_changed_amount(report, compared):
    """An amount is named with its entry, the old and the new value, and what it does to the total."""

    def edit(book):
        amount_of(book, 1).value += 1000

    comparison = compared(edit)
    (item,) = comparison.differences
    assert (item.kind, item.column, item.place.file, item.place.row) == (
        "amount",
        "Amount as read",
        "entries-2024.csv",
        2,
    )
    assert item.new - item.old == 1000
    assert item.effect_tco2e == pytest.approx(1000 * report.inventory.lines["emissions_tco2e"].iloc[0] / item.old)


def test_an_amount_that_is_no_number_has_no_effect_that_could_be_said(compared):
    """A formula or a text in place of an amount is shown as it stands, without an effect."""

    def edit(book):
        amount_of(book, 1).value, amount_of(book, 2).value = "=500*2", "about 1,000"

    items = compared(edit).differences
    assert [(item.kind, item.new, item.effect_tco2e) for item in items] == [
        ("amount", "=500*2", None),
        ("amount", "about 1,000", None),
    ]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "kind"),
    [
        ("Energy", "G7", 5, "formula_replaced"),
        ("Energy", "F7", "=SUM(1,2)", "formula"),
        ("Factors", "E7", 9.9, "value"),
        ("Factors", "E7", "=9+0.9", "value_replaced"),
        ("Coefficients", "B7", "other", "value"),
        ("Months", "Z40", "written beside", "row_added"),
        ("Year on year", "F9", 0, "value"),
    ],
)
def test_other_cells(compared, sheet, cell, value, kind):
    """A formula, a formula turned into a value, a factor, a text, last year's value and a note beside are each named."""

    def edit(book):
        assert (book[sheet][cell].value is None) == (kind == "row_added")
        book[sheet][cell].value = value

    comparison = compared(edit)
    assert kinds(comparison) == [(kind, sheet)]
    assert comparison.differences[0].new in (value, str(value))


def test_sheets_columns_and_names(compared):
    """A sheet that is gone or new, columns that moved, and a name that refers elsewhere are each one difference."""

    def edit(book):
        del book["Findings"]
        book.create_sheet("mine")
        book["Emissions"].insert_cols(2)
        book.defined_names["lines_amount"].attr_text = "'Lines'!$H$7:$H$8"

    assert sorted(kinds(compared(edit))) == [
        ("columns", "Emissions"),
        ("name", "Lines"),
        ("sheet_added", "mine"),
        ("sheet_removed", "Findings"),
    ]


def test_added_and_sorted_lines(compared):
    """A line that was added is named; lines that only stand in another order are not."""

    def add(book):
        book["Lines"].append([99, "Plant A", "", "", "Grid electricity", None, None, 5, "MWh"])

    assert kinds(compared(add)) == [("row_added", "Lines")]

    def swap(book):
        sheet, first = book["Lines"], amount_of(book, 1).row
        for one, other in zip(sheet[first], sheet[first + 1], strict=True):
            values = [
                str(cell.value).replace(str(here), str(there))
                if cell.data_type == "f" and "!" not in str(cell.value)
                else cell.value
                for cell, here, there in ((one, first, first + 1), (other, first + 1, first))
            ]
            other.value, one.value = values

    assert kinds(compared(swap)) == []


def test_a_removed_line(report, compared):
    """A deleted line is named with its entry and its effect; formulas and names that a program adjusts to it are not."""

    def edit(book):
        sheet, last = book["Lines"], amount_of(book, 4).row
        sheet.delete_rows(last)
        for defined in book.defined_names.values():
            defined.attr_text = (
                defined.attr_text.replace(f"${last}", f"${last - 1}")
                if "Lines" in defined.attr_text
                else defined.attr_text
            )

    comparison = compared(edit)
    assert kinds(comparison) == [("row_removed", "Lines")]
    (item,) = comparison.differences
    assert item.place.row == 5
    assert item.effect_tco2e == pytest.approx(-float(report.inventory.lines["emissions_tco2e"].iloc[3]))


def test_copies_of_something_else_are_refused(report, written, tmp_path):
    """The workbook of another book, another form, a workbook of one's own and a text are refused by name."""
    path = cl.report(PROJECT / "examples" / "green-power").to_excel(tmp_path / "other.xlsx")
    with pytest.raises(BookError, match=r"other.xlsx is the workbook of .* for 2024"):
        report.compare_workbook(path)
    openpyxl.Workbook().save(path)
    with pytest.raises(BookError, match="no workbook that carbonledger report --xlsx wrote"):
        report.compare_workbook(path)
    book = openpyxl.load_workbook(io.BytesIO(written))
    ((sheet, cell),) = book.defined_names["workbook_format"].destinations
    book[sheet][cell.replace("$", "")].value = "7"
    book.save(path)
    with pytest.raises(BookError, match="form 7"):
        report.compare_workbook(path)
    path.write_text("a,b\n1,2\n")
    with pytest.raises(EntriesError, match="text with the suffix of a workbook"):
        report.compare_workbook(path)
    for suffix in ("ods", "xls"):
        path.write_bytes((PROJECT / "tests" / "data" / f"workbook-by-libreoffice.{suffix}").read_bytes())
        with pytest.raises(EntriesError, match="Save it as XLSX"):
            report.compare_workbook(path)
    path.write_bytes(written[:5000])
    with pytest.raises(EntriesError, match="UNREADABLE_WORKBOOK"):
        report.compare_workbook(path)
    with pytest.raises(EntriesError, match="no such file"):
        report.compare_workbook(tmp_path / "none.xlsx")


def test_a_book_that_has_changed_since_is_said(written, tmp_path):
    """If the book has other entries now, the comparison says that its differences are not the copy's alone."""
    path = tmp_path / "copy.xlsx"
    path.write_bytes(written)
    changed = copied_book("second-year", tmp_path / "book", "1,180,000", "1,180,001").compare_workbook(path)
    assert [finding.says.key for finding in changed.remarks] == ["WORKBOOK_COPY.changed"]
    assert ("amount", "Lines") in kinds(changed)


@pytest.mark.slow
def test_the_command(written, tmp_path):
    """Exit code 1 if there is a difference, which is shown; 2 for what is no copy; the copy stays as it is."""
    path = tmp_path / "copy.xlsx"
    path.write_bytes(written)
    book = openpyxl.load_workbook(path)
    amount_of(book, 1).value += 1000
    book.save(path)
    before = path.read_bytes()
    shown = run("compare-workbook", BOOK, path, "--lang", "zh")
    assert shown.returncode == 1
    assert "数量已改" in shown.stdout
    assert path.read_bytes() == before
    refused = run("compare-workbook", BOOK, PROJECT / "pyproject.toml", "--lang", "zh")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "pyproject.toml" in refused.stderr


def test_as_plain_data(compared):
    """Each difference as plain data, with what it is in words."""

    def edit(book):
        amount_of(book, 1).value += 1000

    data = json.loads(json.dumps(compared(edit).to_dict("en")))
    assert [(item["what"], item["entry"]["row"]) for item in data["differences"]] == [("amount changed", 2)]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("SUM(A2:A4)", "SUM(A2:A5)"),
        ("$A$3*2", "$A$4*2"),
        ('A3&"A3"', 'A4&"A3"'),
        ("'Other'!A3", "'Other'!A3"),
        ("lines_3+LOG10(A4)", "lines_3+LOG10(A5)"),
        ("A2/A9", None),
    ],
)
def test_formulas_follow_rows(formula, expected):
    """A reference follows its row, a range its ends; texts, names and other sheets stay; a row that is gone is said."""
    assert moved(formula, "Sheet", {"Sheet": {1: 1, 2: 3, 3: 4}}) == expected


def test_one_spelling():
    """Spaces, quotation marks around names of sheets, and ways to write a number make no difference; texts do."""
    assert canonical("= SUM('Lines'!A1 , 1E-06)") == canonical("SUM(Lines!A1,0.000001)")
    assert canonical("'明细'!A1") == canonical("明细!A1")
    assert canonical('A1&"a b"') != canonical('A1&"ab"')
