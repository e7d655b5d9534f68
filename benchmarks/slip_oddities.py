"""Sources that look wrong and are right: what a check must leave alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from benchmarks.slip_books import Bill, in_unit, restated
from benchmarks.slip_shapes import POWER, Place, heating, steady, stream

__all__ = ["oddity"]

Odd = Callable[[random.Random, Place], list[Bill]]


def _said(place: Place, chinese: str, english: str) -> str:
    """A name or note in the language of the book."""
    return chinese if place.country == "CN" else english


def _kwh(draw: random.Random, place: Place, names: tuple[str, str], yearly: float, weights: list[float]) -> list[Bill]:
    """A meter of its own, in kWh."""
    return stream(draw, place, _said(place, *names), POWER[place.country], "kWh", yearly, weights)


def off_season(draw: random.Random, place: Place) -> list[Bill]:
    """An outdoor pool or irrigation pumps: nothing for half the year, said in a note."""
    shape = [0, 0, 0, 0.4, 1, 2.5, 3, 3, 1.5, 0.2, 0, 0]
    weights = [weight * draw.lognormvariate(0, 0.1) for weight in shape]
    bills = _kwh(draw, place, ("灌溉泵", "irrigation pumps"), draw.uniform(5e3, 9e4), weights)
    return [bill if bill.exact else replace(bill, note=_said(place, "停用", "out of use")) for bill in bills]


def catch_up(draw: random.Random, place: Place) -> list[Bill]:
    """Two estimated bills that were too low, and one that makes up for them; all three say so."""
    bills = _kwh(draw, place, ("电表 9", "meter 9"), draw.uniform(4e4, 6e5), steady(draw))
    at, low = draw.randrange(1, 9), draw.uniform(0.1, 0.4)
    usual = bills[at].exact
    estimated = _said(place, "供电公司估抄", "estimated by the supplier")
    for offset in (0, 1):
        bills[at + offset] = replace(restated(bills[at + offset], usual * low), note=estimated)
    actual = _said(place, "实抄，补收前两月", "actual reading, makes up for two estimates")
    bills[at + 2] = replace(restated(bills[at + 2], usual * (3 - 2 * low)), note=actual)
    return bills


def new_line(draw: random.Random, place: Place) -> list[Bill]:
    """A production line that starts within the year and stays."""
    first, times = draw.randrange(3, 9), draw.uniform(2.5, 9)
    weights = [weight * (times if month >= first else 1) for month, weight in enumerate(steady(draw))]
    return _kwh(draw, place, ("二号线", "line 2"), draw.uniform(1e5, 3e6), weights)


def harvest(draw: random.Random, place: Place) -> list[Bill]:
    """A drying plant: three months of harvest at six to twelve times the rest."""
    times = draw.uniform(6, 12)
    weights = [weight * (times if month in {8, 9, 10} else 1) for month, weight in enumerate(steady(draw))]
    return _kwh(draw, place, ("烘干房", "grain dryer"), draw.uniform(4e4, 9e5), weights)


def chargers(draw: random.Random, place: Place) -> list[Bill]:
    """Charging points from the first car to a full yard: a thousand times within the year, step by step."""
    last = draw.uniform(150, 1200)
    weights = [last ** (month / 11) * draw.lognormvariate(0, 0.1) for month in range(12)]
    scaled = [weight * 12 / sum(weights) for weight in weights]
    return _kwh(draw, place, ("充电桩", "chargers"), draw.uniform(6e3, 6e4), scaled)


def smelter(draw: random.Random, place: Place) -> list[Bill]:
    """A plant of energy-intensive industry or a data centre: a billion kWh and few people."""
    unit = "万千瓦时" if place.country == "CN" else "MWh"
    name = _said(place, "电解车间", "data centre")
    return stream(draw, place, name, POWER[place.country], unit, draw.uniform(2e8, 3e9), steady(draw))


def coal_yard(draw: random.Random, place: Place) -> list[Bill]:
    """A power station's coal, rightly in tens of thousands of tonnes."""
    if place.country != "CN":
        return []
    return stream(draw, place, "电站锅炉", "烟煤", "吨", draw.uniform(3e7, 9e7), steady(draw))


def flat_rate(draw: random.Random, place: Place) -> list[Bill]:
    """Heat at a contract's equal amount each month."""
    if place.country != "CN":
        return []
    bills = stream(draw, place, "合同供热", "外购热力", "GJ", 1.0, steady(draw))
    exact = round(draw.uniform(100, 900), 2)
    return [replace(restated(bill, exact), note="合同固定量") for bill in bills]


def exchanged_meter(draw: random.Random, place: Place) -> list[Bill]:
    """A meter that was replaced within the year: two sources that follow each other."""
    bills = _kwh(draw, place, ("电表 7", "meter 7"), draw.uniform(4e4, 6e5), steady(draw))
    at = draw.randrange(3, 10)
    name = _said(place, "电表 7 新", "meter 7 new")
    note = _said(place, "换表", "meter replaced")
    return [*bills[:at], *(replace(bill, source=name, note=note) for bill in bills[at:])]


def credit(draw: random.Random, place: Place) -> list[Bill]:
    """A month from which the supplier took off what it had charged too much before."""
    bills = _kwh(draw, place, ("电表 8", "meter 8"), draw.uniform(4e4, 6e5), steady(draw))
    at = draw.randrange(1, 12)
    note = _said(place, "已扣减上月多计电量", "less what was charged too much in the month before")
    bills[at] = replace(restated(bills[at], bills[at].exact * draw.uniform(0.05, 0.3)), note=note)
    return bills


def sheds(draw: random.Random, place: Place) -> list[Bill]:
    """A gate or a shed: a few kWh a month, of which a quarter more or less is nothing."""
    weights = [draw.uniform(0.4, 1.8) for _ in range(12)]
    return _kwh(draw, place, ("门卫室", "gate"), draw.uniform(24, 90), weights)


def electric_heating(draw: random.Random, place: Place) -> list[Bill]:
    """An electric heater: winter is many times summer."""
    return _kwh(draw, place, ("电锅炉", "electric boiler"), draw.uniform(3e4, 8e5), heating(draw))


def fleet(draw: random.Random, place: Place) -> list[Bill]:
    """Company cars: petrol in litres or tonnes, twenty to a hundred thousand litres a year."""
    names = {"CN": ("汽油", draw.choice(("t", "吨", "kg")), ""), "GB": ("petrol", "L", "mineral"), "US": ("", "", "")}
    activity, unit, factor = names[place.country]
    if not activity:
        return []
    bills = stream(
        draw, place, _said(place, "公务车", "company cars"), activity, unit, draw.uniform(1e4, 8e4), steady(draw)
    )
    return [replace(bill, factor=factor) for bill in bills]


def top_up(draw: random.Random, place: Place) -> list[Bill]:
    """A refrigerant that was filled up once."""
    bill = draw.choice(
        stream(draw, place, _said(place, "空调", "chiller"), "R-410A", "kg", draw.uniform(40, 300), steady(draw))
    )
    return [replace(bill, note=_said(place, "维修充注", "leak repaired"), amount=in_unit(bill.exact, "kg"), factor="")]


_ODDITIES: tuple[Odd, ...] = (
    off_season,
    catch_up,
    new_line,
    harvest,
    chargers,
    smelter,
    coal_yard,
    flat_rate,
    exchanged_meter,
    credit,
    sheds,
    electric_heating,
    fleet,
    top_up,
)


def oddity(draw: random.Random, place: Place) -> list[Bill]:
    """The bills of one of them."""
    return draw.choice(_ODDITIES)(draw, place)
