"""Unknowns that several linear relations determine only together, such as two amounts of which a sum and a weighted sum are printed.

Narrowing one relation by one needs a first limit for each unknown, and comes near to the answer slowly. Here the relations that are
linear in the unknowns are solved at once. Printed coefficients and sums are intervals, so that the solution is one too: around the exact
solution at their middles, with a radius that holds every choice of numbers within them. A solver in floating point would not promise that,
and the systems of a report are small, so that the arithmetic is that of fractions.

References
----------
Neumaier, "Interval Methods for Systems of Equations" (1990), chapter 4: a system multiplied by the inverse of its middle.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from fractions import Fraction

from carbonledger.core.rounding import Interval
from carbonledger.published.constraints import Constraint, LinearTerm

__all__ = ["Solution", "solutions"]

# A report with more unknowns that hang together has not been seen; the work grows with the cube.
_MOST_UNKNOWNS = 24
_DIGITS = 40
# So that a system without any rounding has a radius too, however small.
_LEAST_RADIUS = Fraction(1, 10**30)


@dataclass(frozen=True, slots=True)
class Solution:
    """The interval of an unknown, and the constraints that give it.

    Parameters
    ----------
    interval : Interval
        All values it can have.
    constraints : tuple of Constraint
        What was solved.
    """

    interval: Interval
    constraints: tuple[Constraint, ...]


@dataclass(frozen=True, slots=True)
class _Range:
    """A number known within a radius."""

    middle: Fraction
    radius: Fraction = Fraction(0)


@dataclass(frozen=True, slots=True)
class _Equation:
    """Coefficients times unknowns are a constant, each within a radius."""

    constraint: Constraint
    coefficients: Mapping[str, _Range]
    constant: _Range


def solutions(constraints: Iterable[Constraint], domains: Mapping[str, Interval]) -> dict[str, Solution]:
    """The unknowns that some constraints determine together.

    Parameters
    ----------
    constraints : iterable of Constraint
        That contradict nothing.
    domains : mapping of str to Interval
        What is known of each figure; names that begin with ``?`` are unknowns.

    Returns
    -------
    dict of str to Solution
        By unknown; only those of systems with as many independent equations as unknowns.
    """
    found = (_equation(item, domains) for item in constraints)
    equations = _without_loose_ends([item for item in found if item is not None])
    solved: dict[str, Solution] = {}
    for system in _systems(equations):
        unknowns = list(dict.fromkeys(name for item in system for name in item.coefficients))
        if 1 < len(unknowns) <= min(len(system), _MOST_UNKNOWNS):
            solved |= _solved_system(system, unknowns)
    return solved


def _equation(constraint: Constraint, domains: Mapping[str, Interval]) -> _Equation | None:
    """A constraint as an equation in its unknowns; None if it has none, is not linear in them, or is open-ended."""
    free = [term for term in constraint.terms if term.figure.startswith("?")]
    ranges = {term.figure: _range_of(term, domains) for term in constraint.terms if term not in free}
    if not free or any(item is None for item in ranges.values()):
        return None
    known = {name: item for name, item in ranges.items() if item is not None}
    pairs = _in_a_sum(constraint, known) if constraint.form == "sum" else _in_a_product(constraint, known)
    if pairs is None:
        return None
    coefficients: dict[str, _Range] = {}
    constant = Fraction(constraint.constant) if constraint.form == "sum" else Fraction(0)
    radius = Fraction(0)
    for term, factor in pairs:
        if term in free:
            before = coefficients.get(term.figure, _Range(Fraction(0)))
            coefficients[term.figure] = _Range(
                before.middle + factor.middle * term.scale, before.radius + factor.radius * abs(term.scale)
            )
            constant -= factor.middle * Fraction(term.offset)
            radius += factor.radius * abs(Fraction(term.offset))
        else:
            constant -= factor.middle
            radius += factor.radius
    return _Equation(constraint, coefficients, _Range(constant, radius))


def _range_of(term: LinearTerm, domains: Mapping[str, Interval]) -> _Range | None:
    """The value of a term as a middle and a radius; None if it is open-ended."""
    ends = term.ends_of(domains.get(term.figure))
    if ends is None or not (ends[0].is_finite() and ends[1].is_finite()):
        return None
    low, high = Fraction(ends[0]), Fraction(ends[1])
    return _Range((low + high) / 2, (high - low) / 2)


def _in_a_sum(constraint: Constraint, known: Mapping[str, _Range]) -> Iterator[tuple[LinearTerm, _Range]]:
    """The terms of a sum: an unknown with its factor 1, a figure with its value."""
    return ((term, known.get(term.figure, _Range(Fraction(1)))) for term in constraint.terms)


def _in_a_product(constraint: Constraint, known: Mapping[str, _Range]) -> list[tuple[LinearTerm, _Range]] | None:
    """``first x constant - second x third = 0`` as terms; None unless exactly one of the last two is printed."""
    first, *others = constraint.terms
    printed = [term for term in others if term.figure in known]
    if len(printed) != 1:
        return None
    factor = known[printed[0].figure]
    unknown = next(term for term in others if term is not printed[0])
    scale = Fraction(constraint.constant)
    whole = known.get(first.figure, _Range(Fraction(1)))
    return [
        (first, _Range(whole.middle * scale, whole.radius * abs(scale))),
        (unknown, _Range(-factor.middle, factor.radius)),
    ]


def _without_loose_ends(equations: Sequence[_Equation]) -> list[_Equation]:
    """The equations without those that have an unknown of their own, which takes up whatever the others leave."""
    left = list(equations)
    while True:
        uses = Counter(name for item in left for name in item.coefficients)
        kept = [item for item in left if all(uses[name] > 1 for name in item.coefficients)]
        if len(kept) == len(left):
            return left
        left = kept


def _systems(equations: Sequence[_Equation]) -> Iterator[list[_Equation]]:
    """The equations that share unknowns, directly or through others, each group in the given order."""
    by_name: dict[str, list[int]] = {}
    for at, item in enumerate(equations):
        for name in item.coefficients:
            by_name.setdefault(name, []).append(at)
    seen: set[int] = set()
    for start in range(len(equations)):
        waiting, group = [start], set[int]()
        while waiting:
            at = waiting.pop()
            if at not in seen:
                seen.add(at)
                group.add(at)
                waiting += [other for name in equations[at].coefficients for other in by_name[name]]
        if group:
            yield [equations[at] for at in sorted(group)]


def _solved_system(equations: Sequence[_Equation], unknowns: Sequence[str]) -> dict[str, Solution]:
    """The solution of a system, by unknown; empty if it has no single one."""
    rows = _independent([[_at(item, name).middle for name in unknowns] for item in equations], len(unknowns))
    chosen = [equations[at] for at in rows]
    inverse = _inverse([[_at(item, name).middle for name in unknowns] for item in chosen]) if rows else None
    if inverse is None:
        return {}
    size = range(len(unknowns))
    middle = [sum((row[at] * chosen[at].constant.middle for at in size), Fraction(0)) for row in inverse]
    spread = [
        [sum((abs(row[at]) * _at(chosen[at], name).radius for at in size), Fraction(0)) for name in unknowns]
        for row in inverse
    ]
    own = [
        sum(
            (abs(inverse[at][k]) * chosen[k].constant.radius + spread[at][k] * abs(middle[k]) for k in size),
            _LEAST_RADIUS,
        )
        for at in size
    ]
    radius = _radius(spread, own)
    by = tuple(item.constraint for item in chosen)
    return {
        name: Solution(_interval(middle[at] - radius[at], middle[at] + radius[at]), by)
        for at, name in enumerate(unknowns)
        if radius
    }


def _at(equation: _Equation, name: str) -> _Range:
    """The coefficient of an unknown in an equation."""
    return equation.coefficients.get(name, _Range(Fraction(0)))


def _radius(spread: Sequence[Sequence[Fraction]], own: Sequence[Fraction]) -> list[Fraction]:
    """The least radius with ``radius = own + spread x radius``; empty if the coefficients are too uncertain for one.

    A solution that is positive throughout proves that the spread converges, because `own` is.
    """
    size = range(len(own))
    inverse = _inverse([[Fraction(at == k) - spread[at][k] for k in size] for at in size])
    if inverse is None:
        return []
    found = [sum((row[k] * own[k] for k in size), Fraction(0)) for row in inverse]
    return found if all(item > 0 for item in found) else []


def _independent(rows: Sequence[Sequence[Fraction]], size: int) -> list[int]:
    """The places of the first rows that are independent of each other; empty if there are fewer than `size`."""
    reduced: list[tuple[int, list[Fraction]]] = []
    chosen: list[int] = []
    for place, row in enumerate(rows):
        rest = list(row)
        for pivot, other in reduced:
            factor = rest[pivot]
            rest = [value - factor * there for value, there in zip(rest, other, strict=True)]
        at = next((at for at, value in enumerate(rest) if value), None)
        if at is not None:
            reduced.append((at, [value / rest[at] for value in rest]))
            chosen.append(place)
    return chosen if len(chosen) == size else []


def _inverse(matrix: Sequence[Sequence[Fraction]]) -> list[list[Fraction]] | None:
    """The inverse of a square matrix; None if it has none."""
    size = len(matrix)
    rows = [[*row, *(Fraction(at == k) for k in range(size))] for at, row in enumerate(matrix)]
    for at in range(size):
        pivot = next((k for k in range(at, size) if rows[k][at]), None)
        if pivot is None:
            return None
        rows[at], rows[pivot] = rows[pivot], rows[at]
        head = rows[at][at]
        rows[at] = [value / head for value in rows[at]]
        for k in range(size):
            factor = rows[k][at]
            if k != at and factor:
                rows[k] = [value - factor * own for value, own in zip(rows[k], rows[at], strict=True)]
    return [row[size:] for row in rows]


def _interval(low: Fraction, high: Fraction) -> Interval:
    """Two fractions as an interval of decimals that holds them."""
    return Interval(_decimal(low, ROUND_FLOOR), _decimal(high, ROUND_CEILING))


def _decimal(value: Fraction, rounding: str) -> Decimal:
    """A fraction as a decimal, rounded so."""
    with localcontext() as context:
        context.prec, context.rounding = _DIGITS, rounding
        return Decimal(value.numerator) / Decimal(value.denominator)
