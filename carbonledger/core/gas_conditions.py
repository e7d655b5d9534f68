"""Volumes of gas at a stated temperature and pressure, as amounts in normal cubic metres.

``m3 (20 degC, 101.325 kPa)`` is an amount of gas: by the ideal gas law p V = n R T, the same amount fills
``V x (273.15 K / T) x (p / 101.325 kPa)`` at the normal conditions of DIN 1343 (ISO 13443 without the compression factor).
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

from carbonledger.core.errors import UnknownUnitError
from carbonledger.core.findings import Message
from carbonledger.core.unit_registry import registry, registry_symbols

__all__ = ["CONDITIONS", "conditions_text", "volume_at"]

_TEMPERATURE = r"(-?\d{1,3}(?:\.\d{1,4})?) ?(° ?C|deg ?C|C|° ?F|deg ?F|F|K)"
_PRESSURE = r"(\d{1,7}(?:\.\d{1,6})?) ?(Pa|hPa|kPa|MPa|m?bar|atm|psia?)"
_BETWEEN = r" ?(?:[,;]|and|&) ?"
CONDITIONS = re.compile(
    rf" ?(?P<open>\(|@|at(?= )) ?(?:{_TEMPERATURE}{_BETWEEN}{_PRESSURE}|{_PRESSURE}{_BETWEEN}{_TEMPERATURE})(?![\w.]) ?(?P<close>\)?)",
    re.IGNORECASE,
)
_CANONICAL = re.compile(r"(.+) \((-?[\d.]+) (degC|degF|K), ([\d.]+) (\w+)\)")
_PRESSURES = {
    "pa": "Pa",
    "hpa": "hPa",
    "kpa": "kPa",
    "mbar": "mbar",
    "bar": "bar",
    "atm": "atm",
    "psi": "psi",
    "psia": "psi",
}
_VOLUMES = {"Nm3": "m3", "Sm3": "m3", "Sm3_20C": "m3", "scf": "ft3"}
_COLDEST_K, _HOTTEST_K, _LOWEST_PA, _HIGHEST_PA = 173, 473, 1_000, 100_000_000


def conditions_text(found: re.Match[str], text: str) -> str:
    """The one way of writing stated conditions, e.g. ``(20 degC, 101.325 kPa)``.

    Raises
    ------
    UnknownUnitError
        If the brackets do not close, or no gas is measured at such conditions.
    """
    _, *parts, _ = found.groups()
    degrees, scale, pressure, unit = parts[:4] if parts[0] is not None else (*parts[6:8], *parts[4:6])
    scale = {"C": "degC", "F": "degF", "K": "K"}[scale[-1].upper()]
    # Only the case of the letters tells a megapascal from a thousandth of a pascal.
    large = unit.startswith("M")
    unit = "MPa" if large and unit.casefold() == "mpa" else _PRESSURES.get("" if large else unit.casefold(), "")
    closed = (found["open"] == "(") == bool(found["close"])
    if not unit or not closed or not _plausible(degrees, scale, pressure, unit):
        raise UnknownUnitError(Message.of("UNKNOWN_UNIT.conditions", text=text), text)
    return f"({degrees} {scale}, {pressure} {unit})"


def _kelvin(degrees: str, scale: str) -> Fraction:
    """A temperature on the absolute scale (SI Brochure, 2.3.1; NIST SP 811, B.8 for degF)."""
    value = Fraction(degrees)
    if scale == "degF":
        return (value + Fraction("459.67")) * 5 / 9
    return value + Fraction("273.15") if scale == "degC" else value


def _pascal(pressure: str, unit: str) -> Fraction:
    """A pressure in Pa."""
    return Fraction(pressure) * Fraction(registry().Quantity(1.0, unit).to("Pa").magnitude)


def _plausible(degrees: str, scale: str, pressure: str, unit: str) -> bool:
    """Whether gas is metered at such conditions; a figure outside is a slip."""
    inside = _COLDEST_K <= _kelvin(degrees, scale) <= _HOTTEST_K
    return inside and _LOWEST_PA <= _pascal(pressure, unit) <= _HIGHEST_PA


@cache
def volume_at(factor: str, missing: str | None = None) -> str:
    """The unit of a volume at stated conditions, defined on first use.

    Parameters
    ----------
    factor : str
        A symbol and its conditions, e.g. ``m3 (20 degC, 101.325 kPa)``.
    missing : str, optional
        What to give for a symbol that is no volume.

    Returns
    -------
    str
        An identifier that the registry knows as an amount of gas.
    """
    found = _CANONICAL.fullmatch(factor)
    symbol = _VOLUMES.get(found.group(1), found.group(1)) if found else ""
    if not found or symbol not in registry_symbols() or registry().get_dimensionality(symbol) != {"[length]": 3}:
        return missing if missing is not None else factor
    identifier = "gas_" + re.sub(r"\W", lambda sign: "n" if sign.group() == "-" else "_", factor)
    if identifier not in registry()._units:
        ratio = _kelvin("0", "degC") / _kelvin(found[2], found[3]) * _pascal(found[4], found[5]) / _pascal("1", "atm")
        cubic_meters = Fraction(registry().Quantity(1.0, symbol).to("m3").magnitude)
        registry().define(f"{identifier} = {float(ratio * cubic_meters)!r} * normal_cubic_meter")
    return identifier
