"""The sixteen checks: planted defects are found, clean inventories are left in peace."""

from pathlib import Path

import pytest

import carbonledger as cl
from benchmarks.audit_checks import false_alarms, recall
from benchmarks.audit_defects import DEFECTS
from carbonledger.audit.catalogue import CHECKS
from carbonledger.audit.suppressions import Suppression, suppress
from carbonledger.core.findings import Finding, rules
from tests.support import PROJECT, run

TECHEN = PROJECT / "seeds" / "techen-2024"


@pytest.mark.slow
@pytest.mark.parametrize("check", list(CHECKS))
def test_planted_defects_are_found(check):
    """Five variants of each defect, other ones than the benchmark measures."""
    tried, missed = recall(check, 5, start=10_000)
    assert tried == 5
    assert len(missed) <= 1


@pytest.mark.slow
def test_clean_inventories_are_left_in_peace():
    """No check speaks about the first ten."""
    assert not any(false_alarms(10).values())


def test_every_check_has_its_page():
    """What, why, source, example and how to settle, for each of the sixteen."""
    assert len(CHECKS) == len(DEFECTS) == 16
    for check in CHECKS:
        page = (PROJECT / "docs" / "checks" / f"{check.lower()}.md").read_text(encoding="utf-8")
        for heading in ("## What", "## Why", "## Source", "## Example", "## How to settle", "## Not covered"):
            assert heading in page, check
        named = {rule.name for rule in rules().values() if rule.check == check}
        assert all(rule in page for rule in named - {check}), check


def test_the_printed_total_of_techen_implies_a_factor():
    """0.8270 t/MWh lies within 1 % of a combined margin and of two fossil averages; the tonnes at stake are the gap."""
    (finding,) = [item for item in cl.open_book(TECHEN).check() if item.rule == "AVOIDED_NETTED"]
    assert "0.8270" in finding.message
    assert finding.tonnes_at_stake == pytest.approx(2497.3318 - 2480.59, abs=1e-3)


FINDING = Finding.of("UNIT_10K.year", source="grid", energy_gj=3.6, ratio=1000.0, power=3).at(file="a.csv", row=7)


def test_a_suppression_keeps_the_finding_with_its_reason():
    """It becomes a note that says why; others stay."""
    other = Finding.of("COVERAGE.zero", count=1)
    shown = suppress([FINDING, other], [Suppression("UNIT_10K", "new meter with another multiplier", "a.csv", 7)])
    assert [item.severity for item in shown] == ["note", "warning"]
    assert "new meter" in shown[0].remedy
    same, stale = suppress([FINDING], [Suppression("UNIT_10K", "looked at elsewhere", "b.csv")])
    assert same == FINDING
    assert (stale.rule, stale.severity) == ("STALE_SUPPRESSION", "note")
    assert suppress([FINDING], [Suppression("UNIT_10K", "换了电表倍率", "a.csv")])[0].severity == "note"


@pytest.mark.parametrize(
    ("rule", "reason", "words"),
    [
        ("UNIT_10K", " ", "reason"),
        ("UNIT_10K", "checked", "at least 10 letters"),
        ("BAD_NUMBER", "fine as it is", "none of the checks"),
    ],
)
def test_a_suppression_needs_a_reason_and_a_check(rule, reason, words):
    """An entry that was left out cannot be talked away."""
    with pytest.raises(cl.errors.BookError, match=words):
        suppress([FINDING], [Suppression(rule, reason)])


def test_thresholds_are_settings(tmp_path):
    """A lag of factors that is allowed by default is a doubt once the book is stricter."""
    book = (
        '[company]\nname_zh = "甲"\nname_en = "A"\nreporting_year = 2023\nregion = "CN"\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["cn-mee-nbs-grid@2021"]\nas_of = "2024-04-30"\n[files]\nentries = ["e.csv"]\n'
    )
    (tmp_path / "e.csv").write_text("activity,amount,unit,year\n电力,5,MWh,2023\n", encoding="utf-8")
    for settings, expected in (("", set()), ("[checks]\nfactor_lag_years = 1\n", {"FACTOR_YEAR"})):
        Path(tmp_path / "book.toml").write_text(book + settings, encoding="utf-8")
        assert {item.rule for item in cl.open_book(tmp_path).check() if item.severity != "note"} == expected


def test_six_planted_defects_are_found_and_nothing_else():
    """The example's six defects, each by its check, at its place; nothing else is accused."""
    findings = [item for item in cl.open_book(PROJECT / "examples" / "six-defects").check() if item.severity != "note"]
    found = {item.check: (item.file, item.row) for item in findings}
    assert found == {
        "UNIT_10K": ("entries.csv", 8),
        "COVERAGE": ("entries.csv", 14),
        "DUPLICATE": ("entries.csv", 25),
        "PV_BALANCE": ("entries.csv", 27),
        "CERT_QUALITY": ("instruments.csv", 2),
        "AVOIDED_NETTED": ("", None),
    }
    assert len(findings) == 6


def test_a_bill_counted_in_two_years(tmp_path):
    """The December bill of 2022, entered in both years, is found; one divided by days is not accused."""
    book = (
        '[company]\nname_zh = "甲"\nname_en = "A"\nreporting_year = 2023\ncompare_year = 2022\nregion = "CN"\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["cn-mee-nbs-grid@2021"]\n'
        '[files]\nentries = ["e.csv"]\nprorate_by_days = true\n'
    )
    (tmp_path / "book.toml").write_text(book, encoding="utf-8")
    head = "activity,amount,unit,start,end,evidence\n"
    for rows, expected in (
        ("电力,5,MWh,2022-12-01,2022-12-31,no 7\n电力,5,MWh,2023-01-01,2023-01-31,no 7\n", 1),
        ("电力,5,MWh,2022-12-01,2023-01-31,no 7\n", 0),
    ):
        (tmp_path / "e.csv").write_text(head + rows, encoding="utf-8")
        found = [item for item in cl.open_book(tmp_path).check() if item.rule == "DUPLICATE"]
        assert len(found) == expected


@pytest.mark.slow
def test_lines_and_tonnes_at_stake_are_shown():
    """A reader of the command line sees how much a doubt is about."""
    out = run("check", PROJECT / "examples" / "six-defects").stdout
    assert "(lines 24, 25; 18.72 t CO2e at stake)" in " ".join(out.split())
    assert "30.78 t CO2e at stake" in " ".join(out.split())
