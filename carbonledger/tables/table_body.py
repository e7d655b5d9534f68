"""The rows beneath the headings of a grid, each as wide as these, and the account of those that break the form of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.tables.column import is_filled
from carbonledger.tables.sheet import Sheet

__all__ = ["LostCells", "body_rows", "fill_merged", "without_swallowed"]

_GROUP = 3


@dataclass(slots=True)
class LostCells:
    """What a grid loses on its way to a table."""

    findings: list[Finding] = field(default_factory=list)
    refused_rows: int = 0
    refused_cells: int = 0
    set_aside_cells: int = 0
    titles: tuple[str, ...] = ()
    refused: list[tuple[int, Sequence[Any]]] = field(default_factory=list)
    short_rows: list[int] = field(default_factory=list)

    def refuse(self, finding: Finding, row: Sequence[Any], number: int) -> None:
        """Keep a row out, with its finding."""
        self.findings.append(finding.at(row=number))
        self.refused.append((number, row))
        self.refused_rows += 1
        self.refused_cells += sum(map(is_filled, row))


def body_rows(
    rows: Sequence[Sequence[Any]],
    numbers: Sequence[int],
    at: int,
    headings: tuple[str, ...],
    form: LostCells,
    *,
    is_text: bool,
) -> tuple[list[Sequence[Any]], list[int]]:
    """The filled rows beneath the headings, each as wide as they are, and their numbers."""
    width = len(headings)
    body, kept = rows[at + 1 :], numbers[at + 1 :]
    if all(len(row) == width for row in body) and all(headings):
        sound: list[Sequence[Any]] = list(body)
        places = list(kept)
    else:
        sound, places = [], []
        for row, number in zip(body, kept, strict=True):
            fitted = _fitted(row, number, headings, form, is_text=is_text)
            if fitted is not None:
                sound.append(fitted)
                places.append(number)
    again = [str(cell) for cell in headings]
    empty = [place for place, row in enumerate(sound) if not row[0] and not any(map(is_filled, row))]
    repeated = [place for place, row in enumerate(sound) if row[0] == again[0] and list(row) == again]
    form.set_aside_cells += sum(map(bool, headings)) * len(repeated)
    gone = {*empty, *repeated}
    if gone:
        sound = [row for place, row in enumerate(sound) if place not in gone]
        places = [number for place, number in enumerate(places) if place not in gone]
    return sound, places


def _fitted(
    row: Sequence[Any], number: int, headings: tuple[str, ...], form: LostCells, *, is_text: bool
) -> Sequence[Any] | None:
    """A row as wide as the headings; None if it is empty or does not fit them."""
    width = len(headings)
    if not any(map(is_filled, row)):
        return None
    beyond = [cell for cell in row[width:] if is_filled(cell)]
    unnamed = [cell for cell, heading in zip(row, headings, strict=False) if not heading and is_filled(cell)]
    if beyond and is_text:
        form.refuse(_too_many(row, width), row, number)
        return None
    if beyond or unnamed:
        form.refuse(Finding.of("UNNAMED_COLUMN", value=str([*unnamed, *beyond][0])[:40]), row, number)
        return None
    if len(row) < width and is_text:
        if 2 * len(row) < width:
            form.refuse(Finding.of("TOO_FEW_CELLS", cells=len(row), headings=width), row, number)
            return None
        form.short_rows.append(number)
    return [*row[:width], *["" if is_text else None] * (width - len(row))]


def _too_many(row: Sequence[Any], width: int) -> Finding:
    """The finding for a row with cells beyond the headings; commas within a number are told from the groups they leave."""
    texts = [str(cell).strip() for cell in row]
    tail = [text for text in texts[width - 1 :] if text]
    if len(tail) > 1 and tail[0].isdigit() and len(tail[0]) <= _GROUP:
        groups = [text.partition(".")[0] for text in tail[1:]]
        if all(len(group) == _GROUP and group.isdigit() for group in groups):
            return Finding.of("TOO_MANY_CELLS.groups", cells=len(row), headings=width, number=",".join(tail))
    more = next(text for text in texts[width:] if text)
    return Finding.of("TOO_MANY_CELLS.plain", cells=len(row), headings=width, more=more[:40])


def without_swallowed(
    rows: list[Sequence[Any]], numbers: list[int], width: int, form: LostCells
) -> tuple[list[Sequence[Any]], list[int]]:
    """The rows without those of which one cell holds whole further rows, as a missing quotation mark makes it."""
    sound, places = [], []
    for row, number in zip(rows, numbers, strict=True):
        counts = [sum(map(cell.count, ",;\t|")) for cell in row if "\n" in cell]
        if counts and max(counts) >= max(width - 1, 2):
            form.refuse(Finding.of("SWALLOWED_ROWS", count=max(counts)), row, number)
        else:
            sound.append(row)
            places.append(number)
    return sound, places


def fill_merged(sheet: Sheet, columns: list[list[Any]], numbers: list[int], form: LostCells) -> None:
    """Give the text of merged cells to every row that they span."""
    place_of = {number: place for place, number in enumerate(numbers)} if sheet.merged else {}
    filled = 0
    for area in sheet.merged:
        at = area.first_column - 1
        top = place_of.get(area.first_row)
        if (
            top is None
            or at >= len(columns)
            or not isinstance(columns[at][top], str)
            or area.last_row == area.first_row
        ):
            continue
        filled += 1
        for number in range(area.first_row + 1, area.last_row + 1):
            if number in place_of and not is_filled(columns[at][place_of[number]]):
                columns[at][place_of[number]] = columns[at][top]
    if filled:
        form.findings.append(Finding.of("MERGED_CELLS", count=filled))
