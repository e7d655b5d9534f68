"""Doubts about zeros, the number of bills, and sites without energy.

Days that nothing covers are found when entries are read, see `carbonledger.activity_data.checks`.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from carbonledger.activity_data.row_groups import row_blocks
from carbonledger.activity_data.source_bills import SourceBills
from carbonledger.audit.case import AuditCase, name_of
from carbonledger.core.findings import Finding

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

__all__ = ["coverage"]

_MONTHS = 12
_ONE_OFF = (_MONTHS - 1, _MONTHS + 1)


def coverage(case: AuditCase) -> Iterator[Finding]:
    """A zero is confirmed, a source has neither 11 nor 13 bills, and a listed site uses energy."""
    lines = case.lines
    zeros = lines[(lines["amount"] == 0) & (lines["note"] == "")]
    if len(zeros):
        yield case.finding("COVERAGE.zero", zeros, count=len(zeros))
    said = {
        (item.file, item.row) for item in case.first_findings if item.rule == "OVERLAPPING_PERIODS" and _heard(item)
    }
    bills = case.bills
    for rows in row_blocks(bills.source, np.isin(bills.source, _with_odd_bills(bills))):
        group = lines.iloc[rows]
        if (str(group.iloc[0].get("file", "")), int(group.iloc[0].get("row", 0))) not in said:
            yield from _bills(case, bills.name(int(bills.source[rows[0]])), group)
    yield from _sites(case)


def _with_odd_bills(bills: SourceBills) -> npt.NDArray[np.int64]:
    """The sources with more bills than months of which two share a day, and those with 11 or 13 for the same days."""
    order = bills.by_days
    source, counts = bills.source[order], np.bincount(bills.source)
    share = (source[1:] == source[:-1]) & (bills.start[order][1:] < bills.end[order][:-1])
    sharing = np.unique(source[1:][share])
    chosen: npt.NDArray[np.int64] = sharing[(counts[sharing] > _MONTHS) | np.isin(counts[sharing], _ONE_OFF)]
    return chosen


def _heard(finding: Finding) -> bool:
    """Whether a finding is more than a note."""
    return finding.severity != "note"


def _bills(case: AuditCase, name: str, group: pd.DataFrame) -> Iterator[Finding]:
    """More bills than months for the same days; 11 or 13 that do not say their months."""
    days = sorted(zip(group["start"], group["end"], strict=True))
    if len(set(days)) == 1 and len(group) in _ONE_OFF:
        yield case.finding("COVERAGE.bills", group, source=name, count=len(group), months=_MONTHS)
    elif _are_of_several_meters(group):
        return
    elif len(group) > _MONTHS and any(later[0] < earlier[1] for earlier, later in pairwise(days)):
        yield case.finding("COVERAGE.overlap", group, source=name, count=len(group))


def _are_of_several_meters(group: pd.DataFrame) -> bool:
    """Whether each period has the same number of bills, each with a document of its own: meters that bear no name."""
    counts = group.groupby(["start", "end"]).size()
    documents = group["evidence"]
    return bool(counts.nunique() == 1 and counts.iloc[0] > 1 and (documents != "").all() and documents.is_unique)


def _sites(case: AuditCase) -> Iterator[Finding]:
    """Listed sites with entries but no energy."""
    lines = case.places_of(case.inventory)
    spoken_for = lines["has_energy"] | (lines["note"] != "")
    told = lines.loc[spoken_for, ["entity", "site"]].drop_duplicates()
    settled = set(zip(told["entity"], told["site"], strict=True))
    for place in case.sites:
        if (place.entity, place.id) in settled:
            continue
        here = case.lines_of(["entity", "site"], [place.entity, place.id])
        if len(here):
            yield case.finding("COVERAGE.no_energy", here, site=name_of((place.entity, place.id)))
