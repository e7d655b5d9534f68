"""Units that cannot be misread: the case of letters, denominators, countries, currencies, and gas at stated conditions."""

import csv
import itertools
import random
import re
import time
from importlib import resources

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from carbonledger.core.errors import UnknownUnitError
from carbonledger.core.unit_registry import currency_codes, registry_symbols
from carbonledger.core.unit_words import case_readings, merged_spellings
from carbonledger.core.units import canonical_unit, conversion_factor, dimension_of, parse_unit, registry
from tests.support import PROJECT

ROOM = resources.files("carbonledger.core")
WORDS = list(csv.DictReader(ROOM.joinpath("unit_words.csv").read_text(encoding="utf-8").splitlines()))
POWERS = {
    row["prefix"]: int(row["power"])
    for row in csv.DictReader(ROOM.joinpath("unit_prefixes.csv").read_text(encoding="utf-8").splitlines())
}
# Bases as the SI and the trade write them, and a unit that is one of them.
BASES = {
    "g": "g",
    "t": "t",
    "m": "m",
    "L": "L",
    "l": "L",
    "J": "J",
    "W": "W",
    "Wh": "Wh",
    "cal": "cal",
    "Pa": "Pa",
    "toe": "toe",
    "tce": "tce",
}


def size_of(unit):
    """A unit in root units."""
    size = registry().Quantity(1.0, parse_unit(unit)).to_root_units()
    return str(size.units), size.magnitude


def key_of(text, region=""):
    """The key of the refusal of a text."""
    with pytest.raises(UnknownUnitError) as caught:
        canonical_unit(text, region)
    return caught.value.says.key


# The SI Brochure, tables 7 and 8, gives each.
@pytest.mark.parametrize(
    ("written", "size", "unit"),
    [("ML", 1e6, "L"), ("Ml", 1e6, "L"), ("ml", 1e-3, "L"), ("Mg", 1, "t"), ("mg", 1e-6, "kg"), ("Gg", 1, "kt"), ("MWH", 1e6, "Wh"),
     ("Mwh", 1e6, "Wh"), ("Mw", 1e6, "W"), ("kwh", 1e3, "Wh"), ("KWH", 1e3, "Wh"), ("Kwh", 1e3, "Wh"), ("gj", 1, "GJ"),
     ("MTOE", 1e6, "toe"),
     ("Mtoe", 1e6, "toe"), ("ktce", 1e3, "tce"), ("万tce", 1e4, "tce"), ("KCAL", 1e3, "cal"), ("Kpa", 1e3, "Pa"), ("MPA", 1e6, "Pa")],
)  # fmt: skip
def test_case_is_that_of_the_si(written, size, unit):
    """A prefix is read in the case it is written in; letters that no prefix hangs on are read in any."""
    assert conversion_factor(written, unit) == pytest.approx(size, rel=1e-12)


@pytest.mark.parametrize("text", ["mJ", "mj", "mWh", "mwh", "mW", "pJ", "pj", "MG", "mG", "mtoe", "mPa", "MM", "mcal"])
def test_letters_whose_case_decides_are_refused_with_both_readings(text):
    """A thousandth is never a million: the refusal says what each case would be."""
    assert key_of(text) == "UNKNOWN_UNIT.case"
    with pytest.raises(UnknownUnitError, match=re.escape("10^")) as caught:
        canonical_unit(f"kg/{text}")
    assert len(caught.value.says.values) == 3


def written_cases(name):
    """Every case of the letters of a short spelling, some of a long one."""
    if len(name) <= 6:
        return {"".join(letters) for letters in itertools.product(*({a.lower(), a.upper()} for a in name))}
    return {name, name.lower(), name.upper(), name.swapcase(), name.title()}


def si_readings(letters):
    """What the SI makes of letters, by spelling."""
    return {
        prefix + base: (size_of(unit)[0], size_of(unit)[1] * 10.0 ** POWERS[prefix])
        for prefix in POWERS
        for base, unit in BASES.items()
        if (prefix + base).casefold() == letters.casefold()
    }


def test_no_case_of_a_spelling_gives_another_power_of_ten():
    """Each case of each known spelling is refused, or is what the SI says, or the only thing that its letters can be."""
    for name in [name for name in registry_symbols() if name.isascii()] + [row["word"] for row in WORDS]:
        for written in written_cases(name):
            try:
                found = size_of(written)
            except UnknownUnitError:
                continue
            readings = si_readings(written)
            if written in readings:
                assert found[0] != readings[written][0] or found[1] == pytest.approx(readings[written][1]), written
            elif len({f"{size[1]:.6g}" for size in readings.values()}) > 1 and written not in registry_symbols():
                same_prefix = {
                    text: size for text, size in readings.items() if text[0] == written[0] == written[0].upper()
                }
                assert any(found[1] == pytest.approx(size[1]) for size in same_prefix.values()), written


def test_the_list_of_merged_spellings_is_complete():
    """docs/units.md lists all spellings that one case for all letters would merge with another unit."""
    page = (PROJECT / "docs" / "units.md").read_text(encoding="utf-8")
    listed = {
        row[0]: set(row[1].split(", "))
        for row in re.findall(r"^\| `(\w+)` \| (.+?) \|$", page.replace("µ", "μ"), re.MULTILINE)
    }
    computed = {letters: {f"`{name}`" for name in names} for letters, names in merged_spellings().items()}
    assert listed == computed
    expected = set()
    for name in registry_symbols():
        sizes = {f"{size[1]:.6g}" for size in si_readings(name).values()}
        if name.isascii() and len(sizes) > 1:
            expected.add(name.casefold())
    assert expected <= set(computed)
    assert case_readings("mwh") == {"mWh": "10^-3 Wh", "MWh": "10^6 Wh"}


@pytest.mark.parametrize(
    ("written", "canonical"),
    [("tCO2e/万元", "t CO2e/(10^4 CNY)"), ("tce/万m2", "tce/(10^4 m2)"), ("GJ/千m3", "GJ/(10^3 m3)"), ("GJ/1000 m3", "GJ/(10^3 m3)"),
     ("t CO2e/million GBP", "t CO2e/(10^6 GBP)"), ("kg/1000 L", "kg/(10^3 L)"), ("tCO2e/£m", "t CO2e/(10^6 GBP)"),
     ("L/100 km", "L/(10^2 km)"),
     ("kg CO2e/t·km", "kg CO2e/t_km"), ("kWh/m2/a", "kWh/m2/a"), ("kWh/(m2 a)", "kWh/(m2 a)"), ("kg per kWh", "kg/kWh"),
     ("tC/TJ", "t C/TJ"),
     ("kg CO2e/passenger-km", "kg CO2e/passenger_km"), ("(kg CO2e)/kWh", "kg CO2e/kWh"), ("吨二氧化碳当量/亿元", "t CO2e/(10^8 CNY)")],
)  # fmt: skip
def test_a_denominator_is_all_that_stands_behind_the_solidus(written, canonical):
    """a/b c means a/(b c), and is written so."""
    assert canonical_unit(written) == canonical
    assert canonical_unit(canonical) == canonical


def test_a_denominator_has_the_size_of_its_parts():
    """A tonne per ten thousand yuan is a ten-thousandth of a tonne per yuan."""
    assert conversion_factor("tCO2e/万元", "t CO2e/CNY") == pytest.approx(1e-4, rel=1e-12)
    assert conversion_factor("t CO2e/million GBP", "kg CO2e/GBP") == pytest.approx(1e-3, rel=1e-12)
    assert key_of("kg/t*km") == "UNKNOWN_UNIT.solidus"


KNOWN = {
    "ktoe": "ktoe", "Mtoe": "Mtoe", "ktce": "ktce", "ktCO2e": "kt CO2e", "Mt CO2e": "Mt CO2e", "GtCO2e": "Gt CO2e", "t-CO2": "t CO2",
    "tCO2-eq": "t CO2e", "tCO2eq": "t CO2e", "t CO2-e": "t CO2e", "kBtu": "kBtu", "kBTU": "kBtu", "kBtu (thousand Btu)": "kBtu",
    "quad": "quad",
    "ccf": "ccf", "CCF": "ccf", "kcf": "kcf", "Dth": "Dth", "MMBtu": "MMBtu", "MCF (million cubic feet)": "10^6 ft3", "hp h": "hph",
    "ton-hour of refrigeration": "RTh", "m3N": "Nm3", "bcm": "bcm", "1000 m3": "10^3 m3", "thousand kWh": "10^3 kWh",
    "million kWh": "10^6 kWh", "megalitre": "ML", "megaliter": "ML", "tonne-km": "t_km", "passenger km": "passenger_km",
    "room nights": "room_night", "US$": "USD", "£": "GBP", "€": "EUR", "万度": "10^4 kWh", "亿千瓦时": "10^8 kWh", "万立方米": "10^4 m3",
    "千立方米": "10^3 m3", "百万千瓦时": "10^6 kWh", "万吨": "10^4 t", "万元": "10^4 CNY",
    "立方": "m3", "公升": "L", "NT$": "TWD", "k€": "10^3 EUR",
    "gallons (US)": "gal_US", "tons (metric)": "t", "MMTCO2e": "Mt CO2e", "tonnes of CO2e": "t CO2e", "10,000 kWh": "10^4 kWh",
}  # fmt: skip


@pytest.mark.parametrize(("written", "canonical"), KNOWN.items())
def test_units_of_bills_and_reports_are_known(written, canonical):
    """What bills, benchmarks and reports write is understood."""
    assert canonical_unit(written) == canonical
    assert canonical_unit(canonical) == canonical


# NIST SP 811, B.8; US EIA glossary; IEA manual; GB/T 2589-2020.
@pytest.mark.parametrize(
    ("source", "target", "factor"),
    [("quad", "J", 1.055056e18), ("ccf", "m3", 2.831685), ("Dth", "MJ", 1054.804), ("hph", "MJ", 2.684520), ("RTh", "MJ", 12.66067),
     ("psi", "kPa", 6.894757), ("atm", "kPa", 101.325), ("bar", "kPa", 100), ("ktoe", "TJ", 41.868), ("ktce", "TJ", 29.3076),
     ("kBtu", "MJ", 1.055056), ("hp", "W", 745.6999), ("metric_hp", "W", 735.4988), ("ton_of_refrigeration", "W", 3516.853)],
)  # fmt: skip
def test_sizes_are_those_of_their_sources(source, target, factor):
    """Units are as large as their sources print them."""
    assert conversion_factor(source, target) == pytest.approx(factor, rel=5e-7)


@pytest.mark.parametrize(
    ("word", "region", "canonical"),
    [("ton", "US", "ton_US"), ("tons", "US-EGRID-CAMX", "ton_US"), ("gallon", "US-CA", "gal_US"), ("GAL", "GB", "gal_UK"),
    ("Gal", "UK", "gal_UK"),
     ("therm", "US", "US_therm"), ("Therms", "GB", "EC_therm"), ("Mcf", "US", "10^3 ft3"), ("MCF", "US-TX", "10^3 ft3"),
     ("cf", "US", "ft3"),
     ("MT", "US", "t"), ("MTCO2e", "US", "t CO2e"), ("$", "US", "USD"), ("$", "CA-ON", "CAD"), ("¥", "CN-SD", "CNY"), ("￥", "JP", "JPY"),
     ("元", "", "CNY"), ("元", "TW", "TWD"), ("kg CO2e/gal", "US", "kg CO2e/gal_US"), ("tCO2e/$m", "US", "t CO2e/(10^6 USD)")],
)  # fmt: skip
def test_the_country_settles_what_it_can(word, region, canonical):
    """A gallon in the book of a country is the gallon of that country, and reads back in any."""
    assert canonical_unit(word, region) == canonical
    assert canonical_unit(canonical) == canonical
    assert parse_unit(word, region) == parse_unit(canonical)


@pytest.mark.parametrize(
    ("text", "region"),
    [("MBtu", "US"), ("MBtu", ""), ("mbtu", "GB"), ("ton", "GB"), ("ton", "CN"), ("gallon", ""), ("Mcf", ""), ("Mcf", "GB"),
    ("MT", ""), ("mt", ""),
     ("mtCO2e", ""), ("therms", "CN-SD"), ("cf", ""), ("$", ""), ("$", "GB"), ("¥", "US"), ("pound", "GB"), ("gCal", ""), ("Cal", ""),
     ("GT", "")],
)  # fmt: skip
def test_what_no_country_settles_is_asked(text, region):
    """An ambiguous unit is refused with every meaning and its size, in both languages."""
    with pytest.raises(UnknownUnitError) as caught:
        canonical_unit(text, region)
    assert caught.value.says.key == "UNKNOWN_UNIT.ambiguous"
    meanings = dict(caught.value.says.values)["meanings"]
    assert len(meanings) > 1
    assert all(meaning in caught.value.text_in("en") and meaning in caught.value.text_in("zh") for meaning in meanings)


def test_meanings_have_their_sizes():
    """Both meanings of MBtu are explained in joules."""
    with pytest.raises(UnknownUnitError, match=re.escape("10^3 Btu = 1.055055853 MJ, 10^6 Btu = 1055.055853 MJ")):
        canonical_unit("MBtu")


@pytest.mark.parametrize("row", WORDS, ids=lambda row: f"{row['word']}-{row['country']}")
def test_each_word_has_a_source_and_units(row):
    """The table of words names units that are known, and where they are from."""
    assert row["source"]
    for meaning in row["means"].split(";"):
        if meaning != "KGS":
            assert parse_unit(meaning, row["country"]) is not None


def test_currencies_are_those_of_iso_4217():
    """Every currency in use is a dimension of its own; in lower case only the common ones are."""
    assert len(currency_codes()) > 140
    for code in currency_codes() - {"KGS"}:
        assert canonical_unit(code) == code
        assert dimension_of(code) == "currency"
        assert dimension_of(f"{code}_2022") == "currency"
    assert canonical_unit("usd") == "USD"
    assert key_of("cup") == "UNKNOWN_UNIT.unlike"
    assert key_of("XYZ") == "UNKNOWN_UNIT.unlike"


def test_suggestions_are_slips_of_the_pen():
    """Only a unit that is a letter away is proposed, with its size."""
    with pytest.raises(UnknownUnitError, match=re.escape("kWh = 3.6 MJ")) as caught:
        canonical_unit("kwhh")
    assert caught.value.neighbours == ("kWh",)
    for text in ["C", "°C", "XKQ", "foo", "qqqqqq"]:
        with pytest.raises(UnknownUnitError) as caught:
            canonical_unit(text)
        assert caught.value.neighbours == ()


# The ideal gas law: p V / T is constant. EPA: 60 degF is 519.67 degR; 14.73 psia over 14.696 psia.
@pytest.mark.parametrize(
    ("written", "cubic_meters"),
    [("m3 (0 degC, 101.325 kPa)", 1), ("m3 (20 degC, 101.325 kPa)", 273.15 / 293.15), ("m3 @ 15 degC, 1.01325 bar", 273.15 / 288.15),
     ("m3 (15 °C, 1 atm)", 273.15 / 288.15), ("Nm3 (0 °C, 1 bar)", 100 / 101.325), ("m3 at 25 ℃, 1 bar", 273.15 / 298.15 * 100 / 101.325),
     ("ft3 (60 degF, 14.73 psia)", 0.028316846592 * 491.67 / 519.67 * 14.73 * 6.894757293168 / 101.325),
     ("scf (60 degF, 14.73 psia)", 0.028316846592 * 491.67 / 519.67 * 14.73 * 6.894757293168 / 101.325),
     ("m3 (101.325 kPa, 293.15 K)", 273.15 / 293.15), ("万m3 (20 degC, 101.325 kPa)", 1e4 * 273.15 / 293.15)],
)  # fmt: skip
def test_gas_at_stated_conditions_is_an_amount(written, cubic_meters):
    """A volume at a temperature and a pressure converts to normal cubic metres by the ideal gas law."""
    assert conversion_factor(written, "Nm3") == pytest.approx(cubic_meters, rel=1e-9)
    assert canonical_unit(canonical_unit(written)) == canonical_unit(written)
    assert dimension_of(written) == "normal_volume"


@pytest.mark.parametrize(
    "text", ["m3 (20 degC)", "m3 (20 degC, 101325 kPa)", "m3 (900 degC, 1 bar)", "kWh (20 degC, 1 bar)", "ft3 (60 degF, 14.73 psig)",
    "m3 (0 degC, 1 Mbar)", "m3 @ 15 degC, 1 mPa"]
)  # fmt: skip
def test_conditions_without_sense_are_refused(text):
    """Half of the conditions, gauge pressure, implausible figures, or conditions of something that is no volume."""
    assert key_of(text) == "UNKNOWN_UNIT.conditions"


def test_brackets_that_explain_must_agree():
    """A unit and the unit in brackets behind it are one, or the text is refused."""
    assert canonical_unit("百万元 (million CNY)") == "10^6 CNY"
    assert key_of("kWh (MWh)") == "UNKNOWN_UNIT.explained"


spelling = st.sampled_from(
    sorted(registry_symbols()) + [row["word"] for row in WORDS] + ["per", "1000", "10^4", "万", "CO2", "m", "k"]
)
cased = spelling.flatmap(lambda word: st.sampled_from([word, word.lower(), word.upper(), word.swapcase()]))
joint = st.sampled_from([" ", "/", "*", "·", "-", "(", ")", "", " per ", "_", "每", "/("])


@given(st.lists(st.tuples(cased, joint), min_size=1, max_size=6), st.sampled_from(["", "US", "GB", "CN-SD"]))
@settings(max_examples=400)
def test_a_canonical_text_reads_back_as_itself(parts, region):
    """Reading what was written changes neither text nor size, in any country."""
    text = "".join(word + sign for word, sign in parts)
    try:
        canonical = canonical_unit(text, region)
    except UnknownUnitError:
        return
    assert canonical_unit(canonical) == canonical
    assert canonical_unit(canonical, "TW") == canonical
    assert parse_unit(canonical) == parse_unit(text, region)


def test_no_text_is_slow():
    """Mixes of words and long repetitions are refused, in less than 5 ms each on a busy machine."""
    chance = random.Random(14)  # noqa: S311  (no secret)
    words = sorted(registry_symbols())
    texts = [" ".join(chance.choices(words, k=3)) + chance.choice(["x", "/", ")"]) for _ in range(300)]
    texts += [
        "(" * 200,
        "a" * 199,
        "-" * 200,
        "10" * 90,
        "万" * 200,
        "m3 @ " * 40,
        "CO2 (" * 40,
        "1,000" * 40,
        "x" * 100_000,
    ]
    begun = time.perf_counter()
    for text in texts:
        with pytest.raises(UnknownUnitError):
            canonical_unit(text)
    assert (time.perf_counter() - begun) / len(texts) < 0.005
