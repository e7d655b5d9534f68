"""Rounding of numbers, and intervals with exact decimal arithmetic.

Everything here works on decimal text, so that 2.345 is exactly half way between 2.34 and 2.35, which its binary
neighbour is not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from carbonledger.core.errors import FigureError

__all__ = [
    "Interval",
    "Rounding",
    "decimal_of",
    "implied_previous",
    "largest_remainder",
    "round_figure",
    "rounding_interval",
]

Rounding = Literal["half_up", "half_even", "truncate", "exact"]

_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "truncate": ROUND_DOWN, "exact": ROUND_DOWN}
_PRECISION = 60
# A double carries 15 to 17 digits; the 14th is still right after the few operations of one line.
_DOUBLE_DIGITS = 14


def decimal_of(value: str | int | float | Decimal) -> Decimal:
    """A number as its decimal text.

    Parameters
    ----------
    value : str, int, float or Decimal
        A float is read at 14 significant digits, which drops what binary arithmetic left behind it.

    Returns
    -------
    Decimal

    Raises
    ------
    FigureError
        If the value is no finite number.
    """
    text = format(value, f".{_DOUBLE_DIGITS}g") if isinstance(value, float) else str(value)
    try:
        number = Decimal(text)
    except ArithmeticError as error:
        raise FigureError(f"{value!r} is not a number.") from error
    if not number.is_finite():
        raise FigureError(f"{value!r} is not a finite number.")
    return number


def round_figure(
    value: str | int | float | Decimal, step: str | Decimal = "0.01", rule: Rounding = "half_up"
) -> Decimal:
    """A number rounded once to a multiple of `step`.

    Parameters
    ----------
    value : str, int, float or Decimal
        The unrounded number. Text may carry ``(+)`` or ``(-)``: a reported value that had itself been rounded
        down or up, whose sign then decides a tie.
    step : str or Decimal
        The rounding interval: ``0.01``, ``1``, ``100``, but also ``0.5`` or ``20``.
    rule : {"half_up", "half_even", "truncate", "exact"}
        Half up moves a tie away from zero, half even to the even multiple, truncation drops; exact refuses to round.

    Returns
    -------
    Decimal

    References
    ----------
    GB/T 8170-2008, 3.2 (half even), 3.3 (one rounding only; reported values) and 3.4 (0.5 and 0.2 units).

    Examples
    --------
    >>> round_figure("2.345"), round_figure("2.345", rule="half_even"), round_figure("16.50(+)", "1", "half_even")
    (Decimal('2.35'), Decimal('2.34'), Decimal('17'))
    """
    mark = ""
    if isinstance(value, str) and value.rstrip().endswith(("(+)", "(-)")):
        mark = value.rstrip()[-2]
        value = value.rstrip()[:-3]
    number, unit = decimal_of(value), decimal_of(step)
    if unit <= 0:
        raise FigureError(f"A rounding step must be positive, not {step}.")
    with localcontext() as context:
        context.prec = _PRECISION
        multiple = number / unit
        whole = multiple.to_integral_value(rounding=_MODES[rule])
        if rule == "exact" and multiple != whole:
            raise FigureError(f"{value} is no multiple of {step}, and an exact figure is not rounded.")
        if mark and rule != "truncate" and abs(multiple) % 1 == Decimal("0.5"):
            toward_zero = multiple.to_integral_value(rounding=ROUND_DOWN)
            whole = toward_zero + (1 if number > 0 else -1) if mark == "+" else toward_zero
        return whole * unit


def largest_remainder(
    values: Sequence[str | float | Decimal], total: str | Decimal, step: str = "0.1"
) -> list[Decimal]:
    """Rounded parts that sum exactly to their rounded total.

    Parameters
    ----------
    values : sequence of numbers
        The unrounded parts, none negative.
    total : str or Decimal
        The rounded total they must sum to.
    step : str
        The rounding interval of the parts.

    Returns
    -------
    list of Decimal
        Each part rounded down, then one step added to the parts with the largest remainders (ties: the larger
        part, then the earlier one).
    """
    unit = Decimal(step)
    with localcontext() as context:
        context.prec = _PRECISION
        parts = [decimal_of(value) / unit for value in values]
        whole = [part.to_integral_value(rounding=ROUND_FLOOR) for part in parts]
        missing = int(decimal_of(total) / unit - sum(whole))
        if not 0 <= missing <= len(parts):
            raise FigureError(f"{total} is not a rounding of the sum of the {len(parts)} parts.")
        order = sorted(range(len(parts)), key=lambda index: (whole[index] - parts[index], -parts[index], index))
        for index in order[:missing]:
            whole[index] += 1
        return [count * unit for count in whole]


@dataclass(frozen=True, slots=True)
class Interval:
    """All numbers between two limits.

    Parameters
    ----------
    low, high : Decimal
        The limits.
    low_closed, high_closed : bool
        Whether the limit itself belongs to the interval. Results of arithmetic are closed.
    """

    low: Decimal
    high: Decimal
    low_closed: bool = True
    high_closed: bool = True

    def __post_init__(self) -> None:
        if self.low > self.high:
            raise FigureError(f"An interval from {self.low} to {self.high} is empty.")

    @property
    def middle(self) -> Decimal:
        """The number half way between the limits."""
        return (self.low + self.high) / 2

    @property
    def width(self) -> Decimal:
        """The distance between the limits."""
        return self.high - self.low

    def __contains__(self, value: object) -> bool:
        if not isinstance(value, str | int | float | Decimal):
            return False
        number = decimal_of(value)
        above = number >= self.low if self.low_closed else number > self.low
        below = number <= self.high if self.high_closed else number < self.high
        return above and below

    def distance(self, value: str | float | Decimal) -> Decimal:
        """How far a number lies outside; 0 inside."""
        number = decimal_of(value)
        return max(self.low - number, number - self.high, Decimal(0))

    def overlaps(self, other: Interval) -> bool:
        """Whether some number lies in both."""
        low, high = max(self.low, other.low), min(self.high, other.high)
        if low != high:
            return low < high
        return all(
            closed
            for limit, closed in (
                (self.low, self.low_closed),
                (self.high, self.high_closed),
                (other.low, other.low_closed),
                (other.high, other.high_closed),
            )
            if limit == low
        )

    def __add__(self, other: Interval) -> Interval:
        return Interval(self.low + other.low, self.high + other.high)

    def __sub__(self, other: Interval) -> Interval:
        return Interval(self.low - other.high, self.high - other.low)

    def __mul__(self, other: Interval) -> Interval:
        products = [a * b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(products), max(products))

    def __truediv__(self, other: Interval) -> Interval:
        if other.low <= 0 <= other.high:
            raise FigureError("An interval that holds 0 cannot divide.")
        with localcontext() as context:
            context.prec = _PRECISION
            quotients = [a / b for a in (self.low, self.high) for b in (other.low, other.high)]
        return Interval(min(quotients), max(quotients))

    def scaled(self, factor: str | Decimal) -> Interval:
        """The interval times an exact number."""
        number = decimal_of(factor)
        return self * Interval(number, number)

    def __str__(self) -> str:
        return f"{'[' if self.low_closed else '('}{self.low}, {self.high}{']' if self.high_closed else ')'}"


def rounding_interval(value: Decimal, step: Decimal, rule: Rounding) -> Interval:
    """The unrounded numbers that a rule turns into a rounded one.

    Parameters
    ----------
    value : Decimal
        The rounded number.
    step : Decimal
        The rounding interval.
    rule : {"half_up", "half_even", "truncate", "exact"}
        How it was rounded; a count is exact.

    Returns
    -------
    Interval
    """
    if rule == "exact":
        return Interval(value, value)
    if rule == "truncate":
        if value == 0:
            return Interval(-step, step, False, False)
        ends = (value, value + step) if value > 0 else (value - step, value)
        return Interval(*ends, low_closed=value > 0, high_closed=value < 0)
    half = step / 2
    low, high = value - half, value + half
    if rule == "half_even":
        even = (value / step) % 2 == 0
        return Interval(low, high, even, even)
    return Interval(low, high, low_closed=value > 0, high_closed=value < 0)


def implied_previous(current: Interval, change_percent: Interval) -> Interval:
    """The previous value that a printed change implies.

    Parameters
    ----------
    current : Interval
        This period's value.
    change_percent : Interval
        The change in per cent of the previous value, negative for a fall.

    Returns
    -------
    Interval
        ``current / (1 + change / 100)``, in the unit of `current`.

    Raises
    ------
    FigureError
        If the change reaches -100 %.
    """
    hundred, one = Decimal(100), Decimal(1)
    growth = Interval(one + change_percent.low / hundred, one + change_percent.high / hundred)
    return current / growth
