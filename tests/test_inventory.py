"""Lines and their views."""

import math

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from tests.strategies import entry_rows
from tests.support import PINS, examples

FACTORS = cl.load_factors(*PINS)
AR5 = "ipcc-ar5@2013"


def inventory_of(rows, factors=FACTORS):
    """The inventory of some rows."""
    return cl.calculate(cl.read_entries(rows), factors, gwp=AR5)


def total(rows):
    """t CO2e of some rows."""
    return inventory_of(rows).total_location_based().to("t CO2e").magnitude


SAME = {"activity": "electricity.grid", "year": 2024, "region": "CN", "evidence": ""}


@examples(60)
@given(st.floats(0.01, 1e6))
def test_one_energy_in_every_unit(megawatt_hours):
    """kWh, MWh, GJ, tce and 万kWh of the same energy give the same GJ and the same t CO2e."""
    spellings = {"MWh": 1.0, "kWh": 1e3, "GJ": 3.6, "tce": 3.6 / 29.3076, "万kWh": 0.1, "万度": 0.1}
    results = []
    for unit, factor in spellings.items():
        inventory = inventory_of([{**SAME, "amount": megawatt_hours * factor, "unit": unit}])
        results.append((inventory.total_location_based().magnitude, inventory.total_energy().magnitude))
    for result in results:
        assert result == pytest.approx(results[0], rel=1e-12)


@examples(60)
@given(entry_rows(), st.randoms(use_true_random=False))
def test_order_does_not_matter(rows, random):
    """Shuffled entries give the same inventory."""
    shuffled = random.sample(rows, len(rows))
    assert total(shuffled) == pytest.approx(total(rows), rel=1e-12)


@examples(60)
@given(entry_rows(), st.floats(0.05, 0.95))
def test_splitting_and_merging_change_nothing(rows, share):
    """An entry in two parts is the entry."""
    first = rows[0]
    parts = [
        {**first, "amount": first["amount"] * share, "evidence": "part 1"},
        {**first, "amount": first["amount"] * (1 - share), "evidence": "part 2"},
    ]
    assert total([*parts, *rows[1:]]) == pytest.approx(total(rows), rel=1e-9)


@examples(60)
@given(entry_rows(), st.floats(0.001, 1000))
def test_scaling_scales(rows, factor):
    """Ten times the activity is ten times the emissions."""
    scaled = [{**row, "amount": row["amount"] * factor} for row in rows]
    assert total(scaled) == pytest.approx(total(rows) * factor, rel=1e-9)


@examples(60)
@given(entry_rows(min_size=2))
def test_adding_an_entry_never_lowers_the_total(rows):
    """A gross total grows, or stays."""
    assert total(rows) >= total(rows[:-1]) * (1 - 1e-12)


@examples(60)
@given(entry_rows())
def test_parts_sum_to_the_total(rows):
    """Every view sums to the same emissions and the same energy."""
    inventory = inventory_of(rows)
    whole, energy = inventory.total_location_based().magnitude, inventory.total_energy().magnitude
    for axis in ("scope", "gas", "entity", "activity", "category", "year", "region"):
        view = inventory.by(axis)
        assert math.fsum(view["emissions_tco2e"]) == pytest.approx(whole, rel=1e-12, abs=1e-12)
        if axis != "gas":
            assert math.fsum(view["energy_gj"]) == pytest.approx(energy, rel=1e-12)
    table = inventory.energy_table()
    assert table.loc[table["level"] == "row", "energy_gj"].sum() == pytest.approx(energy, rel=1e-12)
    assert table.loc[table["level"] == "subtotal", "energy_tce"].sum() == pytest.approx(table["energy_tce"].iloc[-1])


ROWS = [
    {"entity": "A", "activity": "电力", "amount": 10, "unit": "万度", "year": 2024, "region": "CN"},
    {"entity": "A", "activity": "电力", "amount": 500, "unit": "kWh", "year": 2024, "region": "CN"},
    {"entity": "B", "activity": "汽油", "amount": 2, "unit": "t", "year": 2024, "region": "CN"},
    {"entity": "B", "activity": "光伏", "amount": 1000, "unit": "kWh", "year": 2024, "region": "CN"},
]


def test_energy_table():
    """Carrier and company in one row, in the first unit met; subtotals, total, renewable share."""
    table = inventory_of(ROWS).energy_table()
    assert table[["level", "carrier", "entity", "unit"]].to_numpy().tolist() == [
        ["row", "Grid electricity", "A", "10^4 kWh"],
        ["row", "Gasoline", "B", "t"],
        ["subtotal", "Subtotal", "", ""],
        ["row", "Solar electricity (own use)", "B", "kWh"],
        ["subtotal", "Subtotal", "", ""],
        ["total", "Total", "", ""],
    ]
    assert table["amount"].iloc[0] == pytest.approx(10.05)
    assert table["energy_gj"].iloc[-1] == pytest.approx(361.8 + 86.14 + 3.6)
    assert table["energy_mwh"].iloc[3] == pytest.approx(1.0)
    assert inventory_of(ROWS).renewable_share() == pytest.approx(3.6 / 451.54)
    assert inventory_of(ROWS).energy_table("zh")["carrier"].tolist()[:2] == ["电力", "汽油"]


def test_a_missing_calorific_value_makes_the_total_missing():
    """Energy that is not known is not counted as nothing."""
    factors = cl.load_factors(roles={"emissions": ["cn-ndrc-heat@2013", "cn-ndrc-fuels-a@2013"]})
    rows = [{**ROWS[2]}, {"activity": "蒸汽", "amount": 1, "unit": "t", "year": 2024, "region": "CN"}]
    inventory = cl.calculate(cl.read_entries(rows), factors, gwp=AR5, missing="report")
    assert not inventory.complete
    assert [finding.rule for finding in inventory.findings] == ["HEAT_CONTENT_UNKNOWN", "MISSING_BRIDGE"]
    assert {finding.row for finding in inventory.findings} == {3}


def test_explain_derives_a_line():
    """A line shows its entry, formula, units and sources, and JSON the same."""
    explanation = inventory_of(ROWS).explain(3)
    text = str(explanation)
    assert "2 t × 44.80 GJ/t × 0.0189 t C/GJ × 0.98 × 44/12 t CO2/t C" in text
    assert "National Bureau of Statistics" in text
    assert "Fuel table A: gasoline" in text
    assert "row" in explanation.entry
    assert explanation.to_dict()["activity"] == "fuel.gasoline"
    assert "no emissions by the standards" in str(inventory_of(ROWS).explain(4))
    with pytest.raises(IndexError, match="there is no line 9"):
        inventory_of(ROWS).explain(9)


def test_defective_rows_are_never_silent():
    """A calculation on incomplete entries warns, and its findings say why."""
    entries = cl.read_entries([*ROWS, {**ROWS[0], "unit": "kwhh"}])
    with pytest.warns(cl.errors.IncompleteInventoryWarning, match="1 finding"):
        inventory = cl.calculate(entries, FACTORS, gwp=AR5)
    assert not inventory.complete
    assert inventory.total_location_based().magnitude == pytest.approx(total(ROWS))


def test_missing_factors_raise_all_at_once():
    """By default a missing factor is an error that lists every key concerned."""
    entries = cl.read_entries(
        [{**ROWS[0], "region": "GB"}, {**ROWS[2], "region": "GB"}, ROWS[3]],
    )
    with pytest.raises(cl.errors.MissingFactorError, match="and 1 more") as caught:
        cl.calculate(entries, FACTORS, gwp=AR5)
    assert "electricity.grid" in str(caught.value)
    assert "fuel.gasoline" in str(caught.value)


def test_no_gwp_set_is_assumed():
    """The GWP set is named by the caller."""
    with pytest.raises(TypeError, match="gwp"):
        cl.calculate(cl.read_entries(ROWS), FACTORS)


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (pd.DataFrame({"activity": ["汽油"], "amount": [1.0]}), "no column unit"),
        (pd.DataFrame({"activity": ["汽油"], "unit": ["t"], "amount": [-1.0]}), "negative"),
        (
            pd.DataFrame({"activity": ["汽油"], "unit": ["t"], "amount": [float("nan")]}),
            "empty, negative or not finite",
        ),
    ],
)
def test_raw_frames_are_checked(frame, words):
    """A frame that did not come through the reader is refused if its amounts cannot be calculated."""
    with pytest.raises(cl.errors.EntriesError, match=words):
        cl.calculate(frame, FACTORS, gwp=AR5)


def test_unknown_axis():
    """A view along a column that does not exist names those that do."""
    with pytest.raises(KeyError, match="Axes are scope, gas"):
        inventory_of(ROWS).by("colour")


def test_a_misspelt_axis():
    """The error names the axis that was probably meant, in a text without quotation marks around it."""
    with pytest.raises(cl.errors.UnknownAxisError, match=r"^no axis 'entitty'. Did you mean entity") as caught:
        inventory_of(ROWS).by("entitty")
    assert caught.value.neighbours[0] == "entity"


def test_short_reprs():
    """Records print in a line of less than 200 characters."""
    inventory = inventory_of(ROWS)
    records = [
        inventory,
        inventory.plan,
        inventory.plan.rows[0],
        inventory.gwp,
        inventory.factors,
        inventory.explain(1),
    ]
    records += [cl.read_entries(ROWS), *inventory.factors.editions, *inventory.plan.rows[0].factors]
    for record in records:
        assert repr(record).startswith(f"{type(record).__name__}(")
        assert len(repr(record)) < 200
    assert "Scope 1" in inventory._repr_html_()
    assert inventory.explain(1)._repr_html_().startswith("<pre>")


def test_comparison_sums():
    """Deltas per line, carrier and scope sum to the delta of the totals; new and ended sources say so."""
    before = [
        ROWS[0],
        {**ROWS[2], "amount": 3},
        {"activity": "热力", "amount": 5, "unit": "GJ", "year": 2024, "region": "CN"},
    ]
    previous, current = inventory_of(before), inventory_of(ROWS)
    delta = current.total_location_based().magnitude - previous.total_location_based().magnitude
    for axis in ("line", "activity", "scope", "entity"):
        table = cl.compare(previous, current, axis)
        assert table["emissions_tco2e_change"].iloc[:-1].sum() == pytest.approx(delta)
        assert table["emissions_tco2e_change"].iloc[-1] == pytest.approx(delta)
    by_activity = cl.compare(previous, current).set_index("activity")
    by_line = cl.compare(previous, current, "line")
    assert by_line["energy_gj_current"].iloc[-1] == pytest.approx(by_activity["energy_gj_current"].iloc[-1])
    assert by_activity.loc["heat.purchased", "status"] == "ended"
    assert by_activity.loc["electricity.solar", "status"] == "new"
    assert by_activity.loc["fuel.gasoline", "emissions_tco2e_change_percent"] == pytest.approx(-100 / 3)
    assert math.isnan(by_activity.loc["electricity.solar", "energy_gj_change_percent"])


def test_exported_electricity_is_no_energy_used():
    """The change by source counts the energy of the energy table: not what was exported, nor own generation a second time."""
    rows = [
        {**ROWS[0], "activity": name} for name in ("electricity.solar", "electricity.generated", "electricity.exported")
    ]
    inventory = inventory_of([ROWS[0], *rows])
    table = cl.compare(inventory_of(ROWS[:1]), inventory, "line")
    used = inventory.energy_table()["energy_gj"].iloc[-1]
    assert table["energy_gj_current"].iloc[-1] == pytest.approx(used)
    assert table.set_index("activity").loc[
        ["electricity.generated", "electricity.exported"], "energy_gj_current"
    ].tolist() == [0, 0]


@given(
    st.lists(
        st.sampled_from(["scope", "gas", "entity", "month", "activity", "category", "year"]),
        min_size=1,
        max_size=4,
        unique=True,
    )
)
def test_every_view_sums_to_the_total(axes):
    """Scope x gas x entity x month, or any other: nothing is lost or counted twice."""
    rows = [{**row, "entity": f"company {at % 2}"} for at, row in enumerate(ROWS)]
    inventory = inventory_of(rows)
    view = inventory.view(*axes)
    assert list(view.columns) == [*axes, "emissions_tco2e"]
    assert not view.duplicated(axes).any()
    assert view["emissions_tco2e"].sum() == pytest.approx(inventory.total_location_based().magnitude)


def test_a_view_needs_its_column():
    """The message lists the axes there are."""
    with pytest.raises(KeyError, match="no axis 'plant'"):
        inventory_of(ROWS).view("scope", "plant")
