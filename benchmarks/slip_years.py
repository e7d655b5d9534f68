"""A whole year of a source in the wrong unit, planted in clean books."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from benchmarks.slip_books import UNITS, Bill, Book, in_unit, restated
from benchmarks.slip_defects import GAS, POWER, Kind, Plant, Planted, exact_of, streams

__all__ = ["YEARS"]

# A year below this many base units may be a shed as well as a plant in the wrong unit.
_SEEN = 20_000.0
# About what a base unit of a carrier holds, to tell orders of magnitude apart.
_KWH = {"kWh": 1.0, "Nm3": 10.0, "therm": 29.0, "kg": 12.0, "L": 10.0, "US_gallon": 38.0, "GJ": 278.0}
# Beyond these no office, plant or data centre lies: kWh a year for one person or square metre, and of one site.
_PER_PERSON, _PER_AREA = (20.0, 1e8), (0.5, 5e4)
_LARGEST, _FAR = 3e10, 3e5


def _largest(sources: Sequence[list[Bill]]) -> list[list[Bill]]:
    """The largest source of each site."""
    largest: dict[tuple[str, ...], list[Bill]] = {}
    for bills in sorted(sources, key=lambda bills: sum(map(exact_of, bills))):
        largest[bills[0].stream[:2]] = bills
    return list(largest.values())


def whole_year(carriers: Sequence[str], *powers: float, before: bool, drivers: bool = True) -> Plant:
    """Every bill of a site's largest source of a carrier in the wrong unit; without a year before, so that no plant could be like it."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        if before is not bool(book.previous) or (not before and drivers is not bool(_intensities(book))):
            return None
        known = {bill.stream for bill in book.previous}
        found = [bills for bills in streams(book, carriers, least=1) if not before or bills[0].stream in known]
        sources = [bills for bills in _largest(found) if sum(map(exact_of, bills)) > _SEEN]
        if not sources:
            return None
        bills, power = draw.choice(sources), draw.choice(powers)
        others = {bill: restated(bill, bill.exact * power) for bill in bills}
        wrong = book.exchanged(others)
        if any(float(bill.amount) == 0 for bill in others.values()) or not (before or _absurd(wrong, bills[0].stream)):
            return None
        return Planted(book, wrong, tuple(others.values()), any_of=True)

    return plant


def _intensities(book: Book) -> list[tuple[float, tuple[float, float]]]:
    """The people and square metres that a book states, each with what a year's kWh for one of them can be."""
    return [
        (amount, _PER_PERSON if unit in {"人", "people"} else _PER_AREA)
        for _, amount, unit in book.drivers
        if unit in {"人", "people", "m2"}
    ]


def _absurd(book: Book, stream: tuple[str, ...]) -> bool:
    """Whether a source is beyond any plant: by what the book states, by its own size, or beside the site's other carriers."""
    own = sum(_KWH[UNITS[bill.unit][0]] * bill.exact for bill in book.bills if bill.stream == stream)
    beside = sum(
        _KWH[UNITS[bill.unit][0]] * bill.exact
        for bill in book.bills
        if bill.stream[:2] == stream[:2] and bill.activity != stream[3] and UNITS[bill.unit][0] in _KWH
    )
    every = sum(_KWH.get(UNITS[bill.unit][0], 0) * bill.exact for bill in book.bills)
    stated = _intensities(book)
    if stated:
        return any(not low < every / amount < high for amount, (low, high) in stated)
    return own > _LARGEST or (beside > 0 and not 1 / _FAR < own / beside < _FAR)


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


YEARS: dict[str, Kind] = {
    "whole year of power, drivers, no year before": Kind(whole_year(POWER, 1e3, 1e4, 1e-3, 1e-4, before=False)),
    "whole year of power, no drivers, no year before": Kind(
        whole_year(POWER, 1e3, 1e4, 1e-3, 1e-4, before=False, drivers=False)
    ),
    "whole year of gas, drivers, no year before": Kind(whole_year(GAS, 1e3, 1e4, before=False)),
    "whole year of power, year before": Kind(whole_year(POWER, 1e3, 1e4, 1e-3, 1e-4, before=True)),
    "whole year of power x 10 or / 10, year before": Kind(whole_year(POWER, 10, 0.1, before=True)),
    "whole year of gas, year before": Kind(whole_year(GAS, 1e3, 1e4, 1e-3, 1e-4, before=True)),
    "forklifts in tonnes instead of kg or litres": Kind(forklift),
}
