"""The plan joined to the rows.

Written once on narwhals, so that it runs on what the caller brings - pandas, Polars, PyArrow, DuckDB, PySpark -
and gives back the same kind. Of a lazy frame only its sums are collected, see `carbonledger.inventory.summed_rows`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

import narwhals as nw

from carbonledger.core.errors import EntriesError, InvariantError
from carbonledger.core.findings import Finding
from carbonledger.core.schema import Column, line_columns
from carbonledger.inventory.coefficients import Plan
from carbonledger.inventory.row_keys import NOT_STATED, WHOLE, RowKeys, key_columns, row_keys
from carbonledger.inventory.spark_tables import is_spark, spark_table

__all__ = ["NOTHING", "ROWS", "SOUND", "Frame", "check_columns", "lines_of", "refuse_reserved"]

_REQUIRED = ("activity", "unit", "amount")
# Columns of summed rows: how many rows a sum is of, and how many of them have an amount that can be calculated.
ROWS, SOUND = "carbonledger_rows", "carbonledger_sound"

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]


def check_columns(frame: Frame) -> None:
    """Refuse a frame that lacks a column, or whose amounts are no numbers.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame
        With at least ``activity``, ``unit`` and ``amount``.

    Raises
    ------
    EntriesError
        Naming the missing columns, or what the amounts are instead.
    """
    schema = frame.collect_schema()
    missing = [name for name in _REQUIRED if name not in schema]
    if missing:
        raise EntriesError([Finding.of("MISSING_COLUMN.frame", missing=tuple(missing), columns=tuple(schema.names()))])
    if not schema["amount"].is_numeric():
        raise EntriesError([Finding.of("BAD_AMOUNT.dtype", dtype=str(schema["amount"])).at(column="amount")])


NOTHING = Finding.of("NOTHING_TO_CALCULATE")


@overload
def lines_of(frame: nw.DataFrame[Any], plan: Plan, keys: RowKeys | None = None) -> nw.DataFrame[Any]: ...


@overload
def lines_of(frame: Frame, plan: Plan, keys: RowKeys | None = None) -> Frame: ...


def lines_of(frame: Frame, plan: Plan, keys: RowKeys | None = None) -> Frame:
    """The rows with their coefficients applied.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame
        The entries.
    plan : Plan
        Resolved for every distinct key of the frame.
    keys : RowKeys, optional
        The combinations of a pandas frame, if they are known.

    Returns
    -------
    narwhals DataFrame or LazyFrame
        The columns of the frame and those of `carbonledger.core.schema.line_columns`. Rows whose key the plan does
        not hold are left out; the caller has refused or reported them.

    Raises
    ------
    EntriesError
        If the plan is empty, or the frame has a column of the lines.
    InvariantError
        If a column is not of the dtype that its schema states.
    """
    if not plan.rows:
        if not plan.unpriced:
            raise EntriesError([NOTHING])
        # A frame without lines has the columns of one with lines.
        return lines_of(frame, Plan(plan.unpriced, plan.problems), keys).head(0)
    refuse_reserved(frame, plan)
    columns = key_columns(frame.collect_schema().names())
    schema = frame.collect_schema()
    stated = frame.with_columns(*(_stated(name, schema[name]) for name in columns if _needs_stating(frame, name)))
    joined = (
        _gathered(stated, plan, keys or row_keys(stated.to_native()))
        if stated.implementation.is_pandas()
        else stated.join(_like(_plan_table(plan, columns), stated), on=columns, how="inner")
    )
    _refuse_losses(stated, joined, plan)
    coefficients = [name for name in plan.columns if name.endswith("_per_unit")]
    amounts = [(nw.col("amount") * nw.col(name)).alias(name.removesuffix("_per_unit")) for name in coefficients]
    return _in_schema(joined.with_columns(*amounts).drop(*coefficients), line_columns(plan.gases))


def _gathered(frame: Any, plan: Plan, keys: RowKeys) -> nw.DataFrame[Any]:
    """Rows of pandas with the columns of the plan, taken by the numbers of their combinations."""
    import pandas as pd

    native: pd.DataFrame = frame.to_native()
    rows = keys.places(plan)
    if (rows < 0).any():
        native, rows = native[rows >= 0], rows[rows >= 0]
    taken = {name: pd.Series(values).take(rows).array for name, values in plan.columns.items()}
    return nw.from_native(native.reset_index(drop=True).assign(**taken), eager_only=True)


def refuse_reserved(frame: Frame, plan: Plan) -> None:
    """Refuse a frame with columns that the lines have too, which would stand for results that they are not.

    Raises
    ------
    EntriesError
        Naming them.
    """
    written = {column.name for column in line_columns(plan.gases)}
    written |= {f"{name}_per_unit" for name in written}
    taken = [name for name in frame.collect_schema().names() if name in written]
    if taken:
        raise EntriesError([Finding.of("RESERVED_COLUMN", columns=tuple(taken))])


def _in_schema(lines: Frame, columns: Sequence[Column]) -> Frame:
    """The lines with the columns of a calculation last, in the order of the schema, each of its dtype."""
    schema = lines.collect_schema()
    unlike = [column for column in columns if not _is_of_dtype(schema.get(column.name), column.dtype)]
    if unlike:
        listed = ", ".join(f"{column.name} ({schema.get(column.name)}, not {column.dtype})" for column in unlike)
        raise InvariantError("LINES_HAVE_THEIR_SCHEMA", f"columns of the lines are not as their schema says: {listed}.")
    added = [column.name for column in columns]
    return lines.select(*(name for name in schema.names() if name not in added), *added)


def _is_of_dtype(dtype: Any, name: str) -> bool:
    """Whether an engine's dtype is the one that a schema names; any width of number will do."""
    if dtype is None or name == "str":
        return dtype is not None and dtype == nw.String
    return bool(dtype.is_integer() if name == "int64" else dtype.is_float())


def _stated(name: str, dtype: Any) -> Any:
    """A key column with its gaps filled, years as whole numbers; categories have no place for an empty text."""
    column = nw.col(name).cast(nw.String) if dtype in (nw.Categorical, nw.Enum) else nw.col(name)
    filled = column.fill_null(NOT_STATED[name])
    return filled.cast(nw.Int64) if name in WHOLE else filled


def _needs_stating(frame: Frame, name: str) -> bool:
    """Whether a key column may hold nulls, or years that are no whole numbers; a lazy frame may."""
    if name in _REQUIRED:
        return False
    if isinstance(frame, nw.LazyFrame):
        return True
    return bool(frame[name].null_count()) or (name in WHOLE and not frame[name].dtype.is_integer())


def _refuse_losses(before: Frame, after: Frame, plan: Plan) -> None:
    """Refuse a join that lost rows of resolved keys. Rows of unresolved keys are left out on purpose, by finding or error."""
    if any(problem.fatal for problem in plan.problems):
        return
    if isinstance(before, nw.LazyFrame) or isinstance(after, nw.LazyFrame):
        return
    if len(before) != len(after):
        raise EntriesError([Finding.of("ROWS_LOST", count=len(before) - len(after))])


def _plan_table(plan: Plan, columns: Sequence[str]) -> dict[str, list[Any]]:
    """The plan as columns, the key first."""
    return {name: [getattr(row.key, name) for row in plan.rows] for name in columns} | dict(plan.columns)


def _like(table: dict[str, list[Any]], frame: Frame) -> Any:
    """A small table in the kind of frame that the caller brought."""
    implementation: Any = frame.implementation
    if isinstance(frame, nw.DataFrame):
        return nw.from_dict(_native_strings(table, frame), backend=implementation)
    if implementation is nw.Implementation.DUCKDB:
        return nw.from_native(_duckdb_relation(table, frame.to_native()))
    if is_spark(frame):
        return spark_table(table, frame)
    return nw.from_dict(_native_strings(table, frame), backend=implementation).lazy()


def _duckdb_relation(table: dict[str, list[Any]], relation: Any) -> Any:
    """A small table as a relation of the connection that another relation belongs to.

    ``duckdb.from_arrow`` would need that connection, which a relation does not give away; its ``query`` finds the Arrow
    table by the name of the local variable, unless the database has a table of that name.
    """
    carbonledger_plan_rows = nw.from_dict(table, backend="pyarrow").to_native()  # noqa: F841 - named in the query
    return relation.query("carbonledger_entries", "SELECT * FROM carbonledger_plan_rows")


def _native_strings(table: dict[str, list[Any]], frame: Frame) -> dict[str, Any]:
    """Key columns in the type of the caller's, so that an engine need not convert a million rows to join."""
    schema = frame.collect_schema()
    return {
        name: _typed(name, values, schema[name], frame) if name in schema else values for name, values in table.items()
    }


def _typed(name: str, values: list[Any], dtype: Any, frame: Frame) -> Any:
    """One key column in the caller's type."""
    series = nw.new_series(name, values, dtype, backend=frame.implementation)
    implementation: nw.Implementation = frame.implementation
    if implementation is nw.Implementation.PYARROW:
        # Arrow joins string and large_string columns only with their own kind.
        return nw.from_native(series.to_native().cast(frame.to_native().schema.field(name).type), series_only=True)
    return series
