"""Earlier years stand as they were reported and as they were restated: nothing mixed, nothing interpolated, nothing overwritten."""

import math
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.comparison.emission_series import CalculatedYear, History
from carbonledger.comparison.history import read_history
from carbonledger.core.language import Label
from tests.support import PROJECT

HEADINGS = ("year", "scope", "method", "kind", "emissions", "source")
AMOUNTS = st.floats(0.01, 1e7, allow_nan=False)


def rows_of(*rows, headings=HEADINGS):
    """Rows of a history, as `read_history` takes them."""
    return [dict(zip(headings, row, strict=True)) for row in rows]


def history_of(*rows, **more):
    """A history of good rows."""
    entries, findings = read_history(rows_of(*rows))
    assert findings == []
    return History(entries, **more)


def rules(findings):
    """The keys of findings."""
    return [finding.says.key for finding in findings]


def book_with(folder, text, source="second-year"):
    """A copy of an example with earlier years."""
    target = folder / "book"
    shutil.copytree(PROJECT / "examples" / source, target)
    (target / "history.csv").write_text(text, encoding="utf-8")
    settings = (target / "book.toml").read_text(encoding="utf-8")
    (target / "book.toml").write_text(settings.replace("[files]", '[files]\nhistory = "history.csv"'), encoding="utf-8")
    return target


def test_a_chinese_table():
    """Chinese headings and words, kilotonnes, and scopes as they are written."""
    headings = ("年份", "范围", "范围二方法", "数据性质", "排放量", "单位", "来源")
    rows = [
        ("2020", "范围一", "", "原报告值", "500.5", "吨二氧化碳当量", "2020 年报告第 4 页"),
        ("2020", "Scope 2", "基于位置", "披露值", "2.0005", "kt CO2e", "2020 年报告第 4 页"),
        ("2021", "范围一、二", "位置法", "重述", "0.2", "万吨CO2e", "2022 年报告第 5 页"),
    ]
    entries, findings = read_history(rows_of(*rows, headings=headings))
    assert findings == []
    assert [(item.scopes, item.method, item.kind) for item in entries] == [
        ((1,), "", "as_reported"),
        ((2,), "location_based", "as_reported"),
        ((1, 2), "location_based", "restated"),
    ]
    assert [item.tco2e for item in entries] == pytest.approx([500.5, 2000.5, 2000.0])


@pytest.mark.parametrize(
    ("row", "rule"),
    [
        (("2020", "total", "", "as_reported", "5", "p. 1"), "HISTORY_ENTRY.scope"),
        (("2020", "1+1", "", "as_reported", "5", "p. 1"), "HISTORY_ENTRY.scope"),
        (("20", "1", "", "as_reported", "5", "p. 1"), "HISTORY_ENTRY.year"),
        (("2020.5", "1", "", "as_reported", "5", "p. 1"), "BAD_NUMBER.not_whole"),
        (("2020", "1+2", "", "as_reported", "5", "p. 1"), "HISTORY_ENTRY.no_method"),
        (("2020", "1", "market_based", "as_reported", "5", "p. 1"), "HISTORY_ENTRY.needless_method"),
        (("2020", "2", "mixed", "as_reported", "5", "p. 1"), "HISTORY_ENTRY.method"),
        (("2020", "1", "", "final", "5", "p. 1"), "HISTORY_ENTRY.kind"),
        (("2020", "1", "", "as_reported", "", "p. 1"), "HISTORY_ENTRY.no_amount"),
        (("2020", "1", "", "as_reported", "-5", "p. 1"), "BAD_NUMBER.negative"),
        (("2020", "1", "", "as_reported", "five", "p. 1"), "BAD_NUMBER.other"),
        (("2020", "1", "", "as_reported", "nan", "p. 1"), "HISTORY_ENTRY.no_amount"),
    ],
)
def test_a_row_that_cannot_be_used_is_a_finding(row, rule):
    """No year, scope, method, kind or amount is guessed, and the good row beside it is read."""
    entries, findings = read_history(rows_of(row, ("2021", "1", "", "as_reported", "7", "p. 2")))
    assert [item.year for item in entries] == [2021]
    assert rules(findings) == [rule]
    assert findings[0].row is not None


@pytest.mark.parametrize(("unit", "rule"), [("t", "HISTORY_ENTRY.unit"), ("frobs of gas", "HISTORY_ENTRY.no_unit")])
def test_a_unit_that_is_no_emission(unit, rule):
    """Tonnes of something else are not taken for CO2 equivalents."""
    row = ("2020", "1", "", "as_reported", "5", unit, "p. 1")
    assert rules(read_history(rows_of(row, headings=(*HEADINGS[:5], "unit", "source")))[1]) == [rule]


def test_repeated_and_contradicting_rows():
    """A row that repeats another counts once; of two that contradict each other neither counts; a source is asked for."""
    same = ("2020", "1", "", "as_reported", "5", "p. 1")
    entries, findings = read_history(rows_of(same, same))
    assert (len(entries), rules(findings)) == (1, ["HISTORY_TWICE"])
    entries, findings = read_history(rows_of(same, (*same[:4], "6", "p. 2")))
    assert (entries, rules(findings)) == ([], ["HISTORY_CONTRADICTION.rows"])
    assert rules(read_history(rows_of((*same[:5], "")))[1]) == ["HISTORY_WITHOUT_SOURCE"]


def test_methods_are_never_mixed():
    """A location-based figure is no part of a market-based series, and none is made up where one is missing."""
    history = history_of(
        ("2020", "1", "", "as_reported", "10", "a"),
        ("2020", "2", "location_based", "as_reported", "90", "a"),
        ("2022", "2", "market_based", "as_reported", "70", "b"),
        ("2022", "1", "", "as_reported", "9", "b"),
    )
    location, market = (history.series((1, 2), method) for method in ("location_based", "market_based"))
    assert [item.stands_tco2e for item in location.years] == [100, None, None]
    assert [item.stands_tco2e for item in market.years] == [None, None, 79]
    assert (location.gaps, market.gaps) == ((2021, 2022), (2020, 2021))


def test_a_restated_part_keeps_the_other_part():
    """Scope 1 restated beside scope 2 as reported gives a restated sum; what was first reported stays."""
    year = history_of(
        ("2020", "1", "", "as_reported", "10", "a"),
        ("2020", "2", "location_based", "as_reported", "90", "a"),
        ("2020", "1", "", "restated", "12", "b"),
    ).series()
    assert [(item.as_reported_tco2e, item.restated_tco2e, item.stands_tco2e) for item in year.years] == [
        (100, 102, 102)
    ]
    assert year.years[0].restated_source.en == "b; a"


@given(st.lists(AMOUNTS, min_size=3, max_size=3), st.integers(0, 3))
def test_printed_sums_of_rounded_parts_do_not_contradict(amounts, places):
    """Parts and total, each rounded to the same places, agree within half a unit of each last digit."""
    parts = [round(value, places) for value in amounts]
    total = round(math.fsum(amounts), places)
    rows = [
        ("2020", "1", "", "as_reported", repr(parts[0]), "a"),
        ("2020", "2", "location_based", "as_reported", repr(parts[1]), "a"),
        ("2020", "3", "", "as_reported", repr(parts[2]), "a"),
        ("2020", "1+2+3", "location_based", "as_reported", repr(total), "a"),
    ]
    kept = [row for row in rows if float(row[4]) < 1e15]
    assert History(read_history(rows_of(*kept))[0]).findings == ()


def test_a_total_that_its_parts_do_not_give():
    """The contradiction names the rows."""
    history = history_of(
        ("2020", "1", "", "as_reported", "10", "a"),
        ("2020", "2", "location_based", "as_reported", "90", "a"),
        ("2020", "1+2", "location_based", "as_reported", "110", "a"),
    )
    assert rules(history.findings) == ["HISTORY_CONTRADICTION.parts"]


def test_a_restated_figure_alone():
    """The first report of what was restated is asked for."""
    assert rules(history_of(("2020", "1", "", "restated", "10", "a")).findings) == ["HISTORY_RESTATED_ALONE"]


def test_rows_of_calculated_years():
    """The reporting year is calculated whatever a row says; an earlier year stays as it was reported, and the difference is said."""
    values = {(1, ""): 8.0, (2, "location_based"): 80.0}
    now = CalculatedYear(2024, values, Label("now", "now"))
    before = CalculatedYear(2023, values, Label("again", "again"), first_reported=False)
    rows = [(year, "1", "", "as_reported", "10", "a") for year in ("2023", "2024")]
    history = history_of(*rows, calculated=(before, now))
    assert [item.as_reported_tco2e for item in history.series((1,)).years] == [10, 8]
    assert rules(history.findings) == ["HISTORY_CONTRADICTION.compared", "HISTORY_CONTRADICTION.calculated"]
    restated = history_of(*rows[:1], ("2023", "1", "", "restated", "8", "b"), calculated=(before, now))
    assert restated.findings == ()
    assert restated.series((1, 2), "market_based").gaps == (2023, 2024)


def test_the_series_of_a_book(tmp_path):
    """Earlier rows, the year compared with and the reporting year in one series; a missing year is a gap; the inventory stays the same."""
    rows = (
        "year,scope,method,kind,emissions,source",
        "2020,1,,as_reported,40,a",
        "2020,2,location_based,as_reported,1800,a",
    )
    text = "\n".join(rows)
    year = cl.report(book_with(tmp_path, text))
    series = year.emission_series()
    plain = cl.report(PROJECT / "examples" / "second-year")
    assert [item.year for item in series.years] == [2020, 2021, 2022, 2023, 2024]
    assert series.gaps == (2021, 2022)
    assert series.of(2020).as_reported_tco2e == 1840
    assert series.of(2023).as_reported_tco2e == pytest.approx(plain.previous.total_location_based().magnitude)
    assert series.of(2024).as_reported_tco2e == pytest.approx(plain.totals()["total_location_based_tco2e"])
    assert year.totals() == plain.totals()
    frame = year.emissions_over_time()
    assert set(frame["scopes"]) == {"1", "2", "1+2"}
    assert set(frame["method"]) == {"", "location_based"}
    assert series.to_dict("zh")["label"] == "范围一+二（基于位置）"


def test_bad_rows_of_earlier_years_leave_the_inventory_whole(tmp_path):
    """They are errors of the run, and no part of the total is missing for them."""
    year = cl.report(book_with(tmp_path, "year,scope,method,kind,emissions,source\n2020,1,,as_reported,abc,x\n"))
    assert "BAD_NUMBER" in {finding.rule for finding in year.findings}
    assert not year.completeness.is_part
    assert year.completeness.exit_code == 1
