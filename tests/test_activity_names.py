"""Names of activities as people write them: known, or asked with what it should be first; never another activity in silence."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.core.activity_concepts import concepts_of
from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.activity_words import read_activity
from carbonledger.factors.editions import catalogue, read_edition


def rows_of(path):
    """The rows of a table."""
    return list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))


NAMES = rows_of(Path(__file__).parent / "data" / "activity_names.csv")
WORDS = Path(cl.__file__).parent / "core" / "activity_words.csv"


def entries_of(*rows, home, **settings):
    """Entries of names, amounts and units of 2025."""
    table = [{"activity": name, "amount": amount, "unit": unit, "year": 2025} for name, amount, unit in rows]
    return cl.read_entries(table, home=home, region=home, **settings)


@pytest.mark.parametrize("row", NAMES, ids=lambda row: f"{row['country']} {row['name']}")
def test_a_name_as_people_write_it(row):
    """Each of some five hundred names of three countries means what it should, or asks and proposes that first."""
    found = read_activity(row["name"], row["country"])
    assert (found.activity, found.factor, found.category) == (row["means"], row["factor"], int(row["category"] or 0))
    if row["asked_first"]:
        assert found.choices[0] == row["asked_first"]


def test_at_least_forty_names_a_country():
    """The list holds at least forty names for each country, most of them settled."""
    for country in ("CN", "GB", "US"):
        own = [row for row in NAMES if row["country"] == country]
        assert len(own) >= 40
        assert sum(bool(row["means"]) for row in own) >= len(own) / 2


@given(
    row=st.sampled_from(NAMES),
    case=st.sampled_from([str.upper, str.lower, str.title]),
    pad=st.sampled_from(["", " ", "\t"]),
)
def test_case_and_spaces_mean_nothing(row, case, pad):
    """A name in capitals or between spaces means the same."""
    one, other = (read_activity(text, row["country"]) for text in (row["name"], f"{pad}{case(row['name'])}{pad} "))
    assert (one.activity, one.choices) == (other.activity, other.choices)


@given(
    words=st.permutations(["small", "petrol", "car", "grey fleet"]), joint=st.sampled_from([" ", ", ", " - ", " / "])
)
def test_order_means_nothing(words, joint):
    """The same words in any order, joined in any way, mean the same."""
    assert read_activity(joint.join(words), "GB").activity == "travel.car.small.petrol"


@given(
    name=st.sampled_from([name for name, item in taxonomy().items() if item.emissions]),
    country=st.sampled_from(["", "CN", "GB", "US"]),
)
def test_a_name_of_the_taxonomy_is_itself(name, country):
    """The dotted name means itself in every country, whatever its words mean there."""
    assert read_activity(name, country).activity == name


def test_a_misspelt_name_is_asked():
    """A typing error is never corrected in silence."""
    assert read_activity("Petrrol", "GB").activity == ""
    assert read_activity("Petrrol", "GB").choices == ("fuel.gasoline",)
    assert concepts_of("Petrrol").is_guessed


def test_one_word_by_country():
    """Gas is natural gas in Britain, and a question in America; gas oil is red diesel in Britain only."""
    assert read_activity("Gas", "GB").activity == "fuel.natural_gas"
    assert read_activity("gas", "US").choices[:2] == ("fuel.natural_gas", "fuel.gasoline")
    assert (read_activity("Gas Oil", "GB").activity, read_activity("gas oil", "CN").activity) == (
        "fuel.gas_oil",
        "fuel.diesel",
    )


def test_the_meaning_of_a_country_is_said_once():
    """A name that means something else elsewhere is a note of the table, with the line that says otherwise."""
    entries = entries_of(("Gas oil", 1, "L"), ("Gas oil", 2, "L"), ("Diesel", 3, "L"), home="GB")
    assert list(entries.frame["activity"]) == ["fuel.gas_oil", "fuel.gas_oil", "fuel.diesel"]
    (note,) = entries.findings
    assert (note.rule, note.severity) == ("ACTIVITY_OF_COUNTRY", "note")
    assert '"Gas oil" = "fuel.gas_oil"' in note.remedy


def test_electricity_is_bought_unless_the_table_makes_its_own():
    """Electricity alone is the grid's; beside own generation or a total load it is a question, settled by one line."""
    assert list(entries_of(("Electricity", 10, "kWh"), home="GB").frame["activity"]) == ["electricity.grid"]
    rows = (("Electricity", 10, "kWh"), ("Solar PV", 3, "kWh"))
    asked = entries_of(*rows, home="GB")
    assert [finding.rule for finding in asked.findings] == ["UNKNOWN_ACTIVITY"]
    assert '"Electricity" = "electricity.grid"' in asked.findings[0].remedy
    settled = entries_of(*rows, home="GB", activities={"electricity": "electricity.grid"})
    assert settled.findings == ()
    assert set(settled.frame["activity"]) == {"electricity.grid", "electricity.solar"}


@pytest.mark.parametrize(
    "name", ["总用电量", "用电量", "耗电量", "全厂用电量", "Total electricity", "Total electricity consumption"]
)
def test_total_use_is_asked(name):
    """What was used may be bought or generated: never an amount without a word."""
    entries = entries_of((name, 100, "kWh"), home="CN-SD")
    assert len(entries) == 0
    (finding,) = entries.findings
    assert finding.rule == "UNKNOWN_ACTIVITY"
    assert f'"{name}" = "electricity.grid"' in finding.remedy
    assert "electricity.grid（电力）" in finding.says.full_text("zh")


def test_a_bracket_with_the_unit_is_no_part_of_the_name():
    """Diesel (litres) in litres is diesel; in another unit than the row's it is asked."""
    assert list(entries_of(("Diesel (litres)", 5, "L"), home="GB").frame["activity"]) == ["fuel.diesel"]
    assert [item.rule for item in entries_of(("Diesel (tonnes)", 5, "L"), home="GB").findings] == ["UNKNOWN_ACTIVITY"]


def test_words_for_the_factor_and_the_category():
    """A blend or radiative forcing in the name chooses the factor, commuting the category; a column says more."""
    rows = [
        ("Diesel (average biofuel blend)", 1, "L"),
        ("Domestic flight with RF", 1, "pkm"),
        ("Commuting by train", 9, "pkm"),
    ]
    frame = entries_of(*rows, home="GB").frame
    assert list(frame["factor"]) == ["average_biofuel_blend", "with_rf", ""]
    assert list(frame["scope_3_category"]) == [0, 0, 7]


def test_choices_fit_the_unit():
    """Of gas by the gallon only what is measured in volumes is proposed; a van by the kilometre is no fuel."""
    (finding,) = entries_of(("Van", 5, "km"), home="GB").findings
    assert "vehicle.van.average.diesel" in finding.message
    (finding,) = entries_of(("Rail", 5, "kg"), home="GB").findings
    assert "travel.rail.national" in finding.message


def test_choices_are_those_of_the_editions():
    """Where factors are known, only what they price is proposed."""
    (finding,) = entries_of(("Waste to EfW", 3, "t"), home="GB", priced=lambda: {WASTE}).findings
    assert WASTE in finding.message
    assert "incineration" not in finding.message


WASTE = "waste.commercial_and_industrial_waste.combustion"


def test_no_country_has_factors():
    """Where the country's editions have no factor for any choice, the question says so."""
    (finding,) = entries_of(("快递", 3, "t"), home="CN").findings
    assert "中国" in finding.says.full_text("zh")
    assert "快递" in finding.remedy_in("zh")


def test_suggestions_are_in_the_language_of_the_run_and_of_the_country():
    """An English question has no Chinese in it, and proposes nothing of another country's tables while its own have one."""
    for row in NAMES:
        found = read_activity(row["name"], row["country"])
        own = [name for name in found.choices if taxonomy()[name].is_priced_in(row["country"])]
        assert not own or found.choices[0] in own, row
        assert row["country"] == "US" or not any(re.search(r"\.us[._]", name) for name in found.choices), row
    (finding,) = entries_of(("Rail", 5, "pkm"), home="GB").findings
    assert finding.says.full_text("en").isascii()


def test_countries_of_activities_are_those_of_the_editions():
    """The column countries says for which activities each country's current editions have factors."""
    found = {name: set() for name in taxonomy()}
    for name, row in catalogue(None).items():
        edition = read_edition(name) if row.status == "current" else None
        if edition is None or "emissions" not in edition.roles or name.startswith(("ember", "jp")):
            continue
        columns = [edition.header.index(column) for column in ("activity", "region")]
        for activity, region in {tuple(line[at] for at in columns) for line in edition.rows}:
            # The British edition lists hotels by the country of the stay.
            country = "GB" if name.startswith("uk-desnz") else region.partition("-")[0]
            if activity in found and country not in {"GLOBAL", "OWID", "OTHER", "EU"}:
                found[activity].add(country)
    assert {name: set(item.countries) for name, item in taxonomy().items()} == found


def test_words_name_activities():
    """Every word means activities of the taxonomy; a country's own words begin with one that it prices, if it prices any of them."""
    for row in rows_of(WORDS):
        names = row["activities"].split(";")
        assert set(names) <= set(taxonomy()), row
        for country in filter(None, row["countries"].split(";")):
            priced = [taxonomy()[name].is_priced_in(country) for name in names]
            assert priced[0] or not any(priced), row


def test_a_total_of_a_carrier_is_its_sum_only_beside_its_parts():
    """Total electricity beside two rows of electricity is their sum; beside diesel alone it is asked, and diesel is no part of it."""
    parts = (("Electricity", 60, "kWh"), ("Electricity", 40, "kWh"))
    summed = entries_of(*parts, ("Total electricity", 100, "kWh"), home="GB")
    assert [finding.rule for finding in summed.findings] == ["TOTAL_ROW"]
    assert summed.frame["amount"].sum() == 100
    alone = entries_of(("Total electricity", 100, "kWh"), ("Diesel", 100, "L"), home="GB")
    assert [finding.rule for finding in alone.findings] == ["UNKNOWN_ACTIVITY"]
    assert list(alone.frame["activity"]) == ["fuel.diesel"]
    settled = entries_of(
        ("Total electricity", 100, "kWh"), home="GB", activities={"Total electricity": "electricity.grid"}
    )
    assert (list(settled.frame["activity"]), settled.findings) == (["electricity.grid"], ())
