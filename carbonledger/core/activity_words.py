"""The activity that a name means where it was written, or the question that it leaves open.

A name of the taxonomy is taken as it stands. Another one is looked up by its concepts: in ``activity_words.csv``, where a word may mean
one thing in one country and another elsewhere, then in the labels of the taxonomy. What may be several activities is a question that
names them, those that the country's editions price first.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

from carbonledger.core.activity_concepts import Concepts, alike_by_concepts, concepts_of
from carbonledger.core.activity_spellings import activity_spellings, folded, known_activity
from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.errors import UnknownActivityError
from carbonledger.core.findings import Message
from carbonledger.core.language import Clauses, Label
from carbonledger.core.region_names import country_name

__all__ = ["ActivityReading", "canonical_activity", "is_listed", "question_about", "read_activity", "words_of"]

_CHOICES, _VALUE_CHAIN = 3, 3
_TRAVEL, _TOTAL = "business_travel", "total"
_LETTERS, _WORDS = 60, 75


@dataclass(frozen=True, slots=True)
class ActivityReading:
    """What a name means.

    Parameters
    ----------
    activity : str
        The taxonomy's name; empty if it is not settled.
    choices : tuple of str
        The activities that it may mean, the likeliest first.
    factor : str
        Words that name a factor, such as ``average_biofuel_blend``.
    category : int
        The scope 3 category that the name states, as commuting does; 0 if none.
    is_of_country : bool
        Whether it means something else in another country.
    is_umbrella : bool
        Whether it is the name of a whole family, such as electricity, that a table may divide.
    """

    activity: str = ""
    choices: tuple[str, ...] = ()
    factor: str = ""
    category: int = 0
    is_of_country: bool = False
    is_umbrella: bool = False


@cache
def _by_word() -> Mapping[tuple[str, str], ActivityReading]:
    """What a word means in a country; the country is empty for all others."""
    text = resources.files("carbonledger.core").joinpath("activity_words.csv").read_text(encoding="utf-8")
    return {
        (folded(row["word"]), country): _row(row)
        for row in csv.DictReader(text.splitlines())
        for country in row["countries"].split(";")
    }


def is_listed(text: str) -> bool:
    """Whether a name is one of the listed words, whatever its country."""
    plain = folded(text)
    return any(word == plain for word, _ in _by_word())


@cache
def _by_concepts() -> Mapping[tuple[frozenset[str], str], ActivityReading]:
    """The same by the concepts of the word."""
    rows = {(_key(concepts_of(word)), country): names for (word, country), names in _by_word().items()}
    return {(key, country): names for (key, country), names in rows.items() if key}


@cache
def words_of(country: str) -> Mapping[str, tuple[str, ...]]:
    """The words that are read as an activity in a country, or first ask whether it is meant, by activity."""
    words: dict[str, list[str]] = {}
    for (word, place), reading in _by_word().items():
        is_settled_there = place == "" and (word, country) in _by_word()
        if place in {"", country} and not is_settled_there:
            words.setdefault(reading.activity or reading.choices[0], []).append(word)
    return {name: tuple(found) for name, found in words.items()}


def _key(concepts: Concepts) -> frozenset[str]:
    """All that a word says."""
    return concepts.known | concepts.unknown


@cache
def read_activity(text: str, country: str = "") -> ActivityReading:
    """The activity that a name means in a country, or those that it may mean.

    Parameters
    ----------
    text : str
        A name as people write it.
    country : str, optional
        The code of the country where it was written.

    Returns
    -------
    ActivityReading

    Examples
    --------
    >>> read_activity("Gas", "GB").activity, read_activity("Gas", "US").choices
    ('fuel.natural_gas', ('fuel.natural_gas', 'fuel.gasoline', 'fuel.propane'))
    >>> read_activity("Short haul flight, economy", "GB").activity
    'travel.air.short_haul.economy'
    """
    known = known_activity(text)
    if known and taxonomy()[known].emissions:
        own = _by_word().get((folded(text), country)) if country else None
        return replace(own, is_of_country=own.activity not in {"", known}) if own else ActivityReading(known)
    concepts = concepts_of(text)
    reading = _by_their_concepts(text, concepts, country)
    if reading.activity and (concepts.is_guessed or concepts.country not in {"", country}):
        reading = ActivityReading(choices=(reading.activity,))
    if concepts.category:
        reading = replace(reading, choices=_of_scope_3(reading.choices))
    return replace(
        reading, factor=concepts.factor or reading.factor, category=concepts.category, is_umbrella=bool(known)
    )


def _of_scope_3(names: tuple[str, ...]) -> tuple[str, ...]:
    """Those that others do for a company, as a name that states a category of scope 3 means; all, if there are none."""
    return tuple(name for name in names if taxonomy()[name].scope == _VALUE_CHAIN) or names


def _row(row: Mapping[str, str]) -> ActivityReading:
    """A row of the words: one activity, or a question about several."""
    names = tuple(row["activities"].split(";"))
    return ActivityReading(names[0] if len(names) == 1 else "", names if len(names) > 1 else (), row["factor"])


def _row_of(concepts: Concepts, country: str) -> ActivityReading | None:
    """What the words say of some concepts in a country; None if nothing."""
    own, anywhere = (_by_concepts().get((_key(concepts), place)) for place in (country or "-", ""))
    if own is None:
        return anywhere and replace(anywhere, choices=_priced_first(anywhere.choices, country))
    elsewhere = anywhere.activity or anywhere.choices[0] if anywhere else ""
    return replace(own, is_of_country=bool(own.activity) and own.activity != elsewhere)


def _priced_first(names: tuple[str, ...], country: str) -> tuple[str, ...]:
    """Activities in their order, but those that a country's editions price first."""
    return tuple(sorted(names, key=lambda name: not taxonomy()[name].is_priced_in(country)))


def _by_their_concepts(text: str, concepts: Concepts, country: str) -> ActivityReading:
    """What a name means that is no spelling of the taxonomy."""
    row = _row_of(concepts, country) or _by_word().get((folded(text), ""))
    if row:
        return row
    if concepts.category and _TRAVEL in concepts.known and concepts.known > {_TRAVEL}:
        # Only of cars and motorbikes labels say whose they are.
        without = replace(concepts, known=concepts.known - {_TRAVEL})
        found = _row_of(without, country)
        if found and not any(taxonomy()[name].is_vehicle for name in found.choices):
            return found
    choices, is_settled = alike_by_concepts(concepts, country)
    if is_settled:
        return ActivityReading(choices[0])
    if concepts.unknown or _TOTAL in concepts.known:
        part = replace(concepts, known=concepts.known - {_TOTAL}, unknown=frozenset())
        found = _row_of(part, country)
        choices = (found.choices or (found.activity,)) if found else choices
    return ActivityReading(choices=(choices or tuple(dict.fromkeys(_alike(text, country))))[:_CHOICES])


def _alike(text: str, country: str) -> Iterable[str]:
    """Activities that are spelt alike, letter by letter or word by word in any order; those that the country's editions price first."""
    from rapidfuzz import fuzz, process

    close = [
        found
        for scorer, cutoff in ((fuzz.ratio, _LETTERS), (fuzz.token_sort_ratio, _WORDS))
        for found in process.extract(
            folded(text), list(activity_spellings()), scorer=scorer, score_cutoff=cutoff, limit=6
        )
    ]
    names = [activity_spellings()[name] for name, _, _ in sorted(close, key=lambda found: -found[1])]
    own = [name for name in names if taxonomy()[name].is_priced_in(country)]
    return own or names


def question_about(text: str, reading: ActivityReading, country: str = "") -> Message:
    """The question that a name leaves open, with the line of ``book.toml`` that answers it.

    Parameters
    ----------
    text : str
        The name as written.
    reading : ActivityReading
        What it may mean.
    country : str, optional
        Where it was written.

    Returns
    -------
    Message
    """
    if not reading.choices:
        return Message.of("UNKNOWN_ACTIVITY.unlike", text=text)
    quoted = json.dumps(text, ensure_ascii=False)
    values = {
        "text": text,
        "proposed": Clauses(tuple(_shown(name) for name in reading.choices)),
        "line": f'{quoted} = "{reading.choices[0]}"',
    }
    if not country or any(taxonomy()[name].is_priced_in(country) for name in reading.choices):
        is_understood = len(reading.choices) > 1 and concepts_of(text).is_sure
        return Message.of(f"UNKNOWN_ACTIVITY.{'several' if is_understood else 'alike'}", **values)
    return Message.of("UNKNOWN_ACTIVITY.unpriced", country=country_name(country) or country, **values)


def _shown(name: str) -> Label:
    """An activity as a choice: its name, and what it is called."""
    activity = taxonomy()[name]
    return Label(f"{name} ({activity.label_en})", f"{name}（{activity.label_zh}）")


def canonical_activity(text: str, country: str = "") -> str:
    """The taxonomy's name for what a user wrote.

    Parameters
    ----------
    text : str
        A dotted name, a label or an alias, Chinese or English.
    country : str, optional
        The code of the country where it was written, which settles names that differ by country.

    Returns
    -------
    str

    Raises
    ------
    UnknownActivityError
        Naming what it may mean.

    Examples
    --------
    >>> canonical_activity("汽油"), canonical_activity("Grid electricity")
    ('fuel.gasoline', 'electricity.grid')
    """
    known = known_activity(str(text))
    reading = ActivityReading(known) if known and not country else read_activity(str(text), country)
    if reading.activity:
        return reading.activity
    raise UnknownActivityError(question_about(str(text), reading, country))
