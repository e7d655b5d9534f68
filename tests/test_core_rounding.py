import contextlib
import json
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.core.printed_number import Outcome, agreement
from carbonledger.core.rounding import decimal_of, largest_remainder
from tests.strategies import printed_numbers, rules, steps

WORKED = json.loads((Path(__file__).parent / "data" / "rounding_examples.json").read_text(encoding="utf-8"))

# GB/T 8170-2008: worked cases of the standard and of teaching material on it.
GBT_8170 = [
    ("12.1498", "1", "12"), ("12.1498", "0.1", "12.1"), ("1268", "100", "1300"), ("10.5002", "1", "11"), ("1.050", "0.1", "1.0"),
    ("0.35", "0.1", "0.4"), ("2500", "1000", "2000"), ("3500", "1000", "4000"), ("-0.0365", "0.001", "-0.036"),
    ("8.53459", "0.01", "8.53"), ("15.4546", "1", "15"), ("28.175", "0.01", "28.18"), ("28.165", "0.01", "28.16"),
    ("28.350", "0.1", "28.4"), ("28.250", "0.1", "28.2"), ("28.050", "0.1", "28.0"), ("28.2501", "0.1", "28.3"),
    ("35.5", "1", "36"), ("60.5", "1", "60"), ("60.25", "0.5", "60.0"), ("60.38", "0.5", "60.5"), ("-60.75", "0.5", "-61.0"),
    ("830", "20", "840"), ("842", "20", "840"), ("-930", "20", "-920"), ("16.50(+)", "1", "17"), ("16.50(-)", "1", "16"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "step", "rounded"), GBT_8170)
def test_half_even_follows_gbt_8170(value, step, rounded):
    """Ties go to the even multiple, in one rounding, also for steps of 0.5 and 20."""
    assert cl.round_figure(value, step, "half_even") == Decimal(rounded)


@pytest.mark.parametrize(("value", "expected"), WORKED["round"].items())
def test_half_up_and_half_even(value, expected):
    """Decimal text decides, for text and for floats."""
    for rule, key in (("half_up", "up"), ("half_even", "even")):
        assert cl.round_figure(value, "0.01", rule) == Decimal(expected[key])
        assert cl.round_figure(float(value), "0.01", rule) == Decimal(expected[key])


@pytest.mark.parametrize(
    ("value", "up"),
    [("2.345", "2.35"), ("1.005", "1.01"), ("28.165", "28.17"), ("187.7852", "187.79"), ("2480.585", "2480.59")],
)
def test_no_binary_artefacts(value, up):
    """Numbers round as their decimal text does, not as their binary neighbour."""
    assert cl.round_figure(float(value)) == Decimal(up)


def test_computed_products_round_as_written():
    """A product of two decimals is rounded as the product, not as what binary arithmetic left of it."""
    assert cl.round_figure(4.36 * 43.07, "0.0001") == Decimal("187.7852")


def test_largest_remainder():
    """Rounded parts sum to the rounded total."""
    assert [str(part) for part in largest_remainder(["33.333", "33.333", "33.334"], "100.0")] == WORKED[
        "largest_remainder"
    ]
    with pytest.raises(cl.errors.FigureError, match="not a rounding"):
        largest_remainder(["1", "2"], "100")


PRINTED = [
    ("2480.59", "2480.59", 2, "", "[2480.585, 2480.595)"), ("14.44 %", "14.44", 2, "%", "[14.435, 14.445)"),
    ("-14.44%", "-14.44", 2, "%", "(-14.445, -14.435]"), ("38.46~107.03", "38.46", 2, "", "[38.455, 107.035)"),
    ("1.08 亿元", "1.08", 2, "亿元", "[1.075, 1.085)"), ("15.1 万度", "15.1", 1, "万度", "[15.05, 15.15)"),
    ("11,077 吨", "11077", 0, "吨", "[11076.5, 11077.5)"), ("369 余", "369", 0, "", "[369, Infinity)"),
    ("超过 87.5%", "87.5", 1, "%", "[87.5, Infinity)"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "decimals", "unit", "interval"), PRINTED)
def test_printed_numbers(text, value, decimals, unit, interval):
    """A printed number becomes value, decimals, unit and interval."""
    figure = cl.parse_figure(text)
    assert (figure.value, figure.decimals, figure.unit, str(figure.interval)) == (
        Decimal(value),
        decimals,
        unit,
        interval,
    )


@pytest.mark.parametrize("text", ["", "abc", "about", "107~38", "--5"])
def test_unreadable_numbers(text):
    """What begins with no number is refused."""
    with pytest.raises(cl.errors.FigureError):
        cl.parse_figure(text)


@given(printed_numbers, steps, rules)
def test_a_figure_prints_inside_its_own_interval(value, step, rule):
    """Whatever rounds to a figure lies in the figure's interval."""
    rounded = cl.round_figure(value, step, rule)
    figure = cl.Figure(str(rounded), rounded, Decimal(step), rounding=rule)
    assert value in figure.interval
    assert agreement(value, figure) == "agrees"


@given(printed_numbers, steps, rules)
def test_rounding_twice_changes_nothing(value, step, rule):
    """A rounded number is its own rounding."""
    once = cl.round_figure(value, step, rule)
    assert cl.round_figure(once, step, rule) == once


@given(st.text(max_size=20))
def test_any_text_is_a_figure_or_an_error(text):
    """No text crashes the parser."""
    with contextlib.suppress(cl.errors.FigureError):
        cl.parse_figure(text)


def test_back_out_of_a_printed_change():
    """A total and its change imply an interval for the year before."""
    worked = WORKED["backout_2480.59_-14.44"]
    implied = cl.rounding.implied_previous(cl.parse_figure("2480.59").interval, cl.parse_figure("-14.44%").interval)
    assert implied.low == pytest.approx(Decimal(worked["lo"]), rel=Decimal("1e-30"))
    assert implied.high == pytest.approx(Decimal(worked["hi"]), rel=Decimal("1e-30"))
    truncated = cl.rounding.Interval(Decimal("-14.45"), Decimal("-14.44"))
    low = WORKED["backout_pct_truncated"]["lo"]
    assert cl.rounding.implied_previous(
        cl.rounding.Interval(Decimal("2480.59"), Decimal("2480.59")), truncated
    ).low == pytest.approx(Decimal(low), rel=Decimal("1e-30"))


def test_intervals():
    """Arithmetic of intervals holds every combination of their members."""
    a, b = cl.rounding.Interval(Decimal(1), Decimal(2)), cl.rounding.Interval(Decimal(3), Decimal(5))
    assert (str(a + b), str(b - a), str(a * b), str(b / a)) == ("[4, 7]", "[1, 4]", "[3, 10]", "[1.5, 5]")
    assert a.overlaps(cl.rounding.Interval(Decimal(2), Decimal(3)))
    assert not a.overlaps(cl.rounding.Interval(Decimal(2), Decimal(3), low_closed=False))
    with pytest.raises(cl.errors.FigureError, match="cannot divide"):
        a / cl.rounding.Interval(Decimal(-1), Decimal(1))
    with pytest.raises(cl.errors.FigureError, match="empty"):
        cl.rounding.Interval(Decimal(2), Decimal(1))


def test_agreement_names_truncation():
    """A figure that only truncation explains is called so."""
    figure = cl.parse_figure("47.85%")
    assert agreement("47.8599", figure) == "agrees if truncated"
    assert agreement("47.87", figure) == "does not follow"


def test_not_a_number_is_no_figure():
    """NaN and infinity are refused."""
    for value in (float("nan"), float("inf"), "x"):
        with pytest.raises(cl.errors.FigureError):
            decimal_of(value)


def test_rounding_before_summing_loses():
    """The sum of rounded parts is not the rounded sum, which is why rounding comes last."""
    parts = ["10.04", "20.04", "30.04"]
    assert str(sum(cl.round_figure(part, "0.1") for part in parts)) == WORKED["sum_round"]["sum_of_rounded"]
    assert str(cl.round_figure(sum(map(Decimal, parts)), "0.1")) == WORKED["sum_round"]["rounded_sum"]


@pytest.mark.parametrize(
    ("text", "interval"),
    [
        ("1 234.5", "[1234.45, 1234.55)"),
        ("1\u00a0234.5", "[1234.45, 1234.55)"),
        ("1'234.5", "[1234.45, 1234.55)"),
        ("10-12", "[9.5, 12.5)"),
        ("10%-12%", "[9.5, 12.5)"),
        ("500+", "[500, Infinity)"),
        ("500以上", "[500, Infinity)"),
        ("约 1700", "[1600, 1800]"),
        ("近 1700", "[1600, 1800]"),
        ("1700 左右", "[1600, 1800]"),
        ("约 8047.59 万元", "[8047.58, 8047.60]"),
        ("<0.1", "[0, 0.1]"),
        ("不超过10", "[0, 10]"),
        ("under 10", "[0, 10]"),
        ("1.2e3", "[1.15E+3, 1.25E+3)"),
        ("1.2×10^3", "[1.15E+3, 1.25E+3)"),
        ("2.388×10⁻⁵", "[0.000023875, 0.000023885)"),
    ],
)
def test_numbers_as_people_print_them(text, interval):
    """Thousands by spaces and apostrophes, ranges with a hyphen, over, under and about."""
    assert str(cl.parse_figure(text).interval) == interval


@pytest.mark.parametrize("text", ["1.234,5", "1,23,456", "1.2×10^3,4", "12--3", "3" + " " * 60_000])
def test_a_number_is_read_whole_or_not_at_all(text):
    """What goes on as a number is no unit: the text is refused and nothing of it is dropped."""
    with pytest.raises(cl.errors.FigureError):
        cl.parse_figure(text)


def test_outcomes_are_in_the_order_of_severity():
    """One order in one place: what agrees comes before what cannot be said, and that before what does not follow."""
    assert [str(outcome) for outcome in Outcome if outcome.agrees] == [
        "agrees",
        "agrees if truncated",
        "agrees if rounded coarser",
        "agrees within rounded factors",
        "agrees as a sum of rounded parts",
    ]
    assert max(Outcome, key=lambda outcome: outcome.severity) == "does not follow"
