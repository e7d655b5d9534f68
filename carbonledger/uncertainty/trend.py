"""The IPCC table of the uncertainty of a year and of its trend, Approach 1: one frame in, one frame out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import narwhals as nw

from carbonledger.core.errors import UncertaintyError
from carbonledger.core.findings import Message

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ipcc_table"]

_NUMBERS = ("base_year", "current_year", "activity_uncertainty_percent", "factor_uncertainty_percent")
_TRUTHS = {"factor_correlated": True, "activity_correlated": False}
_LABELS = ("category", "gas")


def ipcc_table(frame: Any) -> Any:
    """Approach 1 for a year and for its trend since a base year.

    Parameters
    ----------
    frame : frame
        One row a category: ``category`` and perhaps ``gas``; ``base_year`` and ``current_year``, the emissions [t CO2e, or any other
        unit]; ``activity_uncertainty_percent`` and ``factor_uncertainty_percent``, half of the 95 % interval [%], of asymmetric limits
        the larger one; perhaps ``factor_correlated`` (whether the factor's error is the same in both years, true if not stated) and
        ``activity_correlated`` (false if not stated).

    Returns
    -------
    frame of the caller's kind
        The columns of table 3.2 under plain names, its letter in brackets: those given (A to F), ``combined_uncertainty_percent`` (G),
        ``contribution_to_variance`` (H, of the current year, [% squared of the total]), ``type_a_sensitivity`` and
        ``type_b_sensitivity`` (I, J) [% per %], ``trend_from_factor_percent`` (K), ``trend_from_activity_percent`` (L) [percentage points],
        ``trend_contribution`` (M). The last row is the total: its ``combined_uncertainty_percent`` is the uncertainty of the current
        year's total [%], its ``trend_percent`` the change [%], its ``trend_uncertainty_percentage_points`` the uncertainty of that.

    Raises
    ------
    UncertaintyError
        If a column is missing or holds no finite number, an uncertainty is below 0, or a year sums to 0.

    References
    ----------
    IPCC 2006 Guidelines, volume 1, chapter 3, table 3.2 with its notes A to E; kept by the 2019 Refinement.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = {"category": ["grid", "gas"], "base_year": [536.6, 112.2], "current_year": [477.54, 123.42]}
    >>> rows |= {"activity_uncertainty_percent": [2, 3], "factor_uncertainty_percent": [8, 5]}
    >>> total = ipcc_table(pd.DataFrame(rows)).iloc[-1]
    >>> [float(round(total[name], 2)) for name in ("trend_percent", "trend_uncertainty_percentage_points")]
    [-7.37, 2.25]
    """
    given = nw.from_native(frame, eager_only=True)
    table = _read(given)
    made = _with_total(_calculated(table))
    backend: Any = given.implementation
    if backend.is_pandas():
        return made
    cells = {str(name): [None if _is_empty(cell) else cell for cell in made[name]] for name in made.columns}
    return nw.from_dict(cells, backend=backend).to_native()


def _is_empty(cell: Any) -> bool:
    """Whether a cell has no number."""
    return isinstance(cell, float) and math.isnan(cell)


def _read(given: nw.DataFrame[Any]) -> pd.DataFrame:
    """The columns needed, checked."""
    import pandas as pd

    missing = tuple(name for name in ("category", *_NUMBERS) if name not in given.columns)
    if missing:
        raise UncertaintyError(Message.of("BAD_TREND.columns", missing=missing, columns=tuple(given.columns)))
    table = pd.DataFrame({name: given[name].to_list() for name in _LABELS if name in given.columns})
    for name in _NUMBERS:
        table[name] = [_number(name, cell) for cell in given[name].to_list()]
    for name, usual in _TRUTHS.items():
        table[name] = [bool(cell) for cell in given[name].to_list()] if name in given.columns else usual
    for name in _NUMBERS[:2]:
        if not math.fsum(table[name]):
            raise UncertaintyError(Message.of("BAD_TREND.zero", column=name))
    return table


def _number(name: str, cell: Any) -> float:
    """A finite number; an uncertainty is not below 0."""
    is_number = isinstance(cell, int | float) and not isinstance(cell, bool) and math.isfinite(cell)
    if not is_number or (name.endswith("_percent") and cell < 0):
        raise UncertaintyError(Message.of("BAD_TREND.number", column=name, given=str(cell)))
    return float(cell)


def _calculated(table: pd.DataFrame) -> pd.DataFrame:
    """Columns G to M of each category."""
    import numpy as np

    base, now = table["base_year"], table["current_year"]
    all_base, all_now = math.fsum(base), math.fsum(now)
    trend = (all_now - all_base) / all_base * 100
    raised = 0.01 * base + all_base
    type_a = (0.01 * now + all_now - raised) / raised * 100 - trend
    type_b = now / all_base
    activity, factor = table["activity_uncertainty_percent"], table["factor_uncertainty_percent"]
    both = math.sqrt(2)
    made = table.assign(combined_uncertainty_percent=np.hypot(activity, factor))
    made["contribution_to_variance"] = (made["combined_uncertainty_percent"] * now / all_now) ** 2
    made["type_a_sensitivity"], made["type_b_sensitivity"] = type_a, type_b
    made["trend_from_factor_percent"] = np.where(table["factor_correlated"], type_a * factor, type_b * factor * both)
    made["trend_from_activity_percent"] = np.where(
        table["activity_correlated"], type_a * activity, type_b * activity * both
    )
    squares = made["trend_from_factor_percent"] ** 2 + made["trend_from_activity_percent"] ** 2
    return made.assign(trend_contribution=squares)


def _with_total(made: pd.DataFrame) -> pd.DataFrame:
    """The rows and the total below them."""
    import pandas as pd

    sums = {name: math.fsum(made[name]) for name in ("base_year", "current_year")}
    squares = {name: math.fsum(made[name]) for name in ("contribution_to_variance", "trend_contribution")}
    total = {
        **{name: "" for name in _LABELS if name in made},
        "category": "total",
        **sums,
        **squares,
        "combined_uncertainty_percent": math.sqrt(squares["contribution_to_variance"]),
        "trend_percent": (sums["current_year"] - sums["base_year"]) / sums["base_year"] * 100,
        "trend_uncertainty_percentage_points": math.sqrt(squares["trend_contribution"]),
    }
    rows = [*made.to_dict("records"), total]
    return pd.DataFrame(rows, columns=[*made.columns, "trend_percent", "trend_uncertainty_percentage_points"])
