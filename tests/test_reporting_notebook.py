"""What a notebook shows of each record: well-formed, escaped, short, and nothing calculated for it."""

from html.parser import HTMLParser

import pandas as pd
import pytest

import carbonledger as cl
from carbonledger.core.finding_list import Findings
from carbonledger.core.record_html import figure_text
from tests.support import PROJECT, small_book

HOSTILE = "<script>alert(1)</script>&\"'\u202e\x1b[31m{{7*7}}"
TAGS = {"div", "p", "strong", "table", "thead", "tbody", "tr", "th", "td"}


class Shown(HTMLParser):
    """The tags and texts of a piece of HTML; an end that closes nothing, and a tag that is never closed, are kept."""

    def __init__(self, html):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.rows, self.text = [], set(), [], ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):  # noqa: ARG002 - named by HTMLParser
        """A tag opens; a row of a table begins."""
        self.tags.add(tag)
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        """A tag ends, which must be the one that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data):
        """A text; within a cell it is the cell's."""
        self.text += data
        if self.open[-1] in {"td", "th"}:
            self.rows[-1][-1] += data


def shown(html):
    """A piece of HTML, which is well formed, of harmless tags, and obeys nothing of its texts."""
    found = Shown(html)
    assert found.open == []
    assert found.tags <= TAGS
    assert not {"\u202e", "\x1b"} & set(html)
    return found


@pytest.fixture(scope="module")
def techen():
    """The year of the first real case, calculated."""
    year = cl.open_book(PROJECT / "seeds" / "techen-2024").reporting_year()
    year.totals()
    return year


def test_an_inventory(techen):
    """Scopes and the sum of the book's reconstruction, in both languages, under the statement of completeness."""
    for lang, total, said in (("en", "Total", "Complete"), ("zh", "合计", "完整")):
        html = shown(techen.inventory.to_html(lang))
        assert html.rows[-1] == [total, "15,941.25", "2,497.33"]
        assert said in html.text
    assert techen.inventory._repr_html_() == techen.inventory.to_html()


def test_an_incomplete_inventory():
    """The sum of a part is never called a total, and what could not be calculated is a dash."""
    rows = [
        {"activity": "electricity.grid", "amount": 1000, "unit": "MWh", "year": 2022, "region": "CN"},
        {"activity": "fuel.gasoline", "amount": 1, "unit": "t", "year": 2022, "region": "CN"},
    ]
    factors = cl.load_factors(
        roles={"emissions": ["cn-mee-grid-enterprise@2022"], "energy": ["cn-energy-yearbook@2021"]}
    )
    html = shown(cl.calculate(cl.read_entries(rows), factors, gwp="ipcc-ar5@2013", missing="report").to_html())
    assert "INCOMPLETE" in html.text
    assert html.rows[1] == ["Scope 1 (direct)", "43.07", "–", "1"]
    assert html.rows[-1][0] == "Sum of what was calculated (incomplete)"


def test_a_year_shows_what_is_calculated(techen):
    """A year that nobody asked anything yet reads no file to be shown; a calculated one has its figures and statement."""
    fresh = cl.open_book(PROJECT / "seeds" / "techen-2024").reporting_year()
    assert "Nothing has been calculated yet" in shown(fresh._repr_html_()).text
    assert repr(fresh) == "ReportingYear(2024, 青岛乾程科技股份有限公司)"
    assert not {"entries", "inventory", "findings"} & vars(fresh).keys()
    html = shown(techen._repr_html_())
    assert html.rows[-1] == ["Total", "15,941.25", "2,497.33"]
    assert "PRINTED FIGURES IN DOUBT: 6" in html.text
    assert repr(techen).endswith(", 4 entries)")


def test_a_book_reads_no_file(tmp_path):
    """A book is shown by its settings, also if its entries cannot be read."""
    folder = small_book(tmp_path, []).book.folder
    (folder / "entries.csv").write_bytes(b"\xff\xfe\x00")
    book = cl.open_book(folder)
    assert ["Company", "A & B <Ltd>"] in shown(book._repr_html_()).rows
    assert ["Reporting year", "2024"] in shown(book._repr_html_()).rows
    assert shown(book.reporting_year()._repr_html_()).text
    assert repr(book).startswith("Book(")


def test_a_year_without_entries(tmp_path):
    """A year of which nothing can be calculated says so instead of failing to be shown, and is never called complete."""
    year = small_book(tmp_path, [("2023", "electricity.grid", "5")])
    result = cl.reconcile(year)
    assert cl.check(year)
    assert "INCOMPLETE" in shown(year._repr_html_()).text
    assert "INCOMPLETE" in shown(result._repr_html_()).text
    assert shown(year._repr_html_()).rows == []


def test_findings_are_a_list(techen):
    """What `check` returns is a list in every respect, and a slice of it is one too."""
    found = cl.check(techen)
    assert isinstance(found, list)
    assert found == list(techen.findings)
    assert found[0] is techen.findings[0]
    assert isinstance(found[:2], Findings)
    assert repr(found) == "Findings(6 errors, 4 warnings, 9 notes)"
    assert cl.open_book(PROJECT / "seeds" / "techen-2024").check() == found
    frame = found.to_frame("zh")
    assert len(frame) == len(found)
    assert frame["message"].tolist() == [item.says.text("zh") for item in found]
    assert len(shown(found.to_html("zh")).rows) == len(found) + 1


def test_no_findings():
    """A list without findings has a frame with columns, and no table."""
    assert list(Findings().to_frame().columns)[:2] == ["severity", "rule"]
    assert shown(Findings()._repr_html_()).rows == []
    assert "0 error(s)" in Findings()._repr_html_()


def test_entries():
    """The first ten entries with their last day, without empty columns, and how many there are; what was refused is said."""
    rows = [{"活动": "汽油", "用量": 1 + at, "单位": "吨", "期间": "2024年2月"} for at in range(12)]
    entries = cl.read_entries([*rows, {"活动": "汽油", "用量": "viel", "单位": "吨", "期间": "2024年2月"}])
    html = shown(entries.to_html("zh"))
    assert html.rows[0] == ["活动", "数量", "单位", "期间"]
    assert html.rows[1] == ["汽油", "1.00", "t", "2024-02-01 – 2024-02-29"]
    assert len(html.rows) == 11
    assert "12 行" in html.text
    assert "1 行被拒收" in html.text
    assert shown(cl.read_entries([])._repr_html_()).rows == []


def test_a_disclosure_and_a_reconciliation(techen):
    """Each datapoint with its status; printed figures that do not follow beside what follows, under the statement."""
    html = shown(cl.disclose(techen, "gri-302-1")._repr_html_())
    assert any(row[0] == "302-1-c-i" and row[2:5] == ["15,680.59", "GJ", "filled"] for row in html.rows)
    result = cl.reconcile(techen)
    assert repr(result) == "Reconciliation(22 figures, 70 relations, 5 contradictions)"
    html = shown(result._repr_html_())
    assert any(row[1:] == ["2480.59", "2,497.33", "t CO2e", "does not follow"] for row in html.rows)
    assert "Complete" in html.text


def test_hostile_names():
    """Markup, controls and marks that turn a line round are shown, never obeyed, in every table."""
    rows = [
        {
            "entity": HOSTILE,
            "site": HOSTILE,
            "source": HOSTILE,
            "activity": "electricity.grid",
            "amount": 1,
            "unit": "MWh",
        }
    ]
    rows = [{**row, "year": 2022, "region": "CN"} for row in rows]
    bad = [{**rows[0], "unit": HOSTILE}]
    entries = cl.read_entries(rows)
    assert "<script>alert(1)</script>" in shown(entries._repr_html_()).text
    assert "<script>alert(1)</script>" in shown(cl.check(cl.read_entries(bad))._repr_html_()).text
    inventory = cl.calculate(entries, cl.load_factors("cn-mee-grid-enterprise@2022"), gwp="ipcc-ar5@2013")
    assert shown(inventory._repr_html_()).rows


def test_a_hundred_thousand():
    """Of many entries or findings a few are shown, and how many there are; the page stays small."""
    frame = pd.DataFrame({"activity": "fuel.gasoline", "amount": range(1, 100_001), "unit": "t", "year": 2024})
    entries = cl.read_entries(frame)
    assert "100,000" in shown(entries._repr_html_()).text
    found = Findings(cl.read_entries([{"activity": "?", "amount": 1, "unit": "t", "year": 2024}]).findings * 100_000)
    html = found._repr_html_()
    assert "The first 100 of 100,000 are shown." in shown(html).text
    assert len(html) < 100_000


def test_short_reprs_of_a_year(techen):
    """What a year gives prints in one line."""
    records = [techen, techen.completeness, techen.avoided, techen.network, techen.rebuilt[0], techen.verdicts[0]]
    records += [techen.findings[0], techen.plot, techen.book, cl.reconcile(techen)]
    green = cl.open_book(PROJECT / "examples" / "green-power").reporting_year()
    for record in [*records, green.scope_2]:
        assert repr(record).startswith(f"{type(record).__name__}(")
        assert len(repr(record)) < 120
        assert "\n" not in repr(record)


@pytest.mark.parametrize(("value", "text"), [(0.0, "0.00"), (-0.5, "-0.5000"), (1e-20, "1.000e-20"), (None, "–")])
def test_small_figures(value, text):
    """A small figure keeps four digits, and nothing that is there looks like what is missing."""
    assert figure_text(value) == text
