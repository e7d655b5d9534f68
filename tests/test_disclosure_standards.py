"""Profiles: separate outputs of one calculation, each difference said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.disclosure.standards import PROFILES, profile
from tests.support import PROJECT

GREEN = PROJECT / "examples" / "green-power"


def test_exported_power_is_deducted_only_by_the_chinese_guidelines():
    """Worked by hand: 900 MWh bought, 50 MWh exported, 0.5306 t/MWh; 100 GJ of heat at 0.11 t/GJ."""
    inventory = cl.open_book(GREEN).inventory()
    ghgp, ndrc = profile(inventory, "ghgp"), profile(inventory, "cn_ndrc")
    assert ghgp.total_location_based_tco2e == pytest.approx(900 * 0.5306 + 100 * 0.11)
    assert dict(ndrc.rows)["ndrc_net_electricity"] == pytest.approx(850 * 0.5306)
    assert dict(ndrc.rows)["ndrc_net_heat"] == pytest.approx(100 * 0.11)
    (difference,) = ndrc.differences
    assert (difference.what, difference.reason) == ("electricity.exported", "ndrc_export_deducted")
    assert difference.tco2e == pytest.approx(-50 * 0.5306)


ROWS = st.lists(
    st.tuples(
        st.sampled_from(
            [
                ("natural gas", "m3", 0),
                ("grid electricity", "kWh", 0),
                ("grid electricity", "kWh", 8),
                ("electricity.exported", "kWh", 0),
                ("HFC-134a", "kg", 0),
                ("travel.rail.national", "passenger km", 0),
            ]
        ),
        st.floats(0, 1e6),
    ),
    min_size=1,
    max_size=6,
)


@given(ROWS)
def test_differences_explain_the_whole_difference(rows):
    """Whatever the entries: total of a profile = total of ghgp + sum of its differences; ISO categories sum to the same total."""
    entries = cl.read_entries(
        [
            {
                "activity": name,
                "unit": unit,
                "scope_3_category": category,
                "amount": amount,
                "year": 2024,
                "source": str(at),
            }
            for at, ((name, unit, category), amount) in enumerate(rows)
        ],
        region="GB",
    )
    inventory = cl.calculate(entries, cl.load_factors("uk-desnz@2024"), gwp="ipcc-ar5@2013", missing="report")
    total = profile(inventory, "ghgp").total_location_based_tco2e
    assert total == pytest.approx(inventory.total_location_based().magnitude)
    for name in PROFILES:
        result = profile(inventory, name)
        assert not result.problems
        explained = total + sum(item.tco2e for item in result.differences)
        assert result.total_location_based_tco2e == pytest.approx(explained, rel=1e-9, abs=1e-9)


def test_only_the_chinese_profile_can_fall_below_what_was_bought():
    """An export above all purchases makes the net line negative there, and nowhere else."""
    rows = [
        {"activity": "grid electricity", "amount": 10, "unit": "MWh", "year": 2023},
        {"activity": "electricity.exported", "amount": 60, "unit": "MWh", "year": 2023},
    ]
    inventory = cl.calculate(
        cl.read_entries(rows, region="CN"), cl.load_factors("cn-mee-nbs-grid@2023"), gwp="ipcc-ar5@2013"
    )
    assert dict(profile(inventory, "cn_ndrc").rows)["ndrc_net_electricity"] == pytest.approx(-50 * 0.5306)
    assert min(value for name in ("ghgp", "iso14064") for _, value in profile(inventory, name).rows) >= 0


def test_an_export_that_cannot_be_priced_is_said():
    """Without a factor for the grid it is set against, the profile names the problem."""
    rows = [
        {"activity": "natural gas", "amount": 10, "unit": "Nm3", "year": 2024},
        {"activity": "heat.exported", "amount": 60, "unit": "GJ", "year": 2024},
    ]
    inventory = cl.calculate(
        cl.read_entries(rows, region="CN"), cl.load_factors("cn-ndrc-fuels-b@2013"), gwp="ipcc-ar5@2013"
    )
    assert "heat.purchased" in str(profile(inventory, "cn_ndrc").problems[0])


def test_an_unknown_profile():
    """The message lists those there are."""
    with pytest.raises(cl.errors.BookError, match="ghgp, iso14064, cn_ndrc"):
        profile(cl.open_book(GREEN).inventory(), "net")
