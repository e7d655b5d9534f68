"""Energy under national conventions: Japan's primary energy and crude-oil equivalent, China's 等价值."""

import json
import math

import pytest

import carbonledger as cl

FACTS = {"publisher": "P", "document": "D", "how_verified": "signed copy", "transcribed_by": "staff"}
COLUMNS = "factor_id,activity,parameter,region,data_year,gas,value,unit,source_locator\n"
SUPPLIER = """t1,electricity.grid,emission_factor,JP,2024,CO2,0.4,t/MWh,contract
t2,fuel.biodiesel,emission_factor,JP,2024,CO2e,0.1,t/kL,contract
t3,fuel.gasoline,emission_factor,JP,2024,CO2,2.3,t/kL,contract
t4,fuel.diesel,emission_factor,JP,2024,CO2,2.6,t/kL,contract
t5,fuel.lpg,emission_factor,JP,2024,CO2,3.0,t/t,contract
t6,fuel.natural_gas,emission_factor,JP,2024,CO2,0.05,t/GJ,contract
t7,fuel.raw_coal,emission_factor,CN,2024,CO2,1.9,t/t,contract
"""
COAL_RATE = "e,electricity.grid,primary_energy,CN,2024,,0.3,kgce/kWh,notice 5\n"
BOOK = """[company]
name_zh = "甲"
name_en = "A"
reporting_year = 2024
[factors]
folder = "factors"
gwp = "ipcc-ar5@2013"
emissions = ["supplier@1", "cn-mee-grid-enterprise@2022"]
energy = ["cn-energy-yearbook@2021"]
standard_coal = ["cn-gbt-2589@2020"]
conventions = ["jp-energy-conservation@2023", "coal-rate@1"]
[files]
entries = ["entries.csv"]
"""


@pytest.fixture
def own(tmp_path):
    """A folder of own editions: a supplier's emission factors, and a coal rate for 等价值."""
    for name, rows in {"supplier": SUPPLIER, "coal-rate": COAL_RATE}.items():
        source = tmp_path / f"{name}.csv"
        source.write_text(COLUMNS + rows, encoding="utf-8")
        cl.factors.new_edition(name, folder=tmp_path / "factors", source=source, facts=FACTS)
        assert cl.factors.seal_edition(f"{name}@1", tmp_path / "factors") == []
    return tmp_path / "factors"


@pytest.fixture
def mixed(own):
    """A company with electricity and fuel in Japan and in China, and both countries' conventions."""
    (own.parent / "entries.csv").write_text(
        "activity,amount,unit,year,region\n"
        "electricity.grid,10000,MWh,2024,JP\nfuel.biodiesel,1000,kL,2024,JP\n"
        "electricity.grid,1000,MWh,2024,CN-SD\nfuel.raw_coal,10,t,2024,CN-SD\n",
        encoding="utf-8",
    )
    (own.parent / "book.toml").write_text(BOOK, encoding="utf-8")
    return own.parent


def japan(own, edition, *rows):
    """The table of a Japanese convention for some rows of activity, amount, unit."""
    names = ("activity", "amount", "unit")
    entries = cl.read_entries([{"year": 2024, "region": "JP", **dict(zip(names, row, strict=True))} for row in rows])
    pins = {"emissions": ["supplier@1"], "conventions": [edition]}
    inventory = cl.calculate(entries, cl.load_factors(roles=pins, folder=own), gwp="ipcc-ar5@2013")
    return cl.disclosure.national_energy(inventory)


def test_example_of_the_help_desk(own):
    """Help desk for the act's reports, 2024, ID_B-0005: 1,000 kL of biodiesel and 10,000 MWh are 122,000 GJ, 3,148 kL of oil."""
    rows = [("fuel.biodiesel", 1000, "kL"), ("electricity.grid", 10000, "MWh")]
    table = japan(own, "jp-energy-conservation@2023", *rows)
    assert table["primary_energy_gj"].tolist() == pytest.approx([86400, 35600, 122000])
    assert round(table["oil_equivalent_kl"].iloc[-1]) == 3148


def test_conventions_stand_apart(mixed):
    """Each convention counts its region, has its own total and leaves the energy table alone."""
    inventory = cl.open_book(mixed).inventory()
    table = cl.disclosure.national_energy(inventory)
    totals = table[table["level"] == "total"].set_index("convention")
    japanese, chinese = totals.loc["jp-energy-conservation@2023"], totals.loc["coal-rate@1"]
    assert japanese["primary_energy_gj"] == pytest.approx(122000)
    assert round(japanese["oil_equivalent_kl"]) == 3148
    assert chinese["primary_energy_tce"] == pytest.approx(300 + 7.143)
    assert math.isnan(chinese["oil_equivalent_kl"])
    energy = inventory.energy_table("id").set_index("carrier")["energy_gj"]
    assert energy["electricity.grid"] == pytest.approx(11000 * 3.6)
    assert "× 0.3 kgce/kWh" in table.loc[table["convention"] == "coal-rate@1", "formula"].iloc[0]


def test_calorific_and_equal_value_are_two_totals(mixed):
    """One GWh is 122.9 tce by calorific value and 300 tce by equal value (GB/T 2589; standards digest 5.4)."""
    inventory = cl.open_book(mixed).inventory()
    table = inventory.energy_table("id")
    chinese = cl.disclosure.national_energy(inventory).query(
        "convention == 'coal-rate@1' and activity == 'electricity.grid'"
    )
    assert chinese["primary_energy_tce"].tolist() == pytest.approx([300])
    assert not {"primary_energy_tce", "primary_energy_gj"} & set(table.columns)


def test_what_a_convention_does_not_price_has_no_total(own):
    """Natural gas has no coefficient in the edition of 2023: its energy is missing, not zero, and so is the total."""
    table = japan(own, "jp-energy-conservation@2023", ("fuel.biodiesel", 1, "kL"), ("fuel.natural_gas", 1, "GJ"))
    assert table["primary_energy_gj"].isna().tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("fuel", "amount", "unit", "gj"), [("gasoline", 1, "kL", 34.6), ("diesel", 1000, "L", 37.7), ("lpg", 1, "t", 50.8)]
)
def test_fuels_of_the_act(own, fuel, amount, unit, gj):
    """Enforcement regulations, annexed table 1, to fiscal year 2022."""
    table = japan(own, "jp-energy-conservation@2006", (f"fuel.{fuel}", amount, unit))
    assert table["primary_energy_gj"].iloc[0] == pytest.approx(gj)
    assert table["oil_equivalent_kl"].iloc[-1] == pytest.approx(gj * 0.0258)


def test_report_has_a_table_for_each(mixed):
    """Text and JSON show the conventions and their editions."""
    report = cl.open_book(mixed).report().to_dict()
    assert {row["convention"] for row in report["national_energy"]} == {"jp-energy-conservation@2023", "coal-rate@1"}
    assert {"jp-energy-conservation@2023", "coal-rate@1"} <= {row["edition"] for row in report["editions"]}
    assert json.dumps(report)


def test_no_convention_no_table(factors):
    """Nothing is assumed."""
    entries = cl.read_entries([{"activity": "汽油", "amount": 1, "unit": "t", "year": 2024, "region": "CN"}])
    assert cl.disclosure.national_energy(cl.calculate(entries, factors, gwp="ipcc-ar5@2013")).empty
