"""Doubts about entries that are sound one by one."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from carbonledger.errors import Finding
from carbonledger.ledger.entries import Entries
from carbonledger.periods import Period, missing_months

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENTRY_CHECKS", "check_entries", "power_of_ten"]

_ENOUGH, _NEAR = 4, 0.15
_SOURCE = ["entity", "site", "source", "activity"]


def check_entries(entries: Entries, year: int, first_month: int = 1) -> list[Finding]:
    """Every doubt about the entries of a reporting year.

    Parameters
    ----------
    entries : Entries
        As read.
    year, first_month : int
        The reporting year.

    Returns
    -------
    list of Finding
        The findings of reading them, then those of each check in `ENTRY_CHECKS`.
    """
    frame, whole = entries.of_year(year, first_month).frame, Period.of_year(year, first_month)
    found = [finding for check in ENTRY_CHECKS for finding in check(frame, whole)]
    if not len(frame):
        years = ", ".join(str(known) for known in sorted(entries.frame["year"].unique())) or "none"
        found.append(Finding("NO_ENTRIES", "error", f"no entry for {year}; the entries' years are: {years}."))
    return [*entries.findings, *found]


def check_coverage(frame: pd.DataFrame, whole: Period) -> Iterator[Finding]:
    """Each source is covered for the whole year, or says for which months it is not."""
    for _, group in frame.groupby(_SOURCE, sort=False):
        gaps = missing_months(_periods(group), whole)
        if gaps:
            what = _name_of(group)
            months = ", ".join(str(month) for month in gaps)
            yield _at_first(
                group,
                "MISSING_MONTHS",
                f"{what}: nothing covers {months}.",
                "Add the missing entries; if nothing was used, add an entry of 0.",
            )


def check_overlap(frame: pd.DataFrame, whole: Period) -> Iterator[Finding]:
    """No two entries of one source cover the same day."""
    del whole
    for _, group in frame.groupby(_SOURCE, sort=False):
        ordered = sorted(_periods(group))
        clash = next((later for earlier, later in pairwise(ordered) if later.start < earlier.end), None)
        if clash is not None:
            what = _name_of(group)
            yield _at_first(
                group,
                "OVERLAPPING_PERIODS",
                f"{what}: several entries cover {clash}.",
                "Tell them apart by source or site if they are different meters or purchases; else delete one.",
                severity="note",
            )


def check_magnitude(frame: pd.DataFrame, whole: Period) -> Iterator[Finding]:
    """No amount is a thousand or ten thousand times the usual one of its source (UNIT_10K): kWh for 10^4 kWh, kg for t."""
    del whole
    for _, group in frame.groupby([*_SOURCE, "unit"], sort=False):
        usual = group["amount"].median()
        if len(group) < _ENOUGH or not usual > 0:
            continue
        for at, amount in group["amount"].items():
            slip = power_of_ten(float(amount) / float(usual))
            if slip:
                yield _at_first(
                    group.loc[[at]],
                    "UNIT_10K",
                    f"{_name_of(group)}: {amount:g} {group['unit'].iloc[0]} is about 10^{slip} times the usual {usual:g}.",
                    "Check the unit: kWh or 10^4 kWh, kg or t, m3 or 10^4 m3.",
                )


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
    return next((power for power in (-4, -3, 3, 4) if abs(exponent - power) < near), 0)


def check_reported(frame: pd.DataFrame, whole: Period) -> Iterator[Finding]:
    """Emissions taken over from a supplier or investee name the document they stand in."""
    del whole
    for at in frame.index[frame["activity"].str.startswith("reported.") & (frame["evidence"] == "")]:
        yield _at_first(
            frame.loc[[at]],
            "REPORTED_WITHOUT_EVIDENCE",
            "emissions reported by others have no document behind them: neither method nor GWP set is known.",
            "Put the supplier's or investee's statement, its year and its GWP set into the column evidence.",
        )


ENTRY_CHECKS: tuple[Callable[[Any, Period], Iterator[Finding]], ...] = (
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


def _at_first(group: pd.DataFrame, rule: str, message: str, way_out: str, severity: Any = "warning") -> Finding:
    """A finding placed at the first entry concerned."""
    first = group.iloc[0]
    return Finding(rule, severity, message, way_out, str(first["file"]), str(first["sheet"]), int(first["row"]))
