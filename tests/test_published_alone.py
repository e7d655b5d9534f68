"""A book of published figures alone: what can be said of it without entries, and what cannot."""

import json

import pytest
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError

SETTINGS = """
[company]
name_en = "Ashwell Foods"
reporting_year = 2024
region = "GB"
[files]
published = "published.csv"
relations = "relations.toml"
"""
HEAD = "figure_id,year,text,unit\n"
FIGURES = HEAD + 's1,2024,"11,204",t CO2e\ns2,2024,"7,455",t CO2e\ntotal,2024,"{total}",t CO2e\n'
FOOTING = '[[relation]]\nid = "foot"\nkind = "sum"\ntotal = "total"\nparts = ["s1", "s2"]\n'


def run(command, folder, *more):
    """A command run in this process, with its exit code and what it printed."""
    return CliRunner().invoke(app, [command, str(folder), *more])


@pytest.fixture
def book(tmp_path):
    """A writer of books: the printed total, and further relations."""

    def write(total="18,659", more="", settings=SETTINGS):
        (tmp_path / "book.toml").write_text(settings, encoding="utf-8")
        (tmp_path / "published.csv").write_text(FIGURES.format(total=total), encoding="utf-8")
        (tmp_path / "relations.toml").write_text(FOOTING + more, encoding="utf-8")
        return tmp_path

    return write


@pytest.mark.parametrize("command", ["check", "report"])
def test_figures_that_follow_are_said_to(book, command):
    """The run ends with 0 and says that there is no inventory, in both languages."""
    folder = book()
    for lang, words in (("en", "The book has no entries"), ("zh", "本账簿没有活动数据")):
        result = run(command, folder, "--lang", lang)
        assert result.exit_code == 0
        assert words in result.stdout


def test_a_total_that_does_not_foot_ends_every_command_with_1(book):
    """The number that its parts give is printed as a number, and the misprinted digit is named."""
    folder = book(total="18,859")
    for command in ("check", "report", "reconcile"):
        assert run(command, folder).exit_code == 1
    shown = run("check", folder).stdout
    assert "printed 18,859; its parts give 18,659 t CO2e. one digit misprinted" in shown


def test_no_inventory_is_null_in_the_plain_data(book):
    """Nothing that could be complete, no totals, and the verdicts."""
    result = run("report", book(), "--json")
    data = json.loads(result.stdout)
    assert (data["complete"], data["inventory"], data["totals"]) == (None, None, {})
    assert [item["verdict"] for item in data["relations"]] == ["agrees"]
    assert json.loads(run("check", book(), "--json").stdout) == []


@pytest.mark.parametrize("command", ["lock", "disclose", "upgrade"])
def test_what_needs_an_inventory_says_so(book, command):
    """What is missing, and what to add."""
    error = run(command, book()).exception
    assert isinstance(error, BookError)
    assert "published figures alone" in str(error)
    assert "carbonledger reconcile" in error.says.full_text("en")


def test_one_relation_that_cannot_be_evaluated_stands_beside_the_others(book):
    """A rebuilt figure of a book without entries is a finding; a book whose editions are pinned is no other."""
    rebuild = '[[relation]]\nid = "own"\nkind = "rebuild"\nfigure = "total"\nquantity = "emissions_tco2e"\n'
    pinned = SETTINGS + '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["uk-desnz@2024"]\n'
    for settings in (SETTINGS, pinned):
        folder = book(more=rebuild, settings=settings)
        report = cl.report(folder)
        assert [item.rule for item in report.findings] == ["RELATION"]
        assert "the book has no entries of 2024" in report.findings[0].message
        assert [item.outcome for item in report.verdicts] == ["agrees"]
        assert "cannot be evaluated: relation own" in run("report", folder).stdout


def test_units_that_do_not_fit_are_said_in_both_languages(book):
    """No English sentence in the Chinese finding."""
    folder = book(more='[[relation]]\nid = "odd"\nkind = "unit_conversion"\nresult = "total"\nsource = "w"\n')
    (folder / "published.csv").write_text(FIGURES.format(total="18,659") + "w,2024,1.5,GJ\n", encoding="utf-8")
    (finding,) = cl.check(folder)
    assert "'GJ' cannot be converted to 't CO2e'" in finding.text("en")
    assert "cannot" not in finding.text("zh")
