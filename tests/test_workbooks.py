"""The audit workbook: written whole or not at all, whole in one language, inert texts, and honest heads."""

import io
import re
import zipfile

import openpyxl
import pytest

import carbonledger as cl
from carbonledger.core.errors import BookError
from carbonledger.factors.gwp import read_gwp
from carbonledger.inventory.coefficients import Key
from carbonledger.inventory.conversion_chains import conversion_chains, step_value
from carbonledger.inventory.plan import build_plan
from carbonledger.workbooks.audit_workbook import audit_workbook
from carbonledger.workbooks.styles import inert
from tests.support import PROJECT, run
from tests.workbook_books import HOSTILE, hostile_book

# Four words on end, without what is quoted as published or as written by the user.
ENGLISH = re.compile(r"(?:[A-Za-z']{2,}[,;:]? ){3,}[A-Za-z']{2,}")
CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")
DEFECTS = PROJECT / "examples" / "six-defects"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """A report with hostile texts, and its workbook as bytes."""
    report = hostile_book(tmp_path_factory.mktemp("books") / "hostile")
    return report, audit_workbook(report, "en").to_bytes()


@pytest.fixture(scope="module")
def defects():
    """A report that is incomplete and in doubt."""
    return cl.report(DEFECTS)


def cells_of(content):
    """Every filled cell of a workbook."""
    return [
        cell
        for sheet in openpyxl.load_workbook(io.BytesIO(content))
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]


def test_a_report_gives_the_same_bytes(hostile):
    """A workbook carries no clock and no path, so that a report of the same state is the same file."""
    report, content = hostile
    assert audit_workbook(report, "en").to_bytes() == content


def test_texts_are_inert(hostile):
    """A text of the user is never a formula: not in the file, and not after the sheet has been saved as CSV."""
    cells = cells_of(hostile[1])
    texts = [str(cell.value) for cell in cells if cell.data_type == "s"]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert {inert(text) for text in HOSTILE[:3]} <= set(texts)
    own = {cell.formula for sheet in audit_workbook(hostile[0]).sheets for row in sheet.rows for cell in row if cell}
    assert {cell.value for cell in cells if cell.data_type == "f"} <= {f"={formula}" for formula in own if formula}


def test_companies_that_differ_by_case_or_are_patterns_are_apart(hostile):
    """Sums go by number and not by name, so that a* is neither A* nor every company that begins with a."""
    report, content = hostile
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    shown = {row[1].value: row[3].value for row in book["Emissions"].iter_rows() if isinstance(row[3].value, float)}
    by_entity = report.inventory.by("entity").set_index("entity")["emissions_tco2e"]
    assert shown["a*"] == pytest.approx(by_entity["a*"])
    assert shown["A*"] == pytest.approx(by_entity["A*"])


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_sheet_begins_with_the_standing(defects, lang):
    """Each sheet says below its title what is missing and in doubt."""
    statement = defects.completeness.lines(lang)
    assert len(statement) == 3
    for sheet in audit_workbook(defects, lang).sheets:
        assert [row[0].value for row in sheet.rows[1:4]] == statement, sheet.key


def test_a_sum_of_a_part_is_not_called_a_total(hostile):
    """Where entries are left out, the word total stands beside no figure."""
    assert hostile[0].completeness.is_part
    named = [cell.value for cell in cells_of(hostile[1]) if str(cell.value).startswith("Total")]
    assert named == []


@pytest.mark.parametrize(("lang", "foreign"), [("en", CHINESE), ("zh", ENGLISH)])
def test_one_language(defects, lang, foreign):
    """Headings, notes, names of sheets and labels are in the language of the workbook; what publishers wrote stays as it is."""
    published = {"factors", "sources"}
    for sheet in audit_workbook(defects, lang).sheets:
        assert not foreign.search(sheet.name)
        for row in sheet.rows:
            quoted = sheet.key in published and row and row[0] and row[0].style in {"whole", "wrapped"}
            texts = [cell.value for cell in row if cell and isinstance(cell.value, str) and cell.style != "plain"]
            own = {
                defects.settings["company"]["name_en"],
                *defects.entries.frame.select_dtypes("str").to_numpy().ravel(),
            }
            assert quoted or not [
                text for text in texts if foreign.search(text) and not any(name in text for name in own if name)
            ]


def test_sheets_are_ready_for_work_and_print(hostile):
    """Headings stay in view and on every page, sheets are A4 landscape with a print area, and the document says what it is."""
    book = openpyxl.load_workbook(io.BytesIO(hostile[1]))
    for sheet in book:
        assert sheet.freeze_panes
        assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
        assert sheet.print_area
        assert sheet.print_title_rows
    assert book.properties.title
    assert {"lines_amount", "lines_emissions_tco2e", "total_location_based", "total_energy_gj"} <= set(
        book.defined_names
    )


def test_figures_are_there_without_calculating(hostile):
    """A program that does not calculate shows the library's figures, since each formula has its result."""
    book = openpyxl.load_workbook(io.BytesIO(hostile[1]), data_only=True)
    ((sheet, cell),) = book.defined_names["total_location_based"].destinations
    sums = hostile[0].totals()["calculated_location_based_tco2e"]
    assert book[sheet][cell.replace("$", "")].value == pytest.approx(sums)


def test_the_command_writes_and_names_the_file(tmp_path):
    """`report --xlsx` writes the workbook, on --force over another file, prints its name alone, and ends as the report does."""
    path = tmp_path / "报告.xlsx"
    path.write_text("mine")
    result = run("report", DEFECTS, "--xlsx", path, "--lang", "zh", "--force")
    assert (result.stdout, result.stderr) == (f"{path}\n", "")
    assert result.returncode == 1
    assert zipfile.is_zipfile(path)
    assert [entry.name for entry in tmp_path.iterdir()] == ["报告.xlsx"]


def test_what_is_there_is_not_written_over(defects, tmp_path):
    """A workbook as written is replaced; one that was edited, another file, a link, a folder and another ending are refused."""
    path = defects.to_excel(tmp_path / "report.xlsx")
    content = path.read_bytes()
    assert defects.to_excel(path).read_bytes() == content
    openpyxl.load_workbook(path).save(path)
    edited = path.read_bytes()
    other, link, folder = (tmp_path / name for name in ("entries.xlsx", "link.xlsx", "folder.xlsx"))
    other.write_text("mine")
    link.symlink_to(other)
    folder.mkdir()
    for target, words in (
        (path, "edited"),
        (other, "--force"),
        (link, "link"),
        (folder, "folder"),
        (tmp_path / "a.xls", ".xlsx"),
    ):
        with pytest.raises(BookError, match=words):
            defects.to_excel(target)
    with pytest.raises(BookError, match="No such file or directory"):
        defects.to_excel(tmp_path / "none" / "report.xlsx")
    assert (path.read_bytes(), other.read_text()) == (edited, "mine")
    assert defects.to_excel(path, replace=True).read_bytes() == content


@pytest.mark.parametrize("name", ["us-company", "chinese-group", "own-factors"])
def test_chains_multiply_to_their_coefficients(name):
    """Published values times the conversion of their units are the coefficient, for every row of a plan."""
    for row in cl.report(PROJECT / "examples" / name).inventory.plan.rows:
        for chain in conversion_chains(row):
            value = chain.conversion
            for step in chain.steps:
                value = value / step_value(step) if step.divides else value * step_value(step)
            assert value == pytest.approx(chain.value, rel=1e-14)


def test_a_factor_of_zero_keeps_its_conversion():
    """Where a published value is 0 the units alone say the conversion: kWh to t over kg/kWh is 0.001."""
    factors = cl.load_factors(own=[{"activity": "electricity.grid", "value": "0 kg CO2/kWh", "source": "contract"}])
    plan = build_plan([Key("electricity.grid", "kWh", "CN", 2024)], factors, read_gwp("ipcc-ar5@2013"))
    (chain,) = (chain for chain in conversion_chains(plan.rows[0]) if chain.quantity == "CO2")
    assert (chain.value, chain.conversion) == (0.0, 0.001)


def test_more_rows_than_a_workbook_holds_are_refused(monkeypatch, hostile):
    """A sheet that would lose rows is not written."""
    monkeypatch.setattr("carbonledger.workbooks.drawing._MOST_ROWS", 12)
    with pytest.raises(BookError, match="a workbook holds 12"):
        audit_workbook(hostile[0], "en").to_bytes()
