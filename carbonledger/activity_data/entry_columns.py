"""The columns of a table of entries, each read by its distinct texts; numbers by the convention of the whole column."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carbonledger.activity_data.amounts import Amounts, read_amounts
from carbonledger.activity_data.biofuel_blends import fossil_base
from carbonledger.activity_data.cell import Cell, distinct
from carbonledger.activity_data.cutoff import Weights
from carbonledger.activity_data.entry_headings import NUMBER_FIELDS, EntryTable
from carbonledger.activity_data.heat_content import heat_content_of, needs_heat_content
from carbonledger.activity_data.row import read_period, read_words
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period
from carbonledger.tables.number_columns import NumberColumn, read_numbers

__all__ = ["Conventions", "RowColumns", "objects", "read_columns"]

_WORDS = ("activity", "unit", "heating_value", "factor", "data_type", "scope_3_category", "region")
_PERIOD = ("start", "end", "period", "year", "month")
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
    """

    region: str = ""
    entity_of: Callable[[str], str] | None = None
    prorate: bool | Weights = False
    first_month: int = 1
    decimal: str = ""
    listed: Collection[str] = ()

    @property
    def country(self) -> str:
        """Of the source, ISO 3166-1."""
        return self.region.split("-")[0].upper()

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
    columns : dict of str to numpy.ndarray
        By the names of the entries' columns.
    periods : numpy.ndarray
        Period of each row, or None.
    amounts : Amounts
        With their derivations.
    numbers : dict of str to NumberColumn
        The number columns by field.
    word_codes : numpy.ndarray of int
        Which rows are of one activity and unit.
    is_blend, crosses : numpy.ndarray of bool
        Which rows are of a biofuel blend, and which cross the beginning of a year.
    defects : dict of int to list of Finding
        By row, without place.
    """

    entries: EntryTable
    conventions: Conventions
    columns: dict[str, np.ndarray[Any, Any]] = field(default_factory=dict)
    periods: np.ndarray[Any, Any] = field(default_factory=lambda: np.array([]))
    amounts: Amounts = field(default_factory=lambda: Amounts(np.array([])))
    numbers: dict[str, NumberColumn] = field(default_factory=dict)
    word_codes: np.ndarray[Any, Any] = field(default_factory=lambda: np.array([]))
    is_blend: np.ndarray[Any, Any] = field(default_factory=lambda: np.array([]))
    crosses: np.ndarray[Any, Any] = field(default_factory=lambda: np.array([]))
    defects: dict[int, list[Finding]] = field(default_factory=dict)

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
    _read_heat(rows)
    return rows


def _read_texts(rows: RowColumns) -> None:
    """The columns whose cells are taken as they stand."""
    for name in _TEXTS:
        if name not in rows.entries.fields:
            rows.columns[name] = np.full(rows.count, "", dtype=object)
            continue
        texts = np.empty(rows.count, dtype=object)
        texts[:] = [_plain_text(cell) for cell in rows.entries.cells(name)]
        rows.columns[name] = texts
    chosen = rows.conventions.entity_of
    if chosen:
        ids = {name: chosen(name) for name in set(rows.columns["entity"])}
        rows.columns["entity"][:] = [ids[name] for name in rows.columns["entity"]]


def _plain_text(cell: Any) -> str:
    """A cell as text, words for a gap as nothing; most cells are short plain text already."""
    if type(cell) is str and cell.isalnum() and cell.isascii() and len(cell) > 4:
        return cell
    return Cell(cell, "").text


def _combinations(rows: RowColumns, names: Sequence[str]) -> tuple[np.ndarray[Any, Any], list[dict[str, Cell]]]:
    """The distinct combinations of some fields as rows of cells, and which of them each row has."""
    present = [name for name in names if name in rows.entries.fields]
    codes, combinations = distinct([rows.entries.cells(name) for name in present])
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
    unit = next(iter(rows.entries.units.values()), "")
    read = [read_words(cells, rows.conventions.region, unit) for cells in combinations]
    _spread(rows, codes, [defects for _, defects in read])
    for name in ("activity", "unit", "region", "factor", "data_type", "scope_3_category"):
        rows.columns[name] = objects([record[name] for record, _ in read])[codes]
    blends = np.array([bool(fossil_base(cells["activity"].text)) for cells in combinations], dtype=bool)
    rows.is_blend = blends[codes] if len(combinations) else np.zeros(rows.count, dtype=bool)
    kinds: dict[tuple[str, str], int] = {}
    of_combination = np.array(
        [kinds.setdefault((record["activity"], record["unit"]), len(kinds)) for record, _ in read], dtype=np.intp
    )
    rows.word_codes = of_combination[codes] if len(read) else codes


def objects(values: Sequence[Any]) -> np.ndarray[Any, Any]:
    """Values as an array of objects, whatever they are."""
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def _read_periods(rows: RowColumns) -> None:
    """The first day of each row, and the day after the last."""
    codes, combinations = _combinations(rows, _PERIOD)
    first_month, prorate = rows.conventions.first_month, rows.conventions.prorate is not False
    read = [read_period(cells, first_month, prorate=prorate) for cells in combinations]
    _spread(rows, codes, [defects for _, defects in read])
    periods = objects([period for period, _ in read])
    years = np.array([period.start.year if period else 0 for period, _ in read], dtype=np.int64)
    crosses = np.array([period is not None and _crosses(period, first_month) for period, _ in read], dtype=bool)
    rows.periods = periods[codes]
    rows.columns["start"] = objects([period and period.start for period, _ in read])[codes]
    rows.columns["end"] = objects([period and period.end for period, _ in read])[codes]
    rows.columns["year"], rows.crosses = years[codes], crosses[codes]


def _crosses(period: Period, first_month: int) -> bool:
    """Whether a calendar or reporting year begins within a period."""
    year = period.start.year
    starts = {(year, first_month), (year + 1, 1), (year + 1, first_month)}
    return any(period.start < type(period.start)(*begin, 1) < period.end for begin in starts)


def _read_numbers(rows: RowColumns) -> None:
    """The amounts, by the conventions of their columns."""
    entries = rows.entries
    cells = {name: entries.cells(name) for name in NUMBER_FIELDS if name in entries.fields}
    settings = rows.conventions
    rows.numbers = read_numbers(
        cells, decimal=settings.decimal, country=settings.country, delimiter=entries.table.delimiter
    )
    rows.amounts = read_amounts(entries, rows.numbers)
    for at, found in rows.amounts.defects.items():
        for finding in found:
            rows.defect(at, finding)


def _read_heat(rows: RowColumns) -> None:
    """The heat of steam and hot water that is metered by mass."""
    kinds = {
        key: needs_heat_content(*key) for key in set(zip(rows.columns["activity"], rows.columns["unit"], strict=True))
    }
    if not any(kinds.values()):
        return
    units = rows.columns["unit"]
    for at, key in enumerate(zip(rows.columns["activity"], units, strict=True)):
        if not kinds[key] or np.isnan(rows.amounts.values[at]):
            continue
        amount, words, finding = heat_content_of(
            *(key[0], float(rows.amounts.values[at]), key[1]),
            _state(rows, "enthalpy", at),
            _state(rows, "temperature", at),
        )
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
