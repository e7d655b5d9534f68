"""The picture of several years stacks what each year holds, says what has no total, and sets reported beside restated."""

import math
import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from hypothesis import given

import carbonledger as cl
from carbonledger.core.errors import BookError
from carbonledger.pages.picture_style import COLOURS, NARROW, SERIES, WIDTH, ink_on, lightness, svg_of
from carbonledger.pages.pictures import chart_of
from carbonledger.pages.years_data import emissions_of, years_data, years_of
from tests.strategies import years_rows
from tests.support import PROJECT, small_book

# Constructed: two years of which the first was restated, by scope.
TWICE = [
    {"year": 2023, "basis": "reported", "series": "scope 1", "emissions_tco2e": 400.0},
    {"year": 2023, "basis": "reported", "series": "scope 2 (location-based)", "emissions_tco2e": 2200.5},
    {"year": 2023, "basis": "restated", "series": "scope 1", "emissions_tco2e": 380.0},
    {"year": 2023, "basis": "restated", "series": "scope 2 (location-based)", "emissions_tco2e": 2100.25},
    {"year": 2024, "basis": "reported", "series": "scope 2 (location-based)", "emissions_tco2e": 2000.0},
]


def texts_of(data, width=WIDTH):
    """The texts of the drawing, as a reader sees them."""
    root = ElementTree.fromstring(svg_of(chart_of(data, width), data.description))  # noqa: S314  (our own drawing)
    return ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]


@given(years_rows())
def test_stacks_hold_what_the_rows_hold(rows):
    """Whatever is grouped: the parts of each stack sum to its total, and totals to the rows."""
    data = years_data(pd.DataFrame(rows), "en", "Constructed")
    for column in data.columns:
        assert math.fsum(value for _, value in column.parts) == pytest.approx(column.total, rel=1e-9, abs=1e-9)
        assert len(column.parts) <= len(SERIES) + 1
    totals = math.fsum(column.total for column in data.columns)
    assert totals == pytest.approx(math.fsum(row["emissions_tco2e"] for row in rows), rel=1e-9, abs=1e-9)
    assert [column.year for column in data.columns] == sorted(column.year for column in data.columns)


@pytest.mark.parametrize(("lang", "words"), [("en", ("reported", "restated")), ("zh", ("原报告", "重述"))])
@pytest.mark.parametrize("width", [WIDTH, NARROW])
def test_reported_beside_restated(lang, words, width):
    """A year that was restated has two stacks, the reported one first, each with its total."""
    data = years_data(pd.DataFrame(TWICE), lang, "2023, 2024")
    assert [(column.year, column.basis, column.total) for column in data.columns] == [
        ("2023", words[0], 2600.5),
        ("2023", words[1], 2480.25),
        ("2024", words[0], 2000.0),
    ]
    shown = texts_of(data, width)
    assert {"2,600.50", "2,480.25", "2,000.00"} <= set(shown)
    assert sum(words[1] in text for text in shown) == 1
    assert bool(re.search("[\u3400-\u9fff]", "".join(shown))) == (lang == "zh")


def test_years_without_restatement_need_no_word():
    """Where every year stands once, the axis has years alone."""
    data = years_data(pd.DataFrame(TWICE[:2]), "en", "2023")
    assert "2023" in texts_of(data)
    assert "reported" not in data.description


def test_a_missing_part_leaves_no_total():
    """A scope that is not known: the year has its other part, a dash for the total, and a sentence that says why."""
    rows = [*TWICE[:1], {**TWICE[1], "emissions_tco2e": math.nan}]
    data = years_data(pd.DataFrame(rows), "en", "2023")
    assert data.columns[0].total is None
    assert data.cautions == ("2023 has no total, as the emissions of Scope 2 (location-based) are not known.",)
    assert "–" in texts_of(data)
    assert data.table["value"].isna().sum() == 1


def test_a_year_with_entries_left_out_has_no_total(tmp_path):
    """An entry without a factor: what could be calculated is drawn, without a total and with a caution."""
    report = small_book(tmp_path, [("2024", "electricity.grid", "1000"), ("2024", "steam.purchased", "1", "GJ")])
    data = years_of([report], "scope", "en")
    assert data.columns[0].total is None
    assert data.cautions[-1] == "The figures of 2024 are incomplete."


@pytest.mark.parametrize("axis", ["scope", "entity", "activity"])
def test_years_of_reports(axis):
    """Reports of two years: the totals are those of the reports, by whatever is stacked."""
    reports = [cl.open_book(PROJECT / "examples" / name).reporting_year() for name in ("second-year", "chinese-group")]
    data = years_of(reports, axis, "zh")
    totals = {column.year: column.total for column in data.columns}
    for report in reports:
        assert totals[str(report.year)] == pytest.approx(report.totals()["total_location_based_tco2e"], rel=1e-12)
    drawn = reports[0].plot.years(reports[1], axis=axis, lang="zh").to_dict()
    assert drawn["title"]["text"].startswith("2023、2024年各")


def test_what_cannot_be_stacked():
    """Another axis is refused with the ones there are."""
    report = cl.open_book(PROJECT / "seeds" / "techen-2024").reporting_year()
    with pytest.raises(
        BookError, match="'site' cannot be stacked in a picture of several years; there are scope, entity"
    ):
        years_of([report], "site", "en")
    assert set(emissions_of(report, "entity", "en")["series"]) == {"Techen", "Aifu", "Not split by company"}


def test_letters_stand_out_from_every_colour():
    """Numbers inside a piece have 4.5:1 against its colour (WCAG 2.2, 1.4.3)."""
    for colour in [*SERIES, *COLOURS.values()]:
        pair = sorted([lightness(colour), {"white": 1.0, "black": 0.0}[ink_on(colour)]])
        assert (pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5


def test_pictures_from_any_frame():
    """A notebook draws its own frames in the same style, without a book."""
    plot = cl.open_book(PROJECT / "seeds" / "techen-2024").reporting_year().plot
    assert plot.stacked(pd.DataFrame(TWICE), "Constructed", "zh").to_dict()["title"]["text"] == "Constructed"
    rows = [{"carrier": "Coal", "company": "A", "use": "Heat", "energy_gj": 3.0}]
    assert plot.flow(pd.DataFrame(rows), "One flow").to_dict()["width"] == 640
