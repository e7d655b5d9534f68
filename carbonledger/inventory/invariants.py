"""What holds in every inventory, asserted on every run.

A broken invariant is a defect of this library or of an edition, never of the user's entries, and stops the calculation: a total
that its own parts do not sum to must not be printed.

References
----------
GHG Protocol Corporate Standard (2004), chapters 4, 8 and 9: gross emissions, trades and offsets apart; biogenic CO2 outside the scopes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from carbonledger.core.errors import InvariantError
from carbonledger.factors.gases import gas_group
from carbonledger.inventory.coefficients import ROUNDING, Plan

__all__ = ["check_parts", "check_plan"]

# Sums in another order differ by rounding of doubles: about 1e-16 per addend.
_SAME = 1e-9


def check_plan(plan: Plan) -> None:
    """No line can be negative, nor any gas but what a publisher rounded off, and nothing of a register can reach a total.

    Parameters
    ----------
    plan : Plan
        The coefficients of every line; amounts are never negative, see `check_frame`.

    Raises
    ------
    InvariantError
        Naming the invariant ``NO_NEGATIVE_LINE``, ``REGISTERS_APART`` or ``EVERY_LINE_IN_A_SCOPE`` and the combination that breaks it.
    """
    # Rows of regions that lie alike share their gases.
    for row in {(id(row.gases), row.scope, row.priced): row for row in plan.rows}.values():
        worst = min((item.tco2e for item in row.gases if item.gas != ROUNDING), default=0.0)
        if min(worst, row.emissions_tco2e) < 0:
            used = ", ".join(factor.reference for factor in row.factors)
            raise InvariantError(
                "NO_NEGATIVE_LINE",
                f"{row.key} would count {min(worst, row.emissions_tco2e):g} t CO2e per {row.unit}, by {used}.",
            )
        if row.scope is None and row.emissions_tco2e:
            raise InvariantError("EVERY_LINE_IN_A_SCOPE", f"{row.key} would count in the total but in no scope.")
        outside = math.fsum(item.tco2e for item in row.gases if not gas_group(item.gas))
        if outside:
            raise InvariantError(
                "REGISTERS_APART", f"{row.key} stands beside the inventory but would count in the total."
            )


def check_parts(axis: str, parts: Iterable[float], total: float) -> None:
    """The parts of a view sum to the total.

    Parameters
    ----------
    axis : str
        Along which the view is.
    parts : iterable of float
        Emissions of each part, t CO2e.
    total : float
        The sum over all lines, t CO2e.

    Raises
    ------
    InvariantError
        Naming the invariant ``PARTS_SUM_TO_TOTAL``, the axis and both sums.
    """
    summed = math.fsum(parts)
    if not math.isclose(summed, total, rel_tol=_SAME, abs_tol=_SAME):
        raise InvariantError(
            "PARTS_SUM_TO_TOTAL", f"the parts by {axis} sum to {summed!r}, the lines to {total!r} t CO2e."
        )
