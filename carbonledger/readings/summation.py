"""One pass over readings: sums by source and month, and whether the readings of each follow one another.

Readings that follow one another without gap or overlap telescope: whatever number h says of a moment, the h of all ends less the h of all
beginnings is the h of the last end less that of the first beginning. It holds of no other readings: how often each moment is covered
changes by one at each beginning and end, and those that do not cancel are the first and the last. With 40 bits of a hash as h, a series
whose readings repeat, overlap or leave gaps passes by chance once in 10^12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from carbonledger.readings.columns import ReadingColumns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PIECE", "SOUND", "Span", "Summation", "rows_of", "summed_readings"]

Span = Literal["month", "day", "hour"]
# A row that can be summed.
SOUND = "coalesce(isfinite(amount) AND amount >= 0 AND stop > start, false)"
# Readings up to so long belong to the month, day or hour in which they begin; longer ones, such as bills, keep their own days.
_LONGEST: Mapping[Span, str] = MappingProxyType({"month": "7 days", "day": "1 day", "hour": "1 hour"})
# What tells the sums of a combination of texts apart.
PIECE = ("span", "long_start", "long_stop")
_SHIFT = 24


@dataclass(frozen=True, slots=True)
class Summation:
    """What one pass over the readings gives.

    Parameters
    ----------
    sums : pandas.DataFrame
        One row by texts and month (or day), or for a long reading: the texts and `PIECE`, ``amount`` summed, ``readings`` (how many),
        ``first`` and ``last`` moment, ``place`` of the first row, ``first_day`` and ``last_day`` by the local clock; ``follows``, whether
        each reading begins where another one ends and no reading of another sum lies between; and ``is_whole``, whether that holds of the
        whole series.
    refused : int
        Rows without a sound amount, or whose moments are missing or the wrong way round.
    """

    sums: pd.DataFrame
    refused: int

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.sums["readings"].sum()) + self.refused


def rows_of(columns: ReadingColumns, span: Span = "month") -> str:
    """The rows under the names of entries, as a query over ``readings``.

    Parameters
    ----------
    columns : ReadingColumns
        Which columns hold what.
    span : {"month", "day", "hour"}
        What short readings are summed by.

    Returns
    -------
    str
        A query whose columns are the texts, ``amount``, ``start``, ``stop``, ``place`` and `PIECE`.
    """
    texts = [f"{expression} AS {name}" for name, expression in columns.texts.items()]
    moments = [
        f"{columns.amount} AS amount",
        f"{columns.start} AS start",
        f"{columns.stop} AS stop",
        f"{columns.place} AS place",
    ]
    named = f"SELECT {', '.join([*texts, *moments])} FROM readings"
    is_long = f"stop - start > INTERVAL '{_LONGEST[span]}'"
    return f"""
        SELECT *, date_trunc('{span}', {columns.local("start")}) AS span,
            CASE WHEN {is_long} THEN start END AS long_start, CASE WHEN {is_long} THEN stop END AS long_stop
        FROM ({named})
    """


def summed_readings(relation: Any, columns: ReadingColumns, span: Span = "month") -> Summation:
    """Sum readings by their texts and month, in one pass.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of the readings.
    columns : ReadingColumns
        Which columns hold what.
    span : {"month", "day", "hour"}
        By what readings are summed.

    Returns
    -------
    Summation
        Sums are compensated (Kahan), so that they do not depend on the order or the partition of the rows to 1e-12.
    """
    names = "".join(f"{name}, " for name in columns.texts)
    series = ", ".join((*columns.series, "sound"))
    query = f"""
        WITH named AS ({rows_of(columns, span)}),
        grouped AS (
            SELECT {names} {SOUND} AS sound, {", ".join(PIECE)},
                fsum(amount) AS amount, count(*) AS readings, min(start) AS first, max(stop) AS last, min(place) AS place,
                sum({_hash("stop")} - {_hash("start")}) AS chain
            FROM named GROUP BY ALL
        )
        SELECT {names} sound, {", ".join(PIECE)}, amount, readings, first, last, place,
            {columns.local("first")} AS first_day, {columns.local("last")} AS last_day,
            coalesce({_telescopes("chain", "first", "last")}
                AND NOT coalesce(max(last) OVER earlier > first, false) AND NOT coalesce(min(first) OVER later < last, false), false)
                AS follows,
            coalesce({_telescopes("sum(chain) OVER series", "min(first) OVER series", "max(last) OVER series")}, false) AS is_whole
        FROM grouped
        WINDOW series AS (PARTITION BY {series}),
            earlier AS (PARTITION BY {series} ORDER BY first, last ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING),
            later AS (PARTITION BY {series} ORDER BY first, last ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
        ORDER BY {names} sound, first, last
    """
    found = relation.query("readings", query).df()
    sound = found["sound"].astype(bool)
    return Summation(
        found[sound].drop(columns="sound").reset_index(drop=True), int(found.loc[~sound, "readings"].sum())
    )


def _telescopes(chain: str, first: str, last: str) -> str:
    """Whether the readings between two moments cover each moment once."""
    return f"{chain} = {_hash(last)} - {_hash(first)}"


def _hash(moment: str) -> str:
    """40 bits of a hash of a moment, which sums of a billion rows hold."""
    return f"CAST(hash(epoch_us({moment})) >> {_SHIFT} AS BIGINT)"
