"""Gases that an inventory reports beside its total: CO2 of biomass, and gases that are none of the seven.

References
----------
GHG Protocol Corporate Standard (2004), chapter 9, and its amendment of 2013; ISO 14064-1:2018, annex D.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from carbonledger.factors.gases import GAS_GROUPS, gas_group
from carbonledger.inventory.coefficients import BIOGENIC, Plan

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["biogenic_tonnes", "gas_rows", "group_rows", "other_gas_rows"]


def biogenic_tonnes(plan: Plan, amounts: Mapping[int, float]) -> float:
    """CO2 of biomass, t.

    Parameters
    ----------
    plan : Plan
        The coefficients.
    amounts : mapping of int to float
        The summed amount of each plan row.

    Returns
    -------
    float
    """
    return _tonnes(plan, amounts, BIOGENIC)


def gas_rows(plan: Plan, amounts: Mapping[int, float]) -> pd.DataFrame:
    """Tonnes and CO2e of each gas that counts.

    Parameters
    ----------
    plan, amounts
        As for `biogenic_tonnes`.

    Returns
    -------
    pandas.DataFrame
        ``gas``, ``tonnes`` [t of the gas], ``emissions_tco2e`` [t CO2e].
    """
    import pandas as pd

    rows = [
        {"gas": gas, "tonnes": _tonnes(plan, amounts, gas), "emissions_tco2e": _counted(plan, amounts, gas)}
        for gas in plan.gases
        if gas_group(gas)
    ]
    return _typed(pd.DataFrame(rows, columns=["gas", "tonnes", "emissions_tco2e"]))


def group_rows(plan: Plan, amounts: Mapping[int, float]) -> pd.DataFrame:
    """CO2e of the seven gases, HFCs and PFCs as groups, each with a row even if it is 0.

    Parameters
    ----------
    plan, amounts
        As for `biogenic_tonnes`.

    Returns
    -------
    pandas.DataFrame
        ``gas_group``, ``emissions_tco2e`` [t CO2e]. A row ``CO2e`` holds what publishers give for all gases together; what they
        rounded off beside their gases has a last row of its own, if there is any.
    """
    import pandas as pd

    found = dict.fromkeys(GAS_GROUPS, 0.0)
    for gas in plan.gases:
        if gas_group(gas):
            found[gas_group(gas)] = found.get(gas_group(gas), 0.0) + _counted(plan, amounts, gas)
    return pd.DataFrame({"gas_group": list(found), "emissions_tco2e": list(found.values())})


def other_gas_rows(plan: Plan, amounts: Mapping[int, float]) -> pd.DataFrame:
    """Gases that are none of the seven, such as HCFC-22: a register outside the scopes.

    Parameters
    ----------
    plan, amounts
        As for `biogenic_tonnes`.

    Returns
    -------
    pandas.DataFrame
        ``gas``, ``tonnes`` [t of the gas], ``gwp`` [t CO2e/t], ``outside_total_tco2e`` [t CO2e, in no total].
    """
    import pandas as pd

    potentials = {
        item.gas: item.gwp.value
        for row in plan.rows
        for item in row.gases
        if item.gwp is not None and not gas_group(item.gas)
    }
    rows = [
        {"gas": gas, "tonnes": tonnes, "gwp": gwp, "outside_total_tco2e": tonnes * gwp}
        for gas, gwp in potentials.items()
        if (tonnes := _tonnes(plan, amounts, gas))
    ]
    return _typed(pd.DataFrame(rows, columns=["gas", "tonnes", "gwp", "outside_total_tco2e"]))


def _typed(table: pd.DataFrame) -> pd.DataFrame:
    """A table of gases whose numbers are numbers, also if it has no rows."""
    return table.astype({name: "float64" for name in table.columns if name != "gas"})


def _tonnes(plan: Plan, amounts: Mapping[int, float], gas: str) -> float:
    """Tonnes of one gas."""
    return math.fsum(
        amounts.get(row.plan_id, 0.0) * item.tonnes for row in plan.rows for item in row.gases if item.gas == gas
    )


def _counted(plan: Plan, amounts: Mapping[int, float], gas: str) -> float:
    """CO2e with which one gas counts in the total, t."""
    return math.fsum(
        amounts.get(row.plan_id, 0.0) * item.tco2e for row in plan.rows for item in row.gases if item.gas == gas
    )
