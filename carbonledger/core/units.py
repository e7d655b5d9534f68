"""The one pint registry, and the spellings people use for units.

The registry holds only the units of ``units.txt``, each with its source. It is built once, when first
needed. Gases are dimensions of their own, so a tonne of CO2 is never a tonne of CO2e or of gasoline;
currencies too, and a currency at the prices of a year (``CNY_2022``) is another dimension than the
currency itself.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import get_close_matches
from functools import cache
from importlib import resources
from tokenize import TokenError
from typing import TYPE_CHECKING, Any

from carbonledger.core.errors import DimensionError, UnknownUnitError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label, has_label

if TYPE_CHECKING:
    from pint import UnitRegistry
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

_NUMBER_WORDS = {
    "万": "ten_thousand",
    "亿": "hundred_million",
    "百万": "million",
    "千": "thousand",
    "百": "hundred",
}
_NUMBER_SYMBOLS = {
    "ten_thousand": "10^4",
    "hundred_million": "10^8",
    "million": "10^6",
    "thousand": "10^3",
    "hundred": "10^2",
}
_POWERS = {symbol: name for name, symbol in _NUMBER_SYMBOLS.items()}
_AMBIGUOUS = {
    "ton": ("t", "short_ton", "long_ton"),
    "tons": ("t", "short_ton", "long_ton"),
    "MT": ("t", "megatonne"),
    "gallon": ("US_gallon", "imperial_gallon"),
    "gallons": ("US_gallon", "imperial_gallon"),
    "gal": ("US_gallon", "imperial_gallon"),
    "加仑": ("US_gallon", "imperial_gallon"),
    "therm": ("therm_US", "therm_EC"),
    "therms": ("therm_US", "therm_EC"),
    "cf": ("ft3", "scf"),
}
_UNREADABLE = (ValueError, TypeError, SyntaxError, AttributeError, KeyError, AssertionError, TokenError)
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_PIECES = re.compile(r"(10\^[2-8]|[^\W\d]\w*|[*/()]|\s+|\d+(?:\.\d+)?)")
_PRICE_YEAR = re.compile(r"(CNY|USD|EUR|GBP|JPY|HKD)_(\d{4})")
_GAS_AFTER_MASS = re.compile(
    r"^(kg|t|g|吨|千克|公斤|克)\s*(CO2eq|CO2e|CO2当量|二氧化碳当量|二氧化碳|CO2|CH4|N2O|SF6|NF3|C)$"
)
_REPRESENTATIVES = {
    "mass": "kg",
    "distance": "m",
    "area": "m2",
    "volume": "m3",
    "time": "s",
    "normal_volume": "Nm3",
    "energy": "J",
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
def _spellings() -> dict[str, str]:
    """Every known spelling with the short symbol it stands for."""
    units = registry()
    known: dict[str, str] = {}
    for name in list(units._units):
        if name:
            known[name] = units.get_symbol(name) or name
    folded: dict[str, set[str]] = {}
    for name, symbol in known.items():
        if len(name) > 1 and name.isascii():
            folded.setdefault(name.casefold(), set()).add(symbol)
    for name, symbols in folded.items():
        if len(symbols) == 1 and name not in known:
            known[name] = next(iter(symbols))
    return known


@cache
def define_label(name: str) -> str:
    """The unit name of a gas or currency label, defined on first use.

    Parameters
    ----------
    name : str
        A species such as ``HFC-134a`` or a priced currency such as ``USD_2022``.

    Returns
    -------
    str
        An identifier that the registry knows as a dimension of its own.
    """
    identifier = re.sub(r"\W", "_", name)
    if not identifier[0].isalpha():
        identifier = f"gas{identifier}"
    if identifier not in registry()._units:
        registry().define(f"{identifier} = [{identifier}]")
    return identifier


def _spelling(word: str, text: str) -> str:
    """The symbol of one word of a unit text."""
    known = _spellings()
    if word in _AMBIGUOUS:
        message = Message.of("UNKNOWN_UNIT.ambiguous", text=text, word=word, proposed=tuple(_AMBIGUOUS[word]))
        raise UnknownUnitError(message, text, _AMBIGUOUS[word])
    if word in known:
        return known[word]
    if word.isascii() and len(word) > 1 and word.casefold() in known:
        return known[word.casefold()]
    if _PRICE_YEAR.fullmatch(word):
        return define_label(word)
    for prefix in ("百万", "万", "亿", "千", "百"):
        rest = word.removeprefix(prefix)
        if rest != word and rest:
            return f"{_NUMBER_SYMBOLS[_NUMBER_WORDS[prefix]]} {_spelling(rest, text)}"
    raise _unknown(word, text)


def _unknown(word: str, text: str) -> UnknownUnitError:
    """The error for a word that is no unit, with the known spellings that look like it."""
    neighbours = _neighbours(word)
    if not neighbours:
        return UnknownUnitError(Message.of("UNKNOWN_UNIT.unlike", text=text), text)
    return UnknownUnitError(Message.of("UNKNOWN_UNIT.alike", text=text, proposed=neighbours), text, neighbours)


def _neighbours(word: str) -> list[str]:
    """Known spellings that look like the word, best first."""
    known = _spellings()
    close = get_close_matches(word, known, n=6, cutoff=0.5) + get_close_matches(word.casefold(), known, n=3, cutoff=0.6)
    return list(dict.fromkeys(known[name] for name in close))[:3]


def _tidy(text: str) -> str:
    """Unit text with one way of writing powers, products and numbers."""
    # A dot multiplies (t·km), superscripts and full-width signs become plain ones (m³, ㎥, ＫＷｈ).
    plain = unicodedata.normalize("NFKC", text.replace("⁴", "^4").replace("⁸", "^8")).strip()
    plain = plain.replace("·", "*").replace("×", "*").replace("%", " percent ").replace("‰", " permille ")
    plain = re.sub(r"\b10(?:\^|\*\*)([2-8])", lambda found: "10^" + found.group(1), plain)
    plain = re.sub(r"(?<=[^\W\d])\^([23])\b", r"\1", plain)
    plain = re.sub(r"每", "/", plain)
    return re.sub(r"\s+", " ", plain)


@cache
def canonical_unit(text: str) -> str:
    """The one spelling of a unit.

    Parameters
    ----------
    text : str
        A unit as people write it, e.g. ``万度``, ``KWh``, ``m³``, ``kg CO2e/kWh``.

    Returns
    -------
    str
        Symbols of the registry, e.g. ``10^4 kWh``, ``kWh``, ``m3``, ``kg CO2e/kWh``.

    Raises
    ------
    UnknownUnitError
        If a word of the text is no unit, or names different units in different countries.

    Examples
    --------
    >>> canonical_unit("万千瓦时"), canonical_unit("Nm³"), canonical_unit("吨标准煤")
    ('10^4 kWh', 'Nm3', 'tce')
    """
    plain = _tidy(str(text))
    if not plain:
        raise UnknownUnitError(Message.of("UNKNOWN_UNIT.empty"), str(text))
    labelled = _GAS_AFTER_MASS.match(plain)
    if labelled:
        plain = f"{labelled.group(1)} {labelled.group(2)}"
    joined = plain.replace(" ", "_")
    if joined in _spellings():
        plain = joined
    words = [_canonical_piece(piece, str(text)) for piece in _PIECES.split(plain) if piece and not piece.isspace()]
    canonical = re.sub(r"\s*([*/()])\s*", r"\1", " ".join(words))
    _parse_canonical(canonical, str(text))
    return canonical


def _canonical_piece(piece: str, text: str) -> str:
    """One word, sign or number of a unit text in its canonical spelling."""
    if _IDENTIFIER.fullmatch(piece):
        return _spelling(piece, text)
    if piece in _POWERS or piece in "*/()1":
        return piece
    raise UnknownUnitError(Message.of("UNKNOWN_UNIT.piece", text=text, piece=piece), text)


@cache
def _parse_canonical(canonical: str, text: str) -> Unit:
    """The pint unit of a canonical text."""
    import pint

    expression = re.sub(r"10\^[2-8]", lambda found: _POWERS[found.group(0)], canonical)
    expression = re.sub(r"(?<=[\w)])\s+(?=[\w(])", "*", expression)
    if expression == "1":
        return registry().dimensionless
    try:
        return registry().parse_units(expression.replace("1/", "dimensionless/"))
    except (*_UNREADABLE, pint.errors.PintError) as error:
        raise UnknownUnitError(Message.of("UNKNOWN_UNIT.unreadable", text=text), text) from error


def parse_unit(text: str) -> Unit:
    """The pint unit that a text means.

    Parameters
    ----------
    text : str
        A unit in any spelling that `canonical_unit` understands.

    Returns
    -------
    pint.Unit
    """
    return _parse_canonical(canonical_unit(text), text)


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
