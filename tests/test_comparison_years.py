"""Two years compared along every axis, as reported and like for like, with what keeps them from being compared."""

import math
import warnings

import pytest
from hypothesis import given

import carbonledger as cl
from carbonledger.comparison.axis_values import COMPARED_AXES
from carbonledger.comparison.basis import YearFacts, basis_of
from carbonledger.comparison.like_for_like import three_numbers
from carbonledger.comparison.year_comparison import like_for_like
from carbonledger.inventory.consolidation import consolidate
from tests.strategies import entry_rows
from tests.support import PINS

# A worked example computed independently of this library: grid at 0.5366 and then 0.5306 t/MWh, gas at 0.0561 t/GJ in both years.
GAS = {"activity": "fuel.natural_gas", "value": "0.0561 t CO2/GJ", "source": "digest 8.3", "heating_value": "net"}
BEFORE = [("electricity.grid", 1000, "MWh"), ("fuel.natural_gas", 2000, "GJ")]
NOW = [("electricity.grid", 900, "MWh"), ("fuel.natural_gas", 2200, "GJ"), ("electricity.solar", 200, "MWh")]


def year_of(rows, grid, year, gwp="ipcc-ar5@2013", own=(), **fields):
    """The inventory of some rows of a year, with the grid at a factor."""
    factor = {"activity": "electricity.grid", "value": f"{grid} t CO2/MWh", "source": "digest 8.3"}
    entries = [
        {"activity": activity, "amount": amount, "unit": unit, "year": year, "entity": "p", **fields}
        for activity, amount, unit in rows
    ]
    return cl.calculate(cl.read_entries(entries), cl.load_factors(own=[factor, GAS, *own]), gwp=gwp, missing="report")


@pytest.fixture(scope="module")
def worked():
    """Both years of the worked example."""
    return year_of(BEFORE, 0.5366, 2023), year_of(NOW, 0.5306, 2024)


def records(frame):
    """The rows of a table by their first column."""
    return {row[frame.columns[0]]: row for row in frame.to_dict("records")}


def test_the_worked_example(worked):
    """648.80 to 600.96: -7.37 % as reported, -6.54 % (606.36) and -6.51 % (642.80) like for like; the factors -6.00 and -5.40."""
    found = like_for_like(*worked).total
    assert found.as_reported.percent == pytest.approx(-7.37361282367448)
    assert found.current_at_previous == pytest.approx(606.36)
    assert found.previous_factors.percent == pytest.approx(-6.541307028360044)
    assert found.previous_at_current == pytest.approx(642.8)
    assert found.current_factors.percent == pytest.approx(-6.509023024268834)
    assert found.laspeyres_factor_effect == pytest.approx(-6.0)
    assert found.paasche_factor_effect == pytest.approx(-5.4)


@pytest.mark.parametrize("axis", COMPARED_AXES)
def test_like_for_like_along_every_axis(worked, axis):
    """Changes and factor effects of the rows sum to those of the total, along every axis."""
    table = like_for_like(*worked).by(axis)
    for name in table.columns:
        if name.endswith(("_tco2e", "_factors", "emissions_tco2e_previous", "emissions_tco2e_current")):
            assert math.fsum(table[name].iloc[:-1]) == pytest.approx(table[name].iloc[-1], abs=1e-9), name


@given(entry_rows(), entry_rows())
def test_changes_sum_along_every_axis(before, now):
    """The changes of energy and emissions sum to the change of the totals; swapped years flip them."""
    previous, current = (calculated(rows, year) for rows, year in ((before, 2023), (now, 2024)))
    for axis in COMPARED_AXES:
        there, back = cl.compare(previous, current, axis), cl.compare(current, previous, axis)
        for measure in ("energy_gj", "emissions_tco2e"):
            if f"{measure}_change" not in there or math.isnan(there[f"{measure}_change"].iloc[-1]):
                continue
            change = there[f"{measure}_change"]
            assert math.fsum(change.iloc[:-1]) == pytest.approx(change.iloc[-1], abs=1e-6)
            assert back[f"{measure}_change"].iloc[-1] == -change.iloc[-1]
            assert back[f"{measure}_change"].iloc[:-1].sum() == pytest.approx(-change.iloc[:-1].sum(), abs=1e-6)


@given(entry_rows(), entry_rows())
def test_identical_factors_leave_the_change_as_reported(before, now):
    """Two years at the same factors: like for like is as reported, and the factors have no effect, to the last digit."""
    previous, current = (calculated(rows, year) for rows, year in ((before, 2023), (now, 2024)))
    found = like_for_like(previous, current)
    total = found.total
    if math.isnan(total.previous + total.current):
        return
    assert total.previous_factors == total.as_reported == total.current_factors
    assert (total.laspeyres_factor_effect, total.paasche_factor_effect) == (0.0, 0.0)
    assert found.findings == ()


def calculated(rows, year):
    """The inventory of drawn rows in a year, by the same figures in each."""
    moved = [{**row, "year": year} for row in rows]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return cl.calculate(cl.read_entries(moved), cl.load_factors(*PINS), gwp="ipcc-ar5@2013", missing="report")


def test_conventions_stand_in_a_column(worked):
    """New energy has no percentage and says so; what is 0 in both years changed by 0 %; shares are in percentage points."""
    rows = records(cl.compare(*worked, "activity"))
    solar, grid = rows["electricity.solar"], rows["electricity.grid"]
    assert (solar["energy_gj_convention"], solar["emissions_tco2e_convention"]) == ("new", "zero")
    assert math.isnan(solar["energy_gj_change_percent"])
    assert solar["emissions_tco2e_change_percent"] == 0
    assert grid["emissions_tco2e_share_points"] == pytest.approx((477.54 / 600.96 - 536.6 / 648.8) * 100)
    assert grid["emissions_tco2e_convention"] == "percent"


def test_a_new_fuel_keeps_its_own_factor_and_says_so():
    """What last year's factors do not price is left at its own factor: in the total, with its lines and tonnes in a finding."""
    diesel = {"activity": "fuel.diesel", "value": "3.1 t CO2/t", "source": "constructed", "heating_value": "net"}
    previous = year_of(BEFORE, 0.5366, 2023)
    current = year_of([*NOW, ("fuel.diesel", 10, "t")], 0.5306, 2024, own=[diesel])
    found = like_for_like(previous, current, before=YearFacts(2023), now=YearFacts(2024))
    assert found.total.current_at_previous == pytest.approx(606.36 + 31)
    assert found.kept_tco2e == (pytest.approx(31), 0)
    (finding,) = found.findings
    assert (finding.rule, finding.severity, finding.tonnes_at_stake) == ("LIKE_FOR_LIKE", "warning", pytest.approx(31))
    assert "1 line(s) with 31.00 t CO2e keep their own factor" in finding.message
    assert "1 条（31.00 tCO2e）" in finding.text("zh")


def test_vintages_are_those_that_the_year_used():
    """The edition of two vintages: each year is priced by the vintage of the other year, not by that of its own."""
    pins = cl.load_factors("cn-mee-nbs-grid@2021", "cn-mee-nbs-grid@2022")
    row = {"activity": "electricity.grid", "unit": "MWh", "region": "CN-SD"}
    years = [
        cl.calculate(cl.read_entries([{**row, "amount": amount, "year": year}]), pins, gwp="ipcc-ar5@2013")
        for amount, year in ((100, 2021), (90, 2022))
    ]
    rates = [inventory.plan.rows[0].emissions_tco2e for inventory in years]
    assert rates[0] != rates[1]
    total = like_for_like(*years).total
    assert total.current_at_previous == pytest.approx(90 * rates[0])
    assert total.previous_at_current == pytest.approx(100 * rates[1])
    assert total.previous_factors.percent == pytest.approx(-10)


def test_the_gwp_set_is_held_constant():
    """A change of the set alone is a change as reported and none like for like; the difference is said."""
    refill = [("R-410A", 2, "kg")]
    previous, current = (
        year_of(refill, 0.5, year, gwp=gwp) for year, gwp in ((2023, "ipcc-ar5@2013"), (2024, "ipcc-ar6@2021"))
    )
    found = like_for_like(previous, current)
    # R-410A: 1 923.5 by AR5 and 2 255.5 by AR6, digest 1.3.
    assert found.total.as_reported.change == pytest.approx(0.002 * (2255.5 - 1923.5))
    assert (found.total.previous_factors.percent, found.total.current_factors.percent) == (0, 0)
    assert [item.says.key for item in found.basis.findings] == ["COMPARE_BOOK.gwp"]


def test_the_perimeter_of_both_years(worked):
    """A company that only one year has is in the change as reported, and in none of that of the companies of both."""
    rows = [
        {"activity": "electricity.grid", "amount": 900, "unit": "MWh", "year": 2024, "entity": "p"},
        {"activity": "electricity.grid", "amount": 300, "unit": "MWh", "year": 2024, "entity": "bought"},
    ]
    grid = {"activity": "electricity.grid", "value": "0.5306 t CO2/MWh", "source": "digest 8.3"}
    current = cl.calculate(cl.read_entries(rows), cl.load_factors(own=[grid, GAS]), gwp="ipcc-ar5@2013")
    previous = worked[0]
    found = like_for_like(previous, current, before=YearFacts(2023), now=YearFacts(2024))
    assert found.basis.companies == ("p",)
    (finding,) = found.basis.findings
    assert finding.message == "the two years do not have the same companies: only in 2024: bought."
    inside = found.within(found.basis.companies).total
    assert inside.current == pytest.approx(900 * 0.5306)
    assert inside.current_at_previous == pytest.approx(900 * 0.5366)
    assert found.total.current == pytest.approx(1200 * 0.5306)


def test_years_of_different_length_have_no_percentage(worked):
    """Half a year against a whole one: the change stands, no percentage does, and the finding has the way out."""
    current = year_of(NOW, 0.5306, 2024, start="2024-01-01", end="2024-06-30")
    table = cl.compare(worked[0], current, "scope")
    assert set(table["emissions_tco2e_convention"]) == {"other_period"}
    assert table["emissions_tco2e_change_percent"].isna().all()
    assert table["emissions_tco2e_change"].iloc[-1] == pytest.approx(600.96 - 648.8)
    (finding,) = basis_of(worked[0], current).findings
    assert "365 days" in finding.message
    assert "182" in finding.message
    assert finding.remedy


def test_other_approaches_have_no_percentage(worked):
    """Equity share against operational control is no change of emissions; an approach that is not stated is a doubt alone."""
    facts = [YearFacts(2023, "equity_share"), YearFacts(2024, "operational_control")]
    basis = basis_of(*worked, *facts)
    assert basis.withheld == "other_approach"
    assert cl.compare(*worked, "scope", basis=basis)["energy_gj_change_percent"].isna().all()
    doubt = basis_of(*worked, facts[0], YearFacts(2024))
    assert (doubt.withheld, [item.says.key for item in doubt.findings]) == (None, ["COMPARE_BASIS.approach_unstated"])


def test_a_share_that_moved_is_said():
    """A company counted with half in one year and whole in the next: part of the change is the share."""
    from carbonledger.activity_data.organisation import Holding

    years = [
        consolidate(year_of(NOW, 0.5306, year), [Holding(entity="p", ownership_percent=share)], "equity_share")
        for year, share in ((2023, 50), (2024, 100))
    ]
    found = like_for_like(*years, before=YearFacts(2023), now=YearFacts(2024))
    (finding,) = found.basis.findings
    assert "p counts with 50 % in 2023 and with 100 % in 2024" in finding.message
    assert found.total.as_reported.percent == pytest.approx(100)
    assert found.total.current_at_previous == pytest.approx(600.96)


def test_a_part_is_nothing_to_compare():
    """A year that leaves entries out has no total, so that none of the three numbers is stated."""
    previous = year_of([*BEFORE, ("fuel.diesel", 10, "t")], 0.5366, 2023)
    assert previous.completeness.is_part
    total = like_for_like(previous, year_of(NOW, 0.5306, 2024)).total
    for change in (total.as_reported, total.previous_factors, total.current_factors):
        assert (change.convention, math.isnan(change.percent)) == ("missing", True)
    assert math.isnan(total.laspeyres_factor_effect)


def test_an_empty_year():
    """A year of nothing but own generation: everything else is new, and no percentage is invented."""
    total = like_for_like(year_of(NOW[2:], 0.5366, 2023), year_of(NOW, 0.5306, 2024)).total
    assert (total.previous, total.as_reported.convention, total.current_factors.convention) == (0, "new", "new")


@pytest.mark.parametrize("engine", ["polars", "pyarrow"])
def test_other_engines(worked, engine):
    """Lines of Polars and PyArrow are compared like those of pandas, and the tables are of their kind."""
    import narwhals as nw

    inventories = [
        cl.calculate(
            nw.from_dict(
                {
                    "activity": [row[0] for row in rows],
                    "amount": [float(row[1]) for row in rows],
                    "unit": [row[2] for row in rows],
                    "year": [year] * len(rows),
                },
                backend=engine,
            ).to_native(),
            whole.factors,
            gwp="ipcc-ar5@2013",
        )
        for rows, year, whole in ((BEFORE, 2023, worked[0]), (NOW, 2024, worked[1]))
    ]
    found = like_for_like(*inventories)
    assert found.total.previous_factors.percent == pytest.approx(-6.541307028360044)
    for table in (found.by("activity"), cl.compare(*inventories, "gas")):
        assert nw.from_native(table).implementation.value == engine


def test_three_numbers_of_nothing():
    """Four zeros are no change, however they are priced."""
    found = three_numbers(0.0, 0.0, 0.0, 0.0)
    assert (found.as_reported.percent, found.paasche_factor_effect) == (0.0, 0.0)


def test_categories_are_whole_numbers_and_gases_have_no_sum_of_tonnes(worked):
    """A line without a category leaves the others 1 and 2, not 1.0; tonnes of different gases have no total, and the word says why."""
    rows = cl.compare(worked[0], year_of([*NOW, ("electricity.generated", 5, "MWh")], 0.5306, 2024), "category")
    assert set(map(str, rows["category"])) <= {"1", "2", "", "total"}
    gases = cl.compare(*worked, "gas")
    assert gases["tonnes_convention"].tolist()[-1] == "no_total"
    assert gases["tonnes_change"].iloc[0] == pytest.approx(600.96 - 648.8)
