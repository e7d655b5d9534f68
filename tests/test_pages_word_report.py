"""The Word document: the report's figures as rounded for print, real tables and styles, one language, the standing at the head."""

import base64
import io
import re
import sys
import zipfile
from decimal import Decimal

import pytest
from docx import Document
from docx.oxml.ns import qn

import carbonledger as cl
from carbonledger.core.errors import BookError
from carbonledger.core.language import word
from carbonledger.core.rounding import round_figure
from carbonledger.pages import picture_style, pictures
from carbonledger.pages import word_report as word_report_module
from carbonledger.pages.word_report import word_report
from tests.support import PROJECT, run, small_book

BOOKS = ("techen-2024", "second-year", "six-defects", "us-company")
# Each book is read in one language by `make test`, in the other one by `make test-all`.
FIRST = {("techen-2024", "zh"), ("second-year", "en"), ("six-defects", "en"), ("us-company", "zh")}
DOCUMENTS = [
    pytest.param(name, lang, marks=[] if (name, lang) in FIRST else [pytest.mark.slow])
    for name in BOOKS
    for lang in ("en", "zh")
]
CHINESE = re.compile("[\u3400-\u9fff]{2,}")
ENGLISH = re.compile(r"(?:[A-Za-z']{2,}[,;:]? ){3,}[A-Za-z']{2,}")
# One white point: what tables and texts hold does not depend on what is drawn.
POINT = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAsn3dfQAAAABJRU5ErkJggg==")


@pytest.fixture(scope="module")
def reports():
    """Reports of the seed and of three invented companies, each built once."""
    places = {name: "seeds" if name == "techen-2024" else "examples" for name in BOOKS}
    return {name: cl.open_book(PROJECT / place / name).reporting_year() for name, place in places.items()}


@pytest.fixture(scope="module")
def documents(reports):
    """Their documents by name and language, as python-docx opens them; written when they are first asked for, pictures as a point."""
    written = {}

    def opened(name, lang):
        if (name, lang) not in written:
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(word_report_module, "picture", lambda *_, **__: POINT)
                written[name, lang] = Document(io.BytesIO(word_report(reports[name], lang)))
        return written[name, lang]

    return opened


def printed(value, decimals=2):
    """A number as the house prints it; a missing one as a dash."""
    return "–" if value is None else f"{round_figure(value, Decimal(1).scaleb(-decimals)):,.{decimals}f}"


def cells_of(table):
    """The texts of a table's body."""
    return [[cell.text for cell in row.cells] for row in table.rows[1:]]


def table_named(document, key, lang):
    """The table below the caption with a title."""
    title = word(key, lang)
    for node in document.element.body.iterchildren(qn("w:p")):
        text = "".join(part.text or "" for part in node.iter(qn("w:t")))
        following = node.getnext()
        if text.endswith(title) and following is not None and following.tag == qn("w:tbl"):
            return next(table for table in document.tables if table._tbl is following)
    raise AssertionError(f"no table {title!r}")


def text_of(document):
    """Every text of the body, tables among them."""
    return "\n".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


@pytest.mark.parametrize(("name", "lang"), DOCUMENTS)
def test_the_energy_table_is_that_of_the_report(reports, documents, name, lang):
    """Every amount, GJ, MWh, tce and share of the energy table, rounded once."""
    table = reports[name].to_dict(lang)["energy_table"]
    coal = ["standard_coal_tce"] if "standard_coal_tce" in table[0] else []
    keys = ["energy_gj", "energy_mwh", "energy_tce", *coal, "share_percent"]
    wanted = [[printed(row[key]) for key in keys] for row in table]
    assert [
        row[4 : 4 + len(keys)] for row in cells_of(table_named(documents(name, lang), "energy_title", lang))
    ] == wanted


def test_the_energy_table_of_the_publication(documents):
    """Techen: the amounts and gigajoules that its ESG report of 2024 prints."""
    rows = cells_of(table_named(documents("techen-2024", "zh"), "energy_title", "zh"))
    assert [(row[0], row[1], row[2], row[3], row[4]) for row in rows if row[3]] == [
        ("电力", "乾程科技", "407,838.53", "kWh", "1,468.22"),
        ("电力", "艾孚科技", "3,947,880", "kWh", "14,212.37"),
        ("汽油", "", "4.36", "t", "187.79"),
        ("光伏发电（自用）", "", "20,245", "kWh", "72.88"),
    ]


@pytest.mark.parametrize(("name", "lang"), DOCUMENTS)
def test_scopes_and_gases_are_those_of_the_report(reports, documents, name, lang):
    """Each scope, the sum, each gas in tonnes and t CO2e."""
    inventory, document = reports[name].to_dict(lang)["inventory"], documents(name, lang)
    scopes = [
        [word(row["scope"], lang), printed(row["emissions_tco2e"])]
        for row in inventory["by_scope"]
        if row["scope"] != "no scope" or row["emissions_tco2e"]
    ]
    rows = cells_of(table_named(document, "page_scopes", lang))
    assert rows[:-1] == scopes
    total = reports[name].totals()["total_location_based_tco2e"]
    assert rows[-1][1] == printed(
        total if total == total else reports[name].totals()["calculated_location_based_tco2e"]
    )
    gases = [[printed(row["tonnes"], 4), printed(row["emissions_tco2e"])] for row in inventory["by_gas"]]
    assert [row[1:] for row in cells_of(table_named(document, "page_gases", lang))] == gases


def test_headlines_with_the_previous_year(reports, documents):
    """Both years of emissions and energy with the change in per cent, as the comparison has them."""
    total = reports["second-year"].to_dict()["changes"]["scope"][-1]
    rows = cells_of(table_named(documents("second-year", "en"), "page_key_figures", "en"))
    keys = ("previous", "current", "change_percent")
    assert rows[0][2:] == [printed(total[f"emissions_tco2e_{key}"]) for key in keys]
    assert rows[1][2:] == [printed(total[f"energy_gj_{key}"]) for key in keys]
    assert rows[0][2:] == ["1,746.10", "1,332.30", "-23.70"]
    assert [row[1] for row in rows] == ["t CO2e", "GJ", "tce", "%"]


def test_both_methods_stand_side_by_side(reports, documents):
    """Market beside location in the headlines; the year before has no market-based figure and shows none."""
    totals = reports["us-company"].to_dict()["totals"]
    rows = cells_of(table_named(documents("us-company", "zh"), "page_key_figures", "zh"))
    assert [row[2] for row in rows[:2]] == [
        printed(totals["total_location_based_tco2e"]),
        printed(totals["total_market_based_tco2e"]),
    ]


def test_avoided_emissions_are_not_deducted(reports, documents):
    """The register of Techen: 16.74 t CO2 under "not deducted", and the gross total beside it unchanged."""
    document = documents("techen-2024", "zh")
    rows = cells_of(table_named(document, "page_registers", "zh"))
    assert [row[1] for row in rows] == [printed(reports["techen-2024"].avoided.avoided_tco2)] == ["16.74"]
    assert word("page_registers", "zh") in [item.text for item in document.paragraphs if item.style.name == "Heading 1"]
    assert cells_of(table_named(document, "page_key_figures", "zh"))[0][2] == "2,497.33"


@pytest.mark.parametrize(("name", "lang"), DOCUMENTS)
def test_the_standing_is_at_the_head(reports, documents, name, lang):
    """Before the first figure: every line of the statement, as a caution where something is missing or in doubt."""
    statement, paragraphs = reports[name].completeness, documents(name, lang).paragraphs
    head = paragraphs[: next(at for at, item in enumerate(paragraphs) if item.style.name == "Heading 1")]
    said = {item.text: item.style.name for item in head}
    style = "Carbon Caution" if name in {"six-defects", "techen-2024"} else "Carbon Standing"
    assert [said.get(line) for line in statement.lines(lang)] == [style] * len(statement.lines(lang))
    assert ({"en": "INCOMPLETE", "zh": "不完整"}[lang] in "".join(said)) == (name == "six-defects")


@pytest.mark.parametrize(("name", "lang"), DOCUMENTS)
def test_every_finding_is_in_the_document(reports, documents, name, lang):
    """Each rule that was found has its row; nothing is found that the document leaves out."""
    text = text_of(documents(name, lang))
    assert all(f"[{finding.rule}]" in text for finding in reports[name].findings)


@pytest.mark.parametrize(("name", "lang"), DOCUMENTS)
def test_tables_are_real_tables(documents, name, lang):
    """Every table has a caption with a counted number, a heading row that repeats, rows that no page break parts, and our style."""
    document, label = documents(name, lang), {"en": "Table", "zh": "表"}[lang]
    assert document.tables
    for table in document.tables:
        assert table.style.name == "Carbon Table"
        properties = [row._tr.trPr for row in table.rows]
        assert [item.find(qn("w:tblHeader")) is not None for item in properties] == [True] + [False] * (
            len(properties) - 1
        )
        assert all(item.find(qn("w:cantSplit")) is not None for item in properties)
        caption = table._tbl.getprevious()
        assert f"SEQ {label}" in "".join(node.text for node in caption.iter(qn("w:instrText")))
    numbers = re.findall(rf"^{label} (\d+)", "\n".join(item.text for item in document.paragraphs), re.MULTILINE)
    assert numbers == [str(number) for number in range(1, len(document.tables) + 1)]


@pytest.mark.parametrize(("name", "lang"), DOCUMENTS)
def test_what_is_formatted_is_formatted_by_a_style(documents, name, lang):
    """No run and no paragraph of the body carries a font, a size, a colour or an alignment of its own."""
    body = documents(name, lang).element.body
    own = {qn(tag) for tag in ("w:b", "w:i", "w:sz", "w:color", "w:rFonts", "w:jc", "w:shd", "w:spacing")}
    assert not [node.tag for node in body.iter(*own)]


@pytest.mark.parametrize(("name", "lang"), DOCUMENTS)
def test_paper_fonts_and_page_numbers(reports, documents, name, lang):
    """A4; Chinese letters have a font of their own in every style; the foot counts pages; the head names company and year."""
    document = documents(name, lang)
    page = document.sections[0]
    assert (round(page.page_width.mm), round(page.page_height.mm)) == (210, 297)
    for style in ("Normal", "Title", "Heading 1", "Caption", "Carbon Table Text"):
        fonts = document.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
        assert fonts.get(qn("w:asciiTheme")) is None
        assert fonts.get(qn("w:eastAsiaTheme")) is None
    codes = "".join(node.text for node in page.footer._element.iter(qn("w:instrText")))
    assert codes.split() == ["PAGE", "NUMPAGES"]
    assert f" · {reports[name].year} · " in page.header.paragraphs[0].text


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pictures_have_words_for_those_who_do_not_see_them(reports, lang, monkeypatch):
    """Each picture's alternative text has every number that is drawn; without a Chinese font words stand in its place."""
    report = reports["second-year"]
    # The document has no section of why emissions changed.
    shown = [name for name in pictures.PICTURES if name != "change_effects"]
    names = [name for name in shown if pictures.description(report, name, lang)]
    if lang == "en" or picture_style.has_chinese_font():
        document = Document(io.BytesIO(word_report(report, lang)))
        told = [node.get("descr") for node in document.element.body.iter(qn("wp:docPr"))]
        assert sorted(told) == sorted(pictures.description(report, name, lang) for name in names)
    monkeypatch.setattr(picture_style, "has_chinese_font", lambda: False)
    document = Document(io.BytesIO(word_report(report, lang)))
    text = text_of(document)
    assert ("系统没有中文字体" in text) == (lang == "zh")
    assert all((pictures.description(report, name, lang) in text) == (lang == "zh") for name in names)


@pytest.mark.parametrize(("name", "lang"), DOCUMENTS)
def test_one_language(documents, name, lang):
    """No Chinese in an English document but names of the book; no English sentence in a Chinese one but the words of publishers."""
    document, known = documents(name, lang), _own_words(name)
    if lang == "en":
        assert set(CHINESE.findall(text_of(document))) <= set(CHINESE.findall(known))
        return
    tables = [table_named(document, title, "zh") for title in ("factors_title", "document_factors")]
    known += "\n".join(cell for table in tables for row in cells_of(table) for cell in row)
    assert [found for found in ENGLISH.findall(text_of(document)) if found not in known] == []


def _own_words(name):
    """What the files of a book say."""
    folder = PROJECT / ("seeds" if name == "techen-2024" else "examples") / name
    return "\n".join(
        path.read_text(encoding="utf-8-sig") for path in folder.iterdir() if path.suffix in {".csv", ".toml"}
    )


@pytest.mark.slow
def test_the_same_document_twice(reports):
    """The same report gives the same bytes, so that a closed year can be compared with its document."""
    report = reports["techen-2024"]
    assert word_report(report, "en") == word_report(report, "en")


def test_the_document_tells_nothing_of_its_maker(reports, monkeypatch):
    """Title and language in the properties; no author, no date of a template, no path."""
    monkeypatch.setattr(word_report_module, "picture", lambda *_, **__: POINT)
    with zipfile.ZipFile(io.BytesIO(word_report(reports["techen-2024"], "zh"))) as archive:
        properties = archive.read("docProps/core.xml").decode()
        assert {item.date_time for item in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert "青岛乾程科技股份有限公司 · 2024" in properties
    assert "python-docx" not in properties
    assert "2013" not in properties


def test_the_sum_of_a_part_is_no_total(tmp_path, monkeypatch):
    """An entry without a factor: no row is called a total, its emissions are a dash and not 0, and the head says so."""
    monkeypatch.setattr(word_report_module, "picture", lambda *_, **__: POINT)
    report = small_book(tmp_path, [("2024", "electricity.grid", "1000"), ("2024", "fuel.biogas", "10", "m3")])
    document = Document(io.BytesIO(word_report(report, "en")))
    rows = cells_of(table_named(document, "page_scopes", "en"))
    assert [row[1] for row in rows] == ["–", "0.57", "0.57"]
    assert rows[-1][0] == word("sum_of_part", "en")
    assert cells_of(table_named(document, "page_key_figures", "en"))[0][0] == word("page_location_partly", "en")
    assert document.paragraphs[2].text.startswith("INCOMPLETE: data are missing")


def test_energy_without_any_emissions(tmp_path):
    """Only heat, and no factor for it: the energy with its figures, no sum of emissions, and no picture of them."""
    report = small_book(tmp_path, [("2024", "steam.purchased", "10", "GJ")])
    document = Document(io.BytesIO(word_report(report, "en")))
    assert cells_of(table_named(document, "energy_title", "en"))[0][4] == "10.00"
    assert {row[1] for row in cells_of(table_named(document, "page_scopes", "en"))} == {"–"}
    assert [node.get("title") for node in document.element.body.iter(qn("wp:docPr"))] == ["Energy by carrier, 2024"]


def test_a_book_of_energy_alone(tmp_path):
    """No emission factors are pinned: the document is about energy, and names no emissions among its headlines."""
    small_book(tmp_path, [("2024", "electricity.grid", "1000")])
    settings = tmp_path / "book" / "book.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(re.sub(r"(?m)^emissions = .*$", "emissions = []", text), encoding="utf-8")
    report = cl.open_book(tmp_path / "book").reporting_year()
    document = Document(io.BytesIO(word_report(report, "zh")))
    assert [row[1] for row in cells_of(table_named(document, "page_key_figures", "zh"))] == ["GJ", "tce", "%"]
    assert word("energy_alone", "zh") in [item.text for item in document.paragraphs[:4]]


@pytest.mark.slow
def test_the_command_line(tmp_path):
    """`report --docx` writes the file, prints its name instead of the report, and ends as the report does."""
    path = tmp_path / "报告.docx"
    result = run("report", PROJECT / "examples" / "second-year", "--docx", path, "--lang", "zh")
    assert (result.returncode, result.stdout) == (0, f"{path}\n"), result.stderr
    assert "能源消耗表" in text_of(Document(str(path)))


@pytest.mark.slow
def test_nothing_is_written_of_a_book_that_cannot_be_calculated(tmp_path):
    """A book without entries: its findings, exit code 1, no file."""
    small_book(tmp_path, [])
    result = run("report", tmp_path / "book", "--docx", tmp_path / "report.docx")
    assert result.returncode == 1
    assert "none of the entries can be calculated" in result.stdout
    assert not (tmp_path / "report.docx").exists()


def test_a_name_that_word_would_not_open(reports, tmp_path):
    """Only .docx is written, and a folder that is missing is named; nothing is left behind."""
    with pytest.raises(BookError, match=r"its name does not end in \.docx"):
        reports["techen-2024"].to_docx(tmp_path / "report.doc")
    with pytest.raises(BookError, match="No such file or directory"):
        reports["techen-2024"].to_docx(tmp_path / "none" / "report.docx", lang="zh")
    assert list(tmp_path.iterdir()) == []


def test_without_python_docx(reports, monkeypatch, tmp_path):
    """Without the package the message names the extra to install, and nothing is written."""
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(BookError, match=r"need python-docx. Install it: pip install 'carbonledger\[report\]'"):
        reports["techen-2024"].to_docx(tmp_path / "report.docx")
    assert list(tmp_path.iterdir()) == []
