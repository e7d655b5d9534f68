"""What a publisher's file must satisfy before it becomes an edition: each check counts, and fails with examples.

A maintainer who knows why a check fails accepts it by name; the edition then says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from carbonledger.core.findings import Finding
from carbonledger.publishers.evidence import Evidence
from carbonledger.publishers.refresh import EditionRow, Refreshed

__all__ = ["CHECKS", "Check", "run_checks"]

_EXAMPLES = 8
_KM_PER_MILE = Decimal("1.609344")
# Printed figures are rounded apart from each other: README of the sets of 2016 to 2020, at most 0.02 %.
_ROUNDING = Decimal("0.0002")
# Net over gross calorific value: from hydrogen (0.85) to dry coal (0.98).
_GROSS_OVER_NET = (Decimal("0.84"), Decimal("0.99"))
_FEWER_ROWS = 0.9
_LARGE_CHANGE = Decimal("0.25")
_HEATING_WORDS = re.compile(r"/energy - (gross|net) cv$|/energy - (gross|net)$", re.IGNORECASE)
_WITHOUT_UNIT = ("publisher_path", "activity", "variant", "parameter", "region", "data_year", "heating_value")
_WITHOUT_GAS = (*_WITHOUT_UNIT, "unit")
_GASES = ("CO2", "CH4", "N2O")
_TOTALS = frozenset({"CO2e", "CO2", "CO2 biogenic", ""})


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one check.

    Parameters
    ----------
    name : str
        By which it is accepted.
    counts : mapping of str to int
        What was counted.
    failure : Finding or None
        Why the edition is not sealed.
    """

    name: str
    counts: Mapping[str, int]
    failure: Finding | None = None


def run_checks(refreshed: Refreshed, evidence: Evidence) -> list[Check]:
    """Every check over a refreshed edition.

    Parameters
    ----------
    refreshed : Refreshed
        Rows of the edition and rows left out.
    evidence : Evidence
        Figures read elsewhere.

    Returns
    -------
    list of Check
    """
    return [Check(name, *check(refreshed, evidence)) for name, check in CHECKS.items()]


Outcome = tuple[Mapping[str, int], Finding | None]


def _outcome(name: str, counts: Mapping[str, int], failures: Iterable[str]) -> Outcome:
    """Counts, and a finding if anything failed."""
    found = list(failures)
    if not found:
        return counts, None
    return counts, Finding.of(f"EDITION_REFRESH.{name}", count=len(found), examples=tuple(found[:_EXAMPLES]))


def _layout(refreshed: Refreshed, _: Evidence) -> Outcome:
    """Every label of the publisher is known."""
    labels = dict.fromkeys(item.label for item in refreshed.left_out if item.label)
    return _outcome("layout", {"unknown labels": len(labels)}, labels)


def _rows(refreshed: Refreshed, _: Evidence) -> Outcome:
    """Every row is in the edition or left out for a reason, and there are about as many as last year."""
    before = len(refreshed.previous.rows)
    counts = {
        "in": refreshed.rows_in,
        "out": len(refreshed.rows),
        "left out": len(refreshed.left_out),
        "last year": before,
    }
    lost = refreshed.rows_in - len(refreshed.rows) - len(refreshed.left_out)
    is_short = len(refreshed.rows) < _FEWER_ROWS * before
    return counts, Finding.of(
        "EDITION_REFRESH.rows", rows=len(refreshed.rows), before=before
    ) if lost or is_short else None


def _ids(refreshed: Refreshed, _: Evidence) -> Outcome:
    """An id occurs once, and stands for the gas, the unit and the words that it stood for in other years."""
    seen: set[str] = set()
    failures = []
    for row in refreshed.rows:
        factor_id, same, namesake = row.cells["factor_id"], row.joined.same, row.joined.namesake
        if factor_id in seen:
            failures.append(factor_id)
        elif same is not None and (same.gas, same.unit) != (row.cells["gas"], row.cells["unit"]):
            failures.append(f"{factor_id}: {same.gas} {same.unit} -> {row.cells['gas']} {row.cells['unit']}")
        elif namesake is not None:
            failures.append(f"{factor_id}: {row.name} = {namesake.factor_id}")
        seen.add(factor_id)
    counts = {"new": len(refreshed.new), "gone": len(refreshed.gone), "renamed": len(refreshed.renamed)}
    return _outcome("ids", counts, failures)


def _meaning(refreshed: Refreshed, _: Evidence) -> Outcome:
    """Another year or the table of activities says what a row means."""
    unknown = dict.fromkeys(
        row.cells.get("publisher_path") or row.name for row in refreshed.rows if row.joined.meaning is None
    )
    without = sum(not row.cells.get("activity") for row in refreshed.rows)
    return _outcome("meaning", {"rows without activity": without, "unknown paths": len(unknown)}, unknown)


def _gases(refreshed: Refreshed, _: Evidence) -> Outcome:
    """The gases of a row sum to its CO2e, apart from rounding."""
    groups: dict[tuple[str, ...], dict[str, EditionRow]] = {}
    for row in refreshed.rows:
        key = tuple(row.cells.get(name, "") for name in _WITHOUT_GAS)
        if row.cells["gas"] in {"CO2e", "CO2"} or row.cells.get("published_value"):
            groups.setdefault(key, {})[row.cells["gas"]] = row
    complete = [gases for gases in groups.values() if {"CO2e", *_GASES} <= set(gases)]
    exact, failures = 0, []
    for gases in complete:
        total = gases["CO2e"].printed
        parts = sum((gases[gas].printed for gas in _GASES), Decimal())
        exact += total == parts
        if abs(total - parts) > _tolerance(refreshed, gases.values(), total):
            failures.append(f"{gases['CO2e'].name}: {total} / {parts}")
    return _outcome("gases", {"sums": len(complete), "exact": exact, "beyond rounding": len(failures)}, failures)


def _miles(refreshed: Refreshed, _: Evidence) -> Outcome:
    """A figure per mile is 1.609344 times that per kilometre, apart from rounding."""
    pairs = [pair for pair in _paired(refreshed, ("/km", "/mi")) if len(pair) == len(("km", "mi"))]
    failures = []
    for pair in pairs:
        km, mile = pair["/km"], pair["/mi"]
        expected = km.printed * _KM_PER_MILE
        if abs(mile.printed - expected) > _tolerance(refreshed, (km, mile), expected):
            failures.append(f"{km.name} {km.cells['gas']}: {km.printed}, {mile.name}: {mile.printed}")
    return _outcome("miles", {"pairs": len(pairs)}, failures)


def _paired(refreshed: Refreshed, ends: Sequence[str]) -> Iterator[dict[str, EditionRow]]:
    """Rows that differ in the end of their unit only."""
    groups: dict[tuple[str, ...], dict[str, EditionRow]] = {}
    for row in refreshed.rows:
        unit = row.cells["unit"]
        end = next((item for item in ends if unit.endswith(item)), "")
        if end:
            key = (*(row.cells.get(name, "") for name in (*_WITHOUT_UNIT, "gas")), unit.removesuffix(end))
            groups.setdefault(key, {})[end] = row
    return iter(groups.values())


def _heating_values(refreshed: Refreshed, _: Evidence) -> Outcome:
    """A figure per kWh of gross calorific value is a little less than that per kWh of net calorific value."""
    groups: dict[tuple[str, ...], dict[str, EditionRow]] = {}
    for row in refreshed.rows:
        if row.cells.get("heating_value") and row.cells["unit"] == "kg/kWh" and row.cells["gas"] in {"CO2e", "CO2"}:
            key = (_HEATING_WORDS.sub("", row.cells.get("publisher_path", "")), row.cells["activity"], row.cells["gas"])
            groups.setdefault(key, {})[row.cells["heating_value"]] = row
    pairs = [pair for pair in groups.values() if {"gross", "net"} <= set(pair) and pair["net"].printed]
    low, high = _GROSS_OVER_NET
    failures = [
        f"{pair['gross'].name}: {pair['gross'].printed} / {pair['net'].printed}"
        for pair in pairs
        if not low <= pair["gross"].printed / pair["net"].printed <= high
    ]
    return _outcome("heating_values", {"pairs": len(pairs)}, failures)


def _changes(refreshed: Refreshed, _: Evidence) -> Outcome:
    """No total differs from last year's by more than a quarter without somebody knowing why."""
    compared = [
        (row, Decimal(row.joined.same.published_value or row.joined.same.value_text))
        for row in refreshed.rows
        if row.joined.same is not None and row.cells["gas"] in _TOTALS
    ]
    large = []
    for row, before in compared:
        change = row.printed - before
        if abs(change) > max(_tolerance(refreshed, (row,), before), abs(before) * _LARGE_CHANGE):
            share = change / before if before else Decimal(1)
            large.append((abs(share), f"{row.name}: {before} -> {row.printed} ({float(share):+.0%})"))
    equal = sum(row.printed == before for row, before in compared)
    counts = {"compared": len(compared), "equal": equal, "above 25 %": len(large)}
    return _outcome("changes", counts, [text for _, text in sorted(large, key=lambda item: -item[0])])


def _spots(refreshed: Refreshed, evidence: Evidence) -> Outcome:
    """Figures that somebody read in another publication of the year are in the edition."""
    values: dict[str, set[Decimal]] = {}
    for row in refreshed.rows:
        for name in ("publisher_id", "factor_id", "publisher_path", "activity"):
            values.setdefault(row.cells.get(name) or "", set()).add(row.printed)
    failures = [f"{key}: {value}" for key, value in evidence.spots.items() if value not in values.get(key, frozenset())]
    if not evidence.spots:
        return {"given": 0}, Finding.of("EDITION_REFRESH.no_spots")
    return _outcome("spots", {"given": len(evidence.spots)}, failures)


def _second(refreshed: Refreshed, evidence: Evidence) -> Outcome:
    """A second publication prints the same figures."""
    found, failures = 0, []
    for row in refreshed.rows:
        ids = (row.cells.get("publisher_id") or "", row.cells["factor_id"])
        value = next((evidence.second[name] for name in ids if name in evidence.second), None)
        if value is not None:
            found += 1
            if value != row.printed:
                failures.append(f"{row.cells['factor_id']}: {row.printed} / {value}")
    return _outcome("second", {"given": len(evidence.second), "found": found}, failures)


def _tolerance(refreshed: Refreshed, rows: Iterable[EditionRow], size: Decimal) -> Decimal:
    """How far a figure may be from what others give, each having been rounded: a few units of the last place, or 0.02 %."""
    finest = min(Decimal(1).scaleb(int(row.printed.as_tuple().exponent)) for row in rows)
    return max(2 * finest, 3 * refreshed.last_place, abs(size) * _ROUNDING)


CHECKS: Mapping[str, Callable[[Refreshed, Evidence], Outcome]] = {
    "layout": _layout,
    "rows": _rows,
    "ids": _ids,
    "meaning": _meaning,
    "gases": _gases,
    "miles": _miles,
    "heating_values": _heating_values,
    "changes": _changes,
    "spots": _spots,
    "second": _second,
}
