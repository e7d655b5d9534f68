"""Amounts, bills and days: each clause with a near miss that stays silent."""

from datetime import date

import pytest

import carbonledger as cl
from carbonledger.activity_data.checks import check_entries
from carbonledger.activity_data.coverage import coverage_matrix
from carbonledger.activity_data.sites import Site
from tests.audit_books import bill, doubts, last_year, meter, monthly, write_book

TWELVE = [71.31, 68.12, 70.07, 66.94, 69.85, 72.43, 74.26, 73.18, 70.59, 68.77, 67.46, 71.08]


def rules(found):
    """The rules and severities of some findings."""
    return {(item.rule, item.severity) for item in found}


# UNIT_10K


def test_a_month_in_the_wrong_unit_is_an_error(tmp_path):
    """A book whose July is 10^4 off does not exit with 0."""
    rows = monthly("electricity.grid", [*TWELVE[:6], 0.0074, *TWELVE[7:]])
    assert rules(doubts(tmp_path, rows)) == {("UNIT_10K", "error")}


@pytest.mark.parametrize(("amount", "found"), [(0.0412, True), (41.2, False), (2.1, False)])
def test_one_of_two_bills_against_the_other(tmp_path, amount, found):
    """Half a year in 10^4 kWh beside the other in kWh; a half year that stood almost still is none."""
    rows = [bill("electricity.grid", 412.7, end="2023-06-30"), bill("electricity.grid", amount, start="2023-07-01")]
    assert (("UNIT_10K", "error") in rules(doubts(tmp_path, rows))) == found


@pytest.mark.parametrize(
    ("amount", "unit", "found"), [(3200, "t", True), (3.2, "t", False), (3200, "kg", False), (900, "t", False)]
)
def test_a_yearly_bill_against_last_year_whatever_its_unit(tmp_path, amount, unit, found):
    """3,200 t of gasoline for last year's 3,200 kg are found; the same amount in another unit, or a plant grown 300 times, is not."""
    rows = [meter("fuel.gasoline", amount, unit, note="fleet grown")]
    before = [{**last_year(rows)[0], "amount": 3200, "unit": "kg", "source": "fuel cards"}]
    got = rules(doubts(tmp_path, [*rows, *before], company="compare_year = 2022\n"))
    assert (("UNIT_10K", "error") in got) == found


# DUPLICATE


def with_second(tmp_path, **cells):
    """Twelve bills, and one of them once more with some cells changed."""
    rows = monthly("electricity.grid", TWELVE)
    return rules(doubts(tmp_path, [*rows, {**rows[2], **cells}]))


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"evidence": "invoice 77"}, {("DUPLICATE", "warning"), ("OVERLAPPING_PERIODS", "warning")}),
        ({"evidence": "invoice 77", "note": "second transformer"}, {("OVERLAPPING_PERIODS", "warning")}),
        ({"site": "office", "amount": 33.5}, {("DUPLICATE", "warning"), ("MISSING_MONTHS", "error")}),
        ({"site": "office", "amount": 33.5, "note": "split by floor area"}, {("MISSING_MONTHS", "error")}),
        ({"evidence": "invoice 77", "amount": 12.9, "source": "meter 2"}, {("MISSING_MONTHS", "warning")}),
    ],
)
def test_a_bill_again(tmp_path, cells, expected):
    """Under another number, or its document at another site with another amount; said to be another, or another meter, it is none."""
    assert with_second(tmp_path, **cells) == expected


@pytest.mark.parametrize(
    ("amounts", "expected"),
    [((7131.84, 7131.84), True), ((7130, 7130), False), ((7131.84, 7131.85), False), ((7131.84,) * 4, False)],
)
def test_the_same_amount_within_weeks(tmp_path, amounts, expected):
    """To the last digit is a doubt; a round amount, another digit, or a flat rate of many months is none."""
    months = [*amounts, *[7000 + 11.7 * month for month in range(12 - len(amounts))]]
    found = doubts(tmp_path, monthly("electricity.grid", months))
    assert rules(found) == ({("DUPLICATE", "warning")} if expected else set())


def test_the_same_amount_at_another_site(tmp_path):
    """Five digits for the same days without documents are a doubt; with a document each they are none."""
    rows = [
        meter("fuel.gasoline", 3.2173, "t", evidence=""),
        meter("fuel.gasoline", 3.2173, "t", evidence="", site="hall"),
    ]
    assert rules(doubts(tmp_path, rows)) == {("DUPLICATE", "warning")}
    told = [{**row, "evidence": f"card {at}"} for at, row in enumerate(rows)]
    assert rules(doubts(tmp_path, told)) == set()


@pytest.mark.parametrize(("drift", "found"), [(1.0, True), (1.012, True), (1.05, False)])
def test_a_main_meter_beside_its_sub_meters(tmp_path, drift, found):
    """A meter that shows the others' sum within 2 % every month is counted twice; 5 % beside it is a third meter."""
    parts = [
        monthly("electricity.grid", [value * share for value in TWELVE], source=f"hall {share}")
        for share in (0.3, 0.55)
    ]
    main = monthly("electricity.grid", [value * 0.85 * drift for value in TWELVE], source="transformer")
    got = rules(doubts(tmp_path, [*parts[0], *parts[1], *main]))
    assert (("DUPLICATE", "error") in got) == found


# COVERAGE


def test_gaps_are_named_by_their_days(tmp_path):
    """A bill that ends on the 20th leaves eleven days, not a month, and is a warning."""
    rows = monthly("electricity.grid", TWELVE)
    rows[4]["end"] = "2023-05-20"
    (found,) = doubts(tmp_path, rows)
    assert "2023-05-21..2023-05-31 (11 days)" in found.message
    assert found.severity == "warning"


@pytest.mark.parametrize(
    ("activity", "kept", "severity"),
    [
        ("electricity.grid", range(11), "error"),
        ("electricity.grid", range(3), "error"),
        ("fuel.natural_gas", range(11), "error"),
        ("heat.purchased", (0, 1, 2, 10, 11), "warning"),
        ("fuel.diesel", (4,), "warning"),
    ],
)
def test_a_missing_month_is_an_error_where_the_year_was_meant(tmp_path, activity, kept, severity):
    """Of electricity always, of others if they cover most of the year: heating and single purchases are asked about only."""
    unit = {"electricity.grid": "MWh", "fuel.natural_gas": "Nm3", "heat.purchased": "GJ", "fuel.diesel": "t"}[activity]
    rows = monthly(activity, TWELVE, unit)
    assert rules(doubts(tmp_path, [rows[at] for at in kept])) == {("MISSING_MONTHS", severity)}


def test_an_exchanged_meter_is_no_missing_month(tmp_path):
    """Two meters that follow each other are noted; a month that neither covers is an error."""
    rows = monthly("electricity.grid", TWELVE)
    rows = [{**row, "source": "meter 1" if at < 6 else "meter 2"} for at, row in enumerate(rows)]
    assert rules(doubts(tmp_path, rows, notes=True)) >= {("MISSING_MONTHS", "note")}
    assert not doubts(tmp_path, rows)
    assert ("MISSING_MONTHS", "error") in rules(doubts(tmp_path, [*rows[:6], *rows[7:]]))


def test_a_yearly_user_is_not_blocked(tmp_path):
    """One entry per source and year, or four quarters, leave nothing to say."""
    quarters = [
        bill("fuel.natural_gas", 1000.5 + at, "Nm3", f"2023-{first:02}-01", last)
        for at, (first, last) in enumerate(
            zip((1, 4, 7, 10), ("2023-03-31", "2023-06-30", "2023-09-30", "2023-12-31"), strict=True)
        )
    ]
    assert doubts(tmp_path, [meter("electricity.grid", 900), *quarters]) == []


SITE = '[[site]]\nid = "plant"\nentity = "A"\n{}'


def test_nothing_is_asked_of_a_site_before_it_opened(tmp_path):
    """Six bills from July on are all there are of a site that opened in July; a gap after that is found."""
    rows = monthly("electricity.grid", TWELVE)[6:]
    opened = SITE.format("valid_from = 2023-07-01\n")
    assert rules(doubts(tmp_path, rows, settings=opened)) == set()
    assert rules(doubts(tmp_path, rows, settings=SITE.format(""))) == {("MISSING_MONTHS", "error")}
    assert rules(doubts(tmp_path, [*rows[:2], *rows[3:]], settings=opened)) == {("MISSING_MONTHS", "error")}
    closed = SITE.format("valid_to = 2023-06-30\n")
    assert rules(doubts(tmp_path, monthly("electricity.grid", TWELVE)[:6], settings=closed)) == set()
    place = {("A", "plant"): Site("plant", "A", valid_from=date(2023, 7, 1))}
    matrix = coverage_matrix(write_book(tmp_path, rows).entries, 2023, places=place)
    assert (matrix.loc[0, "2023-06"], matrix.loc[0, "2023-07"]) == ("closed", "actual")


@pytest.mark.parametrize(("count", "found"), [(11, True), (12, False), (13, True)])
def test_bills_that_state_the_year_only_are_counted(tmp_path, count, found):
    """11 or 13 of them are a doubt; twelve are a year."""
    rows = [meter("electricity.grid", 70.13 + at, source="", evidence=f"bill {at}") for at in range(count)]
    assert ("COVERAGE" in {item.rule for item in doubts(tmp_path, rows)}) == found


def test_zeros_and_sites_without_energy(tmp_path):
    """A zero needs a word, and so does a listed site that only has waste."""
    rows = [meter("electricity.grid", 900), meter("fuel.diesel", 0, "t")]
    assert rules(doubts(tmp_path, rows)) == {("COVERAGE", "warning")}
    rows[1]["note"] = "generator not started"
    assert rules(doubts(tmp_path, rows)) == set()
    depot = [rows[0], meter("fuel.diesel", 0, "t", site="depot", note="not started")]
    settings = SITE.format("") + '[[site]]\nid = "depot"\nentity = "A"\n'
    assert rules(doubts(tmp_path, depot, settings=settings)) == set()
    exported = [
        rows[0],
        meter("electricity.exported", 5, site="depot", note=""),
        meter("electricity.generated", 5, site="depot"),
    ]
    assert ("COVERAGE", "warning") not in rules(doubts(tmp_path, exported, settings=settings))


def test_overlaps_of_a_named_meter_are_more_than_a_note():
    """Two readings that share a day are a note; bills that share a week are a warning."""
    rows = monthly("electricity.grid", TWELVE)
    for end, severity in (("2023-02-01", "note"), ("2023-02-07", "warning")):
        rows[0]["end"] = end
        found = check_entries(cl.read_entries(rows, region="CN"), 2023)
        assert [item.severity for item in found if item.rule == "OVERLAPPING_PERIODS"] == [severity]
