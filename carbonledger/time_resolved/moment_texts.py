"""Moments as files write them: ISO 8601 with an offset from UTC, or by a clock whose zone somebody states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["Moments", "read_moments"]

_OFFSET = r"(?:Z|[+-]\d{2}:?\d{2})$"
_ISO = r"^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$"


@dataclass(frozen=True, slots=True)
class Moments:
    """A column of moments.

    Parameters
    ----------
    seconds : array of int, shape (n,)
        Since 1970: in UTC where the text states an offset, else by the clock; 0 where `is_bad`.
    is_local, is_day, is_bad : array of bool, shape (n,)
        Whether it is by the clock; whether it names a day and no time; whether it cannot be read.
    """

    seconds: np.ndarray[Any, Any]
    is_local: np.ndarray[Any, Any]
    is_day: np.ndarray[Any, Any]
    is_bad: np.ndarray[Any, Any]


def read_moments(cells: Sequence[Any]) -> Moments:
    """Read a column of moments.

    Parameters
    ----------
    cells : sequence
        Texts in ISO 8601, with or without an offset from UTC; dates and datetimes, aware or not.

    Returns
    -------
    Moments

    Examples
    --------
    >>> found = read_moments(["2024-01-01T00:00+08:00", "2024-01-01 00:00", "01/02/2024"])
    >>> found.seconds.tolist(), found.is_local.tolist(), found.is_bad.tolist()
    ([1704038400, 1704067200, 0], [False, True, True], [False, False, True])
    """
    texts = pd.Series([_text(cell) for cell in cells], dtype=object).astype(str).str.strip()
    is_iso = texts.str.match(_ISO).to_numpy(dtype=bool)
    is_day = ~texts.str.contains(":").to_numpy(dtype=bool)
    is_local = ~texts.str.contains(_OFFSET, regex=True).to_numpy(dtype=bool) | is_day
    seconds = np.zeros(len(texts), dtype=np.int64)
    is_bad = ~is_iso
    for mask, in_utc in ((is_iso & is_local, False), (is_iso & ~is_local, True)):
        if mask.any():
            read = pd.to_datetime(texts[mask], format="ISO8601", errors="coerce", utc=in_utc)
            is_bad[np.flatnonzero(mask)[read.isna().to_numpy()]] = True
            known = read.fillna(pd.Timestamp(0, tz="UTC" if in_utc else None))
            in_seconds = known.dt.tz_localize(None) if in_utc else known
            seconds[mask] = in_seconds.to_numpy().astype("datetime64[s]").astype(np.int64)
    return Moments(seconds, is_local, is_day, is_bad)


def _text(cell: Any) -> str:
    """A cell as a text of ISO 8601; empty if there is none."""
    if cell is None or cell is pd.NaT:
        return ""
    return cell.isoformat() if hasattr(cell, "isoformat") else str(cell)
