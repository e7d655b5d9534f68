"""What became of printed figures, in words: numbers as in print, no names of files' making, one sentence a contradiction."""

import re
import shutil
from decimal import Decimal

import pytest

import carbonledger as cl
from carbonledger.pages.reconciliation import board_summary, reconciliation_page
from carbonledger.published.figures import read_figures
from carbonledger.reporting.published_data import clash_sentence, computed_text, unit_text, unknown_figures
from tests.support import PROJECT, run


@pytest.fixture(scope="module")
def report():
    """The report of the Techen case."""
    return cl.open_book(PROJECT / "seeds" / "techen-2024").report()


@pytest.mark.parametrize(
    ("relation", "text"),
    [
        ("target.carbon_peak.twice", "2030"),
        ("target.programme.twice", "54321"),
        ("staff.gender.sum", "771"),
        ("staff.age_over_50.share", "1.69"),
        ("training.average", "19.01"),
        ("ghg.change", "2899.065 – 2899.416"),
        ("rnd.staff.share", "≥ 47.86"),
    ],
)
def test_numbers_have_the_places_of_the_print(report, relation, text):
    """Counts and years as printed, an interval with one place more."""
    assert (
        computed_text(report, next(item for item in report.verdicts if item.relation.relation_id == relation)) == text
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pages_show_no_number_that_is_not_in_print(report, lang):
    """No count with decimals, no year with separated thousands, no id of a figure or relation."""
    page = reconciliation_page(report, lang) + board_summary(report, lang)
    assert not re.search(r"2,030|54,321|771\.0", page)
    ids = [*report.published, *(item.relation.relation_id for item in report.verdicts), "ghg.total.2023"]
    assert [name for name in ids if name in page] == []


def test_the_chinese_pages_are_chinese(report):
    """Units, readings and assumptions are translated."""
    page = reconciliation_page(report, "zh") + board_summary(report, "zh")
    for phrase in ("percent", "person", "piece", "unrounded", "rounded", "combined margin", "AVOIDED_NETTED"):
        assert phrase not in page
    assert "2023年温室气体排放总量" in page
    assert "由印刷数值计算后截断" in page


def test_units_in_words():
    """Words are translated, symbols stay, and 10^4 joins the unit."""
    assert [unit_text(unit, "zh") for unit in ("percent", "h/person", "10^4 CNY", "t CO2e")] == [
        "%",
        "小时/人",
        "万元",
        "t CO2e",
    ]
    assert unit_text("h/person", "en") == "h/person"


def test_each_contradiction_has_a_sentence(report):
    """What is printed, and what the figures it rests on give."""
    sentences = [clash_sentence(report, clash, "en") for clash in report.network.clashes]
    assert len(sentences) == len(set(sentences)) == 5
    assert "printed 9.36 h/person; calculated from its inputs: 19.01 h/person." in sentences[0]
    assert sum("the printed shares sum to 101.00 %" in item for item in sentences) == 1
    assert any("printed as 60.83%, 60.80%" in item for item in sentences)
    assert all(sentence.replace("'", "&#39;") in board_summary(report, "en") for sentence in sentences)


def test_agreement_under_another_rounding_is_said(report):
    """Those that agree only if truncated or with zeros for show are counted apart."""
    verdicts = [
        *(item.verdict for item in report.rebuilt),
        *(item for item in report.verdicts if item.outcome != "implies"),
    ]
    other = sum(item.outcome.startswith("agrees if") for item in verdicts)
    agree = sum(item.outcome.startswith("agrees") for item in verdicts)
    assert f"{agree} of {len(verdicts)} checks agree, {other} of them only under another rounding" in board_summary(
        report, "en"
    )


def test_a_number_from_other_printed_ones_is_not_called_rebuilt(report):
    """The two kinds of column have headings of their own."""
    page = reconciliation_page(report, "en")
    assert page.count(">Rebuilt from the data</th>") == 1
    assert page.count(">From other printed figures</th>") == 2


def test_the_missing_total_under_each_assumption(report):
    """The total of 2023 has a name, a unit, and three intervals of which each says its assumption."""
    rows = [item for item in unknown_figures(report, "en") if item.name == "ghg.total.2023"]
    assert [item.interval for item in rows] == ["2899.065 – 2899.416", "2899.071 – 2899.410", "2899.240 – 2899.579"]
    assert {(item.label, item.unit) for item in rows} == {("Greenhouse gas total of 2023", "t CO2e")}
    assert len({item.assumption for item in rows}) == 3


@pytest.mark.slow
def test_the_command_prints_them(techen):
    """The text of the command has the name, the unit and the assumptions, and no id."""
    text = run("reconcile", techen).stdout
    assert "Greenhouse gas total of 2023" in text
    assert "2899.240 – 2899.579" in text
    assert "ghg.total.2023" not in text


def test_what_the_case_says_agrees_does(report):
    """Section 4 of the facts: sums of staff, patents, products, waste and electricity agree plainly."""
    plain = {item.relation.relation_id for item in report.verdicts if item.outcome == "agrees"}
    assert plain >= {
        "staff.nationality.sum",
        "staff.chinese.share",
        "staff.foreign.share",
        "staff.ethnicity.sum",
        "ip.patents",
        "ip.total",
        "ip.granted",
        "footprint.products",
        "waste.total",
        "electricity.equipment",
        "education.bachelor_or_above",
    }
    hours = next(item for item in report.verdicts if item.relation.relation_id == "training.average")
    assert cl.round_figure(hours.computed.middle) == Decimal("19.01")


@pytest.mark.parametrize(("lang", "words"), [("en", "compared with nothing"), ("zh", "未声明关系")])
def test_a_page_does_not_call_correct_what_nobody_held_to_anything(tmp_path, lang, words):
    """One printed total, no relations: the page says so, and says that the entries give another one."""
    book = shutil.copytree(PROJECT / "examples" / "chinese-group", tmp_path / "book")
    (book / "published.csv").write_text(
        "figure_id,label_zh,label_en,text,unit,section\n"
        "t,温室气体排放总量（基于位置）,Total greenhouse gas emissions (location-based),1300.00,t CO2e,x\n",
        encoding="utf-8",
    )
    text = (book / "book.toml").read_text(encoding="utf-8")
    (book / "book.toml").write_text(
        text.replace('entries = ["entries.csv"]', 'entries = ["entries.csv"]\npublished = "published.csv"'),
        encoding="utf-8",
    )
    page = board_summary(cl.open_book(book).report(), lang)
    assert words in page
    assert "Nothing to correct" not in page
    assert "未发现需更正之处" not in page
    assert "1300" in page


def test_the_unit_in_the_text_and_in_the_column_are_one(tmp_path):
    """2.5万吨 is not 2.5 t, and 5.0‰ not 5.0 %: the row is refused instead of held against others."""
    head = "figure_id,label_zh,label_en,text,unit,section\n"
    for text, unit in (("2.5万吨", "t"), ("5.0‰", "%"), ("2.5万吨", "t CO2e")):
        path = tmp_path / "published.csv"
        path.write_text(f"{head}a,甲,A,{text},{unit},x\n", encoding="utf-8")
        with pytest.raises(cl.errors.BookError, match="printed in"):
            read_figures(path)
    path.write_text(f"{head}a,甲,A,5.0‰,‰,x\nb,乙,B,15.1 万度,10^4 kWh,x\n", encoding="utf-8")
    assert set(read_figures(path)) == {"a", "b"}
