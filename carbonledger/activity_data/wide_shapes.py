"""Which columns of a table are months, carriers, labels or totals: what makes it a wide one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from carbonledger.activity_data.entry_headings import field_of_heading
from carbonledger.activity_data.export_words import exported_meaning
from carbonledger.activity_data.total_rows import is_total
from carbonledger.activity_data.wide_headings import WITHOUT_YEAR, carrier_of, month_of, months_in, year_in
from carbonledger.core.activities import GRID_ELECTRICITY, known_activity
from carbonledger.tables.headings import heading_and_bracket
from carbonledger.tables.records import cell_text
from carbonledger.tables.table import Table

__all__ = ["WideShape", "shape_of"]

_PLAIN_MONTH = re.compile(r"1[0-2]|0?[1-9]")
_HALVES = frozenset({"H1", "H2"})
_WHOLE_YEAR = frozenset({"全年", "年度", "全年用量", "本年", "Year", "year total"})
_MONTHS, _ENOUGH_MONTHS = 12, 3


@dataclass(frozen=True, slots=True)
class WideShape:
    """What the columns of a wide table hold.

    Parameters
    ----------
    labels : mapping of str to int
        The column of each field of entries.
    periods : mapping of int to str
        The month, quarter or half of each column that is one.
    carriers : mapping of int to (str, str)
        Activity and unit of each column that is of a carrier.
    totals : sequence of int
        Columns that sum up a row.
    year : str
        Of months in rows that state none; empty if nothing states it.
    subtotals : mapping of int to sequence of int
        Columns that sum up others, and which.
    """

    labels: Mapping[str, int]
    periods: Mapping[int, str]
    carriers: Mapping[int, tuple[str, str]]
    totals: Sequence[int]
    year: str = ""
    subtotals: Mapping[int, Sequence[int]] = field(default_factory=dict)


def shape_of(table: Table, year: int, country: str = "") -> WideShape | None:
    """What the columns of a table hold; None if it is no wide table.

    Parameters
    ----------
    table : Table
        With headings.
    year : int
        The reporting year, for months whose year neither headings nor titles state; 0 if it is not known.
    country : str
        Where the table was written, which tells what its carriers are.
    """
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
        if at not in labels.values() and (month := month_of(heading))
    }
    plain = [at for at, heading in enumerate(table.headings) if _PLAIN_MONTH.fullmatch(heading)]
    if len(plain) == _MONTHS and not months:
        months = {at: f"-{int(table.headings[at]):02d}" for at in plain}
    totals = [at for at, heading in enumerate(table.headings) if is_total(heading) or heading in _WHOLE_YEAR]
    is_enough = len(months) >= _ENOUGH_MONTHS or {month[-2:] for month in months.values()} == _HALVES
    if is_enough and "activity" in labels and len(set(months.values())) == len(months):
        stated = "" if "year" in labels else _year_of(table) or (str(year) if year else "")
        named = all(not month.startswith(WITHOUT_YEAR) for month in months.values())
        periods = {at: month if named else f"{stated}{month}" for at, month in months.items()}
        subtotals = _subtotals(months)
        periods = {at: period for at, period in periods.items() if at not in subtotals}
        return WideShape(labels, periods, {}, totals, "", subtotals) if named or stated or "year" in labels else None
    return _carrier_shape(table, labels, totals, year, country)


def _subtotals(months: Mapping[int, str]) -> dict[int, list[int]]:
    """The columns of quarters and halves of which some month has a column too, with the finest of these: never added to them."""
    spans = {at: months_in(month) for at, month in months.items()}
    finest = [at for at, span in spans.items() if not any(other < span for other in spans.values())]
    return {at: [part for part in finest if spans[part] < span] for at, span in spans.items() if at not in finest}


def _carrier_shape(
    table: Table, labels: dict[str, int], totals: Sequence[int], year: int, country: str
) -> WideShape | None:
    """What the columns hold where each is of one carrier; None if they are not."""
    carriers = {
        at: carrier
        for at, heading in enumerate(table.headings)
        if at not in totals and (carrier := carrier_of(heading, country))[0]
    }
    if not carriers or not {"period", "year", "start", "month"} & set(labels):
        return None
    if "activity" in labels and _are_directions(table, carriers, labels["activity"]):
        labels = {name: at for name, at in labels.items() if name != "activity"}
    stated = "" if "year" in labels else _year_of(table) or (str(year) if year else "")
    return WideShape(labels, {}, carriers, totals, stated) if "activity" not in labels else None


def _are_directions(table: Table, carriers: Mapping[int, tuple[str, str]], column: int) -> bool:
    """Whether the columns are the two directions of a meter of electricity, as the column of activities says in every row."""
    texts = [cell_text(cell) for cell in table.columns[column].distinct()[1]]
    named = {known_activity(text) or exported_meaning("activity", text) for text in texts if text}
    headings = (heading_and_bracket(table.headings[at])[0] for at in carriers)
    return named == {GRID_ELECTRICITY} and all(exported_meaning("direction", heading) for heading in headings)


def _year_of(table: Table) -> str:
    """The year that the titles name first, else the sheet or the file."""
    for text in (*table.titles, table.sheet, table.file):
        found = year_in(text)
        if found:
            return found
    return ""
