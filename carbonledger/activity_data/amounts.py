"""The amount of an entry: as stated, between two meter readings, or from purchases and stock."""

from __future__ import annotations

import math
import re

from carbonledger.activity_data.cell import Cell, CellDefect, Row, text_of

__all__ = ["read_amount"]

_NUMBER = re.compile(r"[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d*)?([eE][+-]?\d{1,3})?|[+-]?\.\d+([eE][+-]?\d{1,3})?")
_INFINITE = re.compile(r"[+-]?(inf|infinity|∞)", re.IGNORECASE)
# An amount beside readings is the same number printed with fewer digits, or another one.
_PRINTED_ALIKE = 5e-3


def read_amount(row: Row, defects: list[CellDefect]) -> tuple[float, str]:
    """The amount of a row, and how it came about if it is not simply stated.

    Parameters
    ----------
    row : mapping of str to Cell
        ``amount``; or ``reading_start`` and ``reading_end`` of a meter, with ``multiplier`` (of its transformers) and ``rollover``
        (what it had counted when it began again at 0); or ``opening_stock`` and ``closing_stock`` beside the amount received, with
        ``sold``.
    defects : list of CellDefect
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
        defects.append(CellDefect("EMPTY_AMOUNT", "there is neither an amount nor a meter reading.", _STATE, "amount"))
        return math.nan, ""
    return _stated(row["amount"], defects), ""


_STATE = "State the amount; leave the whole row out if nothing was used."


def _stated(cell: Cell, defects: list[CellDefect]) -> float:
    """A number cell that may not be empty."""
    number, rule, message = _number(cell)
    if rule:
        remedy = _STATE
        if rule == "NEGATIVE_AMOUNT":
            remedy = (
                "State what was used as a positive amount; a corrected bill names in supersedes the entry it replaces."
            )
        defects.append(CellDefect(rule, message, remedy, cell.heading, cell.text))
    return number


def _or_default(row: Row, name: str, default: float, defects: list[CellDefect]) -> float:
    """A number cell that may be empty or have no column."""
    return _stated(row[name], defects) if text_of(row, name) else default


def _from_readings(row: Row, defects: list[CellDefect]) -> tuple[float, str]:
    """What a meter counted."""
    missing = next((name for name in ("reading_start", "reading_end") if not text_of(row, name)), "")
    if missing:
        defects.append(
            CellDefect("READING_MISSING", f"the {missing.replace('_', ' of the meter: ')} is missing.", _STATE, missing)
        )
        return math.nan, ""
    first, last = (_stated(row[name], defects) for name in ("reading_start", "reading_end"))
    multiplier = _or_default(row, "multiplier", 1.0, defects)
    rollover = _or_default(row, "rollover", 0.0, defects)
    counted = last - first + rollover
    if counted < 0:
        message = f"the reading falls from {first:g} to {last:g}."
        remedy = "State in rollover what the meter had counted when it began again at 0, or record its replacement as two entries."
        defects.append(
            CellDefect("READING_FALLS", message, remedy, row["reading_end"].heading, row["reading_end"].text)
        )
        return math.nan, ""
    amount = counted * multiplier
    derivation = f"({last:g} - {first:g} + {rollover:g}) x {multiplier:g}"
    if text_of(row, "amount"):
        stated = _stated(row["amount"], defects)
        if math.isfinite(stated) and not math.isclose(stated, amount, rel_tol=_PRINTED_ALIKE, abs_tol=_PRINTED_ALIKE):
            message = f"the amount {stated:g} is not what the readings give, {amount:g} = {derivation}."
            remedy = "Correct the readings, the multiplier or the amount."
            defects.append(CellDefect("READING_DISAGREES", message, remedy, row["amount"].heading))
    return amount, f"readings: {derivation}"


def _from_stock(row: Row, defects: list[CellDefect]) -> tuple[float, str]:
    """What was used of a fuel in tanks."""
    missing = next((name for name in ("opening_stock", "closing_stock", "amount") if not text_of(row, name)), "")
    if missing:
        message = f"the {missing.replace('_', ' ')} is missing beside the other stock."
        defects.append(
            CellDefect("STOCK_MISSING", message, "State opening stock, amount received and closing stock.", missing)
        )
        return math.nan, ""
    opening, received, closing = (_stated(row[name], defects) for name in ("opening_stock", "amount", "closing_stock"))
    sold = _or_default(row, "sold", 0.0, defects)
    used = opening + received - closing - sold
    if used < 0:
        message = (
            f"opening {opening:g} + received {received:g} - closing {closing:g} - sold {sold:g} = {used:g} is negative."
        )
        defects.append(
            CellDefect("STOCK_NEGATIVE", message, "Check the stocks and their unit.", row["closing_stock"].heading)
        )
        return math.nan, ""
    return used, f"stock: {opening:g} + {received:g} - {closing:g} - {sold:g}"


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
