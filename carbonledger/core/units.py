"""Units: the one spelling of a unit, what it measures, and how many of another it is.

The units are those of ``units.txt``, each with its source. What the words of a text mean stands in ``unit_words``, how they are put
together in ``unit_expressions``.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from carbonledger.core.errors import DimensionError, UnknownUnitError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label, has_label
from carbonledger.core.unit_expressions import LONGEST, read_expression, tidy
from carbonledger.core.unit_registry import define_label, registry

if TYPE_CHECKING:
    from pint.registry import Quantity, Unit

__all__ = [
    "canonical_unit",
    "conversion_factor",
    "define_label",
    "dimension_label",
    "dimension_of",
    "is_convertible",
    "parse_unit",
    "quantity",
    "registry",
]

_CACHED_TEXTS = 100_000
_EXPLAINED = re.compile(r"([^()]*[^()*/· -]) ?\(([^()]+)\)")
_KINDS = {"us": "US", "u.s.": "US", "usa": "US", "uk": "GB", "u.k.": "GB", "gb": "GB", "imperial": "GB"}
_KINDS_OF_TON = {"metric", "short", "long"}
_REPRESENTATIVES = {
    "mass": "kg",
    "distance": "m",
    "area": "m2",
    "volume": "m3",
    "time": "s",
    "normal_volume": "Nm3",
    "pressure": "Pa",
    "energy": "J",
    "power": "W",
    "passenger_distance": "passenger_km",
    "freight": "t_km",
    "vehicle_distance": "vehicle_km",
    "room_night": "room_night",
    "persons": "person",
    "person_time": "person_hour",
    "count": "piece",
    "co2e_mass": "tCO2e",
    "number": "hundred",
}


def canonical_unit(text: str, region: str = "") -> str:
    """The one spelling of a unit.

    Parameters
    ----------
    text : str
        A unit as people write it, e.g. ``万度``, ``KWh``, ``m³``, ``kg CO2e/kWh``.
    region : str, optional
        Where the text was written, e.g. ``US-EGRID-CAMX``, ``GB``, ``CN-SD``; its country settles what a gallon or a therm is.

    Returns
    -------
    str
        Symbols of the registry, e.g. ``10^4 kWh``, ``kWh``, ``m3``, ``kg CO2e/kWh``. It reads back as itself in every region.

    Raises
    ------
    UnknownUnitError
        If a word of the text is no unit, or several: in different countries, or by the case of its letters.

    Examples
    --------
    >>> canonical_unit("万千瓦时"), canonical_unit("Nm³"), canonical_unit("吨标准煤")
    ('10^4 kWh', 'Nm3', 'tce')
    >>> canonical_unit("tCO2e/万元"), canonical_unit("gallon", "US-CA"), canonical_unit("gallon", "GB")
    ('t CO2e/(10^4 CNY)', 'gal_US', 'gal_UK')
    """
    return _read(str(text), _country(region))[0]


def _country(region: str) -> str:
    """The country of a region."""
    country = region.partition("-")[0].upper()
    return "GB" if country == "UK" else country


@lru_cache(maxsize=_CACHED_TEXTS)
def _read(text: str, country: str) -> tuple[str, Unit]:
    """The canonical text and the pint unit of a text."""
    if len(text) > LONGEST:
        raise UnknownUnitError(Message.of("UNKNOWN_UNIT.long", length=len(text), longest=LONGEST), text[:LONGEST])
    plain = tidy(text)
    if not plain:
        raise UnknownUnitError(Message.of("UNKNOWN_UNIT.empty"), text)
    explained = _EXPLAINED.fullmatch(plain)
    settled = _explained(explained.group(1), explained.group(2).strip(), country, text) if explained else None
    if settled:
        return settled
    if plain == "C":
        # A mass can be of carbon; alone, the letter is more often a degree Celsius.
        raise UnknownUnitError(Message.of("UNKNOWN_UNIT.unlike", text=text), text)
    expression = read_expression(plain, country, text)
    return str(expression), expression.unit


def _explained(stated: str, bracket: str, country: str, text: str) -> tuple[str, Unit] | None:
    """A unit that brackets explain: ``kBtu (thousand Btu)``, ``gallons (US)``; None if they do not explain it."""
    if bracket.casefold() in _KINDS:
        return _read(stated, _KINDS[bracket.casefold()])
    if bracket.casefold() in _KINDS_OF_TON:
        return _read(f"{bracket} {stated}", country)
    try:
        meaning = _read(bracket, country)
    except UnknownUnitError:
        return None
    try:
        whole = _read(stated, country)
    except UnknownUnitError as error:
        fitting = [known for known in map(_read_plain, error.neighbours) if _size_ratio(known[1], meaning[1]) == 1]
        if error.says is not None and error.says.key == "UNKNOWN_UNIT.ambiguous" and fitting:
            return fitting[0]
        raise
    ratio = _size_ratio(whole[1], meaning[1])
    if ratio is not None and ratio != 1:
        message = Message.of("UNKNOWN_UNIT.explained", text=text, stated=stated, bracket=bracket)
        raise UnknownUnitError(message, text, (whole[0], meaning[0]))
    return whole if ratio else None


def _read_plain(text: str) -> tuple[str, Unit]:
    """A canonical text, read in no region."""
    return _read(text, "")


def _size_ratio(one: Unit, other: Unit) -> float | None:
    """How many of the other a unit is, to 12 digits; None if they measure different things."""
    if one.dimensionality != other.dimensionality:
        return None
    return float(f"{registry().Quantity(1.0, one).to(other).magnitude:.12g}")


def parse_unit(text: str, region: str = "") -> Unit:
    """The pint unit that a text means.

    Parameters
    ----------
    text : str
        A unit in any spelling that `canonical_unit` understands.
    region : str, optional
        As for `canonical_unit`.

    Returns
    -------
    pint.Unit
    """
    return _read(str(text), _country(region))[1]


def quantity(value: float, unit: str) -> Quantity[float]:
    """A number with its unit.

    Parameters
    ----------
    value : float
        The number, in `unit`.
    unit : str
        Any spelling that `canonical_unit` understands.

    Returns
    -------
    pint.Quantity
    """
    return registry().Quantity(value, parse_unit(unit))


@cache
def dimension_of(unit: str) -> str:
    """The name of a unit's dimension.

    Returns
    -------
    str
        ``energy``, ``mass``, ``volume``, ``normal_volume``, ``distance``, ``passenger_distance``, ``freight``,
        ``vehicle_distance``, ``room_night``, ``currency`` and so on; pint's own text for any other.
    """
    dimensionality = registry().get_dimensionality(parse_unit(unit))
    if re.fullmatch(r"\[(currency_)?[A-Z]{3}(_\d{4})?\]", str(dimensionality)):
        return "currency"
    return _dimension_names().get(dimensionality, str(dimensionality))


def dimension_label(dimension: str) -> Label:
    """The words for a dimension; that of a unit without a named dimension is pint's own text."""
    key = f"dimension_{dimension}"
    return Label.of(key) if has_label(key) else Label(dimension, dimension)


@cache
def _dimension_names() -> dict[Any, str]:
    """The name of each dimension that has one."""
    units = registry()
    return {units.get_dimensionality(unit): name for name, unit in _REPRESENTATIVES.items()}


@cache
def is_convertible(source: str, target: str) -> bool:
    """Whether two units measure the same thing."""
    return bool(parse_unit(source).dimensionality == parse_unit(target).dimensionality)


@cache
def conversion_factor(source: str, target: str) -> float:
    """How many `target` one `source` is.

    Raises
    ------
    DimensionError
        If the two measure different things.

    Examples
    --------
    >>> conversion_factor("tce", "GJ")
    29.3076
    """
    import pint

    try:
        return float(registry().Quantity(1.0, parse_unit(source)).to(parse_unit(target)).magnitude)
    except pint.DimensionalityError:
        message = Message.of(
            "WRONG_DIMENSION.conversion",
            source=canonical_unit(source),
            source_dimension=dimension_label(dimension_of(source)),
            target=canonical_unit(target),
            target_dimension=dimension_label(dimension_of(target)),
        )
        raise DimensionError(message) from None
