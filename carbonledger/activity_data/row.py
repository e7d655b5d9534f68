"""The words and the period of a row: read once for each distinct combination in a table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any

from carbonledger.activity_data.biofuel_blends import blend_defect, fossil_base
from carbonledger.activity_data.cell import Cell, Row, text_of
from carbonledger.activity_data.export_words import exported_meaning
from carbonledger.core.activities import taxonomy
from carbonledger.core.activity_spellings import folded
from carbonledger.core.activity_taxonomy import activity_label
from carbonledger.core.activity_words import ActivityReading, question_about, read_activity
from carbonledger.core.errors import PeriodError, RegionError, UnitError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.period_texts import DateOrder, clock_time, parse_moment, parse_period
from carbonledger.core.periods import Period
from carbonledger.core.regions import canonical_region
from carbonledger.core.units import canonical_unit, conversion_factor, dimension_label, dimension_of, is_convertible
from carbonledger.tables.headings import heading_and_bracket

__all__ = ["crosses_year", "read_period", "read_words"]

_DATA_TYPES = {
    "actual": ("actual", "measured", "billed", "supplier", "实际", "实测", "计量", "抄表", "no"),
    "estimated": ("estimated", "estimate", "proxy", "spend", "估算", "估计", "暂估", "yes"),
    "filled": ("filled", "gap-filled", "补录", "填补", "推算"),
}
_HEATING_VALUES = {
    "gross": ("gross", "hhv", "gcv", "gross cv", "高位", "高位发热量"),
    "net": ("net", "lhv", "ncv", "net cv", "低位", "低位发热量"),
}


_NO_ACTIVITIES: Mapping[str, str] = {}


def read_words(
    row: Row,
    region: str,
    home: str,
    heading_unit: str = "",
    activities: Mapping[str, str] = _NO_ACTIVITIES,
    priced: Callable[[], Collection[str]] = frozenset,
) -> tuple[dict[str, Any], list[Finding]]:
    """What the words of a row mean: activity, unit, region, factor, data type and category.

    Parameters
    ----------
    row : mapping of str to Cell
        By field.
    region : str
        The region of entries that name none, by its code.
    home : str
        The region of the reporter, which settles names that several countries share.
    heading_unit : str
        The unit that the heading of the amount states, in the library's spelling; empty if it states none.
    activities : mapping of str to str
        Activities by names of the reporter's own.
    priced : callable
        Gives the activities that the reporter's editions price, which come first where a name may mean several.

    Returns
    -------
    tuple of (dict, list of Finding)
        The cells in canonical form with the reading of the activity as ``meant``, and every defect of the words.
    """
    defects: list[Finding] = []
    record: dict[str, Any] = {"factor": text_of(row, "factor"), "region": _region(row, region, home, defects)}
    meant = _activity(row, activities, record["region"] or home, priced, defects)
    record |= {"activity": meant.activity, "meant": meant}
    record["unit"] = _unit(row.get("unit"), heading_unit, record, home, defects)
    record["factor"] = record["factor"] or _factor_meant(meant, record["unit"])
    blend = blend_defect(row["activity"], record["unit"])
    defects += [blend] if blend else []
    record["data_type"] = _word(row, "data_type", _DATA_TYPES, defects)
    record["factor"] = _with_heating_value(record, row, defects)
    record["scope_3_category"] = _category(row, defects) or meant.category
    return record, defects


def read_period(row: Row, order: DateOrder = "") -> tuple[Period | None, list[Finding]]:
    """The period of a row, and its defects.

    Parameters
    ----------
    row : mapping of str to Cell
        With ``start`` and ``end`` (both included), ``period``, or ``year`` and perhaps ``month``.
    order : {"", "day_first", "month_first"}
        What 03/04/2024 means.
    """
    name = next((name for name in ("start", "end", "period", "year", "month") if text_of(row, name)), "")
    if name in {"start", "end"} and text_of(row, "period") and all(_is_clock(row, part) for part in ("start", "end")):
        # A day of its own column, with the times of an interval beside it.
        name = "period"
    if not name:
        name = next((name for name in ("period", "year", "start") if name in row), "period")
        column = row[name].heading if name in row else name
        return None, [Finding.of("MISSING_PERIOD.none").at(column=column)]
    try:
        return _PERIOD_READERS[name](row, order), []
    except PeriodError as error:
        return None, [Finding.from_message(error.says).at(column=row[name].heading)] if error.says else []


def _is_clock(row: Row, name: str) -> bool:
    """Whether a cell states a time of day alone, or nothing."""
    return not text_of(row, name) or bool(clock_time(row[name].value))


def crosses_year(period: Period, first_month: int) -> bool:
    """Whether a calendar or reporting year begins within a period."""
    begins = date(period.start.year + (period.start.month >= first_month), first_month, 1)
    return period.calendar_year is None or period.start < begins < period.end


def _region(row: Row, region: str, home: str, defects: list[Finding]) -> str:
    """The code of the region that the row names, else the one given."""
    text = text_of(row, "region")
    if not text:
        return region
    try:
        return canonical_region(text, home=home)
    except RegionError as error:
        if error.says:
            defects.append(Finding.from_message(error.says).at(column=row["region"].heading, value=text))
        return ""


def _factor_meant(meant: ActivityReading, unit: str) -> str:
    """The words for a factor that stand in the name; the heating value says something of energy only."""
    in_energy = bool(unit) and dimension_of(unit) == "energy"
    return "" if meant.factor in _HEATING_VALUES and not in_energy else meant.factor


def _activity(
    row: Row,
    activities: Mapping[str, str],
    place: str,
    priced: Callable[[], Collection[str]],
    defects: list[Finding],
) -> ActivityReading:
    """What the name of the activity means, an empty reading if that is unknown; it may also name a factor and a category."""
    cell = row["activity"]
    if not cell.text:
        defects.append(Finding.of("EMPTY_ACTIVITY").at(column=cell.heading))
        return ActivityReading()
    if fossil_base(cell.text):
        return ActivityReading(fossil_base(cell.text))
    country = place.partition("-")[0]
    text = _without_unit(_own_name(cell.text, activities), row.get("unit"), place)
    reading = read_activity(text, country)
    exported = "" if reading.activity else exported_meaning("activity", text)
    if exported and (not reading.choices or exported in reading.choices):
        return ActivityReading(exported)
    if not reading.activity:
        proposed = _measurable(reading, row.get("unit"), place)
        message = question_about(cell.text, _priced(proposed, priced) if proposed.choices else proposed, country)
        defects.append(Finding.from_message(message).at(column=cell.heading, value=cell.text))
    return reading


def _own_name(text: str, activities: Mapping[str, str]) -> str:
    """A name as the reporter's own list means it, however its letters are written there."""
    if not activities or text in activities:
        return activities.get(text, text)
    return {folded(name): meaning for name, meaning in activities.items()}.get(folded(text), text)


def _without_unit(text: str, cell: Cell | None, region: str) -> str:
    """A name without the bracket that repeats the unit of its row, such as Diesel (litres)."""
    name, inside = heading_and_bracket(text)
    if not (inside and name and cell and cell.text):
        return text
    units = [_known_unit(unit, region)[0] for unit in (inside, cell.text)]
    return name if units[0] and units[0] == units[1] else text


def _priced(reading: ActivityReading, priced: Callable[[], Collection[str]]) -> ActivityReading:
    """A reading whose choices the reporter's editions price or that need no factor; all of them, if there are none."""
    own = priced()
    fitting = tuple(
        name for name in reading.choices if name in own or taxonomy()[name].is_gas or not taxonomy()[name].needs_factor
    )
    return replace(reading, choices=fitting if own and any(name in own for name in fitting) else reading.choices)


def _measurable(reading: ActivityReading, cell: Cell | None, region: str) -> ActivityReading:
    """A reading whose choices can be measured in the unit of their row; all of them, if none can."""
    unit = _known_unit(cell.text, region)[0] if cell and cell.text else ""
    dimension = dimension_of(unit) if unit else ""
    fitting = tuple(name for name in reading.choices if taxonomy()[name].measured_in(dimension))
    return replace(reading, choices=fitting or reading.choices)


def _unit(cell: Cell | None, heading_unit: str, record: Mapping[str, Any], home: str, defects: list[Finding]) -> str:
    """The registry's spelling, if the unit can measure the activity and the heading does not say another."""
    activity, region = str(record["activity"]), str(record["region"]) or home
    text = cell.text if cell else ""
    column = cell.heading if cell and text else "unit"
    if not text and not heading_unit:
        defects.append(Finding.of("EMPTY_UNIT").at(column=cell.heading if cell else "unit"))
        return ""
    unit, message = _known_unit(text, region) if text else (heading_unit, None)
    if message:
        defects.append(Finding.from_message(message).at(column=column, value=text))
        return ""
    if text and heading_unit:
        unit, contradiction = _with_heading_unit(unit, text, heading_unit)
        defects += [contradiction.at(column=column, value=text)] if contradiction else []
    if activity and not taxonomy()[activity].measured_in(dimension_of(unit)):
        finding = Finding.of(
            "WRONG_DIMENSION.of_activity",
            activity=activity_label(activity),
            unit=text or unit,
            dimension=dimension_label(dimension_of(unit)),
            allowed=tuple(map(dimension_label, taxonomy()[activity].dimensions)),
        )
        defects.append(finding.at(column=column, value=text or unit))
    return unit


def _with_heading_unit(unit: str, text: str, heading_unit: str) -> tuple[str, Finding | None]:
    """The unit of a cell together with that of the heading, which may be a number such as 10^4, and what contradicts."""
    if dimension_of(heading_unit) == "number" and dimension_of(unit) != "number":
        scaled, message = _known_unit(f"{heading_unit} {unit}")
        if message is None and not unit.startswith("10^"):
            return scaled, None
    elif is_convertible(unit, heading_unit) and conversion_factor(unit, heading_unit) == 1:
        return unit, None
    return unit, Finding.of("UNIT_CONTRADICTS.of_heading", unit=text, heading_unit=heading_unit)


@cache
def _known_unit(text: str, region: str = "") -> tuple[str, Message | None]:
    """The registry's spelling, or why there is none."""
    try:
        return canonical_unit(exported_meaning("unit", text) or text, region), None
    except UnitError as error:
        return "", error.says


def _word(row: Row, name: str, spellings_of: Mapping[str, tuple[str, ...]], defects: list[Finding]) -> str:
    """One word of a short list; empty if none is stated."""
    text = text_of(row, name).casefold()
    meant = next((word for word, spellings in spellings_of.items() if text in spellings), "")
    if text and not meant:
        words = tuple(spelling for spellings in spellings_of.values() for spelling in spellings)
        finding = Finding.of(f"UNKNOWN_WORD.{name}", text=row[name].text, words=words)
        defects.append(finding.at(column=row[name].heading, value=row[name].text))
    return meant


def _with_heating_value(record: Mapping[str, Any], row: Row, defects: list[Finding]) -> str:
    """The factor's words and the heating value that the energy of a fuel is stated on.

    A fuel billed in energy is about a tenth more on gross than on net calorific value. Whether a bill must say which depends on the
    factors that price it, so that it is asked when they are known.
    """
    words = str(record["factor"])
    stated = _word(row, "heating_value", _HEATING_VALUES, defects)
    activity = str(record["activity"])
    in_energy = bool(record["unit"]) and dimension_of(record["unit"]) == "energy"
    if not activity or taxonomy()[activity].kind != "fuel" or not in_energy:
        return words
    other = {"gross": "net", "net": "gross"}.get(stated, "")
    if other in words.split():
        cell = row["heating_value"]
        finding = Finding.of("HEATING_VALUE_TWICE", stated=stated, other=other)
        defects.append(finding.at(column=cell.heading, value=cell.text))
        return words
    if stated and stated not in words.split():
        return f"{words} {stated}".strip()
    return words


def _category(row: Row, defects: list[Finding]) -> int:
    """The scope 3 category that the entry names, 1 to 15; 0 if it names none."""
    text = text_of(row, "scope_3_category").removeprefix("category").removeprefix("类别").strip()
    if text in {"", "0"}:
        return 0
    if text.isascii() and text.isdigit() and 1 <= int(text[:3]) <= _SCOPE_3_CATEGORIES:
        return int(text)
    cell = row["scope_3_category"]
    defects.append(Finding.of("UNKNOWN_CATEGORY", text=cell.text).at(column=cell.heading, value=text))
    return 0


_SCOPE_3_CATEGORIES = 15


def _month_or_period(row: Row, order: DateOrder) -> Period:
    """A period; a spreadsheet turns the month 2023-06 into its first day."""
    cell = row["period"]
    if isinstance(cell.value, str) and ":" in cell.value:
        day = parse_moment(cell.value, order).date()
        return Period(day, day + timedelta(days=1))
    period = parse_period(cell.value, order)
    monthly = cell.heading.strip().casefold() in {"期间", "所属期", "period"} and isinstance(cell.value, date)
    if monthly and period.days == 1 and period.start.day == 1:
        return Period.of_month(period.start.year, period.start.month)
    return period


def _between(row: Row, order: DateOrder) -> Period:
    """The period from a first to a last day, both included, or between two moments."""
    for name in ("start", "end"):
        if not text_of(row, name):
            raise PeriodError(Message.of(f"MISSING_PERIOD.{name}"))
    first, last = parse_moment(row["start"].value, order), parse_moment(row["end"].value, order)
    if last < first:
        raise PeriodError(Message.of("END_BEFORE_START", first=_shown(first), last=_shown(last)))
    if first.time() == last.time() == time.min:
        return Period(first.date(), last.date() + timedelta(days=1))
    # Between two moments: the day of the second belongs to what follows, unless it is stated to its last minute.
    end = last.date() + timedelta(days=last.hour == _LAST_HOUR and last.minute == _LAST_MINUTE)
    return Period(first.date(), max(end, first.date() + timedelta(days=1)))


_LAST_HOUR, _LAST_MINUTE = 23, 59


def _shown(moment: datetime) -> str:
    """A moment, or its day if it is midnight."""
    return str(moment.date() if moment.time() == time.min else moment)


def _month_with_its_year(row: Row, order: DateOrder) -> Period:
    """A month that states its year too, such as 2025年1月; a month alone is of no year."""
    period = parse_period(row["month"].value, order)
    if period.days == 1 and period.start.day == 1 and isinstance(row["month"].value, date):
        return Period.of_month(period.start.year, period.start.month)
    return period


def _year_and_month(row: Row, order: DateOrder) -> Period:
    """A year, or a month of it."""
    value = row["year"].value
    year = parse_period(value if isinstance(value, float | date) else _integer_text(row["year"]), order)
    month = _integer_text(row["month"]).rstrip("月") if text_of(row, "month") else ""
    if not month:
        return year
    if not (month.isascii() and month.isdigit() and 1 <= int(month[:3]) <= 12):
        raise PeriodError(Message.of("BAD_PERIOD.month_column", text=row["month"].text))
    return Period.of_month(year.start.year, int(month))


def _integer_text(cell: Cell) -> str:
    """A number cell without the .0 that spreadsheets add."""
    return cell.text.removesuffix(".0")


_PERIOD_READERS: Mapping[str, Callable[[Row, DateOrder], Period]] = {
    "start": _between,
    "end": _between,
    "period": _month_or_period,
    "year": _year_and_month,
    "month": _month_with_its_year,
}
