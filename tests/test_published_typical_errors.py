"""Known slips: named when one leads from the right number to the printed one, and only then."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

import carbonledger as cl
from carbonledger.published.typical_errors import typical_error_of
from carbonledger.published.verdicts import check_relation
from tests.support import figures_of
from tests.support import named_relation as relation

SLIPS = {
    "x 10": "10",
    "x 0.1": "0.1",
    "x 100": "100",
    "x 0.01": "0.01",
    "x 1000": "1000",
    "x 0.001": "0.001",
    "x 10^4": "10000",
    "x 10^6": "1000000",
    "x 10^-6": "0.000001",
    "x 3.6": "3.6",
    "sign": "-1",
}


@given(st.sampled_from(sorted(SLIPS)), st.decimals("1.01", "9.99", places=6))
def test_a_slip_is_recognised(name, value):
    """A number printed after a slip, to six significant places, is led back to it."""
    printed = value * Decimal(SLIPS[name])
    text = format(cl.round_figure(printed, Decimal(1).scaleb(min(0, printed.adjusted() - 5))), "f")
    assert typical_error_of(cl.parse_figure(text), value) == name


@given(st.decimals("1", "1000", places=3), st.decimals("1.5", "3", places=3))
def test_an_ordinary_difference_is_no_slip(value, ratio):
    """A number 1.5 to 3 times off is nothing we know."""
    assert typical_error_of(cl.parse_figure(str(value * ratio)), value) == ""


@pytest.mark.parametrize(
    ("change", "direction", "slip"),
    [("20.0 %", "decrease", ""), ("25.0 %", "decrease", "per cent of the other year"), ("200 %", "decrease", "x 10")],
)
def test_a_percentage_of_the_other_year(change, direction, slip):
    """From 100 to 80 is down 20 %; 25 % is of the later year."""
    figures = figures_of(now="80", before="100.0", change=change)
    item = relation("change", "percent_change", change="change", current="now", previous="before", direction=direction)
    verdict = check_relation(item, figures)
    assert (verdict.outcome == "agrees") == (slip == "")
    assert verdict.slip == slip


@pytest.mark.parametrize(
    ("share", "slip"),
    [("30.0 %", ""), ("42.9 %", "per cent of the rest"), ("333 %", "whole over part"), ("0.300 %", "x 0.01")],
)
def test_a_share_of_another_base(share, slip):
    """30 of 100 are 30 %; 42.9 % is of the other 70, 333 % is 100 over 30, 0.3 a fraction printed as per cent."""
    figures = figures_of(part="30.0", whole="100.0", share=share)
    verdict = check_relation(relation("share", "share", result="share", part="part", whole="whole"), figures)
    assert (verdict.outcome == "agrees") == (slip == "")
    assert verdict.slip == slip
