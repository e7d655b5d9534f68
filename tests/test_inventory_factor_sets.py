"""One published factor is one thing: its gases are never torn apart, gross never meets net, and one's own is never passed over."""

import math
import tempfile
from pathlib import Path

import pytest
from hypothesis import given

import carbonledger as cl
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.coefficients import ROUNDING
from tests.strategies import spelled_gases
from tests.support import own_edition

AR4, AR5, AR6, CCF = "ipcc-ar4@2007", "ipcc-ar5@2013", "ipcc-ar6@2021", "ipcc-ar5-ccf@2013"
GRID = {"activity": "electricity.grid"}
GAS = {"activity": "fuel.natural_gas"}
DIESEL = {"activity": "fuel.diesel"}


def pinned(*editions, energy=()):
    """Editions in the role emissions."""
    return PinnedFactors({"emissions": tuple(editions), "energy": tuple(energy)})


def inventory_of(factors, *entries, gwp=AR5, missing="raise"):
    """The inventory of some entries of 2025."""
    rows = [{"region": "GB", "year": 2025, "amount": 1000, **entry} for entry in entries]
    return cl.calculate(cl.read_entries(rows), factors, gwp=gwp, missing=missing)


def tonnes(factors, *entries, **options):
    """Its total, t CO2e."""
    return inventory_of(factors, *entries, **options).total_location_based().magnitude


def rules_of(inventory):
    """The rules of its findings, cases too."""
    return [finding.says.key for finding in inventory.findings]


# Grouping by meaning. AR5: CH4 28, N2O 265.

TORN = [
    # 500 kg CO2 + 0.1 kg CH4 x 28 = 502.8 kg for 1,000 kWh.
    ([("CO2", "0.5", "t/MWh", GRID), ("CH4", "0.1", "g/kWh", GRID)], {**GRID, "unit": "kWh"}, 0.5028),
    # 1,000 GJ: 56,100 kg CO2 + 1 kg CH4 x 28 + 0.1 kg N2O x 265 = 56,154.5 kg.
    (
        [("CO2", "56100", "kg/TJ", GAS), ("CH4", "1", "g/GJ", GAS), ("N2O", "0.1", "kg/TJ", GAS)],
        {**GAS, "unit": "GJ"},
        56.1545,
    ),
    # 1,000 L: 2,600 kg CO2 + 1 m3 x 140 g CH4 x 28 = 2,603.92 kg.
    ([("CO2", "2.6", "kg/L", DIESEL), ("CH4", "140", "g/m3", DIESEL)], {**DIESEL, "unit": "L"}, 2.60392),
    # 1,000 kWh = 3.6 GJ net: 201.96 kg CO2 + 3.6 g CH4 x 28 = 202.0608 kg; only the row of CO2 says net.
    (
        [("CO2", "0.20196", "kg/kWh", {**GAS, "heating_value": "net"}), ("CH4", "1", "g/GJ", GAS)],
        {**GAS, "unit": "kWh"},
        0.2020608,
    ),
    # Only one row says its boundary.
    (
        [("CO2", "0.5", "t/MWh", {**GRID, "boundary": "generation"}), ("CH4", "0.1", "g/kWh", GRID)],
        {**GRID, "unit": "kWh"},
        0.5028,
    ),
    # CO2 per litre, CH4 per GJ over 0.84 kg/L and 43 MJ/kg: 2,600 kg + 36.12 GJ x 3 g x 28 = 2,603.03408 kg.
    (
        [
            ("CO2", "2.6", "kg/L", DIESEL),
            ("CH4", "3", "g/GJ", {**DIESEL, "heating_value": "net"}),
            ("", "0.84", "kg/L", {**DIESEL, "parameter": "density"}),
            ("", "43", "GJ/t", {**DIESEL, "parameter": "calorific_value", "heating_value": "net"}),
        ],
        {**DIESEL, "unit": "L"},
        2.60303408,
    ),
]


@pytest.mark.parametrize(("rows", "entry", "expected"), TORN)
def test_gases_belong_together_whatever_they_are_per(tmp_path, rows, entry, expected):
    """Units of other spelling, a basis or boundary on one row only, and litres beside gigajoules tear no factor apart."""
    assert tonnes(pinned(own_edition(tmp_path, *rows)), entry) == pytest.approx(expected, rel=1e-9)


def test_the_unit_of_the_entry_does_not_decide_which_gases_count(tmp_path):
    """The same energy in kWh, MWh and GJ emits the same."""
    factors = pinned(own_edition(tmp_path, ("CO2", "0.5", "t/MWh", GRID), ("CH4", "0.1", "g/kWh", GRID)))
    found = [
        tonnes(factors, {**GRID, "unit": unit, "amount": amount})
        for unit, amount in (("kWh", 3600), ("MWh", 3.6), ("GJ", 12.96))
    ]
    assert found == pytest.approx([1.81008] * 3, rel=1e-12)


@given(spelled_gases())
def test_gases_in_any_spelling_give_one_total(case):
    """Law: gases in any mix of spellings of the same quantity give the same total, and every view sums to it."""
    rows, entry, expected = case
    with tempfile.TemporaryDirectory() as folder:
        inventory = inventory_of(pinned(own_edition(Path(folder), *rows)), entry)
    total = inventory.total_location_based().magnitude
    assert total == pytest.approx(expected, rel=1e-9)
    for axis in ("scope", "gas", "gas_group", "activity"):
        assert math.fsum(inventory.by(axis)["emissions_tco2e"]) == pytest.approx(total, rel=1e-9)
    assert inventory.view("gas")["emissions_tco2e"].sum() == pytest.approx(total, rel=1e-9)


def test_gases_that_cannot_be_reached_are_never_left_out(tmp_path):
    """CO2 per litre and CH4 per GJ without a density: refused, naming both rows."""
    own = own_edition(tmp_path, ("CO2", "2.6", "kg/L", DIESEL), ("CH4", "3", "g/GJ", DIESEL))
    with pytest.raises(cl.errors.MissingBridgeError, match=r"own@1:r0 can be used, but .*own@1:r1 cannot"):
        tonnes(pinned(own), {**DIESEL, "unit": "L"})


def test_one_gas_twice(tmp_path):
    """The same figure in two units is one; two figures are refused, naming both rows."""
    same = own_edition(tmp_path, ("CO2", "0.5", "t/MWh", GRID), ("CO2", "500", "g/kWh", GRID))
    assert tonnes(pinned(same), {**GRID, "unit": "GJ", "amount": 3.6}) == pytest.approx(0.5)
    other = own_edition(tmp_path, ("CO2", "0.5", "t/MWh", GRID), ("CO2", "0.6", "kg/kWh", GRID), name="other")
    for unit in ("kWh", "MWh", "GJ"):
        with pytest.raises(cl.errors.AmbiguousFactorError, match=r"other@1:r0.*other@1:r1|other@1:r1.*other@1:r0"):
            tonnes(pinned(other), {**GRID, "unit": unit})


def test_a_plain_figure_completes_a_variant(tmp_path):
    """CO2 that is the same for all uses goes with the only use that has CH4 and N2O: 500 + 2.8 kg."""
    own = own_edition(tmp_path, ("CO2", "0.5", "t/MWh", GRID), ("CH4", "0.1", "g/kWh", {**GRID, "variant": "peak"}))
    assert tonnes(pinned(own), {**GRID, "unit": "kWh"}) == pytest.approx(0.5028)


# CO2e beside gases.


@pytest.mark.parametrize(
    ("year", "entry", "expected"),
    [
        (2025, {"activity": "electricity.grid", "unit": "kWh"}, 0.17700),
        (2024, {"activity": "vehicle.van.class_i.diesel", "unit": "km"}, 0.15356),
        (2025, {"activity": "vehicle.van.class_i.diesel", "unit": "km"}, 0.15738),
        (2025, {"activity": "vehicle.van.class_i.diesel", "unit": "mi"}, 0.25329),
        (2025, {"activity": "fuel.natural_gas", "unit": "kWh", "heating_value": "gross"}, 0.18296),
        (2025, {"activity": "fuel.natural_gas", "unit": "m3"}, 2.06672),
    ],
)
def test_the_total_is_what_the_publisher_tells_to_report(year, entry, expected):
    """UK factors, sheets UK electricity, Delivery vehicles and Fuels, column kg CO2e."""
    inventory = inventory_of(cl.load_factors(f"uk-desnz@{year}"), {**entry, "year": year})
    assert inventory.total_location_based().magnitude == pytest.approx(expected, rel=1e-12)
    assert {"CO2", "CH4", "N2O"} <= set(inventory.by("gas")["gas"])


def test_the_publishers_rounding_is_a_line_of_its_own():
    """Grid 2025: 0.17489 + 0.00090 + 0.00122 = 0.17701 beside 0.17700, so that 1,000 MWh have 10 kg too many."""
    inventory = inventory_of(cl.load_factors("uk-desnz@2025"), {**GRID, "unit": "MWh"})
    by_gas = inventory.by("gas").set_index("gas")["emissions_tco2e"]
    assert by_gas[["CO2", "CH4", "N2O", ROUNDING]].tolist() == pytest.approx([174.89, 0.90, 1.22, -0.01], abs=1e-9)
    assert by_gas.index[-1] == ROUNDING
    assert inventory.by("gas_group").set_index("gas_group")["emissions_tco2e"][ROUNDING] == pytest.approx(-0.01)
    assert inventory.view("gas", "activity")["emissions_tco2e"].sum() == pytest.approx(177.0)
    text = str(inventory.explain(1))
    assert "CO2e as published: 1000 MWh × 0.177 kg CO2e/kWh = 177 t CO2e" in text
    assert "publisher's rounding: 177 t CO2e - 177.01 t CO2e of the gases = -0.01 t CO2e" in text


@pytest.mark.parametrize("year", [2021, 2022, 2023, 2024, 2025])
def test_every_split_of_the_united_kingdom_is_the_whole(year):
    """No gases of the publisher are left aside: the differences that it printed are within the halves of its last digits."""
    edition = cl.factors.read_edition(f"uk-desnz@{year}")
    gwp = AR4 if year < 2023 else AR5
    split = {}
    for factor in edition.factors(parameter="emission_factor"):
        if factor.gas == "N2O":
            split[(factor.activity, factor.unit.partition("/")[2], factor.variant, factor.heating_value)] = factor
    named = [key for key in split if key[0]][::7]
    rows = [
        {"activity": activity, "unit": unit, "factor": f"{variant} {basis}".strip(), "year": year, "amount": 1}
        for activity, unit, variant, basis in named
    ]
    inventory = inventory_of(cl.load_factors(edition.id), *rows, gwp=gwp, missing="report")
    assert len(inventory.plan.rows) > 100
    assert "FACTOR_CHOICE.split_left_aside" not in rules_of(inventory)
    assert "FACTOR_CHOICE.recalculated" not in rules_of(inventory)


@pytest.mark.parametrize(
    ("edition", "gwp", "expected"),
    [
        # 0.17489 + 0.0009/28 x 27.9 + 0.00122/265 x 273 for the fossil CH4 of 29.8.
        ("uk-desnz@2025", AR6, 0.17489 + 0.0009 / 28 * 29.8 + 0.00122 / 265 * 273),
        ("uk-desnz@2025", CCF, 0.17489 + 0.0009 / 28 * 34 + 0.00122 / 265 * 298),
        ("uk-desnz@2025", AR4, 0.17489 + 0.0009 / 28 * 25 + 0.00122 / 265 * 298),
    ],
)
def test_on_another_gwp_set_the_gases_count(edition, gwp, expected):
    """Recalculated from the gases, with one note for the edition that counts the lines."""
    inventory = inventory_of(cl.load_factors(edition), *[{**GRID, "unit": unit} for unit in ("kWh", "MWh")], gwp=gwp)
    assert inventory.total_location_based().magnitude == pytest.approx(expected * 1001, rel=1e-9)
    (finding,) = [item for item in inventory.findings if item.says.key == "FACTOR_CHOICE.recalculated"]
    assert "2 lines" in finding.message
    assert (finding.severity, "AR5" in finding.message) == ("note", True)
    assert "2 行" in finding.text("zh")
    assert ROUNDING not in inventory.plan.gases


@pytest.mark.parametrize(
    ("rows", "expected", "left_aside"),
    [
        # CH4 and N2O alone are not the split of a combustion.
        ([("CO2e", "0.58", "kg/kWh"), ("CH4", "0.1", "g/kWh"), ("N2O", "0.01", "g/kWh")], 0.58, True),
        # 0.5 + 0.0028 is not 0.58 at two or three digits.
        ([("CO2e", "0.58", "kg/kWh"), ("CO2", "0.5", "kg/kWh"), ("CH4", "0.1", "g/kWh")], 0.58, True),
        # Coarse digits do not excuse a missing gas: 0.2 may mean 0.15 to 0.25.
        ([("CO2e", "0.2", "kg/kWh"), ("CO2", "0.19", "kg/kWh")], 0.2, True),
        # 0.5 + 0.0028 = 0.5028 is 0.503 at three digits.
        ([("CO2e", "0.503", "kg/kWh"), ("CO2", "0.5", "t/MWh"), ("CH4", "0.1", "g/kWh")], 0.503, False),
    ],
)
def test_an_incomplete_split_is_left_aside_and_said(tmp_path, rows, expected, left_aside):
    """The total is the CO2e; gases that are not all of it are in no view, and a note says so."""
    for basis in ("AR5", ""):
        own = own_edition(tmp_path, *((*row, {**GRID, "gwp_basis": basis}) for row in rows), name=f"own{basis.lower()}")
        inventory = inventory_of(pinned(own), {**GRID, "unit": "kWh"})
        assert inventory.total_location_based().magnitude == pytest.approx(expected)
        assert ("FACTOR_CHOICE.split_left_aside" in rules_of(inventory)) == left_aside
        assert (set(inventory.by("gas")["gas"]) == {"CO2e"}) == left_aside


def test_the_basis_may_stand_in_the_editions_metadata(tmp_path):
    """CO2e on AR4 by the edition: under AR5 the gases count, 0.5 + 0.1 x 28 / 1000; 0.5025 is right at 25."""
    own = own_edition(
        tmp_path,
        *(("CO2e", "0.5025", "kg/kWh", GRID), ("CO2", "0.5", "kg/kWh", GRID), ("CH4", "0.1", "g/kWh", GRID)),
        gwp_basis="AR4",
    )
    assert tonnes(pinned(own), {**GRID, "unit": "kWh"}) == pytest.approx(0.5028)
    assert tonnes(pinned(own), {**GRID, "unit": "kWh"}, gwp=AR4) == pytest.approx(0.5025)


# Gross and net.

NET_FACTOR = ("CO2", "56.1", "kg/GJ", {**GAS, "heating_value": "net"})
GROSS_FACTOR = ("CO2", "50.5", "kg/GJ", {**GAS, "heating_value": "gross"})


def calorific(value, basis, unit="MJ/kg"):
    """A calorific value of natural gas."""
    return ("", value, unit, {**GAS, "parameter": "calorific_value", "heating_value": basis})


def test_a_gross_calorific_value_never_multiplies_a_net_factor(tmp_path):
    """Within an edition: refused, naming both rows, in both languages."""
    own = own_edition(tmp_path, NET_FACTOR, calorific("53", "gross"))
    with pytest.raises(cl.errors.MissingBridgeError, match=r"own@1:r1 is gross, but .*own@1:r0 is net") as caught:
        tonnes(pinned(own), {**GAS, "unit": "t"})
    assert "own@1:r1 为高位" in caught.value.text_in("zh")


def test_nor_does_that_of_another_edition(tmp_path):
    """Across two editions: refused; beside a net one the net one is used, 1 t x 48 GJ/t x 56.1 kg/GJ."""
    factor = own_edition(tmp_path, NET_FACTOR)
    gross = own_edition(tmp_path, calorific("53", "gross"), name="gross")
    with pytest.raises(cl.errors.MissingBridgeError, match=r"gross@1:r0 is gross, but .*own@1:r0 is net"):
        tonnes(pinned(factor, gross), {**GAS, "unit": "t", "amount": 1})
    both = own_edition(tmp_path, calorific("53", "gross"), calorific("48", "net"), name="both")
    assert tonnes(pinned(factor, both), {**GAS, "unit": "t", "amount": 1}) == pytest.approx(48 * 0.0561)


def test_nor_a_net_carbon_content(tmp_path):
    """By carbon content: 53 GJ/t gross does not multiply 15.3 kg C/GJ net, which the metadata alone may say."""
    rows = [
        ("C", "15.3", "kg/GJ", {**GAS, "parameter": "carbon_content"}),
        ("", "1", "1", {**GAS, "parameter": "oxidation_factor"}),
        calorific("53", "gross"),
    ]
    own = own_edition(tmp_path, *rows, heating_value="net")
    with pytest.raises(cl.errors.MissingBridgeError, match=r"own@1:r2 is gross, but .*own@1:r0 is net"):
        tonnes(pinned(own), {**GAS, "unit": "t"})


def test_a_gross_bill_is_not_priced_on_net(tmp_path):
    """Refused, never converted silently; as it says nothing, it is taken as the only basis there is."""
    own = pinned(own_edition(tmp_path, NET_FACTOR))
    with pytest.raises(cl.errors.MissingBridgeError, match=r"the amount in GJ is gross, but .*own@1:r0 is net"):
        tonnes(own, {**GAS, "unit": "GJ", "heating_value": "gross"})
    for words in ({}, {"heating_value": "net"}):
        assert tonnes(own, {**GAS, "unit": "GJ", **words}) == pytest.approx(56.1)


def test_carried_editions_ask_only_where_they_have_both():
    """The 2006 Guidelines are net, the Hub gross; China's tables net; their bills in energy need no word."""
    cases = [
        ("ipcc-2006-energy@2006", "GB", "commercial", 56.1, 56.3),
        ("us-epa-hub@2025", "US", "", 50.2, 50.4),
        ("cn-ndrc-fuels-a@2013", "CN", "", 55.4, 55.6),
    ]
    for edition, region, factor, low, high in cases:
        entry = {**GAS, "unit": "GJ", "region": region, "factor": factor}
        assert low < tonnes(cl.load_factors(edition), entry) < high, edition
    with pytest.raises(cl.errors.MissingBridgeError, match=r"is gross, but .* is net"):
        tonnes(cl.load_factors("cn-ndrc-fuels-a@2013"), {**GAS, "unit": "GJ", "region": "CN", "heating_value": "gross"})


def test_one_question_for_all_bills():
    """Where the edition has both, all bills of all fuels are one finding that names them and says what to write."""
    entries = [{**GAS, "unit": "kWh"}, {**GAS, "unit": "MWh", "year": 2026}, {"activity": "fuel.lpg", "unit": "kWh"}]
    grid = {**GRID, "unit": "kWh"}
    inventory = inventory_of(cl.load_factors("uk-desnz@2025"), *entries, grid, missing="report")
    (finding,) = [item for item in inventory.findings if item.rule == "HEATING_VALUE_UNKNOWN"]
    assert finding.severity == "error"
    assert all(word in finding.message for word in ("natural_gas", "fuel.lpg", "kWh", "MWh", "uk-desnz@2025"))
    assert 'heating_value = "gross"' in finding.remedy
    assert "高位" in finding.text("zh")
    assert inventory.total_location_based().magnitude == pytest.approx(0.177)


def test_a_figure_that_says_neither_is_used_and_said(tmp_path):
    """An own factor per kWh without its heating value prices a gross bill; a note names it."""
    own = pinned(own_edition(tmp_path, ("CO2", "0.2", "kg/kWh", GAS)))
    inventory = inventory_of(own, {**GAS, "unit": "kWh", "heating_value": "gross"})
    assert inventory.total_location_based().magnitude == pytest.approx(0.2)
    assert rules_of(inventory) == ["FACTOR_CHOICE.heating_value_unsaid"]
    assert rules_of(inventory_of(own, {**GAS, "unit": "kWh"})) == []


# One's own factor first.


def test_an_own_factor_of_a_refrigerant_is_used(tmp_path):
    """A supplier's 2,088 kg CO2e for R-410A stands before shares times potentials (1,923.5 under AR5)."""
    gas = {"activity": "refrigerant.r_410a"}
    entry = {**gas, "unit": "kg", "amount": 1}
    own = own_edition(tmp_path, ("CO2e", "2088", "kg/kg", gas))
    assert tonnes(pinned(own), entry) == pytest.approx(2.088)
    assert tonnes(pinned(own, cl.factors.read_edition("uk-desnz@2025")), entry) == pytest.approx(2.088)
    assert tonnes(cl.load_factors("uk-desnz@2025"), entry) == pytest.approx(1.9235)


def test_an_own_factor_that_is_not_used_is_named(tmp_path):
    """Of another year: a warning says which stands instead; of another region it is not meant."""
    gas = {"activity": "refrigerant.r_410a"}
    entry = {**gas, "unit": "kg", "amount": 1}
    old = own_edition(tmp_path, ("CO2e", "2088", "kg/kg", {**gas, "data_year": 2020}))
    inventory = inventory_of(pinned(old), entry)
    assert inventory.total_location_based().magnitude == pytest.approx(1.9235)
    (finding,) = inventory.findings
    assert (finding.rule, finding.severity) == ("OWN_FACTOR_UNUSED", "warning")
    assert "2020" in finding.message
    abroad = own_edition(tmp_path, ("CO2e", "2088", "kg/kg", {**gas, "region": "CN"}), name="abroad")
    assert rules_of(inventory_of(pinned(abroad), entry)) == []


def test_an_own_grid_factor_of_a_year_before_is_named(tmp_path):
    """Beside a carried edition that has the year itself."""
    own = own_edition(tmp_path, ("CO2", "0.1", "kg/kWh", {**GRID, "region": "GB", "data_year": 2024}), max_lag_years=2)
    factors = pinned(own, cl.factors.read_edition("uk-desnz@2025"))
    inventory = inventory_of(factors, {**GRID, "unit": "kWh"})
    assert inventory.total_location_based().magnitude == pytest.approx(0.177)
    assert rules_of(inventory) == ["OWN_FACTOR_UNUSED"]
    chosen = inventory_of(factors, {**GRID, "unit": "kWh", "factor": "own@1"})
    assert chosen.total_location_based().magnitude == pytest.approx(0.1)


def test_gases_over_two_heating_values_are_not_mixed(tmp_path):
    """CO2 per kg, reached over a gross calorific value, does not go with CH4 per net GJ; a bill that is gross takes the gross ones."""
    rows = [
        ("CO2", "2.7", "kg/kg", GAS),
        calorific("53", "gross"),
        ("CH4", "1", "g/GJ", {**GAS, "heating_value": "net"}),
    ]
    with pytest.raises(cl.errors.MissingBridgeError, match=r"own@1:r0 is gross, but .*own@1:r2 is net"):
        tonnes(pinned(own_edition(tmp_path, *rows)), {**GAS, "unit": "GJ"})
    rows.append(("CH4", "0.9", "g/GJ", {**GAS, "heating_value": "gross"}))
    bill = {**GAS, "unit": "GJ", "amount": 53, "heating_value": "gross"}
    both = own_edition(tmp_path, *rows, name="both")
    assert tonnes(pinned(both), bill) == pytest.approx(2.7 + 53 * 0.9e-6 * 28)


def test_carbon_contents_that_differ_are_refused(tmp_path):
    """The first of two rows is not taken silently."""
    content = {**GAS, "parameter": "carbon_content"}
    rows = [("C", "15.3", "kg/GJ", content), ("C", "15.9", "kg/GJ", content)]
    own = own_edition(tmp_path, *rows, ("", "1", "1", {**GAS, "parameter": "oxidation_factor"}))
    with pytest.raises(cl.errors.AmbiguousFactorError, match=r"own@1:r0.*own@1:r1"):
        tonnes(pinned(own), {**GAS, "unit": "GJ"})
