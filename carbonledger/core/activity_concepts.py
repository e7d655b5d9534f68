"""What the words of an activity's name mean, whatever their order, number and language.

``Small petrol car``, ``car - small (petrol)`` and 小型汽油轿车 are the same three concepts. The words are data
(``activity_phrases.csv``): a phrase stands for concepts, for nothing, for a word by which a factor is named, or for a scope 3 category.
"""

from __future__ import annotations

import csv
import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from carbonledger.core.activity_taxonomy import taxonomy

__all__ = ["CONDITIONS", "Concepts", "alike_by_concepts", "concepts_of", "concepts_of_activity", "english_words"]

_TOKEN = re.compile(r"r[\s-]?\d{2,4}[a-z]{0,3}(?![a-z0-9])|[a-z0-9][a-z0-9.%+]*|[>&]|[\u3400-\u9fff]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d)")
_LETTERS = str.maketrans({"_": " ", "-": " ", "\u2019": "", "'": ""})
_SHORTEST_PLURAL, _TYPING_ERROR, _UNKNOWN_WEIGHT = 4, 82, 3.0
_UPSTREAM, _US = "upstream", "us_epa"
# What a label states beyond what it is about: who owns the vehicle or carries the goods, whose table it is of.
CONDITIONS = MappingProxyType({"waste": 0.1, "company_owned": 0.1, "business_travel": 0.2, "haulage": 0.3, _US: 0.2})
_DEFAULTS = frozenset({"average", "unknown", "mixed", "laden_average"})


@dataclass(frozen=True, slots=True)
class Concepts:
    """The meaning of some words.

    Parameters
    ----------
    known : frozenset of str
        Concepts.
    is_guessed : bool
        Whether a word was taken for another one that it is like.
    unknown : frozenset of str
        Words without a meaning.
    factor : str
        Words that a factor answers to, such as ``average_biofuel_blend``.
    category : int
        The scope 3 category that the words name; 0 if none.
    country : str
        The code of the country that the words name; empty if none.
    """

    known: frozenset[str] = frozenset()
    is_guessed: bool = False
    unknown: frozenset[str] = frozenset()
    factor: str = ""
    category: int = 0
    country: str = ""

    @property
    def is_sure(self) -> bool:
        """Whether every word was understood as it stands."""
        return bool(self.known) and not self.is_guessed and not self.unknown


@cache
def _written() -> Mapping[str, tuple[str, str]]:
    """The use and the meaning of each phrase as the table writes it."""
    text = resources.files("carbonledger.core").joinpath("activity_phrases.csv").read_text(encoding="utf-8")
    return {row["phrase"]: (row["use"], row["means"]) for row in csv.DictReader(text.splitlines())}


@cache
def _phrases() -> Mapping[str, tuple[str, str]]:
    """The use and the meaning of each phrase by its words."""
    return {" ".join(_words(phrase)): meaning for phrase, meaning in _written().items() if meaning[0] != "family"}


@cache
def _beginnings() -> Mapping[str, int]:
    """The most words of a phrase that begins with a word."""
    longest: dict[str, int] = {}
    for phrase in _phrases():
        words = phrase.split(" ")
        longest[words[0]] = max(longest.get(words[0], 1), len(words))
    return longest


@cache
def _families() -> Mapping[str, str]:
    """The concept that the labels of some families leave unsaid."""
    return {phrase: means for phrase, (use, means) in _written().items() if use == "family"}


def _single(word: str) -> str:
    """A word in the singular."""
    is_plural = word.endswith("s") and len(word) >= _SHORTEST_PLURAL and not word.endswith(("ss", "us", "is"))
    return word[:-1] if is_plural and word.isalpha() else word


def _words(text: str) -> list[str]:
    """The words of a text in order; Chinese by the longest phrases that are known."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = _THOUSANDS.sub("", plain.casefold().translate(_LETTERS))
    words: list[str] = []
    for token in _TOKEN.findall(plain):
        if _CHINESE.match(token):
            words += _segments(token)
        else:
            words.append(_single((token.replace(" ", "", 1) if token[:2] == "r " else token).rstrip(".")))
    return words


def _segments(text: str) -> list[str]:
    """A Chinese text as the longest known phrases, and what lies between them."""
    found: list[str] = []
    rest = ""
    at = 0
    written = _written()
    while at < len(text):
        length = next((n for n in range(min(8, len(text) - at), 0, -1) if text[at : at + n] in written), 0)
        if length:
            found += [rest] if rest else []
            found.append(text[at : at + length])
            rest = ""
        else:
            rest += text[at]
        at += length or 1
    return [*found, rest] if rest else found


@cache
def _read(text: str) -> tuple[list[str], list[tuple[str, str, str]]]:
    """The words of a text, and its phrases with their use and meaning."""
    words = _words(text)
    return words, list(_meanings(words))


def _meanings(words: list[str]) -> Iterable[tuple[str, str, str]]:
    """Each phrase with its use and meaning, the longest first; the use of a word without meaning is empty."""
    at = 0
    phrases, beginnings = _phrases(), _beginnings()
    while at < len(words):
        length = min(beginnings.get(words[at], 1), len(words) - at)
        phrase = " ".join(words[at : at + length])
        while length > 1 and phrase not in phrases:
            length -= 1
            phrase = " ".join(words[at : at + length])
        yield phrase, *phrases.get(phrase, ("", ""))
        at += length


def _meant(text: str, vocabulary: frozenset[str]) -> tuple[list[tuple[str, str, str]], bool]:
    """The phrases of a text with misspelt words put right, and whether there were any."""
    words, meanings = _read(text)
    if vocabulary.issuperset(words):
        return meanings, False
    meant = [word if word in vocabulary else _nearest_word(word) or word for word in words]
    return (meanings, False) if meant == words else (list(_meanings(meant)), True)


@cache
def concepts_of(text: str) -> Concepts:
    """The meaning of the words of a name.

    Examples
    --------
    >>> sorted(concepts_of("Petrol cars (small)").known)
    ['car', 'petrol', 'small']
    >>> concepts_of("小型汽油轿车") == concepts_of("small petrol car")
    True
    """
    vocabulary = _vocabulary()
    meanings, is_guessed = _meant(text, vocabulary)
    known: set[str] = set()
    unknown: set[str] = set()
    factor, category, country = [], 0, ""
    for phrase, use, means in meanings:
        if use == "concept":
            known |= set(means.split())
        elif use == "factor":
            factor.append(means)
        elif use == "category":
            number, _, concept = means.partition(" ")
            category, known = int(number), known | {*concept.split()}
        elif use == "country":
            country = means
        elif not use:
            (known if phrase in vocabulary else unknown).add(phrase)
    sets = (frozenset(known), is_guessed, frozenset(unknown))
    return Concepts(*sets, factor=" ".join(factor), category=category, country=country)


@cache
def _vocabulary() -> frozenset[str]:
    """Every word that is known."""
    return _label_words() | {word for phrase in _phrases() for word in phrase.split()}


@cache
def _nearest_word(word: str) -> str:
    """The known English word that a misspelt one is like; empty if there is none."""
    from rapidfuzz import fuzz, process

    if not word.isalpha() or not word.isascii() or len(word) < _SHORTEST_PLURAL:
        return ""
    found = process.extractOne(word, english_words(), scorer=fuzz.ratio, score_cutoff=_TYPING_ERROR)
    return found[0] if found else ""


@cache
def english_words() -> tuple[str, ...]:
    """The English words that are known, in order."""
    return tuple(sorted(word for word in _vocabulary() if word.isascii() and word.isalpha()))


@cache
def _label_words() -> frozenset[str]:
    """The words of the English labels and aliases that have no other meaning, and the parts of Chinese ones."""
    words: set[str] = set()
    for activity in taxonomy().values():
        if activity.family not in {"wtt", "spend"}:
            for text in (activity.label_en, activity.label_zh, *activity.aliases):
                words |= {phrase for phrase, use, _ in _read(text)[1] if not use}
    return frozenset(words)


@cache
def _sets() -> Mapping[str, tuple[frozenset[str], ...]]:
    """The sets of concepts that each activity is called by, in both languages; upstream emissions and sectors of spend have none."""
    return {
        name: tuple(
            dict.fromkeys(
                found
                for text in (activity.label_en, activity.label_zh, *activity.aliases)
                if (found := _complete(name, concepts_of(text).known))
            )
        )
        for name, activity in taxonomy().items()
        if activity.family not in {"wtt", "spend"} and activity.emissions
    }


def _complete(name: str, known: frozenset[str]) -> frozenset[str]:
    """Concepts of a label with those that its family leaves unsaid."""
    return known | {means for prefix, means in _families().items() if name.startswith(prefix)} if known else known


def concepts_of_activity(name: str) -> frozenset[str]:
    """The concepts of an activity's labels and aliases together."""
    return frozenset().union(*_sets().get(name, ()))


@cache
def _weights() -> Mapping[str, float]:
    """Concepts that few activities have weigh more."""
    count = Counter(concept for name in _sets() for concept in concepts_of_activity(name))
    return {item: 0.0 if item.isdigit() else math.log(1 + len(_sets()) / number) for item, number in count.items()}


@cache
def alike_by_concepts(concepts: Concepts, country: str) -> tuple[tuple[str, ...], bool]:
    """The activities that some concepts may mean, best first, and whether the first is all that they can mean.

    Parameters
    ----------
    concepts : Concepts
        Of what a user wrote.
    country : str
        Where; activities that its editions price come first, and others are left out if there are any.

    Returns
    -------
    tuple of (tuple of str, bool)
    """
    asked = concepts.known
    exact, near, wider = _supersets(asked, country)
    for found in (exact, near):
        chosen = _of_country(found, country)
        if chosen:
            return chosen, len(chosen) == 1 and concepts.is_sure
    chosen = _of_country(wider, country)
    if chosen:
        missing = concepts_of_activity(chosen[0]) - asked - CONDITIONS.keys()
        return chosen, len(chosen) == 1 and concepts.is_sure and missing <= _DEFAULTS
    return _of_country(_sharing(concepts, country), country), False


@cache
def _places() -> Mapping[str, frozenset[tuple[int, str]]]:
    """The activities that each concept stands for something of, with their place in the taxonomy."""
    found: dict[str, set[tuple[int, str]]] = {}
    for order, name in enumerate(_sets()):
        for concept in concepts_of_activity(name):
            found.setdefault(concept, set()).add((order, name))
    return {concept: frozenset(places) for concept, places in found.items()}


def _holding(asked: frozenset[str], *, any_of_them: bool) -> list[tuple[int, str]]:
    """The activities that have all of some concepts, or any of them, in the order of the taxonomy."""
    places = [_places().get(concept, frozenset()) for concept in asked]
    if not places:
        return []
    return sorted(frozenset.union(*places) if any_of_them else frozenset.intersection(*places))


def _supersets(asked: frozenset[str], country: str) -> tuple[list[str], list[str], list[str]]:
    """Activities called by exactly some concepts, by these and a condition, and by these and more; the fewest more first."""
    ranked: list[tuple[float, int, str, bool, bool]] = []
    for order, name in _holding(asked, any_of_them=False):
        sets = _sets()[name]
        extras = [found - asked for found in sets if asked and asked <= found and _holds_in(found, country)]
        if extras:
            extra = min(extras, key=_cost)
            ranked.append(
                (
                    _cost(extra),
                    order,
                    name,
                    not extra or (country == "US" and extra == {_US}),
                    extra <= CONDITIONS.keys(),
                )
            )
    ranked.sort()
    exact = [name for *_, name, is_exact, _ in ranked if is_exact]
    near = [name for *_, name, _, is_near in ranked if is_near]
    return exact, near, [name for _, _, name, _, _ in ranked]


def _holds_in(concepts: frozenset[str], country: str) -> bool:
    """Whether a label may be meant in a country: one of the tables of the US is not meant elsewhere."""
    return _US not in concepts or country in {"", "US"}


def _cost(extra: frozenset[str]) -> float:
    """How much a label says beyond what was asked."""
    return math.fsum(CONDITIONS.get(item, 0.4 if item in _DEFAULTS else 1.0) for item in extra)


def _sharing(concepts: Concepts, country: str) -> list[str]:
    """Activities that share at least half the weight of some words, best first."""
    asked, weights = concepts.known, _weights()
    whole = math.fsum(weights.get(item, 0.0) for item in asked) + _UNKNOWN_WEIGHT * len(concepts.unknown)
    scored = []
    for order, name in _holding(asked, any_of_them=True):
        sets = _sets()[name]
        shares = [
            (math.fsum(weights[item] for item in asked & found), _cost(found - asked))
            for found in sets
            if _holds_in(found, country)
        ]
        fitting = [share - 0.3 * cost for share, cost in shares if share and share >= whole / 2]
        if fitting:
            scored.append((-max(fitting), order, name))
    return [name for _, _, name in sorted(scored)]


def _of_country(names: Iterable[str], country: str) -> tuple[str, ...]:
    """Those that a country's editions price; all, if they price none or no country is known."""
    found = tuple(names)
    if not country:
        return found
    return tuple(name for name in found if taxonomy()[name].is_priced_in(country)) or found
