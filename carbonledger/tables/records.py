"""Any table as rows of cells, each with its place.

CSV in UTF-8 (with or without BOM), UTF-16 with BOM or GB18030; every sheet of an XLSX workbook; a DataFrame; or a
sequence of mappings. Nothing is interpreted here.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import narwhals as nw

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding

__all__ = ["Record", "Table", "records_in", "tables_in"]

_DELIMITERS = (",", "\t", ";")
_FIELD_LIMIT = 10_000_000


@dataclass(frozen=True)
class Table:
    """One table with its headings.

    Parameters
    ----------
    file, sheet : str
        Where it came from; empty if it did not come from a file.
    headings : tuple of str
        The first row.
    rows : tuple of (int, tuple)
        Row number as a spreadsheet shows it, and the cells.
    """

    file: str
    sheet: str
    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[Any, ...]], ...]


def tables_in(source: Any) -> list[Table]:
    """The tables of a source.

    Parameters
    ----------
    source : path, DataFrame, or sequence of mappings
        A ``.csv``, ``.tsv``, ``.txt``, ``.xlsx``, ``.xlsm`` or ``.xls`` file; a folder of them; any DataFrame that
        narwhals knows; or Python mappings.

    Returns
    -------
    list of Table

    Raises
    ------
    EntriesError
        If the source cannot be read as tables at all.
    """
    if isinstance(source, str | Path):
        path = Path(source)
        if path.is_dir():
            files = sorted(item for item in path.iterdir() if item.suffix.lower() in _READERS)
            return [table for item in files for table in tables_in(item)]
        return _file_tables(path)
    frame = nw.from_native(source, pass_through=True)
    if isinstance(frame, nw.DataFrame | nw.LazyFrame):
        return [_frame_table(frame)]
    if isinstance(source, Iterable):
        return [_mapping_table(list(source))]
    raise TypeError(f"entries are read from a file, a DataFrame or mappings, not from {type(source).__name__}")


# Columns whose cells are words of a short list.
_CODED = frozenset({"kind", "use", "origin", "carrier", "method", "market"})


@cache
def _record_words(kind: str) -> Mapping[str, str]:
    """What Chinese headings or cells of records stand for."""
    text = resources.files("carbonledger.tables").joinpath("record_words.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["kind"] == kind]
    return {name: row["word"] for row in rows for name in row["names"].split(";")}


def _folded(heading: str) -> str:
    """A heading without case, full width or spaces."""
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split())


def _cell_text(cell: Any) -> str:
    """A cell as a person wrote it: whole numbers without a decimal point, days without an hour."""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    return "" if cell is None else str(cell).strip()


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table by its headings.

    Parameters
    ----------
    file, sheet : str
        Where it stands.
    row : int
        Row number as a spreadsheet shows it.
    cells : mapping of str to str
        Text by heading, in English whatever the file says (``record_words.csv``); empty for an empty cell.
    """

    file: str
    sheet: str
    row: int
    cells: Mapping[str, str]

    def place(self, finding: Finding) -> Finding:
        """A finding at this row."""
        return finding.at(file=self.file, sheet=self.sheet, row=self.row)


def records_in(path: Path, needed: Sequence[str]) -> tuple[list[Record], list[Finding]]:
    """The rows of a file by their headings.

    Parameters
    ----------
    path : Path
        A CSV or workbook.
    needed : sequence of str
        Headings that must be there.

    Returns
    -------
    tuple of (list of Record, list of Finding)
        A table without a needed heading has no records and a finding.

    Raises
    ------
    EntriesError
        If the file cannot be read as tables at all.
    """
    records: list[Record] = []
    findings: list[Finding] = []
    for table in tables_in(path):
        headings = [_record_words("heading").get(_folded(heading), _folded(heading)) for heading in table.headings]
        missing = [name for name in needed if name not in headings]
        if missing:
            finding = Finding.of("MISSING_COLUMN.records", missing=tuple(missing), headings=table.headings)
            findings.append(finding.at(file=path.name, sheet=table.sheet, row=1))
            continue
        for number, cells in table.rows:
            texts = dict(zip(headings, map(_cell_text, cells), strict=False))
            cells_by_heading = {
                name: _record_words("cell").get(text, text) if name in _CODED else text for name, text in texts.items()
            }
            records.append(Record(path.name, table.sheet, number, dict.fromkeys(headings, "") | cells_by_heading))
    return records, findings


def _unreadable(path: Path, finding: Finding) -> EntriesError:
    """An unreadable file as an error."""
    return EntriesError([finding.at(file=path.name)])


def _file_tables(path: Path) -> list[Table]:
    """The tables of one file."""
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        known = tuple(sorted(_READERS))
        if not path.suffix:
            raise _unreadable(path, Finding.of("UNKNOWN_FILE_KIND.none", known=known))
        raise _unreadable(path, Finding.of("UNKNOWN_FILE_KIND.suffix", suffix=path.suffix, known=known))
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise _unreadable(path, Finding.of("UNREADABLE_FILE.missing")) from error
    except PermissionError as error:
        raise _unreadable(path, Finding.of("UNREADABLE_FILE.refused")) from error
    except OSError as error:
        raise _unreadable(path, Finding.of("UNREADABLE_FILE.other", reason=str(error.strerror))) from error
    return reader(path, content)


def decode(content: bytes) -> str | None:
    """Bytes as text: by their BOM, else as UTF-8, else as GB18030; None if they are none of these."""
    encodings = ["utf-16"] if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _csv_tables(path: Path, content: bytes) -> list[Table]:
    """The one table of a CSV file."""
    text = decode(content)
    if text is None or "\x00" in text:
        raise _unreadable(path, Finding.of("UNKNOWN_ENCODING"))
    first = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        csv.field_size_limit(_FIELD_LIMIT)
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise _unreadable(path, Finding.of("UNREADABLE_CSV", reason=str(error))) from error
    return [_table(path.name, "", rows)]


def _table(file: str, sheet: str, rows: Sequence[Sequence[Any]]) -> Table:
    """Rows with the first non-empty one as headings."""
    filled = [(number, tuple(row)) for number, row in enumerate(rows, start=1) if any(_filled(cell) for cell in row)]
    if not filled:
        return Table(file, sheet, (), ())
    headings = tuple(str(cell).strip() if cell is not None else "" for cell in filled[0][1])
    return Table(file, sheet, headings, tuple(filled[1:]))


def _filled(cell: Any) -> bool:
    """Whether a cell says anything."""
    return cell is not None and str(cell).strip() != ""


def _workbook_tables(path: Path, content: bytes) -> list[Table]:
    """Every sheet of a workbook that has rows."""
    try:
        from python_calamine import CalamineError, CalamineWorkbook
    except ImportError as error:
        raise _unreadable(path, Finding.of("EXCEL_MISSING")) from error
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            (name, workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in workbook.sheet_names
        ]
    except (CalamineError, OSError, ValueError) as error:
        raise _unreadable(path, Finding.of("UNREADABLE_WORKBOOK", reason=str(error))) from error
    tables = [_table(path.name, name, rows) for name, rows in sheets]
    return [table for table in tables if table.headings]


def _frame_table(frame: Any) -> Table:
    """A DataFrame; its first row counts as row 2, as if it had been written to a sheet."""
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    headings = tuple(str(name) for name in eager.columns)
    return Table("", "", headings, tuple(enumerate((tuple(row) for row in eager.iter_rows()), start=2)))


def _mapping_table(records: Sequence[Any]) -> Table:
    """Python mappings; the first counts as row 2."""
    if not all(isinstance(record, Mapping) for record in records):
        raise TypeError(
            "entries as Python objects are mappings such as {'activity': 'fuel.gasoline', 'amount': 4.36, ...}"
        )
    headings = tuple(dict.fromkeys(str(name) for record in records for name in record))
    return Table(
        "", "", headings, tuple(enumerate((tuple(record.get(name) for name in headings) for record in records), 2))
    )


_READERS = {
    ".csv": _csv_tables,
    ".tsv": _csv_tables,
    ".txt": _csv_tables,
    ".xlsx": _workbook_tables,
    ".xlsm": _workbook_tables,
    ".xls": _workbook_tables,
}
