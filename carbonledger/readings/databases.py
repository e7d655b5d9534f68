"""Tables of readings in a database as entries: a file of DuckDB, or a server of PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.entries import Entries, read_entries
from carbonledger.core.duckdb_text import literal, quoted
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.engine import HELD, engine, fault_of_machine
from carbonledger.readings.engines import rows_of_table
from carbonledger.readings.entries import Said, entries_of_relation, summed_entries
from carbonledger.readings.other_engines import EngineError
from carbonledger.readings.stated import is_server

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["database_relation", "entries_of_spark", "read_table"]

# What the driver gives as text, although it is a number.
_AS_DOUBLE = ("numeric", "money")


def read_table(
    database: str,
    table: str,
    *,
    folder: Path | None = None,
    stated: Mapping[str, str] | None = None,
    step: str = "",
    zone: str = "",
    memory: str = "",
    read: Callable[[pd.DataFrame], Entries] = read_entries,
) -> Entries:
    """Entries from a table or view of readings, summed by source and month like files of `read_readings`.

    Parameters
    ----------
    database : str
        A file of DuckDB, which is opened to be read only; or ``postgresql://host/name``. What the address leaves out, such as a password,
        is that of the environment (``PGPASSWORD``, ``PGSERVICE``) or of the user's password file, as every program of PostgreSQL has it.
    table : str
        Its name, with that of its schema before a point where it needs one.
    folder : Path, optional
        In which the file is looked for.
    stated, step, zone, memory, read
        As in `read_readings`.

    Returns
    -------
    Entries
        Findings name the table; rows of a table have no numbers.

    Raises
    ------
    EntriesError
        If the database cannot be opened, it has no such table, or the connection is lost.
    """
    said = Said(table, stated or {}, step, zone)
    ends: list[Callable[[], object]] = []
    with engine(memory, others=ends) as connection:
        return entries_of_relation(database_relation(connection, database, table, folder, ends), said, read)


def database_relation(
    connection: Any,
    database: str,
    table: str,
    folder: Path | None = None,
    ends: list[Callable[[], object]] | None = None,
) -> Any:
    """A table or view of a database as a relation of DuckDB, see `read_table`; what ends the query of a server is put into a list."""
    if is_server(database):
        return _of_postgres(connection, database, table, ends)
    return _of_duckdb(connection, (folder or Path()) / database, table)


def entries_of_spark(connection: Any, table: str, said: Said) -> Entries:
    """Entries from a table or view of Spark, whose rows stay there.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Which judges the sums.
    table : str
        Its name, with those of its catalogue and schema before points where it needs them.
    said : Said
        What stands in no column.

    Raises
    ------
    EntriesError
        If there is no such table, or Spark cannot go on.
    """
    try:
        with rows_of_table(table) as rows:
            columns = ", ".join(f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in rows.types.items())
            empty = connection.sql(f"SELECT {columns} WHERE false")
            return summed_entries(empty, said, elsewhere=rows).entries
    except EngineError as fault:
        raise EntriesError([fault.finding.at(file=table)]) from None


def _of_duckdb(connection: Any, path: Path, table: str) -> Any:
    """A table of a file of DuckDB."""
    import duckdb

    try:
        if not path.is_file():
            raise FileNotFoundError(2, "no such file", str(path))
        connection.execute(f"ATTACH {literal(str(path))} AS carbonledger_held (READ_ONLY)")
        parts = table.split(".")
        schema, name = parts if len(parts) > 1 else ("main", parts[0])
        return connection.sql(f"SELECT * FROM carbonledger_held.{quoted(schema)}.{quoted(name)}")
    except (duckdb.Error, OSError, ValueError) as error:
        raise _unreadable(path.name, table, error) from None


def _of_postgres(connection: Any, address: str, table: str, ends: list[Callable[[], object]] | None) -> Any:
    """A table of PostgreSQL, brought over in one pass and kept with DuckDB, since it may be gone through again."""
    try:
        from adbc_driver_manager import Error
        from adbc_driver_postgresql import dbapi
    except ImportError:
        raise EntriesError([Finding.of("READINGS.no_driver")]) from None
    import duckdb

    named = ".".join(map(quoted, table.split(".")))
    kept = f"{HELD}.carbonledger_readings"
    try:
        with dbapi.connect(address) as server, server.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
            cursor.execute(f"SELECT {_columns(cursor, named)} FROM {named}")
            carbonledger_rows = cursor.fetch_record_batch()  # noqa: F841 - named in the query
            if ends is not None:
                ends.append(cursor.adbc_cancel)
            connection.execute(f"CREATE TABLE {kept} AS SELECT * FROM carbonledger_rows")
    except duckdb.InterruptException:
        raise
    except (Error, OSError, duckdb.Error) as error:
        if isinstance(error, duckdb.Error) and fault_of_machine(error):
            raise
        raise _unreadable(address.rpartition("@")[2], table, error) from None
    return connection.table(kept)


def _columns(cursor: Any, table: str) -> str:
    """The columns of a table, decimal numbers in double precision, which the driver would give as texts."""
    cursor.execute(
        "SELECT a.attname, t.typname FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid "
        f"WHERE a.attrelid = {literal(table)}::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum"
    )
    cast = "CAST({0} AS double precision) AS {0}"
    return ", ".join(
        cast.format(quoted(name)) if kind in _AS_DOUBLE else quoted(name) for name, kind in cursor.fetchall()
    )


def _unreadable(database: str, table: str, error: Exception) -> EntriesError:
    """The error for a table that cannot be read."""
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return EntriesError([Finding.of("READINGS.database", table=table, reason=reason).at(file=database)])
