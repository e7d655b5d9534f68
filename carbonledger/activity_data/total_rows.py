"""Total rows within a table: recognised, left out, and held against the sum of their parts."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, partial
from operator import eq
from typing import Any

import numpy as np

from carbonledger.core.findings import Finding
from carbonledger.core.units import conversion_factor, is_convertible
from carbonledger.tables.column import Column

__all__ = ["LABELS", "RowLabels", "is_total", "look_alikes", "same_sum", "total_findings", "total_of", "totals_among"]

LABELS = ("entity", "site", "source", "activity")
_CHINESE = "合计|小计|总计|总和|共计|累计|汇总|合計|小計|總計|総計|합계|총계"
_EXACT = re.compile(
    rf"(?:{_CHINESE}|(?:grand |sub-?|year |annual |yearly |monthly |overall )?totals?|subtotals?|sum"
    r"|summe|gesamt(?:summe)?|total général|totale?|totaal|suma)"
)
# A total with a name: 一厂合计, 2025年小计, Total plant 1, Plant 1 subtotal.
_NAMED = re.compile(
    rf"(?P<before>.*?)(?:{_CHINESE})(?P<after>(?:行|数|[:：]|\(.*\))?)"
    r"|(?:sub-?|grand )?totals?(?: of| for)?[ :,/-]+(?P<behind>.+)|(?P<front>.+?)[ :,/-]+(?:sub-?|grand )?totals?"
)
# What every total has; quick to look for.
_PERHAPS = re.compile("[合小总共累汇合計총\uff21-\uff5a]|total|sum|gesamt|totaal", re.IGNORECASE)
# Columns whose cells are texts of their own; a total is told there by an exact word only.
_FREE_TEXT = frozenset({"evidence", "note", "entry_id", "supersedes", "region", "data_type", "rounding", "uncertainty"})
# It names a published figure, and publishers call some of theirs "total".
_FIGURES = "factor"
# So many rows and digits make it no accident that one is the sum of the others.
_ENOUGH_ROWS, _ENOUGH_DIGITS = 3, 5


@cache
def is_total(text: str, *, by_name: bool = True) -> bool:
    """Whether a cell names a total.

    Examples
    --------
    >>> [is_total(text) for text in ("合计", "一厂小计", "Grand total", "Total plant 1")]
    [True, True, True, True]
    >>> is_total("TotalEnergies"), is_total("总用电量")
    (False, False)
    """
    plain = " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(":：*")
    if _EXACT.fullmatch(plain) or _EXACT.fullmatch(plain.replace(" ", "")):
        return True
    return by_name and _NAMED.fullmatch(plain) is not None


def total_of(text: str) -> str:
    """What a total is of: 一厂 of 一厂合计; empty if it says nothing."""
    found = _NAMED.fullmatch(" ".join(unicodedata.normalize("NFKC", text).split()).casefold())
    return next((part for part in found.groups() if part), "") if found else ""


def totals_among(columns: Mapping[str, Column], listed: Collection[str]) -> dict[int, str]:
    """The rows in which some cell names a total, with that cell's text.

    Parameters
    ----------
    columns : mapping of str to Column
        The cells by field, or by heading where no field is known; number columns left out.
    listed : collection of str
        Names of companies and sites, which are no totals.
    """
    found: dict[int, str] = {}
    for name, column in columns.items():
        if name == _FIGURES:
            continue
        codes, values = column.distinct()
        texts = values if set(map(type, values)) == {str} else [value for value in values if isinstance(value, str)]
        if not _may_name_total("\n".join(texts)):
            continue
        by_name = name not in _FREE_TEXT
        totals = [at for at, cell in enumerate(values) if _names_total(cell, listed, by_name=by_name)]
        if totals:
            found |= {int(at): values[codes[at]].strip() for at in np.flatnonzero(np.isin(codes, totals))}
    return found


def _may_name_total(text: str) -> bool:
    """Whether a text may hold the name of a total; a look for whole words in many cells at once."""
    if text.isascii():
        folded = text.lower()
        return any(word in folded for word in ("total", "sum", "gesamt", "totaal"))
    return _PERHAPS.search(text) is not None


def _names_total(cell: Any, listed: Collection[str], *, by_name: bool) -> bool:
    """Whether a cell names a total and no company or site."""
    is_possible = isinstance(cell, str) and _PERHAPS.search(cell) is not None and cell not in listed
    return is_possible and is_total(cell, by_name=by_name)


@dataclass(frozen=True, slots=True)
class RowLabels:
    """What the rows of a table say beside their words: arrays of one length.

    Parameters
    ----------
    labels : mapping of str to Column
        Text by field of `LABELS`, in canonical form as far as it has one.
    periods : Column
        The period of each row, if it can be read.
    units : Column
        Unit of each row in the library's spelling; empty if unknown.
    amounts : numpy.ndarray
        In that unit; not a number where there is none.
    are_sound : numpy.ndarray of bool
        Which rows are entries.
    """

    labels: Mapping[str, Column]
    periods: Column
    units: Column
    amounts: np.ndarray[Any, Any]
    are_sound: np.ndarray[Any, Any]


def total_findings(rows: RowLabels, totals: Mapping[int, str]) -> dict[int, Finding]:
    """What each total says against its parts.

    Parameters
    ----------
    rows : RowLabels
        The table; total rows are not sound.
    totals : mapping of int to str
        The total rows and their texts.

    Returns
    -------
    dict of int to Finding
        TOTAL_ROW where it agrees, or cannot be checked; TOTAL_DISAGREES where it does not.
    """
    findings: dict[int, Finding] = {}
    before = -1
    for at, text in sorted(totals.items()):
        findings[at] = _held_against_parts(rows, at, text, before)
        before = at
    return findings


def _held_against_parts(rows: RowLabels, at: int, text: str, before: int) -> Finding:
    """One total against the rows since the last one, all rows above, or all rows."""
    amount = float(rows.amounts[at])
    if math.isnan(amount):
        return Finding.of("TOTAL_ROW.without_amount", text=text)
    fits = _parts_by_label(rows, at, text) & rows.are_sound & ~np.isnan(rows.amounts)
    positions = np.arange(len(rows.amounts))
    spans = ((positions > before) & (positions < at), positions < at, positions != at)
    candidates = [np.flatnonzero(fits & span) for span in spans]
    candidates = [parts for parts in candidates if len(parts)]
    if not candidates:
        return Finding.of("TOTAL_ROW.without_parts", text=text)
    unit = str(rows.units[at])
    for parts in candidates:
        total = _sum_in(rows, parts, unit)
        if total is not None and same_sum(amount, total, rows.amounts[parts]):
            shown = unit or str(rows.units[int(parts[0])])
            return Finding.of("TOTAL_ROW.agrees", text=text, count=len(parts), total=total, unit=shown)
    parts = candidates[0]
    total = _sum_in(rows, parts, unit)
    if total is None:
        return Finding.of("TOTAL_ROW.unlike", text=text, units=tuple(_units_of(rows, parts)))
    shown = unit or str(rows.units[int(parts[0])])
    return Finding.of("TOTAL_DISAGREES.row", text=text, stated=amount, unit=shown, count=len(parts), total=total)


def _parts_by_label(rows: RowLabels, at: int, text: str) -> np.ndarray[Any, Any]:
    """Which rows have the labels that a total states."""
    fits = np.ones(len(rows.amounts), dtype=bool)
    of_what = total_of(text)
    for column in rows.labels.values():
        stated = str(column[at])
        if stated and not is_total(stated):
            same = column.rows_where(partial(eq, stated))
            fits &= same if same.sum() > 1 else True
        elif of_what:
            named = column.rows_where(lambda value: of_what == str(value).casefold())
            fits &= named if named.any() else True
    period = rows.periods[at]
    if period is not None:
        within = rows.periods.rows_where(lambda item: item and period.start <= item.start and item.end <= period.end)
        fits &= within if within.sum() > 1 else True
    return fits


def _sum_in(rows: RowLabels, parts: np.ndarray[Any, Any], unit: str) -> float | None:
    """The sum of some rows in a unit, by default their own; None if they do not add."""
    units = _units_of(rows, parts)
    target = unit or units[0]
    if not unit and len(units) > 1:
        return None
    if not all(is_convertible(item, target) for item in units):
        return None
    factors = {item: conversion_factor(item, target) for item in units}
    return math.fsum(rows.amounts[at] * factors[str(rows.units[at])] for at in parts.tolist())


def _units_of(rows: RowLabels, parts: np.ndarray[Any, Any]) -> list[str]:
    """The distinct units of some rows."""
    return list(dict.fromkeys(str(rows.units[at]) for at in parts.tolist()))


def same_sum(stated: float, total: float, parts: Sequence[float] | np.ndarray[Any, Any]) -> bool:
    """Whether a stated total is the sum of its parts, as far as their written digits go.

    Parameters
    ----------
    stated, total : float
        The total as stated, and the sum of the parts, in one unit.
    parts : sequence of float
        The parts as stated.

    Returns
    -------
    bool
        Each number may be off by half a unit of its last written place, as rounding leaves it.
    """
    places = [_places(value) for value in (stated, *parts[:100])]
    step = 0.5 * 10.0 ** -places[0] + len(parts) * 0.5 * 10.0 ** -max(places[1:], default=0)
    exact = all(value == int(value) for value in (stated, *parts[:100]))
    return abs(stated - total) <= max(0.0 if exact else step, 1e-9 * abs(total))


@cache
def _places(value: float) -> int:
    """Written places after the point, at most 9."""
    exponent = Decimal(repr(float(value))).normalize().as_tuple().exponent
    return min(9, max(0, -exponent)) if isinstance(exponent, int) else 0


def look_alikes(rows: RowLabels, codes: np.ndarray[Any, Any]) -> dict[int, Finding]:
    """Sound rows that are the sum of all rows above of their kind, to so many digits that it is no accident.

    Parameters
    ----------
    rows : RowLabels
        The table.
    codes : numpy.ndarray of int
        Which rows are of one kind: of one activity and unit.
    """
    sound = np.flatnonzero(rows.are_sound & (rows.amounts > 0))
    order = sound[np.argsort(codes[sound], kind="stable")]
    amounts = rows.amounts[order]
    before = np.cumsum(amounts) - amounts
    begins = np.flatnonzero(np.diff(codes[order], prepend=-1))
    first_of = np.repeat(begins, np.diff(begins, append=len(order)))
    above = before - before[first_of] if len(order) else before
    count = np.arange(len(order)) - first_of
    alike = (count >= _ENOUGH_ROWS) & (np.abs(amounts - above) <= 1e-12 * amounts)
    findings = {}
    for place in np.flatnonzero(alike):
        at, amount = int(order[place]), float(amounts[place])
        if len(f"{amount:.12g}".replace(".", "").strip("0")) >= _ENOUGH_DIGITS:
            findings[at] = Finding.of(
                "LOOKS_LIKE_TOTAL", amount=amount, unit=str(rows.units[at]), count=int(count[place])
            )
    return findings
