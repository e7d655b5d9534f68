"""Doubts about the sums of readings that stand in no book: those about entries, held to the time that the readings cover."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.checks import ENTRY_CHECKS, Asked
from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.source_bills import SourceBills
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["doubted", "named_few"]

_NAMED = 20


def doubted(entries: Entries, name: str) -> Entries:
    """Entries with the doubts of `carbonledger.activity_data.checks` about each of their years.

    Parameters
    ----------
    entries : Entries
        Sums of readings.
    name : str
        What the readings are called.

    Returns
    -------
    Entries
        A source is asked for the time from the first to the last reading of any; a note says so where these are no whole years, since
        no book states which year is meant.
    """
    if not len(entries):
        return entries
    found = list(_period_findings(entries.frame, name))
    for year in sorted({int(year) for year in entries.frame["year"]}):
        frame = entries.of_year(year).frame
        bills, asked = SourceBills(frame), Asked(_covered(frame))
        found += [finding for check in ENTRY_CHECKS for finding in check(bills, asked)]
    return Entries(entries.frame, (*entries.findings, *found), entries.tallies)


def named_few(findings: Iterable[Finding]) -> list[Finding]:
    """At most 20 findings of each kind, with how many more there are; meters may be thousands, each in a file of its own.

    Parameters
    ----------
    findings : iterable of Finding
        Of an inventory of readings.

    Returns
    -------
    list of Finding
        In the order of the first of each kind; those that are left out are counted in one, at the place of the first of them.
    """
    kinds: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.says.key, finding.severity), []).append(finding)
    return [finding for alike in kinds.values() for finding in [*alike[:_NAMED], *_others(alike[_NAMED:])]]


def _others(alike: Sequence[Finding]) -> Iterator[Finding]:
    """One finding for several of a kind."""
    if len(alike) == 1:
        yield alike[0]
    elif alike:
        rows = sum(finding.rows or 1 for finding in alike)
        finding = Finding.of("READINGS_ALIKE", count=len(alike), rule=alike[0].rule, rows=rows)
        yield replace(finding.as_severity(alike[0].severity), file=alike[0].file, row=alike[0].row)


def _covered(frame: pd.DataFrame) -> Period:
    """From the first to the last day of some entries."""
    return Period(_day(frame["start"].min()), _day(frame["end"].max()))


def _period_findings(frame: pd.DataFrame, name: str) -> Iterator[Finding]:
    """A note where the entries begin or end within a year."""
    whole = _covered(frame)
    if (whole.start.month, whole.start.day, whole.end.month, whole.end.day) != (1, 1, 1, 1):
        days = {"start": str(whole.start), "end": str(whole.end - timedelta(days=1))}
        yield Finding.of("READINGS_PERIOD", **days).at(file=name)


def _day(value: Any) -> date:
    """A cell of a date column as a date."""
    return date(value.year, value.month, value.day)
