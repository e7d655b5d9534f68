"""A message writes numbers of ordinary size without an exponent, and never with other digits than they have."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carbonledger.core.findings import Finding
from carbonledger.core.message_numbers import filled_in


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("{x:g}", 1180071.0, "1,180,071"),
        ("{x:g}", 1180070, "1,180,070"),
        ("{x:g}", Decimal(1180070), "1180070"),
        ("{x:g}", -2.5e6, "-2,500,000"),
        ("{x:+g}", 2.5e6, "+2,500,000"),
        ("{x:g}", 1.2, "1.2"),
        ("{x:g}", 0.0, "0"),
        ("{x:.3g}", 10000.0, "10,000"),
        ("{x:.3g}", 123456.0, "123,000"),
        ("{x:.10g}", 12345678901234.0, "12,345,678,900,000"),
        ("{x:g}", 0.00002, "0.00002"),
        ("{x:g}", 1e-12, "1e-12"),
        ("{x:g}", 1e30, "1e+30"),
        ("{x:g}", float("nan"), "nan"),
        ("{x:g}", float("inf"), "inf"),
        ("{x!r} {x:g}", 5.0, "5.0 5"),
    ],
)
def test_numbers_as_people_write_them(template, value, text):
    """Thousands are parted where an exponent would stand; what is tiny or beyond any company keeps it."""
    assert filled_in(template, {"x": value}) == text


@given(st.floats(min_value=1e6, max_value=1e15))
def test_a_large_amount_keeps_its_digits(amount):
    """A number without a stated precision is written to the unit, not to six digits."""
    assert abs(float(filled_in("{x:g}", {"x": amount}).replace(",", "")) - amount) <= 0.5


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_finding_about_a_large_bill(lang):
    """The amount of a bill and its usual size, as the bill prints them."""
    found = Finding.of("AMOUNT_OUTLIER.tenfold", source="A", amount=1180071.0, unit="kWh", ratio=10.0, usual=118007.0)
    said = found.says.text(lang)
    assert "1,180,071 kWh" in said
    assert "e+0" not in said
