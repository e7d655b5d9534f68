"""What each reading of a Green Button file counts: meter, activity, unit and direction, by the codes of the standard.

References
----------
NAESB REQ.21 (ESPI), ReadingType: uom, powerOfTenMultiplier, flowDirection, commodity, accumulationBehaviour, dataQualifier.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from carbonledger.activity_data.green_button_feed import Feed, FeedEntry
from carbonledger.core.activities import EXPORTED_ELECTRICITY, GRID_ELECTRICITY
from carbonledger.core.findings import Finding

__all__ = ["MeterSeries", "series_of"]

_TIERS = ("tou", "touTier", "consumptionTier", "cpp")
_LARGEST_POWER = 12
_EXACT = 2**53


def _no_numbers() -> np.ndarray[Any, Any]:
    """No intervals."""
    return np.array([], dtype=np.int64)


@dataclass(frozen=True, slots=True)
class MeterSeries:
    """The intervals of one reading of a meter.

    Parameters
    ----------
    meter, activity, unit : str
        The usage point, and what it counts.
    power : int
        The power of ten that the values are stated in.
    is_reverse : bool
        Whether it flows from the customer to the network.
    tier : str
        The tariff period that it counts; empty for all.
    words : str
        How it is stated, for the note of an entry.
    starts, durations, values, ordinals : numpy.ndarray
        Of its intervals: seconds since 1970 in UTC, seconds, the number as stated, and the number of the interval in the file.
    """

    meter: str
    activity: str = ""
    unit: str = ""
    power: int = 0
    is_reverse: bool = False
    tier: str = ""
    words: str = ""
    starts: np.ndarray[Any, Any] = field(default_factory=_no_numbers)
    durations: np.ndarray[Any, Any] = field(default_factory=_no_numbers)
    values: np.ndarray[Any, Any] = field(default_factory=_no_numbers)
    ordinals: np.ndarray[Any, Any] = field(default_factory=_no_numbers)

    @property
    def identity(self) -> tuple[str, ...]:
        """What two readings share that may state the same amounts."""
        return self.meter, self.activity, self.unit

    @property
    def source(self) -> str:
        """The name of the source: the meter, with its tier."""
        return f"{self.meter}, tier {self.tier}" if self.tier else self.meter

    @property
    def until(self) -> int:
        """When its last interval ends."""
        return int((self.starts + self.durations).max())

    def where(self, chosen: np.ndarray[Any, Any]) -> MeterSeries:
        """Some of its intervals."""
        names = ("starts", "durations", "values", "ordinals")
        return replace(self, **{name: getattr(self, name)[chosen] for name in names})

    def amount(self, chosen: np.ndarray[Any, Any]) -> float:
        """The sum of some intervals in the unit; exact where the values are whole numbers."""
        values = self.values[chosen]
        total = float(values.sum())
        exact = Decimal(int(total)) if total.is_integer() and total < _EXACT else Decimal(repr(total))
        return float(exact.scaleb(self.power))


@cache
def _codes() -> Mapping[tuple[str, str], Mapping[str, str]]:
    """The codes of the standard by list and code."""
    text = resources.files("carbonledger.activity_data").joinpath("espi_codes.csv").read_text(encoding="utf-8")
    return {(row["list"], row["code"]): row for row in csv.DictReader(text.splitlines())}


def _code(kind: str, fields: Mapping[str, str], name: str) -> tuple[str, str]:
    """What a stated code reads as, and how it is named; its number as the name if the table does not know it."""
    code = fields.get(name, "0")
    row = _codes().get((kind, code))
    return (row["reads_as"], row["name"]) if row else ("", code)


def series_of(feed: Feed) -> tuple[list[MeterSeries], list[tuple[Finding, MeterSeries]]]:
    """The readings of a file, and why others are no amounts.

    Parameters
    ----------
    feed : Feed
        The records of the file.

    Returns
    -------
    tuple of (list of MeterSeries, list of (Finding, MeterSeries))
        The readings that state amounts; what was found, with the reading concerned, which is refused if the finding is an error.
    """
    read: list[MeterSeries] = []
    found: list[tuple[Finding, MeterSeries]] = []
    names = _meter_names(feed)
    for reading, blocks in _blocks_by_reading(feed):
        point = _one_of(feed.of_kind("UsagePoint"), reading)
        meter = names.get(id(point), "") or (reading.title if reading else "") or "1"
        series = _with_intervals(MeterSeries(meter), blocks)
        kind = _reading_type(feed, reading)
        if kind is None:
            found.append((Finding.of("GREEN_BUTTON.unlinked", meter=meter, count=len(series.starts)), series))
            continue
        named, faults = _named(series, kind.fields, point.fields if point else {})
        found += [(fault, series) for fault in faults]
        if not any(fault.severity == "error" for fault in faults):
            read.append(named)
    return read, found


def _with_intervals(series: MeterSeries, blocks: list[FeedEntry]) -> MeterSeries:
    """A series with the intervals of its blocks."""
    return replace(
        series,
        starts=np.concatenate([np.array(block.starts, dtype=np.int64) for block in blocks]),
        durations=np.concatenate([np.array(block.durations, dtype=np.int64) for block in blocks]),
        values=np.concatenate([np.array(block.values, dtype=float) for block in blocks]),
        ordinals=np.concatenate([np.arange(len(block.starts)) + block.first for block in blocks]),
    )


def _meter_names(feed: Feed) -> dict[int, str]:
    """A name for each usage point: its title, with the end of its address where several have the same."""
    points = feed.of_kind("UsagePoint")
    titles = [point.title for point in points]
    return {
        id(point): point.title
        if point.title and titles.count(point.title) == 1
        else " ".join(part for part in (point.title, point.own.rpartition("/")[2] or str(at + 1)) if part)
        for at, point in enumerate(points)
    }


def _blocks_by_reading(feed: Feed) -> list[tuple[FeedEntry | None, list[FeedEntry]]]:
    """The blocks of intervals of each reading; of none where the links do not tell and there are several."""
    readings = feed.of_kind("MeterReading")
    groups: dict[int, tuple[FeedEntry | None, list[FeedEntry]]] = {}
    for block in feed.of_kind("IntervalBlock"):
        if block.starts:
            reading = _one_of(readings, block)
            groups.setdefault(id(reading), (reading, []))[1].append(block)
    return list(groups.values())


def _one_of(owners: list[FeedEntry], part: FeedEntry | None) -> FeedEntry | None:
    """The owner of a record by their links: one that names it, or whose address its own begins with; the only one if there is one."""
    if len(owners) == 1:
        return owners[0]
    addresses = {part.own, part.up} - {""} if part else set()
    naming = [owner for owner in owners if owner.related & addresses]
    above = [owner for owner in owners if owner.own and any(at.startswith(f"{owner.own}/") for at in addresses)]
    candidates = naming or above
    return candidates[0] if len({id(owner) for owner in candidates}) == 1 else None


def _reading_type(feed: Feed, reading: FeedEntry | None) -> FeedEntry | None:
    """The type of a reading: the one that it links to; the only one if there is one."""
    kinds = feed.of_kind("ReadingType")
    if len(kinds) == 1:
        return kinds[0]
    linked = [kind for kind in kinds if reading and kind.own and kind.own in reading.related]
    return linked[0] if len(linked) == 1 else None


def _named(series: MeterSeries, kind: Mapping[str, str], point: Mapping[str, str]) -> tuple[MeterSeries, list[Finding]]:
    """A series with what it counts, and what keeps it from being an amount."""
    faults = [_unit_fault(series.meter, kind), *_form_faults(series.meter, kind)]
    flow, _ = _code("flow", kind, "flowDirection")
    activity, _ = _code("commodity", kind, "commodity")
    activity = activity or (_code("service", point, "kind")[0] if "kind" in point else "")
    unit = _codes().get(("uom", kind.get("uom", "")), {})
    if not activity and unit.get("unit") == "kWh" and "commodity" not in kind:
        activity = GRID_ELECTRICITY
        faults.append(Finding.of("GREEN_BUTTON_ASSUMED.electricity", meter=series.meter))
    elif not activity:
        faults.append(Finding.of("GREEN_BUTTON.commodity", meter=series.meter, code=kind.get("commodity", "-")))
    if flow == "reverse" and activity != GRID_ELECTRICITY:
        faults.append(Finding.of("GREEN_BUTTON.reverse", meter=series.meter))
    power = _power(kind)
    if power is None:
        faults.append(
            Finding.of("GREEN_BUTTON.multiplier", meter=series.meter, text=kind.get("powerOfTenMultiplier", "")[:20])
        )
    tier = " ".join(kind[name] for name in _TIERS if kind.get(name, "0") != "0")
    named = replace(
        series,
        activity=EXPORTED_ELECTRICITY if flow == "reverse" else activity,
        unit=unit.get("unit", ""),
        power=(power or 0) + int(unit.get("power") or 0),
        is_reverse=flow == "reverse",
        tier=tier,
        words=f"10^{power or 0} {unit.get('name', '')}",
    )
    return named, [fault for fault in faults if fault is not None]


def _power(kind: Mapping[str, str]) -> int | None:
    """The stated power of ten; None if it is none."""
    text = kind.get("powerOfTenMultiplier", "0")
    digits = text.removeprefix("-").removeprefix("+")
    is_power = digits.isascii() and digits.isdigit() and len(digits) <= 2 and int(digits) <= _LARGEST_POWER
    return int(text) if is_power else None


def _unit_fault(meter: str, kind: Mapping[str, str]) -> Finding | None:
    """Why the unit is none of an amount; None if it is one."""
    reads_as, name = _code("uom", kind, "uom")
    if reads_as == "amount":
        return None
    if reads_as == "rate":
        return Finding.of("GREEN_BUTTON.rate", meter=meter, unit=name)
    return Finding.of("GREEN_BUTTON.unit", meter=meter, unit=name, code=kind.get("uom", "-"))


def _form_faults(meter: str, kind: Mapping[str, str]) -> list[Finding]:
    """Why the values are no amounts of one direction."""
    faults = []
    for part, name in (
        ("accumulation", "accumulationBehaviour"),
        ("qualifier", "dataQualifier"),
        ("flow", "flowDirection"),
    ):
        reads_as, stated = _code(part, kind, name)
        if reads_as in {"", "netted"}:
            faults.append(Finding.of(f"GREEN_BUTTON.{part}", meter=meter, text=stated))
    return faults
