"""Units that name their gas, such as ``kg CO2e/kWh``: an edition keeps the gas in a column of its own and the unit without it."""

from __future__ import annotations

import re

from carbonledger.core.errors import UnitError
from carbonledger.core.units import canonical_unit
from carbonledger.factors.own_words import CARBON, gas_named

__all__ = ["unit_and_gas"]

_WORDS = re.compile(r"[^\s·*]+")
_PER = re.compile(r"\s*(?:/|每|\bper\b)\s*", re.IGNORECASE)
_SYMBOL = re.compile("CO2e|CO2|CH4|N2O|SF6|NF3|C")
_SPECIES = re.compile(
    r"(?i)\b(?P<mass>kg|g|mg|t|lb)?[\s-]?(?P<gas>(?:HFC|HCFC|HFO|PFC|CFC|HFE|R)-?[0-9][0-9a-z()-]*)(?![\w])"
)


def unit_and_gas(text: str, region: str = "") -> tuple[str, str]:
    """The unit without its gas, and the gas; no gas if the unit names none.

    Parameters
    ----------
    text : str
        A unit as people write it.
    region : str
        Where it was written, see `carbonledger.core.units.canonical_unit`.

    Returns
    -------
    tuple of (str, str)
        In the one spelling of units and of gases. A gas of the denominator stays where it is.

    Raises
    ------
    UnitError
        If the text is no unit.

    Examples
    --------
    >>> [unit_and_gas(text) for text in ("kg CO2e/kWh", "kgCO2/kWh", "kg CO2-eq/MWh", "gCH4/GJ", "t/MWh")]
    [('kg/kWh', 'CO2e'), ('kg/kWh', 'CO2'), ('kg/MWh', 'CO2e'), ('g/GJ', 'CH4'), ('t/MWh', '')]
    >>> unit_and_gas("kg HFC-134a/kg"), unit_and_gas("千克二氧化碳当量/千瓦时"), unit_and_gas("tC/TJ")
    (('kg/kg', 'HFC-134a'), ('kg/kWh', 'CO2e'), ('t/TJ', 'C'))
    """
    try:
        canonical = canonical_unit(text, region)
    except UnitError:
        without = _without_species(text)
        if without is None:
            raise
        return canonical_unit(without[0], region), without[1]
    numerator, slash, denominator = canonical.partition("/")
    words = _WORDS.findall(numerator)
    gases = [word for word in words if _SYMBOL.fullmatch(word)]
    rest = [word for word in words if word not in gases]
    if len(gases) != 1 or not rest or (gases == [CARBON] and not slash):
        return canonical, ""
    return f"{' '.join(rest)}{slash}{denominator}", gases[0]


def _without_species(text: str) -> tuple[str, str] | None:
    """The text without a species such as HFC-134a in its numerator, and the species; None if it names none."""
    cut = _PER.search(text)
    numerator, rest = (text[: cut.start()], text[cut.start() :]) if cut else (text, "")
    found = _SPECIES.search(numerator)
    gas = gas_named(found["gas"]) if found else ""
    if found is None or not gas:
        return None
    return f"{numerator[: found.start()]}{found['mass'] or ''}{numerator[found.end() :]}{rest}", gas
