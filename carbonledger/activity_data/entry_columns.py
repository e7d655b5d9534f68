"""The columns of a table of entries, each read by its distinct texts; numbers by the convention of the whole column."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carbonledger.activity_data.activity_meanings import settle_by_table
from carbonledger.activity_data.amounts import Amounts, read_amounts
from carbonledger.activity_data.biofuel_blends import fossil_base
from carbonledger.activity_data.cell import Cell
from carbonledger.activity_data.cutoff import Weights
from carbonledger.activity_data.date_columns import lost_zeros, order_of_dates, start_times
from carbonledger.activity_data.entry_headings import NUMBER_FIELDS, EntryTable
from carbonledger.activity_data.exclusive_ends import exclusive_ends
from carbonledger.activity_data.heat_content import heat_content_of, needs_heat_content
from carbonledger.activity_data.printed_amounts import amount_roundings
from carbonledger.activity_data.row import crosses_year, read_period, read_words
from carbonledger.core.findings import Finding, Message
from carbonledger.core.number_text import is_gap
from carbonledger.core.percent_limits import percent_limits
from carbonledger.core.period_texts import DateOrder
from carbonledger.core.periods import Period
from carbonledger.tables.column import Column, combined
from carbonledger.tables.number_columns import NumberColumn, read_numbers

__all__ = ["Conventions", "RowColumns", "read_columns"]

_WORDS = ("activity", "unit", "heating_value", "factor", "data_type", "scope_3_category", "region")
_PERIOD = ("start", "end", "period", "year", "month")
_NUMBERED = frozenset({"entry_id", "supersedes", "source", "evidence"})
_CUT = re.compile(r"\d(?:[.,]\d+)?E\+\d{2,3}", re.ASCII | re.IGNORECASE)
# Words for a gap are no longer than this.
_LONGEST_GAP = 4
_TEXTS = ("entry_id", "entity", "site", "source", "evidence", "supersedes", "note")


@dataclass(frozen=True, slots=True)
class Conventions:
    """How the rows of a source are read.

    Parameters
    ----------
    region : str
        The region of entries that name none.
    entity_of : callable or None
        Turns the name of a company as written into its id.
    prorate : bool or Weights
        Whether and by what a period that crosses the end of a year is divided.
    first_month : int
        The first month of the reporting year.
    decimal : {"", ".", ","}
        The decimal sign that a setting states.
    listed : collection of str
        Names of companies and sites; one that sounds like a total is none.
    date_order : {"", "day_first", "month_first"}
        What 03/04/2024 means, as a setting states.
    home : str
        The region of the reporter: it settles conventions and names that several countries share, and is given to no entry.
    year : int
        The reporting year, for months whose year nothing states; 0 if it is not known.
    activities : mapping of str to str
        Activities by names of the reporter's own.
    priced : callable
        Gives the activities that the reporter's editions price; none if they are not known.
    names : tuple of str
        What the company of the book is called, to which a template must belong; empty if it is not known.
    """

    region: str = ""
    entity_of: Callable[[str], str] | None = None
    prorate: bool | Weights = False
    first_month: int = 1
    decimal: str = ""
    listed: Collection[str] = ()
    date_order: DateOrder = ""
    home: str = ""
    year: int = 0
    activities: Mapping[str, str] = field(default_factory=dict)
    priced: Callable[[], Collection[str]] = frozenset
    names: tuple[str, ...] = ()

    @property
    def country(self) -> str:
        """Of the source, ISO 3166-1; empty if it is not known."""
        return (self.home or self.region).split("-")[0]

    @property
    def weights(self) -> Weights | None:
        """By what a period is divided; None for days."""
        return self.prorate if isinstance(self.prorate, Weights) else None


@dataclass(slots=True)
class RowColumns:
    """The columns of a table as far as they are read.

    Parameters
    ----------
    entries : EntryTable
        The table.
    conventions : Conventions
        How it is read.
    columns : dict of str to Column
        By the names of the entries' columns, but the amount.
    periods : Column
        Period of each row, or None.
    amounts : Amounts
        With their derivations.
    numbers : dict of str to NumberColumn
        The number columns by field.
    kinds : Column
        Activity and unit of each row.
    is_blend, crosses : numpy.ndarray of bool
        Which rows are of a biofuel blend, and which cross the beginning of a year.
    defects : dict of int to list of Finding
        By row, without place.
    findings : list of Finding
        About the whole table, with their place.
    """

    entries: EntryTable
    conventions: Conventions
    columns: dict[str, Column] = field(default_factory=dict)
    periods: Column = field(default_factory=Column)
    amounts: Amounts = field(default_factory=lambda: Amounts(np.array([])))
    numbers: dict[str, NumberColumn] = field(default_factory=dict)
    kinds: Column = field(default_factory=Column)
    is_blend: np.ndarray[Any, Any] = field(default_factory=lambda: np.array([]))
    crosses: np.ndarray[Any, Any] = field(default_factory=lambda: np.array([]))
    defects: dict[int, list[Finding]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.entries.table.numbers)

    def defect(self, at: int, finding: Finding) -> None:
        """Keep a finding at a row."""
        self.defects.setdefault(at, []).append(finding)

    def is_sound(self, at: int) -> bool:
        """Whether no error is known of a row."""
        return all(finding.severity != "error" for finding in self.defects.get(at, ()))


def read_columns(entries: EntryTable, conventions: Conventions) -> RowColumns:
    """The columns of a readable table, with the defects of its rows.

    Parameters
    ----------
    entries : EntryTable
        With the fields of its columns.
    conventions : Conventions
        How it is read.

    Returns
    -------
    RowColumns
    """
    rows = RowColumns(entries, conventions)
    _read_texts(rows)
    _read_words(rows)
    _read_periods(rows)
    _read_numbers(rows)
    rows.columns["rounding"] = amount_roundings(rows.entries, rows.amounts.values, rows.defect)
    _read_uncertainty(rows)
    _read_heat(rows)
    return rows


def _read_texts(rows: RowColumns) -> None:
    """The columns whose cells are taken as they stand."""
    for name in _TEXTS:
        rows.columns[name] = _texts(rows.entries.cells(name))
        if name in _NUMBERED:
            _refuse_cut_numbers(rows, name)
    if rows.conventions.entity_of:
        rows.columns["entity"] = rows.columns["entity"].mapped(rows.conventions.entity_of)


def _refuse_cut_numbers(rows: RowColumns, name: str) -> None:
    """Refuse numbers of documents and meters that a spreadsheet has cut, such as 2.02302E+15."""
    codes, values = rows.columns[name].distinct()
    if "E+" not in "".join(values).upper():
        return
    cut = [at for at, value in enumerate(values) if _CUT.fullmatch(value)]
    for at in np.flatnonzero(np.isin(codes, cut)).tolist() if cut else ():
        text = values[codes[at]]
        rows.defect(at, Finding.of("ID_CUT", text=text).at(column=rows.entries.heading(name), value=text))


def _texts(column: Column) -> Column:
    """A column as text, words for a gap as nothing; cells that are plain text already are not looked at one by one."""
    codes, values = column.distinct()
    joined = "".join(values) if set(map(type, values)) <= {str} else " "
    if not joined.isascii() or any(sign.isspace() for sign in set(joined)):
        return column.mapped(lambda cell: Cell(cell, "").text)
    return Column(
        codes=codes, values=["" if len(value) <= _LONGEST_GAP and is_gap(value) else value for value in values]
    )


def _combinations(rows: RowColumns, names: Sequence[str]) -> tuple[np.ndarray[Any, Any], list[dict[str, Cell]]]:
    """The distinct combinations of some fields as rows of cells, and which of them each row has."""
    present = [name for name in names if name in rows.entries.fields]
    codes, combinations = combined([rows.entries.cells(name) for name in present])
    headings = [rows.entries.heading(name) for name in present]
    cells = [
        {name: Cell(value, heading) for name, value, heading in zip(present, values, headings, strict=True)}
        for values in combinations
    ]
    return codes, cells


def _spread(rows: RowColumns, codes: np.ndarray[Any, Any], defects: Sequence[Sequence[Finding]]) -> None:
    """The defects of each combination at every row that has it."""
    faulty = [at for at, found in enumerate(defects) if found]
    if not faulty:
        return
    for at in np.flatnonzero(np.isin(codes, faulty)):
        for finding in defects[codes[at]]:
            rows.defect(int(at), finding)


def _read_words(rows: RowColumns) -> None:
    """Activity, unit, region, factor, data type and category."""
    codes, combinations = _combinations(rows, _WORDS)
    unit, settings = next(iter(rows.entries.units.values()), ""), rows.conventions
    read = [
        read_words(cells, settings.region, settings.home or settings.region, unit, settings.activities, settings.priced)
        for cells in combinations
    ]
    table, heading = rows.entries.table, rows.entries.heading("activity")
    for finding in settle_by_table(combinations, read, settings.country):
        rows.findings.append(table.place(finding, table.heading_row, heading))
    _spread(rows, codes, [defects for _, defects in read])
    for name in ("activity", "unit", "region", "factor", "data_type", "scope_3_category"):
        rows.columns[name] = Column(codes=codes, values=[record[name] for record, _ in read])
    blends = np.array([bool(fossil_base(cells["activity"].text)) for cells in combinations], dtype=bool)
    rows.is_blend = blends[codes] if len(combinations) else np.zeros(rows.count, dtype=bool)
    kinds: dict[tuple[str, str], int] = {}
    places = [kinds.setdefault((record["activity"], record["unit"]), len(kinds)) for record, _ in read]
    rows.kinds = Column(codes=np.array(places, dtype=np.intp)[codes] if places else codes, values=list(kinds))


def _read_periods(rows: RowColumns) -> None:
    """The first day of each row, and the day after the last."""
    order, findings = order_of_dates(rows.entries, rows.conventions.date_order, rows.conventions.country)
    rows.findings += findings
    codes, combinations = _combinations(rows, _PERIOD)
    read = [read_period(cells, order) for cells in combinations]
    _spread(rows, codes, [defects for _, defects in read])
    for at, finding in lost_zeros(rows.entries).items():
        rows.defect(at, finding)
    rows.periods = Column(codes=codes, values=[period for period, _ in read])
    if {"start", "end"} <= set(rows.entries.fields):
        _exclude_ends(rows)
    _find_crossings(rows)
    rows.columns["start"] = rows.periods.mapped(lambda period: period and period.start)
    rows.columns["end"] = rows.periods.mapped(lambda period: period and period.end)
    rows.columns["year"] = rows.periods.mapped(lambda period: period.start.year if period else 0)
    rows.columns["start_time"] = start_times(rows.entries, order)


def _exclude_ends(rows: RowColumns) -> None:
    """Take the stated end out of the periods whose end is the next one's start."""
    sources = [rows.columns[name] for name in ("entity", "site", "source", "activity")]
    excluded = exclusive_ends(rows.periods, sources, rows.entries.cells("end"))
    if not excluded.any():
        return
    codes, places = combined([rows.periods, Column(excluded)])
    shorter = [_without_last_day(period) if is_excluded else period for period, is_excluded in places]
    rows.periods = Column(codes=codes, values=shorter)
    table = rows.entries.table
    finding = Finding.of("ENDS_EXCLUSIVE", count=int(excluded.sum()))
    rows.findings.append(table.place(finding, table.heading_row, rows.entries.heading("end")))


def _without_last_day(period: Period | None) -> Period | None:
    """A period without its last day, if it has more than one."""
    return period if period is None or period.days == 1 else Period(period.start, period.last_day)


def _crosses(period: Period | None, first_month: int, *, divided: bool) -> bool:
    """Whether a year begins within a period; one that is exactly a reporting year is of that year, unless all are divided."""
    if period is None or (not divided and period == Period.of_year(period.start.year, first_month)):
        return False
    return crosses_year(period, first_month)


def _find_crossings(rows: RowColumns) -> None:
    """Which periods hold the beginning of a year; a defect unless they are divided."""
    codes, periods = rows.periods.distinct()
    first_month = rows.conventions.first_month
    divided = rows.conventions.prorate is not False
    crosses = np.array([_crosses(period, first_month, divided=divided) for period in periods], dtype=bool)
    rows.crosses = crosses[codes] if len(periods) else np.zeros(rows.count, dtype=bool)
    if rows.conventions.prorate is False and crosses.any():
        field = next(name for name in _PERIOD if name in rows.entries.fields)
        for at in np.flatnonzero(rows.crosses).tolist():
            finding = Finding.of("PERIOD_CROSSES_YEARS", period=str(rows.periods[at]))
            rows.defect(at, finding.at(column=rows.entries.heading(field), value=str(rows.periods[at])))


def _read_numbers(rows: RowColumns) -> None:
    """The amounts, by the conventions of their columns."""
    entries = rows.entries
    cells = {name: entries.cells(name).cells for name in NUMBER_FIELDS if name in entries.fields}
    settings = rows.conventions
    rows.numbers = read_numbers(
        cells, decimal=settings.decimal, country=settings.country, delimiter=entries.table.delimiter
    )
    rows.amounts = read_amounts(entries, rows.numbers)
    for at, found in rows.amounts.defects.items():
        for finding in found:
            rows.defect(at, finding)


def _read_uncertainty(rows: RowColumns) -> None:
    """The limits of the amounts as they stand; those that cannot be read are left out with a warning, as the amount is sound."""
    column = _texts(rows.entries.cells("uncertainty"))
    codes, values = column.distinct()
    problems = {
        at: said for at, value in enumerate(values) if value and isinstance(said := percent_limits(value), Message)
    }
    for at in np.flatnonzero(np.isin(codes, list(problems))).tolist() if problems else ():
        finding = Finding.of("UNCERTAINTY_CELL", problem=problems[codes[at]])
        rows.defect(at, finding.at(column=rows.entries.heading("uncertainty"), value=values[codes[at]]))
    rows.columns["uncertainty"] = column.mapped(lambda text: "" if isinstance(percent_limits(text), Message) else text)


def _read_heat(rows: RowColumns) -> None:
    """The heat of steam and hot water that is metered by mass."""
    codes, kinds = rows.kinds.distinct()
    in_question = np.isin(codes, [at for at, key in enumerate(kinds) if needs_heat_content(*key)])
    if not in_question.any():
        return
    units = rows.columns["unit"].array
    for at in map(int, np.flatnonzero(in_question & ~np.isnan(rows.amounts.values))):
        activity, unit = kinds[codes[at]]
        _take_heat(rows, at, activity, unit, units)
    rows.columns["unit"] = Column(units)


def _take_heat(rows: RowColumns, at: int, activity: str, unit: str, units: np.ndarray[Any, Any]) -> None:
    """The heat of one row in place of its mass."""
    enthalpy, temperature = (_state(rows, name, at) for name in ("enthalpy", "temperature"))
    amount, words, finding = heat_content_of(activity, float(rows.amounts.values[at]), unit, enthalpy, temperature)
    if finding:
        column = "unit" if finding.rule == "HEAT_CONTENT_UNKNOWN" else "enthalpy"
        heading = rows.entries.heading(column if column in rows.entries.fields else "temperature")
        rows.defect(at, finding.at(column=heading))
    if words:
        rows.amounts.values[at], units[at] = amount, "GJ"
        before = rows.amounts.derivations.get(at, "")
        rows.amounts.derivations[at] = "; ".join(part for part in (before, words) if part)


def _state(rows: RowColumns, name: str, at: int) -> float | None:
    """The enthalpy or temperature of a row; None if it states none."""
    column = rows.numbers.get(name)
    return None if column is None or np.isnan(column.values[at]) else float(column.values[at])
