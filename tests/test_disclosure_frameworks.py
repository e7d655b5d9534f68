"""Energy in the rows of GRI 302-1 and ESRS E1-5."""

import pytest

import carbonledger as cl
from carbonledger.disclosure.frameworks import _classes, disclose, fuel_class
from tests.support import PROJECT

GREEN = PROJECT / "examples" / "green-power"


def rows_of(framework, book=GREEN):
    """Values by row."""
    opened = cl.open_book(book)
    inventory = opened.inventory()
    table = disclose(inventory, framework, opened.reporting_year().scope_2)
    return dict(zip(table["row"], table["value"], strict=True)), inventory


def test_gri_by_hand():
    """900 MWh bought, 200 used of own generation of 250, 50 sold, 100 GJ of heat: 3,240 + 900 - 180 + 100 GJ."""
    rows, inventory = rows_of("gri-302-1")
    assert rows["gri_electricity"] == pytest.approx(900 * 3.6)
    assert rows["gri_self_generated"] == pytest.approx(250 * 3.6)
    assert rows["gri_electricity_sold"] == pytest.approx(-50 * 3.6)
    assert rows["gri_total"] == pytest.approx(900 * 3.6 + 250 * 3.6 - 50 * 3.6 + 100)
    assert rows["gri_total"] == pytest.approx(inventory.total_energy().to("GJ").magnitude)


def test_esrs_counts_only_what_is_proven():
    """Fossil + nuclear + renewable = total; consumption is not offset with what was sold; without instruments nothing is proven."""
    rows, inventory = rows_of("esrs-e1-5")
    assert rows["esrs_total_fossil"] + rows["esrs_nuclear"] + rows["esrs_total_renewable"] == pytest.approx(
        rows["esrs_total"]
    )
    assert rows["esrs_total"] == pytest.approx(900 + 200 + 100 / 3.6)
    assert rows["esrs_self_generated"] == pytest.approx(200)
    assert 0 < rows["esrs_purchased_renewable"] < 900
    bare = disclose(inventory, "esrs-e1-5").set_index("row")["value"]
    assert bare["esrs_purchased_renewable"] == 0
    assert bare["esrs_purchased_fossil"] == pytest.approx(900 + 100 / 3.6)


def test_sold_attributes_are_no_renewable_energy(tmp_path):
    """Own use of 200 MWh whose certificates were sold leaves the renewable rows; the total stays."""
    import shutil

    book = shutil.copytree(GREEN, tmp_path / "book")
    text = (book / "book.toml").read_text(encoding="utf-8")
    (book / "book.toml").write_text(
        text.replace('own_attributes = "kept"', 'own_attributes = "sold"'), encoding="utf-8"
    )
    kept, sold = rows_of("esrs-e1-5")[0], rows_of("esrs-e1-5", book)[0]
    assert sold["esrs_self_generated"] == 0
    assert sold["esrs_total"] == pytest.approx(kept["esrs_total"])
    assert sold["esrs_total_renewable"] == pytest.approx(kept["esrs_total_renewable"] - 200)


def test_every_fossil_fuel_has_one_class():
    """Nothing falls into a class by accident, and no renewable fuel is in the file."""
    fossil = {name for name, item in cl.activities.taxonomy().items() if item.kind == "fuel" and not item.renewable}
    assert set(_classes()) == fossil
    assert fuel_class("fuel.biodiesel") == "renewable"
    assert fuel_class("fuel.coking_coal") == "coal"


def test_secr_by_hand():
    """Gas 800,000 kWh, electricity 500,000 kWh, cars 120,000 km x 0.66376 kWh/km; commuting and flights stay out."""
    table = disclose(cl.open_book(PROJECT / "examples" / "uk-company").inventory(), "secr").set_index("row")
    assert table["value"].to_dict() == pytest.approx(
        {
            "secr_fuel": 800_000,
            "secr_electricity": 500_000,
            "secr_heat": 0,
            "secr_transport": 79_651.2,
            "secr_total": 1_379_651.2,
        }
    )
    assert table["emissions_tco2e"]["secr_total"] == pytest.approx(270.013, abs=2e-3)
