"""What the user states of an activity is used, in emissions as in energy, or it is said that it is not."""

import pytest

import carbonledger as cl

GRID = {"activity": "electricity.grid", "source": "contract 7"}
WATER = {"activity": "water.supply", "source": "contract 7"}
GAS = {"activity": "fuel.natural_gas", "source": "contract 7"}
LABORATORY = {"activity": "fuel.diesel", "source": "laboratory, 2025"}
FUELS = "cn-ndrc-fuels-b@2013"


def calculated(own, entry, *editions, missing="raise"):
    """The inventory of 1,000 units of one entry of 2025, with some factors of one's own."""
    entries = cl.read_entries([{"region": "CN", "year": 2025, "amount": 1000, **entry}])
    return cl.calculate(entries, cl.load_factors(*editions, own=own), gwp="ipcc-ar5@2013", missing=missing)


def tonnes(inventory):
    """Its total, t CO2e."""
    return inventory.total_location_based().magnitude


def rules_of(inventory):
    """The rules of its findings."""
    return [finding.rule for finding in inventory.findings]


@pytest.mark.parametrize(
    ("own", "unit", "wanted"),
    [
        # NDRC: 42.652 GJ/t x 0.0202 t C/GJ x 0.98 x 44/12 = 3.09591 t CO2/t; one's own 42.0 GJ/t gives 3.04858.
        (
            {"value": "42.0 GJ/t", "parameter": "calorific_value", "heating_value": "net"},
            "t",
            42 * 0.0202 * 0.98 * 44 / 12,
        ),
        ({"value": "99 %", "parameter": "oxidation_factor"}, "t", 42.652 * 0.0202 * 0.99 * 44 / 12),
        # The limit of China is 0.845 kg/L.
        ({"value": "0.83 kg/L", "parameter": "density"}, "m3", 0.83 * 42.652 * 0.0202 * 0.98 * 44 / 12),
    ],
)
def test_a_measured_property_stands_before_the_default_of_the_factors_edition(own, unit, wanted):
    """A calorific value, an oxidation factor and a density of one's own meet the carbon content of a carried table."""
    inventory = calculated(
        [{**LABORATORY, **own}], {"activity": "fuel.diesel", "unit": unit}, FUELS, "cn-fuel-density@2016"
    )
    assert tonnes(inventory) == pytest.approx(1000 * wanted)
    assert "OWN_FACTOR_UNUSED" not in rules_of(inventory)


def test_energy_and_emissions_rest_on_one_calorific_value():
    """The figure of the energy table is that of the emissions."""
    own = {**LABORATORY, "value": "42.0 GJ/t", "parameter": "calorific_value", "heating_value": "net"}
    (row,) = calculated([own], {"activity": "fuel.diesel", "unit": "t"}, FUELS).plan.rows
    steps = [step for gas in row.gases for step in gas.steps if step.name == "calorific_value"]
    assert {step.factor for step in steps} == {step.factor for step in row.energy_steps}
    assert row.energy_gj == pytest.approx(42.0)


def test_an_entry_that_names_an_edition_gets_its_properties():
    """Then the carried table answers with all that it has."""
    own = {**LABORATORY, "value": "42.0 GJ/t", "parameter": "calorific_value", "heating_value": "net"}
    named = calculated([own], {"activity": "fuel.diesel", "unit": "t", "factor": FUELS}, FUELS)
    assert tonnes(named) == pytest.approx(1000 * 42.652 * 0.0202 * 0.98 * 44 / 12)


def test_a_gross_property_of_ones_own_never_meets_a_net_factor():
    """It is refused with both rows, not passed over for the default."""
    own = {**LABORATORY, "value": "45 GJ/t", "parameter": "calorific_value", "heating_value": "gross"}
    with pytest.raises(cl.errors.MissingBridgeError, match=r"own@book\S+ is gross, but .*cn-fuel-b-diesel-cc is net"):
        calculated([own], {"activity": "fuel.diesel", "unit": "t"}, FUELS)


def test_a_property_of_another_year_is_named():
    """The default of the table is used, and a warning says that one's own is not."""
    own = {**LABORATORY, "value": "42.0 GJ/t", "parameter": "calorific_value", "heating_value": "net", "year": 2023}
    inventory = calculated([own], {"activity": "fuel.diesel", "unit": "t"}, FUELS)
    assert tonnes(inventory) == pytest.approx(1000 * 42.652 * 0.0202 * 0.98 * 44 / 12)
    assert rules_of(inventory).count("OWN_FACTOR_UNUSED") == 1


@pytest.mark.parametrize(
    ("carbon", "methane", "is_said"),
    [
        ({"region": "CN"}, {}, True),
        ({"year": 2025}, {"year": 2024}, True),
        ({"year": 2025}, {}, False),
        ({"year": 2025}, {"year": 2026}, False),
        ({}, {"region": "FR"}, False),
    ],
)
def test_a_gas_written_for_another_place_or_year_is_named(carbon, methane, is_said):
    """CO2 of the province and CH4 of the nation are not one factor: the gas that is left out is said."""
    own = [{**WATER, "value": "0.5 kg CO2/m3", **carbon}, {**WATER, "value": "0.5 g CH4/m3", **methane}]
    inventory = calculated(own, {"activity": "water.supply", "unit": "m3"})
    assert ("OWN_FACTOR_UNUSED" in rules_of(inventory)) == is_said


def test_a_sum_of_gases_for_a_wider_region_is_no_gas_left_out():
    """CO2 and CH4 of the region stand before the CO2e of the world."""
    own = [
        {**GRID, "value": "0.5 kg CO2/kWh", "region": "CN"},
        {**GRID, "value": "0.5 g CH4/kWh", "region": "CN"},
        {**GRID, "value": "0.6 kg CO2e/kWh"},
    ]
    assert rules_of(calculated(own, {"activity": "electricity.grid", "unit": "kWh"})) == []


def test_gases_of_which_one_leaves_its_heating_value_open_are_accepted():
    """What a calculation puts together, sealing accepts: 1,000 GJ are 56,100 kg CO2 and 1 kg CH4."""
    own = [{**GAS, "value": "56.1 kg CO2/GJ", "heating_value": "net"}, {**GAS, "value": "1 g CH4/GJ"}]
    inventory = calculated(own, {"activity": "fuel.natural_gas", "unit": "GJ"})
    assert tonnes(inventory) == pytest.approx(56.1 + 0.001 * 28)


@pytest.mark.parametrize("methane", [{"heating_value": "gross"}, {"variant": "boiler"}, {"year": 2025}])
def test_gases_that_no_calculation_puts_together_are_refused(methane):
    """CH4 on the other heating value, of a variant or year without CO2."""
    own = [{**GAS, "value": "56.1 kg CO2/GJ", "heating_value": "net"}, {**GAS, "value": "1 g CH4/GJ", **methane}]
    with pytest.raises(cl.errors.EditionError, match="stands without CO2"):
        calculated(own, {"activity": "fuel.natural_gas", "unit": "GJ"})


def test_figures_without_carbon_are_refused_in_words_without_gaps():
    """Methane of the grid alone is no factor, and is refused where it is stated."""
    with pytest.raises(cl.errors.EditionError, match=r"own\[1\]: CH4 of electricity\.grid stands without CO2 or CO2e"):
        calculated([{**GRID, "value": "0.5 g CH4/kWh"}], {"activity": "electricity.grid", "unit": "kWh"})


def test_a_figure_called_total_is_no_total_row():
    """`uk-desnz@2025` has a variant `total` of each refrigerant: the entries that name it count, at 1,300 kg CO2e/kg."""
    rows = [
        {"activity": "R-134a", "amount": amount, "unit": "kg", "year": 2025, "region": "GB", "factor": "total"}
        for amount in (10, 20, 30)
    ]
    entries = cl.read_entries(rows)
    assert not [finding for finding in entries.findings if finding.rule.startswith("TOTAL")]
    assert tonnes(cl.calculate(entries, cl.load_factors("uk-desnz@2025"), gwp="ipcc-ar5@2013")) == pytest.approx(78.0)


def test_a_sum_of_gases_that_cannot_be_reached_is_not_replaced_by_one_of_them():
    """2.7 kg CO2e per litre beside 3.1 kg CO2 per kg: kilograms without a density are refused, as the CO2 alone is too little."""
    diesel = {"activity": "fuel.diesel", "source": "supplier"}
    own = [{**diesel, "value": "2.7 kg CO2e/L"}, {**diesel, "value": "3.1 kg CO2/kg"}]
    assert tonnes(calculated(own, {"activity": "fuel.diesel", "unit": "L"})) == pytest.approx(2.7)
    with pytest.raises(cl.errors.MissingBridgeError, match=r"3\.1 CO2 .* can be used, but 2\.7 CO2e .* cannot"):
        calculated(own, {"activity": "fuel.diesel", "unit": "kg"})
    density = {**diesel, "parameter": "density", "value": "0.84 kg/L"}
    assert tonnes(calculated([*own, density], {"activity": "fuel.diesel", "unit": "kg"})) == pytest.approx(2.7 / 0.84)
    gases = [{**diesel, "value": "0.1 g CH4/kg"}, {**diesel, "value": "0.1 g N2O/kg"}]
    whole = calculated([*own, *gases], {"activity": "fuel.diesel", "unit": "kg"})
    assert tonnes(whole) == pytest.approx(3.1 + 0.0001 * (28 + 265))
