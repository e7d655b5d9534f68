"""Doubts about the registers that no single row shows: quantities unlike the year before, rows unlike the others, half a measurement."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from fractions import Fraction
from statistics import median
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.environment.conventions import convention
from carbonledger.environment.vocabulary import word_label

__all__ = ["half_measured", "unlike_before", "unlike_others"]

# From so many others on, a source of water has a usual amount.
_ENOUGH = 3
_MONTH_DAYS = 5


def unlike_before(what: Label, current: float, previous: float, unit: str) -> Iterator[Finding]:
    """That a quantity is many times, or a small part of, that of the year before.

    Parameters
    ----------
    what : Label
        The quantity.
    current, previous : float
        Of the two years, in `unit`; nothing is said of 0, which has no ratio.
    unit : str
        Of both.
    """
    if current > 0 and previous > 0 and _is_far(current / previous):
        values = {"quantity": what, "current": current, "previous": previous, "unit": unit}
        yield Finding.of("ENVIRONMENT_CHANGE", **values, ratio=current / previous).at(file="book.toml")


def unlike_others(
    records: Iterable[Any], key: Callable[[Any], Hashable], amount: Callable[[Any], Fraction], unit: str
) -> list[Finding]:
    """A finding for each record that is many times, or a small part of, the median of the others of its source.

    Parameters
    ----------
    records : iterable
        With ``period`` and ``place``; those of periods about as long as each other are compared.
    key : callable
        What tells their sources apart.
    amount : callable
        Their amount, in `unit`.
    unit : str
        Of the amounts.
    """
    groups: dict[Hashable, list[Any]] = {}
    for record in records:
        if amount(record) > 0:
            groups.setdefault((key(record), round(record.period.days / _MONTH_DAYS)), []).append(record)
    found = []
    for group in groups.values():
        for at, record in enumerate(group):
            others = [amount(other) for place, other in enumerate(group) if place != at]
            usual = median(others) if len(others) >= _ENOUGH else None
            if usual is not None and _is_far(float(amount(record) / usual)):
                values = {"amount": float(amount(record)), "usual": float(usual), "unit": unit}
                ratio = float(amount(record) / usual)
                found.append(record.place.place(Finding.of("ENVIRONMENT_AMOUNT", **values, ratio=ratio)))
    return found


def _is_far(ratio: float) -> bool:
    """Whether a ratio is one that a slip of the decimal point or of a unit would make."""
    far = float(convention("far_from_usual"))
    return ratio >= far or ratio <= 1 / far


def half_measured(levels: Sequence[Any]) -> Iterator[Finding]:
    """That a point has levels of one part of the day alone, although its class limits both.

    Parameters
    ----------
    levels : sequence of `carbonledger.environment.noise.Level`
        Of a year.
    """
    parts: dict[tuple[str, str, str], dict[str, Any]] = {}
    for row in levels:
        parts.setdefault((row.point, row.entity, row.site), {}).setdefault(row.day_or_night, row)
    for (point, _, _), found in parts.items():
        if len(found) == 1:
            ((part, first),) = found.items()
            other = word_label("day_or_night", "night" if part == "day" else "day")
            values = {"point": point, "part": word_label("day_or_night", part), "other": other}
            yield first.place.place(Finding.of("NOISE_HALF", **values))
