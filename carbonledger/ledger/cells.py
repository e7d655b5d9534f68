"""One row of cells as an entry, or as the list of its defects."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

from carbonledger.activities import canonical_activity, taxonomy
from carbonledger.errors import Severity, UnitError, UnknownActivityError
from carbonledger.periods import Period, parse_date, parse_period
from carbonledger.units import canonical_unit, dimension_of

__all__ = ["Cell", "CellDefect", "read_row"]

_TEXT_FIELDS = ("entity", "site", "source", "factor", "evidence", "note")
_EMPTY_WORDS = {"", "-", "--", "—", "n/a", "na", "nan", "none", "null", "nat", "<na>", "无", "/"}
_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?([eE][+-]?\d{1,3})?|[+-]?\.\d+([eE][+-]?\d{1,3})?")
_INFINITE = re.compile(r"[+-]?(inf|infinity|∞)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it came, with its heading."""

    value: Any
    heading: str

    @property
    def text(self) -> str:
        """The cell as plain text; empty words as nothing."""
        value = int(self.value) if isinstance(self.value, float) and self.value.is_integer() else self.value
        plain = "" if value is None else unicodedata.normalize("NFKC", str(value)).strip()
        return "" if plain.casefold() in _EMPTY_WORDS else plain


@dataclass(frozen=True, slots=True)
class CellDefect:
    """What is wrong with a cell."""

    rule: str
    message: str
    way_out: str
    column: str
    value: str = ""
    severity: Severity = "error"


Row = Mapping[str, Cell]


def read_row(row: Row, region: str, *, prorate: bool = False) -> tuple[dict[str, Any], list[CellDefect]]:
    """An entry from its cells.

    Parameters
    ----------
    row : mapping of str to Cell
        By field.
    region : str
        The region of entries that name none.
    prorate : bool
        Whether a period may cross the end of a year, to be divided by days.

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
    record["amount"] = _amount(row["amount"], defects)
    period = _period(row, defects, prorate=prorate)
    record["start"] = period.start if period else None
    record["end"] = period.end if period else None
    record["year"] = period.calendar_year if period else None
    return record, defects


def _activity(cell: Cell, defects: list[CellDefect]) -> str:
    """The taxonomy's name; empty if unknown."""
    if not cell.text:
        defects.append(CellDefect("EMPTY_ACTIVITY", "no activity is stated.", "State what was used.", cell.heading))
        return ""
    name, message = _known_activity(cell.text)
    if message:
        way_out = "Use a name of the taxonomy: carbonledger factors search finds it by what people call it."
        defects.append(CellDefect("UNKNOWN_ACTIVITY", message, way_out, cell.heading, cell.text))
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


def _amount(cell: Cell, defects: list[CellDefect]) -> float:
    """The number; NaN if there is none."""
    number, rule, message = _number(cell)
    if rule:
        way_out = "State the amount; leave the whole row out if nothing was used."
        if rule == "NEGATIVE_AMOUNT":
            way_out = "State what was used as a positive amount; corrections replace the entry they correct."
        defects.append(CellDefect(rule, message, way_out, cell.heading, cell.text))
    return number


def _number(cell: Cell) -> tuple[float, str, str]:
    """A number, or the rule it breaks and why."""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool) and math.isfinite(cell.value):
        number = float(cell.value)
    elif not cell.text:
        given = str(cell.value).strip() if cell.value is not None else ""
        rule = "NAN_AMOUNT" if given.casefold() == "nan" else "EMPTY_AMOUNT"
        return math.nan, rule, "the amount is not a number (NaN)." if rule == "NAN_AMOUNT" else "the amount is empty."
    elif _INFINITE.fullmatch(cell.text):
        return math.nan, "INFINITE_AMOUNT", f"the amount is {cell.text}, which is not finite."
    else:
        plain = cell.text.replace(" ", "").replace("，", ",").replace("'", "").replace("−", "-")
        if not _NUMBER.fullmatch(plain):
            return math.nan, "BAD_AMOUNT", f"{cell.text!r} is not a number."
        number = float(plain.replace(",", ""))
    if not math.isfinite(number):
        return math.nan, "INFINITE_AMOUNT", f"the amount {cell.text} is too large to be one."
    if number < 0:
        return number, "NEGATIVE_AMOUNT", f"the amount {cell.text} is negative."
    return number, "", ""


def _period(row: Row, defects: list[CellDefect], *, prorate: bool) -> Period | None:
    """The entry's period by start and end, by period, by month or by year."""
    column, message, rule = "", "", "BAD_PERIOD"
    period: Period | None = None
    start, end = _text(row, "start"), _text(row, "end")
    try:
        if start or end:
            column = row["start" if start else "end"].heading
            rule, message, period = _between(start, end, row)
        elif _text(row, "period"):
            column = row["period"].heading
            period = parse_period(row["period"].value)
        elif _text(row, "year"):
            column = row["year"].heading
            period = _year_and_month(row)
        else:
            named = next((name for name in ("period", "year", "start") if name in row), "period")
            column, rule = row[named].heading if named in row else named, "MISSING_PERIOD"
            message = "no period is stated."
    except ValueError as error:
        message = f"{error}."
    if period is not None and period.calendar_year is None and not prorate:
        rule, message = "PERIOD_CROSSES_YEARS", f"{period} crosses the end of a year; factors are matched by year."
        defects.append(
            CellDefect(
                rule,
                message,
                "Split it into one entry per calendar year, or let the settings prorate by days.",
                column,
                str(period),
            )
        )
    elif period is None:
        way_out = "State a year (2024), a month (2024-03), or first and last day."
        defects.append(CellDefect(rule, message, way_out, column))
    return period


def _text(row: Row, name: str) -> str:
    """A cell's text, empty if there is no such column."""
    return row[name].text if name in row else ""


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
    month = _integer_text(row["month"]).rstrip("月") if _text(row, "month") else ""
    if not month:
        return year
    if not month.isdigit() or not 1 <= int(month) <= 12:
        raise ValueError(f"{row['month'].text!r} is not a month from 1 to 12")
    return Period.of_month(year.start.year, int(month))


def _integer_text(cell: Cell) -> str:
    """A number cell without the .0 that spreadsheets add."""
    return cell.text.removesuffix(".0")
