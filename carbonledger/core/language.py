"""Words in Chinese and English: one table, ``labels.csv``, for everything that is printed.

A text that depends on the language of the run is kept as a `Label` until it is printed.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Literal

__all__ = [
    "Clauses",
    "Label",
    "Lang",
    "bracketed",
    "counted",
    "did_you_mean",
    "has_label",
    "headed",
    "in_language",
    "listed",
    "printable",
    "translated",
    "word",
]

Lang = Literal["en", "zh"]


@dataclass(frozen=True, slots=True)
class Label:
    """A text in both languages.

    Parameters
    ----------
    en, zh : str
        The English and the Chinese text.

    Examples
    --------
    >>> Label("grid electricity", "外购电力").text("zh")
    '外购电力'
    """

    en: str
    zh: str

    @classmethod
    def of(cls, key: str) -> Label:
        """The label of a key of ``labels.csv``."""
        row = _label_rows()[key]
        return cls(row["en"], row["zh"])

    def text(self, lang: Lang) -> str:
        """The text in a language; in the other one if it is given in one only, as a name may be."""
        return (self.zh or self.en) if lang == "zh" else (self.en or self.zh)

    def __str__(self) -> str:
        return self.text("en")


def has_label(key: str) -> bool:
    """Whether ``labels.csv`` has a key."""
    return key in _label_rows()


@cache
def _label_rows() -> Mapping[str, Mapping[str, str]]:
    """The rows of ``labels.csv`` by key."""
    text = resources.files("carbonledger.core").joinpath("labels.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


_COMMA, _SEMICOLON = Label(", ", "、"), Label("; ", "；")
_HEADED, _BRACKETED = Label("{}: {}", "{}：{}"), Label(" ({})", "（{}）")


def listed(items: Iterable[Any], lang: Lang, *, semicolons: bool = False) -> str:
    """Several texts or labels as one text, divided by commas or semicolons.

    Examples
    --------
    >>> listed(["A", "B"], "zh"), listed(["A", "B"], "en", semicolons=True)
    ('A、B', 'A; B')
    """
    joint = _SEMICOLON if semicolons else _COMMA
    return joint.text(lang).join(str(in_language(item, lang)) for item in items)


@dataclass(frozen=True, slots=True)
class Clauses:
    """Several texts, labels or messages that are printed as one text, divided by semicolons.

    Examples
    --------
    >>> Clauses(("x is missing", Label("y is unknown", "未知的 y"))).text("en")
    'x is missing; y is unknown'
    """

    items: tuple[Any, ...]

    def text(self, lang: Lang) -> str:
        """The text in a language."""
        return listed(self.items, lang, semicolons=True)


# What a terminal or a page would obey instead of showing: controls, line ends, marks that turn or hide what follows,
# halves of characters.
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    r"\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def printable(text: str, *, kept: str = "") -> str:
    r"""A text of somebody else's as it may be printed: each character that would be obeyed rather than seen as a visible escape.

    Parameters
    ----------
    text : str
        A name, a cell, a file name: anything that was not written here.
    kept : str
        Characters that stay, e.g. a line feed between lines of our own.

    Returns
    -------
    str
        On one line unless line feeds are kept, and the same if it is escaped again.

    Examples
    --------
    >>> printable("North\u202eplant\x1b[31m")
    'North\\u202eplant\\x1b[31m'
    """
    return _UNSEEN.sub(lambda found: found[0] if found[0] in kept else _escape(found[0]), text)


def _escape(letter: str) -> str:
    """A character as Python writes it in a text."""
    return letter.encode("unicode_escape").decode("ascii")


def headed(heading: str, text: str, lang: Lang) -> str:
    """A text behind its heading and a colon.

    Examples
    --------
    >>> headed("判断", "一致", "zh")
    '判断：一致'
    """
    return _HEADED.text(lang).format(heading, text)


def bracketed(text: str, lang: Lang) -> str:
    """A text in brackets, to be put behind another.

    Examples
    --------
    >>> bracketed("default", "en"), bracketed("默认", "zh")
    (' (default)', '（默认）')
    """
    return _BRACKETED.text(lang).format(text)


def counted(number: int, noun: str) -> str:
    """A number of things in English, e.g. in the repr of a record.

    Examples
    --------
    >>> counted(1, "line"), counted(4, "line")
    ('1 line', '4 lines')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"


def did_you_mean(names: Sequence[str]) -> Label:
    """A question that proposes the first of some names, to be put behind a sentence; empty if there is none."""
    return Label(f" Did you mean {names[0]!r}?", f"是否应为“{names[0]}”？") if names else Label("", "")


def word(key: str, lang: Lang, **values: str) -> str:
    """A word or sentence in a language.

    Parameters
    ----------
    key : str
        Its name in ``labels.csv``.
    lang : {"en", "zh"}
        The language.
    **values : str
        What stands in its braces.

    Returns
    -------
    str
    """
    return Label.of(key).text(lang).format(**values)


def in_language(value: Any, lang: Lang) -> Any:
    """A value as it is printed in a language: labels in that language, several as a list, anything else as it is.

    Parameters
    ----------
    value : object
        A number, a text, a `Label`, anything with a method ``text(lang)``, or a tuple of such.
    lang : {"en", "zh"}
        The language.

    Returns
    -------
    object
        A text for labels and tuples; else the value itself, so that a template can format a number.

    Examples
    --------
    >>> in_language((Label("steam", "蒸汽"), "A"), "zh")
    '蒸汽、A'
    """
    if isinstance(value, tuple):
        return listed(value, lang)
    text = getattr(value, "text", None)
    return text(lang) if callable(text) else value


def translated(text: str, lang: Lang) -> str:
    """A text made of known words, such as ``own generation, attributes sold: residual mix``; unknown parts stay.

    Parameters
    ----------
    text : str
        Parts divided by colons, commas or spaces.
    lang : {"en", "zh"}
        The language.

    Returns
    -------
    str
    """
    if text in _label_rows():
        return word(text, lang)
    for divider, joint in ((": ", "："), (", ", "，"), (" ", " ")):
        head, found, rest = text.partition(divider)
        if found:
            between = joint if lang == "zh" else divider
            return f"{translated(head, lang)}{between}{translated(rest, lang)}"
    return text
