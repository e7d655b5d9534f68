"""Refrigerant leakage by rate, methane of wastewater, gases released by mass."""

from datetime import date

import pytest

import carbonledger as cl
from carbonledger.activity_data.checks import check_entries
from carbonledger.core.errors import MissingFactorError
from carbonledger.core.periods import Period
from carbonledger.disclosure.scope3_relevance import scope_3_table
from carbonledger.estimates.formulas import leaked, wastewater_methane

LEAKAGE = [cl.factors.read_edition("ipcc-refrigerant-leakage@2000")]
WASTEWATER = [cl.factors.read_edition("ipcc-2006-wastewater@2006")]


def tonnes(rows, gwp="ipcc-ar5@2013"):
    """T CO2e of some rows; no factor but the potentials is needed."""
    return (
        cl.calculate(cl.read_entries(rows), cl.load_factors("cn-ndrc-heat@2013"), gwp=gwp)
        .total_location_based()
        .magnitude
    )


def test_leakage_by_rate():
    """40 kg in a chiller at 15 % a year: 6 kg in a whole year, leap or not, half of it in the first 182 days of 2023."""
    for year in (2023, 2024):
        estimate = leaked(40, "chiller.high", Period.of_year(year), LEAKAGE)
        assert estimate.kilograms == pytest.approx(6)
    half = Period(date(2023, 1, 1), date(2023, 7, 2))
    assert leaked(40, "chiller.high", half, LEAKAGE).kilograms == pytest.approx(6 * 182 / 365)
    assert "cn-chiller-leak-high" in estimate.derivation
    with pytest.raises(MissingFactorError, match="no leakage_rate"):
        leaked(40, "freezer", Period.of_year(2023), LEAKAGE)


def test_septic_tank():
    """1,000 kg BOD x 0.6 x 0.5 = 300 kg CH4, less what is recovered, which cannot be more (IPCC 2006, volume 5, chapter 6)."""
    assert wastewater_methane(1000, "domestic", "septic", WASTEWATER).kilograms == pytest.approx(300)
    assert wastewater_methane(1000, "domestic", "septic", WASTEWATER, 50).kilograms == pytest.approx(250)
    with pytest.raises(ValueError, match="recovered"):
        wastewater_methane(1000, "domestic", "septic", WASTEWATER, 301)


def test_gases_released_by_mass():
    """Mass times potential (AR5: CH4 28, N2O 265, HFC-227ea 3350); methane of wastewater is not fossil under AR6 (27.0 against 29.8)."""
    for activity, potential in (
        ("process.ch4", 28),
        ("process.n2o", 265),
        ("extinguisher.hfc_227ea", 3350),
        ("extinguisher.co2", 1),
    ):
        assert tonnes([{"activity": activity, "amount": 500, "unit": "kg", "year": 2024}]) == pytest.approx(
            0.5 * potential
        )
    released = {"amount": 1, "unit": "t", "year": 2024}
    assert tonnes([{**released, "activity": "wastewater.ch4"}], "ipcc-ar6@2021") == pytest.approx(27.0)
    assert tonnes([{**released, "activity": "process.ch4"}], "ipcc-ar6@2021") == pytest.approx(29.8)


def test_mass_balance_of_a_refrigerant():
    """Opening 20 + bought 15 - closing 12 - recovered 4 = 19 kg of R-410A, 1923.5 under AR5."""
    row = {
        "activity": "R-410A",
        "amount": 15,
        "unit": "kg",
        "year": 2024,
        "opening_stock": 20,
        "closing_stock": 12,
        "sold": 4,
    }
    assert tonnes([row]) == pytest.approx(0.019 * 1923.5)


def test_a_book_with_estimates(tmp_path):
    """Estimates are entries of data type estimated, which say how they came about; a bad row names its place."""
    (tmp_path / "book.toml").write_text(
        '[company]\nname_zh = "甲"\nname_en = "A"\nreporting_year = 2023\nregion = "CN"\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["cn-mee-nbs-grid@2023"]\n'
        'estimates = ["ipcc-refrigerant-leakage@2000", "ipcc-2006-wastewater@2006"]\n'
        '[files]\nentries = ["entries.csv"]\nestimates = "estimates.csv"\n',
        encoding="utf-8",
    )
    (tmp_path / "entries.csv").write_text("activity,amount,unit,year\n电力,10,MWh,2023\n", encoding="utf-8")
    head = "entity,site,source,method,activity,amount,unit,parameter,start,end,recovered\n"
    year = "2023-01-01,2023-12-31"
    good = (
        f"a,s,chiller,leakage_rate,R-410A,40,kg,chiller.high,{year},\na,s,tank,wastewater,domestic,1,t,septic,{year},\n"
    )
    (tmp_path / "estimates.csv").write_text(head + good, encoding="utf-8")
    inventory = cl.open_book(tmp_path).inventory()
    expected = 10 * 0.5306 + 0.04 * 0.15 * 1923.5 + 0.3 * 28
    assert inventory.total_location_based().magnitude == pytest.approx(expected, rel=1e-4)
    assert "B0 0.6" in str(inventory.explain(3).to_dict())
    (tmp_path / "estimates.csv").write_text(head + good.replace("septic", "lagoon"), encoding="utf-8")
    defects = [finding for finding in cl.open_book(tmp_path).inventory().findings if finding.rule == "ESTIMATE"]
    assert [(finding.file, finding.row) for finding in defects] == [("estimates.csv", 3)]


HEAD = "method,activity,count,times,amount,unit,share_percent,parameter,start,end,evidence\n"
DAYS = "2024-01-01,2024-12-31,survey"
VALUE_CHAIN = f"""commuting,travel.car.average.petrol,50,220,24,km,60,,{DAYS}
use_of_sold_products,grid electricity,1000,2000,0.5,kWh,,,{DAYS}
end_of_life,waste.commercial_and_industrial_waste.landfill,,,100,t,30,,{DAYS}
end_of_life,waste.commercial_and_industrial_waste.combustion,,,100,t,70,,{DAYS}
grid_losses,grid electricity,,,1000,MWh,5,,{DAYS}
investment,investee emissions,,,800,t CO2e,25,,{DAYS}
"""


def value_chain(folder, rows):
    """The inventory of a book that has these estimates alone."""
    (folder / "estimates.csv").write_text(HEAD + rows, encoding="utf-8")
    (folder / "entries.csv").write_text("activity,amount,unit,year\n", encoding="utf-8")
    (folder / "book.toml").write_text(
        '[company]\nname_zh = "甲"\nname_en = "A"\nreporting_year = 2024\nregion = "GB"\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["uk-desnz@2024"]\nestimates = ["us-epa-egrid@2023"]\n'
        '[files]\nentries = ["entries.csv"]\nestimates = "estimates.csv"\n',
        encoding="utf-8",
    )
    return cl.open_book(folder).inventory()


def test_activity_data_of_the_value_chain(tmp_path):
    """Technical Guidance by hand: 50 x 220 x 24 km x 60 %; 1,000 x 2,000 x 0.5 kWh; 100 t by route; 1,000 MWh x 5/95; 800 t x 25 %."""
    inventory = value_chain(tmp_path, VALUE_CHAIN)
    assert not [finding for finding in inventory.findings if finding.severity == "error"]
    amounts = inventory.lines["amount"].tolist()
    assert amounts == pytest.approx([158400, 1e6, 30, 70, 1000 * 5 / 95, 200])
    assert inventory.lines["scope_3_category"].tolist() == [7, 11, 12, 12, 3, 15]
    emissions = inventory.by("scope_3_category").set_index("scope_3_category")["emissions_tco2e"]
    assert emissions[15] == 200
    assert emissions[11] == pytest.approx(1e6 * 0.20705 / 1000)
    assert "50 people x 220 days x 24 km x 60 %" in inventory.lines["note"].iloc[0]


def test_published_rate_of_loss(tmp_path):
    """EPA eGRID 2023, table 6: 4.2 % lost in ERCOT."""
    inventory = value_chain(tmp_path, f"grid_losses,grid electricity,,,1000,MWh,,US-EGRID-ERCT,{DAYS}\n")
    assert inventory.lines["amount"].tolist() == pytest.approx([1000 * 0.042 / 0.958])
    assert "us_egrid_erct-loss_rate" in inventory.lines["note"].iloc[0]


def test_what_cannot_be_estimated_is_found_all_at_once(tmp_path):
    """Each defective row has its place, the sound one is calculated, and the total is incomplete."""
    bad = f"""commuting,travel.car.average.petrol,fifty,220,24,km,,,{DAYS}
carpooling,travel.car.average.petrol,50,220,24,km,,,{DAYS}
investment,investee emissions,,,800,t CO2e,125,,{DAYS}
end_of_life,waste.commercial_and_industrial_waste.landfill,,,100,t,30,,{DAYS}
commuting,travel.car.average.petrol,1,1,1,km,,,{DAYS}
"""
    inventory = value_chain(tmp_path, bad)
    assert [(item.rule, item.row) for item in inventory.findings] == [
        ("BAD_NUMBER", 2),
        ("ESTIMATE", 3),
        ("ESTIMATE", 4),
        ("END_OF_LIFE_ROUTES", 5),
    ]
    assert inventory.lines["row"].tolist() == [5, 6]
    assert not inventory.complete


def test_supplier_specific_emissions():
    """A supplier's own figure counts as it stands; with spend beside it the category is hybrid."""
    rows = [
        {"activity": "supplier emissions", "amount": 12.5, "unit": "t CO2e", "year": 2024, "scope_3_category": 1},
        {"activity": "waste.glass.landfill", "amount": 1, "unit": "t", "year": 2024},
    ]
    inventory = cl.calculate(cl.read_entries(rows, region="GB"), cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013")
    table = scope_3_table(inventory).set_index("category")
    assert (table["emissions_tco2e"][1], table["methods"][1]) == (12.5, "supplier-specific")
    assert "12.5 t CO2e" in str(inventory.explain(1))
    doubts = check_entries(cl.read_entries(rows, region="GB"), 2024)
    assert [item.row for item in doubts if item.rule == "REPORTED_WITHOUT_EVIDENCE"] == [2]


def test_an_actual_bill_replaces_an_estimate_of_another_file(tmp_path):
    """An estimate with an id is replaced by the entry that names it, over both files."""
    value_chain(tmp_path, VALUE_CHAIN)
    (tmp_path / "estimates.csv").write_text(
        "method,activity,count,times,amount,unit,share_percent,start,end,entry_id\n"
        "commuting,travel.car.average.petrol,1,1,10,km,,2024-01-01,2024-12-31,c1\n",
        encoding="utf-8",
    )
    (tmp_path / "entries.csv").write_text(
        "activity,amount,unit,year,scope_3_category,supersedes\ntravel.car.average.petrol,8,km,2024,7,c1\n",
        encoding="utf-8",
    )
    inventory = cl.open_book(tmp_path).inventory()
    assert inventory.lines["amount"].tolist() == [8]
    assert [finding.rule for finding in inventory.findings] == ["SUPERSEDED"]
