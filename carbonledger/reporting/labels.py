"""The words of reports, in Chinese and English."""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources
from typing import Literal

__all__ = ["Lang", "translated", "word"]

Lang = Literal["en", "zh"]


@cache
def _words() -> dict[str, dict[str, str]]:
    """Every word by key and language."""
    text = resources.files("carbonledger.reporting").joinpath("labels.csv").read_text(encoding="utf-8")
    return {row["key"]: row for row in csv.DictReader(text.splitlines())}


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
    return _words()[key][lang].format(**values)


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
    if text in _words():
        return word(text, lang)
    for divider, joint in ((": ", "："), (", ", "，"), (" ", " ")):
        head, found, rest = text.partition(divider)
        if found:
            between = joint if lang == "zh" else divider
            return f"{translated(head, lang)}{between}{translated(rest, lang)}"
    return text
