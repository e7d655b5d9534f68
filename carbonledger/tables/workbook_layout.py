"""What a workbook's own XML says beyond its values: extent, hidden rows, errors and formulas; read before any value is.

A workbook's claimed size is no promise: one cell at XFD1048576 makes a reader allocate seventeen thousand million cells. So each sheet is
scanned as a stream, and refused by name before its values are asked for.

References
----------
ISO/IEC 29500-1:2016 (Office Open XML), 18.3.1: worksheet, row, c, f, v, mergeCell.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO

import numpy as np

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding

__all__ = ["BROKEN_ARCHIVE", "MOST_CELLS", "SheetLayout", "layouts_of"]

# Limits of what is read: about a gigabyte and five seconds.
MOST_CELLS = 10_000_000
_MOST_SHEET_BYTES, _MOST_STRING_BYTES, _MOST_BYTES = 400_000_000, 200_000_000, 1_000_000_000
_MOST_PARTS = 5_000
# XML of cells shrinks 10 to 40 times; a part that shrinks more is made to swell.
_MOST_RATIO, _SMALL = 400, 10_000_000
_CHUNK = 4_000_000
_ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_ROW_NUMBERS = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d+)"')
_HIDDEN = re.compile(rb'\bhidden="(?:1|true)"')
_FAR_CELL = re.compile(rb'r="([A-Z]{2,3})\d+"')
_CELL = re.compile(rb'\br="([A-Z]{1,3})\d+"')
_ERROR = re.compile(
    rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d+)"[^>]*\bt="e"[^>]*>(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]*)</v>'
)
_UNCALCULATED = re.compile(
    rb'<c r="([A-Z]{1,3})(\d+)"(?![^>]*\bt="str")[^>]*>\s*<f[^>]*>([^<]*)</f>\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
# Programs that cannot calculate write 0 and ask the spreadsheet to calculate at once.
_PLACEHOLDER = re.compile(rb'<c r="([A-Z]{1,3})(\d+)"[^>]*>\s*<f[^>]*>([^<]*)</f>\s*<v>0</v>\s*</c>')
_TO_BE_CALCULATED = re.compile(rb'<(?:\w+:)?calcPr\b[^>]*\bfullCalcOnLoad="(?:1|true)"')
_COLUMN_HIDDEN = re.compile(rb"<col\b[^>]*>")
_BOUND = re.compile(rb'\b(min|max)="(\d+)"')
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b([^>]*)/?>")
_NAME, _RELATION = re.compile(rb'\bname="([^"]*)"'), re.compile(rb'\b\w+:id="([^"]*)"')
_TARGET = re.compile(rb"<Relationship\b([^>]*)/?>")
_ID, _PATH = re.compile(rb'\bId="([^"]*)"'), re.compile(rb'\bTarget="([^"]*)"')
_SAMPLE, _MOST_SAID = 100_000, 10_000
# What a damaged archive raises.
BROKEN_ARCHIVE = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    KeyError,
    ValueError,
)


@dataclass(slots=True)
class SheetLayout:
    """What a sheet's XML says beside its values; rows and columns count from 1.

    Parameters
    ----------
    last_row, last_column : int
        The farthest cell.
    hidden_rows, hidden_columns : set of int
        What the spreadsheet does not show.
    texts : dict of (int, int) to str
        Cells that have no value to be read: error values, and formulas that were never calculated.
    """

    last_row: int = 0
    last_column: int = 0
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    texts: dict[tuple[int, int], str] = field(default_factory=dict)


def layouts_of(content: bytes) -> dict[str, SheetLayout]:
    """The layout of each sheet of an Office Open XML workbook, by its name.

    Parameters
    ----------
    content : bytes
        The file.

    Returns
    -------
    dict of str to SheetLayout
        Nothing for another kind of zip archive, such as OpenDocument.

    Raises
    ------
    EntriesError
        If it is no sound archive, or larger than what is read.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            _check_sizes(archive)
            parts = _sheet_parts(archive)
            asks = bool(parts) and _TO_BE_CALCULATED.search(archive.read("xl/workbook.xml")) is not None
            return {name: _scanned(archive, part, name, has_placeholders=asks) for name, part in parts.items()}
    except EntriesError:
        raise
    except BROKEN_ARCHIVE as error:
        raise EntriesError([Finding.of("UNREADABLE_WORKBOOK.broken")]) from error


def _check_sizes(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that is made to swell."""
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS:
        raise EntriesError([Finding.of("WORKBOOK_TOO_LARGE.parts", parts=len(parts), most=_MOST_PARTS)])
    for part in parts:
        most = _MOST_STRING_BYTES if part.filename.endswith("sharedStrings.xml") else _MOST_SHEET_BYTES
        swells = part.file_size > _SMALL and part.file_size > _MOST_RATIO * max(part.compress_size, 1)
        if part.file_size > most or swells:
            _refuse_bytes(part.filename, part.file_size, most)
    whole = sum(part.file_size for part in parts)
    if whole > _MOST_BYTES:
        _refuse_bytes("", whole, _MOST_BYTES)


def _refuse_bytes(part: str, size: int, most: int) -> None:
    """The error for too much XML."""
    values = {"part": part.rpartition("/")[2] or "xl", "megabytes": size // 1_000_000, "most": most // 1_000_000}
    raise EntriesError([Finding.of("WORKBOOK_TOO_LARGE.bytes", **values)])


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """The part of each worksheet by its name, in the order of the workbook."""
    names = set(archive.namelist())
    if "xl/workbook.xml" not in names or "xl/_rels/workbook.xml.rels" not in names:
        return {}
    workbook, relations = (archive.read(name) for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
    if b"<!DOCTYPE" in workbook or b"<!DOCTYPE" in relations:
        raise EntriesError([Finding.of("UNREADABLE_WORKBOOK.broken")])
    targets = {}
    for found in _TARGET.finditer(relations):
        key, path = _ID.search(found[1]), _PATH.search(found[1])
        if key and path:
            target = path[1].decode("utf-8", "replace")
            targets[key[1]] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    parts = {}
    for found in _SHEET.finditer(workbook):
        name, relation = _NAME.search(found[1]), _RELATION.search(found[1])
        target = targets.get(relation[1], "") if relation else ""
        if name and target in names and "worksheets" in target:
            parts[_unescaped(name[1])] = target
    return parts


def _unescaped(text: bytes) -> str:
    """An attribute's text."""
    from html import unescape

    return unescape(text.decode("utf-8", "replace"))


def _scanned(archive: zipfile.ZipFile, part: str, name: str, *, has_placeholders: bool) -> SheetLayout:
    """One sheet, scanned as a stream."""
    layout = SheetLayout()
    for at, piece in enumerate(_pieces(archive, part)):
        if at == 0 and b"<!DOCTYPE" in piece[:2000]:
            raise EntriesError([Finding.of("UNREADABLE_WORKBOOK.broken").at(sheet=name)])
        _take_rows(piece, layout)
        _take_columns(piece, layout)
        _take_texts(piece, layout, has_placeholders=has_placeholders)
    if max(layout.last_row, 1) * max(layout.last_column, 1) > MOST_CELLS:
        cells = sum(piece.count(b"<c ") + piece.count(b":c ") for piece in _pieces(archive, part))
        place = f"{_letters(layout.last_column)}{layout.last_row}"
        case = "cells" if cells > MOST_CELLS // 10 else "stray"
        raise EntriesError([Finding.of(f"WORKBOOK_TOO_LARGE.{case}", place=place, most=MOST_CELLS).at(sheet=name)])
    return layout


def _pieces(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """The XML of a sheet in pieces that end where a row does."""
    rest = b""
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            rest += chunk
            end = rest.rfind(b"</row>") + len(b"</row>")
            if end >= len(b"</row>"):
                yield rest[:end]
                rest = rest[end:]
            elif len(rest) > 4 * _CHUNK:
                yield rest
                rest = b""
    yield rest


def _take_texts(piece: bytes, layout: SheetLayout, *, has_placeholders: bool) -> None:
    """The cells that have no value: errors, and formulas that were never calculated."""
    patterns = [(_ERROR, "")] if b't="e"' in piece else []
    patterns += [(_UNCALCULATED, "=")] if b"<f" in piece else []
    patterns += [(_PLACEHOLDER, "=")] if has_placeholders and b"<f" in piece else []
    for pattern, prefix in patterns if len(layout.texts) < _MOST_SAID else ():
        for found in pattern.finditer(piece):
            layout.texts[int(found[2]), _number(found[1])] = prefix + _unescaped(found[3])


def _take_rows(piece: bytes, layout: SheetLayout) -> None:
    """The numbers of the rows, and which are hidden."""
    if b"hidden" not in piece:
        numbers = _ROW_NUMBERS.findall(piece)
        if len(numbers) == piece.count(b"<row ") + piece.count(b"<row>") + piece.count(b":row "):
            layout.last_row = max(layout.last_row, max(map(int, numbers), default=0))
            return
    for found in _ROW.finditer(piece):
        number = _ROW_NUMBER.search(found[1])
        row = int(number[1]) if number else layout.last_row + 1
        layout.last_row = max(layout.last_row, row)
        if b"hidden" in found[1] and _HIDDEN.search(found[1]):
            layout.hidden_rows.add(row)


def _take_columns(piece: bytes, layout: SheetLayout) -> None:
    """The farthest column, and which columns are hidden."""
    # Columns beyond Z have two letters; there are few such cells in most sheets, and one pass over the bytes finds them.
    signs = np.frombuffer(piece, dtype=np.uint8)
    is_letter = (signs >= ord("A")) & (signs <= ord("Z"))
    starts = np.flatnonzero((signs[:-5] == ord('"')) & is_letter[1:-4] & is_letter[2:-3])
    far = max((_number(found[1]) for at in starts.tolist() if (found := _FAR_CELL.match(piece, at - 2))), default=0)
    # Within the first columns the rows at both ends of a piece tell enough.
    ends = (piece[:_SAMPLE], piece[-_SAMPLE:]) if not far else ()
    near = max((_number(found[1]) for end in ends for found in _CELL.finditer(end)), default=0)
    layout.last_column = max(layout.last_column, far, near)
    for found in _COLUMN_HIDDEN.finditer(piece) if b"<col " in piece else ():
        if _HIDDEN.search(found[0]):
            bounds = {name: int(value) for name, value in _BOUND.findall(found[0])}
            first, last = bounds.get(b"min", 1), bounds.get(b"max", 1)
            layout.hidden_columns |= set(range(first, min(last, first + 1000) + 1))


def _number(letters: bytes) -> int:
    """The number of a column: 1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _letters(number: int) -> str:
    """The letters of a column."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
