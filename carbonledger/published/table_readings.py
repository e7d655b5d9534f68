"""How the figures of each table are read: to which step they are given, and whether they are known to be rounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import islice

from carbonledger.core.printed_number import Figure, Outcome
from carbonledger.core.rounding import Interval
from carbonledger.published.constraints import Constraint, constraints_of
from carbonledger.published.measures import Measures
from carbonledger.published.propagation import System
from carbonledger.published.relations import Relation, unknowns_in
from carbonledger.published.rounding_variants import (
    RoundingVariant,
    rounding_variants,
    shown_steps,
    sums_of_rounded,
    tables_of,
)

__all__ = ["TableReadings", "table_readings"]


@dataclass(frozen=True, slots=True)
class TableReadings:
    """How the figures of the tables of a publication are read.

    Parameters
    ----------
    steps : mapping of str to Decimal
        By figure of a table, the step to which all of it is given, see `shown_steps`: one line out of seven that ends in a zero is not
        rounded coarser by itself.
    rounded : frozenset of str
        The figures of tables of which another line is rounded and cannot be truncated.
    all_truncated : bool
        Whether the whole publication was truncated: more relations hold for truncated figures alone than for rounded ones alone.
    sums : mapping of str to Interval
        By total, what the unrounded parts can add up to where the printed parts add up to it.
    """

    steps: Mapping[str, Decimal] = field(default_factory=dict)
    rounded: frozenset[str] = frozenset()
    all_truncated: bool = False
    sums: Mapping[str, Interval] = field(default_factory=dict)

    def of(self, constraint: Constraint, measures: Measures) -> Iterator[dict[str, RoundingVariant]]:
        """The readings of the figures of a constraint, the most natural first: those that are read otherwise than as rounded.

        Parameters
        ----------
        constraint : Constraint
            Of printed figures.
        measures : Measures
            With these figures.

        Yields
        ------
        dict of str to RoundingVariant
            By figure; first none, then the result in its variants, all figures truncated, totals as sums of rounded parts, and
            tables to the step that all of their lines show (not where shares are to sum to 100 %).
        """
        names = dict.fromkeys(term.figure for term in constraint.terms)
        result = constraint.result
        yield {}
        for item in self.variants(result, measures.figures[result].figure) if result else ():
            yield {result: item}
        if self.all_truncated:
            yield _truncated(names, measures)
        sums = {
            name: RoundingVariant(Outcome.AGREES_AS_SUM_OF_ROUNDED, self.sums[name])
            for name in names
            if name in self.sums
        }
        if sums:
            yield sums
        if result and (coarser := dict(self._coarser(names, measures))):
            yield coarser

    def _coarser(self, names: Iterable[str], measures: Measures) -> Iterator[tuple[str, RoundingVariant]]:
        """The figures of tables that are given to a coarser step than they are printed with, all read so."""
        for name in names:
            step, figure = self.steps.get(name), measures.figures[name].figure
            if step is not None and step > figure.step and figure.rounding != "exact":
                interval = replace(figure, step=step).interval
                yield name, RoundingVariant(Outcome.AGREES_IF_ROUNDED_COARSER, interval)

    def variants(self, name: str, figure: Figure) -> list[RoundingVariant]:
        """The rounding variants of a figure that its table allows, the most natural first."""
        coarsest = self.steps.get(name)
        found = rounding_variants(figure) if coarsest is None else rounding_variants(figure, coarsest)
        truncated = Outcome.AGREES_IF_TRUNCATED
        return [item for item in found if not (item.outcome is truncated and name in self.rounded)]


def table_readings(relations: Sequence[Relation], measures: Measures) -> TableReadings:
    """How the figures of the tables of a publication are read.

    Parameters
    ----------
    relations : sequence of Relation
        The parts of a ``sum`` or ``shares_sum`` are a table; the relations whose result a line is show how it was rounded.
    measures : Measures
        With the printed figures.

    Returns
    -------
    TableReadings
    """
    figures = measures.figures
    lines = {name for names in tables_of(relations) for name in names}
    start = {name: item.figure.interval for name, item in figures.items()}
    rounded = set[str]()
    for relation in relations:
        for item in _constraints([relation], measures):
            if (
                item.result in lines
                and item.relation.kind != "sum"
                and _is_rounded(item, figures[item.result].figure, start)
            ):
                rounded.add(item.result)
    tables = [set(names) for names in tables_of(relations)]
    return TableReadings(
        shown_steps(relations, figures),
        frozenset(name for names in tables if names & rounded for name in names),
        _all_truncated(list(_constraints(relations, measures)), measures, start),
        sums_of_rounded(relations, figures),
    )


def _constraints(relations: Sequence[Relation], measures: Measures) -> Iterator[Constraint]:
    """The constraints of printed figures, one after the other."""
    for relation in relations:
        yield from () if unknowns_in(relation) else constraints_of(relation, measures)


def _truncated(names: Iterable[str], measures: Measures) -> dict[str, RoundingVariant]:
    """Some figures as truncated, except those that are said to be exact."""
    truncated = Outcome.AGREES_IF_TRUNCATED
    figures = ((name, measures.figures[name].figure) for name in names)
    return {
        name: item
        for name, figure in figures
        for item in rounding_variants(figure, figure.step)
        if item.outcome is truncated
    }


def _all_truncated(constraints: Sequence[Constraint], measures: Measures, start: Mapping[str, Interval]) -> bool:
    """Whether more constraints hold only if all their figures are truncated than only if they are rounded."""

    def holds(constraint: Constraint, *, truncated: bool) -> bool:
        names = dict.fromkeys(term.figure for term in constraint.terms)
        own = {name: start[name] for name in names}
        if truncated:
            own |= {name: item.interval for name, item in _truncated(names, measures).items()}
        return System(own).solve([constraint]).failure is None

    rounded = {id(item): holds(item, truncated=False) for item in constraints}
    more = sum(holds(item, truncated=True) for item in constraints if not rounded[id(item)])
    if not more:
        return False
    others = (item for item in constraints if rounded[id(item)] and not holds(item, truncated=True))
    return len(list(islice(others, more))) < more


def _is_rounded(constraint: Constraint, figure: Figure, start: Mapping[str, Interval]) -> bool:
    """Whether a result follows if it was rounded, and does not if it was truncated."""
    plain, *others = rounding_variants(figure, figure.step)
    return all(
        (System({**start, constraint.result: item.interval}).solve([constraint]).failure is None) is expected
        for item, expected in ((plain, True), *((other, False) for other in others))
    ) and bool(others)
