"""Commands over several books say which book a finding is of, state no change over a part, and name years of different kinds."""

import json
import shutil

import pytest

from tests.support import PROJECT, run

YEARS = PROJECT / "examples" / "techen-years"


@pytest.fixture
def books(tmp_path):
    """The three years of Techen, to be spoilt."""
    return shutil.copytree(YEARS, tmp_path / "years")


def spoil(path, old, new):
    """Replace a text of a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize("command", ["compare", "decompose"])
def test_books_in_the_wrong_order_are_misuse(command):
    """Both commands end with 2 and say what to name first."""
    result = run(command, YEARS / "2024", YEARS / "2023")
    assert result.returncode == 2
    assert "Name the book" in result.stderr


@pytest.mark.parametrize("command", ["compare", "decompose"])
def test_a_book_that_cannot_be_calculated_is_named(books, command):
    """Each book has a file of the same name; the finding says whose it is."""
    entries = books / "2023" / "entries.csv"
    entries.write_text(entries.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    result = run(command, books / "2023", books / "2024")
    assert result.returncode == 1
    assert (books / "2023").as_posix() in "".join(result.stdout.split("\n"))


def test_a_single_book_whose_other_year_fails_says_why(books):
    """A year to compare with is set: the reason is its own, not that there is none."""
    entries = books / "2023" / "entries.csv"
    entries.write_text(entries.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    result = run("decompose", books / "2024", "--json")
    assert result.returncode == 1
    assert [item["rule"] for item in json.loads(result.stdout)] == ["COMPARE_YEAR"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_uncertainty_of_a_change_is_of_two_whole_years(books, lang):
    """With a row of 2023 refused no change is stated, and a finding says why; before it was -131.87 t in the place of -401.91 t."""
    spoil(books / "2023" / "entries.csv", ",473500,kWh", ",abc,kWh")
    data = json.loads(run("uncertainty", books / "2024", "--approach", "1", "--json", "--lang", lang).stdout)
    assert data["uncertainty"]["trend"] is None
    assert [item["rule"] for item in data["findings"]] == ["COMPARE_YEAR"]


def test_a_cell_of_uncertainty_that_says_nothing_is_said(books):
    """The command that states the uncertainty names the cells that could not be used."""
    entries = books / "2024" / "entries.csv"
    head, *rows = entries.read_text(encoding="utf-8").splitlines()
    entries.write_text("\n".join([head + ",不确定度", *(row + ",abc" for row in rows)]) + "\n", encoding="utf-8")
    data = json.loads(run("uncertainty", books / "2024", "--approach", "1", "--json").stdout)
    assert {item["rule"] for item in data["findings"]} == {"UNCERTAINTY_CELL"}


def test_books_of_two_companies_are_named_as_such_in_chinese():
    """The warning of decompose and compare has the Chinese names."""
    for command in ("compare", "decompose"):
        result = run(command, YEARS / "2023", PROJECT / "examples" / "base-year", "--lang", "zh", "--json")
        found = json.dumps(json.loads(result.stdout), ensure_ascii=False)
        assert "示例机电集团（虚构）" in found
        assert "Example Electromechanical Group" not in found


def test_every_finding_has_its_severity_in_front(books):
    """A base year that no row states: the finding begins with the word warning or error, in the text of base-year too."""
    spoil(books / "2025" / "history.csv", "2023,", "2022,")
    result = run("base-year", books / "2025")
    lines = [line for line in result.stdout.splitlines() if line.startswith(("book.toml", "history.csv"))]
    assert not lines
    assert "warning: " in result.stdout or "error: " in result.stdout


@pytest.mark.parametrize(("lang", "unit"), [("en", "t CO2e"), ("zh", "tCO2e")])
def test_targets_write_the_unit_of_the_language(lang, unit):
    """No text of a language has the unit of the other."""
    printed = run("targets", YEARS / "2025", "--lang", lang).stdout
    other = {"en": "tCO2e", "zh": "t CO2e"}[lang]
    assert unit in printed
    assert other not in printed


def test_a_band_below_zero_is_said():
    """Gross emissions are never negative: a trend line that goes on below 0 is named as no forecast."""
    assert "below 0" in run("targets", YEARS / "2025").stdout
