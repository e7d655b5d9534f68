"""This year against last year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from carbonledger.inventory.inventory import Inventory
from carbonledger.inventory.sums import SOURCE_AXES

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare"]

_MEASURES = ("energy_gj", "emissions_tco2e")


def compare(previous: Inventory, current: Inventory, axis: str = "activity") -> pd.DataFrame:
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
    pandas.DataFrame
        ``axis`` (for ``line`` its four columns); previous, current, change and change in per cent of the previous
        value, of energy [GJ] and of emissions [t CO2e]; last row the total. A source that one year lacks counts as 0 in that
        year and says so in ``status`` (``new``, ``ended``, else ``continuing``). The changes sum to the change of the total.
        The percentage is missing where the previous value is 0.
    """
    import pandas as pd

    keys = list(SOURCE_AXES) if axis == "line" else [axis]
    before, after = (inventory.by(axis).set_index(keys) for inventory in (previous, current))
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
    total = table.drop(columns="status").sum(skipna=False)
    table = table.reset_index()
    names = {keys[0]: "total", **dict.fromkeys(keys[1:], ""), "status": "continuing"}
    table = pd.concat([table, total.to_frame().T.assign(**names)], ignore_index=True)
    for measure in _MEASURES:
        change = table[f"{measure}_current"] - table[f"{measure}_previous"]
        table[f"{measure}_change"] = change
        base = table[f"{measure}_previous"]
        table[f"{measure}_change_percent"] = change / base.where(base != 0) * 100
    return table
