"""Whether the days of a column stand before its months: the cells tell, or the practice of a country, or the length of its bills."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from carbonledger.core.errors import PeriodError
from carbonledger.core.findings import Message
from carbonledger.core.period_texts import DateOrder, numeric_day, parse_date

__all__ = ["date_order", "order_by_sequence"]


def date_order(values: Iterable[object], country: str = "") -> tuple[DateOrder, Message | None]:
    """Whether the days of a column are written before its months.

    Parameters
    ----------
    values : iterable of object
        The cells of one column, or of the columns of a table together.
    country : str
        ISO 3166-1 code; its practice settles what the cells leave open.

    Returns
    -------
    tuple of (str, Message or None)
        The order, empty if no cell needs it or nothing settles it; and what contradicts where some cells prove one order and others the
        other.

    Examples
    --------
    >>> date_order(["03/04/2024", "02/15/2024"])
    ('month_first', None)
    >>> date_order(["03/04/2024"], "GB")
    ('day_first', None)
    """
    shown: dict[DateOrder, str] = {}
    needs = False
    for value in values:
        day = numeric_day(value) if isinstance(value, str) else None
        if day and day[0] != ".":
            needs = True
            shown.setdefault(day[1], str(value).strip())
    proven = [order for order in shown if order]
    if len(proven) > 1:
        values_shown = {"day_first": shown["day_first"], "month_first": shown["month_first"]}
        return "", Message.of("BAD_PERIOD.order_contradicts", **values_shown)
    if proven:
        return proven[0], None
    return (_order_of_country(country) if needs and country else ""), None


@cache
def _order_of_country(country: str) -> DateOrder:
    """The order that all official languages of a country write, from the Unicode CLDR; empty if they differ or begin with the year."""
    from babel import Locale, UnknownLocaleError
    from babel.languages import get_official_languages

    code = country.split("-")[0]
    firsts = set()
    for language in get_official_languages(code, de_facto=True):
        try:
            firsts.add(Locale.parse(f"{language}_{code}").date_formats["short"].pattern[:1].casefold())
        except (UnknownLocaleError, ValueError):
            continue
    return (
        {"d": "day_first", "m": "month_first" if code == "US" else ""}.get(firsts.pop(), "") if len(firsts) == 1 else ""
    )


def order_by_sequence(starts: Sequence[Any], ends: Sequence[Any]) -> DateOrder:
    """The one order in which the bills of two columns are about a month long each.

    Parameters
    ----------
    starts, ends : sequence of object
        The cells of first and last days, row by row.

    Returns
    -------
    str
        Empty if both orders or neither give bills of 20 to 45 days, or there are fewer than three.
    """
    fitting: list[DateOrder] = []
    orders: tuple[DateOrder, ...] = ("day_first", "month_first")
    for order in orders:
        try:
            lengths = [
                (parse_date(end, order) - parse_date(start, order)).days
                for start, end in zip(starts, ends, strict=True)
            ]
        except PeriodError:
            continue
        if len(lengths) >= 3 and all(20 <= length <= 45 for length in lengths):
            fitting.append(order)
    return fitting[0] if len(fitting) == 1 else ""
