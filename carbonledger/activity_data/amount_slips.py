"""Doubts about the size of amounts: bills that are not like the others of their source (UNIT_10K, AMOUNT_OUTLIER)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from carbonledger.activity_data.magnitudes import (
    ENOUGH,
    HUNDREDFOLD,
    NEAR,
    far_slips,
    power_of_ten,
    steady_slips,
    uneven_bills,
)
from carbonledger.activity_data.notes import noted
from carbonledger.activity_data.row_groups import codes_of, distinct_within, runs_of
from carbonledger.activity_data.source_bills import SourceBills
from carbonledger.core.activities import activities_where, taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.units import conversion_factor, dimension_of

if TYPE_CHECKING:
    import numpy.typing as npt

    Whole = npt.NDArray[np.int64]

__all__ = ["Amounts", "amount_slips"]

_METERED = activities_where(is_metered=True)
# Of purchases by spend or trip, a thousandfold is a surprise but no slip of units.
_MEASURED = (*_METERED, *activities_where(kind="fuel"))
_ENERGY = "energy"
# What comes through a pipe is used month by month; what is delivered, or burnt in an outage, is not.
_PIPED = tuple(name for name in activities_where(kind="fuel") if taxonomy()[name].measured_in("normal_volume"))
_STEADY_USE = frozenset((*_METERED, *_PIPED))
_SAME = 1e-6
_SPRING_FESTIVAL = (1, 2)
# A source has a usual unit and amount from so many bills on, three quarters of them in it.
_FEWEST_ALIKE, _MANY_ALIKE = 6, 0.75
_ROOM, _DEVIATIONS, _FAR_FROM_USUAL = 0.1, 3, 0.25


@dataclass(frozen=True, eq=False)
class Amounts:
    """The amounts above zero of each source in one unit, source by source in the order of their days.

    Parameters
    ----------
    bills : SourceBills
        The bills they are of.
    rows : array of int, shape (n,)
        The row of each amount.
    series : array of int, shape (n,)
        Its source and dimension, as a number; sorted.
    logs : array, shape (n,)
        The decimal logarithm of the amount in the first unit of its dimension.
    dimensions : sequence of str
        The dimension of each row of the bills.
    """

    bills: SourceBills
    rows: Whole
    series: Whole
    logs: npt.NDArray[np.float64]
    dimensions: npt.NDArray[np.object_]

    @classmethod
    def of(cls, bills: SourceBills) -> Amounts:
        """The amounts of some bills: one bill in kWh among those in 10^4 kWh is compared as energy."""
        dimensions, scales = _dimensions_of(bills)
        series = codes_of(bills.frame, [bills.source, dimensions])
        order = np.lexsort((bills.start, series))
        rows = order[bills.amount[order] > 0]
        numbers = np.unique(series[rows], return_inverse=True)[1].astype(np.int64)
        return cls(bills, rows, numbers, np.log10(bills.amount[rows]) + scales[rows], dimensions)

    def series_of_rows(self) -> Whole:
        """The series of each row of the bills; -1 for rows without an amount above zero."""
        series: Whole = np.full(len(self.bills), -1, dtype=np.int64)
        series[self.rows] = self.series
        return series

    def usual_unit(self, series: int) -> tuple[str, float]:
        """The unit of most amounts of a series, and what its amounts are multiplied by there, as a logarithm."""
        own = self.rows[self.series == series]
        units = self.bills.frame["unit"].iloc[own]
        usual = str(units.mode().iloc[0])
        at = int(np.flatnonzero((units == usual).to_numpy())[0])
        place = int(np.flatnonzero(self.series == series)[0]) + at
        return usual, float(np.log10(self.bills.amount[self.rows[place]]) - self.logs[place])


def _dimensions_of(bills: SourceBills) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.float64]]:
    """The dimension of each bill's unit, and the logarithm of the unit in the first one of its dimension."""
    units = bills.frame["unit"]
    first: dict[str, str] = {}
    words: dict[str, str] = {}
    scales: dict[str, float] = {}
    for unit in map(str, units.unique()):
        words[unit] = dimension_of(unit)
        scales[unit] = float(np.log10(conversion_factor(unit, first.setdefault(words[unit], unit))))
    dimensions = np.asarray(units.map(words).to_numpy(dtype=object))
    return dimensions, np.asarray(units.map(scales).to_numpy(dtype=np.float64))


def amount_slips(amounts: Amounts, near: float = NEAR) -> Iterator[Finding]:
    """No bill is a power of ten, or 3.6 times, what the others of its source show: kWh for 10^4 kWh, kg for t, MJ for kWh.

    Parameters
    ----------
    amounts : Amounts
        Of the entries of a reporting year.
    near : float
        How near a decimal logarithm must be to 3 or 4 for a slip of units.
    """
    yield from _few_bills(amounts, near)
    rows: set[int] = set()
    for finding, row in (*_far(amounts, near), *_totals(amounts)):
        rows.add(row)
        yield finding
    for finding, row in _in_another_unit(amounts, rows):
        rows.add(row)
        yield finding
    yield from _near(amounts, rows)


def _far(amounts: Amounts, near: float) -> list[tuple[Finding, int]]:
    """Bills off by a thousand or ten thousand, each with its row; only sources that spread so far are looked at."""
    begins, lengths = runs_of(amounts.series)
    if not len(begins):
        return []
    low, high = (bound.reduceat(amounts.logs, begins) for bound in (np.minimum, np.maximum))
    found = []
    for series in np.flatnonzero((lengths >= ENOUGH) & (high - low >= HUNDREDFOLD)):
        begin, count = int(begins[series]), int(lengths[series])
        slips = far_slips(amounts.logs[begin : begin + count], near)
        show = _in_usual_unit(amounts, int(series)) if slips else None
        for at in sorted(slips, key=lambda at: int(amounts.rows[begin + at])):
            case, values = slips[at]
            if show:
                found.append(_far_finding(amounts, begin + at, case, values, show))
    return found


Shown = tuple[str, Callable[[float], float]]


def _in_usual_unit(amounts: Amounts, series: int) -> Shown:
    """The unit of most amounts of a series, and how a logarithm reads in it."""
    unit, scale = amounts.usual_unit(series)
    return unit, lambda log: float(10 ** (log + scale))


def _far_finding(amounts: Amounts, at: int, case: str, values: dict[str, float], show: Shown) -> tuple[Finding, int]:
    """The finding of a bill off by a thousand or ten thousand, with its row."""
    row, (unit, number) = int(amounts.rows[at]), show
    source = int(amounts.bills.source[row])
    printed = {name: value if name == "power" else number(value) for name, value in values.items()}
    what = {"source": amounts.bills.name(source), "amount": number(float(amounts.logs[at])), "unit": unit}
    finding = Finding.of(f"UNIT_10K.{case}", **what, **printed)
    measured = amounts.bills.keys[source][3] in _MEASURED
    return amounts.bills.at(row, finding.as_severity("error" if measured else "warning")), row


def _in_another_unit(amounts: Amounts, without: set[int]) -> list[tuple[Finding, int]]:
    """Bills in another unit than the others of their source, whose digits in that of the others would be like theirs, each with its row."""
    units = np.asarray(amounts.bills.frame["unit"].iloc[amounts.rows].to_numpy(dtype=object))
    codes = codes_of(amounts.bills.frame, [amounts.series_of_rows(), "unit"])[amounts.rows]
    is_doubtful, found = ~noted(amounts.bills.frame).to_numpy(), []
    for series in np.flatnonzero(distinct_within(amounts.series, codes) > 1):
        places = np.flatnonzero(amounts.series == series)
        usual, scale = amounts.usual_unit(int(series))
        is_usual = units[places] == usual
        if is_usual.sum() < _MANY_ALIKE * len(places) or len(places) < _FEWEST_ALIKE:
            continue
        alike = amounts.logs[places[is_usual]]
        for at in map(int, places[~is_usual]):
            row = int(amounts.rows[at])
            number = float(amounts.bills.amount[row])
            as_usual, room = float(np.log10(number)) - scale, _DEVIATIONS * float(alike.std())
            fits = abs(as_usual - alike.mean()) <= min(max(_ROOM, room), 2 * _ROOM)
            if (
                is_doubtful[row]
                and row not in without
                and fits
                and abs(amounts.logs[at] - alike.mean()) >= _FAR_FROM_USUAL
            ):
                what = {"source": amounts.bills.name(int(amounts.bills.source[row])), "usual_unit": usual}
                finding = Finding.of("AMOUNT_OUTLIER.unit", amount=number, unit=str(units[at]), **what)
                found.append((amounts.bills.at(row, finding), row))
    return found


def _near(amounts: Amounts, without: set[int]) -> Iterator[Finding]:
    """Bills of what is measured that are 10, 100 or 3.6 times the usual ones; not those that somebody explained in a note."""
    bills = amounts.bills
    measured = bills.where("activity", _MEASURED) & ~noted(bills.frame).to_numpy()
    energies = (amounts.dimensions == _ENERGY)[amounts.rows]
    slips = steady_slips(amounts.series, amounts.logs, energies)
    slips = {**uneven_bills(amounts.series, amounts.logs), **slips}
    for at in sorted(slips, key=lambda at: int(amounts.rows[at])):
        row = int(amounts.rows[at])
        if row in without or not measured[row]:
            continue
        (case, usual), (unit, number) = slips[at], _in_usual_unit(amounts, int(amounts.series[at]))
        steady = bills.keys[int(bills.source[row])][3] in _STEADY_USE
        if case == "unusual" and not steady:
            continue
        log = float(amounts.logs[at])
        if case == "far":
            values = {"power": round(log - usual), "usual": usual}
            yield _far_finding(amounts, at, "usual", values, (unit, number))[0]
            continue
        what = {"source": bills.name(int(bills.source[row])), "amount": number(log), "unit": unit}
        finding = Finding.of(f"AMOUNT_OUTLIER.{case}", ratio=10 ** (log - usual), usual=number(usual), **what)
        doubtful = steady and not _is_holiday(bills, row, case, log - usual)
        yield bills.at(row, finding if doubtful else finding.as_severity("note"))


def _is_holiday(bills: SourceBills, row: int, case: str, apart: float) -> bool:
    """Whether a low month may be that of the Spring Festival, when plants in China stand still for weeks."""
    region, month = str(bills.frame["region"].iloc[row]), bills.period(row).start.month
    return case == "mj_kwh" and apart < 0 and region.startswith("CN") and month in _SPRING_FESTIVAL


def _totals(amounts: Amounts) -> list[tuple[Finding, int]]:
    """Bills that are the sum of all others of their source, each with its row: the total of the year among its months."""
    begins, lengths = runs_of(amounts.series)
    if not len(begins):
        return []
    plain = 10**amounts.logs
    largest, sums = np.maximum.reduceat(plain, begins), np.add.reduceat(plain, begins)
    found = []
    for series in np.flatnonzero((lengths > ENOUGH) & (np.abs(sums - 2 * largest) <= _SAME * sums)):
        begin, count = int(begins[series]), int(lengths[series])
        at = begin + int(plain[begin : begin + count].argmax())
        row, (unit, number) = int(amounts.rows[at]), _in_usual_unit(amounts, int(series))
        what = {"source": amounts.bills.name(int(amounts.bills.source[row])), "unit": unit, "count": count - 1}
        finding = Finding.of("TOTAL_AMONG_BILLS", amount=number(float(amounts.logs[at])), **what)
        found.append((amounts.bills.at(row, finding), row))
    return found


def _few_bills(amounts: Amounts, near: float) -> Iterator[Finding]:
    """Of two or three bills of a meter, one that is a thousand or ten thousand times another by the day."""
    bills, rows = amounts.bills, amounts.rows
    begins, lengths = runs_of(amounts.series)
    rates = amounts.logs - np.log10(bills.end[rows] - bills.start[rows])
    metered = bills.where("activity", _METERED)[rows]
    for series in np.flatnonzero((lengths > 1) & (lengths < ENOUGH) & metered[begins]):
        begin, count = int(begins[series]), int(lengths[series])
        own = rates[begin : begin + count]
        slip = power_of_ten(float(10 ** (own.max() - own.min())), near)
        if slip:
            row = int(rows[begin + int(own.argmin())])
            name = bills.name(int(bills.source[row]))
            yield bills.at(row, Finding.of("UNIT_10K.few_bills", source=name, bills=count, power=slip))
