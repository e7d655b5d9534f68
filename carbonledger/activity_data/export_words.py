"""What the exports of programs and utilities call activities, directions and units (``export_words.csv``)."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

__all__ = ["exported_meaning"]


def exported_meaning(kind: Literal["activity", "direction", "unit"], text: str) -> str:
    """The activity or unit that a word of an export means; empty if it is no such word.

    Parameters
    ----------
    kind : {"activity", "direction", "unit"}
        What it is read as; a direction heads a column of what a meter of electricity counts.
    text : str
        As exported; case, width and spaces do not matter.

    Examples
    --------
    >>> exported_meaning("activity", "Electric - Grid"), exported_meaning("unit", "KLbs. (thousand pounds)")
    ('electricity.grid', '10^3 lb')
    """
    return _words().get((kind, _folded(text)), "")


@cache
def _words() -> Mapping[tuple[str, str], str]:
    """The table by kind and folded text."""
    text = resources.files("carbonledger.activity_data").joinpath("export_words.csv").read_text(encoding="utf-8")
    return {(row["kind"], _folded(row["text"])): row["means"] for row in csv.DictReader(text.splitlines())}


@cache
def _folded(text: str) -> str:
    """A text without case, width and spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())
