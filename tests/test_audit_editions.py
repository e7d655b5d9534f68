"""EDITIONS: replaced editions, rivals and wider regions are named with the tonnes they move; what is right is left alone."""

import pytest

import carbonledger as cl
from carbonledger.core.errors import EditionError

LB_PER_MWH = 0.45359237e-3
BOOK = """
[company]
name_en = "Test company"
name_zh = "测试"
reporting_year = {year}
region = "{region}"

[factors]
gwp = "ipcc-ar5@2013"
emissions = {emissions}
{more}

[files]
entries = ["entries.csv"]
"""


def book(folder, emissions, rows, *, year=2024, region="US", more=""):
    """A book of some rows: activity, amount, unit, region, and a factor if one is named."""
    text = BOOK.format(year=year, region=region, emissions=str(list(emissions)).replace("'", '"'), more=more)
    (folder / "book.toml").write_text(text, encoding="utf-8")
    lines = [f"S{number},{','.join(map(str, row))},{year}" for number, row in enumerate(rows)]
    width = len(rows[0])
    heading = ["site", *("activity", "amount", "unit", "region", "factor")[:width], "year"]
    (folder / "entries.csv").write_text("\n".join([",".join(heading), *lines]), encoding="utf-8")
    return cl.open_book(folder)


def said(opened, rule="EDITIONS"):
    """Severity and message of each finding of a rule."""
    return [(item.severity, item.message) for item in opened.check() if item.rule == rule]


NYC = ("electricity.grid", 10_000, "MWh", "US-EGRID-NYCW")
# lb/MWh of CO2, CH4 and N2O with the potentials of AR5, 28 and 265; the reissue prints its CO2e on AR5 beside them.
FIRST = 10_000 * LB_PER_MWH * (974.656 + 28 * 0.025 + 265 * 0.003)
REISSUE = 10_000 * LB_PER_MWH * 865.744


@pytest.mark.parametrize(
    ("more", "severity"), [("", "warning"), ('as_of = "2026-01-31"', "warning"), ('as_of = "2025-03-31"', "note")]
)
def test_a_replaced_edition_is_named_with_its_effect(tmp_path, more, severity):
    """A warning with both totals; a note where the replacement came after as_of."""
    ((found, message),) = said(book(tmp_path, ["us-epa-egrid@2023"], [NYC], more=more))
    assert found == severity
    assert "us-epa-egrid@2023-r2" in message
    assert f"{FIRST:.2f} t CO2e" in message
    assert f"{REISSUE:.2f} t" in message
    assert f"{REISSUE - FIRST:+.2f} t" in message


def test_the_reissue_is_left_alone(tmp_path):
    """Nothing is said of the last word of a publisher."""
    assert said(book(tmp_path, ["us-epa-egrid@2023-r2.1"], [NYC])) == []


HUB = ["us-epa-hub@2024-r1", "us-epa-egrid@2023-r2.1"]
# Table 6 of the Hub of 2024 is eGRID2022.
OLDER = 10_000 * LB_PER_MWH * (885.233 + 28 * 0.023 + 265 * 0.003)


def test_two_series_that_differ_are_asked_about(tmp_path):
    """Both figures, the tonnes between them, and the line that decides; the order of the pins does not matter."""
    for pins in (HUB, HUB[::-1]):
        ((severity, message),) = said(book(tmp_path, pins, [NYC]))
        assert severity == "error"
        assert "885.233" in message
        assert "864.469" in message
        assert f"{OLDER - REISSUE:+.2f} t" in message


@pytest.mark.parametrize(
    ("series", "tonnes"), [("us-epa-hub", OLDER), ("us-epa-egrid", REISSUE), ("us-epa-egrid@2023-r2.1", REISSUE)]
)
def test_the_book_decides_between_two_series(tmp_path, series, tonnes):
    """`by_activity` gives the named one's figure, and nothing is asked any more."""
    opened = book(tmp_path, HUB, [NYC], more=f'by_activity."electricity.grid" = "{series}"')
    assert said(opened) == []
    assert float(opened.inventory().total_location_based().magnitude) == pytest.approx(tonnes)


def test_an_entry_that_names_its_factor_has_decided(tmp_path):
    """No question about what the entry answers."""
    assert said(book(tmp_path, HUB, [(*NYC, "us-epa-hub@2024-r1")])) == []


def test_a_choice_must_be_pinned(tmp_path):
    """`by_activity` cannot bring in an edition."""
    with pytest.raises(EditionError, match="none of the pinned editions"):
        cl.load_factors(*HUB, by_activity={"electricity.grid": "cn-mee-nbs-grid"})
    opened = book(tmp_path, HUB, [NYC], more='by_activity."electricity.grid" = "cn-mee-nbs-grid"')
    with pytest.raises(EditionError, match="none of the pinned editions"):
        opened.check()


def test_two_chinese_grids_of_two_years(tmp_path):
    """0.5306 of 2023 and 0.5703 of 2022 for one nation: 10,000 MWh are 397 t apart."""
    pins = ["cn-mee-nbs-grid@2023", "cn-mee-grid-enterprise@2022"]
    rows = [("electricity.grid", 10_000, "MWh", "CN")]
    ((severity, message),) = said(book(tmp_path, pins, rows, region="CN"))
    assert severity == "error"
    assert "5306.00 t CO2e" in message
    assert "+397.00 t" in message


def test_vintages_of_one_series_are_no_rivals(tmp_path):
    """A book may pin the vintages of its years side by side."""
    pins = ["cn-mee-nbs-grid@2023", "cn-mee-nbs-grid@2022", "cn-mee-nbs-grid@2021"]
    assert said(book(tmp_path, pins, [("electricity.grid", 10_000, "MWh", "CN")], region="CN")) == []


def test_a_wider_region_is_one_finding_with_its_share(tmp_path):
    """A warning where the library has a nearer one, once for all lines of it; a note below 2 %."""
    rows = [("electricity.grid", 10_000, "MWh", "CN-BJ"), ("electricity.grid", 10_000, "kWh", "CN-SD")]
    pins = ["cn-mee-grid-enterprise@2022"]
    ((severity, message),) = said(book(tmp_path, pins, rows, region="CN"))
    assert severity == "warning"
    assert "100.0%" in message
    assert "cn-mee-nbs-grid@2022" in message
    rows = [("electricity.grid", 10_000, "MWh", "CN"), ("electricity.grid", 100, "MWh", "CN-SD")]
    ((severity, message),) = said(book(tmp_path, pins, rows, region="CN"))
    assert severity == "note"
    assert "1.0%" in message


def test_an_earlier_year_is_one_finding(tmp_path):
    """A note with its share where no nearer year is carried; a warning with the tonnes where one is."""
    rows = [("electricity.grid", 10_000, "MWh", "CN"), ("electricity.grid", 5_000, "kWh", "CN")]
    ((severity, message),) = said(book(tmp_path, ["cn-mee-nbs-grid@2023"], rows, region="CN"), "FACTOR_YEAR")
    assert severity == "note"
    assert "100.0%" in message
    ((severity, message),) = said(book(tmp_path, ["cn-mee-nbs-grid@2022"], rows, region="CN"), "FACTOR_YEAR")
    assert severity == "warning"
    assert f"{10_005 * (0.5306 - 0.5366):+.2f} t" in message
    more = 'as_of = "2025-04-30"'
    ((severity, _),) = said(book(tmp_path, ["cn-mee-nbs-grid@2022"], rows, region="CN", more=more), "FACTOR_YEAR")
    assert severity == "note"


def test_two_vintages_behind_is_a_warning(tmp_path):
    """The factor of 2021 for 2023 although that of 2023 is carried: -0.0262 t/MWh."""
    rows = [("electricity.grid", 10_000, "MWh", "CN")]
    opened = book(tmp_path, ["cn-mee-nbs-grid@2021"], rows, region="CN", year=2023)
    ((severity, message),) = said(opened, "FACTOR_YEAR")
    assert severity == "warning"
    assert "cn-mee-nbs-grid@2023" in message
    assert f"{10_000 * (0.5306 - 0.5568):+.2f} t" in message


def test_hotel_nights_and_the_like_are_no_warning(tmp_path):
    """What is published in CO2e alone is to be disclosed once, not to be mended."""
    rows = [("travel.hotel", 100, "room_night", "GB")]
    opened = book(tmp_path, ["uk-desnz@2024"], rows, region="GB")
    assert [severity for severity, _ in said(opened, "BIOGENIC_GWP")] == ["note"]
