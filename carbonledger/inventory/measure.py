"""Numbers in base units with their dimension.

Pint reads each unit text once; what is multiplied afterwards are floats, and the dimensions prove each product.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from carbonledger.core.units import canonical_unit, define_label, parse_unit, registry
from carbonledger.factors.factor import Factor

if TYPE_CHECKING:
    from pint.util import UnitsContainer

__all__ = ["Measure", "denominator_of", "factor_measure", "is_per_energy", "unit_measure"]

# Parameters whose gas names what they are about and is no dimension of their number.
_OF_A_GAS = frozenset({"gwp", "blend_share"})
_REMEMBERED = 4096


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its dimension.

    Parameters
    ----------
    number : float
        In the base units of the registry: kg, m, s.
    dimensions : pint.util.UnitsContainer
        What it measures, a gas among them.
    """

    number: float
    dimensions: UnitsContainer

    def __mul__(self, other: Measure) -> Measure:
        return Measure(self.number * other.number, _product(self.dimensions, other.dimensions))

    def __truediv__(self, other: Measure) -> Measure:
        return Measure(self.number / other.number, _quotient(self.dimensions, other.dimensions))

    def is_in(self, unit: str, gas: str = "") -> bool:
        """Whether it measures what a unit, of a gas perhaps, does."""
        return bool(self.dimensions == unit_measure(unit, gas).dimensions)

    def of(self, unit: str, gas: str = "") -> float:
        """How many of a unit it is, where `is_in` holds."""
        return self.number / unit_measure(unit, gas).number


@lru_cache(maxsize=_REMEMBERED)
def _product(one: UnitsContainer, other: UnitsContainer) -> UnitsContainer:
    """The dimensions of a product."""
    product: UnitsContainer = one * other
    return product


@lru_cache(maxsize=_REMEMBERED)
def _quotient(one: UnitsContainer, other: UnitsContainer) -> UnitsContainer:
    """The dimensions of a quotient."""
    quotient: UnitsContainer = one / other
    return quotient


@cache
def unit_measure(unit: str, gas: str = "") -> Measure:
    """One of a unit, of a gas perhaps.

    Examples
    --------
    >>> unit_measure("kWh").number
    3600000.0
    """
    one = registry().Quantity(1.0, parse_unit(unit))
    if gas:
        one = one * registry().Quantity(1.0, define_label(gas))
    return Measure(float(one.to_base_units().magnitude), one.dimensionality)


def factor_measure(factor: Factor) -> Measure:
    """A factor with its gas as a dimension of the numerator."""
    one = unit_measure(factor.unit, "" if factor.parameter in _OF_A_GAS else factor.gas)
    return Measure(one.number * factor.value, one.dimensions)


@cache
def denominator_of(unit: str) -> str:
    """What a factor in some unit is per, in the registry's spelling; ``1`` if it is per nothing.

    Examples
    --------
    >>> denominator_of("kg/GJ"), denominator_of("t/(10^4 Nm3)")
    ('GJ', '10^4 Nm3')
    """
    per = canonical_unit(unit).partition("/")[2]
    return per.removeprefix("(").removesuffix(")") if per else "1"


@cache
def is_per_energy(unit: str) -> bool:
    """Whether a factor in some unit is a mass per energy."""
    per = denominator_of(unit)
    return per != "1" and unit_measure(per).is_in("J")
