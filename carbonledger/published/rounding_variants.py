"""Rounding variants of a printed figure: as rounded, as truncated, or with trailing zeros that carry no precision.

A figure declared exact has one variant. A figure that was computed from others may have been computed to fewer decimals than it shows; one
that is merely printed again may not, unless all figures of its table end in zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from carbonledger.core.printed_number import Figure, Outcome
from carbonledger.core.rounding import Interval
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.relations import Relation

__all__ = [
    "PLAIN",
    "WHOLE",
    "RoundingVariant",
    "is_sum_of_rounded",
    "rounding_variants",
    "shown_steps",
    "sums_of_rounded",
    "tables_of",
]

WHOLE = Decimal(1)
_TABLES = {"sum", "shares_sum"}
# So many lines that all end in zeros do not do so by chance.
_SURE, _COARSEST = 3, Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class RoundingVariant:
    """The interval that a printed figure stands for under one assumption on its rounding.

    Parameters
    ----------
    outcome : Outcome
        The outcome of a relation for which this variant is the first that fits.
    interval : Interval
        The unrounded numbers that the figure can stand for, in its unit.
    """

    outcome: Outcome
    interval: Interval


PLAIN = RoundingVariant(
    Outcome.AGREES, Interval(Decimal("-Infinity"), Decimal("Infinity"), low_closed=False, high_closed=False)
)


def rounding_variants(figure: Figure, coarsest: Decimal = WHOLE) -> Iterator[RoundingVariant]:
    """The rounding variants of a figure, the most natural first.

    Parameters
    ----------
    figure : Figure
        As printed.
    coarsest : Decimal
        The coarsest step to which trailing zeros are tried as carrying no precision.

    Yields
    ------
    RoundingVariant
    """
    yield RoundingVariant(Outcome.AGREES, _exact_interval(figure))
    if figure.rounding == "exact":
        return
    yield RoundingVariant(Outcome.AGREES_IF_TRUNCATED, _exact_interval(replace(figure, rounding="truncate")))
    step = figure.step * 10
    while figure.high is None and step <= coarsest and _is_multiple(figure.value, step):
        yield RoundingVariant(Outcome.AGREES_IF_ROUNDED_COARSER, _exact_interval(replace(figure, step=step)))
        step *= 10


def is_sum_of_rounded(
    figure: PublishedFigure,
    computed: Interval | Decimal,
    relations: Sequence[Relation],
    figures: Mapping[str, PublishedFigure],
) -> bool:
    """Whether a printed total was added up from its printed parts, and what it should be lies within their rounding.

    Parameters
    ----------
    figure : PublishedFigure
        The total.
    computed : Interval or Decimal
        What it should follow from, in its unit.
    relations : sequence of Relation
        Those of kind ``sum`` say what its parts are.
    figures : mapping of str to PublishedFigure
        By id.
    """
    span = computed if isinstance(computed, Interval) else Interval(computed, computed)
    found = sums_of_rounded(relations, figures).get(figure.figure_id)
    return found is not None and found.overlaps(span)


def sums_of_rounded(relations: Sequence[Relation], figures: Mapping[str, PublishedFigure]) -> dict[str, Interval]:
    """The totals that are printed as the sum of their printed parts, each with what its unrounded parts can add up to.

    Parameters
    ----------
    relations : sequence of Relation
        Those of kind ``sum`` say what the parts are.
    figures : mapping of str to PublishedFigure
        By id.

    Returns
    -------
    dict of str to Interval
        By total, in its unit; of a total of totals with what is open in them.
    """
    sums: dict[str, Interval] = {}
    left = {id(item): item for item in relations if item.kind == "sum" and _adds_up(item, figures)}
    while left:
        open_totals = {item.members["total"] for item in left.values()}
        ready = [key for key, item in left.items() if open_totals.isdisjoint(item.members["parts"])] or list(left)
        for relation in map(left.pop, ready):
            total = relation.members["total"]
            parts = [sums.get(name, figures[name].figure.interval) for name in relation.members["parts"]]
            whole = sum(parts, Interval(Decimal(0), Decimal(0)))
            known = sums.get(total, whole)
            sums[total] = Interval(min(known.low, whole.low), max(known.high, whole.high))
    return sums


def truncated_figures(figures: Mapping[str, PublishedFigure]) -> dict[str, PublishedFigure]:
    """The figures of a publication if all were truncated that are not said to be exact."""
    return {
        name: item
        if item.figure.rounding == "exact"
        else replace(item, figure=replace(item.figure, rounding="truncate"))
        for name, item in figures.items()
    }


def _adds_up(relation: Relation, figures: Mapping[str, PublishedFigure]) -> bool:
    """Whether all of a sum is printed, in one unit, and its printed parts add up to its printed total."""
    total = figures.get(relation.members["total"])
    parts = [figures.get(name) for name in relation.members["parts"]]
    alike = [item.figure for item in parts if item is not None and total is not None and item.unit == total.unit]
    if total is None or len(alike) < len(parts) or any(item.kind != "single" for item in (total.figure, *alike)):
        return False
    return sum(item.value for item in alike) == total.figure.value


def shown_steps(relations: Sequence[Relation], figures: Mapping[str, PublishedFigure]) -> dict[str, Decimal]:
    """The step to which the figures of a table are given if all of them end in zeros: 1 for 16.00, 22.00 and 48.00.

    Beyond whole numbers it takes three lines, as 12,300, 4,500 and 700 for hundreds; a total that ends so too is read with them.

    Parameters
    ----------
    relations : sequence of Relation
        The parts of a ``sum`` or ``shares_sum`` are a table.
    figures : mapping of str to PublishedFigure
        By id.

    Returns
    -------
    dict of str to Decimal
        By figure.
    """
    steps: dict[str, Decimal] = {}
    for names in tables_of(relations):
        parts = {name: figures[name].figure for name in names if name in figures}
        most = WHOLE if len(parts) < _SURE else _COARSEST
        step = min((_coarsest_step(figure, most) for figure in parts.values() if figure.value), default=Decimal(0))
        if len(parts) > 1:
            steps |= {name: max(step, steps.get(name, step)) for name in parts}
    for relation in relations:
        total = figures.get(relation.members["total"]) if relation.kind == "sum" else None
        step = (
            max((steps.get(name, Decimal(0)) for name in relation.members["parts"]), default=WHOLE) if total else WHOLE
        )
        if total is not None and step > WHOLE and _is_multiple(total.figure.value, step):
            steps[total.figure_id] = max(step, steps.get(total.figure_id, step))
    return steps


def tables_of(relations: Sequence[Relation]) -> list[list[str]]:
    """The figures of each table: the parts of every ``sum`` and ``shares_sum``."""
    return [list(relation.members["parts"]) for relation in relations if relation.kind in _TABLES]


def _coarsest_step(figure: Figure, most: Decimal = WHOLE) -> Decimal:
    """The coarsest step, up to a most, of which a figure is a multiple."""
    step = figure.step
    while step < most and _is_multiple(figure.value, step * 10):
        step *= 10
    return step


def _exact_interval(figure: Figure) -> Interval:
    """The interval of a figure, with enough digits for exact arithmetic."""
    with localcontext() as context:
        context.prec += _digits_needed(figure.value, figure.step)
        return figure.interval


def _is_multiple(value: Decimal, step: Decimal) -> bool:
    """Whether a number is a whole number of steps."""
    with localcontext() as context:
        context.prec += _digits_needed(value, step)
        return value % step == 0


def _digits_needed(value: Decimal, step: Decimal) -> int:
    """At least as many digits as a number and its step have together."""
    return abs(value.adjusted() - step.adjusted()) + len(value.as_tuple().digits)
