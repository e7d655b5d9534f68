"""Rows of a table by their headings, their numbers read by the convention of the whole column."""

from __future__ import annotations

import csv
import math
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import Any

from carbonledger.core.errors import RecordError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.number_text import is_gap
from carbonledger.tables.number_columns import NumberColumn, read_numbers
from carbonledger.tables.sources import tables_in
from carbonledger.tables.table import Table

__all__ = ["Record", "cell_text", "folded", "records_in"]

# Columns whose cells are words of a short list.
_CODED = frozenset({"kind", "use", "origin", "carrier", "method", "market", "stage", "carbon", "omission"})


@cache
def _record_words(kind: str) -> Mapping[str, str]:
    """What Chinese headings or cells of records stand for."""
    text = resources.files("carbonledger.tables").joinpath("record_words.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["kind"] == kind]
    return {name: row["word"] for row in rows for name in row["names"].split(";")}


def folded(heading: str) -> str:
    """A heading without case, full width or spaces."""
    return "".join(unicodedata.normalize("NFKC", heading).casefold().split())


def cell_text(cell: Any) -> str:
    """A cell as a person wrote it: whole numbers without a decimal point, days without an hour, gaps as nothing.

    Examples
    --------
    >>> cell_text(2024.0), cell_text(None), cell_text(float("nan")), cell_text(" a ")
    ('2024', '', '', 'a')
    """
    if isinstance(cell, str):
        return cell.strip()
    if cell is None:
        return ""
    if isinstance(cell, float):
        return "" if math.isnan(cell) else str(int(cell)) if cell.is_integer() else str(cell)
    if isinstance(cell, datetime) and cell.time() == time.min:
        return cell.date().isoformat()
    return "" if str(cell) in {"NaT", "<NA>"} else str(cell).strip()


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
    numbers : mapping of str to float or Message
        The numbers of the columns that hold some; a message where the cell is no number; a gap is missing.
    typed : mapping of str to object
        The cells as the file holds them, for those that are no text.
    """

    file: str
    sheet: str
    row: int
    cells: Mapping[str, str]
    numbers: Mapping[str, float | Message] = field(default_factory=dict)
    typed: Mapping[str, Any] = field(default_factory=dict)

    def place(self, finding: Finding) -> Finding:
        """A finding at this row."""
        return finding.at(file=self.file, sheet=self.sheet, row=self.row)

    def number(self, name: str, default: float | None = None, *, lowest: float = 0.0) -> float:
        """A number of the row, in the unit of its column.

        Parameters
        ----------
        name : str
            The heading.
        default : float, optional
            Where the cell or the column is missing; without it, that is an error.
        lowest : float
            The smallest number it may be.

        Raises
        ------
        RecordError
            Where the cell is no number, or a smaller one.
        """
        value = self.numbers.get(name)
        if isinstance(value, Message):
            raise RecordError(value)
        if value is None and default is not None:
            return default
        if value is None:
            raise RecordError(Message.of("BAD_NUMBER.empty", column=name))
        if value < lowest:
            raise RecordError(Message.of("BAD_NUMBER.negative", column=name, text=self.cells[name]))
        return value

    def whole_number(self, name: str, default: int | None = None) -> int:
        """A whole number of the row, see `number`."""
        value = self.number(name, default)
        if value != int(value):
            raise RecordError(Message.of("BAD_NUMBER.not_whole", column=name, text=self.cells[name]))
        return int(value)

    def value(self, name: str) -> Any:
        """A cell as the file holds it: its text, or the day or number of a workbook."""
        return self.typed.get(name, self.cells.get(name, ""))


def records_in(
    source: Any,
    needed: Sequence[str],
    *,
    optional: Sequence[str] = (),
    numbers: Sequence[str] = (),
    country: str = "",
    decimal: str = "",
    renamed: Mapping[str, str] = MappingProxyType({}),
    words: Mapping[str, str] | None = None,
    name: str = "",
) -> tuple[list[Record], list[Finding]]:
    """The rows of a source by their headings.

    Parameters
    ----------
    source : path, DataFrame or sequence of mappings
        See `tables_in`.
    needed : sequence of str
        Headings that must be there.
    optional : sequence of str
        Further headings that are understood; any other is named in a finding.
    numbers : sequence of str
        Those of them whose cells are numbers.
    country : str
        ISO 3166-1 code of where the file was written.
    decimal : {"", ".", ","}
        The decimal sign that a setting states.
    renamed : mapping of str to str
        Headings that mean something else in these tables than in others.
    words : mapping of str to str, optional
        What folded headings stand for, in the place of ``record_words.csv``.
    name : str, optional
        What findings call the file, e.g. its path in a book; its own name by default.

    Returns
    -------
    tuple of (list of Record, list of Finding)
        A table without a needed heading, or with two of one meaning, has no records and a finding.

    Raises
    ------
    EntriesError
        If the file cannot be read as tables at all.
    """
    known = {*needed, *optional}
    records: list[Record] = []
    findings: list[Finding] = []
    name = name or (Path(source).name if isinstance(source, str | Path) else "")
    spellings = _record_words("heading") if words is None else words

    def name_of(heading: str) -> str:
        found = _name_of(heading, spellings)
        return renamed.get(found, found)

    for table in tables_in(source, knows=lambda text: name_of(text) in known, country=country, name=name):
        findings += table.findings
        headings = [name_of(heading) for heading in table.headings]
        faults = _heading_faults(table, headings, needed, known)
        findings += faults
        if not any(fault.severity == "error" for fault in faults):
            read = read_numbers(
                {name: table.columns[at] for at, name in enumerate(headings) if name in numbers},
                decimal=decimal,
                country=country,
                delimiter=table.delimiter,
            )
            findings += [
                table.place(Finding.from_message(item.comma_example)) for item in read.values() if item.comma_example
            ]
            records += _records_of(table, headings, read)
    return records, findings


def _name_of(heading: str, spellings: Mapping[str, str]) -> str:
    """The field that a heading names, in English."""
    plain = folded(heading)
    return spellings.get(plain, plain)


def _heading_faults(table: Table, headings: list[str], needed: Sequence[str], known: set[str]) -> list[Finding]:
    """What is wrong with the headings of a table: missing, double, misspelt or unknown ones."""
    from carbonledger.tables.headings import nearest_heading

    faults = []
    missing = [name for name in needed if name not in headings]
    if missing:
        shown = tuple(heading for heading in table.headings if heading)
        faults.append(Finding.of("MISSING_COLUMN.records", missing=tuple(missing), headings=shown))
    for at, (written, name) in enumerate(zip(table.headings, headings, strict=True)):
        first = headings.index(name)
        if first < at:
            faults.append(Finding.of("DOUBLE_HEADING", first=table.headings[first], second=written, field=name))
        elif name and name not in known:
            near = nearest_heading(name, known - set(headings))
            faults.append(
                Finding.of("MISSPELT_HEADING", heading=written, proposed=near)
                if near
                else Finding.of("UNKNOWN_HEADING", heading=written, cells=table.columns[at].filled)
            )
    return [table.place(fault, table.heading_row) for fault in faults]


def _records_of(table: Table, headings: list[str], read: Mapping[str, NumberColumn]) -> Iterator[Record]:
    """The rows of a table."""
    for at, (number, cells) in enumerate(table.rows):
        texts = {name: cell_text(cell) for name, cell in zip(headings, cells, strict=True) if name}
        words = {
            name: _record_words("cell").get(text, text) if name in _CODED else "" if is_gap(text) else text
            for name, text in texts.items()
        }
        values: dict[str, float | Message] = {}
        for name, column in read.items():
            if at in column.defects:
                values[name] = column.defects[at]
            elif not math.isnan(column.values[at]):
                values[name] = float(column.values[at])
        typed = {name: cell for name, cell in zip(headings, cells, strict=True) if isinstance(cell, date | float | int)}
        yield Record(table.file, table.sheet, number, words, values, typed)
