"""The combinations of a pandas frame as numbers: each row's texts are compared once, for the plan and for the lines alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KeyCodes", "key_codes"]


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

    codes: np.ndarray[Any, np.dtype[np.int64]]
    first: np.ndarray[Any, np.dtype[np.int64]]


def key_codes(frame: pd.DataFrame, columns: Sequence[str]) -> KeyCodes:
    """Number the combinations of some columns in order of appearance.

    Parameters
    ----------
    frame : pandas.DataFrame
        Of any size; categorical columns cost least.
    columns : sequence of str
        Which make a combination. Gaps are equal to each other.

    Returns
    -------
    KeyCodes
    """
    import pandas as pd

    codes = np.zeros(len(frame), dtype=np.int64)
    for name in columns:
        own, values = pd.factorize(frame[name], use_na_sentinel=False)
        if len(values) > 1:
            codes, _ = pd.factorize(codes * len(values) + own)
    count = int(codes.max()) + 1 if len(codes) else 0
    first = np.empty(count, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    return KeyCodes(codes, first)
