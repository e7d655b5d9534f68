"""Conversions of printed figures, exact as fractions.

A factor such as 1/36 has no decimal text; rounded to one, it would move a figure that is exact. Each unit is a product of definitions in
``units.txt``, all of them decimal numbers, so that a conversion is a fraction.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

from carbonledger.core.errors import DimensionError
from carbonledger.core.findings import Message
from carbonledger.core.rounding import Interval, decimal_of
from carbonledger.core.units import parse_unit, registry

__all__ = ["exact_factor", "times"]


@cache
def exact_factor(source: str, target: str, *, over: str = "", by: str = "") -> Fraction:
    """How many `target` one ``source * by / over`` is.

    Parameters
    ----------
    source, target, over, by : str
        Units; an empty one is a plain number.

    Returns
    -------
    fractions.Fraction

    Raises
    ------
    DimensionError
        If the two measure different things.

    Examples
    --------
    >>> exact_factor("GJ", "10^4 kWh"), exact_factor("kWh", "MWh/person", over="person")
    (Fraction(1, 36), Fraction(1, 1000))
    """
    have, want = _pint_unit(source) * _pint_unit(by) / _pint_unit(over), _pint_unit(target)
    if have.dimensionality != want.dimensionality:
        spelt = f"{source or '1'}{f' x {by}' if by else ''}{f' / ({over})' if over else ''}"
        case = "UNITS_DO_NOT_FIT" if target else "UNITS_DO_NOT_FIT.number"
        raise DimensionError(Message.of(case, unit=spelt, **({"target": target} if target else {})))
    return _size_in_root_units(have) / _size_in_root_units(want)


def times(interval: Interval, factor: Fraction) -> Interval:
    """An interval times an exact fraction."""
    if factor == 1:
        return interval
    above, below = decimal_of(factor.numerator), decimal_of(factor.denominator)
    scaled = interval.scaled(above) / Interval(below, below)
    closed = (interval.low_closed, interval.high_closed) if factor > 0 else (interval.high_closed, interval.low_closed)
    return Interval(scaled.low, scaled.high, *closed)


def _pint_unit(text: str) -> Any:
    """The pint unit of a text; that of a plain number if it is empty."""
    return parse_unit(text) if text else registry().dimensionless


def _size_in_root_units(unit: Any) -> Fraction:
    """A unit in root units, as the product of what its parts are defined as."""
    size = Fraction(1)
    for name, power in unit._units.items():
        size *= _definition(name) ** int(power)
    return size


@cache
def _definition(name: str) -> Fraction:
    """One unit of the registry in root units."""
    return Fraction(decimal_of(float(registry().Quantity(1.0, name).to_root_units().magnitude)))
