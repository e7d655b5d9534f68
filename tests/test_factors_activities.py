"""The list of activities: found by what people call them, with units, synonyms and editions, in both languages."""

import csv
import json
from io import StringIO

import carbonledger as cl
from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.units import canonical_unit
from tests.support import run


def listed_by(*arguments):
    """What the command prints."""
    return run("activities", *arguments)


def first(text, region=""):
    """The name of the first activity found."""
    return cl.factors.list_activities(text, region=region)[0].activity


def test_found_by_what_people_call_it():
    """Synonyms in both languages find an activity, and so do parts of its names and a typing error."""
    assert first("网约车", "CN-SD") == first("ride hailing", "GB") == "travel.taxi.regular_taxi"
    assert first("高铁") == "travel.rail.national"
    assert first("r410") == "refrigerant.r_410a"
    assert first("hotl", "GB") == "travel.hotel"
    assert first("Gas", "GB") == "fuel.natural_gas"
    assert cl.factors.list_activities("xyzzy") == []


def test_editions_are_those_of_the_region():
    """Only editions that hold in the region are named: grid electricity has one in each country, a British taxi in one."""
    editions = {place: first_editions("electricity.grid", place) for place in ("CN-SD", "GB", "US")}
    assert "uk-desnz@2026" in editions["GB"]
    assert not any(name.startswith("uk-") for name in (*editions["CN-SD"], *editions["US"]))
    assert any(name.startswith("cn-mee-nbs-grid@") for name in editions["CN-SD"])
    assert first_editions("travel.taxi.regular_taxi", "CN") == ()
    assert first_editions("refrigerant.r_410a", "CN") == ("GWP",)


def first_editions(name, region):
    """The editions of an activity in a region."""
    return cl.factors.list_activities(name, region=region)[0].editions


def test_the_table_holds_the_whole_taxonomy():
    """One row for each activity with both languages; every unit can be read."""
    table = cl.factors.activity_table("US")
    assert list(table["activity"]) == list(taxonomy())
    assert (table[["label_zh", "label_en", "kind", "units"]] != "").all(axis=None)
    units = {unit for cell in table["units"] for unit in cell.split("; ")} - {"any"}
    assert all(canonical_unit(unit, "US") for unit in units)
    gasoline = table.set_index("activity").loc["fuel.gasoline"]
    assert (gasoline["label_zh"], gasoline["label_en"], gasoline["scope"]) == ("汽油", "Gasoline", 1)
    assert "petrol" in gasoline["synonyms"].split("; ")


def test_every_unit_measures_its_activity():
    """The usual units of an activity have a dimension that its amount may have, in each country."""
    from carbonledger.core.units import dimension_of

    for region in ("CN", "GB", "US"):
        for row in cl.factors.list_activities(region=region):
            for unit in set(row.units) - {"any"}:
                assert taxonomy()[row.activity].measured_in(dimension_of(canonical_unit(unit, region))), (row, unit)


def test_the_command_prints_both_languages():
    """The name in the language of the run comes first; an unknown word ends with 1."""
    found = listed_by("网约车", "--lang", "zh", "--region", "CN-SD")
    assert found.returncode == 0
    line = next(line for line in found.stdout.splitlines() if "travel.taxi.regular_taxi" in line)
    assert line.index("出租车") < line.index("Taxi")
    missing = listed_by("xyzzy")
    assert (missing.returncode, missing.stdout) == (1, "unknown activity 'xyzzy'.\n")


def test_the_command_as_csv_and_json():
    """Both hold the same rows; without a word the whole taxonomy."""
    rows = list(csv.DictReader(StringIO(listed_by("--csv", "--region", "GB").stdout)))
    assert [row["activity"] for row in rows] == list(taxonomy())
    listed = json.loads(listed_by("hotel", "--json", "--region", "GB").stdout)
    assert (listed[0]["activity"], listed[0]["label_zh"]) == ("travel.hotel", "酒店住宿")
    assert listed[0]["units"] == ["room_night"]


def test_the_whole_list_is_grouped():
    """Without a word the list is divided by kind, and no row is cut."""
    found = listed_by("--region", "GB").stdout
    assert "Fuels (" in found
    assert all(name[:20] in found for name in ("fuel.gasoline", "travel.hotel", "water.supply"))
