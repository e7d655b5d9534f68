"""The kind of frame in which an inventory gives its views: that of the caller's own frame.

Polars stays Polars and PyArrow stays PyArrow; a lazy Polars frame gives eager views, which are small. DuckDB, PySpark and all others
give pandas, as their own ``df()`` and ``toPandas()`` do.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

if TYPE_CHECKING:
    import pandas as pd
    from typing_extensions import TypeVar

    # The kind of the views; an inventory of entries has pandas views.
    FrameT = TypeVar("FrameT", default=pd.DataFrame)
else:
    from typing import TypeVar

    FrameT = TypeVar("FrameT")

__all__ = ["FrameT", "has_own_views", "in_kind_of"]

_OWN_VIEWS = frozenset({nw.Implementation.POLARS, nw.Implementation.PYARROW})


def has_own_views(lines: Any) -> bool:
    """Whether lines of this kind have views of another kind than pandas."""
    return nw.from_native(lines).implementation in _OWN_VIEWS


def in_kind_of(lines: Any, view: pd.DataFrame, axes: Collection[str] = ()) -> Any:
    """A view in the kind of frame of the lines.

    Parameters
    ----------
    lines : frame
        Of an inventory.
    view : pandas.DataFrame
        Small.
    axes : collection of str
        Columns of the view that are columns of the lines, and keep their dtype.

    Returns
    -------
    frame
        The view itself for pandas and for kinds that have no views of their own. A number that is missing is not a number, as in the
        lines; a text that is missing is null.
    """
    frame = nw.from_native(lines)
    backend: Any = frame.implementation
    if backend not in _OWN_VIEWS:
        return view
    schema = frame.collect_schema() if axes else {}
    columns = []
    for name in view.columns:
        dtype = schema[name] if name in axes else _dtype_of(view[name])
        columns.append(nw.new_series(str(name), _cells_of(view[name], dtype), dtype, backend=backend))
    return nw.from_dict({column.name: column for column in columns}, backend=backend).to_native()


def _dtype_of(column: pd.Series[Any]) -> nw.dtypes.DType:
    """The dtype of a column that the lines do not have: a number or a text."""
    if column.dtype.kind in "iu":
        return nw.Int64()
    return nw.Float64() if column.dtype.kind == "f" else nw.String()


def _cells_of(column: pd.Series[Any], dtype: nw.dtypes.DType) -> Sequence[Any]:
    """The cells of a column, null where there is none; numbers that are missing stay what they are."""
    if dtype.is_float():
        return [float(cell) for cell in column]
    kind = int if dtype.is_integer() else str if dtype == nw.String else None
    known = column.notna()
    cells = column.tolist()
    return [(kind(cell) if kind else cell) if there else None for cell, there in zip(cells, known, strict=True)]
