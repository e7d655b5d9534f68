"""Rows of entries with the plan row that each one has: their sums, which views are made of, and their lines, once they are asked for."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import narwhals as nw
import numpy as np

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.inventory.coefficients import Key, Plan
from carbonledger.inventory.lines import ROWS, SOUND, Frame, lines_of
from carbonledger.inventory.row_keys import RowKeys
from carbonledger.inventory.row_sums import RowSums, amounts_of, row_count
from carbonledger.inventory.sums import LINES, sums_by, unknown_axis

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DrawnLines", "LineSums", "PlannedRows", "check_amounts", "held_frame"]


# Columns of the lines along which nothing can be seen.
_MEASURES = frozenset({"plan_id", "energy_gj", "emissions_tco2e"})


def held_frame(frame: Frame) -> Frame:
    """A frame as it is now, whatever its owner does to it before its lines are made; only pandas lets him."""
    import pandas as pd

    if not frame.implementation.is_pandas():
        return frame
    # From pandas 3 on a shallow copy is one on write.
    rows: pd.DataFrame = frame.to_native().copy(deep=int(pd.__version__.partition(".")[0]) < 3)
    return nw.from_native(rows, eager_only=True)


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
        amounts = amounts_of(rows)
        # Not a number is neither above nor below anything.
        is_sound = not len(amounts) or (amounts.min() >= 0 and amounts.max() < math.inf)
        unsound = 0 if is_sound else len(amounts) - int(((amounts >= 0) & (amounts < math.inf)).sum())
    if unsound:
        raise EntriesError([Finding.of("BAD_AMOUNT.frame", count=unsound).at(column="amount")])


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
    def summable(self) -> RowSums:
        """The rows with the number of the plan row of each."""
        return RowSums(self.rows, self.keys.places(self.plan), self.plan)

    def count_by_key(self) -> dict[Key, int]:
        """How many of the caller's rows each combination has."""
        weights = self.rows.get(ROWS)
        counts: dict[Key, int] = {}
        for key, count in zip(self.keys.keys, np.bincount(self.keys.numbered.codes, weights).tolist(), strict=True):
            counts[key] = counts.get(key, 0) + int(count)
        return counts


class LineSums:
    """Sums of the lines of an inventory: of the rows that they will be made of, or of the lines that are given.

    Parameters
    ----------
    held : PlannedRows or frame
    plan : Plan
        Of the inventory.
    """

    def __init__(self, held: Any, plan: Plan) -> None:
        self._held = held
        if isinstance(held, PlannedRows):
            self._rows: RowSums | None = held.summable
        else:
            is_pandas = nw.from_native(held).implementation.is_pandas()
            self._rows = RowSums(held, held["plan_id"].to_numpy(), plan) if is_pandas else None

    @property
    def kind(self) -> Any:
        """A frame of the kind of the lines with at least the columns of the entries."""
        return self._held.frame.to_native() if isinstance(self._held, PlannedRows) else self._held

    def kind_with(self, columns: Collection[str]) -> Any:
        """A frame of the kind of the lines that has some of their columns."""
        known = nw.from_native(self.kind).collect_schema().names()
        return self.kind if set(columns).issubset(known) else _lines_of(self._held)

    @property
    def count(self) -> int:
        """How many lines there are."""
        return self._rows.count if self._rows else int(self.by_plan[LINES].sum())

    @cached_property
    def by_plan(self) -> pd.DataFrame:
        """The sums by plan row alone."""
        return self._sums(())

    def sums(self, axes: Sequence[str]) -> pd.DataFrame:
        """Amount, energy and emissions by plan row and by some columns of the lines, as `RowSums.sums` gives them.

        Raises
        ------
        UnknownAxisError
            If there is no such column, or it is one of what is summed.
        """
        measured = next((axis for axis in axes if axis in _MEASURES), None)
        if measured is not None:
            names = nw.from_native(self.kind).collect_schema().names()
            raise unknown_axis(measured, [name for name in names if name not in _MEASURES])
        return self._sums(axes) if axes else self.by_plan

    def _sums(self, axes: Sequence[str]) -> pd.DataFrame:
        """The sums of the rows if they have the columns, else those of the lines."""
        if self._rows and self._rows.columns.issuperset(axes):
            return self._rows.sums(axes)
        return sums_by(nw.from_native(_lines_of(self._held)), ["plan_id", *axes])

    @cached_property
    def total_tco2e(self) -> float:
        """The emissions of all lines, t CO2e, line by line and not by any group of them."""
        if self._rows:
            return self._rows.total_tco2e
        lines = nw.from_native(self._held)
        eager = lines.select("emissions_tco2e").collect() if isinstance(lines, nw.LazyFrame) else lines
        return float(eager["emissions_tco2e"].sum() or 0.0)


def _lines_of(held: Any) -> Any:
    """The lines, made now if they are not there."""
    return held.lines if isinstance(held, PlannedRows) else held


class DrawnLines:
    """The field of lines: a frame, or rows that become one when they are first asked for."""

    def __get__(self, inventory: Any, owner: type | None = None) -> Any:
        if inventory is None:
            raise AttributeError("lines")  # so that the field has no default
        return _lines_of(inventory.__dict__["lines"])

    def __set__(self, inventory: Any, held: Any) -> None:
        inventory.__dict__["lines"] = held
