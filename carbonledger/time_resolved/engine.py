"""What narwhals leaves to each engine: seconds of a moment, and a small table beside a large one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import narwhals as nw
import pandas as pd

__all__ = ["Frame", "beside", "collected", "with_seconds"]

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]


def with_seconds(frame: Frame, names: Mapping[str, str]) -> Frame:
    """The frame with columns of whole seconds since 1970: in UTC of moments with a zone, else by the clock.

    Parameters
    ----------
    frame : narwhals frame
        Of any engine but PySpark.
    names : mapping of str to str
        The new column of each column of moments.
    """
    implementation: Any = frame.implementation
    if implementation is nw.Implementation.DUCKDB:
        own = ", ".join(f"epoch_us({_quoted(old)}) // 1000000 AS {_quoted(new)}" for old, new in names.items())
        relation: Any = frame.to_native()
        read: Frame = nw.from_native(relation.project(f"*, {own}"))
        return read
    return frame.with_columns(
        **{
            new: nw.col(old).cast(nw.Datetime("us", _zone(frame, old))).dt.timestamp("ms") // 1000
            for old, new in names.items()
        }
    )


def _zone(frame: Frame, name: str) -> str | None:
    """The zone of a column; none of a column of days."""
    return getattr(frame.collect_schema()[name], "time_zone", None)


def _quoted(name: str) -> str:
    """A name as DuckDB writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def beside(frame: Frame, table: pd.DataFrame) -> Any:
    """A small table in the kind of frame of a large one."""
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
