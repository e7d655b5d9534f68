"""Two books compared: the command, the page and the workbook say the three numbers, and what a year would be now."""

import csv
import json
import shutil

import openpyxl
import pytest
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError
from tests.support import PROJECT

# The same worked example as in test_comparison_years.
BOOK = """
[company]
name_en = "Worked example (invented)"
name_zh = "算例公司（虚构）"
reporting_year = {year}
region = "CN"
{compared}
[factors]
gwp = "ipcc-ar5@2013"
emissions = []
own = [
  {{ activity = "electricity.grid", value = "{grid} t CO2/MWh", source = "digest 8.3" }},
  {{ activity = "fuel.natural_gas", value = "0.0561 t CO2/GJ", source = "digest 8.3", heating_value = "net" }},
]
[files]
entries = ["entries.csv"]
allow_outside = [".."]
"""
HEAD = "entity,activity,amount,unit,year\n"
BEFORE = "p,electricity.grid,1000,MWh,2023\np,fuel.natural_gas,2000,GJ,2023\n"
NOW = "p,electricity.grid,900,MWh,2024\np,fuel.natural_gas,2200,GJ,2024\np,electricity.solar,200,MWh,2024\n"
THREE = ("-7.37 %", "-6.54 %", "-6.51 %")


def written(folder, year, grid, rows, compared=""):
    """A book of a year."""
    folder.mkdir()
    (folder / "book.toml").write_text(BOOK.format(year=year, grid=grid, compared=compared), encoding="utf-8")
    (folder / "entries.csv").write_text(HEAD + rows, encoding="utf-8")
    return folder


@pytest.fixture
def books(tmp_path):
    """The two books of the worked example; the later one names the earlier."""
    compared = 'compare_year = 2023\ncompare_book = "../a"'
    return written(tmp_path / "a", 2023, 0.5366, BEFORE), written(tmp_path / "b", 2024, 0.5306, NOW, compared)


def command(*arguments):
    """The output of a run of the command."""
    found = CliRunner().invoke(app, ["compare", *map(str, arguments)])
    return found.exit_code, found.output


def test_the_command_says_the_three_numbers(books):
    """Both books named, or the later one alone: the worked example, with the sentences which number a text may use."""
    code, text = command(*books)
    assert code == 0
    for number in (*THREE, "606.3600", "642.8000", "-6.0000", "-5.4000"):
        assert number in text
    assert "takes the number at the factors of 2023" in text
    assert command(books[1]) == (code, text)


def test_the_command_in_chinese(books):
    """The same in Chinese: the numbers, and no English sentence."""
    code, text = command(books[1], "--lang", "zh", "--like-for-like")
    assert code == 0
    for number in THREE:
        assert number in text
    assert "同口径：均采用2023年因子" in text
    assert "factors" not in text


def test_plain_data(books):
    """JSON has every axis that was asked for, unrounded, with conventions in codes and both statements of completeness."""
    code, text = command(*books, "--json", "--axis", "carrier", "--axis", "line")
    data = json.loads(text)
    assert code == data["exit_code"] == 0
    assert list(data["changes"]) == ["carrier", "line"]
    total = data["like_for_like"]["total"]
    assert total["previous_factors_change_percent"] == pytest.approx(-6.541307028360044)
    assert [row["energy_gj_convention"] for row in data["changes"]["carrier"]] == [
        "percent",
        "percent",
        "new",
        "percent",
    ]
    assert data["changes"]["carrier"][2]["energy_gj_change_percent"] is None
    assert (data["previous"]["year"], data["current"]["year"], data["restatement"]) == (2023, 2024, None)
    assert data["complete"] is True


def test_csv(books, tmp_path):
    """The table of an axis with the three numbers beside the changes."""
    path = tmp_path / "changes.csv"
    assert command(*books, "--axis", "entity", "--csv", path)[0] == 0
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [row["entity"] for row in rows] == ["p", "total"]
    assert float(rows[1]["laspeyres_factor_effect_tco2e"]) == pytest.approx(-6)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("b", "a"), "2024 is not earlier than 2023. Name the book of the earlier year first."),
        (("a",), "names no book to compare with"),
        (("a", "b", "b"), "3 books are named"),
        (("a", "b", "--as-of", "April"), "'April' is no day"),
        (("a", "b", "--axis", "entitty"), "Did you mean entity"),
        (("a", "c"), "there is no such file or folder"),
    ],
)
def test_misuse(books, arguments, said):
    """Books in the wrong order, one that compares with nothing, a day or an axis that is none: said with the way out."""
    given = [books[0].parent / item if len(item) == 1 else item for item in arguments]
    found = CliRunner().invoke(app, ["compare", *map(str, given)])
    assert said in str(found.exception)


def test_a_part_ends_with_one(books):
    """A year that leaves an entry out: its statement stands at the head, no number is stated, and the exit code is 1."""
    (books[0] / "entries.csv").write_text(f"{HEAD}{BEFORE}p,fuel.diesel,10,t,2023\n", encoding="utf-8")
    code, text = command(*books)
    assert code == 1
    assert "2023: INCOMPLETE" in text
    assert not any(number in text for number in THREE)
    assert json.loads(command(*books, "--json")[1])["like_for_like"]["total"]["as_reported_change_percent"] is None


def test_a_book_of_energy_alone(books):
    """Without emission factors the energy is compared, and no emissions are."""
    for book in books:
        path = book / "book.toml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace(text[text.index("own = [") : text.index("[files]")], ""), encoding="utf-8")
    data = json.loads(command(*books, "--json", "--axis", "carrier")[1])
    grid = data["changes"]["carrier"][0]
    assert grid["energy_gj_change_percent"] == pytest.approx(-10)
    assert grid["emissions_tco2e_convention"] == "missing"
    assert command(*books)[0] == 0


def test_the_report_has_both(books, tmp_path):
    """The page, the workbook and the plain data of a report show like for like beside as reported, in both languages."""
    year = cl.report(books[1])
    assert year.to_dict()["like_for_like"]["total"]["current_factors_change_percent"] == pytest.approx(-6.509023024)
    for lang, sentence in (("en", "at the factors of 2023"), ("zh", "均采用2023年因子")):
        text = year.to_html(lang=lang)
        assert sentence in text
        assert "-6.54" in text
        year.to_excel(tmp_path / f"{lang}.xlsx", lang=lang)
        sheets = openpyxl.load_workbook(tmp_path / f"{lang}.xlsx")
        cells = [cell for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row]
        assert any(sentence in str(cell) for cell in cells)
        assert any(isinstance(cell, float) and cell == pytest.approx(-6.541307028) for cell in cells)


def test_a_closed_year_restated(tmp_path):
    """The closed year, its book as it stands, and what had been published since: figures side by side, and what moved with the reason."""
    book = tmp_path / "book"
    shutil.copytree(PROJECT / "examples" / "second-year", book)
    cl.year_end.close_year(book)
    year = cl.open_book(book).reporting_year()
    as_it_was = year.restated("2025-04-30")
    assert (as_it_was.moved, as_it_was.standing.state) == ((), "closed")
    later = year.restated("2026-06-01")
    grid = [item for item in later.moved if item.activity == "electricity.grid"]
    # The grid of Shandong: 0.6410 t/MWh published for 2022, 0.6191 for 2023 (cn-mee-nbs-grid).
    assert {(item.factor_before[-13:-6], item.factor_after[-12:-6]) for item in grid} == {(" 0.6410", "0.6191")}
    assert later.effect.totals["location_based"].difference == pytest.approx((1180 + 841) * (0.6191 - 0.6410))
    assert any("0.6191" in line for line in later.lines("en"))
    assert later.to_dict("zh")["standing"]["state"] == "closed"


def test_a_kept_copy_is_restated_by_its_book(tmp_path):
    """Compared with a closing, the earlier year is restated as its book stands: closed figures and those of now side by side."""
    from tests.test_year_end import LATE, add

    book = tmp_path / "book"
    shutil.copytree(PROJECT / "examples" / "second-year", book)
    cl.year_end.close_year(book)
    cl.year_end.reopen_year(book, reason="late bill")
    add(book / "entries-2024.csv", LATE)
    kept = cl.open_book(book / "closed" / "2024" / "1" / "inputs").reporting_year()
    found = kept.restated("2025-04-30")
    assert found.standing.state == "reopened"
    total = next(item for item in found.standing.figures if item.name == "total_location_based_tco2e")
    assert total.closed == pytest.approx(1332.3023246843)
    assert total.now > total.closed
    assert found.effect.before.location_based == pytest.approx(total.now)


def test_a_later_year_is_refused(books):
    """The earlier year comes first, in Python too."""
    earlier, later = (cl.open_book(book).reporting_year() for book in books)
    with pytest.raises(BookError, match="not earlier"):
        earlier.compared_to(later)
    assert "-7.37 % / -6.54 % / -6.51 %" in repr(later.compared_to(earlier))


def test_reasons_are_one_sentence(books):
    """Why nothing is compared is one sentence, whatever the reasons say of themselves."""
    (books[0] / "entries.csv").write_text("entity,activity,amount,unit,year\np,electricity.grid,x,MWh,2023\n")
    (finding,) = [item for item in cl.check(books[1]) if item.rule == "COMPARE_YEAR"]
    assert ".," not in finding.message
    assert ".;" not in finding.message
    assert finding.message.endswith(".")
    assert not finding.message.endswith("..")
    assert finding.says.text("zh").endswith("。")


def test_a_closed_book_is_never_called_open(tmp_path):
    """The earlier year reached through the later book's settings: its closing is said, whichever way it is asked for."""
    from tests.test_year_end import add

    book = tmp_path / "a"
    written(book, 2023, 0.5366, BEFORE)
    cl.year_end.close_year(book)
    later = written(tmp_path / "b", 2024, 0.5306, NOW, 'compare_year = 2023\ncompare_book = "../a"')
    code, text = command(later, "--as-of", "2025-01-01")
    assert code == 0
    assert "Closed: 2023 was closed on" in text
    add(book / "entries.csv", "p,fuel.natural_gas,10,GJ,2023\n")
    assert "CHANGED SINCE IT WAS CLOSED" in command(later, "--as-of", "2025-01-01")[1]
