"""A verdict on a target needs data of the year that is judged; peaks and claims of net zero say what is missing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonledger.core.language import Label
from carbonledger.targets.faults import Surroundings, target_faults
from carbonledger.targets.judgement import judge
from carbonledger.targets.neutrality import ClaimCase, claim_tests, judge_neutrality
from carbonledger.targets.paths import ReductionPath
from carbonledger.targets.peak import judge_peak, peak_of
from carbonledger.targets.standing import TargetCase, TargetStanding
from carbonledger.targets.target import Target

PATH = ReductionPath(((2020, 1000.0), (2030, 580.0)))
BASIC = {
    "id": "s12",
    "kind": "absolute",
    "scopes": (1, 2),
    "scope_2_method": "location_based",
    "base_year": 2020,
    "target_year": 2030,
    "reduction_percent": 42.0,
    "source": "constructed",
    "name_en": "Down by 42 %",
}


def target(**changes):
    """The basic target with other statements; None takes one away."""
    return Target(**{name: value for name, value in {**BASIC, **changes}.items() if value is not None})


def rules_of(*targets, drivers=(), boundaries=("",)):
    """The rules that some targets break."""
    found = target_faults(targets, Surroundings(drivers, boundaries))
    return [finding.says.key for findings in found.values() for finding in findings]


@pytest.mark.parametrize(
    ("values", "year", "status"),
    [
        ({2025: 790.0}, 2025, "on_track"),
        ({2025: 790.1}, 2025, "behind"),
        ({2025: 789.9}, 2025, "ahead"),
        ({2020: 1000.0}, 2020, "on_track"),
        ({2030: 580.0}, 2030, "reached"),
        ({2030: 580.1}, 2030, "missed"),
        ({2030: 580.0, 2031: 900.0}, 2031, "reached"),
        ({2029: 500.0, 2031: 500.0}, 2031, "cannot_be_judged"),
        ({2024: 500.0}, 2025, "cannot_be_judged"),
        ({2019: 1000.0}, 2019, "cannot_be_judged"),
        ({}, 2025, "cannot_be_judged"),
    ],
)
def test_the_status(values, year, status):
    """Before the target year the path decides, from then on the target year's own data; no other year stands in for one without data."""
    found = judge(PATH, values, year)
    assert found.status == status
    assert found.reason.en
    assert found.reason.zh


def test_a_tolerance_is_of_the_path_and_not_of_the_target():
    """Within 5 % of the path is on it; the target itself is met or is not."""
    assert judge(PATH, {2025: 820.0}, 2025, 5.0).status == "on_track"
    assert judge(PATH, {2025: 830.0}, 2025, 5.0).status == "behind"
    assert judge(PATH, {2030: 581.0}, 2030, 5.0).status == "missed"


def test_gap_progress_and_pace():
    """900 t in 2025 are 110 t above the path, 23.8 % of the way, and 64 t a year remain."""
    found = judge(PATH, {2025: 900.0}, 2025)
    assert found.gap == pytest.approx(110.0)
    assert found.progress == pytest.approx(100 / 420)
    assert found.pace.per_year == pytest.approx(64.0)
    assert found.pace.percent_of_base == pytest.approx(6.4)


def test_a_peak_is_a_candidate_until_five_years_confirm_it():
    """The maximum is a candidate with four later years below it, confirmed with five, and never across a gap."""
    values = {2019: 100.0, 2020: 95.0, 2021: 96.0, 2022: 90.0, 2023: 91.0}
    assert not peak_of(values).confirmed
    assert peak_of({**values, 2024: 85.0}).confirmed
    assert peak_of({**values, 2024: 85.0}).year == 2019
    assert not peak_of({**values, 2025: 85.0}).confirmed
    assert peak_of({2024: 100.0}) is None
    assert peak_of({2019: 100.0, 2020: 100.0}).year == 2019


@given(st.dictionaries(st.integers(2000, 2030), st.floats(1.0, 1e6), min_size=2))
def test_no_later_year_exceeds_the_peak(values):
    """Whatever the series, no year is above its peak, and a confirmed one has five years after it."""
    peak = peak_of(values)
    assert max(values.values()) == peak.value_tco2e
    assert values[peak.year] == peak.value_tco2e
    if peak.confirmed:
        assert all(peak.year + at in values for at in range(1, 6))


def test_a_promise_to_peak():
    """It is kept by a confirmed peak, broken by a later exceedance, and open until then."""
    falling = {2024 + at: 100.0 - at for at in range(7)}
    assert judge_peak(2030, falling, 2030)[0].status == "reached"
    assert judge_peak(2030, falling, 2027)[0].status == "cannot_be_judged"
    rising = {**falling, 2031: 120.0}
    assert judge_peak(2030, rising, 2031)[0].status == "missed"
    assert judge_peak(2030, {2024: 100.0}, 2024)[0].status == "cannot_be_judged"
    assert judge_peak(2030, {2023: 100.0}, 2024)[0].status == "cannot_be_judged"


def test_a_claim_of_net_zero():
    """It needs gross emissions, 90 % less than the base, removals for the rest, and nothing set against emissions."""
    whole = ClaimCase(2050, 100.0, 1000.0, 100.0)
    assert judge_neutrality(2050, whole)[0].status == "reached"
    for case in (
        ClaimCase(2050, 101.0, 1000.0, 101.0),
        ClaimCase(2050, 100.0, 1000.0, 99.0),
        ClaimCase(2050, 100.0, 1000.0, None),
        ClaimCase(2050, 100.0, 1000.0, 100.0, (Label("carbon credits", "碳信用"),)),
    ):
        assert judge_neutrality(2050, case)[0].status == "missed"
    assert judge_neutrality(2050, ClaimCase(2050, 100.0, None, 100.0))[0].status == "cannot_be_judged"
    early = judge_neutrality(2050, ClaimCase(2024, 2497.33, None, None))[0]
    assert early.status == "cannot_be_judged"
    assert "no removals are on record" in early.reason.en
    assert [test.passed for test in claim_tests(ClaimCase(2024, None, None, None))] == [None, None, False, True]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"base_year": None}, "TARGET_FORM.no_base_year"),
        ({"base_year": 2030}, "TARGET_FORM.years"),
        ({"base_year": 2035}, "TARGET_FORM.years"),
        ({"reduction_percent": 120.0}, "TARGET_FORM.percent"),
        ({"reduction_percent": -5.0}, "TARGET_FORM.percent"),
        ({"reduction_percent": None}, "TARGET_FORM.promise"),
        ({"target_value": 580.0}, "TARGET_FORM.promise"),
        ({"reduction_percent": None, "target_value": -1.0}, "TARGET_FORM.negative"),
        ({"kind": "linear_contraction"}, "TARGET_FORM.no_rate"),
        ({"rate": "sbti"}, "TARGET_FORM.rate"),
        ({"rate": "net-zero-reduction"}, "TARGET_FORM.rate"),
        ({"milestones": [{"year": 2031, "reduction_percent": 10.0}]}, "TARGET_FORM.milestone_year"),
        ({"milestones": [{"year": 2025}]}, "TARGET_FORM.milestone"),
        ({"milestones": [{"year": 2025, "reduction_percent": 101.0}]}, "TARGET_FORM.milestone"),
        ({"scope_2_method": None}, "TARGET_METHOD.not_stated"),
        ({"base_scope_2_method": "market_based"}, "TARGET_METHOD.mixed"),
        ({"kind": "intensity"}, "TARGET_DENOMINATOR.none"),
        ({"kind": "intensity", "denominator": "turnover"}, "TARGET_DENOMINATOR.unknown"),
        ({"boundary": "the whole group"}, "TARGET_BOUNDARY"),
        ({"kind": "neutrality", "counts": ["credits"]}, "TARGET_NETTED"),
        ({"reduction_percent": 33.6, "base_year": 2022, "rate": "sbti-absolute-1.5c"}, "TARGET_AMBITION"),
    ],
)
def test_what_is_wrong_with_a_statement(changes, rule):
    """A statement that cannot be followed is a finding that says what and how to mend it."""
    assert rules_of(target(**changes)) == [rule]


def test_a_sound_statement_has_no_finding():
    """The basic target, one by a published rate, and one beside another are sound; two of one id are not."""
    assert rules_of(target()) == []
    assert rules_of(target(reduction_percent=None, rate="sbti-absolute-1.5c"), target(id="other")) == []
    assert rules_of(target(boundary="two of seven"), boundaries=("two of seven", "七家中的两家")) == []
    assert rules_of(target(), target()) == ["TARGET_FORM.twice"] * 2


def standing(case_changes=(), **changes):
    """The basic target, judged in 2025 with a base and a year."""
    values = {"year": 2025, "emissions": {2020: 1000.0, 2025: 800.0}, **dict(case_changes)}
    stated = target(**changes)
    return TargetStanding(TargetCase(stated, faults=target_faults([stated], Surroundings())[0], **values))


def test_a_base_value_is_that_of_the_restated_year():
    """A stated base that differs from the restated one by more than its last digit is an error, and the target is not judged."""
    assert standing(base_value=1000.0).judgement.status == "behind"
    found = standing(base_value=1040.0)
    assert [item.says.key for item in found.findings] == ["TARGET_BASE.differs"]
    assert found.judgement.status == "cannot_be_judged"
    printed = standing({"emissions": {2020: 1000.4, 2025: 800.0}}, base_value=1000.0)
    assert printed.findings == ()
    assert printed.base == 1000.4


def test_a_base_without_data():
    """Without the base year a stated value is taken; without both nothing is judged, and the finding says what is missing."""
    without = {"emissions": {2025: 800.0}}
    assert standing(without, base_value=1000.0).judgement.status == "behind"
    found = standing(without)
    assert [item.says.key for item in found.findings] == ["TARGET_BASE.no_data"]
    assert found.judgement.status == "cannot_be_judged"
    other = standing({**without, "other_method": (2020,)})
    assert [item.says.key for item in other.findings] == ["TARGET_METHOD.base"]


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"reduction_percent": None, "target_value": 1200.0}, "TARGET_FORM.rises"),
        ({"reduction_percent": 100.0, "path": "compound"}, "TARGET_FORM.compound_to_zero"),
    ],
)
def test_a_promise_that_no_path_leads_to(changes, rule):
    """A target above its base, or a compound path to nothing, is a finding and has no path."""
    found = standing(**changes)
    assert [item.says.key for item in found.findings] == [rule]
    assert found.path is None
    assert found.judgement.status == "cannot_be_judged"


@pytest.mark.parametrize("changes", [{"boundary": "the whole group"}, {"base_scope_2_method": "market_based"}])
def test_no_verdict_across_boundaries_or_methods(changes):
    """What was promised of another boundary, or by another method, is not judged by this inventory."""
    assert standing(**changes).judgement.status == "cannot_be_judged"


def test_an_intensity_shows_the_emissions_themselves():
    """An intensity that halves while the company doubles is reached, and the emissions are shown to be what they were."""
    growing = {
        "denominators": {2020: 10.0, 2025: 20.0},
        "denominator_unit": "million CNY",
        "emissions": {2020: 1000.0, 2025: 1000.0},
    }
    stated = {"kind": "intensity", "denominator": "Revenue"}
    found = TargetStanding(TargetCase(target(**stated), 2025, **growing))
    assert found.base == pytest.approx(100.0)
    assert found.judgement.status == "ahead"
    assert found.absolute.change_percent == pytest.approx(0.0)
    assert found.case.unit == "t CO2e/million CNY"
