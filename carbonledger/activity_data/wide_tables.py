"""Tables with months across, or with one column for each carrier, as rows of one amount each.

A column of months is an amount for each; so is a column whose heading names an activity with its unit, such as 汽油（吨）.
A total column is held against its row, a total row against its columns, and neither is counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carbonledger.activity_data.entry_headings import field_of_heading
from carbonledger.activity_data.total_rows import is_total, same_sum
from carbonledger.activity_data.wide_headings import WITHOUT_YEAR, month_of, place_of
from carbonledger.activity_data.wide_shapes import WideShape, shape_of
from carbonledger.core.activity_words import read_activity
from carbonledger.core.findings import Finding
from carbonledger.core.number_text import is_gap
from carbonledger.core.units import conversion_factor, is_convertible
from carbonledger.tables.column import Column, is_filled, objects
from carbonledger.tables.number_columns import NumberColumn, read_numbers
from carbonledger.tables.records import cell_text
from carbonledger.tables.table import Table

__all__ = ["WideTable", "wide_table"]

# A title such as 苏州工厂2025年能源统计.
_PLACE_BEFORE_YEAR = re.compile(r"([^\W\d](?:.{1,30}?))[\s:,-]*(?:19|20)\d{2}(?!\d)")


@dataclass(slots=True)
class WideTable:
    """A wide table as one of rows, with what became of the wide one.

    Parameters
    ----------
    table : Table
        One row for each amount; its numbers are those of the wide rows.
    findings : list of Finding
        How it was read, and how its totals agree; with their place.
    controls, set_aside : set of int
        Numbers of wide rows that are totals, and of those that state nothing.
    read_columns : set of int
        Columns that were understood.
    places : list of int
        The column of the amount in each row of `table`; empty for readings.
    openings : list of int
        The position of the reading that opens each row of `table`; empty for amounts.
    intervals : list of int
        The columns of the intervals that each row of `table` sums up; empty for other tables.
    """

    table: Table
    findings: list[Finding] = field(default_factory=list)
    controls: set[int] = field(default_factory=set)
    set_aside: set[int] = field(default_factory=set)
    read_columns: set[int] = field(default_factory=set)
    places: list[int] = field(default_factory=list)
    openings: list[int] = field(default_factory=list)
    intervals: list[int] = field(default_factory=list)


def wide_table(
    table: Table, *, year: int, decimal: str, country: str, place: str = "", listed: Collection[str] = ()
) -> WideTable | None:
    """A wide table as rows of one amount each.

    Parameters
    ----------
    table : Table
        Without a column of amounts.
    year : int
        The reporting year, for months whose year neither headings nor titles state; 0 if it is not known.
    decimal, country : str
        See `read_numbers`.
    place : {"", "entity", "site", "title"}
        ``entity`` or ``site`` where the name of the sheet is that of one; ``title`` where it is said above the headings, before the year.
    listed : collection of str
        Names of companies; a group of columns that is none of them is a site.

    Returns
    -------
    WideTable or None
        None if the table is not wide.
    """
    shape = shape_of(table, year, country)
    if shape is None:
        return None
    columns = [*shape.periods, *shape.carriers, *shape.totals, *shape.subtotals]
    wide = WideTable(table, read_columns={*shape.labels.values(), *columns})
    numbers = read_numbers(
        {str(at): table.columns[at].cells for at in columns},
        decimal=decimal,
        country=country,
        delimiter=table.delimiter,
    )
    doubled = _doubled_carriers(table, shape, numbers, wide, country)
    amounts = [at for at in (*shape.periods, *shape.carriers) if at not in doubled]
    rows = _rows_with_amounts(table, shape, amounts, numbers, wide)
    settled = _check_row_totals(table, shape, amounts, rows, numbers, wide)
    _check_subtotals(table, shape, rows, numbers, wide)
    wide.table, wide.places = _long(table, shape, amounts, rows, settled, place, listed, country)
    case = "months" if shape.periods else "carriers"
    finding = Finding.of(
        f"WIDE_TABLE.{case}", columns=len(amounts), first=table.headings[amounts[0]], last=table.headings[amounts[-1]]
    )
    wide.findings.insert(0, table.place(finding, table.heading_row))
    for at, heading in enumerate(table.headings):
        if heading and at not in wide.read_columns:
            finding = Finding.of("UNKNOWN_HEADING", heading=heading, cells=table.columns[at].filled)
            wide.findings.append(table.place(finding, table.heading_row, heading))
    return wide


def _doubled_carriers(
    table: Table, shape: WideShape, numbers: Mapping[str, NumberColumn], wide: WideTable, country: str
) -> set[int]:
    """Columns that state an activity again in another unit; they are held against the first."""
    first: dict[tuple[str, str], int] = {}
    doubled = set()
    for at, (activity, unit) in shape.carriers.items():
        name = read_activity(activity, country).activity or activity
        before = first.setdefault((name, place_of(table.headings[at], country)), at)
        own = shape.carriers[before][1]
        if before == at:
            continue
        doubled.add(at)
        sums = [float(np.nansum(numbers[str(column)].values)) for column in (before, at)]
        agrees = is_convertible(own, unit) and abs(sums[0] * conversion_factor(own, unit) - sums[1]) <= 5e-3 * abs(
            sums[1]
        )
        case = "WIDE_TABLE.again" if agrees else "TOTAL_DISAGREES.columns"
        finding = Finding.of(case, first=table.headings[before], second=table.headings[at])
        wide.findings.append(table.place(finding, table.heading_row, table.headings[at]))
    return doubled


def _rows_with_amounts(
    table: Table, shape: WideShape, amounts: Sequence[int], numbers: Mapping[str, NumberColumn], wide: WideTable
) -> list[int]:
    """The rows that state something of an activity; totals and signatures are set apart."""
    rows: list[int] = []
    label = [
        at for name, at in shape.labels.items() if name in {"activity", "entity", "site", "source", "period", "month"}
    ]
    for row, number in enumerate(table.numbers):
        texts = [cell_text(table.columns[at][row]) for at in label]
        if any(is_total(text) for text in texts if text):
            wide.controls.add(number)
            wide.findings.append(table.place(_column_totals(table, shape, amounts, rows, row, numbers), number))
        elif any(is_filled(table.columns[at][row]) for at in amounts):
            has_unit = (
                bool(shape.carriers)
                or "unit" not in shape.labels
                or is_filled(table.columns[shape.labels["unit"]][row])
            )
            is_number = any(not np.isnan(numbers[str(at)].values[row]) for at in amounts)
            if has_unit or is_number:
                rows.append(row)
            else:
                _set_aside(table, row, wide)
        else:
            _set_aside(table, row, wide)
    return rows


def _set_aside(table: Table, row: int, wide: WideTable) -> None:
    """A row that states no amount."""
    number = table.numbers[row]
    wide.set_aside.add(number)
    text = next((cell_text(column[row]) for column in table.columns if is_filled(column[row])), "")
    wide.findings.append(table.place(Finding.of("WIDE_TABLE.nothing", text=text[:40]), number))


def _column_totals(
    table: Table,
    shape: WideShape,
    amounts: Sequence[int],
    rows: Sequence[int],
    at: int,
    numbers: Mapping[str, NumberColumn],
) -> Finding:
    """What a total row says of the columns above it."""
    text = next(cell_text(column[at]) for column in table.columns if is_total(cell_text(column[at])))
    units = (
        list(dict.fromkeys(cell_text(table.columns[shape.labels["unit"]][row]) for row in rows))
        if "unit" in shape.labels
        else []
    )
    if len(units) > 1:
        return Finding.of("TOTAL_ROW.unlike", text=text, units=tuple(units))
    for column in amounts:
        values = numbers[str(column)].values
        parts = [float(values[row]) for row in rows if not np.isnan(values[row])]
        stated = float(values[at])
        if not np.isnan(stated) and not same_sum(stated, sum(parts), parts):
            shown = shape.carriers[column][1] if shape.carriers else (units or [""])[0]
            return Finding.of(
                "TOTAL_DISAGREES.row", text=text, stated=stated, unit=shown, count=len(parts), total=sum(parts)
            )
    return Finding.of("WIDE_TABLE.row_agrees", text=text, columns=len(amounts))


def _check_row_totals(
    table: Table,
    shape: WideShape,
    amounts: Sequence[int],
    rows: Sequence[int],
    numbers: Mapping[str, NumberColumn],
    wide: WideTable,
) -> set[int]:
    """Hold the total column against its rows; those that agree state their empty months as nothing."""
    settled: set[int] = set()
    units = dict.fromkeys(unit for _, unit in shape.carriers.values())
    for column in shape.totals if len(units) > 1 else ():
        finding = Finding.of("TOTAL_ROW.unlike", text=table.headings[column], units=tuple(units))
        wide.findings.append(table.place(finding, table.heading_row, table.headings[column]))
    for column in shape.totals if len(units) <= 1 else ():
        for row in rows:
            contradiction = _row_total(table, shape, (row, column), amounts, numbers)
            if contradiction is not None:
                wide.findings.append(table.place(contradiction, table.numbers[row], table.headings[column]))
            elif not np.isnan(numbers[str(column)].values[row]):
                settled.add(row)
    if settled:
        finding = Finding.of("WIDE_TABLE.totals_agree", rows=len(settled), heading=table.headings[shape.totals[0]])
        wide.findings.append(table.place(finding, table.heading_row))
    return settled


def _check_subtotals(
    table: Table, shape: WideShape, rows: Sequence[int], numbers: Mapping[str, NumberColumn], wide: WideTable
) -> None:
    """Hold the columns of quarters and halves against the months beside them."""
    for column, parts in shape.subtotals.items():
        for row in rows:
            contradiction = _row_total(table, shape, (row, column), parts, numbers)
            if contradiction is not None:
                wide.findings.append(table.place(contradiction, table.numbers[row], table.headings[column]))
    if shape.subtotals:
        names = tuple(table.headings[column] for column in shape.subtotals)
        wide.findings.append(table.place(Finding.of("WIDE_TABLE.subtotals", headings=names), table.heading_row))


def _row_total(
    table: Table, shape: WideShape, place: tuple[int, int], amounts: Sequence[int], numbers: Mapping[str, NumberColumn]
) -> Finding | None:
    """What a cell of a total column says against its row; None if it agrees or says nothing."""
    row, column = place
    parts = [value for at in amounts if not np.isnan(value := float(numbers[str(at)].values[row]))]
    stated = float(numbers[str(column)].values[row])
    if np.isnan(stated) or same_sum(stated, sum(parts), parts):
        return None
    unit = cell_text(table.columns[shape.labels["unit"]][row]) if "unit" in shape.labels else ""
    values = {"stated": stated, "unit": unit, "count": len(parts), "total": sum(parts)}
    return Finding.of("TOTAL_DISAGREES.row", text=table.headings[column], **values)


def _long(
    table: Table,
    shape: WideShape,
    amounts: Sequence[int],
    rows: Sequence[int],
    settled: set[int],
    place: str,
    listed: Collection[str],
    country: str,
) -> tuple[Table, list[int]]:
    """One row for each amount: the labels of its row, the amount, and its month or its activity and unit; and the column of each."""
    kept = {
        name: at
        for name, at in shape.labels.items()
        if not (shape.periods and name in {"period", "month", "start", "end"})
    }
    places = {at: place_of(table.headings[at], country) for at in shape.carriers}
    stated = [
        (row, at, amount)
        for row in rows
        for at in amounts
        if (amount := _amount(table.columns[at][row], is_settled=row in settled)) is not None
    ]
    cells = {name: [table.columns[column][row] for row, _, _ in stated] for name, column in kept.items()}
    cells["amount"] = [amount for _, _, amount in stated]
    if shape.periods:
        cells["period"] = [_with_year(shape.periods[at], kept, table, row) for row, at, _ in stated]
        cells.pop("year", None)
    else:
        cells["activity"] = [shape.carriers[at][0] for _, at, _ in stated]
        cells["unit"] = [shape.carriers[at][1] for _, at, _ in stated]
        for name in {"period", "month"} & set(cells):
            cells[name] = [_of_year(cell, shape.year) for cell in cells[name]]
    if any(places.values()):
        cells["entity" if set(places.values()) - {""} <= set(listed) else "site"] = [places[at] for _, at, _ in stated]
    for name, text in _labels_above(table, place).items():
        cells.setdefault(name, [text] * len(stated))
    headings = tuple(table.headings[kept[name]] if name in kept else name for name in cells)
    columns = tuple(Column(objects(column)) for column in cells.values())
    numbers = [table.numbers[row] for row, _, _ in stated]
    long = Table(table.file, table.sheet, headings, columns, numbers, table.heading_row, table.delimiter)
    return long, [at for _, at, _ in stated]


def _labels_above(table: Table, place: str) -> dict[str, str]:
    """What the lines above the headings say of all rows, such as ``Site: Leeds``; then the name of the sheet."""
    found: dict[str, str] = {}
    for at, text in enumerate(table.titles):
        name, _, value = unicodedata.normalize("NFKC", text).partition(":")
        label = field_of_heading(name.strip())
        if label in {"entity", "site", "source"}:
            found.setdefault(label, value.strip() or next(iter(table.titles[at + 1 : at + 2]), ""))
    named = _PLACE_BEFORE_YEAR.match(unicodedata.normalize("NFKC", table.titles[0])) if table.titles else None
    if place == "title":
        return {"site": named[1].strip(), **found} if named else found
    return {place: table.sheet, **found} if place else found


def _of_year(cell: Any, year: str) -> Any:
    """A cell of a month without its year as a month of one; any other cell as it is."""
    month = month_of(cell) if isinstance(cell, str) else ""
    return f"{year}{month}" if year and month.startswith(WITHOUT_YEAR) else cell


def _amount(cell: Any, *, is_settled: bool) -> Any:
    """The amount of a cell; 0 for a dash, nothing for an empty cell unless the total of its row shows that it is 0."""
    if not is_filled(cell):
        return 0 if is_settled else None
    return 0 if isinstance(cell, str) and is_gap(cell) else cell


def _with_year(month: str, kept: Mapping[str, int], table: Table, row: int) -> str:
    """A month with the year of its row, where the row states one."""
    if month.startswith(WITHOUT_YEAR) and "year" in kept:
        return f"{cell_text(table.columns[kept['year']][row]).rstrip('年度')}{month}"
    return month
