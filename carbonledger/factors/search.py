"""Finding factors by what people call them, in English and Chinese.

Every subject of every edition - activity, region, variant, the publisher's own path - is a bag of words. Chinese text counts
by pairs of characters, so that 华北电网 finds 华北 and 电网. Words are matched by rapidfuzz, which forgives typing errors; rare words
weigh more than common ones (inverse document frequency).
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Literal

import numpy as np
from rapidfuzz import fuzz, process

from carbonledger.core.activities import GRID_ELECTRICITY, WELL_TO_TANK, known_activity, nearest_activity, taxonomy
from carbonledger.core.regions import canonical_region, enclosing_regions, region_words
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.factor import Edition, Factor

__all__ = ["FactorHit", "search_factors"]

_WORD = re.compile(r"[a-z0-9&]+(?:[.-][a-z0-9]+)*|[\u3400-\u9fff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_CLOSE, _CHOICES, _NAME_CLOSE = 78, 6, 85
_EXACTLY = 1.6
_EDITION_WEIGHT, _YEAR_WEIGHT, _YEAR_DIGITS = 2.0, 4.0, 4


@dataclass(frozen=True, slots=True)
class FactorHit:
    """A factor that a search found.

    Parameters
    ----------
    factor : Factor
        The figure: of a subject with several gases or units, the first in the publisher's order.
    title : str
        The edition's title.
    status : str
        Of the edition: ``current``, ``superseded`` or ``withdrawn``.
    boundary : str
        What the figure covers.
    rows : int
        How many figures the subject has.
    score : float
        Larger is better; comparable within one search only.
    """

    factor: Factor
    title: str
    status: str
    boundary: str
    rows: int
    score: float


@dataclass(frozen=True)
class _Index:
    """The subjects of all editions, and which words stand in which.

    Subjects of different years share one bag of words; what only the edition or the year says is kept apart.
    """

    subjects: tuple[tuple[Edition, tuple[int, ...]], ...]
    bags: np.ndarray
    bag_count: int
    postings: Mapping[str, tuple[np.ndarray, np.ndarray]]
    edition_words: Mapping[str, np.ndarray]
    latin: tuple[str, ...]
    years: np.ndarray
    lengths: np.ndarray
    regions: tuple[str, ...]
    prior: np.ndarray
    upstream: np.ndarray
    freight: np.ndarray
    activities: tuple[str, ...]


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
        For instance ``short haul economy flight`` or ``华北 电网``.
    region : str, optional
        Any text of `carbonledger.core.regions.canonical_region`; factors of regions that hold it, or lie in it, come first.
    year : int, optional
        The year of the activity; factors of later years come last.
    limit : int
        How many hits at most.
    folder : Path, optional
        A factor folder of your own, searched as well.

    Returns
    -------
    list of FactorHit
        Best first; empty if no word is known.

    Raises
    ------
    RegionError
        If the region cannot be read.
    """
    place = canonical_region(region) if region else ""
    index = _index(folder)
    words = _query_words(text)
    scores = np.zeros(len(index.subjects))
    covered = np.zeros(len(index.subjects))
    for group in words:
        best = _group_scores(index, group)
        scores += best
        covered += best > 0
    if not words or not scores.any():
        return []
    scores *= (covered / len(words)) ** 1.5 * index.prior / (1 + 0.02 * index.lengths)
    asked = {word for group in words for word in group}
    if not asked & _search_words("upstream").keys():
        scores *= np.where(index.upstream, 0.55, 1.0)
    if not asked & _search_words("freight").keys():
        scores *= np.where(index.freight, 0.75, 1.0)
    scores *= _name_weights(index, text) * _year_weights(index, year) * _region_weights(index, place)
    order = np.argsort(-scores, kind="stable")[:limit]
    return [_hit(index, int(number), float(scores[number])) for number in order if scores[number] > 0]


def _hit(index: _Index, number: int, score: float) -> FactorHit:
    """A subject as a hit."""
    edition, rows = index.subjects[number]
    factor = edition.factor(rows[0])
    boundary = factor.boundary or str(edition.metadata.get("boundary") or "")
    return FactorHit(factor, edition.title, edition.status, boundary, len(rows), score)


def _group_scores(index: _Index, group: Iterable[str]) -> np.ndarray:
    """For each subject the best score of one query word or of what it may mean."""
    bags = np.zeros(index.bag_count)
    others = np.zeros(len(index.subjects))
    for word in group:
        for known, similarity in _similar(index, word):
            numbers, weights = index.postings[known]
            rarity = math.log(1 + index.bag_count / len(numbers))
            np.maximum.at(bags, numbers, weights * similarity * rarity)
        if word in index.edition_words:
            np.maximum(others, index.edition_words[word] * _EDITION_WEIGHT, out=others)
        if word.isascii() and word.isdigit() and len(word) == _YEAR_DIGITS:
            np.maximum(others, (index.years == int(word)) * _YEAR_WEIGHT, out=others)
    best: np.ndarray = np.maximum(bags[index.bags], others)
    return best


def _similar(index: _Index, word: str) -> list[tuple[str, float]]:
    """Known words that a query word may stand for, with how surely."""
    found = [(word, 1.0)] if word in index.postings else []
    if _CHINESE.match(word) or len(word) < 4 or (found and len(word) < 5):
        return found
    close = process.extract(word, index.latin, scorer=fuzz.ratio, score_cutoff=_CLOSE, limit=_CHOICES)
    return found + [(known, (score / 100) ** 3) for known, score, _ in close if known != word]


def _name_weights(index: _Index, text: str) -> np.ndarray:
    """Subjects whose activity is called exactly as some words of the query weigh more."""
    named = _named_activities(text)
    if not named:
        return np.ones(len(index.subjects))
    return np.array([_EXACTLY if name.removeprefix(WELL_TO_TANK) in named else 1.0 for name in index.activities])


@cache
def _named_activities(text: str) -> frozenset[str]:
    """The activities that some words of a query, taken together, are the name of; the longest names alone."""
    words = unicodedata.normalize("NFKC", text).casefold().split()
    for length in range(len(words), 0, -1):
        spans = (" ".join(words[at : at + length]) for at in range(len(words) - length + 1))
        found = frozenset(name for span in spans for name in _called(span))
        if found:
            return found
    nearest = nearest_activity(text, _NAME_CLOSE)
    return frozenset({nearest} if nearest else ())


def _called(span: str) -> tuple[str, ...]:
    """The activity of a name; of electricity as such the grid's."""
    name = known_activity(span)
    if not name:
        return ()
    return (name, GRID_ELECTRICITY) if name == "electricity" else (name,)


def _year_weights(index: _Index, year: int | None) -> np.ndarray:
    """Nearer years weigh more, later ones than the activity's little."""
    known = index.years > 0
    if year is None:
        newest = index.years.max()
        return np.where(known, 1 - 0.01 * np.minimum(newest - index.years, 30), 0.97)
    lag = year - index.years
    return np.where(~known, 0.95, np.where(lag < 0, 0.3, 1 - 0.03 * np.minimum(lag, 25)))


def _region_weights(index: _Index, region: str) -> np.ndarray:
    """Regions that hold the one asked for, or lie in it, weigh more."""
    if not region:
        return np.array([0.94 if "-" in name else 1.0 for name in index.regions])
    around = enclosing_regions(region)
    return np.array([_region_weight(name, region, around) for name in index.regions])


@cache
def _within(name: str, region: str) -> bool:
    """Whether a region lies in another."""
    return region in enclosing_regions(name)


def _region_weight(name: str, region: str, around: Mapping[str, int]) -> float:
    """How well a factor's region serves the one asked for."""
    if name in around:
        return 1 - 0.05 * around[name]
    return 0.8 if _within(name, region) else 0.15


@cache
def _search_words(
    use: Literal["synonym", "parameter", "upstream", "freight", "secondary_variant"],
) -> Mapping[str, str]:
    """The words of one use in ``search_words.csv``, each with its meaning.

    ``synonym``: a colloquial word and what it means; ``parameter``: a parameter and what it is called; ``upstream``, ``freight``: words
    of a query that ask for such factors; ``secondary_variant``: beginnings of variants that are seldom asked for.
    """
    text = resources.files("carbonledger.factors").joinpath("search_words.csv").read_text(encoding="utf-8")
    return {row["word"]: row["means"] for row in csv.DictReader(text.splitlines()) if row["use"] == use}


def _query_words(text: str) -> list[tuple[str, ...]]:
    """The words of a query, each with what it may mean instead."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    groups: list[tuple[str, ...]] = []
    for word in _WORD.findall(plain):
        meanings = [token for meaning in _search_words("synonym").get(word, "").split() for token in _tokens(meaning)]
        if _CHINESE.match(word):
            groups += (
                [(token,) for token in _tokens(word)]
                if not meanings
                else [tuple(meanings), *[(t,) for t in _tokens(word)]]
            )
        else:
            groups.append((word, *meanings))
    return groups


@cache
def _tokens(text: str) -> tuple[str, ...]:
    """The words of a text: Latin words whole and in parts, Chinese in pairs of characters."""
    tokens: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        if _CHINESE.match(word):
            tokens += [word[at : at + 2] for at in range(len(word) - 1)] or [word]
        else:
            tokens.append(word)
            tokens += [part for part in re.split(r"[.-]", word) if part != word]
            tokens += [word.replace("-", "")] if "-" in word else []
    return tuple(dict.fromkeys(tokens))


@cache
def _activity_words(name: str) -> tuple[tuple[str, float], ...]:
    """The words of an activity with their weights."""
    parts = name.replace(".", " ").replace("_", " ")
    weighted: dict[str, float] = dict.fromkeys(_tokens(parts), 2.0)
    activity = taxonomy().get(name)
    if activity is not None:
        texts = [(activity.label_zh, 2.5), (activity.label_en, 2.5), *((alias, 2.2) for alias in activity.aliases)]
        for text, weight in texts:
            for token in _tokens(text):
                weighted[token] = max(weighted.get(token, 0.0), weight)
    return tuple(weighted.items())


@cache
def _index(folder: Path | None) -> _Index:
    """The index over all editions that are not withdrawn."""
    editions = [read_edition(name, folder) for name, row in catalogue(folder).items() if row.status != "withdrawn"]
    subjects: dict[tuple[int, tuple[str, ...]], list[int]] = {}
    for number, edition in enumerate(editions):
        for row, key in enumerate(_keys(edition)):
            subjects.setdefault((number, key), []).append(row)
    return _built(editions, subjects)


_SUBJECT = ("activity", "parameter", "region", "variant", "publisher_path", "boundary", "data_year")


def _keys(edition: Edition) -> Iterable[tuple[str, ...]]:
    """What each row is about; rows that differ only by gas or unit are about the same. A GWP is about its gas."""
    columns = list(zip(*edition.rows, strict=True))
    empty = ("",) * len(edition.rows)
    named = [columns[edition.header.index(name)] if name in edition.header else empty for name in _SUBJECT]
    gas = columns[edition.header.index("gas")] if "gwp" in edition.roles else empty
    return zip(*named, gas, strict=True)


def _bag(key: tuple[str, ...]) -> dict[str, float]:
    """The words of a subject, the heaviest weight of each."""
    activity, parameter, region, variant, path, _, gas = key
    words = dict(_activity_words(activity))
    for text, weight in (
        (region_words(region), 1.6),
        (_search_words("parameter").get(parameter, parameter.replace("_", " ")), 0.9),
        (variant.replace("_", " "), 1.5),
        (path, 1.2),
        (gas, 1.5),
    ):
        for token in _tokens(text):
            if weight > words.get(token, 0.0):
                words[token] = weight
    return words


def _built(editions: list[Edition], subjects: dict[tuple[int, tuple[str, ...]], list[int]]) -> _Index:
    """The index of some subjects."""
    bag_of: dict[tuple[str, ...], int] = {}
    bags = np.array([bag_of.setdefault((*key[:6], key[7]), len(bag_of)) for _, key in subjects])
    postings: dict[str, tuple[list[int], list[float]]] = {}
    lengths = np.zeros(len(bag_of))
    for key, number in bag_of.items():
        words = _bag(key)
        lengths[number] = len(words)
        for token, weight in words.items():
            entry = postings.get(token)
            if entry is None:
                entry = postings[token] = ([], [])
            entry[0].append(number)
            entry[1].append(weight)
    keys = [key for _, key in subjects]
    where = np.array([number for number, _ in subjects])
    spoken: dict[str, list[int]] = {}
    for number, edition in enumerate(editions):
        for token in _tokens(f"{edition.name} {edition.title}"):
            spoken.setdefault(token, []).append(number)
    return _Index(
        subjects=tuple((editions[number], tuple(rows)) for (number, _), rows in subjects.items()),
        bags=bags,
        bag_count=len(bag_of),
        postings={token: (np.array(numbers), np.array(weights)) for token, (numbers, weights) in postings.items()},
        edition_words={token: np.isin(where, numbers) for token, numbers in spoken.items()},
        latin=tuple(token for token in postings if not _CHINESE.match(token)),
        years=np.array([int(key[6] or 0) for key in keys]),
        lengths=lengths[bags],
        regions=tuple(key[2] for key in keys),
        prior=np.array([_prior(editions[number], key[1], key[3]) for number, key in subjects]),
        upstream=np.array([key[5] == "well_to_tank" or key[0].startswith(WELL_TO_TANK) for key in keys]),
        freight=np.array([key[0].startswith("freight.") for key in keys]),
        activities=tuple(key[0] for key in keys),
    )


def _prior(edition: Edition, parameter: str, variant: str) -> float:
    """What speaks for a subject before anything is asked."""
    status = {"current": 1.0, "superseded": 0.85}.get(edition.status, 0.6)
    wanted = 1.0 if parameter in {"emission_factor", "gwp"} else 0.85
    secondary = 0.85 if variant.startswith(tuple(_search_words("secondary_variant"))) else 1.0
    return status * wanted * secondary
