"""Scope 2 by both methods, own generation, instruments: the truth table of the Scope 2 Guidance."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.core.periods import Period
from carbonledger.scope2.avoided_emissions import energy_of
from carbonledger.scope2.guidance import ruleset
from carbonledger.scope2.instruments import Criterion, Instrument, read_instruments
from carbonledger.scope2.loads import Load
from carbonledger.scope2.market_based import check_balance, market_based, recognise_typical_error
from carbonledger.scope2.quality_criteria import QualityCriteria, check_instruments
from tests.support import PROJECT

WORKED = json.loads((Path(__file__).parent / "data" / "pv_example.json").read_text(encoding="utf-8"))
# MEE and NBS, announcement 2025 No. 47: national average and average without market-traded non-fossil power, 2023.
G, R = 0.5306, 0.6096
P, S, X = 900.0, 200.0, 50.0


def certificate(mwh, **changes):
    """A green certificate that may be claimed."""
    facts = {
        "kind": "certificate",
        "registry": "GEC",
        "first_id": 1,
        "last_id": int(mwh),
        "mwh": float(mwh),
        "t_per_mwh": 0.0,
        "technology": "wind",
        "market": "CN",
        "generated": Period.of_month(2024, 3),
        "retired_on": date(2025, 1, 10),
        "row": 2,
        "criteria": tuple(Criterion(number, met=True) for number in range(1, 7)),
    }
    return Instrument(**{**facts, **changes})


def market(purchased=P, own=0.0, direct=0.0, residual=R):
    """Electricity of China, 2023 factors."""
    return Load("CN", purchased, purchased * G, own, direct, residual)


# Row of the truth table, market, instruments, attributes of own use and direct line; LB, MB, renewable MWh.
TRUTH = [
    (1, market(0, S), [], "kept", "kept", 0, 0, S),
    (2, market(0, S), [], "sold", "kept", 0, S * R, 0),
    (3, market(P), [], "sold", "kept", P * G, P * R, 0),
    (4, market(P), [certificate(X, technology="own photovoltaics")], "kept", "kept", P * G, (P - X) * R, X),
    (5, market(P), [], "kept", "kept", P * G, P * R, 0),
    (6, market(0, 0, S), [], "kept", "kept", 0, 0, S),
    (7, market(0, 0, S), [], "kept", "sold", 0, S * R, 0),
    (8, market(0), [], "kept", "kept", 0, 0, 0),
    (9, market(P), [], "kept", "kept", P * G, P * R, 0),
    (10, market(P), [certificate(P)], "kept", "kept", P * G, 0, P),
    (11, market(P), [certificate(100)], "kept", "kept", P * G, (P - 100) * R, 100),
    (12, market(P), [certificate(P + 60)], "kept", "kept", P * G, 0, P),
    (13, market(0, S), [], "sold", "kept", 0, S * R, 0),
]


@pytest.mark.parametrize("row", TRUTH, ids=lambda row: f"row {row[0]}")
def test_truth_table(row):
    """All thirteen rows: location-based, market-based and the renewable claim."""
    _, place, instruments, own, direct, location, by_market, renewable = row
    result = market_based([place], instruments, own_attributes=own, direct_line_attributes=direct)
    assert result.location_based_tco2e == pytest.approx(location)
    assert result.market_based_tco2e == pytest.approx(by_market)
    assert result.renewable_mwh == pytest.approx(renewable)


def test_worked_example():
    """P 900, S 200: LB 477.54; MB 548.64 with certificates kept, 670.56 with those of S sold, 487.68 with 100 bought."""
    kept = market_based([market(P, S)], [])
    assert kept.location_based_tco2e == pytest.approx(WORKED["S2_LB"])
    assert kept.market_based_tco2e == pytest.approx(WORKED["S2_MB_kept"])
    sold = market_based([market(P, S)], [], own_attributes="sold")
    assert sold.market_based_tco2e == pytest.approx(WORKED["S2_MB_certs_sold_on_self"])
    bought = market_based([market(P, S)], [certificate(100)])
    assert bought.market_based_tco2e == pytest.approx(WORKED["S2_MB_100bought"])
    assert kept.renewable_mwh / (P + S) * 100 == pytest.approx(WORKED["renewable_share_total_elec"])


@pytest.mark.parametrize(
    ("claimed", "slip"),
    [(WORKED["wrong_net"], "PV_NETTED"), (WORKED["wrong_netexp"], "EXPORT_NETTED"), (583.66, "PV_PRICED_AS_GRID"),
     (WORKED["S2_LB"], ""), (500.0, "")],
)  # fmt: skip
def test_the_three_wrong_answers_are_recognised(claimed, slip):
    """371.42 nets the photovoltaics, 451.01 nets the export, 583.66 prices own use as grid power."""
    assert recognise_typical_error(claimed, market(P, S), X) == slip


def test_surplus_is_shown_and_not_credited():
    """Certificates beyond the load never make the total negative."""
    result = market_based([market(P)], [certificate(P + 60)])
    assert result.surplus_mwh == pytest.approx(60)
    assert [finding.rule for finding in result.findings] == ["CLAIM_ABOVE_LOAD"]


def test_without_a_residual_mix_the_grid_average_is_named():
    """Level 5 of the hierarchy says that no residual mix was available."""
    result = market_based([market(P, residual=None)], [])
    (level,) = result.levels
    assert (level.level, level.tco2e) == (5, pytest.approx(P * G))
    assert [finding.rule for finding in result.findings] == ["NO_RESIDUAL_MIX"]


@pytest.mark.parametrize(("average", "tonnes", "severity"), [(G, S * G, "note"), (None, 0, "error")])
def test_sold_own_use_without_a_residual_mix_is_said(average, tonnes, severity):
    """Nothing bought: the grid average where one is pinned; else nothing gives a rate, and that is an error, no silent 0."""
    result = market_based([Load("GB", 0, 0, S, average_t_per_mwh=average)], [], own_attributes="sold")
    assert result.market_based_tco2e == pytest.approx(tonnes)
    assert [(item.rule, item.severity) for item in result.findings] == [("NO_RESIDUAL_MIX", severity)]


def test_hierarchy_and_levels():
    """Certificates before contracts before supplier rates before the residual mix; every MWh keeps its level."""
    instruments = [
        certificate(100, kind="supplier_rate", t_per_mwh=0.3),
        certificate(200, kind="contract", t_per_mwh=0.1),
        certificate(300),
    ]
    result = market_based([market(P)], instruments)
    assert [(level.level, level.mwh) for level in result.levels] == [(1, 300), (2, 200), (3, 100), (4, 300)]
    assert sum(level.mwh for level in result.levels) == pytest.approx(P)
    assert result.market_based_tco2e == pytest.approx(200 * 0.1 + 100 * 0.3 + 300 * R)


def test_instruments_stay_in_their_market():
    """A certificate of one market covers nothing in another."""
    result = market_based([market(P)], [certificate(100, market="GB")])
    assert result.market_based_tco2e == pytest.approx(P * R)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"retired_on": None}, "CERTIFICATE_NOT_RETIRED"),
        ({"generated": Period.of_month(2022, 3)}, None),
        ({"generated": Period.of_month(2022, 3), "retired_on": date(2024, 4, 1)}, "CERTIFICATE_EXPIRED"),
        ({"criteria": (Criterion(5, met=False),)}, "INSTRUMENT_CRITERIA"),
        ({"generated": Period.of_month(2025, 3), "retired_on": date(2025, 4, 1)}, "INSTRUMENT_PERIOD"),
    ],
)
def test_what_may_not_be_claimed(changes, rule):
    """Unretired, expired, failing or later instruments are refused by name; two years from the generation month are allowed."""
    item = certificate(10, **{"retired_on": date(2024, 3, 31), **changes})
    usable, findings = check_instruments([item], QualityCriteria(Period.of_year(2024), {"CN": 24}))
    assert [finding.rule for finding in findings] == ([rule] if rule else [])
    assert bool(usable) == (rule is None)


def test_a_certificate_counts_once():
    """Overlapping ranges of one registry are found; the second is refused."""
    usable, findings = check_instruments(
        [certificate(100), certificate(50, row=3)], QualityCriteria(Period.of_year(2024))
    )
    assert (len(usable), [finding.rule for finding in findings]) == (1, ["CERTIFICATE_TWICE"])
    assert findings[0].row == 3


def test_the_balance_closes_or_says_so():
    """G = S + X within two per cent; an export above generation is an error."""
    assert check_balance(250, 200, 50) == []
    assert check_balance(250, 198, 50) == []
    assert [finding.rule for finding in check_balance(250, 150, 50)] == ["BALANCE_OPEN"]
    assert "EXPORT_ABOVE_GENERATION" in {finding.rule for finding in check_balance(100, 0, 150)}


@given(
    st.floats(0, 1e5),
    st.floats(0, 1e5),
    st.lists(st.floats(0, 1e5), max_size=5),
    st.sampled_from(["kept", "sold"]),
    st.one_of(st.none(), st.floats(0, 1)),
)
def test_levels_sum_to_purchases_and_nothing_is_negative(purchased, own, certificates, attributes, residual):
    """Whatever is claimed, market-based MWh are the load, and no line is below zero."""
    place = market(purchased, own, residual=residual)
    result = market_based([place], [certificate(mwh) for mwh in certificates], own_attributes=attributes)
    assert sum(level.mwh for level in result.levels) == pytest.approx(purchased + own)
    assert all(level.tco2e >= 0 for level in result.levels)
    assert result.surplus_mwh == pytest.approx(max(0.0, sum(certificates) - purchased), abs=1e-6)


HEAD = "kind,registry,first_id,last_id,mwh,t_per_mwh,technology,market,generation_month,retired_on,criterion_2,use\n"


def test_records_that_cannot_be_read_are_found_all_at_once(tmp_path):
    """A misspelt kind, a negative amount, a range backwards and a criterion in other words, each with its row; the sound record is read."""
    path = tmp_path / "instruments.csv"
    path.write_text(
        HEAD
        + "certificate,GEC,GEC-23-1,GEC-23-10,10,0,wind,CN,2024-03,2025-01-10,yes: statement,\n"
        + "cert,GEC,1,10,10,0,wind,CN,2024-03,2025-01-10,,\n"
        + "contract,,,,-5,0,wind,CN,,,,\n"
        + "certificate,GEC,10,1,10,0,wind,CN,2024-03,2025-01-10,,\n"
        + "certificate,GEC,1,10,10,0,wind,CN,2024-03,2025-01-10,perhaps,\n",
        encoding="utf-8",
    )
    instruments, findings = read_instruments(path)
    assert [(item.series, item.first_id, item.criteria[0].evidence) for item in instruments] == [
        ("gec-23-", 1, "statement")
    ]
    assert [(item.rule, item.row) for item in findings] == [
        ("INSTRUMENT_RECORD", 3),
        ("BAD_NUMBER", 4),
        ("INSTRUMENT_RECORD", 5),
        ("INSTRUMENT_RECORD", 6),
    ]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"first_id": 0, "last_id": 0}, "CERTIFICATE_WITHOUT_NUMBERS"),
        ({"generated": None}, "CERTIFICATE_WITHOUT_MONTH"),
        ({"retired_on": date(2024, 1, 10)}, "CERTIFICATE_DATES"),
        ({"issued_on": date(2025, 2, 1)}, "CERTIFICATE_DATES"),
        ({"retired_on": date(2025, 8, 1)}, "CERTIFICATE_TOO_LATE"),
        ({"beneficiary": "Another Ltd"}, "INSTRUMENT_BENEFICIARY"),
        ({"credit": "CCER 2024-7"}, "INSTRUMENT_AND_CREDIT"),
        ({"generated": Period.of_month(2015, 6)}, "CERTIFICATE_EXPIRED"),
    ],
)
def test_what_a_certificate_must_show(changes, rule):
    """Numbers, month, dates in order, in time, for the reporter, with no credit beside it; China's two years hold without being stated."""
    rules = QualityCriteria(Period.of_year(2024), retired_by=date(2025, 6, 30), names=frozenset({"A Ltd"}))
    usable, findings = check_instruments([certificate(10, **changes)], rules)
    assert (usable, {finding.rule for finding in findings}) == ([], {rule})


def test_a_certificate_is_claimed_once_in_all_years_and_spellings():
    """One claimed for another year, sold, or of the same registry in other letters is refused; contracts may carry certificates too."""
    rules = QualityCriteria(Period.of_year(2024))
    for other in ({"claimed_year": 2023}, {"use": "sold"}, {"registry": " gec "}, {"kind": "contract"}):
        _, findings = check_instruments([certificate(10, **other), certificate(10, row=3)], rules)
        assert [(item.rule, item.row, item.severity) for item in findings] == [("CERTIFICATE_TWICE", 3, "error")]


def test_a_fiscal_year_claims_its_own_months():
    """A year from April 2023 to March 2024 may claim February 2024, and not April."""
    rules = QualityCriteria(Period.of_year(2023, 4))
    for month, count in ((2, 1), (4, 0)):
        usable, _ = check_instruments([certificate(10, generated=Period.of_month(2024, month))], rules)
        assert len(usable) == count


@pytest.mark.parametrize(("sold", "expected"), [(30, 0.0), (50, 0.0), (150, 100 * R), (400, S * R)])
def test_certificates_sold_are_those_of_the_export_first(sold, expected):
    """S 200, X 50: 150 certificates sold take the attributes of 100 MWh used on site, which then count at the residual mix."""
    place = Load("CN", 0.0, 0.0, S, residual_t_per_mwh=R, exported_mwh=X)
    result = market_based([place], [], own_attributes="by_certificate", sold=[certificate(sold, use="sold")])
    assert result.market_based_tco2e == pytest.approx(expected)
    assert result.renewable_mwh == pytest.approx(S - min(S, max(0, sold - X)))


@pytest.mark.parametrize(
    ("sold", "own", "expected", "rules"),
    [
        ([certificate(250, use="sold")], "kept", S * R, {"ATTRIBUTES_CONTRADICTED"}),
        ([certificate(900, use="sold")], "by_certificate", S * R, {"SOLD_BEYOND_GENERATION"}),
        ([certificate(200, use="sold", origin="own_use", credit="CCER")], "by_certificate", S * R, set()),
        ([certificate(50, use="sold", origin="own_export")], "kept", 0.0, set()),
    ],
)
def test_records_decide_what_was_sold(sold, own, expected, rules):
    """Rows 2 and 13: certificates or credits of own use that were sold make it count at the residual mix, whatever the settings say."""
    place = Load("CN", P, P * G, S, residual_t_per_mwh=R, exported_mwh=X)
    result = market_based([place], [], own_attributes=own, sold=sold)
    assert result.market_based_tco2e == pytest.approx(P * R + expected)
    assert {finding.rule for finding in result.findings} == rules


def test_own_certificates_do_not_count_twice():
    """Row 1: those of own use cover no purchase; row 4: those of export cover min(X, P)."""
    usable, findings = check_instruments([certificate(S, origin="own_use")], QualityCriteria(Period.of_year(2024)))
    assert (usable, [finding.rule for finding in findings]) == ([], ["CERTIFICATE_NOT_TRADABLE"])
    place = Load("CN", P, P * G, S, residual_t_per_mwh=R, exported_mwh=X)
    result = market_based([place], [certificate(200, origin="own_export")])
    assert result.market_based_tco2e == pytest.approx((P - X) * R)
    assert [finding.rule for finding in result.findings] == ["OWN_EXPORT_EXCEEDED"]
    own = QualityCriteria(Period.of_year(2024), own_generation=True)
    _, findings = check_instruments([certificate(10)], own)
    assert [finding.rule for finding in findings] == ["INSTRUMENT_ORIGIN"]


def test_a_tariff_has_no_surplus():
    """40 certificates and a tariff of 100 MWh over a load of 100: the tariff covers the other 60."""
    tariff = certificate(100, kind="supplier_rate", t_per_mwh=0.5)
    result = market_based([market(100)], [certificate(40), tariff])
    assert (result.market_based_tco2e, result.surplus_mwh, result.findings) == (pytest.approx(30), 0, ())


def test_direct_line_from_fuel_has_its_own_rate():
    """A neighbour's gas engine at 0.4 t/MWh counts 40 t by both methods and is not renewable; a factor on a renewable line is refused."""
    place = Load("CN", 0, 0, direct_fuel_mwh=100, direct_fuel_tco2e=40)
    result = market_based([place], [])
    assert (result.location_based_tco2e, result.market_based_tco2e, result.renewable_mwh) == (40, 40, 0)
    row = {"activity": "direct line", "amount": 100, "unit": "MWh", "year": 2024, "region": "CN", "factor": "mine@1"}
    with pytest.raises(cl.errors.AmbiguousFactorError, match="no emissions by the standards"):
        cl.calculate(cl.read_entries([row]), cl.load_factors("cn-mee-nbs-grid@2023"), gwp="ipcc-ar5@2013")


def test_attributes_may_differ_by_site(tmp_path):
    """Row 7 at one site only: 40 of 100 MWh by direct line lost their attributes and count 40 x 0.6096 market-based."""
    (tmp_path / "book.toml").write_text(
        '[company]\nname_zh = "甲"\nname_en = "A"\nreporting_year = 2023\nregion = "CN"\n'
        '[factors]\ngwp = "ipcc-ar5@2013"\nemissions = ["cn-mee-nbs-grid@2023"]\n'
        '[scope_2]\nown_attributes = "kept"\ndirect_line_attributes = "kept"\n[files]\nentries = ["entries.csv"]\n'
        '[[site]]\nid = "s1"\nentity = "a"\n[[site]]\nid = "s2"\nentity = "a"\ndirect_line_attributes = "sold"\n',
        encoding="utf-8",
    )
    (tmp_path / "entries.csv").write_text(
        "entity,site,activity,amount,unit,year\na,s1,direct line,60,MWh,2023\na,s2,direct line,40,MWh,2023\n",
        encoding="utf-8",
    )
    book = cl.open_book(tmp_path)
    result = book.reporting_year().scope_2
    assert result.market_based_tco2e == pytest.approx(40 * R)
    assert result.renewable_mwh == pytest.approx(60)


def test_a_draft_stands_beside_the_rules_in_force():
    """Consultation of October 2025: without a residual mix the fossil average (0.8273 in 2023); it says that it is a draft."""
    place = Load("CN", P, P * G, fossil_t_per_mwh=0.8273)
    assert market_based([place], []).market_based_tco2e == pytest.approx(P * G)
    draft = market_based([place], [], rules=ruleset("ghgp_s2_draft_2025"))
    assert draft.market_based_tco2e == pytest.approx(P * 0.8273)
    assert "DRAFT_RULESET" in {finding.rule for finding in draft.findings}


@pytest.mark.parametrize(("activity", "expected"), [("electricity.solar", 106.12), ("electricity.exported", 26.53)])
def test_memo_of_avoided_emissions(activity, expected):
    """Standards digest 2.4: 200 MWh of own use and 50 MWh of export at the grid average, beside the inventory."""
    rows = [
        {"activity": name, "amount": mwh, "unit": "MWh", "year": 2023, "region": "CN"}
        for name, mwh in (("grid electricity", P), ("electricity.solar", S), ("electricity.exported", X))
    ]
    factors = cl.load_factors(roles={"emissions": ["cn-mee-nbs-grid@2023"], "avoided": ["cn-mee-nbs-grid@2023"]})
    inventory = cl.calculate(cl.read_entries(rows), factors, gwp="ipcc-ar5@2013")
    found = cl.scope2.avoided_emissions(
        energy_of(inventory, activity), factors, activity=activity, region="CN", year=2023, method="grid_average"
    )
    assert found.avoided_tco2 == pytest.approx(expected)
    assert inventory.total_location_based().magnitude == pytest.approx(P * G)


def test_what_nobody_answers_is_noted():
    """Criteria that neither the reporter nor the record shows are named; the claim stands."""
    usable, findings = check_instruments([certificate(10, criteria=())], QualityCriteria(Period.of_year(2024)))
    assert len(usable) == 1
    assert [(item.rule, item.severity) for item in findings] == [("INSTRUMENT_CRITERIA_OPEN", "note")]
    assert "1, 2, 5" in findings[0].message


def test_nuclear_is_not_renewable():
    """A nuclear certificate counts 0 t and has its own row; an unknown technology counts as neither and says so."""
    result = market_based(
        [market(P)], [certificate(100, technology="nuclear"), certificate(50, technology="CHP mix", t_per_mwh=0.1)]
    )
    assert (result.nuclear_mwh, result.renewable_mwh) == (100, 0)
    _, findings = check_instruments([certificate(10, technology="mix")], QualityCriteria(Period.of_year(2024)))
    assert [finding.rule for finding in findings] == ["INSTRUMENT_TECHNOLOGY"]


def test_a_book_reports_both_totals(tmp_path):
    """The example calculated by hand in its README: 488.54 t location-based, 498.68 t market-based, avoided emissions apart."""
    import shutil

    import carbonledger as cl
    from tests.support import PROJECT

    folder = tmp_path / "book"
    shutil.copytree(PROJECT / "examples" / "green-power", folder)
    report = cl.open_book(folder).report()
    assert report.totals() == {
        "total_location_based_tco2e": pytest.approx(488.54),
        "total_market_based_tco2e": pytest.approx(498.68),
    }
    loud = {finding.rule for finding in report.findings if finding.severity != "note"}
    assert loud == {"CERTIFICATE_TWICE", "CERTIFICATE_NOT_RETIRED"}
    assert report.inventory.total_energy().to("MWh").magnitude == pytest.approx(900 + 200 + 100 / 3.6)
    entries = folder / "entries.csv"
    entries.write_text(entries.read_text(encoding="utf-8").replace("发电量,250", "发电量,40"), encoding="utf-8")
    rules = {finding.rule for finding in cl.open_book(folder).report().findings}
    assert "PV_BALANCE" in rules


def test_heat_has_two_methods_too():
    """100 MWh of heat at 0.396 t/MWh, 60 of them under a supplier's rate of 0.1: 39.6 and 60 x 0.1 + 40 x 0.396."""
    heat = Load("CN", 100, 39.6, carrier="heat")
    supplier = certificate(60, kind="supplier_rate", t_per_mwh=0.1, carrier="heat", first_id=0, last_id=0)
    result = market_based([heat], [supplier, certificate(50)])
    assert result.location_based_tco2e == pytest.approx(39.6)
    assert result.market_based_tco2e == pytest.approx(60 * 0.1 + 40 * 0.396)
    assert [level.level for level in result.levels] == [3, 5]
    assert result.findings == ()


def test_certificates_of_own_use_cannot_be_bought():
    """Non-tradable certificates, and ranges of other MWh than their numbers, are refused."""
    for change, rule in (({"tradable": False}, "CERTIFICATE_NOT_TRADABLE"), ({"last_id": 37}, "CERTIFICATE_COUNT")):
        usable, findings = check_instruments([certificate(50, **change)], QualityCriteria(Period.of_year(2024)))
        assert usable == []
        assert rule in {finding.rule for finding in findings}


def test_rules_have_a_name(tmp_path):
    """A ruleset that does not exist is refused with those that do."""
    import shutil

    book = shutil.copytree(PROJECT / "examples" / "green-power", tmp_path / "book")
    text = (book / "book.toml").read_text(encoding="utf-8")
    (book / "book.toml").write_text(text.replace("[scope_2]", '[scope_2]\nruleset = "ghgp_s2_2031"'), encoding="utf-8")
    opened = cl.open_book(book)
    with pytest.raises(cl.errors.BookError, match="ghgp_s2_2015"):
        opened.reporting_year().totals()
