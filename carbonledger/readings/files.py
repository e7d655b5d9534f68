"""Parquet files of readings as one relation of DuckDB, with what is wrong with single files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from carbonledger.activity_data.entry_headings import field_of_heading
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.columns import FILE, ROW, kind_of, literal

__all__ = ["ReadingFiles", "engine", "engine_errors", "exactly", "reading_files"]


@contextmanager
def engine(memory: str = "") -> Iterator[Any]:
    """A connection of DuckDB that keeps to some memory and puts what exceeds it into a temporary folder.

    Parameters
    ----------
    memory : str
        Such as ``2GB``; DuckDB's own default without it.

    Raises
    ------
    EntriesError
        If DuckDB is not installed, or the memory is none that it understands.
    """
    try:
        import duckdb
    except ImportError:
        raise EntriesError([Finding.of("READINGS.no_engine")]) from None
    with TemporaryDirectory(prefix="carbonledger-") as folder, duckdb.connect() as connection:
        connection.execute("SET temp_directory = ?", [folder])
        # Its bar would stand among what is printed.
        connection.execute("SET enable_progress_bar = false")
        # The order of rows is no matter for sums, and keeping it costs memory.
        connection.execute("SET preserve_insertion_order = false")
        if memory:
            try:
                connection.execute("SET memory_limit = ?", [memory])
            except duckdb.Error:
                raise EntriesError([Finding.of("READINGS.memory", text=memory)]) from None
        yield connection


def engine_errors() -> tuple[type[Exception], ...]:
    """What DuckDB raises, for instance of a file that breaks off while it is read; nothing where it is not installed."""
    try:
        import duckdb
    except ImportError:
        return ()
    return (duckdb.Error,)


@dataclass(frozen=True, slots=True)
class ReadingFiles:
    """Files that are read together.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Their rows, with the number of the file and of the row in it.
    query : str
        What DuckDB reads them with, without these numbers.
    paths : tuple of Path
        The files that are read.
    names : tuple of str
        How findings name the files that are read, by number; none if their rows cannot be named.
    findings : tuple of Finding
        Of files that are left out.
    rows_refused : int
        How many rows those have, as far as they can be counted.
    """

    relation: Any
    query: str
    paths: tuple[Path, ...]
    names: tuple[str, ...]
    findings: tuple[Finding, ...]
    rows_refused: int


def reading_files(connection: Any, paths: Sequence[Path], folder: Path | None = None) -> ReadingFiles:
    """Files of Parquet as one relation.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Which reads them.
    paths : sequence of Path
        Each file once.
    folder : Path, optional
        From which findings name them.

    Returns
    -------
    ReadingFiles

    Raises
    ------
    EntriesError
        If none can be read.
    """
    import duckdb

    sound: dict[Path, str] = {}
    findings, refused = [], 0
    kinds: dict[str, str] = {}
    for path in paths:
        name = _name(path, folder)
        try:
            relation = connection.sql(f"SELECT * FROM read_parquet({exactly(path)})")
        except (duckdb.Error, OSError) as error:
            reason = str(error).splitlines()[0]
            findings.append(Finding.of("UNREADABLE_PARQUET", reason=reason).at(file=name))
            continue
        unlike = _unlike(kinds, dict(zip(relation.columns, map(str, relation.types), strict=True)))
        if unlike:
            rows = len(relation)
            refused += rows
            finding = Finding.of("READINGS.file_unlike", column=unlike[0], type=unlike[1], rows=rows)
            findings.append(finding.at(file=name))
            continue
        sound[path] = name
    if not sound:
        raise EntriesError(findings or [Finding.of("READINGS.no_file")])
    together = f"read_parquet([{', '.join(map(exactly, sound))}], union_by_name=true)"
    # A column of the files hides DuckDB's own of the same name, and no row is named.
    own = {name.casefold() for name in connection.sql(f"SELECT * FROM {together}").columns}
    places = "" if own & {"file_index", "file_row_number"} else f", file_index AS {FILE}, file_row_number AS {ROW}"
    query = f"SELECT *{places} FROM {together}"
    return ReadingFiles(
        connection.sql(query), together, tuple(sound), tuple(sound.values()) if places else (), tuple(findings), refused
    )


def exactly(path: Path) -> str:
    """The text by which DuckDB reads one file, whatever its name has of a pattern."""
    return literal("".join(f"[{sign}]" if sign in "[*?" else sign for sign in str(path)))


def _unlike(kinds: dict[str, str], types: Mapping[str, str]) -> tuple[str, str] | None:
    """The column of a file, and its type, that holds no numbers, or another kind of moments than in the files before."""
    fields = {heading: field_of_heading(heading) for heading in types}
    own = {heading: kind_of(types[heading]) for heading, field in fields.items() if field in {"amount", "start", "end"}}
    for heading, kind in own.items():
        if (fields[heading] == "amount" and kind != "number") or kinds.get(fields[heading], kind) != kind:
            return heading, types[heading]
    kinds.update({fields[heading]: kind for heading, kind in own.items()})
    return None


def _name(path: Path, folder: Path | None) -> str:
    """How findings name a file."""
    return path.relative_to(folder).as_posix() if folder and path.is_relative_to(folder) else path.as_posix()
