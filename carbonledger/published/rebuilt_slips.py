"""Slips that lead from a recalculated number to the printed one and need more of the inventory than that number."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from carbonledger.core.errors import UnitError
from carbonledger.core.exact_conversion import exact_factor, times
from carbonledger.core.rounding import Interval, decimal_of
from carbonledger.core.schema import gas_column
from carbonledger.factors.gwp import read_gwp
from carbonledger.published.figure_slips import AT_ZERO, GWP_SETS, NETTED, OTHER_GWP
from carbonledger.published.quantities import Basis
from carbonledger.published.recalculation import RebuiltFigure

__all__ = ["as_interval", "slip_of_rebuilt", "slips_of_emissions"]

_SCOPE_2 = 2
_WHOLE = frozenset({"activity", "entity", "gas", "scope_2", "change"})


def slip_of_rebuilt(found: RebuiltFigure, readings: Mapping[str, Callable[[], Interval | None]]) -> str:
    """The name of the first reading that prints as the figure does; empty if none does.

    Parameters
    ----------
    found : RebuiltFigure
        That does not follow.
    readings : mapping of str to callable
        By the name of a slip, what the figure would be after it, in its unit; calculated only if it is needed.

    Returns
    -------
    str
    """
    for name, reading in readings.items():
        value = reading()
        if value is not None and found.figure.figure.interval.overlaps(value):
            return name
    return ""


def slips_of_emissions(found: RebuiltFigure, basis: Basis, credits_t: float) -> str:
    """The slip that would lead to a printed total, or scope, of emissions; empty if none would.

    Parameters
    ----------
    found : RebuiltFigure
        That does not follow.
    basis : Basis
        Of its year.
    credits_t : float
        The credits bought and retired in it, t CO2e.

    Returns
    -------
    str
        That credits were subtracted, that green electricity was counted at zero in a location-based figure, or that the GWP are those
        of another set.
    """
    members = found.verdict.relation.members
    if members["quantity"] != "emissions_tco2e" or _WHOLE & members.keys() or not found.figure.unit:
        return ""
    try:
        factor = exact_factor("t CO2e", found.figure.unit)
    except UnitError:
        return ""
    lines = basis.inventory.lines
    lines = lines[lines["scope"] == members["scope"]] if "scope" in members else lines
    right = float(lines["emissions_tco2e"].sum())
    for name, value in _wrong_totals(right, basis, credits_t, members.get("scope")):
        if math.isfinite(value):
            number = decimal_of(value)
            if found.figure.figure.interval.overlaps(times(Interval(number, number), factor)):
                return name
    return ""


def _wrong_totals(right: float, basis: Basis, credits_t: float, scope: int | None) -> Iterator[tuple[str, float]]:
    """Totals after each slip, t CO2e."""
    if credits_t:
        yield NETTED, right - credits_t
    scope_2 = basis.scope_2
    bought = math.fsum(level.mwh for level in scope_2.levels) if scope_2 else 0.0
    if scope_2 and bought and scope in {None, _SCOPE_2}:
        yield AT_ZERO, right - scope_2.location_based_tco2e * scope_2.renewable_mwh / bought
    lines, own = basis.inventory.lines, basis.inventory.gwp
    lines = lines[lines["scope"] == scope] if scope else lines
    tonnes = {
        gas: float(lines[gas_column(gas)].sum()) for gas in own.values if gas_column(gas) in lines and gas != "CO2"
    }
    for name in GWP_SETS:
        other = read_gwp(name).values
        shifts = [
            amount * (float(other[gas].value) - float(own.values[gas].value))
            for gas, amount in tonnes.items()
            if gas in other and amount
        ]
        if any(shifts):
            yield OTHER_GWP, right + math.fsum(shifts)


def as_interval(value: Interval | Decimal | None) -> Interval | None:
    """A recalculated number or interval as an interval."""
    return Interval(value, value) if isinstance(value, Decimal) else value
