"""Error propagation, trend table, lognormal figures and ratings of an analyst's own numbers agree with worked and published ones."""

import math

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given

import carbonledger as cl
from carbonledger import uncertainty as un
from carbonledger.core.errors import UncertaintyError

FRACTIONS = st.floats(0, 0.5)
POSITIVE = st.floats(0.001, 1e6)

# Standards 7.2 of the project's notes: 600, 300 and 100 MWh at 2, 5 and 10 % on one factor of 0.5306 t/MWh at 8 %.
AMOUNTS, WIDTHS, FACTOR, FACTOR_WIDTH = [600.0, 300.0, 100.0], [0.02, 0.05, 0.10], 0.5306, 0.08


def test_a_product():
    """Activity data of ± 5 % times a factor of ± 10 % are ± 11.2 %, the example of the GHG Protocol's guidance on uncertainty."""
    assert round(un.combine_product([0.05, 0.10]) * 100, 1) == 11.2


def test_a_shared_factor_by_hand():
    """Sources on one factor are ± 8.29 %; for independent ones it would be ± 5.84 %, fully correlated ± 9.06 %."""
    emissions = [amount * FACTOR for amount in AMOUNTS]
    lines = [un.combine_product([width, FACTOR_WIDTH]) for width in WIDTHS]
    assert un.combine_sum(emissions, lines) == pytest.approx(0.05842088667591413, rel=1e-12)
    assert un.combine_sum_of_shared(AMOUNTS, WIDTHS, FACTOR, FACTOR_WIDTH) == pytest.approx(
        0.08287943049997387, rel=1e-12
    )
    halves = [value * width for value, width in zip(emissions, lines, strict=True)]
    whole = un.combine_correlated(np.ones(3), halves, np.ones((3, 3)))
    assert whole / sum(emissions) == pytest.approx(0.09058545937844745, rel=1e-12)


def test_the_implied_correlation():
    """The correlation that a shared factor implies, put into the general formula, gives the shared result."""
    emissions = [amount * FACTOR for amount in AMOUNTS]
    halves = [v * un.combine_product([w, FACTOR_WIDTH]) for v, w in zip(emissions, WIDTHS, strict=True)]
    matrix = [
        [1.0 if i == j else un.shared_factor_correlation(WIDTHS[i], WIDTHS[j], FACTOR_WIDTH) for j in range(3)]
        for i in range(3)
    ]
    found = un.combine_correlated(np.ones(3), halves, matrix) / sum(emissions)
    assert found == pytest.approx(0.08287943049997387, rel=1e-12)


def test_two_years_on_one_factor():
    """A fall of 53.06 t is significant at ± 21.8 t on one factor, and not at ± 61.0 t on independent ones."""
    years, activity, factor = (530.6, 477.54), (0.03, 0.03), (0.08, 0.08)
    same = un.difference_of_years(years, activity, factor, correlation=1)
    apart = un.difference_of_years(years, activity, factor, correlation=0)
    assert same.change_tco2e == pytest.approx(-53.06)
    assert same.half_width_tco2e == pytest.approx(21.832110696861168, rel=1e-12)
    assert apart.half_width_tco2e == pytest.approx(60.99131023908241, rel=1e-12)
    assert (same.is_significant, apart.is_significant) == (True, False)


TABLE = {
    "category": ["grid", "gas"],
    "base_year": [536.6, 112.2],
    "current_year": [477.54, 123.42],
    "activity_uncertainty_percent": [2.0, 3.0],
    "factor_uncertainty_percent": [8.0, 5.0],
}


def test_the_ipcc_table():
    """Table 3.2 of two categories: trend -7.37 %, its uncertainty 2.25 percentage points, that of the level 6.66 %."""
    made = un.ipcc_table(pd.DataFrame(TABLE))
    total = made.iloc[-1]
    assert total["trend_percent"] == pytest.approx(-7.37361282367448)
    assert total["trend_uncertainty_percentage_points"] == pytest.approx(2.2504819545319905)
    assert total["combined_uncertainty_percent"] == pytest.approx(6.661199972714932)
    assert made["type_a_sensitivity"].iloc[0] == pytest.approx(-0.029798542859399646)
    assert made["type_b_sensitivity"].iloc[1] == pytest.approx(0.19022811344019727)
    assert made["trend_from_factor_percent"].iloc[0] == pytest.approx(-0.23838834287519717)
    assert made["trend_from_activity_percent"].iloc[1] == pytest.approx(0.8070695339153239)


def test_the_ipcc_table_in_the_callers_kind():
    """A Polars frame gives a Polars frame with the same numbers."""
    made = un.ipcc_table(pl.DataFrame(TABLE))
    assert isinstance(made, pl.DataFrame)
    assert made["trend_uncertainty_percentage_points"][-1] == pytest.approx(2.2504819545319905)


def test_the_other_correlations_of_the_table():
    """A factor that is independent between years counts by type B and the root of 2, correlated activity data by type A."""
    other = pd.DataFrame(TABLE).assign(factor_correlated=False, activity_correlated=True)
    made, usual = un.ipcc_table(other), un.ipcc_table(pd.DataFrame(TABLE))
    share = usual["type_b_sensitivity"].iloc[0]
    assert made["trend_from_factor_percent"].iloc[0] == pytest.approx(share * 8 * math.sqrt(2))
    assert made["trend_from_activity_percent"].iloc[0] == pytest.approx(usual["type_a_sensitivity"].iloc[0] * 2)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"base_year": [536.6, math.nan]}, "base_year"),
        ({"activity_uncertainty_percent": [-2.0, 3.0]}, "activity_uncertainty_percent"),
        ({"current_year": ["much", 1.0]}, "much"),
        ({"base_year": [1.0, -1.0]}, "sums to 0"),
    ],
)
def test_a_bad_table(change, words):
    """A table with text, a gap, a negative uncertainty or a year without emissions is refused."""
    with pytest.raises(UncertaintyError, match=words):
        un.ipcc_table(pd.DataFrame({**TABLE, **change}))


def test_a_table_without_its_columns():
    """Missing columns are named."""
    with pytest.raises(UncertaintyError, match="lacks current_year"):
        un.ipcc_table(pd.DataFrame({name: value for name, value in TABLE.items() if name != "current_year"}))


def test_lognormal_figures():
    """GSD² of a product of 1.1 and 1.2 is 1.228; of 100 at 1.2 and 50 at 1.5, 1.199."""
    assert un.gsd_of_product([1.1, 1.2]) == pytest.approx(1.2284225230179247, rel=1e-12)
    assert un.gsd_of_sum([100.0, 50.0], [1.2, 1.5]) == pytest.approx(1.1993396185951206, rel=1e-12)


def test_ratings_of_data_quality():
    """ecoinvent v2 scores of 1.05, 1.10, 1.02, 1.10 on a basic 1.20 with 1.02: GSD² 1.263; v3: variance 0.0193, GSD² 1.320."""
    scores = {"reliability": 2, "completeness": 4, "temporal": 1, "geographical": 3, "technological": 1}
    second = un.pedigree_gsd({**scores, "sample_size": 1}, "ecoinvent-v2", 1.2)
    assert second == pytest.approx(math.exp(math.sqrt(sum(math.log(x) ** 2 for x in (1.05, 1.10, 1.02, 1.20)))))
    assert un.gsd_of_product([1.05, 1.10, 1.02, 1.10, 1.02, 1.20]) == pytest.approx(1.2631527048999316, rel=1e-12)
    third = {"reliability": 3, "completeness": 2, "temporal": 4, "geographical": 4, "technological": 3}
    # Variances 0.002, 0.0001, 0.008, 0.0006 and 0.008, and a basic one of 0.0006.
    found = un.pedigree_gsd(third, "ecoinvent-v3", math.exp(2 * math.sqrt(0.0006)))
    assert found == pytest.approx(1.3202866601337675, rel=1e-12)


def test_words_of_a_rating():
    """The GHG Protocol scale takes its words in English and Chinese, and numbers."""
    names = ["precision", "completeness", "temporal", "geographical", "technological"]
    by_word = un.pedigree_gsd(dict.fromkeys(names, "Very good"), "ghg-protocol")
    assert by_word == 1.0
    mixed = {"precision": "fair", "completeness": "好", "temporal": 3, "geographical": "2", "technological": "poor"}
    expected = math.exp(math.sqrt(sum(math.log(x) ** 2 for x in (1.20, 1.05, 1.20, 1.02, 2.00))))
    assert un.pedigree_gsd(mixed, "ghg-protocol") == pytest.approx(expected)


@pytest.mark.parametrize(
    ("scores", "scale", "words"),
    [
        ({"precision": 1}, "iso", "no scale 'iso'"),
        ({"colour": 1}, "ghg-protocol", "no indicator 'colour'"),
        ({"precision": 9}, "ghg-protocol", "no score '9'"),
        ({"precision": 1}, "ghg-protocol", "completeness"),
        (
            {"reliability": 1, "completeness": 1, "temporal": 1, "geographical": 4, "technological": 1},
            "ecoinvent-v2",
            "geographical has no score",
        ),
    ],
)
def test_bad_ratings(scores, scale, words):
    """An unknown scale, indicator or score and a missing indicator are refused; a score that a scale leaves empty is none."""
    if words.startswith("no score"):
        scores = dict.fromkeys(("completeness", "temporal", "geographical", "technological"), 1) | scores
    with pytest.raises(UncertaintyError, match=words):
        un.pedigree_gsd(scores, scale)


@pytest.mark.parametrize(
    ("text", "lower", "upper"),
    [
        ("5 %", -0.05, 0.05),
        ("±5%", -0.05, 0.05),
        ("+/- 2.5 %", -0.025, 0.025),
        ("2,5 %", -0.025, 0.025),
        ("-3 %/+5 %", -0.03, 0.05),
        ("−3％；+5％", -0.03, 0.05),
        ("0 %", 0.0, 0.0),
    ],
)
def test_limits_in_a_cell(text, lower, upper):
    """Cells state limits with the sign of per cent, of one size or of two."""
    found = cl.uncertainty.parse_limits(text)
    assert (found.lower, found.upper) == pytest.approx((lower, upper))


@pytest.mark.parametrize(
    "text", ["5", "about 5 %", "-5 %", "500 %", "5 % / 3 %", "", "nan %", "1,000 %", "-120 %/+5 %"]
)
def test_bad_limits_in_a_cell(text):
    """A number without per cent, a text, a negative or impossible per cent is refused, with what to write instead."""
    with pytest.raises(UncertaintyError) as caught:
        un.parse_limits(text)
    assert caught.value.says.remedy("zh")


def test_published_limits():
    """Natural gas of the IPCC, 56 100 kg CO2/TJ between 54 300 and 58 300, counts with the larger side."""
    found = un.Limits.between(56_100, 54_300, 58_300)
    assert found.half_width == pytest.approx(2_200 / 56_100)
    for value, lower, upper in [(50.0, 60.0, 70.0), (80.0, 60.0, 70.0), (0.0, -1.0, 1.0), (-5.0, -6.0, -4.0)]:
        with pytest.raises(UncertaintyError, match="do not enclose"):
            un.Limits.between(value, lower, upper)


@given(st.lists(FRACTIONS, min_size=1, max_size=6))
def test_a_product_is_no_surer_than_its_figures(widths):
    """The uncertainty of a product is at least the largest, at most the sum, and the order does not matter."""
    found = un.combine_product(widths)
    assert max(widths) - 1e-12 <= found <= sum(widths) + 1e-12
    assert found == pytest.approx(un.combine_product(widths[::-1]))


@given(st.lists(st.tuples(POSITIVE, FRACTIONS), min_size=1, max_size=6), FRACTIONS)
def test_sharing_makes_no_surer(sources, shared):
    """A shared factor makes a sum at least as uncertain as independent factors, at most as fully correlated ones."""
    amounts, widths = zip(*sources, strict=True)
    lines = [un.combine_product([width, shared]) for width in widths]
    apart, together = un.combine_sum(amounts, lines), un.combine_sum_of_shared(amounts, widths, 1.0, shared)
    most = sum(a * w for a, w in zip(amounts, lines, strict=True)) / sum(amounts)
    assert apart - 1e-9 <= together <= most + 1e-9


@pytest.mark.parametrize(
    ("matrix", "words"),
    [
        ([[1, 0.5]], "shape"),
        ([[1, 2], [2, 1]], "between -1 and 1"),
        ([[1, 0.5], [0.4, 1]], "symmetric"),
        ([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], "negative eigenvalue"),
    ],
)
def test_bad_correlations(matrix, words):
    """A matrix that no figures can have is refused."""
    size = max(len(matrix), 2)
    with pytest.raises(UncertaintyError, match=words):
        un.combine_correlated([1.0] * size, [1.0] * size, matrix)


def test_sums_of_nothing():
    """Nothing is a fraction of 0."""
    for call in (lambda: un.combine_sum([1.0, -1.0], [0.1, 0.1]), lambda: un.gsd_of_sum([0.0], [1.2])):
        with pytest.raises(UncertaintyError, match="sum to 0"):
            call()
    with pytest.raises(UncertaintyError, match="no uncertainty"):
        un.combine_product([-0.1])
    with pytest.raises(UncertaintyError, match="1 or more"):
        un.gsd_of_product([0.9])
