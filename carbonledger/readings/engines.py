"""Which engine sums readings: DuckDB, Polars or Spark."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from carbonledger.readings.files import ReadingFiles
from carbonledger.readings.other_engines import EngineError, EngineName, EngineRows, parts_of

__all__ = ["rows_of_files", "rows_of_table"]


@contextmanager
def rows_of_files(name: EngineName, connection: Any, files: ReadingFiles) -> Iterator[EngineRows | None]:
    """Files of readings with an engine; None for DuckDB, which has them as they are.

    Parameters
    ----------
    name : {"duckdb", "polars", "spark"}
        The engine.
    connection : duckdb.DuckDBPyConnection
        Which holds files of text.
    files : ReadingFiles
        The files.

    Raises
    ------
    EngineError
        If the engine cannot go on.
    """
    if name == "duckdb":
        yield None
    elif name == "polars":
        from polars.exceptions import PolarsError

        from carbonledger.readings.polars_rows import PolarsRows

        with _faults(name, PolarsError):
            yield PolarsRows(parts_of(connection, files))
    else:
        from carbonledger.readings.spark_rows import SparkRows, spark_files, spark_session

        with _spark_faults(), spark_session() as session:
            yield SparkRows(session, spark_files(session, parts_of(connection, files)))


@contextmanager
def rows_of_table(table: str) -> Iterator[Any]:
    """A table or view of Spark as `SparkRows`.

    Raises
    ------
    EngineError
        If there is none of this name, or Spark cannot go on.
    """
    from carbonledger.readings.spark_rows import SparkRows, spark_session

    with _spark_faults(), spark_session() as session:
        yield SparkRows(session, session.table(table))


@contextmanager
def _spark_faults() -> Iterator[None]:
    """The faults of Spark."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    with _faults("spark", PySparkException, Py4JError):
        yield


@contextmanager
def _faults(name: EngineName, *kinds: type[Exception]) -> Iterator[None]:
    """What an engine raises, as its fault."""
    try:
        yield
    except kinds as error:
        raise EngineError(name, (str(error).strip() or type(error).__name__).splitlines()[0]) from error
