"""The trend has the band of its formula, and the wedges of what is planned sum to the difference of the paths."""

import math
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonledger.core.language import Label
from carbonledger.targets.paths import ReductionPath
from carbonledger.targets.projection import business_as_usual, student_quantile, trend_of
from carbonledger.targets.target import Assumptions
from carbonledger.targets.wedges import PlannedMeasure, Start, wedges_of

PATH = ReductionPath(((2020, 1000.0), (2030, 580.0)))


# NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.2: upper critical values of Student's t, column 0.975.
@pytest.mark.parametrize(
    ("degrees", "value"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (5, 2.571), (8, 2.306), (15, 2.131), (30, 2.042), (100, 1.984)],
)
def test_quantiles_are_those_of_the_table(degrees, value):
    """The closed form gives the published quantiles of Student's distribution."""
    assert student_quantile(0.975, degrees) == pytest.approx(value, abs=5e-4)


def test_the_band_by_hand():
    """Of 10, 12, 11 the line is 10 1/3 + x/2, the residual deviation the root of 1.5, and the band of the year after t(1) times 2.236."""
    trend = trend_of({2020: 10.0, 2021: 12.0, 2022: 11.0})
    assert trend.slope == pytest.approx(0.5)
    assert trend.at(2023) == pytest.approx(12.0)
    assert trend.spread == pytest.approx(math.sqrt(1.5))
    half = 12.7062047 * math.sqrt(1.5) * math.sqrt(1 + 1 / 3 + 4 / 2)
    assert trend.band(2023) == pytest.approx((12.0 - half, 12.0 + half))


@pytest.mark.parametrize("values", [{}, {2024: 1.0}, {2023: 1.0, 2024: 2.0}])
def test_two_years_are_no_trend(values):
    """Of fewer than three years there is neither a trend nor a band."""
    assert trend_of(values) is None


@given(st.dictionaries(st.integers(2000, 2040), st.floats(0.0, 1e6), min_size=3, max_size=12))
def test_the_line_is_the_one_of_least_squares(values):
    """The slope is that of the standard library's regression, and the band widens away from the years."""
    trend = trend_of(values)
    slope, intercept = statistics.linear_regression(list(values), list(values.values()))
    assert trend.slope == pytest.approx(slope, rel=1e-6, abs=1e-6)
    assert trend.at(2030) == pytest.approx(intercept + slope * 2030, rel=1e-5, abs=1e-3)
    near, far = (trend.band(round(trend.middle_year) + away) for away in (2, 20))
    assert far[1] - far[0] >= near[1] - near[0]


measures = st.builds(
    PlannedMeasure,
    st.just(Label("measure", "措施")),
    st.floats(-200.0, 50.0),
    st.floats(-200.0, 50.0),
    st.none() | st.integers(2020, 2035),
)
assumptions = st.none() | st.builds(
    Assumptions,
    source=st.just("constructed"),
    growth_percent=st.floats(-5.0, 10.0),
    grid_decline_percent=st.floats(0.0, 20.0),
)


@given(st.lists(measures, max_size=5), assumptions, st.randoms())
def test_wedges_sum_to_the_difference(planned, assumed, random):
    """In every year the wedges sum to business as usual less the planned path, in whatever order the measures stand."""
    start = Start(2024, 900.0, 700.0)
    found = wedges_of(start, PATH, planned, assumed)
    shuffled = list(planned)
    random.shuffle(shuffled)
    other = wedges_of(start, PATH, shuffled, assumed)
    for year in range(2024, 2031):
        taken = math.fsum(item.tco2e[year] for item in found.wedges)
        assert found.usual[year] - found.planned[year] == pytest.approx(taken, abs=1e-9)
        assert other.planned[year] == pytest.approx(found.planned[year], abs=1e-9)


@given(st.floats(0.0, 20.0), st.floats(0.0, 700.0))
def test_a_saving_is_not_counted_twice_with_a_cleaner_grid(decline, saved):
    """What is planned is what the remaining electricity emits at the grid's factor of the year, calculated directly."""
    assumed = Assumptions(source="constructed", grid_decline_percent=decline)
    found = wedges_of(Start(2024, 900.0, 700.0), PATH, [PlannedMeasure(Label("m", "m"), -saved, 0.0)], assumed)
    for year in range(2025, 2031):
        direct = 200.0 + (700.0 - saved) * (1 - decline / 100) ** (year - 2024)
        assert found.planned[year] == pytest.approx(direct)


def test_a_measure_that_has_begun_is_in_the_entries():
    """A measure of the reporting year or before it is not counted again, and says so."""
    found = wedges_of(Start(2024, 900.0, 700.0), PATH, [PlannedMeasure(Label("m", "m"), -50.0, 0.0, 2024)])
    assert set(found.wedges[0].tco2e.values()) == {0.0}
    assert "not counted" in found.wedges[0].note.en


def test_what_is_not_planned_yet():
    """800 t now, 580 t in 2030, 50 t planned from the next year on: 170 t remain."""
    found = wedges_of(Start(2024, 800.0, 0.0), PATH, [PlannedMeasure(Label("m", "m"), 0.0, -50.0)])
    assert found.needed[2030] == pytest.approx(220.0)
    assert found.shortfall(2030) == pytest.approx(170.0)
    assert found.planned[2024] == 800.0
    assert wedges_of(Start(2030, 800.0, 0.0), PATH, []) is None
    assert wedges_of(Start(2019, 800.0, 0.0), PATH, []) is None


def test_business_as_usual_compounds():
    """3 % a year on 1000 t are 1060.9 t after two years; without growth nothing changes."""
    assert business_as_usual(1000.0, 2, 3.0) == pytest.approx(1060.9)
    assert business_as_usual(1000.0, 9, 0.0) == 1000.0
