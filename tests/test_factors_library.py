"""The factor library in use: search, diff, why, own editions, locks, upgrades."""

import json
import shutil
from datetime import date

import pytest
import xlsxwriter

import carbonledger as cl
from carbonledger.book.upgrade import upgrade_book
from tests.support import run, run_installed


def test_search_in_both_languages():
    """汽油 and a misspelt gasoline find gasoline; 华北 电网 finds the North China grid, newest first."""
    for text in ("汽油", "gasolin", "Petrol"):
        assert {hit.factor.activity for hit in cl.search_factors(text, region="CN", limit=3)} == {"fuel.gasoline"}
    first = cl.search_factors("华北 电网")[0]
    assert (first.factor.region, first.factor.value_text, first.status) == ("CN-GRID-NORTH", "0.6361", "current")


def test_search_by_region_and_year():
    """A factor of a later year than the activity, or of another region, does not come first."""
    hit = cl.search_factors("grid electricity", region="CN-SD", year=2022)[0]
    assert (hit.factor.region, hit.factor.data_year) == ("CN-SD", 2022)


def test_search_without_sense_finds_nothing():
    """What no edition knows is not found."""
    assert cl.search_factors("zzzzqqqq") == []
    assert cl.search_factors("") == []


def test_hits_carry_what_a_reader_needs():
    """Value, unit, edition, boundary and status."""
    hit = cl.search_factors("山东 电力 2023")[0]
    assert (hit.factor.value_text, hit.factor.unit, hit.factor.edition) == ("0.6191", "t/MWh", "cn-mee-nbs-grid@2023")
    assert hit.boundary == "generation"


def test_diff_of_two_years():
    """Every figure of the grid changed from 2022 to 2023; the national one by -1.12 %."""
    changes = cl.factors.diff_editions(
        cl.factors.read_edition("cn-mee-nbs-grid@2022"), cl.factors.read_edition("cn-mee-nbs-grid@2023")
    )
    assert {change.kind for change in changes} == {"changed"}
    national = next(
        item for item in changes if (item.factor.region, item.factor.parameter) == ("CN", "emission_factor")
    )
    assert national.percent == pytest.approx((0.5306 / 0.5366 - 1) * 100)
    assert (
        cl.factors.diff_editions(
            cl.factors.read_edition("cn-mee-nbs-grid@2022"), cl.factors.read_edition("cn-mee-nbs-grid@2022")
        )
        == []
    )


def test_why_tells_the_whole_decision():
    """Each series answers for itself; what was refused says why."""
    decisions = {
        item.series: item.decision
        for item in cl.factors.why("electricity.grid", "CN-SD", 2024, as_of=date(2025, 4, 30))
    }
    nbs = decisions["cn-mee-nbs-grid"]
    assert [(match.factor.value_text, match.kind) for match in nbs.matches] == [("0.6410", "earlier year")]
    reasons = {factor.edition: reason for factor, reason in nbs.refused if factor.region == "CN-SD"}
    assert "published 2025-12-31" in reasons["cn-mee-nbs-grid@2023"]
    assert "allows at most 2" in reasons["cn-mee-nbs-grid@2021"]
    assert decisions["cn-mee-grid-enterprise"].matches[0].factor.value_text == "0.5703"


@pytest.mark.parametrize(
    ("blend", "expected"),
    [
        ("R-410A", (2087.5, 1923.5, 2255.5)),
        ("R-404A", (3921.6, 3942.8, 4728.0)),
        ("R-407C", (1773.85, 1624.21, 1907.93)),
    ],
)
def test_blends_follow_the_gwp_set(blend, expected):
    """A blend is its composition times the potentials of AR4, AR5 and AR6."""
    found = [
        cl.factors.blend_gwp(blend, cl.factors.read_gwp(name)).gwp
        for name in ("ipcc-ar4@2007", "ipcc-ar5@2013", "ipcc-ar6@2021")
    ]
    assert found == [pytest.approx(value, abs=0.06) for value in expected]


def test_a_blend_with_an_unknown_component_is_refused():
    """No partial sum for a blend whose component has no potential in the set."""
    with pytest.raises(cl.errors.MissingFactorError, match=r"has no GWP; a sum over the rest would be too small"):
        cl.factors.blend_gwp("R-454B", cl.factors.read_gwp("ipcc-ar4@2007"))
    with pytest.raises(cl.errors.MissingFactorError, match="not known"):
        cl.factors.blend_gwp("R-999", cl.factors.read_gwp("ipcc-ar4@2007"))


ROWS = [
    ["activity", "region", "data_year", "gas", "value", "unit", "source_locator"],
    ["外购电力", "CN-SD", 2024, "CO2", 0.42, "t/MWh", "contract 7, annex 2"],
]


@pytest.fixture
def own(tmp_path):
    """A book whose electricity comes with a supplier's factor of its own edition."""
    source = tmp_path / "suppliers.xlsx"
    with xlsxwriter.Workbook(source) as book:
        sheet = book.add_worksheet()
        for number, row in enumerate(ROWS):
            sheet.write_row(number, 0, row)
    folder = tmp_path / "book"
    folder.mkdir()
    facts = {
        "publisher": "Supplier",
        "document": "Contract 7",
        "how_verified": "signed copy",
        "transcribed_by": "staff",
    }
    cl.factors.new_edition("my-suppliers", folder=folder / "factors", source=source, facts=facts)
    (folder / "entries.csv").write_text(
        "activity,amount,unit,year,region\n电力,1000,MWh,2024,CN-SD\n", encoding="utf-8"
    )
    (folder / "book.toml").write_text(
        '[company]\nname_zh = "甲"\nname_en = "A"\nreporting_year = 2024\n'
        '[factors]\nfolder = "factors"\ngwp = "ipcc-ar5@2013"\nemissions = ["my-suppliers@1"]\n'
        '[files]\nentries = ["entries.csv"]\n',
        encoding="utf-8",
    )
    assert cl.factors.seal_edition("my-suppliers@1", folder / "factors") == []
    return folder


def test_own_edition_in_a_calculation(own):
    """A supplier's factor from a workbook is verified, sealed, pinned and used."""
    inventory = cl.open_book(own).inventory()
    assert inventory.total_location_based().magnitude == pytest.approx(420)
    assert "contract 7" in str(inventory.explain(1))


def test_own_editions_keep_the_rules(tmp_path):
    """An edition without publisher, or with the example row unfilled, is not sealed; nor can a shipped id be taken."""
    cl.factors.new_edition("residual-mix", folder=tmp_path)
    rules = {finding.rule for finding in cl.factors.seal_edition("residual-mix@1", tmp_path)}
    assert rules == {"EDITION_METADATA", "FACTOR_VALUE"}
    assert not (tmp_path / "catalogue.csv").exists()
    with pytest.raises(cl.errors.EditionError, match="exists"):
        cl.factors.new_edition("residual-mix", folder=tmp_path)
    with pytest.raises(cl.errors.EditionError, match="exists"):
        cl.factors.new_edition("ipcc-ar5", version="2013", folder=tmp_path)
    with pytest.raises(cl.errors.EditionError, match="lower-case"):
        cl.factors.new_edition("../escape", folder=tmp_path)


def test_a_table_with_foreign_columns_is_refused(tmp_path):
    """An import names the column or activity it does not know, with file and row."""
    source = tmp_path / "x.csv"
    source.write_text("activity,colour\n汽油,red\n", encoding="utf-8")
    with pytest.raises(cl.errors.EditionError, match="no column 'colour'"):
        cl.factors.new_edition("x", folder=tmp_path / "f", source=source)
    source.write_text("activity,value\n汽油油油油,1\n", encoding="utf-8")
    with pytest.raises(cl.errors.EditionError, match=r"x.csv, row 2, column activity: .*fuel.gasoline"):
        cl.factors.new_edition("x", folder=tmp_path / "f", source=source)
    assert not (tmp_path / "f" / "x").exists()


@pytest.mark.slow
def test_one_corrupt_byte_is_named(own):
    """A locked book refuses to calculate when a byte of an edition changed, and names the file."""
    assert run("lock", own).returncode == 0
    assert run("report", own, "--locked").returncode == 0
    path = own / "factors" / "my-suppliers" / "1" / "factors.csv"
    path.write_bytes(path.read_bytes().replace(b"0.42", b"0.43"))
    result = run("report", own, "--locked")
    assert result.returncode == 1
    assert "factors.csv changed" in result.stderr
    assert "420" not in result.stdout
    # A process reads an edition once; the next one sees the change without a lock too.
    unlocked = run_installed("report", own)
    assert unlocked.returncode == 2
    assert "not the released ones" in unlocked.stderr


@pytest.mark.slow
def test_upgrade_shows_before_anything_is_touched(tmp_path, techen):
    """Newer grid factors are shown with percentages and tonnes; the book stays as it is."""
    folder = tmp_path / "case"
    shutil.copytree(techen, folder)
    book = folder / "book.toml"
    text = book.read_text(encoding="utf-8").replace("cn-mee-grid-enterprise@2022", "cn-mee-nbs-grid@2022")
    book.write_text(text, encoding="utf-8")
    result = upgrade_book(cl.open_book(folder).reporting_year())
    assert result.editions == (("cn-mee-nbs-grid@2022", "cn-mee-nbs-grid@2023"),)
    (change,) = result.changes
    assert change.percent == pytest.approx((0.6191 / 0.6410 - 1) * 100)
    assert result.total_after - result.total_before == pytest.approx(4355.71853 * (0.6191 - 0.6410))
    assert book.read_text(encoding="utf-8") == text
    shown = run("upgrade", folder)
    assert "-3.42 %" in shown.stdout
    assert "Nothing was changed" in shown.stdout


@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("factors", "list"), "cn-mee-nbs-grid@2023"),
        (("factors", "search", "华北", "电网"), "0.6361"),
        (("factors", "diff", "cn-mee-nbs-grid@2022", "cn-mee-nbs-grid@2023"), "-1.12 %"),
        (
            ("factors", "why", "electricity.grid", "CN-SD", "2024", "--as-of", "2025-04-30"),
            "chosen (earlier year): 0.6410",
        ),
        (("factors", "gwp", "R-410A"), "2087.5"),
        (("factors", "verify", "cn-mee-nbs-grid@2022"), "1 edition(s) verified, 0 finding(s)"),
    ],
)
def test_doors_of_the_library(arguments, words):
    """Every verb prints text, and JSON on request."""
    result = run(*arguments)
    assert result.returncode == 0, result.stderr
    assert words in result.stdout
    json.loads(run(*arguments, "--json").stdout)


@pytest.mark.slow
def test_new_and_seal_on_the_command_line(tmp_path):
    """A skeleton is written, refused while it is empty, and sealed once filled."""
    folder = tmp_path / "factors"
    facts = ("--publisher", "P", "--document", "D", "--verified", "V", "--by", "B")
    assert run("factors", "new", "mine", "--folder", folder, *facts).returncode == 0
    refused = run("factors", "seal", "mine@1", "--folder", folder)
    assert refused.returncode == 1
    assert "FACTOR_VALUE" in refused.stdout
    path = folder / "mine" / "1" / "factors.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",CO2,,", ",CO2,0.3,"), encoding="utf-8")
    assert run("factors", "seal", "mine@1", "--folder", folder).returncode == 0
    assert run("factors", "verify", "mine@1", "--folder", folder).returncode == 0
    assert run("factors", "search", "example supplier electricity", "--folder", folder).returncode == 0


def test_importing_reads_no_edition():
    """`import carbonledger` opens no file of factors."""
    import subprocess
    import sys

    code = (
        "import sys; opened = []; sys.addaudithook(lambda event, args: opened.append(str(args[0])) if event == 'open' else None);"
        "import carbonledger; print([name for name in opened if 'emission_factors' in name])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )
