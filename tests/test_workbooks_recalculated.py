"""LibreOffice calculates the audit workbook anew: every figure is the library's, and totals follow an edited amount."""

import math
import subprocess

import openpyxl
import pytest

import carbonledger as cl
from carbonledger.workbooks.audit_workbook import audit_workbook
from carbonledger.workbooks.comparison import compare_workbook
from carbonledger.workbooks.sheets import a1
from tests.support import PROJECT
from tests.workbook_books import copied_book, edited_number, hostile_book, without_results, written

pytestmark = [pytest.mark.slow, pytest.mark.soffice]

EXAMPLES = {
    "uk-company": "en",
    "us-company": "zh",
    "chinese-group": "zh",
    "green-power": "en",
    "second-year": "en",
    "environment": "zh",
}
# An amount of an entry, and another one for it, as they stand in the file of an example.
EDITED, OLD, NEW = "second-year", "1,180,000", "1,234,567.25"
AMOUNT, OTHER = 1180000.0, 1234567.25


@pytest.fixture(scope="module")
def calculated(tmp_path_factory):
    """By name: the report, its workbook as written, and the workbook as LibreOffice calculates it, all in one run."""
    folder, out = tmp_path_factory.mktemp("written"), tmp_path_factory.mktemp("calculated")
    reports = {name: (cl.report(PROJECT / "examples" / name), lang) for name, lang in EXAMPLES.items()}
    reports["techen-2024"] = (cl.report(PROJECT / "seeds" / "techen-2024"), "en")
    reports["hostile"] = (hostile_book(folder / "hostile"), "zh")
    books = {name: (report, audit_workbook(report, lang)) for name, (report, lang) in reports.items()}
    contents = {name: book.to_bytes() for name, (_, book) in books.items()}
    sheet, cell = amount_cell(books[EDITED][1], AMOUNT)
    contents["edited"] = edited_number(contents[EDITED], sheet, cell, OTHER)
    other = copied_book(EDITED, folder / "changed", OLD, NEW)
    books["edited"] = (other, audit_workbook(other, "en"))
    files = [written(folder, f"{name}.xlsx", without_results(content)) for name, content in contents.items()]
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", out, *files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {
        name: (*books[name], openpyxl.load_workbook(out / f"{name}.xlsx", data_only=True), out / f"{name}.xlsx")
        for name in contents
    }


def amount_cell(book, amount):
    """The sheet and cell of the one line with an amount."""
    lines = next(sheet for sheet in book.sheets if sheet.key == "lines")
    column = lines.amount_column
    (row,) = (row for row in lines.effects if lines.rows[row][column].value == amount)
    return lines.name, a1(row, column)


def agree(shown, figure, scale=0.0):
    """Whether two figures, or texts that stand for one, are the same to 1e-9."""
    if isinstance(figure, str) or isinstance(shown, str):
        return shown == figure
    return shown is not None and math.isclose(shown, figure, rel_tol=1e-9, abs_tol=1e-12 * scale)


# Sheets whose figures are calculated by the library alone; each says whether they still fit the workbook.
FIXED = {"effects", "base_year", "targets", "uncertainty"}


def differences(book, shown, apart=()):
    """The cells with a formula whose calculated value is not the library's figure."""
    for sheet in book.sheets:
        if sheet.key in apart:
            continue
        # A difference of two figures is as exact as the larger one.
        scale = max(
            (abs(cell.value) for row in sheet.rows for cell in row if cell and isinstance(cell.value, float)), default=0
        )
        is_difference = sheet.key == "changes"
        for row, cells in enumerate(sheet.rows):
            for column, cell in enumerate(cells):
                if cell and cell.formula:
                    found = shown[sheet.name][a1(row, column)].value
                    is_check = cell.formula.startswith("ROUND(")
                    if not agree(found, cell.value, scale if is_difference or is_check else 0.0):
                        yield sheet.name, a1(row, column), cell.formula, cell.value, found


@pytest.mark.parametrize("name", [*EXAMPLES, "techen-2024", "hostile", "edited"])
def test_every_formula_gives_the_figure_of_the_library(calculated, name):
    """What LibreOffice calculates in each cell is what the library wrote there; of an edited amount, what the library gives for it."""
    _, book, shown, _ = calculated[name]
    formulas = [cell for sheet in book.sheets for row in sheet.rows for cell in row if cell and cell.formula]
    assert len(formulas) > 100
    assert not list(differences(book, shown, FIXED if name == "edited" else ()))


@pytest.mark.parametrize(("name", "verdict"), [("second-year", "yes"), ("edited", "no: an amount was changed since")])
def test_fixed_figures_say_whether_they_fit(calculated, name, verdict):
    """A sheet whose figures do not follow an edited amount says so."""
    _, book, shown, _ = calculated[name]
    found = {sheet.key: str(rows_of(book, shown, sheet.key)[-1][2]) for sheet in book.sheets if sheet.key in FIXED}
    assert "effects" in found
    assert all(text.startswith(verdict) for text in found.values())


def test_an_edit_moves_the_total(calculated):
    """The edited copy has another total than the report that it was written from."""
    (before, *_), (after, _, shown, _) = calculated["second-year"], calculated["edited"]
    totals = [year.totals()["total_location_based_tco2e"] for year in (before, after)]
    assert abs(totals[1] - totals[0]) > 1
    assert agree(named(shown, "total_location_based"), totals[1])


def named(shown, name):
    """The value of a named cell."""
    ((sheet, cell),) = shown.defined_names[name].destinations
    return shown[sheet][cell.replace("$", "")].value


def rows_of(book, shown, key):
    """The calculated rows of a sheet as lists."""
    sheet = next(sheet for sheet in book.sheets if sheet.key == key)
    return [[cell.value for cell in row] for row in shown[sheet.name].iter_rows()]


def figures_in(rows):
    """The numbers of each row."""
    return [[value for value in row if isinstance(value, int | float)] for row in rows]


@pytest.mark.parametrize("name", [*EXAMPLES, "techen-2024", "hostile", "edited"])
def test_every_figure_of_the_report_is_in_the_workbook(calculated, name):
    """Each row of `Report.to_dict` stands in its sheet with all its figures, as calculated by LibreOffice."""
    report, book, shown, _ = calculated[name]
    data = report.to_dict(book.lang)
    wanted = {
        "energy": [
            [row[part] for part in ("amount", "energy_gj", "energy_mwh", "energy_tce", "share_percent")]
            for row in data["energy_table"]
        ],
        "emissions": [
            [row.get(part) for part in ("energy_gj", "tonnes", "emissions_tco2e")]
            for axis in ("scope", "gas", "gas_group", "entity", "activity")
            for row in data["inventory"][f"by_{axis}"]
        ],
        "summary": [[share * 100] for share in data["data_types"].values()],
        "registers": [[data["registers"]["biogenic_co2_tco2"]]]
        + [[row["tonnes"], row["gwp"], row["outside_total_tco2e"]] for row in data["registers"]["other_gases"]],
        "scope_2": [[row["mwh"], row["t_per_mwh"], row["tco2e"]] for row in (data["scope_2"] or {}).get("levels", ())],
        "changes": [
            [
                row[f"{measure}_{part}"]
                for measure in ("energy_gj", "emissions_tco2e")
                for part in ("previous", "current", "change")
            ]
            for table in data["changes"].values()
            for row in table
        ],
    }
    for key, expected in wanted.items():
        if not expected:
            continue
        found = figures_in(rows_of(book, shown, key))
        for figures in ([value for value in row if value is not None] for row in expected):
            scale = max(map(abs, figures), default=0.0)
            assert any(holds(row, figures, scale) for row in found), (key, figures)


def holds(row, figures, scale):
    """Whether a row has some figures, in their order."""
    rest = iter(row)
    return all(any(agree(value, figure, scale) for value in rest) for figure in figures)


@pytest.mark.parametrize("name", EXAMPLES)
def test_totals_are_named(calculated, name):
    """The totals of the report, and its energy, are cells with names."""
    report, _, shown, _ = calculated[name]
    totals = report.totals()
    assert agree(named(shown, "total_location_based"), totals["total_location_based_tco2e"])
    if report.scope_2 is not None:
        assert agree(named(shown, "total_market_based"), totals["total_market_based_tco2e"])
    assert agree(named(shown, "total_energy_gj"), float(report.inventory.total_energy().magnitude))


def test_energy_without_emissions_is_missing_and_not_zero(calculated):
    """Where an entry has energy and no emissions, its line and its row say so, and no sum of the others is called a total."""
    report, book, shown, _ = calculated["hostile"]
    assert report.completeness.is_part
    lines = rows_of(book, shown, "lines")
    assert ["缺失" in row for row in lines].count(True) == 1
    texts = {value for row in rows_of(book, shown, "emissions") for value in row if isinstance(value, str)}
    assert {"缺失", "已计算部分合计（不完整）"} <= texts
    assert "合计" not in texts


@pytest.mark.parametrize("name", [*EXAMPLES, "hostile"])
def test_a_copy_saved_by_libreoffice_differs_in_nothing(calculated, name):
    """Formulas, names, numbers and texts come back from another program as the same, hostile texts as texts."""
    report, _, _, path = calculated[name]
    assert compare_workbook(report, path).differences == ()


def test_the_edit_is_found_in_the_copy_that_libreoffice_saved(calculated):
    """The edited amount is the only difference, with the entry's place and its effect on the total."""
    report, *_ = calculated["second-year"]
    other, *_, path = calculated["edited"]
    (difference,) = compare_workbook(report, path).differences
    assert (difference.kind, difference.old, difference.new) == ("amount", AMOUNT, OTHER)
    assert difference.place.file == "entries-2024.csv"
    moved = other.totals()["total_location_based_tco2e"] - report.totals()["total_location_based_tco2e"]
    assert difference.effect_tco2e == pytest.approx(moved)
