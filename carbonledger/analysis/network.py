"""All published figures and relations of a case at once.

Each figure starts as the interval of what prints so; each relation narrows its members by what the others allow, again and again until
nothing moves. An interval that becomes empty is a contradiction, and of the relations that lead to it the smallest set is kept.

References
----------
Interval constraint propagation to a hull fixpoint: Benhamou, Goualard, Granvilliers and Puget, "Revising hull and box consistency", ICLP
1999. Deletion filter for an irreducible infeasible set: Chinneck and Dravnieks, ORSA Journal on Computing 3 (1991).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from carbonledger.analysis.constraints import Constraint, constraints_of
from carbonledger.analysis.figures import PublishedFigure
from carbonledger.analysis.reconciliation import Relation, check_relation
from carbonledger.rounding import Interval

__all__ = ["Clash", "Network", "Tightened", "propagate"]

Computed = Literal["unrounded", "printed"]
_SHRINKS = Decimal("1e-9")
_ROUNDS = 100
# Decimal carries 28 digits; a chain of some operations loses the last few.
_ARITHMETIC = Decimal("1e-20")


@dataclass(frozen=True, slots=True)
class Tightened:
    """What all relations together say of a figure.

    Parameters
    ----------
    figure : str
        Its id; that of an unknown begins with ``?``.
    printed : Interval or None
        What it stands for by itself; None for an unknown.
    interval : Interval
        What is left of it.
    relations : tuple of str
        The relations that narrowed it.
    """

    figure: str
    printed: Interval | None
    interval: Interval
    relations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Clash:
    """Figures that cannot all be right.

    Parameters
    ----------
    relations : tuple of str
        The smallest set of relations found that contradict each other: without any one of them the rest agrees.
    figures : tuple of str
        The figures in them.
    """

    relations: tuple[str, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Network:
    """The figures of a case after propagation.

    Parameters
    ----------
    tightened : mapping of str to Tightened
        By figure; only those that some relation narrowed, and unknowns.
    clashes : tuple of Clash
        Every contradiction found; its relations did not narrow anything.
    assumptions : tuple of str
        How printed values were read beyond plain rounding.
    """

    tightened: Mapping[str, Tightened]
    clashes: tuple[Clash, ...]
    assumptions: tuple[str, ...]


def propagate(
    figures: Mapping[str, PublishedFigure], relations: Sequence[Relation], *, computed: Computed = "unrounded"
) -> Network:
    """Narrow every figure by every relation, and name what contradicts.

    Parameters
    ----------
    figures : mapping of str to PublishedFigure
        By id.
    relations : sequence of Relation
        What should hold; those of kind ``rebuild`` say nothing among figures and are passed over.
    computed : {"unrounded", "printed"}
        Whether the report's results were computed from unrounded values, or from the values as printed.

    Returns
    -------
    Network

    Raises
    ------
    BookError
        If a relation names a figure that does not exist.
    """
    start = {name: figure.figure.interval for name, figure in figures.items()}
    points = {name: Interval(figure.figure.value, figure.figure.value) for name, figure in figures.items()}
    assumptions = [f"computed from {computed} values", *_wider_readings(figures, relations, start)]
    system = _System(start, points if computed == "printed" else {})
    active = [constraint for relation in relations for constraint in constraints_of(relation, figures)]
    clashes: list[Clash] = []
    while True:
        solved = system.solve(active)
        if solved.failed is None:
            break
        smallest = system.smallest(active, solved.failed)
        names = tuple(dict.fromkeys(item.relation.relation_id for item in smallest))
        members = tuple(dict.fromkeys(term.figure for item in smallest for term in item.terms))
        clashes.append(Clash(names, members))
        active = (
            [item for item in active if item is not solved.failed]
            if solved.failed in smallest
            else [item for item in active if item not in smallest]
        )
    tightened = {
        name: Tightened(name, start.get(name), interval, tuple(solved.narrowed_by[name]))
        for name, interval in solved.domains.items()
        if solved.narrowed_by.get(name)
    }
    return Network(tightened, tuple(clashes), tuple(assumptions))


def _wider_readings(
    figures: Mapping[str, PublishedFigure], relations: Sequence[Relation], start: dict[str, Interval]
) -> list[str]:
    """Read a figure that holds only if truncated, or if its last 0 is for show, in that way too, wherever it is printed again."""
    readings: dict[str, tuple[str, Interval]] = {}
    for relation in relations:
        name = _printed_result(relation, figures)
        holds = check_relation(relation, figures).holds if name else ""
        figure = figures[name].figure if name else None
        if figure and holds == "agrees if truncated":
            readings[name] = ("truncated", replace(figure, rounding="truncate").interval)
        elif figure and holds == "agrees if rounded coarser":
            readings[name] = ("rounded coarser", replace(figure, step=figure.step * 10).interval)
    for relation in relations:
        again = relation.members.get("figures", ())
        first = next((readings[name] for name in again if name in readings), None)
        if first is not None:
            readings |= {name: first for name in again if figures[name].figure.value == figures[again[0]].figure.value}
    for name, (_, interval) in readings.items():
        start[name] = Interval(min(start[name].low, interval.low), max(start[name].high, interval.high))
    return [f"{name} {reading}" for name, (reading, _) in readings.items()]


def _printed_result(relation: Relation, figures: Mapping[str, PublishedFigure]) -> str:
    """The figure that a relation's verdict is about; empty if it has an unknown."""
    constraint = next(iter(constraints_of(relation, figures)), None)
    if constraint is None or any(term.figure not in figures for term in constraint.terms):
        return ""
    return constraint.result or constraint.terms[0].figure


@dataclass(slots=True)
class _Solved:
    """Where propagation came to rest, or which constraint emptied an interval."""

    domains: dict[str, Interval]
    narrowed_by: dict[str, list[str]]
    failed: Constraint | None = None


@dataclass(frozen=True, slots=True)
class _System:
    """The starting intervals, and the printed values if results were computed from those."""

    start: Mapping[str, Interval]
    points: Mapping[str, Interval]

    def solve(self, constraints: Sequence[Constraint]) -> _Solved:
        """Narrow until nothing moves."""
        solved = _Solved(dict(self.start), {})
        for _ in range(_ROUNDS):
            moved = False
            for constraint in constraints:
                step = self._apply(constraint, solved)
                if solved.failed is not None:
                    return solved
                moved = moved or step
            if not moved:
                break
        return solved

    def _apply(self, constraint: Constraint, solved: _Solved) -> bool:
        """Narrow the members of one constraint; whether one moved."""

        def known(name: str) -> Interval | None:
            if name in self.points and constraint.result and name != constraint.result:
                return self.points[name]
            return solved.domains.get(name)

        moved = False
        for name, exact in list(constraint.narrowed(known)):
            if name in self.points and constraint.result and name != constraint.result:
                continue
            allowed = _outward(exact)
            before = solved.domains.get(name)
            if before is not None and not before.overlaps(allowed):
                solved.failed = constraint
                return moved
            after = allowed if before is None else _common(before, allowed)
            if before is None or _moved(before.low, after.low) or _moved(before.high, after.high):
                solved.domains[name] = after
                met = solved.narrowed_by.setdefault(name, [])
                met += [constraint.relation.relation_id] if constraint.relation.relation_id not in met else []
                moved = True
        return moved

    def smallest(self, constraints: Sequence[Constraint], failed: Constraint) -> list[Constraint]:
        """An irreducible set of constraints that contradicts: what can go while the contradiction stays, goes."""
        kept = list(constraints)
        for constraint in constraints:
            if constraint is failed:
                continue
            fewer = [item for item in kept if item is not constraint]
            if self.solve(fewer).failed is not None:
                kept = fewer
        without = [item for item in kept if item is not failed]
        return without if self.solve(without).failed is not None else kept


def _outward(interval: Interval) -> Interval:
    """An interval with room for the rounding of the arithmetic that gave it."""
    if interval.low.is_infinite() or interval.high.is_infinite():
        return interval
    return Interval(interval.low - abs(interval.low) * _ARITHMETIC, interval.high + abs(interval.high) * _ARITHMETIC)


def _moved(before: Decimal, after: Decimal) -> bool:
    """Whether a limit moved by more than the rounding of the arithmetic."""
    if not (before.is_finite() and after.is_finite()):
        return before != after
    return abs(before - after) > _SHRINKS * max(abs(after), Decimal(1))


def _common(one: Interval, other: Interval) -> Interval:
    """What lies in both."""
    low, high = max(one.low, other.low), min(one.high, other.high)
    closed = [
        all(item_closed for limit, item_closed in ends if limit == end)
        for end, ends in (
            (low, ((one.low, one.low_closed), (other.low, other.low_closed))),
            (high, ((one.high, one.high_closed), (other.high, other.high_closed))),
        )
    ]
    return Interval(low, high, *closed)
