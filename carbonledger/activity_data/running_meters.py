"""Running readings of meters, a line a day of reading, as amounts between two readings.

The amount of a period is the later reading less the earlier one, times the multiplier of the meter's transformers; a reading that falls is
a finding of the reader of readings, unless its row states a rollover.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise

from carbonledger.activity_data.entry_headings import field_of_heading, unit_of_heading
from carbonledger.activity_data.wide_tables import WideTable
from carbonledger.core.date_order import date_order
from carbonledger.core.errors import PeriodError
from carbonledger.core.findings import Finding
from carbonledger.core.period_texts import DateOrder, parse_moment
from carbonledger.tables.column import Column, is_filled, objects
from carbonledger.tables.headings import heading_and_bracket
from carbonledger.tables.records import cell_text
from carbonledger.tables.table import Table

__all__ = ["running_readings"]

_METER = ("entity", "site", "source", "activity")
_ENOUGH_READINGS = 2


def running_readings(table: Table, *, order: DateOrder = "", country: str = "") -> WideTable | None:
    """A table of running readings as one of amounts between readings.

    Parameters
    ----------
    table : Table
        With a column of readings and one of days.
    order : {"", "day_first", "month_first"}
        What 03/04/2024 means, as a setting states.
    country : str
        ISO 3166-1 code; settles the order of day and month where the cells do not.

    Returns
    -------
    WideTable or None
        With the columns that `read_amounts` understands; None if the table has no running readings. The first reading of each meter
        opens its first period and gives no entry.
    """
    labels: dict[str, int] = {}
    for at, heading in enumerate(table.headings):
        name = field_of_heading(heading)
        if name:
            labels.setdefault(name, at)
    day_column = labels.get("period", labels.get("start"))
    if "reading" not in labels or day_column is None or {"amount", "reading_end"} & set(labels):
        return None
    chosen = order or date_order(table.columns[day_column].distinct()[1], country)[0]
    wide = WideTable(table, read_columns=set(labels.values()))
    pairs = _pairs(wide, labels, day_column, chosen)
    if not pairs:
        return None
    heading = table.headings[labels["reading"]]
    finding = Finding.of("WIDE_TABLE.readings", heading=heading, amounts=len(pairs), meters=len(wide.controls))
    wide.findings.append(table.place(finding, table.heading_row, heading))
    wide.table = _between(table, labels, pairs)
    wide.openings = [before for before, _, _, _ in pairs]
    return wide


def _pairs(
    wide: WideTable, labels: Mapping[str, int], day_column: int, order: DateOrder
) -> list[tuple[int, int, date, date]]:
    """The rows of each reading and of the one before it with their days; the row that opens a meter is a control."""
    table = wide.table
    meters: dict[tuple[str, ...], list[tuple[date, int]]] = {}
    for row, number in enumerate(table.numbers):
        if not is_filled(table.columns[labels["reading"]][row]):
            _leave(wide, row, Finding.of("WIDE_TABLE.nothing", text=_first_text(table, row)))
            continue
        cell = table.columns[day_column][row]
        try:
            day = parse_moment(cell, order).date()
        except PeriodError as error:
            found = Finding.from_message(error.says) if error.says else Finding.of("MISSING_PERIOD.none")
            wide.findings.append(table.place(found, number, table.headings[day_column], cell_text(cell)))
            continue
        key = tuple(cell_text(table.columns[labels[name]][row]) for name in _METER if name in labels)
        meters.setdefault(key, []).append((day, row))
    pairs = []
    for readings in meters.values():
        ordered = sorted(readings)
        if len(ordered) < _ENOUGH_READINGS:
            _leave(wide, ordered[0][1], Finding.of("WIDE_TABLE.one_reading"))
            continue
        wide.controls.add(table.numbers[ordered[0][1]])
        pairs += [(before[1], after[1], before[0], after[0]) for before, after in pairwise(ordered)]
    return pairs


def _leave(wide: WideTable, row: int, finding: Finding) -> None:
    """Leave a row aside, with the reason."""
    number = wide.table.numbers[row]
    wide.set_aside.add(number)
    wide.findings.append(wide.table.place(finding, number))


def _first_text(table: Table, row: int) -> str:
    """The first text of a row."""
    return next((cell_text(column[row]) for column in table.columns if is_filled(column[row])), "")[:40]


def _between(table: Table, labels: Mapping[str, int], pairs: list[tuple[int, int, date, date]]) -> Table:
    """One row for each pair of readings, at the place of the later one."""
    heading = table.headings[labels["reading"]]
    name, inside = heading_and_bracket(heading)
    passed = {
        field: at for field, at in labels.items() if field not in {"reading", "period", "start", "end", "year", "month"}
    }
    cells = {field: [table.columns[at][after] for _, after, _, _ in pairs] for field, at in passed.items()}
    readings = table.columns[labels["reading"]]
    cells["reading_start"] = [readings[before] for before, _, _, _ in pairs]
    cells["reading_end"] = [readings[after] for _, after, _, _ in pairs]
    cells["start"] = [start for _, _, start, _ in pairs]
    cells["end"] = [max(start, end - timedelta(days=1)) for _, _, start, end in pairs]
    if "activity" not in passed:
        cells["activity"] = [name] * len(pairs)
    if "unit" not in passed and unit_of_heading(inside):
        cells["unit"] = [inside] * len(pairs)
    headings = tuple(table.headings[passed[field]] if field in passed else field for field in cells)
    columns = tuple(Column(objects(column)) for column in cells.values())
    return Table(
        table.file,
        table.sheet,
        headings,
        columns,
        [table.numbers[after] for _, after, _, _ in pairs],
        table.heading_row,
        table.delimiter,
    )
