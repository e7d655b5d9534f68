"""Sheets drawn into the bytes of a workbook."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang
from carbonledger.workbooks.sheets import Cell, SheetContent
from carbonledger.workbooks.styles import CREATED, Styles, inert, lay_out, workbook_writer

__all__ = ["workbook_bytes"]

_MOST_ROWS = 1_048_576
# Of a line of text; Excel does not fit the height of merged cells by itself.
_LINE_HEIGHT, _TITLE_HEIGHT = 14.5, 21
_WIDE = ("title", "subtitle", "note", "warning", "good")
# What an empty cell shows.
_COLOURED = ("label_total", "amount_total", "tonnes_total", "percent_total", "heading", "greyed", "input")
_BROKEN = ("wrapped", "heading", "note", "warning", "good")
_WIDEST_TEXT = 12
# Words that do not fit leave a part of the line above them empty.
_SPARE = 1.05
_LATIN = 0x2E80


def workbook_bytes(sheets: Sequence[SheetContent], properties: Mapping[str, str], lang: Lang) -> bytes:
    """Draw a workbook.

    Parameters
    ----------
    sheets : sequence of SheetContent
        In the order of their tabs.
    properties : mapping of str to str
        Of the document: ``title``, ``subject``, ``author``, ``comments``.
    lang : {"en", "zh"}
        Decides the font.

    Returns
    -------
    bytes
        The same for the same sheets.

    Raises
    ------
    BookError
        If XlsxWriter is not installed, or a sheet has more rows than a workbook holds.
    """
    longest = max(sheets, key=lambda content: content.next_row)
    if longest.next_row > _MOST_ROWS:
        values = {"sheet": longest.name, "rows": longest.next_row, "most": _MOST_ROWS}
        raise BookError(Message.of("WORKBOOK_FILE.rows", **values))
    stream = io.BytesIO()
    with workbook_writer(stream) as book:
        book.set_properties({**properties, "created": CREATED})
        book.set_calc_mode("auto")
        styles = Styles(book, lang)
        for content in sheets:
            _draw(book.add_worksheet(content.name), content, styles)
            for name, target in content.names.items():
                book.define_name(name, f"={target}")
    return stream.getvalue()


def _draw(sheet: Any, content: SheetContent, styles: Styles) -> None:
    """One sheet."""
    lay_out(sheet, content.widths, content.head, content.next_row - 1, frozen_columns=content.frozen_columns)
    if content.detail_columns:
        first, last = content.detail_columns
        for column in range(first, last + 1):
            sheet.set_column(column, column, content.widths[column], None, {"level": 1})
    for row, cells in enumerate(content.rows):
        alone = cells[0] if len(cells) == 1 else None
        if alone is not None and alone.style in _WIDE:
            _draw_wide(sheet, content, row, alone, styles)
        else:
            _draw_row(sheet, content, row, cells, styles)


def _draw_row(sheet: Any, content: SheetContent, row: int, cells: Sequence[Cell | None], styles: Styles) -> None:
    """The cells of a row, as high as the highest needs."""
    lines = max((_lines(cell, width) for cell, width in zip(cells, content.widths, strict=False)), default=1)
    if lines > 1:
        sheet.set_row(row, _LINE_HEIGHT * lines)
    for column, cell in enumerate(cells):
        if cell is not None:
            _write(sheet, row, column, cell, styles(cell.style))


def _draw_wide(sheet: Any, content: SheetContent, row: int, cell: Cell, styles: Styles) -> None:
    """A text over several columns, as high as it needs."""
    last = min(len(content.widths), _WIDEST_TEXT) - 1
    text, style = inert(str(cell.value)), styles(cell.style)
    width = sum(content.widths[: last + 1])
    if cell.style in {"title", "subtitle"} or last == 0:
        sheet.set_row(row, _TITLE_HEIGHT)
        sheet.write_string(row, 0, text, style)
        return
    sheet.set_row(row, _LINE_HEIGHT * _lines(cell, width))
    sheet.merge_range(row, 0, row, last, "", style)
    sheet.write_string(row, 0, text, style)


def _lines(cell: Cell | None, width: float) -> int:
    """How many lines a text takes that is broken at the edge of its cell; Excel fits the height of a row, other programs do not."""
    if cell is None or cell.style not in _BROKEN or not isinstance(cell.value, str):
        return 1
    return _lines_of(cell.value, width)


@lru_cache(maxsize=4096)
def _lines_of(text: str, width: float) -> int:
    """How many lines a text takes that is broken at a width."""
    return sum(max(1, math.ceil(_columns(part) * _SPARE / width)) for part in text.split("\n"))


def _columns(text: str) -> int:
    """How many columns of a fixed type a text takes: Chinese characters two each."""
    return len(text) if text.isascii() else sum(2 if ord(letter) >= _LATIN else 1 for letter in text)


def _write(sheet: Any, row: int, column: int, cell: Cell, style: Any) -> None:
    """A cell of its own kind."""
    value = cell.value
    if cell.formula:
        sheet.write_formula(row, column, f"={cell.formula}", style, inert(value) if isinstance(value, str) else value)
    elif value is None or value == "":
        if cell.style in _COLOURED:
            sheet.write_blank(row, column, None, style)
    elif cell.style == "link":
        sheet.write_url(row, column, f"internal:'{value}'!A1", style, str(value))
    elif isinstance(value, bool | str):
        sheet.write_string(row, column, inert(str(value)), style)
    elif isinstance(value, date):
        # Spreadsheets count days from the end of 1899.
        sheet.write_number(row, column, _serial(value), style)
    else:
        sheet.write_number(row, column, value, style)


def _serial(day: date) -> int:
    """A date as spreadsheets count days."""
    return (date(day.year, day.month, day.day) - date(1899, 12, 30)) // timedelta(days=1)
