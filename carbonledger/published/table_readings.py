"""How the figures of each table are read: to which step they are given, and whether they are known to be rounded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from carbonledger.core.printed_number import Figure, Outcome
from carbonledger.core.rounding import Interval
from carbonledger.published.constraints import Constraint, constraints_of
from carbonledger.published.measures import Measures
from carbonledger.published.propagation import System
from carbonledger.published.relations import Relation, unknowns_in
from carbonledger.published.rounding_variants import RoundingVariant, rounding_variants, shown_steps, tables_of

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
    """

    steps: Mapping[str, Decimal] = field(default_factory=dict)
    rounded: frozenset[str] = frozenset()

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
        for item in () if unknowns_in(relation) else constraints_of(relation, measures):
            if (
                item.result in lines
                and item.relation.kind != "sum"
                and _is_rounded(item, figures[item.result].figure, start)
            ):
                rounded.add(item.result)
    tables = [set(names) for names in tables_of(relations)]
    return TableReadings(
        shown_steps(relations, figures), frozenset(name for names in tables if names & rounded for name in names)
    )


def _is_rounded(constraint: Constraint, figure: Figure, start: Mapping[str, Interval]) -> bool:
    """Whether a result follows if it was rounded, and does not if it was truncated."""
    plain, *others = rounding_variants(figure, figure.step)
    return all(
        (System({**start, constraint.result: item.interval}).solve([constraint]).failure is None) is expected
        for item, expected in ((plain, True), *((other, False) for other in others))
    ) and bool(others)
