"""Editions of other countries, densities, and what is said of an edition that carries a part of its document."""

import csv
import json
from pathlib import Path

import pytest

import carbonledger as cl
from carbonledger.core.activity_words import read_activity
from carbonledger.core.errors import MissingBridgeError
from carbonledger.core.regions import canonical_region
from carbonledger.factors.editions import factor_folder
from carbonledger.factors.partial_editions import edition_label, partial_statement
from tests.support import run

DATA = Path(__file__).parent / "data"
SERIES = (
    "eu-eea-grid",
    "au-nga",
    "ca-eccc-reference",
    "ca-eccc-nir",
    "nz-mfe",
    "tw-moea-grid",
    "in-cea-grid",
    "sg-ema-grid",
)
AR5 = {"CH4": 28, "N2O": 265}
MAINLAND = ("cn-mee-nbs-grid@2023", "cn-ndrc-fuels-b@2013")


def rows_of(name):
    """The rows of a table of the tests."""
    return list(csv.DictReader((DATA / name).read_text(encoding="utf-8").splitlines()))


PRINTED = rows_of("world_factors.csv")
PRODUCTS = rows_of("fuel_products.csv")
EDITIONS = [name for name in cl.factors.catalogue() if name.partition("@")[0] in SERIES]
CARRIED = [factor for name in EDITIONS for factor in cl.factors.read_edition(name).factors()]


def is_product(row):
    """Whether a row is the product of an energy content and a factor per energy, which stand in the edition instead."""
    return row["series"] == "au-nga" and row["unit"] in {"kg/L", "kg/m3"}


def is_carried(row):
    """Whether an edition has the printed figure of a row, for the gas and the unit in which it was printed."""
    fiscal = row["data_year"].startswith("FY")
    return any(
        (factor.published_value or factor.value_text) == row["value"]
        and factor.edition.startswith(row["series"])
        and factor.gas == row["gas"]
        and (factor.published_unit or factor.unit).split()[0].split("/")[0] == row["unit"].split()[0].split("/")[0]
        and factor.activity.split(".")[-1] in {row["activity"].split(".")[-1], "grid"}
        and (factor.data_year is None or fiscal or str(factor.data_year) == row["data_year"])
        for factor in CARRIED
    )


def tonnes(pins, activity, amount, unit, region, year, factor="", gwp="ipcc-ar5@2013"):
    """The t CO2e of one entry."""
    entry = {"activity": activity, "amount": amount, "unit": unit, "region": region, "year": year, "factor": factor}
    return cl.calculate(cl.read_entries([entry]), cl.load_factors(*pins), gwp=gwp).total_location_based().magnitude


@pytest.mark.parametrize(
    "row", PRINTED, ids=lambda row: f"{row['series']} {row['region']} {row['activity']} {row['place']}"
)
def test_every_printed_row_is_carried_or_left_out_with_a_reason(row):
    """Each row of the publishers' figures stands in an edition; only products of two printed figures do not."""
    assert is_carried(row) is not is_product(row)


def test_the_editions_hold_nothing_else():
    """Beside the rows printed there are the twins of the Australian Capital Territory and the energy contents."""
    twins = sum(factor.region == "AU-ACT" for factor in CARRIED)
    contents = sum(factor.parameter == "calorific_value" and factor.region == "AU" for factor in CARRIED)
    left_out = sum(map(is_product, PRINTED))
    assert (twins, contents, left_out) == (4, 16, 9)
    assert len(CARRIED) == len(PRINTED) - left_out + twins + contents


def test_products_follow_from_what_is_carried():
    """Every product that is left out is reproduced by energy content and factor."""
    for row in filter(is_product, PRINTED):
        pins = (f"au-nga@{row['data_year']}",)
        unit = row["unit"].partition("/")[2]
        assert tonnes(
            pins, row["activity"], 1000, unit, "AU", int(row["data_year"]), "stationary" * ("diesel" in row["activity"])
        ) == (pytest.approx(float(row["value"]), rel=1e-9))


def test_gases_are_mass_of_gas():
    """CH4 and N2O that are printed as kg CO2e of the gas stand as kg of the gas."""
    found = [factor for factor in CARRIED if factor.gas in AR5]
    assert len(found) == 6
    for factor in found:
        assert factor.value * AR5[factor.gas] == pytest.approx(float(factor.published_value), rel=1e-12)
        assert (factor.unit, factor.published_unit) == ("kg/GJ", "kg CO2e/GJ")


def test_no_figure_is_surer_than_its_copies():
    """No page of these publishers was opened, so no row is rated high; an unread licence is said to be unread."""
    assert {factor.confidence for factor in CARRIED} == {"medium"}
    for name in EDITIONS:
        assert any(word in cl.factors.read_edition(name).licence for word in ("to be confirmed", "not stated")), name


# By hand from the printed figures in tests/data/world_factors.csv.
@pytest.mark.parametrize(
    ("pins", "entry", "kilograms"),
    [
        ("au-nga@2025", ("electricity.grid", 1000, "kWh", "AU-NSW", 2025), 640),
        ("au-nga@2025", ("electricity.grid", 1000, "kWh", "AU-ACT", 2025), 640),
        ("au-nga@2026", ("electricity.grid", 1, "MWh", "Victoria", 2026), 740),
        ("au-nga@2025", ("electricity.grid", 1000, "kWh", "SWIS", 2025), 500),
        ("au-nga@2025", ("fuel.natural_gas", 1000, "MJ", "AU-VIC", 2025), 51.53),
        ("au-nga@2025", ("fuel.natural_gas", 1, "GJ", "AU-VIC", 2025), 51.53),
        ("au-nga@2025", ("fuel.diesel", 1000, "L", "AU", 2025, "cars_2004"), 38.6 * (69.9 + 0.01 + 0.5)),
        ("au-nga@2025", ("fuel.diesel", 1000, "L", "AU", 2025, "heavy_euro_iv"), 38.6 * (69.9 + 0.07 + 0.4)),
        ("au-nga@2025", ("fuel.gasoline", 1000, "L", "AU", 2025), 34.2 * (67.4 + 0.02 + 0.2)),
        ("au-nga@2025", ("wtt.electricity.grid", 1000, "kWh", "AU-VIC", 2025), 90),
        ("ca-eccc-reference@4.0", ("electricity.grid", 1000, "kWh", "CA-ON", 2025), 73),
        ("ca-eccc-reference@4.0", ("electricity.grid", 1000, "kWh", "CA-PE", 2026), 265),
        ("ca-eccc-reference@3.0", ("fuel.natural_gas", 100, "m3", "CA-AB", 2025), 196.2),
        ("ca-eccc-reference@3.0 ca-eccc-nir@2026", ("fuel.natural_gas", 38.52, "GJ", "CA-AB", 2025), 1962),
        ("nz-mfe@2026.2", ("electricity.grid", 1000, "kWh", "NZ", 2024), 99.3596),
        ("nz-mfe@2026.2", ("fuel.natural_gas", 1000, "kWh", "NZ", 2025, "commercial"), 195.43),
        ("nz-mfe@2026.2", ("fuel.diesel", 100, "L", "NZ", 2025, "industrial"), 266.873),
        ("nz-mfe@2026.2", ("transmission.electricity", 1000, "kWh", "NZ", 2025), 5.96),
        ("tw-moea-grid@2024", ("electricity.grid", 1000, "kWh", "TW", 2024), 474),
        ("in-cea-grid@20.0 in-cea-grid@21.0", ("electricity.grid", 1000, "kWh", "IN-MH", 2024), 710),
        ("sg-ema-grid@2024", ("electricity.grid", 1000, "kWh", "SG", 2025), 402),
        ("eu-eea-grid@2024", ("electricity.grid", 1000, "kWh", "DE", 2025), 291),
        ("eu-eea-grid@2024", ("electricity.grid", 1000, "kWh", "欧盟", 2024), 183),
    ],
)
def test_everyday_entries(pins, entry, kilograms):
    """Electricity, gas and liquid fuels of these countries are calculated by the printed figures."""
    assert tonnes(pins.split(), *entry) * 1000 == pytest.approx(kilograms, rel=1e-9)


@pytest.mark.parametrize(
    ("pins", "entry", "words"),
    [
        ("au-nga@2025", ("fuel.diesel", 1, "L", "AU-NSW", 2025), "stationary, cars_2004, heavy_euro_iv"),
        ("au-nga@2026", ("fuel.gasoline", 1, "L", "AU-NSW", 2026), "no emission factor for fuel.gasoline"),
        ("nz-mfe@2026.2", ("fuel.diesel", 1, "L", "NZ", 2025), "commercial, industrial"),
        ("nz-mfe@2026.2", ("electricity.grid", 1, "kWh", "NZ", 2022), "nz-mfe@2026.2 (partial)"),
        ("ca-eccc-reference@4.0", ("electricity.grid", 1, "kWh", "CA", 2025), "no emission factor"),
        ("eu-eea-grid@2024", ("electricity.grid", 1, "kWh", "PL", 2025), "eu-eea-grid@2024 (partial)"),
        ("eu-eea-grid@2024", ("electricity.grid", 1, "kWh", "CY", 2025), "no emission factor"),
        ("tw-moea-grid@2024", ("electricity.grid", 1, "kWh", "TW", 2021), "tw-moea-grid@2024 (partial)"),
    ],
)
def test_what_is_not_carried_is_refused_in_words(pins, entry, words):
    """A country, year or use that an edition does not carry is never priced with another one's figure."""
    with pytest.raises(cl.CarbonLedgerError) as refused:
        tonnes(pins.split(), *entry)
    assert words in str(refused.value)


def test_the_union_is_no_average_of_a_country():
    """The European Union is a region by its everyday names, and no member lies in it."""
    assert {canonical_region(text) for text in ("EU", "European Union", "EU-27", "欧盟")} == {"EU-27"}
    assert "EU-27" not in cl.core.regions.enclosing_regions("PL")


@pytest.mark.parametrize(
    ("name", "unit", "region", "pin", "per_litre"),
    [
        ("0号柴油", "L", "CN-SD", "cn-fuel-density@2016", 0.845),
        ("柴油", "升", "CN", "un-energy-yearbook@2004", 1000 / 1149),
        ("柴油", "m3", "CN", "cn-fuel-density@2016", 845),
        ("92号汽油", "L", "CN-GD", "cn-fuel-density@2016", 0.775),
        ("95号汽油", "L", "CN-GD", "un-energy-yearbook@2004", 1000 / 1351),
        ("液化石油气", "L", "CN", "un-energy-yearbook@2004", 1000 / 1852),
        ("燃料油", "L", "CN", "un-energy-yearbook@2004", 1000 / 1053),
        ("煤油", "L", "CN", "un-energy-yearbook@2004", 1000 / 1235),
    ],
)
def test_litres_are_priced_over_a_density(name, unit, region, pin, per_litre):
    """A litre costs what its kilograms cost, wherever a density is pinned; without it the entry is refused."""
    by_mass = tonnes(MAINLAND, name, per_litre, "kg", region, 2025)
    assert tonnes((*MAINLAND, pin), name, 1, unit, region, 2025) == pytest.approx(by_mass, rel=1e-12)
    with pytest.raises(MissingBridgeError):
        tonnes(MAINLAND, name, 1, unit, region, 2025)


def test_the_nearer_density_is_taken():
    """With both tables pinned, Chinese diesel has the density of China and every other fuel that of the United Nations."""
    both = (*MAINLAND, "cn-fuel-density@2016", "un-energy-yearbook@2004")
    assert tonnes(both, "柴油", 1, "L", "CN", 2025) == tonnes(
        (*MAINLAND, "cn-fuel-density@2016"), "柴油", 1, "L", "CN", 2025
    )
    assert tonnes(both, "煤油", 1, "L", "CN", 2025) > 0


def test_a_density_of_emissions_serves_the_energy():
    """A density that is pinned for emissions alone takes litres to the calorific value of the energy role."""
    pins = {"emissions": (*MAINLAND, "cn-fuel-density@2016"), "energy": ("cn-energy-yearbook@2021",)}
    entry = {"activity": "柴油", "amount": 724, "unit": "L", "region": "CN-SD", "year": 2025}
    inventory = cl.calculate(cl.read_entries([entry]), cl.load_factors(roles=pins), gwp="ipcc-ar5@2013")
    assert inventory.findings == ()
    assert inventory.lines["energy_gj"].sum() == pytest.approx(724 * 0.845 * 42.652 / 1000, rel=1e-12)
    assert "cn-energy-yearbook@2021" in str(inventory.explain(1))


def test_a_missing_density_names_the_editions_that_have_it():
    """Litres without a density say in both languages what can be pinned, the nearest first, and call it partial."""
    with pytest.raises(MissingBridgeError) as refused:
        tonnes(MAINLAND, "柴油", 724, "L", "CN-SD", 2025)
    english, chinese = refused.value.text_in("en"), refused.value.text_in("zh")
    offered = (
        "density 845 kg/m3 in cn-fuel-density@2016 (partial)",
        "density 1149 L/t in un-energy-yearbook@2004 (partial)",
    )
    assert english.index(offered[0]) < english.index(offered[1])
    assert "cn-fuel-density@2016（节选） 的密度 845 kg/m3" in chinese
    with pytest.raises(MissingBridgeError) as silent:
        tonnes(MAINLAND, "LNG", 1, "L", "CN-SD", 2025)
    assert "The library carries" not in str(silent.value)


def test_the_columns_of_the_united_nations_agree():
    """The densities are the litres printed: a tonne of diesel is 1,149 L, of motor gasoline 1,351 L."""
    edition = cl.factors.read_edition("un-energy-yearbook@2004")
    assert len({factor.publisher_path for factor in edition.factors()}) == 18
    for factor in edition.factors():
        assert 1000 / factor.value == pytest.approx(float(factor.published_value), rel=1e-12)


@pytest.mark.parametrize("row", PRODUCTS, ids=lambda row: f"{row['country']} {row['name']}")
def test_product_names_of_fuels(row):
    """Each name of a fuel as shops and bills write it means one activity, or asks which of several."""
    found = read_activity(row["name"], row["country"])
    assert (found.activity, ";".join(found.choices)) == (row["means"], row["asked"])


def test_compressed_gas_by_volume_is_natural_gas():
    """Compressed natural gas at stated conditions takes the figures of natural gas where an edition has none of its own."""
    by_name, plain = (tonnes(MAINLAND, name, 1000, "Nm3", "CN", 2025) for name in ("CNG", "天然气"))
    assert by_name == plain > 0


def test_statements_are_about_editions():
    """Every statement names an edition or series of the catalogue, in both languages, and none is silent."""
    known = set(cl.factors.catalogue())
    rows = list(csv.DictReader((factor_folder() / "partial.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["edition"] for row in rows] == sorted({row["edition"] for row in rows})
    for row in rows:
        assert row["edition"] in known | {name.partition("@")[0] for name in known}
        assert row["words_en"].isascii()
        assert not row["words_zh"].isascii()


def test_every_edition_of_these_countries_is_partial():
    """An edition that says so in its description says so in its name."""
    for name in cl.factors.catalogue():
        said = str(cl.factors.read_edition(name).package["description"]).startswith("Partial:")
        assert not said or partial_statement(name) is not None
    assert all(map(partial_statement, EDITIONS))


def test_a_correction_is_as_partial_as_what_it_corrects():
    """A statement of an edition holds for its corrections, and for no other edition of the series."""
    assert partial_statement("us-epa-hub@2024-r1") == partial_statement("us-epa-hub@2024")
    assert edition_label("us-epa-hub@2025").en == "us-epa-hub@2025"
    assert edition_label("au-nga@2025").zh == "au-nga@2025（节选）"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("factors", "list"), "sg-ema-grid@2024 (partial)"),
        (("factors", "show", "sg-ema-grid@2024"), "partial: the grid emission factor of 2024"),
        (("factors", "search", "Singapore", "grid"), "(partial)"),
        (("factors", "why", "electricity.grid", "SG", "2024"), "(partial edition)"),
        (("activities", "外购电力", "--region", "SG", "--lang", "zh"), "sg-ema-grid@2024（节选）"),
    ],
)
def test_the_commands_call_it_partial(arguments, words):
    """A partial edition says that it is partial wherever it is listed, shown, found or chosen."""
    result = run(*arguments, COLUMNS="200")
    assert words in result.stdout, result.stderr


def test_a_report_calls_it_partial(tmp_path):
    """A report says of a partial edition what it carries and what not, in its language; so does an explanation."""
    (tmp_path / "book.toml").write_text(
        '[company]\nname_en = "Sample"\nname_zh = "示例"\nreporting_year = 2025\nregion = "SG"\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["sg-ema-grid@2024"]\n[files]\nentries = ["entries.csv"]\n',
        encoding="utf-8",
    )
    text = "activity,amount,unit,region,year\nelectricity.grid,1000,kWh,SG,2025\n"
    (tmp_path / "entries.csv").write_text(text, encoding="utf-8")
    for lang, words in (("en", "sg-ema-grid@2024 (partial)"), ("zh", "sg-ema-grid@2024（节选）")):
        printed = run("report", tmp_path, "--lang", lang, COLUMNS="200").stdout
        assert words in printed
        assert partial_statement("sg-ema-grid@2024").text(lang) in printed
    editions = json.loads(run("report", tmp_path, "--json").stdout)["editions"]
    assert {row["partial"] for row in editions} == {"", partial_statement("sg-ema-grid@2024").en}
