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
from carbonledger.readings.columns import is_number

__all__ = ["ReadingFiles", "engine", "engine_errors", "reading_files"]


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
        Their rows, with ``filename`` and ``file_row_number``.
    findings : tuple of Finding
        Of files that are left out.
    rows_refused : int
        How many rows those have, as far as they can be counted.
    """

    relation: Any
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

    sound, findings, refused = [], [], 0
    kinds: dict[str, bool] = {}
    for path in paths:
        name = _name(path, folder)
        try:
            relation = connection.read_parquet(str(path))
        except (duckdb.Error, OSError) as error:
            reason = str(error).splitlines()[0]
            findings.append(Finding.of("UNREADABLE_PARQUET", reason=reason).at(file=name))
            continue
        unlike = _unlike(kinds, dict(zip(relation.columns, map(str, relation.types), strict=True)))
        if unlike:
            refused += len(relation)
            values = {"column": unlike[0], "type": unlike[1], "rows": len(relation)}
            findings.append(Finding.of("READINGS.file_unlike", **values).at(file=name))
            continue
        sound.append(str(path))
    if not sound:
        raise EntriesError(findings or [Finding.of("READINGS.no_file")])
    together = connection.read_parquet(sound, filename=True, file_row_number=True, union_by_name=True)
    return ReadingFiles(together, tuple(findings), refused)


def _unlike(kinds: dict[str, bool], types: Mapping[str, str]) -> tuple[str, str] | None:
    """The column of a file, and its type, that is a number here and none in the files before, or the other way round."""
    own = {heading: (field_of_heading(heading), is_number(kind)) for heading, kind in types.items()}
    for heading, (field, number) in own.items():
        if field == "amount" and not number:
            return heading, types[heading]
        if kinds.setdefault(heading, number) != number:
            return heading, types[heading]
    return None


def _name(path: Path, folder: Path | None) -> str:
    """How findings name a file."""
    return path.relative_to(folder).as_posix() if folder and path.is_relative_to(folder) else path.as_posix()
