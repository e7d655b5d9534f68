import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.core.units import dimension_of, parse_unit
from tests.strategies import amounts

SPELLINGS = {
    "千瓦时": "kWh", "度": "kWh", "KWh": "kWh", "kwh": "kWh", "KWH": "kWh", "万度": "10^4 kWh", "万千瓦时": "10^4 kWh",
    "万kWh": "10^4 kWh", "10^4 kWh": "10^4 kWh", "10⁴ kWh": "10^4 kWh", "吨": "t", "千克": "kg", "公斤": "kg", "升": "L",
    "立方米": "m3", "m³": "m3", "㎥": "m3", "Nm³": "Nm3", "万Nm3": "10^4 Nm3", "吉焦": "GJ", "吨标准煤": "tce", "tce": "tce",
    "元": "CNY", "万元": "10^4 CNY", "亿元": "10^8 CNY", "kgCO2e": "kg CO2e", "吨二氧化碳当量": "t CO2e", "ＫＷｈ": "kWh",
    "passenger km": "passenger_km", "tkm": "t_km", "room night": "room_night", "%": "percent",
    "μg/m³": "μg/m3", "ug/m3": "μg/m3", "微克/立方米": "μg/m3",
}  # fmt: skip


@pytest.mark.parametrize(("written", "canonical"), SPELLINGS.items())
def test_spellings(written, canonical):
    """Chinese and sloppy spellings are understood and normalised, and normalising twice changes nothing."""
    assert cl.units.canonical_unit(written) == canonical
    assert cl.units.canonical_unit(canonical) == canonical


# Sources: SI Brochure; GB/T 2589-2020 (29.3076 MJ/kgce); IEA manual (41.868 GJ/toe); NIST SP 811, B.8.
CONVERSIONS = [
    ("kWh", "J", 3.6e6), ("MWh", "kWh", 1000), ("10^4 kWh", "MWh", 10), ("kgce", "MJ", 29.3076), ("tce", "GJ", 29.3076),
    ("toe", "GJ", 41.868), ("kcal", "kJ", 4.1868), ("MMBtu", "J", 1055.05585262e6), ("therm_US", "J", 1.054804e8),
    ("therm_EC", "J", 1.05505585262e8), ("short_ton", "kg", 907.18474), ("long_ton", "kg", 1016.0469088),
    ("US_gallon", "L", 3.785411784), ("imperial_gallon", "L", 4.54609), ("barrel", "L", 158.987294928), ("TJ", "GJ", 1000),
    ("Sm3", "Nm3", 273.15 / 288.15), ("mile", "km", 1.609344), ("vehicle_km", "vehicle_km", 1),
    ("μg/m3", "mg/m3", 0.001), ("mg/L", "mg/m3", 1000),
]  # fmt: skip


@pytest.mark.parametrize(("source", "target", "factor"), CONVERSIONS)
def test_conversions(source, target, factor):
    """Units stand to each other as their sources say."""
    assert cl.units.conversion_factor(source, target) == pytest.approx(factor, rel=1e-12)


@pytest.mark.parametrize(
    ("source", "target"),
    [("t CO2e", "t"), ("t CO2", "t CO2e"), ("t CH4", "t CO2"), ("m3", "Nm3"), ("USD", "CNY"), ("USD_2021", "USD_2022"),
     ("USD", "USD_2022"), ("kWh", "kgce/kWh"), ("passenger_km", "t_km"), ("room_night", "person")],
)  # fmt: skip
def test_nothing_converts_by_accident(source, target):
    """Gases, currencies, price years and gas volumes are dimensions of their own."""
    with pytest.raises(cl.errors.DimensionError, match="no conversion between them"):
        cl.units.conversion_factor(source, target)


@pytest.mark.parametrize("text", ["ton", "gallon", "therm", "MT"])
def test_ambiguous_units_are_refused(text):
    """A unit that means different things in different countries is not guessed."""
    with pytest.raises(cl.errors.UnknownUnitError, match="Did you mean"):
        cl.units.canonical_unit(text)


def test_unknown_unit_names_neighbours():
    """An unknown unit names what it may have been."""
    with pytest.raises(cl.errors.UnknownUnitError) as caught:
        cl.units.canonical_unit("kwhh")
    assert "kWh" in caught.value.neighbours
    assert "kwhh" in str(caught.value)


@given(st.text(max_size=30))
def test_any_text_is_a_unit_or_an_unknown_unit(text):
    """No text crashes the parser."""
    try:
        canonical = cl.units.canonical_unit(text)
    except cl.errors.UnitError:
        return
    assert parse_unit(canonical) == parse_unit(text)


@given(amounts, st.sampled_from(["kWh", "MWh", "GJ", "tce", "万kWh", "toe", "MMBtu", "kcal"]))
def test_round_trip(amount, unit):
    """To joule and back is the same amount."""
    there = cl.units.quantity(amount, unit).to("J")
    assert there.to(parse_unit(unit)).magnitude == pytest.approx(amount, rel=1e-12)


def test_one_registry():
    """The registry is built once; its definitions each name a source."""
    assert cl.units.registry() is cl.units.registry()
    from importlib import resources

    lines = resources.files("carbonledger.core").joinpath("units.txt").read_text(encoding="utf-8").splitlines()
    definitions = [line for line in lines if line and not line.startswith("#")]
    assert len(definitions) > 80
    assert all("#" in line and line.split("#", 1)[1].strip() for line in definitions)


def test_dimensions_have_names():
    """Every dimension an activity may be measured in has a name."""
    for activity in cl.activities.taxonomy().values():
        assert all(name.isidentifier() for name in activity.dimensions)
    assert dimension_of("USD_2022") == dimension_of("CNY") == "currency"
    assert dimension_of("10^4 Nm3") == "normal_volume"
