"""A part of a year's entries is compared with nothing, divided by nothing, and never taken for all that was bought or used."""

import math

import pytest

import carbonledger as cl
from carbonledger.activity_data.checks import check_entries
from carbonledger.activity_data.organisation import Holding
from carbonledger.disclosure.intensity import Driver, intensity
from carbonledger.inventory.consolidation import compare_approaches
from carbonledger.scope2.instruments import Instrument
from carbonledger.scope2.loads import loads_of
from carbonledger.scope2.market_based import market_based
from tests.support import run

PLACE = {"entity": "A", "site": "Leeds", "source": "meter 1"}
POWER = {**PLACE, "activity": "electricity.grid", "amount": 27_463, "unit": "kWh", "region": "GB"}
# Neither gross nor net is stated, so that the energy is known and the emissions are not.
GAS = {**PLACE, "activity": "fuel.natural_gas", "amount": 100_000, "unit": "kWh", "region": "GB"}
ABROAD = {**POWER, "entity": "B", "site": "Lyon", "amount": 200_000, "region": "FR"}
REFRIGERANT = {**PLACE, "activity": "refrigerant.r_410a", "amount": 12, "unit": "kg", "region": "GB"}
REFUSED = {**POWER, "amount": -1}
BOOK = """[company]
name_zh = "测试"
region = "GB"
reporting_year = 2024
compare_year = 2023
[[entity]]
id = "A"
name_zh = "甲"
[[entity]]
id = "B"
name_zh = "乙"
[[site]]
entity = "A"
id = "Leeds"
region = "GB"
[[site]]
entity = "B"
id = "Lyon"
region = "GB"
[factors]
gwp = "ipcc-ar5@2013"
emissions = ["uk-desnz@2023", "uk-desnz@2024"]
[files]
entries = ["entries.csv"]
"""


def calculated(*rows, pins=("uk-desnz@2024",), year=2024):
    """The inventory of some entries of a year."""
    entries = cl.read_entries([{**row, "year": year} for row in rows])
    return cl.calculate(entries, cl.load_factors(*pins), gwp="ipcc-ar5@2013", missing="report")


def certificate(mwh, market):
    """Wind power of 2024."""
    named = {"registry": "GO", "first_id": "1", "last_id": "", "generated": None, "retired_on": None, "row": 2}
    return Instrument(kind="certificate", mwh=mwh, t_per_mwh=0.0, technology="wind", market=market, **named)


@pytest.mark.parametrize("axis", ["line", "activity", "scope", "entity"])
@pytest.mark.parametrize("part", ["previous", "current"])
def test_a_part_is_no_year_to_compare(axis, part):
    """Whichever year lacks the emissions of its gas: that year has no total and the gas no emissions, and neither has a change."""
    years = {"previous": calculated(POWER, GAS), "current": calculated(POWER, GAS)}
    whole = "current" if part == "previous" else "previous"
    years[whole] = calculated(POWER, {**GAS, "heating_value": "gross"})
    table = cl.compare(**years, axis=axis)
    key = table.columns[0]
    row = table.iloc[-2] if axis != "scope" else table[table["scope"] == "scope 1"].iloc[0]
    for found in (row, table.iloc[-1]):
        assert math.isnan(found[f"emissions_tco2e_{part}"]), found[key]
        assert found[f"emissions_tco2e_{whole}"] > 0
        assert math.isnan(found["emissions_tco2e_change"])
        assert math.isnan(found["emissions_tco2e_change_percent"])
        assert found[f"energy_gj_{part}"] >= 360


def test_every_axis_of_a_comparison_has_the_same_totals():
    """Lines, activities, scopes and companies of the same entries: refrigerants and gas without emissions among them."""
    previous, current = calculated(POWER, REFRIGERANT, GAS), calculated(POWER, REFRIGERANT)
    totals = [cl.compare(previous, current, axis).iloc[-1] for axis in ("line", "activity", "scope", "entity")]
    for column in ("energy_gj_previous", "energy_gj_current", "emissions_tco2e_previous", "emissions_tco2e_current"):
        assert len({str(round(float(total[column]), 9)) for total in totals}) == 1, column


def test_a_refused_row_leaves_no_total_to_compare():
    """What a refused row would have added is in no activity that is known."""
    last = cl.compare(calculated(POWER, REFUSED), calculated(POWER)).iloc[-1]
    assert math.isnan(last["emissions_tco2e_previous"])
    assert math.isnan(last["energy_gj_previous"])
    assert last["energy_gj_current"] == pytest.approx(27_463 * 0.0036)


def test_energy_alone_compares_no_emissions():
    """No emission factors are asked for, and no change of emissions is said; that of the energy is."""
    alone = calculated(POWER, GAS, pins=())
    table = cl.compare(alone, alone)
    assert set(table.pop("emissions_tco2e_convention")) == {"missing"}
    assert table.filter(like="emissions").isna().all(axis=None)
    assert table["energy_gj_change"].iloc[-1] == 0


def test_a_ratio_of_a_part_says_nothing():
    """Emissions without the gas have no intensity; energy has one, unless a row was refused."""
    driver = Driver("人", "person", 10, "person")
    (whole,), (part,), (refused,) = (
        intensity(calculated(*rows), [driver]) for rows in ((POWER,), (POWER, GAS), (POWER, REFUSED))
    )
    assert whole.location_based_tco2e_per_unit > 0
    assert math.isnan(part.location_based_tco2e_per_unit)
    assert part.gj_per_unit == pytest.approx((27_463 + 100_000) * 0.0036 / 10)
    assert math.isnan(refused.location_based_tco2e_per_unit)
    assert math.isnan(refused.gj_per_unit)


@pytest.mark.parametrize("mwh", [50.0, 200.0, 250.0])
def test_instruments_cover_what_has_no_factor(mwh):
    """200 MWh bought in France, where no factor is pinned: instruments cover them, only what exceeds them is surplus."""
    loads = loads_of(calculated(POWER, ABROAD), 2024)
    (french,) = (load for load in loads if load.country == "FR")
    assert (french.purchased_mwh, french.priced_mwh) == (pytest.approx(200), pytest.approx(0))
    assert french.purchased_by_company_mwh == {"B": pytest.approx(200)}
    result = market_based(loads, [certificate(mwh, "FR")])
    assert result.renewable_mwh == pytest.approx(min(mwh, 200))
    assert result.surplus_mwh == pytest.approx(max(0.0, mwh - 200))
    assert ("CLAIM_ABOVE_LOAD" in {finding.rule for finding in result.findings}) is (mwh > 200)
    # The rest in France has no rate; in Britain, by DESNZ 2024, 0.20705 kg CO2e per kWh.
    assert result.market_based_tco2e == pytest.approx(27.463 * 0.20705, rel=1e-6)


def test_what_has_a_factor_is_covered_last():
    """Two purchases in one country, one without a factor: the certificates never lower the emissions that are known first."""
    loads = loads_of(calculated(POWER, {**POWER, "factor": "no-such-factor"}), 2024)
    (load,) = (item for item in loads if item.carrier == "electricity")
    assert load.unpriced_mwh == load.priced_mwh == pytest.approx(27.463)
    result = market_based(loads, [certificate(27.463, "GB")])
    assert result.market_based_tco2e == pytest.approx(27.463 * 0.20705, rel=1e-6)


def test_approaches_of_nothing_and_of_energy_alone():
    """A sum over nothing is missing, and energy alone has no emissions under any approach."""
    held = [Holding("A", 60, financial_control=True, operational_control=True)]
    for inventory in (calculated(GAS), calculated(GAS, POWER, pins=())):
        assert compare_approaches(inventory, held).iloc[-1, 1:].isna().all()


def test_a_book_says_that_its_previous_year_is_a_part(tmp_path):
    """2024 is complete, and stays so; 2023 is not, which is a finding and stands above the comparison. No site is accused."""
    place = tmp_path / "book"
    place.mkdir()
    (place / "book.toml").write_text(BOOK, encoding="utf-8")
    rows = ("A,Leeds,electricity,27463,kWh,2024,", "A,Leeds,electricity,27463,kWh,2023,")
    rows += ("B,Lyon,natural gas,100000,kWh,2024,gross", "B,Lyon,natural gas,100000,kWh,2023,")
    head = "company,site,activity,amount,unit,year,heating_value"
    (place / "entries.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    report = cl.report(place)
    rules = {finding.rule for finding in report.findings}
    assert "COMPARE_YEAR" in rules
    assert not {"YOY_BASIS", "COVERAGE"} & rules
    assert (report.completeness.complete, report.completeness.exit_code) == (True, 0)
    done = run("report", place)
    assert (done.returncode, done.stdout.count("The figures of 2023 are incomplete.")) == (0, 1)
    assert "2023年的数据不完整" in run("report", place, "--lang", "zh").stdout


def test_energy_alone_misses_no_emissions():
    """The statement counts no entries without emissions where none were asked for."""
    statement = calculated(POWER, REFUSED, pins=()).completeness
    assert "have no emissions" not in " ".join(statement.lines("en"))
    assert "1 row(s) of the files were refused" in " ".join(statement.lines("en"))


@pytest.mark.parametrize("months", [(1, 2, 3), (4, 5, 6)])
def test_a_year_beside_some_of_its_months_is_warned_of(months):
    """A whole year's amount beside some months may count twice, whether or not the first month begins with the year."""
    bill = {"activity": "electricity.grid", "unit": "kWh", "region": "GB", "entity": "A"}
    rows = [{**bill, "amount": 10, "period": f"2024-{month:02d}"} for month in months]
    entries = cl.read_entries([*rows, {**bill, "amount": 120, "period": "2024"}])
    found = [item for item in check_entries(entries, 2024) if item.rule == "OVERLAPPING_PERIODS"]
    assert [item.severity for item in found] == ["warning"]
