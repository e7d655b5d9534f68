"""Clean books of many shapes: what is unusual in them is right, and a rule that speaks of it is wrong.

Offices and plants of China, Britain and the United States with seasons, holidays, shutdowns, deliveries by the lorry and meters of very
different size, in the units that their bills are printed in. Everything is drawn from a seeded generator.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

from benchmarks.slip_books import COUNTRIES, Bill, Book, in_unit, month_of
from benchmarks.slip_oddities import oddity
from benchmarks.slip_shapes import POWER, SHAPES, Place, heating, lorries, standby, steady, stream, sunny

__all__ = ["clean"]

_NOTES = {
    "CN": {"shutdown": "停产检修", "standby": "停电，备用发电机运行", "none": "本月未购油"},
    "GB": {"shutdown": "shutdown for repairs", "standby": "power cut", "none": "no delivery this month"},
}
_NOTES["US"] = _NOTES["GB"]
_SUN = {"CN": "光伏发电", "GB": "solar", "US": "solar"}
_PEOPLE = {
    "CN": ("员工人数", "年末从业人数"),
    "GB": ("Employees", "Headcount", "FTE"),
    "US": ("Employees", "Headcount"),
}
_AREA = {"CN": ("建筑面积", "总建筑面积"), "GB": ("Floor area", "Gross internal area"), "US": ("Floor area",)}
_INTENSIVE = 1.5e8  # kWh a year
_UNITS = {
    "CN": ("kWh", "千瓦时", "度", "MWh", "万千瓦时", "万度"),
    "GB": ("kWh", "kWh", "MWh"),
    "US": ("kWh", "kWh", "MWh"),
}
_REGIONS = {"CN": ("CN-SD", "CN-GD", "CN-JS"), "GB": ("GB",), "US": ("US-EGRID-CAMX", "US-EGRID-ERCT")}
_NEEDS = 30_000.0  # A source below this many kWh a year is not billed in MWh.


def _power(draw: random.Random, place: Place, yearly: float, source: str, shape: str = "") -> list[Bill]:
    """Electricity from the grid, billed each month, quarter or year."""
    kind = shape or draw.choice(list(SHAPES))
    unit = draw.choice(_UNITS[place.country]) if yearly >= _NEEDS else "kWh"
    months = draw.choice([1, 1, 1, 1, 3, 12])
    weights = SHAPES[kind](draw)
    bills = stream(draw, place, source, POWER[place.country], unit, yearly, weights, months)
    if kind == "shutdown" and months == 1:
        still = min(range(12), key=weights.__getitem__)
        bills[still] = replace(bills[still], note=_NOTES[place.country]["shutdown"])
    return bills


def _gas(draw: random.Random, place: Place) -> list[Bill]:
    """Gas for heating, for a process or for a canteen."""
    kind = draw.choice(["heating", "process", "canteen"])
    yearly = {"heating": 60_000.0, "process": 900_000.0, "canteen": 3_000.0}[kind] * draw.lognormvariate(0, 0.6)
    weights = heating(draw) if kind == "heating" else steady(draw)
    units = {"CN": ("Nm3", "标方", "万标方"), "GB": ("kWh", "MWh"), "US": ("therm", "MMBtu")}[place.country]
    unit = draw.choice(units) if kind != "canteen" else units[0]
    size = {"CN": 1.0, "GB": 10.8, "US": 0.37}[place.country]
    name = {"heating": ("锅炉", "boiler"), "process": ("窑炉", "kiln"), "canteen": ("食堂", "canteen")}[kind]
    activity = "天然气" if place.country == "CN" else "natural gas"
    return stream(draw, place, name[place.country != "CN"], activity, unit, yearly * size, weights)


def _diesel(draw: random.Random, place: Place) -> list[Bill]:
    """Diesel of forklifts, of a standby generator, or by the lorry."""
    kind = draw.choice(["forklift", "standby", "lorries"])
    weights = {"forklift": steady, "standby": standby, "lorries": lorries}[kind](draw)
    yearly = {"forklift": 9_000.0, "standby": 400.0, "lorries": 120_000.0}[kind] * draw.lognormvariate(0, 0.4)
    chinese = place.country == "CN"
    name = {
        "forklift": ("叉车", "forklifts"),
        "standby": ("备用发电机", "standby generator"),
        "lorries": ("储油罐", "tank"),
    }
    unit = {"CN": draw.choice(("t", "吨", "kg")), "GB": "L", "US": "US_gallon"}[place.country]
    bills = stream(
        draw,
        place,
        name[kind][not chinese],
        "柴油" if chinese else "diesel",
        unit,
        yearly * (0.84 if chinese else 1),
        weights,
    )
    notes = _NOTES[place.country]
    if kind == "standby" and draw.random() < 0.5:
        outage = max(range(12), key=weights.__getitem__)
        bills[outage] = replace(bills[outage], note=notes["standby"])
    if kind == "lorries":
        bills = [replace(bill, note="" if bill.exact else notes["none"]) for bill in bills]
    return bills


def _heat(draw: random.Random, place: Place) -> list[Bill]:
    """Heat from a network in the months of heating only; nothing is billed in summer."""
    bills = stream(draw, place, "热力站", "外购热力", "GJ", draw.lognormvariate(8, 0.8), heating(draw))
    return [
        bill if bill.start.month in {1, 2, 3, 11, 12} else replace(bill, amount="0", exact=0.0, note="非供暖期")
        for bill in bills
    ]


def _meters(draw: random.Random, place: Place, yearly: float) -> list[Bill]:
    """Two or three meters more, of very different size."""
    return [
        bill
        for number in range(draw.randint(2, 3))
        for bill in stream(
            draw,
            place,
            f"{'电表' if place.country == 'CN' else 'meter'} {number + 2}",
            POWER[place.country],
            draw.choice(("kWh", "MWh")) if number == 0 else "kWh",
            yearly * 10 ** draw.uniform(-2.5, -0.3),
            steady(draw),
        )
    ]


def _site(draw: random.Random, place: Place, *, plant: bool) -> list[Bill]:
    """The bills of a plant or an office."""
    yearly = draw.lognormvariate(15, 1.0) if plant else draw.lognormvariate(11.5, 0.9)
    chinese = place.country == "CN"
    bills = _power(
        draw, place, yearly, "总表" if chinese and draw.random() < 0.3 else "电表 1" if chinese else "meter 1"
    )
    more: list[tuple[float, Callable[[], list[Bill]]]] = [
        (0.6, lambda: _gas(draw, place)),
        (0.5 if plant else 0.2, lambda: _diesel(draw, place)),
        (0.25, lambda: _meters(draw, place, yearly) if bills[0].source != "总表" else []),
        (
            0.3,
            lambda: stream(
                draw, place, "PV", _SUN[place.country], "kWh", yearly * draw.uniform(0.02, 0.3), sunny(draw)
            ),
        ),
        (0.3 if chinese else 0, lambda: _heat(draw, place)),
        (
            0.2,
            lambda: stream(
                draw,
                place,
                "仓库" if chinese else "store room",
                POWER[place.country],
                "kWh",
                draw.uniform(40, 400),
                steady(draw),
            ),
        ),
    ]
    more += [(0.35, lambda: oddity(draw, place))] * 2
    for odds, made in more:
        added = made() if draw.random() < odds else []
        known = {bill.stream for bill in bills}
        bills += [bill for bill in added if bill.stream not in known]
    return bills


@cache
def clean(seed: int) -> Book:
    """A book without a defect."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    country = draw.choice(["CN", "CN", "GB", "US"])
    entities = tuple(("一厂", "二厂") if country == "CN" else ("North", "South"))[: draw.randint(1, 2)]
    bills: list[Bill] = []
    sites = []
    kwh = 0.0
    for number in range(draw.randint(1, 2)):
        entity = entities[number % len(entities)]
        place = Place(
            country, entity, f"{'厂区' if country == 'CN' else 'site'} {number + 1}", draw.choice(_REGIONS[country])
        )
        made = _site(draw, place, plant=draw.random() < 0.6)
        kwh += sum(bill.exact for bill in made if bill.activity == POWER[country])
        opened = draw.randint(3, 9) if draw.random() < 0.1 else 1
        made = _opened(made, opened)
        bills += made
        listed = {"id": place.site, "entity": entity, "region": place.region}
        if opened > 1:
            listed["valid_from"] = f"{COUNTRIES[country][0]}-{opened:02}-01"
        sites.append(listed)
    used = {bill.entity for bill in bills}
    book = Book(country, tuple(bills), entities=tuple(item for item in entities if item in used), sites=tuple(sites))
    return _with_more(draw, book, kwh)


def _opened(bills: list[Bill], month: int) -> list[Bill]:
    """The bills of a site that opened in a month."""
    first = date(bills[0].start.year, month, 1)
    return [replace(bill, start=max(first, bill.start)) for bill in bills if bill.end > first]


def _with_more(draw: random.Random, book: Book, kwh: float) -> Book:
    """What some books have: spend, a bill that replaces an estimate, drivers, and the year before."""
    if book.country == "US" and draw.random() < 0.4:
        place = Place("US", book.bills[0].entity, "", "US")
        spend = [draw.lognormvariate(0, 1.2) for _ in range(12)]
        book = replace(
            book,
            bills=(*book.bills, *stream(draw, place, "legal fees", "spend.naics.541110", "USD_2022", 90_000, spend)),
        )
    if draw.random() < 0.2:
        book = _corrected(draw, book)
    if draw.random() < 0.5:
        book = replace(book, drivers=_drivers(draw, book, kwh))
    return replace(book, previous=_before(draw, book)) if draw.random() < 0.5 else book


def _drivers(draw: random.Random, book: Book, kwh: float) -> tuple[tuple[str, float, str], ...]:
    """Employees, floor area, output and revenue; a smelter or a data centre has few people, and much on each square metre."""
    people = draw.uniform(80, 900) if kwh > _INTENSIVE else max(2.0, kwh / 10 ** draw.uniform(3.2, 4.8))
    area = kwh / draw.uniform(3_000, 15_000) if kwh > _INTENSIVE else max(20.0, kwh / 10 ** draw.uniform(1.3, 2.8))
    stated = [
        (draw.choice(_PEOPLE[book.country]), float(round(people) or 1), "人" if book.country == "CN" else "people"),
        (draw.choice(_AREA[book.country]), float(round(area)), "m2"),
        ("产量" if book.country == "CN" else "Output", float(round(kwh / 10 ** draw.uniform(1, 4)) or 1), "t"),
        ("营业收入" if book.country == "CN" else "Revenue", round(draw.uniform(5, 900), 1), "million"),
    ]
    return tuple(draw.sample(stated, draw.randint(1, 3)))


def _corrected(draw: random.Random, book: Book) -> Book:
    """An estimated bill, and the one that replaces it; the supplier gave credit for the difference."""
    bill = draw.choice(book.bills)
    if not bill.exact:
        return book
    note = "估算账单已冲红" if book.country == "CN" else "credit note for the estimate"
    first = replace(bill, entry_id="E1", exact=bill.exact * 1.2, amount=in_unit(bill.exact * 1.2, bill.unit))
    second = replace(bill, supersedes="E1", entry_id="E2", note=note, evidence=f"{bill.evidence}-R")
    others = {bill: second}
    changed = book.exchanged(others)
    return replace(changed, bills=(*changed.bills, first))


def _before(draw: random.Random, book: Book) -> tuple[Bill, ...]:
    """The same sources a year before."""
    listed = {site["id"] for site in book.sites if "valid_from" not in site}
    trends: dict[tuple[str, ...], float] = {}
    bills = []
    for bill in book.bills:
        if bill.entry_id == "E1" or bill.site not in listed:
            continue
        trend = trends.setdefault(bill.stream, draw.uniform(0.88, 1.12))
        exact = bill.exact / trend * draw.lognormvariate(0, 0.04)
        months = (bill.end.month - bill.start.month) + 1
        first, last = month_of(book.year - 1, bill.start.month, months)
        factor = bill.factor.replace("egrid@2023-r2", "egrid@2022")
        bills.append(
            replace(
                bill,
                start=first,
                end=last,
                exact=exact,
                amount=in_unit(exact, bill.unit),
                entry_id="",
                supersedes="",
                evidence=f"{bill.evidence}-{book.year - 1}",
                factor=factor,
                note="" if exact else bill.note,
            )
        )
    return tuple(bills)
