"""Files of readings as frames: Parquet on DuckDB where that is installed, a table of text as pandas."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from carbonledger.activity_data.entry_headings import is_entry_heading
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.engine import engine
from carbonledger.readings.files import reading_files
from carbonledger.tables.column import Column
from carbonledger.tables.number_columns import read_numbers
from carbonledger.tables.records import cell_text
from carbonledger.tables.sources import tables_in
from carbonledger.tables.table import Table
from carbonledger.time_resolved.moment_texts import read_moments
from carbonledger.time_resolved.series_rows import columns_of

__all__ = ["readings_of_file"]

_FIELDS = frozenset({"source", "site", "region", "unit", "start", "end", "amount", "fold"})
_DAY = 86400


@contextmanager
def readings_of_file(path: Path) -> Iterator[Any]:
    """The readings of a file, as a frame for `hourly_emissions`.

    Parameters
    ----------
    path : Path
        Parquet, on an engine that keeps it out of memory; or CSV, TSV or a workbook with moments in ISO 8601.

    Raises
    ------
    EntriesError
        If it cannot be read, or some moments have an offset from UTC and others none.
    """
    if path.suffix.lower() == ".parquet":
        with engine() as connection:
            files = reading_files(connection, [path])
            if files.findings:
                raise EntriesError(files.findings)
            yield files.relation
        return
    tables = tables_in(path, knows=lambda text: is_entry_heading(text) or text == "fold")
    if not tables:
        raise EntriesError([Finding.of("UNREADABLE_FILE.no_tables").at(file=path.name)])
    yield _frame_of(tables[0])


def _frame_of(table: Table) -> pd.DataFrame:
    """A table of texts as columns of texts, moments and numbers, under the names of fields."""
    columns, unit, double = columns_of(table, _FIELDS)
    findings = [*(finding for finding in table.findings if finding.severity == "error"), *double]
    missing = tuple(name for name in ("start", "amount") if name not in columns)
    if missing:
        findings.append(table.place(Finding.of("MISSING_COLUMN.frame", missing=missing, columns=table.headings)))
    found: dict[str, Any] = {"unit": [unit] * len(table.numbers)} if unit else {}
    for name, column in columns.items():
        if name in {"start", "end"}:
            found[name] = _moments(table, column, name, findings)
        elif name == "amount":
            found[name] = read_numbers({name: column.cells}, delimiter=table.delimiter)[name].values
        else:
            found[name] = [cell_text(cell).strip() for cell in column]
    if "fold" in found:
        found["fold"] = [int(text) if text in {"0", "1"} else -1 for text in found["fold"]]
    if findings:
        raise EntriesError(findings)
    return pd.DataFrame(found)


def _moments(table: Table, column: Column, name: str, findings: list[Finding]) -> Any:
    """Moments with a zone where all state an offset, else by the clock; none where one cannot be read."""
    read = read_moments(column.cells)
    known = ~read.is_bad
    is_local = read.is_local[known]
    if is_local.any() and not is_local.all():
        findings.append(table.place(Finding.of("READINGS.mixed_offsets", rows=int(is_local.sum()), column=name)))
    after = np.where(read.is_day & (name == "end"), _DAY, 0)
    moments = pd.Series((read.seconds + after).astype("datetime64[s]")).where(known)
    return moments if is_local.all() else moments.dt.tz_localize("UTC")
