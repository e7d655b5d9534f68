"""The page of a report: its figures are the report's, each opens down to its lines, and what is missing is said first."""

import csv
import re
import shutil
from html.parser import HTMLParser

import pytest

import carbonledger as cl
from carbonledger.core.language import word
from carbonledger.pages import section_pictures as pictures_module
from carbonledger.pages.derivations import EMISSIONS, ENERGY, Ledger, Measure
from carbonledger.pages.emission_sections import gas_table, register_table, scope_table
from carbonledger.pages.energy_sections import energy_table, month_table
from carbonledger.pages.evidence_sections import finding_texts
from carbonledger.pages.headline import headline_cards
from carbonledger.pages.report_page import report_page
from tests.support import PROJECT, run

VOID = {"meta", "br", "img", "input", "source"}
ENGLISH = re.compile(r"(?:[A-Za-z']{2,}[,;:]? ){3,}[A-Za-z']{2,}")
CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")


class Article(HTMLParser):
    """The text of one language's article without the words of publishers; fails on tags that do not match."""

    def __init__(self, lang):
        super().__init__()
        self.lang, self.open, self.inside, self.cited, self.text = lang, [], False, 0, []
        self.ids, self.links = [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.ids += [attributes["id"]] if "id" in attributes else []
        self.links += [attributes["href"]] if "href" in attributes else []
        if tag not in VOID:
            self.open.append(tag)
        if tag == "article":
            self.inside = attributes["lang"] == self.lang
        self.cited += tag in {"cite", "style"}
        if self.inside and tag == "img":
            self.text.append(attributes["alt"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        self.cited -= tag in {"cite", "style"}

    def handle_data(self, data):
        if self.inside and not self.cited and data.strip():
            self.text.append(data.strip())


def article(page, lang="en"):
    """The article of a page in a language."""
    parsed = Article(lang)
    parsed.feed(page)
    assert parsed.open == []
    return parsed


def open_folder(place, name):
    """The report of a seed or example."""
    return cl.open_book(PROJECT / place / name).reporting_year()


@pytest.fixture(scope="module")
def techen():
    """The real case."""
    return open_folder("seeds", "techen-2024")


@pytest.fixture(scope="module")
def defects():
    """A book with a missing month and three doubts."""
    return open_folder("examples", "six-defects")


@pytest.fixture(scope="module")
def page(techen):
    """The page of the real case, English first."""
    return techen.to_html()


@pytest.fixture
def without_pictures(monkeypatch):
    """Pages without pictures, which have tests of their own."""
    monkeypatch.setattr(pictures_module, "picture", lambda *_: None)


def rows_of(table):
    """The cells of a table by their first cells."""
    return {row.cells[0]: row for row in table.rows}


def test_the_file_stands_alone(page):
    """Nothing is fetched and nothing runs: no address but of data and anchors, no script, and a policy that forbids both."""
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<link|<iframe|\son\w+=|@import|url\(", page)
    addresses = re.findall(r'(?:src|href|action|poster|srcset)="([^"]*)"', page)
    assert addresses
    assert all(address.startswith(("#", "data:image/svg+xml;base64,")) for address in addresses)


def test_links_lead_somewhere_and_names_are_unique(page):
    """Every anchor is in the file, once."""
    found = article(page)
    assert len(found.ids) == len(set(found.ids))
    assert {link.removeprefix("#") for link in found.links} <= set(found.ids)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_energy_table_as_published(techen, page, lang):
    """The gigajoules that Techen printed stand in the table beside the calculated ones, with the verdict."""
    text = article(page, lang).text
    for printed in ("1468.22", "14212.37", "187.79", "72.88"):
        assert printed in text
        assert word("agrees", lang) in text[text.index(printed) :]
    rows = [row.cells for row in energy_table(techen, Ledger(techen), lang).rows]
    assert [cells[4] for cells in rows] == [
        "1,468.22",
        "14,212.37",
        "187.79",
        "15,868.37",
        "72.88",
        "72.88",
        "15,941.25",
    ]


def test_the_printed_total_is_not_passed_over(page):
    """The headline says that 2480.59 was printed and does not follow."""
    text = " ".join(article(page).text)
    head = text[: text.index("Energy table")]
    assert "2,497.33" in head
    assert "The published report prints 2480.59: does not follow." in head


def test_a_figure_opens_down_to_formula_factor_and_row(techen):
    """Gasoline: its factors in one formula, their references, and its row; grid electricity: both rows as one sum."""
    rows = rows_of(scope_table(techen, Ledger(techen), "en"))
    (gasoline,) = rows["Scope 1 (direct)"].behind.kinds
    assert gasoline.formulas == (
        "CO2: 4.36 t × 44.80 GJ/t × 0.0189 t C/GJ × 0.98 × 44/12 t CO2/t C = 13.265505792 t CO2",
    )
    assert (gasoline.lines, gasoline.places) == ("1 line", "entries.csv row 4")
    assert [text.partition(" ")[0] for text in gasoline.sources] == [
        f"cn-ndrc-fuels-a@2013:cn-fuel-a-gasoline-{name}" for name in ("ncv", "cc", "ox")
    ]
    (grid,) = rows["Scope 2 (location-based)"].behind.kinds
    assert (grid.lines, grid.places) == ("2 lines", "entries.csv row 2-3")
    assert grid.formulas[0].startswith("CO2: 4355718.53 kWh × 0.5703 t CO2/MWh = 2484.066277659")


def test_every_figure_of_the_real_case_opens(techen):
    """Each row of the tables of energy, scopes and gases has lines behind it, and the headlines have."""
    ledger = Ledger(techen)
    for table in (
        energy_table(techen, ledger, "en"),
        scope_table(techen, ledger, "en"),
        gas_table(techen, ledger, "en"),
    ):
        assert all(row.behind and row.behind.kinds for row in table.rows)
        assert sum(column.opens for column in table.columns) == 1
    assert all(card.behind for card in headline_cards(techen, ledger, "en"))


def test_what_is_behind_a_figure_adds_up_to_it():
    """Of every view of a company with many gases, the derivations behind a figure sum to the figure."""
    report = open_folder("examples", "us-company")
    ledger = Ledger(report)
    for gas, tonnes in report.inventory.by("gas")[["gas", "tonnes"]].itertuples(index=False):
        kinds = ledger.behind(None, Measure(gas=gas), "en").kinds
        # The publisher's rounding is the last of two formulas: the published sum, and what it is more than its gases.
        at = -1 if gas == "CO2e rounding" else 0
        results = [float(kind.formulas[at].rpartition("= ")[2].split()[0]) for kind in kinds]
        assert sum(results) == pytest.approx(tonnes)
    energy = [kind.formulas[0].rpartition("= ")[2] for kind in ledger.behind(None, ENERGY, "en").kinds]
    assert sum(float(text.removesuffix(" GJ")) for text in energy) == pytest.approx(
        report.inventory.total_energy().magnitude
    )


@pytest.mark.usefixtures("without_pictures")
def test_what_is_missing_is_said_before_the_first_figure(defects):
    """INCOMPLETE and IN DOUBT with their findings stand above the headlines, in both languages."""
    page = defects.to_html()
    for lang in ("en", "zh"):
        text = " ".join(article(page, lang).text)
        head = text[: text.index(word("page_key_figures", lang))]
        assert all(line in head for line in defects.completeness.lines(lang))
        assert "2023-05" in head
    assert "standing incomplete" in page


@pytest.mark.usefixtures("without_pictures")
def test_a_part_is_never_called_a_total(tmp_path):
    """A book with an entry that cannot be calculated has no total in its headline, tables or article; its energy counts and says so."""
    shutil.copytree(PROJECT / "examples" / "second-year", tmp_path / "book")
    book = tmp_path / "book"
    with (book / "entries-2024.csv").open("a", encoding="utf-8") as stream:
        stream.write("一厂,外购冷量,100,GJ,2024,\n")  # the book pins no factor for cooling
    report = cl.open_book(book).reporting_year()
    assert report.completeness.is_part
    text = article(report.to_html()).text
    assert "Total" not in text
    assert "Emissions counted so far, location-based" in text
    assert word("sum_of_part", "en") in text
    behind = Ledger(report).behind(None, EMISSIONS, "en")
    assert behind.remarks == ("Energy without emissions: 1 line, not in this figure.",)
    cooling = rows_of(energy_table(report, Ledger(report), "en"))["Purchased cooling"]
    assert (cooling.cells[4], cooling.behind.kinds[0].formulas) == ("100.00", ("Energy: 100 GJ = 100 GJ",))


@pytest.mark.usefixtures("without_pictures")
def test_a_book_of_energy_alone_states_no_emissions(tmp_path):
    """A book that pins no emission factors has no headline, section or table of emissions, and says why at its head."""
    shutil.copytree(PROJECT / "examples" / "second-year", tmp_path / "book")
    settings = tmp_path / "book" / "book.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"(?m)^emissions = .*$", "emissions = []", text), encoding="utf-8")
    report = cl.open_book(tmp_path / "book").reporting_year()
    assert next(card.unit for card in headline_cards(report, Ledger(report), "en")) == "GJ"
    text = article(report.to_html()).text
    assert word("energy_alone", "en") in text
    assert not {"Gross emissions by scope", "Emissions by gas", "Emissions, location-based"} & set(text)


def test_what_is_longer_than_a_month_stands_in_no_month(defects):
    """Entries of the whole year have a row of their own, and the months sum with it to the whole."""
    table = month_table(defects, Ledger(defects), "en")
    rows = rows_of(table)
    assert list(rows)[-1] == word("page_longer", "en")
    values = [float(row.cells[2].replace(",", "")) for row in table.rows]
    assert sum(values) == pytest.approx(defects.inventory.total_location_based().magnitude, abs=0.1)
    assert rows[word("page_longer", "en")].cells[2] == "18.72"


def test_a_year_without_months_has_no_table_of_months(techen):
    """Bills of a whole year are no January."""
    assert month_table(techen, Ledger(techen), "en") is None


def test_registers_are_not_deducted(techen, page):
    """The avoided emissions of Techen have their formula in the register, and no part in the total."""
    (row,) = register_table(techen, Ledger(techen), "en").rows
    assert row.cells[1] == "16.74"
    assert row.behind.kinds[0].formulas == ("avoided: 20.245 MWh × 0.8269 t CO2/MWh = 16.7406 t CO2",)
    assert "2,480.59" not in page


@pytest.mark.usefixtures("without_pictures")
def test_last_year_stands_beside_this_one():
    """With a year to compare with, the headline has its figure and the change in per cent, as the comparison has them."""
    report = open_folder("examples", "second-year")
    row = report.changes["scope"].iloc[-1]
    emissions, *_ = headline_cards(report, Ledger(report), "en")
    assert f"2023: {row['emissions_tco2e_previous']:,.2f}, change" in emissions.notes[0]
    assert f"{row['emissions_tco2e_change_percent']:+.2f} %" in emissions.notes[0]


BOOKS = [
    ("seeds", "techen-2024"),
    *(
        (str(path.parent.parent.relative_to(PROJECT)), path.parent.name)
        for path in sorted(PROJECT.glob("examples/**/book.toml"))
    ),
]


@pytest.mark.parametrize(("place", "name"), BOOKS, ids=lambda text: text)
@pytest.mark.usefixtures("without_pictures")
def test_each_article_speaks_one_language(place, name):
    """No English sentence in the Chinese article and no Chinese one in the English article; the book's and publishers' words apart."""
    report = open_folder(place, name)
    page = report.to_html(lang="zh")
    assert page.index('<article class="zh"') < page.index('<article class="en"')
    assert re.search(r'id="choose-zh" checked', page)
    folder = PROJECT / place / name
    tables = "".join(path.read_text(encoding="utf-8-sig") for path in folder.glob("*.csv"))
    own = report.all_entries.to_csv() + tables + (folder / "book.toml").read_text(encoding="utf-8")
    zh, en = (article(page, lang).text for lang in ("zh", "en"))
    assert not [found.group() for text in zh for found in ENGLISH.finditer(text) if found.group() not in own]
    assert not [
        found.group() for text in en for found in CHINESE.finditer(text) if found.group() not in own and text != "中文"
    ]


@pytest.mark.usefixtures("without_pictures")
def test_names_are_printed_as_they_stand(tmp_path):
    """A company, site, meter or note that looks like markup is text, and marks that turn the line round are seen."""
    mark = '<script>alert(1)</script>\u202e{{ 7*7 }}"><img src=x onerror=y>'
    with (tmp_path / "entries.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["company", "site", "source", "note", "evidence", "activity", "amount", "unit", "year"])
        writer.writerow([mark] * 5 + ["electricity.grid", "1", "MWh", "2024"])
    (tmp_path / "book.toml").write_text(
        f'[company]\nname_en = {cl_text(mark)}\nname_zh = {cl_text(mark)}\nreporting_year = 2024\nregion = "CN"\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["cn-mee-nbs-grid@2022"]\n[files]\nentries = ["entries.csv"]\n',
        encoding="utf-8",
    )
    page = cl.open_book(tmp_path).reporting_year().to_html()
    assert not re.search("<script|<img src=x|\u202e", page)
    assert "\\u202e{{ 7*7 }}" in "".join(article(page).text)


def cl_text(text):
    """A text as TOML holds it."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\u202e", "\\u202e") + '"'


@pytest.mark.usefixtures("without_pictures")
def test_a_year_without_entries(tmp_path):
    """Where nothing can be calculated there is no page, and what is said is that nothing can be."""
    shutil.copytree(PROJECT / "examples" / "second-year", tmp_path / "book")
    settings = tmp_path / "book" / "book.toml"
    text = settings.read_text(encoding="utf-8").replace("reporting_year = 2024", "reporting_year = 2019")
    settings.write_text(text.replace("compare_year = 2023\n", ""), encoding="utf-8")
    with pytest.raises(cl.errors.EntriesError, match="none of the entries can be calculated"):
        cl.open_book(tmp_path / "book").reporting_year().to_html(tmp_path / "r.html")
    assert not (tmp_path / "r.html").exists()


def test_findings_are_all_there_errors_first(defects):
    """The page drops no kind of finding, and begins with the gravest."""
    texts, more = finding_texts(defects, "en")
    assert more == 0
    assert [text.severity for text in texts] == sorted(
        (text.severity for text in texts), key=["error", "warning", "note"].index
    )
    assert {text.title for text in texts} == {finding.says.rule.title.en for finding in defects.findings}


@pytest.mark.usefixtures("without_pictures")
def test_the_page_is_written_whole_or_not_at_all(techen, tmp_path):
    """`to_html` writes what it returns, and where it cannot write, nothing is left behind."""
    assert techen.to_html(tmp_path / "r.html") == (tmp_path / "r.html").read_text(encoding="utf-8")
    (tmp_path / "folder").mkdir()
    with pytest.raises(cl.errors.BookError, match="folder"):
        techen.to_html(tmp_path / "folder")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "r.html"]


@pytest.mark.slow
def test_the_command_writes_the_page(tmp_path):
    """`report --html` writes the page in the language of the run, ends as the report ends, and refuses a folder that is not there."""
    result = run("report", PROJECT / "examples" / "uk-company", "--html", tmp_path / "r.html", "--lang", "zh")
    assert (result.returncode, result.stdout.strip()) == (0, str(tmp_path / "r.html"))
    assert '<html lang="zh">' in (tmp_path / "r.html").read_text(encoding="utf-8")
    result = run("report", PROJECT / "examples" / "uk-company", "--html", tmp_path / "nowhere" / "r.html")
    assert result.returncode == 2
    assert "r.html" in result.stderr


@pytest.mark.slow
@pytest.mark.usefixtures("without_pictures")
def test_thousands_of_entries_are_gathered(tmp_path):
    """Of 5,000 entries the page lists a part of the lines and says how many there are besides; it stays below 3 MB."""
    with (tmp_path / "entries.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["site", "source", "activity", "amount", "unit", "month"])
        for number in range(5000):
            site, month = number // 12 % 40, number % 12 + 1
            writer.writerow(
                [f"S{site}", f"M{number // 480}", "electricity.grid", 1000 + number, "kWh", f"2023-{month:02d}"]
            )
    (tmp_path / "book.toml").write_text(
        '[company]\nname_en = "Many"\nname_zh = "多"\nreporting_year = 2023\nregion = "CN-SD"\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["cn-mee-nbs-grid@2022"]\n[files]\nentries = ["entries.csv"]\n',
        encoding="utf-8",
    )
    report = cl.open_book(tmp_path).reporting_year()
    page = report_page(report, report.coverage, "en")
    text = " ".join(article(page).text)
    assert len(page.encode()) < 3_000_000
    assert "5,000 lines" in text
    assert "4975 more lines" in text.replace(",", "")
