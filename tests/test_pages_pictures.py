"""The pictures of a report show its own numbers, in words of one language, and say when they are incomplete."""

import re
import shutil
from xml.etree import ElementTree

import pytest

import carbonledger as cl
from carbonledger.core.errors import BookError
from carbonledger.pages import picture_style, pictures
from carbonledger.pages.picture_data import PICTURES, picture_data
from carbonledger.pages.picture_style import has_chinese_font
from carbonledger.pages.pictures import chart, description, picture
from tests.support import PROJECT, small_book

CHINESE = re.compile("[\u3400-\u9fff]")


UNCERTAINTY = """
[uncertainty]
[[uncertainty.activity]]
activity = "electricity.grid"
percent = 2
reason = "constructed"
[[uncertainty.factor]]
activity = "electricity.grid"
percent = 8
reason = "constructed"
"""


@pytest.fixture(scope="module")
def books(tmp_path_factory):
    """Reports of the seed and of three invented companies, each built once; one more that states its uncertainty."""
    folders = {"techen-2024": "seeds", "second-year": "examples", "six-defects": "examples", "us-company": "examples"}
    found = {name: cl.open_book(PROJECT / place / name).reporting_year() for name, place in folders.items()}
    stated = tmp_path_factory.mktemp("uncertain") / "book"
    shutil.copytree(PROJECT / "seeds" / "techen-2024", stated)
    with (stated / "book.toml").open("a", encoding="utf-8") as settings:
        settings.write(UNCERTAINTY)
    return found | {"uncertain": cl.open_book(stated).reporting_year()}


def texts_of(svg):
    """The texts of an SVG, as a reader sees them."""
    root = ElementTree.fromstring(svg)  # noqa: S314  (our own drawing)
    return ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]


def bars_of(report, name, lang="en"):
    """The bars of a picture: label, series, value, text."""
    return [(bar.label, bar.series, bar.value, bar.text) for bar in picture_data(report, name, lang).bars]


def test_scopes_of_the_real_case(books):
    """Techen: 13.27 and 2,484.07 t CO2e, the figures of the seed; the market-based method is not drawn, as the book forms none."""
    assert [(label, text) for label, _, _, text in bars_of(books["techen-2024"], "scopes")] == [
        ("Scope 1 (direct)", "13.27"),
        ("Scope 2 (location-based)", "2,484.07"),
    ]


def test_location_stands_beside_market(books):
    """Where a book forms both methods, scope 2 has two bars, each with the report's own figure."""
    report = books["us-company"]
    values = {label: value for label, _, value, _ in bars_of(report, "scopes")}
    scope_2 = report.to_dict()["scope_2"]
    assert values["Scope 2 (location-based)"] == scope_2["location_based_tco2e"]
    assert values["Scope 2 (market-based)"] == scope_2["market_based_tco2e"]


def test_energy_as_published(books):
    """The carriers of Techen with the gigajoules that its report printed, summed over both companies, and their share."""
    assert [(label, text) for label, _, _, text in bars_of(books["techen-2024"], "energy_mix")] == [
        ("Grid electricity", "15,680.59 GJ (98.36 %, Non-renewable)"),
        ("Gasoline", "187.79 GJ (1.18 %, Non-renewable)"),
        ("Solar electricity (own use)", "72.88 GJ (0.46 %, Renewable)"),
    ]


def test_parts_of_a_picture_sum_to_the_total(books):
    """Gases sum to the inventory, months and what is too long for a month too."""
    for report in books.values():
        total = report.totals()["total_location_based_tco2e"]
        assert sum(value for _, _, value, _ in bars_of(report, "gases")) == pytest.approx(total, rel=1e-9)
    months = picture_data(books["six-defects"], "months", "en")
    longer = float(re.search(r"Not drawn: ([\d.]+) t CO2e", months.notes[-1])[1])
    total = books["six-defects"].totals()["total_location_based_tco2e"]
    assert sum(bar.value for bar in months.bars) + longer == pytest.approx(total, abs=0.01)


def test_months_without_entries_stay_as_gaps(tmp_path):
    """Bills of January and March: February is on the axis and has no bar."""
    report = small_book(tmp_path, [("2024-01", "electricity.grid", "1000"), ("2024-03", "electricity.grid", "500")])
    assert [label for label, *_ in bars_of(report, "months")] == ["2024-01", "2024-03"]
    assert "2024-02" in texts_of(picture(report, "months", "en"))


def test_a_year_in_one_entry_has_no_months(books):
    """The annual figures of Techen belong to no month: no picture, instead of a bar in January."""
    assert picture(books["techen-2024"], "months", "en") is None


def test_year_on_year(books):
    """Both years of each scope with the change in per cent; nothing without a previous year."""
    assert bars_of(books["second-year"], "year_on_year")[-1] == (
        "Total",
        "2024",
        pytest.approx(1332.3023, abs=1e-4),
        "1,332.30 (-23.70 %)",
    )
    changes = books["second-year"].to_dict()["changes"]["scope"]
    drawn = [value for _, _, value, _ in bars_of(books["second-year"], "year_on_year")]
    assert drawn == [row[f"emissions_tco2e_{year}"] for row in changes for year in ("previous", "current")]
    assert picture(books["techen-2024"], "year_on_year", "en") is None


def test_a_new_scope_has_no_bar_in_the_year_before(tmp_path):
    """What one year lacks is a dash, not a bar of 0 and not a change of 100 %."""
    rows = [("2023", "electricity.grid", "1000"), ("2024", "electricity.grid", "1000"), ("2024", "fuel.diesel", "1")]
    report = small_book(tmp_path, rows, "compare_year = 2023")
    assert ("Scope 1 (direct)", "2023", None, "–") in bars_of(report, "year_on_year")
    shown = texts_of(picture(report, "year_on_year", "en"))
    assert "2023: –" in shown
    assert not any("inf" in text or "NaN" in text for text in shown)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", PICTURES)
def test_what_is_drawn_is_what_is_printed(books, name, lang):
    """Every label and number of a picture is text in its SVG, with the unit on the axis and the whole in words for the blind."""
    second = dict.fromkeys(("year_on_year", "energy_flow", "change_effects"), "second-year")
    report = books[(second | {"uncertainty": "uncertain"}).get(name, "six-defects")]
    data, svg = picture_data(report, name, lang), picture(report, name, lang)
    shown = texts_of(svg)
    assert any(text.endswith(data.unit) for text in shown)
    assert any(text.startswith(data.title) for text in shown)
    for caution in data.cautions:
        assert caution.replace(" ", "") in "".join(shown).replace(" ", "")
    for bar in data.bars:
        # A long label is broken into lines.
        assert any(bar.label.replace(" ", "") in text.replace(" ", "") for text in shown)
        assert name == "months" or any(bar.text in text for text in shown)
        assert bar.text in data.description
    assert f'role="img" aria-label="{description(report, name, lang)}"' in svg
    assert bool(CHINESE.search("".join(shown))) == (lang == "zh")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", ["scopes", "gases", "energy_mix", "energy_flow", "months"])
def test_incomplete_figures_say_so_in_the_picture(books, name, lang):
    """A book with a missing month and doubts: each picture begins with that, without a title too; a complete book's says nothing."""
    shown = "".join(texts_of(picture(books["six-defects"], name, lang, titled=False)))
    assert {"en": "INCOMPLETE", "zh": "不完整"}[lang] in shown
    assert {"en": "IN DOUBT", "zh": "存疑"}[lang] in shown
    assert picture_data(books["us-company"], "scopes", lang).cautions == ()


def test_what_is_missing_has_no_bar(tmp_path):
    """Biogas without factor and calorific value: a dash and no bar in scopes and energy, and the entry is counted in words."""
    rows = [("2024-01", "electricity.grid", "1000"), ("2024-01", "fuel.biogas", "10", "m3")]
    report = small_book(tmp_path, rows)
    assert ("Scope 1 (direct) (1 without emissions)", "", None, "–") in bars_of(report, "scopes")
    assert ("Biogas", "", None, "– (Renewable)") in bars_of(report, "energy_mix")
    for name in ("scopes", "energy_mix"):
        assert "INCOMPLETE" in "".join(texts_of(picture(report, name, "en")))


def test_an_incomplete_previous_year_is_said(tmp_path):
    """An entry of the year before has no factor: its year is called incomplete where the two stand side by side."""
    rows = [
        ("2023", "electricity.grid", "1000"),
        ("2023", "steam.purchased", "1", "GJ"),
        ("2024", "electricity.grid", "1000"),
    ]
    data = picture_data(small_book(tmp_path, rows, "compare_year = 2023"), "year_on_year", "en")
    assert data.cautions[-1] == "The figures of 2023 are incomplete."


@pytest.mark.parametrize("name", PICTURES)
def test_nothing_to_draw(tmp_path, name):
    """A book whose only entry emits nothing and is no energy has no pictures: None, no empty frame."""
    report = small_book(tmp_path, [("2024-01", "electricity.grid", "0")])
    assert picture(report, name, "en") is None
    assert chart(report, name) is None
    assert description(report, name, "zh") == ""


def test_hostile_labels_stay_text(tmp_path):
    """An activity of the user's own names is text in the drawing: markup is no element, and what turns a line is an escape."""
    data = picture_data(small_book(tmp_path, [("2024", "electricity.grid", "1")]), "scopes", "en")
    bar = data.bars[0]
    name = "<b>A&B</b> 'x' \u202e end"
    hostile = type(data)(data.name, "en", name, "t", (type(bar)(name, bar.kind, 1.0, name),))
    svg = picture_style.svg_of(pictures.chart_of(hostile), hostile.description)
    assert "<b>A&B</b> 'x' \\u202e end" in texts_of(svg)
    assert "\u202e" not in svg
    assert "<b>" not in svg


def test_a_picture_loads_nothing(books):
    """No address in the drawing but the names of the XML standards."""
    addresses = set(re.findall(r"https?://[^\"]+", picture(books["us-company"], "scopes", "zh")))
    assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_the_same_picture_twice(books):
    """Two drawings of one report are one text, so that a page can be reproduced."""
    first, second = (picture(books["second-year"], "year_on_year", "zh") for _ in range(2))
    assert first == second


def test_png_in_chinese(books, monkeypatch):
    """With a Chinese font a PNG is drawn; without one it is refused in words, never boxes."""
    report = books["techen-2024"]
    assert picture(report, "scopes", "en", "png").startswith(b"\x89PNG")
    if has_chinese_font():
        assert picture(report, "scopes", "zh", "png").startswith(b"\x89PNG")
    monkeypatch.setattr(picture_style, "has_chinese_font", lambda: False)
    assert picture(report, "scopes", "en", "png").startswith(b"\x89PNG")
    with pytest.raises(BookError, match="no font with Chinese letters"):
        picture(report, "scopes", "zh", "png")


def test_no_such_picture(books):
    """A wrong name is answered with the right ones."""
    with pytest.raises(BookError, match="'pie' is no picture of a report; there are year_on_year, scopes"):
        picture(books["techen-2024"], "pie", "en")


def test_without_the_extra(books, monkeypatch):
    """Without Altair the message names the extra to install."""
    monkeypatch.setitem(__import__("sys").modules, "altair", None)
    with pytest.raises(BookError, match=r"need altair. Install it: pip install 'carbonledger\[report\]'"):
        picture(books["techen-2024"], "scopes", "en")
