"""What the coefficients of a plan are made of: products of figures, each with the figures whose errors it carries."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from carbonledger.core.findings import Finding
from carbonledger.factors.factor import Factor
from carbonledger.inventory.coefficients import ROUNDING, GasCoefficient, Plan, PlanRow
from carbonledger.uncertainty.parameters import Parameter, factor_parameter
from carbonledger.uncertainty.stated import UncertaintySettings

__all__ = ["Coefficients", "RowTerms", "Term", "coefficients_of"]


class Term(NamedTuple):
    """A product in a coefficient: the emissions of one gas.

    Parameters
    ----------
    tco2e : float
        Per unit of the amount.
    powers : tuple of (int, int)
        Numbers of parameters, each with 1 if it is multiplied by, -1 if divided by.
    """

    tco2e: float
    powers: tuple[tuple[int, int], ...]


class RowTerms(NamedTuple):
    """The coefficient of a plan row.

    Parameters
    ----------
    covered, others : tuple of Term
        Products of figures that all have limits, and the rest.
    """

    covered: tuple[Term, ...]
    others: tuple[Term, ...]

    @property
    def tco2e(self) -> float:
        """The part with limits, t CO2e per unit of the amount."""
        return math.fsum(term.tco2e for term in self.covered)

    @property
    def sensitivities(self) -> dict[int, float]:
        """By how much the covered part changes, as a fraction of it, when a parameter changes by the whole of itself."""
        found: dict[int, float] = {}
        for term in self.covered:
            for number, power in term.powers:
                found[number] = found.get(number, 0.0) + power * term.tco2e / self.tco2e
        return found

    @property
    def pairs(self) -> dict[tuple[int, int], float]:
        """The same when two parameters change together, beyond what each does alone."""
        found: dict[tuple[int, int], float] = {}
        for term in self.covered:
            for at, (first, power) in enumerate(term.powers):
                for second, other in term.powers[at + 1 :]:
                    key = (min(first, second), max(first, second))
                    found[key] = found.get(key, 0.0) + power * other * term.tco2e / self.tco2e
        return found


class Coefficients(NamedTuple):
    """The coefficients of a plan with the parameters that they share.

    Parameters
    ----------
    parameters : tuple of Parameter
        Factors, calorific values, GWPs: each once, in the order of their names.
    rows : tuple of RowTerms
        By plan row.
    """

    parameters: tuple[Parameter, ...]
    rows: tuple[RowTerms, ...]


def coefficients_of(plan: Plan, settings: UncertaintySettings, used: set[str], findings: list[Finding]) -> Coefficients:
    """The products behind the coefficients of a plan.

    Parameters
    ----------
    plan : Plan
        Of an inventory.
    settings : UncertaintySettings
        What is stated.
    used : set of str
        Gains the words of the statements that fit.
    findings : list of Finding
        Gains what is odd in the limits of editions.

    Returns
    -------
    Coefficients
    """
    factors = {factor.reference: factor for row in plan.rows for _, factors in _products(row) for factor, _ in factors}
    made = [factor_parameter(factors[name], settings, used) for name in sorted(factors)]
    findings += [_outside(factors[item.key]) for item in made if item.limits is None and _has_limits(factors[item.key])]
    numbers = {item.key: at for at, item in enumerate(made)}
    return Coefficients(tuple(made), tuple(_row_terms(row, made, numbers) for row in plan.rows))


def _has_limits(factor: Factor) -> bool:
    """Whether an edition publishes limits of a factor."""
    return factor.lower is not None and factor.upper is not None and factor.value > 0


def _outside(factor: Factor) -> Finding:
    """The finding for a figure that does not lie within its published limits."""
    limits = {"lower": factor.lower, "upper": factor.upper}
    return Finding.of("UNCERTAINTY_LIMITS.outside", factor=factor.reference, value=factor.value, **limits)


def _products(row: PlanRow) -> Iterator[tuple[float, list[tuple[Factor, int]]]]:
    """The products that a row's coefficient is the sum of: t CO2e per unit, and the factors with their powers.

    Where a publisher's CO2e stands beside its gases, the CO2e is the total and the gases only divide it, so that it is one product.
    """
    whole = next((gas for gas in row.gases if gas.gas == ROUNDING), None)
    if whole is not None:
        yield row.emissions_tco2e, _factors_of(whole)
        return
    for gas in row.gases:
        if gas.tco2e:
            yield gas.tco2e, _factors_of(gas)


def _factors_of(gas: GasCoefficient) -> list[tuple[Factor, int]]:
    """The factors of a coefficient with their powers; constants have no error."""
    powers: Counter[str] = Counter()
    found: dict[str, Factor] = {}
    steps: Sequence[Any] = gas.steps
    for factor, power in [*((step.factor, -1 if step.divides else 1) for step in steps), (gas.gwp, 1)]:
        if factor is not None:
            powers[factor.reference] += power
            found[factor.reference] = factor
    return [(found[name], power) for name, power in powers.items() if power]


def _row_terms(row: PlanRow, made: Sequence[Parameter], numbers: dict[str, int]) -> RowTerms:
    """The products of a row, those whose figures all have limits apart."""
    covered: list[Term] = []
    others: list[Term] = []
    for tco2e, factors in _products(row):
        powers = tuple((numbers[factor.reference], power) for factor, power in factors)
        known = all(made[number].limits is not None for number, _ in powers)
        (covered if known else others).append(Term(tco2e, powers))
    return RowTerms(tuple(covered), tuple(others))
