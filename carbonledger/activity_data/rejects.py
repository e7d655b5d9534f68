"""The refused rows of a file with their original cells, why each is refused and what to do: to be mended and read again.

Of a row of months or carriers that is refused in part, only the refused cells stand in the list, so that nothing is counted twice when the
mended list is read beside the file. Refused differences of running readings stand there with the reading before and the reading after.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.entry_headings import NUMBER_FIELDS, field_of_heading
from carbonledger.activity_data.reading_explanation import ReadingExplanation, TableReading
from carbonledger.activity_data.reject_columns import without_reject_columns
from carbonledger.core.errors import PeriodError
from carbonledger.core.findings import Finding
from carbonledger.core.number_text import NumberText, number_text
from carbonledger.core.period_texts import DateOrder, numeric_day, parse_date
from carbonledger.tables.table import Table

__all__ = ["RejectedRow", "RejectedTable", "rejected_tables"]

_DATES = frozenset({"start", "end", "period"})


@dataclass(frozen=True, slots=True)
class RejectedRow:
    """A refused row.

    Parameters
    ----------
    number : int
        As the file counts it.
    cells : tuple of object
        Under the headings of its table, and perhaps beyond them.
    reasons : tuple of Finding
        Why it is refused.
    """

    number: int
    cells: tuple[Any, ...]
    reasons: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class RejectedTable:
    """The refused rows of one table.

    Parameters
    ----------
    table : Table
        Where they stand.
    headings : tuple of str
        Over their cells, as written.
    titles : tuple of str
        What the table says above its headings, or its file and sheet, where that tells the year or the site; else empty.
    rows : tuple of RejectedRow
        In the order of the file.
    """

    table: Table
    headings: tuple[str, ...]
    titles: tuple[str, ...]
    rows: tuple[RejectedRow, ...]


def rejected_tables(explanation: ReadingExplanation) -> list[RejectedTable]:
    """The refused rows of each table that has some.

    Parameters
    ----------
    explanation : ReadingExplanation
        How the file is read.

    Returns
    -------
    list of RejectedTable
        Of a table with settings, the columns stand under what they hold and beside what all rows have in common, so that the list can be
        read without these settings.
    """
    return [
        item
        for table in explanation.tables
        if table.shape != "aside"
        for item in _rejected(table, explanation.entries)
        if item.rows
    ]


def _rejected(reading: TableReading, entries: Entries) -> Iterator[RejectedTable]:
    """The refused rows of one table; those of running readings as differences, and apart from them rows that are no reading."""
    read = reading.read
    of_rows, of_table = _errors(reading, entries)
    table = without_reject_columns(read.table)
    added = tuple(column[0] for column in read.settled.columns[len(table.headings) :] if len(column))
    found = {number: (*_of_width(cells, len(table.headings), added),) for number, cells in table.refused}
    if read.rows is None:
        found |= {number: tuple(cells) for number, cells in table.rows}
        yield _listed(reading, replace(table, refused=()), found, of_rows, of_table)
        return
    if read.wide is not None and (read.wide.openings or read.table.template is not None):
        yield RejectedTable(table, read.wide.table.headings, (), tuple(_reading_rows(reading, of_rows)))
        differences = set(read.wide.table.numbers)
        chosen: dict[int, set[int] | None] = {
            at: None for at, number in enumerate(table.numbers) if number in of_rows and number not in differences
        }
    elif read.wide is not None and read.wide.intervals:
        chosen = {at: None for at, number in enumerate(table.numbers) if number in of_rows}
    elif read.wide is not None:
        chosen = _refused_columns(reading)
    else:
        chosen = _refused_rows(reading, entries, set(of_rows))
    found |= dict(_cells_of(chosen, reading))
    yield _listed(reading, read.settled, found, of_rows, of_table)


def _of_width(cells: Sequence[Any], width: int, added: tuple[Any, ...]) -> Iterator[Any]:
    """The cells of a row that broke the form, with those that its settings add behind the headings, and what is left behind them."""
    yield from cells[:width]
    yield from [None] * (width - len(cells))
    yield from added
    yield from cells[width:]


def _listed(
    reading: TableReading,
    form: Table,
    found: Mapping[int, tuple[Any, ...]],
    of_rows: Mapping[int, list[Finding]],
    of_table: tuple[Finding, ...],
) -> RejectedTable:
    """Refused rows under the headings of a form of their table, without the columns that its settings ignore."""
    read = reading.read
    own = without_reject_columns(read.table)
    ignored = {at for at, (now, was) in enumerate(zip(form.headings, own.headings, strict=False)) if was and not now}
    kept = [at for at in range(len(form.headings)) if at not in ignored]
    rows = []
    for number in sorted(found):
        cells = found[number]
        chosen = (*(cells[at] for at in kept if at < len(cells)), *cells[len(form.headings) :])
        rows.append(RejectedRow(number, chosen, tuple(of_rows.get(number, ())) or of_table))
    titles = own.titles or (f"{own.file} {own.sheet}".strip(),)
    has_title = read.wide is not None and not read.wide.openings
    return RejectedTable(own, tuple(form.headings[at] for at in kept), titles if has_title else (), tuple(rows))


def _errors(reading: TableReading, entries: Entries) -> tuple[Mapping[int, list[Finding]], tuple[Finding, ...]]:
    """The errors of each row, and those of the whole table."""
    table = reading.read.table
    numbers = {*table.numbers, *(number for number, _ in table.refused)}
    of_rows: dict[int, list[Finding]] = {}
    of_table = []
    for finding in entries.findings:
        if finding.severity != "error" or (finding.file, finding.sheet) != (table.file, table.sheet):
            continue
        if finding.row in numbers and finding.row is not None:
            of_rows.setdefault(finding.row, []).append(finding)
        else:
            of_table.append(finding)
    return of_rows, tuple(of_table)


def _refused_rows(reading: TableReading, entries: Entries, faulty: set[int]) -> dict[int, set[int] | None]:
    """The positions of refused rows, with all their cells; also of those that repeat or contradict others."""
    read = reading.read
    table = read.settled
    refused = set(read.rows.refused) if read.rows is not None else set()
    frame = entries.frame
    own = frame[(frame["file"] == table.file) & (frame["sheet"] == table.sheet)]
    left = set(own["row"].tolist())
    were = set(read.rows.rows.tolist()) if read.rows is not None else set()
    gone = were - left
    return {
        at: None for at, number in enumerate(table.numbers) if at in refused or (number in gone and number in faulty)
    }


def _refused_columns(reading: TableReading) -> dict[int, set[int] | None]:
    """The positions of the rows of a wide table that are refused, at least in part, with their refused columns."""
    read = reading.read
    chosen: dict[int, set[int] | None] = {}
    if read.wide is None or read.rows is None:
        return chosen
    place = {number: at for at, number in enumerate(read.settled.numbers)}
    for at in read.rows.refused:
        columns = chosen.setdefault(place[read.wide.table.numbers[at]], set())
        if columns is not None:
            columns.add(read.wide.places[at])
    return chosen


def _cells_of(chosen: Mapping[int, set[int] | None], reading: TableReading) -> Iterator[tuple[int, tuple[Any, ...]]]:
    """The cells of chosen rows; of a wide row the labels and the refused amounts only."""
    wide, table = reading.read.wide, reading.read.settled
    labels = {at for at, heading in enumerate(reading.read.settled.headings) if field_of_heading(heading)}
    for at, columns in chosen.items():
        kept = None if wide is None or columns is None else columns | labels
        yield (
            table.numbers[at],
            tuple(
                _plain(cells[at], reading, column) if kept is None or column in kept else None
                for column, cells in enumerate(table.columns)
            ),
        )


def _plain(cell: Any, reading: TableReading, column: int) -> Any:
    """A cell as it is; a number or day that only its column told how to read, in a form that needs no other cell."""
    if not isinstance(cell, str):
        return cell
    field = field_of_heading(reading.read.settled.headings[column])
    wide = reading.read.wide
    is_amount = wide is not None and column in {*wide.places, *wide.intervals}
    if reading.decimal and (is_amount or field in NUMBER_FIELDS or field == "reading"):
        number = number_text(cell)
        if isinstance(number, NumberText) and number.is_open:
            return float(number.value(reading.decimal))
    if reading.date_order and field in _DATES and (numeric_day(cell) or ("", "x"))[1] == "":
        return _day(cell, reading.date_order)
    return cell


def _day(cell: str, order: DateOrder) -> Any:
    """A day with its year first; the text itself if it is none."""
    try:
        return parse_date(cell, order)
    except PeriodError:
        return cell


def _reading_rows(reading: TableReading, of_rows: Mapping[int, list[Finding]]) -> Iterator[RejectedRow]:
    """The refused differences between two readings, each with both readings and its days."""
    wide, rows = reading.read.wide, reading.read.rows
    if wide is None or rows is None:
        return
    table = wide.table
    for at in rows.refused:
        number = table.numbers[at]
        cells = tuple(_plain_reading(column[at], reading) for column in table.columns)
        yield RejectedRow(number, cells, tuple(of_rows.get(number, ())))


def _plain_reading(cell: Any, reading: TableReading) -> Any:
    """A reading that needs no other cell to be read."""
    number = number_text(cell) if isinstance(cell, str) and reading.decimal else None
    is_open = isinstance(number, NumberText) and number.is_open
    return float(number.value(reading.decimal)) if is_open and isinstance(number, NumberText) else cell
