"""Rows of a table by number: each distinct combination of some columns counts as one group."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    Whole = npt.NDArray[np.int64]
    Truth = npt.NDArray[np.bool_]

__all__ = ["codes_of", "distinct_within", "row_blocks", "runs_of"]


def codes_of(frame: pd.DataFrame, columns: Sequence[Any]) -> Whole:
    """A number for each distinct combination of some columns, counted from 0 in the order in which they first stand.

    Parameters
    ----------
    frame : pandas.DataFrame
        Any table.
    columns : sequence
        Names of its columns, or arrays of as many values.
    """
    import pandas as pd

    codes: Whole = np.zeros(len(frame), dtype=np.int64)
    for column in columns:
        values = frame[column] if isinstance(column, str) else column
        own, distinct = pd.factorize(values)
        codes = np.asarray(pd.factorize(codes * max(len(distinct), 1) + own)[0], dtype=np.int64)
    return codes


def distinct_within(groups: Whole, codes: Whole) -> Whole:
    """How many different numbers the rows of each group have.

    Parameters
    ----------
    groups, codes : array of int, shape (n,)
        The group of each row, and any other number of it; neither below zero.
    """
    if not len(groups):
        return np.zeros(0, dtype=np.int64)
    width = int(codes.max()) + 1
    counts: Whole = np.bincount(np.unique(groups * width + codes) // width, minlength=int(groups.max()) + 1)
    return counts


def runs_of(codes: Whole) -> tuple[Whole, Whole]:
    """Where each run of equal numbers begins in sorted codes, and its length."""
    begins = np.flatnonzero(np.r_[True, codes[1:] != codes[:-1]]) if len(codes) else np.zeros(0, dtype=np.int64)
    return begins, np.diff(np.r_[begins, len(codes)])


def row_blocks(codes: Whole, chosen: Truth) -> list[Whole]:
    """The rows of each code of which some row is chosen, in the order of the codes.

    Parameters
    ----------
    codes : array of int
        A number per row.
    chosen : array of bool
        Per row; one suffices for the whole block.
    """
    wanted = np.unique(codes[chosen])
    if not len(wanted):
        return []
    rows = np.flatnonzero(np.isin(codes, wanted))
    rows = rows[np.argsort(codes[rows], kind="stable")]
    return np.split(rows, runs_of(codes[rows])[0][1:])
