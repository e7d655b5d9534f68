"""Certificates, own generation and scope 2 labels: each clause with a near miss that stays silent."""

import pytest

from tests.audit_books import bill, doubts, figures, meter, monthly

HEAD = (
    "kind,registry,first_id,last_id,mwh,t_per_mwh,technology,market,generation_month,retired_on,carrier,bundled,use,plant,origin,credit,"
    "criterion_1,criterion_2,criterion_3,criterion_4,criterion_5\n"
)
SCOPE_2 = '[scope_2]\ninstruments = "instruments.csv"\nown_attributes = "kept"\nretired_by = 2024-06-30\n'
GRID = meter("electricity.grid", 900)
SUN = meter("electricity.solar", 200.37)


def record(kind="certificate", first=1, mwh=100, **cells):
    """One instrument."""
    row = {
        "kind": kind,
        "registry": "GEC",
        "first_id": first or "",
        "last_id": first + mwh - 1 if first else "",
        "mwh": mwh,
        "t_per_mwh": 0,
        "technology": "wind",
        "market": "CN",
        "generation_month": "2023-05",
        "retired_on": "2024-03-01",
        "origin": "bought",
        **{f"criterion_{number}": "yes" for number in range(1, 6)},
        **cells,
    }
    return ",".join(str(row.get(name, "")) for name in HEAD.strip().split(",")) + "\n"


def rules(found):
    """The rules and severities of some findings."""
    return {(item.rule, item.severity) for item in found}


def claimed(tmp_path, rows, *records, settings=SCOPE_2, **parts):
    """The findings about a book with instruments."""
    return doubts(tmp_path, rows, instruments=HEAD + "".join(records), settings=settings, **parts)


# CERT_DOUBLE


def test_claims_beyond_the_load_are_one_error(tmp_path):
    """The same fact is not reported under two rules."""
    (found,) = claimed(tmp_path, [GRID], record(mwh=1000))
    assert (found.rule, found.severity) == ("CLAIM_ABOVE_LOAD", "error")
    assert found.tonnes_at_stake == pytest.approx(100 * 0.5306, abs=8)
    assert rules(claimed(tmp_path, [GRID], record(mwh=900))) == set()


POWER = {"kind": "contract", "first": 0, "bundled": "yes"}


@pytest.mark.parametrize(
    ("changes", "found"),
    [({}, True), ({"mwh": 90}, False), ({"technology": "solar"}, False), ({"generation_month": "2023-08"}, False)],
)
def test_bundled_power_and_a_certificate_of_the_same_mwh(tmp_path, changes, found):
    """As many MWh of the same technology and month are claimed twice; another amount, technology or month is another plant's."""
    got = rules(claimed(tmp_path, [GRID], record(), record(**{**POWER, **changes})))
    assert (("CERT_DOUBLE", "error") in got) == found


def test_bundled_power_of_another_plant(tmp_path):
    """The plants decide where both are named."""
    for plant, found in (("Dabancheng", True), ("Guazhou", False)):
        records = (record(plant="Dabancheng"), record(**POWER, plant=plant))
        assert (("CERT_DOUBLE", "error") in rules(claimed(tmp_path, [GRID], *records))) == found


REGISTER = "kind,scheme,vintage,tco2e,evidence,note\n{kind},{scheme},2023,50,statement,{note}\n"


@pytest.mark.parametrize(
    ("kind", "scheme", "note", "found"),
    [
        ("credit_sold", "CCER Dabancheng wind", "", True),
        ("credit_sold", "CCER", "certificates GEC 1 to 100", True),
        ("credit_bought", "CCER Dabancheng wind", "", False),
        ("credit_sold", "CCER Guazhou wind", "", False),
    ],
)
def test_electricity_that_was_sold_as_a_credit(tmp_path, kind, scheme, note, found):
    """The register of credits sold names the plant or the certificates; credits bought, or of another plant, are none."""
    (tmp_path / "registers.csv").write_text(REGISTER.format(kind=kind, scheme=scheme, note=note), encoding="utf-8")
    got = claimed(tmp_path, [GRID], record(plant="Dabancheng"), names='registers = "registers.csv"\n')
    assert (("CERT_DOUBLE", "error") in rules(got)) == found


@pytest.mark.parametrize(("scheme", "found"), [("CCER rooftop photovoltaics", True), ("CCER forest", False)])
def test_own_generation_that_was_sold_as_a_credit(tmp_path, scheme, found):
    """Credits of photovoltaics beside own use that is claimed as kept."""
    (tmp_path / "registers.csv").write_text(
        REGISTER.format(kind="credit_sold", scheme=scheme, note=""), encoding="utf-8"
    )
    got = doubts(
        tmp_path, [GRID, SUN], settings='[scope_2]\nown_attributes = "kept"\n', names='registers = "registers.csv"\n'
    )
    assert (("CERT_DOUBLE", "warning") in rules(got)) == found


def test_certificates_of_own_use_sold_while_it_is_claimed(tmp_path):
    """Sold beyond the export is sold from own use; the export's own certificates may go."""
    made = [GRID, SUN, meter("electricity.exported", 50), meter("electricity.generated", 250.37)]
    for mwh, found in ((120, True), (50, False)):
        got = rules(claimed(tmp_path, made, record(mwh=mwh, use="sold", origin="", technology="solar")))
        assert bool({"CERT_DOUBLE", "ATTRIBUTES_CONTRADICTED"} & {rule for rule, _ in got}) == found


# CERT_QUALITY


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({}, False),
        ({"generation_month": "2022-11", "retired_on": "2023-06-01"}, False),
        ({"generation_month": "2020-06", "retired_on": "2022-05-01"}, True),
        ({"generation_month": "2022-06", "retired_on": "2022-12-01"}, True),
    ],
)
def test_certificates_are_of_the_reporting_year(tmp_path, cells, found):
    """Expired, or retired, before the year began: it was another year's."""
    got = rules(claimed(tmp_path, [GRID], record(**cells)))
    assert (("CERT_QUALITY", "warning") in got) == found


def test_a_cut_off_that_nobody_stated_is_said(tmp_path):
    """A note, once; none if the book states it."""
    for settings, count in ((SCOPE_2, 0), (SCOPE_2.replace("retired_by = 2024-06-30\n", ""), 1)):
        got = claimed(tmp_path, [GRID], record(), record(first=500), settings=settings, notes=True)
        assert sum("last day of retirement" in item.message for item in got) == count


@pytest.mark.parametrize(
    ("cells", "found"),
    [({"note": "其中绿电"}, True), ({"source": "绿色电力交易"}, True), ({"note": "绿化照明"}, False)],
)
def test_green_purchases_need_an_instrument(tmp_path, cells, found):
    """Called green in note or source, and nothing on record; with certificates for as much it is in order."""
    rows = [{**GRID, **cells}]
    assert (("CERT_QUALITY", "warning") in rules(doubts(tmp_path, rows))) == found
    assert rules(claimed(tmp_path, rows, record(mwh=900))) == set()


def test_an_instrument_is_held_to_the_market_of_its_own_carrier(tmp_path):
    """A heat contract is in order where heat is bought, and a doubt where only electricity is."""
    contract = record("contract", 0, carrier="heat", t_per_mwh=0.1)
    heat = meter("heat.purchased", 4000, "GJ")
    assert rules(claimed(tmp_path, [GRID, heat], contract)) == set()
    assert rules(claimed(tmp_path, [GRID], contract)) == {("CERT_QUALITY", "warning")}


# PV_TWICE


@pytest.mark.parametrize(
    ("cells", "found"),
    [({}, True), ({"amount": 200370, "unit": "kWh"}, True), ({"amount": 205}, False), ({"start": "2023-02-01"}, False)],
)
def test_own_use_booked_again_as_a_purchase(tmp_path, cells, found):
    """The same MWh for the same days, in whatever unit; another amount is another meter."""
    again = {**SUN, "activity": "electricity.grid", "source": "meter 2", "evidence": "x", **cells}
    got = rules(doubts(tmp_path, [GRID, SUN, again]))
    if "start" not in cells:
        assert (("PV_TWICE", "error") in got) == found


def test_a_round_own_use_is_no_twin(tmp_path):
    """200 MWh bought and 200 MWh made are alike by chance."""
    rows = [meter("electricity.grid", 200), meter("electricity.solar", 200)]
    assert rules(doubts(tmp_path, rows)) == set()


@pytest.mark.parametrize(
    ("source", "note", "found"),
    [("光伏发电表", "", True), ("光伏发电表", "园区总表，名称沿用", False), ("电表3", "", False)],
)
def test_a_purchase_that_is_called_photovoltaics(tmp_path, source, note, found):
    """It is asked about, unless a note says what it is."""
    got = rules(doubts(tmp_path, [{**GRID, "source": source, "note": note}]))
    assert (("PV_TWICE", "warning") in got) == found


# PV_BALANCE


def test_inverters_at_another_site_than_their_use(tmp_path):
    """The company balances as a whole; if it does not, that is found once."""
    rows = [GRID, SUN, meter("electricity.generated", 201, site="roof")]
    assert rules(doubts(tmp_path, rows)) == set()
    rows[2]["amount"] = 260
    assert [item.rule for item in doubts(tmp_path, rows)] == ["PV_BALANCE"]


def test_a_gas_engine_is_no_photovoltaics(tmp_path):
    """Generation from fuel needs no own use of the sun; without the fuel it is a doubt."""
    rows = [GRID, meter("electricity.generated", 300), meter("fuel.natural_gas", 90000, "Nm3")]
    assert rules(doubts(tmp_path, rows)) == set()
    assert ("PV_BALANCE", "error") in rules(doubts(tmp_path, rows[:2]))


def test_months_that_do_not_balance_within_a_year_that_does(tmp_path):
    """Two months whose generation was swapped; a few per cent of reading dates are left alone."""
    made = [10.0 + month for month in range(12)]
    used = [value * (1.03 if month % 2 else 0.975) for month, value in enumerate(made)]
    rows = [GRID, *monthly("electricity.solar", used)]
    assert rules(doubts(tmp_path, [*rows, *monthly("electricity.generated", made)])) == set()
    swapped = [made[11], *made[1:11], made[0]]
    (found,) = doubts(tmp_path, [*rows, *monthly("electricity.generated", swapped)])
    assert (found.rule, found.severity) == ("PV_BALANCE", "warning")
    assert "2023-01, 2023-12" in found.message


@pytest.mark.parametrize(
    ("label", "text", "found"),
    [
        ("Purchased electricity", "850.00", True),
        ("Purchased electricity", "900.00", False),
        ("Purchased electricity", "870.00", False),
        ("Total energy", "1150.00", True),
        ("Total energy", "1050.00", True),
        ("Total energy", "1100.00", False),
    ],
)
def test_the_export_in_printed_energy(tmp_path, label, text, found):
    """900 bought, 200 own use, 50 exported: neither 850 bought, nor 1150 or 1050 in all."""
    rows = [GRID, {**SUN, "amount": 200}, meter("electricity.exported", 50), meter("electricity.generated", 250)]
    got = rules(doubts(tmp_path, rows, published=figures(("e", label, text, "MWh"))))
    assert (("PV_BALANCE", "error") in got) == found


# METHOD_LABEL


def test_instruments_that_nobody_named_are_found(tmp_path):
    """A file of instruments in the folder without [scope_2] is an error; with [scope_2] but unnamed a warning."""
    assert ("METHOD_LABEL", "error") in rules(claimed(tmp_path, [GRID], record(), settings=""))
    unnamed = '[scope_2]\nown_attributes = "kept"\n'
    assert rules(claimed(tmp_path, [GRID], record(), settings=unnamed)) == {("METHOD_LABEL", "warning")}
    assert rules(claimed(tmp_path, [GRID], record())) == set()


def test_another_table_of_that_name_is_no_instrument(tmp_path):
    """A list of measuring instruments is left alone."""
    assert rules(doubts(tmp_path, [GRID], instruments="id,calibrated\nE1,2023-02-01\n")) == set()


@pytest.mark.parametrize(
    ("label", "found"), [("Scope 2", True), ("Scope 2 (location-based)", False), ("范围二（基于市场）", False)]
)
def test_printed_scope_2_says_its_method(tmp_path, label, found):
    """Where the two methods differ."""
    got = rules(claimed(tmp_path, [GRID], record(), published=figures(("s2", label, "477.54", "t CO2e"))))
    assert (("METHOD_LABEL", "warning") in got) == found


def test_bills_of_two_months(tmp_path):
    """A helper's own law: the small books are clean."""
    assert doubts(tmp_path, [GRID, SUN, bill("fuel.gasoline", 3.3, "t")]) == []
