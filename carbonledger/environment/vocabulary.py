"""The words of environmental registers in both languages: headings, sources of water, routes of waste, pollutants, classes.

``words.csv`` has a row for each word: its list, its key, the group that a framework counts it in, its labels, and every spelling that is
read.

References
----------
GRI 303: Water and Effluents 2018, 303-3 to 303-5; GRI 306: Waste 2020, 306-3 to 306-5; GRI 305: Emissions 2016, 305-7: the groups.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from carbonledger.core.language import Label
from carbonledger.tables.records import folded

__all__ = ["HEADINGS", "Word", "find_word", "headings", "word_label", "words_of"]

HEADINGS = "heading"


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a list.

    Parameters
    ----------
    key : str
        The library's name.
    group : str
        What frameworks count it in, e.g. ``third_party`` of municipal water; empty if nothing.
    label : Label
        As it is printed.
    names : tuple of str
        Every spelling that is read.
    """

    key: str
    group: str
    label: Label
    names: tuple[str, ...]


@cache
def words_of(name: str) -> Mapping[str, Word]:
    """The words of a list by key, in their order."""
    text = resources.files("carbonledger.environment").joinpath("words.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["list"] == name]
    return {
        row["key"]: Word(row["key"], row["group"], Label(row["en"], row["zh"]), tuple(row["names"].split(";")))
        for row in rows
    }


@cache
def _spellings(name: str) -> Mapping[str, Word]:
    """The words of a list by each spelling, folded."""
    return {folded(spelling): word for word in words_of(name).values() for spelling in (word.key, *word.names)}


def find_word(name: str, text: str) -> Word | None:
    """The word of a list that a text is; None if it is none.

    Examples
    --------
    >>> find_word("water_source", "自来水").key, find_word("class", "Ⅱ类").key, find_word("route", "shredding")
    ('municipal', '2', None)
    """
    return _spellings(name).get(folded(text))


def word_label(name: str, key: str) -> Label:
    """A word as it is printed; an unknown key as it is."""
    found = words_of(name).get(key)
    return found.label if found else Label(key, key)


@cache
def headings() -> Mapping[str, str]:
    """What each spelling of a heading stands for."""
    return {spelling: word.key for spelling, word in _spellings(HEADINGS).items()}
