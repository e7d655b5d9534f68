"""Rows summed by their engine, in one pass, before anything is calculated.

Coefficients are the same for all rows of a combination, so that energy and emissions of a sum of amounts are the sums of energy and
emissions. What an inventory shows is calculated from these sums; the rows themselves stay with their engine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import narwhals as nw

from carbonledger.inventory.lines import ROWS, SOUND, Frame
from carbonledger.inventory.row_keys import KEY_COLUMNS
from carbonledger.inventory.sums import with_month

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["summed_rows"]

# Columns by which views are asked for; those of a single reading, such as its id or its day, are none.
_AXES = ("entity", "site", "data_type", "month")


def summed_rows(frame: Frame) -> pd.DataFrame:
    """Amounts summed by combination, company, site, kind of data and month.

    Parameters
    ----------
    frame : narwhals LazyFrame or DataFrame
        Of entries, with ``activity``, ``unit`` and a numeric ``amount``. It is gone through once.

    Returns
    -------
    pandas.DataFrame
        The key columns and the axes that the frame has; ``amount`` summed in double precision, whatever the precision of the column;
        `ROWS`, how many rows that is; and `SOUND`, how many of them have an amount that is finite and not negative. In the order of the
        columns, whatever the order of the rows.
    """
    dated = _with_month_of_engine(frame)
    names = dated.collect_schema().names()
    groups = [name for name in (*KEY_COLUMNS, *_AXES) if name in names]
    amount = nw.col("amount").cast(nw.Float64)
    sound = (amount.is_finite() & (amount >= 0)).cast(nw.Int64)
    sums: Any = dated.select(*groups, amount, sound=sound).group_by(groups)
    totals = (nw.col("amount").sum(), nw.len().alias(ROWS), nw.col("sound").sum().alias(SOUND))
    ordered = sums.agg(*totals).sort(groups, nulls_last=False)
    held = ordered.collect(backend="pyarrow") if isinstance(ordered, nw.LazyFrame) else ordered
    rows = held.to_pandas()
    # Of amounts that are all missing none is sound.
    return rows.assign(**{SOUND: rows[SOUND].fillna(0)}).astype({ROWS: "int64", SOUND: "int64"})


def _with_month_of_engine(frame: Frame) -> Frame:
    """The rows with their month, where the engine knows the first day as a date."""
    schema = frame.collect_schema()
    return with_month(frame) if "start" in schema.names() and schema["start"].is_temporal() else frame
