"""Implied factors of several years that should be alike: emissions over energy, energy over output.

A factor moves by some per cent from year to year; a jump shows that one of the years is in another unit, or of another perimeter.
"""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from carbonledger.core.exact_conversion import times
from carbonledger.core.printed_number import Outcome
from carbonledger.core.rounding import Interval
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.measures import Measures
from carbonledger.published.relations import Relation
from carbonledger.published.typical_errors import factor_near

__all__ = ["Jump", "first_jump"]

Jump = tuple[Outcome, PublishedFigure, Interval | None, str]


def first_jump(relation: Relation, measures: Measures) -> Jump:
    """The first year whose factor is further from that of the year before than the relation allows.

    Parameters
    ----------
    relation : Relation
        Of kind ``steady``: ``numerators`` and ``denominators``, each in the order of the years, and ``within_percent``.
    measures : Measures
        With the printed figures.

    Returns
    -------
    tuple of (Outcome, PublishedFigure, Interval or None, str)
        The outcome; the numerator of that year, else of the last; what the year before lets expect of it, in its unit; and the power of
        ten or other factor that explains the jump, empty if none does.
    """
    above, below = relation.members["numerators"], relation.members["denominators"]
    factors = [measures.alike(relation, names) for names in (above, below)]
    last = measures.figure(relation, above[-1])
    expected: Interval | None = None
    for (one, other), at in zip(pairwise(zip(above, below, strict=True)), range(1, len(above)), strict=True):
        first, second, under_first, under_second = (
            times(measures.figures[name].figure.interval, factor)
            for name, factor in (
                (one[0], factors[0][at - 1]),
                (other[0], factors[0][at]),
                (one[1], factors[1][at - 1]),
                (other[1], factors[1][at]),
            )
        )
        if min(first.low, under_first.low, under_second.low) <= 0:
            return Outcome.CANNOT_BE_DIVIDED, measures.figures[other[0]], None, ""
        steady = first / under_first * under_second
        share = 1 + Decimal(str(relation.members["within_percent"])) / 100
        expected = times(Interval(steady.low / share, steady.high * share), 1 / factors[0][at])
        if not second.overlaps(Interval(steady.low / share, steady.high * share)):
            slip = factor_near(second.middle / steady.middle, share)
            return Outcome.DOES_NOT_FOLLOW, measures.figures[other[0]], expected, slip
    return Outcome.AGREES, last, expected, ""
