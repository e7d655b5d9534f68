"""The rows of a sheet of our own templates, and why a sheet is refused: it is of another book, or a section would read it otherwise."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.wide_tables import WideTable
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period
from carbonledger.tables.column import Column, is_filled, objects
from carbonledger.tables.table import Table
from carbonledger.tables.template_mark import TemplateMark
from carbonledger.tables.template_sheet import WHOLE_YEAR

if TYPE_CHECKING:
    from carbonledger.activity_data.table_settings import TableSettings

__all__ = ["months_as_rows", "period_of_key", "template_fault", "unwritten_rows"]

# A section may only say whether hidden cells count.
_MAY_BE_STATED = frozenset({"file", "sheet", "hidden"})


def template_fault(table: Table, names: Sequence[str], settings: TableSettings | None) -> Finding | None:
    """Why a sheet of a template is not read; None if it is.

    Parameters
    ----------
    table : Table
        With its mark.
    names : sequence of str
        What the company of the book is called; empty if it is read without a book.
    settings : TableSettings or None
        What is stated of it.
    """
    mark = table.template
    if mark is None or not table.headings:
        return None
    if names and not mark.is_of(names):
        return Finding.of("TEMPLATE.other_book", names=mark.names or ("?",), own=tuple(names))
    stated = tuple(sorted(set(settings.model_fields_set) - _MAY_BE_STATED)) if settings else ()
    return Finding.of("TEMPLATE.stated", names=stated) if stated else None


def period_of_key(key: str, mark: TemplateMark) -> Period | None:
    """The month, or the whole year, of a column of amounts; None for any other column."""
    if key == WHOLE_YEAR:
        year, month = map(int, mark.first_month.split("-"))
        return Period(date(year, month, 1), date(year + 1, month, 1))
    return Period.of_month(*map(int, key.split("-"))) if key in mark.months else None


def months_as_rows(table: Table) -> WideTable | None:
    """A sheet with the months across as rows of one amount each; None if it has one amount a row already.

    Parameters
    ----------
    table : Table
        A sheet of a template.

    Returns
    -------
    WideTable or None
        An amount is taken as it stands: a dash in a cell is a finding, as it is in a column of amounts.
    """
    mark = table.template
    if mark is None or mark.part != "months":
        return None
    periods = {at: period for at, key in enumerate(table.headings) if (period := period_of_key(key, mark))}
    labels = [at for at in range(len(table.headings)) if at not in periods]
    stated = list(_written_cells(table, periods))
    cells: dict[str, list[Any]] = {table.headings[at]: [table.columns[at][row] for row, _ in stated] for at in labels}
    cells["amount"] = [table.columns[at][row] for row, at in stated]
    cells["start"] = [periods[at].start for _, at in stated]
    cells["end"] = [periods[at].last_day for _, at in stated]
    numbers = [table.numbers[row] for row, _ in stated]
    columns = tuple(Column(objects(column)) for column in cells.values())
    long = Table(table.file, table.sheet, tuple(cells), columns, numbers, table.heading_row)
    return WideTable(long, read_columns=set(range(len(table.headings))), places=[at for _, at in stated])


def _written_cells(table: Table, periods: Mapping[int, Period]) -> Iterator[tuple[int, int]]:
    """The row and column of each amount; of a row with a document and no amount the first column, whose empty cell is a finding."""
    for row in range(len(table.numbers)):
        written = [at for at in periods if is_filled(table.columns[at][row])]
        yield from ((row, at) for at in written or list(periods)[:1])


def unwritten_rows(table: Table) -> Iterator[Finding]:
    """A note if no amount is written in a template, or if some of its sources have none."""
    if not len(table.numbers) and not table.refused_rows:
        yield table.place(Finding.of("TEMPLATE_UNWRITTEN.none"), table.heading_row)
    elif table.set_aside_rows:
        yield table.place(Finding.of("TEMPLATE_UNWRITTEN.rows", count=table.set_aside_rows), table.heading_row)
