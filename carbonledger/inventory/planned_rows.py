"""Rows of entries with the plan row that each one has: their sums, which views are made of, and their lines, once they are asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.inventory.coefficients import Key, Plan
from carbonledger.inventory.key_codes import key_codes
from carbonledger.inventory.lines import ROWS, SOUND, Frame, lines_of
from carbonledger.inventory.row_keys import RowKeys
from carbonledger.inventory.sums import AMOUNT, LINES, with_month

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DrawnLines", "PlannedRows", "check_amounts", "held_rows", "row_count"]


def held_rows(frame: Frame) -> pd.DataFrame:
    """Rows of pandas as they are now, whatever their owner does to them before their lines are made."""
    import pandas as pd

    rows: pd.DataFrame = frame.to_native()
    # From pandas 3 on a shallow copy is one on write.
    return rows.copy(deep=int(pd.__version__.partition(".")[0]) < 3)


def check_amounts(rows: pd.DataFrame) -> None:
    """Refuse rows whose amounts cannot be calculated.

    Parameters
    ----------
    rows : pandas.DataFrame
        Of entries, or of their sums with `ROWS` and `SOUND`.

    Raises
    ------
    EntriesError
        Naming how many amounts are empty, negative or not finite.
    """
    if SOUND in rows:
        unsound = row_count(rows) - int(rows[SOUND].sum())
    else:
        amounts = _amounts(rows)
        # Not a number is neither above nor below anything.
        is_sound = not len(amounts) or (amounts.min() >= 0 and amounts.max() < math.inf)
        unsound = 0 if is_sound else len(amounts) - int(((amounts >= 0) & (amounts < math.inf)).sum())
    if unsound:
        raise EntriesError([Finding.of("BAD_AMOUNT.frame", count=unsound).at(column="amount")])


def row_count(rows: pd.DataFrame) -> int:
    """How many rows of the caller's some rows are: themselves, or those that they are sums of."""
    return int(rows[ROWS].sum()) if ROWS in rows else len(rows)


def _amounts(rows: pd.DataFrame) -> np.ndarray[Any, np.dtype[np.float64]]:
    """The amounts in double precision, not a number where there is none."""
    return rows["amount"].to_numpy(dtype=np.float64, na_value=math.nan)


@dataclass(frozen=True, eq=False)
class PlannedRows:
    """Rows of entries with the plan row of each.

    Parameters
    ----------
    frame : narwhals DataFrame or LazyFrame
        The caller's rows.
    rows : pandas.DataFrame
        The same rows, or the sums of them that their engine made.
    keys : RowKeys
        The combinations of `rows`.
    plan : Plan
        Rows whose combination it does not hold are left out.
    """

    frame: Frame
    rows: pd.DataFrame
    keys: RowKeys
    plan: Plan

    @cached_property
    def lines(self) -> Any:
        """The caller's rows with their coefficients applied, in the caller's kind of frame, see `lines_of`."""
        return lines_of(self.frame, self.plan, self.keys if self.frame.implementation.is_pandas() else None).to_native()

    @cached_property
    def columns(self) -> frozenset[str]:
        """By which columns the rows can be summed; sums are not by what was summed."""
        own = set(map(str, self.rows.columns)) | ({"month"} if "start" in self.rows else set())
        return frozenset(own - {"amount", ROWS, SOUND} if ROWS in self.rows else own)

    @cached_property
    def count(self) -> int:
        """How many rows of the caller's have a plan row."""
        return row_count(self._chosen)

    @cached_property
    def total_tco2e(self) -> float:
        """The emissions of all rows, t CO2e, row by row and not by any group of them."""
        return float((_amounts(self._chosen) * self._rates[self._places]).sum()) if len(self._places) else 0.0

    def count_by_key(self) -> dict[Key, int]:
        """How many of the caller's rows each combination has."""
        weights = self.rows.get(ROWS)
        counts: dict[Key, int] = {}
        for key, count in zip(self.keys.keys, np.bincount(self.keys.numbered.codes, weights).tolist(), strict=True):
            counts[key] = counts.get(key, 0) + int(count)
        return counts

    def sums(self, axes: Sequence[str]) -> pd.DataFrame:
        """Amount, energy and emissions by plan row and by some columns.

        Parameters
        ----------
        axes : sequence of str
            Among `columns`.

        Returns
        -------
        pandas.DataFrame
            ``plan_id``; the axes; `AMOUNT`, ``energy_gj`` [GJ] and ``emissions_tco2e`` [t CO2e], summed with compensation (Kahan) and 0
            where there is no coefficient; and `LINES`, how many rows that is. In order of appearance.
        """
        import pandas as pd

        rows = self._dated if "month" in axes else self._chosen
        groups = key_codes((pd.Series(self._places), *(rows[axis] for axis in axes)), len(rows))
        plan_ids = self._places[groups.first]
        amounts = pd.Series(_amounts(rows)).groupby(groups.codes, sort=False).sum().to_numpy()
        energy = np.array([row.energy_gj or 0.0 for row in self.plan.rows])
        counts = np.bincount(groups.codes, rows.get(ROWS), minlength=len(groups.first))
        return pd.DataFrame(
            {
                "plan_id": plan_ids,
                **{axis: rows[axis].take(groups.first).array for axis in axes},
                AMOUNT: amounts,
                "energy_gj": amounts * energy[plan_ids],
                "emissions_tco2e": amounts * self._rates[plan_ids],
                LINES: counts.astype(np.int64),
            }
        )

    @cached_property
    def _rates(self) -> np.ndarray[Any, np.dtype[np.float64]]:
        """The t CO2e per unit of each plan row, 0 where there is none."""
        rates: np.ndarray[Any, np.dtype[np.float64]] = np.nan_to_num(np.array(self.plan.tco2e_per_unit))
        return rates

    @cached_property
    def _all_places(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """For each row the number of its plan row, -1 where there is none."""
        return self.keys.places(self.plan)

    @cached_property
    def _is_kept(self) -> bool:
        """Whether every row has a plan row."""
        return not len(self._all_places) or int(self._all_places.min()) >= 0

    @cached_property
    def _places(self) -> np.ndarray[Any, np.dtype[np.int64]]:
        """The numbers of the plan rows of the rows that have one."""
        return self._all_places if self._is_kept else self._all_places[self._all_places >= 0]

    @cached_property
    def _chosen(self) -> pd.DataFrame:
        """The rows that have a plan row."""
        return self.rows if self._is_kept else self.rows[self._all_places >= 0]

    @cached_property
    def _dated(self) -> pd.DataFrame:
        """These rows with the month of their first day."""
        dated: pd.DataFrame = with_month(nw.from_native(self._chosen, eager_only=True)).to_native()
        return dated


class DrawnLines:
    """The field of lines: a frame, or rows that become one when they are first asked for."""

    def __get__(self, inventory: Any, owner: type | None = None) -> Any:
        if inventory is None:
            raise AttributeError("lines")  # so that the field has no default
        held = inventory.__dict__["lines"]
        return held.lines if isinstance(held, PlannedRows) else held

    def __set__(self, inventory: Any, held: Any) -> None:
        inventory.__dict__["lines"] = held
