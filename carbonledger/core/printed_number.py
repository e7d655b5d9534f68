"""Printed numbers, and the intervals of unrounded numbers that they stand for.

A published figure is never a point: ``187.79`` says that the unrounded number lay between 187.785 and 187.795.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Literal

from carbonledger.core.errors import FigureError
from carbonledger.core.findings import Message
from carbonledger.core.number_text import with_plain_exponent
from carbonledger.core.rounding import Interval, Rounding, rounding_interval

__all__ = ["Figure", "Kind", "Outcome", "agreement", "parse_figure"]

Kind = Literal["single", "range", "at_least", "at_most", "about"]

_NUMBER = r"[+-]?(?:\d{1,3}(?:[, ']\d{3})+(?!\d)|\d+)(?:\.\d+)?(?:[eE][-+]?\d{1,3})?"
_RANGE = re.compile(rf"^(?P<low>{_NUMBER})\s*(?:%|‰)?\s*(?:~|至|到|–|—|-)\s*(?P<high>{_NUMBER})(?P<unit>.*)$")
_SINGLE = re.compile(rf"^(?P<value>{_NUMBER})(?P<mark>\([+-]\))?\s*(?P<more>余|多|以上|\+)?(?P<unit>.*)$")
_AROUND = re.compile(r"\s*(?:左右|上下)")
_PREFIXES: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("at_least", re.compile(r"^(?:超过|超|逾|不少于|不低于|over|more than|at least|>=|≥|>)\s*", re.IGNORECASE)),
    (
        "at_most",
        re.compile(
            r"^(?:不超过|不到|不足|少于|低于|小于|under|below|less than|at most|up to|<=|≤|<)\s*", re.IGNORECASE
        ),
    ),
    (
        "about",
        re.compile(r"^(?:约为?|近|接近|大约|about|approximately|around|nearly|almost|ca\.?|~)\s*", re.IGNORECASE),
    ),
)
# More than any printed figure has, so that no text costs time.
_LONGEST = 200
# What goes on like a number: a digit, a point, a comma, an apostrophe, an exponent, a power, a further sign or a second range.
_NUMBER_CONTINUES = re.compile(r"\s*(?:[%‰]\s*[-~–—]\s*\d|[\d.,'’+~×^*]|-\s*\d|e[+-]?\d)", re.IGNORECASE)


class Outcome(StrEnum):
    """How a printed figure compares with what it should follow from, the mildest outcome first.

    ``agrees``; ``agrees if truncated``: digits were dropped instead of rounded; ``agrees if rounded coarser``: the trailing zeros carry no
    precision; ``agrees within rounded factors``: the factors are printed by gas, each rounded by itself; ``agrees as a sum of rounded
    parts``: the total was added up from its printed parts; ``cannot be divided``: the divisor may be 0, or is open-ended; ``cannot be
    evaluated``: see the reason beside; ``implies``: the figure is not printed, others give it; ``does not follow``.
    """

    AGREES = "agrees"
    AGREES_IF_TRUNCATED = "agrees if truncated"
    AGREES_IF_ROUNDED_COARSER = "agrees if rounded coarser"
    AGREES_WITHIN_ROUNDED_FACTORS = "agrees within rounded factors"
    AGREES_AS_SUM_OF_ROUNDED = "agrees as a sum of rounded parts"
    CANNOT_BE_DIVIDED = "cannot be divided"
    CANNOT_BE_EVALUATED = "cannot be evaluated"
    IMPLIES = "implies"
    DOES_NOT_FOLLOW = "does not follow"

    @property
    def severity(self) -> int:
        """The place in the order of severity: 0 for a figure that agrees as printed."""
        return list(Outcome).index(self)

    @property
    def agrees(self) -> bool:
        """Whether the figure agrees under plain rounding or another one."""
        return self.severity <= Outcome.AGREES_AS_SUM_OF_ROUNDED.severity


@dataclass(frozen=True, slots=True)
class Figure:
    """A printed number: text, value, last printed place, and the interval of unrounded numbers.

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
    kind : {"single", "range", "at_least", "at_most", "about"}
        ``at_least`` for "over" and 余, ``at_most`` for "under" and 不到, ``about`` for 约, 近 and 左右: within one unit of its last
        place that is not 0.
    high : Decimal or None
        The upper end of a range.
    """

    text: str
    value: Decimal
    step: Decimal
    unit: str = ""
    rounding: Rounding = "half_up"
    kind: Kind = "single"
    high: Decimal | None = None

    @property
    def decimals(self) -> int:
        """Printed places after the point."""
        exponent = self.step.as_tuple().exponent
        return max(0, -exponent) if isinstance(exponent, int) else 0

    @property
    def interval(self) -> Interval:
        """Every unrounded number that prints as this figure, in its printed unit."""
        low = rounding_interval(self.value, self.step, self.rounding)
        if self.kind == "at_most":
            return Interval(min(Decimal(0), self.value), self.value)
        if self.kind == "about" and self.value:
            around = _last_nonzero_place(self.value)
            return Interval(self.value - around, self.value + around)
        if self.kind == "at_least":
            return Interval(self.value, Decimal("Infinity"), True, False)
        if self.high is None:
            return low
        high = rounding_interval(self.high, self.step, self.rounding)
        return Interval(low.low, high.high, low.low_closed, high.high_closed)


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
    if len(str(text)) > _LONGEST:
        raise FigureError(Message.of("PRINTED_NUMBER.too_long", length=len(str(text))))
    plain = unicodedata.normalize("NFKC", with_plain_exponent(str(text))).replace("−", "-").replace("，", ",").strip()
    kind, plain = _kind_and_rest(plain)
    found = _RANGE.match(plain)
    if found:
        low, high = (_decimal_of_text(found[name]) for name in ("low", "high"))
        if high < low:
            raise FigureError(Message.of("PRINTED_NUMBER.falling_range", text=str(text)))
        step = min(_last_place(low), _last_place(high))
        return Figure(str(text), low, step, _unit_behind(found["unit"], text), rounding, "range", high)
    found = _SINGLE.match(plain)
    if not found:
        raise FigureError(Message.of("PRINTED_NUMBER.no_number", text=str(text)))
    value = _decimal_of_text(found["value"])
    if found["more"]:
        kind = "at_least"
    return Figure(str(text), value, _last_place(value), _unit_behind(found["unit"], text), rounding, kind)


def _kind_and_rest(plain: str) -> tuple[Kind, str]:
    """The kind of number that words such as "about" make of it, and the text without them."""
    for name, prefix in _PREFIXES:
        if prefix.match(plain):
            return name, prefix.sub("", plain)
    return ("about", _AROUND.sub("", plain)) if _AROUND.search(plain) else ("single", plain)


def _decimal_of_text(text: str) -> Decimal:
    """A number without thousands separators."""
    return Decimal(re.sub(r"[, ']", "", text))


def _unit_behind(rest: str, text: str) -> str:
    """The unit behind a number; refused if the number continues, so that no digit is dropped."""
    if _NUMBER_CONTINUES.match(rest):
        raise FigureError(Message.of("PRINTED_NUMBER.continues", text=text, rest=rest))
    return rest.strip()


def _last_nonzero_place(value: Decimal) -> Decimal:
    """One unit of the last place that is not 0: 100 of 1700, 0.01 of 8047.59."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def _last_place(value: Decimal) -> Decimal:
    """One unit of the last written place."""
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def agreement(rebuilt: str | float | Decimal, figure: Figure) -> Outcome:
    """Whether a recalculated number prints as the published figure.

    Parameters
    ----------
    rebuilt : str, float or Decimal
        The unrounded number, in the unit of the figure.
    figure : Figure
        As printed.

    Returns
    -------
    Outcome
        ``agrees``; ``agrees if truncated``, when the publisher would have had to drop digits instead of rounding;
        or ``does not follow``.
    """
    if rebuilt in figure.interval:
        return Outcome.AGREES
    if figure.kind == "single" and rebuilt in rounding_interval(figure.value, figure.step, "truncate"):
        return Outcome.AGREES_IF_TRUNCATED
    return Outcome.DOES_NOT_FOLLOW
