"""Tables with months across, or with one column for each carrier, as rows of one amount each.

A column of months is an amount for each; so is a column whose heading names an activity with its unit, such as 汽油（吨）.
A total column is held against its row, a total row against its columns, and neither is counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from carbonledger.activity_data.entry_headings import field_of_heading, is_entry_heading, unit_of_heading
from carbonledger.activity_data.export_words import exported_meaning
from carbonledger.activity_data.total_rows import is_total, same_sum
from carbonledger.core.activities import GRID_ELECTRICITY, known_activity
from carbonledger.core.errors import PeriodError
from carbonledger.core.findings import Finding
from carbonledger.core.number_text import is_gap
from carbonledger.core.period_texts import parse_period
from carbonledger.core.units import conversion_factor, is_convertible
from carbonledger.tables.column import Column, is_filled, objects
from carbonledger.tables.headings import heading_and_bracket, split_heading
from carbonledger.tables.number_columns import NumberColumn, read_numbers
from carbonledger.tables.records import cell_text
from carbonledger.tables.table import Table

__all__ = ["WideTable", "is_wide_heading", "wide_table"]

_MONTH = re.compile(
    r"(?P<m>1[0-2]|0?[1-9])\s*月份?|(?P<name>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?)|(?P<q>第?[一二三四1-4]季度|Q[1-4])"
    r"|(?P<half>[上下]半年度?|H[12])",
    re.IGNORECASE,
)
_PLAIN_MONTH = re.compile(r"1[0-2]|0?[1-9]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
_MONTHS, _ENOUGH_MONTHS = 12, 3
# By their length in months: how a quarter and half a year are written.
_LONG_PERIODS = {3: ("Q", 3), 6: ("H", 6)}
_WITHOUT_YEAR = ("-", "Q", "H")
_HALVES = frozenset({"H1", "H2"})
_WHOLE_YEAR = frozenset({"全年", "年度", "全年用量", "本年", "Year", "year total"})


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
    """

    table: Table
    findings: list[Finding] = field(default_factory=list)
    controls: set[int] = field(default_factory=set)
    set_aside: set[int] = field(default_factory=set)
    read_columns: set[int] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the columns of a wide table hold: by position, labels, months or carriers, and totals."""

    labels: Mapping[str, int]
    periods: Mapping[int, str]
    carriers: Mapping[int, tuple[str, str]]
    totals: Sequence[int]
    year: str = ""


def is_wide_heading(text: str) -> bool:
    """Whether a text is a heading of entries, a month, or an activity with its unit."""
    return is_entry_heading(text) or bool(_month_of(text)) or bool(_carrier_of(text)[0])


@cache
def _month_of(text: str) -> str:
    """What month or quarter a heading names: ``2025-03`` in full, ``-03`` without its year; empty if none."""
    group, own = split_heading(text)
    if group:
        month, named = _month_of(own), _YEAR.fullmatch(group.strip().rstrip("年度"))
        return f"{named[0]}{month}" if named and month.startswith(_WITHOUT_YEAR) else ""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    found = _MONTH.fullmatch(plain)
    if found and found["m"]:
        return f"-{int(found['m']):02d}"
    stated = f"2001 {plain}" if found else plain
    if not found and not _YEAR.search(plain):
        return ""
    try:
        period = parse_period(stated)
    except PeriodError:
        return ""
    year = "" if found else str(period.start.year)
    if period.days > 31:
        kind = _LONG_PERIODS.get(round(period.days / 30))
        return f"{year}{kind[0]}{(period.start.month - 1) // kind[1] + 1}" if kind else ""
    # A spreadsheet turns the heading 2025-01 into the first day of the month.
    return f"{year}-{period.start.month:02d}" if period.days > 1 or period.start.day == 1 else ""


@cache
def _carrier_of(text: str) -> tuple[str, str]:
    """The activity and the unit that a heading names; empty if it does not name both."""
    group, own = split_heading(text)
    if group:
        return ("", "") if is_total(group) or _month_of(group) else _divided_carrier(group, own) or _carrier_of(own)
    name, inside = heading_and_bracket(text)
    if not inside or field_of_heading(name):
        return "", ""
    unit = unit_of_heading(inside)
    activity = known_activity(name) or exported_meaning("direction", name) or _usage(name)
    return (activity, unit) if unit and activity else ("", "")


def _divided_carrier(group: str, own: str) -> tuple[str, str] | None:
    """A carrier over its unit, or over an amount with its unit; None if the group is none."""
    name, inside = heading_and_bracket(own)
    stated = inside if field_of_heading(name) == "amount" or (not name and inside) else own
    activity, unit = known_activity(group) or _usage(group), unit_of_heading(stated)
    return (activity, unit) if activity and unit else None


def _place_of(text: str) -> str:
    """The site or company that a column is of, where it stands above its carrier; empty if none does."""
    group, own = split_heading(text)
    return group if group and not _divided_carrier(group, own) and _carrier_of(own)[0] else ""


def _usage(name: str) -> str:
    """The name itself where it says how much of a carrier was used, such as 用电量; the reader of activities asks what it is."""
    return name if re.fullmatch(r".*(?:用|耗)[电水气汽煤油热].{0,2}量?", name) else ""


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
    place : str
        ``entity`` or ``site`` where the name of the sheet is that of one; else empty.
    listed : collection of str
        Names of companies; a group of columns that is none of them is a site.

    Returns
    -------
    WideTable or None
        None if the table is not wide.
    """
    shape = _shape_of(table, year)
    if shape is None:
        return None
    wide = WideTable(table, read_columns={*shape.labels.values(), *shape.periods, *shape.carriers, *shape.totals})
    columns = [*shape.periods, *shape.carriers, *shape.totals]
    numbers = read_numbers(
        {str(at): table.columns[at].cells for at in columns},
        decimal=decimal,
        country=country,
        delimiter=table.delimiter,
    )
    doubled = _doubled_carriers(table, shape, numbers, wide)
    amounts = [at for at in (*shape.periods, *shape.carriers) if at not in doubled]
    rows = _rows_with_amounts(table, shape, amounts, numbers, wide)
    settled = _check_row_totals(table, shape, amounts, rows, numbers, wide)
    wide.table = _long(table, shape, amounts, rows, settled, place, listed)
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


def _shape_of(table: Table, year: int) -> _Shape | None:
    """What the columns hold; None if they are no wide table."""
    labels: dict[str, int] = {}
    for at, heading in enumerate(table.headings):
        name = field_of_heading(heading)
        if name and name not in labels:
            labels[name] = at
    if "amount" in labels or "reading_end" in labels:
        return None
    months = {
        at: month
        for at, heading in enumerate(table.headings)
        if at not in labels.values() and (month := _month_of(heading))
    }
    plain = [at for at, heading in enumerate(table.headings) if _PLAIN_MONTH.fullmatch(heading)]
    if len(plain) == _MONTHS and not months:
        months = {at: f"-{int(table.headings[at]):02d}" for at in plain}
    totals = [at for at, heading in enumerate(table.headings) if is_total(heading) or heading in _WHOLE_YEAR]
    is_enough = len(months) >= _ENOUGH_MONTHS or {month[-2:] for month in months.values()} == _HALVES
    if is_enough and "activity" in labels and len(set(months.values())) == len(months):
        stated = "" if "year" in labels else _year_of(table) or (str(year) if year else "")
        named = all(not month.startswith(_WITHOUT_YEAR) for month in months.values())
        periods = {at: month if named else f"{stated}{month}" for at, month in months.items()}
        return _Shape(labels, periods, {}, totals) if named or stated or "year" in labels else None
    return _carrier_shape(table, labels, totals, year)


def _carrier_shape(table: Table, labels: dict[str, int], totals: Sequence[int], year: int) -> _Shape | None:
    """What the columns hold where each is of one carrier; None if they are not."""
    carriers = {at: carrier for at, heading in enumerate(table.headings) if (carrier := _carrier_of(heading))[0]}
    if not carriers or not {"period", "year", "start", "month"} & set(labels):
        return None
    if "activity" in labels and _are_directions(table, carriers, labels["activity"]):
        labels = {name: at for name, at in labels.items() if name != "activity"}
    stated = "" if "year" in labels else _year_of(table) or (str(year) if year else "")
    return _Shape(labels, {}, carriers, totals, stated) if "activity" not in labels else None


def _are_directions(table: Table, carriers: Mapping[int, tuple[str, str]], column: int) -> bool:
    """Whether the columns are the two directions of a meter of electricity, as the column of activities says in every row."""
    texts = [cell_text(cell) for cell in table.columns[column].distinct()[1]]
    named = {known_activity(text) or exported_meaning("activity", text) for text in texts if text}
    headings = (heading_and_bracket(table.headings[at])[0] for at in carriers)
    return named == {GRID_ELECTRICITY} and all(exported_meaning("direction", heading) for heading in headings)


def _year_of(table: Table) -> str:
    """The year that the titles name first, else the sheet or the file."""
    for text in (*table.titles, table.sheet, table.file):
        found = _YEAR.search(unicodedata.normalize("NFKC", text))
        if found:
            return found[0]
    return ""


def _doubled_carriers(table: Table, shape: _Shape, numbers: Mapping[str, NumberColumn], wide: WideTable) -> set[int]:
    """Columns that state an activity again in another unit; they are held against the first."""
    first: dict[tuple[str, str], int] = {}
    doubled = set()
    for at, (activity, unit) in shape.carriers.items():
        before = first.setdefault((activity, _place_of(table.headings[at])), at)
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
    table: Table, shape: _Shape, amounts: Sequence[int], numbers: Mapping[str, NumberColumn], wide: WideTable
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
    shape: _Shape,
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
    shape: _Shape,
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


def _row_total(
    table: Table, shape: _Shape, place: tuple[int, int], amounts: Sequence[int], numbers: Mapping[str, NumberColumn]
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
    shape: _Shape,
    amounts: Sequence[int],
    rows: Sequence[int],
    settled: set[int],
    place: str,
    listed: Collection[str],
) -> Table:
    """One row for each amount: the labels of its row, the amount, and its month or its activity and unit."""
    kept = {
        name: at
        for name, at in shape.labels.items()
        if not (shape.periods and name in {"period", "month", "start", "end"})
    }
    places = {at: _place_of(table.headings[at]) for at in shape.carriers}
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
    return Table(table.file, table.sheet, headings, columns, numbers, table.heading_row, table.delimiter)


def _labels_above(table: Table, place: str) -> dict[str, str]:
    """What the lines above the headings say of all rows, such as ``Site: Leeds``; then the name of the sheet."""
    found: dict[str, str] = {}
    for at, text in enumerate(table.titles):
        name, _, value = unicodedata.normalize("NFKC", text).partition(":")
        label = field_of_heading(name.strip())
        if label in {"entity", "site", "source"}:
            found.setdefault(label, value.strip() or next(iter(table.titles[at + 1 : at + 2]), ""))
    return found if not place else {place: table.sheet} | found


def _of_year(cell: Any, year: str) -> Any:
    """A cell of a month without its year as a month of one; any other cell as it is."""
    month = _month_of(cell) if isinstance(cell, str) else ""
    return f"{year}{month}" if year and month.startswith(_WITHOUT_YEAR) else cell


def _amount(cell: Any, *, is_settled: bool) -> Any:
    """The amount of a cell; 0 for a dash, nothing for an empty cell unless the total of its row shows that it is 0."""
    if not is_filled(cell):
        return 0 if is_settled else None
    return 0 if isinstance(cell, str) and is_gap(cell) else cell


def _with_year(month: str, kept: Mapping[str, int], table: Table, row: int) -> str:
    """A month with the year of its row, where the row states one."""
    if month.startswith(_WITHOUT_YEAR) and "year" in kept:
        return f"{cell_text(table.columns[kept['year']][row]).rstrip('年度')}{month}"
    return month
