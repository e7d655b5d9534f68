"""What the headings of wide tables say: a month, a carrier with its unit, or the site that a group of columns is of."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from carbonledger.activity_data.entry_headings import field_of_heading, is_entry_heading, unit_of_heading
from carbonledger.activity_data.export_words import exported_meaning
from carbonledger.activity_data.total_rows import is_total
from carbonledger.core.activities import known_activity, taxonomy
from carbonledger.core.activity_spellings import folded
from carbonledger.core.activity_words import ActivityReading, read_activity, words_of
from carbonledger.core.errors import PeriodError
from carbonledger.core.period_texts import parse_period
from carbonledger.core.units import dimension_of
from carbonledger.tables.headings import heading_and_bracket, split_heading

__all__ = ["WITHOUT_YEAR", "carrier_of", "is_place", "is_wide_heading", "month_of", "months_in", "place_of", "year_in"]

_MONTH = re.compile(
    r"(?P<m>1[0-2]|0?[1-9])\s*月份?|(?P<name>(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?)|(?P<q>第?[一二三四1-4]季度|Q[1-4])"
    r"|(?P<half>[上下]半年度?|H[12])",
    re.IGNORECASE,
)
# Columns of these are of another year than the others, or of none.
_NOT_ACTUAL = re.compile(
    r".*(?:上期|上年|去年|同期|同比|环比|预算|计划|目标).*"
    r"|budget|plan(?:ned)?|target|forecast|(?:last|previous|prior) (?:year|period|month)",
    re.IGNORECASE,
)
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d{2}(?!\d)")
# By their length in months: how a quarter and half a year are written.
_LONG_PERIODS = {3: ("Q", 3), 6: ("H", 6)}
# How months, quarters and halves begin that state no year.
WITHOUT_YEAR = ("-", "Q", "H")


def is_wide_heading(text: str, country: str = "") -> bool:
    """Whether a text is a heading of entries, a month, or an activity with its unit as its country names it."""
    group, own = split_heading(text)
    if group and is_total(group):
        return is_wide_heading(own, country)
    return is_entry_heading(text) or bool(month_of(text)) or bool(carrier_of(text, country)[0])


@cache
def month_of(text: str) -> str:
    """What month or quarter a heading names: ``2025-03`` in full, ``-03`` without its year; empty if none."""
    group, own = split_heading(text)
    if group:
        month, named = month_of(own), _YEAR.fullmatch(group.strip().rstrip("年度"))
        return f"{named[0]}{month}" if named and month.startswith(WITHOUT_YEAR) else ""
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
def carrier_of(text: str, country: str = "") -> tuple[str, str]:
    """The activity and the unit that a heading names; empty if it does not name both.

    The activity is the name as written where the reader of activities has more to say of it, as of what a country calls so.
    """
    group, own = split_heading(text)
    if group:
        return _divided_carrier(group, own, country) or (carrier_of(own, country) if is_place(group) else ("", ""))
    name, inside = heading_and_bracket(text)
    if not inside or field_of_heading(name):
        return "", ""
    unit = unit_of_heading(inside)
    activity = _activity_in(name, unit, country) if unit else ""
    return (activity, unit) if unit and activity else ("", "")


def is_place(group: str, unit: str = "", country: str = "") -> bool:
    """Whether a group of columns is of a site or company: no total, time, field or plan, and no activity measured in the unit beneath it.

    Examples
    --------
    >>> is_place("一厂"), is_place("Gas", "kWh", "GB"), is_place("2024"), is_place("上年同期")
    (True, False, False, False)
    """
    named = is_total(group) or month_of(group) or field_of_heading(group) or _YEAR.search(group)
    is_other = bool(named) or _NOT_ACTUAL.fullmatch(group) is not None
    return not is_other and not (unit and _activity_in(group, unit, country))


def _divided_carrier(group: str, own: str, country: str = "") -> tuple[str, str] | None:
    """A carrier over its unit, or over an amount with its unit; None if the group is none."""
    name, inside = heading_and_bracket(own)
    stated = inside if field_of_heading(name) == "amount" or (not name and inside) else own
    unit = unit_of_heading(stated)
    activity = _activity_in(group, unit, country) if unit else ""
    return (activity, unit) if activity else None


def _activity_in(name: str, unit: str, country: str) -> str:
    """The activity that a name means, or the name where it depends on its country, is asked or says more; empty if it names none.

    Of what may be several activities only carriers of energy are asked: other columns beside them are seldom activities.
    """
    known = known_activity(name) or exported_meaning("direction", name)
    reading, dimension = read_activity(name, country), dimension_of(unit)
    if known:
        return known if exported_meaning("direction", name) or reading == ActivityReading(known) else name
    if reading.activity:
        return name if taxonomy()[reading.activity].measured_in(dimension) else ""
    energy = [
        taxonomy()[choice].measured_in("energy") and taxonomy()[choice].measured_in(dimension)
        for choice in reading.choices
    ]
    is_asked = len(energy) > 1 and all(energy) and folded(name) in _words(country)
    return name if is_asked else _usage(name)


@cache
def _words(country: str) -> frozenset[str]:
    """The words that a country uses for activities, also those that may be several."""
    return frozenset(word for words in words_of(country).values() for word in words)


def place_of(text: str, country: str = "") -> str:
    """The site or company that a column is of, where it stands above its carrier; empty if none does."""
    group, own = split_heading(text)
    return group if group and not _divided_carrier(group, own, country) and carrier_of(own, country)[0] else ""


def _usage(name: str) -> str:
    """The name itself where it says how much of a carrier was used, such as 用电量; the reader of activities asks what it is."""
    return name if re.fullmatch(r".*(?:用|耗)[电水气汽煤油热].{0,2}量?", name) else ""


def months_in(period: str) -> frozenset[tuple[str, int]]:
    """The months of a period as `month_of` writes it, each with its year.

    Examples
    --------
    >>> sorted(months_in("2025Q1")), sorted(months_in("-03"))
    ([('2025', 1), ('2025', 2), ('2025', 3)], [('', 3)])
    """
    year, kind, number = period[:-2].rstrip("-"), period[-2], int(period[-1])
    if kind not in "QH":
        return frozenset({(year, int(period[-2:]))})
    count = 3 if kind == "Q" else 6
    return frozenset((year, count * (number - 1) + at) for at in range(1, count + 1))


def year_in(text: str) -> str:
    """The first year that a text names; empty if it names none."""
    found = _YEAR.search(unicodedata.normalize("NFKC", text))
    return found[0] if found else ""
