"""What a reader is told about the form of a sheet: its heading rows, what to leave out, and whether hidden cells count."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Any, Literal

from carbonledger.core.findings import Finding
from carbonledger.tables.column import is_filled
from carbonledger.tables.headings import heading_text, joined_heading
from carbonledger.tables.sheet import MergedRange, Sheet
from carbonledger.tables.two_row_headings import group_spans, groups_over

__all__ = ["AS_FOUND", "FormOf", "FormedSheet", "SheetForm", "as_found", "as_ranges", "hidden_cells", "left_out"]


@dataclass(frozen=True, slots=True)
class SheetForm:
    """The form of a sheet as somebody states it; by default as it is found.

    Parameters
    ----------
    headings : tuple of (int, int) or None
        The first and the last row of the headings; None if they are looked for.
    skip_rows : frozenset of int
        Rows that are left out.
    last_row : int or None
        The last row that belongs to the table; None for the last of the sheet.
    hidden : {"", "count", "skip"}
        Whether hidden sheets, rows and columns count; empty if nobody says so, which is a finding.
    fills_merged : bool
        Whether the text of merged cells counts for every row they span.
    """

    headings: tuple[int, int] | None = None
    skip_rows: frozenset[int] = frozenset()
    last_row: int | None = None
    hidden: Literal["", "count", "skip"] = ""
    fills_merged: bool = True


AS_FOUND = SheetForm()
FormOf = Callable[[str, str], SheetForm]


def as_found(file: str, sheet: str) -> SheetForm:
    """No sheet is told anything."""
    del file, sheet
    return AS_FOUND


@dataclass(frozen=True, slots=True)
class FormedSheet:
    """A sheet in its stated form, and what that left out.

    Parameters
    ----------
    sheet : Sheet
        Rows keep their numbers; headings of several rows stand in the last of them.
    heading_at : int or None
        The position of the stated row of headings; None if none is stated, or the sheet has no such row.
    left_rows : tuple of int
        The numbers of the filled rows that are left out.
    left_cells : int
        How many filled cells are left out with them, and with hidden columns.
    left_columns : tuple of str
        The letters of the filled columns that are left out.
    missing_rows : tuple of int
        Rows that are stated and not there, or empty.
    """

    sheet: Sheet
    heading_at: int | None = None
    left_rows: tuple[int, ...] = ()
    left_cells: int = 0
    left_columns: tuple[str, ...] = ()
    missing_rows: tuple[int, ...] = ()

    @classmethod
    def of(cls, sheet: Sheet, form: SheetForm) -> FormedSheet:
        """A sheet in a stated form."""
        if form == AS_FOUND:
            return cls(sheet)
        numbers = sheet.numbers or range(1, len(sheet.rows) + 1)
        filled = {number for number, row in zip(numbers, sheet.rows, strict=True) if any(map(is_filled, row))}
        stated = {*form.skip_rows, *(form.headings or ())}
        if form.last_row and form.last_row > max(numbers, default=0):
            stated.add(form.last_row)
        rows, left_columns = _without_hidden_columns(sheet) if form.hidden == "skip" else (sheet.rows, {})
        is_out = _outside(sheet, form)
        kept = [(number, row) for number, row in zip(numbers, rows, strict=True) if not is_out(number)]
        left = [(number, row) for number, row in zip(numbers, rows, strict=True) if is_out(number) and number in filled]
        left_cells = sum(left_columns.values()) + sum(sum(map(is_filled, row)) for _, row in left)
        if form.headings:
            kept = _with_one_heading(kept, form.headings, sheet.merged)
        places = [number for number, _ in kept]
        formed = replace(sheet, rows=[row for _, row in kept], numbers=places)
        heading = form.headings[1] if form.headings else 0
        at = places.index(heading) if heading in places else None
        return cls(
            formed,
            at,
            tuple(number for number, _ in left),
            left_cells,
            tuple(map(_letters, left_columns)),
            tuple(sorted(stated - filled)),
        )


def _outside(sheet: Sheet, form: SheetForm) -> Callable[[int], bool]:
    """Whether a row is left out."""
    hidden = sheet.hidden_rows if form.hidden == "skip" else frozenset()
    last = form.last_row or float("inf")
    return lambda number: number in form.skip_rows or number in hidden or number > last


def _without_hidden_columns(sheet: Sheet) -> tuple[Sequence[Sequence[Any]], dict[int, int]]:
    """The rows with nothing in their hidden columns, and how many filled cells each of these loses."""
    counts: dict[int, int] = {}
    rows = []
    for row in sheet.rows if sheet.hidden_columns else ():
        cells = list(row)
        for number in sheet.hidden_columns:
            if number <= len(cells) and is_filled(cells[number - 1]):
                counts[number] = counts.get(number, 0) + 1
                cells[number - 1] = None
        rows.append(cells)
    return rows or sheet.rows, dict(sorted(counts.items()))


def _letters(number: int) -> str:
    """The letters of a column: A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _with_one_heading(
    rows: list[tuple[int, Sequence[Any]]], headings: tuple[int, int], merged: Sequence[MergedRange]
) -> list[tuple[int, Sequence[Any]]]:
    """The rows with headings of several rows joined in the last of them, as in 用电 / 照明."""
    first, last = headings
    numbers = [number for number, _ in rows if first <= number <= last]
    if len(numbers) < 2 or numbers[-1] != last:
        return rows
    levels = [list(row) for number, row in rows if first <= number <= last]
    width = max(map(len, levels))
    padded = [[*map(heading_text, level), *[""] * (width - len(level))] for level in levels]
    for at, number in enumerate(numbers[:-1]):
        padded[at] = groups_over(padded[at], padded[at + 1], group_spans(merged, number))
    joined = [reduce(joined_heading, dict.fromkeys(column)) for column in zip(*padded, strict=True)]
    return [(number, joined if number == last else row) for number, row in rows if not first <= number < last]


def left_out(formed: FormedSheet, form: SheetForm) -> Iterator[Finding]:
    """What a stated form leaves out, and what it names that is not there."""
    for row in formed.missing_rows:
        yield Finding.of("TABLE_SETTING.no_row", row=row).at(row=row)
    if formed.left_rows:
        yield Finding.of("TABLE_STATED.rows_left", count=len(formed.left_rows), rows=as_ranges(formed.left_rows))
    if formed.left_columns:
        yield Finding.of("TABLE_STATED.columns_left", columns=formed.left_columns)
    if formed.sheet.is_hidden and form.hidden == "skip":
        yield Finding.of("TABLE_STATED.skipped")


def as_ranges(numbers: Sequence[int]) -> str:
    """Numbers in order as ranges: 5, 7-9."""
    ranges: list[list[int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1][1] = number
        else:
            ranges.append([number, number])
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)


def hidden_cells(
    sheet: Sheet, headings: Sequence[str], numbers: Sequence[int], knows: Callable[[str], bool]
) -> Iterator[Finding]:
    """Which rows, and which columns that are understood, a spreadsheet does not show of a table.

    Parameters
    ----------
    sheet : Sheet
        With what it hides.
    headings : sequence of str
        Of its columns, from the first on.
    numbers : sequence of int
        The rows of the table.
    knows : callable
        Whether a heading is understood; other columns are not read.
    """
    hidden = sorted(sheet.hidden_rows.intersection(numbers)) if sheet.hidden_rows else []
    if hidden:
        yield Finding.of("HIDDEN_CELLS.rows", count=len(hidden), rows=as_ranges(hidden))
    known = {at for at, heading in enumerate(headings, start=1) if heading and knows(heading)}
    unseen = tuple(headings[at - 1] for at in sorted(sheet.hidden_columns & known))
    if unseen:
        yield Finding.of("HIDDEN_CELLS.columns", headings=unseen)
    if sheet.is_hidden and numbers:
        yield Finding.of("HIDDEN_CELLS.sheet")
