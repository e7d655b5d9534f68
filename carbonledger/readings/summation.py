"""One pass over readings: sums by source and month, and whether the readings of each follow one another.

Readings that follow one another without gap or overlap telescope: whatever number h says of a moment, the exclusive or of the h of all
beginnings and ends is that of the first beginning and the last end, and the lengths sum to the time between these two. It holds of no
other readings: where the h of all other moments cancel, each moment between is covered an odd number of times, and where the lengths sum
to that time, once. With 64 bits of a hash as h, a series whose readings repeat, overlap or leave gaps passes by chance once in 10^19.

Rows are grouped by one number, a hash of their texts and month, and the texts are looked up at the first row of each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import isfinite
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from carbonledger.readings.clock import local_moment
from carbonledger.readings.columns import FILE, ROW, ReadingColumns, file_of, row_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PIECE", "SOUND", "Span", "Summation", "judged", "rows_of", "summed_readings"]

Span = Literal["month", "day", "hour"]
# A row that can be summed.
SOUND = "coalesce(isfinite(amount) AND amount >= 0 AND isfinite(start) AND isfinite(stop) AND stop > start, false)"
# Readings up to so long belong to the month, day or hour in which they begin; longer ones, such as bills, keep their own days.
_LONGEST_US: Mapping[Span, int] = MappingProxyType(
    {"month": 604_800_000_000, "day": 86_400_000_000, "hour": 3_600_000_000}
)
# What tells months, days and hours of the local clock apart; cheaper than to truncate a moment.
_PARTS: Mapping[Span, str] = MappingProxyType(
    {"month": "year({0}), month({0})", "day": "CAST({0} AS DATE)", "hour": "CAST({0} AS DATE), hour({0})"}
)
# What tells the sums of a combination of texts apart.
PIECE = ("span", "long_start", "long_stop")
# Up to so many amounts, none of which is negative, two orders of adding them differ by less than 1e-12 of their sum.
_FEW = 4000
_MONTH_US = 31 * 86_400_000_000
_MOMENTS = ("long_start", "long_stop", "first", "last")
_TELESCOPES = "coalesce({chain} = xor(hash({first}), hash({last})) AND {covered} = {last} - {first}, false)"


@dataclass(frozen=True, slots=True)
class Summation:
    """What one pass over the readings gives.

    Parameters
    ----------
    sums : pandas.DataFrame
        One row by texts and month (or day), or for a long reading: the texts and `PIECE`, ``amount`` summed, ``largest`` amount,
        ``readings`` (how many), ``first`` and ``last`` moment, ``place`` of the first row, ``first_day`` and ``last_day`` by the local
        clock; ``is_whole``, whether each reading of the whole series begins where another one ends; and ``follows``, whether that holds
        of the sum, and no reading of another sum lies between.
    refused : int
        Rows without a sound amount, or whose moments are missing or the wrong way round.
    """

    sums: pd.DataFrame
    refused: int

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return int(self.sums["readings"].sum()) + self.refused


def rows_of(columns: ReadingColumns, span: Span = "month", where: str = "true") -> str:
    """The rows under the names of entries, as a query over ``readings``.

    Parameters
    ----------
    columns : ReadingColumns
        Which columns hold what.
    span : {"month", "day", "hour"}
        What short readings are summed by.
    where : str
        A condition of which rows.

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
    named = f"SELECT {', '.join([*texts, *moments])} FROM readings WHERE {where}"
    is_long = f"epoch_us(stop) - epoch_us(start) > {_LONGEST_US[span]}"
    return f"""
        SELECT *, date_trunc('{span}', {columns.local("start")}) AS span,
            CASE WHEN {is_long} THEN start END AS long_start, CASE WHEN {is_long} THEN stop END AS long_stop
        FROM ({named})
    """


def summed_readings(relation: Any, columns: ReadingColumns, span: Span = "month") -> Summation:
    """Sum readings by their texts and month, in one pass; in a second one the rows that are long or refused, where there are any.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of the readings; a table, or a query that gives the same rows whenever it is asked.
    columns : ReadingColumns
        Which columns hold what.
    span : {"month", "day", "hour"}
        By what readings are summed.

    Returns
    -------
    Summation
        Sums do not depend on the order or the partition of the rows to 1e-12: those of more than 4,000 readings are compensated (Kahan).
    """
    rows, one_file = _size(relation, columns)
    few = columns.length_us is not None and columns.series and columns.length_us * _FEW >= _MONTH_US
    local, place = local_moment(relation, columns), ROW if one_file else columns.place
    way = _Way(_short(columns, span), local, place, "sum" if few else "fsum")
    found = _by(way, relation, columns, span)
    other = _as_found(way, found, columns)
    if other != way:
        way, found = other, _by(other, relation, columns, span)
    if int(found["readings"].sum()) == rows:
        return Summation(found, 0)
    carbonledger_short = found.drop(columns=["first_day", "last_day", "is_whole", "follows"])  # noqa: F841 - named in the query
    carbonledger_rest = relation.query("readings", _rest(columns, span, way.short)).df()
    is_sound = carbonledger_rest.pop("sound").astype(bool)
    refused = int(carbonledger_rest.loc[~is_sound, "readings"].sum())
    carbonledger_rest = carbonledger_rest[is_sound]
    us = ", ".join(f"epoch_us(CAST({name} AS TIMESTAMP)) AS {name}" for name in _MOMENTS)
    both = f"""sums AS (
        SELECT * REPLACE ({us}) FROM (SELECT * FROM carbonledger_short UNION ALL BY NAME SELECT * FROM carbonledger_rest)
    )"""
    return Summation(relation.query("readings", f"WITH {both} {judged(columns)}").df(), refused)


@dataclass(frozen=True, slots=True)
class _Way:
    """How short readings are summed: which they are, their local clock, their place, and the sum."""

    short: str
    local: str
    place: str
    summing: str


def _by(way: _Way, relation: Any, columns: ReadingColumns, span: Span) -> pd.DataFrame:
    """The sums of short readings."""
    found: pd.DataFrame = relation.query("readings", f"WITH {_grouped(columns, span, way)} {judged(columns)}").df()
    return found


def _as_found(way: _Way, found: pd.DataFrame, columns: ReadingColumns) -> _Way:
    """The way by which readings must be summed, as their first sums show: without what is no number, compensated where they are many."""
    if not len(found):
        return way
    is_finite, is_few = isfinite(found["largest"].max(skipna=False)), found["readings"].max() <= _FEW
    short = way.short if is_finite else f"isfinite({columns.amount}) AND {way.short}"
    return replace(way, short=short, summing=way.summing if is_few else "fsum")


def _size(relation: Any, columns: ReadingColumns) -> tuple[int, bool]:
    """How many rows there are, and whether all stand in one file."""
    last = f"max({FILE})" if columns.is_placed else "NULL"
    ((rows, last_file),) = relation.query("readings", f"SELECT count(*), {last} FROM readings").fetchall()
    return int(rows), last_file == 0


def _short(columns: ReadingColumns, span: Span) -> str:
    """The condition that a row is sound, but for an amount that is infinite or no number, and no longer than what belongs to one month."""
    sound = f"{columns.amount} >= 0 AND {columns.begins} IS NOT NULL"
    length, longest = columns.length_us, _LONGEST_US[span]
    if length is not None:
        return sound if 0 < length <= longest else "false"
    return f"{sound} AND {columns.ends} > {columns.begins} AND {columns.ends} - {columns.begins} <= {longest}"


def _grouped(columns: ReadingColumns, span: Span, way: _Way) -> str:
    """The sums of short readings with their texts, as the common table ``sums`` of a query over ``readings``."""
    written = columns.written_texts
    # A literal among them would be hashed for each row.
    combination = f"hash({', '.join(written.values() or ['0'])})"
    own = [] if columns.is_placed else [f"any_value({expression}) AS {name}" for name, expression in written.items()]
    told = [
        f"xor({combination}, hash({_PARTS[span].format(way.local)})) AS carbonledger_mixed",
        *_told(columns.begins, columns.ends, columns.amount, way.place, columns.length_us, way.summing),
        *own,
    ]
    moment = columns.local("make_timestamp(first)")
    texts = [f"{literal_text} AS {name}" for name, literal_text in columns.same_texts.items()]
    held = ", ".join(
        [
            *texts,
            *(written if not columns.is_placed else [f"named.{name}" for name in written]),
            f"date_trunc('{span}', {moment}) AS span",
            "CAST(NULL AS BIGINT) AS long_start, CAST(NULL AS BIGINT) AS long_stop",
            "amount, largest, readings, first, last, grouped.place, chain, covered",
        ]
    )
    grouped = f"grouped AS (SELECT {', '.join(told)} FROM readings WHERE {way.short} GROUP BY ALL)"
    if not columns.is_placed:
        return f"{grouped}, sums AS (SELECT {held} FROM grouped)"
    named = "".join(f"{expression} AS {name}, " for name, expression in written.items())
    parts = _PARTS[span].format(moment)
    return f"""{grouped},
        known AS MATERIALIZED (SELECT *, xor(carbonledger_mixed, hash({parts})) AS carbonledger_combination FROM grouped),
        places AS (SELECT carbonledger_combination, min(place) AS carbonledger_place FROM known GROUP BY ALL),
        named AS (
            SELECT {named}places.carbonledger_combination FROM readings
            JOIN places ON {FILE} = {file_of("places.carbonledger_place")} AND {ROW} = {row_of("places.carbonledger_place")}
        ),
        sums AS (SELECT {held} FROM known AS grouped JOIN named USING (carbonledger_combination))"""


def _told(
    begins: str, ends: str, amount: str, place: str, length_us: int | None = None, summing: str = "fsum"
) -> list[str]:
    """What is told of the rows of a sum."""
    same = length_us is not None
    return [
        f"{summing}({amount}) AS amount",
        f"max({amount}) AS largest",
        "count(*) AS readings",
        f"min({begins}) AS first",
        f"max({begins}) + {length_us} AS last" if same else f"max({ends}) AS last",
        f"min({place}) AS place",
        f"bit_xor(xor(hash({begins}), hash({ends}))) AS chain",
        f"count(*) * CAST({length_us} AS DOUBLE) AS covered"
        if same
        else f"sum(CAST({ends} - {begins} AS DOUBLE)) AS covered",
    ]


def _rest(columns: ReadingColumns, span: Span, short: str) -> str:
    """The sums of all other readings, ``sound`` or not, as a query over ``readings``."""
    names = "".join(f"{name}, " for name in columns.texts)
    told = ", ".join(_told("epoch_us(start)", "epoch_us(stop)", "amount", "place"))
    rows = rows_of(columns, span, f"NOT coalesce({short}, false)")
    return f"""
        SELECT * REPLACE (make_timestamp(first) AS first, make_timestamp(last) AS last)
        FROM (SELECT {names} {SOUND} AS sound, {", ".join(PIECE)}, {told} FROM ({rows}) GROUP BY ALL)
    """


def judged(columns: ReadingColumns, own: str = "", whole: str = "") -> str:
    """The sums with what is to be said of their readings, as the end of a query with a common table ``sums``.

    Parameters
    ----------
    columns : ReadingColumns
        Which columns hold what.
    own, whole : str
        The conditions that a sum, and all sums of a series, cover each moment once, where another engine told the moments apart.
    """
    names = "".join(f"{name}, " for name in columns.texts)
    moments = [f"make_timestamp({name}) AS {name}" for name in _MOMENTS]
    days = [f"{columns.local(f'make_timestamp({name})')} AS {name}_day" for name in ("first", "last")]
    between = "PARTITION BY line ORDER BY first, last ROWS BETWEEN"
    own = own or _TELESCOPES.format(chain="chain", first="first", last="last", covered="covered")
    whole = whole or _TELESCOPES.format(
        chain="bit_xor(chain)", first="min(first)", last="max(last)", covered="sum(covered)"
    )
    return f""",
        lined AS (SELECT *, hash({", ".join(columns.series or ("0",))}) AS line FROM sums),
        lines AS (SELECT line, {whole} AS is_whole FROM lined GROUP BY line),
        judged AS (
            SELECT *, true AS follows FROM lined JOIN lines USING (line) WHERE is_whole
            UNION ALL BY NAME
            SELECT *, {own} AND NOT coalesce(max(last) OVER earlier > first, false) AND NOT coalesce(min(first) OVER later < last, false)
                AS follows
            FROM lined JOIN lines USING (line) WHERE NOT is_whole
            WINDOW earlier AS ({between} UNBOUNDED PRECEDING AND 1 PRECEDING), later AS ({between} 1 FOLLOWING AND UNBOUNDED FOLLOWING)
        )
        SELECT * EXCLUDE (line) REPLACE ({", ".join(moments)}), {", ".join(days)} FROM judged ORDER BY {names} first, last
    """
