"""The one way from any source to its tables: a file, a folder, a DataFrame, or Python mappings."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any

from carbonledger.core.errors import EntriesError
from carbonledger.core.files import is_lock, lock_beside
from carbonledger.core.findings import Finding
from carbonledger.tables.column import Column
from carbonledger.tables.delimited import read_delimited
from carbonledger.tables.sheet import Sheet
from carbonledger.tables.sheet_form import AS_FOUND, FormOf, SheetForm, as_found
from carbonledger.tables.table import Table, table_of_columns, table_of_sheet
from carbonledger.tables.template_mark import mark_in
from carbonledger.tables.template_sheet import template_table
from carbonledger.tables.workbook import read_workbook

__all__ = ["FileReader", "file_bytes", "tables_in"]

FileReader = Callable[[str, bytes], list[Table]]

_TEXT = frozenset({".csv", ".tsv", ".txt"})
_WORKBOOK = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_FRAME = frozenset({".parquet"})
_KNOWN = tuple(sorted(_TEXT | _WORKBOOK | _FRAME))
_NO_READERS: Mapping[str, FileReader] = {}


def tables_in(
    source: Any,
    *,
    knows: Callable[[str], bool],
    country: str = "",
    name: str = "",
    form_of: FormOf = as_found,
    readers: Mapping[str, FileReader] = _NO_READERS,
) -> list[Table]:
    """The tables of a source.

    Parameters
    ----------
    source : path, DataFrame, or sequence of mappings
        A CSV, TSV, workbook (XLSX, XLSM, XLSB, XLS, ODS) or Parquet file; a folder of them; any DataFrame that narwhals knows; or Python
        mappings.
    knows : callable
        Whether a text is a heading that the caller understands; headings are found and delimiters told by it.
    country : str
        ISO 3166-1 code of where the files were written; settles encodings that are equally plausible.
    name : str
        What findings call the file; its own name by default.
    form_of : callable
        What somebody states about the form of a sheet, by the names of its file and itself.
    readers : mapping of str to callable
        Further kinds of files by their suffix: the tables of a file's name and content.

    Returns
    -------
    list of Table
        One for each sheet that has anything in it, in the order of the source.

    Raises
    ------
    EntriesError
        If the source cannot be read as tables at all.
    """
    if isinstance(source, str | Path):
        path = Path(source)
        if path.is_dir():
            kinds = {*_KNOWN, *readers}
            files = sorted(item for item in path.iterdir() if item.suffix.lower() in kinds and not is_lock(item.name))
            if not files:
                raise EntriesError([Finding.of("UNREADABLE_FILE.no_tables").at(file=path.name)])
            return [
                table
                for item in files
                for table in tables_in(item, knows=knows, country=country, form_of=form_of, readers=readers)
            ]
        try:
            return _file_tables(path, name or path.name, knows, country, form_of, readers)
        except EntriesError as error:
            raise EntriesError(finding.at(file=name or path.name) for finding in error.findings) from error
    import narwhals as nw

    frame = nw.from_native(source, pass_through=True)
    if isinstance(frame, nw.DataFrame | nw.LazyFrame):
        return [_in_form(_frame_table(frame, name), form_of(name, ""))]
    if isinstance(source, Iterable):
        return [_in_form(_mapping_table(list(source)), form_of(name, ""))]
    raise TypeError(f"entries are read from a file, a DataFrame or mappings, not from {type(source).__name__}")


def _file_tables(
    path: Path,
    name: str,
    knows: Callable[[str], bool],
    country: str,
    form_of: FormOf,
    readers: Mapping[str, FileReader],
) -> list[Table]:
    """The tables of one file."""
    suffix = path.suffix.lower()
    if suffix not in {*_KNOWN, *readers}:
        known = tuple(sorted({*_KNOWN, *readers}))
        if not suffix:
            raise EntriesError([Finding.of("UNKNOWN_FILE_KIND.none", known=known)])
        raise EntriesError([Finding.of("UNKNOWN_FILE_KIND.suffix", suffix=path.suffix, known=known)])
    content = file_bytes(path)
    if suffix in readers:
        return [_in_form(table, form_of(name, table.sheet)) for table in readers[suffix](name, content)]
    if suffix in _FRAME:
        return [_in_form(_parquet_table(content, name), form_of(name, ""))]
    if suffix in _TEXT:
        return [_text_table(name, content, knows, country, form_of(name, ""))]
    tables = [
        table
        for sheet in read_workbook(name, content)
        if (table := _sheet_table(sheet, knows, form_of(name, sheet.name))).headings
        or table.findings
        or table.set_aside_rows
    ]
    lock = lock_beside(path)
    if lock is not None and tables:
        opened = Finding.of("WORKBOOK_OPEN", lock=lock.name).at(file=name)
        tables[0] = replace(tables[0], findings=(opened, *tables[0].findings))
    return tables


def _sheet_table(sheet: Sheet, knows: Callable[[str], bool], stated: SheetForm) -> Table:
    """The one table of a sheet; one of our own templates says itself what it is."""
    mark = mark_in(sheet.rows)
    return table_of_sheet(sheet, knows, stated=stated) if mark is None else template_table(sheet, mark, stated)


def _in_form(table: Table, stated: SheetForm) -> Table:
    """A table of a source without a sheet, refused where somebody states rows of one."""
    names = [name for name, value in (("skip_rows", stated.skip_rows), ("last_row", stated.last_row)) if value]
    if stated.headings not in {None, (table.heading_row, table.heading_row)}:
        names.insert(0, "headings")
    if not names:
        return table
    finding = table.place(Finding.of("TABLE_SETTING.no_rows", names=tuple(names)))
    return replace(table, findings=(*table.findings, finding))


def file_bytes(path: Path) -> bytes:
    """The content of a file.

    Parameters
    ----------
    path : Path
        Of the file.

    Returns
    -------
    bytes

    Raises
    ------
    EntriesError
        If it cannot be opened.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise EntriesError([Finding.of("UNREADABLE_FILE.missing")]) from error
    except PermissionError as error:
        raise EntriesError([Finding.of("UNREADABLE_FILE.refused")]) from error
    except OSError as error:
        raise EntriesError([Finding.of("UNREADABLE_FILE.other", reason=str(error.strerror))]) from error


def _text_table(name: str, content: bytes, knows: Callable[[str], bool], country: str, stated: SheetForm) -> Table:
    """The one table of a delimited text."""
    text = read_delimited(name, content, country=country, knows=knows)
    columns = text.columns() if stated in {AS_FOUND, SheetForm(headings=stated.headings)} else ()
    even = table_of_columns(name, columns, knows, text.delimiter, stated.headings) if columns else None
    if even is not None:
        return replace(even, findings=(*text.findings, *even.findings))
    cells = text.cells()
    table = table_of_sheet(cells.sheet, knows, delimiter=text.delimiter, has_quotes='"' in text.text, stated=stated)
    return replace(
        table,
        findings=(*text.findings, *cells.findings, *table.findings),
        refused_rows=table.refused_rows + cells.unread_lines,
        refused_cells=table.refused_cells + cells.unread_lines,
    )


def _parquet_table(content: bytes, name: str) -> Table:
    """The one table of a Parquet file."""
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise EntriesError([Finding.of("PARQUET_MISSING")]) from error
    import pyarrow as pa

    try:
        frame = pyarrow.parquet.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError, ValueError) as error:
        raise EntriesError([Finding.of("UNREADABLE_PARQUET", reason=str(error)[:80])]) from error
    return _frame_table(frame, name)


def _frame_table(frame: Any, name: str) -> Table:
    """A DataFrame; its first row counts as row 2, as if it had been written to a sheet."""
    import narwhals as nw

    known = nw.from_native(frame)
    eager = known.collect() if isinstance(known, nw.LazyFrame) else known
    headings = tuple(str(column) for column in eager.columns)
    columns = tuple(_cells_of(eager.get_column(column)) for column in eager.columns)
    return Table(name, "", headings, tuple(map(Column, columns)), range(2, len(eager) + 2))


def _cells_of(column: Any) -> list[Any]:
    """The cells of a column of a frame, None where it has none."""
    cells: list[Any] = column.to_list()
    if not column.null_count():
        return cells
    return [None if is_null else cell for cell, is_null in zip(cells, column.is_null().to_list(), strict=True)]


def _mapping_table(records: Sequence[Any]) -> Table:
    """Python mappings; the first counts as row 2."""
    kinds = set(map(type, records))
    if not all(issubclass(kind, Mapping) for kind in kinds):
        raise TypeError(
            "entries as Python objects are mappings such as {'activity': 'fuel.gasoline', 'amount': 4.36, ...}"
        )
    names = list(records[0]) if records else []
    try:
        columns = [list(map(itemgetter(name), records)) for name in names]
        is_even = set(map(len, records)) <= {len(names)}
    except KeyError:
        is_even = False
    if not is_even:
        names = list(dict.fromkeys(name for record in records for name in record))
        columns = [[record.get(name) for record in records] for name in names]
    if not names:
        return Table("", "", (), (), [])
    return Table("", "", tuple(map(str, names)), tuple(map(Column, columns)), range(2, len(records) + 2))
