"""Sums of the lines of an inventory by some of their columns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import narwhals as nw

from carbonledger.core.errors import UnknownAxisError
from carbonledger.inventory.lines import Frame

__all__ = ["PLANNED_AXES", "measure_by", "sums_by", "unknown_axis", "with_month"]

# Axes that the plan decides, the same for every line of a plan row.
PLANNED_AXES = frozenset({"scope", "activity", "category", "scope_3_category"})
_AXES = ("scope", "gas", "gas_group", "activity", "category", "scope_3_category")


def unknown_axis(axis: str, columns: Sequence[str]) -> UnknownAxisError:
    """The error for an axis that an inventory with some columns does not have; it names the one most like it."""
    from rapidfuzz import fuzz, process

    axes = tuple(dict.fromkeys((*_AXES, *columns)))
    close = process.extract(axis, axes, scorer=fuzz.ratio, score_cutoff=60, limit=2)
    return UnknownAxisError(axis, axes, tuple(name for name, _, _ in close))


def with_month(frame: Any) -> Any:
    """The lines with the year and month of their first day, as 202403, unless they have a month already."""
    schema = frame.collect_schema()
    if "month" in schema.names() or "start" not in schema.names():
        return frame
    if schema["start"].is_temporal():
        start = nw.col("start").dt
        return frame.with_columns(month=start.year().cast(nw.Int64) * 100 + start.month().cast(nw.Int64))
    months = [day.year * 100 + day.month for day in frame["start"].to_list()]
    return frame.with_columns(nw.new_series("month", months, nw.Int64, backend=frame.implementation))


def measure_by(frame: Frame, keys: list[str], measure: str) -> dict[str, list[Any]]:
    """One measure of the lines by some of their columns, as plain columns."""
    names = frame.collect_schema().names()
    missing = next((key for key in keys if key not in names), None)
    if missing is not None:
        raise unknown_axis(missing, names)
    sums = frame.group_by(keys).agg(nw.col(measure).sum())
    eager = sums.collect() if isinstance(sums, nw.LazyFrame) else sums
    columns: dict[str, list[Any]] = eager.to_dict(as_series=False)
    return columns


def sums_by(frame: Frame, axes: list[str]) -> dict[str, list[Any]]:
    """Sums of the lines by some columns, as plain columns."""
    sums = frame.group_by(axes).agg(nw.col("amount", "energy_gj", "emissions_tco2e").sum(), nw.len().alias("lines"))
    eager = sums.collect() if isinstance(sums, nw.LazyFrame) else sums
    if not frame.implementation.is_pandas():
        eager = eager.sort(axes)
    columns: dict[str, list[Any]] = eager.to_dict(as_series=False)
    return columns
