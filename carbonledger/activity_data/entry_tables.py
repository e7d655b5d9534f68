"""One table as entries, whatever its form; or why it is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from carbonledger.activity_data.entry_columns import Conventions
from carbonledger.activity_data.entry_headings import EntryTable, entry_table
from carbonledger.activity_data.entry_rows import RowsRead, read_rows
from carbonledger.activity_data.interval_columns import day_profiles
from carbonledger.activity_data.reject_columns import without_reject_columns
from carbonledger.activity_data.running_meters import running_readings
from carbonledger.activity_data.settled_tables import SettledTable, blank_labels, settled_table
from carbonledger.activity_data.tally import SheetTally
from carbonledger.activity_data.template_rows import months_as_rows, template_fault, unwritten_rows
from carbonledger.activity_data.wide_tables import WideTable, wide_table
from carbonledger.core.findings import Finding, first_error
from carbonledger.core.language import Label
from carbonledger.tables.column import is_filled
from carbonledger.tables.records import cell_text
from carbonledger.tables.table import Table

if TYPE_CHECKING:
    from carbonledger.activity_data.table_settings import TableSettings

__all__ = ["TableRead", "read_table", "refused_table"]

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
    table : Table
        As it came from its file.
    settled : Table
        As its settings say; the same without settings.
    wide : WideTable or None
        The table as a wide one, if it is one.
    settings : TableSettings or None
        What was stated of it.
    """

    rows: RowsRead | None
    findings: tuple[Finding, ...]
    tally: SheetTally
    table: Table
    settled: Table
    wide: WideTable | None = None
    settings: TableSettings | None = None

    @property
    def is_left_aside(self) -> bool:
        """Whether the table is no table of entries, or is left out because its settings say so."""
        return self.rows is None and not self.tally.refused


def read_table(
    table: Table,
    conventions: Conventions,
    *,
    alone: bool,
    settings: TableSettings | None = None,
    is_shared: bool = False,
) -> TableRead:
    """The entries of a table, every finding about it, and what became of its cells.

    Parameters
    ----------
    table : Table
        As it came from its file.
    conventions : Conventions
        How it is read.
    alone : bool
        Whether it is the only one of its source; beside others, one that is no table of entries is left aside with a note.
    settings : TableSettings, optional
        What is stated of it.
    is_shared : bool
        Whether the settings mean other tables too, so that this one need not have every column that they name.

    Returns
    -------
    TableRead
    """
    found = replace(table, findings=tuple(map(_as_question, table.findings)))
    read = _read_as_stated(found, conventions, alone=alone, settings=settings, is_shared=is_shared)
    if not read.is_left_aside:
        return replace(read, table=table)
    # Of what is not read, nobody need say whether it counts.
    kept = tuple(finding for finding in read.findings if finding.rule != "HIDDEN_CELLS")
    return replace(read, table=table, findings=kept)


def _read_as_stated(
    found: Table, conventions: Conventions, *, alone: bool, settings: TableSettings | None, is_shared: bool
) -> TableRead:
    """The entries of a table, as its settings say if there are any."""
    if found.template is not None and not (settings and settings.skip):
        return _read_template(found, conventions, settings)
    settled = SettledTable(without_reject_columns(found))
    if settings is None:
        read = _read(settled.table, conventions, alone=alone, is_meant=False)
        doubts = blank_labels(settled.table, None) if read.rows is not None else ()
        return replace(read, findings=(*read.findings, *doubts))
    if settings.skip:
        note = found.place(Finding.of("TABLE_STATED.skipped"))
        return TableRead(None, (note,), _unread(found, is_refused=False), found, found, settings=settings)
    settled = settled_table(settled.table, settings, conventions.country)
    stated = tuple(_of_several(finding) if is_shared else finding for finding in settled.findings)
    if first_error((*stated, *(item for item in found.findings if item.rule == "TABLE_SETTING"))):
        findings, tally = (*found.findings, *stated), _unread(found, is_refused=True)
        return TableRead(None, findings, tally, found, settled.table, settings=settings)
    own = replace(
        conventions,
        decimal=settings.decimal or conventions.decimal,
        date_order=settings.date_order or conventions.date_order,
    )
    read = _read(settled.table, own, alone=alone, is_meant=True)
    read = replace(read, tally=_own_cells(read, without_reject_columns(found)))
    findings = (*stated, *map(settled.in_own_words, read.findings), *blank_labels(settled.table, settings))
    findings += tuple(_other_year(read, settings))
    return replace(read, findings=findings, settings=settings)


def _read_template(found: Table, conventions: Conventions, settings: TableSettings | None) -> TableRead:
    """The entries of a sheet of our own templates, which says itself how it is read."""
    fault = template_fault(found, conventions.names, settings)
    if fault is not None or not found.headings:
        findings = (*found.findings, *([found.place(fault)] if fault else []))
        return TableRead(None, findings, _unread(found, is_refused=True), found, found, settings=settings)
    long = months_as_rows(found)
    if long is not None:
        read = _read_wide(found, long, conventions)
    else:
        rows = read_rows(entry_table(found, conventions.home or conventions.region), conventions)
        tally = _with_set_aside(rows.tally, found)
        read = TableRead(rows, (*found.findings, *rows.findings), tally, found, found)
    return replace(read, findings=(*read.findings, *unwritten_rows(found)), settings=settings)


def refused_table(table: Table, finding: Finding) -> TableRead:
    """A table that is not read at all, for a reason of its settings."""
    findings = (*table.findings, table.place(finding))
    return TableRead(None, findings, _unread(table, is_refused=True), table, table)


def _as_question(finding: Finding) -> Finding:
    """Whether hidden cells count is a question that somebody has to answer."""
    return finding.as_severity("error") if finding.rule == "HIDDEN_CELLS" else finding


def _of_several(finding: Finding) -> Finding:
    """A column that one of several tables does not have is no error."""
    return finding.as_severity("note") if finding.says.key == "TABLE_SETTING.no_column" else finding


def _other_year(read: TableRead, settings: TableSettings) -> Iterator[Finding]:
    """An error if rows are of another year than the one that is stated of all."""
    years = set(read.rows.columns["year"].distinct()[1]) - {0} if read.rows is not None else set()
    if settings.year and years - {settings.year}:
        finding = Finding.of("TABLE_SETTING.other_year", stated=settings.year, year=min(years - {settings.year}))
        yield read.table.place(finding, read.settled.heading_row)


def _read(table: Table, conventions: Conventions, *, alone: bool, is_meant: bool) -> TableRead:
    """The entries of a table in any form; one that settings mean is one of entries."""
    named = entry_table(table, conventions.home or conventions.region)
    if "amount" not in named.fields and table.headings:
        wide = _wide(table, conventions, alone=alone)
        if wide is not None:
            return _read_wide(table, wide, conventions)
    if not table.headings and not first_error(table.findings) and table.set_aside_rows:
        return TableRead(None, table.findings, _unread(table, is_refused=False), table, table)
    if not alone and not is_meant and not _looks_like_entries(named):
        headings = table.headings[:4] or Label("none", "无")
        finding = table.place(Finding.of("SHEET_NOT_READ", headings=headings), table.heading_row)
        return TableRead(None, (*table.findings, finding), _unread(table, is_refused=False), table, table)
    if not named.is_readable or not table.headings:
        findings = (*table.findings, *named.findings)
        return TableRead(None, findings, _unread(table, is_refused=True), table, table)
    rows = read_rows(named, conventions)
    findings = (*table.findings, *named.findings, *rows.findings)
    return TableRead(rows, findings, _with_set_aside(rows.tally, table), table, table)


def _own_cells(read: TableRead, table: Table) -> SheetTally:
    """An account of the cells of the file: without those of columns that settings add, with the headings of those they ignore."""
    tally = read.tally
    if read.rows is None:
        return _unread(table, is_refused=not read.is_left_aside)
    added = len(read.settled.headings) - len(table.headings)
    ignored = sum(bool(own) and not now for own, now in zip(table.headings, read.settled.headings, strict=False))
    refused = tally.refused - table.refused_rows
    aside = tally.set_aside - table.set_aside_rows
    is_read = len(table.numbers) - refused - aside + 1
    return replace(
        tally,
        cells=tally.cells + ignored - added * (len(table.numbers) + 1),
        cells_read=tally.cells_read - added * is_read,
        cells_refused=tally.cells_refused - added * refused,
        cells_set_aside=tally.cells_set_aside + ignored - added * aside,
    )


def _with_set_aside(tally: SheetTally, table: Table) -> SheetTally:
    """An account with the rows that the settings leave out."""
    count = table.set_aside_rows
    return replace(tally, rows=tally.rows + count, set_aside=tally.set_aside + count) if count else tally


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
        return TableRead(None, (*before, *named.findings), _unread(table, is_refused=True), table, table, wide)
    rows = read_rows(named, conventions)
    findings = (*before, *named.findings, *(_at_its_column(finding, table) for finding in rows.findings))
    return TableRead(rows, findings, _with_set_aside(_tally(table, wide, rows), table), table, table, wide)


def _at_its_column(finding: Finding, table: Table) -> Finding:
    """A finding about an amount at the column that it stands in."""
    if finding.column != "amount" or finding.row is None or finding.row not in table.numbers:
        return finding
    at = list(table.numbers).index(finding.row)
    columns = (
        heading
        for heading, cells in zip(table.headings, table.columns, strict=True)
        if finding.value in {str(cells[at]), cell_text(cells[at])}
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
    """The account of a table that is not read; of one whose headings are not where they are stated to be, every row is refused."""
    rows, cells = len(table.numbers), sum(item.filled for item in table.columns) + sum(map(bool, table.headings))
    left_rows, left_cells = table.set_aside_rows, table.set_aside_cells
    if is_refused and not table.headings:
        rows, cells, left_rows, left_cells = rows + left_rows, cells + left_cells, 0, 0
    return SheetTally(
        table.file,
        table.sheet,
        rows=rows + table.refused_rows + left_rows,
        refused=table.refused_rows + (rows if is_refused else 0),
        set_aside=left_rows + (0 if is_refused else rows),
        cells=cells + table.refused_cells + left_cells,
        cells_refused=table.refused_cells + (cells if is_refused else 0),
        cells_set_aside=left_cells + (0 if is_refused else cells),
    )
