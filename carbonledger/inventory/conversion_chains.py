"""A coefficient taken apart: published values, multiplied or divided, and what their units leave to convert."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from carbonledger.inventory.coefficients import ROUNDING, PlanRow, Step
from carbonledger.inventory.measure import unit_measure

__all__ = ["ConversionChain", "conversion_chains", "step_value"]

_SAME = 1e-12
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class ConversionChain:
    """How one unit of an amount becomes GJ, tce or tonnes of a gas.

    Parameters
    ----------
    quantity : str
        ``energy``, ``standard_coal``, or a gas.
    unit : str
        Of the result: ``GJ``, ``tce`` or ``t``.
    steps : tuple of Step
        The published values, in the order in which they are applied.
    conversion : float
        What the units of the amount and of the values leave to convert, e.g. 0.001 from kg to t.
    value : float
        The coefficient [unit per unit of the amount]: the values times the conversion. Of `ROUNDING`, the CO2e from which the gases
        are taken off.
    """

    quantity: str
    unit: str
    steps: tuple[Step, ...]
    conversion: float
    value: float


def conversion_chains(row: PlanRow) -> tuple[ConversionChain, ...]:
    """The chains of a row of the plan: of its energy and standard coal, if it has them, and of each gas.

    Parameters
    ----------
    row : PlanRow
        The resolved combination.

    Returns
    -------
    tuple of ConversionChain
        Those of the gases last, in their order.

    Examples
    --------
    >>> import carbonledger as cl
    >>> row = cl.report("seeds/techen-2024").inventory.plan.rows[0]
    >>> [(chain.quantity, [step.value_text for step in chain.steps], chain.conversion) for chain in conversion_chains(row)]
    [('energy', [], 0.0036), ('CO2', ['0.5703'], 0.001)]
    """
    chains = []
    if row.energy_gj is not None:
        chains.append(_chain(row, "energy", "GJ", row.energy_steps, row.energy_gj))
    if row.standard_coal_tce is not None:
        chains.append(_chain(row, "standard_coal", "tce", row.coal_steps, row.standard_coal_tce))
    for gas in row.gases:
        value = row.emissions_tco2e if gas.gas == ROUNDING else gas.tonnes
        chains.append(_chain(row, gas.gas, "t", gas.steps, value))
    return tuple(chains)


def step_value(step: Step) -> float:
    """The number of a step: the published value, or a constant such as 44/12."""
    return step.factor.value if step.factor is not None else float(Fraction(step.value_text))


def _chain(row: PlanRow, quantity: str, unit: str, steps: tuple[Step, ...], value: float) -> ConversionChain:
    """The chain of one coefficient; by dimensions where a value of 0 hides what the units leave."""
    product = math.prod(1 / step_value(step) if step.divides else step_value(step) for step in steps)
    conversion = _short(value / product) if product else _by_dimensions(row.unit, unit, steps)
    return ConversionChain(quantity, unit, steps, conversion, value)


def _short(ratio: float) -> float:
    """A ratio without the last digits that multiplications in binary leave."""
    short = float(f"{ratio:.{_DIGITS}g}")
    return short if math.isclose(short, ratio, rel_tol=_SAME / 10) else ratio


def _by_dimensions(start: str, unit: str, steps: tuple[Step, ...]) -> float:
    """What the units leave to convert, by multiplying units alone."""
    measure = unit_measure(start)
    number = measure.number
    for step in steps:
        if step.factor is None:
            continue
        one = unit_measure(step.factor.unit).number
        number = number / one if step.divides else number * one
    return _short(number / unit_measure(unit).number)
