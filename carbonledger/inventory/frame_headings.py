"""A frame of the caller's with the headings of a table of entries, as a frame with the library's columns.

Headings are read as `read_entries` reads them; the columns are renamed on the caller's engine and their cells stay as they are. What
takes more than that - readings, multipliers, texts that hold dates - is refused here, with the way to `read_entries`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import narwhals as nw

from carbonledger.activity_data.entry_headings import entry_table, field_of_heading
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.core.schema import ENTRY_SCHEMA
from carbonledger.inventory.lines import Frame
from carbonledger.inventory.row_keys import KEY_COLUMNS
from carbonledger.tables.column import Column
from carbonledger.tables.table import Table

__all__ = ["with_entry_columns"]

_COLUMNS = frozenset(column.name for column in ENTRY_SCHEMA)
# Fields that decide the figures; of the others, two headings of one meaning are both the caller's own.
_CALCULATED = frozenset({*KEY_COLUMNS, "amount", "start", "end"})
# Fields that say when; only a year and dates can be taken as they stand.
_WHEN = frozenset({"period", "month", "start", "end"})


def with_entry_columns(frame: Frame) -> tuple[Frame, list[Finding]]:
    """A frame with the columns of entries under their own names, and the year of each row.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame
        With the library's columns, or with headings that `read_entries` takes. A column that has the library's name already is that
        column, and others of the same meaning keep their headings.

    Returns
    -------
    (frame, list of Finding)
        The columns renamed, ``unit`` added where the heading of the amounts states it, ``year`` added where only dates state it; and what
        is to be said of the headings.

    Raises
    ------
    EntriesError
        If two headings have one meaning, a column has to be read first, or rows without a year cross the end of one.
    """
    frame, findings = _renamed(frame)
    _refuse(_superseded(frame))
    return _with_years(frame), findings


def _superseded(frame: Frame) -> list[Finding]:
    """The finding for rows that others of the frame supersede, which only the reader takes out; `Entries` hold none any more."""
    if not {"entry_id", "supersedes"} <= set(frame.collect_schema().names()):
        return []
    column = nw.col("supersedes")
    named = frame.filter(~column.is_null(), column != "").select(column).unique()
    targets = (named.collect() if isinstance(named, nw.LazyFrame) else named)["supersedes"].to_list()
    if not targets:
        return []
    counts = frame.select(superseded=nw.col("entry_id").is_in(targets).cast(nw.Int64).sum())
    eager = counts.collect() if isinstance(counts, nw.LazyFrame) else counts
    count = int(eager.item() or 0)
    return [Finding.of("FRAME_NEEDS_READING.superseded", count=count).at(column="supersedes")] if count else []


def _renamed(frame: Frame) -> tuple[Frame, list[Finding]]:
    """The columns of entries under their own names, and what is to be said of the headings."""
    names = frame.collect_schema().names()
    fields = {name: field for name in names if name not in _COLUMNS and (field := _field_of(name, names))}
    readable = _COLUMNS - {"supersedes"}
    _refuse([_to_be_read(name, field) for name, field in fields.items() if field not in readable])
    counts = Counter(fields.values())
    headings = [name for name, field in fields.items() if counts[field] == 1 or field in _CALCULATED]
    if not headings:
        return frame, []
    table = entry_table(Table("", "", tuple(headings), tuple(Column([]) for _ in headings), ()))
    findings = [finding for finding in table.findings if finding.rule != "MISSING_COLUMN"]
    _refuse([finding for finding in findings if finding.severity == "error"])
    renamed = frame.rename({table.heading(field): field for field in table.fields})
    return _with_unit(renamed, table.units, table.heading("amount")), findings


def _field_of(name: str, names: Sequence[str]) -> str:
    """The field of entries that a heading is read as; empty for one of the caller's own, or beside the column of that name."""
    field = field_of_heading(name)
    return "" if (field in names and field != name) or field in _WHEN - _COLUMNS else field


def _to_be_read(name: str, field: str) -> Finding:
    """The finding for a column that only the reader understands."""
    return Finding.of("FRAME_NEEDS_READING.column", column=name, field=field).at(column=name)


def _with_unit(frame: Frame, units: Mapping[str, str], heading: str) -> Frame:
    """The frame with the unit that the heading of its amounts states, as a column."""
    unit = units.get("amount", "")
    if not unit:
        return frame
    if "unit" in frame.collect_schema().names():
        _refuse([Finding.of("FRAME_NEEDS_READING.unit", heading=heading, unit=unit).at(column=heading)])
    return frame.with_columns(unit=nw.lit(unit))


def _with_years(frame: Frame) -> Frame:
    """The frame with the year in which each row lies, where it has dates and no years."""
    names = frame.collect_schema().names()
    if "year" in names:
        return frame
    if "start" not in names:
        said = tuple(name for name in names if field_of_heading(name) in _WHEN)
        _refuse([Finding.of("FRAME_NEEDS_READING.no_year", columns=said)] if said else [])
        return frame
    dates = [name for name in ("start", "end") if name in names]
    years = {name: year for name in dates if (year := _year_of(frame, name)) is not None}
    if len(years) < len(dates):
        texts = tuple(name for name in dates if name not in years)
        _refuse([Finding.of("FRAME_NEEDS_READING.no_year", columns=texts)])
    dated = frame.with_columns(**{f"year_of_{name}": year for name, year in years.items()})
    _refuse(_crossing(dated) if "end" in years else [])
    own = nw.col("year_of_start").alias("year")
    return dated.with_columns(own).drop(*(f"year_of_{name}" for name in years))


def _year_of(frame: Frame, name: str) -> Any:
    """The year of a column of dates, 0 where there is none; None if it does not hold dates."""
    if frame.collect_schema()[name].is_temporal():
        return nw.col(name).dt.year().fill_null(0).cast(nw.Int64)
    if isinstance(frame, nw.LazyFrame):
        return None
    days = frame[name].to_list()
    if not all(day is None or isinstance(day, date) for day in days):
        return None
    return nw.new_series(name, [day.year if day else 0 for day in days], nw.Int64, backend=frame.implementation)


def _crossing(frame: Frame) -> list[Finding]:
    """The finding for rows that begin in one year and end in another."""
    first, last = nw.col("year_of_start"), nw.col("year_of_end")
    counts = frame.select(crossing=((first != last) & (first != 0) & (last != 0)).cast(nw.Int64).sum())
    eager = counts.collect() if isinstance(counts, nw.LazyFrame) else counts
    count = int(eager.item() or 0)
    return [Finding.of("FRAME_NEEDS_READING.crosses", count=count).at(column="end")] if count else []


def _refuse(findings: Sequence[Finding]) -> None:
    """Refuse a frame for what was found, if anything was."""
    if findings:
        raise EntriesError(findings)
