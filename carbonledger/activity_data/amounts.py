"""The amount of an entry: as stated, between two meter readings, or from purchases and stock."""

from __future__ import annotations

import math
import re

from carbonledger.activity_data.cell import Cell, Row, text_of
from carbonledger.core.findings import Finding

__all__ = ["read_amount"]

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?([eE][+-]?\d{1,3})?|[+-]?\.\d+([eE][+-]?\d{1,3})?")
_INFINITE = re.compile(r"[+-]?(inf|infinity|∞)", re.IGNORECASE)
# An amount beside readings is the same number printed with fewer digits, or another one.
_PRINTED_ALIKE = 5e-3


def read_amount(row: Row, defects: list[Finding]) -> tuple[float, str]:
    """The amount of a row, and how it came about if it is not simply stated.

    Parameters
    ----------
    row : mapping of str to Cell
        ``amount``; or ``reading_start`` and ``reading_end`` of a meter, with ``multiplier`` (of its transformers) and ``rollover``
        (what it had counted when it began again at 0); or ``opening_stock`` and ``closing_stock`` beside the amount received, with
        ``sold``.
    defects : list of Finding
        Gets what is wrong.

    Returns
    -------
    tuple of (float, str)
        The amount, not a number if there is none, and its derivation for the entry's note.

    References
    ----------
    Meter: (end - start + rollover) x multiplier. Fuel in tanks: opening + received - closing - sold (GHG Protocol Corporate
    Standard, chapter 6; NDRC guidelines 2013-2015, fuel consumption).
    """
    if text_of(row, "reading_start") or text_of(row, "reading_end"):
        return _from_readings(row, defects)
    if text_of(row, "opening_stock") or text_of(row, "closing_stock"):
        return _from_stock(row, defects)
    if "amount" not in row:
        defects.append(Finding.of("EMPTY_AMOUNT.no_column").at(column="amount"))
        return math.nan, ""
    return _stated(row["amount"], defects), ""


def _stated(cell: Cell, defects: list[Finding]) -> float:
    """A number cell that may not be empty."""
    number, finding = _number(cell)
    if finding:
        defects.append(finding.at(column=cell.heading, value=cell.text))
    return number


def _or_default(row: Row, name: str, default: float, defects: list[Finding]) -> float:
    """A number cell that may be empty or have no column."""
    return _stated(row[name], defects) if text_of(row, name) else default


def _from_readings(row: Row, defects: list[Finding]) -> tuple[float, str]:
    """What a meter counted."""
    missing = next((name for name in ("reading_start", "reading_end") if not text_of(row, name)), "")
    if missing:
        defects.append(Finding.of(f"READING_MISSING.{missing}").at(column=missing))
        return math.nan, ""
    first, last = (_stated(row[name], defects) for name in ("reading_start", "reading_end"))
    multiplier = _or_default(row, "multiplier", 1.0, defects)
    rollover = _or_default(row, "rollover", 0.0, defects)
    counted = last - first + rollover
    if counted < 0:
        cell = row["reading_end"]
        defects.append(Finding.of("READING_FALLS", first=first, last=last).at(column=cell.heading, value=cell.text))
        return math.nan, ""
    amount = counted * multiplier
    derivation = f"({last:g} - {first:g} + {rollover:g}) x {multiplier:g}"
    if text_of(row, "amount"):
        stated = _stated(row["amount"], defects)
        if math.isfinite(stated) and not math.isclose(stated, amount, rel_tol=_PRINTED_ALIKE, abs_tol=_PRINTED_ALIKE):
            finding = Finding.of("READING_DISAGREES", stated=stated, amount=amount, derivation=derivation)
            defects.append(finding.at(column=row["amount"].heading))
    return amount, f"readings: {derivation}"


def _from_stock(row: Row, defects: list[Finding]) -> tuple[float, str]:
    """What was used of a fuel in tanks."""
    missing = next((name for name in ("opening_stock", "closing_stock", "amount") if not text_of(row, name)), "")
    if missing:
        defects.append(Finding.of(f"STOCK_MISSING.{missing}").at(column=missing))
        return math.nan, ""
    opening, received, closing = (_stated(row[name], defects) for name in ("opening_stock", "amount", "closing_stock"))
    sold = _or_default(row, "sold", 0.0, defects)
    used = opening + received - closing - sold
    if used < 0:
        terms = {"opening": opening, "received": received, "closing": closing, "sold": sold, "used": used}
        defects.append(Finding.of("STOCK_NEGATIVE", **terms).at(column=row["closing_stock"].heading))
        return math.nan, ""
    return used, f"stock: {opening:g} + {received:g} - {closing:g} - {sold:g}"


def _number(cell: Cell) -> tuple[float, Finding | None]:
    """The number of a cell, and what is wrong with it."""
    if isinstance(cell.value, int | float) and not isinstance(cell.value, bool) and math.isfinite(cell.value):
        number = float(cell.value)
    elif not cell.text:
        given = str(cell.value).strip() if cell.value is not None else ""
        return math.nan, Finding.of("NAN_AMOUNT" if given.casefold() == "nan" else "EMPTY_AMOUNT.empty")
    elif _INFINITE.fullmatch(cell.text):
        return math.nan, Finding.of("INFINITE_AMOUNT.infinite", text=cell.text)
    else:
        plain = cell.text.replace(" ", "").replace("，", ",").replace("'", "").replace("−", "-")
        if not _NUMBER.fullmatch(plain):
            return math.nan, Finding.of("BAD_AMOUNT", text=cell.text)
        number = float(plain.replace(",", ""))
    if not math.isfinite(number):
        return math.nan, Finding.of("INFINITE_AMOUNT.too_large", text=cell.text)
    if number < 0:
        return number, Finding.of("NEGATIVE_AMOUNT", text=cell.text)
    return number, None
