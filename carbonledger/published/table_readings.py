"""How the figures of each table are read: to which step they are given, and whether they are known to be rounded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

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
        Whether the whole publication may be truncated: no relation holds for rounded figures alone.
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
            By figure; first none, then the result in its variants, all figures truncated, and totals as sums of rounded parts.
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
        not any(_only_rounded(item, measures, start) for item in _constraints(relations, measures)),
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


def _only_rounded(constraint: Constraint, measures: Measures, start: Mapping[str, Interval]) -> bool:
    """Whether a constraint holds if its figures are rounded, and not if all of them are truncated."""
    names = dict.fromkeys(term.figure for term in constraint.terms)
    own = {name: start[name] for name in names}
    if System(own).solve([constraint]).failure is not None:
        return False
    others = {name: item.interval for name, item in _truncated(names, measures).items()}
    return System({**own, **others}).solve([constraint]).failure is not None


def _is_rounded(constraint: Constraint, figure: Figure, start: Mapping[str, Interval]) -> bool:
    """Whether a result follows if it was rounded, and does not if it was truncated."""
    plain, *others = rounding_variants(figure, figure.step)
    return all(
        (System({**start, constraint.result: item.interval}).solve([constraint]).failure is None) is expected
        for item, expected in ((plain, True), *((other, False) for other in others))
    ) and bool(others)
