"""Units and factors are resolved per distinct key, by stated methods, or not at all."""

import pandas as pd
import pytest

import carbonledger as cl
from carbonledger.inventory.coefficients import Key
from carbonledger.inventory.plan import build_plan

AR5 = "ipcc-ar5@2013"


def plan_of(factors, *keys, gwp=AR5):
    """The plan of some keys."""
    return build_plan([Key(*key) for key in keys], factors, cl.factors.read_gwp(gwp))


def one(factors, *key):
    """The one row of a key that resolves."""
    plan = plan_of(factors, key)
    assert [str(problem.error) for problem in plan.problems] == []
    (row,) = plan.rows
    return row


def test_combustion_by_carbon_content(factors):
    """Table A gasoline: 44.80 GJ/t x 18.9 tC/TJ x 98 % x 44/12 = 3.042547 t CO2 per t; its energy is the yearbook's."""
    row = one(factors, "fuel.gasoline", "t", "CN-SD", 2024)
    assert row.emissions_tco2e == pytest.approx(3.042547, abs=5e-7)
    assert row.energy_gj == pytest.approx(43.07, rel=1e-12)
    assert [step.name for step in row.gases[0].steps] == [
        "calorific_value",
        "carbon_content",
        "oxidation_factor",
        "molar mass ratio",
    ]


@pytest.mark.parametrize("table", ["cn-ndrc-fuels-b@2013", "cn-mee-fuels-c@2024", "cn-gbt32151-fuels-d@2025"])
def test_the_other_fuel_tables(table):
    """Tables B, C and D give 2.925056 t CO2 per t of gasoline, by 43.07 GJ/t."""
    row = one(cl.load_factors(table), "fuel.gasoline", "t", "CN", 2024)
    assert row.emissions_tco2e == pytest.approx(2.925056, abs=5e-7)


def test_natural_gas_by_ten_thousand_normal_cubic_metres(factors):
    """10^4 Nm3 x 389.31 GJ x 15.3e-3 tC/GJ x 0.99 x 44/12 = 21.622 t CO2; the classic slip is a factor of 10^4."""
    assert one(factors, "fuel.natural_gas", "10^4 Nm3", "CN", 2024).emissions_tco2e == pytest.approx(21.622, abs=5e-4)
    assert one(factors, "fuel.natural_gas", "Nm3", "CN", 2024).emissions_tco2e == pytest.approx(21.622e-4, abs=5e-8)


def test_direct_factors(factors):
    """Grid electricity at 0.5703 t CO2/MWh and purchased heat at 0.11 t CO2/GJ."""
    assert one(factors, "electricity.grid", "MWh", "CN-SD", 2024).emissions_tco2e == pytest.approx(0.5703, rel=1e-12)
    assert one(factors, "heat.purchased", "GJ", "CN-SD", 2024).emissions_tco2e == pytest.approx(0.11, rel=1e-12)


def test_own_solar_has_energy_and_no_emissions(factors):
    """Photovoltaics used on site are energy without emissions, and need no factor."""
    row = one(factors, "electricity.solar", "kWh", "", 0)
    assert (row.energy_gj, row.emissions_tco2e, row.gases) == (pytest.approx(0.0036), 0.0, ())


def test_fuel_measured_as_energy(factors):
    """A fuel in GJ needs no calorific value."""
    row = one(factors, "fuel.gasoline", "GJ", "CN", 2024)
    assert row.energy_gj == pytest.approx(1.0)
    assert row.emissions_tco2e == pytest.approx(3.0425472 / 44.80, rel=1e-9)


@pytest.mark.parametrize(
    ("key", "error", "words"),
    [
        (("fuel.diesel", "L", "CN", 2024), cl.errors.MissingBridgeError, "density"),
        (("fuel.natural_gas", "m3", "CN", 2024), cl.errors.MissingBridgeError, "State the volume as Nm3"),
        (("fuel.ice", "t", "CN", 2024), cl.errors.UnknownActivityError, "unknown activity"),
        (("fuel.gasoline", "kwhh", "CN", 2024), cl.errors.UnknownUnitError, "kWh"),
        (("fuel.gasoline", "km", "CN", 2024), cl.errors.DimensionError, "cannot be measured in km"),
        (("electricity.grid", "kWh", "GB", 2024), cl.errors.MissingFactorError, "region CN does not hold GB"),
        (("electricity.grid", "kWh", "", 2024), cl.errors.MissingFactorError, "an entry without region"),
        (("electricity.grid", "kWh", "CN", 2021), cl.errors.MissingFactorError, "later than 2021"),
        (("electricity.grid", "kWh", "CN", 2030), cl.errors.MissingFactorError, "8 years before 2030"),
    ],
)
def test_what_cannot_be_resolved_is_a_problem(factors, key, error, words):
    """A key that the pinned editions cannot serve names what is missing; nothing is guessed."""
    plan = plan_of(factors, key)
    assert plan.rows == ()
    (problem,) = plan.problems
    assert isinstance(problem.error, error)
    assert words in str(problem.error)


def test_missing_oxidation_is_named():
    """Table C has no oxidation factor for coal: the combustion is refused, naming it."""
    (problem,) = plan_of(cl.load_factors("cn-mee-fuels-c@2024"), ("fuel.anthracite", "t", "CN", 2024)).problems
    assert isinstance(problem.error, cl.errors.MissingBridgeError)
    assert "no oxidation factor" in str(problem.error)


def test_two_fuel_tables_are_ambiguous_unless_named():
    """Two tables that both fit are refused; an entry may name the one it means, with its own calorific value."""
    both = cl.load_factors("cn-ndrc-fuels-a@2013", "cn-ndrc-fuels-b@2013")
    (problem,) = plan_of(both, ("fuel.gasoline", "t", "CN", 2024)).problems
    assert isinstance(problem.error, cl.errors.AmbiguousFactorError)
    row = one(both, "fuel.gasoline", "t", "CN", 2024, "cn-ndrc-fuels-b@2013")
    assert row.emissions_tco2e == pytest.approx(2.925056, abs=5e-7)
    assert row.energy_gj == pytest.approx(43.07)


def test_no_emissions_edition_is_no_zero():
    """Without an emission factor there is no line, never a zero."""
    factors = cl.load_factors("cn-energy-yearbook@2021")
    (problem,) = plan_of(factors, ("fuel.gasoline", "t", "CN", 2024)).problems
    assert isinstance(problem.error, cl.errors.MissingFactorError)
    assert "Pinned for emissions: none" in str(problem.error)


def test_missing_energy_is_a_lesser_problem():
    """Two energy editions that disagree leave the energy missing, and said so; emissions are calculated."""
    roles = {"emissions": ["cn-ndrc-fuels-a@2013"], "energy": ["cn-energy-yearbook@2021", "cn-gbt-2589@2020"]}
    plan = plan_of(cl.load_factors(roles=roles), ("fuel.gasoline", "t", "CN", 2024))
    (problem,) = plan.problems
    assert (problem.fatal, type(problem.error)) == (False, cl.errors.AmbiguousFactorError)
    assert plan.rows[0].energy_gj is None
    assert plan.rows[0].emissions_tco2e == pytest.approx(3.042547, abs=5e-7)


def test_standard_coal_coefficient_is_not_the_unit():
    """0.1229 kgce/kWh is a tabulated coefficient, 0.122835 the ratio of units: they differ in the fourth digit."""
    factors = cl.load_factors("cn-mee-grid-enterprise@2022", "cn-gbt-2589@2020")
    row = one(factors, "electricity.grid", "10^4 kWh", "CN", 2024)
    assert row.standard_coal_tce == pytest.approx(1.229, rel=1e-12)
    assert row.energy_gj * cl.units.conversion_factor("GJ", "tce") == pytest.approx(1.2283503, rel=1e-7)


def test_gases_follow_the_named_gwp_set():
    """The potentials are those of the set that the caller names."""
    for name in ("ipcc-ar4@2007", "ipcc-ar6@2021"):
        (gas,) = (
            plan_of(cl.load_factors("cn-ndrc-heat@2013"), ("heat.purchased", "GJ", "CN", 2024), gwp=name).rows[0].gases
        )
        assert gas.gwp.edition == name


def test_several_failing_keys_keep_the_fields_of_the_first():
    """Two unknown units: the error names both, and still has the text and the neighbours of the first."""
    rows = [
        {
            "entity": "",
            "site": "",
            "source": "",
            "activity": "electricity.grid",
            "amount": 1.0,
            "unit": unit,
            "year": 2022,
        }
        for unit in ("kWhh", "MWhh")
    ]
    frame = pd.DataFrame(rows).assign(region="CN", factor="", scope_3_category=0)
    factors = cl.load_factors("cn-mee-grid-enterprise@2022")
    with pytest.raises(cl.errors.UnknownUnitError) as caught:
        cl.calculate(frame, factors, gwp="ipcc-ar5@2013")
    assert {caught.value.text, *(error.text for error in caught.value.others)} == {"kWhh", "MWhh"}
    assert caught.value.neighbours
    assert "kWhh" in str(caught.value)
    assert "MWhh" in str(caught.value)
    assert "另有 1 处" in caught.value.text_in("zh")


def test_a_calorific_value_that_nothing_needs_is_not_asked_for():
    """A factor per litre prices litres, although two pinned tables differ in the calorific value; only the energy is open."""
    own = {"activity": "fuel.diesel", "region": "CN", "year": 2024, "value": "2.7 kg CO2e/L", "source": "Lab A, p. 1"}
    pins = cl.load_factors("cn-ndrc-fuels-a@2013", "cn-mee-fuels-c@2024", own=[own])
    plan = plan_of(pins, ("fuel.diesel", "L", "CN", 2024))
    assert [row.emissions_tco2e for row in plan.rows] == pytest.approx([0.0027])
    assert [(problem.fatal, "calorific_value" in str(problem.error)) for problem in plan.problems] == [(False, True)]


@pytest.mark.parametrize(
    ("region", "activity", "offered"),
    [
        ("GB", "electricity.grid", ["emission factor 0.177 kg/kWh in uk-desnz@2025"]),
        ("US-TX", "electricity.grid", ["us-epa-egrid", "us-epa-hub@2025-r1"]),
        ("JP", "electricity.grid", []),
        ("CN-XZ", "electricity.grid", []),
        ("FR", "travel.rail.national", []),
    ],
)
def test_a_missing_factor_names_what_the_library_carries(region, activity, offered):
    """Figures of the region that are not too old, one of each series; nothing where nothing covers the place."""
    unit = "kWh" if "electricity" in activity else "passenger_km"
    pins = cl.load_factors("cn-mee-grid-enterprise@2022", "au-nga@2025")
    (problem,) = plan_of(pins, (activity, unit, region, 2025)).problems
    said = str(problem.error)
    assert all(text in said for text in offered)
    assert ("The library carries" in said) == bool(offered)
    assert ("因子库中有" in problem.error.text_in("zh")) == bool(offered)
