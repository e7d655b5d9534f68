"""Combinations of columns of a pandas frame as numbers: each row's texts are compared once, for the plan and for the sums alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    Whole = np.ndarray[Any, np.dtype[Any]]

__all__ = ["KeyCodes", "key_codes"]

# Numbers up to here are those of 32 bits, which cost half of those of 64.
_NARROW = 1 << 31
# Further than this a combination's number is not made by multiplying.
_WIDE = 1 << 62
# Whole numbers that lie so near to each other, such as years, are their own codes.
_NEAR = 1 << 16


@dataclass(frozen=True, slots=True)
class KeyCodes:
    """Which combination each row has.

    Parameters
    ----------
    codes : numpy.ndarray of int, one for each row
        The number of its combination.
    first : numpy.ndarray of int, one for each combination
        A row that has it, the first one.
    """

    codes: Whole
    first: Whole


def key_codes(columns: Iterable[pd.Series[Any]], rows: int) -> KeyCodes:
    """Number the combinations of some columns in order of appearance.

    Parameters
    ----------
    columns : iterable of pandas.Series
        Which make a combination; categorical ones cost least. Gaps are equal to each other.
    rows : int
        How many rows each has.

    Returns
    -------
    KeyCodes
    """
    import pandas as pd

    codes: Whole = np.zeros(rows, dtype=np.int32)
    width = 1
    for column in columns:
        own, count = _codes_of(column)
        if width * count >= _WIDE:
            codes, labels = pd.factorize(codes)
            width = len(labels)
        width *= count
        kind = np.dtype(np.int32 if width < _NARROW else np.int64)
        codes = codes.astype(kind, copy=False) * kind.type(count) + own.astype(kind, copy=False)
    codes, labels = pd.factorize(codes)
    first = np.empty(len(labels), dtype=np.int64)
    first[codes[::-1]] = np.arange(rows - 1, -1, -1)
    return KeyCodes(codes, first)


def _codes_of(column: pd.Series[Any]) -> tuple[Whole, int]:
    """A number from 0 for each value of a column, and below what they are."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy() + 1, len(column.cat.categories) + 1
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "iu" and len(column):
        least, most = int(column.min()), int(column.max())
        if most - least < _NEAR:
            return column.to_numpy() - least, most - least + 1
    own, values = pd.factorize(column, use_na_sentinel=False)
    return own, max(len(values), 1)
