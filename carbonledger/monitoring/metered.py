"""Readings by source and day, and by hour for the last weeks, under the names that the entries of the book have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.entries import Entries
from carbonledger.readings.columns import ReadingColumns, reading_columns
from carbonledger.readings.entries import without_repeated
from carbonledger.readings.stated import StatedReadings
from carbonledger.readings.summation import Span, summed_readings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KEYS", "SOURCE", "Metered", "by_source", "last_record", "metered", "metered_together", "records_of"]

# What tells the sources of a book apart, and what tells its lines of one source apart besides.
SOURCE = ["entity", "site", "source", "activity"]
KEYS = [*SOURCE, "unit", "factor", "data_type", "scope_3_category", "file"]
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Metered:
    """Readings of a book by source.

    Parameters
    ----------
    days : pandas.DataFrame
        One row by source and day: `KEYS`, ``day``, ``amount`` in ``unit``, ``first`` and ``last`` moment, ``readings``, ``hours`` that
        they cover [h] and ``step`` of the source [h]. A reading that is longer than a day is in none.
    hours : pandas.DataFrame
        One row by source and whole hour of the last weeks: `KEYS`, ``hour``, ``amount``; of sources whose readings are not longer.
    files : mapping of str to str
        What the readings of a file are called together in the column ``file`` here, by the name that entries give the file.
    """

    days: pd.DataFrame
    hours: pd.DataFrame
    files: Mapping[str, str] = field(default_factory=dict)


def metered(
    relation: Any, stated: StatedReadings, name: str, read: Callable[[pd.DataFrame], Entries], weeks: int
) -> Metered:
    """The readings of one relation by source and day, and by hour.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of the readings; it is gone through twice.
    stated : StatedReadings
        What no column says.
    name : str
        What the entries of these readings are called in their column ``file``.
    read : callable
        Reads a table as the entries of the book are read.
    weeks : int
        How many weeks before the last reading are summed by hour.
    """
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    columns = reading_columns(types, stated.texts, stated.step, stated.zone)
    days = _sums(relation, columns, name, "day")
    days = days[days["last"] - days["first"] <= timedelta(days=1)]
    named = _named(days, columns, read, name)
    days = _under_names(days, columns, named, "day")
    steps = _steps(days)
    days = days.merge(steps, on=SOURCE).assign(hours=lambda frame: frame["readings"] * frame["step"])
    if not len(days):
        return Metered(days, days.assign(hour=days["day"]))
    begin = days["last"].max() - timedelta(weeks=weeks)
    recent = relation.filter(f"{columns.start} >= TIMESTAMP '{begin:%Y-%m-%d} 00:00:00'")
    hours = _sums(recent, columns, name, "hour")
    hours = hours[hours["last"] - hours["first"] <= _HOUR]
    hours = _under_names(hours, columns, named, "hour").merge(steps, on=SOURCE)
    # An hour with a gap would look like one of little use.
    return Metered(days, hours[(hours["readings"] * hours["step"]).round(6) >= 1.0])


def metered_together(parts: list[Metered]) -> Metered:
    """The readings of several relations."""
    import pandas as pd

    columns = [*KEYS, "amount", "first", "last", "readings", "step"]
    if not parts:
        return Metered(
            pd.DataFrame(columns=[*columns, "day", "hours"]),
            pd.DataFrame(columns=[*columns, "hour"]),
        )
    days, hours = (pd.concat([getattr(part, kind) for part in parts], ignore_index=True) for kind in ("days", "hours"))
    return Metered(days, hours, {file: name for part in parts for file, name in part.files.items()})


def records_of(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame by its columns."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def last_record(frame: pd.DataFrame) -> dict[str, Any]:
    """The last row of a frame by its columns."""
    return records_of(frame.tail(1))[0]


def by_source(frame: pd.DataFrame) -> dict[tuple[str, ...], pd.DataFrame]:
    """The rows of each source, by its names in the order of `SOURCE`."""
    return {tuple(map(str, names)): part for names, part in frame.groupby(SOURCE, dropna=False)}


def _sums(relation: Any, columns: ReadingColumns, name: str, step: Span) -> pd.DataFrame:
    """The sums by source and step, each reading once."""
    sums = without_repeated(relation, columns, summed_readings(relation, columns, step).sums, name, step)[0]
    return sums.rename(columns={"span": step})


def _named(
    sums: pd.DataFrame, columns: ReadingColumns, read: Callable[[pd.DataFrame], Entries], name: str
) -> pd.DataFrame:
    """The texts of each source as they stand in the readings, and `KEYS` as the entries of the book have them.

    What cannot be read is left out; the entries of the book say why.
    """
    texts = list(columns.texts)
    distinct = sums.groupby(texts, as_index=False, dropna=False)["first"].min()
    day = distinct.pop("first").dt.date
    frame = read(distinct.assign(amount=1.0, start=day, end=day)).frame
    found = distinct.iloc[(frame["row"] - 2).to_numpy()].reset_index(drop=True).add_prefix("text_")
    canonical = frame.assign(file=name)[[*KEYS, "amount"]].rename(columns={"amount": "of_one"}).reset_index(drop=True)
    joined: pd.DataFrame = found.join(canonical)
    return joined


def _under_names(sums: pd.DataFrame, columns: ReadingColumns, named: pd.DataFrame, step: Span) -> pd.DataFrame:
    """Sums under the names of the entries; several spellings of one source are one."""
    texts = list(columns.texts)
    joined = sums.merge(named, left_on=texts, right_on=[f"text_{text}" for text in texts], suffixes=("_raw", ""))
    joined = joined.assign(amount=joined["amount"] * joined["of_one"])
    grouped = joined.groupby([*KEYS, step], as_index=False, dropna=False)
    found: pd.DataFrame = grouped.agg(
        amount=("amount", "sum"), first=("first", "min"), last=("last", "max"), readings=("readings", "sum")
    )
    return found


def _steps(days: pd.DataFrame) -> pd.DataFrame:
    """How long the readings of each source usually are [h]: the median over its days."""
    hours = (days["last"] - days["first"]).dt.total_seconds() / 3600 / days["readings"]
    return days.assign(step=hours).groupby(SOURCE, as_index=False)[["step"]].median()
