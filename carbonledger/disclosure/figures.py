"""Answers to a datapoint: a figure or words with its status, and the reason where there is none.

A figure over a part of the data is kept apart from a whole one: its value is missing, and the part is known.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from carbonledger.core.language import Label

__all__ = ["NOTHING", "Figure", "Pieces", "Status", "added", "answered", "missing", "not_applicable", "says", "unnamed"]

Status = Literal["filled", "needs_words", "data_missing", "not_applicable"]
NOTHING = Label("", "")


@dataclass(frozen=True, slots=True)
class Figure:
    """What answers a datapoint.

    Parameters
    ----------
    status : {"filled", "needs_words", "data_missing", "not_applicable"}
        Whether it is answered.
    value : float, Label or None
        A number in the unit, or words; None unless it is filled.
    unit : str
        Of the number.
    reason : Label
        Why there is no value, or what to mind about it.
    known_part : float or None
        What is known of a number whose data are incomplete, in the unit; never the whole.
    is_undetermined : bool
        Whether entries are there that could not be turned into the unit, so that the inventory itself is incomplete.
    """

    status: Status
    value: float | Label | None = None
    unit: str = ""
    reason: Label = NOTHING
    known_part: float | None = None
    is_undetermined: bool = False

    @property
    def number(self) -> float:
        """The number; 0 where nothing of the kind occurs; not a number where it is missing."""
        if isinstance(self.value, float):
            return self.value
        return 0.0 if self.status == "not_applicable" else math.nan

    def times(self, factor: float, unit: str) -> Figure:
        """The figure in another unit."""
        value = self.value * factor if isinstance(self.value, float) else self.value
        part = None if self.known_part is None else self.known_part * factor
        return replace(self, value=value, known_part=part, unit=unit)


Pieces = Sequence[tuple[Label, Figure]]


def says(key: str, **values: object) -> Label:
    """A label of ``labels.csv`` with values in its braces; a value that is a label in its language."""

    def filled(lang: Literal["en", "zh"]) -> str:
        texts = {name: value.text(lang) if isinstance(value, Label) else value for name, value in values.items()}
        return Label.of(f"disclosure_{key}").text(lang).format(**texts)

    return Label(filled("en"), filled("zh"))


def unnamed(figure: Figure) -> Pieces:
    """One figure, which needs no name beside the datapoint's."""
    return ((NOTHING, figure),)


def answered(value: float | Label, unit: str = "", reason: Label = NOTHING) -> Figure:
    """A figure that is whole."""
    return Figure("filled", value + 0.0 if isinstance(value, float) else value, unit, reason)


def missing(reason: Label, unit: str = "", part: float | None = None, *, is_undetermined: bool = False) -> Figure:
    """A figure whose data are missing, or are there in part."""
    known = part if part is not None and math.isfinite(part) else None
    return Figure("data_missing", None, unit, reason, known, is_undetermined)


def not_applicable(reason: Label, unit: str = "") -> Figure:
    """A figure of something that the book does not have."""
    return Figure("not_applicable", None, unit, reason)


def added(figures: Iterable[Figure], unit: str) -> Figure:
    """The sum of figures: missing if one is missing, with what is known of it.

    Parameters
    ----------
    figures : iterable of Figure
        In one unit.
    unit : str
        That unit.

    Returns
    -------
    Figure
    """
    items = list(figures)
    lacking = [item for item in items if item.status == "data_missing"]
    if lacking:
        known = [item.value if isinstance(item.value, float) else item.known_part for item in items]
        parts = [value for value in known if value is not None]
        undetermined = any(item.is_undetermined for item in lacking)
        part = math.fsum(parts) if parts else None
        return missing(lacking[0].reason, unit, part, is_undetermined=undetermined)
    if all(item.status == "not_applicable" for item in items):
        return not_applicable(items[0].reason if items else says("no_entries"), unit)
    return answered(math.fsum(item.number for item in items), unit)
