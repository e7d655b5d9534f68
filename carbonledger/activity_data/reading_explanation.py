"""How a file is read, table by table: headings, columns, decimal sign, order of dates, total rows, and the entries that follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.cell import Cell
from carbonledger.activity_data.column_guesses import guessed_field
from carbonledger.activity_data.date_columns import order_of_dates
from carbonledger.activity_data.entries import Entries, entries_of
from carbonledger.activity_data.entry_columns import Conventions
from carbonledger.activity_data.entry_headings import NUMBER_FIELDS, EntryTable, entry_table, field_of_heading
from carbonledger.activity_data.entry_tables import TableRead
from carbonledger.activity_data.row import read_words
from carbonledger.activity_data.source_tables import tables_read
from carbonledger.activity_data.template_rows import period_of_key
from carbonledger.activity_data.total_rows import is_total
from carbonledger.activity_data.wide_headings import WITHOUT_YEAR, month_of
from carbonledger.core.date_order import date_order
from carbonledger.core.findings import Finding
from carbonledger.core.period_texts import DateOrder
from carbonledger.tables.number_columns import read_numbers
from carbonledger.tables.records import cell_text
from carbonledger.tables.template_mark import TemplateMark

if TYPE_CHECKING:
    import pandas as pd

    from carbonledger.activity_data.table_settings import TableSettings

__all__ = ["ColumnReading", "ReadingExplanation", "TableReading", "explain_reading"]

_CONTROLS = frozenset({"TOTAL_ROW", "TOTAL_DISAGREES", "WIDE_TABLE.row_agrees"})
_LEFT = frozenset({"ROW_WITHOUT_AMOUNT", "WIDE_TABLE.nothing", "WIDE_TABLE.one_reading"})
_PLACES = frozenset({"entity", "site", "source"})
_SHOWN = ("row", "entity", "site", "source", "activity", "amount", "unit", "start", "end")


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """What a column is taken for.

    Parameters
    ----------
    heading : str
        As written.
    holds : str
        A field, an activity, a month, ``total``, ``interval``, or ``ignore`` where it is not read.
    unit : str
        The unit that the heading states, in the library's spelling.
    is_certain : bool
        Whether nobody need be asked.
    """

    heading: str
    holds: str
    unit: str = ""
    is_certain: bool = True


@dataclass(frozen=True, slots=True)
class TableReading:
    """How a table is read.

    Parameters
    ----------
    read : TableRead
        What was read of it.
    shape : {"rows", "months", "carriers", "readings", "intervals", "refused", "aside"}
        One amount a row; one column a month or a carrier; running readings; one column an interval of the day; or not read at all, as an
        error or because it is no table of entries.
    columns : tuple of ColumnReading
        In the order of the table.
    common : dict of str to str
        The company, site or meter that the name of the sheet, or a title, gives to all rows.
    decimal : {"", ".", ","}
        The decimal sign of its numbers; empty if no cell needs it or it is not settled.
    date_order : {"", "day_first", "month_first"}
        What 03/04/2024 means in it; empty likewise.
    """

    read: TableRead
    shape: str
    columns: tuple[ColumnReading, ...]
    common: Mapping[str, str]
    decimal: str = ""
    date_order: DateOrder = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Everything that was found, with its place."""
        return self.read.findings

    @property
    def control_rows(self) -> list[int]:
        """The rows that are totals."""
        return self._rows_of(_CONTROLS)

    @property
    def rows_left(self) -> list[int]:
        """The rows that state nothing, such as remarks."""
        return self._rows_of(_LEFT)

    def _rows_of(self, keys: frozenset[str]) -> list[int]:
        """The rows of some findings."""
        known = set(self.read.table.numbers)
        found = [item.row for item in self.findings if {item.rule, item.says.key} & keys]
        return sorted({row for row in found if row is not None and row in known})

    def to_dict(self) -> dict[str, Any]:
        """The reading as plain data."""
        table = self.read.table
        return {
            "file": table.file,
            "sheet": table.sheet,
            "shape": self.shape,
            "heading_row": table.heading_row if table.headings else None,
            "columns": [
                {"heading": item.heading, "holds": item.holds, "unit": item.unit, "certain": item.is_certain}
                for item in self.columns
            ],
            "common": dict(self.common),
            "decimal": self.decimal,
            "date_order": self.date_order,
            "control_rows": self.control_rows,
            "rows_left": self.rows_left,
        }


@dataclass(frozen=True, slots=True)
class ReadingExplanation:
    """How a file is read.

    Parameters
    ----------
    entries : Entries
        What follows from it.
    tables : tuple of TableReading
        In the order of the file.
    """

    entries: Entries
    tables: tuple[TableReading, ...]

    def preview(self, table: TableReading, count: int = 5) -> pd.DataFrame:
        """The first entries of a table: row, company, site, source, activity, amount, unit, first day, and the day after the last."""
        frame = self.entries.frame
        own = frame[(frame["file"] == table.read.table.file) & (frame["sheet"] == table.read.table.sheet)]
        return own[list(_SHOWN)].head(count)


def explain_reading(
    source: Any, conventions: Conventions, settings: Sequence[TableSettings] = (), *, name: str = ""
) -> ReadingExplanation:
    """How a source is read, table by table.

    Parameters
    ----------
    source : path, DataFrame, or sequence of mappings
        See `read_entries`.
    conventions : Conventions
        How it is read.
    settings : sequence of TableSettings
        What is stated of its tables.
    name : str
        What findings call the file.

    Returns
    -------
    ReadingExplanation

    Raises
    ------
    EntriesError
        If the source cannot be read at all.
    """
    parts = tables_read(source, conventions, settings, name)
    return ReadingExplanation(entries_of(parts, settings), tuple(_table_reading(part, conventions) for part in parts))


def _table_reading(read: TableRead, conventions: Conventions) -> TableReading:
    """How one table is read."""
    named = entry_table(read.settled, conventions.home or conventions.region)
    shape = _shape(read)
    if shape == "aside" or not read.table.headings:
        return TableReading(read, shape, (), {})
    if read.table.template is not None:
        columns = tuple(_template_column(key, read.table.template) for key in read.table.headings)
        return TableReading(read, shape, columns, {})
    year = _year_of_months(read)
    columns = tuple(_columns(read, named, year, conventions))
    order = _order(read, named, conventions)
    return TableReading(read, shape, columns, _common(read), _decimal(read, named, conventions), order)


def _template_column(key: str, mark: TemplateMark) -> ColumnReading:
    """What a column of a template is: the field or the period of its key."""
    return ColumnReading(key, str(period_of_key(key, mark) or key))


def _shape(read: TableRead) -> str:
    """The form of a table."""
    if read.is_left_aside:
        return "aside"
    if read.wide is None or read.table.template is not None:
        return "refused" if read.rows is None else "rows" if read.wide is None else "months"
    if read.wide.openings or read.wide.intervals:
        return "readings" if read.wide.openings else "intervals"
    months = any(month_of(read.settled.headings[at]) for at in read.wide.places)
    return "months" if months or _has_plain_months(read) else "carriers"


def _has_plain_months(read: TableRead) -> bool:
    """Whether the columns of amounts are months called 1 to 12."""
    return bool(read.wide and read.wide.places) and all(
        read.settled.headings[at].isdecimal() for at in (read.wide.places if read.wide else ())
    )


def _columns(read: TableRead, named: EntryTable, year: str, conventions: Conventions) -> list[ColumnReading]:
    """What each column is taken for."""
    taken: set[str] = set()
    found = []
    added = set(range(len(read.table.headings), len(read.settled.headings)))
    for at, heading in enumerate(read.settled.headings):
        own = read.table.headings[at] if at < len(read.table.headings) else heading
        if not own or at in added:
            continue
        wide = _wide_column(read, at, year, conventions) if read.wide is not None else None
        name = field_of_heading(heading) or named.field_at(at)
        if wide is not None:
            found.append(ColumnReading(own, *wide))
        elif name and name not in taken:
            taken.add(name)
            found.append(ColumnReading(own, name, named.units.get(name, "")))
        elif read.wide is not None and is_total(heading):
            found.append(ColumnReading(own, "total"))
        elif not heading or _is_noted(read, own):
            found.append(ColumnReading(own, "ignore"))
        else:
            found.append(_unknown_column(read, at, own, {column.holds for column in found}))
    return found


def _unknown_column(read: TableRead, at: int, own: str, held: set[str]) -> ColumnReading:
    """What a column of a table that is not read may hold."""
    month = month_of(own)
    if month:
        return ColumnReading(own, f"month {int(month[1:])}" if month.startswith("-") else month)
    guess = guessed_field(read.settled.columns[at])
    return ColumnReading(own, guess if guess and guess not in held else "ignore", "", is_certain=False)


def _is_noted(read: TableRead, heading: str) -> bool:
    """Whether a column is left aside with no more than a note, and the table does not lack one."""
    errors = [item for item in read.findings if item.severity == "error"]
    is_lacking = any(item.rule == "MISSING_COLUMN" for item in errors)
    named = {item.column for item in errors if item.rule in {"MISSPELT_HEADING", "DOUBLE_HEADING"}}
    return not is_lacking and heading not in named


def _wide_column(read: TableRead, at: int, year: str, conventions: Conventions) -> tuple[str, str, bool] | None:
    """The month, or the activity and unit, of a column of amounts; None for any other column."""
    wide = read.wide
    heading = read.settled.headings[at]
    if wide is None or wide.openings or at not in wide.read_columns:
        return None
    if at in wide.intervals:
        return "interval", "", True
    month = _month(read, heading)
    if month and not field_of_heading(heading):
        without_year = f"month {int(month[1:])}" if month.startswith("-") else month
        return (f"{year}{month}" if year and month.startswith(WITHOUT_YEAR) else without_year), "", True
    if at not in wide.places:
        return None
    row = wide.places.index(at)
    cells = {name: str(column[row]) for name, column in zip(wide.table.headings, wide.table.columns, strict=True)}
    words = {name: Cell(cells.get(name, ""), name) for name in ("activity", "unit")}
    home = conventions.home or conventions.region
    activity = read_words(words, conventions.region, home, "", conventions.activities)[0]["activity"]
    name = cells.get("activity", "")
    if any(item.rule == "UNKNOWN_ACTIVITY" and dict(item.says.values).get("text") == name for item in read.findings):
        # The other columns may make a question of a name that means one thing by itself.
        activity = ""
    return activity or name, cells.get("unit", ""), bool(activity)


def _month(read: TableRead, heading: str) -> str:
    """The month that a heading names, also where months are called 1 to 12."""
    plain = f"-{int(heading):02d}" if heading.isdecimal() and _has_plain_months(read) else ""
    return month_of(heading) or plain


def _common(read: TableRead) -> dict[str, str]:
    """What is taken of all rows from the name of the sheet, or from what stands above the headings."""
    wide = read.wide
    if wide is None or wide.openings or wide.intervals or not len(wide.table.numbers):
        return {}
    own = {field_of_heading(heading) for heading in read.settled.headings} - {""}
    return {
        name: cell_text(wide.table.columns[at][0])
        for at, name in enumerate(wide.table.headings)
        if name in _PLACES and name not in own and len(wide.table.columns[at].distinct()[1]) == 1
    }


def _year_of_months(read: TableRead) -> str:
    """The year of months without one, as a title, the sheet or the reporting year tells it; empty if each row states its own."""
    wide = read.wide
    if wide is None or not wide.places or "period" not in wide.table.headings:
        return ""
    if "year" in {field_of_heading(heading) for heading in read.table.headings}:
        return ""
    return str(wide.table.columns[wide.table.headings.index("period")][0])[:4]


def _decimal(read: TableRead, named: EntryTable, conventions: Conventions) -> str:
    """The decimal sign that all columns of numbers agree on; empty if they do not, or none needs one."""
    places = {*read.wide.places, *read.wide.intervals} if read.wide is not None else set()
    places |= {at for name, at in named.fields.items() if name in NUMBER_FIELDS or name == "reading"}
    stated = read.settings.decimal if read.settings else ""
    columns = read_numbers(
        {str(at): read.settled.columns[at].cells for at in sorted(places)},
        decimal=stated or conventions.decimal,
        country=conventions.country,
        delimiter=read.settled.delimiter,
    )
    is_open = any(
        message.key.startswith("DECIMAL_SIGN") for item in columns.values() for message in item.defects.values()
    )
    signs = {item.decimal for item in columns.values()} - {""}
    return signs.pop() if len(signs) == 1 and not is_open else stated


def _order(read: TableRead, named: EntryTable, conventions: Conventions) -> DateOrder:
    """The order of day and month; empty if no cell needs it, or it is not settled."""
    stated = read.settings.date_order if read.settings else ""
    stated = stated or conventions.date_order
    if read.wide is not None and read.wide.openings:
        at = named.fields.get("period", named.fields.get("start", -1))
        return stated or date_order(read.settled.columns[at].distinct()[1], conventions.country)[0]
    return order_of_dates(named, stated, conventions.country)[0]
