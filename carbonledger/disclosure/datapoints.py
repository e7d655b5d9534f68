"""Datapoints of the disclosure frameworks: ``frameworks.csv`` names them, and a table in ``datapoints/`` holds the rows of each.

A row says what the standard asks for (its place there, and how sure that place is), in which unit, and which view of the inventory
answers it. The names are the library's own words, not the prose of the standards.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal, get_args

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label, did_you_mean

__all__ = ["CONFIDENCES", "Confidence", "Datapoint", "Framework", "framework_named", "list_frameworks"]

Confidence = Literal["", "issuer", "secondary", "unopened"]
CONFIDENCES: tuple[str, ...] = get_args(Confidence)


@dataclass(frozen=True, slots=True)
class Datapoint:
    """One row of a framework.

    Parameters
    ----------
    id : str
        The library's name of the row, unique in its table.
    code : str
        What the standard calls it, e.g. ``302-1-a``; empty for a row that only supports others.
    name : Label
        What is asked for, in the library's words.
    unit : str
        Of the figure; empty for words.
    view : str
        Which view of the inventory answers it, e.g. ``energy:fuel``; ``words`` or ``data`` if none can.
    adds_to : str
        The id of the row that this one is a part of; with a minus sign if it is taken off. Empty for none.
    need : Label
        What has to be written or collected, or what to mind.
    place : Label
        The document and clause.
    confidence : {"", "issuer", "secondary", "unopened"}
        How sure the place is: seen in material of the issuer; seen in a text of others only; not opened for this table. Empty without a
        place.
    """

    id: str
    code: str
    name: Label
    unit: str
    view: str
    adds_to: str
    need: Label
    place: Label
    confidence: Confidence

    @property
    def is_place_verified(self) -> bool:
        """Whether the place was seen in material of the issuer; true for a row without one."""
        return self.confidence in {"", "issuer"}


@dataclass(frozen=True, slots=True)
class Framework:
    """A disclosure framework, or one disclosure of it.

    Parameters
    ----------
    name : str
        As it is asked for, e.g. ``gri-305-1``.
    title : Label
        What it is.
    edition : str
        The year of the text that its rows follow.
    note : Label
        What a reader has to know: which edition applies, what is never deducted.
    is_on_net : bool
        Whether energy of fuels is wanted on net heating value.
    datapoints : tuple of Datapoint
        Its rows, in the order of the standard.
    """

    name: str
    title: Label
    edition: str
    note: Label
    is_on_net: bool
    datapoints: tuple[Datapoint, ...]


def _table(name: str) -> list[dict[str, str]]:
    """The rows of a table that lies with this module."""
    text = resources.files("carbonledger.disclosure").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _datapoint(row: Mapping[str, str]) -> Datapoint:
    """A row of a table of datapoints."""
    confidence = next(item for item in get_args(Confidence) if item == row["confidence"])
    name, need = Label(row["name_en"], row["name_zh"]), Label(row["need_en"], row["need_zh"])
    place = Label(row["place_en"], row["place_zh"])
    return Datapoint(row["id"], row["code"], name, row["unit"], row["view"], row["adds_to"], need, place, confidence)


def _framework(row: Mapping[str, str]) -> Framework:
    """A row of ``frameworks.csv`` with its datapoints: all of its tables, or those under some codes."""
    codes = row["codes"].split()
    points = [_datapoint(item) for name in row["files"].split() for item in _table(f"datapoints/{name}.csv")]
    chosen = tuple(point for point in points if not codes or any(point.id.startswith(code) for code in codes))
    title, note = Label(row["title_en"], row["title_zh"]), Label(row["note_en"], row["note_zh"])
    return Framework(row["framework"], title, row["edition"], note, row["net"] == "yes", chosen)


@cache
def list_frameworks() -> tuple[Framework, ...]:
    """Every framework, in the order of ``frameworks.csv``.

    Returns
    -------
    tuple of Framework

    Examples
    --------
    >>> list_frameworks()[1].title.en
    'GRI 302-1: Energy within the organization'
    """
    return tuple(_framework(row) for row in _table("frameworks.csv"))


def framework_named(name: str) -> Framework:
    """A framework by name.

    Parameters
    ----------
    name : str
        See `list_frameworks`; capitals, spaces and underscores are read too.

    Returns
    -------
    Framework

    Raises
    ------
    BookError
        If there is no such framework; the message lists them.
    """
    known = {item.name: item for item in list_frameworks()}
    found = known.get("-".join(name.casefold().replace("_", " ").split()))
    if found is None:
        from rapidfuzz.process import extract

        near = [item[0] for item in extract(name.casefold(), list(known), limit=1, score_cutoff=60)]
        raise BookError(Message.of("NO_FRAMEWORK", name=name, hint=did_you_mean(near), known=tuple(known)))
    return found
