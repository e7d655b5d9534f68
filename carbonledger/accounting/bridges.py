"""Walking from what was measured to what a factor is per.

A litre of diesel meets a factor per GJ over a density and a calorific value. Pint proves every walk: it ends
only where the dimensions agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, product
from typing import TYPE_CHECKING

from carbonledger.accounting.coefficients import Step, StepsAndValue
from carbonledger.errors import AmbiguousFactorError, MissingBridgeError
from carbonledger.factors.factor import Factor
from carbonledger.factors.matching import Match
from carbonledger.units import define_label, quantity, registry

if TYPE_CHECKING:
    from pint.registry import Quantity, Unit

__all__ = ["factor_quantity", "step_of", "walk"]

_LONGEST_WALK = 2


def factor_quantity(factor: Factor) -> Quantity[float]:
    """A factor as a quantity, its gas a dimension of the numerator."""
    value = quantity(factor.value, factor.unit)
    if factor.gas and factor.parameter not in {"gwp", "blend_share"}:
        value = value * registry().Quantity(1.0, define_label(factor.gas))
    return value


def step_of(match: Match, *, divides: bool = False) -> Step:
    """The derivation step that a matched factor makes."""
    factor = match.factor
    numerator, slash, denominator = factor.unit.partition("/")
    unit = f"{numerator} {factor.gas}{slash}{denominator}" if factor.gas and slash else factor.unit
    return Step(factor.parameter, factor.value_text, unit, factor, match.kind, divides)


def walk(start: Quantity[float], target: Unit, properties: Sequence[Match], what: str) -> StepsAndValue:
    """A quantity brought to the dimension of a target over properties of the carrier.

    Parameters
    ----------
    start : pint.Quantity
        Where the walk begins, e.g. 1 L.
    target : pint.Unit
        Where it must end, e.g. GJ.
    properties : sequence of Match
        Densities and calorific values that may be used, each at most once, multiplied or divided by.
    what : str
        What the message calls this walk.

    Returns
    -------
    tuple of (steps, quantity)
        The steps taken, fewest first, and the quantity in `target`.

    Raises
    ------
    MissingBridgeError
        If no walk over the given properties gets there.
    AmbiguousFactorError
        If two different walks of the same length do.
    """
    wanted = registry().get_dimensionality(target)
    for length in range(_LONGEST_WALK + 1):
        found = [path for path in _paths(start, properties, length) if path[1].dimensionality == wanted]
        if len(found) > 1:
            choices = " or ".join(" ".join(step.text for step in steps) for steps, _ in found)
            raise AmbiguousFactorError(f"{what}: {choices} fit equally well. Name the factor in the entry, or pin one.")
        if found:
            steps, value = found[0]
            return steps, value.to(target)
    raise MissingBridgeError(_missing(start, target, properties, what))


def _paths(start: Quantity[float], properties: Sequence[Match], length: int) -> Iterator[StepsAndValue]:
    """Every way of applying `length` of the properties."""
    for chosen in combinations(properties, length):
        for directions in product((False, True), repeat=length):
            value = start
            for match, divides in zip(chosen, directions, strict=True):
                applied = factor_quantity(match.factor)
                value = value / applied if divides else value * applied
            steps = tuple(step_of(match, divides=divides) for match, divides in zip(chosen, directions, strict=True))
            yield steps, value


def _missing(start: Quantity[float], target: Unit, properties: Sequence[Match], what: str) -> str:
    """The message that names the missing property."""
    units = registry()
    mass, energy = units.get_dimensionality("kilogram"), units.get_dimensionality("joule")
    present = {match.factor.parameter for match in properties}
    here, there = start.dimensionality, units.get_dimensionality(target)
    if "currency" in f"{here}" or "currency" in f"{there}":
        return (
            f"{what}: from {start.units:~} to {target:~} an exchange rate or price index is missing. "
            "State [prices] in book.toml, or enter the spend in the currency and prices of the factor."
        )
    if here == units.get_dimensionality("cubic_meter") and not _has_gas_volume(properties):
        needed = {"density"} if there == mass else {"density", "calorific_value"}
    elif energy in (here, there):
        needed = {"calorific_value"}
    else:
        needed = {"density"}
    lacking = (
        " and ".join(sorted(name.replace("_", " ") for name in needed - present))
        or f"one that begins at {start.units:~}"
    )
    have = "; ".join(f"{match.factor}" for match in properties) or "none"
    hint = ""
    if here == units.get_dimensionality("cubic_meter") and _has_gas_volume(properties):
        lacking = "the conditions of the gas volume"
        hint = " State the volume as Nm3 (0 degC) or Sm3 (15 degC) if that is what the meter shows."
    return (
        f"{what}: from {start.units:~} to {target:~} a bridge is missing: {lacking}. "
        f"Properties in the pinned editions: {have}.{hint}"
    )


def _has_gas_volume(properties: Sequence[Match]) -> bool:
    """Whether a property is per normal cubic metre."""
    return any("Nm3" in match.factor.unit for match in properties)
