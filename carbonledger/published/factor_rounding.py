"""What emissions may be where their factors are printed by gas, each rounded by itself.

A publisher adds up the gases before it rounds them, so that its own sum, or a report that adds up the printed rows, can differ from the
engine's result by the rounding of the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from carbonledger.core.rounding import decimal_of
from carbonledger.factors.factor import Factor
from carbonledger.inventory.coefficients import ROUNDING, GasCoefficient, PlanRow
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["rounding_of_factors"]

_EMISSION_FACTOR, _HALF = "emission_factor", Decimal("0.5")


def rounding_of_factors(lines: pd.DataFrame, inventory: Inventory) -> Decimal:
    """How far the emissions of some lines can be from those that their publishers' own sums of gases give, t CO2e.

    Parameters
    ----------
    lines : pandas.DataFrame
        Of the inventory.
    inventory : Inventory
        With their coefficients.

    Returns
    -------
    Decimal
        For each gas that has a row of its own beside those of others, half of the last place of the row, times the amount; and the
        difference of a printed CO2e from the sum of the printed gases. 0 where no factor is printed by gas.
    """
    slack = Decimal(0)
    for plan_id, amounts in lines["emissions_tco2e"].groupby(lines["plan_id"]):
        row = inventory.plan.rows[int(str(plan_id))]
        if row.emissions_tco2e:
            slack += abs(decimal_of(float(amounts.sum()))) * _share_of_rounding(row)
    return slack


def _share_of_rounding(row: PlanRow) -> Decimal:
    """What the rounding of a row's factors comes to, as a fraction of its emissions."""
    rows = [(gas, factor) for gas in row.gases if (factor := _own_factor(gas)) is not None]
    if len({factor.factor_id for _, factor in rows}) <= 1:
        return Decimal(0)
    parts = sum((abs(decimal_of(gas.tco2e)) * _relative(factor) for gas, factor in rows), Decimal(0))
    left = sum((abs(decimal_of(gas.tco2e)) for gas in row.gases if gas.gas == ROUNDING), Decimal(0))
    return (parts + left) / abs(decimal_of(row.emissions_tco2e))


def _own_factor(gas: GasCoefficient) -> Factor | None:
    """The printed emission factor of a gas; None for what is derived from others."""
    if gas.gas == ROUNDING:
        return None
    factors: Iterable[Factor] = (step.factor for step in gas.steps if step.factor is not None)
    return next((factor for factor in factors if factor.parameter == _EMISSION_FACTOR and factor.gas), None)


def _relative(factor: Factor) -> Decimal:
    """Half of the last printed place of a factor, as a fraction of it."""
    try:
        printed = Decimal(factor.published_value or factor.value_text)
    except InvalidOperation:
        return Decimal(0)
    exponent = printed.as_tuple().exponent
    return _HALF.scaleb(exponent) / abs(printed) if isinstance(exponent, int) and printed else Decimal(0)
