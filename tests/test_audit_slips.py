"""Slips that a verifier sees by comparing: decimal points, MJ for kWh, exchanged meters, totals among bills, sizes that no plant has."""

import pytest

from tests.audit_books import bill, doubts, meter, monthly

STEADY = [71.31, 68.12, 70.07, 66.94, 69.85, 72.43, 74.26, 73.18, 70.59, 68.77, 67.46, 71.08]
SMALL = [3.12, 3.31, 2.98, 3.05, 3.2, 3.11, 3.27, 3.02, 3.15, 3.22, 3.08, 3.19]
HEATING = (5213, 4921, 4122, 2613, 911, 872, 853, 887, 1204, 2511, 4310, 5122)


def keys(found):
    """The rules of some findings, each with its severity and row."""
    return {(item.says.key, item.severity, item.row) for item in found}


@pytest.mark.parametrize(
    ("times", "key", "severity"),
    [
        (10, "AMOUNT_OUTLIER.tenfold", "warning"),
        (0.1, "AMOUNT_OUTLIER.tenfold", "warning"),
        (100, "AMOUNT_OUTLIER.tenfold", "warning"),
        (0.01, "AMOUNT_OUTLIER.tenfold", "warning"),
        (3.6, "AMOUNT_OUTLIER.mj_kwh", "warning"),
        (1 / 3.6, "AMOUNT_OUTLIER.mj_kwh", "warning"),
        (5.6, "AMOUNT_OUTLIER.unusual", "note"),
    ],
)
@pytest.mark.parametrize("month", [0, 5, 11])
def test_one_month_among_steady_ones(tmp_path, month, times, key, severity):
    """A moved point and MJ for kWh are named at their row; another distance is a note; a note in the row settles each."""
    if month == 0 and times < 0.3 and key.endswith("mj_kwh"):
        severity = "note"  # the Spring Festival
    amounts = [amount * times if at == month else amount for at, amount in enumerate(STEADY)]
    rows = monthly("electricity.grid", amounts)
    assert {item for item in keys(doubts(tmp_path, rows, notes=True)) if "AMOUNT" in item[0]} == {
        (key, severity, month + 2)
    }
    rows[month]["note"] = "furnace relined"
    assert not doubts(tmp_path, rows)


@pytest.mark.parametrize("month", [0, 1, 7])
@pytest.mark.parametrize("unit", ["MJ", "GJ", "kgce"])
def test_a_bill_in_another_unit(tmp_path, month, unit):
    """Digits of MWh with another unit are named at their row; the same amount rightly converted is not."""
    rows = monthly("electricity.grid", STEADY)
    rows[month]["unit"] = unit
    found = keys(doubts(tmp_path, rows))
    assert found & {("AMOUNT_OUTLIER.unit", "warning", month + 2), ("UNIT_10K.usual", "error", month + 2)}
    rows[month] |= {"unit": "GJ", "amount": round(STEADY[month] * 3.6, 3)}
    assert not doubts(tmp_path, rows)


@pytest.mark.parametrize("month", range(12))
def test_a_moved_point_among_seasons(tmp_path, month):
    """A month of heating at ten times or a tenth is named against its neighbours; the year without it is not."""
    assert not doubts(tmp_path, monthly("fuel.natural_gas", HEATING, "Nm3"))
    for times in (10, 0.1):
        amounts = [amount * times if at == month else amount for at, amount in enumerate(HEATING)]
        found = doubts(tmp_path, monthly("fuel.natural_gas", amounts, "Nm3"))
        assert keys(found) == {("AMOUNT_OUTLIER.tenfold", "warning", month + 2)}


@pytest.mark.parametrize("count", [1, 2, 4, 6])
@pytest.mark.parametrize("times", [1e3, 1e4, 1e-3, 1e-4])
def test_several_slipped_months(tmp_path, count, times):
    """Up to half of a year in the wrong unit is an error at each of its rows; of halves nobody can say which is wrong."""
    slipped = range(1, 2 * count, 2)
    amounts = [amount * times if at in slipped else amount for at, amount in enumerate(STEADY)]
    found = [item for item in doubts(tmp_path, monthly("electricity.grid", amounts)) if item.rule == "UNIT_10K"]
    assert {item.row - 2 for item in found} == (set(slipped) if count < 6 else set(range(12)))
    assert {item.severity for item in found} == {"error"}


def test_two_meters_exchanged_for_a_month(tmp_path):
    """May of two meters in each other's place is named at both rows."""
    large = monthly("electricity.grid", [*STEADY[:4], SMALL[4], *STEADY[5:]], source="meter 1", evidence="")
    small = monthly("electricity.grid", [*SMALL[:4], STEADY[4], *SMALL[5:]], source="meter 2", evidence="")
    found = [item for item in doubts(tmp_path, [*large, *small]) if item.rule == "AMOUNTS_EXCHANGED"]
    assert {item.row for item in found} == {6, 18}


def test_the_total_of_a_year_among_its_months(tmp_path):
    """A thirteenth bill that is the sum of the twelve is an error."""
    rows = monthly("electricity.grid", STEADY)
    total = {**rows[-1], "amount": round(sum(STEADY), 2), "evidence": "list"}
    assert ("TOTAL_AMONG_BILLS", "error", 2) in keys(doubts(tmp_path, [total, *rows]))


@pytest.mark.parametrize("unit", ["MWh", "kWh"])
def test_a_main_meter_in_another_unit(tmp_path, unit):
    """A main meter of two others is found in whatever unit it is read, and beside a third that it does not count."""
    scale = {"MWh": 1, "kWh": 1000}[unit]
    meters = [
        monthly("electricity.grid", STEADY, source="meter 1"),
        monthly("electricity.grid", SMALL, source="meter 2"),
    ]
    shown = [round((one + two) * 1.004 * scale, 2) for one, two in zip(STEADY, SMALL, strict=True)]
    meters.append(monthly("electricity.grid", shown, unit, source="meter 0"))
    other = monthly("electricity.grid", [31.2 + 7 * (at % 4) for at in range(12)], source="meter 3")
    for rows in (meters, [*meters, other]):
        found = doubts(tmp_path, [row for group in rows for row in group])
        assert "DUPLICATE.main_meter" in {item.says.key for item in found if item.severity == "error"}


def test_a_meter_that_is_called_the_main_one(tmp_path):
    """总表 with a tenth that no other meter counts is named."""
    sub = monthly("electricity.grid", STEADY, source="车间")
    main = monthly(
        "electricity.grid",
        [round(amount * (1.08 + at / 100), 2) for at, amount in enumerate(STEADY)],
        source="进线总表",
    )
    assert "DUPLICATE.main_called" in {item.says.key for item in doubts(tmp_path, [*sub, *main])}


@pytest.mark.parametrize(
    ("rows", "driver", "found"),
    [
        ([meter("fuel.diesel", 70_000, "t", source="叉车")], "", "kind"),
        ([meter("fuel.diesel", 70, "t", source="叉车")], "", ""),
        ([meter("electricity.grid", 4.2e7)], "", "largest"),
        ([meter("electricity.grid", 4.2e3)], "", ""),
        ([meter("fuel.diesel", 3e7, "t")], "", "largest"),
        ([meter("electricity.grid", 4.2e6)], '[[driver]]\nname_en = "Staff"\namount = 80\nunit = "people"\n', "driver"),
        ([meter("electricity.grid", 420)], '[[driver]]\nname_en = "Staff"\namount = 80\nunit = "people"\n', ""),
        ([meter("electricity.grid", 420)], '[[driver]]\nname_en = "Floor"\namount = 4e6\nunit = "m2"\n', "driver"),
    ],
)
def test_sizes_that_no_plant_has(tmp_path, rows, driver, found):
    """Without a year before: by the kind of the source, the largest plants, and what people and floors need."""
    cases = {item.says.key for item in doubts(tmp_path, rows, settings=driver) if item.rule == "IMPLAUSIBLE_SIZE"}
    assert cases == ({f"IMPLAUSIBLE_SIZE.{found}"} if found else set())


@pytest.mark.parametrize(
    ("category", "note", "named"), [("1", "", True), ("6", "", True), ("4", "carrier's lorries", False)]
)
def test_own_fuel_in_scope_3(tmp_path, category, note, named):
    """Fuel of one's own has no category of scope 3; lorries of a carrier do, with a note."""
    rows = [meter("fuel.diesel", 12.4, "t", scope_3_category=category, note=note)]
    assert ("BOUNDARY_MIX.category" in {item.says.key for item in doubts(tmp_path, rows)}) == named


def test_a_company_that_the_book_does_not_list(tmp_path):
    """Listed companies and their aliases pass; another is named once, with the line that lists it."""
    listed = '[[entity]]\nid = "A"\nname_en = "A"\nname_zh = "甲"\naliases = ["A Ltd"]\n'
    rows = [bill("electricity.grid", 410.5), bill("electricity.grid", 20.4, entity="A Ltd", source="m2")]
    assert not doubts(tmp_path, rows, settings=listed)
    rows += [bill("electricity.grid", 31.7 + at, entity="Acme", source=f"m{3 + at}") for at in range(2)]
    found = [item for item in doubts(tmp_path, rows, settings=listed) if item.rule == "ENTITY_UNLISTED"]
    assert [(item.row, 'aliases = ["Acme"]' in item.remedy) for item in found] == [(4, True)]


def test_a_half_year_beside_some_of_its_months(tmp_path):
    """Without a name of the meter, too, months within a longer bill are doubted and not added in silence."""
    rows = [
        bill("electricity.grid", 66.2, end="2023-06-30", source=""),
        *monthly("electricity.grid", STEADY, source="")[4:],
    ]
    assert ("OVERLAPPING_PERIODS", "warning") in {(item.rule, item.severity) for item in doubts(tmp_path, rows)}


def test_a_note_of_the_reader_settles_nothing(tmp_path):
    """A bill that the reader divided at New Year bears a note of it; ten times its neighbours it is doubted all the same."""
    rows = monthly("electricity.grid", STEADY)
    rows[11] |= {"amount": STEADY[11] * 20, "end": "2024-01-31"}
    found = doubts(tmp_path, rows, names="prorate_by_days = true\n")
    assert ("AMOUNT_OUTLIER.tenfold", "warning", 13) in keys(found)
