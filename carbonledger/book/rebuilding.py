"""The printed figures of a book recalculated, each from the entries of its own year."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.printed_number import Outcome
from carbonledger.published.judgement import unevaluated
from carbonledger.published.quantities import Basis, relation_error
from carbonledger.published.rebuilt_slips import slip_of_rebuilt
from carbonledger.published.recalculation import RebuiltFigure, rebuilt_from
from carbonledger.published.relations import Relation
from carbonledger.published.rounding_variants import is_sum_of_rounded
from carbonledger.published.verdicts import Verdict

if TYPE_CHECKING:
    from carbonledger.book.year import ReportingYear

__all__ = ["Rebuilding", "rebuilding_of"]


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


def rebuilding_of(year: ReportingYear, other: Callable[[int], ReportingYear]) -> Rebuilding:
    """Recalculate every printed figure that a relation ties to the entries.

    Parameters
    ----------
    year : ReportingYear
        With published figures and relations.
    other : callable
        Gives another reporting year of the book.

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
            figures.append(_explained(_rebuilt(relation, year, other), year, other))
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


def _rebuilt(relation: Relation, year: ReportingYear, other: Callable[[int], ReportingYear]) -> RebuiltFigure:
    """A printed figure recalculated from its own year."""
    market = relation.members.get("scope_2") == "market"

    def basis_of(number: int | None) -> Basis:
        own = year if number in {None, year.year} else other(int(number or 0))
        if not len(own.entries):
            raise relation_error("no_entries_of_year", relation, year=own.year)
        if "driver" in relation.members and own is not year:
            raise relation_error("driver_of_other_year", relation, reporting=year.year, year=own.year)
        return Basis(own.inventory, own.scope_2 if market else None, tuple(year.drivers))

    return rebuilt_from(relation, year.published, basis_of)


def _explained(found: RebuiltFigure, year: ReportingYear, other: Callable[[int], ReportingYear]) -> RebuiltFigure:
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
    return replace(
        found, verdict=replace(verdict, slip=verdict.slip or slip_of_rebuilt(found, _readings(found, year, other)))
    )


def _readings(
    found: RebuiltFigure, year: ReportingYear, other: Callable[[int], ReportingYear]
) -> Mapping[str, Callable[[], Decimal | None]]:
    """What else a printed figure may have been taken from, by the name of the slip."""
    relation = found.verdict.relation
    members = relation.members
    own = int(members.get("year") or found.figure.year or year.year)

    def value_of(changed: Relation) -> Decimal | None:
        try:
            computed = _rebuilt(changed, year, other).verdict.computed
        except CarbonLedgerError:
            return None
        return computed if isinstance(computed, Decimal) else None if computed is None else computed.middle

    def of_year(number: int) -> Callable[[], Decimal | None]:
        return lambda: value_of(replace(relation, members={**members, "year": number}))

    def of_method(name: str) -> Callable[[], Decimal | None]:
        return lambda: value_of(replace(relation, members={**members, "scope_2": name}))

    readings: dict[str, Callable[[], Decimal | None]] = {}
    if str(members["quantity"]) in {"emissions_tco2e", "intensity_tco2e"}:
        method = "location" if members.get("scope_2") == "market" else "market"
        readings["location-based and market-based exchanged"] = of_method(method)
    if "change" not in members:
        readings["figure of the year before"] = of_year(own - 1)
        readings["figure of the year after"] = of_year(own + 1)
    return readings
