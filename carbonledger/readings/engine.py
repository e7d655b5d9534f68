"""DuckDB as the engine of readings: within some memory, attended while it works, and its faults as findings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir
from typing import Any

from carbonledger.core.duckdb_text import literal
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.attended import Watch, attended

__all__ = ["HELD", "engine", "engine_errors", "fault_of_machine"]

# The database in the temporary folder for rows that are kept, since they may be gone through again.
HELD = "carbonledger_held_rows"
# What its client raises where it looked at the signal before us.
_INTERRUPTED = "Query interrupted"
# What the system says of a disk that takes no more.
_FULL = ("No space left", "quota exceeded", "File too large", "not enough space")


@contextmanager
def engine(memory: str = "", watch: Watch | None = None, others: Sequence[Callable[[], object]] = ()) -> Iterator[Any]:
    """A connection of DuckDB that keeps to some memory and puts what exceeds it into a temporary folder.

    Parameters
    ----------
    memory : str
        Such as ``2GB``; DuckDB's own default without it.
    watch : callable, optional
        Told how much is done, and of how much.
    others : sequence of callable
        What else an interrupt is to end, see `attended`.

    Raises
    ------
    EntriesError
        If DuckDB is not installed, or the memory is none that it understands; if memory, disk or temporary folder do not suffice for what
        is done with the connection.
    """
    try:
        import duckdb
    except ImportError:
        raise EntriesError([Finding.of("READINGS.no_engine")]) from None
    with _temporary() as folder, duckdb.connect() as connection:
        _set(connection, folder, memory)
        with attended(connection, watch, others) as interrupted:
            try:
                yield connection
            except Exception as error:
                if interrupted.is_set() or isinstance(error, duckdb.InterruptException) or str(error) == _INTERRUPTED:
                    raise KeyboardInterrupt from None
                if isinstance(error, duckdb.Error):
                    raise EntriesError([fault_of_machine(error) or _fault(error)]) from error
                raise


def _temporary() -> TemporaryDirectory[str]:
    """A temporary folder."""
    try:
        return TemporaryDirectory(prefix="carbonledger-", ignore_cleanup_errors=True)
    except OSError as error:
        reason = error.strerror or str(error)
        raise EntriesError([Finding.of("READINGS.no_temporary", folder=_wanted(), reason=reason)]) from None


def _set(connection: Any, folder: str, memory: str) -> None:
    """Set up a connection."""
    import duckdb

    connection.execute("SET temp_directory = ?", [folder])
    # Its bar would stand among what is printed; ours is drawn from what it knows.
    connection.execute("SET enable_progress_bar = true")
    connection.execute("SET enable_progress_bar_print = false")
    # The order of rows is no matter for sums, and keeping it costs memory.
    connection.execute("SET preserve_insertion_order = false")
    if memory:
        try:
            connection.execute("SET memory_limit = ?", [memory])
        except duckdb.Error:
            raise EntriesError([Finding.of("READINGS.memory", text=memory)]) from None
    connection.execute(f"ATTACH {literal(str(Path(folder, 'held.duckdb')))} AS {HELD}")


def engine_errors() -> tuple[type[Exception], ...]:
    """What DuckDB raises, for instance of a file that breaks off while it is read; nothing where it is not installed."""
    try:
        import duckdb
    except ImportError:
        return ()
    return (duckdb.Error,)


def fault_of_machine(error: Exception) -> Finding | None:
    """The finding for an error of DuckDB that comes of memory or disk, and not of what is read."""
    import duckdb

    reason = str(error).splitlines()[0]
    if any(text in str(error) for text in _FULL):
        return Finding.of("READINGS.disk", folder=_wanted(), reason=reason)
    return (
        Finding.of("READINGS.too_little_memory", reason=reason)
        if isinstance(error, duckdb.OutOfMemoryException)
        else None
    )


def _fault(error: Exception) -> Finding:
    """The finding for any other error of DuckDB."""
    return Finding.of("READINGS.engine", reason=str(error).splitlines()[0])


def _wanted() -> str:
    """The folder in which temporary files are put."""
    try:
        return Path(gettempdir()).as_posix()
    except OSError:
        return "TMPDIR"
