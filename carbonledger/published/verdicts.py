"""Verdicts: whether printed figures follow from the data and from each other.

A printed figure is an interval, and a relation among figures holds if some choice of unrounded numbers satisfies
it. Where one member is unknown, the relation says in which interval it lies.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

from carbonledger.core.errors import BookError, UnitError
from carbonledger.core.exact_conversion import exact_factor, times
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.printed_number import Outcome
from carbonledger.core.rounding import Interval, decimal_of
from carbonledger.published.constraints import Constraint, constraints_of
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.measures import Measures, measures_of
from carbonledger.published.propagation import System
from carbonledger.published.relations import Relation, read_relations, unknowns_in
from carbonledger.published.rounding_variants import PLAIN, RoundingVariant, rounding_variants
from carbonledger.published.steady_factors import first_jump
from carbonledger.published.table_readings import TableReadings
from carbonledger.published.typical_errors import typical_error_among, typical_error_of

__all__ = [
    "Outcome",
    "Relation",
    "Verdict",
    "check_rebuilt",
    "check_relation",
    "implied",
    "read_relations",
    "wider_variants",
]

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, repr=False)
class Verdict:
    """The outcome of comparing a printed figure with what a relation computes for it.

    Parameters
    ----------
    relation : Relation
        What was checked.
    outcome : Outcome
        How the printed figure compares with the computed one.
    printed : str
        The figure as printed, or the unknown's name.
    computed : Interval, Decimal or None
        What the other figures or the engine give; None if they give nothing.
    unit : str
        Of both.
    distance : Decimal
        How far apart the two are beyond all rounding; 0 if they agree.
    slip : str
        The typical error that would lead to the printed figure, e.g. ``x 1000`` or ``per cent of the other year``; empty if none would.
    problem : Message or None
        Why the relation cannot be evaluated; None if it can.
    at_fault : Label or None
        The figure in which the slip is, if it is another than the one that the relation gives.
    """

    relation: Relation
    outcome: Outcome
    printed: str
    computed: Interval | Decimal | None
    unit: str
    distance: Decimal = Decimal(0)
    slip: str = ""
    problem: Message | None = None
    at_fault: Label | None = None

    def __repr__(self) -> str:
        return f"Verdict({self.relation.relation_id}, {self.printed} {self.unit}, {self.outcome})"


def check_rebuilt(
    relation: Relation, figure: PublishedFigure, rebuilt: float | Interval, unit: str, slack: Decimal = Decimal(0)
) -> Verdict:
    """Compare a printed figure with the result recalculated from the inventory.

    Parameters
    ----------
    relation : Relation
        Of kind ``rebuild``.
    figure : PublishedFigure
        The printed figure.
    rebuilt : float or Interval
        The engine's unrounded result, in `unit`; an interval if it rests on amounts that are themselves rounded.
    unit : str
        Converted to the figure's unit.
    slack : Decimal
        How far its publishers' own sums of gases can be from the result, in `unit`.

    Returns
    -------
    Verdict

    Raises
    ------
    BookError
        If the figure has no unit, or one that measures something else.
    """
    try:
        factor = exact_factor(unit, figure.unit)
    except UnitError as error:
        values = {"relation": relation.relation_id, "figure": figure.figure_id, "problem": error.says or str(error)}
        raise BookError(Message.of("RELATION.wrong_figure_unit", **values)) from error
    value = _in_unit(rebuilt, factor)
    span = value if isinstance(value, Interval) else Interval(value, value)
    found = next(
        (item for item in rounding_variants(figure.figure, figure.figure.step) if item.interval.overlaps(span)), None
    )
    distance = _distance_between(figure.figure.interval, span)
    if found is not None:
        gap = Decimal(0) if found.outcome is Outcome.AGREES else distance
        return Verdict(relation, found.outcome, figure.figure.text, value, figure.unit, gap)
    if slack and figure.figure.interval.overlaps(span + times(Interval(-slack, slack), factor)):
        outcome = Outcome.AGREES_WITHIN_ROUNDED_FACTORS
        return Verdict(relation, outcome, figure.figure.text, value, figure.unit, distance)
    slip = typical_error_of(figure.figure, value)
    return Verdict(relation, Outcome.DOES_NOT_FOLLOW, figure.figure.text, value, figure.unit, distance, slip)


def _in_unit(rebuilt: float | Interval, factor: Fraction) -> Interval | Decimal:
    """A recalculated number, or the interval of one, in another unit."""
    if isinstance(rebuilt, Interval) and rebuilt.width:
        return times(rebuilt, factor)
    number = rebuilt.low if isinstance(rebuilt, Interval) else decimal_of(rebuilt)
    return decimal_of(float(times(Interval(number, number), factor).low))


def check_relation(
    relation: Relation,
    figures: Mapping[str, PublishedFigure],
    *,
    measures: Measures | None = None,
    readings: TableReadings | None = None,
) -> Verdict:
    """Check a relation among printed figures.

    Parameters
    ----------
    relation : Relation
        ``sum`` (``total``, ``parts``), ``difference`` (``result``, ``minuend``, ``subtrahend``), ``percent_change``
        (``change``, ``current``, ``previous``, ``direction``), ``ratio`` (``result``, ``numerator``, ``denominator``), ``share``
        (``result``, ``part``, ``whole``, in per cent), ``shares_sum`` (``parts``, which sum to 100 %), ``same`` (``figures``),
        ``count`` (``count``, ``items``: names), ``unit_conversion`` (``result``, ``source``, and ``factor`` if one is printed),
        ``steady`` (``numerators``, ``denominators`` of several years, ``within_percent``).
    figures : mapping of str to PublishedFigure
        By id.
    measures : Measures, optional
        Units of the unknowns, if other relations say them.
    readings : TableReadings, optional
        From `carbonledger.published.table_readings`: how the figures of each table are read.

    Returns
    -------
    Verdict
        Of a relation with unknowns, what it says by itself of the first of them.

    Raises
    ------
    BookError
        If the relation names a figure that does not exist, or units that do not fit.
    """
    units = measures or measures_of(figures, [relation])
    constraints = constraints_of(relation, units)
    if unknowns_in(relation):
        return implied(relation, units)[0]
    if relation.kind == "steady":
        outcome, figure, expected, slip = first_jump(relation, units)
        gap = _distance_between(figure.figure.interval, expected) if expected else Decimal(0)
        return Verdict(relation, outcome, figure.figure.text, expected, figure.unit, gap, slip)
    if relation.kind == "same":
        return _check_same(relation, units, readings or TableReadings())
    if relation.kind == "shares_sum":
        return _check_shares_sum(constraints[0], units, readings or TableReadings())
    return _check_result(constraints[0], units, readings or TableReadings())


def implied(relation: Relation, measures: Measures, known: Mapping[str, Interval] | None = None) -> list[Verdict]:
    """The interval of each unknown of a relation, one verdict each.

    Parameters
    ----------
    relation : Relation
        With unknowns.
    measures : Measures
        Units of the unknowns.
    known : mapping of str to Interval, optional
        What all relations together say; without it, what this one says by itself.

    Returns
    -------
    list of Verdict
        One per unknown; nothing computed where nothing is known.
    """
    constraints = constraints_of(relation, measures)
    alone = {
        name: value
        for item in constraints
        for name, value in item.narrowed(lambda name: _printed_interval(measures, name))
    }
    found = alone if known is None else known
    return [
        Verdict(relation, Outcome.IMPLIES, name.removeprefix("?"), found.get(name), measures.unit(relation, name))
        for name in unknowns_in(relation)
    ]


def _printed_interval(measures: Measures, name: str) -> Interval | None:
    """The interval of a printed figure; None for an unknown."""
    figure = measures.figures.get(name)
    return figure.figure.interval if figure else None


def _check_result(constraint: Constraint, measures: Measures, readings: TableReadings) -> Verdict:
    """Compare the printed result of a constraint with the interval of its other figures."""
    relation = constraint.relation
    printed = measures.figures[constraint.result]
    try:
        computed = constraint.solved(constraint.result, lambda name: _printed_interval(measures, name))
    except ArithmeticError:
        computed = None
    if computed is None:
        return Verdict(relation, Outcome.CANNOT_BE_DIVIDED, printed.figure.text, None, printed.unit)
    found = _fitting_reading(constraint, measures, readings)
    if found is not None:
        return Verdict(relation, _outcome_of(found), printed.figure.text, computed, printed.unit)
    gap = _distance_between(printed.figure.interval, computed)
    slip = typical_error_among(constraint, measures) or typical_error_of(printed.figure, computed)
    return Verdict(relation, Outcome.DOES_NOT_FOLLOW, printed.figure.text, computed, printed.unit, gap, slip)


def _fitting_reading(
    constraint: Constraint, measures: Measures, readings: TableReadings
) -> dict[str, RoundingVariant] | None:
    """The figures that are read otherwise than as rounded in the first reading under which a constraint holds; None if it never does."""
    start = {term.figure: measures.figures[term.figure].figure.interval for term in constraint.terms}
    return next(
        (
            changed
            for changed in readings.of(constraint, measures)
            if _satisfiable(constraint, {**start, **{name: item.interval for name, item in changed.items()}})
        ),
        None,
    )


def _outcome_of(reading: Mapping[str, RoundingVariant]) -> Outcome:
    """The outcome of a relation that holds under a reading."""
    return max((item.outcome for item in reading.values()), key=lambda item: item.severity, default=Outcome.AGREES)


def _satisfiable(constraint: Constraint, start: Mapping[str, Interval]) -> bool:
    """Whether some choice of unrounded numbers satisfies a constraint; open ends are taken into account."""
    return System(start).solve([constraint]).failed is None


def _distance_between(one: Interval, other: Interval) -> Decimal:
    """The distance between two intervals; 0 if they overlap."""
    return max(one.low - other.high, other.low - one.high, Decimal(0))


def _check_shares_sum(constraint: Constraint, measures: Measures, readings: TableReadings) -> Verdict:
    """Check that percentages of one whole sum to 100 %."""
    total, printed = Interval(Decimal(0), Decimal(0)), Decimal(0)
    for term in constraint.terms:
        figure = measures.figures[term.figure].figure
        total = total + term.of(figure.interval)
        printed += term.of(Interval(figure.value, figure.value)).low
    found = _fitting_reading(constraint, measures, readings)
    outcome = Outcome.DOES_NOT_FOLLOW if found is None else _outcome_of(found)
    return Verdict(constraint.relation, outcome, f"{printed} %", total, "percent", total.distance(_HUNDRED))


def _check_same(relation: Relation, measures: Measures, readings: TableReadings) -> Verdict:
    """Check a figure that is printed in several places: every two intervals must have a value in common."""
    verdicts = []
    for first, second, factor in _figure_pairs(relation, measures):
        found = _fitting_pair(first, second, factor, readings.steps)
        outcome = max(
            (variant.outcome for variant in found), key=lambda item: item.severity, default=Outcome.DOES_NOT_FOLLOW
        )
        computed = times(second.figure.interval, factor)
        gap = Decimal(0) if found else _distance_between(first.figure.interval, computed)
        slip = "" if found else typical_error_of(first.figure, computed)
        verdicts.append(Verdict(relation, outcome, first.figure.text, computed, first.unit, gap, slip))
    if not verdicts:
        raise BookError(Message.of("RELATION.one_figure", relation=relation.relation_id))
    return max(verdicts, key=lambda verdict: (verdict.outcome.severity, verdict.distance))


def _figure_pairs(
    relation: Relation, measures: Measures
) -> Iterator[tuple[PublishedFigure, PublishedFigure, Fraction]]:
    """Every two figures of a relation, with the factor that converts the second to the unit of the first."""
    names = list(dict.fromkeys(relation.members["figures"]))
    factors = dict(zip(names, measures.alike(relation, names), strict=True))
    for one, other in combinations(names, 2):
        yield measures.figures[one], measures.figures[other], factors[other] / factors[one]


def _fitting_pair(
    first: PublishedFigure, second: PublishedFigure, factor: Fraction, shown: Mapping[str, Decimal]
) -> tuple[RoundingVariant, ...]:
    """The mildest rounding variants under which two figures can be one value; empty if there are none."""
    pairs = [
        (one, other)
        for one in rounding_variants(first.figure, shown.get(first.figure_id, first.figure.step))
        for other in rounding_variants(second.figure, shown.get(second.figure_id, second.figure.step))
        if one.interval.overlaps(times(other.interval, factor))
    ]
    return min(pairs, key=lambda pair: sorted((item.outcome.severity for item in pair), reverse=True), default=())


def wider_variants(relation: Relation, measures: Measures, readings: TableReadings) -> dict[str, RoundingVariant]:
    """The figures of a relation that agree only under another rounding variant than plain rounding.

    Parameters
    ----------
    relation : Relation
        Of printed figures only.
    measures : Measures
        With these figures.
    readings : TableReadings
        See `check_relation`.

    Returns
    -------
    dict of str to RoundingVariant
        By figure; empty if the relation agrees as it is, or in no reading.
    """
    if relation.kind == "same":
        found: dict[str, RoundingVariant] = {}
        for first, second, factor in _figure_pairs(relation, measures):
            for figure, variant in zip(
                (first, second), _fitting_pair(first, second, factor, readings.steps), strict=False
            ):
                if variant.outcome.severity > found.get(figure.figure_id, PLAIN).outcome.severity:
                    found[figure.figure_id] = variant
        return found
    if relation.kind == "steady":
        return {}
    found_reading = _fitting_reading(constraints_of(relation, measures)[0], measures, readings) or {}
    return {name: item for name, item in found_reading.items() if item.outcome is not Outcome.AGREES}
