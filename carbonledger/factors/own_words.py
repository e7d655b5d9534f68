"""Words that people write into tables of factors - headings, gases, heating values - and what an edition writes for them.

The words are data: ``own_words.csv``. Gases are, besides, those of the sets of global warming potentials that come with the library.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib import resources

from carbonledger.factors.editions import editions_about, read_edition
from carbonledger.factors.factor import COLUMNS, OPTIONAL_COLUMNS

__all__ = [
    "CARBON",
    "SUM_OF_GASES",
    "basis_named",
    "column_named",
    "gas_named",
    "gwp_edition",
    "known_bases",
    "near_gas",
    "word_named",
    "words_of",
]

SUM_OF_GASES, CARBON = "CO2e", "C"
# Publishers that mix assessments say so; a figure on a mixture cannot be turned into another one.
_MIXED = "mixed"
_GASES_BESIDE_GWP = (SUM_OF_GASES, CARBON, "CO2 biogenic")
_REFRIGERANT = re.compile(r"(?:HC?FC|PFC|HC?FO|CFC)-(.+)")
_NEAR_PERCENT = 70


def _folded(text: str) -> str:
    """A word without case, width, blanks, hyphens or underscores."""
    return re.sub(r"[\s_‐‑‒–−-]", "", unicodedata.normalize("NFKC", text).casefold())


@cache
def _words(kind: str) -> Mapping[str, str]:
    """What each spelling of a kind of word stands for."""
    text = resources.files("carbonledger.factors").joinpath("own_words.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(text.splitlines()) if row["kind"] == kind]
    spellings = {_folded(name): row["word"] for row in rows for name in filter(None, row["names"].split(";"))}
    return spellings | {_folded(row["word"]): row["word"] for row in rows}


def word_named(kind: str, text: str) -> str:
    """The word of an edition for what somebody wrote; empty if it is none.

    Parameters
    ----------
    kind : {"parameter", "heating_value", "confidence"}
        Which list of words.
    text : str
        As written.

    Examples
    --------
    >>> word_named("parameter", "Emission Factor"), word_named("heating_value", "低位"), word_named("confidence", "sure")
    ('emission_factor', 'net', '')
    """
    return _words(kind).get(_folded(text), "")


def words_of(kind: str) -> tuple[str, ...]:
    """The words of an edition that people have other words for, as `word_named` knows them."""
    return tuple(dict.fromkeys(_words(kind).values()))


def column_named(heading: str) -> str:
    """The column of ``factors.csv`` that a heading names; empty if it names none.

    Examples
    --------
    >>> column_named("Year"), column_named("数值"), column_named("SOURCE"), column_named("colour")
    ('data_year', 'value', 'source_locator', '')
    """
    plain = _folded(heading)
    named = {_folded(name): name for name in (*COLUMNS, *OPTIONAL_COLUMNS)}
    return named.get(plain) or _words("heading").get(plain, "")


@cache
def _gases() -> Mapping[str, str]:
    """Every gas that calculations know, by its folded name, and refrigerants by their number: R-32 is HFC-32."""
    species = {
        factor.gas for name in editions_about("", "gwp") for factor in read_edition(name).factors(parameter="gwp")
    }
    found = {_folded(name): name for name in (*sorted(species), *_GASES_BESIDE_GWP)}
    numbers: dict[str, str | None] = {}
    for name in sorted(species):
        number = _REFRIGERANT.fullmatch(name)
        if number:
            key = f"r{_folded(number[1])}"
            numbers[key] = None if key in numbers else name
    return {**{key: name for key, name in numbers.items() if name}, **found, **_words("gas")}


def gas_named(text: str) -> str:
    """The gas that somebody names, in the spelling of all editions; empty if no set of potentials knows it.

    Examples
    --------
    >>> [gas_named(text) for text in ("CO2-eq", "CO₂e", "co2", "二氧化碳", "HFC134a", "R-32", "NOx")]
    ['CO2e', 'CO2e', 'CO2', 'CO2', 'HFC-134a', 'HFC-32', '']
    """
    return _gases().get(_folded(text), "")


def near_gas(text: str) -> list[str]:
    """The known gas most like a misspelt one, in a list that is empty if none is."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(_folded(text), list(_gases()), scorer=fuzz.ratio, score_cutoff=_NEAR_PERCENT)
    return [_gases()[found[0]]] if found else []


@cache
def _sets_by_basis() -> Mapping[str, str]:
    """The edition of each basis, such as AR5: the one with most potentials."""
    sizes: dict[str, dict[str, int]] = {}
    for name in editions_about("", "gwp"):
        for factor in read_edition(name).factors(parameter="gwp"):
            of_basis = sizes.setdefault(factor.gwp_basis, {})
            of_basis[name] = of_basis.get(name, 0) + 1
    return {basis: max(found, key=lambda name: found[name]) for basis, found in sizes.items() if basis}


def gwp_edition(basis: str) -> str:
    """The edition with the potentials of a basis; empty if no edition has them.

    Examples
    --------
    >>> gwp_edition("AR5"), gwp_edition("mixed")
    ('ipcc-ar5@2013', '')
    """
    return _sets_by_basis().get(basis, "")


def basis_named(text: str) -> str:
    """The basis that somebody names, as editions write it; empty if it is unknown.

    Examples
    --------
    >>> basis_named("ar5"), basis_named("IPCC AR6 (2021)"), basis_named("ipcc-ar5@2013"), basis_named("AR7")
    ('AR5', 'AR6', 'AR5', '')
    """
    bare = re.sub(r"\(?\d{4}\)?|ipcc|gwp(100)?|@", "", _folded(text))
    return next((basis for basis in known_bases() if _folded(basis) == bare), "")


@cache
def known_bases() -> tuple[str, ...]:
    """Every basis that editions name, oldest first by name."""
    return (*sorted(_sets_by_basis()), _MIXED)
