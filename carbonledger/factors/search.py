"""Finding factors by what people call them, in English and Chinese.

The ranking is a product, and every part of it can be read below.

1. *Meaning.* The text is read like the activity of an entry (`carbonledger.factors.search_query`); a subject of an activity that it may
   mean has that activity's likelihood, less if some of its words are not understood but do stand in some publisher's path. To this is added
   the share of the text's words that stand in the subject's own path, rare words weighing more. So a row without an activity is found by
   its words, and any other by its meaning first.
2. *Place.* A region that is asked for, in the text or beside it, puts the editions of that place and of its country first, then those of
   the parts of the country, then default values for the whole world, then those of other countries. Without a region no country is
   preferred.
3. *Time.* Of one subject in several years the last that is not later than the year asked for comes first, a superseded edition after its
   successor, and the others follow after other subjects.
4. *Kind.* Emission factors and potentials come before other parameters, the activity itself before what happens upstream of it, a
   publisher's plain figure before its variants, unless the text asks for these.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType

from carbonledger.core.activities import WELL_TO_TANK, ancestors, taxonomy
from carbonledger.core.regions import WORLD, canonical_region, enclosing_regions
from carbonledger.factors.editions import CatalogueRow, catalogue, read_edition
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.gases import species_by_tail, species_of
from carbonledger.factors.search_index import Figures, SearchIndex, Subject, search_indexes, tokens_of
from carbonledger.factors.search_query import Question, read_question, search_words

__all__ = ["FactorHit", "search_factors"]

_HALF, _CURRENT, _CONSIDERED = 0.5, "current", 300
# Who names a folder of his own means its figures where they serve as well.
_OWN = 1.15
_PARENT, _KIN, _OWN_WORDS, _OWN_PATH = 0.8, 0.5, 0.15, 0.7
_GASES = MappingProxyType({"CO2e": 2, "": 2, "CO2": 1})
_GAS_FAMILIES = ("refrigerant", "process", "extinguisher")


@dataclass(frozen=True, slots=True)
class FactorHit:
    """A factor that a search found.

    Parameters
    ----------
    activity : str
        What to write into the activity column of an entry; ``other`` if the figure has no activity of its own.
    named : str
        What to write into its factor column then, the full name ``edition:factor_id``; empty otherwise.
    factor : Factor
        The figure: of a subject with several gases or units, the sum of the gases in the unit that the text names, or else the first in
        the publisher's order.
    title : str
        The edition's title.
    status : str
        Of the edition: ``current`` or ``superseded``.
    boundary : str
        What the figure covers.
    rows : int
        How many figures the subject has in this edition.
    score : float
        Larger is better; comparable within one search only.
    """

    activity: str
    named: str
    factor: Factor
    title: str
    status: str
    boundary: str
    rows: int
    score: float


def search_factors(
    text: str,
    *,
    region: str = "",
    year: int | None = None,
    limit: int = 10,
    folder: Path | None = None,
) -> list[FactorHit]:
    """Factors by what people call them.

    Parameters
    ----------
    text : str
        For instance ``short haul economy flight`` or ``华北 电网``; a region and a year may stand in it.
    region : str, optional
        Any text of `carbonledger.core.regions.canonical_region`; factors of the region and its country come first.
    year : int, optional
        The year of the activity; factors of later years come last.
    limit : int
        How many hits at most.
    folder : Path, optional
        A factor folder of your own, searched as well.

    Returns
    -------
    list of FactorHit
        Best first; empty if nothing of the text is understood.

    Raises
    ------
    RegionError
        If the region cannot be read.

    Examples
    --------
    >>> hit = search_factors("自来水", region="GB", year=2024)[0]
    >>> hit.activity, hit.factor.value_text, hit.factor.unit, hit.factor.edition
    ('water.supply', '0.15311', 'kg/m3', 'uk-desnz@2024-r1')
    """
    place = canonical_region(region) if region.strip() else ""
    found: list[tuple[float, SearchIndex, int, Figures, Question]] = []
    for index in search_indexes(folder):
        question = read_question(text, index, place.partition("-")[0])
        asked = _Asked(question, question.places or ((place,) if place else ()), year or question.year)
        found += [(score, index, number, figures, question) for score, number, figures in _ranked(index, asked, folder)]
    found.sort(key=lambda item: -item[0])
    return [
        _hit(index, number, figures, question, score, folder)
        for score, index, number, figures, question in found[:limit]
    ]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question with the places and the year that are asked for."""

    question: Question
    places: tuple[str, ...]
    year: int | None


def _ranked(index: SearchIndex, asked: _Asked, folder: Path | None) -> Iterator[tuple[float, int, Figures]]:
    """The figures that serve, each with its score."""
    rows = catalogue(folder)
    worth = {
        number: meaning * _subject_weight(index.subject(number), asked)
        for number, meaning in _meanings(index, asked.question).items()
    }
    for number in heapq.nlargest(_CONSIDERED, worth, key=worth.__getitem__):
        ordered = sorted(index.figures_of(number), key=lambda item: _lateness(item, asked.year, rows))
        for place, figures in enumerate(ordered):
            later = 1.0 if place == 0 else 0.45 * 0.9**place
            row = rows[figures.edition]
            weight = later * _time_weight(figures, asked.year, row) * (_OWN if row.folder == folder else 1.0)
            yield worth[number] * weight, number, figures


def _subject_weight(subject: Subject, asked: _Asked) -> float:
    """How well a subject serves the place, and how plain it is."""
    return _place_weight(subject.region, asked.places) * _kind_weight(subject, asked.question)


def _meanings(index: SearchIndex, question: Question) -> dict[int, float]:
    """The subjects that may be meant, each with how well it fits the text."""
    shares, unknown, is_most = _shares(index, question.words, question.unknown)
    understood = question.known / (question.known + unknown) if question.known else 0.0
    found = {number: likely * understood**2 for number, likely in _meant(index, question.activities).items()}
    if not found and not is_most:
        return {}
    for number, share in shares.items():
        if number in found or share >= _HALF:
            weight = 1.0 if understood < 1.0 else _OWN_WORDS if index.subject(number).activity else _OWN_PATH
            found[number] = found.get(number, 0.0) + weight * share
    return found


def _meant(index: SearchIndex, activities: Mapping[str, float]) -> dict[int, float]:
    """The subjects of the activities, of what these are kinds of, and of the gases they are named after."""
    found: dict[int, float] = {}
    for name, likely in activities.items():
        own = [(number, likely) for number in index.by_activity.get(name, ())]
        own += [
            (number, likely * _PARENT) for part in ancestors(name)[1:] for number in index.by_activity.get(part, ())
        ]
        own += [(number, likely) for number in _of_gas(index, name)]
        if not own:
            family = name.partition(".")[0] + "."
            kin = (numbers for other, numbers in index.by_activity.items() if other.startswith(family))
            own = [(number, likely * _KIN) for numbers in kin for number in numbers]
        for number, worth in own:
            found[number] = max(found.get(number, 0.0), worth)
    return found


def _of_gas(index: SearchIndex, activity: str) -> list[int]:
    """The potentials of the gas that an activity is named after."""
    known = taxonomy().get(activity)
    if known is None or not known.is_gas:
        return []
    gas = species_by_tail(map(species_of, index.by_gas)).get(activity.split(".", 1)[1], "")
    return [number for name, numbers in index.by_gas.items() if gas and species_of(name) == gas for number in numbers]


def _shares(index: SearchIndex, words: Iterable[str], unknown: Iterable[str]) -> tuple[dict[int, float], int, bool]:
    """For each subject the share of the words that stand in it; how many unknown words stand in any; whether most words do."""
    tokens = list(dict.fromkeys(token for word in words for token in tokens_of(word)))
    standing = [token for token in tokens if token in index.postings]
    rarities = {token: math.log(1 + len(index) / len(index.postings[token])) for token in standing}
    whole = math.fsum(rarities.values())
    shares: dict[int, float] = {}
    for token in standing:
        for number in index.postings[token]:
            shares[number] = shares.get(number, 0.0) + rarities[token] / whole
    strange = sum(any(token in rarities for token in tokens_of(word)) for word in unknown)
    return shares, strange, len(standing) > _HALF * len(tokens)


def _place_weight(region: str, places: tuple[str, ...]) -> float:
    """How well a factor's region serves one of those asked for; without any, no country is preferred."""
    if not places:
        return 1.0 if region == WORLD else 0.8 if "-" in region else 0.88
    narrowest = max(map(len, places))
    return max(_serves(region, place) * (1.0 if len(place) == narrowest else 0.97) for place in places)


@cache
def _serves(region: str, place: str) -> float:
    """How well a factor's region serves the one asked for."""
    around = enclosing_regions(place)
    if region == WORLD:
        return 1.0 if place == WORLD else 0.6
    if region in around:
        return 1.0 - 0.05 * around[region]
    if place in enclosing_regions(region):
        return 0.75
    if region.count("-") == place.count("-") == 2 and region.rpartition("-")[2] == place.rpartition("-")[2]:
        return 0.9
    return 0.5 if region.partition("-")[0] == place.partition("-")[0] else 0.4


def _kind_weight(subject: Subject, question: Question) -> float:
    """How plain a figure is, or how well it is the one that the text asks for."""
    weight = _parameter_weight(subject.parameter, question.parameters)
    if question.series:
        weight *= 1.0 if f"{subject.series}@".startswith(tuple(question.series)) else 0.4
    elif subject.series.startswith(tuple(search_words("secondary_series"))):
        weight *= 0.9
    is_upstream = subject.activity.startswith(WELL_TO_TANK) or subject.boundary in {
        "well_to_tank",
        "transmission_and_distribution",
    }
    if is_upstream and not question.is_upstream and subject.activity not in question.activities:
        weight *= 0.5
    return weight * _variant_weight(subject.variant, question)


def _parameter_weight(parameter: str, asked: frozenset[str]) -> float:
    """Of parameters asked for that they are asked for; else emission factors and potentials before others."""
    if asked:
        return 1.0 if parameter in asked else 0.25
    if parameter in {"emission_factor", "gwp"}:
        return 1.0
    return 0.5 if parameter in search_words("secondary_parameter") else 0.75


def _variant_weight(variant: str, question: Question) -> float:
    """The publisher's plain figure before its variants, unless the text names one."""
    if question.named and variant and all(word in variant for word in question.named):
        return 1.15
    is_plain = not variant or variant in search_words("plain_variant")
    if is_plain or any(variant.startswith(word) for word in question.words):
        return 1.0
    return 0.8 if variant.startswith(tuple(search_words("secondary_variant"))) else 0.95


def _lateness(figures: Figures, year: int | None, rows: Mapping[str, CatalogueRow]) -> tuple[int, int, int]:
    """The order of the figures of one subject: the last year that is not later than the one asked for, a superseded edition last."""
    row = rows[figures.edition]
    known, replaced = figures.year or _published(row), _times_replaced(row, rows)
    if year is None:
        return replaced, -known, 0
    return figures.year > year, abs(year - known), replaced


def _times_replaced(row: CatalogueRow, rows: Mapping[str, CatalogueRow]) -> int:
    """How many editions, each replacing the one before, stand between an edition and the current one."""
    steps = int(row.status != _CURRENT)
    while row.superseded_by in rows and steps < len(rows):
        row = rows[row.superseded_by]
        steps += row.status != _CURRENT
    return steps


def _time_weight(figures: Figures, year: int | None, row: CatalogueRow) -> float:
    """Nearer years weigh more, later ones than the year asked for little."""
    if year is None:
        age = min(max(_newest() - (figures.year or _published(row)), 0), 20)
        return (1.0 - 0.005 * age) * (1.0 if row.status == _CURRENT else 0.5)
    if not figures.year:
        return 0.9 - 0.001 * min(max(_newest() - _published(row), 0), 20)
    return 0.3 if figures.year > year else 1.0 - 0.03 * min(year - figures.year, 20)


def _published(row: CatalogueRow) -> int:
    """The year in which an edition was published; 0 if it is not known."""
    return int(row.date_published[:4] or 0)


@cache
def _newest() -> int:
    """The year in which the newest edition was published."""
    return max(map(_published, catalogue().values()))


def _hit(
    index: SearchIndex, number: int, figures: Figures, question: Question, score: float, folder: Path | None
) -> FactorHit:
    """Figures as a hit."""
    edition = read_edition(figures.edition, folder)
    factor = _shown(edition, figures.rows, question)
    boundary = factor.boundary or str(edition.metadata.get("boundary") or "")
    activity = _entry_activity(index.subject(number), question.activities)
    named = "" if activity else factor.reference
    return FactorHit(
        activity or _other(), named, factor, edition.title, edition.status, boundary, len(figures.rows), score
    )


def _shown(edition: Edition, rows: tuple[int, ...], question: Question) -> Factor:
    """The figure in the unit and basis that the text names, all gases together before each; else the publisher's first."""
    factors = [edition.factor(row) for row in rows]
    return max(
        factors,
        key=lambda factor: (
            factor.unit.partition("/")[2] in question.units,
            bool(factor.heating_value) and factor.heating_value in question.named,
            _GASES.get(factor.gas, 0),
        ),
    )


def _entry_activity(subject: Subject, activities: Mapping[str, float]) -> str:
    """What an entry writes for a subject: its activity, or of a potential that of the gas; empty if there is none."""
    if subject.activity in taxonomy():
        return subject.activity
    tails = {tail for tail, gas in species_by_tail([species_of(subject.gas)]).items() if gas} if subject.gas else set()
    likely = [name for name in activities if name.split(".", 1)[-1] in tails]
    others = [f"{family}.{tail}" for family in _GAS_FAMILIES for tail in sorted(tails)]
    return next((name for name in (*likely, *others) if name in taxonomy()), "")


@cache
def _other() -> str:
    """The activity of an entry that names its factor."""
    return next(name for name, activity in taxonomy().items() if activity.is_named_only and "." not in name)
