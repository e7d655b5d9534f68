"""A percentage of two years follows one convention, in one place."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonledger.core.relative_change import relative_change

# standards digest 8.1: r = (x1 - x0) / |x0| * 100, and what holds where there is no such percentage.
CONVENTIONS = [
    (0.0, 0.0, "zero", 0.0, 0.0),
    (0.0, 5.0, "new", 5.0, None),
    (5.0, 0.0, "percent", -5.0, -100.0),
    (5.0, -1.0, "absolute_only", -6.0, None),
    (-5.0, 1.0, "absolute_only", 6.0, None),
    (-5.0, -4.0, "absolute_only", 1.0, None),
    (1.0, 11.0, "percent", 10.0, 1000.0),
    (1.0, 11.5, "over_1000", 10.5, 1050.0),
    (math.nan, 1.0, "missing", None, None),
    (1.0, None, "missing", None, None),
    (1.0, math.inf, "missing", None, None),
]
figures = st.floats(min_value=0, max_value=1e12, allow_subnormal=False)


@pytest.mark.parametrize(("before", "now", "convention", "change", "percent"), CONVENTIONS)
def test_conventions(before, now, convention, change, percent):
    """What stands in the place of a percentage is said in a word; a figure that is missing is no 0."""
    found = relative_change(before, now)
    assert found.convention == convention
    for value, wanted in ((found.change, change), (found.percent, percent)):
        assert math.isnan(value) if wanted is None else value == pytest.approx(wanted)


def test_down_is_below_zero():
    """ "Down 14.44 %" is -14.44: the total that Techen printed against the middle of what it implies for 2023."""
    assert relative_change(2480.59 / (1 - 0.1444), 2480.59).percent == pytest.approx(-14.44)


def test_unrounded_values_decide():
    """The percentage is of what was calculated, not of what is printed: 0.004 to 0.006 is +50 %, printed 0.00 to 0.01."""
    assert relative_change(0.004, 0.006).percent == pytest.approx(50)


@given(figures, figures)
def test_swapped_years_flip_the_change(before, now):
    """The change back is the change with the other sign; a percentage is given in both directions or the value was 0."""
    one, other = relative_change(before, now), relative_change(now, before)
    assert one.change == -other.change
    assert (one.convention == "new") == (before == 0 < now)
    assert (one.convention == "zero") == (before == now == 0)


@given(figures, figures)
def test_withheld_has_no_percentage(before, now):
    """Where two years are not of the same kind the change stands alone, and the reason with it."""
    found = relative_change(before, now)
    held = found.withheld("other_period")
    assert (held.change, held.convention) == (found.change, "other_period")
    assert math.isnan(held.percent)
    missing = relative_change(math.nan, now)
    assert missing.withheld("other_period") is missing
