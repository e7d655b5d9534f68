"""This year against last year."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from carbonledger.comparison.axis_values import AxisValues, keys_of, values_along
from carbonledger.comparison.basis import Basis, basis_of
from carbonledger.core.relative_change import RelativeChange, relative_change
from carbonledger.inventory.frame_kinds import FrameT, in_kind_of
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare"]


def compare(
    previous: Inventory[Any], current: Inventory[FrameT], axis: str = "activity", *, basis: Basis | None = None
) -> FrameT:
    """The change of energy and emissions along one axis.

    Parameters
    ----------
    previous, current : Inventory
        The two years.
    axis : str
        ``scope``, ``gas``, ``gas_group``, ``entity``, ``site``, ``carrier`` (of the energy table), ``activity``, ``category``,
        ``scope_3_category`` or any other axis of `Inventory.by`; ``line`` for every company, site, source and activity.
    basis : Basis, optional
        What is known of the two years beside their lines; by default what the lines say, see `carbonledger.comparison.basis.basis_of`.

    Returns
    -------
    frame of the kind of the current inventory's views
        ``axis`` (for ``line`` its four columns); previous, current, change and change in per cent of the previous
        value, of energy [GJ] and of emissions [t CO2e], along ``gas`` of tonnes of the gas [t] in the place of energy; last row the
        total. A source that one year lacks counts as 0 in that
        year and says so in ``status`` (``new``, ``ended``, else ``continuing``). The changes sum to the change of the total.
        ``..._convention`` says why there is a percentage or none, see `carbonledger.core.relative_change`; ``..._share_points`` is the
        change of a row's share in the total, in percentage points. Where the two years cover different numbers of days there is no
        percentage at all.
        What is of a part of a year's entries is no value to compare: a row
        with entries without emissions has none in that year, and the total has none of a year that leaves entries out.
        A pandas frame has the statements of both years in ``attrs["completeness"]`` and ``attrs["completeness_previous"]``.

    Raises
    ------
    UnknownAxisError
        If the lines have no such axis.
    """
    import pandas as pd

    known = basis or basis_of(previous, current)
    measured = values_along((previous, current), axis)
    first = next(iter(measured.values()))
    keys = keys_of(axis)
    rows = [{**dict(zip(keys, key, strict=True)), "status": first.status(key)} for key in first.keys]
    rows.append({**dict.fromkeys(keys, ""), keys[0]: "total", "status": "continuing"})
    table = pd.DataFrame(rows, columns=[*keys, "status"])
    for name, values in measured.items():
        pairs = [*(values.rows[key] for key in first.keys), values.totals]
        table[f"{name}_previous"], table[f"{name}_current"] = ([pair[at] for pair in pairs] for at in (0, 1))
    for name, values in measured.items():
        _add_changes(table, name, values, known)
    table.attrs["completeness"] = current.completeness.to_dict()
    table.attrs["completeness_previous"] = previous.completeness.to_dict()
    compared: FrameT = in_kind_of(table if current.has_pandas_views else current.lines, table)
    return compared


def _add_changes(table: pd.DataFrame, name: str, values: AxisValues, basis: Basis) -> None:
    """The columns of the change of one measure."""
    pairs = list(zip(table[f"{name}_previous"].tolist(), table[f"{name}_current"].tolist(), strict=True))
    changes = [_change(*pair, basis) for pair in pairs]
    table[f"{name}_change"] = [item.change for item in changes]
    table[f"{name}_change_percent"] = [item.percent for item in changes]
    table[f"{name}_convention"] = [item.convention for item in changes]
    if name == "tonnes":
        table.loc[table.index[-1], f"{name}_convention"] = "no_total"
    else:
        table[f"{name}_share_points"] = [_points(*pair, *values.totals) for pair in pairs]


def _change(before: float, now: float, basis: Basis) -> RelativeChange:
    """A change; without a percentage where the years are not of the same kind."""
    found = relative_change(before, now)
    return found.withheld(basis.withheld) if basis.withheld else found


def _points(before: float, now: float, all_before: float, all_now: float) -> float:
    """How much a part's share in the whole changed, percentage points; not a number where one of the years has no total."""
    if not (all_before and all_now):
        return math.nan
    return (now / all_now - before / all_before) * 100
