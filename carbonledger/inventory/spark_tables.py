"""A small table beside a large Spark frame: rows of the driver that Spark sends to each of its workers, whatever its settings say.

A table that Python makes of rows has no known size, so that Spark sorts and shuffles the large frame to join it; read from Arrow, and named
as one to be sent, it never does. The same calls serve a classic session and one that is connected from afar.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

__all__ = ["is_spark", "spark_table"]

_SPARK = frozenset({nw.Implementation.PYSPARK, nw.Implementation.PYSPARK_CONNECT})


def is_spark(frame: nw.DataFrame[Any] | nw.LazyFrame[Any]) -> bool:
    """Whether a frame is one of PySpark, of a classic or a connected session."""
    return frame.implementation in _SPARK


def spark_table(table: Mapping[str, Sequence[Any]], frame: nw.LazyFrame[Any]) -> nw.LazyFrame[Any]:
    """A small table as a frame of the session that another frame belongs to.

    Parameters
    ----------
    table : mapping of str to sequence
        Its columns: of texts, whole numbers or decimals.
    frame : narwhals LazyFrame
        Of PySpark.

    Returns
    -------
    narwhals LazyFrame
        Which a join sends to the workers instead of moving the rows of the large frame.
    """
    arrow = nw.from_dict(table, backend="pyarrow").to_native()
    sent: nw.LazyFrame[Any] = nw.from_native(frame.to_native().sparkSession.createDataFrame(arrow).hint("broadcast"))
    return sent
