"""The shapes that a year of bills has: seasons, holidays, shutdowns, deliveries; and the bills of one source."""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from benchmarks.slip_books import COUNTRIES, UNITS, Bill, in_unit, month_of

__all__ = ["POWER", "SHAPES", "Place", "Weights", "heating", "lorries", "standby", "steady", "stream", "sunny"]

Weights = list[float]


def _noisy(draw: random.Random, weights: Sequence[float], spread: float = 0.07) -> Weights:
    """Weights that a year of people and weather gives, with 1 as their mean."""
    drawn = [weight * draw.lognormvariate(0, spread) for weight in weights]
    mean = sum(drawn) / len(drawn)
    return [weight / mean for weight in drawn]


def steady(draw: random.Random) -> Weights:
    """Much the same each month."""
    return _noisy(draw, [1.0] * 12, draw.uniform(0.02, 0.12))


def heating(draw: random.Random) -> Weights:
    """Heating: winter is up to thirty times summer."""
    low = 1 / draw.uniform(8, 30)
    shape = [1.0, 0.9, 0.65, 0.3, 0.1, 0, 0, 0, 0.08, 0.3, 0.65, 0.95]
    return _noisy(draw, [max(low, weight) for weight in shape], 0.1)


def cooling(draw: random.Random) -> Weights:
    """Air conditioning: summer is two to four times spring."""
    peak = draw.uniform(2, 4)
    shape = [0.2, 0.1, 0, 0, 0.2, 0.7, 1, 1, 0.6, 0.1, 0, 0.1]
    return _noisy(draw, [1 + (peak - 1) * weight for weight in shape])


def growing(draw: random.Random) -> Weights:
    """A plant that grows to two to five times its January."""
    last = draw.uniform(2, 5)
    return _noisy(draw, [last ** (month / 11) for month in range(12)])


def holiday(draw: random.Random) -> Weights:
    """Spring Festival, or the works holiday of August."""
    weights, month = [1.0] * 12, draw.choice([0, 1, 1, 7])
    weights[month] = draw.uniform(0.3, 0.5)
    return _noisy(draw, weights)


def shutdown(draw: random.Random) -> Weights:
    """One month stands still; its bill carries a note."""
    weights = _noisy(draw, [1.0] * 12)
    weights[draw.randrange(12)] = draw.uniform(0.01, 0.06)
    return weights


def sunny(draw: random.Random) -> Weights:
    """Photovoltaics."""
    return _noisy(draw, [1 + 0.55 * math.cos((month - 5.5) / 6 * math.pi) for month in range(12)], 0.12)


def standby(draw: random.Random) -> Weights:
    """A standby generator that is tested each month and ran through one outage."""
    weights = [draw.uniform(0.7, 1.3) for _ in range(12)]
    weights[draw.randrange(12)] = draw.uniform(10, 60)
    return weights


def lorries(draw: random.Random) -> Weights:
    """Deliveries by the lorry, and months without one."""
    loads = [float(draw.choice([0, 0, 1, 1, 2, 3])) for _ in range(12)]
    loads = loads if sum(loads) > 2 else [1.0, 0, 0, 2, 0, 1, 0, 0, 1, 0, 0, 2]
    return [load * draw.lognormvariate(0, 0.02) for load in loads]


SHAPES: dict[str, Callable[[random.Random], Weights]] = {
    "steady": steady,
    "cooling": cooling,
    "growing": growing,
    "holiday": holiday,
    "shutdown": shutdown,
}
POWER = {"CN": "外购电力", "GB": "grid electricity", "US": "purchased electricity"}


@dataclass(frozen=True)
class Place:
    """Where bills are sent to."""

    country: str
    entity: str
    site: str
    region: str


def stream(
    draw: random.Random,
    place: Place,
    source: str,
    activity: str,
    unit: str,
    yearly: float,
    weights: Weights,
    months: int = 1,
) -> list[Bill]:
    """A year of bills of one source, each of so many months; `yearly` is in base units."""
    year, factor = COUNTRIES[place.country][0], _factor(place, activity)
    grouped = draw.random() < 0.15
    bills = []
    for at in range(0, 12, months):
        exact = yearly * sum(weights[at : at + months]) / 12
        first, last = month_of(year, at + 1, months)
        text = in_unit(exact, unit)
        exact = float(text) * UNITS[unit][1]
        shown = (
            f"{float(text):,.{len(text.partition('.')[2])}f}" if grouped and exact >= 1000 * UNITS[unit][1] else text
        )
        number = f"{source}-{draw.randrange(10**6):06}"
        region = place.region if place.country != "GB" else ""
        bills.append(
            Bill(
                place.entity, place.site, source, activity, shown, unit, first, last, exact, region, number, "", factor
            )
        )
    return bills


def _factor(place: Place, activity: str) -> str:
    """What an entry says of its factor: gas is billed gross in Britain, and the Hub has several diesels."""
    if place.country == "GB":
        return {"natural gas": "gross", "diesel": "mineral"}.get(activity, "")
    if place.country == "US":
        return {"purchased electricity": "us-epa-egrid@2023-r2", "natural gas": "us-epa-hub@2025 gross"}.get(
            activity, ""
        )
    return ""
