"""Slips of units and digits, planted in clean books: one bill, several bills, or a whole year of a source."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from benchmarks.slip_books import UNITS, Bill, Book, in_unit, restated

__all__ = ["SLIPS", "Kind", "Planted", "billed_in", "streams"]

POWER = ("外购电力", "grid electricity", "purchased electricity")
GAS = ("天然气", "natural gas")
DIESEL = ("柴油", "diesel")
# A bill below this many base units could be a small one of the other unit.
_LEAST = 200.0
# A year below this many kWh may be a shed as well as a plant in the wrong unit.
_SEEN = 20_000.0


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
    return [bills for bills in whole if not rising or max(map(_exact, bills)) < rising * min(map(_exact, bills))]


def _exact(bill: Bill) -> float:
    return bill.exact


def billed_in(book: Book, bills: Sequence[Bill], unit: str, least: float = _LEAST) -> tuple[Book, list[Bill]] | None:
    """The book with a source that is billed in a unit, both in this year and in the year before."""
    if min(map(_exact, bills)) < least or UNITS[bills[0].unit][0] != UNITS[unit][0]:
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
    """Some months of a source in another unit than the rest."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        sources = streams(book, carriers)
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
    sources = [bills for bills in streams(book, GAS) if max(map(_exact, bills)) > 6 * min(map(_exact, bills))]
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


def times(*factors: float, carriers: Sequence[str] = POWER, steady: float = 2.2) -> Plant:
    """One month of a source of steady months, multiplied."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        sources = [bills for bills in streams(book, carriers, rising=steady) if min(map(_exact, bills)) > _LEAST]
        if not sources:
            return None
        bill = draw.choice(draw.choice(sources))
        wrong = restated(bill, bill.exact * draw.choice(factors))
        return Planted(book, book.exchanged({bill: wrong}), (wrong,))

    return plant


def digit(draw: random.Random, book: Book) -> Planted | None:
    """Two digits exchanged, so that a month is several times too large or small, or a digit typed twice."""
    sources = [bills for bills in streams(book, POWER, rising=2.2) if min(map(_exact, bills)) > _LEAST]
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


def _largest(sources: Sequence[list[Bill]]) -> list[list[Bill]]:
    """The largest source of each site."""
    largest: dict[tuple[str, ...], list[Bill]] = {}
    for bills in sorted(sources, key=lambda bills: sum(map(_exact, bills))):
        largest[bills[0].stream[:2]] = bills
    return list(largest.values())


def whole_year(carriers: Sequence[str], *powers: float, before: bool, drivers: bool = True) -> Plant:
    """Every bill of a site's only source of a carrier in the wrong unit."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        if before is not bool(book.previous) or drivers is not bool(book.drivers):
            return None
        known = {bill.stream for bill in book.previous}
        found = [bills for bills in streams(book, carriers, least=1) if not before or bills[0].stream in known]
        sources = [bills for bills in _largest(found) if sum(map(_exact, bills)) > _SEEN]
        if not sources or (not drivers and not before and len({bill.activity for bill in book.bills}) < 2):
            return None
        bills, power = draw.choice(sources), draw.choice(powers)
        others = {bill: restated(bill, bill.exact * power) for bill in bills}
        if any(float(bill.amount) == 0 for bill in others.values()):
            return None
        return Planted(book, book.exchanged(others), tuple(others.values()), any_of=True)

    return plant


def forklift(draw: random.Random, book: Book) -> Planted | None:
    """Diesel or petrol of vehicles in kg or litres, with tonnes as the unit: a fleet that burns thousands of tonnes."""
    bill = draw.choice(book.bills)
    chinese = book.country == "CN"
    names = (
        ("叉车", "公务车", "食堂车", "割草机") if chinese else ("forklifts", "company cars", "mowers", "yard vehicles")
    )
    fuel, factor = ("柴油", "") if chinese else ("diesel", "mineral" if book.country == "GB" else "")
    unit, wrong = ("kg", "t") if chinese else ("L", "t") if book.country == "GB" else ("US_gallon", "t")
    if book.country == "US":
        return None
    year = [item for item in book.bills if item.stream == bill.stream and not (item.entry_id or item.supersedes)]
    if len(year) < 12:
        return None
    yearly, source = draw.uniform(6_000, 70_000), draw.choice(names)
    true = []
    for month in year:
        exact = yearly / 12 * draw.lognormvariate(0, 0.15)
        text = in_unit(exact, unit, 0)
        true.append(
            replace(
                month,
                source=source,
                activity=fuel,
                amount=text,
                unit=unit,
                exact=float(text),
                factor=factor,
                evidence=f"{source}-{month.start.month}",
                note="",
            )
        )
    if len({item.start for item in true}) < 12 or source in {item.source for item in book.bills}:
        return None
    host = replace(book, bills=(*book.bills, *true), previous=())
    others = {item: replace(item, unit=wrong) for item in true}
    return Planted(host, host.exchanged(others), tuple(others.values()), any_of=True)


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
    "one slipped month of a heating source": Kind(seasonal_slip),
    "2 slipped months of 12": Kind(mixed_slips(2)),
    "4 slipped months of 12": Kind(mixed_slips(4)),
    "6 slipped months of 12": Kind(mixed_slips(6)),
    "MJ for kWh (x 3.6) on one bill": Kind(times(3.6, steady=1.7)),
    "kWh for MJ (/ 3.6) on one bill": Kind(times(1 / 3.6, steady=1.7)),
    "x 10 in one month among steady ones": Kind(times(10)),
    "/ 10 in one month among steady ones": Kind(times(0.1)),
    "x 100 in one month among steady ones": Kind(times(100)),
    "/ 100 in one month among steady ones": Kind(times(0.01)),
    "x 9 in one month": Kind(times(9), doubt=True),
    "x 0.11 in one month": Kind(times(0.11), doubt=True),
    "a digit exchanged or typed twice": Kind(digit, doubt=True),
    "whole year of power, drivers, no year before": Kind(whole_year(POWER, 1e3, 1e4, 1e-3, 1e-4, before=False)),
    "whole year of power, no drivers, no year before": Kind(
        whole_year(POWER, 1e3, 1e4, 1e-3, 1e-4, before=False, drivers=False)
    ),
    "whole year of gas, drivers, no year before": Kind(whole_year(GAS, 1e3, 1e4, 1e-4, before=False)),
    "whole year of power, year before": Kind(whole_year(POWER, 1e3, 1e4, 1e-3, 1e-4, before=True)),
    "whole year of power x 10 or / 10, year before": Kind(whole_year(POWER, 10, 0.1, before=True)),
    "whole year of gas, year before": Kind(whole_year(GAS, 1e3, 1e4, 1e-3, 1e-4, before=True)),
    "forklifts in tonnes instead of kg or litres": Kind(forklift),
}
