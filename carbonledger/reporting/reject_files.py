"""A list of refused rows as a file: CSV, or a workbook with a sheet for each table; nothing in it is a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from carbonledger.activity_data.reject_columns import REJECT_COLUMNS, shielded
from carbonledger.activity_data.rejects import RejectedRow, RejectedTable
from carbonledger.core.errors import BookError, EntriesError
from carbonledger.core.files import write_whole
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Lang
from carbonledger.tables.records import cell_text

__all__ = ["write_rejects"]

_LONGEST_NAME = 31
_NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))


def write_rejects(path: Path, tables: Sequence[RejectedTable], lang: Lang = "en") -> None:
    """Write refused rows, each with its file, sheet, row, the reason, and what to do.

    Parameters
    ----------
    path : Path
        Ends in ``.csv`` or ``.xlsx``.
    tables : sequence of RejectedTable
        At least one.
    lang : {"en", "zh"}
        The language of the columns that are added.

    Raises
    ------
    BookError
        If the file is of another kind or cannot be written, or if a CSV would have to hold several tables.
    """
    suffix = path.suffix.lower()
    if suffix == ".csv":
        write_whole(path, _csv_text(tables, lang))
    elif suffix == ".xlsx":
        write_whole(path, _workbook(tables, lang))
    else:
        raise BookError(Message.of("REJECTS_FILE.suffix", suffix=path.suffix))


def _lines(table: RejectedTable, lang: Lang) -> Iterator[list[Any]]:
    """The headings of a table and its refused rows, all of one length."""
    width = max(len(table.headings), *(len(row.cells) for row in table.rows))
    headings = [*table.headings, *[""] * (width - len(table.headings))]
    yield [*headings, *(label.text(lang) for label in REJECT_COLUMNS)]
    for row in table.rows:
        yield [*row.cells, *[None] * (width - len(row.cells)), *_account(table, row, lang)]


def _account(table: RejectedTable, row: RejectedRow, lang: Lang) -> list[Any]:
    """Where a row stands, why it is refused and what to do."""
    why = dict.fromkeys(
        f"{finding.column}: {finding.says.text(lang)}" if finding.column else finding.says.text(lang)
        for finding in row.reasons
    )
    remedies = dict.fromkeys(text for finding in row.reasons if (text := finding.remedy_in(lang)))
    return [table.table.file, table.table.sheet, row.number, " ".join(why), " ".join(remedies)]


def _csv_text(tables: Sequence[RejectedTable], lang: Lang) -> str:
    """One table as CSV, with the mark by which spreadsheets know UTF-8."""
    lines = [list(_lines(table, lang)) for table in tables]
    if len({tuple(own[0]) for own in lines}) > 1:
        raise BookError(Message.of("REJECTS_FILE.several", count=len(tables)))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    for title in tables[0].titles:
        writer.writerow([shielded(title), *[""] * (len(lines[0][0]) - 1)])
    writer.writerow(map(_csv_cell, lines[0][0]))
    for own in lines:
        writer.writerows(map(_csv_cell, line) for line in own[1:])
    return "\ufeff" + stream.getvalue()


def _csv_cell(cell: Any) -> str:
    """A cell as text."""
    if isinstance(cell, str):
        return shielded(cell)
    if isinstance(cell, float):
        return "" if cell != cell else repr(cell).removesuffix(".0") if abs(cell) < 1e15 else repr(cell)
    return cell_text(cell)


def _workbook(tables: Sequence[RejectedTable], lang: Lang) -> bytes:
    """Each table as a sheet; texts are written as texts, whatever they begin with."""
    if find_spec("xlsxwriter") is None:
        raise EntriesError([Finding.of("EXCEL_MISSING")])
    import xlsxwriter

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "nan_inf_to_errors": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        names: set[str] = set()
        for table in tables:
            sheet = book.add_worksheet(_sheet_name(table, names))
            lines = [[title] for title in table.titles]
            for at, line in enumerate([*lines, *_lines(table, lang)]):
                for column, cell in enumerate(line):
                    _write(sheet, at, column, cell, day)
    return stream.getvalue()


def _write(sheet: Any, row: int, column: int, cell: Any, day: Any) -> None:
    """A cell of its own kind."""
    if cell is None or cell != cell:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell)
    elif isinstance(cell, int | float):
        sheet.write_number(row, column, cell)
    elif isinstance(cell, date | datetime | time):
        sheet.write_datetime(row, column, cell, day)
    elif str(cell):
        sheet.write_string(row, column, str(cell))


def _sheet_name(table: RejectedTable, names: set[str]) -> str:
    """The name of the sheet that the rows come from; of the file where it has none; each once."""
    wanted = (table.table.sheet or Path(table.table.file).stem).translate(_NOT_IN_NAMES).strip()[
        :_LONGEST_NAME
    ] or "rows"
    name, number = wanted, 1
    while name.casefold() in names:
        number += 1
        name = f"{wanted[: _LONGEST_NAME - 4]} {number}"
    names.add(name.casefold())
    return name
