"""When emissions peaked, as far as a series of years can say it.

The peak is the first year with the maximum of the restated series. It is confirmed if so many later years in a row as
``benchmarks.csv`` says (``peak-confirmation``) have data and none exceeds it; until then it is a candidate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carbonledger.core.language import Label, Lang
from carbonledger.targets.benchmarks import benchmarks
from carbonledger.targets.judgement import Judgement, cannot_be_judged
from carbonledger.targets.words import said

__all__ = ["PeakStatement", "judge_peak", "peak_of"]


@dataclass(frozen=True, slots=True)
class PeakStatement:
    """The peak of a series.

    Parameters
    ----------
    year : int
        The first year with the maximum.
    value_tco2e : float
        Its emissions.
    years_below : int
        How many years after it, in a row, have data and do not exceed it.
    years_needed : int
        How many confirm it.
    gaps : tuple of int
        Years of the series without data, of which any could have been higher.
    """

    year: int
    value_tco2e: float
    years_below: int
    years_needed: int
    gaps: tuple[int, ...] = ()

    @property
    def confirmed(self) -> bool:
        """Whether it is more than a candidate."""
        return self.years_below >= self.years_needed and not self.gaps

    @property
    def text(self) -> Label:
        """The statement in words."""
        values = {"year": self.year, "value": f"{self.value_tco2e:,.2f}", "below": self.years_below}
        if self.confirmed:
            return said("peak_confirmed", **values)
        if self.gaps:
            return said("peak_gaps", **values, gaps=", ".join(map(str, self.gaps)))
        return said("peak_candidate", **values, needed=self.years_needed)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """Plain data."""
        return {
            "year": self.year,
            "value_tco2e": self.value_tco2e,
            "state": "confirmed" if self.confirmed else "candidate",
            "years_below": self.years_below,
            "years_needed": self.years_needed,
            "gaps": list(self.gaps),
            "text": self.text.text(lang),
        }


def peak_of(values: Mapping[int, float], years_needed: int | None = None) -> PeakStatement | None:
    """The peak of a series; None of fewer than two years.

    Parameters
    ----------
    values : mapping of int to float
        By year, t CO2e, restated where it was restated.
    years_needed : int, optional
        How many later years without exceedance confirm it; by default those of ``peak-confirmation``.

    Returns
    -------
    PeakStatement or None

    Examples
    --------
    >>> peak_of({2018: 90.0, 2019: 100.0, 2020: 95.0, 2021: 99.0, 2022: 96.0, 2023: 90.0, 2024: 88.0}).confirmed
    True
    >>> peak_of({2023: 100.0, 2024: 88.0})
    PeakStatement(year=2023, value_tco2e=100.0, years_below=1, years_needed=5, gaps=())
    """
    if len(values) < 2:
        return None
    needed = int(benchmarks()["peak-confirmation"].value) if years_needed is None else years_needed
    highest = max(values.values())
    year = min(at for at, value in values.items() if value == highest)
    gaps = tuple(at for at in range(min(values), max(values) + 1) if at not in values)
    below = 0
    while year + below + 1 in values:
        below += 1
    return PeakStatement(year, highest, below, needed, gaps)


def judge_peak(target_year: int, values: Mapping[int, float], year: int) -> tuple[Judgement, PeakStatement | None]:
    """Whether a promise to peak by a year is kept.

    Parameters
    ----------
    target_year : int
        By when emissions are to have peaked.
    values : mapping of int to float
        By year, t CO2e.
    year : int
        The reporting year; later years are not looked at.

    Returns
    -------
    tuple of (Judgement, PeakStatement or None)
        Missed as soon as a year after the target year exceeds every year until then; reached if the peak lies no later and is
        confirmed; else it cannot be judged, and the statement says what is the candidate.
    """
    known = {at: value for at, value in values.items() if at <= year}
    if year not in known:
        return cannot_be_judged(said("no_year", year=year)), peak_of(known)
    peak = peak_of(known)
    if peak is None:
        return cannot_be_judged(said("one_year", year=year)), None
    now = known[year]
    first = [value for at, value in known.items() if at <= target_year]
    if peak.year > target_year and first:
        reason = said("peak_exceeded", year=peak.year, target=target_year)
        return Judgement("missed", reason, year, now), peak
    if peak.confirmed and peak.year <= target_year:
        return Judgement("reached", peak.text, year, now), peak
    return cannot_be_judged(peak.text), peak
