"""What one pass over readings leaves open, looked up where it occurs: defective rows, and readings that repeat, overlap or leave gaps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from carbonledger.core.findings import Finding
from carbonledger.readings.columns import ReadingColumns, placed
from carbonledger.readings.summation import PIECE, SOUND, Span, rows_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Chains", "chains_of", "refused_findings", "same"]

# So many sources, or files, are named of each kind of fault; the others are told together.
_NAMED = 20
_FAULTS = (
    ("READINGS_REPEATED", "repeated", "first_repeated"),
    ("READINGS_OVERLAP", "overlapping", "first_overlap"),
    ("READINGS_GAP", "gaps", "first_gap"),
)

_KINDS = {
    "no_amount": "amount IS NULL",
    "not_finite": "NOT isfinite(amount)",
    "negative": "amount < 0",
    "no_moment": "start IS NULL OR stop IS NULL OR NOT (isfinite(start) AND isfinite(stop))",
    "no_duration": "true",
}


def refused_findings(relation: Any, columns: ReadingColumns, name: str, files: Sequence[str] = ()) -> Iterator[Finding]:
    """The rows that cannot be summed, by what is wrong with them and by file: how many, and where the first one stands.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of the readings.
    columns : ReadingColumns
        Which columns hold what.
    name : str
        What the readings are called where they are no files.
    files : sequence of str
        What the files are called, by number.
    """
    kind = "CASE " + " ".join(f"WHEN {condition} THEN '{kind}'" for kind, condition in _KINDS.items()) + " END"
    query = f"""
        SELECT {kind} AS kind, min(place) AS first, count(*) AS rows
        FROM ({rows_of(columns)}) WHERE NOT {SOUND} GROUP BY kind, place >> 40 ORDER BY ALL
    """
    for kind_name, places in groupby(relation.query("readings", query).fetchall(), key=itemgetter(0)):
        by_file = [(place, rows) for _, place, rows in places]
        for place, rows in by_file[:_NAMED]:
            finding, first = Finding.of(f"READINGS.{kind_name}", rows=rows), placed(place)
            yield finding.at(file=name) if first is None else finding.at(file=files[first[0]], row=first[1] + 1)
        others = by_file[_NAMED:]
        if others:
            first_file, row = placed(others[0][0]) or (0, 0)
            said = {"rows": sum(rows for _, rows in others), "files": len(others), "first": files[first_file]}
            yield Finding.of("READINGS.more_files", **said).at(file=files[first_file], row=row + 1)


@dataclass(frozen=True, slots=True)
class Chains:
    """Series whose readings do not follow one another.

    Parameters
    ----------
    table : pandas.DataFrame
        One row for each sum that holds a fault, or follows one: its texts and `PIECE`; ``repeated`` (readings that say exactly what
        another one says) and ``amount_once``, the sum without them; ``overlapping`` readings, ``gaps`` and the ``hours`` that they leave,
        and where the first of each begins.
    series : tuple of str
        The texts that tell a series from another.
    """

    table: pd.DataFrame
    series: tuple[str, ...]

    def findings(self, name: str) -> Iterator[Finding]:
        """What is to be said of each series: of each kind of fault once, with its months; the worst by name, all others together."""
        import pandas as pd

        by_source = [
            (self._name(months.iloc[0].to_dict()), months)
            for _, months in self.table.groupby(list(self.series), sort=True, dropna=False)
        ]
        for key, count, first in _FAULTS:
            found = [(source, months[months[count] > 0]) for source, months in by_source if (months[count] > 0).any()]
            found.sort(key=lambda item: -int(item[1][count].sum()))
            for source, faulty in found[:_NAMED]:
                yield Finding.of(key, source=source, **_told(faulty, count, first)).at(file=name)
            others = found[_NAMED:]
            if others:
                told = _told(pd.concat([faulty for _, faulty in others]), count, first)
                finding = Finding.of(f"{key}.others", sources=len(others), first_source=others[0][0], **told)
                yield finding.at(file=name)

    def _name(self, record: Mapping[Any, Any]) -> str:
        """The name of the source of a row of the table."""
        return " / ".join(
            str(record[key]) for key in ("entity", "site", "source") if key in self.series and record[key]
        )


def _told(faulty: pd.DataFrame, count: str, first: str) -> dict[str, Any]:
    """How many faults of a kind some sums hold, the first of them and their months."""
    values = {"count": int(faulty[count].sum()), "first": _text(faulty[first].min()), "months": _months(faulty[first])}
    return {**values, "hours": round(float(faulty["hours"].sum()), 6)} if count == "gaps" else values


def chains_of(relation: Any, columns: ReadingColumns, sums: pd.DataFrame, span: Span = "month") -> Chains:
    """Look at the series whose readings do not follow one another.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of the readings.
    columns : ReadingColumns
        Which columns hold what.
    sums : pandas.DataFrame
        The sums of these series, as in `Summation`. Those that follow by themselves count as one reading each; of the others the readings
        are gone through.
    span : {"month", "day", "hour"}
        By what they were summed.
    """
    keys = (*columns.texts, *PIECE)
    listed, series = ", ".join(keys), ", ".join(columns.series)
    whole = sums["follows"].astype(bool)
    carbonledger_broken = sums.loc[~whole, [*keys]]  # noqa: F841 - named in the query
    carbonledger_whole = sums.loc[whole, [*keys, "first", "last", "amount"]]  # noqa: F841 - named in the query
    query = f"""
        WITH named AS (SELECT * FROM ({rows_of(columns, span)}) WHERE {SOUND}),
        meant AS (SELECT named.* FROM named SEMI JOIN carbonledger_broken AS broken ON {same(keys, "named", "broken")}),
        counted AS (
            SELECT {listed}, start, stop, amount, count(*) AS times FROM meant GROUP BY ALL
            UNION ALL BY NAME
            SELECT {listed}, first AS start, last AS stop, amount, 1 AS times FROM carbonledger_whole
        ),
        placed AS (
            SELECT *, max(stop) OVER (PARTITION BY {series} ORDER BY start, stop, amount ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                AS before FROM counted
        )
        SELECT {listed}, sum(times - 1) AS repeated, fsum(amount) AS amount_once,
            min({columns.local("start")}) FILTER (times > 1) AS first_repeated,
            count(*) FILTER (start < before) AS overlapping, min({columns.local("start")}) FILTER (start < before) AS first_overlap,
            count(*) FILTER (start > before) AS gaps, min({columns.local("before")}) FILTER (start > before) AS first_gap,
            sum(epoch(start) - epoch(before)) FILTER (start > before) / 3600 AS hours
        FROM placed GROUP BY ALL HAVING repeated > 0 OR overlapping > 0 OR gaps > 0 ORDER BY ALL
    """
    return Chains(relation.query("readings", query).df(), columns.series)


def same(keys: Sequence[str], first: str, second: str) -> str:
    """The condition that two rows agree in some columns, nulls being equal."""
    return " AND ".join(f"{first}.{key} IS NOT DISTINCT FROM {second}.{key}" for key in keys)


def _months(moments: pd.Series[Any]) -> tuple[str, ...]:
    """The months of some moments, each once, in order."""
    return tuple(sorted({moment.strftime("%Y-%m") for moment in moments}))


def _text(moment: pd.Timestamp) -> str:
    """A moment as it is written."""
    return str(moment.isoformat(sep=" ", timespec="minutes"))
