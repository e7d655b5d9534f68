"""Computed numbers as a message prints them: to the digit that their interval leaves open, and never with an exponent."""

from __future__ import annotations

from decimal import Decimal

from carbonledger.core.rounding import Interval

__all__ = ["plain_number"]

_OF_INTERVAL = 4


def plain_number(value: Interval | Decimal, step: Decimal = Decimal(1), digits: int = 6) -> str:
    """A computed number, or the middle of an interval, as text.

    Parameters
    ----------
    value : Interval or Decimal
        With finite ends.
    step : Decimal
        The last place of the printed figure beside it.
    digits : int
        How many a number has at least; an interval has four.

    Returns
    -------
    str
        With the place in which an interval is open, and at least four digits; of a number `digits`, and the places of the printed figure.

    Examples
    --------
    >>> plain_number(Interval(Decimal("18658"), Decimal("18660")))
    '18,659'
    >>> plain_number(Decimal("2497.33181"), Decimal("0.01"))
    '2,497.33'
    """
    number = value.middle if isinstance(value, Interval) else value
    if not number:
        return "0"
    if isinstance(value, Interval) and value.width:
        places = max(_OF_INTERVAL - 1 - number.adjusted(), -value.width.adjusted())
    else:
        places = max(digits - 1 - number.adjusted(), -step.adjusted())
    return f"{number:,.{max(0, places)}f}"
