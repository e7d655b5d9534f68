"""A publisher's workbook becomes a sealed edition, or is refused with the check that failed; nothing half written."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
import xlsxwriter

import carbonledger as cl
from carbonledger.publishers.checks import CHECKS, run_checks
from carbonledger.publishers.evidence import Evidence, evidence_from
from carbonledger.publishers.flat_file import PublishedRow, read_flat_file
from carbonledger.publishers.layout import layout_of, layouts
from carbonledger.publishers.refresh import refresh
from carbonledger.publishers.sealing import refresh_edition
from tests.support import run

HEADINGS = ["ID", "Scope", "Level 1", "Level 2", "Level 3", "Level 4", "Column Text", "UOM", "GHG/Unit"]
GASES = {"CO2e": "kg CO2e", "CO2 biogenic": "kg CO2e of CO2 per unit"}
LAYOUT = layout_of("uk-desnz")
UNITS = {unit: label for label, (unit, heating_value) in LAYOUT.units.items() if not heating_value}
NOTHING = Evidence({}, {})
SPOT = Evidence({"electricity.grid": Decimal("0.17700")}, {})


def published(factor, number=7):
    """A carried figure as the publisher's flat file prints it."""
    gas = GASES.get(factor.gas, f"kg CO2e of {factor.gas} per unit") if factor.gas else "kWh (Net CV)"
    label = UNITS[factor.unit.partition("/")[2]]
    if factor.heating_value and factor.gas:
        label = f"kWh ({factor.heating_value.title()} CV)"
    return PublishedRow(
        number=number,
        publisher_id=factor.publisher_id,
        scope=f"Scope {factor.scope}" if factor.scope else "Outside of Scopes",
        levels=tuple(level.replace("∕", "/") for level in factor.publisher_path.split("/")),
        unit=label,
        gas=gas,
        value=factor.published_value or factor.value_text,
        text="",
    )


def workbook(path, rows, *, headings=(*HEADINGS, "GHG Conversion Factor 2025"), sheet="Factors by Category"):
    """A flat file as the publisher lays it out: a title, empty rows, the headings in row 6, and the figures as numbers."""
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Introduction").write_row(0, 0, ["UK Government GHG Conversion Factors"])
        page = book.add_worksheet(sheet)
        page.write_row(5, 0, headings)
        for at, row in enumerate(rows, start=6):
            levels = [*row.levels, *[""] * (5 - len(row.levels))]
            page.write_row(at, 0, [row.publisher_id, row.scope, *levels, row.unit, row.gas])
            if row.value:
                page.write_number(at, 9, float(row.value))
            elif row.text:
                page.write_string(at, 9, row.text)
    return path


@pytest.fixture(scope="module")
def rows():
    """The UK set of 2025 as its publisher printed it."""
    return [published(factor) for factor in cl.factors.read_edition("uk-desnz@2025").factors()]


@pytest.fixture(scope="module")
def neighbours():
    """The year before."""
    return [cl.factors.read_edition("uk-desnz@2024")]


def outcomes(rows, neighbours, evidence=NOTHING):
    """The findings of the checks by their names."""
    checks = run_checks(refresh(rows, LAYOUT, "2025", neighbours), evidence)
    assert [check.name for check in checks] == list(CHECKS)
    return {check.name: check.failure for check in checks if check.failure is not None}


@pytest.mark.slow
def test_a_workbook_of_2025_gives_the_edition_of_2025(tmp_path, rows):
    """Read from a workbook and joined to 2024, 7,029 rows are those that were released, but for 30 words and a sixteenth digit."""
    read = read_flat_file(workbook(tmp_path / "flat.xlsx", rows), LAYOUT)
    made = refresh(read, LAYOUT, "2025", [cl.factors.read_edition("uk-desnz@2024")])
    released = cl.factors.read_edition("uk-desnz@2025")
    assert made.columns == released.header
    assert (made.rows_in, len(made.rows), made.left_out) == (7029, 7029, ())
    differing = []
    for row, cells in zip(made.rows, released.rows, strict=True):
        known = dict(zip(released.header, cells, strict=True))
        differing += [
            (name, row.cells.get(name, ""), text) for name, text in known.items() if row.cells.get(name, "") != text
        ]
    # 2024 and 2026 say combustion where 2025 says incineration with energy recovery.
    words = [(made, text) for name, made, text in differing if name == "activity"]
    assert len(words) == 30
    assert all(text == made.replace("combustion", "incineration_with_energy_recovery") for made, text in words)
    # The test's workbook holds 16 digits, the publisher's 17.
    digits = [(made, text) for name, made, text in differing if name in {"value", "published_value"}]
    assert len(words) + len(digits) == len(differing)
    assert all(float(made) == pytest.approx(float(text), rel=1e-15) and len(text) > 16 for made, text in digits)


def test_this_years_editions_can_be_made_again(rows, neighbours):
    """A faithful file passes every check but the one that asks for figures read elsewhere; large changes are shown."""
    failed = outcomes(rows, neighbours)
    assert set(failed) == {"changes", "spots"}
    assert "25 %" in failed["changes"].message
    assert set(outcomes(rows, neighbours, SPOT)) == {"changes"}


def changed(rows, at, **cells):
    """The rows with one of them changed."""
    return [replace(row, **cells) if row is at else row for row in rows]


def row_of(rows, gas="kg CO2e", unit="km", start="Passenger vehicles/Cars (by size)"):
    """The first row of a kind."""
    return next(
        row for row in rows if row.path.startswith(start) and row.unit == unit and row.gas == gas and row.value != "0"
    )


def break_layout(rows):
    """A unit that the publisher never printed."""
    return changed(rows, row_of(rows), unit="furlong")


def break_rows(rows):
    """A file cut off in the middle."""
    return rows[: len(rows) // 2]


def break_ids(rows):
    """An id that stands for another gas than last year."""
    return changed(rows, row_of(rows, gas="kg CO2e of CO2 per unit"), gas="kg CO2e of CH4 per unit")


def break_ids_twice(rows):
    """An id that occurs twice."""
    first, second = [row for row in rows if row.unit == "kg"][:2]
    return changed(rows, second, publisher_id=first.publisher_id)


def break_ids_shifted(rows):
    """Ids that moved by one row."""
    cars = [
        row for row in rows if row.path.startswith("Passenger vehicles") and row.unit == "km" and row.gas == "kg CO2e"
    ]
    ids = {id(row): after.publisher_id for row, after in zip(cars, [*cars[1:], cars[0]], strict=True)}
    return [replace(row, publisher_id=ids.get(id(row), row.publisher_id)) for row in rows]


def break_ids_missing(rows):
    """A file without its ids."""
    return [replace(row, publisher_id="") for row in rows]


def break_meaning(rows):
    """A row that no year had."""
    new = replace(
        row_of(rows), publisher_id="4_999_1_1_1", levels=("Hotel stay", "Hotel stay", "Kenya"), unit="room per night"
    )
    return [*rows, new]


def break_gases(rows):
    """A total with two digits swapped."""
    row = row_of(rows, unit="tonnes", start="Fuels")
    return changed(rows, row, value="3303.38067" if row.value.startswith("3033") else str(float(row.value) * 1.03))


def break_miles(rows):
    """A figure per kilometre in the row per mile."""
    km = row_of(rows)
    mile = next(row for row in rows if row.path == km.path and row.unit == "miles" and row.gas == km.gas)
    return changed(rows, mile, value=km.value)


def break_heating_values(rows):
    """Gross and net in each other's place."""
    gross = row_of(rows, unit="kWh (Gross CV)", start="Fuels")
    net = row_of(rows, unit="kWh (Net CV)", start="Fuels")
    return changed(changed(rows, gross, value=net.value), net, value=gross.value)


BROKEN = {
    "layout": break_layout,
    "rows": break_rows,
    "ids": break_ids,
    "ids twice": break_ids_twice,
    "ids shifted": break_ids_shifted,
    "ids missing": break_ids_missing,
    "meaning": break_meaning,
    "gases": break_gases,
    "miles": break_miles,
    "heating_values": break_heating_values,
}


@pytest.mark.parametrize("name", BROKEN)
def test_each_check_finds_its_mistake(name, rows, neighbours):
    """A file with one mistake is refused by the check for it, in words that show where."""
    failed = outcomes(BROKEN[name](rows), neighbours, SPOT)
    finding = failed[name.partition(" ")[0]]
    assert finding.rule == "EDITION_REFRESH"
    assert finding.text("zh") != finding.text("en")


def test_a_large_change_is_shown_with_both_figures(rows, neighbours):
    """Water that costs ten times more than last year stands first among the changes."""
    row = next(row for row in rows if row.path.startswith("Water supply") and row.unit == "cubic metres")
    failed = outcomes(changed(rows, row, value="1.5338"), neighbours, SPOT)
    assert "Water supply/Water supply/Water supply kg/m3: 0.15311 -> 1.5338 (+902%)" in failed["changes"].message


def test_figures_read_elsewhere(rows, neighbours):
    """A spot that no row prints, and a second publication that prints another figure, are refused."""
    wrong = evidence_from({"electricity.grid": "0.20705"})
    assert "electricity.grid: 0.20705" in outcomes(rows, neighbours, wrong)["spots"].message
    second = Evidence(SPOT.spots, {"7_400_4000_5_1": Decimal("0.17701")})
    assert "0.17701" in outcomes(rows, neighbours, second)["second"].message


def test_empty_cells_and_words_are_left_out_and_counted(tmp_path, rows, neighbours):
    """An empty cell and a text such as < 1 are no figures: they are left out, never 0."""
    few = rows[:40]
    few = changed(changed(few, few[3], value=""), few[5], value="", text="< 1")
    made = refresh(read_flat_file(workbook(tmp_path / "flat.xlsx", few), LAYOUT), LAYOUT, "2025", neighbours)
    assert made.reasons == {"empty": 1, "text instead of a number": 1}
    assert (made.rows_in, len(made.rows)) == (40, 38)


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"sheet": "Factors"}, "no sheet 'Factors by Category'; its sheets are Introduction, Factors"),
        (
            {"headings": [*HEADINGS[:-2], "Unit", "GHG/Unit", "GHG Conversion Factor 2025"]},
            "no row has the heading uom",
        ),
    ],
)
def test_another_layout_is_refused_by_name(tmp_path, rows, form, words):
    """A sheet or a heading that is not there is named."""
    with pytest.raises(cl.errors.EditionError, match=words):
        read_flat_file(workbook(tmp_path / "flat.xlsx", rows[:5], **form), LAYOUT)


def test_the_sheet_may_be_saved_as_text(tmp_path, rows, neighbours):
    """A CSV of the flat file gives the rows of the workbook."""
    lines = [
        [row.publisher_id, row.scope, *row.levels, *[""] * (5 - len(row.levels)), row.unit, row.gas, row.value]
        for row in rows[:60]
    ]
    stream = io.StringIO()
    csv.writer(stream).writerows([[*HEADINGS, "GHG Conversion Factor 2025"], *lines])
    (tmp_path / "flat.csv").write_text(stream.getvalue(), encoding="utf-8")
    text, sheet = (
        refresh(read_flat_file(path, LAYOUT), LAYOUT, "2025", neighbours)
        for path in (tmp_path / "flat.csv", workbook(tmp_path / "flat.xlsx", rows[:60]))
    )
    assert [row.cells for row in text.rows] == [row.cells for row in sheet.rows]


def test_a_gas_that_cannot_be_divided_is_an_unknown_label(rows, neighbours):
    """A gas printed in kg CO2e on a sheet without one GWP set is left out and named, never guessed."""
    row = next(row for row in rows if row.sheet == "Refrigerant & other")
    finding = outcomes(changed(rows, row, gas="kg CO2e of CH4 per unit"), neighbours, SPOT)["layout"]
    assert "kg CO2e of CH4 per unit (Refrigerant & other)" in finding.message


def test_a_file_without_figures_is_no_edition(tmp_path, rows):
    """Even with every check accepted, a file without a figure gives no edition."""
    empty = workbook(tmp_path / "flat.xlsx", [replace(row, value="") for row in rows[:3]])
    with pytest.raises(cl.errors.EditionError, match="none of its 3 rows gives a factor"):
        refresh_edition("uk-desnz", empty, version="2027", folder=tmp_path / "own", accept=list(CHECKS))


@pytest.mark.parametrize("content", [b"", b"not a workbook", b"PK\x03\x04 broken"])
def test_what_is_no_workbook_is_refused(tmp_path, content):
    """A file of another kind ends in one sentence with its name."""
    (tmp_path / "flat.xlsx").write_bytes(content)
    with pytest.raises(cl.errors.EditionError, match=r"flat\.xlsx"):
        read_flat_file(tmp_path / "flat.xlsx", LAYOUT)


@pytest.mark.slow
def test_the_command_refuses_then_seals(tmp_path, rows):
    """`factors refresh` writes nothing while a check fails; accepted by name, the edition is sealed and calculates."""
    newer = [replace(row, value="0.09999") if row.publisher_id == "7_400_4000_5_1" else row for row in rows]
    flat, folder = workbook(tmp_path / "flat.xlsx", newer), tmp_path / "factors"
    line = [
        "factors",
        "refresh",
        "uk-desnz",
        flat,
        "--version",
        "2027",
        "--previous",
        "uk-desnz@2025",
        "--folder",
        folder,
    ]
    line += ["--published", "2027-06-10", "--spot", "electricity.grid=0.09999"]
    refused = run(*line)
    assert refused.returncode == 1
    assert "failed    gases" in refused.stdout
    assert "0.09999 / 0.17701" in refused.stdout.replace("\n", " ")
    assert not folder.exists()
    sealed = run(*line, "--accept", "gases", "--accept", "changes")
    assert sealed.returncode == 0, sealed.stdout + sealed.stderr
    assert "uk-desnz@2027 is sealed" in sealed.stdout
    edition = cl.factors.read_edition("uk-desnz@2027", folder)
    assert len(edition.rows) == 7029
    assert edition.metadata["refresh"]["accepted"] == ["changes", "gases"]
    assert (edition.title[-4:], edition.metadata["data_years"], edition.date_published) == (
        "2027",
        [2027],
        "2027-06-10",
    )
    again = run(*line, "--accept", "gases")
    assert (again.returncode, "exists" in again.stderr) == (2, True)


def table_of(edition, change=lambda cells: cells):
    """An edition's rows as a table without ids."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, [name for name in edition.header if name != "factor_id"], extrasaction="ignore")
    writer.writeheader()
    writer.writerows(change(dict(zip(edition.header, row, strict=True))) for row in edition.rows)
    return stream.getvalue()


def next_year(cells):
    """The row a year later, a little lower."""
    return {**cells, "data_year": "2024", "value": f"{float(cells['value']) * 0.98:.4f}"}


def test_a_plain_table_is_refreshed_too(tmp_path):
    """A publisher of one table needs no layout: the columns of the format are enough, and figures keep their ids."""
    before = cl.factors.read_edition("cn-mee-nbs-grid@2023")
    source = tmp_path / "2024.csv"
    source.write_text(table_of(before, next_year), encoding="utf-8")
    spots = evidence_from(
        {"electricity.grid": next_year(dict(zip(before.header, before.rows[0], strict=True)))["value"]}
    )
    facts = {"document": "Announcement 1 of 2027", "how_verified": "each figure compared with the page"}
    done = refresh_edition(
        "cn-mee-nbs-grid",
        source,
        version="2024",
        folder=tmp_path / "own",
        facts=facts,
        evidence=spots,
        published="2027-01",
    )
    assert done.findings == ()
    edition = cl.factors.read_edition("cn-mee-nbs-grid@2024", tmp_path / "own")
    # The ids of this series hold the year; they are kept as they are.
    assert {row.factor_id for row in edition.factors()} == {row.factor_id for row in before.factors()}
    assert (edition.document, edition.metadata["how_verified"]) == (facts["document"], facts["how_verified"])
    changes = cl.factors.diff_editions(before, edition)
    assert {change.kind for change in changes} == {"changed"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"version": "2025"}, "exists"),
        ({"version": "next"}, "begins with the year"),
        ({"version": "2027", "accept": ["gas"]}, "no check 'gas'"),
        ({"version": "2027", "facts": {"licence": "mine"}}, "no fact 'licence'"),
        ({"version": "2027", "previous": ["uk-desnz@1999"]}, "no edition"),
        ({"version": "1999"}, "name another one as the previous"),
    ],
)
def test_misuse_is_named_before_anything_is_read(tmp_path, arguments, words):
    """A version, check, fact or edition that does not exist is refused."""
    with pytest.raises(cl.errors.EditionError, match=words):
        refresh_edition("uk-desnz", tmp_path / "none.xlsx", folder=tmp_path / "own", **arguments)


def test_evidence_must_be_numbers(tmp_path):
    """A spot that is no number, and a second publication without ids, are refused by name."""
    with pytest.raises(cl.errors.EditionError, match=r"electricity\.grid: 'low' is not a number"):
        evidence_from({"electricity.grid": "low"})
    (tmp_path / "second.csv").write_text("path,value\nFuels,1\n", encoding="utf-8")
    with pytest.raises(cl.errors.EditionError, match="publisher_id or factor_id"):
        evidence_from({}, tmp_path / "second.csv")
    (tmp_path / "second.csv").write_text("publisher_id,value\n7_400_4000_5_1,0.177\n", encoding="utf-8")
    assert evidence_from({}, tmp_path / "second.csv").second == {"7_400_4000_5_1": Decimal("0.177")}


def test_what_layouts_say_is_known():
    """Activities of the tables are those of the taxonomy, GWP sets are editions, and every decision has a reason or a note."""
    assert layouts() == ("uk-desnz",)
    assert set(LAYOUT.gwp.values()) <= set(cl.factors.catalogue())
    for meaning in LAYOUT.activities.values():
        assert not meaning.activity or cl.core.activities.canonical_activity(meaning.activity) == meaning.activity
    assert all(bool(item.leave_out) != bool(item.note) for item in LAYOUT.decisions)


def test_packages_of_sealed_editions_keep_last_years_rights():
    """Licence, attribution and lag of a series go on from year to year."""
    new, old = (cl.factors.read_edition(f"uk-desnz@{year}").package for year in (2026, 2025))
    assert new["licenses"] == old["licenses"]
    for name in ("attribution", "max_lag_years", "roles", "region", "publisher"):
        assert new["carbonledger"][name] == old["carbonledger"][name]
