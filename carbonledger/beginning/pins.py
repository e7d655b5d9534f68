"""The editions that a new book pins: one series for each use and place, held together to what the book's own calculation does with them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial

from carbonledger.beginning.proposals import (
    Answer,
    Asked,
    SeriesAnswer,
    answer_of,
    answers,
    doubt_of,
    main_factor,
    rank,
)
from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.errors import CarbonLedgerError, EditionError
from carbonledger.core.findings import Message
from carbonledger.core.regions import WORLD, enclosing_regions
from carbonledger.factors.editions import catalogue, editions_about, read_edition
from carbonledger.factors.factor import Edition
from carbonledger.factors.gwp import GwpSet
from carbonledger.factors.matching import Query, find_factors
from carbonledger.factors.pinned import PinnedFactors, load_factors

__all__ = ["Pins", "Proposal", "propose"]

_NOT_ASKED = frozenset({"none", "reported"})
_ENERGY, _COAL = "energy", "standard_coal"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What prices an activity at a place, as the book will calculate it.

    Parameters
    ----------
    activity, region : str
        A name of the taxonomy, and the code of the place.
    by_year : mapping of int to Answer
        The answer in each calendar year of the reporting year; a year is missing if nothing answers.
    others : tuple of str
        The editions of other series that would answer too.
    problem : CarbonLedgerError or None
        Why a figure that is there cannot be used.
    """

    activity: str
    region: str
    by_year: Mapping[int, Answer]
    others: tuple[str, ...] = ()
    problem: CarbonLedgerError | None = None

    @property
    def needs_none(self) -> bool:
        """Whether the standards ask for no factor."""
        return taxonomy()[self.activity].emissions in {*_NOT_ASKED, ""}

    @property
    def by_potential(self) -> bool:
        """Whether it is priced by its mass and its GWP, without an edition."""
        return bool(self.by_year) and not any(main_factor(answer.row) for answer in self.by_year.values())


@dataclass(frozen=True, slots=True)
class Pins:
    """The editions of a new book by role.

    Parameters
    ----------
    emissions, energy, standard_coal : tuple of str
        Their ids.
    by_activity : mapping of str to str
        The series that prices an activity, where several of them could.
    proposals : tuple of Proposal
        What each use and place is priced by.
    years : tuple of int
        The calendar years of the reporting year.
    """

    emissions: tuple[str, ...]
    energy: tuple[str, ...]
    standard_coal: tuple[str, ...]
    by_activity: Mapping[str, str]
    proposals: tuple[Proposal, ...]
    years: tuple[int, ...]

    def unpriced(self) -> Iterator[tuple[Proposal, int]]:
        """The uses and calendar years for which nothing answers."""
        for item in self.proposals:
            if not item.needs_none:
                yield from ((item, year) for year in self.years if year not in item.by_year)

    def load(self) -> PinnedFactors:
        """The editions as the book will load them."""
        roles = {"emissions": self.emissions, _ENERGY: self.energy, _COAL: self.standard_coal}
        return load_factors(roles=roles, by_activity=self.by_activity)


def propose(
    activities: Iterable[tuple[str, str]], years: Sequence[int], gwp: GwpSet, chosen: Mapping[str, str] | None = None
) -> Pins:
    """The editions for what a company uses, and where.

    Parameters
    ----------
    activities : iterable of (str, str)
        Activities with the codes of their places.
    years : sequence of int
        The calendar years of the reporting year.
    gwp : GwpSet
        The set of the inventory.
    chosen : mapping of str to str, optional
        The series or edition that is wanted for an activity.

    Returns
    -------
    Pins

    Raises
    ------
    EditionError
        If a chosen series or edition prices its activity nowhere.
    """
    pairs = list(dict.fromkeys(activities))
    ranked = _ranked(pairs, years, gwp, chosen or {})
    first = {pair: found[0] for pair, (found, _) in ranked.items() if found}
    emissions = _used(answer for item in first.values() for answer in item.by_year.values())
    pins = Pins(emissions or _definitions(), (), (), {}, (), tuple(years))
    places = [region for _, region in pairs]
    pins = replace(pins, energy=_national(_ENERGY, pairs, places), standard_coal=_national(_COAL, pairs, places))
    pins = replace(pins, by_activity=_decided(pins, first, gwp))
    factors = pins.load()
    proposals = tuple(_proposal(pair, ranked[pair], years, factors, gwp) for pair in pairs)
    needed = _used(answer for item in proposals for answer in item.by_year.values())
    kept = tuple(edition for edition in pins.emissions if edition in needed) or pins.emissions
    return replace(pins, emissions=kept, proposals=proposals)


_Found = tuple[list[SeriesAnswer], CarbonLedgerError | None]


def _ranked(
    pairs: Sequence[tuple[str, str]], years: Sequence[int], gwp: GwpSet, chosen: Mapping[str, str]
) -> dict[tuple[str, str], _Found]:
    """The series that price each activity at its place, the best first, a chosen one before it."""
    asked = [pair for pair in pairs if taxonomy()[pair[0]].emissions not in {*_NOT_ASKED, ""}]
    found = {pair: answers(*pair, years, gwp) for pair in asked}
    each = [(region, item.series, doubt_of(item)) for (_, region), (items, _) in found.items() for item in items]
    served = Counter((region, series) for region, series, _ in each)
    doubts = sum((Counter({(region, series): doubt}) for region, series, doubt in each), Counter[tuple[str, str]]())
    for (activity, region), (items, _) in found.items():
        ranks = {
            item.series: rank(item, region, years, served[region, item.series], doubts[region, item.series])
            for item in items
        }
        items.sort(key=partial(_rank_in, ranks))
        _put_first(items, (activity, region), chosen.get(activity, ""))
    return {pair: found.get(pair, ([], None)) for pair in pairs}


def _rank_in(ranks: Mapping[str, tuple[object, ...]], item: SeriesAnswer) -> tuple[object, ...]:
    """The rank of a series."""
    return ranks[item.series]


def _put_first(items: list[SeriesAnswer], pair: tuple[str, str], wanted: str) -> None:
    """Put the series that is wanted for an activity first; where nothing prices it, nothing can be wanted."""
    if not wanted or not items:
        return
    series = [item for item in items if item.series == wanted.partition("@")[0]]
    if not series or ("@" in wanted and wanted not in _used(series[0].by_year.values())):
        known = _used(answer for item in items for answer in item.by_year.values())
        values = {"activity": pair[0], "region": pair[1], "choices": known}
        raise EditionError(Message.of("NEW_BOOK.edition", edition=wanted, **values))
    items.sort(key=lambda item: item.series != series[0].series)


def _used(found: Iterable[Answer]) -> tuple[str, ...]:
    """The editions for emissions behind some answers, each once."""
    names = dict.fromkeys(edition for answer in found for edition in answer.editions)
    return tuple(name for name in names if name in catalogue() and "emissions" in read_edition(name).roles)


@cache
def _definitions() -> tuple[str, ...]:
    """The smallest edition for the whole world: of a book that nothing prices, so that it pins one and can be read."""
    world = (read_edition(name) for name in editions_about(WORLD) if catalogue()[name].status == "current")
    return (min((item for item in world if "emissions" in item.roles), key=lambda item: len(item.body)).id,)


def _national(role: str, pairs: Sequence[tuple[str, str]], places: Sequence[str]) -> tuple[str, ...]:
    """For each country the edition that its publisher means for a role and not for emissions: of most activities, else the newest."""
    found: list[str] = []
    for country in dict.fromkeys(place.partition("-")[0] for place in places):
        editions = [read_edition(name) for name in editions_about(country) if catalogue()[name].status == "current"]
        fitting = [item for item in editions if role in item.roles and "emissions" not in item.roles]
        served = [(_served(item, role, pairs, country), item.date_published, item.id) for item in fitting]
        found += [best[2] for best in [max(served, default=(0, "", ""))] if best[0]]
    return tuple(dict.fromkeys(found))


def _served(edition: Edition, role: str, pairs: Sequence[tuple[str, str]], country: str) -> int:
    """For how many activities of a country an edition has the property that its role is about."""
    parameter = "calorific_value" if role == _ENERGY else "standard_coal"
    alone = PinnedFactors({role: (edition,)})
    queries = (Query(role, activity, parameter, region) for activity, region in pairs if _is_in(region, country))
    return sum(bool(find_factors(alone, query).matches) for query in queries)


def _is_in(region: str, country: str) -> bool:
    """Whether a place lies in a country."""
    return country in enclosing_regions(region)


def _decided(pins: Pins, first: Mapping[tuple[str, str], SeriesAnswer], gwp: GwpSet) -> dict[str, str]:
    """The series of each activity for which several pinned ones fit equally well somewhere, as far as one serves everywhere."""
    factors, decided = pins.load(), {}
    for (activity, region), item in first.items():
        for year in item.by_year:
            found = answer_of(Asked(activity, region, year), factors, gwp)
            if not isinstance(found, Answer) and found.says and found.says.key == "UNRESOLVED_FACTOR.editions":
                decided[activity] = item.series
    return decided


def _proposal(
    pair: tuple[str, str],
    ranked: _Found,
    years: Sequence[int],
    factors: PinnedFactors,
    gwp: GwpSet,
) -> Proposal:
    """What prices an activity at a place with all editions pinned together."""
    activity, region = pair
    item = Proposal(activity, region, {})
    if item.needs_none:
        return item
    first = ranked[0][0].by_year if ranked[0] else {}
    results = {year: _answer(Asked(activity, region, year), first.get(year), factors, gwp) for year in years}
    by_year = {year: found for year, found in results.items() if isinstance(found, Answer)}
    problems = [found for found in results.values() if isinstance(found, CarbonLedgerError)]
    used = set(_used(by_year.values()))
    others = _used(answer for other in ranked[0] for answer in other.by_year.values())
    problem = ranked[1] or (problems[0] if problems else None)
    return replace(item, by_year=by_year, others=tuple(name for name in others if name not in used), problem=problem)


def _answer(asked: Asked, alone: Answer | None, factors: PinnedFactors, gwp: GwpSet) -> Answer | CarbonLedgerError:
    """What all editions together answer; if another than the chosen one would, what they answer to an entry that names the chosen one."""
    found = answer_of(asked, factors, gwp)
    wanted = main_factor(alone.row) if alone else None
    if wanted is None:
        return found
    used = main_factor(found.row) if isinstance(found, Answer) else None
    if used is not None and used.edition == wanted.edition:
        return found
    named = answer_of(asked, factors, gwp, wanted.edition)
    return named if isinstance(named, Answer) else found
