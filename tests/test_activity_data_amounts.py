"""Amounts from readings and stock, replaced entries, fiscal years, weights, coverage."""

import csv
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.activity_data.checks import check_entries
from carbonledger.activity_data.coverage import coverage_matrix
from carbonledger.activity_data.cutoff import read_weights

GRID = {"activity": "grid electricity", "unit": "kWh", "year": 2024}


def rules(entries):
    """The rules of the findings."""
    return [finding.rule for finding in entries.findings]


def one(**cells):
    """The amount of a single entry."""
    entries = cl.read_entries([{**GRID, "amount": "", **cells}])
    assert not [finding for finding in entries.findings if finding.severity == "error"], entries.findings
    return entries.frame["amount"].iloc[0]


def test_readings_times_multiplier():
    """(end - start + rollover) x multiplier, in Chinese headings too, and said in the note."""
    assert one(reading_start=1000, reading_end=1250, multiplier=40) == 10_000
    assert one(reading_start=99_900, reading_end=100, rollover=100_000, multiplier=1) == 200
    entries = cl.read_entries(
        [{"能源": "电力", "单位": "kWh", "年份": 2024, "上期读数": 10, "本期读数": 30, "倍率": 200}]
    )
    assert entries.frame["amount"].tolist() == [4000]
    assert "(30 - 10 + 0) x 200" in entries.frame["note"].iloc[0]


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({"reading_start": 500, "reading_end": 400}, "READING_FALLS"),
        ({"reading_start": 500}, "READING_MISSING"),
        ({"reading_start": 1, "reading_end": 11, "multiplier": 10, "amount": 10}, "READING_DISAGREES"),
        ({"opening_stock": 10, "closing_stock": 50, "amount": 20}, "STOCK_NEGATIVE"),
        ({"opening_stock": 10, "amount": 20}, "STOCK_MISSING"),
        ({}, "EMPTY_AMOUNT"),
        ({"amount": 3, "data_type": "guessed"}, "UNKNOWN_WORD"),
        ({"amount": 3, "scope_3_category": 16}, "UNKNOWN_CATEGORY"),
    ],
)
def test_defects_of_readings_and_stock(cells, rule):
    """What does not fit is a finding, and the row stays out."""
    entries = cl.read_entries([{**GRID, "amount": "", **cells}])
    assert rules(entries) == [rule]
    assert len(entries) == 0


def test_stock():
    """Consumed = opening + received - closing - sold."""
    diesel = {"activity": "diesel", "unit": "t", "year": 2024, "amount": 30}
    entries = cl.read_entries([{**diesel, "opening_stock": 12, "closing_stock": 8, "sold": 4}])
    assert entries.frame["amount"].tolist() == [30]


def test_an_actual_bill_supersedes_the_estimate():
    """The replaced entry is left out with a note; a chain leaves its last."""
    rows = [
        {**GRID, "amount": 100, "entry_id": "e1", "data_type": "estimated"},
        {**GRID, "amount": 110, "entry_id": "e2", "supersedes": "e1"},
        {**GRID, "amount": 105, "entry_id": "e3", "supersedes": "e2"},
        {**GRID, "amount": 7, "source": "meter 2"},
    ]
    entries = cl.read_entries(rows)
    assert sorted(entries.frame["amount"]) == [7, 105]
    assert rules(entries) == ["SUPERSEDED", "SUPERSEDED"]
    assert entries.left_out == 0
    assert entries.complete


@pytest.mark.parametrize("target", ["nobody", "self"])
def test_superseding_nothing_is_an_error(target):
    """An id that no entry has, or that leads back to itself, replaces nothing."""
    entries = cl.read_entries([{**GRID, "amount": 5, "entry_id": "self", "supersedes": target}])
    assert rules(entries) == ["SUPERSEDES_UNKNOWN"]
    assert len(entries) == 1


def test_weights_divide_a_bill_over_the_turn_of_the_year(tmp_path):
    """By degree-days where they are known for every day, else by days, which a note says."""
    path = tmp_path / "degree-days.csv"
    path.write_text("period,weight\n2024-12,300\n2025-01,100\n")
    bill = {"activity": "natural gas", "unit": "m3", "amount": 62, "start": "2024-12-01", "end": "2025-01-31"}
    entries = cl.read_entries([bill], prorate=read_weights(path))
    assert dict(zip(entries.frame["year"], entries.frame["amount"], strict=True)) == pytest.approx(
        {2024: 46.5, 2025: 15.5}
    )
    path.write_text("period,weight\n2024-12,300\n")
    entries = cl.read_entries([bill], prorate=read_weights(path))
    assert entries.frame["amount"].tolist() == pytest.approx([31, 31])
    assert rules(entries) == ["WEIGHTS_MISSING"]


@given(
    st.dates(date(2022, 1, 1), date(2024, 12, 31)),
    st.integers(1, 800),
    st.integers(1, 12),
    st.floats(0, 1e6),
)
def test_the_parts_of_a_divided_bill_sum_to_the_bill(start, days, first_month, amount):
    """However years are cut, nothing of a bill is lost, and each part lies in one calendar and one reporting year."""
    last = date.fromordinal(start.toordinal() + days - 1)
    row = {"activity": "grid electricity", "unit": "kWh", "amount": amount, "start": str(start), "end": str(last)}
    frame = cl.read_entries([row], prorate=True, first_month=first_month).frame
    assert frame["amount"].sum() == pytest.approx(amount)
    for part in frame.itertuples():
        inclusive = date.fromordinal(part.end.toordinal() - 1)
        assert part.start.year == inclusive.year == part.year
        assert (part.start.month >= first_month) == (inclusive.month >= first_month)


def test_fiscal_year():
    """A year from April holds its twelve months; factors keep the calendar year of each entry."""
    rows = [{**GRID, "month": month, "amount": 1} for month in range(1, 13)]
    rows += [{**GRID, "year": 2025, "month": month, "amount": 10} for month in range(1, 13)]
    chosen = cl.read_entries(rows, first_month=4).of_year(2024, 4)
    assert chosen.frame["amount"].sum() == 9 + 30
    assert chosen.frame["year"].value_counts().to_dict() == {2024: 9, 2025: 3}
    found = check_entries(cl.read_entries(rows, first_month=4), 2024, 4)
    assert {finding.severity for finding in found} <= {"note"}


def test_coverage_matrix():
    """Each month of each source: actual, estimated, filled or missing."""
    rows = [{**GRID, "month": month, "amount": 1} for month in range(1, 11)]
    rows[3]["data_type"] = "估算"
    rows[4]["data_type"] = "filled"
    matrix = coverage_matrix(cl.read_entries(rows), 2024)
    cells = matrix.iloc[0]
    assert [cells[f"2024-{month:02}"] for month in (1, 4, 5, 11)] == ["actual", "estimated", "filled", "missing"]


def test_the_heating_value_of_a_fuel_in_energy_units_is_asked_for():
    """Natural gas in kWh without gross or net is asked about by an edition that has both; with it, the factor of that basis is used."""
    gas = {"activity": "natural gas", "unit": "kWh", "amount": 1000, "year": 2024, "region": "GB"}
    entries = cl.read_entries([gas])
    assert rules(entries) == []
    with pytest.raises(cl.errors.AmbiguousFactorError, match="gross or net"):
        cl.calculate(entries, cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013")
    stated = {basis: cl.read_entries([{**gas, "heating_value": basis}]) for basis in ("gross", "net")}
    assert not any(entries.findings for entries in stated.values())
    with Path("emission_factors/uk-desnz/2024/factors.csv").open(encoding="utf-8", newline="") as stream:
        published = {
            row["heating_value"]: float(row["value"])
            for row in csv.DictReader(stream)
            if (row["activity"], row["gas"], row["unit"], row["boundary"])
            == ("fuel.natural_gas", "CO2e", "kg/kWh", "combustion")
            and not row["variant"]
        }
    for basis, entries in stated.items():
        inventory = cl.calculate(entries, cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013")
        assert inventory.total_location_based().magnitude == pytest.approx(published[basis], rel=1e-12)


@pytest.mark.parametrize(
    ("name", "fossil", "bio", "share"),
    [("E10", "fuel.gasoline", "fuel.ethanol", 0.1), ("B20", "fuel.diesel", "fuel.biodiesel", 0.2)],
)
def test_blends_are_split(name, fossil, bio, share):
    """The fossil part in scope 1, the biofuel's CO2 in its register, by the EPA's factors of 2025 (kg CO2 per gallon)."""
    entries = cl.read_entries([{"activity": name, "amount": 1000, "unit": "US_gallon", "year": 2024}], region="US")
    assert dict(zip(entries.frame["activity"], entries.frame["amount"], strict=True)) == pytest.approx(
        {fossil: 1000 * (1 - share), bio: 1000 * share}
    )
    inventory = cl.calculate(entries, cl.load_factors("us-epa-hub@2025"), gwp="ipcc-ar5@2013")
    text = Path("emission_factors/us-epa-hub/2025/factors.csv").read_text(encoding="utf-8")
    published = {
        (row["activity"], row["parameter"]): float(row["value"])
        for row in csv.DictReader(text.splitlines())
        if row["gas"].startswith("CO2") and row["unit"] == "kg/US_gallon" and not row["variant"]
    }
    by_gas = inventory.by("gas").set_index("gas")["tonnes"]
    assert by_gas["CO2"] == pytest.approx((1 - share) * published[fossil, "emission_factor"], rel=1e-3)
    assert inventory.biogenic_co2().magnitude == pytest.approx(
        share * published[bio, "biogenic_emission_factor"], rel=1e-3
    )


def test_a_blend_by_mass_cannot_be_split():
    """E10 names a share by volume."""
    entries = cl.read_entries([{"activity": "E10", "amount": 1, "unit": "t", "year": 2024}])
    assert rules(entries) == ["BLEND_NOT_BY_VOLUME"]
    assert len(entries) == 0
