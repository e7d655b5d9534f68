"""One row of cells as an entry, or as the list of its defects."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any

from carbonledger.activity_data.amounts import read_amount
from carbonledger.activity_data.biofuel_blends import blend_defect, fossil_base
from carbonledger.activity_data.cell import Cell, CellDefect, Row, text_of
from carbonledger.activity_data.heat_content import heat_content_of
from carbonledger.core.activities import canonical_activity, taxonomy
from carbonledger.core.errors import UnitError, UnknownActivityError
from carbonledger.core.periods import Period, parse_date, parse_period
from carbonledger.core.units import canonical_unit, dimension_of

__all__ = ["read_row"]

_TEXT_FIELDS = ("entry_id", "entity", "site", "source", "factor", "evidence", "supersedes", "note")
_DATA_TYPES = {
    "actual": ("actual", "measured", "billed", "supplier", "实际", "实测", "计量", "抄表"),
    "estimated": ("estimated", "estimate", "proxy", "spend", "估算", "估计", "暂估"),
    "filled": ("filled", "gap-filled", "补录", "填补", "推算"),
}
_TOTALS = frozenset({"合计", "总计", "小计", "total", "subtotal", "sum", "grand total"})
_HEATING_VALUES = {
    "gross": ("gross", "hhv", "gcv", "gross cv", "高位", "高位发热量"),
    "net": ("net", "lhv", "ncv", "net cv", "低位", "低位发热量"),
}


def read_row(
    row: Row, region: str, *, prorate: bool = False, first_month: int = 1
) -> tuple[dict[str, Any], list[CellDefect]]:
    """An entry from its cells.

    Parameters
    ----------
    row : mapping of str to Cell
        By field.
    region : str
        The region of entries that name none.
    prorate : bool
        Whether a period may cross the end of a year, to be divided.
    first_month : int
        The first month of the reporting year.

    Returns
    -------
    tuple of (dict, list of CellDefect)
        The entry's cells in canonical form, and every defect of the row.
    """
    defects: list[CellDefect] = []
    record: dict[str, Any] = {name: row[name].text if name in row else "" for name in _TEXT_FIELDS}
    record["region"] = ((row["region"].text if "region" in row else "") or region).upper()
    record["activity"] = _activity(row["activity"], defects)
    record["unit"] = _unit(row["unit"], record["activity"], defects)
    blend = blend_defect(row["activity"], record["unit"])
    defects += [blend] if blend else []
    amount, derivation = read_amount(row, defects)
    record["amount"], record["unit"], heat = heat_content_of(row, record["activity"], amount, record["unit"], defects)
    record["note"] = "; ".join(part for part in (record["note"], derivation, heat) if part)
    record["data_type"] = _word(row, "data_type", _DATA_TYPES, defects)
    record["factor"] = _with_heating_value(record, row, defects)
    record["scope_3_category"] = _category(row, defects)
    period = _period(row, defects, first_month, prorate=prorate)
    record["start"] = period.start if period else None
    record["end"] = period.end if period else None
    return record, defects


def _activity(cell: Cell, defects: list[CellDefect]) -> str:
    """The taxonomy's name; empty if unknown."""
    if not cell.text:
        defects.append(CellDefect("EMPTY_ACTIVITY", "no activity is stated.", "State what was used.", cell.heading))
        return ""
    if fossil_base(cell.text):
        return fossil_base(cell.text)
    if cell.text.casefold() in _TOTALS:
        message = f"{cell.text!r} looks like a total of the rows above, and is not counted."
        defects.append(CellDefect("TOTAL_ROW", message, "Delete the row.", cell.heading, cell.text))
        return ""
    name, message = _known_activity(cell.text)
    if message:
        remedy = "Use a name of the taxonomy: carbonledger factors search finds it by what people call it."
        defects.append(CellDefect("UNKNOWN_ACTIVITY", message, remedy, cell.heading, cell.text))
    return name


@cache
def _known_activity(text: str) -> tuple[str, str]:
    """The taxonomy's name, or why there is none."""
    try:
        return canonical_activity(text), ""
    except UnknownActivityError as error:
        return "", str(error)


def _unit(cell: Cell, activity: str, defects: list[CellDefect]) -> str:
    """The registry's spelling, if the unit can measure the activity."""
    if not cell.text:
        defects.append(CellDefect("EMPTY_UNIT", "no unit is stated.", "State the unit, e.g. kWh or 吨.", cell.heading))
        return ""
    unit, message = _known_unit(cell.text)
    if message:
        defects.append(CellDefect("UNKNOWN_UNIT", message, "Correct the unit.", cell.heading, cell.text))
        return ""
    if activity and not taxonomy()[activity].measured_in(dimension_of(unit)):
        known = taxonomy()[activity]
        message = (
            f"{known.label_zh} ({activity}) cannot be measured in {cell.text} ({dimension_of(unit)}); "
            f"it is {' or '.join(known.dimensions)}."
        )
        defects.append(
            CellDefect("WRONG_DIMENSION", message, "Correct the unit or the activity.", cell.heading, cell.text)
        )
    return unit


@cache
def _known_unit(text: str) -> tuple[str, str]:
    """The registry's spelling, or why there is none."""
    try:
        return canonical_unit(text), ""
    except UnitError as error:
        return "", str(error)


def _word(row: Row, name: str, known: Mapping[str, tuple[str, ...]], defects: list[CellDefect]) -> str:
    """One word of a short list; empty if none is stated."""
    text = text_of(row, name).casefold()
    found = next((word for word, spellings in known.items() if text in spellings), "")
    if text and not found:
        words = ", ".join(spelling for spellings in known.values() for spelling in spellings)
        message = f"{row[name].text!r} is no {name.replace('_', ' ')}."
        defects.append(CellDefect("UNKNOWN_WORD", message, f"Use one of: {words}.", row[name].heading, row[name].text))
    return found


def _with_heating_value(record: Mapping[str, Any], row: Row, defects: list[CellDefect]) -> str:
    """The factor's words and the heating value that the energy of a fuel is stated on.

    A fuel billed in energy is about a tenth more on gross than on net calorific value.
    """
    words = str(record["factor"])
    stated = _word(row, "heating_value", _HEATING_VALUES, defects)
    activity = str(record["activity"])
    in_energy = bool(record["unit"]) and dimension_of(record["unit"]) == "energy"
    if not activity or taxonomy()[activity].kind != "fuel" or not in_energy:
        return words
    other = {"gross": "net", "net": "gross"}.get(stated, "")
    if other in words.split():
        message = f"the heating value is stated as {stated}, the factor column says {other}."
        column = row["heating_value"]
        defects.append(CellDefect("HEATING_VALUE_TWICE", message, "Say one of the two.", column.heading, column.text))
        return words
    if stated and stated not in words.split():
        return f"{words} {stated}".strip()
    if not stated and not {"gross", "net"} & set(words.split()) and ":" not in words:
        message = (
            f"{activity} is stated in {record['unit']} without its heating value; gross and net differ by 5 to 10 %."
        )
        remedy = "Say gross or net in the column heating_value, as the bill does."
        heading = row["unit"].heading
        defects.append(CellDefect("HEATING_VALUE_UNKNOWN", message, remedy, heading, severity="warning"))
    return words


def _category(row: Row, defects: list[CellDefect]) -> int:
    """The scope 3 category that the entry names, 1 to 15; 0 if it names none."""
    text = text_of(row, "scope_3_category").removeprefix("category").removeprefix("类别").strip()
    if text in {"", "0"}:
        return 0
    if text.isdigit() and 1 <= int(text) <= _SCOPE_3_CATEGORIES:
        return int(text)
    message = f"{row['scope_3_category'].text!r} is no scope 3 category."
    defects.append(
        CellDefect("UNKNOWN_CATEGORY", message, "State its number, 1 to 15.", row["scope_3_category"].heading, text)
    )
    return 0


_SCOPE_3_CATEGORIES = 15


def _period(row: Row, defects: list[CellDefect], first_month: int, *, prorate: bool) -> Period | None:
    """The entry's period by start and end, by period, by month or by year."""
    column, message, rule = "", "", "BAD_PERIOD"
    period: Period | None = None
    start, end = text_of(row, "start"), text_of(row, "end")
    try:
        if start or end:
            column = row["start" if start else "end"].heading
            rule, message, period = _between(start, end, row)
        elif text_of(row, "period"):
            column = row["period"].heading
            period = _month_or_period(row["period"])
        elif text_of(row, "year"):
            column = row["year"].heading
            period = _year_and_month(row)
        else:
            named = next((name for name in ("period", "year", "start") if name in row), "period")
            column, rule = row[named].heading if named in row else named, "MISSING_PERIOD"
            message = "no period is stated."
    except ValueError as error:
        message = f"{error}."
    if period is not None and not prorate and _crosses(period, first_month):
        rule = "PERIOD_CROSSES_YEARS"
        message = f"{period} crosses the end of a calendar or reporting year; factors are matched by year."
        defects.append(
            CellDefect(
                rule,
                message,
                "Split it into one entry per calendar year, or let the settings prorate it.",
                column,
                str(period),
            )
        )
    elif period is None:
        remedy = "State a year (2024), a month (2024-03), or first and last day."
        defects.append(CellDefect(rule, message, remedy, column))
    return period


def _month_or_period(cell: Cell) -> Period:
    """A period; a spreadsheet turns the month 2023-06 into its first day."""
    period = parse_period(cell.value)
    monthly = cell.heading.strip().casefold() in {"期间", "所属期", "period"} and isinstance(cell.value, date)
    if monthly and period.days == 1 and period.start.day == 1:
        return Period.of_month(period.start.year, period.start.month)
    return period


def _crosses(period: Period, first_month: int) -> bool:
    """Whether a calendar or reporting year begins within a period."""
    begins = date(period.start.year + (period.start.month >= first_month), first_month, 1)
    return period.calendar_year is None or period.start < begins < period.end


def _between(start: str, end: str, row: Row) -> tuple[str, str, Period | None]:
    """The period from a first to a last day, both included."""
    if not (start and end):
        return "MISSING_PERIOD", f"the {'end' if start else 'start'} is missing.", None
    first, last = parse_date(row["start"].value), parse_date(row["end"].value)
    if last < first:
        return "END_BEFORE_START", f"the end {last} lies before the start {first}.", None
    return "", "", Period(first, last + timedelta(days=1))


def _year_and_month(row: Row) -> Period:
    """A year, or a month of it."""
    year = parse_period(_integer_text(row["year"]))
    month = _integer_text(row["month"]).rstrip("月") if text_of(row, "month") else ""
    if not month:
        return year
    if not month.isdigit() or not 1 <= int(month) <= 12:
        raise ValueError(f"{row['month'].text!r} is not a month from 1 to 12")
    return Period.of_month(year.start.year, int(month))


def _integer_text(cell: Cell) -> str:
    """A number cell without the .0 that spreadsheets add."""
    return cell.text.removesuffix(".0")
