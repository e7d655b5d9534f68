"""Typical errors of transcription that lead from a correct number to the printed one.

Notes
-----
The errors that verifiers meet most often: a power of ten between kWh and 10^4 kWh, kg and t, kWh and MWh, g and t; 3.6 between MJ and
kWh; a fraction printed as per cent or the reverse; a percentage of another base; a lost sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from carbonledger.core.errors import FigureError
from carbonledger.core.language import Label
from carbonledger.core.printed_number import Figure
from carbonledger.core.rounding import Interval

if TYPE_CHECKING:
    from carbonledger.published.constraints import Constraint
    from carbonledger.published.measures import Measures

__all__ = [
    "OTHER_FIGURE",
    "OTHER_YEAR",
    "REST",
    "YEARS",
    "other_base",
    "other_share",
    "typical_error_among",
    "typical_error_of",
]

OTHER_YEAR, REST, OTHER_FIGURE = "per cent of the other year", "per cent of the rest", "whole over part"
YEARS = "years exchanged"
_HUNDRED = Interval(Decimal(100), Decimal(100))
_FACTORS: Mapping[str, Decimal] = {
    "x 10": Decimal(10),
    "x 0.1": Decimal("0.1"),
    "x 100": Decimal(100),
    "x 0.01": Decimal("0.01"),
    "x 1000": Decimal(1000),
    "x 0.001": Decimal("0.001"),
    "x 10^4": Decimal(10_000),
    "x 10^-4": Decimal("0.0001"),
    "x 10^6": Decimal(1_000_000),
    "x 10^-6": Decimal("0.000001"),
    "x 3.6": Decimal("3.6"),
    "/ 3.6": Decimal(1) / Decimal("3.6"),
    "sign": Decimal(-1),
}


def slip_label(name: str) -> Label:
    """A slip in words; a factor as it is."""
    try:
        return Label.of(f"slip {name}")
    except KeyError:
        return Label(name, name)


def slip_text(name: str, at_fault: Label | None) -> Label:
    """A slip in words, with the figure that it is in if that is not the one in question."""
    slip = slip_label(name)
    if at_fault is None:
        return slip
    template = Label.of("slip_at")
    return Label(
        template.en.format(slip=slip.en, figure=at_fault.text("en")),
        template.zh.format(slip=slip.zh, figure=at_fault.text("zh")),
    )


def typical_error_of(printed: Figure, computed: Interval | Decimal) -> str:
    """The typical error that leads from the computed number to the printed one.

    Parameters
    ----------
    printed : Figure
        What stands in the report.
    computed : Interval or Decimal
        What it should follow from, in the same unit.

    Returns
    -------
    str
        E.g. ``x 1000``; empty if none fits, or if 0 fits any of them. A match is arithmetical; it does not prove that the error was made.

    Examples
    --------
    >>> from carbonledger import parse_figure
    >>> typical_error_of(parse_figure("7.2"), Decimal("7200"))
    'x 0.001'
    """
    interval = computed if isinstance(computed, Interval) else Interval(computed, computed)
    if interval.low <= 0 <= interval.high or printed.value == 0:
        return ""
    return next((name for name, factor in _FACTORS.items() if printed.interval.overlaps(interval.scaled(factor))), "")


def factor_near(ratio: Decimal, share: Decimal) -> str:
    """The factor of a typical error that a ratio is near to, within a share of it such as 1.3; empty if none is.

    Examples
    --------
    >>> factor_near(Decimal("985"), Decimal("1.3"))
    'x 1000'
    """
    near = {
        name: factor for name, factor in _FACTORS.items() if factor > 0 and factor / share <= ratio <= factor * share
    }
    return min(near, key=lambda name: max(ratio / near[name], near[name] / ratio)) if near else ""


def other_base(printed: Figure, current: Interval, previous: Interval, *, falls: bool = False) -> bool:
    """Whether a printed percentage is of the later year: (current - previous) / current.

    Parameters
    ----------
    printed : Figure
        In per cent.
    current, previous : Interval
        In one unit.
    falls : bool
        Whether a positive figure means a decrease.

    Returns
    -------
    bool
    """
    if current.low <= 0 <= current.high:
        return False
    change = _HUNDRED - previous / current * _HUNDRED
    return printed.interval.overlaps(change.scaled(Decimal(-1)) if falls else change)


def other_share(printed: Figure, part: Interval, whole: Interval) -> str:
    """The other base that a printed share may have: part over the rest, or whole over part.

    Parameters
    ----------
    printed : Figure
        In per cent.
    part, whole : Interval
        In one unit.

    Returns
    -------
    str
        ``per cent of the rest``, ``whole over part``, or empty.

    Examples
    --------
    >>> from carbonledger import parse_figure
    >>> thirty, hundred = (Interval(Decimal(n), Decimal(n)) for n in (30, 100))
    >>> other_share(parse_figure("42.9 %"), thirty, hundred)
    'per cent of the rest'
    """
    for name, above, below in ((REST, part, whole - part), (OTHER_FIGURE, whole, part)):
        try:
            if printed.interval.overlaps(above / below * _HUNDRED):
                return name
        except (FigureError, InvalidOperation):
            continue
    return ""


def typical_error_among(constraint: Constraint, measures: Measures) -> str:
    """The typical error of a percentage that was computed on another base.

    Parameters
    ----------
    constraint : Constraint
        Of a ``percent_change`` or ``share`` that does not hold.
    measures : Measures
        With the printed figures.

    Returns
    -------
    str
        Empty if none fits, and for any other relation.
    """
    relation = constraint.relation
    if relation.kind not in {"percent_change", "share"}:
        return ""
    values = {
        term.figure: term.of(measures.figures[term.figure].figure.interval)
        for term in constraint.terms
        if term.figure != constraint.result
    }
    printed = measures.figures[constraint.result].figure
    if relation.kind == "share":
        return other_share(printed, values[relation.members["part"]], values[relation.members["whole"]])
    falls = any(term.figure == constraint.result and term.scale < 0 for term in constraint.terms)
    current, previous = (values[relation.members[part]] for part in ("current", "previous"))
    if other_base(printed, current, previous, falls=falls):
        return OTHER_YEAR
    if previous.low <= 0 or not other_base(printed, current, previous, falls=not falls):
        return ""
    lost_sign = (current / previous * _HUNDRED - _HUNDRED).scaled(Decimal(1 if falls else -1))
    return "sign" if printed.interval.overlaps(lost_sign) else YEARS
