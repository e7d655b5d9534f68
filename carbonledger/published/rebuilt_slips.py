"""Slips that lead from a recalculated number to the printed one and need more of the inventory than that number."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from carbonledger.core.rounding import Interval
from carbonledger.published.recalculation import RebuiltFigure

__all__ = ["slip_of_rebuilt"]


def slip_of_rebuilt(found: RebuiltFigure, readings: Mapping[str, Callable[[], Decimal | None]]) -> str:
    """The name of the first reading that prints as the figure does; empty if none does.

    Parameters
    ----------
    found : RebuiltFigure
        That does not follow.
    readings : mapping of str to callable
        By the name of a slip, what the figure would be after it, in its unit; calculated only if it is needed.

    Returns
    -------
    str
    """
    for name, reading in readings.items():
        value = reading()
        if value is not None and found.figure.figure.interval.overlaps(Interval(value, value)):
            return name
    return ""
