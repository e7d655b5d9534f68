"""One pass over readings: sums by source and month, and whether the readings of each follow one another.

Readings that follow one another without gap or overlap telescope: whatever number h says of a moment, the h of all ends less the h of all
beginnings is the h of the last end less that of the first beginning. With 40 bits of a hash as h, a month whose readings repeat, overlap or
leave gaps passes by chance once in 10^12.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from carbonledger.readings.columns import ReadingColumns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SOUND", "SumStep", "Summation", "rows_of", "summed_readings"]

SumStep = Literal["month", "day", "hour"]

# A row that can be summed.
SOUND = "coalesce(isfinite(amount) AND amount >= 0 AND stop > start, false)"
# Readings up to so long belong to the month, day or hour in which they begin; longer ones, such as bills, keep their own days.
_LONGEST: Mapping[SumStep, str] = MappingProxyType({"month": "7 days", "day": "1 day", "hour": "1 hour"})
_SHIFT = 24


@dataclass(frozen=True, slots=True)
class Summation:
    """What one pass over the readings gives.

    Parameters
    ----------
    sums : pandas.DataFrame
        One row by texts and step, or for a long reading: the texts, ``month`` (or ``day``, ``hour``), ``amount`` summed, ``readings`` (how
        many), ``first`` and ``last`` moment, and ``follows``, whether each reading begins where another one ends.
    refused : int
        Rows without a sound amount, or whose moments are missing or the wrong way round.
    """

    sums: pd.DataFrame
    refused: int

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.sums["readings"].sum()) + self.refused


def rows_of(columns: ReadingColumns, *others: str) -> str:
    """The rows under the names of entries, as a query over ``readings``.

    Parameters
    ----------
    columns : ReadingColumns
        Which columns hold what.
    *others : str
        Further columns, as they are called.
    """
    texts = [f"{expression} AS {name}" for name, expression in columns.texts.items()]
    moments = [f"{columns.amount} AS amount", f"{columns.start} AS start", f"{columns.stop} AS stop"]
    return f"SELECT {', '.join([*texts, *moments, *others])} FROM readings"


def summed_readings(relation: Any, columns: ReadingColumns, step: SumStep = "month") -> Summation:
    """Sum readings by their texts and month, day or hour, in one pass.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of the readings.
    columns : ReadingColumns
        Which columns hold what.
    step : {"month", "day", "hour"}
        What is summed; a reading that is longer than a day or an hour is no part of one.

    Returns
    -------
    Summation
        Sums are compensated (Kahan), so that they do not depend on the order or the partition of the rows to 1e-12.
    """
    names = "".join(f"{name}, " for name in columns.texts)
    is_long = f"stop - start > INTERVAL '{_LONGEST[step]}'"
    query = f"""
        WITH named AS ({rows_of(columns)}),
        grouped AS (
            SELECT {names} {SOUND} AS sound, date_trunc('{step}', start) AS {step},
                CASE WHEN {is_long} THEN start END AS long_start, CASE WHEN {is_long} THEN stop END AS long_stop,
                fsum(amount) AS amount, count(*) AS readings, min(start) AS first, max(stop) AS last,
                sum({_hash("stop")} - {_hash("start")}) AS chain
            FROM named GROUP BY ALL
        )
        SELECT {names} sound, {step}, amount, readings, first, last,
            coalesce(chain = {_hash("last")} - {_hash("first")}, false) AS follows
        FROM grouped ORDER BY {names} sound, first, last
    """
    found = relation.query("readings", query).df()
    sound = found["sound"].astype(bool)
    return Summation(
        found[sound].drop(columns="sound").reset_index(drop=True), int(found.loc[~sound, "readings"].sum())
    )


def _hash(moment: str) -> str:
    """40 bits of a hash of a moment, which sums of a billion rows hold."""
    return f"CAST(hash(epoch_us({moment})) >> {_SHIFT} AS BIGINT)"
