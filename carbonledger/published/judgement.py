"""The verdicts on all relations of a publication: each judged in its table, with what can be said of why it does not hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.printed_number import Outcome
from carbonledger.published.constraints import constraints_of
from carbonledger.published.diagnosis import Diagnosis, diagnose
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.measures import Measures, measures_of
from carbonledger.published.network import ConstraintNetwork
from carbonledger.published.relations import Relation, Unknown, unknowns_in
from carbonledger.published.table_readings import TableReadings, table_readings
from carbonledger.published.verdicts import Verdict, check_relation

__all__ = ["Evaluable", "evaluable", "judged", "unevaluated"]


@dataclass(frozen=True, slots=True)
class Evaluable:
    """The relations among printed figures that can be evaluated, and the verdicts on those that cannot.

    Parameters
    ----------
    relations : tuple of Relation
        In their order; none of kind ``rebuild``.
    problems : mapping of str to Verdict
        By relation.
    measures : Measures
        The units of what the former name.
    """

    relations: tuple[Relation, ...]
    problems: Mapping[str, Verdict]
    measures: Measures


def unevaluated(relation: Relation, figures: Mapping[str, PublishedFigure], error: CarbonLedgerError) -> Verdict:
    """The verdict on a relation that cannot be evaluated, with the reason.

    Parameters
    ----------
    relation : Relation
        Of any kind.
    figures : mapping of str to PublishedFigure
        By id.
    error : CarbonLedgerError
        Why not.

    Returns
    -------
    Verdict
    """
    figure = figures.get(str(relation.members.get("figure")))
    printed, unit = (figure.figure.text, figure.unit) if figure else ("–", "")
    problem = error.says or Message.of("RELATION.not_evaluated", relation=relation.relation_id, problem=str(error))
    return Verdict(relation, Outcome.CANNOT_BE_EVALUATED, printed, None, unit, problem=problem)


def evaluable(
    figures: Mapping[str, PublishedFigure],
    relations: Sequence[Relation],
    unknowns: Mapping[str, Unknown] | None = None,
) -> Evaluable:
    """Sort relations by whether they can be evaluated: by themselves, and with the units that others give their unknowns.

    Parameters
    ----------
    figures : mapping of str to PublishedFigure
        By id.
    relations : sequence of Relation
        Those of kind ``rebuild`` are passed over.
    unknowns : mapping of str to Unknown, optional
        What the case says of its unknowns.

    Returns
    -------
    Evaluable
    """
    problems: dict[str, Verdict] = {}

    def sound(some: Sequence[Relation], measures: Callable[[Relation], Measures]) -> list[Relation]:
        kept = []
        for relation in some:
            try:
                constraints_of(relation, measures(relation))
                kept.append(relation)
            except CarbonLedgerError as error:
                problems[relation.relation_id] = unevaluated(relation, figures, error)
        return kept

    among = [item for item in relations if item.kind != "rebuild"]
    first = sound(among, lambda relation: measures_of(figures, [relation], unknowns))
    together = measures_of(figures, first, unknowns)
    left = sound(first, lambda _: together)
    return Evaluable(tuple(left), problems, together)


def judged(
    known: Evaluable, relations: Sequence[Relation], network: Callable[[], ConstraintNetwork]
) -> tuple[Verdict, ...]:
    """The verdict on each relation among printed figures, with the slips that explain those which do not hold.

    Parameters
    ----------
    known : Evaluable
        What can be evaluated.
    relations : sequence of Relation
        All of them, for the order.
    network : callable
        Gives what all relations together say of unknowns; asked only if there are some.

    Returns
    -------
    tuple of Verdict
        One for each relation, or for each of its unknowns.
    """
    readings = table_readings(known.relations, known.measures)
    sound = {item.relation_id for item in known.relations}
    found: list[Verdict] = []
    for relation in relations:
        if relation.relation_id in known.problems:
            found.append(known.problems[relation.relation_id])
        elif relation.relation_id in sound and unknowns_in(relation):
            found += network().verdicts(relation, known.measures)
        elif relation.relation_id in sound:
            found.append(_checked(relation, known.measures, readings))
    return _explained(found, known, all_truncated=readings.all_truncated)


def _checked(relation: Relation, measures: Measures, readings: TableReadings) -> Verdict:
    """The verdict on a relation without unknowns."""
    try:
        return check_relation(relation, measures.figures, measures=measures, readings=readings)
    except CarbonLedgerError as error:
        return unevaluated(relation, measures.figures, error)


def _explained(verdicts: Sequence[Verdict], known: Evaluable, *, all_truncated: bool) -> tuple[Verdict, ...]:
    """Verdicts with the slips that explain several of them, or one in a figure that is not the result."""
    failing = [item.relation.relation_id for item in verdicts if item.outcome is Outcome.DOES_NOT_FOLLOW]
    by_relation = {
        name: item
        for item in diagnose(known.relations, failing, known.measures, all_truncated=all_truncated)
        for name in item.relations
        if item.slip
    }
    return tuple(_with_slip(item, by_relation.get(item.relation.relation_id), known) for item in verdicts)


def _with_slip(verdict: Verdict, found: Diagnosis | None, known: Evaluable) -> Verdict:
    """A verdict with the slip that explains it, and the figures that the slip is in."""
    if found is None or verdict.outcome is not Outcome.DOES_NOT_FOLLOW:
        return verdict
    figures = known.measures.figures
    labels = [figures[name].label for name in (found.figure, found.other) if name in figures]
    where = Label(" / ".join(item.en for item in labels), " / ".join(item.zh for item in labels))
    return replace(verdict, slip=found.slip, at_fault=where)
