"""UNIT_10K on sources with seasons: each slip is found, and what only looks like one is left in peace."""

import random

import pytest

import carbonledger as cl
from benchmarks.audit_corpora import seasonal
from carbonledger.activity_data.checks import check_entries
from tests.audit_books import YEAR, monthly

GAS = (5213, 4921, 4122, 2613, 911, 872, 853, 887, 1204, 2511, 4310, 5122)
# Of the yearly mean: holidays in August, exams and heating in December.
SCHOOL = (1.0, 0.7, 1.3, 1.2, 1.1, 1.0, 0.45, 0.4, 1.1, 1.2, 1.5, 2.4)
PROFILES = {
    "gas": ("fuel.natural_gas", GAS, "Nm3"),
    "school": ("electricity.grid", [31_234 * share for share in SCHOOL], "kWh"),
}


def slips(rows):
    """The months that are doubted, and how gravely."""
    found = check_entries(cl.read_entries(rows, region="CN"), YEAR)
    return [(item.row - 1, item.severity) for item in found if item.rule == "UNIT_10K"]


def of(activity, amounts, unit):
    """What is found of twelve bills."""
    return slips(monthly(activity, amounts, unit))


@pytest.mark.parametrize("times", [1e4, 1e3, 1e-3, 1e-4])
@pytest.mark.parametrize("profile", PROFILES)
def test_a_slip_in_any_month_of_a_year_with_seasons(profile, times):
    """Every month is found by itself, and the year without a slip is not."""
    activity, amounts, unit = PROFILES[profile]
    assert of(activity, amounts, unit) == []
    for month in range(12):
        slipped = [amount * times if at == month else amount for at, amount in enumerate(amounts)]
        assert [at for at, _ in of(activity, slipped, unit)] == [month + 1]


def test_two_slips_do_not_hide_each_other():
    """January and December in 10^4 Nm3 less are both found; so are one slip up and one down."""
    assert of("fuel.natural_gas", (GAS[0] * 1e4, *GAS[1:11], GAS[11] * 1e4), "Nm3") == [(1, "error"), (12, "error")]
    assert of("fuel.natural_gas", (GAS[0] * 1e4, *GAS[1:11], GAS[11] / 1e3), "Nm3") == [(1, "error"), (12, "error")]


def test_zeros_are_no_bills():
    """Five months of heating among zeros are enough to find the slip among them; four are not."""
    winter = (912.4, 803.1, 655.0, 0, 0, 0, 0, 0, 0, 0, 601.7, 8_807_000)
    assert of("heat.purchased", winter, "GJ") == [(12, "error")]
    assert of("heat.purchased", (*winter[:11], 880.7), "GJ") == []


@pytest.mark.parametrize(
    "amounts",
    [
        (70.1, 68.2, 69.9, 0.31, 0.28, 0.3, 0.29, 0.3, 71.2, 70.4, 69.0, 72.2),
        (71.3, 68.1, 70.1, 66.9, 69.9, 0.32, 74.3, 73.2, 70.6, 68.8, 67.5, 71.1),
        (0.31, 1.2, 4.9, 17.3, 61.0, 240.0, 610.0, 1900.0, 2300.0, 2450.0, 2400.0, 2380.0),
        (20.1, 19.8, 21.2, 20.6, 19.7, 20.2, 9021.0, 20.4, 19.9, 20.8, 20.0, 21.1),
    ],
    ids=["plant shut down", "one month at rest", "ramp", "outage of 450 times"],
)
def test_what_only_looks_like_a_slip(amounts):
    """A shutdown, a ramp over four powers of ten and an outage fit among the others at no power of ten."""
    assert of("fuel.diesel", amounts, "kg") == []


@pytest.mark.slow
def test_seasonal_sources_of_the_benchmark():
    """Of 200 drawn sources none is doubted as it is, and each is with a slip in any month."""
    for seed in range(200):
        draw = random.Random(seed)  # noqa: S311 - no secret
        rows = seasonal(draw)
        assert slips(rows) == []
        month = draw.randrange(12)
        rows[month] = {**rows[month], "amount": rows[month]["amount"] * draw.choice([1e3, 1e4, 1e-3, 1e-4])}
        assert [at for at, _ in slips(rows)] == [month + 1]
