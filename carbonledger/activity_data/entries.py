"""Tables in, entries and findings out.

An entry is one line of activity data. Rows that cannot be understood become findings, all of them at once, and
stay out of the entries; nothing is guessed and nothing is lost.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.activity_data.coarser_entries import coarser_entries
from carbonledger.activity_data.corrections import superseded
from carbonledger.activity_data.cutoff import Weights
from carbonledger.activity_data.entries_html import entries_html
from carbonledger.activity_data.entry_columns import Conventions
from carbonledger.activity_data.entry_rows import RowsRead
from carbonledger.activity_data.entry_tables import TableRead
from carbonledger.activity_data.settled_tables import unmatched_settings
from carbonledger.activity_data.source_tables import table_settings, tables_read
from carbonledger.activity_data.tally import SheetTally, summed
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, counted
from carbonledger.core.period_texts import DateOrder
from carbonledger.core.periods import Period
from carbonledger.core.regions import canonical_region
from carbonledger.core.schema import ENTRY_SCHEMA
from carbonledger.tables.column import Column

if TYPE_CHECKING:
    import pandas as pd

    from carbonledger.activity_data.table_settings import TableSettings

__all__ = [
    "ENTRY_COLUMNS",
    "Entries",
    "entries_of",
    "read_entries",
    "without_coarser",
    "without_duplicates",
    "without_superseded",
]

ENTRY_COLUMNS = tuple(column.name for column in ENTRY_SCHEMA)
_IDENTITY = tuple(column.name for column in ENTRY_SCHEMA if column.is_identity)
Place = tuple[str, str, int]


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
    tallies : tuple of SheetTally
        What became of every row and cell of each sheet.
    """

    frame: pd.DataFrame
    findings: tuple[Finding, ...] = ()
    tallies: tuple[SheetTally, ...] = ()

    def __repr__(self) -> str:
        when = self._years
        rows = counted(len(self), "row") + (f" of {when}" if when else "")
        return f"Entries({rows}, {counted(len(self.findings), 'finding')})"

    def to_html(self, lang: Lang = "en") -> str:
        """How many entries there are, what was found, and the first ten as a table, as a notebook shows them, in a language."""
        account = summed(self.tallies)
        return entries_html(self.frame, self._years, self.findings, account.refused, account.repeated, lang)

    def _repr_html_(self) -> str:
        return self.to_html()

    @property
    def _years(self) -> str:
        """The first and the last year; empty if there is none."""
        years = sorted(map(int, self.frame["year"].dropna().unique())) if "year" in self.frame else []
        return "-".join(dict.fromkeys(str(year) for year in (years[:1] + years[-1:])))

    @property
    def complete(self) -> bool:
        """Whether no row was left out."""
        return not any(finding.severity == "error" for finding in self.findings)

    @property
    def rows_read(self) -> int:
        """How many rows the input had."""
        return summed(self.tallies).rows

    @property
    def left_out(self) -> int:
        """How many rows are in no entry, although they were meant to be one."""
        account = summed(self.tallies)
        return account.refused + account.repeated

    def without(self, kept: pd.DataFrame, left_out: Mapping[Place, Finding], *, account: str) -> Entries:
        """The entries that are kept, with the findings about the others.

        Parameters
        ----------
        kept : pandas.DataFrame
            What is left of the frame.
        left_out : mapping of (file, sheet, row) to Finding
            Why each row of a file is left out.
        account : {"repeated", "replaced", "controls", "refused"}
            Where its row is counted from now on.
        """
        gone = Counter((file, sheet) for file, sheet, _ in left_out)
        tallies = tuple(
            replace(item, entries=item.entries - count, **{account: getattr(item, account) + count})
            if (count := gone.get((item.file, item.sheet), 0))
            else item
            for item in self.tallies
        )
        return Entries(kept.reset_index(drop=True), (*self.findings, *left_out.values()), tallies)

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
        return Entries(self.frame[chosen].reset_index(drop=True), self.findings, self.tallies)

    def __len__(self) -> int:
        return len(self.frame)


def read_entries(
    source: Any,
    *,
    region: str = "",
    home: str = "",
    entity_of: Callable[[str], str] | None = None,
    prorate: bool | Weights = False,
    first_month: int = 1,
    strict: bool = False,
    superseding: bool = True,
    decimal: str = "",
    date_order: DateOrder = "",
    listed: Collection[str] = (),
    activities: Mapping[str, str] | None = None,
    priced: Callable[[], Collection[str]] = frozenset,
    year: int = 0,
    name: str = "",
    tables: Sequence[Mapping[str, Any] | TableSettings] = (),
) -> Entries:
    """Entries from a file, a folder, a DataFrame or Python mappings.

    Parameters
    ----------
    source : path, DataFrame, or sequence of mappings
        Headings may be English or Chinese, see ``activity_data/headings.csv``. ``activity``, ``amount`` and ``unit`` are needed,
        and a period: a ``year``, a ``year`` and ``month``, a ``period``, or ``start`` and ``end`` (both included).
    region : str, optional
        Where entries took place that do not say so, e.g. ``CN-SD``.
    home : str, optional
        The region of the reporter, by default `region`: it settles the conventions of the files and names that several countries share.
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
        Whether entries that others supersede, and those that sum up others, are left out; not if that is decided over several sources,
        see `without_superseded` and `without_coarser`.
    decimal : {"", ".", ","}
        The decimal sign of numbers written as text; by default the cells of each column tell it, then the file, then the country of
        `region`, and what is left open is a finding.
    date_order : {"", "day_first", "month_first"}
        What 03/04/2024 means; by default the cells of the table tell it, then the length of its bills, then the country of `region`, and
        what is left open is a finding.
    listed : collection of str
        Names of companies and sites; one that sounds like a total is none.
    activities : mapping of str to str, optional
        Activities by names of the reporter's own, e.g. ``{"用电量": "electricity.grid"}``.
    priced : callable, optional
        Gives the activities for which there are factors, e.g. those of a book's editions; they come first where a name may mean several.
    year : int, optional
        The year of months across whose year neither headings nor titles state.
    name : str
        What findings call the file; its own name by default.
    tables : sequence of mapping
        What is stated of tables, with the names of a ``[[table]]`` of ``book.toml``, see ``docs/tables.md``: e.g.
        ``{"file": "*.csv", "headings": 3, "columns": {"kWh used": "amount (kWh)"}, "activity": "electricity.grid"}``.

    Returns
    -------
    Entries

    Raises
    ------
    RegionError
        If `region` or `home` cannot be read.
    EntriesError
        If the source cannot be read at all; or, when strict, if any row is defective.

    Examples
    --------
    >>> entries = read_entries([{"能源种类": "汽油", "用量": "4.36", "单位": "吨", "年份": 2024}])
    >>> entries.frame[["activity", "amount", "unit", "year"]].to_dict("records")
    [{'activity': 'fuel.gasoline', 'amount': 4.36, 'unit': 't', 'year': 2024}]
    """
    region, reporter = (canonical_region(text) if text.strip() else "" for text in (region, home or region))
    conventions = Conventions(
        region, entity_of, prorate, first_month, decimal, listed, date_order, reporter, year, activities or {}, priced
    )
    stated = table_settings(tables) if tables else []
    return entries_of(tables_read(source, conventions, stated, name), stated, strict=strict, superseding=superseding)


def entries_of(
    parts: Sequence[TableRead],
    settings: Sequence[TableSettings] = (),
    *,
    strict: bool = False,
    superseding: bool = True,
) -> Entries:
    """The entries of tables that were read, see `read_entries`."""
    findings = [finding for part in parts for finding in part.findings]
    frame = _frame([part.rows for part in parts if part.rows is not None])
    entries = Entries(frame, tuple(findings), tuple(part.tally for part in parts))
    entries = without_duplicates(entries)
    if superseding:
        entries = without_coarser(without_superseded(entries))
        unmatched = unmatched_settings(settings, [(item.file, item.sheet) for item in entries.tallies])
        entries = replace(entries, findings=(*entries.findings, *(finding for _, finding in unmatched)))
    ordered = sorted(entries.findings, key=lambda finding: (finding.file, finding.sheet, finding.row or 0))
    if strict and any(finding.severity == "error" for finding in ordered):
        raise EntriesError(finding for finding in ordered if finding.severity == "error")
    return replace(entries, findings=tuple(ordered))


def _frame(parts: Sequence[RowsRead]) -> pd.DataFrame:
    """The entries of several tables as one frame, its columns of the types that the schema states."""
    import pandas as pd

    frames = [_frame_of(part) for part in parts if len(part.rows)]
    if not frames:
        return pd.DataFrame({column.name: pd.Series([], dtype=column.pandas_dtype) for column in ENTRY_SCHEMA})
    return pd.concat(frames, ignore_index=True) if len(frames) > 1 else frames[0]


def _frame_of(part: RowsRead) -> pd.DataFrame:
    """The entries of one table."""
    import pandas as pd

    place = np.zeros(len(part.rows), dtype=np.intp)
    own = {
        **part.columns,
        "file": Column(codes=place, values=[part.tally.file]),
        "sheet": Column(codes=place, values=[part.tally.sheet]),
    }
    numbers = {"amount": part.amounts, "row": part.rows}
    return pd.DataFrame(
        {
            item.name: numbers[item.name] if item.name in numbers else own[item.name].series(item.pandas_dtype)
            for item in ENTRY_SCHEMA
        }
    )


def without_duplicates(entries: Entries) -> Entries:
    """Entries without those that say exactly what an earlier one says.

    Parameters
    ----------
    entries : Entries
        Of one or several sources.

    Returns
    -------
    Entries
        With a DUPLICATE_ENTRY for each that is left out.
    """
    frame = entries.frame
    key = list(_IDENTITY)
    # Rows that say the same state the same amount, which is quick to tell.
    alike = frame[frame["amount"].duplicated(keep=False)]
    concerned = alike[alike.duplicated(key, keep=False)]
    if not len(concerned):
        return entries
    again = frame.index.isin(concerned.index[concerned.duplicated(key)])
    first: dict[tuple[Any, ...], Any] = {}
    findings = {}
    for record in concerned.to_dict("records"):
        earlier = first.setdefault(tuple(record[name] for name in key), record)
        if earlier is not record:
            place = (record["file"], record["sheet"], int(record["row"]))
            row, file = earlier["row"], earlier["file"]
            finding = (
                Finding.of("DUPLICATE_ENTRY.in_file", other_row=row, other_file=file)
                if file
                else Finding.of("DUPLICATE_ENTRY.in_table", other_row=row)
            )
            findings[place] = finding.at(file=place[0], sheet=place[1], row=place[2])
    return entries.without(frame[~again], findings, account="repeated")


def without_coarser(entries: Entries) -> Entries:
    """Entries without those that sum up others, such as a year beside its months.

    Parameters
    ----------
    entries : Entries
        Of one or several sources.

    Returns
    -------
    Entries
        With a TOTAL_ROW for each total that agrees, and a TOTAL_DISAGREES for each longer period that does not.
    """
    found = coarser_entries(entries.frame)
    if not found.are_coarser.any():
        return entries
    kept = entries.without(entries.frame, found.agreeing, account="controls")
    return kept.without(entries.frame[~found.are_coarser], found.contradicting, account="refused")


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
    if not (frame["supersedes"] != "").any():
        return entries
    named = set(frame["supersedes"]) - {""}
    concerned = frame[(frame["supersedes"] != "") | frame["entry_id"].isin(named)]
    rows = zip(concerned.index, concerned.to_dict("records"), strict=True)
    records = [{**{str(name): value for name, value in record.items()}, "at": at} for at, record in rows]
    standing, findings = superseded(records)
    gone = set(concerned.index) - {record["at"] for record in standing}
    if not gone:
        return replace(entries, findings=(*entries.findings, *findings))
    replaced = {(item.file, item.sheet, item.row or 0): item for item in findings if item.rule == "SUPERSEDED"}
    others = tuple(item for item in findings if item.rule != "SUPERSEDED")
    kept = replace(entries, findings=(*entries.findings, *others))
    return kept.without(frame.drop(index=list(gone)), replaced, account="replaced")
