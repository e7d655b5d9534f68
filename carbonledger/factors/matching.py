"""Finding a factor, and saying how it was found.

The rules, in order: the entry names a factor; else the activity itself before its parent; the region itself
before one that holds it; the year itself before the latest earlier one within the edition's stated lag. A
later year is never used. Editions never stand in for each other: where two fit equally well, nothing is chosen.
An edition that another one corrects or replaces stands back behind it where both are pinned.

Only rows of the right activity, parameter, region and year are touched; why the others were not chosen is worked out when it is asked
(`carbonledger.factors.refusals`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from functools import lru_cache
from itertools import repeat
from typing import Any, NamedTuple

from carbonledger.core.activities import NAMED_ONLY
from carbonledger.core.errors import AmbiguousFactorError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label, Lang
from carbonledger.core.regions import main_subregion_of
from carbonledger.factors.edition_rows import Places
from carbonledger.factors.editions import successor_among
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.fitting import (
    EQUIVALENT,
    Match,
    Query,
    Rank,
    asked_editions,
    corrected_editions,
    names_of,
    oldest_allowed,
    region_distances,
    rows_asked_for,
    years_after,
)
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.factors.refusals import Refusal, refusals_of

__all__ = ["Decision", "Match", "Query", "find_factors"]


class Decision(NamedTuple):
    """A whole matching decision.

    Parameters
    ----------
    query : Query
        What was asked.
    matches : tuple of Match
        The factors chosen: all gases and units of the best edition, region and year. Empty if none fits.
    factors : PinnedFactors
        What might be used.
    best : tuple of int, or None
        How well the chosen factors fit: depth of the activity, distance of the region, years. None if none fits.
    """

    query: Query
    matches: tuple[Match, ...]
    factors: PinnedFactors
    best: Rank | None = None

    @property
    def refusals(self) -> tuple[Refusal, ...]:
        """The candidates that were not chosen, the nearest first; worked out when it is asked for."""
        return refusals_of(self.factors, self.query, self.best, [match.factor for match in self.matches])

    @property
    def refused(self) -> tuple[tuple[Factor, str], ...]:
        """The candidates that were not chosen, the nearest first, each with the reason in English."""
        return tuple((refusal.factor, refusal.reason("en")) for refusal in self.refusals)

    def to_dict(self, lang: Lang = "en", refusals: Sequence[Refusal] | None = None) -> dict[str, Any]:
        """Plain data for JSON: the question, the factors chosen and the candidates refused, with reasons in a language."""
        matches = [{"factor": asdict(match.factor), "kinds": match.kinds} for match in self.matches]
        refused = [
            (asdict(refusal.factor), refusal.reason(lang))
            for refusal in (self.refusals if refusals is None else refusals)
        ]
        return {"query": asdict(self.query), "matches": matches, "refused": refused}


def find_factors(factors: PinnedFactors, query: Query) -> Decision:
    """The factors that fit a query best.

    Parameters
    ----------
    factors : PinnedFactors
        What may be used.
    query : Query
        What is wanted.

    Returns
    -------
    Decision

    Raises
    ------
    AmbiguousFactorError
        If several editions fit equally well.
    """
    found = factors.answers.get(query)
    if found is None:
        found = factors.answers[query] = _answer(factors, query)
    if isinstance(found, Message):
        raise AmbiguousFactorError(found)
    return found


# The rows of one edition that fit equally well.
_Fit = tuple[Rank, Edition, Sequence[int]]


def _answer(factors: PinnedFactors, query: Query) -> Decision | Message:
    """The decision, or what makes it nobody's."""
    editions: Sequence[Edition] = asked_editions(factors, query)
    if factors.as_of or factors.has_corrections:
        back = corrected_editions(factors, query)
        editions = [item for item in editions if factors.known(item) and item.id not in back]
    is_plain = not query.factor_id and query.activity not in NAMED_ONLY
    for depth, name in names_of(query.activity):
        fits: list[_Fit] = []
        for edition in editions:
            places = edition.places[name, query.parameter] if is_plain else rows_asked_for(edition, name, query)
            if places:
                fits += _fits(edition, places, depth, query)
        if fits:
            return _chosen(factors, query, fits)
    return Decision(query, (), factors)


def _fits(edition: Edition, places: Places, depth: int, query: Query) -> Sequence[_Fit]:
    """The rows of an edition that fit, with how well they do."""
    found: list[_Fit] = []
    allowed = oldest_allowed(edition)
    for region, distance in region_distances(edition, places, query).items():
        for year, numbers in places[region].items():
            lag = years_after(year, query)
            if numbers and lag is not None and 0 <= lag <= allowed:
                found.append(((depth, distance, lag), edition, numbers))
    return found


def _chosen(factors: PinnedFactors, query: Query, fits: Sequence[_Fit]) -> Decision | Message:
    """The best of some rows that fit."""
    if len(fits) == 1:
        best, edition, numbers = fits[0]
        found = edition.factors_in(numbers)
    else:
        best = min(rank for rank, _, _ in fits)
        chosen = _by_edition([fit for fit in fits if fit[0] == best])
        if len(chosen) > 1:
            chosen = _once(_not_replaced(chosen))
        if len(chosen) > 1:
            return _rivals(query, chosen)
        ((edition, found),) = chosen.items()
    main = bool(best[1]) and found[0].region == main_subregion_of(query.region)
    kinds = _kinds(best, bool(query.factor_id) and query.factor_id != edition.id, main)
    return Decision(query, tuple(map(Match, found, repeat(kinds))), factors, best)


def _by_edition(fits: Sequence[_Fit]) -> dict[Edition, list[Factor]]:
    """The factors of some fits by edition, in the order of the file."""
    rows: dict[Edition, list[int]] = {}
    for _, edition, numbers in fits:
        rows.setdefault(edition, []).extend(numbers)
    return {edition: edition.factors_in(sorted(numbers)) for edition, numbers in rows.items()}


def _not_replaced(chosen: dict[Edition, list[Factor]]) -> dict[Edition, list[Factor]]:
    """Without the editions that another of them replaces."""
    ids = {edition.id for edition in chosen}
    return {edition: found for edition, found in chosen.items() if not successor_among(edition, ids)}


def _once(chosen: dict[Edition, list[Factor]]) -> dict[Edition, list[Factor]]:
    """The figures of the first edition where the others give the same ones to the last digit; else all."""
    first = next(iter(chosen))
    same = len({frozenset(map(_figure, found)) for found in chosen.values()}) == 1
    return {first: chosen[first]} if same else chosen


def _figure(factor: Factor) -> tuple[str | float, ...]:
    """What a factor says, without where it says so."""
    return (
        factor.gas,
        factor.value,
        factor.unit,
        factor.heating_value,
        factor.boundary,
        factor.variant,
        factor.gwp_basis,
    )


@lru_cache(maxsize=4096)
def _kinds(rank: Rank, named: bool, main: bool) -> tuple[str, ...]:
    """How the factors of a rank were found."""
    depth, distance, lag = rank
    kinds = (
        ("named", named),
        ("parent activity", 0 < depth < EQUIVALENT),
        ("equivalent activity", depth >= EQUIVALENT),
        ("main subregion of the state", main),
        ("wider region", distance > 0 and not main),
        ("earlier year", lag > 0),
    )
    return tuple(kind for kind, holds in kinds if holds) or ("exact",)


def _rivals(query: Query, chosen: dict[Edition, list[Factor]]) -> Message:
    """Two editions are nobody's choice."""
    first = {edition.id: found[0] for edition, found in chosen.items()}
    editions = sorted(first)
    return Message.of(
        "UNRESOLVED_FACTOR.editions",
        activity=query.activity,
        parameter=query.parameter,
        region=query.region or Label("no region", "未注明地区"),
        year=str(query.year),
        editions=tuple(f"{name} ({first[name].value_text} {first[name].unit})" for name in editions),
        role=query.role,
        first=editions[0],
    )
