"""Which months of a reporting year each source covers, and on what kind of data.

References
----------
ISO 14064-3:2019: a verifier looks for completeness of sources over the period; the four words are those of this library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.expected_sources import ExpectedSource, without_entries
from carbonledger.activity_data.sites import Site
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, listed
from carbonledger.core.periods import Period, months_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "SOURCE_COLUMNS",
    "asked_of",
    "check_expected_sources",
    "coverage_matrix",
    "gap_label",
    "uncovered",
]

SOURCE_COLUMNS = ("entity", "site", "source", "activity")
_WORST_FIRST = ("filled", "estimated", "actual")


def coverage_matrix(
    entries: Entries,
    year: int,
    first_month: int = 1,
    places: Mapping[tuple[str, str], Site] | None = None,
    expected: Sequence[ExpectedSource] = (),
) -> pd.DataFrame:
    """Each source by month.

    Parameters
    ----------
    entries : Entries
        As read; an entry that does not say its data type counts as actual.
    year, first_month : int
        The reporting year.
    places : mapping of (company, site) to Site, optional
        Sites with their days of operation.
    expected : sequence of ExpectedSource
        Sources that the company has; those without an entry come last.

    Returns
    -------
    pandas.DataFrame
        ``entity``, ``site``, ``source``, ``activity`` and one column per month (``2024-01`` ...) with ``actual``, ``estimated``,
        ``filled`` or ``missing``: the least certain kind that covers a day of it, or missing if no entry covers some day; ``closed``
        where the site was not in operation on any day of the month.
    """
    import pandas as pd

    frame = entries.of_year(year, first_month).frame
    whole = Period.of_year(year, first_month)
    months = months_of(whole)
    rows = []
    for key, group in frame.groupby(list(SOURCE_COLUMNS), sort=False):
        covering = [
            (Period(_day(start), _day(end)), str(kind) or "actual")
            for start, end, kind in zip(group["start"], group["end"], group["data_type"], strict=True)
        ]
        asked = asked_of(whole, (places or {}).get((str(key[0]), str(key[1]))))
        words = {str(month): _word(month, covering, asked) for month in months}
        rows.append({**dict(zip(SOURCE_COLUMNS, key, strict=True)), **words})
    for item in without_entries(frame, expected):
        asked = asked_of(whole, (places or {}).get((item.entity, item.site)))
        words = {str(month): _word(month, [], asked) for month in months}
        rows.append({**{name: getattr(item, name) for name in SOURCE_COLUMNS}, **words})
    return pd.DataFrame(rows, columns=[*SOURCE_COLUMNS, *(str(month) for month in months)])


def _word(month: Period, covering: list[tuple[Period, str]], asked: Period | None) -> str:
    """What a month of a source is covered by."""
    kinds = {kind for period, kind in covering if period.overlap_days(month)}
    if asked is None or not asked.overlap_days(month):
        return next((kind for kind in _WORST_FIRST if kind in kinds), "closed")
    if _gap_in(month, covering, asked):
        return "missing"
    return next(kind for kind in _WORST_FIRST if kind in kinds)


def _gap_in(month: Period, covering: Iterable[tuple[Period, str]], asked: Period) -> bool:
    """Whether some day of a month is not covered."""
    return any(gap.overlap_days(month) for gap in uncovered([period for period, _ in covering], asked))


def check_expected_sources(
    frame: pd.DataFrame, sources: Sequence[ExpectedSource], whole: Period, sites: Sequence[Site]
) -> Iterator[Finding]:
    """A finding for each expected source of which there is no entry, unless its site was not in operation.

    Parameters
    ----------
    frame : pandas.DataFrame
        The entries of a reporting year.
    sources : sequence of ExpectedSource
        What is expected.
    whole : Period
        The reporting year.
    sites : sequence of Site
        The listed sites, with their days of operation.

    Yields
    ------
    Finding
    """
    places = {(site.entity, site.id): site for site in sites}
    for item in without_entries(frame, sources):
        if asked_of(whole, places.get((item.entity, item.site))) is not None:
            yield Finding.of("SOURCE_WITHOUT_ENTRIES", source=item.label).at(file="book.toml")


def asked_of(whole: Period, place: Site | None) -> Period | None:
    """The part of a year in which a site is in operation.

    Parameters
    ----------
    whole : Period
        The year.
    place : Site or None
        The site, if it is listed.

    Returns
    -------
    Period or None
        None if it was not in operation on any day of it.
    """
    if place is None:
        return whole
    start = max(whole.start, place.valid_from or whole.start)
    end = min(whole.end, place.valid_to + timedelta(days=1) if place.valid_to else whole.end)
    return Period(start, end) if start < end else None


def uncovered(periods: Iterable[Period], whole: Period) -> list[Period]:
    """The runs of days of a period that nothing covers.

    Parameters
    ----------
    periods : iterable of Period
        What is covered.
    whole : Period
        What is asked for.

    Returns
    -------
    list of Period
        In order; empty if every day is covered.

    Examples
    --------
    >>> january, march = Period.of_month(2024, 1), Period.of_month(2024, 3)
    >>> [str(gap_label(gap)) for gap in uncovered([january, march], Period(january.start, march.end))]
    ['2024-02']
    """
    gaps: list[Period] = []
    reached = whole.start
    for period in [*sorted(periods), Period(whole.end, whole.end + timedelta(days=1))]:
        if period.start > reached:
            gaps.append(Period(reached, min(period.start, whole.end)))
        reached = max(reached, period.end)
        if reached >= whole.end:
            break
    return gaps


def gap_label(gap: Period) -> Label:
    """A gap as months if it is of whole months, else as its first and last day.

    Examples
    --------
    >>> print(gap_label(Period(date(2024, 5, 1), date(2024, 7, 1))), gap_label(Period(date(2024, 5, 21), date(2024, 6, 1))), sep="; ")
    2024-05, 2024-06; 2024-05-21..2024-05-31 (11 days)
    """
    if gap.start.day == 1 and gap.end.day == 1:
        months = tuple(str(month) for month in months_of(gap))
        return Label(listed(months, "en"), listed(months, "zh"))
    days = f"{gap.start}..{gap.last_day}"
    return Label(f"{days} ({gap.days} days)", f"{days}（{gap.days} 天）")


def _day(value: Any) -> date:
    """A cell of a date column as a date."""
    return date(value.year, value.month, value.day)
