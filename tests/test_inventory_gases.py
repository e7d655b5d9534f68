"""The seven gases, whatever stands apart from them, and one GWP set for all."""

import pytest

import carbonledger as cl
from carbonledger.factors.gases import GAS_GROUPS, gas_group

GB = {"amount": 10, "unit": "kg", "year": 2024, "region": "GB"}


def inventory_of(activities, gwp="ipcc-ar5@2013", pins=("cn-ndrc-heat@2013",)):
    """Ten kilograms of each."""
    rows = [{**GB, "activity": activity} for activity in activities]
    return cl.calculate(cl.read_entries(rows), cl.load_factors(*pins), gwp=gwp)


@pytest.mark.parametrize("pins", [("cn-ndrc-heat@2013",), ("uk-desnz@2024",)])
def test_gases_of_the_montreal_protocol_are_in_no_total(pins):
    """R-22 keeps its mass and potential in a register (AR5: 1760), whether or not a publisher prints it in CO2e."""
    inventory = inventory_of(["R-22", "R-134a"], pins=pins)
    assert inventory.total_location_based().magnitude == pytest.approx(13.0)
    assert inventory.other_gases().to_dict("records") == [
        {"gas": "HCFC-22", "tonnes": 0.01, "gwp": 1760.0, "outside_total_tco2e": pytest.approx(17.6)}
    ]
    assert "in no total" in str(inventory.explain(1))


def test_a_blend_counts_only_its_part_of_the_seven():
    """R-401A is 53 % HCFC-22, 13 % HFC-152a and 34 % HCFC-124 (ASHRAE 34); only HFC-152a counts, at 138 under AR5."""
    inventory = inventory_of(["R-401A"])
    assert inventory.total_location_based().magnitude == pytest.approx(0.01 * 0.13 * 138)
    assert sorted(inventory.other_gases()["gas"]) == ["HCFC-124", "HCFC-22"]


def test_every_one_of_the_seven_has_a_row():
    """The view by group has all seven, and sums to the total; SF6 23,500 and NF3 16,100 under AR5 (standards digest, 1.3)."""
    view = inventory_of(["SF6", "NF3", "R-32", "CF4"]).by("gas_group").set_index("gas_group")["emissions_tco2e"]
    assert tuple(view.index) == GAS_GROUPS
    assert view[["SF6", "NF3", "HFCs"]].tolist() == pytest.approx([235.0, 161.0, 6.77])
    assert view["PFCs"] > 0
    assert view["CO2"] == 0


@pytest.mark.parametrize(
    ("gwp", "expected"), [("ipcc-ar5@2013", 19.235), ("ipcc-ar6@2021", 22.555), ("ipcc-ar4@2007", 20.875)]
)
def test_a_published_co2e_is_rebased_to_the_inventory(gwp, expected):
    """DESNZ prints 1924 for R-410A, rounded from 1923.5; the gases of the blend decide, under any set."""
    inventory = inventory_of(["R-410A"], gwp=gwp, pins=("uk-desnz@2024",))
    assert inventory.total_location_based().magnitude == pytest.approx(expected)


def test_methane_by_origin_is_methane():
    """AR6 has two potentials of methane; both are one gas in the view."""
    view = inventory_of(["septic tank methane", "process CH4"], gwp="ipcc-ar6@2021").by("gas")
    assert view["gas"].tolist() == ["CH4"]
    assert view["emissions_tco2e"].tolist() == [pytest.approx(0.01 * (27.0 + 29.8))]


def test_groups_of_families():
    """HFOs are HFCs; hydrocarbons, ethers and CO2 of biomass are none of the seven."""
    groups = {gas: gas_group(gas) for gas in ("HFO-1234yf", "PFC-14", "CH4 fossil", "HC-290", "CO2 biogenic", "SF5CF3")}
    assert groups == {
        "HFO-1234yf": "HFCs",
        "PFC-14": "PFCs",
        "CH4 fossil": "CH4",
        "HC-290": "",
        "CO2 biogenic": "",
        "SF5CF3": "",
    }
