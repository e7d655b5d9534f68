"""What a company uses, in its own words: a line of the menu, or any activity of the taxonomy.

The menu is data (``uses.csv``): a short name, a label, the activities that it stands for, what their source is called, further words.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from carbonledger.core.activity_spellings import folded
from carbonledger.core.activity_taxonomy import activity_label, taxonomy
from carbonledger.core.activity_words import canonical_activity
from carbonledger.core.errors import UnknownActivityError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label

__all__ = ["Use", "menu", "read_uses", "words_in"]

_NO_LABEL = Label("", "")
_BETWEEN = re.compile(r"[,，、;；\n]")


@dataclass(frozen=True, slots=True)
class Use:
    """Something that a company uses.

    Parameters
    ----------
    name : str
        Its short name on the menu; of anything else, the activity's.
    label : Label
        What it is called.
    activities : tuple of str
        The activities that need data, by the taxonomy's names.
    source : Label
        What its source is called, where the activity alone does not tell it apart; else empty.
    """

    name: str
    label: Label
    activities: tuple[str, ...]
    source: Label = _NO_LABEL


@cache
def menu() -> Mapping[str, Use]:
    """The uses that are proposed, by their short names, in the order of the menu."""
    return {row["use"]: _of_row(row) for row in _rows()}


@cache
def _rows() -> tuple[dict[str, str], ...]:
    """The rows of the menu."""
    text = resources.files("carbonledger.beginning").joinpath("uses.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _of_row(row: Mapping[str, str]) -> Use:
    """A use of the menu."""
    label, source = Label(row["label_en"], row["label_zh"]), Label(row["source_en"], row["source_zh"])
    return Use(row["use"], label, tuple(row["activities"].split(";")), source)


@cache
def _spellings() -> Mapping[str, str]:
    """The short names of the menu by every way in which they may be written."""
    found: dict[str, str] = {}
    for number, row in enumerate(_rows(), start=1):
        words = [row["use"], row["label_en"], row["label_zh"], str(number), *row["words"].split(";")]
        found.update({folded(word): row["use"] for word in words if word})
    return found


def words_in(text: str) -> list[str]:
    """The parts of a text that lists several things, such as ``电、天然气、光伏``.

    Examples
    --------
    >>> words_in("电、天然气、 diesel,, PV")
    ['电', '天然气', 'diesel', 'PV']
    """
    return [part.strip() for part in _BETWEEN.split(text) if part.strip()]


def read_uses(texts: Iterable[str], country: str = "") -> tuple[Use, ...]:
    """What some words mean, each use once, in their order.

    Parameters
    ----------
    texts : iterable of str
        Short names, labels or numbers of the menu, or names of activities; a text may list several.
    country : str
        ISO 3166-1, where words mean different things.

    Returns
    -------
    tuple of Use

    Raises
    ------
    UnknownActivityError
        For the first word that means nothing, or several things; the nearest are named, and the other words' errors go with it.

    Examples
    --------
    >>> [use.name for use in read_uses(["电、光伏", "vehicles", "R-410A"], "CN")]
    ['power', 'pv', 'vehicles', 'refrigerant.r_410a']
    """
    found: dict[str, Use] = {}
    errors: list[UnknownActivityError] = []
    for word in (part for text in texts for part in words_in(text)):
        try:
            use = _use_of(word, country)
        except UnknownActivityError as error:
            errors.append(error)
        else:
            found.setdefault(use.name, use)
    if errors:
        errors[0].others = tuple(errors[1:])
        raise errors[0]
    return tuple(found.values())


def _use_of(word: str, country: str) -> Use:
    """The use that a word names."""
    on_menu = _spellings().get(folded(word))
    if on_menu is None:
        if word.isdecimal():
            raise UnknownActivityError(Message.of("NEW_BOOK.no_number", number=word, last=len(_rows())))
        name = word if word in taxonomy() else _activity(word, country)
        on_menu = next((use.name for use in menu().values() if use.activities == (name,) and not use.source.en), None)
        if on_menu is None:
            return Use(name, activity_label(name), (name,))
    return menu()[on_menu]


def _activity(word: str, country: str) -> str:
    """The activity that a word names.

    Raises
    ------
    UnknownActivityError
        Naming the nearest.
    """
    try:
        return canonical_activity(word, country)
    except UnknownActivityError as error:
        raise UnknownActivityError(Message.of("NEW_BOOK.use", problem=error.says or str(error))) from error
