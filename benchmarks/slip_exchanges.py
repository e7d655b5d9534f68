"""What stands in the wrong place, twice or not at all: exchanged amounts and columns, meters, regions, categories, companies, totals."""

from __future__ import annotations

import random
from dataclasses import replace

import carbonledger as cl
from benchmarks.slip_books import UNITS, Bill, Book, in_unit, restated, totals_of
from benchmarks.slip_defects import DIESEL, GAS, POWER, Kind, Plant, Planted, streams

__all__ = ["EXCHANGES"]

FUELS = (*GAS, *DIESEL)
SUN = ("光伏发电", "solar")


def carriers(*, before: bool) -> Plant:
    """The amounts of power and gas of a site exchanged, in all months, units staying where they are."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        if before is not bool(book.previous):
            return None
        known = {bill.stream for bill in book.previous}
        gas = {bills[0].stream[:2]: bills for bills in streams(book, GAS)}
        pairs = [(bills, gas[bills[0].stream[:2]]) for bills in streams(book, POWER) if bills[0].stream[:2] in gas]
        far = 3.0 if before else 300.0
        pairs = [pair for pair in pairs if len(pair[0]) == len(pair[1]) and not _alike(*pair, far)]
        pairs = [pair for pair in pairs if not before or {bills[0].stream for bills in pair} <= known]
        if not pairs:
            return None
        one, other = draw.choice(pairs)
        others = {bill: replace(bill, amount=twin.amount) for bill, twin in zip(one, other, strict=True)}
        others |= {twin: replace(twin, amount=bill.amount) for bill, twin in zip(one, other, strict=True)}
        return Planted(book, book.exchanged(others), tuple(others.values()), any_of=True)

    return plant


def _number(bill: Bill) -> float:
    """The amount as it is printed."""
    return float(bill.amount.replace(",", ""))


def _alike(one: list[Bill], other: list[Bill], far: float) -> bool:
    """Whether two sources print numbers that are within a factor of each other: exchanged, nobody could tell."""
    ratio = sum(map(_number, one)) / sum(map(_number, other))
    return 1 / far < ratio < far


def meters(draw: random.Random, book: Book) -> Planted | None:
    """The amounts of two meters of a site exchanged in one month."""
    places: dict[tuple[str, str], list[list[Bill]]] = {}
    for bills in streams(book, POWER, rising=3):
        places.setdefault((bills[0].entity, bills[0].site), []).append(bills)
    pairs = [
        (one, other)
        for found in places.values()
        for one in found
        for other in found
        if one is not other and sum(bill.exact for bill in one) > 5 * sum(bill.exact for bill in other)
    ]
    if not pairs:
        return None
    one, other = draw.choice(pairs)
    at = draw.randrange(12)
    others = {one[at]: restated(one[at], other[at].exact), other[at]: restated(other[at], one[at].exact)}
    return Planted(book, book.exchanged(others), tuple(others.values()), any_of=True)


def columns(draw: random.Random, book: Book) -> Planted | None:
    """Two columns of one row exchanged."""
    bill = draw.choice(book.bills)
    one, other = draw.choice(
        [
            ("entity", "site"),
            ("site", "source"),
            ("source", "activity"),
            ("amount", "unit"),
            ("amount", "evidence"),
            ("start", "end"),
            ("activity", "unit"),
            ("site", "region"),
            ("entity", "source"),
        ]
    )
    if getattr(bill, one) == getattr(bill, other) or "" in {getattr(bill, one), getattr(bill, other)}:
        return None
    wrong = replace(bill, **{one: getattr(bill, other), other: getattr(bill, one)})
    return Planted(book, book.exchanged({bill: wrong}), (wrong,))


def region(*, whole: bool) -> Plant:
    """A row, or all rows of a site, in another region than the one that is listed for the site."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        codes = {"CN": ["CN-SD", "CN-GD", "CN-JS", "CN-ZJ"], "US": ["US-EGRID-CAMX", "US-EGRID-ERCT", "US-EGRID-NEWE"]}
        bills = draw.choice([[], *streams(book, POWER)])
        if not bills or book.country not in codes:
            return None
        chosen = bills if whole else [draw.choice(bills)]
        code = draw.choice([item for item in codes[book.country] if item != bills[0].region])
        others = {bill: replace(bill, region=code) for bill in chosen}
        return Planted(book, book.exchanged(others), tuple(others.values()), any_of=whole)

    return plant


def category(draw: random.Random, book: Book) -> Planted | None:
    """A category of scope 3 beside fuel that the company burns itself, in one row or in all of a source."""
    sources = streams(book, FUELS)
    if not sources:
        return None
    bills = draw.choice(sources)
    chosen = bills if draw.random() < 0.5 else [draw.choice(bills)]
    number = draw.choice(["1", "3", "4", "6"])
    others = {bill: replace(bill, scope_3_category=number) for bill in chosen}
    return Planted(book, book.exchanged(others), tuple(others.values()), any_of=len(chosen) > 1)


def netted(*, negative: bool) -> Plant:
    """A bill of power from which what was fed to the grid has been taken off, at a site with photovoltaics."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        sunny = {(bill.entity, bill.site) for bill in book.bills if bill.activity in SUN}
        sources = [
            bills
            for bills in streams(book, POWER, rising=2.2)
            if bills[0].stream[:2] in sunny and min(map(_number, bills)) > 20
        ]
        if not sources:
            return None
        bill = draw.choice([item for item in draw.choice(sources) if 4 < item.start.month < 10])
        share = -draw.uniform(0.02, 0.8) if negative else draw.uniform(0.003, 0.08)
        wrong = restated(bill, bill.exact * share)
        return Planted(book, book.exchanged({bill: wrong}), (wrong,))

    return plant


def main_meter(*, rest: float = 0.0, every: bool = True) -> Plant:
    """A main meter entered beside its sub-meters; it may count a rest that no sub-meter does, or not count every meter of the site."""

    def plant(draw: random.Random, book: Book) -> Planted | None:
        places: dict[tuple[str, str], list[list[Bill]]] = {}
        for bills in streams(book, POWER):
            places.setdefault((bills[0].entity, bills[0].site), []).append(bills)
        counts = {
            place: {bill.stream for bill in book.bills if place == bill.stream[:2] and bill.activity in POWER}
            for place in places
        }
        found = [
            group for place, group in places.items() if len(group) > 1 and (len(counts[place]) == len(group)) is every
        ]
        if not found:
            return None
        group = draw.choice(found)
        unit = group[0][0].unit
        added = []
        for months in zip(*group, strict=True):
            exact = sum(bill.exact for bill in months) * (1 + draw.uniform(0, 0.01) + rest * draw.uniform(0.5, 1.5))
            source = "进线总表" if book.country == "CN" else "main incomer"
            number = f"main-{draw.randrange(10**6)}"
            added.append(
                replace(
                    months[0],
                    source=source,
                    unit=unit,
                    evidence=number,
                    note="",
                    exact=exact,
                    amount=in_unit(exact, unit),
                )
            )
        return Planted(book, replace(book, bills=(*book.bills, *added)), tuple(added), any_of=True)

    return plant


def stranger(draw: random.Random, book: Book) -> Planted | None:
    """A company that is not in the list of companies: a former name, a customer, or a slip of the keys."""
    bills = draw.choice(streams(book, POWER, least=1))
    name = draw.choice(["Acme Logistics Ltd", "宏达物流有限公司", f"{bills[0].entity}分厂", f"{bills[0].entity} ltd"])
    chosen = bills if draw.random() < 0.5 else [draw.choice(bills)]
    book = replace(book, sites=()) if draw.random() < 0.5 else book
    others = {bill: replace(bill, entity=name) for bill in chosen}
    return Planted(book, book.exchanged(others), tuple(others.values()), any_of=len(chosen) > 1)


def invoice(draw: random.Random, book: Book) -> Planted | None:
    """An invoice entered twice: as it is, without its number, in another unit, or under another site."""
    bill = draw.choice(
        [item for item in book.bills if item.exact > 100 and len(in_unit(item.exact, item.unit).strip("0.")) > 3]
        or [None]
    )
    if bill is None or bill.entry_id or bill.supersedes:
        return None
    kind = draw.choice(["same", "no number", "unit", "site"])
    places = [site["id"] for site in book.sites if site["id"] != bill.site and site["entity"] == bill.entity]
    if kind == "site" and not places:
        return None
    again = bill
    if kind == "unit":
        if UNITS[bill.unit][0] != "kWh" or (book.country == "GB" and bill.activity in GAS):
            return None
        unit = "kWh" if bill.unit != "kWh" else "MWh"
        again = replace(bill, unit=unit, amount=in_unit(bill.exact, unit, 4 if unit == "MWh" else None))
    again = replace(
        again, evidence="" if kind == "no number" else bill.evidence, site=places[0] if kind == "site" else bill.site
    )
    return Planted(book, replace(book, bills=(*book.bills, again)), (bill, again), any_of=True)


def missing(draw: random.Random, book: Book) -> Planted | None:
    """A month for which no bill was entered."""
    sources = streams(book, POWER)
    if not sources:
        return None
    bills = draw.choice(sources)
    gone = draw.choice(bills)
    rest = tuple(bill for bill in bills if bill is not gone)
    left = replace(book, bills=tuple(bill for bill in book.bills if bill is not gone))
    return Planted(book, left, rest, any_of=True, texts=(f"{gone.start:%Y-%m}",))


def total_row(draw: random.Random, book: Book) -> Planted | None:
    """The total of a source's months, or of a site's meters, entered as one more bill."""
    sources = streams(book, POWER)
    if not sources:
        return None
    bills = draw.choice(sources)
    exact = sum(bill.exact for bill in bills)
    words = ("合计", "小计", "", "全年") if book.country == "CN" else ("Total", "subtotal", "", "year")
    word = draw.choice(words)
    total = replace(
        bills[-1],
        amount=in_unit(exact, bills[-1].unit),
        exact=exact,
        evidence="",
        note=word,
        start=bills[0].start if draw.random() < 0.7 else bills[-1].start,
        source=draw.choice([bills[0].source, word]),
    )
    at = book.bills.index(bills[-1]) + 1
    return Planted(book, replace(book, bills=(*book.bills[:at], total, *book.bills[at:])), (total,))


_PUBLISHED = "figure_id,year,label_zh,label_en,text,unit,rounding,section,page_title,note\n"
_RELATIONS = """[[relation]]
id = "rebuild.total"
kind = "rebuild"
title_en = "Total"
title_zh = "总量"
figure = "total.now"
quantity = "emissions_tco2e"

[[relation]]
id = "sum.now"
kind = "sum"
title_en = "Scopes of this year"
title_zh = "本年各范围之和"
total = "total.now"
parts = ["scope1.now", "scope2.now"]

[[relation]]
id = "sum.before"
kind = "sum"
title_en = "Scopes of last year"
title_zh = "上年各范围之和"
total = "total.before"
parts = ["scope1.before", "scope2.before"]

[[relation]]
id = "change"
kind = "percent_change"
title_en = "Change of the total"
title_zh = "总量变化"
change = "change"
current = "total.now"
previous = "total.before"
direction = "{direction}"
"""


def years(draw: random.Random, book: Book) -> Planted | None:
    """The columns of two years exchanged in a printed table, in all of its rows or in one."""
    if not book.previous or book.country == "US":
        return None
    now, before = totals_of(book)
    if min(*now, *before) < 1 or abs(sum(now) / sum(before) - 1) < 0.01:
        return None
    change = (sum(now) / sum(before) - 1) * 100
    lines = {"total": (sum(now), sum(before)), "scope1": (now[0], before[0]), "scope2": (now[1], before[1])}
    turned = draw.choice([set(lines), {"total"}, {"scope2"}, {"scope1", "scope2"}])
    printed = [
        replace(
            book,
            files=_printed(book, {name: pair[::-1] if name in names else pair for name, pair in lines.items()}, change),
        )
        for names in (set(), turned)
    ]
    return Planted(*printed, (), texts=("total.now", "Scopes of", "Change of"))


def _printed(book: Book, lines: dict[str, tuple[float, float]], change: float) -> dict[str, str]:
    """The files of published figures of two years."""
    rows = [
        f"{name}.{when},{book.year - at},{name}.{when},{name}.{when},{cl.round_figure(pair[at], '0.01')},t CO2e,half_up,Climate,Climate,"
        for name, pair in lines.items()
        for at, when in enumerate(("now", "before"))
    ]
    rows.append(f"change,{book.year},change,change,{cl.round_figure(abs(change), '0.01')} %,%,half_up,Climate,Climate,")
    relations = _RELATIONS.format(direction="decrease" if change < 0 else "increase")
    return {"published.csv": _PUBLISHED + "\n".join(rows) + "\n", "relations.toml": relations}


EXCHANGES: dict[str, Kind] = {
    "power and gas exchanged, year before": Kind(carriers(before=True)),
    "power and gas exchanged, no year before": Kind(carriers(before=False)),
    "two meters exchanged for a month": Kind(meters),
    "two columns exchanged for a row": Kind(columns),
    "years exchanged in published figures": Kind(years),
    "region against site, one row": Kind(region(whole=False)),
    "region against site, whole source": Kind(region(whole=True)),
    "scope 3 category on an own fuel": Kind(category),
    "export netted in a bill, below zero": Kind(netted(negative=True)),
    "export netted in a bill, above zero": Kind(netted(negative=False)),
    "main meter and sub-meters": Kind(main_meter()),
    "main meter of some meters of a site": Kind(main_meter(every=False)),
    "main meter with a rest and sub-meters": Kind(main_meter(rest=0.1)),
    "company that is not listed": Kind(stranger),
    "invoice entered twice": Kind(invoice),
    "missing month": Kind(missing),
    "total row as an entry": Kind(total_row, doubt=True),
}
