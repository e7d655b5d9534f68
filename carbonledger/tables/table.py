"""A table: headings, columns of cells beneath them, and every cell that is in neither, with the reason.

Rows and columns keep the numbers that a spreadsheet shows. Nothing is interpreted; what breaks the form of a table is a finding, and the
row concerned is refused whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from operator import eq, itemgetter
from typing import Any

import numpy as np

from carbonledger.core.findings import Finding
from carbonledger.tables.column import Column, is_filled
from carbonledger.tables.headings import heading_text, split_heading
from carbonledger.tables.sheet import Sheet
from carbonledger.tables.two_row_headings import joined_rows

__all__ = ["Table", "table_of_columns", "table_of_sheet"]

# The headings are looked for in so many rows.
_HEADING_ROWS = 40
# So many known headings make a row of headings.
_ENOUGH_HEADINGS = 2
_GROUP = 3


@dataclass(frozen=True, slots=True)
class Table:
    """One table with its headings.

    Parameters
    ----------
    file, sheet : str
        Where it came from; empty if it did not come from a file.
    headings : tuple of str
        As written; a column without one has an empty text.
    columns : tuple of Column
        The cells beneath each heading, all of one length.
    numbers : sequence of int
        The number of each row as a spreadsheet shows it.
    heading_row : int
        The number of the row of headings.
    delimiter : str
        What stands between the cells of a CSV; empty for other sources.
    findings : tuple of Finding
        What breaks the form of a table, or was taken for granted.
    refused_rows, refused_cells : int
        Rows and filled cells that broke the form and are in no column.
    set_aside_cells : int
        Filled cells above the headings, or of headings repeated.
    titles : tuple of str
        The texts above the headings.
    """

    file: str
    sheet: str
    headings: tuple[str, ...]
    columns: tuple[Column, ...]
    numbers: Sequence[int]
    heading_row: int = 1
    delimiter: str = ""
    findings: tuple[Finding, ...] = ()
    refused_rows: int = 0
    refused_cells: int = 0
    set_aside_cells: int = 0
    titles: tuple[str, ...] = ()

    @property
    def rows(self) -> list[tuple[int, tuple[Any, ...]]]:
        """Each row with its number."""
        return (
            list(zip(self.numbers, zip(*(column.cells for column in self.columns), strict=True), strict=True))
            if self.columns
            else []
        )

    def place(self, finding: Finding, row: int | None = None, column: str = "", value: str = "") -> Finding:
        """A finding at this table, or at one of its rows and columns."""
        return finding.at(file=self.file, sheet=self.sheet, row=row, column=column, value=value)


@dataclass(slots=True)
class _Form:
    """What a grid loses on its way to a table."""

    findings: list[Finding] = field(default_factory=list)
    refused_rows: int = 0
    refused_cells: int = 0
    set_aside_cells: int = 0
    titles: tuple[str, ...] = ()
    short_rows: list[int] = field(default_factory=list)

    def refuse(self, finding: Finding, row: Sequence[Any], number: int) -> None:
        """Keep a row out, with its finding."""
        self.findings.append(finding.at(row=number))
        self.refused_rows += 1
        self.refused_cells += sum(map(is_filled, row))


def table_of_sheet(
    sheet: Sheet, knows: Callable[[str], bool], *, delimiter: str = "", has_quotes: bool = False
) -> Table:
    """A grid as a table.

    Parameters
    ----------
    sheet : Sheet
        Its cells.
    knows : callable
        Whether a text is a known heading; the row with most of them is that of the headings, the first filled row if none has two.
    delimiter : str
        What stood between the cells, if the grid was a text.
    has_quotes : bool
        Whether the text has quotation marks, so that a cell may hold line breaks.

    Returns
    -------
    Table
        Without headings and columns if nothing is filled.
    """
    numbers = sheet.numbers or range(1, len(sheet.rows) + 1)
    rows, form = sheet.rows, _Form()
    at = _heading_row(rows, knows)
    if at is None:
        return Table(sheet.file, sheet.name, (), (), [], delimiter=delimiter)
    headings, first, at = _headings(sheet, rows, at, knows, form)
    _set_aside_titles(rows[:first], form)
    body, kept = _body(rows, numbers, at, headings, form, is_text=bool(delimiter))
    if form.short_rows:
        finding = Finding.of("ROWS_END_EARLY", count=len(form.short_rows), row=form.short_rows[0])
        form.findings.append(finding.at(row=form.short_rows[0]))
    if has_quotes:
        body, kept = _without_swallowed(body, kept, len(headings), form)
    columns = [list(map(itemgetter(at), body)) for at in range(len(headings))]
    _fill_merged(sheet, columns, kept, form)
    _name_hidden(sheet, kept, form)
    findings = [item.at(file=sheet.file, sheet=sheet.name) for item in form.findings]
    return Table(
        sheet.file,
        sheet.name,
        headings=headings,
        columns=tuple(map(Column, columns)),
        numbers=kept,
        heading_row=numbers[at],
        delimiter=delimiter,
        findings=tuple(item if item.row is not None else item.at(row=numbers[at]) for item in findings),
        refused_rows=form.refused_rows,
        refused_cells=form.refused_cells,
        set_aside_cells=form.set_aside_cells,
        titles=form.titles,
    )


def table_of_columns(
    file: str, columns: Sequence[Column], knows: Callable[[str], bool], delimiter: str
) -> Table | None:
    """A grid whose rows are all of one length as a table, column by column.

    Parameters
    ----------
    file : str
        Its name.
    columns : sequence of Column
        The texts of each column, from row 1 on.
    knows : callable
        See `table_of_sheet`.
    delimiter : str
        What stood between the cells.

    Returns
    -------
    Table or None
        None if some column has no heading, so that its rows must be looked at one by one.
    """
    sample = list(zip(*(column.head(_HEADING_ROWS) for column in columns), strict=True))
    at = _heading_row(sample, knows)
    headings = tuple(" ".join(cell.split()) for cell in sample[at]) if at is not None else ()
    if at is None or not all(headings) or joined_rows(sample, at, knows, (), 1) is not None:
        return None
    form = _Form()
    _set_aside_titles(sample[:at], form)
    body = [column.where(slice(at + 1, None)) for column in columns]
    kept = np.ones(len(body[0]), dtype=bool)
    for place in np.flatnonzero(body[0].rows_where(partial(eq, ""))).tolist():
        kept[place] = any(is_filled(column[place]) for column in body)
    for place in np.flatnonzero(body[0].rows_where(partial(eq, sample[at][0]))).tolist():
        if all(column[place] == cell for column, cell in zip(body, sample[at], strict=True)):
            kept[place] = False
            form.set_aside_cells += len(headings)
    numbers: Sequence[int] = range(at + 2, len(columns[0]) + 1)
    if not kept.all():
        body = [column.where(kept) for column in body]
        numbers = [number for number, is_kept in zip(numbers, kept.tolist(), strict=True) if is_kept]
    findings = tuple(item.at(file=file, row=at + 1) for item in form.findings)
    return Table(
        file,
        "",
        headings,
        tuple(body),
        numbers,
        at + 1,
        delimiter,
        findings,
        set_aside_cells=form.set_aside_cells,
        titles=form.titles,
    )


def _headings(
    sheet: Sheet, rows: Sequence[Sequence[Any]], at: int, knows: Callable[[str], bool], form: _Form
) -> tuple[tuple[str, ...], int, int]:
    """The headings, and the positions of their first and last row."""
    joined = joined_rows(rows, at, knows, sheet.merged, (sheet.numbers or (1,))[0])
    if joined is None:
        headings = tuple(map(heading_text, rows[at]))
        while headings and not headings[-1]:
            headings = headings[:-1]
        return headings, at, at
    headings, last = joined
    filled = sum(map(is_filled, (*rows[last - 1], *rows[last])))
    form.set_aside_cells += filled - sum(map(bool, headings))
    form.findings.append(Finding.of("TWO_ROWS_OF_HEADINGS", example=next(filter(_is_joined, headings), headings[0])))
    return headings, last - 1, last


def _is_joined(heading: str) -> bool:
    """Whether a heading is made of two rows."""
    return bool(split_heading(heading)[0])


def _heading_row(rows: Sequence[Sequence[Any]], knows: Callable[[str], bool]) -> int | None:
    """The position of the row of headings; None if nothing is filled."""
    filled = [at for at, row in enumerate(rows[: 10 * _HEADING_ROWS]) if any(map(is_filled, row))][:_HEADING_ROWS]
    if not filled:
        return next((at for at, row in enumerate(rows) if any(map(is_filled, row))), None)

    def merit(at: int) -> int:
        return len({cell for cell in rows[at] if isinstance(cell, str) and cell and knows(cell)})

    best = max(filled, key=merit)
    return best if merit(best) >= _ENOUGH_HEADINGS else filled[0]


def _set_aside_titles(rows: Sequence[Sequence[Any]], form: _Form) -> None:
    """Count and name what stands above the headings."""
    cells = [cell for row in rows for cell in row if is_filled(cell)]
    if cells:
        count = sum(1 for row in rows if any(map(is_filled, row)))
        form.set_aside_cells += len(cells)
        form.titles = tuple(map(str, cells))
        form.findings.append(Finding.of("ROWS_ABOVE_HEADINGS", rows=count, text=str(cells[0])[:40]))


def _body(
    rows: Sequence[Sequence[Any]],
    numbers: Sequence[int],
    at: int,
    headings: tuple[str, ...],
    form: _Form,
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
    row: Sequence[Any], number: int, headings: tuple[str, ...], form: _Form, *, is_text: bool
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


def _without_swallowed(
    rows: list[Sequence[Any]], numbers: list[int], width: int, form: _Form
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


def _fill_merged(sheet: Sheet, columns: list[list[Any]], numbers: list[int], form: _Form) -> None:
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


def _name_hidden(sheet: Sheet, numbers: list[int], form: _Form) -> None:
    """Say which rows a reader of the spreadsheet does not see."""
    hidden = sorted(sheet.hidden_rows.intersection(numbers)) if sheet.hidden_rows else []
    if hidden:
        form.findings.append(Finding.of("HIDDEN_CELLS.rows", count=len(hidden), row=hidden[0]))
    if sheet.is_hidden and numbers:
        form.findings.append(Finding.of("HIDDEN_CELLS.sheet"))
