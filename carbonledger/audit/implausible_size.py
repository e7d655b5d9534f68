"""Doubts about a whole year in the wrong unit, without a year before: beyond any plant, person, floor or kind of source (IMPLAUSIBLE_SIZE).

The limits are wide on purpose: a smelter and a shed must both lie within them. They are judgements of this library, not published figures,
and can be set under ``[checks]``; those of kinds of sources stand with their reason in ``source_kinds.csv``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

import numpy as np

from carbonledger.activity_data.row_groups import codes_of
from carbonledger.audit.case import AuditCase, name_of
from carbonledger.core.activities import GRID_ELECTRICITY, taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.units import conversion_factor

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = ["implausible_size"]

_PEOPLE = re.compile(r"^(人|名|people|persons?|employees?|fte|headcount)$", re.IGNORECASE)
_AREA = re.compile(r"^(m2|m²|㎡|平方米|sq ?m)$", re.IGNORECASE)
_BESIDE = (GRID_ELECTRICITY, "fuel.natural_gas")


@dataclass(frozen=True, slots=True)
class _Kind:
    """A kind of source that cannot use more than so much."""

    pattern: re.Pattern[str]
    label: Label
    most_gj: float


@cache
def _kinds() -> tuple[_Kind, ...]:
    """The kinds of sources with a limit."""
    text = resources.files("carbonledger.audit").joinpath("source_kinds.csv").read_text(encoding="utf-8")
    return tuple(
        _Kind(re.compile(row["pattern"], re.IGNORECASE), Label(row["label_en"], row["label_zh"]), float(row["most_gj"]))
        for row in csv.DictReader(text.splitlines())
    )


def implausible_size(case: AuditCase) -> Iterator[Finding]:
    """No source is beyond any plant, its kind, or the site's other carriers; no driver has more energy than can be."""
    bills = case.bills
    energy = np.where(bills.frame["scope"] == 3, 0.0, bills.frame["energy_gj"].fillna(0.0)).astype(np.float64)
    if not len(bills) or not energy.any():
        return
    sums = np.asarray(np.bincount(bills.source, weights=energy), dtype=np.float64)
    yield from _by_size(case, sums)
    yield from _by_kind(case, sums)
    yield from _beside(case, energy)
    yield from _by_driver(case, energy, sums)


def _by_size(case: AuditCase, sums: npt.NDArray[np.float64]) -> Iterator[Finding]:
    """Sources of more energy than the largest plants use."""
    bills = case.bills
    for source in np.flatnonzero(sums > case.thresholds.largest_source_gj):
        key = bills.keys[source]
        factor = 1.0 if taxonomy()[key[3]].kind != "fuel" else case.thresholds.fuel_plant_ratio
        if sums[source] > case.thresholds.largest_source_gj * factor:
            found = case.lines_of(("entity", "site", "source", "activity"), key)
            what = {"source": name_of(key), "energy_gj": float(sums[source])}
            yield case.finding("IMPLAUSIBLE_SIZE.largest", found, **what)


def _by_kind(case: AuditCase, sums: npt.NDArray[np.float64]) -> Iterator[Finding]:
    """Forklifts and the like that burn what a plant does, by the name of the source."""
    bills = case.bills
    smallest = min(kind.most_gj for kind in _kinds())
    for source in np.flatnonzero(sums > smallest):
        key = bills.keys[source]
        kind = next((kind for kind in _kinds() if kind.pattern.search(key[2]) and sums[source] > kind.most_gj), None)
        if kind and taxonomy()[key[3]].kind == "fuel":
            found = case.lines_of(("entity", "site", "source", "activity"), key)
            what = {"source": name_of(key), "energy_gj": float(sums[source]), "kind": kind.label}
            yield case.finding("IMPLAUSIBLE_SIZE.kind", found, **what)


def _beside(case: AuditCase, energy: npt.NDArray[np.float64]) -> Iterator[Finding]:
    """Power or gas that is a hundred thousand times all other carriers of its site, or as small a part."""
    bills, limit = case.bills, case.thresholds.carrier_ratio
    carriers, sites = codes_of(bills.frame, ["entity", "site", "activity"]), codes_of(bills.frame, ["entity", "site"])
    first = np.unique(carriers, return_index=True)[1]
    own = np.bincount(carriers, weights=energy)
    rest = np.bincount(sites, weights=energy)[sites[first]] - own
    chosen = (
        (own > 0) & (rest > 0) & ((own > limit * rest) | (rest > limit * own)) & bills.where("activity", _BESIDE)[first]
    )
    for carrier in np.flatnonzero(chosen):
        row = bills.frame.iloc[int(first[carrier])]
        key = (row["entity"], row["site"], row["activity"])
        found = case.lines_of(("entity", "site", "activity"), key)
        sizes = {"energy_gj": float(own[carrier]), "ratio": float(own[carrier] / rest[carrier])}
        yield case.finding("IMPLAUSIBLE_SIZE.beside", found, source=name_of(key), **sizes)


def _by_driver(case: AuditCase, energy: npt.NDArray[np.float64], sums: npt.NDArray[np.float64]) -> Iterator[Finding]:
    """More energy, or less, than any person or square metre can need."""
    limits, total = case.thresholds, float(energy.sum())
    largest = int(sums.argmax())
    key = case.bills.keys[largest]
    for driver in case.drivers:
        person, area = _PEOPLE.match(driver.unit.strip()), _AREA.match(driver.unit.strip())
        if not (person or area):
            continue
        low, high = (limits.person_kwh_min, limits.person_kwh_max) if person else (limits.m2_kwh_min, limits.m2_kwh_max)
        kwh = total * conversion_factor("GJ", "kWh") / driver.amount
        if not low < kwh < high:
            found = case.lines_of(("entity", "site", "source", "activity"), key)
            what = {"energy_gj": total, "amount": driver.amount, "unit": driver.unit, "kwh": kwh}
            yield case.finding("IMPLAUSIBLE_SIZE.driver", found, source=name_of(key), **what)
            return
