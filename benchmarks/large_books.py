"""Books of a hundred thousand bills and more: of real bills, of made-up amounts that coincide, and with thousands of planted defects."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from benchmarks.slip_books import COUNTRIES, Bill, Book, in_unit, month_of, restated

__all__ = ["BY_SOURCE", "DEFECTS", "large", "with_defects"]

_STREAMS = (
    ("电表 1", "外购电力", "kWh", 180_000.0),
    ("电表 2", "外购电力", "MWh", 40_000.0),
    ("电表 3", "外购电力", "万千瓦时", 2_000_000.0),
    ("锅炉", "天然气", "Nm3", 25_000.0),
    ("叉车", "柴油", "t", 900.0),
)
_REGIONS = ("CN-SD", "CN-GD", "CN-JS")
_COMPANIES = 20
_ROUND = (1.0, 1.2, 1.5, 2.0, 2.5, 3.0)


def large(bills: int, *, made_up: bool = False, seed: int = 1) -> Book:
    """A clean book of so many monthly bills: amounts of four digits and more, or round ones of which many coincide."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    made: list[Bill] = []
    sites: list[dict[str, str]] = []
    while len(made) < bills:
        number = len(sites)
        entity, site, region = f"公司 {number % _COMPANIES}", f"厂区 {number}", draw.choice(_REGIONS)
        sites.append({"id": site, "entity": entity, "region": region})
        for source, activity, unit, size in _STREAMS:
            made += _year(draw, (entity, site, source, activity, unit, region), size, made_up=made_up)
    entities = tuple(f"公司 {number}" for number in range(_COMPANIES))
    return Book("CN", tuple(made[:bills]), entities=entities, sites=tuple(sites))


def _year(draw: random.Random, key: tuple[str, ...], size: float, *, made_up: bool) -> list[Bill]:
    """Twelve bills of one source."""
    entity, site, source, activity, unit, region = key
    usual = size * (draw.choice(_ROUND) if made_up else draw.lognormvariate(0, 0.8)) / 12
    bills = []
    for month in range(1, 13):
        exact = usual * (draw.choice(_ROUND[:3]) if made_up else draw.lognormvariate(0, 0.08))
        first, last = month_of(COUNTRIES["CN"][0], month)
        number = f"{draw.randrange(10**9):09}"
        text = in_unit(exact, unit)
        bills.append(Bill(entity, site, source, activity, text, unit, first, last, exact, region, number))
    return bills


def _times(factor: float) -> Callable[[Bill, random.Random], Bill]:
    return lambda bill, _: restated(bill, bill.exact * factor)


def _other_unit(bill: Bill, draw: random.Random) -> Bill:
    """The unit of another source beside the same digits."""
    others = {"kWh": ("MWh", "万千瓦时"), "MWh": ("kWh",), "万千瓦时": ("千瓦时",), "Nm3": ("万标方",), "t": ("kg",)}
    return replace(bill, unit=draw.choice(others[bill.unit]))


# Each makes one wrong bill; None takes it out, and a new object beside it is a copy.
DEFECTS: dict[str, Callable[[Bill, random.Random], Bill]] = {
    "other unit": _other_unit,
    "x 10": _times(10),
    "x 100": _times(100),
    "x 1000": _times(1000),
    "negative": _times(-1),
    "no company of the group": lambda bill, draw: replace(bill, entity=f"宏达物流 {draw.randrange(50)}"),
    "other region": lambda bill, _: replace(bill, region=next(code for code in _REGIONS if code != bill.region)),
    "scope 3 category": lambda bill, draw: replace(bill, scope_3_category=draw.choice("146")),
    "no number": lambda bill, draw: replace(bill, amount=draw.choice(["n/a", "待补", "#REF!", "1O5"])),
    "unknown unit": lambda bill, draw: replace(bill, unit=draw.choice(["千瓦", "m2", "kVA", "箱"])),
    "other days": lambda bill, draw: replace(bill, end=bill.end + timedelta(days=draw.randint(10, 40))),
    "site and source exchanged": lambda bill, _: replace(bill, site=bill.source, source=bill.site),
}
# Of these the source is enough: the days of several bills do not fit together.
BY_SOURCE = ("other days", "invoice twice", "month missing")
_COPIES = ("invoice twice", "month missing")


def with_defects(book: Book, count: int, seed: int = 1) -> tuple[Book, dict[Bill, str]]:
    """A book with so many defects of mixed kinds; tells each wrong bill with its kind, and a bill beside each missing month."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    kinds = [*DEFECTS, *_COPIES]
    # One a source, so that each can be told from the others.
    starts = draw.sample(range(0, len(book.bills) // 12 * 12, 12), count)
    others: dict[Bill, Bill | None] = {}
    wrong: dict[Bill, str] = {}
    copies: list[Bill] = []
    for at, start in enumerate(starts):
        name, bill = kinds[at % len(kinds)], book.bills[start + draw.randrange(1, 12)]
        if name == "month missing":
            others[bill] = None
            wrong[book.bills[start]] = name
        elif name == "invoice twice":
            copies.append(replace(bill))
            wrong[copies[-1]] = name
        else:
            changed = DEFECTS[name](bill, draw)
            others[bill] = changed
            wrong[changed] = name
    kept = (others.get(bill, bill) for bill in book.bills)
    return replace(book, bills=(*(bill for bill in kept if bill is not None), *copies)), wrong
