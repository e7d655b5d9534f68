"""The local clock of readings whose moments have a time zone: the few changes of its offset, instead of a calendar for each row."""

from __future__ import annotations

from typing import Any

from carbonledger.core.duckdb_text import literal, quoted
from carbonledger.readings.columns import ReadingColumns

__all__ = ["local_moment"]

_QUARTER_US = 900_000_000
# A longer time has more changes than are worth being told apart one by one; before 1973, clocks were changed at any second.
_LONGEST_US = 10 * 366 * 86_400_000_000
_FROM_US = 94_694_400_000_000


def local_moment(relation: Any, columns: ReadingColumns) -> str:
    """An expression for the beginning of each reading by the clock of its zone.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of the readings, whose first and last beginning are asked for.
    columns : ReadingColumns
        Which columns hold what.
    """
    if not columns.zone:
        return quoted(columns.headings["start"])
    begins = columns.begins
    ((first, last),) = relation.query("readings", f"SELECT min({begins}), max({begins}) FROM readings").fetchall()
    if first is None or first < _FROM_US or last - first > _LONGEST_US:
        return columns.local(columns.start)
    # Since then, no clock has been changed but at a full quarter of an hour of universal time.
    query = f"""
        WITH quarters AS (
            SELECT at_us, epoch_us(timezone({literal(columns.zone)}, timezone('UTC', make_timestamp(at_us)))) - at_us AS offset_us
            FROM range({first // _QUARTER_US * _QUARTER_US}, {last + 1}, {_QUARTER_US}) AS times(at_us)
        )
        SELECT at_us, offset_us FROM quarters
        QUALIFY offset_us IS DISTINCT FROM lag(offset_us) OVER (ORDER BY at_us) ORDER BY at_us
    """
    changes = relation.query("readings", query).fetchall()
    later = "".join(f" WHEN {begins} >= {at} THEN {offset}" for at, offset in reversed(changes[1:]))
    offset = f"CASE{later} ELSE {changes[0][1]} END" if later else str(changes[0][1])
    return f"make_timestamp({begins} + {offset})"
