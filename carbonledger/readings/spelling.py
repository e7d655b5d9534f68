"""How a file of text spells numbers and moments: decided over the file, never cell by cell, and put as expressions of DuckDB.

A text that is spelled otherwise than its column is no number or moment, and its row is told; it is not read in a way of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from carbonledger.core.date_order import date_order
from carbonledger.core.duckdb_text import literal
from carbonledger.core.findings import Message
from carbonledger.core.number_text import NumberText, number_text
from carbonledger.core.period_texts import DateOrder, numeric_day

__all__ = ["MOMENTS", "Spelling", "moment_in", "number_in", "spelling_of"]

Decimal = Literal["", ".", ","]

# The columns of moments, and the kinds of what they hold, as DuckDB calls them.
MOMENTS = ("start", "end")
_DAY, _MOMENT, _ZONED = "DATE", "TIMESTAMP", "TIMESTAMP WITH TIME ZONE"
_OFFSET = re.compile(r":\d{2}(?:[.,]\d+)?\s*(?:Z|[+-]\d{2}(?::?\d{2})?)$", re.ASCII)
_DAY_IN = re.compile(r"\s*\d{1,4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,4}")
# A year that stands first and is not divided from the month as in ISO 8601.
_YEAR_FIRST = r"^\s*(\d{4})\s*[年.]\s*(\d{1,2})\s*[月.]\s*(\d{1,2})\s*[日号]?"
_CLOCKS = ("", " %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p")
_DAY_OF: Mapping[str, str] = MappingProxyType({"day_first": "%d{0}%m{0}%Y", "month_first": "%m{0}%d{0}%Y"})
_POINT_GROUPS, _COMMA_GROUPS = r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?", r"[+-]?\d{1,3}(\.\d{3})+(,\d+)?"


@dataclass(frozen=True, slots=True)
class Spelling:
    """How one file spells.

    Parameters
    ----------
    decimal : {"", ".", ","}
        The decimal sign that its amounts prove; empty if none does, and then no groups of digits are read either.
    order : {"", "day_first", "month_first"}
        Of its days; empty where the year stands first.
    divider : str
        What stands between day, month and year where the year is last; where it is first, ``年`` or ``.`` if that follows it.
    kinds : tuple of (str, str)
        For ``start`` and ``end``, as far as there is such a column, whether it holds days, moments or moments with a time zone.
    """

    decimal: Decimal = ""
    order: DateOrder = ""
    divider: str = ""
    kinds: tuple[tuple[str, str], ...] = ()


def spelling_of(texts: Mapping[str, Sequence[str]], delimiter: str) -> tuple[Spelling, tuple[tuple[str, Message], ...]]:
    """How a file spells, by some of its cells.

    Parameters
    ----------
    texts : mapping of str to sequence of str
        Cells of ``amount``, ``start`` and ``end``.
    delimiter : str
        What stands between the cells of the file.

    Returns
    -------
    tuple of (Spelling, tuple of (str, Message))
        The spelling; and what these cells leave open or contradict, by field.

    Examples
    --------
    >>> spelling_of({"amount": ["1.234,5"], "start": ["31.01.2024 12:00"]}, ";")[0]
    Spelling(decimal=',', order='day_first', divider='.', kinds=(('start', 'TIMESTAMP'),))
    >>> [(field, message.key) for field, message in spelling_of({"start": ["01/02/2024"]}, ",")[1]]
    [('start', 'BAD_PERIOD.order_open')]
    """
    decimal, faults = _decimal(texts.get("amount", ()), delimiter)
    cells = {name: dict.fromkeys(texts[name]) for name in MOMENTS if name in texts}
    moments = {name: [text for text in own if _DAY_IN.match(text)] for name, own in cells.items()}
    order, divider, of_order = _order([text for own in moments.values() for text in own])
    faults += [(next(iter(moments), "start"), message) for message in of_order]
    kinds = []
    for name, own in moments.items():
        kind, fault = _kind(name, own)
        kinds.append((name, kind))
        faults += [(name, message) for message in fault]
    return Spelling(decimal, order, divider, tuple(kinds)), tuple(faults)


def _decimal(texts: Sequence[str], delimiter: str) -> tuple[Decimal, list[tuple[str, Message]]]:
    """The decimal sign of the amounts, and why it is not settled."""
    read = {text: number for text in set(texts) if isinstance(number := number_text(text), NumberText)}
    proving = {
        sign: min((text for text, number in read.items() if number.decimal == sign), default="") for sign in ".,"
    }
    if all(proving.values()):
        return "", [("amount", Message.of("DECIMAL_SIGN.mixed", text=proving[","], other=proving["."]))]
    if any(proving.values()):
        return ("." if proving["."] else ","), []
    is_open = (text for text, number in read.items() if number.is_open and ("," in text or delimiter == ";"))
    text = min(is_open, default="")
    if not text:
        return "", []
    values = {"with_point": float(read[text].point), "with_comma": float(read[text].comma)}
    return "", [("amount", Message.of("DECIMAL_SIGN.open", text=text, **values))]


def _order(texts: Sequence[str]) -> tuple[DateOrder, str, list[Message]]:
    """The order of day and month, what divides them, and why that is not settled."""
    days = [(text, found) for text in texts if (found := numeric_day(" ".join(text.split())))]
    if not days:
        return "", next((sign for sign in "年." if any(sign in text for text in texts)), ""), []
    text, (divider, _) = days[0]
    order, contradiction = date_order([text.replace(".", "/") for text, _ in days])
    if contradiction is not None:
        return "", divider, [contradiction]
    if order or divider == ".":
        # Days written with points have the day first wherever they are written.
        return order or "day_first", divider, []
    open_ = [parts for text, _ in days if (parts := re.split(r"[^\d]+", text.strip()))[0] != parts[1]]
    if not open_:
        return "day_first", divider, []
    first, second, year = open_[0][:3]
    text = next(text for text, _ in days if re.split(r"[^\d]+", text.strip()) == open_[0])
    values = {"day_first": f"{int(second):02}-{int(first):02}", "month_first": f"{int(first):02}-{int(second):02}"}
    return "", divider, [Message.of("BAD_PERIOD.order_open", text=text.strip(), year=year, **values)]


def _kind(name: str, texts: Sequence[str]) -> tuple[str, list[Message]]:
    """What a column of moments holds, and why that is not one thing."""
    zoned = [text for text in texts if _OFFSET.search(text.strip())]
    days = [text for text in texts if ":" not in text]
    if zoned and len(zoned) < len(texts):
        return _ZONED, [Message.of("READINGS.mixed_offsets", rows=len(texts) - len(zoned), column=name)]
    if zoned:
        return _ZONED, []
    if days and len(days) < len(texts):
        # A day that ends a period is included, a moment is not: midnight left out would be a day too much.
        mixed = Message.of("READINGS.day_or_moment", day=days[0].strip(), column=name)
        return _MOMENT, [mixed] if name == "end" else []
    return (_DAY if days else _MOMENT), []


def number_in(column: str, spelling: Spelling, delimiter: str) -> str:
    """An expression for the number that a column of texts spells, null where it spells none."""
    sound = f"NOT contains({column}, '_')"
    plain = f"CASE WHEN {sound} THEN TRY_CAST({column} AS DOUBLE) END"
    if spelling.decimal == ".":
        grouped = f"TRY_CAST(replace({column}, ',', '') AS DOUBLE)"
        return f"coalesce({plain}, CASE WHEN {_matches(column, _POINT_GROUPS)} THEN {grouped} END)"
    if spelling.decimal == ",":
        other = f"TRY_CAST(replace(replace({column}, '.', ''), ',', '.') AS DOUBLE)"
        fits = f"{sound} AND (NOT contains({column}, '.') OR {_matches(column, _COMMA_GROUPS)})"
        return f"CASE WHEN {fits} THEN {other} END"
    # Where cells are divided by semicolons, the point may be the sign of groups.
    return plain.replace(sound, f"{sound} AND NOT contains({column}, '.')") if delimiter == ";" else plain


def moment_in(column: str, name: str, spelling: Spelling) -> str:
    """An expression for the day or moment that a column of texts spells, null where it spells none of its kind."""
    kind = dict(spelling.kinds)[name]
    column = f"trim({column})"
    if kind == _ZONED:
        return f"CASE WHEN {_ends_with_offset(column)} THEN TRY_CAST({_tidy_offset(column)} AS TIMESTAMPTZ) END"
    if spelling.order:
        day = _DAY_OF[spelling.order].format(spelling.divider)
        formats = ", ".join(literal(day + clock) for clock in (_CLOCKS[:1] if kind == _DAY else _CLOCKS))
        moment = f"try_strptime({column}, [{formats}])"
        return f"TRY_CAST({moment} AS DATE)" if kind == _DAY else moment
    if spelling.divider:
        column = f"regexp_replace({column}, {literal(_YEAR_FIRST)}, '\\1-\\2-\\3')"
    # The cast passes over an offset, and a zone behind the time.
    plain = (
        f"NOT contains({column}, '+') AND NOT contains(substr({column}, 9), '-') AND {column}[-1] BETWEEN '0' AND '9'"
    )
    only_day = f" AND NOT contains({column}, ':')" if kind == _DAY else ""
    return f"CASE WHEN {plain}{only_day} THEN TRY_CAST({column} AS {kind}) END"


def _matches(column: str, pattern: str) -> str:
    """Whether a whole text, without spaces around it, has a form."""
    return f"regexp_full_match(trim({column}), {literal(pattern)})"


def _ends_with_offset(column: str) -> str:
    """Whether a text ends with an offset from universal time."""
    return f"regexp_matches({column}, {literal(_OFFSET.pattern)})"


def _tidy_offset(column: str) -> str:
    """The text without a space before its offset, which the cast would pass over with it."""
    return f"regexp_replace({column}, '\\s+(Z|[+-]\\d\\d(:?\\d\\d)?)$', '\\1')"
