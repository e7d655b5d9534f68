"""Scope 3: fifteen categories, one per line, none silent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.disclosure.scope3_relevance import RelevanceStatement, scope_3_table, statement_findings
from carbonledger.inventory.scope3_categories import category_of, scope_3_categories
from tests.support import PROJECT

ROWS = [
    {"activity": "grid electricity", "amount": 1000, "unit": "kWh", "year": 2024},
    {"activity": "grid electricity", "amount": 400, "unit": "kWh", "year": 2024, "scope_3_category": 8},
    {
        "activity": "travel.air.short_haul.economy",
        "amount": 5000,
        "unit": "passenger km",
        "year": 2024,
        "factor": "with_rf",
    },
    {"activity": "travel.car.average.petrol", "amount": 700, "unit": "km", "year": 2024, "scope_3_category": 7},
    {"activity": "freight.hgv.all_hgvs.average_laden", "amount": 90, "unit": "t km", "year": 2024},
]


def inventory_of(rows):
    """The inventory with the UK factors of 2024."""
    return cl.calculate(
        cl.read_entries(rows, region="GB"), cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013", missing="report"
    )


def test_fifteen_categories():
    """Numbers, ISO categories 3 to 5, both languages."""
    categories = scope_3_categories()
    assert list(categories) == list(range(1, 16))
    assert {item.iso_category for item in categories.values()} == {3, 4, 5}
    assert all(item.label_zh and item.label_en and item.minimum_boundary for item in categories.values())


def test_electricity_of_a_leased_asset_is_scope_3():
    """A stated category moves the line to scope 3, out of scope 2 and out of the energy table."""
    inventory = inventory_of(ROWS[:2])
    by_scope = inventory.by("scope").set_index("scope")["emissions_tco2e"]
    assert by_scope["scope 2 (location-based)"] / by_scope["scope 3"] == pytest.approx(1000 / 400)
    assert inventory.total_energy().to("kWh").magnitude == pytest.approx(1000)
    assert inventory.by("scope_3_category").set_index("scope_3_category")["emissions_tco2e"][8] == by_scope["scope 3"]


def test_the_matrix_sums_to_scope_3_and_names_each_method():
    """Fifteen rows and the lines without category."""
    inventory = inventory_of(ROWS)
    table = scope_3_table(inventory).set_index("category")
    assert list(table.index) == [*range(1, 16), 0]
    scope_3 = inventory.by("scope").set_index("scope")["emissions_tco2e"]["scope 3"]
    assert table["emissions_tco2e"].sum() == pytest.approx(scope_3)
    assert table["methods"][6] == table["methods"][7] == "distance-based"
    assert table["methods"][8] == "average-data"


def test_what_must_be_said_is_asked_for():
    """Freight without category, and a category that the activity cannot have, each with its place."""
    rows = [ROWS[-1], {**ROWS[2], "scope_3_category": 5}]
    findings = {finding.rule: finding for finding in inventory_of(rows).findings}
    assert findings["SCOPE3_WITHOUT_CATEGORY"].row == 2
    assert findings["SCOPE3_WRONG_CATEGORY"].row == 3


def test_the_matrix_lacks_nothing():
    """Neither calculated nor explained, explained without reason, and explained away although calculated are findings."""
    inventory = inventory_of(ROWS[:3])
    said = [RelevanceStatement(number, "not_relevant", reason_en="services only") for number in range(1, 16)]
    messages = [finding.message for finding in statement_findings(inventory, said)]
    assert len(messages) == 2
    assert "category 6 is stated as not_relevant but has 1 line(s)." in messages
    assert len(statement_findings(inventory, [RelevanceStatement(1, "not_relevant")])) == 1 + 12


@given(st.sampled_from(sorted(cl.activities.taxonomy())), st.integers(0, 15))
def test_a_line_has_at_most_one_category(activity, stated):
    """A stated category stands; nothing of scope 1 or 2 gets one by itself."""
    category = category_of(activity, stated)
    assert category == stated if stated else category in range(16)
    if cl.activities.taxonomy()[activity].scope != 3 and not stated:
        assert category == 0


def test_the_example_explains_every_category():
    """The UK example's relevance matrix is complete."""
    book = cl.open_book(PROJECT / "examples" / "uk-company")
    assert not [finding for finding in book.check() if finding.rule.startswith("SCOPE3")]
