"""What one word of a unit means: its spellings, the case of its letters, and what the region of a book settles.

A word is looked up as it is written: in ``unit_words.csv``, where a word may mean several units or another in each country, and in
``units.txt``. Only what is in neither is read in another case, by this rule:

1. ``kwh``, ``KWH``, ``Kwh`` are kWh: another case of the letters gives no other unit, neither a known one nor one that the prefixes of
   the SI (``unit_prefixes.csv``) would make.
2. Where it would (m and M, p and P), the word is read only if it begins with the capital and is not, in capitals throughout, a prefix
   before a single letter: ``MWH`` and ``Mwh`` are MWh, ``MG`` is neither mg nor Mg.
3. Any other such word is refused with both readings: ``mwh``, ``mWh``, ``mJ``, ``pJ``, ``mtoe``.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import NamedTuple

from carbonledger.core.errors import UnknownUnitError
from carbonledger.core.findings import Message
from carbonledger.core.unit_registry import currency_codes, define_label, money, product_of, registry, registry_symbols

__all__ = ["Word", "case_readings", "meaning_text", "merged_spellings", "phrase", "read_word", "unknown_word"]

_NUMBER_LETTERS = {"十": 1, "百": 2, "千": 3, "万": 4, "萬": 4, "亿": 8, "億": 8}
_PREFIXED = ("g", "t", "m", "s", "L", "l", "J", "W", "Wh", "cal", "Pa", "bar", "toe", "tce", "Btu")
_REFERENCES = ("kg", "m", "m2", "L", "Nm3", "MJ", "kW", "kPa", "s", "t_km", "passenger_km")
_GASES = {"CO2E": "CO2e", "CO2EQ": "CO2e", "CO2": "CO2", "CH4": "CH4", "N2O": "N2O", "SF6": "SF6", "NF3": "NF3"}
_GASES |= {"CO2当量": "CO2e", "二氧化碳当量": "CO2e", "二氧化碳": "CO2"}
_GAS_AT_END = re.compile(rf"(?i)(.+?)({'|'.join(sorted(_GASES, key=len, reverse=True))})")
_CARBON_AT_END = re.compile(r"(g|kg|t|kt|Mt|Gt|Gg|Tg|吨|千克)C")
_LARGE_MONEY = {"k": 3, "K": 3, "T": 3, "M": 6}


class Word(NamedTuple):
    """A power of ten times symbols of the registry."""

    power: int
    symbols: tuple[str, ...]

    @property
    def text(self) -> str:
        """The word in canonical spelling."""
        return " ".join([f"10^{self.power}"] * bool(self.power) + list(self.symbols))


@cache
def _meanings() -> Mapping[str, Mapping[str, str]]:
    """The words of ``unit_words.csv``: by country, empty for any, what they may mean, as the table writes it."""
    text = resources.files("carbonledger.core").joinpath("unit_words.csv").read_text(encoding="utf-8")
    words: dict[str, dict[str, str]] = {}
    for row in csv.DictReader(text.splitlines()):
        words.setdefault(row["word"], {})[row["country"]] = row["means"]
    return words


@cache
def _plain_word(text: str) -> Word:
    """A meaning as the table writes it: a power of ten, then names of the registry."""
    power, symbols = 0, []
    for part in text.split(" "):
        if part.startswith("10^"):
            power += int(part.removeprefix("10^"))
        else:
            symbols.append(registry_symbols().get(part) or define_label(part))
    return Word(power, tuple(symbols))


@cache
def _folded_meanings() -> Mapping[str, str]:
    """The words of ``unit_words.csv`` by their letters in one case."""
    return {word.casefold(): word for word in _meanings() if len(word) > 1 and word != "KGS"}


@cache
def _folded_symbols() -> Mapping[str, tuple[str, ...]]:
    """The spellings of ``units.txt`` by their letters in one case."""
    folded: dict[str, tuple[str, ...]] = {}
    for name in registry_symbols():
        if len(name) > 1 and name.isascii():
            folded[name.casefold()] = (*folded.get(name.casefold(), ()), name)
    return folded


@cache
def _prefixed() -> Mapping[str, Mapping[str, tuple[int, str]]]:
    """What the prefixes of the SI make of the units that take them: by letters in one case, spelling to power and unit."""
    text = resources.files("carbonledger.core").joinpath("unit_prefixes.csv").read_text(encoding="utf-8")
    readings: dict[str, dict[str, tuple[int, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        for base in _PREFIXED:
            spelling = row["prefix"] + base
            readings.setdefault(spelling.casefold(), {})[spelling] = (int(row["power"]), base)
    return readings


def case_readings(word: str) -> dict[str, str]:
    """What the cases of a word's letters would mean: spelling to size, for a unit that is known or that the SI would make.

    Examples
    --------
    >>> case_readings("mwh")
    {'mWh': '10^-3 Wh', 'MWh': '10^6 Wh'}
    """
    folded = word.casefold()
    readings = {spelling: f"10^{power} {base}" for spelling, (power, base) in _prefixed().get(folded, {}).items()}
    known = {name: meaning_text(Word(0, (registry_symbols()[name],))) for name in _folded_symbols().get(folded, ())}
    return {**known, **readings} if len(readings) < 2 else readings


@cache
def merged_spellings() -> Mapping[str, tuple[str, ...]]:
    """Every spelling that one case for all letters would merge with another unit, by its letters in lower case.

    Returns
    -------
    mapping of str to tuple of str
        At least one of the spellings is a known unit; the sizes of the others differ from it.
    """
    merged = {}
    for folded, known in _folded_symbols().items():
        spellings = {*known, *_prefixed().get(folded, {})}
        if len({_size(spelling) for spelling in spellings}) > 1:
            merged[folded] = tuple(sorted(spellings))
    return dict(sorted(merged.items()))


@cache
def _size(spelling: str) -> tuple[str, str]:
    """What a known or SI spelling measures and how much of it, to be compared."""
    known = registry_symbols().get(spelling)
    power, base = (0, known) if known else _prefixed()[spelling.casefold()][spelling]
    size = registry().Quantity(1.0, product_of(power, [base])).to_root_units()
    return str(size.units), f"{size.magnitude:.12g}"


def read_word(word: str, country: str, text: str) -> Word:
    """What a word means.

    Parameters
    ----------
    word : str
        Letters and digits without a blank.
    country : str
        ISO 3166 code that settles what differs between countries; may be empty.
    text : str
        The unit it stands in, for messages.

    Raises
    ------
    UnknownUnitError
        If it means nothing, or several things.
    """
    meaning = _tabled(word, country, text) or _labelled(word, country, text) or _known(word)
    if meaning is None and word.casefold() in _folded_meanings():
        meaning = _tabled(_folded_meanings()[word.casefold()], country, text, word)
    meaning = meaning or _in_another_case(word, text) or _composed(word, country, text)
    if meaning is None:
        raise unknown_word(word, text)
    return meaning


def _known(word: str) -> Word | None:
    """A word of ``units.txt``, or a currency."""
    symbol = registry_symbols().get(word) or money(word)
    if symbol is None:
        return None
    if _GAS_AT_END.fullmatch(symbol) and symbol not in _GASES.values():
        return _labelled(symbol, "", symbol)
    dimensionless = registry().Unit(symbol).dimensionless and symbol not in {
        "percent",
        "permille",
        "percentage_point",
        "pp",
    }
    return Word(_power_of(symbol), ()) if dimensionless else Word(0, (symbol,))


@cache
def _power_of(symbol: str) -> int:
    """The power of ten of a number word."""
    return len(str(round(registry().Quantity(1.0, symbol).to_root_units().magnitude))) - 1


def _tabled(word: str, country: str, text: str, written: str = "") -> Word | None:
    """A word of ``unit_words.csv``; None if it is none."""
    countries = _meanings().get(word, {})
    stated = countries.get(country) or countries.get("")
    if not stated:
        return None
    meanings = [_plain_word(one) for one in stated.split(";")]
    if len(meanings) == 1:
        return meanings[0]
    message = Message.of(
        "UNKNOWN_UNIT.ambiguous", text=text, word=written or word, meanings=tuple(map(meaning_text, meanings))
    )
    raise UnknownUnitError(message, text, [meaning.text for meaning in meanings])


def _labelled(word: str, country: str, text: str) -> Word | None:
    """A mass and the gas it is of, in one word: ``tCO2e``, ``ktCO2eq``, ``tC``."""
    found = _GAS_AT_END.fullmatch(word)
    carbon = _CARBON_AT_END.fullmatch(word)
    if not found and not carbon:
        return None
    try:
        mass = read_word((found or carbon).group(1), country, text)  # type: ignore[union-attr]
    except UnknownUnitError as error:
        if isinstance(error.says, Message) and error.says.key.endswith((".ambiguous", ".case")):
            raise
        return None
    if registry().get_dimensionality(product_of(0, mass.symbols)) != registry().get_dimensionality("kg"):
        return None
    return Word(mass.power, (*mass.symbols, _GASES[found.group(2).upper()] if found else "C"))


def _in_another_case(word: str, text: str) -> Word | None:
    """A known word in another case, by the rule of this file; None if the letters are no unit in any case."""
    known = _folded_symbols().get(word.casefold(), ())
    if not known or not word.isascii():
        if word in _prefixed().get(word.casefold(), {}) and len(_prefixed()[word.casefold()]) > 1:
            raise _case_error(word, text)
        return None
    spellings = {*known, *_prefixed().get(word.casefold(), {})}
    fitting = spellings
    if len({_size(spelling) for spelling in spellings}) > 1:
        fitting = {spelling for spelling in spellings if spelling[0] == word[0] and word[0].isupper()}
        if word in spellings or (word.isupper() and any(len(spelling) == 2 for spelling in fitting)):
            fitting = set()
    fitting &= set(known)
    if not fitting or len({_size(spelling) for spelling in fitting}) > 1:
        raise _case_error(word, text)
    return _known(min(fitting))


def _case_error(word: str, text: str) -> UnknownUnitError:
    """The error for a word whose letters are several units, depending on their case."""
    readings = case_readings(word)
    sizes = tuple(f"{spelling} = {size}" if " = " not in size else size for spelling, size in readings.items())
    known = [spelling for spelling in readings if spelling in registry_symbols()]
    return UnknownUnitError(Message.of("UNKNOWN_UNIT.case", text=text, word=word, readings=sizes), text, known)


def _composed(word: str, country: str, text: str) -> Word | None:
    """A number before a unit in one word: ``万千瓦时``, ``kUSD``; None if it is none."""
    if word[0] in _NUMBER_LETTERS:
        rest = read_word(word[1:], country, text) if len(word) > 1 else Word(0, ())
        return Word(_NUMBER_LETTERS[word[0]] + rest.power, rest.symbols)
    currency = word[1:] if word[0] in _LARGE_MONEY else ""
    # Only the currencies of units.txt, or words in capitals such as MALL would be millions of lek.
    if currency == "€" or (currency in registry_symbols() and currency in currency_codes()):
        return Word(_LARGE_MONEY[word[0]], read_word(currency, country, text).symbols)
    return None


def phrase(words: tuple[str, ...]) -> str | None:
    """The known spelling that several words make, e.g. ``passenger_km``; None if they make none."""
    joined = "_".join(words)
    if joined in registry_symbols() or joined in _meanings():
        return joined
    folded = joined.casefold()
    known = _folded_symbols().get(folded)
    return known[0] if known else _folded_meanings().get(folded)


def meaning_text(word: Word) -> str:
    """A unit with its size in a unit everybody knows.

    Examples
    --------
    >>> meaning_text(Word(3, ("Btu",)))
    '10^3 Btu = 1.055055853 MJ'
    """
    unit = product_of(word.power, word.symbols)
    for reference in _REFERENCES:
        if unit.dimensionality == registry().Unit(reference).dimensionality and word.text != reference:
            return f"{word.text} = {registry().Quantity(1.0, unit).to(reference).magnitude:.10g} {reference}"
    return word.text


def unknown_word(word: str, text: str) -> UnknownUnitError:
    """The error for a word that is no unit, with the known spellings that look like it."""
    neighbours = _neighbours(word)
    if not neighbours:
        return UnknownUnitError(Message.of("UNKNOWN_UNIT.unlike", text=text), text)
    proposed = tuple(meaning_text(Word(0, (symbol,))) for symbol in neighbours)
    return UnknownUnitError(Message.of("UNKNOWN_UNIT.alike", text=text, proposed=proposed), text, neighbours)


def _neighbours(word: str) -> list[str]:
    """The symbols whose spellings differ from a word by a slip of the pen: one letter, of seven or more two."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if len(word) < 4:
        return []
    allowed = 1 if len(word) < 7 else 2
    near = process.extract(
        word.casefold(), _choices(), scorer=OSA.distance, processor=None, score_cutoff=allowed, limit=8
    )
    best = min((distance for _, distance, _ in near), default=0)
    symbols = {registry_symbols()[name]: None for _, distance, name in near if distance == best}
    # Letters that are near units of several kinds say nothing.
    return list(symbols)[:3] if len({_size(symbol)[0] for symbol in symbols}) == 1 else []


@cache
def _choices() -> dict[str, str]:
    """The spellings that may be proposed, with their letters in one case."""
    return {name: name.casefold() for name in registry_symbols() if len(name) > 2}
