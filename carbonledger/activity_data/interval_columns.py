"""Tables with a column for each interval of the day, such as the half-hours of a British meter, as rows of one amount a day.

The amount of a day is the sum of its columns; a day with an empty interval is said to lack it, and a total column is held against the sum.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import numpy as np

from carbonledger.activity_data.entry_headings import field_of_heading, unit_of_heading
from carbonledger.activity_data.total_rows import is_total, same_sum
from carbonledger.activity_data.wide_tables import WideTable
from carbonledger.core.activities import GRID_ELECTRICITY
from carbonledger.core.findings import Finding
from carbonledger.core.number_text import is_gap
from carbonledger.core.period_texts import clock_time
from carbonledger.tables.column import Column, is_filled, objects
from carbonledger.tables.headings import heading_and_bracket
from carbonledger.tables.number_columns import read_numbers
from carbonledger.tables.records import cell_text
from carbonledger.tables.table import Table

__all__ = ["day_profiles", "is_interval_heading"]

_NUMBERED = re.compile(r"(?:HH|KWH|P|PERIOD|INTERVAL|SP)[ _]?0?(\d{1,2})", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|to|至|~)\s*\d{1,2}:\d{2}")
# By the hour, the half-hour and the quarter of one; a day on which the clock is put back has more.
_COUNTS = {24: 2, 48: 2, 96: 4}
# The number of a point of supply of electricity in Great Britain.
_POINT_OF_SUPPLY = re.compile(r"MPAN(?: core)?", re.IGNORECASE)
_REACTIVE = re.compile(r"k?var|reactive|无功|\bR[IE]\b", re.IGNORECASE)
_EXPORTED = re.compile(r"export|\bAE\b|反向|上网|馈网", re.IGNORECASE)


@cache
def is_interval_heading(text: str) -> bool:
    """Whether a text is a time of day, as the columns of half-hours are headed.

    Examples
    --------
    >>> is_interval_heading("00:30"), is_interval_heading("00:00-00:30"), is_interval_heading("amount")
    (True, True, False)
    """
    span = _SPAN.fullmatch(text.strip())
    return bool(clock_time(span[1] if span else text))


def day_profiles(table: Table, *, decimal: str = "", country: str = "") -> WideTable | None:
    """A table with a column for each interval of the day as one with an amount a day.

    Parameters
    ----------
    table : Table
        With a column of days and 24, 48 or 96 columns of intervals, headed by times or numbered.
    decimal, country : str
        See `read_numbers`.

    Returns
    -------
    WideTable or None
        None if the table is none of this kind.
    """
    labels: dict[str, int] = {}
    for at, heading in enumerate(table.headings):
        if field_of_heading(heading):
            labels.setdefault(field_of_heading(heading), at)
    intervals = _intervals(table, set(labels.values()))
    if not intervals or not {"period", "start"} & set(labels) or "amount" in labels:
        return None
    totals = [at for at, heading in enumerate(table.headings) if is_total(heading)]
    numbers = read_numbers(
        {str(at): table.columns[at].cells for at in (*intervals, *totals)},
        decimal=decimal,
        country=country,
        delimiter=table.delimiter,
    )
    values = np.array([numbers[str(at)].values for at in intervals])
    wide = WideTable(table, read_columns={*labels.values(), *intervals, *totals}, intervals=intervals)
    rows = _sound_rows(wide, values, intervals, {at for column in numbers.values() for at in column.defects})
    for column in totals:
        rows = _agreeing(wide, rows, values, numbers[str(column)].values, column)
    first, last = table.headings[intervals[0]], table.headings[intervals[-1]]
    finding = Finding.of("WIDE_TABLE.intervals", first=first, last=last, columns=len(intervals), days=len(rows))
    wide.findings.insert(0, table.place(finding, table.heading_row))
    wide.table = _by_day(wide, labels, rows, [float(np.nansum(values[:, row])) for row in rows])
    for at, heading in enumerate(table.headings):
        if heading and at not in wide.read_columns:
            finding = Finding.of("UNKNOWN_HEADING", heading=heading, cells=table.columns[at].filled)
            wide.findings.append(table.place(finding, table.heading_row, heading))
    return wide


def _intervals(table: Table, taken: set[int]) -> list[int]:
    """The columns of the intervals of a day; none if they are not those of a whole day."""
    free = [(at, heading) for at, heading in enumerate(table.headings) if at not in taken]
    timed = [at for at, heading in free if is_interval_heading(heading)]
    numbered = {int(match[1]): at for at, heading in free if (match := _NUMBERED.fullmatch(heading.strip()))}
    found = timed or [numbered[number] for number in sorted(numbered)]
    is_whole = any(count <= len(found) <= count + more for count, more in _COUNTS.items())
    follows = bool(timed) or sorted(numbered) == list(range(1, len(numbered) + 1))
    return found if is_whole and follows else []


def _sound_rows(
    wide: WideTable, values: np.ndarray[Any, Any], intervals: Sequence[int], defective: set[int]
) -> list[int]:
    """The rows whose intervals are amounts; what is missing in them is said, and reactive energy is set apart."""
    table = wide.table
    rows = []
    whole = next(count for count in sorted(_COUNTS, reverse=True) if len(intervals) >= count)
    for row, number in enumerate(table.numbers):
        texts = [cell_text(column[row]) for at, column in enumerate(table.columns) if at not in intervals]
        missing = whole - int((~np.isnan(values[:, row])).sum())
        if any(_REACTIVE.search(text) for text in texts):
            wide.set_aside.add(number)
            text = next(text for text in texts if _REACTIVE.search(text))
            wide.findings.append(table.place(Finding.of("WIDE_TABLE.reactive", text=text[:40]), number))
        elif any(_EXPORTED.search(text) for text in texts):
            text = next(text for text in texts if _EXPORTED.search(text))
            wide.findings.append(table.place(Finding.of("INTERVAL_NOT_READ.export", text=text[:40]), number))
        elif any(is_total(text) for text in texts if text) or (missing == whole and row not in defective):
            wide.set_aside.add(number)
            text = next((text for text in texts if text), "")[:40]
            wide.findings.append(table.place(Finding.of("WIDE_TABLE.nothing", text=text), number))
        elif row in defective or (values[:, row] < 0).any():
            text = _faulty_text(table, row, intervals, values)
            wide.findings.append(table.place(Finding.of("INTERVAL_NOT_READ.number", text=text), number))
        else:
            # The day on which the clock is put forward lacks an hour.
            if missing > whole // 24:
                finding = Finding.of("INTERVALS_MISSING", count=missing, whole=whole)
                wide.findings.append(table.place(finding, number))
            rows.append(row)
    return rows


def _faulty_text(table: Table, row: int, intervals: Sequence[int], values: np.ndarray[Any, Any]) -> str:
    """The first cell of a row that is no amount."""
    cells = [(table.columns[at][row], values[place, row]) for place, at in enumerate(intervals)]
    faulty = (cell for cell, value in cells if is_filled(cell) and (np.isnan(value) or value < 0))
    return next((cell_text(cell)[:40] for cell in faulty if not is_gap(cell_text(cell))), "")


def _agreeing(
    wide: WideTable, rows: list[int], values: np.ndarray[Any, Any], stated: np.ndarray[Any, Any], column: int
) -> list[int]:
    """The rows whose total column agrees with their intervals, or is empty."""
    table, kept = wide.table, []
    for row in rows:
        parts = values[:, row][~np.isnan(values[:, row])]
        if np.isnan(stated[row]) or same_sum(float(stated[row]), float(parts.sum()), parts):
            kept.append(row)
            continue
        finding = Finding.of(
            "TOTAL_DISAGREES.row",
            text=table.headings[column],
            stated=float(stated[row]),
            unit="",
            count=len(parts),
            total=float(parts.sum()),
        )
        wide.findings.append(table.place(finding, table.numbers[row], table.headings[column]))
    return kept


def _by_day(wide: WideTable, labels: Mapping[str, int], rows: Sequence[int], amounts: Sequence[float]) -> Table:
    """One row for each day, at the place of its row."""
    table = wide.table
    cells: dict[str, list[Any]] = {name: [table.columns[at][row] for row in rows] for name, at in labels.items()}
    cells["amount"] = list(amounts)
    headings = {name: table.headings[at] for name, at in labels.items()}
    point = next((at for at, text in enumerate(table.headings) if _POINT_OF_SUPPLY.fullmatch(text.strip())), None)
    number = _number_in_titles(table) if point is None else ""
    if point is not None:
        wide.read_columns.add(point)
        cells.setdefault("source", [f"MPAN {cell_text(table.columns[point][row])}" for row in rows])
    elif number:
        cells.setdefault("source", [f"MPAN {number}"] * len(rows))
    if (point is not None or number) and "activity" not in cells:
        cells["activity"] = [GRID_ELECTRICITY] * len(rows)
        wide.findings.append(table.place(Finding.of("WIDE_TABLE.point_of_supply"), table.heading_row))
    unit = next((unit for text in (*table.headings, *table.titles) if (unit := _energy_unit(text))), "")
    if "unit" not in cells and unit:
        cells["unit"] = [unit] * len(rows)
    columns = tuple(Column(objects(column)) for column in cells.values())
    numbers = [table.numbers[row] for row in rows]
    names = tuple(headings.get(name, name) for name in cells)
    return Table(table.file, table.sheet, names, columns, numbers, table.heading_row, table.delimiter)


def _number_in_titles(table: Table) -> str:
    """The number of the point of supply above the headings; empty if none is stated."""
    for at, text in enumerate(table.titles):
        name, _, rest = text.partition(":")
        if _POINT_OF_SUPPLY.fullmatch(name.strip()):
            return rest.strip() or next(iter(table.titles[at + 1 : at + 2]), "")
    return ""


def _energy_unit(text: str) -> str:
    """The unit in the brackets of a heading or title, or behind it after a colon; empty if there is none."""
    name, inside = heading_and_bracket(text)
    del name
    return unit_of_heading(inside) if inside else ""
