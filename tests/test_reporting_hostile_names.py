"""Names and notes of anybody are printed as they stand: no markup, no colour, no line that turns round."""

import csv
import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

import carbonledger as cl
from carbonledger.core.language import printable
from carbonledger.pages.reconciliation import board_summary, reconciliation_page
from carbonledger.reporting.console import console_for
from carbonledger.reporting.text import print_findings, print_report
from tests.support import examples, run

MARKS = "[/red][link=http://x]{{ 7*7 }}<script>\x1b[31m\u202e\u2066\u200f\u061c\r\n\t\x00\x9b\u2028:smile:\\"
texts = st.text(max_size=12) | st.text(alphabet=MARKS, min_size=1, max_size=20) | st.just(MARKS)
# What a terminal obeys, or what turns the line round.
OBEYED = {"Cc", "Cs", "Zl", "Zp"}
TURNING = set("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def obeyed(text):
    """The characters of an output that are not to be in it; line ends of our own may be."""
    return {
        letter for letter in text if letter != "\n" and (unicodedata.category(letter) in OBEYED or letter in TURNING)
    }


def toml(text):
    """A text as TOML holds it; TOML has no halves of characters."""
    return json.dumps(text.encode("utf-8", "replace").decode("utf-8"), ensure_ascii=False).replace("\x7f", "\\u007f")


@given(texts)
@examples(200)
def test_the_law_of_printable(text):
    """Nothing is obeyed, everything else stays, and a second pass changes nothing."""
    shown = printable(text)
    assert not obeyed(shown)
    assert "\n" not in shown
    assert printable(shown) == shown
    assert all(letter in shown for letter in text if letter.isalnum())


@given(texts, texts, texts, texts)
@examples(30)
def test_any_name_is_printed(tmp_path_factory, name, site, source, note):
    """A report, its findings, an explanation, plain data and pages of any names."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        {
            "company": name,
            "site": site,
            "source": source,
            "note": note,
            "evidence": note,
            "activity": "electricity.grid",
        }
        | {"amount": "1", "unit": "MWh", "year": "2024"},
        {"company": name, "site": site, "activity": note, "amount": note, "unit": source, "year": "2024"},
    ]
    _write_csv(folder / "entries.csv", rows)
    (folder / "published.csv").write_text("figure_id,label_zh,label_en,printed,unit,year\n", encoding="utf-8")
    (folder / "book.toml").write_text(_settings(name, site), encoding="utf-8")
    year = cl.open_book(folder).reporting_year()
    for lang in ("en", "zh"):
        assert not obeyed(_printed(year, lang))
        assert not obeyed(reconciliation_page(year, lang))
        assert not obeyed(board_summary(year, lang))
        assert not obeyed("".join(finding.text(lang) for finding in year.findings))
    assert "<script" not in reconciliation_page(year, "en")
    assert not obeyed(str(year.inventory.explain(1)))


def _settings(name, site):
    """A book of any name."""
    return f"""[company]
name_en = {toml("x" + name)}
name_zh = {toml("x" + name)}
reporting_year = 2024
region = "CN"
[boundary]
statement_en = {toml(name)}
[[entity]]
id = "a"
name_en = {toml("x" + name)}
aliases = [{toml(name)}]
[[site]]
id = {toml("s" + site)}
entity = "a"
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["cn-mee-nbs-grid@2022"]
[[driver]]
name_en = {toml("d" + name)}
amount = 1
unit = {toml(site)}
[files]
entries = ["entries.csv"]
"""


def _write_csv(path, rows):
    """A table as a program writes it."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.DictWriter(stream, columns, restval="")
        writer.writeheader()
        writer.writerows({name: text.replace("\0", "") for name, text in row.items()} for row in rows)


def _printed(year, lang):
    """The report as a console prints it, without colours."""
    console = console_for()
    assert isinstance(console, Console)
    with console.capture() as captured:
        print_report(year, console, lang)
        print_findings(year.findings, console, lang)
    return captured.get()


@pytest.fixture
def hostile(tmp_path):
    """A book with every kind of mark in its names."""
    rows = [
        {"company": MARKS, "site": MARKS, "activity": "electricity.grid", "amount": "1", "unit": "MWh", "year": "2024"}
    ]
    _write_csv(tmp_path / "entries.csv", [{**rows[0], "note": MARKS}])
    (tmp_path / "book.toml").write_text(_settings(MARKS, MARKS), encoding="utf-8")
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("arguments", [("report",), ("check",), ("explain", "--line", "1"), ("reconcile",)])
@pytest.mark.parametrize("more", [(), ("--json",)])
@pytest.mark.parametrize("encoding", ["ascii"])
def test_any_name_on_the_command_line(hostile, arguments, more, encoding):
    """Every command prints it, in any encoding; JSON stays JSON and gives the name back unchanged."""
    result = run(arguments[0], hostile, *arguments[1:], *more, encoding=encoding)
    output = result.stdout
    assert result.returncode in {0, 1}, result.stderr
    assert "Traceback" not in result.stderr
    assert not obeyed(output)
    if more:
        assert json.loads(output) is not None
