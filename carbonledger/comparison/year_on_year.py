"""This year against last year."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from carbonledger.inventory.frame_kinds import FrameT, in_kind_of
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare"]

_MEASURES = ("energy_gj", "emissions_tco2e")


def compare(previous: Inventory[Any], current: Inventory[FrameT], axis: str = "activity") -> FrameT:
    """The change of energy and emissions along one axis.

    Parameters
    ----------
    previous, current : Inventory
        The two years.
    axis : str
        ``activity``, ``scope``, ``entity`` or any other axis of `Inventory.by`; ``line`` for every company, site, source and
        activity.

    Returns
    -------
    frame of the kind of the current inventory's views
        ``axis`` (for ``line`` its four columns); previous, current, change and change in per cent of the previous
        value, of energy [GJ] and of emissions [t CO2e]; last row the total. A source that one year lacks counts as 0 in that
        year and says so in ``status`` (``new``, ``ended``, else ``continuing``). The changes sum to the change of the total.
        The percentage is missing where the previous value is 0. What is of a part of a year's entries is no value to compare: a row
        with entries without emissions has none in that year, and the total has none of a year that leaves entries out.
        A pandas frame has the statements of both years in ``attrs["completeness"]`` and ``attrs["completeness_previous"]``.
    """
    import pandas as pd

    keys = ["entity", "site", "source", "activity"] if axis == "line" else [axis]
    before, after = (_whole_rows(inventory, axis).set_index(keys) for inventory in (previous, current))
    order = [*before.index, *[key for key in after.index if key not in before.index]]
    table = pd.DataFrame(
        index=pd.Index(order, name=axis) if len(keys) == 1 else pd.MultiIndex.from_tuples(order, names=keys)
    )
    table["status"] = [
        "new" if key not in before.index else "ended" if key not in after.index else "continuing" for key in order
    ]
    for measure in _MEASURES:
        table[f"{measure}_previous"] = before[measure].reindex(table.index).where(table["status"] != "new", 0.0)
        table[f"{measure}_current"] = after[measure].reindex(table.index).where(table["status"] != "ended", 0.0)
    total = table.drop(columns="status").sum(skipna=False).where(_has_totals(previous, current))
    table = table.reset_index()
    names = {keys[0]: "total", **dict.fromkeys(keys[1:], ""), "status": "continuing"}
    table = pd.concat([table, total.to_frame().T.assign(**names)], ignore_index=True)
    for measure in _MEASURES:
        change = table[f"{measure}_current"] - table[f"{measure}_previous"]
        table[f"{measure}_change"] = change
        base = table[f"{measure}_previous"]
        table[f"{measure}_change_percent"] = change / base.where(base != 0) * 100
    table.attrs["completeness"] = current.completeness.to_dict()
    table.attrs["completeness_previous"] = previous.completeness.to_dict()
    compared: FrameT = in_kind_of(table if current.has_pandas_views else current.lines, table)
    return compared


def _whole_rows(inventory: Inventory[Any], axis: str) -> pd.DataFrame:
    """The measures along an axis; emissions only where they are of all entries of a row."""
    view = inventory.in_pandas.by_source() if axis == "line" else inventory.in_pandas.by(axis)
    if inventory.completeness.energy_alone:
        view["emissions_tco2e"] = math.nan
    elif "without_emissions" in view:
        view["emissions_tco2e"] = view["emissions_tco2e"].where(view["without_emissions"] == 0)
    return view


def _has_totals(previous: Inventory[Any], current: Inventory[Any]) -> pd.Series[bool]:
    """By column, whether its sum is of every entry of its year."""
    import pandas as pd

    found = {}
    for name, inventory in (("previous", previous), ("current", current)):
        counts = inventory.counts
        found[f"energy_gj_{name}"] = counts is None or not counts.rows_refused
        found[f"emissions_tco2e_{name}"] = inventory.completeness.has_total
    return pd.Series(found)
