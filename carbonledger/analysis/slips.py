"""Known slips: what turns a right number into the printed one.

References
----------
The slips are those that verifiers meet most: a power of ten between kWh and 10^4 kWh, kg and t, kWh and MWh; 3.6 between MJ and kWh; a
percentage of the later instead of the earlier year; a lost sign.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from carbonledger.rounding import Figure, Interval

__all__ = ["other_base", "slip_of"]

_FACTORS: Mapping[str, Decimal] = {
    "x 10": Decimal(10),
    "x 0.1": Decimal("0.1"),
    "x 1000": Decimal(1000),
    "x 0.001": Decimal("0.001"),
    "x 10^4": Decimal(10_000),
    "x 10^-4": Decimal("0.0001"),
    "x 3.6": Decimal("3.6"),
    "/ 3.6": Decimal(1) / Decimal("3.6"),
    "sign": Decimal(-1),
}


def slip_of(printed: Figure, computed: Interval | Decimal) -> str:
    """The slip that leads from the computed number to the printed one.

    Parameters
    ----------
    printed : Figure
        What stands in the report.
    computed : Interval or Decimal
        What it should follow from, in the same unit.

    Returns
    -------
    str
        E.g. ``x 1000``; empty if none fits, or if 0 fits any of them. A slip found shows that the arithmetic fits, not that it was made.

    Examples
    --------
    >>> from carbonledger import parse_figure
    >>> slip_of(parse_figure("7.2"), Decimal("7200"))
    'x 0.001'
    """
    interval = computed if isinstance(computed, Interval) else Interval(computed, computed)
    if interval.low <= 0 <= interval.high or printed.value == 0:
        return ""
    return next((name for name, factor in _FACTORS.items() if printed.interval.overlaps(interval.scaled(factor))), "")


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
    hundred = Interval(Decimal(100), Decimal(100))
    change = hundred - previous / current * hundred
    return printed.interval.overlaps(change.scaled(Decimal(-1)) if falls else change)
