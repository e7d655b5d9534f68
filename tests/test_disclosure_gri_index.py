"""The GRI content index says of each disclosure what a printed index claims and what the figures of the book carry."""

import json
import shutil

import pytest
from typer.testing import CliRunner

import carbonledger as cl
from carbonledger.cli.main import app
from carbonledger.disclosure.datapoints import framework_named
from carbonledger.disclosure.gri_claims import OMISSIONS, read_claims
from carbonledger.disclosure.gri_index import known_disclosures
from tests.support import PROJECT

TECHEN = PROJECT / "seeds" / "techen-2024"
# What the report's own index lists of energy, water, emissions and waste.
CLAIMED = ("302-1", "302-3", "303-1", "303-2", "303-3", "305-1", "305-2", "305-4", "306-1", "306-2", "306-3")


@pytest.fixture(scope="module")
def index():
    """The index of the seed case."""
    return cl.report(TECHEN).gri_index()


def row_of(index, number):
    """The line of a disclosure."""
    return next(row for row in index.rows if row.number == number)


def test_the_report_claims_what_its_index_prints(index):
    """The eleven environmental disclosures of the printed index stand with their place, and 71 lines in all."""
    claimed = [row for row in index.rows if row.claim]
    assert len(claimed) == 71
    assert set(CLAIMED) <= {row.number for row in claimed}
    assert row_of(index, "305-1").claim.place == "应对气候变化"


@pytest.mark.parametrize(
    ("number", "verdict"),
    [
        ("302-1", "carried"),
        ("302-3", "not_carried"),
        ("303-1", "words"),
        ("303-3", "partly"),
        ("305-1", "carried"),
        ("305-2", "partly"),
        ("305-4", "not_carried"),
        ("306-1", "words"),
        ("306-3", "carried"),
        ("2-1", "outside"),
        ("2-4", "no_place"),
        ("307-1", "withdrawn"),
        ("306-5", "not_claimed"),
        ("302-4", ""),
    ],
)
def test_verdicts(index, number, verdict):
    """Intensities are claimed and have no denominator; totals of energy, scope 1 and waste are there."""
    assert row_of(index, number).verdict == verdict


def test_every_datapoint_with_a_code_is_in_a_line(index):
    """What GRI 302, 303, 305 and 306 ask for is counted once, under the number of its disclosure."""
    for name in ("gri-302", "gri-303", "gri-305", "gri-306"):
        for point in framework_named(name).datapoints:
            if point.code:
                number = "-".join(point.code.split("-")[:2])
                assert sum(row_of(index, number).counts.values()) >= 1, point.code


def test_what_applies_follows_the_year():
    """GRI 302 and 305-1 to 305-5 belong to reports until 2026, GRI 102 and 103 from 2027."""
    known = {item.number: item for item in known_disclosures()}
    assert known["302-1"].applies(2026)
    assert not known["302-1"].applies(2027)
    assert known["103-2"].applies(2027)
    assert not known["102-5"].applies(2026)
    assert known["305-7"].applies(2027)


def copy_with(folder, text):
    """The seed case with another printed index."""
    target = folder / "book"
    shutil.copytree(TECHEN, target)
    (target / "gri_index.csv").write_text(text, encoding="utf-8")
    return target


def test_an_omission_has_a_reason_and_an_explanation(tmp_path):
    """A reason of GRI 1 with its explanation is an omission; what the book carries may not be hidden by one."""
    text = "disclosure,place,omission,explanation\n302-3,,信息不可得,营业收入未披露\n305-1,,不适用,无\n305-4,,不适用,\n305-2,,later,x\n"
    index = cl.report(copy_with(tmp_path, text.replace("不适用,无", "不适用,没有"))).gri_index()
    assert row_of(index, "302-3").verdict == "omitted"
    assert row_of(index, "305-1").verdict == "omitted_but_carried"
    assert [item.says.key for item in index.findings] == ["GRI_INDEX.explanation", "GRI_INDEX.omission"]
    assert index.exit_code == 1


@pytest.mark.parametrize("given", ["2月1日", "302.1", "302", "", "abc"])
def test_a_number_that_is_none(tmp_path, given):
    """A spreadsheet's day for 2-1, and other texts, are named with their row."""
    path = tmp_path / "index.csv"
    path.write_text(f"编号,标题,位置\n302-1,能源,优化能源管理\n{given},员工,公司概况\n", encoding="utf-8")
    claims, findings = read_claims(path)
    assert [item.number for item in claims] == ["302-1"]
    assert [(item.says.key, item.row) for item in findings] == [("GRI_INDEX.number", 3)]


def test_a_line_that_stands_twice(tmp_path):
    """The same disclosure under one topic is taken once; under two topics, twice."""
    path = tmp_path / "index.csv"
    path.write_text("disclosure,topic,place\n3-3,能源,a\n3-3,排放,b\n3-3,排放,c\n", encoding="utf-8")
    claims, findings = read_claims(path)
    assert [item.topic for item in claims] == ["能源", "排放"]
    assert [item.says.key for item in findings] == ["GRI_INDEX.twice"]


def test_a_book_without_a_printed_index(tmp_path):
    """Each disclosure has its status, and none a verdict."""
    target = copy_with(tmp_path, "")
    path = target / "book.toml"
    path.write_text(path.read_text(encoding="utf-8").replace('gri_index = "gri_index.csv"\n', ""), encoding="utf-8")
    found = cl.report(target).gri_index()
    assert not found.has_claims
    assert {row.verdict for row in found.rows} == {""}
    assert row_of(found, "302-1").files == ("entries.csv",)


@pytest.mark.parametrize(("lang", "words"), [("en", "2 not carried, 4 in words"), ("zh", "不支持 2 项，文字披露 4 项")])
def test_the_command(lang, words):
    """Text in both languages has each disclosure with its verdict, and ends with the exit code of the disclosures."""
    result = CliRunner().invoke(app, ["disclose", str(TECHEN), "--index", "gri", "--lang", lang])
    assert result.exit_code == cl.report(TECHEN).gri_index().exit_code
    assert "302-3" in result.output
    assert words in " ".join(result.output.split())


def test_the_data_of_the_command():
    """JSON has the counts of verdicts, and each line with what is open."""
    data = json.loads(CliRunner().invoke(app, ["disclose", str(TECHEN), "--index", "gri", "--json"]).stdout)
    assert data["verdicts"]["not_carried"] == 2
    line = next(item for item in data["disclosures"] if item["disclosure"] == "302-3")
    assert (line["printed_place"], line["figures"], line["open"]) == (
        "优化能源管理",
        "not_carried",
        ["302-3-a", "302-3-b"],
    )


@pytest.mark.parametrize("options", [["--index", "esrs"], ["--index", "gri", "--csv"]])
def test_other_options_are_refused(options):
    """There is one index, as text or as data."""
    result = CliRunner().invoke(app, ["disclose", str(TECHEN), *options])
    assert result.exit_code != 0


def test_the_reasons_are_the_four_of_gri_1():
    """Not applicable, legal prohibitions, confidentiality constraints, information unavailable or incomplete."""
    assert len(OMISSIONS) == 4


def test_a_book_of_energy_alone_is_indexed(tmp_path):
    """Without emission factors the energy is carried, the emissions are not, and the report with unitless printed figures is printed."""
    target = tmp_path / "book"
    shutil.copytree(TECHEN, target)
    path = target / "book.toml"
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = ["emissions = []" if line.startswith("emissions = [") else line for line in lines]
    first = next(at for at, line in enumerate(kept) if line.startswith("[avoided_emissions]"))
    last = next(at for at, line in enumerate(kept) if at > first and not line)
    path.write_text("\n".join([*kept[:first], *kept[last:]]), encoding="utf-8")
    found = cl.report(target).gri_index()
    assert row_of(found, "302-1").verdict == "carried"
    assert row_of(found, "305-1").verdict == "not_carried"
    assert "Savings achieved" in CliRunner().invoke(app, ["report", str(target)]).output
