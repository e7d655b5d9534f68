"""The ways in which a printed figure may be read: as rounded, as truncated, or with its last zeros only for show.

A figure declared exact has one reading. How many zeros may be for show is said by what the figure is: one that was computed from others
may have been computed to fewer decimals; one that is merely printed again may not, unless all figures of its table end in zeros.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Literal, get_args

from carbonledger.core.printed_number import Figure
from carbonledger.core.rounding import Interval
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.relations import Relation

__all__ = ["PLAIN", "WHOLE", "Outcome", "RoundingVariant", "rounding_variants", "severity", "shown_steps", "tables_of"]

Outcome = Literal[
    "agrees", "agrees if truncated", "agrees if rounded coarser", "cannot be divided", "implies", "does not follow"
]
WHOLE = Decimal(1)
_SEVERITY: Sequence[Outcome] = get_args(Outcome)
_TABLES = {"sum", "shares_sum"}


@dataclass(frozen=True, slots=True)
class RoundingVariant:
    """One way to read a printed figure.

    Parameters
    ----------
    outcome : str
        The verdict where this reading is the first that fits.
    interval : Interval
        What the figure stands for if read so.
    """

    outcome: Outcome
    interval: Interval


PLAIN = RoundingVariant(
    "agrees", Interval(Decimal("-Infinity"), Decimal("Infinity"), low_closed=False, high_closed=False)
)


def severity(holds: Outcome) -> int:
    """How much a verdict says against a figure; 0 for one that agrees."""
    return _SEVERITY.index(holds)


def rounding_variants(figure: Figure, coarsest: Decimal = WHOLE) -> Iterator[RoundingVariant]:
    """The rounding_variants of a figure, the most natural first.

    Parameters
    ----------
    figure : Figure
        As printed.
    coarsest : Decimal
        Up to which step its last zeros may be for show.

    Yields
    ------
    RoundingVariant
    """
    yield RoundingVariant("agrees", _exactly(figure))
    if figure.rounding == "exact":
        return
    yield RoundingVariant("agrees if truncated", _exactly(replace(figure, rounding="truncate")))
    step = figure.step * 10
    while figure.high is None and step <= coarsest and _is_multiple(figure.value, step):
        yield RoundingVariant("agrees if rounded coarser", _exactly(replace(figure, step=step)))
        step *= 10


def shown_steps(relations: Sequence[Relation], figures: Mapping[str, PublishedFigure]) -> dict[str, Decimal]:
    """To which step the figures of a table are given, where all of them end in zeros: 16.00, 22.00 and 48.00 in whole numbers.

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
        step = min((_zeros_from(figure) for figure in parts.values()), default=Decimal(0))
        if len(parts) > 1:
            steps |= {name: max(step, steps.get(name, step)) for name in parts}
    return steps


def tables_of(relations: Sequence[Relation]) -> list[list[str]]:
    """The figures that stand in one table, as relations tell."""
    return [list(relation.members["parts"]) for relation in relations if relation.kind in _TABLES]


def _zeros_from(figure: Figure) -> Decimal:
    """The coarsest step, up to whole numbers, that a figure's last zeros leave."""
    step = figure.step
    while step < WHOLE and _is_multiple(figure.value, step * 10):
        step *= 10
    return step


def _exactly(figure: Figure) -> Interval:
    """What a figure of any number of digits stands for."""
    with localcontext() as context:
        context.prec += _digits(figure.value, figure.step)
        return figure.interval


def _is_multiple(value: Decimal, step: Decimal) -> bool:
    """Whether a figure of any number of digits is a whole number of steps."""
    with localcontext() as context:
        context.prec += _digits(value, step)
        return value % step == 0


def _digits(value: Decimal, step: Decimal) -> int:
    """At least as many digits as a number and its steps have."""
    return abs(value.adjusted() - step.adjusted()) + len(value.as_tuple().digits)
