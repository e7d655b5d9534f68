"""The reconciliation page and the board summary."""

import re
from decimal import Decimal
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.pages.reconciliation import board_summary, reconciliation_page
from carbonledger.reporting.charts import interval_picture
from tests.support import PROJECT, run

VOID = {"meta", "br", "line", "rect", "circle"}


class Balanced(HTMLParser):
    """Counts what is open, and keeps the text."""

    def __init__(self):
        super().__init__()
        self.open, self.text = [], ""

    def handle_starttag(self, tag, _attrs):
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.fixture(scope="module")
def report():
    """The report of the Techen case."""
    return cl.open_book(PROJECT / "seeds" / "techen-2024").report()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("draw", [reconciliation_page, board_summary])
def test_pages_are_whole_and_load_nothing(report, draw, lang):
    """Balanced tags, no address, no script, the printed total and each clash in the language of the page."""
    page = draw(report, lang)
    parsed = Balanced()
    parsed.feed(page)
    assert parsed.open == []
    assert not re.search(r"https?://|<script|<link|<img", page)
    assert "2480.59" in parsed.text
    assert "2,497.33" in parsed.text
    for clash in report.network.clashes:
        assert all(report.figure_label(name, lang) in parsed.text for name in clash.figures)


def test_every_relation_is_on_the_page(report):
    """Nothing is dropped: each rebuilt figure and each verdict has its row."""
    page = Balanced()
    page.feed(reconciliation_page(report, "en"))
    assert all(item.figure.label.text("en") in page.text for item in report.rebuilt)
    assert all(item.relation.title.text("en") in page.text for item in report.verdicts if item.outcome != "implies")


def test_a_reconstruction_is_never_called_an_identification(report):
    """The words that keep a hit from being a proof stand on both pages."""
    search = cl.open_book(PROJECT / "seeds" / "techen-2024").search("textbook")
    for draw in (reconciliation_page, board_summary):
        assert "not an identification" in draw(report, "en", search)


@given(
    st.decimals("-1e6", "1e6", places=3), st.decimals("0.001", "100", places=3), st.decimals("-1e6", "1e6", places=3)
)
def test_the_dot_lies_in_the_bar_exactly_when_the_number_does(low, width, value):
    """What the eye sees is the verdict, to a pixel."""
    printed = cl.rounding.Interval(low, low + width)
    picture = interval_picture(printed, value)
    left, right = picture.bar[0], picture.bar[0] + picture.bar[1]
    pixel = (max(printed.high, value) - min(printed.low, value)) / Decimal(100)
    if printed.low + pixel < value < printed.high - pixel:
        assert left <= picture.dot <= right
    if value < printed.low - pixel or value > printed.high + pixel:
        assert not left < picture.dot < right
    assert 0 <= picture.dot <= 324


def test_hostile_text_is_escaped(report, monkeypatch):
    """A company called like a tag stays text."""
    settings = {**report.settings, "company": {**report.settings["company"], "name_en": "<script>alert(1)</script>"}}
    monkeypatch.setitem(vars(report), "settings", settings)
    for draw in (reconciliation_page, board_summary):
        assert "<script" not in draw(report, "en")


@pytest.mark.slow
def test_the_command_writes_both_pages(tmp_path):
    """Whole files, and the exit code of the verdicts."""
    result = run(
        "reconcile", PROJECT / "seeds" / "techen-2024", "--html", tmp_path / "r.html", "--summary", tmp_path / "s.html"
    )
    assert result.returncode == 1
    assert {path.name for path in tmp_path.iterdir()} == {"r.html", "s.html"}
