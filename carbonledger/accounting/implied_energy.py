"""Energy that a publisher's factors imply: of vehicles by distance, and of fuels whose calorific value is not given."""

from __future__ import annotations

from collections.abc import Sequence

from carbonledger.accounting.bridges import factor_quantity, step_of
from carbonledger.accounting.coefficients import GasCoefficient, StepsAndValue
from carbonledger.errors import MissingBridgeError
from carbonledger.factors.factor import Edition, Factor
from carbonledger.factors.matching import Match
from carbonledger.units import quantity, registry

__all__ = ["energy_of_distance", "energy_of_factors"]


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
    raise MissingBridgeError(
        f"energy of {factors[0].activity}: {factors[0].edition} gives no energy per distance. "
        "Enter the fuel in litres, or a calorific value and the consumption in an edition of your own."
    )


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


def _beside(factor: Factor, edition: Edition) -> list[Factor]:
    """The energy per distance that stands in the same edition for the same vehicle."""
    tail, per = factor.publisher_path.partition("/")[2], factor.unit.partition("/")[2]
    listed = edition.factors("", "energy_intensity") if tail else []
    return [item for item in listed if item.publisher_path.partition("/")[2] == tail and item.unit.endswith(f"/{per}")]
