"""One table as entries, whatever its form; or why it is not read."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from carbonledger.activity_data.entry_columns import Conventions
from carbonledger.activity_data.entry_headings import EntryTable, entry_table
from carbonledger.activity_data.entry_rows import RowsRead, read_rows
from carbonledger.activity_data.interval_columns import day_profiles
from carbonledger.activity_data.running_meters import running_readings
from carbonledger.activity_data.tally import SheetTally
from carbonledger.activity_data.wide_tables import WideTable, wide_table
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.tables.column import is_filled
from carbonledger.tables.table import Table

__all__ = ["TableRead", "read_table"]

# Names that spreadsheet programs give to sheets.
_NO_NAME = re.compile(r"(?:sheet|table|tabelle|feuil|工作表|表)\s*\d*", re.IGNORECASE)
_ENOUGH_FIELDS = 2


@dataclass(frozen=True, slots=True)
class TableRead:
    """What was read of a table.

    Parameters
    ----------
    rows : RowsRead or None
        Its entries; None if it is not read.
    findings : tuple of Finding
        Everything that was found, with its place.
    tally : SheetTally
        What became of each row and cell.
    """

    rows: RowsRead | None
    findings: tuple[Finding, ...]
    tally: SheetTally


def read_table(table: Table, conventions: Conventions, *, alone: bool) -> TableRead:
    """The entries of a table, every finding about it, and what became of its cells.

    Parameters
    ----------
    table : Table
        As it came from its file.
    conventions : Conventions
        How it is read.
    alone : bool
        Whether it is the only one of its source; beside others, one that is no table of entries is left aside with a note.

    Returns
    -------
    TableRead
    """
    named = entry_table(table, conventions.home or conventions.region)
    if "amount" not in named.fields and table.headings:
        wide = _wide(table, conventions, alone=alone)
        if wide is not None:
            return _read_wide(table, wide, conventions)
    if not alone and not _looks_like_entries(named):
        headings = table.headings[:4] or Label("none", "无")
        finding = table.place(Finding.of("SHEET_NOT_READ", headings=headings), table.heading_row)
        return TableRead(None, (*table.findings, finding), _unread(table, is_refused=False))
    if not named.is_readable or not table.headings:
        return TableRead(None, (*table.findings, *named.findings), _unread(table, is_refused=True))
    rows = read_rows(named, conventions)
    return TableRead(rows, (*table.findings, *named.findings, *rows.findings), rows.tally)


def _looks_like_entries(named: EntryTable) -> bool:
    """Whether a table has two headings of entries, or one over a table of numbers."""
    if len(named.fields) >= _ENOUGH_FIELDS or not named.fields:
        return bool(named.fields)
    return any(isinstance(cell, float | int) for column in named.table.columns for cell in column.head(100))


def _wide(table: Table, conventions: Conventions, *, alone: bool) -> WideTable | None:
    """A table as a wide one; the name of its sheet is that of a company, or of a site where there are several sheets."""
    is_company = bool(table.sheet) and table.sheet in conventions.listed
    is_site = bool(table.sheet) and not alone and not _NO_NAME.fullmatch(table.sheet)
    place = "entity" if is_company else "site" if is_site else "" if alone else "title"
    decimal, country = conventions.decimal, conventions.country
    return (
        running_readings(table, order=conventions.date_order, country=country)
        or day_profiles(table, decimal=decimal, country=country)
        or wide_table(
            table,
            year=conventions.year,
            decimal=decimal,
            country=country,
            place=place,
            listed=conventions.listed,
        )
    )


def _read_wide(table: Table, wide: WideTable, conventions: Conventions) -> TableRead:
    """The entries of a wide table."""
    named = entry_table(wide.table, conventions.home or conventions.region)
    before = (*table.findings, *wide.findings)
    if not named.is_readable:
        return TableRead(None, (*before, *named.findings), _unread(table, is_refused=True))
    rows = read_rows(named, conventions)
    findings = (*before, *named.findings, *(_at_its_column(finding, table) for finding in rows.findings))
    return TableRead(rows, findings, _tally(table, wide, rows))


def _at_its_column(finding: Finding, table: Table) -> Finding:
    """A finding about an amount at the column that it stands in."""
    if finding.column != "amount" or finding.row is None or finding.row not in table.numbers:
        return finding
    at = list(table.numbers).index(finding.row)
    columns = (
        heading for heading, cells in zip(table.headings, table.columns, strict=True) if str(cells[at]) == finding.value
    )
    return finding.at(column=next(columns, finding.column))


def _tally(table: Table, wide: WideTable, rows: RowsRead) -> SheetTally:
    """What became of each row and cell of a wide table; a row that is refused in part is refused."""
    known = set(table.numbers)
    found = (*rows.findings, *wide.findings)
    refused = {finding.row for finding in found if finding.severity == "error" and finding.row in known} - wide.controls
    set_aside = wide.set_aside - refused
    numbers = np.array(list(table.numbers))
    counted = {"refused": 0, "aside": 0, "read": 0}
    for at, column in enumerate(table.columns):
        for number, cell in zip(numbers.tolist(), column, strict=True):
            if is_filled(cell):
                is_read = number not in set_aside and at in wide.read_columns
                counted["refused" if number in refused else "read" if is_read else "aside"] += 1
    headings = sum(map(bool, table.headings))
    entries = len(numbers) - len(wide.controls) - len(set_aside) - len(refused)
    return SheetTally(
        table.file,
        table.sheet,
        rows=len(numbers) + table.refused_rows,
        entries=entries,
        controls=len(wide.controls),
        refused=len(refused) + table.refused_rows,
        set_aside=len(set_aside),
        cells=headings + sum(counted.values()) + table.refused_cells + table.set_aside_cells,
        cells_read=headings + counted["read"],
        cells_refused=counted["refused"] + table.refused_cells,
        cells_set_aside=counted["aside"] + table.set_aside_cells,
    )


def _unread(table: Table, *, is_refused: bool) -> SheetTally:
    """The account of a table that is not read."""
    rows, cells = len(table.numbers), sum(item.filled for item in table.columns) + sum(map(bool, table.headings))
    return SheetTally(
        table.file,
        table.sheet,
        rows=rows + table.refused_rows,
        refused=table.refused_rows + (rows if is_refused else 0),
        set_aside=0 if is_refused else rows,
        cells=cells + table.refused_cells + table.set_aside_cells,
        cells_refused=table.refused_cells + (cells if is_refused else 0),
        cells_set_aside=table.set_aside_cells + (0 if is_refused else cells),
    )
