"""Regions and what they lie in.

A subdivision such as ``CN-SD`` lies in its country, every country in ``GLOBAL``: ISO 3166-2 says so by its
form. Grids that no code reveals are data (``regions.csv``). A province may lie in several grids, one for each
publisher's own division of the country; an edition only ever names one of them.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from carbonledger.core.language import Label

__all__ = ["country_name", "enclosing_regions", "region_words"]

WORLD = "GLOBAL"
_ALPHA_2 = 2


@cache
def _parents() -> dict[str, tuple[str, ...]]:
    """The parents that the file states."""
    text = resources.files("carbonledger.core").joinpath("regions.csv").read_text(encoding="utf-8")
    parents: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["parent"]:
            parents.setdefault(row["region"], []).append(row["parent"])
    return {region: tuple(names) for region, names in parents.items()}


@cache
def enclosing_regions(region: str) -> dict[str, int]:
    """Every region that contains the given one, with its distance.

    Parameters
    ----------
    region : str
        ISO 3166-1 or 3166-2 code, a named grid, or ``GLOBAL``.

    Returns
    -------
    dict of str to int
        The region itself at 0, its parents at 1, and so on.

    Examples
    --------
    >>> enclosing_regions("CN-BJ")
    {'CN-BJ': 0, 'CN': 1, 'GLOBAL': 2}
    """
    found = {region: 0}
    front = [region]
    while front:
        name = front.pop(0)
        named = _parents().get(name, ())
        implied = (name.split("-")[0],) if "-" in name and not named else ()
        for parent in (*named, *implied, *(() if name == WORLD or "-" in name else (WORLD,))):
            if parent not in found:
                found[parent] = found[name] + 1
                front.append(parent)
    return found


@cache
def _region_labels() -> dict[str, str]:
    """The Chinese and English labels in ``regions.csv``: grids, subdivisions, and further names of countries such as UK."""
    text = resources.files("carbonledger.core").joinpath("regions.csv").read_text(encoding="utf-8")
    labels: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        labels.setdefault(row["region"], []).append(f"{row['label_zh']} {row['label_en']}")
    return {region: " ".join(words) for region, words in labels.items()}


@cache
def _territory_names(lang: Literal["en", "zh"]) -> Mapping[str, str]:
    """The names of countries by ISO 3166-1 code, from the Unicode CLDR; babel is imported at the first call only."""
    from babel import Locale

    return Locale(lang).territories


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
    if len(code) != _ALPHA_2 or code not in _territory_names("en"):
        return None
    return Label(_territory_names("en")[code], _territory_names("zh")[code])


def _names_of_region(region: str) -> str:
    """The Chinese and English names of a region; empty if it has none."""
    country = country_name(region)
    names = [f"{country.zh} {country.en}"] if country else []
    return " ".join([*names, *([_region_labels()[region]] if region in _region_labels() else [])])


@cache
def region_words(region: str) -> str:
    """The words by which a region is searched: its code, its names and those of its country.

    Examples
    --------
    >>> region_words("CN-SD")
    'CN-SD 山东 Shandong 山东 Shandong 中国 China 中国 全国 China national'
    """
    country = region.split("-")[0]
    words = [region, _names_of_region(region), _names_of_region(country) if country != region else ""]
    return " ".join(word for word in words if word)
