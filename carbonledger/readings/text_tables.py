"""Files of text in tables of DuckDB: which rows are whose, and which number a spreadsheet gives them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from carbonledger.core.duckdb_text import quoted
from carbonledger.core.findings import Finding
from carbonledger.readings.columns import FILE, ROW
from carbonledger.readings.dialect import Dialect
from carbonledger.readings.engine import HELD
from carbonledger.readings.paths import folder_columns

__all__ = ["LEFT", "Asked", "Group", "TextFiles"]

# The column that says why a row is in no sum: empty if it is blank, null if it is in one.
LEFT = "carbonledger_left"


@dataclass(frozen=True, slots=True)
class Asked:
    """A file with its dialect: where it lies in UTF-8, its name, and the cells that told how it spells."""

    path: Path
    utf_8: Path
    name: str
    dialect: Dialect
    texts: Mapping[str, list[str]] = field(compare=False)
    is_settled: bool = False
    is_alone: bool = False


@dataclass(slots=True)
class Group:
    """Files that are read together, and what of them was read."""

    number: int
    files: list[Asked]
    rows: dict[int, tuple[int, int]] = field(default_factory=dict)
    blank: dict[int, int] = field(default_factory=dict)
    left: dict[int, list[tuple[str, int, int, list[str]]]] = field(default_factory=dict)
    skipped: dict[int, list[int]] = field(default_factory=dict)
    broken: dict[int, tuple[str, int]] = field(default_factory=dict)
    malformed: dict[int, list[int]] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """The table that they are read into."""
        return f"{HELD}.texts_{self.number}"

    @property
    def columns(self) -> tuple[str, ...]:
        """Its columns: the headings, and what the folders say."""
        headings = self.files[0].dialect.headings
        return (*headings, *(name for name in folder_columns(self.files[0].path) if name not in headings))

    @property
    def selected(self) -> str:
        """Its columns under their names; in the table they have numbers, since a heading may be any word of DuckDB."""
        return ", ".join(f"texts.c{at} AS {quoted(name)}" for at, name in enumerate(self.columns))

    def left_rows(self, file: int) -> int:
        """How many rows of a file are refused."""
        return sum(rows for _, rows, _, _ in self.left.get(file, ())) + len(self.malformed.get(file, ()))

    def kept_rows(self, file: int) -> int:
        """How many rows of a file can be read."""
        of_texts = sum(rows for _, rows, _, _ in self.left.get(file, ()))
        return self.rows.get(file, (0, 0))[1] - self.blank.get(file, 0) - of_texts

    def row(self, file: int, at: int) -> int:
        """The number of a row as a spreadsheet shows it, by its position in the table."""
        dialect = self.files[file].dialect
        found = dialect.row + 1 + at - self.rows[file][0]
        for line in self.skipped.get(file, ()):
            found += line + dialect.row - dialect.lines <= found
        return found


@dataclass(frozen=True, slots=True)
class TextFiles:
    """Files of text that were read.

    Parameters
    ----------
    places : mapping of Path to tuple of (group, int)
        The group of each file that is read, and its position there.
    findings : tuple of Finding
        Of files and rows that are left out.
    rows_refused : int
        How many rows the files have that are left out whole.
    """

    places: Mapping[Path, tuple[Group, int]]
    findings: tuple[Finding, ...]
    rows_refused: int

    def types(self, path: Path) -> dict[str, str]:
        """The type of each column of a file in DuckDB."""
        dialect = self.places[path][0].files[0].dialect
        kinds = {dialect.heading(name): kind for name, kind in (*dialect.spelling.kinds, ("amount", "DOUBLE"))}
        return {name: kinds.get(name, "VARCHAR") for name in self.places[path][0].columns}

    def rows(self, path: Path) -> int:
        """How many rows of a file are read."""
        group, at = self.places[path]
        return group.kept_rows(at)

    def refused(self, path: Path) -> int:
        """How many rows of a file that is read are refused."""
        group, at = self.places[path]
        return group.left_rows(at)

    def source(self, path: Path) -> str:
        """A query for the rows of one file."""
        group, at = self.places[path]
        return f"(SELECT {group.selected} FROM {group.table} AS texts WHERE {FILE} = {at} AND {LEFT} IS NULL)"

    def queries(self, numbers: Mapping[Path, int]) -> Iterator[str]:
        """Queries that together give the rows of some files, each with the number of its file and of its row."""
        groups: dict[int, tuple[Group, dict[int, int]]] = {}
        for path, number in numbers.items():
            group, at = self.places[path]
            groups.setdefault(group.number, (group, {}))[1][at] = number
        for group, meant in groups.values():
            yield from _queries(group, meant)


def _queries(group: Group, meant: Mapping[int, int]) -> Iterator[str]:
    """Queries for the rows of some files of a group, by their positions there and their numbers."""
    numbers = [meant.get(at, -1) for at in range(len(group.files))]
    shifts = [one.dialect.row - group.rows.get(at, (0, 0))[0] for at, one in enumerate(group.files)]
    places = f"{numbers}[texts.{FILE} + 1] AS {FILE}, texts.rowid + {shifts}[texts.{FILE} + 1]"
    with_gaps = [at for at in meant if group.skipped.get(at)]
    without = [at for at in meant if not group.skipped.get(at)]
    for files, shift in ((without, ""), (with_gaps, " + coalesce(gaps.shift, 0)")):
        if files:
            beside = f"ASOF LEFT JOIN {group.table}_gaps AS gaps ON texts.{FILE} = gaps.file AND texts.rowid >= gaps.position"
            listed = ", ".join(map(str, files))
            yield (
                f"SELECT {group.selected}, {places}{shift} AS {ROW} FROM {group.table} AS texts {beside if shift else ''} "
                f"WHERE texts.{LEFT} IS NULL AND texts.{FILE} IN ({listed})"
            )
