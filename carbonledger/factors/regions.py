"""Regions and what they lie in.

A subdivision such as ``CN-SD`` lies in its country, every country in ``GLOBAL``: ISO 3166-2 says so by its
form. Grids that no code reveals are data (``regions.csv``). A province may lie in several grids, one for each
publisher's own division of the country; an edition only ever names one of them.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib import resources

__all__ = ["enclosing_regions", "region_words"]

WORLD = "GLOBAL"


@cache
def _parents() -> dict[str, tuple[str, ...]]:
    """The parents that the file states."""
    text = resources.files("carbonledger.factors").joinpath("regions.csv").read_text(encoding="utf-8")
    parents: dict[str, list[str]] = {}
    for row in csv.DictReader(text.splitlines()):
        if row["parent"]:
            parents.setdefault(row["region"], []).append(row["parent"])
    return {region: tuple(names) for region, names in parents.items()}


@cache
def enclosing_regions(region: str) -> dict[str, int]:
    """Every region that holds the given one, with its distance.

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
def _labels() -> dict[str, str]:
    """What regions are called: countries by the Unicode CLDR, the rest as the file of regions says."""
    labels: dict[str, str] = {}
    for file in ("countries.csv", "regions.csv"):
        text = resources.files("carbonledger.factors").joinpath(file).read_text(encoding="utf-8")
        for row in csv.DictReader(text.splitlines()):
            words = f"{row['label_zh']} {row['label_en']}"
            labels[row["region"]] = f"{labels[row['region']]} {words}" if row["region"] in labels else words
    return labels


@cache
def region_words(region: str) -> str:
    """What people call a region: its code, its labels, those of its country.

    Examples
    --------
    >>> region_words("CN-SD")
    'CN-SD 山东 Shandong 山东 Shandong 中国 China 中国 全国 China national'
    """
    country = region.split("-")[0]
    words = [region, _labels().get(region, ""), _labels().get(country, "") if country != region else ""]
    return " ".join(word for word in words if word)
