"""Charts of intervals as SVG: printed interval, recalculated number and implied interval on one axis."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from carbonledger.core.rounding import Interval

__all__ = ["Picture", "interval_picture"]

_LEFT, _WIDTH = 12, 300
# Room on both sides of what is shown, as a part of its span.
_MARGIN = Decimal("0.15")


@dataclass(frozen=True, slots=True)
class Picture:
    """Where the parts of a picture lie, in pixels of a drawing 324 wide.

    Parameters
    ----------
    bar : tuple of float
        Left end and width of the printed interval.
    dot : float or None
        The rebuilt number.
    band : tuple of float or None
        Left end and width of the implied interval.
    label : tuple of (float, str, str)
        Where the label stands, how it is anchored there, and the ends of the printed interval.
    """

    bar: tuple[float, float]
    dot: float | None
    band: tuple[float, float] | None
    label: tuple[float, str, str]


def interval_picture(printed: Interval, computed: Interval | Decimal | None) -> Picture | None:
    """The chart of a printed figure and of the number or interval that it should follow from.

    Parameters
    ----------
    printed : Interval
        What the printed figure stands for.
    computed : Interval, Decimal or None
        What the engine or other figures give, in the same unit.

    Returns
    -------
    Picture or None
        None if an interval is open-ended or there is nothing to compare.
    """
    if computed is None:
        return None
    other = computed if isinstance(computed, Interval) else Interval(computed, computed)
    limits = (printed.low, printed.high, other.low, other.high)
    if not all(limit.is_finite() for limit in limits):
        return None
    low, high = min(limits), max(limits)
    span = (high - low) or max(abs(high), Decimal(1))
    low, span = low - span * _MARGIN, span * (1 + 2 * _MARGIN)

    def at(value: Decimal) -> float:
        return round(float(_LEFT + (value - low) / span * _WIDTH), 2)

    def reach(interval: Interval) -> tuple[float, float]:
        return at(interval.low), max(round(at(interval.high) - at(interval.low), 2), 1.5)

    point = isinstance(computed, Decimal) or other.low == other.high
    text = " – ".join(f"{limit.normalize():,f}" for limit in (printed.low, printed.high))
    left, width = reach(printed)
    middle = left + width / 2
    anchor = "start" if middle < _WIDTH / 3 else "end" if middle > _WIDTH * 2 / 3 else "middle"
    place = {"start": left, "end": left + width, "middle": middle}[anchor]
    picture_label = (round(place, 2), anchor, text)
    return Picture((left, width), at(other.low) if point else None, None if point else reach(other), picture_label)
