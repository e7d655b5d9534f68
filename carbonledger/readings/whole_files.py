"""Files of readings that stay what they are while they are read, and can be read to their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.engine import fault_of_machine
from carbonledger.readings.files import ReadingFiles, name_in, reading_files
from carbonledger.readings.other_engines import EngineError

__all__ = ["with_files"]

_Result = TypeVar("_Result")


def with_files(
    connection: Any, paths: Sequence[Path], folder: Path | None, work: Callable[[ReadingFiles], _Result]
) -> _Result:
    """Do something with files of readings; once more without those that cannot be read to their end.

    Parameters
    ----------
    connection, paths, folder
        As in `reading_files`.
    work : callable
        What is done with the files.

    Raises
    ------
    EntriesError
        If none can be read, or one was changed meanwhile.
    """
    import duckdb

    before = {path: _state(path) for path in paths}
    files = reading_files(connection, paths, folder)
    try:
        result = work(files)
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, EngineError) as error:
        _refuse_changed(before, folder)
        damaged = {} if fault_of_machine(error) else dict(_damaged(connection, files))
        if not damaged and isinstance(error, EngineError):
            raise EntriesError([*files.findings, error.finding]) from None
        if not damaged:
            raise
        kept = [path for path in files.sources if path not in damaged]
        findings = (*files.findings, *(finding for finding, _ in damaged.values()))
        if not kept:
            raise EntriesError(findings) from None
        again = reading_files(connection, kept, folder)
        refused = files.rows_refused + sum(rows for _, rows in damaged.values())
        result = work(replace(again, findings=findings, rows_refused=refused, rows_repeated=files.rows_repeated))
    _refuse_changed(before, folder)
    return result


def _state(path: Path) -> tuple[int, int, int] | None:
    """What tells one content of a file from a later one; none if it is not there."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _refuse_changed(before: Mapping[Path, tuple[int, int, int] | None], folder: Path | None) -> None:
    """Refuse files that are no longer what they were."""
    changed = [path for path, state in before.items() if _state(path) != state]
    if changed:
        raise EntriesError([Finding.of("READINGS.file_changed").at(file=name_in(path, folder)) for path in changed])


def _damaged(connection: Any, files: ReadingFiles) -> Iterator[tuple[Path, tuple[Finding, int]]]:
    """The files that cannot be read to their end, why, and how many rows they should have."""
    import duckdb

    for (path, source), name in zip(files.sources.items(), files.names or map(str, files.sources), strict=True):
        try:
            connection.execute(f"SELECT max(hash(COLUMNS(*))) FROM {source}").fetchall()
        except duckdb.InterruptException:
            raise
        except duckdb.Error as error:
            ((rows,),) = connection.execute(f"SELECT count(*) FROM {source}").fetchall()
            reason = str(error).splitlines()[0]
            yield path, (Finding.of("READINGS.file_damaged", reason=reason, rows=rows).at(file=name), rows)
