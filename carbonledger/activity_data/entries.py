"""Tables in, entries and findings out.

An entry is one line of activity data. Rows that cannot be understood become findings, all of them at once, and
stay out of the entries; nothing is guessed and nothing is lost.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.biofuel_blends import blend_parts
from carbonledger.activity_data.cell import Cell
from carbonledger.activity_data.corrections import superseded
from carbonledger.activity_data.cutoff import Weights, cut_off_by_year
from carbonledger.activity_data.row import read_row
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, counted
from carbonledger.core.periods import Period
from carbonledger.core.schema import ENTRY_SCHEMA
from carbonledger.tables.records import Table, tables_in

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ENTRY_COLUMNS", "Entries", "read_entries", "without_superseded"]

ENTRY_COLUMNS = tuple(column.name for column in ENTRY_SCHEMA)
_NUMBER_DTYPES = {column.name: column.dtype for column in ENTRY_SCHEMA if column.dtype in {"int64", "float64"}}


@dataclass(frozen=True, repr=False)
class Entries:
    """Activity data that can be calculated, and what was found wrong with the rest.

    Parameters
    ----------
    frame : pandas.DataFrame
        One row per sound entry, with the columns of `ENTRY_COLUMNS`: ``amount`` a number in ``unit``, ``activity`` and
        ``unit`` in the library's spelling, ``start`` the first day and ``end`` the day after the last.
    findings : tuple of Finding
        In the order of the input.
    rows_read, left_out : int
        How many rows the input had, and how many of them were left out.
    """

    frame: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    rows_read: int = 0
    left_out: int = 0

    def __repr__(self) -> str:
        years = sorted({int(year) for year in self.frame["year"].dropna()}) if "year" in self.frame else []
        when = "-".join(dict.fromkeys(str(year) for year in (years[:1] + years[-1:])))
        rows = counted(len(self), "row") + (f" of {when}" if when else "")
        return f"Entries({rows}, {counted(len(self.findings), 'finding')})"

    @property
    def complete(self) -> bool:
        """Whether no row was left out."""
        return not any(finding.severity == "error" for finding in self.findings)

    def of_year(self, year: int, first_month: int = 1) -> Entries:
        """The entries of one reporting year, with all findings.

        Parameters
        ----------
        year : int
            The calendar year in which the reporting year begins.
        first_month : int
            Its first month; entries of a year that begins in another month than January keep the calendar year in which they lie,
            by which their factors are matched, so that vintages weigh by days.
        """
        whole = Period.of_year(year, first_month)
        if first_month == 1:
            chosen = self.frame["year"] == year
        else:
            chosen = self.frame["start"].map(lambda day: whole.start <= day < whole.end).astype(bool)
        return Entries(self.frame[chosen].reset_index(drop=True), self.findings, self.rows_read, self.left_out)

    def __len__(self) -> int:
        return len(self.frame)


@cache
def _headings() -> Mapping[str, str]:
    """Known headings, folded, and the field each stands for."""
    text = resources.files("carbonledger.activity_data").joinpath("headings.csv").read_text(encoding="utf-8")
    return {
        _fold(heading): row["field"]
        for row in csv.DictReader(text.splitlines())
        for heading in (row["field"], *row["headings"].split(";"))
    }


def _fold(text: str) -> str:
    """A heading without case, width, or what stands in brackets."""
    plain = unicodedata.normalize("NFKC", text).casefold().replace("_", " ").strip()
    return plain.split("(")[0].strip()


def read_entries(
    source: Any,
    *,
    region: str = "",
    entity_of: Callable[[str], str] | None = None,
    prorate: bool | Weights = False,
    first_month: int = 1,
    strict: bool = False,
    superseding: bool = True,
) -> Entries:
    """Entries from a file, a folder, a DataFrame or Python mappings.

    Parameters
    ----------
    source : path, DataFrame, or sequence of mappings
        Headings may be English or Chinese, see ``activity_data/headings.csv``. ``activity``, ``amount`` and ``unit`` are needed,
        and a period: a ``year``, a ``year`` and ``month``, a ``period``, or ``start`` and ``end`` (both included).
    region : str, optional
        Where entries took place that do not say so, e.g. ``CN-SD``.
    entity_of : callable, optional
        Turns the name of a company as written into its id.
    prorate : bool or Weights
        Whether an entry that crosses the end of a year is divided, by days or by the weights (degree-days, production), which its
        note then says; by default it is a finding.
    first_month : int
        The first month of the reporting year; an entry may not cross its beginning either, unless it is divided.
    strict : bool
        Whether findings of severity error are raised.
    superseding : bool
        Whether entries that others supersede are left out; not if that is decided over several sources, see `without_superseded`.

    Returns
    -------
    Entries

    Raises
    ------
    EntriesError
        If the source cannot be read at all; or, when strict, if any row is defective.

    Examples
    --------
    >>> entries = read_entries([{"能源种类": "汽油", "用量": "4.36", "单位": "吨", "年份": 2024}])
    >>> entries.frame[["activity", "amount", "unit", "year"]].to_dict("records")
    [{'activity': 'fuel.gasoline', 'amount': 4.36, 'unit': 't', 'year': 2024}]
    """
    import pandas as pd

    records: list[dict[str, Any]] = []
    findings: list[Finding] = []
    rows_read = 0
    weights = prorate if isinstance(prorate, Weights) else None
    tables = tables_in(source)
    several = any(_holds_entries(table) for table in tables)
    for table in tables:
        if several and not _holds_entries(table):
            findings += [_ignored(table)] if table.rows else []
            continue
        fields, heading_findings = _fields(table)
        findings += heading_findings
        rows_read += len(table.rows)
        if any(finding.severity == "error" for finding in heading_findings):
            continue
        for number, cells in table.rows:
            row = {
                name: Cell(cells[at] if at < len(cells) else None, table.headings[at]) for name, at in fields.items()
            }
            record, defects = read_row(row, region, prorate=prorate is not False, first_month=first_month)
            findings += [defect.at(file=table.file, sheet=table.sheet, row=number) for defect in defects]
            if not any(defect.severity == "error" for defect in defects):
                record["entity"] = entity_of(record["entity"]) if entity_of else record["entity"]
                located = {**record, "file": table.file, "sheet": table.sheet, "row": number}
                parts = blend_parts(located, row["activity"].text)
                records += [piece for part in parts for piece in cut_off_by_year(part, first_month, weights, findings)]
    records, replaced = superseded(records) if superseding else (records, [])
    duplicates = _duplicates(records)
    findings = sorted(
        [*findings, *replaced, *duplicates], key=lambda finding: (finding.file, finding.sheet, finding.row or 0)
    )
    if strict and any(finding.severity == "error" for finding in findings):
        raise EntriesError(finding for finding in findings if finding.severity == "error")
    twice = {(finding.file, finding.sheet, finding.row) for finding in duplicates}
    sound = [record for record in records if (record["file"], record["sheet"], record["row"]) not in twice]
    frame = pd.DataFrame(sound, columns=list(ENTRY_COLUMNS)).astype(_NUMBER_DTYPES)
    kept = len({(record["file"], record["sheet"], record["row"]) for record in sound})
    kept += sum(finding.rule == "SUPERSEDED" for finding in replaced)
    return Entries(frame, tuple(findings), rows_read, rows_read - kept)


def without_superseded(entries: Entries) -> Entries:
    """Entries of several sources, without those that others supersede.

    Parameters
    ----------
    entries : Entries
        Read with ``superseding=False`` and put together.

    Returns
    -------
    Entries
    """
    frame = entries.frame
    named = set(frame["supersedes"]) - {""}
    if not named:
        return entries
    concerned = frame[(frame["supersedes"] != "") | frame["entry_id"].isin(named)]
    rows = zip(concerned.index, concerned.to_dict("records"), strict=True)
    records = [{**{str(name): value for name, value in record.items()}, "at": at} for at, record in rows]
    standing, findings = superseded(records)
    gone = set(concerned.index) - {record["at"] for record in standing}
    return Entries(
        frame.drop(index=list(gone)).reset_index(drop=True),
        (*entries.findings, *findings),
        entries.rows_read,
        entries.left_out,
    )


def _fields(table: Table) -> tuple[dict[str, int], list[Finding]]:
    """Which column holds which field."""
    fields: dict[str, int] = {}
    findings: list[Finding] = []
    for at, heading in enumerate(table.headings):
        name = _headings().get(_fold(heading))
        if name is not None and name in fields:
            finding = Finding.of("DOUBLE_HEADING", first=table.headings[fields[name]], second=heading, field=name)
            findings.append(finding.at(file=table.file, sheet=table.sheet, row=1, column=heading))
        elif name is not None:
            fields[name] = at
    missing: list[str | Label] = [name for name in ("activity", "amount", "unit") if name not in fields]
    if {"reading_start", "reading_end"} <= set(fields) and "amount" in missing:
        missing.remove("amount")
    if not {"year", "period", "start"} & set(fields):
        missing.append(Label("year (or period, or start and end)", "year（或 period，或 start 和 end）"))
    if missing:
        headings = tuple(heading for heading in table.headings if heading) or Label("none", "无")
        finding = Finding.of("MISSING_COLUMN.entries", missing=missing, headings=headings)
        findings.append(finding.at(file=table.file, sheet=table.sheet, row=1))
    return fields, findings


def _holds_entries(table: Table) -> bool:
    """Whether a table has at least two of the headings that entries need."""
    found = {_headings().get(_fold(heading)) for heading in table.headings}
    return len(found & {"activity", "amount", "unit"}) > 1


def _ignored(table: Table) -> Finding:
    """The note for a sheet beside the entries, such as one of remarks."""
    headings = table.headings[:4] or Label("none", "无")
    return Finding.of("SHEET_NOT_READ", headings=headings).at(file=table.file, sheet=table.sheet, row=1)


_IDENTITY = tuple(column.name for column in ENTRY_SCHEMA if column.is_identity)


def _duplicates(records: list[dict[str, Any]]) -> list[Finding]:
    """Every row that says exactly what an earlier one said."""
    first: dict[tuple[Any, ...], dict[str, Any]] = {}
    findings = []
    for record in records:
        earlier = first.setdefault(tuple(record[name] for name in _IDENTITY), record)
        if earlier is not record:
            row, file = earlier["row"], earlier["file"]
            finding = (
                Finding.of("DUPLICATE_ENTRY.in_file", other_row=row, other_file=file)
                if file
                else Finding.of("DUPLICATE_ENTRY.in_table", other_row=row)
            )
            findings.append(finding.at(file=record["file"], sheet=record["sheet"], row=record["row"]))
    return findings
