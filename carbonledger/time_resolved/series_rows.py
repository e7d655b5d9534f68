"""Rows of a table of factors in time, each with its region, moments and value, or refused with the reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carbonledger.activity_data.entry_headings import field_of_heading, is_entry_heading, unit_of_heading
from carbonledger.core.errors import EntriesError, UnitError
from carbonledger.core.findings import Finding
from carbonledger.core.units import conversion_factor
from carbonledger.factors.gas_in_unit import unit_and_gas
from carbonledger.tables.column import Column
from carbonledger.tables.headings import heading_and_bracket
from carbonledger.tables.number_columns import read_numbers
from carbonledger.tables.records import cell_text
from carbonledger.tables.sources import tables_in
from carbonledger.tables.table import Table
from carbonledger.time_resolved.clocks import clock_of
from carbonledger.time_resolved.moment_texts import read_moments

__all__ = ["SeriesRows", "columns_of", "series_rows", "unit_in_heading", "zones_of"]

_FOLD = "fold"
_FIELDS = frozenset({"region", "start", "end", "amount", "unit", "source", _FOLD})
_MINUTE, _DAY = 60, 86400


@dataclass(slots=True)
class SeriesRows:
    """The rows while they are read.

    Parameters
    ----------
    table : Table
        Where they stand.
    columns : mapping of str to Column
        By field.
    stated : mapping of str to str
        What is the same for all rows and stands in no column.
    findings : list of Finding
        What is wrong with them.
    is_refused : array of bool, shape (n,)
        Which of them are left out.
    """

    table: Table
    columns: Mapping[str, Column]
    stated: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)
    is_refused: np.ndarray[Any, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.is_refused = np.zeros(len(self.table.numbers), dtype=bool)

    def refuse(self, rows: np.ndarray[Any, Any], case: str, **values: Any) -> None:
        """Leave out some rows that are not left out yet; what is wrong is said once, at the first of them."""
        new = rows[~self.is_refused[rows]]
        if len(new):
            self.is_refused[new] = True
            finding = Finding.of(f"FACTOR_SERIES.{case}", rows=len(new), **values)
            self.findings.append(self.table.place(finding, self.table.numbers[int(new[0])]))

    def texts(self, name: str) -> np.ndarray[Any, Any]:
        """The cells of a field as texts, or what is stated for all of them."""
        if name in self.columns:
            return np.array([cell_text(cell).strip() for cell in self.columns[name]], dtype=object)
        return np.array([self.stated.get(name, "")] * len(self.is_refused), dtype=object)

    def first(self, name: str, rows: np.ndarray[Any, Any]) -> str:
        """What the first of some rows says in a field."""
        return str(self.texts(name)[rows[0]]) if len(rows) else ""

    def values(self) -> tuple[np.ndarray[Any, Any], str]:
        """The factors [kg/kWh] and the gas that they count; rows that state no number, unit or another gas are refused."""
        column = read_numbers({"amount": self.columns["amount"].cells}, delimiter=self.table.delimiter)["amount"]
        bad = np.flatnonzero(~np.isfinite(column.values) | (column.values < 0))
        self.refuse(bad, "no_number", value=self.first("amount", bad))
        units = self.texts("unit")
        scale, gases = np.full(len(units), np.nan), np.full(len(units), "", dtype=object)
        for text in dict.fromkeys(units):
            scale[units == text], gases[units == text] = _kg_per_kwh(str(text))
        unread = np.flatnonzero(np.isnan(scale))
        self.refuse(unread, "unit", unit=self.first("unit", unread))
        gas = next((str(item) for item in gases[~self.is_refused]), "CO2e")
        other = np.flatnonzero((gases != gas) & ~self.is_refused)
        self.refuse(other, "gas", first=gas, second=str(gases[other[0]]) if len(other) else "")
        return np.where(self.is_refused, 0.0, column.values * scale), gas

    def moments(self, name: str, zones: Mapping[str, str]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """What the clock of the region shows, and the moment, both in seconds; rows without one are refused.

        Parameters
        ----------
        name : {"start", "end"}
            Which column; the day after an end that is a day.
        zones : mapping of str to str
            The zone of each region.
        """
        read = read_moments(self.columns[name].cells)
        bad = np.flatnonzero(read.is_bad)
        self.refuse(bad, "no_moment", value=self.first(name, bad))
        seconds = read.seconds + np.where(read.is_day & (name == "end"), _DAY, 0)
        odd = np.flatnonzero(seconds % _MINUTE != 0)
        self.refuse(odd, "not_a_minute", value=self.first(name, odd))
        fold, regions = self._fold(name), self.texts("region")
        hands, moments = seconds.copy(), seconds.copy()
        for region, zone in zones.items():
            at = np.flatnonzero((regions == region) & ~self.is_refused)
            clock, is_local = clock_of(zone), read.is_local[at]
            told, is_missing, is_twice = clock.moments(seconds[at], fold[at])
            self.refuse(
                at[is_missing & is_local], "no_such_time", value=self.first(name, at[is_missing & is_local]), zone=zone
            )
            self.refuse(at[is_twice & is_local], "twice", value=self.first(name, at[is_twice & is_local]), zone=zone)
            moments[at] = np.where(is_local, told, seconds[at])
            hands[at] = moments[at] + clock.offsets_at(moments[at])
        return hands, moments

    def _fold(self, name: str) -> np.ndarray[Any, Any]:
        """Which of two like times the beginning of a row is; -1 where nothing says so."""
        if name != "start" or _FOLD not in self.columns:
            return np.full(len(self.is_refused), -1)
        return np.array([int(text) if text in {"0", "1"} else -1 for text in self.texts(_FOLD)])


def _kg_per_kwh(text: str) -> tuple[float, str]:
    """How many kg/kWh one of a unit is, and its gas; not a number if it is no unit of a factor of energy."""
    try:
        unit, gas = unit_and_gas(text)
        return conversion_factor(unit, "kg/kWh"), gas if gas in {"CO2e", "CO2"} else ""
    except UnitError:
        return float("nan"), ""


def series_rows(source: Any, stated: Mapping[str, str], name: str) -> SeriesRows:
    """The rows of the one table of a source.

    Parameters
    ----------
    source : path, DataFrame, or sequence of mappings
        See `carbonledger.tables.sources.tables_in`.
    stated : mapping of str to str
        ``region`` and ``unit`` where no column has them.
    name : str
        What findings call it.

    Raises
    ------
    EntriesError
        If it cannot be read, or a column is missing or comes twice.
    """
    tables = tables_in(source, knows=lambda text: is_entry_heading(text) or text == _FOLD, name=name)
    if not tables:
        raise EntriesError([Finding.of("UNREADABLE_FILE.no_tables").at(file=name)])
    table = tables[0]
    columns, unit, findings = columns_of(table, _FIELDS)
    texts = {**({"unit": unit} if unit else {}), **stated}
    known = {*columns, *texts}
    missing = tuple(item for item in ("region", "start", "amount", "unit") if item not in known)
    if missing:
        findings.append(table.place(Finding.of("MISSING_COLUMN.frame", missing=missing, columns=table.headings)))
    if findings:
        raise EntriesError(findings)
    return SeriesRows(table, columns, texts, list(table.findings))


def columns_of(table: Table, fields: Collection[str]) -> tuple[dict[str, Column], str, list[Finding]]:
    """The column of each field, the unit that the heading of the amounts names, and what comes twice."""
    columns: dict[str, Column] = {}
    unit, findings = "", []
    for heading, column in zip(table.headings, table.columns, strict=True):
        name = _FOLD if heading.strip().lower() == _FOLD else field_of_heading(heading)
        if name in columns:
            finding = Finding.of("DOUBLE_HEADING", first=name, second=heading, field=name)
            findings.append(table.place(finding, table.heading_row))
        if name in fields:
            columns[name] = column
        unit = unit_in_heading(heading) if name == "amount" else unit
    return columns, unit, findings


def unit_in_heading(heading: str) -> str:
    """The unit in the brackets behind a heading; empty if there is none.

    Examples
    --------
    >>> unit_in_heading("数量（千瓦时）"), unit_in_heading("value [g CO2e/kWh]"), unit_in_heading("value")
    ('kWh', 'g CO2e/kWh', '')
    """
    inside = heading_and_bracket(heading)[1]
    return unit_of_heading(inside) if inside else ""


def zones_of(zone: str | Mapping[str, str], regions: Iterable[str]) -> dict[str, str]:
    """The zone of each region: the same for all, or its own.

    Raises
    ------
    BookError
        If a region has none, or there is no such zone.
    """
    found = {region: zone if isinstance(zone, str) else zone.get(region, "") for region in regions}
    for name in found.values():
        clock_of(name)
    return found
