"""The traps of the international editions, each a test."""

import csv
import importlib.resources
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest
from openscm_units import unit_registry

import carbonledger as cl
from carbonledger.disclosure.frameworks import disclose
from tests.support import PROJECT

DATA = Path(__file__).parent / "data"
YEARS = tuple(range(2016, 2027))


def tonnes(edition, gwp="ipcc-ar5@2013", **entry):
    """t CO2e of one entry under one edition."""
    entries = cl.read_entries([{"region": "GB", "year": 2024, **entry}])
    return cl.calculate(entries, cl.load_factors(edition), gwp=gwp).total_location_based().magnitude


@pytest.mark.parametrize("year", YEARS)
def test_gases_sum_to_the_stated_total(year):
    """Per-gas rows, in kg CO2e of the gas as published, sum to the stated CO2e but for the exceptions that the publisher printed."""
    sums = defaultdict(dict)
    for factor in cl.factors.read_edition(f"uk-desnz@{year}").factors(parameter="emission_factor"):
        published = Decimal(factor.published_value or factor.value_text)
        sums[(factor.publisher_path, factor.unit, factor.heating_value)][factor.gas] = published
    with (DATA / "desnz_sum_exceptions.csv").open(encoding="utf-8", newline="") as stream:
        listed = {
            (row["publisher_path"], row["unit"])
            for row in csv.DictReader(stream)
            if row["edition"] == f"uk-desnz@{year}"
        }
    complete = {key: gases for key, gases in sums.items() if {"CO2e", "CO2", "CH4", "N2O"} <= set(gases)}
    assert len(complete) > 900
    differing = {
        (path, unit.removeprefix("kg/"))
        for (path, unit, _), gases in complete.items()
        if abs(gases["CO2e"] - gases["CO2"] - gases["CH4"] - gases["N2O"]) > Decimal("1e-9")
    }
    assert differing == listed


@pytest.mark.parametrize("year", YEARS)
def test_gases_are_mass_of_gas(year):
    """A per-gas figure times the GWP of its own basis is the published CO2e: it was divided once, and only once."""
    values = {"AR4": cl.factors.read_gwp("ipcc-ar4@2007"), "AR5": cl.factors.read_gwp("ipcc-ar5@2013")}
    rows = [
        row
        for row in cl.factors.read_edition(f"uk-desnz@{year}").factors(parameter="emission_factor")
        if row.published_value
    ]
    assert len(rows) > 1900
    for row in rows[:: max(1, len(rows) // 300)]:
        again = Decimal(row.value_text) * Decimal(values[row.gwp_basis].of(row.gas).value_text)
        assert float(again) == pytest.approx(float(row.published_value), rel=1e-12)


# Totals as printed by the publisher: kg CO2e per unit.
PRINTED = [
    ("uk-desnz@2024", {"activity": "electricity.grid", "amount": 1, "unit": "kWh"}, 0.20705),
    ("uk-desnz@2024", {"activity": "fuel.natural_gas", "amount": 1, "unit": "kWh", "factor": "gross"}, 0.1829),
    ("uk-desnz@2024", {"activity": "fuel.natural_gas", "amount": 1, "unit": "m3"}, 2.04542),
    ("uk-desnz@2024", {"activity": "transmission.electricity", "amount": 1, "unit": "kWh"}, 0.0183),
    (
        "uk-desnz@2024",
        {"activity": "fuel.gasoline", "amount": 1, "unit": "L", "factor": "average_biofuel_blend"},
        2.0844,
    ),
    ("uk-desnz@2024", {"activity": "travel.car.average.petrol", "amount": 1, "unit": "km"}, 0.1645),
    ("uk-desnz@2024", {"activity": "travel.hotel", "amount": 1, "unit": "room night", "region": "CN"}, 53.5),
    ("uk-desnz@2024", {"activity": "R410A", "amount": 1, "unit": "kg", "factor": "uk-desnz@2024"}, 1924),
    (
        "us-epa-supply-chain@1.3",
        {"activity": "spend.naics.111110", "amount": 1, "unit": "USD_2022", "region": "US"},
        0.532,
    ),
]


@pytest.mark.parametrize(("edition", "entry", "printed"), PRINTED)
def test_printed_totals(edition, entry, printed):
    """An entry under AR5 gives the publisher's own CO2e."""
    assert tonnes(edition, **entry) * 1000 == pytest.approx(printed, abs=2e-5)


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"activity": "fuel.natural_gas", "unit": "kWh"}, "do not say gross or net, and uk-desnz@2024 has both"),
        ({"activity": "fuel.gasoline", "unit": "L"}, "average_biofuel_blend, mineral"),
        ({"activity": "travel.air.short_haul.economy", "unit": "passenger_km"}, "with_rf, without_rf"),
    ],
)
def test_what_the_entry_must_say(entry, words):
    """Heating value, blend and radiative forcing are never chosen for the user."""
    with pytest.raises(cl.errors.AmbiguousFactorError, match=words):
        tonnes("uk-desnz@2024", amount=1, **entry)


def test_gross_and_net_differ():
    """Natural gas on gross and on net calorific value differ by about a tenth."""
    gross, net = (
        tonnes("uk-desnz@2024", activity="natural gas", amount=1, unit="kWh", factor=name) for name in ("gross", "net")
    )
    assert net / gross == pytest.approx(1.108, abs=0.01)


def test_well_to_tank_is_apart():
    """Upstream figures answer only to upstream activities."""
    for factor in cl.factors.read_edition("uk-desnz@2025").factors():
        if factor.boundary == "well_to_tank":
            assert factor.activity.startswith("wtt.") or not factor.activity


def test_publisher_row_ids_are_kept():
    """From 2023 on every row carries the publisher's id, so that years join on it."""
    older, newer = cl.factors.read_edition("uk-desnz@2024"), cl.factors.read_edition("uk-desnz@2025")
    assert len({factor.publisher_id for factor in newer.factors()}) == 7029
    changes = cl.factors.diff_editions(older, newer)
    assert {change.kind for change in changes} == {"changed"}
    grid = next(
        item
        for item in changes
        if item.factor.activity == "electricity.grid" and item.factor.gas == "CO2e" and not item.factor.variant
    )
    assert grid.before.value_text == "0.20705"
    assert grid.percent == pytest.approx(-14.5, abs=0.1)


def test_egrid_revision_declares_what_it_corrects():
    """2023-r2 supersedes 2023; the rows that differ are those it declares."""
    row = cl.factors.catalogue()["us-epa-egrid@2023"]
    assert (row.status, row.superseded_by) == ("superseded", "us-epa-egrid@2023-r2")
    revised = cl.factors.read_edition("us-epa-egrid@2023-r2")
    assert revised.metadata["corrects"] == "us-epa-egrid@2023"
    first = {
        row.region: row.value
        for row in cl.factors.read_edition("us-epa-egrid@2023").factors(parameter="emission_factor")
        if row.gas == "CO2"
    }
    second = {row.region: row.value for row in revised.factors(parameter="emission_factor") if row.gas == "CO2"}
    changed = {region: value / first[region] - 1 for region, value in second.items() if value != first[region]}
    assert len(changed) == revised.metadata["changed_subregions"]
    assert sum(abs(change) > 5e-5 for change in changed.values()) == 25
    assert changed["US-EGRID-NYCW"] == pytest.approx(-0.113, abs=5e-4)


def test_a_correction_takes_the_place_of_what_it_corrects():
    """Matching over all editions never meets a corrected edition."""
    (decision,) = [
        item for item in cl.factors.why("electricity.grid", "US-EGRID-NYCW", 2024) if item.series == "us-epa-egrid"
    ]
    chosen = {match.factor.edition for match in decision.decision.matches}
    assert chosen == {"us-epa-egrid@2023-r2.1"}


def test_waste_of_the_hub_rests_on_ar4():
    """Table 9 carries AR4 and metric tons per short ton, whatever the Hub's header says."""
    rows = [
        row for row in cl.factors.read_edition("us-epa-hub@2025").factors() if row.source_locator.startswith("Table 9")
    ]
    assert len(rows) == 183
    assert {(row.gwp_basis, row.unit) for row in rows} == {("AR4", "t/short_ton")}


def test_partial_blends_are_no_gwp():
    """Table 12 counts HFC and PFC parts only and cannot be taken for a GWP: R-406A is 0 there."""
    blends = {
        row.activity: row for row in cl.factors.read_edition("us-epa-hub@2025").factors(parameter="partial_blend_gwp")
    }
    assert blends["refrigerant.r_406a"].value == 0
    assert len(blends) == 30


def test_life_cycle_intensities_are_no_scope_2_factors():
    """Ember's national figures cannot be pinned for an inventory; forced, they are refused by name."""
    with pytest.raises(cl.errors.EditionError, match="cannot be pinned"):
        cl.load_factors("ember-grid@2026-04")
    entries = cl.read_entries([{"activity": "电力", "amount": 1, "unit": "MWh", "year": 2024, "region": "DE"}])
    factors = cl.load_factors(roles={"emissions": ["ember-grid@2026-04"]})
    inventory_error = pytest.raises(cl.errors.MissingFactorError, match="not a scope 2 factor")
    with inventory_error:
        cl.calculate(entries, factors, gwp="ipcc-ar5@2013")


def test_spend_names_its_price_year():
    """Dollars of another year are another unit: they must be deflated first."""
    with pytest.raises(cl.errors.MissingBridgeError):
        tonnes("us-epa-supply-chain@1.3", activity="spend.naics.111110", amount=1, unit="USD_2023", region="US")
    with pytest.raises(cl.errors.MissingBridgeError):
        tonnes("us-epa-supply-chain@1.3", activity="spend.naics.111110", amount=1, unit="USD", region="US")


def test_spend_margins_add_up():
    """With margins is without margins plus margins, in every row, to the last printed digit."""
    parts = ("emission_factor_without_margins", "emission_factor_margins", "emission_factor")
    rows = {
        part: {
            row.activity: Decimal(row.value_text)
            for row in cl.factors.read_edition("us-epa-supply-chain@1.3").factors(parameter=part)
        }
        for part in parts
    }
    assert len(rows["emission_factor"]) == 1016
    differences = [abs(rows[parts[0]][name] + rows[parts[1]][name] - total) for name, total in rows[parts[2]].items()]
    assert max(differences) <= Decimal("0.001")


def test_ipcc_limits_hold():
    """95 % limits enclose the default, and CO2 is carbon content x 44/12 within 0.6 %."""
    edition = cl.factors.read_edition("ipcc-2006-energy@2006")
    gasoline = next(row for row in edition.factors("fuel.gasoline", "calorific_value"))
    assert (gasoline.value, gasoline.lower, gasoline.upper) == (44.3, 42.5, 44.8)
    carbon = {row.publisher_path.rsplit("/", 1)[1]: row.value for row in edition.factors(parameter="carbon_content")}
    co2 = [
        row
        for name in ("emission_factor", "biogenic_emission_factor")
        for row in edition.factors(parameter=name)
        if row.gas.startswith("CO2")
    ]
    for row in co2:
        name = row.publisher_path.rsplit("/", 1)[1]
        if row.variant == "energy_industries" and name in carbon:
            assert row.value == pytest.approx(carbon[name] * 1000 * 44 / 12, rel=7e-3)


def test_a_sector_is_named():
    """The default tables of the IPCC give a factor per sector: an entry names the one it means."""
    with pytest.raises(cl.errors.AmbiguousFactorError, match="commercial"):
        tonnes("ipcc-2006-energy@2006", activity="柴油", amount=1, unit="t")
    assert tonnes("ipcc-2006-energy@2006", activity="柴油", amount=1, unit="t", factor="commercial") == pytest.approx(
        3.2052, abs=1e-4
    )


def test_a_factor_without_activity_is_reached_by_its_id():
    """What has no common activity is used through the activity other and its full name."""
    found = tonnes(
        "uk-desnz@2024",
        activity="other",
        amount=100,
        unit="kg",
        factor="uk-desnz@2024:row-1_100_1000_15_1",
        scope_3_category=1,
    )
    assert found == pytest.approx(0.303338067)


@pytest.mark.filterwarnings("ignore")  # the package itself uses what Python deprecates
@pytest.mark.parametrize(
    "name", ["ipcc-sar@1995", "ipcc-tar@2001", "ipcc-ar4@2007", "ipcc-ar5@2013", "ipcc-ar5-ccf@2013", "ipcc-ar6@2021"]
)
def test_potentials_agree_with_the_package(name):
    """Every species of the package globalwarmingpotentials has the same value here, under its own name."""
    column = {"ipcc-sar@1995": "SARGWP100", "ipcc-tar@2001": "TARGWP100", "ipcc-ar4@2007": "AR4GWP100", "ipcc-ar5@2013": "AR5GWP100",
              "ipcc-ar5-ccf@2013": "AR5CCFGWP100", "ipcc-ar6@2021": "AR6GWP100"}[name]  # fmt: skip
    text = (
        importlib.resources.files("globalwarmingpotentials")
        .joinpath("globalwarmingpotentials.csv")
        .read_text(encoding="utf-8")
    )
    lines = [line for line in text.splitlines() if line.strip(",") and not line.startswith("#")]
    rows = list(csv.DictReader(lines))
    named = next(iter(rows[0]))
    package = {row[named]: row[column] for row in rows if row[column]}
    ours = {
        row.publisher_id: row.value
        for row in cl.factors.read_edition(name).factors(parameter="gwp")
        if row.publisher_id
    }
    shared = set(package) & set(ours)
    assert len(shared) >= len(package) - 2
    for species in shared:
        assert ours[species] == pytest.approx(float(package[species]))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # the package itself uses what Python deprecates
@pytest.mark.parametrize(("blend", "context"), [("R410A", "AR4GWP100"), ("R404A", "AR5GWP100"), ("R407C", "AR6GWP100")])
def test_blends_agree_with_openscm_units(blend, context):
    """A blend's potential is that of the package openscm-units."""
    edition = {"AR4GWP100": "ipcc-ar4@2007", "AR5GWP100": "ipcc-ar5@2013", "AR6GWP100": "ipcc-ar6@2021"}[context]
    with unit_registry.context(context):
        theirs = sum(
            share.to("CO2").magnitude
            for share in unit_registry.split_gas_mixture(1 * unit_registry(f"HFC{blend[1:].lower()}"))
        )
    assert cl.factors.blend_gwp(blend, cl.factors.read_gwp(edition)).gwp == pytest.approx(theirs)


def test_gases_without_co2_are_refused():
    """Technology figures of the IPCC hold CH4 and N2O but no CO2: alone they would count a fiftieth of a fuel."""
    with pytest.raises(cl.errors.MissingBridgeError, match="but no CO2"):
        tonnes("ipcc-2006-energy@2006", activity="汽油", amount=1, unit="t", factor="road.oxidation_catalyst")


def test_biogenic_co2_is_a_register():
    """A blend's biogenic CO2 stands outside the scopes, in no total and no gas view; its CH4 and N2O are inside."""
    entries = cl.read_entries(
        [
            {
                "activity": "fuel.diesel",
                "amount": 1000,
                "unit": "L",
                "year": 2024,
                "region": "GB",
                "factor": "average_biofuel_blend",
            }
        ]
    )
    inventory = cl.calculate(entries, cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013")
    assert inventory.biogenic_co2().magnitude == pytest.approx(0.16)
    assert set(inventory.by("gas")["gas"]) == {"CO2", "CH4", "N2O"}
    assert inventory.by("gas")["emissions_tco2e"].sum() == pytest.approx(inventory.total_location_based().magnitude)
    wood = cl.read_entries(
        [{"activity": "fuel.wood", "amount": 1, "unit": "t", "year": 2024, "region": "GB", "factor": "commercial"}]
    )
    burnt = cl.calculate(wood, cl.load_factors("ipcc-2006-energy@2006"), gwp="ipcc-ar5@2013")
    assert set(burnt.by("gas")["gas"]) == {"CH4", "N2O"}
    assert burnt.biogenic_co2().magnitude == pytest.approx(15.6 * 0.112)


@pytest.mark.parametrize(("name", "gwp", "expected"), [("R-410A", "ipcc-ar4@2007", 2087.5), ("R-410A", "ipcc-ar6@2021", 2255.5),
                                                       ("R-134a", "ipcc-ar4@2007", 1430), ("R-134a", "ipcc-ar6@2021", 1530)])  # fmt: skip
def test_a_released_refrigerant_follows_the_gwp_set(name, gwp, expected):
    """Mass released times GWP, blends by their components; each species is a gas of its own."""
    entries = cl.read_entries([{"activity": name, "amount": 1, "unit": "kg", "year": 2024, "region": "CN"}])
    inventory = cl.calculate(entries, cl.load_factors("cn-ndrc-heat@2013"), gwp=gwp)
    assert inventory.total_location_based().magnitude * 1000 == pytest.approx(expected)
    assert inventory.by("gas")["tonnes"].sum() == pytest.approx(0.001)
    assert str(inventory.gwp.edition) in str(inventory.explain(1))
    with pytest.raises(cl.errors.MissingFactorError, match="no GWP"):
        cl.calculate(
            cl.read_entries([{"activity": "R-454B", "amount": 1, "unit": "kg", "year": 2024}]),
            cl.load_factors("cn-ndrc-heat@2013"),
            gwp="ipcc-ar4@2007",
        )


def test_energy_of_a_fuel_from_two_factors_of_one_publication():
    """UK factors 2024, diesel: 2.4796 kg CO2 a litre over 0.2507 kg a net kWh."""
    row = {
        "activity": "diesel",
        "amount": 1000,
        "unit": "L",
        "year": 2024,
        "region": "GB",
        "factor": "average_biofuel_blend",
    }
    inventory = cl.calculate(cl.read_entries([row]), cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013")
    assert inventory.total_energy().to("kWh").magnitude == pytest.approx(1000 * 2.4796 / 0.2507)
    assert "÷ 0.2507" in str(inventory.explain(1))


@pytest.mark.parametrize("blend", ["E10", "B20"])
def test_blends_meet_the_biofuels_of_the_uk(blend):
    """DESNZ calls them bioethanol and biodiesel ME; both parts are calculated, the biogenic CO2 beside them."""
    row = {"activity": blend, "amount": 1000, "unit": "L", "year": 2024, "region": "GB", "factor": "100%_mineral"}
    variants = {
        item.variant for item in cl.factors.read_edition("uk-desnz@2024").factors("fuel.gasoline", "emission_factor")
    }
    row["factor"] = next((name for name in variants if "mineral" in name), "")
    inventory = cl.calculate(cl.read_entries([row]), cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013")
    assert inventory.complete
    assert len(inventory.lines) == 2
    assert inventory.biogenic_co2().magnitude > 0


def test_what_is_in_no_scope_is_refused():
    """A factor named under `other` needs a scope 3 category, so that total and scopes agree."""
    row = {
        "activity": "other",
        "amount": 100,
        "unit": "kg",
        "year": 2024,
        "factor": "uk-desnz@2024:row-1_100_1000_15_1",
    }
    with pytest.raises(cl.errors.AmbiguousFactorError, match="in no scope"):
        cl.calculate(cl.read_entries([row], region="GB"), cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013")


def test_a_printed_zero_is_a_factor():
    """UK factors 2024 print 0 for battery-electric cars in scope 1, and that is what they count."""
    row = {"activity": "vehicle.car.average.electric", "amount": 100000, "unit": "km", "year": 2024, "region": "GB"}
    inventory = cl.calculate(cl.read_entries([row]), cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013")
    assert inventory.total_location_based().magnitude == 0
    assert inventory.complete


@pytest.mark.parametrize(("book", "gj"), [("us-company", 32560.53), ("uk-company", 4966.74)])
def test_energy_of_the_examples(book, gj):
    """The energy that each README calculates by hand."""
    opened = cl.open_book(PROJECT / "examples" / book)
    assert opened.inventory().total_energy().to("GJ").magnitude == pytest.approx(gj, abs=5e-3)


def test_esrs_of_the_uk_example_is_net():
    """800 MWh gross x 0.18290 / 0.20264 = 722.07 MWh net; 1,301.72 MWh in all."""
    table = disclose(cl.open_book(PROJECT / "examples" / "uk-company").inventory(), "esrs-e1-5").set_index("row")
    assert table["value"][["esrs_natural_gas", "esrs_total"]].tolist() == pytest.approx([722.07, 1301.72], abs=5e-3)
    assert table["heating_value"]["esrs_natural_gas"] == "net"
