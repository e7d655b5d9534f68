"""The Chinese group, figure by figure as its README calculates them by hand."""

import pytest

import carbonledger as cl
from carbonledger.disclosure.frameworks import disclose
from tests.support import PROJECT


@pytest.fixture(scope="module")
def report():
    """The example's report."""
    return cl.open_book(PROJECT / "examples" / "chinese-group").report()


def test_totals(report):
    """Both methods, the NDRC guidelines and the equity share."""
    assert report.totals() == {
        "total_location_based_tco2e": pytest.approx(1264.6669, abs=5e-5),
        "total_market_based_tco2e": pytest.approx(1083.9969, abs=5e-5),
    }
    ndrc = next(item for item in report.profiles if item.name == "cn_ndrc")
    assert ndrc.total_location_based_tco2e == pytest.approx(1233.7119, abs=5e-5)
    approaches = cl.open_book(PROJECT / "examples" / "chinese-group").reporting_year().approaches()
    assert approaches["equity_share"].sum() / 2 == pytest.approx(986.0761, abs=5e-5)
    assert report.avoided.avoided_tco2 == pytest.approx(188.38)


def test_scopes_and_intensity(report):
    """Scope 1 463.3969 t, scope 2 801.27 t, 2.5293 t per million CNY."""
    scopes = report.inventory.by("scope").set_index("scope")["emissions_tco2e"]
    assert scopes["scope 1"] == pytest.approx(463.3969, abs=5e-5)
    assert scopes["scope 2 (location-based)"] == pytest.approx(801.27)
    assert report.intensities[0].location_based_tco2e_per_unit == pytest.approx(2.5293, abs=5e-5)


def test_energy(report):
    """13,712.72 GJ, 467.89 tce; 5.25 % renewable physically, 13.13 % with attributes."""
    table = report.inventory.energy_table("id")
    assert table["energy_gj"].iloc[-1] == pytest.approx(13712.72)
    assert table["energy_tce"].iloc[-1] == pytest.approx(467.89, abs=5e-3)
    assert report.inventory.renewable_share() == pytest.approx(0.0525, abs=5e-5)
    assert report.renewable_share_with_attributes == pytest.approx(0.1313, abs=5e-5)


def test_disclosures(report):
    """GRI 302-1 in GJ and ESRS E1-5 in MWh."""
    gri = disclose(report.inventory, "gri-302-1", report.scope_2).set_index("row")["value"]
    assert gri[
        ["gri_non_renewable_fuel", "gri_self_generated", "gri_electricity_sold", "gri_total"]
    ].tolist() == pytest.approx([8212.72, 900, -180, 13712.72])
    esrs = disclose(report.inventory, "esrs-e1-5", report.scope_2).set_index("row")["value"]
    rows = [
        "esrs_petroleum",
        "esrs_natural_gas",
        "esrs_purchased_fossil",
        "esrs_purchased_renewable",
        "esrs_self_generated",
    ]
    assert esrs[[*rows, "esrs_total"]].tolist() == pytest.approx(
        [118.48, 2162.83, 1027.78, 300, 200, 3809.09], abs=5e-3
    )


def test_it_is_complete_and_without_doubt(report):
    """Nothing is missing, and the named certificates are claimed."""
    assert report.completeness.complete
    assert report.completeness.doubts == ()
    assert report.scope_2.findings == ()
