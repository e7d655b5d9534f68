"""What is printed in Chinese holds no English sentence, and what is printed in English no Chinese one."""

import io
import re
import subprocess
import sys

import pytest
from rich.console import Console

from carbonledger.book.book import open_book
from carbonledger.core.language import word
from carbonledger.core.regions import country_name, names_of_region
from carbonledger.pages.reconciliation import board_summary, reconciliation_page
from carbonledger.reporting.published_text import print_reconciliation
from carbonledger.reporting.search_text import print_search
from carbonledger.reporting.text import print_report
from carbonledger.reporting.wording import finding_text
from tests.support import PROJECT

BOOKS = [PROJECT / "seeds" / "techen-2024", *sorted(path.parent for path in PROJECT.glob("examples/**/book.toml"))]
# Four words on end; names, units, ids and formulae are shorter, or have digits or hyphens in them.
ENGLISH = re.compile(r"(?:[A-Za-z']{2,}[,;:]? ){3,}[A-Za-z']{2,}")
CHINESE = re.compile(r"[\u3400-\u9fff]{2,}")


def printed(draw):
    """What a function draws on a console so wide that nothing is folded."""
    console = Console(file=io.StringIO(), width=600)
    draw(console)
    return console.file.getvalue()


def text_of(report, lang):
    """Report, reconciliation and pages of a book, without the list of editions, which are called as their publishers call them.

    Findings whose texts still stand in code are left out.
    """
    text = printed(lambda console: print_report(report, console, lang))
    before = text.partition(f"\n{word('factors_title', lang)}\n")[0]
    findings = [finding_text(finding, lang) for finding in report.findings if finding.says.key]
    reconciled = printed(lambda console: print_reconciliation(report, console, lang))
    pages = [
        re.sub(r"<style.*?</style>|<[^>]+>", "\n", page(report, lang), flags=re.DOTALL)
        for page in (reconciliation_page, board_summary)
    ]
    return "\n".join((before, reconciled, *pages, *findings))


def data_of(folder):
    """What a book's own files name: sites, meters, documents, printed numbers, and companies that have only one name."""
    tables = [path.read_text(encoding="utf-8-sig") for path in folder.glob("*.csv") if path.name != "published.csv"]
    figures = [item.figure.text for item in open_book(folder).publication.figures.values()]
    settings = (folder / "book.toml").read_text(encoding="utf-8")
    return "\n".join([*tables, *figures, *(line for line in settings.splitlines() if "_zh" not in line)])


@pytest.mark.parametrize("folder", BOOKS, ids=lambda path: path.name)
def test_chinese_reports_have_no_english_sentence(folder):
    """Report and reconciliation in Chinese: no four English words on end but where the book's own data have them."""
    text, data = text_of(open_book(folder).report(), "zh"), data_of(folder)
    assert not [found.group() for found in ENGLISH.finditer(text) if found.group() not in data]


@pytest.mark.parametrize("folder", BOOKS, ids=lambda path: path.name)
def test_english_reports_have_no_chinese_sentence(folder):
    """Report and reconciliation in English: Chinese only where it is a name in the book's own data."""
    text = text_of(open_book(folder).report(), "en")
    data = data_of(folder)
    assert not [found.group() for found in CHINESE.finditer(text) if found.group() not in data]


def test_a_chinese_search_has_no_english_sentence():
    """The search of a declared space names terms and treatments in Chinese."""
    result = open_book(BOOKS[0]).search("textbook")
    assert not ENGLISH.search(printed(lambda console: print_search(result, 20, console, "zh")))
    assert not CHINESE.search(printed(lambda console: print_search(result, 20, console, "en")))


def test_names_of_countries_are_those_of_the_cldr():
    """Both languages by ISO 3166-1 code; what is no country has no name, and nothing loads them before one is asked for."""
    assert (country_name("GB").text("en"), country_name("GB").text("zh")) == ("United Kingdom", "英国")
    assert country_name("CN-SD") is None
    assert "UK" in names_of_region("GB")
    code = "import sys, carbonledger.book.book, carbonledger.core.regions; sys.exit('babel' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
