"""Readings of meters as entries: one for each source and month, with what is wrong with the rows behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.entries import Entries, read_entries
from carbonledger.activity_data.tally import SheetTally
from carbonledger.core.duckdb_text import literal
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.columns import TEXTS, ReadingColumns, placed, reading_columns
from carbonledger.readings.defects import chains_of, refused_findings
from carbonledger.readings.engine import engine as duckdb_engine
from carbonledger.readings.engines import rows_of_files
from carbonledger.readings.files import ReadingFiles
from carbonledger.readings.other_engines import EngineName, EngineRows, brought_over, check_engine, summed_elsewhere
from carbonledger.readings.spikes import spike_findings
from carbonledger.readings.stated import files_of
from carbonledger.readings.summation import PIECE, Span, Summation, summed_readings
from carbonledger.readings.whole_files import with_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Said", "SummedEntries", "entries_of_relation", "read_readings", "summed_entries", "without_repeated"]

# A month that is covered less is not held against the others of its source, as one that somebody explained.
_MOST_OF_MONTH = 0.75
_PART = "part of the month (不足整月); "


@dataclass(frozen=True, slots=True)
class Said:
    """What is said of readings and stands in no row.

    Parameters
    ----------
    name : str
        What they are called together.
    texts : mapping of str to str
        What is the same for all rows.
    step, zone : str
        How long a reading is; and whose days and months are meant. Empty where the columns say it.
    files : tuple of str
        What the files are called, by number.
    findings : tuple of Finding
        Of files that were left out.
    rows_refused, rows_repeated : int
        How many rows those have; and how many are those of another file.

    Raises
    ------
    TypeError
        If a text is said that readings have no column for.
    """

    name: str
    texts: Mapping[str, str]
    step: str = ""
    zone: str = ""
    files: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()
    rows_refused: int = 0
    rows_repeated: int = 0

    def of_files(self, files: ReadingFiles) -> Said:
        """The same of some files."""
        return replace(
            self,
            files=files.names,
            findings=files.findings,
            rows_refused=files.rows_refused,
            rows_repeated=files.rows_repeated,
        )

    def __post_init__(self) -> None:
        unknown = [name for name in self.texts if name not in TEXTS]
        if unknown:
            raise TypeError(f"readings have no {unknown[0]!r}; what may be stated is {', '.join(TEXTS)}")


def read_readings(
    files: str | Path | Sequence[str | Path],
    *,
    folder: Path | None = None,
    stated: Mapping[str, str] | None = None,
    step: str = "",
    zone: str = "",
    memory: str = "",
    engine: EngineName = "duckdb",
    read: Callable[[pd.DataFrame], Entries] = read_entries,
) -> Entries:
    """Entries from files of readings, Parquet or CSV, however large: the rows are summed by source and month by DuckDB.

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
    zone : str
        Whose days and months are meant by moments that are stated with a time zone, such as ``Asia/Shanghai``.
    memory : str
        What DuckDB may take, such as ``2GB``; what exceeds it goes to the disk.
    engine : {"duckdb", "polars", "spark"}
        Which goes through the rows; memory is limited with DuckDB only.
    read : callable
        Reads the sums as a table; `read_entries` with options of the caller.

    Returns
    -------
    Entries
        One row for each source and month, with file and row of its first reading. Every row of the files is in a sum, or in a finding:
        defective rows are left out, a reading that repeats another one is counted once, and series whose readings overlap or leave gaps
        are named.

    Raises
    ------
    EntriesError
        If there is no such file, or a heading cannot be used.

    Examples
    --------
    >>> import pandas as pd
    >>> start = pd.date_range("2024-01-01", periods=8, freq="15min")
    >>> meter = pd.DataFrame({"source": "meter 1", "start": start, "amount": 0.25})
    >>> stated = {"activity": "electricity.grid", "unit": "kWh", "region": "CN-SD"}
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     meter.to_parquet(Path(folder) / "meter.parquet")
    ...     entries = read_readings(Path(folder) / "meter.parquet", stated=stated, step="15 minutes")
    >>> entries.frame[["source", "amount", "unit", "year"]].to_dict("records")
    [{'source': 'meter 1', 'amount': 2.0, 'unit': 'kWh', 'year': 2024}]
    """
    given = tuple(map(str, [files] if isinstance(files, str | Path) else files))
    home = folder or Path()
    said = Said(", ".join(given), stated or {}, step, zone)
    paths = files_of(given, home)
    check_engine(engine, memory=memory)
    with duckdb_engine(memory) as connection:

        def work(files: ReadingFiles) -> Entries:
            with rows_of_files(engine, connection, files) as elsewhere:
                return summed_entries(files.relation, said.of_files(files), read, elsewhere).entries

        return with_files(connection, paths, home, work)


def entries_of_relation(relation: Any, said: Said, read: Callable[[pd.DataFrame], Entries] = read_entries) -> Entries:
    """Entries from a relation of DuckDB that can be gone through again, such as a table, see `read_readings`."""
    return summed_entries(relation, said, read).entries


@dataclass(frozen=True, slots=True)
class SummedEntries:
    """Entries with the sums that they are.

    Parameters
    ----------
    entries : Entries
        One or more for each sum that can be read.
    sums : pandas.DataFrame
        As in `carbonledger.readings.summation.Summation`, readings that repeat others left out.
    numbers : tuple of int
        For each entry the position of its sum.
    columns : ReadingColumns
        Which columns hold what.
    """

    entries: Entries
    sums: pd.DataFrame
    numbers: tuple[int, ...]
    columns: ReadingColumns


def summed_entries(
    relation: Any,
    said: Said,
    read: Callable[[pd.DataFrame], Entries] = read_entries,
    elsewhere: EngineRows | None = None,
) -> SummedEntries:
    """Entries from a relation of DuckDB, with the sums that they are.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of the readings; it is gone through once, and again where something is wrong.
    said : Said
        What stands in no row.
    read : callable
        Reads the sums as a table.
    elsewhere : EngineRows, optional
        The same readings with another engine, which goes through them instead.

    Returns
    -------
    SummedEntries

    Raises
    ------
    EntriesError
        If a heading cannot be used, or no row can be summed.
    """
    types = dict(zip(relation.columns, map(str, relation.types), strict=True))
    _check_zone(relation, said)
    columns = reading_columns(types, said.texts, said.step, said.zone)
    summed = _summed(relation, elsewhere, columns)
    found = [*said.findings, *_of_columns(columns, summed.sums, said)]
    if summed.refused:
        rows_refused = relation if elsewhere is None else brought_over(relation, elsewhere, columns)
        found += refused_findings(rows_refused, columns, said.name, said.files)
    if not len(summed.sums):
        raise EntriesError([*found, Finding.of("NO_ENTRIES")])

    def rows_of_sums(chosen: pd.DataFrame) -> Any:
        return relation if elsewhere is None else brought_over(relation, elsewhere, columns, chosen)

    found += spike_findings(rows_of_sums, columns, summed.sums, said.name, said.files)
    meant = relation if elsewhere is None else _of_broken(relation, elsewhere, columns, summed.sums)
    sums, of_chains, repeated = without_repeated(meant, columns, summed.sums, said.name)
    read_sums = read(_table(sums, columns))
    refused = _refused(sums, read_sums) + summed.refused + said.rows_refused
    repeated += said.rows_repeated
    rows = summed.rows + said.rows_refused + said.rows_repeated
    tally = SheetTally(said.name, "", rows=rows, entries=rows - refused - repeated, repeated=repeated, refused=refused)
    frame = _at_first_readings(read_sums.frame, sums, said)
    findings = (*found, *of_chains, *_of_sums(read_sums.findings, sums, said))
    numbers = tuple(int(row) - 2 for row in read_sums.frame["row"])
    return SummedEntries(Entries(frame, findings, (tally,)), sums, numbers, columns)


def _summed(relation: Any, elsewhere: EngineRows | None, columns: ReadingColumns) -> Summation:
    """The sums of DuckDB, or of another engine."""
    if elsewhere is None:
        return summed_readings(relation, columns)
    return summed_elsewhere(relation, elsewhere, columns)


def _of_broken(relation: Any, elsewhere: EngineRows, columns: ReadingColumns, sums: pd.DataFrame) -> Any:
    """The rows of another engine that are to be gone through again; the relation, which is not asked for any, if there are none."""
    broken = _broken(sums)
    meant = broken[~broken["follows"].astype(bool)]
    return brought_over(relation, elsewhere, columns, meant) if len(broken) else relation


def _check_zone(relation: Any, said: Said) -> None:
    """Refuse a time zone that DuckDB does not know."""
    if said.zone:
        query = f"SELECT count(*) FROM pg_timezone_names() WHERE name = {literal(said.zone)}"
        if not relation.query("readings", query).fetchall()[0][0]:
            raise EntriesError([*said.findings, Finding.of("READINGS.zone", text=said.zone)])


def _of_columns(columns: ReadingColumns, sums: pd.DataFrame, said: Said) -> Iterator[Finding]:
    """What is to be said of the columns: amounts of 7 digits, and that nothing says which meter a reading is of."""
    kind = columns.types[columns.headings["amount"]]
    if kind in {"FLOAT", "REAL"}:
        yield Finding.of("READINGS_SINGLE", column=columns.headings["amount"]).at(file=said.name)
    unnamed = int(sums.loc[~_are_named(sums), "readings"].sum())
    if unnamed:
        yield Finding.of("READINGS_UNNAMED", rows=unnamed).at(file=said.name)


def _are_named(sums: pd.DataFrame) -> pd.Series[bool]:
    """Which sums are of readings that say which meter they are of."""
    if "source" not in sums:
        return sums["readings"] < 0
    return sums["source"].notna() & (sums["source"] != "")


def _broken(sums: pd.DataFrame) -> pd.DataFrame:
    """The sums of series whose readings do not follow one another."""
    return sums[_are_named(sums) & ~sums["is_whole"].astype(bool)]


def without_repeated(
    relation: Any, columns: ReadingColumns, sums: pd.DataFrame, name: str, span: Span = "month"
) -> tuple[pd.DataFrame, list[Finding], int]:
    """The sums without readings that repeat others, what is to be said of their series, and how many readings repeat others."""
    broken = _broken(sums)
    if not len(broken):
        return sums, [], 0
    chains = chains_of(relation, columns, broken, span)
    keys = [*columns.texts, *PIECE]
    joined = sums.merge(chains.table[[*keys, "repeated", "amount_once"]], on=keys, how="left")
    again = joined["repeated"].fillna(0).astype("int64")
    joined["amount"] = joined["amount_once"].where(again > 0, joined["amount"])
    joined["readings"] -= again
    return joined, list(chains.findings(name)), int(again.sum())


def _table(sums: pd.DataFrame, columns: ReadingColumns) -> pd.DataFrame:
    """The sums as a table of entries, by the days that their readings cover."""
    table = sums[[*columns.texts, "amount"]].copy()
    table["start"] = sums["first_day"].dt.date
    # A period that ends at midnight ends with the day before.
    table["end"] = (sums["last_day"] - timedelta(microseconds=1)).dt.date
    alike = table.duplicated(keep=False)
    if alike.any():
        # Sums of other hours of the same days are no repeats of each other, which their numbers say.
        table["entry_id"] = [str(number) if twin else "" for number, twin in enumerate(alike, start=1)]
    return table


def _refused(sums: pd.DataFrame, entries: Entries) -> int:
    """How many readings are in sums that became no entry."""
    kept = set(entries.frame["row"])
    return sum(int(count) for row, count in enumerate(sums["readings"], start=2) if row not in kept)


def _places(sums: pd.DataFrame, said: Said) -> list[int]:
    """Where the first reading of each sum stands; the number of the sum where readings stand in no file."""
    return [int(place) for place in sums["place"]] if said.files else list(range(2, len(sums) + 2))


def _named_place(place: int, said: Said) -> tuple[str, int]:
    """The file and the row of one of `_places`."""
    first = placed(place) if said.files else None
    return (said.name, place) if first is None else (said.files[first[0]], first[1] + 1)


def _of_part(sums: pd.DataFrame) -> list[bool]:
    """Which sums of short readings cover so little of their month that it is like no other one."""
    hours = sums["covered"] / 3.6e9
    is_part = (hours < _MOST_OF_MONTH * 24 * sums["span"].dt.days_in_month) & sums["long_start"].isna()
    return [bool(part) for part in is_part]


def _at_first_readings(frame: pd.DataFrame, sums: pd.DataFrame, said: Said) -> pd.DataFrame:
    """The entries with the place of their first reading, and how many readings they are the sum of."""
    rows = [int(row) for row in frame["row"]]
    all_places, all_counts, parts = _places(sums, said), list(map(int, sums["readings"])), _of_part(sums)
    places = [_named_place(all_places[row - 2], said) for row in rows]
    counts = [all_counts[row - 2] for row in rows]
    own = [
        f"{_PART if parts[row - 2] else ''}readings: {count:,} summed ({count:,} 条读数合计)"
        for row, count in zip(rows, counts, strict=True)
    ]
    notes = [f"{note}; {text}" if note else text for note, text in zip(frame["note"], own, strict=True)]
    files, numbers = [file for file, _ in places], [number for _, number in places]
    return frame.assign(file=files, row=numbers, note=notes)


def _of_sums(findings: Sequence[Finding], sums: pd.DataFrame, said: Said) -> Iterator[Finding]:
    """What was found in the sums, where the first reading stands that it concerns; the same of several sums once."""
    alike: dict[Finding, list[int]] = {}
    for finding in findings:
        if finding.row is None:
            yield finding.at(file=said.name)
        else:
            alike.setdefault(replace(finding, row=None, file=""), []).append(finding.row)
    places, counts = _places(sums, said), list(map(int, sums["readings"]))
    for finding, rows in alike.items():
        file, number = _named_place(min(places[row - 2] for row in rows), said)
        count = sum(counts[row - 2] for row in dict.fromkeys(rows))
        yield replace(finding.at(file=file, row=number), rows=count)
