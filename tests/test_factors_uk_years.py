"""The UK sets of base years and of 2026: every row of the publisher is there or left out for a reason, and years join by its ids."""

import csv
from collections import Counter
from pathlib import Path

import pytest

import carbonledger as cl

DATA = Path(__file__).parent / "data"
ADDED = (2016, 2017, 2018, 2019, 2020, 2026)


def edition(year):
    """One year's set."""
    return cl.factors.read_edition(f"uk-desnz@{year}")


def rows_of(name):
    """The rows of a file of figures as others printed them."""
    with (DATA / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def kg(entry, year):
    """kg CO2e of one entry of a year under that year's set, calculated with the GWP set that the publisher used."""
    rows = cl.read_entries([{"region": "GB", "year": year, **entry}])
    gwp = "ipcc-ar4@2007" if year < 2023 else "ipcc-ar5@2013"
    return cl.calculate(rows, cl.load_factors(f"uk-desnz@{year}"), gwp=gwp).total_location_based().magnitude * 1000


# As printed on the sheet "UK electricity" of each year.
GRID = {2016: 0.41205, 2017: 0.35156, 2018: 0.28307, 2019: 0.2556, 2020: 0.23314, 2026: 0.13096}


@pytest.mark.parametrize(("year", "printed"), GRID.items())
def test_grid_electricity(year, printed):
    """A kWh of grid electricity is what the publisher printed for the year."""
    assert kg({"activity": "electricity", "amount": 1000, "unit": "kWh"}, year) == pytest.approx(
        printed * 1000, abs=0.02
    )


@pytest.mark.parametrize("year", ADDED)
def test_spot_values(year):
    """Fuels, flights, cars, waste, water, hotels and refrigerants carry the publisher's printed figures."""
    carried = {
        (row.publisher_path, row.unit, row.heating_value): row.value_text
        for row in edition(year).factors(parameter="emission_factor")
        if row.gas == "CO2e"
    }
    printed = [row for row in rows_of("desnz_spot_values.csv") if row["edition"] == f"uk-desnz@{year}"]
    assert len(printed) > 40
    for row in printed:
        assert float(carried[(row["publisher_path"], row["unit"], row["heating_value"])]) == float(row["value"]), row


@pytest.mark.parametrize("year", ADDED)
def test_every_row_is_accounted_for(year):
    """Rows of the publisher are rows of the edition and rows left out, each of these for a stated reason."""
    account = edition(year).metadata["refresh"]
    assert account["rows_out"] == len(edition(year).rows)
    assert account["rows_in"] == account["rows_out"] + sum(account["left_out"].values())
    assert all(account["left_out"])


@pytest.mark.parametrize("year", ADDED[:-1])
def test_rows_by_sheet(year):
    """Sheet by sheet the edition has what the publisher's file has, less what is left out."""
    printed = {
        row["sheet"]: int(row["rows"])
        for row in rows_of("desnz_rows_per_sheet.csv")
        if row["edition"][-4:] == str(year)
    }
    carried = Counter(row.publisher_path.partition("/")[0] for row in edition(year).factors())
    missing = {sheet: count - carried[sheet] for sheet, count in printed.items() if count != carried[sheet]}
    overseas = {"WTT- UK & overseas elec": 122, "Transmission and distribution": 61 if year < 2018 else 0}
    laden = {2017: {"Freighting goods": 4}, 2019: {"WTT- delivery vehs & freight": 8}}.get(year, {})
    assert missing == {sheet: count for sheet, count in {**overseas, **laden}.items() if count}
    assert set(carried) == set(printed)


@pytest.mark.parametrize("year", ADDED)
def test_doubtful_rows_do_not_enter(year):
    """No overseas electricity of the IEA, no 0 per tonne-kilometre of an empty vehicle, no closed-loop wood at 0."""
    for row in edition(year).factors():
        assert "overseas" not in row.publisher_path.partition("/")[2]
        assert row.value or row.unit != "kg/t_km" or "0% Laden" not in row.publisher_path
        assert row.value or row.activity != "material.wood"


def test_doubts_stand_beside_the_figure():
    """A figure that may be a slip of the publisher carries the doubt in its note."""
    noted = {row.publisher_path for row in edition(2026).factors() if "check before use" in row.note}
    assert len(noted) == 3
    assert all("R511A" in path for path in noted)
    assert [row.value_text for row in edition(2017).factors() if "slip of the publisher" in row.note] == ["336.1"]


@pytest.mark.parametrize("year", ADDED)
def test_miles_and_kilometres(year):
    """A figure per mile is 1.609344 times the one per kilometre, within the publisher's rounding."""
    by_unit = {"kg/km": {}, "kg/mi": {}}
    for row in edition(year).factors(parameter="emission_factor"):
        if row.unit in by_unit and row.gas == "CO2e":
            by_unit[row.unit][row.publisher_path] = row.value
    pairs = [(value, by_unit["kg/mi"][path]) for path, value in by_unit["kg/km"].items() if path in by_unit["kg/mi"]]
    assert len(pairs) > 300
    for km, mile in pairs:
        assert mile == pytest.approx(km * 1.609344, rel=2e-4, abs=3e-5)


@pytest.mark.parametrize("year", ADDED)
def test_gross_is_a_little_below_net(year):
    """A fuel per kWh of gross calorific value is 0.90 to 0.95 of that per kWh of net calorific value."""
    values = {"gross": {}, "net": {}}
    for row in edition(year).factors(parameter="emission_factor"):
        if row.heating_value and row.unit == "kg/kWh" and row.gas == "CO2e" and row.scope == "1":
            values[row.heating_value][(row.activity, row.variant)] = row.value
    assert len(values["gross"]) >= 28
    for key, gross in values["gross"].items():
        assert 0.895 < gross / values["net"][key] < 0.955, key


def test_2026_joins_2025_by_the_publishers_ids():
    """All 7,029 ids of 2025 are in 2026; what was renamed is said to be renamed, and nothing is gone."""
    older, newer = edition(2025), edition(2026)
    changes = cl.factors.diff_editions(older, newer)
    kinds = Counter(change.kind for change in changes)
    assert (kinds["added"], kinds["removed"]) == (5, 0)
    # The publisher's file compared with that of 2025: 4,145 values unchanged, 1,854 rows renamed.
    assert len(older.rows) - kinds["changed"] == 4145
    pairs = cl.factors.diff.paired_factors(older, newer)
    assert sum(bool(old and old.publisher_path != new.publisher_path) for old, new in pairs) == 1854
    laden = next(change for change in changes if change.former_name.startswith("Freighting goods/HGV (all diesel)"))
    assert laden.factor.publisher_path.startswith("Freighting goods/HGV (non-refrigerated, all diesel)")


def test_what_named_a_factor_names_it_still():
    """An entry that names a row of 2025 by id, activity or variant finds the same row in 2026."""
    newer = {row.factor_id: row for row in edition(2026).factors()}
    for row in edition(2025).factors():
        again = newer[row.factor_id]
        for name in ("activity", "parameter", "region", "gas", "unit", "heating_value", "variant", "boundary", "scope"):
            assert getattr(again, name) == getattr(row, name), (row.factor_id, name)


@pytest.mark.parametrize("year", ADDED[:-1])
def test_ids_before_2023_are_those_of_2021(year):
    """The publisher had no ids then: a figure keeps its id of 2021, though open loop has become open-loop."""
    later = {row.factor_id: row for known in (2021, 2022) for row in edition(known).factors()}
    own = edition(year).factors()
    common = [row for row in own if row.factor_id in later]
    assert len(common) > 0.97 * len(own)
    for row in common:
        again = later[row.factor_id]
        assert (row.activity, row.unit, row.gas, row.region) == (again.activity, again.unit, again.gas, again.region)
    assert any(row.factor_id.endswith("open_loop-tonnes-co2e") for row in common)


EVERYDAY = [
    {"activity": "electricity", "amount": 120_000, "unit": "kWh"},
    {"activity": "natural gas", "amount": 80_000, "unit": "kWh", "factor": "gross"},
    {"activity": "diesel", "amount": 2_000, "unit": "L", "factor": "average_biofuel_blend"},
    {"activity": "travel.car.average.petrol", "amount": 9_000, "unit": "km"},
    {"activity": "travel.air.short_haul.economy", "amount": 12_000, "unit": "passenger_km", "factor": "with_rf"},
    {"activity": "waste.commercial_and_industrial_waste.landfill", "amount": 3, "unit": "t"},
    {"activity": "water.supply", "amount": 400, "unit": "m3"},
]
# Printed totals of these lines: kg CO2e per kWh, kWh gross, L, km, passenger-km, t and m3.
PRINTED = {
    2019: (0.2556, 0.18385, 2.59411, 0.18084, 0.15573, 99.7592, 0.344),
    2026: (0.13096, 0.18231, 2.58354, 0.16152, 0.12576, 520.58023, 0.1913),
}


@pytest.mark.parametrize("year", PRINTED)
def test_a_book_of_everyday_entries(year):
    """A base year of 2019 and the year 2026 calculate line by line what the publisher printed."""
    for entry, printed in zip(EVERYDAY, PRINTED[year], strict=True):
        assert kg(entry, year) == pytest.approx(entry["amount"] * printed, rel=2e-4), entry["activity"]
