"""Interval propagation: narrowing by constraints to a fixpoint, and the smallest contradictory sets.

References
----------
Interval constraint propagation to a hull fixpoint: Benhamou, Goualard, Granvilliers and Puget, "Revising hull and box consistency", ICLP
1999. Deletion filter for an irreducible infeasible set: Chinneck and Dravnieks, ORSA Journal on Computing 3 (1991).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal

from carbonledger.core.rounding import Interval
from carbonledger.published.constraints import Constraint

__all__ = ["Solved", "System", "groups"]

_SHRINKS = Decimal("1e-9")
# How often each constraint is applied, on average, before a slow convergence is left where it is.
_ROUNDS = 100
# Decimal carries 28 digits; a chain of some operations loses the last few.
_ARITHMETIC = Decimal("1e-20")
_EXACT_DIGITS = 20


@dataclass(slots=True)
class Solved:
    """The intervals after propagation, or the constraint that left one of them empty.

    Parameters
    ----------
    domains : dict of str to Interval
        What is left of each figure.
    narrowed_by : dict of str to list of Constraint
        The constraints that narrowed it.
    failed : Constraint or None
        The one that left nothing.
    """

    domains: dict[str, Interval]
    narrowed_by: dict[str, list[Constraint]] = field(default_factory=dict)
    failed: Constraint | None = None


@dataclass(frozen=True, slots=True)
class System:
    """The starting intervals, and the printed values if results were computed from those.

    Parameters
    ----------
    start : mapping of str to Interval
        What each figure stands for by itself.
    points : mapping of str to Interval
        The values that results were computed from; empty if they were computed from unrounded ones.
    """

    start: Mapping[str, Interval]
    points: Mapping[str, Interval] = field(default_factory=dict)

    def solve(self, constraints: Sequence[Constraint]) -> Solved:
        """Narrow until nothing changes or an interval is empty."""
        names = {term.figure for item in constraints for term in item.terms}
        solved = Solved({name: self.start[name] for name in names if name in self.start})
        users: dict[str, list[Constraint]] = {}
        for item in constraints:
            for term in item.terms:
                users.setdefault(term.figure, []).append(item)
        waiting = deque(constraints)
        queued = set(constraints)
        for _ in range(_ROUNDS * len(constraints)):
            if not waiting:
                break
            constraint = waiting.popleft()
            queued.discard(constraint)
            for name in self._narrow_by(constraint, solved):
                again = [item for item in users[name] if item not in queued]
                waiting.extend(again)
                queued.update(again)
            if solved.failed is not None:
                break
        return solved

    def _narrow_by(self, constraint: Constraint, solved: Solved) -> list[str]:
        """Narrow the members of one constraint; returns those whose interval changed."""

        def known(name: str) -> Interval | None:
            return self.points[name] if self._entered_as_printed(constraint, name) else solved.domains.get(name)

        moved: list[str] = []
        for name, exact in list(constraint.narrowed(known)):
            if self._entered_as_printed(constraint, name):
                continue
            allowed, before = _widened_by_rounding_error(exact), solved.domains.get(name)
            if before is not None and not before.overlaps(allowed):
                solved.failed = constraint
                return moved
            after = allowed if before is None else _intersection(before, allowed)
            if before is None or _limit_moved(before.low, after.low) or _limit_moved(before.high, after.high):
                solved.domains[name] = after
                behind = solved.narrowed_by.setdefault(name, [])
                behind += [constraint] if constraint not in behind else []
                moved.append(name)
        return moved

    def _entered_as_printed(self, constraint: Constraint, name: str) -> bool:
        """Whether a figure entered the computation of a result at its printed value."""
        return name in self.points and constraint.result != "" and name != constraint.result

    def clashes(self, constraints: Sequence[Constraint]) -> tuple[list[list[Constraint]], list[Constraint]]:
        """Every contradiction in its smallest form, and the constraints that are left without them.

        Returns
        -------
        tuple of (list of list of Constraint, list of Constraint)
        """
        active, found = list(constraints), []
        while (solved := self.solve(active)).failed is not None:
            smallest = self._irreducible_set(_involved_in_failure(solved), active)
            found.append(smallest)
            gone = [solved.failed] if solved.failed in smallest else smallest
            active = [item for item in active if item not in gone]
        return found, active

    def _irreducible_set(self, suspects: Set[Constraint], active: Sequence[Constraint]) -> list[Constraint]:
        """An irreducible contradictory set: constraints are removed as long as the contradiction remains."""
        kept = [item for item in active if item in suspects]
        if self.solve(kept).failed is None:
            kept = list(active)
        for constraint in list(kept):
            fewer = [item for item in kept if item is not constraint]
            if self.solve(fewer).failed is not None:
                kept = fewer
        return kept


def groups(constraints: Sequence[Constraint], start: Mapping[str, Interval]) -> Iterator[list[Constraint]]:
    """The independent groups of constraints: each holds those that share a figure, directly or through others.

    Parameters
    ----------
    constraints : sequence of Constraint
        In any order.
    start : mapping of str to Interval
        An exact figure connects nothing, because nothing narrows it.

    Yields
    ------
    list of Constraint
        In the given order.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    roots: list[str] = []
    for number, constraint in enumerate(constraints):
        own = f"\0{number}"
        for term in constraint.terms:
            printed = start.get(term.figure)
            if printed is None or printed.low != printed.high:
                parent[root(term.figure)] = root(own)
        roots.append(own)
    found: dict[str, list[Constraint]] = {}
    for constraint, own in zip(constraints, roots, strict=True):
        found.setdefault(root(own), []).append(constraint)
    yield from found.values()


def _involved_in_failure(solved: Solved) -> set[Constraint]:
    """The constraints involved in a failure: the one that failed, and all that narrowed its members or theirs."""
    waiting = [solved.failed] if solved.failed else []
    found = set(waiting)
    seen: set[str] = set()
    while waiting:
        for term in waiting.pop().terms:
            if term.figure not in seen:
                seen.add(term.figure)
                more = [item for item in solved.narrowed_by.get(term.figure, ()) if item not in found]
                found.update(more)
                waiting += more
    return found


def _widened_by_rounding_error(interval: Interval) -> Interval:
    """An interval widened by the rounding error of the arithmetic; an exact end stays."""
    low, high = interval.low - _rounding_error(interval.low), interval.high + _rounding_error(interval.high)
    return Interval(low, high, interval.low_closed, interval.high_closed)


def _rounding_error(end: Decimal) -> Decimal:
    """The possible rounding error of an end; 0 if it is exact."""
    rounded = end.is_finite() and len(end.as_tuple().digits) >= _EXACT_DIGITS
    return abs(end) * _ARITHMETIC if rounded else Decimal(0)


def _limit_moved(before: Decimal, after: Decimal) -> bool:
    """Whether a limit moved by more than the rounding of the arithmetic."""
    if not (before.is_finite() and after.is_finite()):
        return before != after
    return abs(before - after) > _SHRINKS * max(abs(after), Decimal(1))


def _intersection(one: Interval, other: Interval) -> Interval:
    """The intersection of two intervals."""
    low, high = max(one.low, other.low), min(one.high, other.high)
    closed = [
        all(item_closed for limit, item_closed in ends if limit == end)
        for end, ends in (
            (low, ((one.low, one.low_closed), (other.low, other.low_closed))),
            (high, ((one.high, one.high_closed), (other.high, other.high_closed))),
        )
    ]
    return Interval(low, high, *closed)
