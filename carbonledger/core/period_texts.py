"""Days, months and years as people and spreadsheets write them.

03/04/2024 is 3 April or 4 March; only the whole column, or the country, can tell (`carbonledger.core.date_order`).
What may be two things is refused with both named.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Literal

from carbonledger.core.errors import PeriodError
from carbonledger.core.findings import Message
from carbonledger.core.periods import Period

__all__ = ["DateOrder", "clock_time", "numeric_day", "parse_date", "parse_moment", "parse_period", "time_of_day"]

DateOrder = Literal["", "day_first", "month_first"]
_EARLIEST, _LATEST = 1900, 2200
_TIME = r"(?:[T ]+(?P<time>\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|[+-]\d{2}:?\d{2})?)?"
_CLOCK = re.compile(r"(?P<time>\d{1,2}:\d{2}(?::\d{2})?)\s*(?P<half>[AaPp]\.?[Mm]\.?)?", re.ASCII)
_YEAR_FIRST = re.compile(
    rf"(?P<y>\d{{4}})\s*[-/.年]\s*(?P<m>\d{{1,2}})\s*[-/.月]\s*(?P<d>\d{{1,2}})\s*[日号]?{_TIME}", re.ASCII
)
_COMPACT = re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})", re.ASCII)
_YEAR_LAST = re.compile(
    rf"(?P<a>\d{{1,2}})(?P<sep>[-/.])(?P<b>\d{{1,2}})(?P=sep)(?P<y>\d{{4}}|\d{{2}}){_TIME}", re.ASCII
)
_NAMED_DAY = re.compile(
    r"(?:[^\W\d_]+\.?,\s*)?(?P<d>\d{1,2})(?:st|nd|rd|th|\.)?[\s./-]*(?:de |of )?(?P<name>[^\W\d_]{3,})\.?[\s,./-]*(?:de )?"
    rf"(?P<y>\d{{4}}|\d{{2}}){_TIME}"
)
_NAMED_FIRST = re.compile(
    rf"(?P<name>[^\W\d_]{{3,}})\.?\s*(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\s*,?\s+(?P<y>\d{{4}}){_TIME}"
)
_NAMED_MONTH = re.compile(
    r"(?P<name>[^\W\d_]{3,})\.?[\s,'’/-]*(?P<y>\d{4}|\d{2})|(?P<y2>\d{4})[\s/-]*(?P<name2>[^\W\d_]{3,})\.?"
)
_YEAR = re.compile(r"(?P<y>\d{4})(?:年度?|\.0)?", re.ASCII)
_YEAR_MONTH = re.compile(r"(?P<y>\d{4})\s*[-/.年]\s*(?P<m>\d{1,2})\s*月?份?|(?P<y2>\d{4})(?P<m2>\d{2})", re.ASCII)
_MONTH_YEAR = re.compile(r"(?P<m>\d{1,2})\s*[-/.]\s*(?P<y>\d{4})", re.ASCII)
_QUARTER = re.compile(
    r"(?P<y>\d{4})\s*[-年/ ]?\s*(?:第?\s*(?P<q>[1-4一二三四])\s*季度?|Q(?P<q2>[1-4]))|Q(?P<q3>[1-4])[\s/-]*(?P<y3>\d{4})",
    re.IGNORECASE,
)
_HALF = re.compile(
    r"(?P<y>\d{4})\s*[-年/ ]?\s*(?:(?P<h>[上下])半年度?|H(?P<h2>[12]))|H(?P<h3>[12])[\s/-]*(?P<y3>\d{4})", re.IGNORECASE
)
_CHINESE_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}
_NUMBER = re.compile(r"-?\d+\.\d+")
_SERIAL = range(20_000, 80_000)
_SERIAL_ORIGIN = date(1899, 12, 30)
# Languages whose names of months are read.
_LANGUAGES = ("en", "de", "fr", "es", "it", "nl", "pt")
_LONGEST = 60
_MIDNIGHT = time(0)


def parse_date(value: object, order: DateOrder = "") -> date:
    """A day as people write it.

    Parameters
    ----------
    value : object
        ``2024-03-01``, ``2024/3/1``, ``2024年3月1日``, ``20240301``, ``1-Mar-24``, ``31.12.2024``, ``12/31/2024``, or a date.
    order : {"", "day_first", "month_first"}
        What 03/04/2024 means, see `date_order`.

    Returns
    -------
    date

    Raises
    ------
    PeriodError
        If it is no day of the calendar, may be two days, or has a time of day other than midnight.

    Examples
    --------
    >>> str(parse_date("31/12/2024")), str(parse_date("1-Jul-10")), str(parse_date("3/4/2024", "month_first"))
    ('2024-12-31', '2010-07-01', '2024-03-04')
    """
    moment = parse_moment(value, order)
    if moment.time() not in {_MIDNIGHT, time(23, 59), time(23, 59, 59)}:
        raise PeriodError(Message.of("BAD_PERIOD.time", text=str(value)))
    return moment.date()


def parse_moment(value: object, order: DateOrder = "") -> datetime:
    """A day, with its time of day if it states one.

    Parameters
    ----------
    value : object
        As for `parse_date`; a text may go on with a time such as ``13:45`` or ``1:45 PM``.
    order : {"", "day_first", "month_first"}
        What 03/04/2024 means.

    Returns
    -------
    datetime
        Local time, without a zone.

    Raises
    ------
    PeriodError
        If it is no moment of the calendar, may be two, or is stated in the time of another zone.
    """
    if isinstance(value, datetime):
        if str(value) == "NaT":
            raise PeriodError(Message.of("BAD_PERIOD.date", text="NaT"))
        return _in_range(value.replace(tzinfo=None), value) if value.tzinfo is None else _refuse_zone(value)
    if isinstance(value, date):
        return _in_range(datetime(value.year, value.month, value.day), value)
    text = _text_of(value)
    for pattern in (_YEAR_FIRST, _COMPACT, _YEAR_LAST, _NAMED_DAY, _NAMED_FIRST):
        found = pattern.fullmatch(text)
        if found:
            return _moment(found.groupdict(), text, order)
    raise PeriodError(_why_no_date(text))


def parse_period(value: object, order: DateOrder = "") -> Period:
    """A year, half year, quarter, month or day as people write it.

    Parameters
    ----------
    value : object
        ``2024``, ``2024年``, ``2024-03``, ``2024年3月``, ``202403``, ``Mar 2024``, ``2024Q1``, ``2024年上半年``, ``2024-03-01``.
    order : {"", "day_first", "month_first"}
        What 03/04/2024 means, see `date_order`.

    Returns
    -------
    Period

    Raises
    ------
    PeriodError
        If it is none of these, or a number such as 2024.1 that may be January or October.

    Examples
    --------
    >>> parse_period("2024年2月").days, str(parse_period("Q1 2024")), str(parse_period("Mar-24"))
    (29, '2024-01-01..2024-03-31', '2024-03')
    """
    if isinstance(value, float) and not value.is_integer():
        raise PeriodError(_number_month(str(value)))
    text = _text_of(value) if not isinstance(value, date) else ""
    months = _months_in(text) if text else None
    if months:
        year, first, count = months
        if not 1 <= first <= 12:
            raise PeriodError(Message.of("BAD_PERIOD.month", text=text, month=first))
        start = Period.of_month(_plausible(year), first).start
        last = first + count - 1
        return Period(start, Period.of_month(year, last).end)
    try:
        day = parse_date(value, order)
    except PeriodError as error:
        says = error.says
        if says is not None and says.key != "BAD_PERIOD.date":
            raise
        raise PeriodError(Message.of("BAD_PERIOD.unreadable", text=text)) from None
    return Period(day, day + timedelta(days=1))


def _months_in(text: str) -> tuple[int, int, int] | None:
    """The year, first month and number of months that a text names; None if it names no months."""
    found = _YEAR.fullmatch(text)
    if found:
        return int(found["y"]), 1, 12
    for pattern in (_YEAR_MONTH, _MONTH_YEAR):
        found = pattern.fullmatch(text)
        if found:
            cells = {name.rstrip("2"): int(cell) for name, cell in found.groupdict().items() if cell}
            return cells["y"], cells["m"], 1
    found = _QUARTER.fullmatch(text)
    if found:
        quarter = next(found[name] for name in ("q", "q2", "q3") if found[name])
        return int(found["y"] or found["y3"]), 3 * (_CHINESE_DIGITS.get(quarter) or int(quarter)) - 2, 3
    found = _HALF.fullmatch(text)
    if found:
        half = next(found[name] for name in ("h", "h2", "h3") if found[name])
        return int(found["y"] or found["y3"]), 7 if half in {"下", "2"} else 1, 6
    found = _NAMED_MONTH.fullmatch(text)
    month = _month_names().get((found["name"] or found["name2"]).casefold().rstrip(".")) if found else None
    if found and month:
        return _full_year(found["y"] or found["y2"]), month, 1
    return None


def _text_of(value: object) -> str:
    """A cell as plain text."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join(unicodedata.normalize("NFKC", str(value)).split())
    if len(text) > _LONGEST:
        raise PeriodError(Message.of("BAD_PERIOD.unreadable", text=f"{text[:20]}..."))
    return text


def _moment(cells: Mapping[str, str | None], text: str, order: DateOrder) -> datetime:
    """The moment of the parts of a text."""
    if cells.get("zone"):
        _refuse_zone(text)
    year = _full_year(str(cells["y"]))
    if cells.get("name"):
        month = _month_names().get(str(cells["name"]).casefold())
        if month is None:
            raise PeriodError(Message.of("BAD_PERIOD.date", text=text))
        day = int(str(cells["d"]))
    elif cells.get("a"):
        month, day = _month_and_day(cells, text, order)
    else:
        month, day = int(str(cells["m"])), int(str(cells["d"]))
    clock = _clock(cells.get("time"), cells.get("half"), text)
    try:
        return datetime.combine(date(_plausible(year), month, day), clock)
    except ValueError:
        raise PeriodError(Message.of("BAD_PERIOD.calendar", text=text)) from None


def _month_and_day(cells: Mapping[str, str | None], text: str, order: DateOrder) -> tuple[int, int]:
    """Which of two numbers before a year is the month."""
    first, second = int(str(cells["a"])), int(str(cells["b"]))
    known = "day_first" if cells["sep"] == "." else order
    is_short = len(str(cells["y"])) < 4
    proven = _proven_order(first, second)
    if is_short and not known:
        raise PeriodError(Message.of("BAD_PERIOD.two_digit_year", text=text))
    if proven and known and proven != known:
        raise PeriodError(Message.of(f"BAD_PERIOD.not_{known}", text=text))
    chosen = known or proven
    if not chosen and first != second:
        days = {"day_first": f"{second:02d}-{first:02d}", "month_first": f"{first:02d}-{second:02d}"}
        raise PeriodError(Message.of("BAD_PERIOD.order_open", text=text, year=str(cells["y"]), **days))
    return (second, first) if chosen == "day_first" else (first, second)


def _proven_order(first: int, second: int) -> DateOrder:
    """The order that two numbers prove, one of which is no month."""
    if first > 12 >= second:
        return "day_first"
    return "month_first" if second > 12 >= first else ""


def numeric_day(text: str) -> tuple[str, DateOrder] | None:
    """What divides a day such as 03/04/2024, and the order that its numbers prove; None if the text is no such day."""
    found = _YEAR_LAST.fullmatch(" ".join(text.split())[:_LONGEST])
    return (found["sep"], _proven_order(int(found["a"]), int(found["b"]))) if found else None


def _clock(text: str | None, half: str | None, whole: str) -> time:
    """A time of day; midnight if none is stated."""
    if not text:
        return _MIDNIGHT
    hours, minutes, seconds = (int(part.partition(".")[0].partition(",")[0]) for part in f"{text}:0".split(":")[:3])
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    try:
        return time(hours % 24 if (hours, minutes) == (24, 0) else hours, minutes, seconds)
    except ValueError:
        raise PeriodError(Message.of("BAD_PERIOD.calendar", text=whole)) from None


def clock_time(value: object) -> str:
    """The time of a cell that states a time of day and no day, as ``13:45``; empty if it is none.

    Examples
    --------
    >>> clock_time("1:45 PM"), clock_time(time(0, 30)), clock_time("24:00"), clock_time("2024-03-01 13:45")
    ('13:45', '00:30', '00:00', '')
    """
    if isinstance(value, time):
        return f"{value:%H:%M}"
    found = _CLOCK.fullmatch(value.strip()) if isinstance(value, str) else None
    if not found:
        return ""
    try:
        return f"{_clock(found['time'], found['half'], found['time']):%H:%M}"
    except PeriodError:
        return ""


def time_of_day(value: object, order: DateOrder = "") -> str:
    """The time of day of a cell as ``13:45``; empty if it states none.

    Examples
    --------
    >>> time_of_day("2024-03-01 13:45"), time_of_day("2024-03-01")
    ('13:45', '')
    """
    try:
        moment = parse_moment(value, order)
    except PeriodError:
        return ""
    states = isinstance(value, str) and ":" in value
    return f"{moment:%H:%M:%S}".removesuffix(":00") if states or moment.time() != _MIDNIGHT else ""


def _in_range(moment: datetime, value: object) -> datetime:
    """A moment, unless no ledger can have its year."""
    del value
    _plausible(moment.year)
    return moment


def _plausible(year: int) -> int:
    """The year, unless no ledger can have it."""
    if not _EARLIEST <= year <= _LATEST:
        raise PeriodError(Message.of("BAD_PERIOD.year", year=year))
    return year


def _full_year(text: str) -> int:
    """A year of two digits as one of this century."""
    return int(text) + (2000 if len(text) < 4 else 0)


def _refuse_zone(value: object) -> datetime:
    """The error for a moment in the time of a zone."""
    raise PeriodError(Message.of("BAD_PERIOD.zone", text=str(value)))


def _number_month(text: str) -> Message:
    """What a number such as 2024.1 may be."""
    year, _, part = text.partition(".")
    if part == "1":
        return Message.of("BAD_PERIOD.number_month", text=text, first=f"{year}-01", second=f"{year}-10")
    return Message.of("BAD_PERIOD.number", text=text)


def _why_no_date(text: str) -> Message:
    """What a text is that is no day."""
    if text.isascii() and text.isdigit() and int(text) in _SERIAL:
        day = _SERIAL_ORIGIN + timedelta(days=int(text))
        return Message.of("BAD_PERIOD.serial", text=text, day=str(day))
    return (
        Message.of("BAD_PERIOD.number", text=text)
        if _NUMBER.fullmatch(text)
        else Message.of("BAD_PERIOD.date", text=text)
    )


@cache
def _month_names() -> Mapping[str, int]:
    """The number of each month by its names, from the Unicode CLDR."""
    from babel import Locale

    names: dict[str, int] = {"sept": 9}
    for language in _LANGUAGES:
        months = Locale(language).months
        for context in ("format", "stand-alone"):
            for width in ("abbreviated", "wide"):
                names |= {str(name).casefold().rstrip("."): number for number, name in months[context][width].items()}
    return names
