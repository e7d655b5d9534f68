"""`why` says what `calculate` does: the same factors where it names some, a refusal where it names none."""

import json

import pandas as pd
import pytest

import carbonledger as cl
from carbonledger.core.activities import taxonomy
from carbonledger.factors.activity_list import usual_units
from tests.support import run

SET = "ipcc-ar5@2013"
ACTIVITIES = [
    "electricity.grid",
    "electricity.solar",
    "heat.purchased",
    "fuel.diesel",
    "fuel.gasoline",
    "fuel.natural_gas",
    "fuel.anthracite",
    "fuel.biodiesel",
    "refrigerant.r_410a",
    "refrigerant.hfc_134a",
    "travel.air.short_haul.economy",
    "supplier.reported",
    "water.supply",
    "wtt.fuel.diesel",
]
PLACES = ["CN", "CN-SD", "CN-XZ", "HK", "GB", "JE", "US", "US-CA", "US-NY", "PR", "90210", "DE"]


def row_of(activity, unit, region, year, factors):
    """The plan row of one entry."""
    frame = pd.DataFrame(
        {
            "activity": [activity],
            "unit": [unit],
            "amount": [1.0],
            "region": [region],
            "year": [year],
            "scope_3_category": [scope_3(activity)],
        }
    )
    (row,) = cl.calculate(frame, factors, gwp=SET).plan.rows
    return row


def scope_3(activity):
    """A category of scope 3 for what is in no scope by itself."""
    return 0 if taxonomy()[activity].scope else 1


def units_of(activity):
    """The usual units of an activity, wherever it is."""
    dimensions = taxonomy()[activity].dimensions
    return [
        unit for name in dimensions for country in ("", "US") for unit in usual_units(name, country) if unit != "any"
    ]


def used(row):
    """The factors behind the gases of a plan row."""
    return {step.factor for gas in row.gases for step in gas.steps if step.factor}


def assert_agree(activity, place, year):
    """Every edition that `why` chooses gives those factors when it is pinned alone; every series without one refuses."""
    for item in cl.factors.why(activity, place, year, gwp=SET):
        if item.method in {"none", "reported"}:
            assert not used(row_of(activity, units_of(activity)[0], place, year, cl.load_factors()))
        elif item.method == "gwp":
            row = row_of(activity, item.unit, place, year, cl.load_factors())
            assert used(row) | {gas.gwp for gas in row.gases} == {match.factor for match in item.matches}
        elif item.matches:
            editions = {match.factor.edition for match in item.matches}
            row = row_of(activity, item.unit, place, year, cl.load_factors(*editions))
            assert used(row) == {match.factor for match in item.matches}, (place, item.series)
        else:
            assert_refused(activity, place, year, item.series)


# Two places for each activity, so that all places and both years have their turn.
TURNS = [
    (activity, PLACES[(2 * number + turn) % len(PLACES)], 2021 + 3 * turn)
    for number, activity in enumerate(ACTIVITIES)
    for turn in (0, 1)
]


@pytest.mark.parametrize(("activity", "place", "year"), TURNS)
def test_why_and_calculate_agree(activity, place, year):
    """What `why` says is what a calculation does."""
    assert_agree(activity, place, year)


@pytest.mark.slow
@pytest.mark.parametrize("activity", ACTIVITIES)
def test_why_and_calculate_agree_everywhere(activity):
    """The same for every place, in one year and the other by turns."""
    for number, place in enumerate(PLACES):
        assert_agree(activity, place, 2021 + 3 * (number % 2))


def assert_refused(activity, place, year, series):
    """Each edition of a series, alone, has no factor for an entry in any usual unit; a gas is priced by no factor of it."""
    for name, row in cl.factors.catalogue().items():
        edition = cl.factors.read_edition(name)
        if name.partition("@")[0] != series or "emissions" not in edition.roles or row.status == "superseded":
            continue
        for unit in units_of(activity)[:3]:
            try:
                found = used(row_of(activity, unit, place, year, cl.load_factors(name)))
            except (cl.errors.FactorError, cl.errors.UnitError):
                continue
            assert taxonomy()[activity].kind == "refrigerant", (place, name, unit)
            assert not any(factor.edition == name for factor in found)


def test_carbon_content_is_shown_with_all_that_it_is_multiplied_by():
    """Diesel in Shandong: calorific value, carbon content and oxidation of one table, by that method."""
    (item,) = [item for item in cl.factors.why("fuel.diesel", "CN-SD", 2024) if item.series == "cn-ndrc-fuels-b"]
    assert item.method == "carbon_content"
    assert [match.factor.value_text for match in item.matches] == ["42.652", "0.0202", "0.98"]


def test_no_edition_ties_with_its_successor():
    """No remark about editions that fit equally well, for any place and year of electricity and fuel."""
    for activity in ("electricity.grid", "fuel.diesel", "fuel.natural_gas", "spend.naics.112410"):
        for place in ("US", "US-CA", "90210", "GB", "CN-SD"):
            for item in cl.factors.why(activity, place, 2024):
                assert "fit equally well: " not in str(item.remark), (activity, place, item.series)
                assert item.decision is not None, (activity, place, item.series)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("CN-SD", {"en": ["0.6191", "of 35 region(s)", "allows at most 2"], "zh": ["0.6191", "最多允许早 2 年"]}),
        ("HK", {"en": ["Tibet, Hong Kong, Macau and Taiwan"], "zh": ["没有西藏、香港、澳门和台湾的数据"]}),
        ("US-TX", {"en": ["733.862", "main subregion of the state", "771.179"], "zh": ["该州主要电网分区"]}),
        ("90210", {"en": ["US-EGRID-CAMX 2023"], "zh": ["US-EGRID-CAMX 2023"]}),
        ("US-NY", {"en": ["US-EGRID-NYUP (73%)", "Write a ZIP code"], "zh": ["US-EGRID-NYUP (73%)", "邮政编码"]}),
    ],
)
def test_why_prints_the_near_and_counts_the_far(place, words, lang):
    """What a place can have stands in full; figures of other regions are counted, never listed."""
    done = run("factors", "why", "electricity.grid", place, "2025", "--lang", lang)
    said = "".join(done.stdout.split())
    for text in words[lang]:
        assert "".join(text.split()) in said, done.stdout
    assert len(done.stdout.splitlines()) < 45
    assert "US-EGRID-AKGD" not in said
    assert done.returncode == (1 if place == "HK" else 0)


def test_why_as_plain_data_and_unknown_places():
    """JSON holds every refusal; CN-QD is no place."""
    done = run("factors", "why", "electricity.grid", "HK", "2024", "--json")
    series = {item["series"]: item for item in json.loads(done.stdout)}
    assert len(series["cn-mee-nbs-grid"]["decision"]["refused"]) == 114
    assert series["cn-mee-nbs-grid"]["decision"]["matches"] == []
    done = run("factors", "why", "electricity.grid", "CN-QD", "2024", "--lang", "zh")
    assert done.returncode != 0
    assert "CN-QD" in done.stderr


def test_a_property_is_asked_alone():
    """Calorific values are figures of their own."""
    found = cl.factors.why("fuel.diesel", "CN", 2024, parameter="calorific_value")
    assert {"42.652", "43.33"} <= {match.factor.value_text for item in found for match in item.matches}


def test_the_nearest_series_answers_first():
    """The province before the nation, the same year before an earlier one."""
    found = [item.series for item in cl.factors.why("electricity.grid", "CN-SD", 2023) if item.matches]
    assert found == ["cn-mee-nbs-grid", "cn-mee-grid-enterprise"]
