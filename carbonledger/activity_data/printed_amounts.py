"""Amounts that are themselves printed and rounded: how, and to which step, so that what is calculated from them is an interval."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any, get_args

import numpy as np

from carbonledger.activity_data.entry_headings import EntryTable
from carbonledger.core.findings import Finding
from carbonledger.core.rounding import Rounding, decimal_of
from carbonledger.tables.column import Column, objects
from carbonledger.tables.records import cell_text

__all__ = ["amount_roundings", "printed_step"]

_DIGIT = re.compile(r"\d")
_ROUNDS = frozenset(get_args(Rounding)) - {"exact"}
# Binary arithmetic leaves less than this of a printed number.
_SAME = 1e-12


def printed_step(text: str, value: float) -> str:
    """One unit of the last printed place of a number; empty if the text is not that number.

    Parameters
    ----------
    text : str
        As printed, with whatever decimal sign and thousands separators.
    value : float
        The number that it was read as.

    Examples
    --------
    >>> printed_step("134", 134.0), printed_step("1.234,50", 1234.5), printed_step("1,234", 1234.0)
    ('1', '0.01', '1')
    """
    digits = "".join(_DIGIT.findall(text))
    for places in range(len(digits) + 1 if digits else 0):
        if math.isclose(abs(value) * 10**places, int(digits), rel_tol=_SAME, abs_tol=_SAME):
            return f"{10**-places:.{places}f}" if places else "1"
    return ""


def amount_roundings(
    entries: EntryTable, amounts: np.ndarray[Any, Any], refuse: Callable[[int, Finding], None]
) -> Column:
    """How the amount of each row was rounded, to which step, and as what it was printed, which later conversions do not change.

    Empty where nothing is stated, or the amount is exact.

    Parameters
    ----------
    entries : EntryTable
        With ``rounding``, if anything is stated.
    amounts : numpy.ndarray, shape (rows,)
        As read, in the unit of each row.
    refuse : callable
        Takes a row and a finding about it, where the statement cannot be used.
    """
    count = len(entries.table.numbers)
    if "rounding" not in entries.fields:
        return Column(codes=np.zeros(count, dtype=np.intp), values=[""])
    stated, printed = entries.cells("rounding"), entries.cells("amount")
    roundings = objects([""] * count)
    for at in range(count):
        rule = cell_text(stated[at]).casefold()
        if rule in {"", "exact"}:
            continue
        step = printed_step(cell_text(printed[at]), float(amounts[at])) if rule in _ROUNDS else ""
        if step:
            roundings[at] = f"{rule} {step} of {decimal_of(float(amounts[at]))}"
            continue
        if rule in _ROUNDS:
            finding = Finding.of("BAD_ROUNDING.no_step", text=rule)
        else:
            finding = Finding.of("BAD_ROUNDING.unknown", text=rule, known=tuple(sorted({*_ROUNDS, "exact"})))
        refuse(at, finding.at(column=entries.heading("rounding"), value=rule))
    return Column(roundings)
