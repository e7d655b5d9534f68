"""Finding a factor, and saying how it was found.

The rules, in order: the entry names a factor; else the activity itself before its parent; the region itself
before one that holds it; the year itself before the latest earlier one within the edition's stated lag. A
later year is never used. Editions never stand in for each other: where two fit equally well, nothing is chosen.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from carbonledger.core.activities import NAMED_ONLY, ancestors
from carbonledger.core.errors import AmbiguousFactorError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.regions import enclosing_regions
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.pinned import OF_EMISSIONS, PinnedFactors

__all__ = ["Decision", "Match", "Query", "find_factors"]


@dataclass(frozen=True, slots=True)
class Query:
    """What a factor is wanted for.

    Parameters
    ----------
    role : str
        The role whose editions are asked.
    activity, parameter : str
        What, and which property of it.
    region : str
        Where the activity took place; empty if unknown.
    year : int or None
        When it took place.
    factor_id : str
        Words that the factor must answer to: its id, ``edition:id``, its edition, variant, heating value or boundary; empty if
        the entry names none.
    """

    role: str
    activity: str
    parameter: str
    region: str = ""
    year: int | None = None
    factor_id: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A factor with the way it was found.

    Parameters
    ----------
    factor : Factor
        The number.
    kinds : tuple of str
        ``exact``, or any of ``named``, ``parent activity``, ``equivalent activity``, ``wider region``, ``earlier year``.
    """

    factor: Factor
    kinds: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kinds as one text."""
        return ", ".join(self.kinds)


@dataclass(frozen=True, slots=True)
class Decision:
    """A whole matching decision.

    Parameters
    ----------
    query : Query
        What was asked.
    matches : tuple of Match
        The factors chosen: all gases and units of the best edition, region and year. Empty if none fits.
    refused : tuple of (Factor, str)
        Candidates that were not chosen, each with the reason.
    """

    query: Query
    matches: tuple[Match, ...]
    refused: tuple[tuple[Factor, str], ...]


Rank = tuple[int, int, int]


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
    ranked: list[tuple[Rank, Match]] = []
    refused: list[tuple[Factor, str]] = []
    for edition, factor, depth in _candidates(_asked(factors, query), query):
        reason = "" if factors.known(edition) else _unpublished(edition, factors)
        rank, kinds = (None, ()) if reason else _rank(edition, factor, depth, query)
        if rank is None:
            refused.append((factor, reason or _refusal(edition, factor, query)))
        else:
            ranked.append((rank, Match(factor, kinds)))
    if not ranked:
        return Decision(query, (), tuple(refused))
    best = min(rank for rank, _ in ranked)
    chosen = _once(tuple(match for rank, match in ranked if rank == best))
    refused += [(match.factor, f"{_worse(rank, best)}") for rank, match in ranked if rank != best]
    _refuse_rivals(query, chosen)
    return Decision(query, chosen, tuple(refused))


def _asked(factors: PinnedFactors, query: Query) -> Sequence[Edition]:
    """The editions of a query; those factors alone that the book states itself, where one is for this activity, region and year."""
    editions, stated = factors.for_activity(query.role, query.activity, query.parameter), factors.stated
    if stated is None or stated not in factors.in_role(query.role):
        return editions
    words = frozenset(re.split(r"[\s;,]+", query.factor_id)) - {""}
    fitting = (
        factor
        for parameter in (OF_EMISSIONS if query.parameter in OF_EMISSIONS else {query.parameter})
        for factor in stated.factors(query.activity, parameter)
        if words <= _answers_to(factor) and _rank(stated, factor, 0, query)[0] is not None
    )
    return (stated,) if any(True for _ in fitting) else editions


def _candidates(editions: Sequence[Edition], query: Query) -> Iterable[tuple[Edition, Factor, int]]:
    """Every factor of the right activity and parameter; of a named one only those that answer to all its words."""
    words = frozenset(re.split(r"[\s;,]+", query.factor_id)) - {""}
    for edition in editions:
        if query.activity in NAMED_ONLY:
            named = _by_reference(edition, words)
            yield from ((edition, factor, 0) for factor in named if factor.parameter == query.parameter)
            continue
        for depth, name in _names(query.activity):
            for factor in edition.factors(name, query.parameter):
                if not words or words <= _answers_to(factor):
                    yield edition, factor, depth


# A depth beyond that of any parent.
_EQUIVALENT = 10


@cache
def _equivalents() -> Mapping[str, str]:
    """Activities that publishers call otherwise."""
    text = resources.files("carbonledger.factors").joinpath("equivalents.csv").read_text(encoding="utf-8")
    return {row["activity"]: row["equivalent"] for row in csv.DictReader(text.splitlines())}


def _names(activity: str) -> list[tuple[int, str]]:
    """The activity, its parents and what other publishers call it, each with its distance."""
    other = _equivalents().get(activity)
    return [*enumerate(ancestors(activity)), *([(_EQUIVALENT, other)] if other else [])]


def _by_reference(edition: Edition, words: frozenset[str]) -> Iterable[Factor]:
    """The factors named by edition and id, whatever they are for: the way to what has no common activity."""
    ids = {word.partition(":")[2] for word in words if word.partition(":")[0] == edition.id}
    return (factor for name in sorted(ids) for factor in edition.by_id(name))


def _answers_to(factor: Factor) -> frozenset[str]:
    """The words that an entry may name a factor by."""
    return frozenset(
        (factor.factor_id, factor.reference, factor.edition, factor.variant, factor.heating_value, factor.boundary)
    )


def _rank(edition: Edition, factor: Factor, depth: int, query: Query) -> tuple[Rank | None, tuple[str, ...]]:
    """How good a candidate is, lower is better, and its kinds; None if it does not fit."""
    distance = _region_distance(factor, query)
    lag = _lag(factor, query)
    if lag is None:
        return None, ()
    named = bool(query.factor_id) and query.factor_id != factor.edition
    within = lag == 0 or (lag > 0 and edition.max_lag_years is not None and lag <= edition.max_lag_years)
    if distance is None or not within:
        return None, ()
    kinds = [
        kind
        for kind, holds in (
            ("named", named),
            ("parent activity", 0 < depth < _EQUIVALENT),
            ("equivalent activity", depth >= _EQUIVALENT),
            ("wider region", distance > 0),
            ("earlier year", lag > 0),
        )
        if holds
    ]
    return (depth, distance, lag), tuple(kinds) or ("exact",)


def _region_distance(factor: Factor, query: Query) -> int | None:
    """How far the factor's region encloses the activity's; None if it does not."""
    if not query.region:
        return 0 if query.factor_id or factor.region == "GLOBAL" else None
    return enclosing_regions(query.region).get(factor.region)


def _lag(factor: Factor, query: Query) -> int | None:
    """Years from the factor's data year to the activity's; negative if the factor is later, None if the activity has no year."""
    if factor.data_year is None:
        return 0
    return None if query.year is None else query.year - factor.data_year


def _refusal(edition: Edition, factor: Factor, query: Query) -> str:
    """Why a candidate does not fit."""
    if _region_distance(factor, query) is None:
        return f"region {factor.region} does not hold {query.region or 'an entry without region'}"
    lag = _lag(factor, query)
    if lag is None:
        return f"describes {factor.data_year}, and the entry states no year"
    if lag < 0:
        return f"describes {factor.data_year}, later than {query.year}"
    allowed = f"at most {edition.max_lag_years}" if edition.max_lag_years is not None else "none"
    return f"describes {factor.data_year}, {lag} years before {query.year}; its edition allows {allowed}"


def _unpublished(edition: Edition, factors: PinnedFactors) -> str:
    """Why an edition was not known on the day asked for."""
    return f"published {edition.date_published or 'on an unknown day'}, not surely known by {factors.as_of}"


def _worse(rank: Rank, best: Rank) -> str:
    """Which rule preferred another factor."""
    rules = ("of a wider activity", "of a wider region", "of an earlier year")
    return (
        next(rule for rule, mine, other in zip(rules, rank, best, strict=True) if mine != other)
        + " than the chosen one"
    )


def _once(chosen: tuple[Match, ...]) -> tuple[Match, ...]:
    """The figures of the first edition where the others give the same ones to the last digit; else all."""
    by_edition: dict[str, list[Match]] = {}
    for match in chosen:
        by_edition.setdefault(match.factor.edition, []).append(match)
    figures = [frozenset(map(_figure, matches)) for matches in by_edition.values()]
    return tuple(next(iter(by_edition.values()))) if len(set(figures)) == 1 else chosen


def _figure(match: Match) -> tuple[str | float, ...]:
    """What a factor says, without where it says so."""
    factor = match.factor
    return (
        factor.gas,
        factor.value,
        factor.unit,
        factor.heating_value,
        factor.boundary,
        factor.variant,
        factor.gwp_basis,
    )


def _refuse_rivals(query: Query, chosen: tuple[Match, ...]) -> None:
    """Two editions, or two figures for the same gas, unit and variant, are nobody's choice."""
    editions = sorted({match.factor.edition for match in chosen})
    if len(editions) > 1:
        raise AmbiguousFactorError(
            Message.of(
                "UNRESOLVED_FACTOR.editions",
                activity=query.activity,
                parameter=query.parameter,
                region=query.region or Label("no region", "未注明地区"),
                year=str(query.year),
                editions=tuple(_stated(name, chosen) for name in editions),
                role=query.role,
                first=editions[0],
            )
        )


def _stated(edition: str, chosen: tuple[Match, ...]) -> str:
    """An edition with the first figure that it gives."""
    factor = next(match.factor for match in chosen if match.factor.edition == edition)
    return f"{edition} ({factor.value_text} {factor.unit})"
