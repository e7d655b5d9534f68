"""What other factors would change: the difference is exact, nothing of the book moves, and an assumption without effect is refused."""

import hashlib
import json
import math
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.core.errors import EditionError, RegionError, UnknownActivityError, UnknownEditionError
from tests.support import PROJECT, run

TECHEN = PROJECT / "seeds" / "techen-2024"
# The amounts of the energy table that the seed report prints, in MWh and t.
GRID_MWH, GASOLINE_T = 407.83853 + 3947.88, 4.36


@pytest.fixture(scope="module")
def techen_year():
    """The seed case, whose grid factor is the national average."""
    return cl.report(TECHEN)


@pytest.fixture(scope="module")
def group_year():
    """A consolidated group with certificates, own generation and two provinces."""
    return cl.report(PROJECT / "examples" / "chinese-group")


def book(folder, rows, settings="", emissions=("cn-mee-grid-enterprise@2022", "cn-ndrc-fuels-a@2013")):
    """A small book."""
    (folder / "entries.csv").write_text("activity,amount,unit,year,region,factor\n" + rows, encoding="utf-8")
    pinned = ", ".join(f'"{name}"' for name in emissions)
    (folder / "book.toml").write_text(
        '[company]\nname_en = "A"\nreporting_year = 2024\nregion = "CN"\n'
        f'[factors]\ngwp = "ipcc-ar5@2013"\nemissions = [{pinned}]\nenergy = ["cn-energy-yearbook@2021"]\n{settings}'
        '[files]\nentries = ["entries.csv"]\n',
        encoding="utf-8",
    )
    return cl.report(folder)


@given(rate=st.decimals(min_value="0", max_value="2", places=4))
def test_the_difference_is_amount_times_difference_of_factors(techen_year, rate):
    """Whatever is assumed, the total moves by MWh x (assumed - 0.5703), and the lines by as much together."""
    effect = techen_year.what_if(set={"electricity.grid": float(rate)}).effect
    expected = GRID_MWH * (float(rate) - 0.5703)
    assert effect.totals["location_based"].difference == pytest.approx(expected, abs=1e-8)
    assert math.fsum(line.emissions.difference for line in effect.lines) == pytest.approx(expected, abs=1e-8)
    for view in (effect.by_scope, effect.by_activity):
        assert math.fsum(values.difference for values in view.values()) == pytest.approx(expected, abs=1e-8)


def test_the_own_factor_changes_nothing(techen_year):
    """Techen's edition has 0.5703: assuming it, or its edition again, moves no line."""
    for result in (
        techen_year.what_if(set={"electricity.grid": 0.5703}),
        techen_year.what_if(set={"电力": "570.3 kg CO2/MWh"}),
        techen_year.what_if(editions=["cn-mee-grid-enterprise@2022"]),
    ):
        assert result.effect.lines == ()
        assert {values.difference for values in result.effect.totals.values()} == {0.0}
        assert result.to_dict()["book_changed"] is False


@pytest.mark.parametrize("name", ["chinese-group", "green-power", "uk-company", "second-year", "own-factors"])
def test_the_own_editions_change_nothing(name):
    """Pinning again what a book pins moves no line of any example."""
    year = cl.report(PROJECT / "examples" / name)
    used = {factor.edition for row in year.inventory.plan.rows for factor in row.emission_factors} - {"own@book"}
    result = year.what_if(editions=sorted(used))
    assert result.effect.lines == ()
    assert "location_based" in result.effect.totals
    assert {values.difference for values in result.effect.totals.values()} == {0.0}


def test_another_edition_beside_the_pinned_ones(techen_year):
    """The provincial average of Shandong, 0.6410 t CO2/MWh in 2022, in the place of the national one."""
    result = techen_year.what_if(editions=["cn-mee-nbs-grid@2022"])
    assert result.effect.by_activity["electricity.grid"].after == pytest.approx(GRID_MWH * 0.6410)
    assert [(item.edition, item.replaces) for item in result.editions] == [("cn-mee-nbs-grid@2022", ())]
    assert [line.line for line in result.effect.lines] == [2, 1]


def test_an_edition_of_the_same_series_takes_the_place(group_year):
    """Another year of a series replaces it, and both methods of scope 2 are stated."""
    result = group_year.what_if(editions=["cn-mee-nbs-grid@2022"])
    assert result.editions[0].replaces == ("cn-mee-nbs-grid@2023",)
    effect = result.effect
    assert {line.activity for line in effect.lines} == {"electricity.grid"}
    for name, scope in (("location_based", "scope 2 (location-based)"), ("market_based", "scope 2 (market-based)")):
        moved = effect.by_scope[scope].difference
        assert effect.totals[name].difference == pytest.approx(moved)
        by_activity = effect.by_activity if name == "location_based" else effect.market_based_by_activity
        assert math.fsum(values.difference for values in by_activity.values()) == pytest.approx(moved)


def test_market_based_keeps_its_rates(group_year):
    """A grid average moves the location-based total alone where a residual mix and certificates price the rest."""
    effect = group_year.what_if(set={"electricity.grid": "1 t CO2/MWh"}).effect
    assert effect.totals["location_based"].after == pytest.approx(463.3969 + 1300 + 11, abs=1e-3)
    assert effect.totals["market_based"].difference == 0.0


def test_a_region_alone(group_year):
    """An assumption for one province leaves the other one alone."""
    lines = group_year.what_if(set={"electricity.grid@江苏": "1 t CO2/MWh"}).effect.lines
    assert [(line.region, round(line.emissions.after, 6)) for line in lines] == [("CN-JS", 400.0)]


@pytest.mark.parametrize(
    ("assumed", "editions", "error", "words"),
    [
        ({}, [], EditionError, "nothing is assumed"),
        (["electricity.grid"], [], EditionError, "is no assumption"),
        (["electricity.grid@=1"], [], EditionError, "is no assumption"),
        (["elektrik=1"], [], UnknownActivityError, "unknown activity 'elektrik'"),
        (["electricity.grid@Atlantis=1"], [], RegionError, "Atlantis"),
        (["diesel=3"], [], EditionError, "no line of this year is of this activity"),
        (["electricity.grid@CN-JS=1"], [], EditionError, "Its lines lie in CN-SD"),
        (["gasoline=3"], [], EditionError, "its unit is not said"),
        (["electricity.grid=1 t CO2/t"], [], EditionError, "no entry could use the factor"),
        (["electricity.grid=1 kWh/t"], [], EditionError, "electricity.grid = 1 kWh/t"),
        (["electricity.grid=-1"], [], EditionError, "negative"),
        (["electricity.grid=0,57"], [], EditionError, "not a number in plain digits"),
        (["electricity.grid=1", "外购电力=2"], [], EditionError, "assumed already"),
        (["electricity.grid=1", "electricity.grid@CN-SD=2"], [], EditionError, "no line takes it"),
        ({}, ["us-epa-egrid@2022"], EditionError, "no line of this year takes a figure"),
        ({}, ["cn-mee-grid-enterprise@2021"], EditionError, "leaves entries without a factor"),
        ({}, ["cn-mee-grid-enterprise"], UnknownEditionError, "named with its version"),
        ({}, ["ipcc-ar6@2021"], EditionError, "meant for gwp"),
    ],
)
def test_an_assumption_without_effect_is_refused(techen_year, assumed, editions, error, words):
    """What cannot be tried is said, in both languages, and is no silent zero."""
    with pytest.raises(error, match=words) as caught:
        techen_year.what_if(set=assumed, editions=editions)
    assert caught.value.text_in("zh")


def test_lines_that_name_their_factor_keep_it(tmp_path):
    """They are counted; if all do, the assumption is refused."""
    rows = "电力,10,MWh,2024,CN-SD,\n电力,20,MWh,2024,CN-SD,cn-mee-grid-enterprise@2022\n"
    result = book(tmp_path, rows).what_if(set={"electricity.grid": "1 t CO2/MWh"})
    assert [finding.says.key for finding in result.findings] == ["WHAT_IF.kept"]
    assert result.effect.totals["location_based"].difference == pytest.approx(10 * (1 - 0.5703))
    with pytest.raises(EditionError, match="names its factor"):
        book(tmp_path, rows.partition("\n")[2]).what_if(set={"electricity.grid": "1 t CO2/MWh"})


def test_a_slip_of_a_thousand_is_doubted(techen_year):
    """A figure in kg under the unit of tonnes is a warning with the nearest published one."""
    result = techen_year.what_if(set={"electricity.grid": 570.3})
    assert [finding.rule for finding in result.findings] == ["FACTOR_MAGNITUDE"]


def test_a_choice_and_a_factor_of_the_book_give_way(tmp_path):
    """An assumption comes before a factor of the settings and a choice of edition for the activity."""
    own = (
        'by_activity = {"electricity.grid" = "cn-mee-grid-enterprise"}\n'
        '[[factors.own]]\nactivity = "electricity.grid"\nvalue = "0.4 t CO2/MWh"\nsource = "bill"\nregion = "CN-SD"\nyear = 2024\n'
    )
    year = book(tmp_path, "电力,10,MWh,2024,CN-SD,\n", own)
    assert year.what_if(set={"electricity.grid": "1 t CO2/MWh"}).effect.totals["location_based"].after == pytest.approx(
        10
    )
    assert year.what_if(set={"electricity.grid@CN-SD": "1 t CO2/MWh"}).effect.lines[0].emissions.after == pytest.approx(
        10
    )


def test_energy_by_another_table(techen_year):
    """A table of calorific values comes in the place of the one with the same carriers: 43.124 for 43.07 GJ/t of gasoline."""
    result = techen_year.what_if(editions="cn-gbt-2589@2020")
    assert result.editions[0].replaces == ("cn-energy-yearbook@2021",)
    assert result.effect.energy_by_activity["fuel.gasoline"].difference == pytest.approx(GASOLINE_T * (43.124 - 43.07))
    assert [line.line for line in result.effect.lines] == [3]
    assert result.effect.totals["location_based"].difference == 0.0


def test_own_names_of_activities(tmp_path):
    """A name that the book gives a meaning is understood in an assumption, one text as well as several."""
    year = book(tmp_path, "用能甲,10,MWh,2024,CN-SD,\n", '[activities]\n"用能甲" = "electricity.grid"\n')
    assert year.what_if(set="用能甲=1").effect.totals["location_based"].after == pytest.approx(10)


def test_a_year_without_entries(tmp_path):
    """What cannot be calculated at all ends with 1 and the findings."""
    book(tmp_path, "")
    text, code = shown(tmp_path, "--set", "electricity.grid=1 t CO2/MWh")
    assert code == 1
    assert "NOTHING_TO_CALCULATE" in text


def test_what_was_missing_has_no_difference(tmp_path):
    """An edition that prices what had no factor gives a figure after, none before, and no difference of the totals."""
    year = book(tmp_path, "电力,10,MWh,2024,CN-SD,\n汽油,1,t,2024,CN-SD,\n", emissions=("cn-ndrc-fuels-a@2013",))
    result = year.what_if(editions=["cn-mee-grid-enterprise@2022"])
    assert result.effect.totals["location_based"].difference is None
    assert [(line.line, line.emissions.before, round(line.emissions.after, 3)) for line in result.effect.lines] == [
        (None, None, 5.703)
    ]
    data = result.to_dict("zh")
    assert data["complete"] is False
    assert result.exit_code == 1
    assert list(data["difference"]["totals"]) == ["calculated_location_based_tco2e"]
    assert result.effect.by_activity["electricity.grid"].before is None


def test_what_an_edition_would_lose_is_named(tmp_path):
    """Entries that an edition leaves without a factor are errors of the assumption; their emissions are missing, not zero."""
    (tmp_path / "entries.csv").write_text(
        "activity,amount,unit,start,end,region\n"
        "Grid electricity,10000,kWh,2023-04-01,2023-12-31,GB\nGrid electricity,5000,kWh,2024-01-01,2024-03-31,GB\n",
        encoding="utf-8",
    )
    (tmp_path / "book.toml").write_text(
        '[company]\nname_en = "A"\nreporting_year = 2023\nfirst_month = 4\nregion = "GB"\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["uk-desnz@2023", "uk-desnz@2024-r1"]\n'
        '[files]\nentries = ["entries.csv"]\n',
        encoding="utf-8",
    )
    year = cl.report(tmp_path)
    assert year.completeness.has_total
    result = year.what_if(editions=["uk-desnz@2024-r1"])
    assert [finding.says.key for finding in result.findings] == ["WHAT_IF.lost"]
    assert result.exit_code == 1
    (lost,) = result.effect.lines
    assert (lost.line, lost.emissions.after, lost.emissions.difference) == (1, None, None)
    assert result.effect.totals["location_based"].difference is None
    assert result.effect.by_activity["electricity.grid"].difference is None
    assert result.to_dict()["difference"]["is_part"] is True


def digest(folder):
    """Every byte and name of a folder."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_nothing_of_the_book_is_changed(tmp_path, techen_year):
    """Neither its files nor its figures."""
    folder = tmp_path / "甲"
    shutil.copytree(TECHEN, folder)
    files, year = digest(folder), cl.report(folder)
    totals = year.totals()
    year.what_if(set={"electricity.grid": 0.6}, editions=["cn-mee-fuels-c@2024"])
    assert digest(folder) == files
    assert year.totals() == totals == techen_year.totals()


def shown(*arguments):
    """What the command prints, and its exit code."""
    result = CliRunner().invoke(app, ["what-if", *map(str, arguments)])
    return result.stdout, result.exit_code


def test_the_command(techen):
    """Text and JSON say what was assumed and that nothing was changed; the exit code is that of the book."""
    text, code = shown(techen, "--set", "electricity.grid=0.6")
    assert code == 1
    for words in ("electricity.grid = 0.6 t CO2/MWh", "129.3648", "2 of 4", "Nothing of the book was changed."):
        assert words in text
    data = json.loads(shown(techen, "--set", "electricity.grid=0.6", "--json", "--lang", "zh")[0])
    assert data["difference"]["totals"]["total_location_based_tco2e"]["difference"] == pytest.approx(129.36484034)
    assert data["lines"][0]["file"] == "entries.csv"
    assert data["exit_code"] == 1


def test_the_command_in_chinese(techen):
    """A Chinese run has Chinese headings."""
    text, _ = shown(techen, "--edition", "cn-mee-nbs-grid@2022", "--lang", "zh")
    for words in ("假设分析", "按范围", "变动的条目：2 / 4", "账簿未作任何更改"):
        assert words in text


def test_many_lines_are_counted(tmp_path):
    """The text shows the largest moves and says how many more there are; both methods share a row where they agree."""
    rows = "".join(f"电力,{number},MWh,2024,CN-SD,\n" for number in range(1, 31))
    book(tmp_path, rows)
    text, code = shown(tmp_path, "--set", "电力@山东=1")
    assert "Lines that move: 30 of 30" in text
    assert "and 10 more" in text
    assert code == 0


@pytest.mark.slow
def test_a_refusal_on_the_command_line(techen):
    """Misuse ends with 2 and says what to do, in the language of the run."""
    refused = run("what-if", techen, "--lang", "zh")
    assert refused.returncode == 2
    assert "未给出任何假设" in refused.stderr
