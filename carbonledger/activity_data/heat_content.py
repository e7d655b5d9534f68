"""Heat in steam and hot water that is metered by mass.

References
----------
NDRC guidelines for accounting greenhouse gas emissions of enterprises (2013-2015), purchased heat: steam GJ = t x (h - 83.74) / 1000 with
the enthalpy h in kJ/kg, hot water GJ = t x (T - 20) x 4.1868 / 1000 with the temperature T in degrees Celsius.
"""

from __future__ import annotations

from carbonledger.activity_data.cell import Row, text_of
from carbonledger.core.activities import carrier_of
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.physical_constants import physical_constant
from carbonledger.core.units import conversion_factor, dimension_of

__all__ = ["heat_content_of"]

# Enthalpy of water at 20 degC [kJ/kg], that temperature [degC], and the heat that a kilogram takes up per kelvin [kJ].
_WATER_AT_20 = physical_constant("water_enthalpy_at_20_degc")
_COLD = physical_constant("water_reference_temperature")
_PER_KELVIN = physical_constant("water_specific_heat")
# Enthalpies that steam can have [kJ/kg].
_STEAM = (physical_constant("steam_enthalpy_lowest"), physical_constant("steam_enthalpy_highest"))
_HEAT = frozenset({"heat", "steam"})


def heat_content_of(
    row: Row, activity: str, amount: float, unit: str, defects: list[Finding]
) -> tuple[float, str, str]:
    """The heat of a mass of steam or hot water whose enthalpy or temperature is stated.

    Parameters
    ----------
    row : mapping of str to Cell
        With ``enthalpy`` [kJ/kg] or ``temperature`` [degC].
    activity : str
        The taxonomy's name.
    amount, unit : float, str
        As read.
    defects : list of Finding
        Gets what is wrong.

    Returns
    -------
    tuple of (float, str, str)
        Amount, unit and derivation: those given, with no derivation, if the row states neither.
    """
    if carrier_of(activity) not in _HEAT or not unit or dimension_of(unit) != "mass":
        return amount, unit, ""
    # A temperature tells the heat of water, not of steam.
    names = ("enthalpy",) if carrier_of(activity) == "steam" else ("enthalpy", "temperature")
    name = next((name for name in names if text_of(row, name)), "")
    if not name:
        medium = Label.of(carrier_of(activity))
        finding = Finding.of("HEAT_CONTENT_UNKNOWN", amount=amount, unit=unit, medium=medium)
        defects.append(finding.at(column=row["unit"].heading))
        return amount, unit, ""
    lowest = _WATER_AT_20 if name == "enthalpy" else _COLD
    try:
        value = float(text_of(row, name))
    except ValueError:
        value = float("nan")
    if not value > lowest:
        finding = Finding.of(f"BAD_HEAT_CONTENT.{name}", text=row[name].text, lowest=lowest)
        defects.append(finding.at(column=row[name].heading, value=row[name].text))
        return amount, unit, ""
    if carrier_of(activity) == "steam" and not _STEAM[0] <= value <= _STEAM[1]:
        in_kj = value * conversion_factor("kcal", "kJ")
        finding = Finding.of("STEAM_ENTHALPY", value=value, lowest=_STEAM[0], highest=_STEAM[1], in_kj=in_kj)
        defects.append(finding.at(column=row[name].heading, value=row[name].text))
    tonnes = amount * conversion_factor(unit, "t")
    if name == "enthalpy":
        return (
            tonnes * (value - _WATER_AT_20) / 1000,
            "GJ",
            f"heat: {tonnes:g} t x ({value:g} - {_WATER_AT_20:g}) / 1000",
        )
    heat = tonnes * (value - _COLD) * _PER_KELVIN / 1000
    return heat, "GJ", f"heat: {tonnes:g} t x ({value:g} - {_COLD:g}) x {_PER_KELVIN:g} / 1000"
