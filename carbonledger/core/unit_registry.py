"""The one pint registry: the units of ``units.txt``, and the gases and currencies that are defined when they are first named.

Gases are dimensions of their own, so a tonne of CO2 is never a tonne of CO2e or of gasoline; currencies too, and a currency at the
prices of a year (``CNY_2022``) is another dimension than the currency itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pint import UnitRegistry
    from pint.registry import Unit

__all__ = ["currency_codes", "define_label", "product_of", "registry", "registry_symbols"]

_PRICE_YEAR = re.compile(r"([A-Z]{3})_\d{4}")


@cache
def registry() -> UnitRegistry[Any]:
    """The registry every quantity of this library belongs to.

    Returns
    -------
    pint.UnitRegistry
        Built on the first call from ``units.txt``.
    """
    import pint

    text = resources.files("carbonledger.core").joinpath("units.txt").read_text(encoding="utf-8")
    units: UnitRegistry[Any] = pint.UnitRegistry(None, autoconvert_to_preferred=False)
    units.load_definitions([line for line in text.splitlines() if line and not line.startswith("#")])
    return units


@cache
def registry_symbols() -> dict[str, str]:
    """Every spelling of ``units.txt`` with the short symbol it stands for."""
    units = registry()
    return {name: units.get_symbol(name) or name for name in list(units._units) if name}


@cache
def currency_codes() -> frozenset[str]:
    """The codes of ISO 4217 that are legal tender today, from the CLDR data that Babel carries."""
    from babel.core import get_global

    spans = get_global("territory_currencies").values()
    return frozenset(code for currencies in spans for code, _, end, tender in currencies if end is None and tender)


@cache
def define_label(name: str) -> str:
    """The unit name of a gas or currency label, defined on first use.

    Parameters
    ----------
    name : str
        A species such as ``HFC-134a``, a currency such as ``TWD``, or a priced currency such as ``USD_2022``.

    Returns
    -------
    str
        An identifier that the registry knows as a dimension of its own.
    """
    identifier = re.sub(r"\W", "_", name)
    if not identifier[0].isalpha():
        identifier = f"gas{identifier}"
    if identifier not in registry()._units:
        dimension = f"currency_{identifier}" if identifier in currency_codes() else identifier
        registry().define(f"{identifier} = [{dimension}]")
    return identifier


def money(word: str) -> str | None:
    """The unit of a currency code or of a currency at the prices of a year; None for any other word."""
    priced = _PRICE_YEAR.fullmatch(word)
    code = priced.group(1) if priced else word
    if len(code) == 3 and code.isupper() and code in currency_codes():
        return define_label(word)
    return None


def product_of(power: int, symbols: Iterable[str]) -> Unit:
    """The pint unit of a power of ten times symbols."""
    units = registry()
    parts: dict[str, int] = {"ten": power} if power else {}
    for symbol in symbols:
        name = units._units[symbol].name
        parts[name] = parts.get(name, 0) + 1
    return units.Unit(units.UnitsContainer(parts))
