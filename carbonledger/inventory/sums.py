"""Sums of the lines of an inventory by some of their columns, and the views that are made of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import narwhals as nw

from carbonledger.activity_data.entry_headings import field_of_heading
from carbonledger.core.errors import UnknownAxisError
from carbonledger.inventory.coefficients import Plan, PlanRow
from carbonledger.inventory.energy import is_energy_row
from carbonledger.inventory.lines import Frame
from carbonledger.inventory.scope3_categories import category_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "AMOUNT",
    "DERIVED_AXES",
    "LINES",
    "PLANNED_AXES",
    "axis_view",
    "emissions_view",
    "sums_by",
    "unknown_axis",
    "with_month",
]

# What sums are called beside the axes, which may be any columns of the caller's.
AMOUNT, LINES = "carbonledger_amount", "carbonledger_lines"
# Axes that the plan decides, the same for every line of a plan row.
PLANNED_AXES = frozenset({"scope", "activity", "carrier", "category", "scope_3_category"})
# Axes whose values are none of the lines' own columns, or others than those.
DERIVED_AXES = PLANNED_AXES | {"gas", "gas_group", "month"}
_SCOPE_NAMES = {1: "scope 1", 2: "scope 2 (location-based)", 3: "scope 3", 0: "no scope"}
_AXES = ("scope", "gas", "gas_group", "activity", "carrier", "category", "scope_3_category")
# What the emissions of lines that are in no row of the energy table stand under along the axis of carriers.
_NO_CARRIER = "no carrier"


def unknown_axis(axis: str, columns: Sequence[str]) -> UnknownAxisError:
    """The error for an axis that an inventory with some columns does not have; it names the one most like it."""
    from rapidfuzz import fuzz, process

    axes = tuple(dict.fromkeys((*_AXES, *columns)))
    close = [name for name, _, _ in process.extract(axis, axes, scorer=fuzz.ratio, score_cutoff=60, limit=2)]
    meant = [field] if (field := field_of_heading(axis)) in axes else []
    return UnknownAxisError(axis, axes, tuple(dict.fromkeys((*meant, *close))))


def with_month(frame: Any) -> Any:
    """The lines with the year and month of their first day, as 202403, unless they have a month already."""
    schema = frame.collect_schema()
    if "month" in schema.names() or "start" not in schema.names():
        return frame
    if schema["start"].is_temporal():
        start = nw.col("start").dt
        return frame.with_columns(month=start.year().cast(nw.Int64) * 100 + start.month().cast(nw.Int64))
    if isinstance(frame, nw.LazyFrame):
        # Texts are no days, and nothing is collected to look; by month such a frame has no view.
        return frame
    months = [day.year * 100 + day.month for day in frame["start"].to_list()]
    return frame.with_columns(nw.new_series("month", months, nw.Int64, backend=frame.implementation))


def sums_by(frame: Frame, axes: list[str]) -> pd.DataFrame:
    """Sums of the lines by some columns: in the order of the lines if they are pandas, else sorted.

    Raises
    ------
    UnknownAxisError
        If the lines have no such column.
    """
    dated = with_month(frame) if "month" in axes else frame
    names = dated.collect_schema().names()
    missing = next((axis for axis in axes if axis not in names), None)
    if missing is not None:
        raise unknown_axis(missing, names)
    totals = nw.col("energy_gj", "emissions_tco2e").sum()
    sums = dated.group_by(axes).agg(nw.col("amount").sum().alias(AMOUNT), totals, nw.len().alias(LINES))
    return _in_pandas(sums if frame.implementation.is_pandas() else sums.sort(axes))


def _in_pandas(frame: Frame) -> pd.DataFrame:
    """A small frame as pandas, whatever its kind."""
    import pandas as pd

    eager = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    if eager.implementation.is_pandas():
        native: pd.DataFrame = eager.to_native()
        return native
    return pd.DataFrame(eager.to_dict(as_series=False))


def _plan_value(row: PlanRow, axis: str) -> Any:
    """A plan row's place on an axis that the plan decides."""
    if axis == "scope":
        return _SCOPE_NAMES[row.scope or 0]
    if axis == "scope_3_category":
        return category_of(row.activity, row.key.scope_3_category)
    if axis == "carrier":
        return row.activity if is_energy_row(row) else _NO_CARRIER
    return row.activity if axis == "activity" else row.category


def _energy_of(row: PlanRow, summed: float) -> float:
    """The energy of some lines of a plan row, GJ; not a number if it has no calorific value, and none if it is no carrier."""
    if not is_energy_row(row):
        return 0.0
    return math.nan if row.energy_gj is None else summed


def axis_view(parts: Sequence[tuple[Plan, pd.DataFrame]], *axes: str) -> pd.DataFrame:
    """Energy and emissions along one axis, or several columns of the lines.

    Parameters
    ----------
    parts : sequence of (Plan, pandas.DataFrame)
        Of the calculated lines, and of those without emissions: what the ids mean, and sums by ``plan_id`` (and the axes that the
        plan does not decide) in order of appearance.
    *axes : str
        Planned axes, or columns of the lines.

    Returns
    -------
    pandas.DataFrame
        The axes; ``energy_gj`` [GJ] of energy carriers; ``emissions_tco2e`` [t CO2e], not a number for a row of which nothing could
        be calculated; ``without_emissions``, how many entries that concerns, if there are any.
    """
    import pandas as pd

    pieces = []
    for plan, sums in parts:
        rows = [plan.rows[int(plan_id)] for plan_id in sums["plan_id"]]
        energy = [_energy_of(row, value) for row, value in zip(rows, sums["energy_gj"].tolist(), strict=True)]
        piece = sums.assign(energy_gj=energy, without_emissions=[0 if row.priced else 1 for row in rows] * sums[LINES])
        piece.loc[piece["without_emissions"] > 0, "emissions_tco2e"] = math.nan
        planned = {axis: [_plan_value(row, axis) for row in rows] for axis in axes if axis in PLANNED_AXES}
        pieces.append(piece.assign(**planned))
    whole = pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)
    grouped = whole.groupby(list(axes), sort=PLANNED_AXES.issuperset(axes), dropna=False)
    view = grouped["energy_gj"].sum(skipna=False).to_frame()
    view["emissions_tco2e"] = grouped["emissions_tco2e"].sum(min_count=1)
    if len(pieces) > 1:
        view["without_emissions"] = grouped["without_emissions"].sum()
    return view.reset_index()


def _rates_of(plan: Plan, gas: str) -> list[float]:
    """The t CO2e of one gas per unit of each plan row."""
    return [math.fsum(item.tco2e for item in row.gases if item.gas == gas) for row in plan.rows]


def emissions_view(plan: Plan, axes: Sequence[str], sums: pd.DataFrame) -> pd.DataFrame:
    """Emissions over several axes at once.

    Parameters
    ----------
    plan : Plan
        What the ids of the sums mean.
    axes : sequence of str
        Planned ones, ``gas``, ``month``, or columns of the lines.
    sums : pandas.DataFrame
        ``plan_id``, the axes that the plan does not decide, and `AMOUNT`.

    Returns
    -------
    pandas.DataFrame
        The axes and ``emissions_tco2e`` [t CO2e], one row per combination that occurs.
    """
    import numpy as np
    import pandas as pd

    if not plan.rows or ("gas" in axes and not plan.gases):
        return pd.DataFrame(columns=[*axes, "emissions_tco2e"]).astype({"emissions_tco2e": "float64"})
    rows, plan_ids, amounts = plan.rows, sums["plan_id"].to_numpy(), sums[AMOUNT].to_numpy()
    planned = {}
    for axis in PLANNED_AXES.intersection(axes):
        codes, labels = pd.factorize(pd.Series([_plan_value(row, axis) for row in rows]))
        planned[axis] = pd.Categorical.from_codes(codes[plan_ids], categories=labels)
    sums = sums.assign(**planned)
    pieces = []
    for gas in plan.gases if "gas" in axes else [""]:
        rates = np.nan_to_num(np.array(_rates_of(plan, gas) if gas else plan.tco2e_per_unit))
        piece = sums.assign(emissions_tco2e=amounts * rates[plan_ids])
        pieces.append(piece.assign(gas=gas)[rates[plan_ids] != 0] if gas else piece)
    whole = pieces[0] if len(pieces) == 1 else pd.concat(pieces, ignore_index=True)
    grouped = whole.groupby(list(axes), sort=True, dropna=False, observed=True)["emissions_tco2e"]
    return grouped.sum().reset_index()
