"""Interval propagation: narrowing by constraints to a fixpoint, and the smallest contradictory sets.

References
----------
Interval constraint propagation to a hull fixpoint: Benhamou, Goualard, Granvilliers and Puget, "Revising hull and box consistency", ICLP
1999. A smallest contradictory set by halving: Junker, "QuickXplain", AAAI 2004.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from heapq import heapify, heappop, heappush
from typing import NamedTuple

from carbonledger.core.rounding import Interval
from carbonledger.published.constraints import Constraint, Known
from carbonledger.published.elimination import Solution

__all__ = ["Record", "Solved", "System", "groups"]

_SHRINKS = Decimal("1e-9")
# How often each constraint is applied, on average, before a slow convergence is left where it is.
_ROUNDS = 100
# Decimal carries 28 digits; a chain of some operations loses the last few.
_ARITHMETIC = Decimal("1e-20")
_EXACT_DIGITS = 20
_PRECISION = 40


class Record(NamedTuple):
    """One narrowing of a figure: by which constraint, on which earlier narrowings it rests, and the one before it of the same figure."""

    constraint: Constraint
    behind: tuple[Record, ...]
    earlier: Record | None

    def narrowed_by(self) -> tuple[Constraint, ...]:
        """The constraints that narrowed the figure, the first one first."""
        found: dict[Constraint, None] = {}
        record: Record | None = self
        while record is not None:
            found[record.constraint] = None
            record = record.earlier
        return tuple(reversed(found))

    def involved(self) -> set[Constraint]:
        """The constraint of this narrowing, and all that it rests on."""
        waiting, seen, found = [self], {id(self)}, set()
        while waiting:
            record = waiting.pop()
            found.add(record.constraint)
            for item in (*record.behind, *((record.earlier,) if record.earlier else ())):
                if id(item) not in seen:
                    seen.add(id(item))
                    waiting.append(item)
        return found


@dataclass(slots=True)
class Solved:
    """The intervals after propagation, or the narrowing that left one of them empty.

    Parameters
    ----------
    domains : dict of str to Interval
        What is left of each figure.
    records : dict of str to Record
        The last narrowing of each figure that was narrowed.
    users : dict of str to list of Constraint
        The constraints by their members.
    failure : Record or None
        The narrowing that left nothing.
    place : mapping of Constraint to int
        In which order they are applied: up and down in turn.
    """

    domains: dict[str, Interval] = field(default_factory=dict)
    records: dict[str, Record] = field(default_factory=dict)
    users: dict[str, list[Constraint]] = field(default_factory=dict)
    size: int = 0
    failure: Record | None = None
    place: Mapping[Constraint, int] = field(default_factory=dict)

    @property
    def constraints(self) -> list[Constraint]:
        """The constraints that were applied."""
        return list(dict.fromkeys(item for own in self.users.values() for item in own))

    @property
    def failed(self) -> Constraint | None:
        """The constraint that left nothing; None if there is none."""
        return self.failure.constraint if self.failure else None


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
        return self.extended(Solved(place=_places(constraints)), constraints)

    def extended(self, solved: Solved, more: Sequence[Constraint]) -> Solved:
        """The intervals after some further constraints; only what they change is narrowed again.

        Parameters
        ----------
        solved : Solved
            Without a contradiction; it stays as it is.
        more : sequence of Constraint
            None of which it has.

        Returns
        -------
        Solved
        """
        size, place = solved.size + len(more), solved.place
        grown = Solved(dict(solved.domains), dict(solved.records), dict(solved.users), size, place=place)
        users: dict[str, list[Constraint]] = {}
        for item in more:
            for term in item.terms:
                users.setdefault(term.figure, []).append(item)
        for name, own in users.items():
            grown.users[name] = [*grown.users.get(name, ()), *own]
            if name not in grown.domains and name in self.start:
                grown.domains[name] = self.start[name]
        with localcontext() as context:
            context.prec = _PRECISION
            self._run(grown, more)
        return grown

    def informed(self, solved: Solved, found: Mapping[str, Solution]) -> tuple[list[list[Constraint]], Solved]:
        """The intervals after what some constraints say together, and the sets of constraints that contradict what was known before.

        Parameters
        ----------
        solved : Solved
            Without a contradiction.
        found : mapping of str to Solution
            By unknown.

        Returns
        -------
        tuple of (list of list of Constraint, Solved)
        """
        grown = self.extended(solved, ())
        clashes: dict[tuple[Constraint, ...], None] = {}
        for name, item in found.items():
            before = grown.domains.get(name)
            if before is not None and not before.overlaps(item.interval):
                clashes[item.constraints] = None
                continue
            grown.domains[name] = item.interval if before is None else _intersection(before, item.interval)
            for constraint in item.constraints:
                grown.records[name] = Record(constraint, (), grown.records.get(name))
        if clashes:
            return [list(by) for by in clashes], solved
        again = dict.fromkeys(item for name in found for item in grown.users[name])
        with localcontext() as context:
            context.prec = _PRECISION
            self._run(grown, list(again))
        return ([], grown) if grown.failure is None else ([list(again)], solved)

    def _run(self, solved: Solved, first: Sequence[Constraint]) -> None:
        """Apply constraints, and again those whose members moved, until nothing moves or nothing is left of one."""
        agenda = _Agenda(solved.place, first)
        for _ in range(_ROUNDS * solved.size):
            constraint = agenda.next()
            if constraint is None or solved.failure is not None:
                return
            for name in self._narrow_by(constraint, solved):
                for item in solved.users[name]:
                    if item is not constraint or item.repeats:
                        agenda.add(item)

    def _narrow_by(self, constraint: Constraint, solved: Solved) -> list[str]:
        """Narrow the members of one constraint; returns those whose interval changed."""
        fixed, known = self._as_entered(constraint, solved.domains)
        domains, records = solved.domains, solved.records
        moved: list[str] = []
        behind: tuple[Record, ...] | None = None
        for name, low, high in list(constraint.narrowed_ends(known)):
            before = domains.get(name)
            if name in fixed or (before is not None and before.low >= low and before.high <= high):
                continue
            allowed = _widened_by_rounding_error(Interval(low, high))
            if behind is None:
                behind = tuple(records[term.figure] for term in constraint.terms if term.figure in records)
            if before is not None and not before.overlaps(allowed):
                solved.failure = Record(constraint, behind, None)
                return moved
            after = allowed if before is None else _intersection(before, allowed)
            if before is None or _moved(before, after):
                domains[name] = after
                records[name] = Record(constraint, behind, records.get(name))
                moved.append(name)
        return moved

    def _as_entered(self, constraint: Constraint, domains: Mapping[str, Interval]) -> tuple[Set[str], Known]:
        """The figures that entered a computation at their printed values, and what is known of each member in it."""
        if not self.points:
            return frozenset(), domains.get
        fixed = {term.figure for term in constraint.terms if self._entered_as_printed(constraint, term.figure)}
        return fixed, lambda name: self.points[name] if name in fixed else domains.get(name)

    def _entered_as_printed(self, constraint: Constraint, name: str) -> bool:
        """Whether a figure entered the computation of a result at its printed value."""
        return name in self.points and constraint.result != "" and name != constraint.result

    def clashes(self, constraints: Sequence[Constraint]) -> tuple[list[list[Constraint]], Solved]:
        """Every contradiction in its smallest form, and what is left without them.

        Parameters
        ----------
        constraints : sequence of Constraint
            Each that contradicts those before it is left out.

        Returns
        -------
        tuple of (list of list of Constraint, Solved)
        """
        found: list[list[Constraint]] = []
        return found, self._sound_part(Solved(place=_places(constraints)), list(constraints), found)

    def _sound_part(self, solved: Solved, more: list[Constraint], found: list[list[Constraint]]) -> Solved:
        """The intervals after all further constraints that contradict nothing; the contradictions of the others are added to `found`."""
        grown = self.extended(solved, more)
        if grown.failure is None:
            return grown
        if len(more) == 1:
            suspects = sorted(grown.failure.involved(), key=solved.place.__getitem__)
            found.append(self._irreducible_set(suspects))
            return solved
        middle = len(more) // 2
        left = self._sound_part(solved, more[:middle], found)
        return self._sound_part(left, more[middle:], found)

    def _irreducible_set(self, suspects: Sequence[Constraint]) -> list[Constraint]:
        """An irreducible contradictory set of some constraints that contradict each other."""
        smallest = self._needed(Solved(place=_places(suspects)), [], suspects)
        return sorted(smallest, key=list(suspects).index) if self.solve(smallest).failure else list(suspects)

    def _needed(self, ground: Solved, added: Sequence[Constraint], suspects: Sequence[Constraint]) -> list[Constraint]:
        """Those of some suspects that contradict the ground and each other, as few as possible, by halving."""
        if added and ground.failure is not None:
            return []
        if len(suspects) == 1:
            return list(suspects)
        left, right = suspects[: len(suspects) // 2], suspects[len(suspects) // 2 :]
        second = self._needed(self.extended(ground, left), left, right)
        first = self._needed(self.extended(ground, second) if second else ground, second, left)
        return [*first, *second]


class _Agenda:
    """The constraints that wait to be applied, up and down their order in turn, so that a chain is run along and back."""

    def __init__(self, place: Mapping[Constraint, int], first: Sequence[Constraint]) -> None:
        self._place, self._way, self._here = place, 1, -1
        self._waiting, self._later = [(place[item], item) for item in first], list[tuple[int, Constraint]]()
        self._queued = set(first)
        heapify(self._waiting)

    def add(self, constraint: Constraint) -> None:
        """Apply a constraint again: on this way if its place is still ahead, else on the way back."""
        if constraint in self._queued:
            return
        self._queued.add(constraint)
        at = self._way * self._place[constraint]
        if at > self._here:
            heappush(self._waiting, (at, constraint))
        else:
            self._later.append((-at, constraint))

    def next(self) -> Constraint | None:
        """The constraint whose turn it is; None if none waits."""
        if not self._waiting:
            self._waiting, self._later, self._way = self._later, [], -self._way
            heapify(self._waiting)
        if not self._waiting:
            return None
        self._here, constraint = heappop(self._waiting)
        self._queued.discard(constraint)
        return constraint


def _places(constraints: Sequence[Constraint]) -> dict[Constraint, int]:
    """The order in which constraints are applied: each beside those that share a figure with it, so that a chain is run along."""
    users: dict[str, list[Constraint]] = {}
    for item in constraints:
        for term in item.terms:
            users.setdefault(term.figure, []).append(item)
    place: dict[Constraint, int] = {}
    for start in constraints:
        waiting = [start]
        while waiting:
            item = waiting.pop()
            if item not in place:
                place[item] = len(place)
                for term in item.terms:
                    waiting += users.pop(term.figure, ())
    return place


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


def _widened_by_rounding_error(interval: Interval) -> Interval:
    """An interval widened by the rounding error of the arithmetic; an exact end stays."""
    low, high = interval.low - _rounding_error(interval.low), interval.high + _rounding_error(interval.high)
    return Interval(low, high, interval.low_closed, interval.high_closed)


def _rounding_error(end: Decimal) -> Decimal:
    """The possible rounding error of an end; 0 if it is exact."""
    rounded = end.is_finite() and len(end.as_tuple().digits) >= _EXACT_DIGITS
    return abs(end) * _ARITHMETIC if rounded else Decimal(0)


def _moved(before: Interval, after: Interval) -> bool:
    """Whether a limit of an interval moved."""
    return _limit_moved(before.low, after.low) or _limit_moved(before.high, after.high)


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
