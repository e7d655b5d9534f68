"""The constraint network: all published figures and relations of a case at once.

Each figure starts as the interval of what prints so; each relation narrows its members by what the others allow, again and again until
nothing moves. An interval that becomes empty is a contradiction, and of the relations that lead to it the smallest set is kept. A figure
that does not follow from its own relation is not used in the others, so that it is reported once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

from carbonledger.core.language import counted
from carbonledger.core.printed_number import Outcome
from carbonledger.core.rounding import Interval
from carbonledger.published.constraints import Constraint, constraints_of
from carbonledger.published.elimination import solutions
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.measures import Measures, measures_of
from carbonledger.published.propagation import System, groups
from carbonledger.published.relations import Relation, Unknown, unknowns_in
from carbonledger.published.rounding_variants import (
    rounding_variants,
    shown_steps,
    sums_of_rounded,
    tables_of,
    truncated_figures,
)
from carbonledger.published.table_readings import table_readings
from carbonledger.published.verdicts import Verdict, implied, wider_variants

__all__ = [
    "Assumption",
    "Computed",
    "ConstraintNetwork",
    "Contradiction",
    "Narrowed",
    "WiderVariant",
    "propagate",
    "with_alternatives",
]

Computed = Literal["unrounded", "printed"]
Assumption = Literal["unrounded", "printed", "truncated"]
_WIDER: Mapping[Outcome, str] = {
    Outcome.AGREES_IF_TRUNCATED: "truncated",
    Outcome.AGREES_IF_ROUNDED_COARSER: "rounded coarser",
    Outcome.AGREES_AS_SUM_OF_ROUNDED: "sum of rounded",
}
# A figure of another kind, such as a range, has no one value to compute from.
_ONE_VALUE = {"single", "about"}


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The interval of a figure after all relations together.

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
class Contradiction:
    """Figures that cannot all be right.

    Parameters
    ----------
    relations : tuple of str
        The smallest set of relations found that contradict each other: without any one of them the rest agrees.
    figures : tuple of str
        The figures in them.
    result : str
        The figure that does not follow from its relation and is not used in the others; empty if none stands out.
    """

    relations: tuple[str, ...]
    figures: tuple[str, ...]
    result: str = ""


@dataclass(frozen=True, slots=True)
class WiderVariant:
    """A figure whose relation holds only under another rounding variant than plain rounding.

    Parameters
    ----------
    figure : str
        Its id.
    how : str
        ``truncated``, ``rounded coarser`` or ``sum of rounded``.
    interval : Interval
        What it stands for if read so.
    """

    figure: str
    how: str
    interval: Interval


@dataclass(frozen=True, slots=True, repr=False)
class ConstraintNetwork:
    """The figures of a case after propagation.

    Parameters
    ----------
    tightened : mapping of str to Narrowed
        By figure; only those that some relation narrowed, and unknowns.
    clashes : tuple of Contradiction
        Every contradiction found; its relations did not narrow anything.
    assumptions : tuple of str
        How printed values were read beyond plain rounding, in words.
    rounding_variants : tuple of WiderVariant
        The same as data.
    computed : {"unrounded", "printed"}
        From which values results are taken to have been computed.
    unknowns : mapping of str to Unknown
        Label and unit of every unknown.
    alternatives : mapping of str to mapping of Assumption to Interval
        What is said of each unknown under each assumption; empty before `with_alternatives`.
    """

    tightened: Mapping[str, Narrowed]
    clashes: tuple[Contradiction, ...]
    assumptions: tuple[str, ...]
    rounding_variants: tuple[WiderVariant, ...] = ()
    computed: Computed = "unrounded"
    unknowns: Mapping[str, Unknown] = field(default_factory=dict)
    alternatives: Mapping[str, Mapping[Assumption, Interval]] = field(default_factory=dict)

    def __repr__(self) -> str:
        narrowed, clashes = counted(len(self.tightened), "narrowed figure"), counted(len(self.clashes), "contradiction")
        return f"ConstraintNetwork({narrowed}, {clashes}, {counted(len(self.unknowns), 'unknown')})"

    def verdicts(self, relation: Relation, measures: Measures) -> list[Verdict]:
        """One verdict for each unknown of a relation, by all relations together."""
        known = {name: self.tightened[name].interval for name in unknowns_in(relation) if name in self.tightened}
        return implied(relation, measures, known)


def propagate(
    figures: Mapping[str, PublishedFigure],
    relations: Sequence[Relation],
    *,
    computed: Computed = "unrounded",
    truncated: bool = False,
    unknowns: Mapping[str, Unknown] | None = None,
) -> ConstraintNetwork:
    """Narrow every figure by every relation, and find the contradictions.

    Parameters
    ----------
    figures : mapping of str to PublishedFigure
        By id.
    relations : sequence of Relation
        What should hold; those of kind ``rebuild`` say nothing among figures and are passed over.
    computed : {"unrounded", "printed"}
        Whether the report's results were computed from unrounded values, or from the values as printed.
    truncated : bool
        Whether its results were truncated instead of rounded.
    unknowns : mapping of str to Unknown, optional
        Labels and units of unknowns.

    Returns
    -------
    ConstraintNetwork

    Raises
    ------
    BookError
        If a relation names a figure that does not exist, or units that do not fit.
    """
    measures = measures_of(figures, relations, unknowns)
    active = [constraint for relation in relations for constraint in constraints_of(relation, measures)]
    active = [constraint for constraint in active if _can_be_divided(constraint, figures)]
    wider = _wider_variants_used(measures, relations)
    start = _starting_intervals(figures, active, wider, truncated=truncated)
    points = {
        name: Interval(item.figure.value, item.figure.value)
        for name, item in figures.items()
        if computed == "printed" and item.figure.kind in _ONE_VALUE
    }
    clashes, left = _contradictions_within_relations(System(start, points), relations, active)
    free = {clash.result for clash in clashes}
    mates = [item for item in _table_mates(figures, relations, wider) if item.figure not in free]
    widened = _widened_intervals(start, mates)
    widened |= {name: item.interval for name, item in (unknowns or {}).items() if item.interval is not None}
    system = System(*({name: value for name, value in of.items() if name not in free} for of in (widened, points)))
    tightened: dict[str, Narrowed] = {}
    for group in groups(left, system.start):
        found, solved = system.clashes(group)
        together, solved = system.informed(solved, solutions(solved.constraints, solved.domains))
        clashes += [
            _contradiction_of(item) for item in (*found, *together) if not _agrees_otherwise(item, figures, relations)
        ]
        for name, record in solved.records.items():
            by = tuple(dict.fromkeys(item.relation.relation_id for item in record.narrowed_by()))
            tightened[name] = Narrowed(name, start.get(name), solved.domains[name], by)
    named = {
        name: replace((unknowns or {}).get(name, Unknown(name)), unit=measures.unknowns.get(name, ""))
        for relation in relations
        for name in unknowns_in(relation)
    }
    words = (f"computed from {computed} values", *(f"{item.figure} {item.how}" for item in (*wider, *mates)))
    return ConstraintNetwork(tightened, tuple(clashes), words, (*wider, *mates), computed, named)


def with_alternatives(
    network: ConstraintNetwork, figures: Mapping[str, PublishedFigure], relations: Sequence[Relation]
) -> ConstraintNetwork:
    """A network with the intervals of its unknowns under each assumption on how the report's results were computed.

    Parameters
    ----------
    network : ConstraintNetwork
        From unrounded values.
    figures, relations :
        What it was made of.

    Returns
    -------
    ConstraintNetwork
        ``unrounded``: as it is; ``printed``: results computed from the values as printed; ``truncated``: so, and then truncated.
    """
    known = [name for name in network.unknowns if name in network.tightened]
    if not known:
        return network
    others: Mapping[Assumption, ConstraintNetwork] = {
        "printed": propagate(figures, relations, computed="printed", unknowns=network.unknowns),
        "truncated": propagate(figures, relations, computed="printed", truncated=True, unknowns=network.unknowns),
    }
    ways: dict[Assumption, ConstraintNetwork] = {"unrounded": network, **others}
    alternatives: dict[str, Mapping[Assumption, Interval]] = {
        name: {way: found.tightened[name].interval for way, found in ways.items() if name in found.tightened}
        for name in known
    }
    return replace(network, alternatives=alternatives)


def _can_be_divided(constraint: Constraint, figures: Mapping[str, PublishedFigure]) -> bool:
    """Whether a result can be computed from the printed figures; a divisor that may be 0 shows no contradiction."""
    if constraint.result not in figures:
        return True
    printed = {term.figure: figures[term.figure].figure.interval for term in constraint.terms if term.figure in figures}
    try:
        constraint.solved(constraint.result, printed.get)
    except ArithmeticError:
        return False
    return True


def _starting_intervals(
    figures: Mapping[str, PublishedFigure],
    constraints: Sequence[Constraint],
    wider: Sequence[WiderVariant],
    *,
    truncated: bool,
) -> dict[str, Interval]:
    """The starting interval of each figure."""
    start = {name: figure.figure.interval for name, figure in figures.items()}
    results = {item.result for item in constraints if truncated and item.result in figures}
    start |= {name: _truncated(figures[name]) for name in results}
    return _widened_intervals(start, wider)


def _widened_intervals(start: Mapping[str, Interval], wider: Sequence[WiderVariant]) -> dict[str, Interval]:
    """Starting intervals widened to other rounding variants."""
    found = dict(start)
    for item in wider:
        own = found[item.figure]
        found[item.figure] = Interval(min(own.low, item.interval.low), max(own.high, item.interval.high))
    return found


def _contradictions_within_relations(
    system: System, relations: Sequence[Relation], constraints: Sequence[Constraint]
) -> tuple[list[Contradiction], list[Constraint]]:
    """The contradictions within a single relation, and the constraints of all other relations."""
    clashes, left = [], []
    by_relation: dict[str, list[Constraint]] = {relation.relation_id: [] for relation in relations}
    for constraint in constraints:
        by_relation[constraint.relation.relation_id].append(constraint)
    for own in by_relation.values():
        found, _ = system.clashes(own)
        clashes += [_contradiction_of(item) for item in found]
        wrong = {smallest[-1] for smallest in found}
        left += [item for item in own if item not in wrong]
    return clashes, left


def _agrees_otherwise(
    smallest: Sequence[Constraint], figures: Mapping[str, PublishedFigure], relations: Sequence[Relation]
) -> bool:
    """Whether several relations agree if totals were added up from their rounded parts, or if all figures were truncated.

    A single relation is judged by its own verdict.
    """
    if len(smallest) == 1:
        return False
    names = {term.figure for item in smallest for term in item.terms if term.figure in figures}
    for read in (figures, truncated_figures(figures)):
        start = {name: read[name].figure.interval for name in names}
        sums = {name: item for name, item in sums_of_rounded(relations, read).items() if name in names}
        if System({**start, **sums}).solve(smallest).failure is None:
            return True
    return False


def _truncated(figure: PublishedFigure) -> Interval:
    """The interval of a figure if it was truncated; its own if it is exact."""
    variants = {item.outcome: item.interval for item in rounding_variants(figure.figure, figure.figure.step)}
    return variants.get(Outcome.AGREES_IF_TRUNCATED, figure.figure.interval)


def _contradiction_of(smallest: Sequence[Constraint]) -> Contradiction:
    """A smallest contradictory set as a contradiction; of a single relation, its result is at fault."""
    names = tuple(dict.fromkeys(item.relation.relation_id for item in smallest))
    members = tuple(dict.fromkeys(term.figure for item in smallest for term in item.terms))
    return Contradiction(names, members, smallest[0].result if len(smallest) == 1 else "")


def _wider_variants_used(measures: Measures, relations: Sequence[Relation]) -> list[WiderVariant]:
    """The figures that agree only if truncated, or if trailing zeros carry no precision; and every repetition of them."""
    readings = table_readings([item for item in relations if item.kind != "rebuild"], measures)
    found: dict[str, WiderVariant] = {}
    for relation in relations:
        if relation.kind != "rebuild" and not unknowns_in(relation):
            wider = wider_variants(relation, measures, readings)
            found |= {name: WiderVariant(name, _WIDER[item.outcome], item.interval) for name, item in wider.items()}
    for relation in relations:
        again = [measures.figures[name] for name in relation.members.get("figures", ()) if name in measures.figures]
        first = next((item for item in again if item.figure_id in found), None)
        if first is not None:
            alike = [item for item in again if (item.figure.value, item.unit) == (first.figure.value, first.unit)]
            found |= {item.figure_id: replace(found[first.figure_id], figure=item.figure_id) for item in alike}
    return list(found.values())


def _table_mates(
    figures: Mapping[str, PublishedFigure], relations: Sequence[Relation], wider: Sequence[WiderVariant]
) -> list[WiderVariant]:
    """The other figures of a table in which one figure has trailing zeros without precision; they are read the same way."""
    shown, read = shown_steps(relations, figures), {item.figure: item.how for item in wider}
    coarse = {
        name
        for names in tables_of(relations)
        if "rounded coarser" in {read.get(name) for name in names}
        for name in names
    }
    return [
        WiderVariant(name, "rounded coarser", replace(figures[name].figure, step=shown[name]).interval)
        for name in figures
        if name in coarse and name not in read and shown.get(name, Decimal(0)) > figures[name].figure.step
    ]
