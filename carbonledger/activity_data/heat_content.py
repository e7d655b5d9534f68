"""Heat in steam and hot water that is metered by mass.

References
----------
NDRC guidelines for accounting greenhouse gas emissions of enterprises (2013-2015), purchased heat: steam GJ = t x (h - 83.74) / 1000 with
the enthalpy h in kJ/kg, hot water GJ = t x (T - 20) x 4.1868 / 1000 with the temperature T in degrees Celsius.
"""

from __future__ import annotations

from carbonledger.core.activities import carrier_of
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.physical_constants import physical_constant
from carbonledger.core.units import conversion_factor, dimension_of

__all__ = ["heat_content_of", "needs_heat_content"]

# Enthalpy of water at 20 degC [kJ/kg], that temperature [degC], and the heat that a kilogram takes up per kelvin [kJ].
_WATER_AT_20 = physical_constant("water_enthalpy_at_20_degc")
_COLD = physical_constant("water_reference_temperature")
_PER_KELVIN = physical_constant("water_specific_heat")
# Enthalpies that steam can have [kJ/kg].
_STEAM = (physical_constant("steam_enthalpy_lowest"), physical_constant("steam_enthalpy_highest"))
_HEAT = frozenset({"heat", "steam"})


def needs_heat_content(activity: str, unit: str) -> bool:
    """Whether an amount is a mass of steam or hot water, whose heat depends on its state."""
    return carrier_of(activity) in _HEAT and bool(unit) and dimension_of(unit) == "mass"


def heat_content_of(
    activity: str, amount: float, unit: str, enthalpy: float | None, temperature: float | None
) -> tuple[float, str, Finding | None]:
    """The heat of a mass of steam or hot water whose enthalpy or temperature is stated.

    Parameters
    ----------
    activity : str
        The taxonomy's name.
    amount, unit : float, str
        As read; the unit is one of mass.
    enthalpy, temperature : float or None
        The state [kJ/kg, degC], as far as it is stated. A temperature tells the heat of water, not of steam.

    Returns
    -------
    tuple of (float, str, Finding or None)
        Heat [GJ] and its derivation, and what is wrong with the state; without heat, the amount as given and no derivation.
    """
    is_steam = carrier_of(activity) == "steam"
    if enthalpy is None and (is_steam or temperature is None):
        medium = Label.of(carrier_of(activity))
        return amount, "", Finding.of("HEAT_CONTENT_UNKNOWN", amount=amount, unit=unit, medium=medium)
    name, value = ("enthalpy", enthalpy) if enthalpy is not None else ("temperature", temperature or 0.0)
    lowest = _WATER_AT_20 if name == "enthalpy" else _COLD
    if not value > lowest:
        return amount, "", Finding.of(f"BAD_HEAT_CONTENT.{name}", text=f"{value:g}", lowest=lowest)
    finding = None
    if is_steam and not _STEAM[0] <= value <= _STEAM[1]:
        in_kj = value * conversion_factor("kcal", "kJ")
        finding = Finding.of("STEAM_ENTHALPY", value=value, lowest=_STEAM[0], highest=_STEAM[1], in_kj=in_kj)
    tonnes = amount * conversion_factor(unit, "t")
    if name == "enthalpy":
        words = f"heat: {tonnes:g} t x ({value:g} - {_WATER_AT_20:g}) / 1000"
        return tonnes * (value - _WATER_AT_20) / 1000, words, finding
    heat = tonnes * (value - _COLD) * _PER_KELVIN / 1000
    return heat, f"heat: {tonnes:g} t x ({value:g} - {_COLD:g}) x {_PER_KELVIN:g} / 1000", finding
