"""Whether a published figure fits a question: by its activity, its region and its year."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

from carbonledger.core.activities import NAMED_ONLY, ancestors
from carbonledger.core.language import Label
from carbonledger.core.regions import canonical_region, enclosing_regions
from carbonledger.factors.coverage import asks_about, excluded
from carbonledger.factors.edition_rows import Places
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.pinned import OF_EMISSIONS, PinnedFactors

__all__ = [
    "EQUIVALENT",
    "Match",
    "Query",
    "Rank",
    "asked_editions",
    "asks_for_year",
    "corrected_editions",
    "is_carried",
    "left_out",
    "names_of",
    "oldest_allowed",
    "region_distances",
    "rows_asked_for",
    "years_after",
]

# A depth beyond that of any parent.
EQUIVALENT = 10
# Depth of the activity, distance of the region, years: the lower the better.
Rank = tuple[int, int, int]


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
        Where the activity took place, as any text of `carbonledger.core.regions.canonical_region`; empty if unknown.
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

    def __post_init__(self) -> None:
        # Whoever asks, a place that does not exist is never priced as the nation around it.
        if self.region:
            object.__setattr__(self, "region", canonical_region(self.region))


class Match(NamedTuple):
    """A factor with the way it was found.

    Parameters
    ----------
    factor : Factor
        The number.
    kinds : tuple of str
        ``exact``, or any of ``named``, ``parent activity``, ``equivalent activity``,
        ``main subregion of the state``, ``wider region``, ``earlier year``.
    """

    factor: Factor
    kinds: tuple[str, ...]

    @property
    def kind(self) -> str:
        """The kinds as one text."""
        return ", ".join(self.kinds)


def asked_editions(factors: PinnedFactors, query: Query) -> Sequence[Edition]:
    """The pinned editions that a question is put to, whether or not they were known by its day.

    Those factors alone that the book states itself, where one is for this activity, region and year.
    """
    stated = factors.stated
    if stated is not None and stated in factors.in_role(query.role) and _states(stated, query):
        return (stated,)
    return factors.for_activity(query.role, query.activity, query.parameter)


def _states(stated: Edition, query: Query) -> bool:
    """Whether a book states a factor for an activity, region and year itself; an emission factor also settles the carbon content."""
    for parameter in OF_EMISSIONS if query.parameter in OF_EMISSIONS else (query.parameter,):
        asked = replace(query, parameter=parameter)
        places = rows_asked_for(stated, query.activity, asked)
        for region in region_distances(stated, places, asked):
            if any(numbers and years_after(year, asked) == 0 for year, numbers in places[region].items()):
                return True
    return False


def corrected_editions(factors: PinnedFactors, query: Query) -> Mapping[str, str]:
    """The editions that stand back behind the one that corrects them, which is pinned beside them and known.

    An entry that names an edition gets it, corrected or not.
    """
    if not factors.has_corrections:
        return {}
    asked = asked_editions(factors, query)
    named = {word.partition(":")[0] for word in words_of(query.factor_id)}
    ids = {edition.id for edition in asked} - named
    return {edition.corrects: edition.id for edition in asked if edition.corrects in ids and factors.known(edition)}


def is_carried(factors: PinnedFactors, role: str, activity: str, parameter: str) -> bool:
    """Whether any edition of a role has a row about an activity and a parameter, whatever its region and year."""
    for edition in factors.in_role(role):
        carried = edition.activities(parameter)
        if carried and (activity in NAMED_ONLY or not carried.isdisjoint(_every_name_of(activity))):
            return True
    return False


def asks_for_year(factors: PinnedFactors, activity: str) -> bool:
    """Whether the year of an entry of an activity decides which figures it has: some of them have one, or are found by name alone."""
    if activity in NAMED_ONLY:
        return True
    return any(not edition.dated.isdisjoint(_every_name_of(activity)) for edition in factors.editions)


@lru_cache(maxsize=4096)
def words_of(text: str) -> frozenset[str]:
    """The words by which an entry names a factor."""
    return frozenset(re.split(r"[\s;,]+", text)) - {""}


@cache
def names_of(activity: str) -> Sequence[tuple[int, str]]:
    """The activity, its parents and what other publishers call it, each with its distance."""
    if activity in NAMED_ONLY:
        return ((0, activity),)
    other = _equivalents().get(activity)
    return (*enumerate(ancestors(activity)), *([(EQUIVALENT, other)] if other else []))


@cache
def _every_name_of(activity: str) -> frozenset[str]:
    """The names under which an activity may be published."""
    return frozenset(name for _, name in names_of(activity))


@cache
def _equivalents() -> Mapping[str, str]:
    """Activities that publishers call otherwise."""
    text = resources.files("carbonledger.factors").joinpath("equivalents.csv").read_text(encoding="utf-8")
    return {row["activity"]: row["equivalent"] for row in csv.DictReader(text.splitlines())}


def rows_asked_for(edition: Edition, name: str, query: Query) -> Places:
    """The rows of an activity and the parameter by region and year; of a named factor only those that answer to all its words."""
    if name in NAMED_ONLY:
        return _rows_by_reference(edition, query)
    places = edition.places[name, query.parameter]
    if not places or not query.factor_id:
        return places
    numbers = edition.named(name, query.parameter, words_of(query.factor_id))
    return _only(places, numbers) if numbers else {}


def _only(places: Places, wanted: Collection[int]) -> Places:
    """Some of the rows by region and year."""
    return {
        region: {year: [number for number in numbers if number in wanted] for year, numbers in years.items()}
        for region, years in places.items()
    }


def _rows_by_reference(edition: Edition, query: Query) -> Places:
    """The rows named by edition and id, whatever they are for: the way to what has no common activity."""
    words = words_of(query.factor_id)
    found: dict[str, dict[int | None, list[int]]] = {}
    for factor_id in sorted({word.partition(":")[2] for word in words if word.partition(":")[0] == edition.id}):
        number = edition.number_of(factor_id)
        factor = None if number is None else edition.factor(number)
        if number is not None and factor is not None and factor.parameter == query.parameter:
            found.setdefault(factor.region, {}).setdefault(factor.data_year, []).append(number)
    return found


def region_distances(edition: Edition, places: Places, query: Query) -> Mapping[str, int]:
    """Of the regions that an edition has figures for those that serve the activity's, each with its distance around it."""
    if not query.region:
        return dict.fromkeys(places if query.factor_id else {"GLOBAL"} & set(places), 0)
    around = {region: distance for region, distance in enclosing_regions(query.region).items() if region in places}
    if around and asks_about(query.region):
        return {region: far for region, far in around.items() if not left_out(edition, region, places, query)}
    return around


def left_out(edition: Edition, region: str, places: Places, query: Query) -> Label | None:
    """Why the figures of a region do not cover the activity's; None if nothing is said against it."""
    if not asks_about(query.region):
        return None
    carried = [name for name, years in places.items() if any(years.values())]
    return excluded(edition.id, region, query.region, carried)


def years_after(data_year: int | None, query: Query) -> int | None:
    """Years from a figure's data year to the activity's; negative if the figure is later, None if the activity has no year."""
    if data_year is None:
        return 0
    return None if query.year is None else query.year - data_year


def oldest_allowed(edition: Edition) -> int:
    """How many years before the activity a figure of an edition may describe."""
    return edition.max_lag_years or 0
