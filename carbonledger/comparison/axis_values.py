"""The values of several inventories along one axis, side by side: what one of them does not have counts 0 there."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COMPARED_AXES", "AxisValues", "keys_of", "values_along"]

# What two years are compared along; any other axis of `Inventory.by` will do too.
COMPARED_AXES = (
    "scope", "gas", "gas_group", "entity", "site", "carrier", "activity", "category", "scope_3_category", "line",
)  # fmt: skip
_LINE = ("entity", "site", "source", "activity")
_OF_GASES = frozenset({"gas", "gas_group"})


@dataclass(frozen=True, slots=True)
class AxisValues:
    """One measure of several inventories along an axis.

    Parameters
    ----------
    keys : tuple of tuple
        What each row stands for, in order of appearance: one value for an axis, four for a line.
    present : tuple of frozenset
        The keys that each inventory has.
    rows : mapping of tuple to tuple of float
        For each key the value of each inventory; 0 where it does not have the key, not a number where a part of it is missing.
    totals : tuple of float
        The sum of each inventory; not a number where it leaves entries out.
    """

    keys: tuple[tuple[Any, ...], ...]
    present: tuple[frozenset[tuple[Any, ...]], ...]
    rows: Mapping[tuple[Any, ...], tuple[float, ...]]
    totals: tuple[float, ...]

    def status(self, key: tuple[Any, ...]) -> str:
        """Whether a row is ``new``, ``ended`` or ``continuing``, between the first inventory and the second."""
        before, now = (key in keys for keys in self.present[:2])
        return "continuing" if before == now else "new" if now else "ended"


def keys_of(axis: str) -> tuple[str, ...]:
    """The columns that name a row of an axis."""
    return _LINE if axis == "line" else (axis,)


def values_along(
    inventories: Sequence[Inventory[Any]],
    axis: str,
    measures: Sequence[str] = ("energy_gj", "tonnes", "emissions_tco2e"),
) -> dict[str, AxisValues]:
    """Measures of some inventories along an axis.

    Parameters
    ----------
    inventories : sequence of Inventory
        The earlier year first.
    axis : str
        Of `Inventory.by`, or ``line``.
    measures : sequence of str
        ``energy_gj`` [GJ], ``emissions_tco2e`` [t CO2e], and along ``gas`` ``tonnes`` [t of the gas].

    Returns
    -------
    dict of str to AxisValues
        Of the measures that the axis has; emissions are always among them.

    Raises
    ------
    UnknownAxisError
        If the lines have no such column.
    """
    views = [_view(inventory, axis) for inventory in inventories]
    names = [name for name in measures if all(name in view for view in views)]
    return {name: _values(inventories, [_column(view, keys_of(axis), name) for view in views], name) for name in names}


def _values(
    inventories: Sequence[Inventory[Any]], columns: Sequence[Mapping[tuple[Any, ...], float]], measure: str
) -> AxisValues:
    """One measure, from its values by key in each inventory."""
    keys = tuple(dict.fromkeys(key for column in columns for key in column))
    return AxisValues(
        keys,
        tuple(frozenset(column) for column in columns),
        {key: tuple(column.get(key, 0.0) for column in columns) for key in keys},
        tuple(_total(item, column, measure) for item, column in zip(inventories, columns, strict=True)),
    )


def _view(inventory: Inventory[Any], axis: str) -> pd.DataFrame:
    """The measures along an axis; emissions only where they are of all entries of a row."""
    pandas = inventory.in_pandas
    view: pd.DataFrame = pandas.by_source() if axis == "line" else pandas.by(axis)
    partly = axis in _OF_GASES and inventory.unpriced is not None
    if inventory.completeness.energy_alone or partly:
        view[[name for name in ("emissions_tco2e", "tonnes") if name in view]] = math.nan
    elif "without_emissions" in view:
        view["emissions_tco2e"] = view["emissions_tco2e"].where(view["without_emissions"] == 0)
    return view


def _column(view: pd.DataFrame, keys: Sequence[str], measure: str) -> dict[tuple[Any, ...], float]:
    """A measure by key; a key that is not stated is an empty text."""
    names = [[_key(value) for value in view[key].tolist()] for key in keys]
    return dict(zip(zip(*names, strict=True), map(float, view[measure].tolist()), strict=True))


def _key(value: Any) -> Any:
    """A value of an axis: one that is missing as an empty text, a number of a category as a whole one."""
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _total(inventory: Inventory[Any], column: Mapping[tuple[Any, ...], float], measure: str) -> float:
    """The sum of a measure, if it is of every entry of the year; tonnes of different gases have none."""
    counts = inventory.counts
    if measure == "energy_gj":
        whole = counts is None or not counts.rows_refused
    else:
        whole = measure == "emissions_tco2e" and inventory.completeness.has_total
    return math.fsum(column.values()) if whole else math.nan
