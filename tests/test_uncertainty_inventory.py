"""The uncertainty of an inventory: shared figures once, both approaches agree, and what has no limits is named and never 0."""

import itertools
import math

import hypothesis.strategies as st
import pandas as pd
import polars as pl
import pytest
from hypothesis import given

import carbonledger as cl
from carbonledger import uncertainty as un

GRID = "cn-mee-grid-enterprise@2022"
IPCC = "ipcc-2006-energy@2006"
# Three sources on one factor, as in section 7.2 of the project's standards, with another factor: relative figures are the same.
SOURCES = [("meter 1", 600.0, 2.0), ("meter 2", 300.0, 5.0), ("meter 3", 100.0, 10.0)]


def inventory_of(rows, *editions):
    """The inventory of some entries."""
    return cl.calculate(cl.read_entries(rows), cl.load_factors(*(editions or (GRID,))), gwp="ipcc-ar5@2013")


def grid_entry(source, amount, **more):
    """An entry of grid electricity."""
    row = {"source": source, "activity": "electricity.grid", "amount": amount, "unit": "MWh"}
    return {**row, "year": 2022, "region": "CN", **more}


def stated(*activity, factor=8.0, **more):
    """Settings with limits of sources and of the grid factor, per cent."""
    return un.UncertaintySettings(
        activity=[{"source": name, "percent": percent, "reason": "certificate"} for name, percent in activity],
        factor=[{"activity": "electricity.grid", "percent": factor, "reason": "judgement"}],
        **more,
    )


WORKED = stated(*((name, percent) for name, _, percent in SOURCES))


def worked():
    """The inventory of the worked example."""
    return inventory_of([grid_entry(name, amount) for name, amount, _ in SOURCES])


def test_a_shared_factor_counts_once():
    """Approach 1 gives 8.29 % to first order, and the products of two errors add a little."""
    found = un.assess(worked(), WORKED, approach="1").total
    first = 0.08287943049997387**2
    second = sum((amount / 1000 * percent / 100 * 0.08 / 1.96) ** 2 for _, amount, percent in SOURCES)
    assert found.covered_percent / 100 == pytest.approx(math.sqrt(first + second), rel=1e-12)
    assert round(found.covered_percent, 2) == 8.29
    assert not found.is_part


def test_both_approaches_agree():
    """A simulation of the worked example gives 8.30 % within the noise of 200 000 draws, and its mean is the inventory."""
    settings = stated(*((name, percent) for name, _, percent in SOURCES), draws=200_000)
    found = un.assess(worked(), settings)
    drawn = found.total.simulated
    assert found.total.percent(drawn.half_width) == pytest.approx(8.297305670824307, rel=0.01)
    assert drawn.mean == pytest.approx(found.total.emissions_tco2e, rel=0.001)
    assert drawn.median == pytest.approx(found.total.emissions_tco2e, rel=0.001)


def test_contributions_sum_to_the_whole():
    """The parts of the variance sum to 100 % by both approaches, and the shared factor has most of it."""
    found = un.assess(worked(), WORKED)
    assert sum(item.share for item in found.contributions) == pytest.approx(1.0)
    assert sum(item.simulated_share for item in found.contributions) == pytest.approx(1.0)
    first = found.contributions[0]
    assert first.parameter.kind == "emission_factor"
    assert first.share == pytest.approx(0.08**2 / 0.08287943049997387**2, rel=0.01)
    assert first.simulated_share == pytest.approx(first.share, rel=0.02)
    assert "meter 2" in list(found.advice("en"))[1]


def test_one_seed_gives_the_same_draws():
    """The same seed gives the same figures, another one others, and the order of the lines does not matter."""
    rows = [grid_entry(name, amount) for name, amount, _ in SOURCES]
    one, again = (un.assess(inventory_of(part), WORKED).total.simulated for part in (rows, rows[::-1]))
    assert one == again
    other = stated(*((name, percent) for name, _, percent in SOURCES), seed=1)
    assert un.assess(inventory_of(rows), other).total.simulated != one


@given(st.lists(st.floats(0.01, 0.99), min_size=1, max_size=5, unique=True))
def test_splitting_a_line_changes_nothing(cuts):
    """A line divided into bills of the same meter has the same uncertainty: its parts share the meter's error and the factor's."""
    edges = [0.0, *sorted(cuts), 1.0]
    spans = enumerate(itertools.pairwise(edges))
    parts = [grid_entry("meter 1", 600 * (high - low), evidence=str(at)) for at, (low, high) in spans]
    rest = [grid_entry(name, amount) for name, amount, _ in SOURCES[1:]]
    divided = un.assess(inventory_of([*parts, *rest]), WORKED, approach="1").total
    whole = un.assess(worked(), WORKED, approach="1").total
    assert divided.half_width_tco2e == pytest.approx(whole.half_width_tco2e, rel=1e-9)


def test_readings_that_err_by_themselves():
    """Of readings that are stated to err independently, twelve of 100 are surer than one of 1200."""
    settings = un.UncertaintySettings(
        activity=[{"source": "meter 1", "percent": 5.0, "reason": "read by eye", "independent": True}],
        factor=[{"edition": GRID, "percent": 0.0, "reason": "not assessed here"}],
    )
    many = un.assess(inventory_of([grid_entry("meter 1", 100.0, evidence=str(at)) for at in range(12)]), settings)
    assert many.total.covered_percent == pytest.approx(5 / math.sqrt(12), rel=1e-9)
    assert many.total.percent(many.total.simulated.half_width) == pytest.approx(5 / math.sqrt(12), rel=0.05)


def test_no_uncertainty_has_no_width():
    """Limits of 0 % give a width of 0 by both approaches."""
    found = un.assess(worked(), stated(*((name, 0.0) for name, _, _ in SOURCES), factor=0.0))
    assert found.total.half_width_tco2e == 0
    assert found.total.simulated.half_width == pytest.approx(0, abs=1e-9)
    assert found.contributions == ()
    assert not found.is_part


def test_what_has_no_limits_is_named():
    """A figure without limits is in no uncertainty: the finding says which it is and how much hangs on it, and the result is a part."""
    found = un.assess(worked(), un.UncertaintySettings())
    assert found.total.half_width_tco2e is None
    assert found.is_part
    assert found.total.covered_tco2e == 0
    texts = [finding.text() for finding in found.findings]
    assert any("emission factor" in text and "570.30 t CO2e (100.0 %" in text for text in texts)
    assert any("activity data" in text for text in texts)
    assert found.to_dict()["total"]["uncertainty_percent"] is None


def test_a_part_with_limits():
    """Where one of two carriers has limits, the uncertainty is that of its emissions, and the whole has none."""
    rows = [grid_entry("meter 1", 600.0), grid_entry("meter 9", 400.0)]
    found = un.assess(inventory_of(rows), stated(("meter 1", 2.0)), approach="1").total
    assert found.is_part
    assert found.covered_share == pytest.approx(0.6)
    assert found.covered_percent == pytest.approx(math.hypot(2, 8, 2 * 8 / 196), rel=1e-9)
    assert found.to_dict()["uncertainty_percent"] is None


def gas_entry(**more):
    """An entry of natural gas by energy."""
    row = {
        "source": "gas meter",
        "activity": "fuel.natural_gas",
        "amount": 1000.0,
        "unit": "GJ",
        "heating value": "net",
        "factor": "manufacturing",
    }
    return {**row, "year": 2022, "region": "CN", **more}


GWP = {"parameter": "gwp", "percent": 35.0, "reason": "constructed for this test"}


def test_published_limits_are_used():
    """The 95 % limits of the IPCC's factors count without being typed again: gas 54 300 to 58 300 about 56 100 kg CO2/TJ.

    The edition carries none for methane and nitrous oxide, which are in no uncertainty and in a finding.
    """
    settings = un.UncertaintySettings(activity=[{"source": "gas meter", "percent": 0.0, "reason": "exact"}])
    found = un.assess(inventory_of([gas_entry()], IPCC), settings, approach="1")
    (carbon,) = found.contributions
    assert carbon.parameter.limits.half_width == pytest.approx(2_200 / 56_100)
    assert "ipcc-2006-energy@2006" in carbon.parameter.origin.en
    assert found.total.half_width_tco2e == pytest.approx(2.2)
    assert found.total.covered_tco2e == pytest.approx(56.1)
    assert found.is_part
    gaps = [finding.text() for finding in found.findings if finding.rule == "UNCERTAINTY_GAP"]
    # 0.1 kg N2O/TJ x 265 and 1 kg CH4/TJ x 28, each for the factor and for the potential.
    assert [round(float(text.partition("published; ")[2].split(" t ")[0]), 4) for text in gaps] == [0.03] * 4


def test_a_gwp_is_one_figure():
    """The error of the GWP of methane is shared by all fuels, and that of CO2, 1 by definition, has none."""
    rows = [gas_entry(), gas_entry(source="diesel tank", activity="fuel.diesel", amount=500.0)]
    zero = {"percent": 0.0, "reason": "constructed for this test"}
    settings = un.UncertaintySettings(
        activity=[{"activity": name, **zero} for name in ("fuel.natural_gas", "fuel.diesel")],
        factor=[{"edition": IPCC, **zero}, {**GWP, "gas": "CH4"}, {**GWP, "gas": "N2O", "percent": 0.0}],
    )
    inventory = inventory_of(rows, IPCC)
    found = un.assess(inventory, settings, approach="1")
    methane = float(inventory.by("gas").set_index("gas").loc["CH4", "emissions_tco2e"])
    assert found.total.half_width_tco2e == pytest.approx(methane * 0.35, rel=1e-9)


def test_scopes_and_companies():
    """Scopes and companies have their own uncertainty; that of the total is not their independent sum where they share a factor."""
    rows = [grid_entry("meter 1", 600.0, entity="A"), grid_entry("meter 2", 400.0, entity="B")]
    found = un.assess(inventory_of(rows), stated(("meter 1", 2.0), ("meter 2", 5.0)))
    by_company = {item.value: item for item in found.estimates if item.axis == "entity"}
    assert by_company["A"].covered_percent == pytest.approx(math.hypot(2, 8, 2 * 8 / 196), rel=1e-9)
    halves = [item.half_width_tco2e for item in by_company.values()]
    assert math.hypot(*halves) < found.total.half_width_tco2e < sum(halves)
    for item in found.estimates:
        assert item.percent(item.simulated.half_width) == pytest.approx(item.covered_percent, rel=0.05)


def test_wide_limits_are_lognormal():
    """An uncertainty of 60 % of a positive quantity is drawn lognormally: the mean stays, the median is lower, nothing is below 0."""
    settings = stated(("meter 1", 60.0), factor=0.0, draws=100_000)
    found = un.assess(inventory_of([grid_entry("meter 1", 1000.0)]), settings).total
    assert found.simulated.mean == pytest.approx(found.emissions_tco2e, rel=0.005)
    assert found.simulated.median < found.emissions_tco2e
    assert found.simulated.lower > 0


def test_asymmetric_limits_are_kept():
    """Limits of different sizes are the percentiles of the simulation, and the figure is its median."""
    row = {"source": "meter 1", "lower_percent": -20.0, "upper_percent": 80.0, "reason": "constructed"}
    settings = un.UncertaintySettings(
        activity=[row], factor=[{"edition": GRID, "percent": 0.0, "reason": "exact"}], draws=100_000
    )
    found = un.assess(inventory_of([grid_entry("meter 1", 1000.0)]), settings).total
    own = found.emissions_tco2e
    assert found.simulated.lower / own == pytest.approx(0.8, rel=0.01)
    assert found.simulated.median / own == pytest.approx(1.0, rel=0.01)
    assert found.simulated.upper / own == pytest.approx(1.8, rel=0.02)
    assert found.covered_percent == pytest.approx(80.0)


@pytest.mark.parametrize("name", ["uniform", "triangular", "beta", "lognormal", "normal"])
def test_every_distribution_keeps_its_limits(name):
    """Of every distribution, about 2.5 % of the draws lie below the lower limit and about 2.5 % above the upper one."""
    row = {"source": "meter 1", "percent": 10.0, "distribution": name, "reason": "constructed"}
    settings = un.UncertaintySettings(
        activity=[row], factor=[{"edition": GRID, "percent": 0.0, "reason": "exact"}], draws=100_000
    )
    found = un.assess(inventory_of([grid_entry("meter 1", 1000.0)]), settings).total
    assert found.percent(found.simulated.half_width) == pytest.approx(10, rel=0.03)


def test_the_nearest_statement_counts():
    """A source stands before a data type, and a data type before an activity; what fits nothing is a finding that proposes a name."""
    settings = un.UncertaintySettings(
        activity=[
            {"activity": "外购电力", "percent": 20.0, "reason": "default"},
            {"source": "meter 1", "percent": 1.0, "reason": "certificate"},
            {"data_type": "estimated", "percent": 30.0, "reason": "estimate"},
            {"source": "meter 11", "percent": 1.0, "reason": "typing error"},
        ],
        factor=[{"edition": GRID, "percent": 0.0, "reason": "exact"}],
    )
    rows = [
        grid_entry("meter 1", 100.0, **{"data type": "estimated"}),
        grid_entry("meter 2", 100.0, **{"data type": "estimated"}),
        grid_entry("meter 3", 100.0),
    ]
    found = un.assess(inventory_of(rows), settings, approach="1")
    halves = {item.parameter.key.split("\t")[3]: item.parameter.limits.half_width for item in found.contributions}
    assert halves == {"meter 1": 0.01, "meter 2": 0.3, "meter 3": 0.2}
    unused = [finding for finding in found.findings if finding.rule == "UNCERTAINTY_UNUSED"]
    assert len(unused) == 1
    assert "meter 11" in unused[0].text()
    assert "Did you mean 'meter 1'" in unused[0].text()


def test_the_same_of_every_kind_of_frame():
    """Polars lines, lazy ones too, give the figures of pandas lines; a column of limits is read from them."""
    frame = pd.DataFrame(
        {
            "activity": "electricity.grid", "unit": "MWh", "amount": [600.0, 300.0, 100.0], "year": 2022, "region": "CN",
            "source": ["a", "b", "c"], "uncertainty": ["2 %", "5 %", "10 %"],
        }
    )  # fmt: skip
    settings = un.UncertaintySettings(factor=[{"edition": GRID, "percent": 8.0, "reason": "judgement"}])
    factors = cl.load_factors(GRID)
    halves = [
        un.assess(cl.calculate(given_frame, factors, gwp="ipcc-ar5@2013"), settings).total.half_width_tco2e
        for given_frame in (frame, pl.from_pandas(frame), pl.from_pandas(frame).lazy())
    ]
    assert halves == pytest.approx([halves[0]] * 3)
    assert halves[0] == pytest.approx(un.assess(worked(), WORKED, approach="1").total.half_width_tco2e)


def test_a_bad_cell_of_a_bare_frame():
    """A cell of a frame that states no limits is a finding, and its emissions have no uncertainty."""
    frame = pd.DataFrame(
        {
            "activity": "electricity.grid",
            "unit": "MWh",
            "amount": [600.0],
            "year": 2022,
            "region": "CN",
            "uncertainty": "much",
        }
    )
    found = un.assess(cl.calculate(frame, cl.load_factors(GRID), gwp="ipcc-ar5@2013"), WORKED)
    assert found.findings[0].rule == "BAD_UNCERTAINTY"
    assert found.total.half_width_tco2e is None


def test_two_years():
    """The change of 1 000 to 900 MWh on one factor is significant; the factor nearly cancels, as in 7.3 of the standards."""
    before, after = (
        un.assess(inventory_of([grid_entry("meter 1", amount)]), stated(("meter 1", 3.0))) for amount in (1000.0, 900.0)
    )
    trend = un.assess_change(before, after)
    scale = 0.5703 / 0.5306
    assert trend.change_tco2e == pytest.approx(-53.06 * scale)
    assert trend.half_width_tco2e == pytest.approx(21.832110696861168 * scale, rel=2e-3)
    assert trend.is_significant
    assert len(trend.shared) == 1
    assert (trend.simulated.upper - trend.simulated.lower) / 2 == pytest.approx(trend.half_width_tco2e, rel=0.05)
    # In per cent of the earlier year the factor cancels to first order: 0.9 x sqrt(2) x 3 %.
    assert trend.half_width_points == pytest.approx(0.9 * math.sqrt(2) * 3, rel=1e-2)


def test_two_years_on_two_factors():
    """Factors of two editions are independent, so that the same change is not significant."""
    entries = [grid_entry("meter 1", 1000.0, year=2021), grid_entry("meter 1", 900.0, year=2023)]
    editions = ("cn-mee-grid-enterprise@2022", "cn-mee-nbs-grid@2023")
    before, after = (
        un.assess(inventory_of([row], edition), stated(("meter 1", 3.0)), approach="1")
        for row, edition in zip([{**entries[0], "year": 2022}, {**entries[1], "year": 2023}], editions, strict=True)
    )
    trend = un.assess_change(before, after)
    assert trend.shared == ()
    assert trend.half_width_tco2e == pytest.approx(
        math.hypot(before.total.half_width_tco2e, after.total.half_width_tco2e)
    )


def test_nothing_is_said_of_a_part_of_the_entries():
    """Where entries are left out there is no per cent of the total, and no word on the significance of a change."""
    rows = [
        *[grid_entry(name, amount) for name, amount, _ in SOURCES],
        grid_entry("x", 1.0, activity="fuel.diesel", unit="t"),
    ]
    entries = cl.read_entries(rows)
    inventory = cl.calculate(entries, cl.load_factors(GRID), gwp="ipcc-ar5@2013", missing="report")
    found = un.assess(inventory, WORKED)
    assert inventory.completeness.is_part
    assert found.to_dict()["total"]["uncertainty_percent"] is None
    assert un.assess_change(found, found).is_significant is None


def test_an_empty_inventory():
    """An inventory without lines has no uncertainty and no error."""
    frame = pd.DataFrame({"activity": ["electricity.grid"], "unit": "MWh", "amount": 0.0, "year": 2022, "region": "CN"})
    found = un.assess(cl.calculate(frame, cl.load_factors(GRID), gwp="ipcc-ar5@2013"), WORKED)
    assert found.total.half_width_tco2e is None
    assert found.total.covered_percent is None
    assert found.contributions == ()
    assert list(found.advice("en")) == []


def test_many_skewed_sources():
    """Hundreds of sources with skewed limits are drawn together, with the mean and spread of their sum."""
    rows = [grid_entry(f"meter {at}", 10.0) for at in range(300)]
    row = {"activity": "electricity.grid", "lower_percent": -50.0, "upper_percent": 100.0, "reason": "constructed"}
    settings = un.UncertaintySettings(
        activity=[row], factor=[{"edition": GRID, "percent": 0.0, "reason": "exact"}], draws=20_000
    )
    found = un.assess(inventory_of(rows), settings).total
    sigma = math.log(2) / 1.96
    mean, square = math.exp(sigma**2 / 2), math.exp(2 * sigma**2)
    assert found.simulated.mean / found.emissions_tco2e == pytest.approx(mean, rel=0.005)
    expected = 1.96 * math.sqrt(square - mean**2) / math.sqrt(300)
    assert found.simulated.half_width / found.emissions_tco2e == pytest.approx(expected, rel=0.05)
