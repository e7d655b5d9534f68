"""Doubts about two meters of a site whose amounts stand in each other's place (AMOUNTS_EXCHANGED)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import numpy as np

from carbonledger.activity_data.amount_slips import Amounts
from carbonledger.activity_data.notes import noted
from carbonledger.activity_data.row_groups import codes_of, row_blocks, runs_of
from carbonledger.core.findings import Finding

__all__ = ["exchanged_amounts"]

_FEWEST = 6
# Two meters within this factor of each other (1.8, as a logarithm) cannot be told apart by one month.
_APART = 0.25
_ROOM = 0.08
_MOST_METERS = 40


def exchanged_amounts(amounts: Amounts) -> Iterator[Finding]:
    """No two meters of a site have, for the same days, what the other usually has and its own other bills never have.

    Parameters
    ----------
    amounts : Amounts
        Of the entries of a reporting year.
    """
    begins, lengths = runs_of(amounts.series)
    if not len(begins):
        return
    low, high = _bounds_of_others(amounts, begins, lengths)
    outside = (amounts.logs < low - _APART) | (amounts.logs > high + _APART)
    outside &= (lengths >= _FEWEST)[amounts.series]
    bills, rows = amounts.bills, amounts.rows
    if not outside.any():
        return
    places = codes_of(bills.frame, ["entity", "site", "activity", bills.start, bills.end])[rows]
    for block in row_blocks(places, outside):
        chosen = [int(at) for at in block if outside[at]]
        if not 1 < len(chosen) <= _MOST_METERS:
            continue
        for one, other in combinations(chosen, 2):
            fits = _within(amounts.logs[one], low[other], high[other]) and _within(
                amounts.logs[other], low[one], high[one]
            )
            if fits and amounts.dimensions[rows[one]] == amounts.dimensions[rows[other]]:
                yield from _finding(amounts, one, other)


def _within(log: float, low: float, high: float) -> bool:
    """Whether an amount is among the other bills of a meter."""
    return bool(low - _ROOM <= log <= high + _ROOM)


def _bounds_of_others(
    amounts: Amounts,
    begins: np.ndarray[tuple[int], np.dtype[np.int64]],
    lengths: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> tuple[np.ndarray[tuple[int], np.dtype[np.float64]], np.ndarray[tuple[int], np.dtype[np.float64]]]:
    """For each amount, the least and the greatest of the others of its source; its own where there are none."""
    order = np.lexsort((amounts.logs, amounts.series))
    ordered = amounts.logs[order]
    last = begins + lengths - 1
    second, before = ordered[np.minimum(begins + 1, last)], ordered[np.maximum(last - 1, begins)]
    least, most = ordered[begins], ordered[last]
    is_least, is_most = np.zeros(len(ordered), dtype=bool), np.zeros(len(ordered), dtype=bool)
    is_least[order[begins]], is_most[order[last]] = True, True
    low = np.where(is_least, second[amounts.series], least[amounts.series])
    high = np.where(is_most, before[amounts.series], most[amounts.series])
    return low, high


def _finding(amounts: Amounts, one: int, other: int) -> Iterator[Finding]:
    """The finding of two meters, unless a note explains one of the rows; at the first of them, and at the other."""
    bills = amounts.bills
    rows = [int(amounts.rows[at]) for at in (one, other)]
    if noted(bills.frame.iloc[rows]).any():
        return
    unit, scale = amounts.usual_unit(int(amounts.series[one]))
    names = [bills.name(int(bills.source[row])) for row in rows]
    values = [float(10 ** (amounts.logs[at] + scale)) for at in (one, other)]
    period = str(bills.period(rows[0]))
    for (first, second), (amount, twin), row in ((names, values, rows[0]), (names[::-1], values[::-1], rows[1])):
        what = {"first": first, "second": second, "first_amount": amount, "second_amount": twin}
        yield bills.at(row, Finding.of("AMOUNTS_EXCHANGED", period=period, unit=unit, **what))
