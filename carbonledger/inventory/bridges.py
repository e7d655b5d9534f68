"""Walking from what was measured to what a factor is per.

A litre of diesel meets a factor per GJ over a density and a calorific value. Dimensions prove every walk: it ends only where they
agree. So do heating values: no walk leads from gross to net.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import combinations, product
from typing import TYPE_CHECKING, NamedTuple

from carbonledger.core.errors import AmbiguousFactorError, MissingBridgeError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.units import define_label, dimension_of, is_convertible, quantity, registry
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.matching import Match
from carbonledger.inventory.coefficients import GasCoefficient, Step, StepsAndValue
from carbonledger.inventory.heating_values import basis_label, conflicting
from carbonledger.inventory.measure import Measure, denominator_of, factor_measure, is_per_energy, unit_measure

if TYPE_CHECKING:
    from pint.registry import Quantity

__all__ = [
    "Bridge",
    "End",
    "Walk",
    "energy_of_distance",
    "energy_of_factors",
    "factor_quantity",
    "stating",
    "step_of",
    "walk",
    "walk_of_no_steps",
]

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
    return Step(factor.parameter, factor.value_text, _unit_of_gas(factor.unit, factor.gas), factor, match.kind, divides)


@lru_cache(maxsize=4096)
def _unit_of_gas(unit: str, gas: str) -> str:
    """A factor's unit with its gas in the numerator."""
    numerator, slash, denominator = unit.partition("/")
    return f"{numerator} {gas}{slash}{denominator}" if gas and slash else unit


class Bridge(NamedTuple):
    """A density or calorific value that a walk may use.

    Parameters
    ----------
    match : Match
        The published figure.
    basis : str
        Its heating value; empty if it says none, or has none.
    """

    match: Match
    basis: str = ""


class End(NamedTuple):
    """Where a walk begins or ends.

    Parameters
    ----------
    unit : str
        Of the amount, or of the factor's denominator.
    basis : str
        The heating value there; empty if it says none, or has none.
    factor : Factor or None
        Whose denominator it is; None for the amount, and for a bare unit.
    """

    unit: str
    basis: str = ""
    factor: Factor | None = None

    @property
    def label(self) -> Label:
        """What it is, with its heating value, in words."""
        basis = basis_label(self.basis)
        if self.factor is None:
            return Label(f"the amount in {self.unit} is {basis.en}", f"以 {self.unit} 计的数量为{basis.zh}")
        return stating(self.factor, basis)


class Walk(NamedTuple):
    """A walk that arrived.

    Parameters
    ----------
    steps : tuple of Step
        The properties used, fewest first.
    measure : Measure
        What one unit of the start is at the end.
    bases : frozenset of str
        The heating values that its ends and properties state.
    """

    steps: tuple[Step, ...]
    measure: Measure
    bases: frozenset[str]


def walk(start: End, target: End, properties: Sequence[Bridge], what: Label) -> Walk:
    """One unit of an amount brought to the dimension of a target over properties of the carrier.

    Parameters
    ----------
    start : End
        Where the walk begins, e.g. L.
    target : End
        Where it must end, e.g. GJ, net.
    properties : sequence of Bridge
        Densities and calorific values that may be used, each at most once, multiplied or divided by.
    what : Label
        What is converted, for the message.

    Returns
    -------
    Walk

    Raises
    ------
    MissingBridgeError
        If no walk over the given properties gets there, or only one from gross to net or the reverse.
    AmbiguousFactorError
        If two different walks of the same length do.
    """
    crossed: tuple[Label, Label] | None = None
    for length in range(_LONGEST_WALK + 1):
        arrived = list(_arrivals(start, target, properties, length))
        found = [way for way, used in arrived if not conflicting(way.bases)]
        if len(found) > 1:
            choices = tuple(" ".join(step.text for step in way.steps) for way in found)
            raise AmbiguousFactorError(Message.of("UNRESOLVED_FACTOR.walks", what=what, choices=choices))
        if found:
            return found[0]
        crossed = crossed or next((_crossing(start, target, used) for _, used in arrived), None)
    if crossed:
        named = {"what": what, "first": crossed[0], "second": crossed[1]}
        raise MissingBridgeError(Message.of("HEATING_VALUE_MISMATCH", **named))
    raise MissingBridgeError(_missing(start, target, properties, what))


def walk_of_no_steps(start: End, target: End) -> Walk | None:
    """The walk between ends of one dimension and heating value, over no property; None if they differ."""
    bases = frozenset((start.basis, target.basis)) - {""}
    if len(bases) > 1 or not is_convertible(start.unit, target.unit):
        return None
    return Walk((), unit_measure(start.unit), bases)


def _arrivals(
    start: End, target: End, properties: Sequence[Bridge], length: int
) -> Iterator[tuple[Walk, tuple[Bridge, ...]]]:
    """Every way of applying `length` of the properties that ends in the target's dimension."""
    begin, wanted = unit_measure(start.unit), unit_measure(target.unit).dimensions
    for chosen in combinations(properties, length):
        applied = [factor_measure(bridge.match.factor) for bridge in chosen]
        for directions in product((False, True), repeat=length):
            value = begin
            for measure, divides in zip(applied, directions, strict=True):
                value = value / measure if divides else value * measure
            if value.dimensions == wanted:
                ways = zip(chosen, directions, strict=True)
                steps = tuple(step_of(bridge.match, divides=divides) for bridge, divides in ways)
                bases = frozenset((start.basis, target.basis, *(bridge.basis for bridge in chosen))) - {""}
                yield Walk(steps, value, bases), chosen


def _crossing(start: End, target: End, used: Sequence[Bridge]) -> tuple[Label, Label]:
    """The first two of a walk that state different heating values, in words."""
    stated = [(start.basis, start.label)] if start.basis else []
    stated += [
        (bridge.basis, stating(bridge.match.factor, basis_label(bridge.basis))) for bridge in used if bridge.basis
    ]
    stated += [(target.basis, target.label)] if target.basis else []
    first = stated[0]
    return first[1], next(label for basis, label in stated if basis != first[0])


def stating(factor: Factor, basis: Label) -> Label:
    """A factor with its heating value, in words."""
    return Label(f"{factor} is {basis.en}", f"{factor} 为{basis.zh}")


def _missing(start: End, target: End, properties: Sequence[Bridge], what: Label) -> Message:
    """The message that names the missing property."""
    here, there = dimension_of(start.unit), dimension_of(target.unit)
    ends = {"what": what, "source": start.unit, "target": target.unit}
    if "currency" in (here, there):
        return Message.of("MISSING_BRIDGE.currency", **ends)
    factors = [bridge.match.factor for bridge in properties]
    have = tuple(f"{factor}" for factor in factors) or (Label("none", "无"),)
    if here == "volume" and any(_has_gas_volume(factor) for factor in factors):
        return Message.of("MISSING_BRIDGE.gas_conditions", have=have, **ends)
    if here == "volume":
        needed = {"density"} if there == "mass" else {"density", "calorific_value"}
    else:
        needed = {"calorific_value"} if "energy" in (here, there) else {"density"}
    begins = Label(f"one that begins at {start.unit}", f"以 {start.unit} 为起点的换算参数")
    present = {factor.parameter for factor in factors}
    lacking = tuple(_PROPERTIES[name] for name in sorted(needed - present)) or (begins,)
    return Message.of("MISSING_BRIDGE.property", lacking=lacking, have=have, **ends)


def _has_gas_volume(factor: Factor) -> bool:
    """Whether a property is per volume of a gas at stated conditions."""
    return dimension_of(denominator_of(factor.unit)) == "normal_volume"


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
    tuple of (steps, float), or None
        The derivation and the energy [GJ]; None if the figures leave out CO2, whose fuel is then an entry of its own.

    Raises
    ------
    MissingBridgeError
        If the vehicle's CO2 is counted and its publisher gives no energy per distance.

    References
    ----------
    UK government conversion factors, tables "SECR kWh".
    """
    by_id = {edition.id: edition for edition in editions}
    factors = _of_carbon(gases)
    for factor in factors:
        for beside in _beside(factor, by_id[factor.edition]):
            energy = unit_measure(unit) * factor_measure(beside)
            if energy.is_in("GJ"):
                return (step_of(Match(beside, ("exact",))),), energy.of("GJ")
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
    tuple of (steps, float), or None
        The derivation and the energy [GJ]; None if the publication has no such pair.
    """
    by_id = {edition.id: edition for edition in editions}
    for factor in _of_carbon(gases):
        twin = next((item for item in _per_energy(factor, by_id[factor.edition]) if item.heating_value == "net"), None)
        if twin is not None and twin.value:
            energy = unit_measure(unit) * factor_measure(factor) / factor_measure(twin)
            if energy.is_in("GJ"):
                steps = (step_of(Match(factor, ("exact",))), step_of(Match(twin, ("exact",)), divides=True))
                return steps, energy.of("GJ")
    return None


def _of_carbon(gases: Sequence[GasCoefficient]) -> list[Factor]:
    """The factors behind CO2 and CO2e."""
    return [step.factor for gas in gases if gas.gas in {"CO2", "CO2e"} for step in gas.steps if step.factor]


def _per_energy(factor: Factor, edition: Edition) -> list[Factor]:
    """The same gas of the same fuel and publication, per energy."""
    alike = (factor.gas, factor.region, factor.data_year, factor.variant, factor.publisher_path)
    return [
        item
        for item in edition.factors(factor.activity, "emission_factor")
        if (item.gas, item.region, item.data_year, item.variant, item.publisher_path) == alike
        and is_per_energy(item.unit)
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
