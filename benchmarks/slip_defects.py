"""Slips of units and digits, planted in clean books: one bill, several bills, or a whole year of a source."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from benchmarks.slip_books import UNITS, Bill, Book, in_unit, restated

__all__ = ["DIESEL", "GAS", "POWER", "SLIPS", "Kind", "Planted", "billed_in", "exact_of", "streams"]

POWER = ("外购电力", "grid electricity", "purchased electricity")
GAS = ("天然气", "natural gas")
DIESEL = ("柴油", "diesel")
# A bill below this many base units could be a small one of the other unit.
_LEAST = 200.0
_QUARTERS = 4
# Twelve months that differ by more than this climb from nothing; heating stays below.
_RAMP = 60.0


@dataclass(frozen=True, eq=False)
class Planted:
    """A book before and after a defect, the rows that it is in, and the texts by which it may be named instead."""

    host: Book
    book: Book
    bills: tuple[Bill, ...]
    any_of: bool = False
    texts: tuple[str, ...] = ()


Plant = Callable[[random.Random, Book], Planted | None]


@dataclass(frozen=True)
class Kind:
    """A kind of defect; of a lower-grade doubt a note is enough."""

    plant: Plant
    doubt: bool = False


def streams(book: Book, carriers: Sequence[str], least: int = 12, rising: float = 0.0) -> list[list[Bill]]:
    """The sources of some carriers with so many bills; `rising` limits how much the highest may exceed the lowest."""
    found: dict[tuple[str, ...], list[Bill]] = {}
    for bill in book.bills:
        if bill.activity in carriers and not (bill.entry_id or bill.supersedes):
            found.setdefault(bill.stream, []).append(bill)
    whole = [bills for bills in found.values() if len(bills) >= least and all(bill.exact > 0 for bill in bills)]
    return [bills for bills in whole if not rising or max(map(exact_of, bills)) < rising * min(map(exact_of, bills))]


def exact_of(bill: Bill) -> float:
    return bill.exact


def billed_in(book: Book, bills: Sequence[Bill], unit: str, least: float = _LEAST) -> tuple[Book, list[Bill]] | None:
    """The book with a source that is billed in a unit, both in this year and in the year before."""
    if min(map(exact_of, bills)) < least or UNITS[bills[0].unit][0] != UNITS[unit][0]:
        return None
    stream = bills[0].stream
    said = [replace(bill, unit=unit, amount=in_unit(bill.exact, unit)) for bill in bills]
    before = tuple(
        replace(bill, unit=unit, amount=in_unit(bill.exact, unit)) if bill.stream == stream else bill
        for bill in book.previous
    )
    return replace(book.exchanged(dict(zip(bills, said, strict=True))), previous=before), said


def _slipped(bill: Bill, other: str, way: str) -> Bill:
    """A bill with the other unit beside its digits, or with the digits that it has in the other unit."""
    if way == "unit":
        return replace(bill, unit=other)
    return replace(bill, amount=in_unit(bill.exact, other))


def unit_slip(carriers: Sequence[str], usual: str, other: str, way: str, count: int = 1) -> Plant:
    """Some months of a source in another unit than the rest; of no ramp, whose months differ by as much."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        sources = streams(book, carriers, rising=_RAMP)
        hosted = billed_in(book, draw.choice(sources), usual) if sources else None
        if hosted is None:
            return None
        host, bills = hosted
        chosen = draw.sample(bills, count)
        if count > 1 and draw.random() < 0.5:
            first = draw.randrange(len(bills) - count + 1)
            chosen = bills[first : first + count]
        others = {bill: _slipped(bill, other, way) for bill in chosen}
        return Planted(host, host.exchanged(others), tuple(others.values()), any_of=2 * count >= len(bills))

    return plant


def mixed_slips(count: int) -> Plant:
    """Several slipped months of twelve, of any two units of electricity."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        pairs = [("kWh", "MWh"), ("MWh", "kWh"), ("kWh", "万千瓦时"), ("万千瓦时", "千瓦时")]
        usual, other = draw.choice(pairs if book.country == "CN" else pairs[:2])
        return unit_slip(POWER, usual, other, draw.choice(["unit", "digits"]), count)(draw, book)

    return plant


def seasonal_slip(draw: random.Random, book: Book) -> Planted | None:
    """A month of a source of heating, whose months differ by themselves."""
    sources = [bills for bills in streams(book, GAS) if max(map(exact_of, bills)) > 6 * min(map(exact_of, bills))]
    if not sources:
        return None
    usual, other = {
        "CN": draw.choice([("万标方", "标方"), ("Nm3", "万标方")]),
        "GB": draw.choice([("kWh", "MWh"), ("MWh", "kWh")]),
        "US": ("therm", "MMBtu"),
    }[book.country]
    if book.country == "US":
        return None
    return unit_slip(GAS, usual, other, draw.choice(["unit", "digits"]))(draw, replace(book))


def ramp_slip(draw: random.Random, book: Book) -> Planted | None:
    """A month of a source that climbs a hundred times and more within the year: it does not fit between its neighbours."""
    sources = [bills for bills in streams(book, POWER) if exact_of(bills[-1]) > _RAMP * exact_of(bills[0])]
    hosted = billed_in(book, draw.choice(sources), "kWh", least=1) if sources else None
    if hosted is None:
        return None
    host, bills = hosted
    bill = bills[draw.randrange(1, 11)]
    wrong = restated(bill, bill.exact * draw.choice([1e3, 1e4, 1e-3]))
    return Planted(host, host.exchanged({bill: wrong}), (wrong,))


def quarter_slip(draw: random.Random, book: Book) -> Planted | None:
    """One of four quarterly bills in another unit than the rest."""
    sources = [bills for bills in streams(book, POWER, least=4) if len(bills) == _QUARTERS]
    usual, other = draw.choice([("kWh", "MWh"), ("MWh", "kWh")])
    hosted = billed_in(book, draw.choice(sources), usual) if sources else None
    if hosted is None:
        return None
    host, bills = hosted
    bill = draw.choice(bills)
    wrong = _slipped(bill, other, draw.choice(["unit", "digits"]))
    return Planted(host, host.exchanged({bill: wrong}), (wrong,))


def times(*factors: float, carriers: Sequence[str] = POWER, steady: float = 2.2) -> Plant:
    """One month of a source of steady months, multiplied."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        sources = [bills for bills in streams(book, carriers, rising=steady) if min(map(exact_of, bills)) > _LEAST]
        if not sources:
            return None
        bill = draw.choice(draw.choice(sources))
        wrong = restated(bill, bill.exact * draw.choice(factors))
        return Planted(book, book.exchanged({bill: wrong}), (wrong,))

    return plant


def mj_unit(draw: random.Random, book: Book) -> Planted | None:
    """One bill of a steady source in kWh has MJ as its unit."""
    sources = [bills for bills in streams(book, POWER, rising=1.7) if min(map(exact_of, bills)) > _LEAST]
    hosted = billed_in(book, draw.choice(sources), "kWh") if sources else None
    if hosted is None:
        return None
    host, bills = hosted
    bill = draw.choice(bills)
    wrong = _slipped(bill, "MJ", "unit")
    return Planted(host, host.exchanged({bill: wrong}), (wrong,))


def digit(draw: random.Random, book: Book) -> Planted | None:
    """Two digits exchanged, so that a month is several times too large or small, or a digit typed twice."""
    sources = [bills for bills in streams(book, POWER, rising=2.2) if min(map(exact_of, bills)) > _LEAST]
    if not sources:
        return None
    bill = draw.choice(draw.choice(sources))
    whole, point, rest = bill.amount.replace(",", "").partition(".")
    if draw.random() < 0.5:
        at = draw.randrange(len(whole))
        whole = whole[: at + 1] + whole[at] + whole[at + 1 :]
    else:
        high = max(range(len(whole)), key=lambda at: whole[at])
        whole = whole[high] + whole[1:high] + whole[0] + whole[high + 1 :] if high else whole
    text = f"{whole}{point}{rest}"
    ratio = float(text) * UNITS[bill.unit][1] / bill.exact
    if 1 / 5 < ratio < 5:
        return None
    wrong = replace(bill, amount=text, exact=bill.exact * ratio)
    return Planted(book, book.exchanged({bill: wrong}), (wrong,))


SLIPS: dict[str, Kind] = {
    "kWh unit, one month among 万千瓦时": Kind(unit_slip(POWER, "万千瓦时", "千瓦时", "unit")),
    "kWh digits, one month among 万千瓦时": Kind(unit_slip(POWER, "万千瓦时", "千瓦时", "digits")),
    "万千瓦时 unit, one month among kWh": Kind(unit_slip(POWER, "kWh", "万千瓦时", "unit")),
    "万千瓦时 digits, one month among kWh": Kind(unit_slip(POWER, "kWh", "万千瓦时", "digits")),
    "MWh unit, one month among kWh": Kind(unit_slip(POWER, "kWh", "MWh", "unit")),
    "MWh digits, one month among kWh": Kind(unit_slip(POWER, "kWh", "MWh", "digits")),
    "kWh unit, one month among MWh": Kind(unit_slip(POWER, "MWh", "kWh", "unit")),
    "kWh digits, one month among MWh": Kind(unit_slip(POWER, "MWh", "kWh", "digits")),
    "万标方 unit, one month among Nm3": Kind(unit_slip(GAS, "Nm3", "万标方", "unit")),
    "万标方 digits, one month among Nm3": Kind(unit_slip(GAS, "Nm3", "万标方", "digits")),
    "Nm3 unit, one month among 万标方": Kind(unit_slip(GAS, "万标方", "Nm3", "unit")),
    "Nm3 digits, one month among 万标方": Kind(unit_slip(GAS, "万标方", "Nm3", "digits")),
    "kg unit, one month among t of diesel": Kind(unit_slip(DIESEL, "t", "kg", "unit")),
    "kg digits, one month among t of diesel": Kind(unit_slip(DIESEL, "t", "kg", "digits")),
    "MMBtu unit, one month among therm (x 10)": Kind(unit_slip(GAS, "therm", "MMBtu", "unit")),
    "therm unit, one month among MMBtu (/ 10)": Kind(unit_slip(GAS, "MMBtu", "therm", "unit")),
    "one slipped month of a ramp": Kind(ramp_slip, doubt=True),
    "one slipped quarter of four": Kind(quarter_slip),
    "one slipped month of a heating source": Kind(seasonal_slip),
    "2 slipped months of 12": Kind(mixed_slips(2)),
    "4 slipped months of 12": Kind(mixed_slips(4)),
    "6 slipped months of 12": Kind(mixed_slips(6)),
    "MJ unit beside kWh digits on one bill": Kind(mj_unit),
    "MJ for kWh (x 3.6) on one bill": Kind(times(3.6, steady=1.7)),
    "kWh for MJ (/ 3.6) on one bill": Kind(times(1 / 3.6, steady=1.7)),
    "x 10 in one month among steady ones": Kind(times(10)),
    "/ 10 in one month among steady ones": Kind(times(0.1)),
    "x 100 in one month among steady ones": Kind(times(100)),
    "/ 100 in one month among steady ones": Kind(times(0.01)),
    "x 9 in one month": Kind(times(9), doubt=True),
    "x 0.11 in one month": Kind(times(0.11), doubt=True),
    "a digit exchanged or typed twice": Kind(digit, doubt=True),
}
