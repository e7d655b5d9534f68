"""Refrigerant leakage by rate, methane of wastewater, gases released by mass."""

import pytest

import carbonledger as cl
from carbonledger.accounting.estimates import leaked, wastewater_methane
from carbonledger.errors import MissingFactorError

LEAKAGE = [cl.read_edition("ipcc-refrigerant-leakage@2000")]
WASTEWATER = [cl.read_edition("ipcc-2006-wastewater@2006")]


def tonnes(rows, gwp="ipcc-ar5@2013"):
    """T CO2e of some rows; no factor but the potentials is needed."""
    return (
        cl.calculate(cl.read_entries(rows), cl.load_factors("cn-ndrc-heat@2013"), gwp=gwp)
        .total_location_based()
        .magnitude
    )


def test_leakage_by_rate():
    """40 kg in a chiller at 15 % a year for 365.25 days: 6 kg, with the rate's place in the note."""
    estimate = leaked(40, "chiller.high", 365, LEAKAGE)
    assert estimate.kilograms == pytest.approx(40 * 0.15 * 365 / 365.25, rel=1e-3)
    assert "cn-chiller-leak-high" in estimate.derivation
    with pytest.raises(MissingFactorError, match="no leakage_rate"):
        leaked(40, "freezer", 365, LEAKAGE)


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
    expected = 10 * 0.5306 + 0.04 * 0.15 * 365 / 365.2425 * 1923.5 + 0.3 * 28
    assert inventory.total_location_based().magnitude == pytest.approx(expected, rel=1e-4)
    assert "B0 0.6" in str(inventory.explain(3).to_dict())
    (tmp_path / "estimates.csv").write_text(head + good.replace("septic", "lagoon"), encoding="utf-8")
    with pytest.raises(cl.BookError, match="row 3"):
        cl.open_book(tmp_path).inventory()
