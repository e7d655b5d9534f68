"""The conventions of the columns that hold dates: the order of day and month, times of day, and months that lost a zero."""

from __future__ import annotations

import re
from datetime import date, datetime, time

import numpy as np

from carbonledger.activity_data.entry_headings import EntryTable
from carbonledger.core.date_order import date_order, order_by_sequence
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label
from carbonledger.core.period_texts import DateOrder, clock_time, numeric_day, time_of_day
from carbonledger.tables.column import Column, combined

__all__ = ["lost_zeros", "order_of_dates", "start_times"]

_DATES = ("start", "end", "period")
_AMBIGUOUS = re.compile(r"\d{1,2}[-/]\d{1,2}[-/]\d{2,4}")
_DOTTED_MONTH = re.compile(r"(\d{4})\.(\d{1,2})", re.ASCII)
_PARTS = {"day_first": Label("day", "日"), "month_first": Label("month", "月")}
_MONTHS = 12
_BY_COUNTRY = Label("the country writes them so", "按当地习惯")
_BY_LENGTH = Label("only so is each bill about a month long", "只有这样每张账单才约为一个月")


def order_of_dates(entries: EntryTable, stated: DateOrder, country: str) -> tuple[DateOrder, list[Finding]]:
    """The order of day and month in a table, and what is to be said of it.

    Parameters
    ----------
    entries : EntryTable
        With its date columns.
    stated : {"", "day_first", "month_first"}
        As a setting states.
    country : str
        ISO 3166-1 code of the table.
    """
    cells = [value for name in _DATES if name in entries.fields for value in entries.cells(name).distinct()[1]]
    order, contradiction = date_order(cells)
    table = entries.table
    exchanged = _exchanged_text(cells)
    if exchanged:
        return "", [table.place(Finding.of("BAD_PERIOD.order_mixed", text=exchanged), table.heading_row)]
    if contradiction and not stated:
        return "", [table.place(Finding.from_message(contradiction), table.heading_row)]
    example = next((cell.strip() for cell in cells if isinstance(cell, str) and _AMBIGUOUS.match(cell.strip())), "")
    if stated or order or not example:
        return stated or order, []
    order, reason = _taken_order(entries, cells, country)
    if not order:
        return "", []
    finding = Finding.of("DATE_ORDER_TAKEN", text=example, part=_PARTS[order], reason=reason)
    return order, [table.place(finding, table.heading_row)]


def _exchanged_text(cells: list[object]) -> str:
    """A text such as 25/03/2024 beside dates none of which has a day beyond 12; empty if there is no such thing.

    A spreadsheet that takes the month for the day keeps as text what it cannot read so, and exchanges the two in the rest.
    """
    texts = [cell.strip() for cell in cells if isinstance(cell, str) and numeric_day(cell)]
    days = [cell.day for cell in cells if isinstance(cell, date)]
    proven = [text for text in texts if (numeric_day(text) or ("", ""))[1]]
    is_exchanged = len(days) > 1 and max(days) <= _MONTHS and len(proven) == len(texts)
    return proven[0] if proven and is_exchanged and set(days) != {1} else ""


def _taken_order(entries: EntryTable, cells: list[object], country: str) -> tuple[DateOrder, Label]:
    """The order by the length of the bills, or by the practice of the country."""
    if {"start", "end"} <= set(entries.fields):
        pairs = combined([entries.cells("start"), entries.cells("end")])[1]
        order = order_by_sequence([pair[0] for pair in pairs], [pair[1] for pair in pairs])
        if order:
            return order, _BY_LENGTH
    return date_order(cells, country)[0], _BY_COUNTRY


def start_times(entries: EntryTable, order: DateOrder) -> Column:
    """The time of day at which each period begins, in tables of readings shorter than a day; empty elsewhere."""
    name = next((name for name in ("start", "period") if name in entries.fields), "")
    cells = entries.cells(name)
    if any(_has_time(value) for value in cells.distinct()[1]):
        return cells.mapped(lambda value: clock_time(value) or time_of_day(value, order))
    return cells.mapped(lambda value: "")  # noqa: ARG005 - no cell states a time


def _has_time(value: object) -> bool:
    """Whether a cell states a time of day other than midnight."""
    if isinstance(value, datetime):
        return value.time() != time.min
    if clock_time(value):
        return True
    return isinstance(value, str) and ":" in value and bool(time_of_day(value)) and time_of_day(value) != "00:00"


def lost_zeros(entries: EntryTable) -> dict[int, Finding]:
    """Months such as 2024.1 in a column that shows that October lost its 0: it has 2024.11 or 2024.12 but no 2024.10.

    Returns
    -------
    dict of int to Finding
        By row, without place.
    """
    name = next((name for name in ("period", "year") if name in entries.fields), "")
    codes, values = entries.cells(name).distinct()
    months: dict[str, set[str]] = {}
    for value in values:
        found = _DOTTED_MONTH.fullmatch(value.strip()) if isinstance(value, str) else None
        if found:
            months.setdefault(found[1], set()).add(found[2])
    lost = {
        f"{year}.1" for year, seen in months.items() if "1" in seen and seen & {"11", "12"} and not seen & {"10", "01"}
    }
    if not lost:
        return {}
    findings = {}
    for at in np.flatnonzero(
        np.isin(codes, [at for at, value in enumerate(values) if str(value).strip() in lost])
    ).tolist():
        text = str(values[codes[at]]).strip()
        year = text.partition(".")[0]
        message = Message.of("BAD_PERIOD.number_month", text=text, first=f"{year}-01", second=f"{year}-10")
        findings[at] = Finding.from_message(message).at(column=entries.heading(name), value=text)
    return findings
