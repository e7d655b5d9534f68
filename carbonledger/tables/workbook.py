"""Workbooks as grids of cells: XLSX, XLSM, XLSB, XLS and ODS, told by their content and not by their suffix."""

from __future__ import annotations

import io
import re
from importlib.util import find_spec
from typing import Any

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.tables.sheet import MergedRange, Sheet
from carbonledger.tables.workbook_layout import BROKEN_ARCHIVE, MOST_CELLS, SheetLayout, layouts_of
from carbonledger.tables.workbook_values import SheetValues, values_apart, values_of

__all__ = ["read_workbook"]

_ZIP, _COMPOUND = b"PK", b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
# Cells of an OpenDocument sheet that one element repeats; empty ones at the end of a sheet are no cells.
_REPEATED = re.compile(rb'<table:table-cell[^>]*number-columns-repeated="(\d+)"[^>]*office:value')
_MOST_REPEATED = 10_000


def read_workbook(file: str, content: bytes) -> list[Sheet]:
    """Every sheet of a workbook.

    Parameters
    ----------
    file : str
        Its name.
    content : bytes
        Its bytes.

    Returns
    -------
    list of Sheet
        Values as Python's own; errors of formulas and formulas that were never calculated as their text.

    Raises
    ------
    EntriesError
        If it is no workbook, has a password, or is larger than what is read.
    """
    if find_spec("python_calamine") is None:
        raise EntriesError([Finding.of("EXCEL_MISSING").at(file=file)])
    _check_kind(content)
    layouts = layouts_of(content) if content.startswith(_ZIP) else {}
    read = values_of if layouts or b"opendocument" in content[:200] else values_apart
    try:
        return [_sheet_of(file, values, layouts.get(values.name, SheetLayout())) for values in read(content)]
    except ValueError as error:
        raise EntriesError([Finding.of("UNREADABLE_WORKBOOK.reason", reason=str(error)).at(file=file)]) from error


def _check_kind(content: bytes) -> None:
    """Refuse what is no workbook, or is locked, by name."""
    head = content[:512].lstrip(b"\xef\xbb\xbf \r\n\t")
    if content.startswith(_COMPOUND):
        if _ENCRYPTED in content[:200_000] or _ENCRYPTED in content[-200_000:]:
            raise EntriesError([Finding.of("UNREADABLE_WORKBOOK.password")])
    elif head[:1] == b"<":
        raise EntriesError([Finding.of("UNREADABLE_WORKBOOK.page")])
    elif not content.startswith(_ZIP):
        case = "empty" if not content else "text" if _is_text(content[:4000]) else "broken"
        raise EntriesError([Finding.of(f"UNREADABLE_WORKBOOK.{case}")])
    elif b"opendocument" in content[:200]:
        _check_open_document(content)


def _is_text(sample: bytes) -> bool:
    """Whether bytes look like text, in whatever encoding."""
    return b"\x00" not in sample and sum(byte < ord(" ") and byte not in b"\t\r\n" for byte in sample) == 0


def _check_open_document(content: bytes) -> None:
    """Refuse an OpenDocument sheet in which one element stands for very many cells."""
    import zipfile

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            text = archive.read("content.xml") if archive.getinfo("content.xml").file_size < 20 * MOST_CELLS else b""
    except BROKEN_ARCHIVE as error:
        raise EntriesError([Finding.of("UNREADABLE_WORKBOOK.broken")]) from error
    if not text:
        raise EntriesError([Finding.of("WORKBOOK_TOO_LARGE.bytes", part="content.xml", megabytes=200, most=200)])
    if any(int(found[1]) > _MOST_REPEATED for found in _REPEATED.finditer(text)):
        raise EntriesError([Finding.of("WORKBOOK_TOO_LARGE.repeated", most=_MOST_REPEATED)])


def _sheet_of(file: str, values: SheetValues, layout: SheetLayout) -> Sheet:
    """One sheet with its layout."""
    rows = values.rows
    for (row, column), text in layout.texts.items():
        if row > len(rows) or column > len(rows[row - 1]):
            rows = _extended(rows, row, column)
        if rows[row - 1][column - 1] in {"", 0}:
            rows[row - 1][column - 1] = text
    return Sheet(
        file,
        values.name,
        rows,
        is_hidden=values.is_hidden,
        hidden_rows=frozenset(layout.hidden_rows),
        hidden_columns=frozenset(layout.hidden_columns),
        merged=tuple(
            MergedRange(top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in values.merged
        ),
    )


def _extended(rows: list[list[Any]], row: int, column: int) -> list[list[Any]]:
    """Rows that reach a cell which has no value of its own."""
    width = max(column, max(map(len, rows), default=0))
    more = [["" for _ in range(width)] for _ in range(row - len(rows))]
    return [*(cells + [""] * (width - len(cells)) for cells in rows), *more]
