"""Which printed figure is wrong, and by which slip: the smallest explanation of the relations that do not hold.

A figure that is wrong breaks every relation it stands in. Each of them says in which interval it should lie; if these have a number in
common, and a usual slip leads from it to the printed figure, then the slip is named, and the relations are explained by it. Two figures
exchanged are an explanation if every relation of both holds after they are exchanged back. What is named is arithmetic, no proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from carbonledger.core.rounding import Interval
from carbonledger.published.constraints import Constraint, constraints_of
from carbonledger.published.figure_slips import DIGITS_EXCHANGED, EXCHANGED, PRINTED_AS_ZERO, exchange_name, slip_to
from carbonledger.published.measures import Measures
from carbonledger.published.propagation import System
from carbonledger.published.relations import Relation, unknowns_in
from carbonledger.published.rounding_variants import sums_of_rounded, truncated_figures

__all__ = ["Diagnosis", "diagnose"]

# Beyond this many figures in relations that do not hold, exchanges are not looked for: more than one thing is wrong.
_MOST_EXCHANGED = 60


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """A slip that explains why some relations do not hold.

    Parameters
    ----------
    figure : str
        The figure that is wrong.
    slip : str
        The name of the slip; empty if the figure is the only one that can be wrong, but no usual slip leads to it.
    relations : tuple of str
        What it explains.
    should_be : Interval or None
        What the relations say of the figure, in its unit.
    other : str
        The figure that it was exchanged with or that was subtracted; empty if there is none.
    """

    figure: str
    slip: str
    relations: tuple[str, ...]
    should_be: Interval | None = None
    other: str = ""


@dataclass(slots=True)
class _Case:
    """The constraints of a publication, by figure, and which of them do not hold."""

    measures: Measures
    failing: list[Constraint]
    by_figure: dict[str, list[Constraint]] = field(default_factory=dict)
    start: dict[str, Interval] = field(default_factory=dict)


def diagnose(
    relations: Sequence[Relation], failing: Iterable[str], measures: Measures, *, all_truncated: bool = False
) -> list[Diagnosis]:
    """The slips that explain the relations which do not hold.

    Parameters
    ----------
    relations : sequence of Relation
        That can be evaluated.
    failing : iterable of str
        The ids of those that do not hold.
    measures : Measures
        With the printed figures.
    all_truncated : bool
        Whether the publication as a whole was truncated.

    Returns
    -------
    list of Diagnosis
        At most one for each group of failing relations that share figures.
    """
    left, found = set(failing), list[Diagnosis]()
    truncated = replace(measures, figures=truncated_figures(measures.figures))
    reads = (truncated, measures) if all_truncated else (measures, truncated)
    for read, sums in ((read, sums) for sums in (False, True) for read in reads):
        if left:
            found += _diagnosed(_case_of(relations, left, read, sums=sums))
            left -= {name for item in found if item.slip for name in item.relations}
    return found


def _case_of(relations: Sequence[Relation], bad: Set[str], measures: Measures, *, sums: bool) -> _Case:
    """The constraints of a publication, and those that do not hold; totals perhaps as sums of rounded parts."""
    case = _Case(measures, [], start={name: item.figure.interval for name, item in measures.figures.items()})
    case.start |= sums_of_rounded(relations, measures.figures) if sums else {}
    for relation in relations:
        for constraint in constraints_of(relation, measures) if not unknowns_in(relation) else ():
            for name in dict.fromkeys(term.figure for term in constraint.terms):
                case.by_figure.setdefault(name, []).append(constraint)
            if relation.relation_id in bad and not _holds(constraint, case.start):
                case.failing.append(constraint)
    return case


def _diagnosed(case: _Case) -> list[Diagnosis]:
    """The slips that explain the failing constraints of a case."""
    found = list(_exchanges(case)) if len(case.failing) > 1 else []
    explained = {name for item in found for name in item.relations}
    for group in _groups([item for item in case.failing if item.relation.relation_id not in explained]):
        single = _of_one_figure(case, group) or _exchanged_within(case, group)
        found += [single] if single else []
    return found


def _holds(constraint: Constraint, start: Mapping[str, Interval]) -> bool:
    """Whether some choice of unrounded numbers satisfies a constraint."""
    return System(start).solve([constraint]).failure is None


def _groups(failing: Sequence[Constraint]) -> Iterator[list[Constraint]]:
    """The failing constraints that share figures, directly or through others."""
    left = list(failing)
    while left:
        group, names = [left.pop(0)], set[str]()
        names |= {term.figure for term in group[0].terms}
        while more := [item for item in left if any(term.figure in names for term in item.terms)]:
            group += more
            names |= {term.figure for item in more for term in item.terms}
            left = [item for item in left if item not in more]
        yield group


def _of_one_figure(case: _Case, group: Sequence[Constraint]) -> Diagnosis | None:
    """The one figure that explains a group: the only one that can be wrong, or the only one that a usual slip leads to."""
    names = set.intersection(*({term.figure for term in item.terms} for item in group))
    relations = tuple(dict.fromkeys(item.relation.relation_id for item in group))
    suspects = []
    for name in sorted(names, key=lambda name: (name != group[0].result, name)):
        should_be = _should_be(case, group, name)
        if should_be is not None and name in case.measures.figures:
            suspects.append((name, should_be))
    slips = []
    for name, should_be in suspects:
        slip, other = slip_to(case.measures.figures[name], should_be, group, case.measures)
        if slip:
            slips.append(Diagnosis(name, slip, relations, should_be, other))
    named = [item for item in slips if "digit" not in item.slip] or _digits_of(slips)
    if named:
        return min(named, key=_plausibility)
    return Diagnosis(suspects[0][0], "", relations, suspects[0][1]) if len(suspects) == 1 else None


def _digits_of(slips: Sequence[Diagnosis]) -> list[Diagnosis]:
    """The slip of digits where it is the only one; of several figures alike, the first is named with the second."""
    exchanged = [item for item in slips if item.slip == DIGITS_EXCHANGED] or list(slips)
    if len({item.slip for item in exchanged}) != 1:
        return []
    first, *others = exchanged
    return [replace(first, other=others[0].figure) if others else first]


def _plausibility(item: Diagnosis) -> int:
    """The place of a diagnosis among several: those that name a factor, those in which another figure plays a part, a figure of 0."""
    return 2 if item.slip == PRINTED_AS_ZERO else 1 if item.other else 0


def _should_be(case: _Case, group: Sequence[Constraint], name: str) -> Interval | None:
    """What a group says of a figure, if the figure's other relations allow it; None if they say nothing together."""
    solved = System(_start_of(group, case.start, {name: None})).solve(list(group))
    found = solved.domains.get(name)
    if solved.failure is not None or found is None or not (found.low.is_finite() and found.high.is_finite()):
        return None
    others = [item for item in case.by_figure[name] if item not in group]
    if any(not _holds(item, _start_of([item], case.start, {name: found})) for item in others):
        return None
    return found


def _start_of(
    constraints: Iterable[Constraint], start: Mapping[str, Interval], changed: Mapping[str, Interval | None]
) -> dict[str, Interval]:
    """The starting intervals of some constraints with some changed; None for one that nothing is known of."""
    names = dict.fromkeys(term.figure for item in constraints for term in item.terms)
    found = {name: changed[name] if name in changed else start.get(name) for name in names}
    return {name: item for name, item in found.items() if item is not None}


def _exchanged_within(case: _Case, group: Sequence[Constraint]) -> Diagnosis | None:
    """Two figures whose exchange explains a group, one of which may stand in no relation that fails."""
    own = [name for name in dict.fromkeys(term.figure for item in group for term in item.terms) if name in case.start]
    for one in own:
        should_be = _should_be(case, group, one)
        if should_be is None:
            continue
        for other, printed in case.start.items():
            if other != one and printed.overlaps(should_be) and (found := _exchange(case, one, other, group)):
                return found
    return None


def _exchanges(case: _Case) -> Iterator[Diagnosis]:
    """Figures whose exchange explains relations that fail at both."""
    left = list(case.failing)
    names = [name for name in dict.fromkeys(term.figure for item in left for term in item.terms) if name in case.start]
    if len(names) > _MOST_EXCHANGED:
        return
    for at, one in enumerate(names):
        for other in names[at + 1 :]:
            at_one, at_other = (
                [item for item in left if any(term.figure == name for term in item.terms)] for name in (one, other)
            )
            both = list(dict.fromkeys([*at_one, *at_other]))
            if set(at_one) == set(at_other) or not at_one or not at_other:
                continue
            found = _exchange(case, one, other, both)
            if found:
                yield found
                left = [item for item in left if item not in both]


def _exchange(case: _Case, one: str, other: str, group: Sequence[Constraint]) -> Diagnosis | None:
    """The diagnosis that two figures were exchanged, if every relation of both holds after they are exchanged back."""
    first, second = case.measures.figures[one], case.measures.figures[other]
    if first.unit != second.unit or first.figure.value == second.figure.value:
        return None
    concerned = list(dict.fromkeys([*group, *case.by_figure.get(one, ()), *case.by_figure.get(other, ())]))
    swapped = {one: case.start[other], other: case.start[one]}
    if not all(_holds(item, _start_of([item], case.start, swapped)) for item in concerned):
        return None
    relations = tuple(dict.fromkeys(item.relation.relation_id for item in group))
    return Diagnosis(one, exchange_name(first, second) or EXCHANGED, relations, case.start[other], other)
