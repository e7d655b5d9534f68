"""Walking from what was measured to what a factor is per.

A litre of diesel meets a factor per GJ over a density and a calorific value. Pint proves every walk: it ends
only where the dimensions agree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import TYPE_CHECKING

from carbonledger.core.errors import AmbiguousFactorError, MissingBridgeError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.units import define_label, quantity, registry
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.matching import Match
from carbonledger.inventory.coefficients import GasCoefficient, Step, StepsAndValue

if TYPE_CHECKING:
    from pint.registry import Quantity, Unit

__all__ = ["energy_of_distance", "energy_of_factors", "factor_quantity", "step_of", "walk"]

_LONGEST_WALK = 2
_PROPERTIES = {"density": Label("density", "密度"), "calorific_value": Label("calorific value", "热值")}


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


def walk(start: Quantity[float], target: Unit, properties: Sequence[Match], what: Label) -> StepsAndValue:
    """A quantity brought to the dimension of a target over properties of the carrier.

    Parameters
    ----------
    start : pint.Quantity
        Where the walk begins, e.g. 1 L.
    target : pint.Unit
        Where it must end, e.g. GJ.
    properties : sequence of Match
        Densities and calorific values that may be used, each at most once, multiplied or divided by.
    what : Label
        What is converted, for the message.

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
            choices = tuple(" ".join(step.text for step in steps) for steps, _ in found)
            raise AmbiguousFactorError(Message.of("UNRESOLVED_FACTOR.walks", what=what, choices=choices))
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


def _missing(start: Quantity[float], target: Unit, properties: Sequence[Match], what: Label) -> Message:
    """The message that names the missing property."""
    units = registry()
    mass, energy = units.get_dimensionality("kilogram"), units.get_dimensionality("joule")
    present = {match.factor.parameter for match in properties}
    here, there = start.dimensionality, units.get_dimensionality(target)
    ends = {"what": what, "source": f"{start.units:~}", "target": f"{target:~}"}
    if "currency" in f"{here}" or "currency" in f"{there}":
        return Message.of("MISSING_BRIDGE.currency", **ends)
    have = tuple(f"{match.factor}" for match in properties) or (Label("none", "无"),)
    is_volume = here == units.get_dimensionality("cubic_meter")
    if is_volume and _has_gas_volume(properties):
        return Message.of("MISSING_BRIDGE.gas_conditions", have=have, **ends)
    if is_volume:
        needed = {"density"} if there == mass else {"density", "calorific_value"}
    else:
        needed = {"calorific_value"} if energy in (here, there) else {"density"}
    begins = Label(f"one that begins at {start.units:~}", f"以 {start.units:~} 为起点的换算参数")
    lacking = tuple(_PROPERTIES[name] for name in sorted(needed - present)) or (begins,)
    return Message.of("MISSING_BRIDGE.property", lacking=lacking, have=have, **ends)


def _has_gas_volume(properties: Sequence[Match]) -> bool:
    """Whether a property is per normal cubic metre."""
    return any("Nm3" in match.factor.unit for match in properties)


def energy_of_distance(gases: Sequence[GasCoefficient], unit: str, editions: Sequence[Edition]) -> StepsAndValue | None:
    """GJ per unit of distance, as the publisher of the emission factor gives it beside that factor.

    Parameters
    ----------
    gases : sequence of GasCoefficient
        Of the vehicle, with the factors behind them.
    unit : str
        Of the distance.
    editions : sequence of Edition
        Where the factors stand.

    Returns
    -------
    tuple of (steps, quantity), or None
        None if the figures leave out CO2, whose fuel is then an entry of its own.

    Raises
    ------
    MissingBridgeError
        If the vehicle's CO2 is counted and its publisher gives no energy per distance.

    References
    ----------
    UK government conversion factors, tables "SECR kWh".
    """
    by_id = {edition.id: edition for edition in editions}
    factors = [step.factor for gas in gases if gas.gas in {"CO2", "CO2e"} for step in gas.steps if step.factor]
    for factor in factors:
        for beside in _beside(factor, by_id[factor.edition]):
            value = quantity(1.0, unit) * factor_quantity(beside)
            return (step_of(Match(beside, ("exact",))),), value.to("GJ")
    if not factors:
        return None
    where = {"activity": factors[0].activity, "edition": factors[0].edition}
    raise MissingBridgeError(Message.of("MISSING_BRIDGE.no_distance_energy", **where))


def energy_of_factors(gases: Sequence[GasCoefficient], unit: str, editions: Sequence[Edition]) -> StepsAndValue | None:
    """GJ per unit of a fuel on net heating value, from its CO2 per unit and its CO2 per net energy in one publication.

    Parameters
    ----------
    gases : sequence of GasCoefficient
        Of the fuel, with the factors behind them.
    unit : str
        Of the amount.
    editions : sequence of Edition
        Where the factors stand.

    Returns
    -------
    tuple of (steps, quantity), or None
        None if the publication has no such pair.
    """
    by_id = {edition.id: edition for edition in editions}
    for factor in [step.factor for gas in gases if gas.gas in {"CO2", "CO2e"} for step in gas.steps if step.factor]:
        twin = next((item for item in _per_energy(factor, by_id[factor.edition]) if item.heating_value == "net"), None)
        if twin is not None and twin.value:
            value = quantity(1.0, unit) * factor_quantity(factor) / factor_quantity(twin)
            if value.dimensionality == registry().get_dimensionality("joule"):
                steps = (step_of(Match(factor, ("exact",))), step_of(Match(twin, ("exact",)), divides=True))
                return steps, value.to("GJ")
    return None


def _per_energy(factor: Factor, edition: Edition) -> list[Factor]:
    """The same gas of the same fuel and publication, per energy."""
    alike = (factor.gas, factor.region, factor.data_year, factor.variant, factor.publisher_path)
    return [
        item
        for item in edition.factors(factor.activity, "emission_factor")
        if (item.gas, item.region, item.data_year, item.variant, item.publisher_path) == alike
        and item.unit.partition("/")[2] in {"kWh", "MWh", "GJ", "MMBtu"}
    ]


def _beside(factor: Factor, edition: Edition) -> Sequence[Factor]:
    """The energy per distance that stands in the same edition for the same vehicle."""
    tail, per = factor.publisher_path.partition("/")[2], factor.unit.partition("/")[2]
    return _energy_intensities(edition).get((tail, per), ()) if tail else ()


@lru_cache(maxsize=32)
def _energy_intensities(edition: Edition) -> Mapping[tuple[str, str], Sequence[Factor]]:
    """The figures of energy per distance by the publisher's name of the vehicle and by what they are per."""
    found: dict[tuple[str, str], list[Factor]] = {}
    for item in edition.factors("", "energy_intensity"):
        key = (item.publisher_path.partition("/")[2], item.unit.rpartition("/")[2])
        found.setdefault(key, []).append(item)
    return found
