"""A table: headings, columns of cells beneath them, and every cell that is in neither, with the reason.

Rows and columns keep the numbers that a spreadsheet shows. Nothing is interpreted; what breaks the form of a table is a finding, and the
row concerned is refused whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from operator import eq, itemgetter
from typing import Any

import numpy as np

from carbonledger.core.findings import Finding
from carbonledger.tables.column import Column, is_filled
from carbonledger.tables.headings import heading_text, split_heading
from carbonledger.tables.sheet import Sheet
from carbonledger.tables.sheet_form import AS_FOUND, FormedSheet, SheetForm, hidden_cells, left_out
from carbonledger.tables.table_body import LostCells, body_rows, fill_merged, without_swallowed
from carbonledger.tables.template_mark import TemplateMark
from carbonledger.tables.two_row_headings import joined_rows

__all__ = ["Table", "table_of_columns", "table_of_sheet"]

# The headings are looked for in so many rows.
_HEADING_ROWS = 40
# So many known headings make a row of headings.
_ENOUGH_HEADINGS = 2


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
    first_heading_row : int or None
        The number of the first row of headings of several rows; None if they are of one.
    set_aside_rows : int
        Filled rows beneath the headings that are left out because somebody states so.
    refused : tuple of (int, sequence of object)
        The rows that broke the form, each with its number.
    template : TemplateMark or None
        The mark of a sheet of our own templates; None for any other.
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
    first_heading_row: int | None = None
    set_aside_rows: int = 0
    refused: tuple[tuple[int, Sequence[Any]], ...] = ()
    template: TemplateMark | None = None

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


def table_of_sheet(
    sheet: Sheet,
    knows: Callable[[str], bool],
    *,
    delimiter: str = "",
    has_quotes: bool = False,
    stated: SheetForm = AS_FOUND,
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
    stated : SheetForm
        What somebody states about its form.

    Returns
    -------
    Table
        Without headings and columns if nothing is filled, or if the stated row of headings is not there.
    """
    formed = FormedSheet.of(sheet, stated)
    sheet, form = formed.sheet, LostCells(set_aside_cells=formed.left_cells)
    form.findings += left_out(formed, stated)
    numbers = sheet.numbers or range(1, len(sheet.rows) + 1)
    rows = sheet.rows
    at = formed.heading_at if stated.headings else _heading_row(rows, knows)
    if at is None or (sheet.is_hidden and stated.hidden == "skip"):
        return _left_aside(sheet, form, delimiter, formed)
    headings, first, at = _headings(sheet, at, knows, form, is_stated=bool(stated.headings))
    _set_aside_titles(rows[:first], form)
    body, kept = body_rows(rows, numbers, at, headings, form, is_text=bool(delimiter))
    if form.short_rows:
        finding = Finding.of("ROWS_END_EARLY", count=len(form.short_rows), row=form.short_rows[0])
        form.findings.append(finding.at(row=form.short_rows[0]))
    if has_quotes:
        body, kept = without_swallowed(body, kept, len(headings), form)
    columns = [list(map(itemgetter(at), body)) for at in range(len(headings))]
    if stated.fills_merged:
        fill_merged(sheet, columns, kept, form)
    if not stated.hidden:
        form.findings += hidden_cells(sheet, headings, kept, knows)
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
        first_heading_row=_first_heading_row(stated, numbers, first, at),
        set_aside_rows=sum(number > numbers[at] for number in formed.left_rows),
        refused=tuple(form.refused),
    )


def _left_aside(sheet: Sheet, form: LostCells, delimiter: str, formed: FormedSheet) -> Table:
    """A sheet of which nothing is read: it is empty or hidden, or its headings are not where they are stated to be."""
    filled = [row for row in sheet.rows if any(map(is_filled, row))]
    return Table(
        sheet.file,
        sheet.name,
        (),
        (),
        [],
        delimiter=delimiter,
        findings=tuple(item.at(file=sheet.file, sheet=sheet.name) for item in form.findings),
        set_aside_cells=form.set_aside_cells + sum(sum(map(is_filled, row)) for row in filled),
        set_aside_rows=len(filled) + len(formed.left_rows),
    )


def table_of_columns(
    file: str,
    columns: Sequence[Column],
    knows: Callable[[str], bool],
    delimiter: str,
    stated: tuple[int, int] | None = None,
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
    stated : tuple of (int, int) or None
        The first and the last row of the headings, if somebody states them.

    Returns
    -------
    Table or None
        None if some column has no heading, so that its rows must be looked at one by one.
    """
    sample = list(zip(*(column.head(_HEADING_ROWS) for column in columns), strict=True))
    if stated and (stated[0] != stated[1] or stated[1] > len(sample)):
        return None
    at = stated[1] - 1 if stated else _heading_row(sample, knows)
    headings = tuple(" ".join(cell.split()) for cell in sample[at]) if at is not None else ()
    if at is None or not all(headings) or (not stated and joined_rows(sample, at, knows)):
        return None
    form = LostCells()
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
    sheet: Sheet, at: int, knows: Callable[[str], bool], form: LostCells, *, is_stated: bool
) -> tuple[tuple[str, ...], int, int]:
    """The headings, and the positions of their first and last row; those that somebody states are joined already."""
    rows, numbers = sheet.rows, sheet.numbers or range(1, len(sheet.rows) + 1)
    joined = None if is_stated else joined_rows(rows, at, knows, sheet.merged, numbers)
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


def _first_heading_row(stated: SheetForm, numbers: Sequence[int], first: int, last: int) -> int | None:
    """The number of the first of several rows of headings, as stated or as found; None if they are of one row."""
    row, end = stated.headings or (numbers[first], numbers[last])
    return row if row != end else None


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


def _set_aside_titles(rows: Sequence[Sequence[Any]], form: LostCells) -> None:
    """Count and name what stands above the headings."""
    cells = [cell for row in rows for cell in row if is_filled(cell)]
    if cells:
        count = sum(1 for row in rows if any(map(is_filled, row)))
        form.set_aside_cells += len(cells)
        form.titles = tuple(map(str, cells))
        form.findings.append(Finding.of("ROWS_ABOVE_HEADINGS", rows=count, text=str(cells[0])[:40]))
