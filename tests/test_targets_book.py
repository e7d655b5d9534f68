"""A book says where the company stands on its targets, in every output and in both languages, and a target moves no figure."""

import json
import shutil

import pytest
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.errors import BookError
from carbonledger.pages.target_picture import target_description, target_frame, target_picture
from carbonledger.workbooks.audit_workbook import audit_workbook
from tests.support import PROJECT

TECHEN = PROJECT / "seeds" / "techen-2024"
# Constructed for the tests; nothing of it stands in the report of the company.
HISTORY = """year,scope,method,kind,tco2e,source
2020,1+2,location-based,as_reported,3000,constructed
2020,1+2,location-based,restated,3100,constructed
2021,1+2,location-based,as_reported,3010,constructed
2022,1+2,location-based,as_reported,2950,constructed
2023,1+2,location-based,as_reported,2899.24,constructed
"""
MEASURES = """
[[measure]]
name_zh = "屋顶光伏"
name_en = "Rooftop photovoltaics"
kind = "generation"
activity = "electricity.solar"
generates = "1.69 GWh"
self_use_share = 0.8
start_year = 2026

[[measure]]
name_en = "Heat pump"
kind = "shift"
activity = "fuel.natural_gas"
saves = "5 万Nm3"
adds = [{activity = "electricity.grid", amount = "120 MWh"}]
"""
DRIVERS = """
[[driver]]
name_en = "Revenue"
amount = 800.0
unit = "million CNY"
year = 2020

[[driver]]
name_en = "Revenue"
amount = 1000.0
unit = "million CNY"
"""
ABSOLUTE = """
[[target]]
id = "s12-2030"
name_en = "Down by 42 %"
name_zh = "减排42%"
kind = "absolute"
scopes = [2, 1]
scope_2_method = "location_based"
base_year = 2020
target_year = 2030
reduction_percent = 42
milestones = [{year = 2027, reduction_percent = 30}]
source = "constructed"

[target.outlook]
source = "constructed"
growth_percent = 2
grid_decline_percent = 4
"""
INTENSITY = """
[[target]]
id = "per-revenue"
name_en = "7 % a year per revenue"
kind = "intensity"
scopes = [1, 2]
scope_2_method = "location_based"
base_year = 2020
target_year = 2030
rate = "sbti-economic-intensity"
denominator = "Revenue"
source = "constructed"
"""


def book_with(folder, *texts, history=HISTORY):
    """A copy of the seed with targets of its own in the place of its two."""
    made = folder / "book"
    shutil.rmtree(made, ignore_errors=True)
    shutil.copytree(TECHEN, made)
    toml = (made / "book.toml").read_text(encoding="utf-8")
    head, _, rest = toml.partition("[[target]]")
    files = rest[rest.index("[files]") :]
    if history:
        (made / "history.csv").write_text(history, encoding="utf-8")
        files = files.replace("[files]\n", '[files]\nhistory = "history.csv"\n')
    (made / "book.toml").write_text(head + files + "".join(texts), encoding="utf-8")
    return made


def run(*arguments):
    """A command with its exit code and its output."""
    found = CliRunner().invoke(app, [str(item) for item in arguments])
    return found.exit_code, found.output


@pytest.fixture(scope="module")
def promised(tmp_path_factory):
    """A book with a series of years, two measures, and two targets."""
    return book_with(tmp_path_factory.mktemp("promised"), MEASURES, DRIVERS, ABSOLUTE, INTENSITY)


@pytest.fixture(scope="module")
def year(promised):
    """Its reporting year."""
    return cl.report(promised)


def test_the_base_is_the_restated_year(year):
    """The base is 3100 as restated, not 3000 as reported; 2024 is calculated, and a quarter of the way to the milestone is linear."""
    found = year.targets[0]
    assert found.base == 3100.0
    assert found.path.target == pytest.approx(3100 * 0.58)
    assert found.judgement.now == pytest.approx(2497.3318, abs=1e-4)
    assert found.judgement.required == pytest.approx(3100 * (1 - 0.3 * 4 / 7))
    assert found.judgement.status == "ahead"
    assert found.judgement.progress == pytest.approx((3100 - found.judgement.now) / (3100 * 0.42))


def test_a_measure_is_worth_less_on_a_cleaner_grid(year):
    """The roof's 1352 MWh save 1352 x 0.5703 t at today's factor, and 0.96 to the power of 6 of it in 2030; the heat pump is unpriced."""
    wedges = year.targets[0].wedges
    grid, roof = wedges.wedges
    assert roof.tco2e[2025] == 0.0
    assert roof.tco2e[2030] == pytest.approx(1352 * 0.5703 * 0.96**6)
    assert grid.tco2e[2030] == pytest.approx(4355.71853 * 0.5703 * 1.02**6 * (1 - 0.96**6))
    assert year.targets[0].case.unpriced[0].en == "Heat pump"


def test_an_intensity_of_a_book(year):
    """3.875 t per million CNY in 2020 fall by 51.6 % until 2030; the emissions themselves are shown beside it."""
    found = year.targets[1]
    assert found.base == pytest.approx(3100 / 800)
    assert found.path.target == pytest.approx(3100 / 800 * 0.93**10)
    assert found.path.shape == "compound"
    assert found.absolute.base_tco2e == 3100.0
    assert found.wedges is None


def test_targets_move_no_figure(year):
    """The total is that of the seed, whatever is promised."""
    assert year.totals() == cl.report(TECHEN).totals()


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("ahead", "Path (linear)")), ("zh", ("领先", "路径（线性）", "屋顶光伏"))]
)
def test_the_command(promised, lang, words):
    """``carbonledger targets`` prints status, path and plan in both languages, and says what stands in no wedge."""
    _, text = run("targets", promised, "--lang", lang)
    for expected in (*words, "2,497.33", "1,798.00", "Heat pump"):
        assert expected in text


def test_the_json(promised):
    """The JSON has every figure unrounded, with the statement of completeness and the exit code of the command."""
    code, text = run("targets", promised, "--json")
    data = json.loads(text)
    assert code == data["exit_code"]
    first, second = data["targets"]
    assert first["base_value"] == 3100.0
    assert first["years"][0] == {
        "year": 2020,
        "path": 3100.0,
        "actual": 3100.0,
        "trend": None,
        "trend_low": None,
        "trend_high": None,
        "business_as_usual": None,
        "milestone": False,
    }
    assert first["trend"]["years"] == 5
    assert second["absolute_outcome"]["now_tco2e"] == pytest.approx(2497.3318, abs=1e-4)
    assert second["rate"]["confidence"] == "unopened"
    assert json.loads(run("report", promised, "--json")[1])["targets"] == data["targets"]


def test_a_book_without_targets(tmp_path):
    """It says so, and its JSON report has no targets."""
    made = book_with(tmp_path)
    assert "keeps no targets" in run("targets", made)[1]
    assert "targets" not in cl.report(made).to_dict()


def test_the_page_and_the_workbook(year):
    """The page shows each target with its picture in words and a table; the workbook's gap and progress are formulas."""
    page = year.to_html()
    for expected in ("Down by 42 %", "减排42%", "Path (linear)", "路径（线性）", "data:image/svg+xml"):
        assert expected in page
    sheet = next(sheet for sheet in audit_workbook(year, "en").sheets if sheet.key == "targets")
    row = next(row for row in sheet.rows if row and row[0] and row[0].value == "Down by 42 %")
    assert row[8].formula
    assert row[8].value == pytest.approx(row[6].value - row[7].value)
    assert row[9].value == pytest.approx((row[4].value - row[6].value) / (row[4].value - row[5].value) * 100)


def test_the_picture(year):
    """Its numbers are a table, it is described in words, it is drawn without scripts, and an unknown year is bridged by nothing."""
    found = year.targets[1]
    frame = target_frame(found)
    assert list(frame["year"]) == list(range(2020, 2031))
    assert frame["actual"].notna().sum() == 2
    for lang in ("en", "zh"):
        svg = target_picture(found, year, lang)
        assert "<script" not in svg
        assert target_description(found, year, lang).split(" [")[0] in svg


def test_frameworks_are_answered(year):
    """What frameworks ask of targets is filled from the book; without targets it is missing."""
    for framework, name in (
        ("gri-102", "102-4"),
        ("cdp-emissions", "targets"),
        ("esrs-e1-4", "E1-4.base"),
        ("esrs-e1-6", "E1-6.targets"),
        ("ifrs-s2-33", "35.progress"),
        ("hkex-c2", "D.targets"),
    ):
        assert year.disclosure(framework)[name].status == "filled", framework
    assert year.disclosure("gri-102")["102-4.progress"].value == pytest.approx(100 * year.targets[0].judgement.progress)
    seed = cl.report(TECHEN)
    assert seed.disclosure("esrs-e1-4")["E1-4.targets"].status == "filled"
    assert seed.disclosure("esrs-e1-4")["E1-4.base"].status == "data_missing"
    assert seed.disclosure("esrs-e1-4")["E1-4.progress"].status == "data_missing"


def test_the_seed_cannot_be_judged():
    """The report promises a peak by 2030 and neutrality by 2050; of one year neither can be judged, and what is missing is said."""
    peak, neutral = cl.report(TECHEN).targets
    assert peak.judgement.status == neutral.judgement.status == "cannot_be_judged"
    assert "2024" in peak.judgement.reason.en
    assert "base year" in neutral.judgement.reason.en
    assert cl.report(TECHEN).target_findings == []


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (ABSOLUTE.replace("base_year = 2020", "base_year = 2031"), "TARGET_FORM"),
        (ABSOLUTE.replace("reduction_percent = 42", "reduction_percent = 420"), "TARGET_FORM"),
        (ABSOLUTE.replace("base_year = 2020", "base_year = 2019"), "TARGET_BASE"),
        (ABSOLUTE.replace("base_year = 2020", "base_year = 2020\nbase_value = 3000"), "TARGET_BASE"),
        (ABSOLUTE.replace("location_based", "market_based"), "TARGET_METHOD"),
        (INTENSITY.replace("Revenue", "Output"), "TARGET_DENOMINATOR"),
        (ABSOLUTE + ABSOLUTE, "TARGET_FORM"),
        (
            ABSOLUTE.replace('source = "constructed"\n\n', 'source = "constructed"\nboundary = "elsewhere"\n\n'),
            "TARGET_BOUNDARY",
        ),
    ],
)
def test_a_target_that_cannot_be_followed(tmp_path, text, rule):
    """It is a finding of the year in both languages, its status says why, and the command ends with 1 if it is an error."""
    made = book_with(tmp_path, text)
    year = cl.report(made)
    found = [item for item in year.findings if item.rule == rule]
    assert found
    assert all(item.text("zh") != item.text("en") for item in found)
    assert year.targets[0].judgement.status == "cannot_be_judged"
    assert run("targets", made)[0] == 1


@pytest.mark.parametrize(
    "text",
    [
        ABSOLUTE.replace("= 42", '= "42"'),
        ABSOLUTE.replace("= 42", "= nan"),
        ABSOLUTE.replace("= 42", "= true"),
        ABSOLUTE.replace("[2, 1]", "[]"),
        ABSOLUTE.replace("[2, 1]", "[2, 2]"),
        ABSOLUTE.replace('"absolute"', '"relative"'),
        ABSOLUTE.replace("2030", "20300"),
        ABSOLUTE.replace("grid_decline_percent = 4", "grid_decline_percent = 400"),
        ABSOLUTE.replace("reduction_percent = 42", "reduktion = 42"),
        ABSOLUTE.replace('name_en = "Down by 42 %"\nname_zh = "减排42%"\n', ""),
    ],
)
def test_a_statement_of_another_kind_is_refused(tmp_path, text):
    """Text in the place of a number, an unknown word or a misspelt name is refused with its line."""
    with pytest.raises(BookError, match=r"book\.toml, line"):
        cl.open_book(book_with(tmp_path, text))


@pytest.mark.parametrize(("base", "status"), [(2018, "reached"), (1000, "missed")])
def test_a_year_that_has_passed(tmp_path, base, status):
    """The target year's own figure decides: 2950 t in 2022 against 42 % less than the base."""
    history = (
        f"year,scope,method,kind,tco2e,source\n2015,1+2,location-based,as_reported,{base * 3},constructed\n"
        + "".join(HISTORY.splitlines(keepends=True)[3:])
    )
    text = ABSOLUTE.replace("base_year = 2020", "base_year = 2015").replace("target_year = 2030", "target_year = 2022")
    text = text.replace("milestones = [{year = 2027, reduction_percent = 30}]\n", "")
    found = cl.report(book_with(tmp_path, text, history=history)).targets[0]
    assert found.judgement.status == status
    assert found.judgement.year == 2022
    assert found.judgement.pace is None
    gone = history.replace("2022,1+2", "2021,1")
    assert cl.report(book_with(tmp_path, text, history=gone)).targets[0].judgement.status == "cannot_be_judged"


def test_an_incomplete_year_is_not_judged(tmp_path):
    """Where entries are left out the year has no total, and what is left would look like a success."""
    made = book_with(tmp_path, ABSOLUTE)
    entries = made / "entries.csv"
    entries.write_text(entries.read_text(encoding="utf-8").replace("3947880", "much"), encoding="utf-8")
    found = cl.report(made).targets[0]
    assert found.judgement.status == "cannot_be_judged"
    assert found.wedges is None
    assert run("targets", made)[0] == 1


def test_the_example_by_hand():
    """The example has the figures of its README: 908.42 t against 840, 21.8 %, 54.74 t a year, and 43.22 t not planned in 2030."""
    absolute, intensity = cl.report(PROJECT / "examples" / "targets").targets
    assert absolute.judgement.now == pytest.approx(1400 * 0.5703 + 1000 * 0.11)
    assert absolute.judgement.gap == pytest.approx(68.42)
    assert absolute.judgement.progress == pytest.approx((1000 - 908.42) / 420)
    assert absolute.judgement.pace.per_year == pytest.approx((908.42 - 580) / 6)
    grid, roof, compressors = (item.tco2e[2030] for item in absolute.wedges.wedges)
    assert grid == pytest.approx(798.42 * 1.01**6 * (1 - 0.97**6))
    assert roof == pytest.approx(320 * 0.5703 * 0.97**6)
    assert compressors == pytest.approx(100 * 0.5703 * 0.97**6)
    assert absolute.wedges.shortfall(2030) == pytest.approx(908.42 * 1.01**6 - 580 - grid - roof - compressors)
    assert intensity.judgement.required == pytest.approx(12.5 * 0.93**4)
    assert intensity.judgement.status == "ahead"


def test_a_denominator_of_another_year_divides_no_figure_of_this_one(tmp_path):
    """A disclosure of 2024 divides by the revenue of 2024 alone, and the book of 2025 keeps the revenue of 2020 for its target."""
    example = PROJECT / "examples" / "targets"
    ratios = [
        item.figure.value for item in cl.report(example).disclosure("gri-305-4") if item.datapoint.id == "305-4-a"
    ]
    assert ratios == [pytest.approx(9.0842)]
    shutil.copytree(example, tmp_path / "old")
    assert run("new-year", tmp_path / "old", tmp_path / "new", "--driver", "Revenue=110")[0] == 0
    kept = {(item.year, item.amount) for item in cl.open_book(tmp_path / "new").settings.drivers}
    assert kept == {(2020, 80.0), (None, 110.0)}
