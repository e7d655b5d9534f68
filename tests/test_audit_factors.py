"""Factors, gases and the energy table: each clause with a near miss that stays silent."""

from dataclasses import replace

import pytest

import carbonledger as cl
from benchmarks.audit_corpora import PINS, Scenario, findings_about
from benchmarks.audit_editions import edited, pinned
from carbonledger.audit.boundary_mix import _diesel_kg_per_litre
from tests.audit_books import doubts, figures, last_year, meter, monthly

GRID = meter("electricity.grid", 900.31)
NBS, ENTERPRISE = "cn-mee-nbs-grid@2023", "cn-mee-grid-enterprise@2022"


def about(rows, factors=None, **parts):
    """The rules and severities of what is said about some rows on some factors; of the printed total nothing is asked."""
    scenario = Scenario(
        list(rows), last_year([GRID]), factors=factors, printed_total="1", printed_change="0 %", **parts
    )
    found = findings_about(scenario)
    return [item for item in found if item.rule not in {"YOY_BASIS", "AVOIDED_NETTED"}]


def rules(found, *severities):
    """The rules of some findings of some severities; errors and warnings by default."""
    return {item.rule for item in found if item.severity in (severities or ("error", "warning"))}


def with_own(name, swap, **columns):
    """The pins and one edition of the company's own beside them."""
    base = cl.load_factors(roles=PINS)
    own = replace(edited(name, swap, **columns), name="own-factors")
    return replace(base, roles={**base.roles, "emissions": (*base.in_role("emissions"), own)}), own.id


def with_editions(*names, **parts):
    """The pins with other grid editions."""
    return cl.load_factors(roles={**PINS, "emissions": (*names, *PINS["emissions"][1:])}, **parts)


# FACTOR_YEAR


def test_two_series_of_one_data_year_on_one_grid():
    """0.5703 for some bills and 0.5306 for others of one grid and year are two answers to one question."""
    rows = monthly("electricity.grid", [70.1 + month for month in range(12)])
    rows = [{**row, "factor": NBS if month else ENTERPRISE} for month, row in enumerate(rows)]
    factors = with_editions(NBS, ENTERPRISE)
    assert rules(about(rows, factors)) == {"FACTOR_YEAR"}
    assert rules(about([{**row, "factor": NBS} for row in rows], factors)) == set()


@pytest.mark.parametrize(
    ("edition", "as_of", "found"),
    [
        ("cn-mee-nbs-grid@2021", "2025-01-31", True),
        ("cn-mee-nbs-grid@2021", "2024-11-30", False),
        ("cn-mee-nbs-grid@2022", "2025-01-31", False),
        ("cn-mee-nbs-grid@2022", "2026-01-31", True),
        ("cn-mee-nbs-grid@2021", None, False),
    ],
)
def test_a_newer_vintage_that_was_published_by_the_closing(edition, as_of, found):
    """The closing is as_of, else four months after the year: nothing later can be asked for."""
    got = about([GRID], with_editions(edition, as_of=as_of))
    assert ("FACTOR_YEAR" in rules(got, "error")) == found


def test_two_compared_years_on_two_vintages_show_the_effect():
    """A note with the change as reported and at last year's factor."""
    (note,) = [item for item in about([GRID]) if item.rule == "FACTOR_YEAR"]
    assert note.severity == "note"
    assert "As reported -1.12 %; at last year's factor +0.00 %" in note.message


# UNIT_1000

SPEND = {"heat.purchased,emission_factor": "waste.glass.landfill,emission_factor", "/GJ,": "/t,"}


@pytest.mark.parametrize(("value", "found"), [("8.9", True), ("0.0089", False), ("0.031", False)])
def test_a_factor_of_ones_own_against_the_published_ones(value, found):
    """Scope 3 too: 1,000 times the published factors of an activity is a slip, 3.5 times is another landfill."""
    factors, own = with_own("cn-ndrc-heat@2013", {**SPEND, ",0.11,": f",{value},"})
    got = about([GRID, meter("waste.glass.landfill", 20, "t", factor=own)], factors)
    assert ("UNIT_1000" in rules(got, "error")) == found


FUEL = {"heat.purchased,emission_factor": "fuel.natural_gas,emission_factor"}


@pytest.mark.parametrize(("value", "found"), [("0.0561", False), ("0.13", True), ("56.1", True), ("0.000056", True)])
def test_fuels_emit_at_most_a_ninth_of_a_tonne_per_gigajoule(value, found):
    """0.12 t/GJ is the limit of standards 13."""
    factors, own = with_own("cn-ndrc-heat@2013", {**FUEL, ",0.11,": f",{value},"}, heating_value="net")
    got = about([GRID, meter("fuel.natural_gas", 3000, "GJ", factor=f"{own} net")], factors)
    assert ("UNIT_1000" in rules(got)) == found


def test_gases_of_blast_furnaces_emit_more():
    """0.26 t/GJ is what the guidelines publish for them."""
    assert "UNIT_1000" not in rules(about([GRID, meter("fuel.blast_furnace_gas", 5, "10^4 Nm3")]))


@pytest.mark.parametrize(("value", "found"), [("0.1229", False), ("0.30", False), ("1.229", True), ("0.2", True)])
def test_standard_coal_of_electricity(value, found):
    """By its heat or at the coal of power stations, nothing between."""
    base = cl.load_factors(roles={**PINS, "standard_coal": ("cn-gbt-2589@2020",)})
    coal = edited("cn-gbt-2589@2020", {",0.1229,kgce/kWh": f",{value},kgce/kWh"})
    factors = replace(base, roles={**base.roles, "standard_coal": (coal,)})
    assert ("UNIT_1000" in rules(about([GRID], factors), "error")) == found


# BOUNDARY_MIX


@pytest.mark.parametrize(
    ("boundary", "found"),
    [("well_to_wheel", True), ("cradle_to_gate", True), ("transmission_and_distribution", True), ("generation", False)],
)
def test_only_combustion_and_generation_in_scopes_1_and_2(boundary, found):
    """Whatever else a factor covers is upstream or downstream."""
    got = about([GRID], pinned(edited(NBS, {}, boundary=boundary)))
    assert ("BOUNDARY_MIX" in rules(got, "error")) == found


DIESEL = {"heat.purchased,emission_factor": "fuel.diesel,emission_factor", "/GJ,": "/t,"}


@pytest.mark.parametrize(("value", "found"), [("3.85", True), ("3.16", False)])
def test_diesel_by_the_tonne(value, found):
    """3.85 t/t are 3.2 kg per litre: well to wheel. 3.16 is combustion."""
    factors, own = with_own("cn-ndrc-heat@2013", {**DIESEL, ",0.11,": f",{value},"})
    got = about([GRID, meter("fuel.diesel", 5, "t", factor=own)], factors)
    assert ("BOUNDARY_MIX" in rules(got)) == found
    assert _diesel_kg_per_litre() == pytest.approx(0.83, abs=0.01)


def test_upstream_in_scope_1_beside_or_without_category_3():
    """The finding says whether category 3 counts it again or has no line."""
    factors, own = with_own("cn-ndrc-heat@2013", {**DIESEL, ",0.11,": ",3.85,"}, boundary="well_to_wheel")
    rows = [GRID, meter("fuel.diesel", 5, "t", factor=own)]
    (alone,) = [item for item in about(rows, factors) if item.rule == "BOUNDARY_MIX"]
    assert "has no line" in alone.message
    base = cl.load_factors("uk-desnz@2023")
    both = replace(
        factors, roles={**factors.roles, "emissions": (*factors.in_role("emissions"), *base.in_role("emissions"))}
    )
    upstream = meter("wtt.fuel.diesel", 5, "t", region="GB", start="2023-01-01", factor="uk-desnz@2023 mineral")
    twice = [item for item in about([*rows, upstream], both) if item.rule == "BOUNDARY_MIX"]
    assert "counts the upstream again" in twice[0].message


# METHOD_LABEL


@pytest.mark.parametrize(("value", "found"), [("0.0500", True), ("0.5200", False), ("0.6000", False)])
def test_a_contract_in_the_location_based_total(value, found):
    """A factor of the company's own far below its grid's average; one near it is another average."""
    got = about([GRID], pinned(edited(NBS, {",0.5306,": f",{value},"})))
    assert ("METHOD_LABEL" in rules(got, "error")) == found


def test_a_clean_province_is_no_contract():
    """Yunnan's 0.1333 t/MWh is published."""
    assert rules(about([{**GRID, "region": "CN-YN"}])) == set()


# BIOGENIC_GWP


@pytest.mark.parametrize(("swap", "found"), [({}, True), ({",0.5306,": ",0.5391,"}, False)])
def test_co2_that_is_called_co2e(swap, found):
    """The published figure of CO2 alone under the name CO2e; another figure may hold the other gases."""
    got = about([GRID], pinned(edited(NBS, {**swap, ",CO2,": ",CO2e,"})))
    assert ("BIOGENIC_GWP" in rules(got)) == found


@pytest.mark.parametrize(("source", "found"), [("空调制冷剂", True), ("coffee machines", False)])
def test_a_refrigerant_without_its_kind(source, found):
    """Emissions that somebody reported for a refrigerant do not say which gas."""
    got = about([GRID, meter("reported.emissions", 3, "t CO2e", source=source, scope_3_category=1)])
    assert ("BIOGENIC_GWP" in rules(got)) == found


# ENERGY_TABLE


def printed(tmp_path, *items):
    """What is said of some printed figures."""
    return rules(doubts(tmp_path, [GRID], published=figures(*items)))


@pytest.mark.parametrize(
    ("text", "found"), [("3241.12", False), ("3241.1", False), ("3241", False), ("900.31", True), ("324.11", True)]
)
def test_printed_gj_are_3_6_printed_mwh(tmp_path, text, found):
    """Whatever the digits, within rounding."""
    items = (("grid.mwh", "Electricity", "900.31", "MWh"), ("grid.gj", "Electricity", text, "GJ"))
    assert printed(tmp_path, *items) == ({"ENERGY_TABLE"} if found else set())


@pytest.mark.parametrize(
    ("total", "share", "found"),
    [("1100", "18.18", False), ("1101", "18.2", False), ("1300", "15.4", True), ("1100", "22.2", True)],
)
def test_printed_renewable_energy(tmp_path, total, share, found):
    """200 and 900 are 1100 within rounding, and 18.18 % of it."""
    items = (
        ("t", "Total energy", total, "GJ"),
        ("n", "Non-renewable energy", "900", "GJ"),
        ("r", "Renewable energy", "200", "GJ"),
        ("s", "Share of renewable energy", share, "%"),
    )
    assert printed(tmp_path, *items) == ({"ENERGY_TABLE"} if found else set())


def test_two_conventions_of_electricity_in_one_total():
    """当量值 for the purchases and 等价值 for own use are two totals."""
    base = cl.load_factors(roles={**PINS, "standard_coal": ("cn-gbt-2589@2020",)})
    coal = edited("cn-gbt-2589@2020", {})
    lines = coal.body.decode().splitlines()
    electric = next(line for line in lines if ",0.1229,kgce/kWh" in line)
    lines.append(
        electric.replace("electricity_equivalent", "solar")
        .replace(",electricity,", ",electricity.solar,")
        .replace("0.1229", "0.302", 1)
    )
    mixed = replace(coal, body="\n".join(lines).encode())
    rows = [GRID, meter("electricity.solar", 57.21)]
    for edition, found in ((coal, False), (mixed, True)):
        factors = replace(base, roles={**base.roles, "standard_coal": (edition,)})
        assert ("ENERGY_TABLE" in rules(about(rows, factors), "error")) == found


@pytest.mark.parametrize(
    ("source", "fuel", "found"), [("自备发电机", True, True), ("自备发电机", False, False), ("电表1", True, False)]
)
def test_power_from_own_fuel_beside_the_fuel(tmp_path, source, fuel, found):
    """The fuel is the energy; its power is not counted again."""
    rows = [{**GRID, "source": source}, *([meter("fuel.natural_gas", 9000, "Nm3")] if fuel else [])]
    assert ("ENERGY_TABLE" in rules(doubts(tmp_path, rows))) == found


def test_a_missing_calorific_value_is_said_once():
    """MISSING_ENERGY of the calculation is not repeated."""
    swap = {"heat.purchased,emission_factor": "fuel.coal_gangue,emission_factor", "/GJ,": "/t,"}
    factors, own = with_own("cn-ndrc-heat@2013", swap)
    got = [item.rule for item in about([GRID, meter("fuel.coal_gangue", 5, "t", factor=own)], factors)]
    assert [rule for rule in got if rule in {"MISSING_ENERGY", "ENERGY_TABLE"}] == ["MISSING_ENERGY"]
