"""What narwhals leaves to each engine: seconds of a moment, and a small table beside a large one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

from carbonledger.core.duckdb_text import quoted
from carbonledger.inventory.spark_tables import is_spark, spark_table

__all__ = ["Frame", "beside", "collected", "with_seconds"]

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]
_DAY = 86400


def with_seconds(frame: Frame, names: Mapping[str, str]) -> Frame:
    """The frame with columns of whole seconds since 1970: in UTC of moments with a zone, else by the clock.

    Parameters
    ----------
    frame : narwhals frame
        Of any engine.
    names : mapping of str to str
        The new column of each column of moments.
    """
    implementation: Any = frame.implementation
    if implementation is nw.Implementation.DUCKDB:
        own = ", ".join(f"epoch_us({quoted(old)}) // 1000000 AS {quoted(new)}" for old, new in names.items())
        relation: Any = frame.to_native()
        read: Frame = nw.from_native(relation.project(f"*, {own}"))
        return read
    if is_spark(frame):
        schema, native = frame.collect_schema(), frame.to_native()
        columns = [f"{_spark_seconds(old, schema[old])} AS {_backquoted(new)}" for old, new in names.items()]
        on_spark: Frame = nw.from_native(native.selectExpr("*", *columns))
        return on_spark
    return frame.with_columns(
        **{
            new: nw.col(old).cast(nw.Datetime("us", _zone(frame, old))).dt.timestamp("ms") // 1000
            for old, new in names.items()
        }
    )


def _zone(frame: Frame, name: str) -> str | None:
    """The zone of a column; none of a column of days."""
    return getattr(frame.collect_schema()[name], "time_zone", None)


def _spark_seconds(name: str, dtype: Any) -> str:
    """The seconds of a column in the SQL of Spark; of moments without a zone from their parts, since Spark would give them its own."""
    column = _backquoted(name)
    if dtype == nw.Date:
        return f"CAST(unix_date({column}) AS BIGINT) * {_DAY}"
    if getattr(dtype, "time_zone", None) is not None:
        return f"unix_seconds({column})"
    time = f"hour({column}) * 3600 + minute({column}) * 60 + second({column})"
    return f"CAST(unix_date(CAST({column} AS DATE)) AS BIGINT) * {_DAY} + {time}"


def _backquoted(name: str) -> str:
    """A name as Spark writes it, whatever is in it."""
    return "`" + name.replace("`", "``") + "`"


def beside(frame: Frame, table: pd.DataFrame) -> Any:
    """A small table in the kind of frame of a large one."""
    if isinstance(frame, nw.LazyFrame) and is_spark(frame):
        return spark_table({str(name): table[name].tolist() for name in table}, frame)
    backend: Any = frame.implementation
    is_duckdb = backend is nw.Implementation.DUCKDB
    backend = nw.Implementation.PYARROW if is_duckdb else backend
    eager = nw.from_dict(
        {
            str(name): nw.new_series(str(name), table[name].tolist(), _dtype(table[name]), backend=backend)
            for name in table
        }
    )
    if is_duckdb:
        # The query finds it by the name of the local variable.
        carbonledger_steps = eager.to_native()  # noqa: F841
        return nw.from_native(frame.to_native().query("readings", "SELECT * FROM carbonledger_steps"))
    return eager if isinstance(frame, nw.DataFrame) else eager.lazy()


def _dtype(column: pd.Series[Any]) -> nw.dtypes.DType:
    """The type of a column of a small table."""
    if column.dtype.kind in "iu":
        return nw.Int64()
    return nw.Float64() if column.dtype.kind == "f" else nw.String()


def collected(frame: Frame) -> pd.DataFrame:
    """A small result as pandas."""
    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    return eager.to_pandas()
