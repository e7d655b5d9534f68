"""Readings with Spark: files or a table, summed by its own functions on all its workers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from carbonledger.inventory.exact_sums import MIDDLE, UPPER
from carbonledger.readings.columns import FILE, ROW, ReadingColumns
from carbonledger.readings.other_engines import LONGEST_US, Part, keys_of, other_remainder, remainder
from carbonledger.readings.summation import PIECE

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SparkRows", "spark_files", "spark_session"]

_ZONE = "spark.sql.session.timeZone"
_DAY_US = 86_400_000_000


@contextmanager
def spark_session() -> Iterator[Any]:
    """The session of Spark at work, or a new one on this machine; its clock is that of universal time meanwhile."""
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession() or SparkSession.builder.appName("carbonledger").getOrCreate()
    before = session.conf.get(_ZONE)
    session.conf.set(_ZONE, "UTC")
    try:
        yield session
    finally:
        session.conf.set(_ZONE, str(before))


def spark_files(session: Any, parts: Sequence[Part]) -> Any:
    """Files of Parquet as one frame with the numbers of files and rows."""
    from pyspark.sql import functions as F  # noqa: N812

    frames = []
    groups: dict[Any, list[Part]] = {}
    for part in parts:
        groups.setdefault((part.number is None, part.folders), []).append(part)
    for (is_held, folders), group in groups.items():
        frame = session.read.option("mergeSchema", "true").parquet(*(_escaped(part.path) for part in group))
        if not is_held:
            frame = _numbered(session, frame, {str(part.path.resolve()): part.number for part in group})
        frames.append(frame.withColumns({name: F.lit(text) for name, text in folders}) if folders else frame)
    whole = frames[0]
    for frame in frames[1:]:
        whole = whole.unionByName(frame, allowMissingColumns=True)
    return whole


def _numbered(session: Any, frame: Any, numbers: dict[str, int | None]) -> Any:
    """The rows with the number of their file and their place in it."""
    from pyspark.sql import functions as F  # noqa: N812

    known = [(uri, numbers[_path_of(uri)]) for uri in (_plain(name) for name in frame.inputFiles())]
    listed = session.createDataFrame(known, f"carbonledger_uri string, {FILE} bigint")
    uri = F.regexp_replace(F.col("_metadata.file_path"), "^file:/+", "/")
    placed = frame.select("*", uri.alias("carbonledger_uri"), F.col("_metadata.row_index").alias(ROW))
    return placed.join(F.broadcast(listed), "carbonledger_uri").drop("carbonledger_uri")


def _plain(uri: str) -> str:
    """The address of a local file without its scheme."""
    return "/" + uri.removeprefix("file:").lstrip("/") if uri.startswith("file:") else uri


def _path_of(uri: str) -> str:
    """The file that an address means."""
    return str(Path(unquote(uri)).resolve())


def _escaped(path: Path) -> str:
    """A name that Spark takes for no pattern."""
    return "".join(f"\\{sign}" if sign in "[]{}*?\\" else sign for sign in str(path.resolve()))


class SparkRows:
    """A frame of Spark with readings.

    Parameters
    ----------
    session : pyspark.sql.SparkSession
        At work.
    frame : pyspark.sql.DataFrame
        The readings.
    """

    def __init__(self, session: Any, frame: Any) -> None:
        self._session, self._frame = session, frame

    @property
    def types(self) -> dict[str, str]:
        """The type of each column as DuckDB calls it."""
        return {name: _TYPES.get(kind.split("(")[0], kind.upper()) for name, kind in self._frame.dtypes}

    def grouped(self, columns: ReadingColumns) -> pd.DataFrame:
        """See `EngineRows`."""
        found: pd.DataFrame = self.sums(columns).toArrow().to_pandas()
        return found

    def sums(self, columns: ReadingColumns) -> Any:
        """The same as a frame of Spark."""
        from pyspark.sql import functions as F  # noqa: N812

        # The sum of amounts whatever their order, as in `carbonledger.inventory.exact_sums`.
        upper = f"((amount + {UPPER}D) - {UPPER}D)"
        rest = f"(amount - {upper})"
        middle = f"(({rest} + {MIDDLE}D) - {MIDDLE}D)"
        told = {
            "amount": f"sum({upper}) + (sum({middle}) + sum({rest} - {middle}))",
            "largest": "max(amount)",
            "readings": "count(*)",
            "first": "min(start)",
            "last": "max(stop)",
            "place": "min(place)",
            "covered": "sum(CAST(stop - start AS double))",
            "chain": f"sum({remainder('stop')} - {remainder('start')})",
            "other_chain": f"sum({other_remainder('stop')} - {other_remainder('start')})",
        }
        grouped = self._named(columns).groupBy(*columns.texts, "sound", *PIECE)
        return grouped.agg(*(F.expr(text).alias(name) for name, text in told.items()))

    def brought(self, columns: ReadingColumns, sums: pd.DataFrame | None) -> Any:
        """See `EngineRows`."""
        from pyspark.sql import functions as F  # noqa: N812

        named = self._named(columns)
        if sums is None:
            meant = named.where("NOT sound")
        else:
            names = (*columns.texts, *PIECE)
            schema = ", ".join(f"key_{name} {'bigint' if name in PIECE else 'string'}" for name in names)
            rows = [tuple(key[name] for name in names) for key in keys_of(columns, sums)]
            keys = F.broadcast(self._session.createDataFrame(rows, schema))
            same = [F.col(name).eqNullSafe(F.col(f"key_{name}")) for name in names]
            meant = named.where("sound").join(keys, same, "left_semi")
        own = [F.col(f"`own {name}`").alias(name) for name in columns.types]
        return meant.select(*own).toArrow()

    def _named(self, columns: ReadingColumns) -> Any:
        """The rows under the names of entries, with their own columns behind."""
        quoted = {field: _quoted(heading) for field, heading in columns.headings.items()}
        texts = [
            f"CAST({quoted[name]} AS string) AS {name}"
            if name in quoted
            else f"{_literal(columns.stated[name])} AS {name}"
            for name in columns.texts
        ]
        own = [f"{_quoted(name)} AS {_quoted(f'own {name}')}" for name in columns.types]
        begins = _us(quoted["start"])
        place = f"CAST({FILE} AS bigint) * {1 << 40} + {ROW}" if columns.is_placed else "CAST(NULL AS bigint)"
        named = self._frame.selectExpr(
            *own,
            *texts,
            f"CAST({quoted['amount']} AS double) AS amount",
            f"{begins} AS start",
            f"{self._ends(columns, quoted)} AS stop",
            f"{place} AS place",
        )
        finite = "NOT isnan(amount) AND amount < CAST('Infinity' AS double)"
        is_long = f"stop - start > {LONGEST_US}"
        return named.selectExpr(
            "*",
            f"coalesce({finite} AND amount >= 0 AND stop > start, false) AS sound",
            f"unix_micros(date_trunc('MONTH', {_local('start', columns)})) AS span",
            f"CASE WHEN {is_long} THEN start END AS long_start",
            f"CASE WHEN {is_long} THEN stop END AS long_stop",
        )

    def _ends(self, columns: ReadingColumns, quoted: dict[str, str]) -> str:
        """The moment at which a reading ends, in microseconds since 1970."""
        if "end" in quoted:
            is_day = columns.types[columns.headings["end"]] == "DATE"
            return f"{_us(quoted['end'])} + {_DAY_US}" if is_day else _us(quoted["end"])
        begins = _us(quoted["start"])
        if columns.length_us is not None:
            return f"{begins} + {columns.length_us}"
        later = f"{_local(begins, columns)} + INTERVAL {columns.step or '1 day'}"
        return f"unix_micros(to_utc_timestamp({later}, {_literal(columns.zone or 'UTC')}))"


_TYPES = {
    "string": "VARCHAR", "timestamp": "TIMESTAMP WITH TIME ZONE", "timestamp_ntz": "TIMESTAMP", "date": "DATE", "double": "DOUBLE",
    "float": "FLOAT", "decimal": "DECIMAL", "bigint": "BIGINT", "int": "INTEGER", "smallint": "SMALLINT", "tinyint": "TINYINT",
}  # fmt: skip


def _us(column: str) -> str:
    """A day or moment of a column in microseconds since 1970."""
    return f"unix_micros(CAST({column} AS timestamp))"


def _local(us: str, columns: ReadingColumns) -> str:
    """A moment in microseconds by the clock of the zone."""
    moment = f"timestamp_micros({us})"
    return f"from_utc_timestamp({moment}, {_literal(columns.zone)})" if columns.zone else moment


def _quoted(name: str) -> str:
    """A name as Spark writes it."""
    return "`" + name.replace("`", "``") + "`"


def _literal(text: str) -> str:
    """A text as Spark writes it."""
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"
