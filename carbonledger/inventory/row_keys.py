"""The combination of activity, unit, region, year and factor that each row of entries has."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np

from carbonledger.inventory.coefficients import Key, Plan
from carbonledger.inventory.key_codes import KeyCodes, key_codes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KEY_COLUMNS", "NOT_STATED", "WHOLE", "RowKeys", "key_columns", "row_keys"]

KEY_COLUMNS = ("activity", "unit", "region", "year", "factor", "scope_3_category")
# What a key has where its row states nothing.
NOT_STATED: dict[str, Any] = {"activity": "", "unit": "", "region": "", "year": 0, "factor": "", "scope_3_category": 0}
WHOLE = ("year", "scope_3_category")


@dataclass(frozen=True, slots=True)
class RowKeys:
    """Which combination each row of pandas has.

    Parameters
    ----------
    numbered : KeyCodes
        The combinations of the cells as numbers.
    keys : sequence of Key
        The combination of each number. Two numbers may be one combination: of a region that is missing, and of one that is empty.
    """

    numbered: KeyCodes
    keys: Sequence[Key]

    def places(self, plan: Plan) -> np.ndarray[Any, np.dtype[np.int64]]:
        """For each row the number of its plan row, -1 where the plan has none."""
        known = {row.key: number for number, row in enumerate(plan.rows)}
        of_codes = np.array([known.get(key, -1) for key in self.keys], dtype=np.int64)
        return of_codes[self.numbered.codes]


def row_keys(rows: pd.DataFrame) -> RowKeys:
    """The combinations of the rows of a pandas frame.

    Parameters
    ----------
    rows : pandas.DataFrame
        With ``activity`` and ``unit``, and as far as they are known the other columns of `KEY_COLUMNS`.

    Returns
    -------
    RowKeys
    """
    columns = key_columns(rows.columns)
    numbered = key_codes((rows[name] for name in columns), len(rows))
    firsts = {name: rows[name].take(numbered.first).tolist() for name in columns}
    cells = (_cells(name, firsts[name]) if name in firsts else repeat(NOT_STATED[name]) for name in KEY_COLUMNS)
    return RowKeys(numbered, [Key(*row) for row in zip(*cells, strict=False)])


def key_columns(names: Iterable[str]) -> list[str]:
    """The key columns that are among some names."""
    present = set(names)
    return [name for name in KEY_COLUMNS if name in present]


def _cells(name: str, cells: Sequence[Any]) -> list[Any]:
    """The cells of a key column as they stand in a key; of many cells few are distinct."""
    known = {cell: _cell(name, cell) for cell in set(cells)}
    return [known[cell] for cell in cells]


def _cell(name: str, value: Any) -> Any:
    """A cell of a key, the empty one where nothing is stated."""
    import pandas as pd

    if pd.isna(value):
        return NOT_STATED[name]
    return int(value) if name in WHOLE else str(value)
