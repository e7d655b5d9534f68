"""Doubts about entries that are sound one by one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.coverage import SOURCE_COLUMNS, asked_of, gap_label, uncovered
from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.sites import Site
from carbonledger.core.activities import ELECTRICITY_LOAD, GRID_ELECTRICITY, GRID_LOSSES, activities_where
from carbonledger.core.findings import Finding, Severity
from carbonledger.core.periods import Period
from carbonledger.core.units import conversion_factor, dimension_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENTRY_CHECKS", "Asked", "check_entries", "power_of_ten"]

_ENOUGH, _NEAR = 4, 0.15
_SOURCE = list(SOURCE_COLUMNS)
# A gap of a month is a bill that is missing; one of days is where two readings do not meet.
_MONTH_DAYS = 28
# Two bills share the day of the reading.
_READING_DAY = 1
# What every site uses all year. Heat and fuels may be of a season or bought once, own generation may begin in summer.
_ALL_YEAR = (GRID_ELECTRICITY, GRID_LOSSES, ELECTRICITY_LOAD)
_METERED = activities_where(is_metered=True)
# Of purchases by spend or trip, a thousandfold is a surprise but no slip of units.
_MEASURED = (*_METERED, *activities_where(kind="fuel"))
_HALF = 0.5
_POWERS = (-4, -3, 3, 4)
# About a hundredfold, as a decimal logarithm: a thousandfold of the lowest month, where the highest is 14 times as much.
_HUNDREDFOLD = 1.85
_TENFOLD = 1
# Bills within a factor of two of each other.
_STEADY = 0.3
# The case of UNIT_10K, and the values that it prints beside the amount.
_Slip = tuple[str, dict[str, float]]


@dataclass(frozen=True, slots=True)
class Asked:
    """What entries are held to.

    Parameters
    ----------
    whole : Period
        The reporting year.
    near : float
        How near the decimal logarithm of a ratio must be to 3 or 4.
    places : mapping of (company, site) to Site
        Since when and until when a site is in operation.
    """

    whole: Period
    near: float = _NEAR
    places: Mapping[tuple[str, str], Site] = field(default_factory=dict)

    def of_site(self, entity: str, site: str) -> Period | None:
        """The part of the year in which a site is in operation; None if there is none."""
        return asked_of(self.whole, self.places.get((entity, site)))


def check_entries(
    entries: Entries, year: int, first_month: int = 1, *, near: float = _NEAR, sites: Sequence[Site] = ()
) -> list[Finding]:
    """Every doubt about the entries of a reporting year.

    Parameters
    ----------
    entries : Entries
        As read.
    year, first_month : int
        The reporting year.
    near : float
        How near the decimal logarithm of a ratio must be to 3 or 4 for a slip of units.
    sites : sequence of Site
        The sites with their days of operation; nothing is asked of a site before it opened or after it closed.

    Returns
    -------
    list of Finding
        The findings of reading them, then those of each check in `ENTRY_CHECKS`.
    """
    asked = Asked(Period.of_year(year, first_month), near, {(item.entity, item.id): item for item in sites})
    frame = entries.of_year(year, first_month).frame
    findings = [finding for check in ENTRY_CHECKS for finding in check(frame, asked)]
    if not len(frame):
        findings.append(_no_entries(entries, year))
    return [*entries.findings, *findings]


def _no_entries(entries: Entries, year: int) -> Finding:
    """The finding for a year without entries, which names the years there are."""
    years = tuple(map(str, sorted(entries.frame["year"].unique())))
    if not years:
        return Finding.of("NO_ENTRIES.none", year=str(year))
    return Finding.of("NO_ENTRIES.other_years", year=str(year), years=years)


def check_coverage(frame: pd.DataFrame, asked: Asked) -> Iterator[Finding]:
    """Each source is covered for the whole year, or says for which days it is not."""
    carriers: dict[tuple[str, ...], list[Period]] = {}
    sources = {tuple(map(str, key)): group for key, group in frame.groupby(_SOURCE, sort=False)}
    for (entity, site, _, activity), group in sources.items():
        carriers.setdefault((entity, site, activity), []).extend(_periods(group))
    for (entity, site, _, activity), group in sources.items():
        whole = asked.of_site(entity, site)
        gaps = uncovered(_periods(group), whole) if whole else []
        if whole and gaps:
            finding = Finding.of("MISSING_MONTHS", source=_name_of(group), days=tuple(map(gap_label, gaps)))
            severity = _weight(activity, uncovered(carriers[entity, site, activity], whole), whole)
            yield _at_first(group, finding.as_severity(severity))


def _weight(activity: str, gaps: Sequence[Period], whole: Period) -> Severity:
    """How grave the gaps of all sources of a carrier are: an error if a month is bare that was meant, see decision 0007."""
    missing = sum(gap.days for gap in gaps)
    meant = activity in _ALL_YEAR or missing < whole.days * _HALF
    return "error" if meant and any(gap.days >= _MONTH_DAYS for gap in gaps) else "warning"


def check_overlap(frame: pd.DataFrame, asked: Asked) -> Iterator[Finding]:
    """No two entries of one source cover the same day; of a meter that is named, this is more than a note."""
    del asked
    for key, group in frame.groupby([*_SOURCE, "start_time"], sort=False):
        ordered = sorted(_periods(group))
        shared = [
            (later, earlier.overlap_days(later)) for earlier, later in pairwise(ordered) if later.start < earlier.end
        ]
        if not shared:
            continue
        metered = bool(key[2]) and str(key[3]) in _METERED
        clash, days = shared[0]
        finding = Finding.of("OVERLAPPING_PERIODS", source=_name_of(group), period=str(clash))
        yield _at_first(group, finding.as_severity("warning" if metered and days > _READING_DAY else "note"))


def check_magnitude(frame: pd.DataFrame, asked: Asked) -> Iterator[Finding]:
    """No amount is a thousand or ten thousand times the usual one of its source (UNIT_10K): kWh for 10^4 kWh, kg for t."""
    with_dimension = frame.assign(
        dimension=frame["unit"].map({unit: dimension_of(unit) for unit in set(frame["unit"])})
    )
    for key, stated in with_dimension.groupby([*_SOURCE, "dimension"], sort=False):
        measured = str(key[3]) in _MEASURED
        group, unit = _in_one_unit(stated)
        if len(group) < _ENOUGH and str(key[3]) in _METERED:
            yield from _few_bills(group, asked)
        amounts = {at: float(amount) for at, amount in group["amount"].items() if amount > 0}
        if len(amounts) < _ENOUGH:
            continue
        slips = {**_set_apart(amounts, asked.near), **_unusual(amounts, asked.near)}
        for at in sorted(slips):
            case, values = slips[at]
            shown = {"source": _name_of(group), "amount": amounts[at], "unit": unit}
            finding = Finding.of(case, **shown, **values).as_severity("error" if measured else "warning")
            yield _at_first(group.loc[[at]], finding)


def _in_one_unit(group: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Entries of one dimension in the unit of most of them: one bill in kWh among those in 10^4 kWh is a slip too."""
    units = group["unit"]
    usual = str(units.mode().iloc[0])
    if (units == usual).all():
        return group, usual
    factors = {unit: conversion_factor(unit, usual) for unit in set(units)}
    return group.assign(amount=group["amount"] * units.map(factors).astype(float), unit=usual), usual


def _unusual(amounts: Mapping[Any, float], near: float) -> dict[Any, _Slip]:
    """The bills that are a power of ten times the usual one; no step of a ramp, which has another within ten times of it."""
    usual = median(amounts.values())
    steps = _others(_logs(amounts), _TENFOLD)
    slips = {at: power_of_ten(amount / usual, near) for at, amount in amounts.items() if at not in steps}
    return {at: ("UNIT_10K.usual", {"power": slip, "usual": usual}) for at, slip in slips.items() if slip}


def _set_apart(amounts: Mapping[Any, float], near: float) -> dict[Any, _Slip]:
    """The few bills that lie a hundredfold beyond all others, and among them if a power of ten is undone; of heating and schools.

    Notes
    -----
    Over a year of seasons no bill is near the usual one. The most bills without a hundredfold gap between them are the others; the room
    around them is as wide as they spread by themselves, but narrow for a steady source, so that an outage of 400 times stays outside.
    """
    logs = _logs(amounts)
    others = _others(logs, _HUNDREDFOLD)
    if len(others) < _ENOUGH or (len(logs) - len(others)) * _ENOUGH > len(logs):
        return {}
    low, high = min(others.values()), max(others.values())
    slips = {at: _undone(log, low, high, near) for at, log in logs.items() if at not in others}
    others_span = {"low": 10**low, "high": 10**high}
    return {at: ("UNIT_10K.other_bills", {"power": slip, **others_span}) for at, slip in slips.items() if slip}


def _logs(amounts: Mapping[Any, float]) -> dict[Any, float]:
    """The decimal logarithms of some amounts, the smallest first."""
    return {at: math.log10(amount) for at, amount in sorted(amounts.items(), key=lambda item: item[1])}


def _others(logs: Mapping[Any, float], gap: float) -> dict[Any, float]:
    """The most bills that follow each other without a gap."""
    runs: list[dict[Any, float]] = [{}]
    last = math.inf
    for at, log in logs.items():
        if log - last >= gap:
            runs.append({})
        runs[-1][at] = last = log
    return max(runs, key=len)


def _undone(log: float, low: float, high: float, near: float) -> int:
    """The power of ten without which a bill would be among the others, all as decimal logarithms; 0 if there is none."""
    spread = high - low
    room = max(near, min(spread, _HALF)) if spread > _STEADY else near
    fitting = [power for power in _POWERS if low - room <= log - power <= high + room]
    return min(fitting, key=lambda power: abs(log - power - (low + high) / 2), default=0)


def _few_bills(group: pd.DataFrame, asked: Asked) -> Iterator[Finding]:
    """Of two or three bills of a meter, one that is a thousand or ten thousand times another by the day."""
    days = [(_day(end) - _day(start)).days for start, end in zip(group["start"], group["end"], strict=True)]
    rates = group["amount"] / days
    slip = power_of_ten(float(rates.max()) / float(rates.min()), asked.near) if rates.min() > 0 else 0
    if slip:
        finding = Finding.of("UNIT_10K.few_bills", source=_name_of(group), bills=len(group), power=slip)
        yield _at_first(group.loc[[rates.idxmin()]], finding)


def power_of_ten(ratio: float, near: float = _NEAR) -> int:
    """The power of ten that a ratio is near to, if it is one that units are mistaken by; else 0.

    Parameters
    ----------
    ratio : float
        Of two amounts.
    near : float
        How near its decimal logarithm must be.

    Returns
    -------
    int
        -4, -3, 3, 4, or 0.
    """
    if ratio <= 0:
        return 0
    exponent = math.log10(ratio)
    return next((power for power in _POWERS if abs(exponent - power) < near), 0)


def check_reported(frame: pd.DataFrame, asked: Asked) -> Iterator[Finding]:
    """Emissions taken over from a supplier or investee name the document they stand in."""
    del asked
    for at in frame.index[frame["activity"].isin(activities_where(emissions="reported")) & (frame["evidence"] == "")]:
        yield _at_first(frame.loc[[at]], Finding.of("REPORTED_WITHOUT_EVIDENCE"))


ENTRY_CHECKS: tuple[Callable[[Any, Asked], Iterator[Finding]], ...] = (
    check_coverage,
    check_overlap,
    check_magnitude,
    check_reported,
)


def _name_of(group: pd.DataFrame) -> str:
    """Company, site, source and activity of some entries."""
    first = group.iloc[0]
    return " / ".join(str(first[column]) for column in _SOURCE if first[column])


def _periods(group: pd.DataFrame) -> list[Period]:
    """The periods of some entries."""
    return [Period(_day(start), _day(end)) for start, end in zip(group["start"], group["end"], strict=True)]


def _day(value: Any) -> date:
    """A cell of a date column as a date."""
    return date(value.year, value.month, value.day)


def _at_first(group: pd.DataFrame, finding: Finding) -> Finding:
    """A finding at the first entry concerned."""
    first = group.iloc[0]
    return finding.at(file=str(first["file"]), sheet=str(first["sheet"]), row=int(first["row"]))
