"""Doubts about amounts: units off by a thousand or ten thousand against last year.

What stands out among a source's own bills is found when entries are read, see `carbonledger.activity_data.checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.activity_data.magnitudes import power_of_ten
from carbonledger.activity_data.row_groups import codes_of
from carbonledger.activity_data.source_bills import day_months
from carbonledger.audit.case import SOURCE, AuditCase, name_of
from carbonledger.core.findings import Finding

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["unit_10k"]

# From so many months on, a source has a usual ratio to last year.
_ENOUGH = 4
# A whole year that is three hundred times another is a slip, even if the plant doubled at the same time.
_HALF_A_POWER = 0.5
_SITE = ["entity", "site", "activity"]


def unit_10k(case: AuditCase) -> Iterator[Finding]:
    """No bill, and no source with few bills, is a thousand or ten thousand times last year's: kWh for 10^4 kWh, kg for t."""
    if case.previous is None:
        return
    known = {
        (finding.file, finding.sheet, finding.row) for finding in case.first_findings if finding.rule == "UNIT_10K"
    }
    for finding in (*_months(case, case.previous.lines), *_few_bills(case, case.previous.lines)):
        place = (finding.file, finding.sheet, finding.row)
        if place not in known:
            known.add(place)
            yield finding


def _months(case: AuditCase, previous: pd.DataFrame) -> Iterator[Finding]:
    """Bills against last year's of the same source, unit and month."""
    before = _by_month(previous)
    ratios: dict[tuple[str, ...], dict[int, float]] = {}
    for key, amount in _by_month(case.lines).items():
        if amount > 0 and before.get(key, 0.0) > 0:
            ratios.setdefault(key[:-1], {})[key[-1]] = amount / before[key]
    for source, months in ratios.items():
        usual = median(months.values()) if len(months) >= _ENOUGH else 1.0
        for month, ratio in months.items():
            power = power_of_ten(ratio / usual, case.thresholds.near_power_of_ten)
            if not power:
                continue
            group = case.lines_of([*SOURCE, "unit"], source)
            group = group[group["start"].map(lambda day: day.month) == month]
            amounts = {"amount": float(group["amount"].sum()), "unit": source[-1], "ratio": ratio, "power": power}
            yield case.finding("UNIT_10K.month", group, source=name_of(source[:-1]), **amounts)


def _few_bills(case: AuditCase, previous: pd.DataFrame) -> Iterator[Finding]:
    """The year of a carrier at a site with few bills against its last year, in whatever units and under whatever source name."""
    energies = [lines[lines["energy_gj"] > 0].groupby(_SITE)["energy_gj"] for lines in (previous, case.lines)]
    before, now = (energy.sum() for energy in energies)
    bills = energies[1].size()
    for key in now.index.intersection(before.index):
        ratio = float(now[key] / before[key])
        power = power_of_ten(ratio, _HALF_A_POWER)
        if power and bills[key] < _ENOUGH:
            amounts = {"energy_gj": float(now[key]), "ratio": ratio, "power": power}
            chosen = case.lines_of(_SITE, key)
            yield case.finding("UNIT_10K.year", chosen, source=name_of(key), **amounts)


def _by_month(lines: pd.DataFrame) -> dict[tuple[Any, ...], float]:
    """The amounts of one source, unit and month, by the month in which the lines begin."""
    months = day_months(lines["start"])
    codes = codes_of(lines, [*SOURCE, "unit", months])
    first = np.unique(codes, return_index=True)[1]
    sums = np.bincount(codes, weights=lines["amount"].to_numpy()) if len(codes) else np.zeros(0)
    chosen = lines.iloc[first]
    keys = zip(*(chosen[name].map(str) for name in (*SOURCE, "unit")), map(int, months[first]), strict=True)
    return dict(zip(keys, map(float, sums), strict=True))
