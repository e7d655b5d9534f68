"""Printed numbers and the intervals they stand for.

A published figure is never a point: ``187.79`` says that the unrounded number lay between 187.785 and
187.795. Everything here works on decimal text, so that 2.345 is exactly half way between 2.34 and 2.35,
which its binary neighbour is not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, ROUND_FLOOR, ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal, localcontext
from typing import Literal

from carbonledger.errors import FigureError

__all__ = [
    "Agreement",
    "Figure",
    "Interval",
    "Rounding",
    "agreement",
    "decimal_of",
    "implied_previous",
    "largest_remainder",
    "parse_figure",
    "round_figure",
]

Rounding = Literal["half_up", "half_even", "truncate", "exact"]
Agreement = Literal["agrees", "agrees if truncated", "does not follow"]

_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN, "truncate": ROUND_DOWN, "exact": ROUND_DOWN}
_PRECISION = 60
# A double carries 15 to 17 digits; the 14th is still right after the few operations of one line.
_DOUBLE_DIGITS = 14
_NUMBER = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_RANGE = re.compile(rf"^(?P<low>{_NUMBER})\s*(?:~|至|到|–|—)\s*(?P<high>{_NUMBER})\s*(?P<unit>.*)$")
_SINGLE = re.compile(rf"^(?P<value>{_NUMBER})(?P<mark>\([+-]\))?\s*(?P<more>余|多)?\s*(?P<unit>.*)$")
_AT_LEAST = re.compile(r"^(?:超过|超|逾|over|more than|at least|>=|≥|>)\s*", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:约为?|近|大约|about|approximately|ca\.?|~)\s*", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number: its text, and what the text can stand for.

    Parameters
    ----------
    text : str
        As printed.
    value : Decimal
        The number; of a range, its lower end.
    step : Decimal
        One unit of the last printed place.
    unit : str
        What stood behind the number, as printed.
    rounding : {"half_up", "half_even", "truncate", "exact"}
        How the number is taken to have been rounded; a count of people is exact.
    kind : {"single", "range", "at_least", "about"}
        ``at_least`` for "over" and 余, ``about`` for 约.
    high : Decimal or None
        The upper end of a range.
    """

    text: str
    value: Decimal
    step: Decimal
    unit: str = ""
    rounding: Rounding = "half_up"
    kind: Literal["single", "range", "at_least", "about"] = "single"
    high: Decimal | None = None

    @property
    def decimals(self) -> int:
        """Printed places after the point."""
        exponent = self.step.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    @property
    def interval(self) -> Interval:
        """Every unrounded number that prints as this figure, in its printed unit."""
        low = _rounding_interval(self.value, self.step, self.rounding)
        if self.kind == "at_least":
            return Interval(self.value, Decimal("Infinity"), True, False)
        if self.high is None:
            return low
        high = _rounding_interval(self.high, self.step, self.rounding)
        return Interval(low.low, high.high, low.low_closed, high.high_closed)


def _rounding_interval(value: Decimal, step: Decimal, rule: Rounding) -> Interval:
    """The unrounded numbers that a rule turns into `value`; a count is exact."""
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


def parse_figure(text: str, rounding: Rounding = "half_up") -> Figure:
    """A printed number as value, decimals and interval.

    Parameters
    ----------
    text : str
        For instance ``187.79``, ``14.44 %``, ``38.46~107.03``, ``1.08 亿元``, ``15.1 万度``, ``369 余``.
    rounding : {"half_up", "half_even", "truncate", "exact"}
        How the publisher is taken to have rounded.

    Returns
    -------
    Figure

    Raises
    ------
    FigureError
        If the text does not begin with a number.

    Examples
    --------
    >>> figure = parse_figure("15.1 万度")
    >>> figure.value, figure.unit, str(figure.interval)
    (Decimal('15.1'), '万度', '[15.05, 15.15)')
    """
    plain = unicodedata.normalize("NFKC", str(text)).replace("−", "-").replace("，", ",").strip()
    kind: Literal["single", "at_least", "about"] = "single"
    if _AT_LEAST.match(plain):
        kind, plain = "at_least", _AT_LEAST.sub("", plain)
    elif _ABOUT.match(plain):
        kind, plain = "about", _ABOUT.sub("", plain)
    found = _RANGE.match(plain)
    if found:
        low, high = (Decimal(found[name].replace(",", "")) for name in ("low", "high"))
        if high < low:
            raise FigureError(f"{text!r} is a range that ends below its beginning.")
        step = min(_last_place(low), _last_place(high))
        return Figure(str(text), low, step, found["unit"].strip(), rounding, "range", high)
    found = _SINGLE.match(plain)
    if not found:
        raise FigureError(f"{text!r} is not a printed number.")
    value = Decimal(found["value"].replace(",", ""))
    if found["more"]:
        kind = "at_least"
    return Figure(str(text), value, _last_place(value), found["unit"].strip(), rounding, kind)


def _last_place(value: Decimal) -> Decimal:
    """One unit of the last written place."""
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(0, exponent) if isinstance(exponent, int) else 0)


def agreement(rebuilt: str | float | Decimal, figure: Figure) -> Agreement:
    """Whether a rebuilt number prints as the published figure.

    Returns
    -------
    str
        ``agrees``; ``agrees if truncated``, when the publisher would have had to drop digits instead of rounding;
        or ``does not follow``.
    """
    if rebuilt in figure.interval:
        return "agrees"
    if figure.kind == "single" and rebuilt in _rounding_interval(figure.value, figure.step, "truncate"):
        return "agrees if truncated"
    return "does not follow"


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
