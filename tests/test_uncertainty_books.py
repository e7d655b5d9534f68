"""A book states its uncertainty, and every output says it: command, report, page, workbook, picture and ISO 14064-1."""

import json
import shutil

import pytest
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.pages.pictures import picture
from tests.support import PROJECT

STATED = """
[uncertainty]
seed = 5
[[uncertainty.activity]]
activity = "外购电力"
percent = 2
reason = "class 1 meters"
[[uncertainty.factor]]
activity = "electricity.grid"
percent = 8
reason = "expert judgement"
"""
REST = """
[[uncertainty.activity]]
activity = "fuel.gasoline"
scale = "ghg-protocol"
scores = { precision = "good", completeness = "good", temporal = 1, geographical = "很好", technological = "fair" }
reason = "fuel cards"
[[uncertainty.factor]]
activity = "fuel.gasoline"
lower_percent = -3.0
upper_percent = 5
reason = "constructed"
"""


def run(*arguments):
    """A run of the command line."""
    return CliRunner().invoke(app, [str(part) for part in arguments])


@pytest.fixture
def book(tmp_path):
    """Makes a copy of a book with more settings."""

    def made(more, name="techen-2024", folder="seeds"):
        target = tmp_path / name
        shutil.copytree(PROJECT / folder / name, target, dirs_exist_ok=True)
        settings = target / "book.toml"
        settings.write_text(settings.read_text(encoding="utf-8") + more, encoding="utf-8")
        return target

    return made


def test_the_command_says_it_in_both_languages(book):
    """The command prints estimates, contributions and what to improve first, wholly in the language of the run."""
    folder = book(STATED + REST)
    english, chinese = run("uncertainty", folder), run("uncertainty", folder, "--lang", "zh")
    assert "Approach 1" in english.output
    assert "improve this first: activity data, Grid electricity (Aifu)" in " ".join(english.output.split())
    assert "方法一" in chinese.output
    assert "应首先改进" in chinese.output
    assert "Approach" not in chinese.output


def test_plain_data(book):
    """The JSON has the figures unrounded, the seed, and 100 % of the variance."""
    data = json.loads(run("uncertainty", book(STATED + REST), "--json", "--draws", "2000", "--seed", "9").output)
    found = data["uncertainty"]
    assert (found["draws"], found["seed"]) == (2000, 9)
    assert not found["is_part"]
    # Two meters of 2 % with 2 031.6 and 452.4... t on one factor of 8 %, and gasoline with 13.27 t: dominated by the factor.
    assert found["total"]["uncertainty_percent"] == pytest.approx(8.17, abs=0.02)
    assert sum(item["share_percent"] for item in found["contributions"]) == pytest.approx(100)
    assert data["statement"][0].startswith("Complete")


def test_one_approach_alone(book):
    """Approach 1 draws nothing."""
    found = json.loads(run("uncertainty", book(STATED), "--json", "--approach", "1").output)["uncertainty"]
    assert found["draws"] is None
    assert found["total"]["monte_carlo"] is None
    assert found["total"]["half_width_tco2e"] > 0


def test_a_book_without_settings(book):
    """Without settings the command still says what has no limits, and the report says nothing of uncertainty."""
    folder = book("")
    output = run("uncertainty", folder).output
    assert "Nothing has limits of uncertainty" in output
    assert "2,484.07 t CO2e (99.5 % of the" in output
    year = cl.open_book(folder).reporting_year()
    assert year.uncertainty is None
    assert year.to_dict()["uncertainty"] is None
    assert not any(finding.rule.startswith("UNCERTAINTY") for finding in year.findings)


def test_gaps_touch_no_total(book):
    """What has no limits is a finding of the report, and keeps its total complete and its exit code as it was."""
    plain, stated = (cl.open_book(book(more)).reporting_year() for more in ("", STATED))
    assert any(finding.rule == "UNCERTAINTY_GAP" for finding in stated.findings)
    assert stated.completeness.complete
    assert stated.completeness.exit_code == plain.completeness.exit_code
    assert stated.totals() == plain.totals()


def test_every_output(book, tmp_path):
    """Report, page, workbook and picture have a section of uncertainty in both languages."""
    year = cl.open_book(book(STATED + REST)).reporting_year()
    page = year.to_html("zh")
    assert "对总量方差的贡献" in page
    assert "What contributes to the variance of the total" in page
    assert "不确定性（95%，基于位置）" in run("report", tmp_path / "techen-2024", "--lang", "zh").output
    from openpyxl import load_workbook

    sheets = load_workbook(year.to_excel(tmp_path / "report.xlsx", "zh"))
    cells = [cell for row in sheets["不确定性"].iter_rows(values_only=True) for cell in row if cell is not None]
    assert "对总量方差的贡献" in cells
    assert any(
        isinstance(cell, float) and cell == pytest.approx(year.uncertainty.total.half_width_tco2e) for cell in cells
    )
    for lang, words in (("en", "activity data"), ("zh", "活动数据")):
        assert words in picture(year, "uncertainty", lang)
    plain = cl.open_book(PROJECT / "seeds" / "techen-2024").reporting_year()
    assert plain.plot.uncertainty() is None


def test_iso_14064_1(book):
    """9.3.1 p) and q) are filled where every figure has limits, and say how much has where not."""
    whole = cl.disclose(book(STATED + REST), "iso-14064-1")
    year = cl.open_book(book(STATED + REST)).reporting_year()
    assert whole["q"].status == "filled"
    assert whole["q"].value == pytest.approx(year.uncertainty.total.covered_percent)
    assert [str(item.piece) for item in whole if item.datapoint.id == "p"] == ["category 1", "category 2"]
    nothing = cl.disclose(PROJECT / "seeds" / "techen-2024", "iso-14064-1")
    assert (nothing["p"].status, nothing["q"].status) == ("needs_words", "data_missing")


def test_a_part_in_iso_14064_1(book):
    """Where a part has limits, the whole is missing and the part is known, with its share."""
    part = cl.disclose(book(STATED), "iso-14064-1")["q"]
    assert part.status == "data_missing"
    assert part.known_part == pytest.approx(8.2, abs=0.1)
    assert "99.5 %" in part.reason.en


def test_the_year_before(book):
    """The change since the year before has its uncertainty; the same factor of both years is said to cancel."""
    folder = book(STATED.replace("外购电力", "electricity.grid"), "second-year", "examples")
    found = json.loads(run("uncertainty", folder, "--json").output)["uncertainty"]["trend"]
    assert found["change_tco2e"] == pytest.approx(found["after_tco2e"] - found["before_tco2e"])
    assert found["is_significant"] is None
    assert len(found["shared"]) == 1
    # Were the factors independent, they alone would give 8 % of some 1 300 and of some 1 700 t.
    assert found["half_width_tco2e"] < 0.08 * 1_300
    assert "nearly cancel" in " ".join(run("uncertainty", folder).output.split())


BAD = [
    ('percent = -2\nsource = "a"\nreason = "x"', "is below 0"),
    ('percent = 500\nsource = "a"\nreason = "x"', "would make the figure negative"),
    ('percent = "much"\nsource = "a"\nreason = "x"', "activity[1].percent"),
    ('percent = nan\nsource = "a"\nreason = "x"', "activity[1].percent"),
    ('lower_percent = 3.0\nupper_percent = 5\nsource = "a"\nreason = "x"', "do not enclose"),
    ('lower_percent = -3.0\nsource = "a"\nreason = "x"', "belong together"),
    ('percent = 2\nlower_percent = -3.0\nupper_percent = 5\nsource = "a"\nreason = "x"', "one way"),
    ('source = "a"\nreason = "x"', "one way"),
    ('percent = 2\nreason = "x"', "says what it is of"),
    ('percent = 2\nsource = "a"', "reason"),
    ('percent = 2\nactivity = "fuel.unicorn"\nreason = "x"', "unicorn"),
    ('percent = 2\nsauce = "a"\nreason = "x"', "source"),
    (
        'scale = "ghg-protocol"\nscores = { precision = "so so" }\nsource = "a"\nreason = "x"',
        "a rating by ghg-protocol",
    ),
    ('percent = 2\ndistribution = "gauss"\nsource = "a"\nreason = "x"', "normal"),
]


@pytest.mark.parametrize(("statement", "words"), BAD)
def test_bad_settings(book, statement, words):
    """A statement that cannot be used is refused with its line and what to write, in both languages."""
    folder = book(f"\n[[uncertainty.activity]]\n{statement}\n")
    with pytest.raises(cl.errors.BookError) as caught:
        cl.open_book(folder)
    assert "book.toml, line" in str(caught.value)
    assert words in str(caught.value)
    assert "book.toml" in caught.value.text_in("zh")


def test_all_faults_at_once(book):
    """Several faults of the settings are said together."""
    two = "".join(f"\n[[uncertainty.activity]]\n{statement}\n" for statement, _ in BAD[:2])
    with pytest.raises(cl.errors.BookError) as caught:
        cl.open_book(book(two))
    assert len(caught.value.others) == 1


def test_a_statement_twice(book):
    """The same selection stated twice is refused."""
    once = '\n[[uncertainty.activity]]\nsource = "a"\npercent = 2\nreason = "x"\n'
    with pytest.raises(cl.errors.BookError, match="stated twice"):
        cl.open_book(book(once * 2))


def test_a_column_of_the_entries(tmp_path):
    """A column of limits in Chinese is read; what cannot be used is a warning, and its amount counts all the same."""
    table = tmp_path / "entries.csv"
    table.write_text(
        "来源,活动,数量,单位,年份,地区,不确定度\n1号表,外购电力,600,MWh,2022,CN,2 %\n"
        "2号表,外购电力,300,MWh,2022,CN,-4 % / +5 %\n3号表,外购电力,100,MWh,2022,CN,约一成\n",
        encoding="utf-8",
    )
    entries = cl.read_entries(table)
    assert list(entries.frame["uncertainty"]) == ["2 %", "-4 % / +5 %", ""]
    (finding,) = [item for item in entries.findings if item.rule == "UNCERTAINTY_CELL"]
    assert (finding.row, finding.severity) == (4, "warning")
    inventory = cl.calculate(entries, cl.load_factors("cn-mee-grid-enterprise@2022"), gwp="ipcc-ar5@2013")
    assert float(inventory.total_location_based().magnitude) == pytest.approx(570.3)
    stated = cl.uncertainty.UncertaintySettings(
        factor=[{"activity": "electricity.grid", "percent": 8.0, "reason": "judgement"}]
    )
    assert cl.uncertainty.assess(inventory, stated, "1").total.covered_share == pytest.approx(0.9)
