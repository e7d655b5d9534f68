"""The plan joined to the rows.

Written once on narwhals, so that it runs on what the caller brings - pandas, Polars, PyArrow, DuckDB, PySpark -
and gives back the same kind. Of a lazy frame only the distinct keys and one row of counts are collected.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from carbonledger.core.errors import EntriesError, InvariantError
from carbonledger.core.findings import Finding
from carbonledger.core.schema import Column, gas_column, line_columns
from carbonledger.inventory.coefficients import Key, Plan

__all__ = ["KEY_COLUMNS", "NOTHING", "Frame", "check_frame", "distinct_keys", "lines_of", "lines_of_keys"]

KEY_COLUMNS = ("activity", "unit", "region", "year", "factor", "scope_3_category")
_REQUIRED = ("activity", "unit", "amount")
_EMPTY: dict[str, Any] = {"region": "", "year": 0, "factor": "", "scope_3_category": 0}
_WHOLE = ("year", "scope_3_category")

Frame = nw.DataFrame[Any] | nw.LazyFrame[Any]


def check_frame(frame: Frame) -> None:
    """Refuse a frame whose amounts cannot be calculated.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame
        With at least ``activity``, ``unit`` and ``amount``.

    Raises
    ------
    EntriesError
        Naming the missing columns, or how many amounts are empty, negative or not finite.
    """
    names = frame.collect_schema().names()
    missing = [name for name in _REQUIRED if name not in names]
    if missing:
        raise EntriesError([Finding.of("MISSING_COLUMN.frame", missing=tuple(missing), columns=tuple(names))])
    if not frame.collect_schema()["amount"].is_numeric():
        dtype = str(frame.collect_schema()["amount"])
        raise EntriesError([Finding.of("BAD_AMOUNT.dtype", dtype=dtype).at(column="amount")])
    amount = nw.col("amount")
    sound = amount.is_finite() & (amount >= 0)
    counts = frame.select(rows=nw.len(), sound=sound.cast(nw.Int64).sum())
    first = (counts.collect() if isinstance(counts, nw.LazyFrame) else counts).to_dict(as_series=False)
    unsound = int(first["rows"][0]) - int(first["sound"][0] or 0)
    if unsound:
        raise EntriesError([Finding.of("BAD_AMOUNT.frame", count=unsound).at(column="amount")])


def distinct_keys(frame: Frame) -> list[Key]:
    """The distinct combinations that need a plan row.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame

    Returns
    -------
    list of Key
    """
    columns = _key_columns(frame)
    return _keys(_distinct(frame, columns).to_dict(as_series=False), columns)


def lines_of_keys(frame: nw.DataFrame[Any]) -> dict[Key, int]:
    """How many lines each distinct combination has.

    Parameters
    ----------
    frame : narwhals DataFrame

    Returns
    -------
    dict of Key to int
    """
    columns = _key_columns(frame)
    filled = frame.select(*(_stated(name) if name in _EMPTY else nw.col(name) for name in columns))
    cells = filled.group_by(*columns).agg(nw.len().alias("rows_of_key")).to_dict(as_series=False)
    return dict(zip(_keys(cells, columns), map(int, cells["rows_of_key"]), strict=True))


def _keys(cells: Mapping[str, Sequence[Any]], columns: Sequence[str]) -> list[Key]:
    """The combinations in some columns."""
    return [
        Key(**{name: _key_value(name, value) for name, value in zip(columns, row, strict=True)})
        for row in zip(*(cells[name] for name in columns), strict=True)
    ]


def _distinct(frame: Frame, columns: Sequence[str]) -> nw.DataFrame[Any]:
    """The distinct rows of some columns; grouped in a lazy frame, where `unique` would cost a window over all rows."""
    if isinstance(frame, nw.LazyFrame):
        return frame.select(*columns).group_by(*columns).agg(nw.len().alias("rows_of_key")).collect()
    return frame.select(*columns).unique()


def _key_columns(frame: Frame) -> list[str]:
    """The key columns that the frame has."""
    names = frame.collect_schema().names()
    return [name for name in KEY_COLUMNS if name in names]


def _key_value(name: str, value: Any) -> Any:
    """A key cell, the empty one where nothing is stated."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return _EMPTY.get(name, "")
    return int(value) if name in _WHOLE else str(value)


NOTHING = Finding.of("NOTHING_TO_CALCULATE")


def lines_of(frame: Frame, plan: Plan) -> Frame:
    """The rows with their coefficients applied.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame
        The entries.
    plan : Plan
        Resolved for every distinct key of the frame.

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
        return lines_of(frame, Plan(plan.unpriced, plan.problems)).head(0)
    _refuse_reserved(frame, plan)
    columns = _key_columns(frame)
    table = _plan_table(plan, columns)
    coefficients = [name for name in table if name.endswith("_per_unit")]
    joinable = frame.with_columns(*(_stated(name) for name in columns if _needs_stating(frame, name)))
    joined = joinable.join(_like(table, joinable), on=columns, how="inner")
    _refuse_losses(joinable, joined, plan)
    amounts = [(nw.col("amount") * nw.col(name)).alias(name.removesuffix("_per_unit")) for name in coefficients]
    return _in_schema(joined.with_columns(*amounts).drop(*coefficients), line_columns(plan.gases))


def _refuse_reserved(frame: Frame, plan: Plan) -> None:
    """Refuse a frame with columns that the lines have too, which would stand for results that they are not."""
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


def _stated(name: str) -> Any:
    """A key column with its gaps filled, years as whole numbers."""
    column = nw.col(name).fill_null(_EMPTY[name])
    return column.cast(nw.Int64) if name in _WHOLE else column


def _needs_stating(frame: Frame, name: str) -> bool:
    """Whether a key column may hold nulls, or years that are no whole numbers; a lazy frame may."""
    if name not in _EMPTY:
        return False
    if isinstance(frame, nw.LazyFrame):
        return True
    return bool(frame[name].null_count()) or (name in _WHOLE and not frame[name].dtype.is_integer())


def _refuse_losses(before: Frame, after: Frame, plan: Plan) -> None:
    """Refuse a join that lost rows of resolved keys. Rows of unresolved keys are left out on purpose, by finding or error."""
    if any(problem.fatal for problem in plan.problems):
        return
    if isinstance(before, nw.LazyFrame) or isinstance(after, nw.LazyFrame):
        return
    if len(before) != len(after):
        raise EntriesError([Finding.of("ROWS_LOST", count=len(before) - len(after))])


def _plan_table(plan: Plan, columns: Sequence[str]) -> dict[str, list[Any]]:
    """The plan as columns."""
    rows = plan.rows
    table: dict[str, list[Any]] = {name: [getattr(row.key, name) for row in rows] for name in columns}
    table["plan_id"] = [row.plan_id for row in rows]
    table["scope"] = [row.scope or 0 for row in rows]
    table["category"] = [row.category or 0 for row in rows]
    table["energy_gj_per_unit"] = [math.nan if row.energy_gj is None else row.energy_gj for row in rows]
    for gas in plan.gases:
        table[f"{gas_column(gas)}_per_unit"] = [
            math.fsum(item.tonnes for item in row.gases if item.gas == gas) for row in rows
        ]
    table["emissions_tco2e_per_unit"] = [row.emissions_tco2e for row in rows]
    table["match"] = [row.match for row in rows]
    table["factor_ids"] = [row.factor_ids for row in rows]
    return table


def _like(table: dict[str, list[Any]], frame: Frame) -> Any:
    """A small table in the kind of frame that the caller brought."""
    implementation: Any = frame.implementation
    if isinstance(frame, nw.DataFrame):
        return nw.from_dict(_native_strings(table, frame), backend=implementation)
    if implementation is nw.Implementation.DUCKDB:
        return nw.from_native(_duckdb_relation(table, frame.to_native()))
    if implementation is nw.Implementation.PYSPARK:
        rows = list(zip(*table.values(), strict=True))
        return nw.from_native(frame.to_native().sparkSession.createDataFrame(rows, list(table)))
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
