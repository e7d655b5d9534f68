"""A publisher's CO2e beside the gases that it consists of.

The CO2e is what users are told to report, so it is the total; the gases divide it in the view by gas, and what the publisher rounded
is a line of its own. On another GWP set than the publisher's only the gases can be counted.

References
----------
UK government conversion factors, methodology paper: gases are printed in kg CO2e, rounded each by itself. GHG Protocol Corporate
Standard (2004), chapter 9: one set of potentials for the whole inventory.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import NamedTuple

from carbonledger.core.activities import Activity
from carbonledger.core.errors import MissingFactorError
from carbonledger.core.rounding import decimal_of
from carbonledger.factors.factor import Factor
from carbonledger.factors.gases import gas_group
from carbonledger.factors.gwp import GwpSet, read_gwp
from carbonledger.factors.matching import Match
from carbonledger.factors.refrigerant_blends import gwp_sets
from carbonledger.inventory.coefficients import ROUNDING, GasCoefficient, Remark, Step

__all__ = ["Reached", "Settled", "coefficient", "counted_gwp", "gwp_basis_of", "settle"]

_WHOLE = "CO2e"
# Figures computed in binary, as editions divided by a potential are, differ by less.
_SAME = 1e-9
# Printed digits that are too few to tell a rounding from a missing gas: 0.3 % is the most among the UK editions of 2021 to 2025.
_LARGEST_ROUNDING = 0.01
_HALF = Decimal("0.5")


class Reached(NamedTuple):
    """A figure that the amount was brought to.

    Parameters
    ----------
    match : Match
        The published figure.
    steps : tuple of Step
        From the amount to tonnes of its gas.
    tonnes : float
        t of the gas per unit of the amount.
    """

    match: Match
    steps: tuple[Step, ...]
    tonnes: float


class Settled(NamedTuple):
    """The gases of a row, and what is to be said of them.

    Parameters
    ----------
    gases : tuple of GasCoefficient
        Which sum to the total.
    remarks : tuple of Remark
        Empty if nothing unexpected was done.
    """

    gases: tuple[GasCoefficient, ...]
    remarks: tuple[Remark, ...] = ()


def settle(found: Mapping[str, Reached], activity: Activity, gwp: GwpSet, basis_of: Callable[[Factor], str]) -> Settled:
    """What counts of a publisher's figures for one activity.

    Parameters
    ----------
    found : mapping of str to Reached
        By gas, ``CO2e`` perhaps among them.
    activity : Activity
        What emits.
    gwp : GwpSet
        Of the inventory.
    basis_of : callable
        The GWP basis that a figure in CO2e states, such as ``AR5``; empty if none.

    Returns
    -------
    Settled
        The CO2e if there is one, divided by the gases if they add up to it; the gases if there is no CO2e, or if it rests on another
        GWP set than the inventory's and they add up on its own.
    """
    split = {gas: reached for gas, reached in found.items() if gas != _WHOLE}
    whole = found.get(_WHOLE)
    if whole is None:
        return Settled(_coefficients(split, activity, gwp))
    total = GasCoefficient(_WHOLE, whole.tonnes, whole.tonnes, None, whole.steps)
    if not split:
        return Settled((total,))
    factor = whole.match.factor
    basis = basis_of(factor)
    is_other = basis not in {"", gwp_basis_of(gwp)}
    share, agrees = _sum_of(split, whole, activity, (_set_of(basis) or gwp) if is_other else gwp)
    if not agrees:
        return Settled((total,), (Remark("split_left_aside", factor, ", ".join(split), share),))
    gases = _coefficients(split, activity, gwp)
    if is_other:
        return Settled(gases, (Remark("recalculated", factor, basis),))
    rounding = float(decimal_of(whole.tonnes) - decimal_of(math.fsum(gas.tco2e for gas in gases)))
    if abs(rounding) <= _SAME * whole.tonnes:
        return Settled(gases)
    return Settled((*gases, GasCoefficient(ROUNDING, rounding, rounding, None, whole.steps)))


def _coefficients(split: Mapping[str, Reached], activity: Activity, gwp: GwpSet) -> tuple[GasCoefficient, ...]:
    """The gases with their potentials."""
    return tuple(coefficient(gas, item.tonnes, item.steps, activity, gwp) for gas, item in split.items())


def coefficient(gas: str, tonnes: float, steps: tuple[Step, ...], activity: Activity, gwp: GwpSet) -> GasCoefficient:
    """Tonnes of a gas, and of CO2e."""
    potential = gwp.of(gas, activity.origin)
    return GasCoefficient(gas, tonnes, tonnes * counted_gwp(potential), potential, steps)


def counted_gwp(potential: Factor) -> float:
    """The potential with which a gas counts in the total: none if it is not one of the seven."""
    return potential.value if gas_group(potential.gas) else 0.0


def _sum_of(split: Mapping[str, Reached], whole: Reached, activity: Activity, potentials: GwpSet) -> tuple[float, bool]:
    """What the gases add up to as a fraction of the CO2e, and whether that is all of it.

    Each printed figure lies within half a unit of its last digit; so does each of its gases, in the unit in which it was printed. The sum
    of these halves is the most by which gases and CO2e of one publisher can differ, and no set of the UK editions of 2021 to 2025 does
    by more.
    """
    parts: dict[str, float] = {}
    for gas, item in split.items():
        with suppress(MissingFactorError):
            parts[gas] = item.tonnes * potentials.of(gas, activity.origin).value
    total = math.fsum(parts.values())
    if not whole.tonnes:
        return 1.0, not total
    halves = [part * _precision(split[gas].match.factor) for gas, part in parts.items()]
    allowed = math.fsum([*halves, whole.tonnes * _precision(whole.match.factor)])
    allowed = min(max(allowed, _SAME * whole.tonnes), _LARGEST_ROUNDING * whole.tonnes)
    agrees = abs(total - whole.tonnes) <= allowed * (1 + _SAME) and len(parts) == len(split)
    return total / whole.tonnes, agrees and ("CO2" in split or not activity.burns_fossil)


def _precision(factor: Factor) -> float:
    """Half a unit of the last digit that the publisher printed, as a fraction of the figure."""
    try:
        printed = Decimal(factor.published_value or factor.value_text)
    except InvalidOperation:
        printed = Decimal(factor.value_text)
    exponent = printed.as_tuple().exponent
    return float(_HALF.scaleb(exponent) / abs(printed)) if printed and isinstance(exponent, int) else 0.0


def gwp_basis_of(gwp: GwpSet) -> str:
    """The basis that a GWP set is, by its own metadata, e.g. ``AR5``; empty if it says none."""
    return str(gwp.source.metadata.get("gwp_basis") or "")


@cache
def _set_of(basis: str) -> GwpSet | None:
    """The fullest set of the library that is a basis; None if it carries none."""
    found = [gwp for gwp in map(read_gwp, gwp_sets()) if gwp_basis_of(gwp) == basis]
    return max(found, key=lambda gwp: len(gwp.values), default=None)
