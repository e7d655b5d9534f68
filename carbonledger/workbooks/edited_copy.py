"""A workbook that somebody has edited, with its values, formulas and defined names."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.tables.sources import file_bytes
from carbonledger.tables.workbook import read_workbook
from carbonledger.tables.workbook_layout import BROKEN_ARCHIVE
from carbonledger.workbooks.formulas import Reference, reference_of

__all__ = ["EditedCopy", "Formula", "read_edited_copy"]


_ZIP, _OPEN_DOCUMENT = b"PK", b"opendocument"


class Formula(str):
    """The text of a formula, with its sign of equality."""

    __slots__ = ()


@dataclass(frozen=True)
class EditedCopy:
    """What stands in a workbook.

    Parameters
    ----------
    file : str
        Its name.
    sheets : mapping of str to list
        The rows of each sheet, in the order of the tabs; a cell is None, a value, or a `Formula`.
    names : mapping of str to str
        Defined names with what they refer to.
    """

    file: str
    sheets: Mapping[str, list[list[Any]]]
    names: Mapping[str, str]

    def named(self, name: str) -> Any:
        """The value of a named cell; None if there is none."""
        place: Reference | None = reference_of(self.names.get(name, ""))
        rows = self.sheets.get(place.sheet, []) if place else []
        if place is None or place.row >= len(rows) or place.column >= len(rows[place.row]):
            return None
        return rows[place.row][place.column]


def read_edited_copy(path: str | Path) -> EditedCopy:
    """Read a workbook with its formulas.

    Parameters
    ----------
    path : str or Path
        An XLSX file.

    Returns
    -------
    EditedCopy

    Raises
    ------
    EntriesError
        If it is no workbook, is damaged, has a password or is too large, or openpyxl is not installed.
    """
    if find_spec("openpyxl") is None:
        raise EntriesError([Finding.of("EXCEL_MISSING.formulas")])
    import openpyxl

    file = Path(path).name
    try:
        content = file_bytes(Path(path))
        # What swells, is damaged or has a password is refused here, by name.
        read_workbook(file, content)
        if not content.startswith(_ZIP) or _OPEN_DOCUMENT in content[:200]:
            raise EntriesError([Finding.of("UNREADABLE_WORKBOOK.not_xlsx")])
    except EntriesError as error:
        raise EntriesError([finding.at(file=file) for finding in error.findings]) from error
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True)
        sheets = {
            sheet.title: [[_value(cell) for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets
        }
        names = {name: str(defined.value) for name, defined in book.defined_names.items()}
    except (*BROKEN_ARCHIVE, TypeError, AttributeError, IndexError, SyntaxError) as error:
        raise EntriesError([Finding.of("UNREADABLE_WORKBOOK.broken").at(file=file)]) from error
    return EditedCopy(file, sheets, names)


def _value(cell: Any) -> Any:
    """The value of a cell, dates as days."""
    value = cell.value
    if cell.data_type == "f":
        text = str(getattr(value, "text", value))
        return Formula(text if text.startswith("=") else f"={text}")
    if isinstance(value, datetime):
        return value.date() if value.time() == datetime.min.time() else value
    return value if isinstance(value, date | int | float) or value is None else str(value)
