"""The names of regions: which spellings stand for which code, and what a code is called.

Three sources, none of them Python: the regions of the editions with our own further names (``regions.csv``), the countries of the
Unicode CLDR in English and Chinese (babel), and the countries and subdivisions of ISO 3166 (pycountry). Both libraries are imported
at the first name that ``regions.csv`` does not settle.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

from carbonledger.core.language import Label

__all__ = ["country_name", "fold", "regions_named", "spellings", "stated_regions", "subdivisions"]

_CODE = re.compile(r"[A-Z]{2}-[A-Z0-9]{1,3}")
_MARKS = str.maketrans("", "", ".'’‘ʻ`")
_KINDS_ZH = ("特别行政区", "自治区", "省", "市", "州", "县", "府", "都")


def fold(text: str) -> str:
    """A spelling without what means nothing: case, width, accents, dots, and how its words are joined.

    Examples
    --------
    >>> fold("cn_sd"), fold("U.S."), fold("Réunion")
    ('cn sd', 'us', 'reunion')
    """
    plain = unicodedata.normalize("NFKD", text).casefold().translate(_MARKS).replace("&", " and ")
    plain = "".join(character for character in plain if not unicodedata.combining(character))
    return " ".join(re.sub(r"[\W_]+", " ", plain).split())


@dataclass(frozen=True, slots=True)
class StatedRegion:
    """A region of ``regions.csv``.

    Parameters
    ----------
    label : Label
        Its name.
    parents : tuple of str
        The regions in which it lies at once.
    aliases : tuple of str
        Its further names and codes.
    """

    label: Label
    parents: tuple[str, ...]
    aliases: tuple[str, ...]


@cache
def stated_regions() -> Mapping[str, StatedRegion]:
    """The regions of ``regions.csv`` by code; one that lies in several has a row for each."""
    text = resources.files("carbonledger.core").joinpath("regions.csv").read_text(encoding="utf-8")
    rows: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(text.splitlines()):
        rows.setdefault(row["region"], []).append(row)
    return {
        code: StatedRegion(
            Label(same[0]["label_en"], same[0]["label_zh"]),
            tuple(row["parent"] for row in same if row["parent"]),
            tuple(alias for row in same for alias in row["aliases"].split(";") if alias),
        )
        for code, same in rows.items()
    }


@dataclass(frozen=True, slots=True)
class Subdivision:
    """A subdivision of ISO 3166-2.

    Parameters
    ----------
    label : Label
        Its name; the Chinese is the same where none is recorded.
    parent : str
        The subdivision in which it lies; empty if it lies in its country only.
    """

    label: Label
    parent: str


@cache
def subdivisions() -> Mapping[str, Subdivision]:
    """The subdivisions of ISO 3166-2 by code."""
    import gettext

    import pycountry

    chinese = gettext.translation("iso3166-2", pycountry.LOCALES_DIR, languages=["zh_CN"])
    return {
        item.code: Subdivision(Label(item.name, chinese.gettext(item.name)), item.parent_code or "")
        for item in pycountry.subdivisions
    }


@cache
def _countries() -> Mapping[str, tuple[str, ...]]:
    """The countries of ISO 3166-1 by alpha-2 code, with their alpha-3 codes and names."""
    import pycountry

    kinds = ("alpha_3", "name", "common_name", "official_name")
    return {
        item.alpha_2: tuple(str(getattr(item, kind)) for kind in kinds if hasattr(item, kind))
        for item in pycountry.countries
    }


@cache
def _territories(language: str) -> Mapping[str, str]:
    """The names of territories in a language, from the Unicode CLDR; none if it does not have the language."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(language).territories
    except UnknownLocaleError:
        return {}


def is_country(code: str) -> bool:
    """Whether a code is of a country: ISO 3166-1 alpha-2, or listed without being in it, as ``XK``."""
    return len(code) == len("XX") and (code in stated_regions() or code in _countries())


@cache
def country_name(code: str) -> Label | None:
    """The name of a country.

    Parameters
    ----------
    code : str
        ISO 3166-1 alpha-2.

    Returns
    -------
    Label or None
        As the Unicode CLDR has it; None if the code is of no country.

    Examples
    --------
    >>> country_name("GB")
    Label(en='United Kingdom', zh='英国')
    """
    if not is_country(code) or code not in _territories("en"):
        return None
    return Label(_territories("en")[code], _territories("zh")[code])


def _variants(name: str) -> Iterator[str]:
    """The ways in which people write a name of ISO 3166-2: without its brackets, turned at its comma, each of two."""
    before, _, inner = name.partition(" [")
    if inner:
        yield re.sub(r" [A-Z]{2}-[A-Z]{3}$", "", inner.rstrip("]"))
    before = before.partition(" (")[0]
    first, comma, last = before.partition(", ")
    yield f"{last} {first}" if comma else before
    yield before
    if " / " in before:
        yield from before.split(" / ")


def _chinese_variants(name: str) -> Iterator[str]:
    """A Chinese name with and without the word for its kind, as 山东省 and 山东."""
    yield name
    kind = next((kind for kind in _KINDS_ZH if name.endswith(kind)), "")
    if kind and len(name) - len(kind) > 1:
        yield name.removesuffix(kind)


def _codes_of_others() -> dict[str, str]:
    """The codes of ISO 3166-2 for which the editions use another, such as ``CN-HK``."""
    return {alias: code for code, region in stated_regions().items() for alias in region.aliases if _CODE.match(alias)}


def _codes() -> Iterator[str]:
    """Every code that stands for itself."""
    yield from stated_regions()
    yield from _countries()
    yield from subdivisions().keys() - _codes_of_others().keys()


def _names() -> Iterator[tuple[str, str]]:
    """Every name, and the code for which it stands."""
    for code, region in stated_regions().items():
        yield from ((name, code) for name in (region.label.en, region.label.zh, *region.aliases))
    for code in {*_countries(), *filter(is_country, stated_regions())}:
        name = country_name(code)
        yield from ((spelling, code) for spelling in _countries().get(code, ()))
        yield from ((spelling, code) for spelling in ((name.en, name.zh) if name else ()))
    others = _codes_of_others()
    # 河南 is the province of China; that ISO 3166-2 calls one of Vietnam so in Chinese asks nobody a question.
    stated = {name for region in stated_regions().values() for name in (region.label.zh, *region.aliases)}
    for code, item in subdivisions().items():
        spelt = [*_variants(item.label.en)]
        if item.label.zh != item.label.en:
            spelt += [name for name in _chinese_variants(item.label.zh) if name not in stated]
        yield from ((name, others.get(code, code)) for name in (code, *spelt))


@cache
def spellings() -> Mapping[str, frozenset[str]]:
    """Every folded spelling, and the codes for which it may stand; a code stands for nothing but itself."""
    named: dict[str, set[str]] = {}
    for name, code in _names():
        named.setdefault(fold(name), set()).add(code)
    named.update({fold(code): {code} for code in _codes()})
    return {name: frozenset(codes) for name, codes in named.items() if name}


@cache
def _native_spellings() -> Mapping[str, frozenset[str]]:
    """The names of countries in their own languages and in traditional Chinese; some forty languages are read, so last."""
    from babel.languages import get_official_languages

    named: dict[str, set[str]] = {}
    for code in _countries():
        for language in ("zh_Hant", *get_official_languages(code)):
            name = _territories(language).get(code)
            if name:
                named.setdefault(fold(name), set()).add(code)
    return {name: frozenset(codes) for name, codes in named.items()}


def regions_named(folded: str, *, language: Literal["any", "usual"] = "usual") -> frozenset[str]:
    """The codes for which a folded spelling may stand; in the languages of all countries if so asked.

    Examples
    --------
    >>> sorted(regions_named("georgia")), sorted(regions_named("osterreich", language="any"))
    (['GE', 'US-GA'], ['AT'])
    """
    found = spellings().get(folded, frozenset())
    return found or (_native_spellings().get(folded, frozenset()) if language == "any" else found)
