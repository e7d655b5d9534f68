"""What a search asks for: activities, places, a year, a parameter, a publisher, and words to look up as they stand.

The text is read from left to right by the longest phrases of ``search_words.csv`` and the names of places; what they leave is read by the
same words and concepts that read the activity column of an entry (`carbonledger.core.activity_words`). So one vocabulary serves both; the
table here only holds what would be too loose for an entry: brands, words without meaning, names of parameters and publishers.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from carbonledger.core.activities import GRID_ELECTRICITY, WELL_TO_TANK
from carbonledger.core.activity_concepts import concepts_of, english_words
from carbonledger.core.activity_words import is_listed, read_activity
from carbonledger.core.region_names import fold
from carbonledger.factors.activity_list import activities_called
from carbonledger.factors.search_index import SearchIndex, tokens_of

__all__ = ["Question", "meant_instead", "read_question", "search_words"]

_PIECE = re.compile(r"[\u3400-\u9fff]|[^\s\u3400-\u9fff,;:!?()\[\]{}\"*、，。；：！？（）]+")
_YEAR = re.compile(r"(?:19[89]|20[0-4])\d")
_LETTERS, _PIECES, _LONGEST = 400, 60, 10
_SHORTEST, _LONG, _CHOICES = 4, 7, 5
_ALONE = "alone"
_LIKELY, _LESS_LIKELY, _UNLIKELY, _STEP, _LEAST = 1.0, 0.75, 0.65, 0.005, 0.5


@dataclass(frozen=True, slots=True)
class Question:
    """A search text, understood.

    Parameters
    ----------
    activities : mapping of str to float
        The activities that may be meant, each with how likely it is, at most 1.
    words : tuple of str
        What is not a place, a year, a parameter or a publisher, folded, to be looked up in the publishers' own words.
    unknown : frozenset of str
        Those of the words that name no concept of an activity.
    known : int
        How many concepts the words name.
    places : tuple of str
        Codes of regions.
    year : int or None
        The year that is named.
    parameters, series, units : frozenset of str
        Parameters, beginnings of names of editions, and denominators of units.
    named : frozenset of str
        Words by which a factor among several is named: ``gross``, ``with_rf``.
    is_upstream : bool
        Whether upstream emissions are asked for.
    """

    activities: Mapping[str, float] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    unknown: frozenset[str] = frozenset()
    known: int = 0
    places: tuple[str, ...] = ()
    year: int | None = None
    parameters: frozenset[str] = frozenset()
    series: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    named: frozenset[str] = frozenset()
    is_upstream: bool = False


def search_words(use: str) -> Mapping[str, str]:
    """The words of one use in ``search_words.csv``, folded, each with its meaning.

    Parameters
    ----------
    use : str
        ``synonym``: what is read instead; ``alone``: what is read instead if nothing else is said; ``filler``: nothing; ``parameter``;
        ``series``, ``spend``: beginnings of names of editions, the latter of those by amounts of money; ``place``: a code, or nothing for a
        name that is no place here; ``unit``: denominators; ``upstream``; ``plain_variant``, ``secondary_variant``, ``secondary_parameter``,
        ``secondary_series``: what is the plain figure and what is not.

    Returns
    -------
    mapping of str to str
    """
    return _table().get(use, {})


@cache
def _table() -> Mapping[str, Mapping[str, str]]:
    """The rows of ``search_words.csv`` by use and word; names of editions, parameters and variants as they stand."""
    text = resources.files("carbonledger.factors").joinpath("search_words.csv").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for row in csv.reader(text.splitlines()[1:]):
        use, word, means = row
        found.setdefault(use, {})[_key(_pieces(word)) if use in {*_USES, _ALONE} else word] = means
    return found


def meant_instead(text: str) -> str:
    """What a whole text is read as: its synonym, else what it means standing alone, else itself.

    Examples
    --------
    >>> meant_instead("R410"), meant_instead("diesel")
    ('r-410a', 'diesel')
    """
    key = _key(_pieces(text))
    return search_words("synonym").get(key) or search_words(_ALONE).get(key) or text


def _pieces(text: str) -> list[str]:
    """The words of a text and its Chinese characters one by one."""
    return _PIECE.findall(unicodedata.normalize("NFKC", text).casefold())


@cache
def _folded(piece: str) -> str:
    """A piece as phrases are compared."""
    return piece if piece.isalpha() and piece.isascii() else fold(piece)


def _key(pieces: Iterable[str]) -> str:
    """Pieces as one phrase: words apart, Chinese characters together."""
    joined = " ".join(map(_folded, pieces))
    return joined if joined.isascii() else re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", joined)


_USES = ("place", "synonym", "parameter", "series", "spend", "upstream", "unit", "filler")


def read_question(text: str, index: SearchIndex, country: str = "") -> Question:
    """What a search text asks for.

    Parameters
    ----------
    text : str
        As a user wrote it; of a very long text only the beginning counts.
    index : SearchIndex
        Whose names of places, and whose words, are known.
    country : str
        Where words are read, if the text names no place.

    Returns
    -------
    Question
    """
    pieces = [_spelt(piece, index) for piece in _pieces(text[:_LETTERS])[:_PIECES]]
    found: dict[str, list[str]] = {use: [] for use in _USES}
    rest: list[str] = []
    said: list[str] = []
    years: list[int] = []
    for use, written, means in _phrases(pieces, index.places):
        if use == "":
            years += [int(piece) for piece in written if _YEAR.fullmatch(piece)]
            rest += written
            said += written
        elif use == "synonym":
            rest += _pieces(means)
            said += written
        else:
            found[use] += means.split()
            said += written if use == "filler" else []
    places = tuple(dict.fromkeys(found["place"]))
    words = [piece for piece in rest if not _YEAR.fullmatch(piece)]
    words = _pieces(search_words(_ALONE).get(_key(words or said), "")) or words
    activities, known, unknown, named = _activities(words, said, places[0].partition("-")[0] if places else country)
    if not words and (places or found["parameter"] or _is_of_grids(found["series"], index)):
        activities, known = {GRID_ELECTRICITY: _LIKELY}, 1
    if found["spend"]:
        activities, known, rest = {}, 0, said
    if found["upstream"]:
        activities = {WELL_TO_TANK + name: likely for name, likely in activities.items()} | {
            name: likely * _LEAST for name, likely in activities.items()
        }
    return Question(
        activities=activities,
        words=tuple(map(_folded, rest)) if words else (),
        unknown=unknown,
        known=known,
        places=places,
        year=years[-1] if years else None,
        parameters=frozenset(found["parameter"]),
        series=frozenset(found["series"] + found["spend"]),
        units=frozenset(found["unit"]),
        named=named,
        is_upstream=bool(found["upstream"]),
    )


def _is_of_grids(series: Iterable[str], index: SearchIndex) -> bool:
    """Whether some editions are about grids."""
    names = {index.subject(number).series for number in index.by_activity.get(GRID_ELECTRICITY, ())}
    return any(name.startswith(beginning) for beginning in series for name in names)


def _spelt(piece: str, index: SearchIndex) -> str:
    """A word, with one typing error put right if nothing is called as it stands."""
    if len(piece) < _SHORTEST or not (piece.isascii() and piece.isalpha()):
        return piece
    if _is_known(piece) or tokens_of(piece)[0] in index.postings or piece in index.places:
        return piece
    from rapidfuzz import process
    from rapidfuzz.distance import DamerauLevenshtein

    errors = 1 if len(piece) < _LONG else 2
    for words in (english_words(), _own_words(), index.words):
        close = process.extract(piece, words, scorer=DamerauLevenshtein.distance, score_cutoff=errors, limit=_CHOICES)
        found = next((str(word) for word, _, _ in close if _is_likely_error(piece, str(word))), "")
        if found:
            return found
    return piece


def _is_likely_error(piece: str, word: str) -> bool:
    """Whether letters were left out, doubled or turned round; another letter alone makes another short word, as pallet of pellet."""
    return len(piece) >= _LONG or len(piece) != len(word) or sorted(piece) == sorted(word)


def _is_known(piece: str) -> bool:
    """Whether a word stands in the words of activities or in ours, in the singular or plural."""
    known = concepts_of(piece)
    return (bool(known.known) and not known.is_guessed) or piece in _own_words()


@cache
def _own_words() -> frozenset[str]:
    """The English words of the phrases of ``search_words.csv``."""
    return frozenset(word for use in _USES for phrase in search_words(use) for word in phrase.split() if word.isascii())


def _phrases(pieces: list[str], named_places: Mapping[str, list[str]]) -> Iterable[tuple[str, list[str], str]]:
    """The text by its longest phrases: their use, how they are written, and what they mean; the use of other words is empty."""
    at = 0
    while at < len(pieces):
        for length in range(min(_LONGEST, len(pieces) - at), 0, -1):
            written = pieces[at : at + length]
            use, means = _use(_key(written), named_places)
            if use or length == 1:
                yield use, written, means
                at += length
                break


def _use(phrase: str, named_places: Mapping[str, list[str]]) -> tuple[str, str]:
    """What a phrase is for, and its meaning; two empty texts if for nothing."""
    for use in _USES:
        if phrase in search_words(use):
            return use, search_words(use)[phrase] or (phrase if use == "upstream" else "")
    is_name = len(phrase) > 2 or not phrase.isascii()
    return ("place", " ".join(named_places[phrase])) if is_name and phrase in named_places else ("", "")


def _activities(
    words: list[str], said: list[str], country: str
) -> tuple[dict[str, float], int, frozenset[str], frozenset[str]]:
    """The activities that words may mean, with what of them is understood: how many concepts, which words not, and names of factors."""
    whole, text = _text(piece for piece in said if not _YEAR.fullmatch(piece)), _text(words)
    reading = read_activity(whole, country) if whole else None
    if reading and reading.activity:
        concepts = concepts_of(whole)
        return _likely(whole, country), max(1, len(concepts.known)), frozenset(), frozenset(reading.factor.split())
    concepts = concepts_of(text)
    known = max(len(concepts.known), int(is_listed(text) or bool(text and read_activity(text, country).activity)))
    unknown = concepts.unknown if concepts.known or not known else frozenset()
    return _likely(text, country) if known else {}, known, unknown, frozenset(concepts.factor.split())


def _text(words: Iterable[str]) -> str:
    """Pieces as a text to read: Chinese characters together."""
    return re.sub(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])", "", " ".join(words))


def _likely(text: str, country: str) -> dict[str, float]:
    """The activities that a text may mean, each with how likely it is."""
    first, others = activities_called(text, country)
    likely = {name: _LIKELY - _STEP * place for place, name in enumerate(first)}
    next_likely = _LESS_LIKELY if len(first) != 1 else _UNLIKELY
    for place, name in enumerate(others):
        likely.setdefault(name, max(_LEAST, next_likely - _STEP * place))
    return likely
