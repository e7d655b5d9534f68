"""The printed figures of a book recalculated, each from the entries of its own year."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from carbonledger.audit.case import AuditCase
from carbonledger.core.errors import CarbonLedgerError, EntriesError
from carbonledger.core.findings import Message
from carbonledger.core.printed_number import Outcome
from carbonledger.core.rounding import Interval
from carbonledger.published.figure_slips import METHODS
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.judgement import unevaluated
from carbonledger.published.quantities import Basis, relation_error
from carbonledger.published.rebuilt_slips import as_interval, slip_of_rebuilt, slips_of_emissions
from carbonledger.published.recalculation import RebuiltFigure, rebuilt_from
from carbonledger.published.register_quantities import REGISTER_MEMBERS
from carbonledger.published.relations import Relation
from carbonledger.published.rounding_variants import is_sum_of_rounded
from carbonledger.published.verdicts import Verdict

__all__ = ["Rebuilding", "rebuilding_of", "total_of"]

OfYear = Callable[[int], AuditCase | None]
_OF_EMISSIONS = ("emissions", "gas", "intensity_tco2e")
_CREDITS = frozenset({"credit_bought", "credit_retired"})


@dataclass(frozen=True, slots=True)
class Rebuilding:
    """The printed figures of a book recalculated.

    Parameters
    ----------
    figures : tuple of RebuiltFigure
        One for each relation of kind ``rebuild`` whose figure is printed; its verdict says if it cannot be evaluated.
    verdicts : tuple of Verdict
        The relations whose figure is not among the printed ones.
    """

    figures: tuple[RebuiltFigure, ...]
    verdicts: tuple[Verdict, ...]


def rebuilding_of(year: AuditCase, other: OfYear) -> Rebuilding:
    """Recalculate every printed figure that a relation ties to the entries.

    Parameters
    ----------
    year : AuditCase
        The reporting year, with published figures and relations.
    other : callable
        Gives a year of the book; None for one without entries.

    Returns
    -------
    Rebuilding
        A relation that cannot be evaluated is a verdict on that relation; the others are not concerned.
    """
    figures, verdicts = list[RebuiltFigure](), list[Verdict]()
    for relation in year.relations:
        if relation.kind != "rebuild":
            continue
        try:
            found = _explained(_rebuilt(relation, year, other), year, other)
            figures.append(_unaccused(found, relation, year, other))
        except CarbonLedgerError as error:
            verdict = unevaluated(relation, year.published, error)
            figure = year.published.get(str(relation.members["figure"]))
            if figure is None:
                verdicts.append(verdict)
            else:
                members = relation.members
                place = (str(members.get("activity", "")), str(members.get("entity", "")), str(members["quantity"]))
                figures.append(RebuiltFigure(figure, *place, verdict))
    return Rebuilding(tuple(figures), tuple(verdicts))


def _unaccused(found: RebuiltFigure, relation: Relation, year: AuditCase, other: OfYear) -> RebuiltFigure:
    """A figure that does not follow from a year whose entries are left out in part may well be right."""
    number = int(relation.members.get("year") or found.figure.year or year.year)
    own = other(number)
    accused = (
        found.verdict.outcome is Outcome.DOES_NOT_FOLLOW and str(relation.members["quantity"]) not in REGISTER_MEMBERS
    )
    if not accused or own is None or own.has_total:
        return found
    error = relation_error("part_of_a_year", relation, year=number)
    verdict = replace(found.verdict, outcome=Outcome.CANNOT_BE_EVALUATED, slip="", problem=error.says)
    return replace(found, verdict=verdict)


def _rebuilt(relation: Relation, year: AuditCase, other: OfYear) -> RebuiltFigure:
    """A printed figure recalculated from its own year."""
    market = relation.members.get("scope_2") == "market"

    def basis_of(number: int | None) -> Basis:
        own = other(number or year.year)
        if own is None:
            raise relation_error("no_entries_of_year", relation, year=number or year.year)
        missing = _left_out(relation, own)
        if missing is not None:
            raise relation_error("left_out", relation, year=own.year, problem=missing)
        drivers = tuple(own.drivers)
        name = relation.members.get("driver")
        if name and own.year != year.year and not any(name in {item.name_en, item.name_zh} for item in drivers):
            raise relation_error("driver_of_other_year", relation, driver=str(name), year=own.year)
        return Basis(own.inventory, own.scope_2 if market else None, drivers, own.market_based_part, own.environment)

    return rebuilt_from(relation, year.published, basis_of)


def _left_out(relation: Relation, own: AuditCase) -> Message | None:
    """Why entries that a relation is of are not in the inventory of their year; None if all are."""
    members = relation.members
    # Energy that is missing is no number, and says so itself.
    if not str(members["quantity"]).startswith(_OF_EMISSIONS):
        return None
    try:
        problems = own.inventory.plan.problems
    except EntriesError as error:
        named = [item for item in error.findings if str(members.get("activity", "")) in item.message]
        return (named or error.findings)[0].says
    for problem in problems:
        key = problem.key
        if not problem.fatal or members.get("activity", key.activity) != key.activity:
            continue
        frame = own.all_entries
        here = None if frame is None else set(frame.loc[frame["activity"] == key.activity, "entity"])
        if "entity" not in members or here is None or members["entity"] in here:
            return problem.error.says or Message.of("UNRESOLVED_FACTOR.other", problem=str(problem.error))
    return None


def total_of(rebuilt: Iterable[RebuiltFigure], year: int) -> PublishedFigure | None:
    """The printed total of emissions of a year; None if no relation names it.

    Parameters
    ----------
    rebuilt : iterable of RebuiltFigure
        In their order.
    year : int
        Which; a figure without one is of the reporting year.
    """
    return next(
        (
            item.figure
            for item in rebuilt
            if item.quantity == "emissions_tco2e"
            and not (item.activity or item.entity)
            and item.figure.year in {None, year}
        ),
        None,
    )


def _explained(found: RebuiltFigure, year: AuditCase, other: OfYear) -> RebuiltFigure:
    """A figure that does not follow, as a sum of rounded parts, or with the slip that would lead to it."""
    verdict = found.verdict
    if verdict.outcome not in {Outcome.DOES_NOT_FOLLOW, Outcome.AGREES_IF_TRUNCATED}:
        return found
    if verdict.computed is not None and is_sum_of_rounded(
        found.figure, verdict.computed, year.relations, year.published
    ):
        return replace(found, verdict=replace(verdict, outcome=Outcome.AGREES_AS_SUM_OF_ROUNDED, slip=""))
    if verdict.outcome is Outcome.AGREES_IF_TRUNCATED:
        return found
    slip = verdict.slip or slip_of_rebuilt(found, _readings(found, year, other)) or _slip_of_emissions(found, year)
    return replace(found, verdict=replace(verdict, slip=slip))


def _slip_of_emissions(found: RebuiltFigure, year: AuditCase) -> str:
    """The slip that would lead to a printed total of the reporting year."""
    if found.figure.year not in {None, year.year} or "year" in found.verdict.relation.members:
        return ""
    retired = math.fsum(item.tco2e for item in year.registers if item.kind in _CREDITS)
    return slips_of_emissions(found, Basis(year.inventory, year.scope_2), retired)


def _readings(found: RebuiltFigure, year: AuditCase, other: OfYear) -> Mapping[str, Callable[[], Interval | None]]:
    """What else a printed figure may have been taken from, by the name of the slip."""
    relation = found.verdict.relation
    members = relation.members
    own = int(members.get("year") or found.figure.year or year.year)

    def with_members(**changed: object) -> Callable[[], Interval | None]:
        def value() -> Interval | None:
            try:
                again = _rebuilt(replace(relation, members={**members, **changed}), year, other)
            except CarbonLedgerError:
                return None
            return as_interval(again.verdict.computed)

        return value

    readings: dict[str, Callable[[], Interval | None]] = {}
    if str(members["quantity"]) in {"emissions_tco2e", "intensity_tco2e"}:
        readings[METHODS] = with_members(scope_2="location" if members.get("scope_2") == "market" else "market")
    if "change" not in members:
        readings["figure of the year before"] = with_members(year=own - 1)
        readings["figure of the year after"] = with_members(year=own + 1)
    return readings
