"""What one pass over readings leaves open, looked up where it occurs: defective rows, and readings that repeat, overlap or leave gaps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonledger.core.findings import Finding
from carbonledger.readings.columns import ReadingColumns, quoted
from carbonledger.readings.summation import SOUND, SumStep, rows_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FILE", "ROW", "Chains", "chains_of", "refused_findings"]

# The columns of DuckDB that say where a row of a file stands; rows count from 0 there.
FILE, ROW = "filename", "file_row_number"
_KINDS = {
    "no_amount": "amount IS NULL",
    "not_finite": "NOT isfinite(amount)",
    "negative": "amount < 0",
    "no_moment": "start IS NULL OR stop IS NULL",
    "no_duration": "true",
}
# Of each kind of defect so many rows are named.
_NAMED = 3


def refused_findings(relation: Any, columns: ReadingColumns, name: str) -> Iterator[Finding]:
    """The rows that cannot be summed, by what is wrong with them: how many, and where the first ones stand.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of the readings, with `FILE` and `ROW` if they are files.
    columns : ReadingColumns
        Which columns hold what.
    name : str
        What the readings are called where they are no files.
    """
    kind = "CASE " + " ".join(f"WHEN {condition} THEN '{kind}'" for kind, condition in _KINDS.items()) + " END"
    places = (
        [quoted(FILE), quoted(ROW)]
        if {FILE, ROW} <= set(columns.unread)
        else ["NULL AS filename", "NULL AS file_row_number"]
    )
    query = f"""
        WITH named AS ({rows_of(columns, *places)}),
        unsound AS (SELECT *, {kind} AS kind FROM named WHERE NOT {SOUND})
        SELECT kind, {FILE} AS file, {ROW} AS row, count(*) OVER (PARTITION BY kind) AS rows FROM unsound
        QUALIFY row_number() OVER (PARTITION BY kind ORDER BY {FILE}, {ROW}) <= {_NAMED} ORDER BY kind, file, row
    """
    for kind_name, file, row, rows in relation.query("readings", query).fetchall():
        finding = Finding.of(f"READINGS.{kind_name}", rows=rows)
        yield finding.at(file=file, row=row + 1) if file else finding.at(file=name)


@dataclass(frozen=True, slots=True)
class Chains:
    """Months of a source whose readings do not follow one another.

    Parameters
    ----------
    table : pandas.DataFrame
        One row for each: its texts and ``month``; ``repeated`` (readings that say exactly what another one says) and
        ``repeated_amount``; ``overlapping`` readings, ``gaps`` and the ``hours`` that they leave, and where the first of each begins.
    """

    table: pd.DataFrame

    def findings(self, name: str) -> Iterator[Finding]:
        """What is to be said of them."""
        for record in self.table.to_dict("records"):
            source = " / ".join(str(record[key]) for key in ("entity", "site", "source") if record.get(key))
            if record["repeated"]:
                values = {"source": source, "count": int(record["repeated"]), "first": _text(record["first_repeated"])}
                yield Finding.of("READINGS_REPEATED", **values).at(file=name)
            if record["overlapping"]:
                values = {
                    "source": source,
                    "count": int(record["overlapping"]),
                    "first": _text(record["first_overlap"]),
                }
                yield Finding.of("READINGS_OVERLAP", **values).at(file=name)
            if record["gaps"]:
                values = {"source": source, "hours": float(record["hours"]), "first": _text(record["first_gap"])}
                yield Finding.of("READINGS_GAP", **values).at(file=name)


def chains_of(relation: Any, columns: ReadingColumns, broken: pd.DataFrame, step: SumStep = "month") -> Chains:
    """Look at the months, days or hours of a source whose readings do not follow one another.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of the readings.
    columns : ReadingColumns
        Which columns hold what.
    broken : pandas.DataFrame
        The texts and ``month`` of these months.
    step : {"month", "day", "hour"}
        What was summed.
    """
    names = [*columns.texts, step]
    listed = ", ".join(names)
    same = " AND ".join(f"named.{key} IS NOT DISTINCT FROM broken.{key}" for key in names)
    carbonledger_broken = broken[names]  # noqa: F841 - named in the query
    query = f"""
        WITH named AS (SELECT *, date_trunc('{step}', start) AS {step} FROM ({rows_of(columns)}) WHERE {SOUND}),
        meant AS (SELECT named.* FROM named SEMI JOIN carbonledger_broken AS broken ON {same}),
        counted AS (SELECT {listed}, start, stop, amount, count(*) AS times FROM meant GROUP BY ALL),
        placed AS (
            SELECT *, max(stop) OVER (PARTITION BY {listed} ORDER BY start, stop, amount ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                AS before FROM counted
        )
        SELECT {listed}, sum(times - 1) AS repeated, sum((times - 1) * amount) AS repeated_amount,
            min(start) FILTER (times > 1) AS first_repeated,
            count(*) FILTER (start < before) AS overlapping, min(start) FILTER (start < before) AS first_overlap,
            count(*) FILTER (start > before) AS gaps, min(before) FILTER (start > before) AS first_gap,
            sum(epoch(start) - epoch(before)) FILTER (start > before) / 3600 AS hours
        FROM placed GROUP BY ALL ORDER BY ALL
    """
    return Chains(relation.query("readings", query).df())


def _text(moment: pd.Timestamp) -> str:
    """A moment as it is written."""
    return moment.isoformat(sep=" ", timespec="minutes")
