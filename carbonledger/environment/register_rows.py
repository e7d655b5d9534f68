"""Rows of the environmental registers: their words, exact numbers, periods, and the finding for a row that cannot be counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from carbonledger.activity_data.total_rows import is_total
from carbonledger.core.errors import CarbonLedgerError, EntriesError, RecordError, UnitError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label
from carbonledger.core.period_texts import parse_period
from carbonledger.core.periods import Period
from carbonledger.core.rounding import decimal_of
from carbonledger.core.units import canonical_unit
from carbonledger.environment.vocabulary import Word, find_word, headings, words_of
from carbonledger.tables.number_columns import read_numbers
from carbonledger.tables.records import Record, records_in

__all__ = ["Columns", "Place", "RegisterRow", "as_findings", "counted_rows", "leaves_rows_out", "read_rows", "refused"]

# How laboratories write a result below the limit of detection: <0.05, ND<0.05, or 0.05L (HJ 91.1-2019, 0.05L in reports on water).
_BELOW = re.compile(
    r"\s*(?:nd|未检出)?\s*(?:<|＜|﹤|≤)\s*(?P<first>[\d.,]+)\s*|\s*(?P<last>[\d.,]+)\s*l\s*", re.IGNORECASE
)
_NOT_DETECTED = re.compile(r"\s*(?:nd|未检出|n\.d\.|not detected)\s*", re.IGNORECASE)
# The rules that keep rows out of a register, where they are errors.
_OF_ROWS = frozenset({"ENVIRONMENT_ROW", "ENVIRONMENT_TABLE", "ENVIRONMENT_PERIOD", "WATER_DENSITY"})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a register.

    Parameters
    ----------
    needed, optional : tuple of str
        Headings that must be there, and others that are understood.
    numbers : tuple of str
        Those whose cells are numbers.
    """

    needed: tuple[str, ...]
    optional: tuple[str, ...]
    numbers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands.

    Parameters
    ----------
    file, sheet : str
        Its file and sheet.
    row : int
        As a spreadsheet shows it.
    """

    file: str
    sheet: str
    row: int

    def place(self, finding: Finding) -> Finding:
        """A finding at this row."""
        return finding.at(file=self.file, sheet=self.sheet, row=self.row)

    def __str__(self) -> str:
        return f"{self.file}:{self.row}"


def refused(case: str, **values: Any) -> RecordError:
    """Why a row cannot be counted: a case of the rule ENVIRONMENT_ROW."""
    return RecordError(Message.of(f"ENVIRONMENT_ROW.{case}", **values))


@dataclass(frozen=True, slots=True)
class RegisterRow:
    """One row of a register.

    Parameters
    ----------
    place : Place
        Where it stands.
    cells : mapping of str to str
        Text by heading, in English whatever the file says; empty for an empty cell.
    numbers : mapping of str to Decimal or Message
        The numbers, exactly as written; a message where the cell is none.
    below : mapping of str to bool
        Whether a number is the limit of detection that the result is below.
    typed : mapping of str to object
        The cells as a workbook holds them.
    """

    place: Place
    cells: Mapping[str, str]
    numbers: Mapping[str, Decimal | Message]
    below: Mapping[str, bool]
    typed: Mapping[str, Any]

    def text(self, name: str) -> str:
        """A cell; empty if the column is missing."""
        return self.cells.get(name, "")

    def word(self, column: str, words: str, *, default: str | None = None) -> Word | None:
        """The word of a list in a cell; None for an empty cell that may be.

        Raises
        ------
        RecordError
            If the cell has another word, or is empty and has no default.
        """
        text = self.text(column) or (default or "")
        if not text:
            if default is None:
                raise refused("empty", column=_label(column))
            return None
        found = find_word(words, text)
        if found is None:
            known = tuple(item.label for item in words_of(words).values())
            raise refused("unknown_word", column=_label(column), text=text, known=known)
        return found

    def needed_word(self, column: str, words: str) -> Word:
        """The word of a list in a cell that may not be empty, see `word`."""
        found = self.word(column, words)
        if found is None:
            raise refused("empty", column=_label(column))
        return found

    def key(self, column: str, words: str, *, default: str | None = None) -> str:
        """The key of the word of a list in a cell, see `word`; empty for an empty cell that may be."""
        found = self.word(column, words, default=default)
        return found.key if found else ""

    def number(self, name: str) -> Decimal:
        """A number of the row, 0 or more, in the unit of the row.

        Raises
        ------
        RecordError
            If the cell is empty, no number, negative, or a result below detection where an amount is needed.
        """
        value = self.optional_number(name)
        if value is None:
            raise refused("empty", column=_label(name))
        if self.below.get(name):
            raise refused("below_detection", column=_label(name), text=self.text(name))
        return value

    def measured(self, name: str) -> Decimal:
        """A result, or the limit of detection that it is below (see `below`), 0 or more.

        Raises
        ------
        RecordError
            If the cell is empty, no number, or negative.
        """
        value = self.optional_number(name)
        if value is None:
            raise refused("empty", column=_label(name))
        return value

    def optional_number(self, name: str) -> Decimal | None:
        """A number of the row, 0 or more, perhaps a limit of detection; None for an empty cell."""
        value = self.numbers.get(name)
        if isinstance(value, Message):
            raise RecordError(value)
        if value is not None and value < 0:
            raise refused("negative", column=_label(name), text=self.text(name))
        return value

    def unit(self, region: str = "") -> str:
        """The registry's spelling of the row's unit; empty if there is none.

        Raises
        ------
        RecordError
            If nobody knows the unit, and for ppm, which no mass can be told from.
        """
        text = self.text("unit")
        if not text:
            return ""
        if re.fullmatch(r"pp[mb]v?", text.strip().casefold()):
            raise refused("ppm", unit=text)
        try:
            return canonical_unit(text, region)
        except UnitError as error:
            raise refused("unknown_unit", unit=text, problem=error.says or str(error)) from error

    def needed_unit(self, region: str = "") -> str:
        """The registry's spelling of the unit of a row that must have one, see `unit`."""
        found = self.unit(region)
        if not found:
            raise refused("empty", column=_label("unit"))
        return found

    @property
    def period(self) -> Period:
        """When: a day, a month or a year.

        Raises
        ------
        RecordError
            If the cell is empty.
        PeriodError
            If it is no period.
        """
        if not self.text("period"):
            raise refused("empty", column=_label("period"))
        return parse_period(self.typed.get("period", self.text("period")))

    def exact(self, name: str, factor: Fraction) -> Fraction:
        """A number of the row times a conversion, exactly."""
        return Fraction(self.number(name)) * factor


def _label(column: str) -> Label:
    """A column as findings name it."""
    found = words_of("heading").get(column)
    return Label(f"{found.label.en} ({column})", f"{found.label.zh}（{column}）") if found else Label(column, column)


def as_findings(findings: Iterable[Finding]) -> list[Finding]:
    """Findings of reading tables, as what they are here: a register may be incomplete, the inventory is not."""
    return [
        item if item.effect == "environment" else replace(item, says=Message.of(_table_rule(item), problem=item.says))
        for item in findings
    ]


def _table_rule(finding: Finding) -> str:
    """An error leaves rows out; anything less says how the table was read."""
    return "ENVIRONMENT_TABLE" if finding.severity == "error" else "ENVIRONMENT_TABLE.read_so"


def leaves_rows_out(findings: Iterable[Finding]) -> bool:
    """Whether findings keep rows out of a register, so that no sum over it is a total."""
    return any(item.rule in _OF_ROWS and item.severity == "error" for item in findings)


def read_rows(
    path: Path, columns: Columns, country: str = "", decimal: str = "", name: str = ""
) -> tuple[list[RegisterRow], list[Finding]]:
    """The rows of a register.

    Parameters
    ----------
    path : Path
        A CSV file or workbook, with headings in English or Chinese (``words.csv``).
    columns : Columns
        Which headings there are.
    country, decimal, name : str
        See `records_in`.

    Returns
    -------
    tuple of (list of RegisterRow, list of Finding)
        A file that cannot be read has no rows and a finding.
    """
    try:
        records, findings = records_in(
            path, columns.needed, optional=columns.optional, country=country, words=headings(), name=name
        )
    except EntriesError as error:
        return [], as_findings(error.findings)
    numbers = {name: _numbers(records, name, country, decimal) for name in columns.numbers}
    rows = [
        RegisterRow(
            Place(record.file, record.sheet, record.row),
            record.cells,
            {name: value for name, column in numbers.items() if (value := column[at][0]) is not None},
            {name: column[at][1] for name, column in numbers.items()},
            record.typed,
        )
        for at, record in enumerate(records)
    ]
    return rows, as_findings(findings)


def _numbers(
    records: Sequence[Record], name: str, country: str, decimal: str
) -> list[tuple[Decimal | Message | None, bool]]:
    """The numbers of a column, each with whether the result is below it."""
    cells: list[Any] = []
    below: list[bool] = []
    for record in records:
        cell = record.typed.get(name, record.cells.get(name, ""))
        found = _BELOW.fullmatch(cell) if isinstance(cell, str) else None
        cells.append((found["first"] or found["last"]) if found else cell)
        below.append(bool(found))
    read = read_numbers({name: cells}, decimal=decimal, country=country)[name]
    values: list[tuple[Decimal | Message | None, bool]] = []
    for at, (cell, is_below) in enumerate(zip(cells, below, strict=True)):
        if isinstance(cell, str) and _NOT_DETECTED.fullmatch(cell):
            values.append((Message.of("ENVIRONMENT_ROW.no_detection_limit", text=cell), is_below))
        elif at in read.defects:
            values.append((Message.of("ENVIRONMENT_ROW.unreadable", problem=read.defects[at]), is_below))
        else:
            number = None if read.is_gap(at) else decimal_of(float(read.values[at]))
            values.append((number, is_below))
    return values


def counted_rows(
    rows: Iterable[RegisterRow], of_row: Callable[[RegisterRow], Any], findings: list[Finding]
) -> Iterable[tuple[RegisterRow, Any]]:
    """What each row gives; a row that gives nothing is a finding at its place.

    Parameters
    ----------
    rows : iterable of RegisterRow
        As read.
    of_row : callable
        Makes a record of a row, or raises why it cannot.
    findings : list of Finding
        Where the findings go.

    Yields
    ------
    tuple of (RegisterRow, object)
    """
    for row in rows:
        if any(is_total(text, by_name=False) for text in row.cells.values()):
            findings.append(row.place.place(Finding.of("ENVIRONMENT_TOTAL")))
            continue
        try:
            made = of_row(row)
        except CarbonLedgerError as error:
            says = error.says or Message.of("ENVIRONMENT_ROW.other", problem=str(error))
            own = says if says.rule.effect == "environment" else Message.of("ENVIRONMENT_ROW.unreadable", problem=says)
            findings.append(row.place.place(Finding.from_message(own)))
            continue
        yield row, made
