"""Disclosures as a workbook: a sheet for each, numbers as numbers, every text as a text."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from rich.cells import cell_len

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, printable
from carbonledger.disclosure.answers import Disclosure
from carbonledger.reporting.disclosure_text import (
    COLUMNS,
    cells_of,
    column_names,
    disclosure_heading,
    lines_above,
)

__all__ = ["disclosure_workbook"]

_WIDTHS = {
    "code": 14,
    "datapoint": 52,
    "value": 18,
    "known_part": 18,
    "unit": 16,
    "status": 16,
    "reason": 72,
    "place": 44,
    "place_verified": 26,
}
_LONGEST_NAME = 31
_LINE_POINTS = 14.0
# Of the words in the column of statuses, dark enough to read on white.
_COLOURS = {"filled": "#1B5E20", "needs_words": "#8A4B00", "data_missing": "#9C0006", "not_applicable": "#555555"}
_TWO_DECIMALS, _FOUR_DIGITS = "#,##0.00", "0.000E+00"


def disclosure_workbook(disclosures: Sequence[Disclosure], lang: Lang) -> bytes:
    """A workbook with a sheet for each disclosure.

    Parameters
    ----------
    disclosures : sequence of Disclosure
        At least one.
    lang : {"en", "zh"}
        The language of headings, names and reasons.

    Returns
    -------
    bytes
        The content of an ``.xlsx``.

    Raises
    ------
    BookError
        If xlsxwriter is not installed.
    """
    if find_spec("xlsxwriter") is None:
        raise BookError(Message.of("EXCEL_MISSING.writing"))
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(
        stream, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    ) as book:
        formats = {
            "title": book.add_format({"bold": True, "font_size": 14}),
            "head": book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}),
            "text": book.add_format({"text_wrap": True, "valign": "top"}),
            "number": book.add_format({"num_format": _TWO_DECIMALS, "valign": "top"}),
            "small": book.add_format({"num_format": _FOUR_DIGITS, "valign": "top"}),
            "warning": book.add_format({"bold": True, "font_color": "#9C0006", "valign": "top"}),
        }
        for status, colour in _COLOURS.items():
            formats[status] = book.add_format({"font_color": colour, "valign": "top"})
        for disclosure in disclosures:
            _fill(book.add_worksheet(disclosure.framework.name[:_LONGEST_NAME]), disclosure, formats, lang)
    return stream.getvalue()


def _fill(sheet: Any, disclosure: Disclosure, formats: dict[str, Any], lang: Lang) -> None:
    """The sheet of one disclosure: what is missing first, then the table."""
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, _WIDTHS[name])
    sheet.write_string(0, 0, disclosure_heading(disclosure, lang), formats["title"])
    stated = disclosure.statement_lines(lang) if disclosure.exit_code else []
    for row, line in enumerate(lines_above(disclosure, lang), start=1):
        sheet.write_string(row, 0, printable(line), formats["warning"] if line in stated else None)
    first = len(lines_above(disclosure, lang)) + 2
    sheet.set_row(first, 2 * _LINE_POINTS)
    for column, name in enumerate(column_names(lang)):
        sheet.write_string(first, column, name, formats["head"])
    for row, answer in enumerate(disclosure, start=first + 1):
        cells = cells_of(answer, lang)
        sheet.set_row(row, _LINE_POINTS * max(map(_lines_of, COLUMNS, cells)))
        for column, cell in enumerate(cells):
            style = answer.figure.status if COLUMNS[column] == "status" else "text"
            _write(sheet, row, column, cell, formats, style)
    last = first + len(disclosure)
    sheet.freeze_panes(first + 1, 2)
    sheet.autofilter(first, 0, last, len(COLUMNS) - 1)
    sheet.repeat_rows(first)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)


def _lines_of(column: str, cell: str | float | None) -> int:
    """How many lines a wrapped text takes in its column."""
    return (
        max(1, sum(math.ceil(cell_len(line) / _WIDTHS[column]) for line in cell.split("\n")))
        if isinstance(cell, str)
        else 1
    )


def _write(sheet: Any, row: int, column: int, cell: str | float | None, formats: dict[str, Any], style: str) -> None:
    """A cell of its own kind; a missing number stays empty."""
    if isinstance(cell, float):
        sheet.write_number(row, column, cell, formats["small" if 0 < abs(cell) < 1 else "number"])
    elif cell:
        sheet.write_string(row, column, printable(cell, kept="\n"), formats[style])
