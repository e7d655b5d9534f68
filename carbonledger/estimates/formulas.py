"""Emissions that are estimated from what is known beside a meter: refrigerant leakage by rate, methane of wastewater.

Each estimate becomes an entry - so many kg of a gas - whose note holds the formula, the parameters and where they come from.

References
----------
Leakage: GHG Protocol, refrigeration and air-conditioning guidance (screening method): charge x yearly rate x time in use. Wastewater: 2006
IPCC Guidelines, volume 5, chapter 6: CH4 = organic load x B0 x MCF - recovered.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from carbonledger.core.errors import MissingFactorError, RecordError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.periods import Period
from carbonledger.factors.factor import Edition, Factor

__all__ = ["Estimate", "leaked", "parameter_of", "wastewater_methane"]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mass of gas and how it was estimated.

    Parameters
    ----------
    kilograms : float
        Of the gas.
    derivation : str
        The formula with its numbers.
    factors : tuple of Factor
        The parameters used.
    """

    kilograms: float
    derivation: str
    factors: tuple[Factor, ...]


def leaked(charge_kg: float, equipment: str, period: Period, editions: Iterable[Edition]) -> Estimate:
    """Refrigerant that leaks from equipment.

    Parameters
    ----------
    charge_kg : float
        What it holds.
    equipment : str
        Kind of equipment and end of the published range, e.g. ``chiller.high``.
    period : Period
        When it was in use; a whole calendar year is one year.
    editions : iterable of Edition
        With parameters ``leakage_rate`` [1/year].

    Returns
    -------
    Estimate

    Raises
    ------
    MissingFactorError
        If no edition has a rate for the equipment.
    """
    rate = parameter_of(editions, f"refrigerant.leakage.{equipment}", "leakage_rate")
    years = math.fsum(
        period.overlap_days(Period.of_year(year)) / Period.of_year(year).days
        for year in range(period.start.year, period.last_day.year + 1)
    )
    text = f"{charge_kg:g} kg x {rate.value_text} per year x {years:.4f} years ({rate.reference})"
    return Estimate(charge_kg * rate.value * years, text, (rate,))


def wastewater_methane(
    load_kg: float, water: str, system: str, editions: Iterable[Edition], recovered_kg: float = 0.0
) -> Estimate:
    """Methane of wastewater that decays without air.

    Parameters
    ----------
    load_kg : float
        Organic load: BOD of domestic, COD of industrial wastewater.
    water : {"domestic", "industrial"}
        Whose maximum methane capacity B0 applies.
    system : str
        How it is treated, e.g. ``septic``, which decides the methane correction factor MCF.
    editions : iterable of Edition
        With ``maximum_methane_capacity`` [kg CH4/kg] and ``methane_correction_factor`` [1].
    recovered_kg : float
        Methane flared or used.

    Returns
    -------
    Estimate

    Raises
    ------
    MissingFactorError
        If no edition has a parameter.
    RecordError
        If more is recovered than arises.
    """
    found = list(editions)
    capacity = parameter_of(found, f"wastewater.{water}", "maximum_methane_capacity")
    correction = parameter_of(found, f"wastewater.{system}", "methane_correction_factor")
    made = load_kg * capacity.value * correction.value
    if recovered_kg > made:
        raise RecordError(Message.of("ESTIMATE.recovered", recovered_kg=recovered_kg, made_kg=made))
    text = f"{load_kg:g} kg x B0 {capacity.value_text} x MCF {correction.value_text} - {recovered_kg:g} kg recovered"
    return Estimate(
        made - recovered_kg, f"{text} ({capacity.reference}, {correction.reference})", (capacity, correction)
    )


def parameter_of(editions: Iterable[Edition], activity: str, parameter: str, region: str = "") -> Factor:
    """The one parameter of an activity among some editions.

    Parameters
    ----------
    editions : iterable of Edition
        Where to look.
    activity, parameter : str
        What is wanted.
    region : str
        For where, if the editions tell regions apart.

    Returns
    -------
    Factor

    Raises
    ------
    MissingFactorError
        If there is none, or more than one.
    """
    listed = list(editions)
    found = [
        factor for edition in listed for factor in edition.factors(activity, parameter) if region in {"", factor.region}
    ]
    if len(found) != 1:
        names = tuple(edition.id for edition in listed) or Label("none", "无")
        case = "several_parameters" if found else "no_parameter"
        raise MissingFactorError(Message.of(f"ESTIMATE.{case}", parameter=parameter, activity=activity, editions=names))
    return found[0]
