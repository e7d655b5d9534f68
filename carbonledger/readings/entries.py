"""Readings of meters as entries: one for each source and month, with what is wrong with the rows behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.entries import Entries, read_entries
from carbonledger.activity_data.tally import SheetTally
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.columns import ReadingColumns, reading_columns
from carbonledger.readings.defects import chains_of, refused_findings
from carbonledger.readings.files import ReadingFiles, engine, reading_files
from carbonledger.readings.stated import files_of
from carbonledger.readings.summation import SumStep, summed_readings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["entries_of_relation", "read_readings", "without_repeated"]


def read_readings(
    files: str | Path | Sequence[str | Path],
    *,
    folder: Path | None = None,
    stated: Mapping[str, str] | None = None,
    step: str = "",
    memory: str = "",
    read: Callable[[pd.DataFrame], Entries] = read_entries,
) -> Entries:
    """Entries from Parquet files of readings, however large: the rows are summed by source and month by DuckDB.

    Parameters
    ----------
    files : path, or sequence of paths
        Files, or patterns such as ``meters/*.parquet``. Headings may be any of `read_entries`; ``start`` must be a moment or a day, and
        ``end`` one too where there is such a column (a day is included, a moment is the end).
    folder : Path, optional
        In which the patterns are looked for, and from which findings name the files; by default the working directory.
    stated : mapping of str to str, optional
        What is the same for all rows and stands in no column, such as ``{"activity": "electricity.grid", "unit": "kWh"}``.
    step : str
        How long a reading is, where no column says when it ends, such as ``15 minutes``.
    memory : str
        What DuckDB may take, such as ``2GB``; what exceeds it goes to the disk.
    read : callable
        Reads the sums as a table; `read_entries` with options of the caller.

    Returns
    -------
    Entries
        One row for each source and month. Every row of the files is in a sum, or in a finding: defective rows are left out, a reading that
        repeats another one is counted once, and months of a source whose readings overlap or leave gaps are named.

    Raises
    ------
    EntriesError
        If there is no such file, or a heading cannot be used.
    """
    given = tuple(map(str, [files] if isinstance(files, str | Path) else files))
    home = folder or Path()
    paths = files_of(given, home)
    with engine(memory) as connection:
        together = reading_files(connection, paths, home)
        found = entries_of_relation(together.relation, ", ".join(given), stated=stated, step=step, read=read)
    return _with_refused_files(found, together)


def entries_of_relation(
    relation: Any,
    name: str,
    *,
    stated: Mapping[str, str] | None = None,
    step: str = "",
    read: Callable[[pd.DataFrame], Entries] = read_entries,
) -> Entries:
    """Entries from a relation of DuckDB that can be gone through again, such as a table, see `read_readings`."""
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    columns = reading_columns(types, stated, step)
    summed = summed_readings(relation, columns)
    if not len(summed.sums):
        raise EntriesError([*refused_findings(relation, columns, name), Finding.of("NO_ENTRIES")])
    sums, found, repeated = without_repeated(relation, columns, summed.sums, name)
    entries = read(_table(sums, columns))
    rows_of_sums = dict(enumerate(sums["readings"], start=2))
    refused = sum(rows for row, rows in rows_of_sums.items() if row not in set(entries.frame["row"]))
    frame = entries.frame.assign(file=name, note=_notes(entries.frame, rows_of_sums))
    findings = [*found, *(finding.at(file=name, row=finding.row) for finding in entries.findings)]
    if summed.refused:
        findings = [*refused_findings(relation, columns, name), *findings]
    tally = SheetTally(
        name,
        "",
        rows=summed.rows,
        entries=summed.rows - summed.refused - repeated - refused,
        repeated=repeated,
        refused=summed.refused + refused,
    )
    return Entries(frame, tuple(findings), (tally,))


def _with_refused_files(entries: Entries, files: ReadingFiles) -> Entries:
    """The entries with what is wrong with files that were left out."""
    whole, more = entries.tallies[0], files.rows_refused
    tally = replace(whole, rows=whole.rows + more, refused=whole.refused + more)
    return replace(entries, findings=(*files.findings, *entries.findings), tallies=(tally,))


def without_repeated(
    relation: Any, columns: ReadingColumns, sums: pd.DataFrame, name: str, step: SumStep = "month"
) -> tuple[pd.DataFrame, list[Finding], int]:
    """The sums without readings that repeat others, what is to be said of their months, and how many readings repeat others."""
    broken = sums[~sums["follows"]]
    if "source" not in columns.texts or not len(broken):
        return sums, [], 0
    chains = chains_of(relation, columns, broken, step)
    keys = [*columns.texts, step]
    joined = sums.merge(chains.table[[*keys, "repeated", "repeated_amount"]], on=keys, how="left")
    again = joined["repeated"].fillna(0).astype("int64")
    joined["amount"] -= joined["repeated_amount"].fillna(0.0)
    joined["readings"] -= again
    return joined, list(chains.findings(name)), int(again.sum())


def _table(sums: pd.DataFrame, columns: ReadingColumns) -> pd.DataFrame:
    """The sums as a table of entries, by the days that their readings cover."""
    table = sums[[*columns.texts, "amount"]].copy()
    table["start"] = sums["first"].dt.date
    # A period that ends at midnight ends with the day before.
    table["end"] = (sums["last"] - timedelta(seconds=1)).dt.date
    return table


def _notes(frame: pd.DataFrame, readings: Mapping[int, int]) -> list[str]:
    """What the note of each entry says of the readings behind it."""
    return [f"Σ {int(readings[int(row)]):,}" for row in frame["row"]]
