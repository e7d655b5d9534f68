"""Amounts, energy and emissions of rows by their plan rows and by some of their columns: what every view is made of."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from carbonledger.inventory.coefficients import Plan
from carbonledger.inventory.key_codes import key_codes
from carbonledger.inventory.lines import ROWS, SOUND
from carbonledger.inventory.sums import AMOUNT, LINES, with_month

if TYPE_CHECKING:
    import pandas as pd

    Whole = np.ndarray[Any, np.dtype[np.int64]]
    Numbers = np.ndarray[Any, np.dtype[np.float64]]

__all__ = ["RowSums", "amounts_of", "row_count"]


def row_count(rows: pd.DataFrame) -> int:
    """How many rows of the caller's some rows are: themselves, or those that they are sums of."""
    return int(rows[ROWS].sum()) if ROWS in rows else len(rows)


def amounts_of(rows: pd.DataFrame) -> Numbers:
    """The amounts in double precision, not a number where there is none."""
    return rows["amount"].to_numpy(dtype=np.float64, na_value=math.nan)


@dataclass(frozen=True, eq=False)
class RowSums:
    """Rows with the number of the plan row of each.

    Parameters
    ----------
    rows : pandas.DataFrame
        Entries, lines, or sums of them with `ROWS`.
    places : numpy.ndarray of int, one for each row
        The number of its plan row, -1 where there is none.
    plan : Plan
        Their coefficients.
    """

    rows: pd.DataFrame
    places: Whole
    plan: Plan

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
        return float((amounts_of(self._chosen) * self._rates[self._places]).sum()) if len(self._places) else 0.0

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
        amounts = pd.Series(amounts_of(rows)).groupby(groups.codes, sort=False).sum().to_numpy()
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
    def _rates(self) -> Numbers:
        """The t CO2e per unit of each plan row, 0 where there is none."""
        rates: Numbers = np.nan_to_num(np.array(self.plan.tco2e_per_unit))
        return rates

    @cached_property
    def _is_kept(self) -> bool:
        """Whether every row has a plan row."""
        return not len(self.places) or int(self.places.min()) >= 0

    @cached_property
    def _places(self) -> Whole:
        """The numbers of the plan rows of the rows that have one."""
        return self.places if self._is_kept else self.places[self.places >= 0]

    @cached_property
    def _chosen(self) -> pd.DataFrame:
        """The rows that have a plan row."""
        return self.rows if self._is_kept else self.rows[self.places >= 0]

    @cached_property
    def _dated(self) -> pd.DataFrame:
        """These rows with the month of their first day."""
        dated: pd.DataFrame = with_month(nw.from_native(self._chosen, eager_only=True)).to_native()
        return dated
