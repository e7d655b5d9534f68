"""Which months of a reporting year each source covers, and on what kind of data.

References
----------
ISO 14064-3:2019: a verifier looks for completeness of sources over the period; the four words are those of this library.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from carbonledger.ledger.entries import Entries
from carbonledger.periods import Period, missing_months, months_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SOURCE_COLUMNS", "coverage_matrix"]

SOURCE_COLUMNS = ("entity", "site", "source", "activity")
_WORST_FIRST = ("filled", "estimated", "actual")


def coverage_matrix(entries: Entries, year: int, first_month: int = 1) -> pd.DataFrame:
    """Each source by month.

    Parameters
    ----------
    entries : Entries
        As read; an entry that does not say its data type counts as actual.
    year, first_month : int
        The reporting year.

    Returns
    -------
    pandas.DataFrame
        ``entity``, ``site``, ``source``, ``activity`` and one column per month (``2024-01`` ...) with ``actual``, ``estimated``,
        ``filled`` or ``missing``: the least certain kind that covers a day of it, or missing if no entry covers some day.
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
        missing = missing_months([period for period, _ in covering], whole)
        words = {str(month): "missing" if month in missing else _kind(month, covering) for month in months}
        rows.append({**dict(zip(SOURCE_COLUMNS, key, strict=True)), **words})
    return pd.DataFrame(rows, columns=[*SOURCE_COLUMNS, *(str(month) for month in months)])


def _kind(month: Period, covering: Iterable[tuple[Period, str]]) -> str:
    """The least certain kind of data that touches a month."""
    kinds = {kind for period, kind in covering if period.overlap_days(month)}
    return next(kind for kind in _WORST_FIRST if kind in kinds)


def _day(value: Any) -> date:
    """A cell of a date column as a date."""
    return date(value.year, value.month, value.day)
