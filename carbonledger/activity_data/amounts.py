"""The amounts of entries: as stated, between two meter readings, or from purchases and stock."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from carbonledger.activity_data.entry_headings import NUMBER_FIELDS, EntryTable
from carbonledger.core.findings import Finding, Message
from carbonledger.tables.number_columns import NumberColumn
from carbonledger.tables.records import cell_text

__all__ = ["Amounts", "read_amounts"]

# An amount beside readings is the same number printed with fewer digits, or another one.
_PRINTED_ALIKE = 5e-3
_MISSING_READING = ("reading_start", "reading_end")
_MISSING_STOCK = ("opening_stock", "closing_stock", "amount")


@dataclass(slots=True)
class Amounts:
    """The amounts of the rows of a table.

    Parameters
    ----------
    values : numpy.ndarray, shape (rows,)
        In the unit of each entry; not a number where there is none.
    derivations : dict of int to str
        By row, how the amount came about if it is not simply stated.
    defects : dict of int to list of Finding
        By row, what is wrong with its numbers.
    """

    values: np.ndarray[Any, Any]
    derivations: dict[int, str] = field(default_factory=dict)
    defects: dict[int, list[Finding]] = field(default_factory=dict)

    def refuse(self, at: int, finding: Finding) -> None:
        """Keep a row's amount out, with the reason."""
        self.defects.setdefault(at, []).append(finding)


def read_amounts(entries: EntryTable, numbers: Mapping[str, NumberColumn]) -> Amounts:
    """The amount of each row, and how it came about.

    Parameters
    ----------
    entries : EntryTable
        With ``amount``; or ``reading_start`` and ``reading_end`` of a meter, with ``multiplier`` (of its transformers) and ``rollover``
        (what it had counted when it began again at 0); or ``opening_stock`` and ``closing_stock`` beside the amount received, with
        ``sold``.
    numbers : mapping of str to NumberColumn
        The number columns by field.

    Returns
    -------
    Amounts

    References
    ----------
    Meter: (end - start + rollover) x multiplier. Fuel in tanks: opening + received - closing - sold (GHG Protocol Corporate
    Standard, chapter 6; NDRC guidelines 2013-2015, fuel consumption).
    """
    count = len(entries.table.numbers)
    stated = numbers.get("amount")
    amounts = Amounts(stated.values.copy() if stated else np.full(count, math.nan))
    for name in NUMBER_FIELDS:
        if name in numbers:
            _take_defects(entries, name, numbers[name], amounts)
    by_reading, by_stock = (_filled(numbers, names) for names in (_MISSING_READING, ("opening_stock", "closing_stock")))
    for at in np.flatnonzero(by_reading):
        _from_readings(_Numbers(entries, numbers, int(at)), amounts)
    for at in np.flatnonzero(by_stock & ~by_reading):
        _from_stock(_Numbers(entries, numbers, int(at)), amounts)
    _say_what_is_missing(entries, amounts, ~(by_reading | by_stock))
    _refuse_negative(entries, amounts)
    return amounts


def _refuse_negative(entries: EntryTable, amounts: Amounts) -> None:
    """Keep out amounts below zero, stated or derived."""
    for at in map(int, np.flatnonzero(amounts.values < 0)):
        shown = cell_text(entries.cells("amount")[at]) or f"{amounts.values[at]:g}"
        finding = Finding.of("NEGATIVE_AMOUNT", text=shown)
        amounts.refuse(at, finding.at(column=entries.heading("amount"), value=shown))


def _filled(numbers: Mapping[str, NumberColumn], names: tuple[str, ...]) -> np.ndarray[Any, Any]:
    """Which rows state one of some numbers, readable or not."""
    count = len(next(iter(numbers.values())).values) if numbers else 0
    stated = np.zeros(count, dtype=bool)
    for name in names:
        if name in numbers:
            stated |= ~np.isnan(numbers[name].values)
            stated[list(numbers[name].defects)] = True
    return stated


def _take_defects(entries: EntryTable, name: str, column: NumberColumn, amounts: Amounts) -> None:
    """The cells of a column that are no numbers, and readings below zero."""
    cells = entries.cells(name)
    for at, message in column.defects.items():
        amounts.refuse(at, Finding.from_message(message).at(column=entries.heading(name), value=cell_text(cells[at])))
    if name in {"amount", "temperature"}:
        return
    for at in map(int, np.flatnonzero(column.values < 0)):
        shown = cell_text(cells[at])
        message = Message.of("BAD_NUMBER.negative", column=entries.heading(name), text=shown)
        amounts.refuse(at, Finding.from_message(message).at(column=entries.heading(name), value=shown))


def _say_what_is_missing(entries: EntryTable, amounts: Amounts, stated: np.ndarray[Any, Any]) -> None:
    """The rows that state no amount where one is needed."""
    cells = entries.cells("amount") if "amount" in entries.fields else None
    for at in map(int, np.flatnonzero(np.isnan(amounts.values) & stated)):
        if at in amounts.defects:
            continue
        given = cell_text(cells[at]) if cells is not None else ""
        if cells is None:
            finding = Finding.of("EMPTY_AMOUNT.no_column")
        elif given.casefold() == "nan" or isinstance(cells[at], float):
            finding = Finding.of("NAN_AMOUNT")
        elif given:
            finding = Finding.of("EMPTY_AMOUNT.gap", text=given)
        else:
            finding = Finding.of("EMPTY_AMOUNT.empty")
        amounts.refuse(at, finding.at(column=entries.heading("amount"), value=given))


@dataclass(frozen=True, slots=True)
class _Numbers:
    """The numbers of one row."""

    entries: EntryTable
    columns: Mapping[str, NumberColumn]
    at: int

    def value(self, name: str) -> float | None:
        """A number; None if it is not stated."""
        column = self.columns.get(name)
        return None if column is None or column.is_gap(self.at) else float(column.values[self.at])

    def missing(self, names: tuple[str, ...]) -> str:
        """The first of some numbers that is not stated; empty if all are."""
        return next((name for name in names if self.value(name) is None), "")


def _from_readings(row: _Numbers, amounts: Amounts) -> None:
    """What a meter counted."""
    amounts.values[row.at] = math.nan
    missing = row.missing(_MISSING_READING)
    if missing:
        amounts.refuse(row.at, Finding.of(f"READING_MISSING.{missing}").at(column=missing))
        return
    first, last = row.value("reading_start") or 0.0, row.value("reading_end") or 0.0
    multiplier, rollover = row.value("multiplier"), row.value("rollover") or 0.0
    multiplier = 1.0 if multiplier is None else multiplier
    counted = last - first + rollover
    column = row.entries.heading("reading_end")
    if counted < 0:
        amounts.refuse(row.at, Finding.of("READING_FALLS", first=first, last=last).at(column=column, value=f"{last:g}"))
        return
    amount = counted * multiplier
    derivation = f"({last:g} - {first:g} + {rollover:g}) x {multiplier:g}"
    if math.isinf(amount) or (amount == 0 and counted and multiplier):
        case = "READING_OUT_OF_RANGE"
        amounts.refuse(row.at, Finding.of(case, derivation=derivation).at(column=column, value=f"{last:g}"))
        return
    stated = row.value("amount")
    same = {"rel_tol": _PRINTED_ALIKE, "abs_tol": _PRINTED_ALIKE}
    if stated is not None and not math.isnan(stated) and not math.isclose(stated, amount, **same):
        finding = Finding.of("READING_DISAGREES", stated=stated, amount=amount, derivation=derivation)
        amounts.refuse(row.at, finding.at(column=row.entries.heading("amount")))
    amounts.values[row.at] = amount
    amounts.derivations[row.at] = f"readings: {derivation}"


def _from_stock(row: _Numbers, amounts: Amounts) -> None:
    """What was used of a fuel in tanks."""
    amounts.values[row.at] = math.nan
    missing = row.missing(_MISSING_STOCK)
    if missing:
        amounts.refuse(row.at, Finding.of(f"STOCK_MISSING.{missing}").at(column=missing))
        return
    opening, closing, received = (row.value(name) or 0.0 for name in _MISSING_STOCK)
    sold = row.value("sold") or 0.0
    used = opening + received - closing - sold
    if used < 0:
        terms = {"opening": opening, "received": received, "closing": closing, "sold": sold, "used": used}
        finding = Finding.of("STOCK_NEGATIVE", **terms)
        amounts.refuse(row.at, finding.at(column=row.entries.heading("closing_stock")))
        return
    amounts.values[row.at] = used
    amounts.derivations[row.at] = f"stock: {opening:g} + {received:g} - {closing:g} - {sold:g}"
