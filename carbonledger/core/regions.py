"""Regions: what a person writes, read as the code that the editions use, and what a region lies in.

A subdivision such as ``CN-SD`` lies in its country, every country in ``GLOBAL``: ISO 3166-2 says so by its
form. Grids that no code reveals are data (``regions.csv``). A province may lie in several grids, one for each
publisher's own division of the country; an edition only ever names one of them.

Reading is exact: a text that names no region is an error, never the nation around it. That a region has no factor of its own and takes
that of its nation is a matter of matching (`carbonledger.factors.matching`), which says so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from carbonledger.core.errors import RegionError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.region_names import (
    country_name,
    fold,
    is_country,
    regions_named,
    spellings,
    stated_regions,
    subdivisions,
)
from carbonledger.core.us_zip_codes import main_subregion, states_and_subregions, subregion_shares, subregions_of_zip

__all__ = [
    "canonical_region",
    "country_name",
    "described_regions",
    "enclosing_regions",
    "main_subregion_of",
    "names_of_region",
    "region_label",
    "regions_apart",
    "subregions_to_choose",
]

WORLD = "GLOBAL"
_ZIP = re.compile(r"(?:zip(?: ?code)?[ :]*|us[ -])?(\d{5})(?:[- ]\d{4})?(?:\.0+)?", re.IGNORECASE)
_SHORT_ZIP = re.compile(r"(\d{3,4})(?:\.0+)?")
_PARTS = re.compile(r"[,;/|()、]")
_ADORNED = re.compile(
    r"(?:the )?(?:(?:state|province) of )?(.+?)(?: (?:province|state|municipality|prefecture|autonomous region|(?:power )?grid)| ?电网)?"
)
_CODE_LIKE = re.compile(r"[A-Za-z]{2}[-_].*")
_GRID = re.compile(r"([A-Z]{2}-[A-Z]+)-[A-Z]+")
_CHINESE = re.compile("[一-鿿]+")
# A code is short, so one wrong letter makes more of it than of a name.
_ALIKE_CODE_PERCENT = 75
_ALIKE_NAME_PERCENT = 84


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
        The region itself at 0, its parents at 1, and so on. A state of the United States lies in the grid subregion that holds nearly all
        of it (`main_subregion_of`), if one does.

    Examples
    --------
    >>> enclosing_regions("CN-BJ")
    {'CN-BJ': 0, 'CN': 1, 'GLOBAL': 2}
    >>> enclosing_regions("US-CA")
    {'US-CA': 0, 'US-EGRID-CAMX': 1, 'US': 2, 'GLOBAL': 3}
    """
    main = main_subregion_of(region)
    around = _around(region)
    return around if not main else {region: 0, main: 1, **{name: far + 1 for name, far in around.items() if far}}


def _around(region: str) -> dict[str, int]:
    """The regions that contain another by its code or by ``regions.csv``."""
    found = {region: 0}
    front = [region]
    while front:
        name = front.pop(0)
        named = stated_regions()[name].parents if name in stated_regions() else ()
        implied = (name.split("-")[0],) if "-" in name and not named else ()
        for parent in (*named, *implied, *(() if name == WORLD or "-" in name else (WORLD,))):
            if parent not in found:
                found[parent] = found[name] + 1
                front.append(parent)
    return found


@lru_cache(maxsize=4096)
def main_subregion_of(region: str) -> str:
    """The eGRID subregion that holds nearly all of a state or territory of the United States; empty if none does, or it is neither.

    Examples
    --------
    >>> main_subregion_of("US-CA"), main_subregion_of("PR"), main_subregion_of("US-NY"), main_subregion_of("US")
    ('US-EGRID-CAMX', 'US-EGRID-PRMS', '', '')
    """
    return next((main for state in _states(region) if (main := main_subregion(state))), "")


def subregions_to_choose(region: str) -> Mapping[str, float]:
    """The eGRID subregions of a state that has no main one, with the share of its ZIP codes that each reaches; none of any other region.

    Examples
    --------
    >>> list(subregions_to_choose("US-NV")), list(subregions_to_choose("US-CA"))
    (['US-EGRID-NWPP', 'US-EGRID-AZNM'], [])
    """
    return {} if main_subregion_of(region) else next((subregion_shares(state) for state in _states(region)), {})


def _states(region: str) -> tuple[str, ...]:
    """The codes under which the list of ZIP codes may have a region: its own, and for a territory that of ISO 3166-2."""
    if region.startswith("US-"):
        return (region,)
    stated = stated_regions().get(region)
    return tuple(alias for alias in stated.aliases if alias.startswith("US-")) if stated else ()


@lru_cache(maxsize=4096)
def regions_apart(first: str, second: str) -> bool:
    """Whether two regions have no place in common, as far as is known.

    Parameters
    ----------
    first, second : str
        Codes.

    Returns
    -------
    bool
        False if one is or lies in the other, and also where a province or state and a grid of its country may overlap: which states and
        eGRID subregions do is told by the list of ZIP codes, which provinces lie in a Chinese grid only where ``regions.csv`` says so.

    Examples
    --------
    >>> regions_apart("CN-SD", "CN"), regions_apart("CN-SD", "CN-JS"), regions_apart("CN-SD", "CN-GRID-EAST")
    (False, True, True)
    >>> regions_apart("US-CA", "US-EGRID-CAMX"), regions_apart("US-CA", "US-EGRID-NEWE")
    (False, True)
    """
    if first in enclosing_regions(second) or second in enclosing_regions(first):
        return False
    divisions = {_division(first), _division(second)}
    if len(divisions) == 1:
        return first not in _wider(second) and second not in _wider(first)
    if "US-EGRID" in divisions and "" in divisions:
        return not _share_a_zip(first, second) and not _share_a_zip(second, first)
    if first.split("-")[0] != second.split("-")[0]:
        return True
    known = {_division(parent) for name in (first, second) for parent in enclosing_regions(name) if parent != name}
    return bool(known & divisions - {""})


def _wider(region: str) -> set[str]:
    """The subdivisions of ISO 3166-2 in which a subdivision lies."""
    found = {subdivisions()[region].parent} if region in subdivisions() else set()
    return found | {wider for name in found for wider in _wider(name)}


def _share_a_zip(state: str, subregion: str) -> bool:
    """Whether a ZIP code lies in both a state or territory of the United States and a subregion of its grid."""
    return any((name, subregion) in states_and_subregions() for name in _states(state))


def _division(region: str) -> str:
    """The division of a country into grids to which a region belongs, e.g. ``CN-GRID``; empty for one of ISO 3166."""
    match = _GRID.fullmatch(region)
    return match.group(1) if match else ""


@cache
def region_label(code: str) -> Label:
    """The name of a region.

    Parameters
    ----------
    code : str
        A code of `canonical_region`.

    Returns
    -------
    Label
        In English and Chinese; the code itself if it has no name.

    Examples
    --------
    >>> region_label("CN-SD"), region_label("JP").zh, region_label("US-OH").zh
    (Label(en='Shandong', zh='山东'), '日本', '俄亥俄州')
    """
    if code in stated_regions():
        return stated_regions()[code].label
    name = country_name(code)
    if name or "-" not in code:
        return name or Label(code, code)
    item = subdivisions().get(code)
    return item.label if item else Label(code, code)


def names_of_region(region: str) -> tuple[str, ...]:
    """What a region is called in Chinese and English, codes left out; nothing if it has no name.

    Examples
    --------
    >>> names_of_region("CN-SD"), names_of_region("JP")
    (('山东', 'Shandong', '山东省', 'Shandong Sheng'), ('日本', 'Japan'))
    """
    country = country_name(region)
    label = region_label(region)
    own = stated_regions().get(region)
    aliases = own.aliases if own else ()
    names = [*((country.zh, country.en) if country else ()), label.zh, label.en, *aliases]
    return tuple(name for name in dict.fromkeys(names) if not _CODE_LIKE.fullmatch(name))


@lru_cache(maxsize=4096)
def canonical_region(text: str, country: str = "", *, home: str = "") -> str:
    """The code of the region that a person wrote.

    Parameters
    ----------
    text : str
        A code in any case, a name in English or Chinese, a country's name in its own language, an acronym of a grid, or a ZIP code of
        the United States.
    country : str, optional
        The country in which the region is said to lie, as any text of a country; it settles what else could mean several:
        ``SD`` is Shandong in CN, South Dakota in US, and Sudan where nothing is said. Give it only if the country is stated beside
        the region.
    home : str, optional
        The country of the company. It chooses among subdivisions of several countries, but not between a country and a subdivision:
        ``CA`` of a company in the US may be Canada and may be California, and is asked.

    Returns
    -------
    str
        Such as ``CN-SD``, ``US-EGRID-CAMX`` or ``GLOBAL``; read again without a country it is itself.

    Raises
    ------
    RegionError
        If the text names no region, or several.

    Examples
    --------
    >>> canonical_region("山东省"), canonical_region("UK"), canonical_region("CA", "US"), canonical_region("90210")
    ('CN-SD', 'GB', 'US-CA', 'US-EGRID-CAMX')
    >>> canonical_region("Shandon")
    Traceback (most recent call last):
    ...
    carbonledger.core.errors.RegionError: unknown region 'Shandon'. Did you mean CN-SD (Shandong)? ...
    """
    written = unicodedata.normalize("NFKC", str(text)).strip()
    folded = fold(written)
    if not folded:
        raise RegionError(Message.of("UNKNOWN_REGION.empty"), written)
    nation, base, code = _nation(country), _nation(home), written.upper()
    # A code of a subdivision, and that of the reporter's own country, can mean nothing else.
    is_certain = not base or "-" in code or code == base
    if not nation and is_certain and code in stated_regions():
        return code
    found = _by_zip(written, nation, base) or _by_name(written, folded, nation, base)
    if len(found) == 1:
        return next(iter(found))
    if found:
        proposed = described_regions(sorted(found))
        raise RegionError(Message.of("UNKNOWN_REGION.several", text=written, proposed=proposed), written, sorted(found))
    raise _unknown(written, folded)


def _nation(text: str) -> str:
    """The country that a text names, or in which it lies; empty for an empty text."""
    return canonical_region(text).split("-")[0] if text.strip() else ""


def _by_zip(written: str, nation: str, base: str) -> frozenset[str]:
    """The subregions of a ZIP code; none if the text is no ZIP code of the United States."""
    match = _ZIP.fullmatch(written) or (_SHORT_ZIP.fullmatch(written) if nation == "US" else None)
    if not match or (nation or base or "US") != "US":
        return frozenset()
    number = match.group(1).zfill(5)
    found = frozenset(subregions_of_zip(number))
    if not found:
        raise RegionError(Message.of("UNKNOWN_REGION.zip", text=number), written)
    return found


def _by_name(written: str, folded: str, nation: str, base: str) -> frozenset[str]:
    """The regions for which a name or code may stand, as far as what is known of its country leaves them."""
    plain = regions_named(folded) if _CODE_LIKE.fullmatch(written) else _readings(folded)
    around = nation or base
    inner = regions_named(f"{around} {folded}".casefold()) if around and around not in plain else frozenset()
    if nation and inner:
        return inner
    found = (plain | inner) or _by_parts(written, folded) or regions_named(folded, language="any")
    if nation or all("-" in code for code in found):
        found = _lying_in(found, around) or found
    return _outermost(found)


def _readings(folded: str) -> frozenset[str]:
    """The regions of a folded name, with or without the words around it: Shandong Province, 山东电网."""
    match = _ADORNED.fullmatch(folded)
    return regions_named(folded) or (regions_named(match.group(1)) if match else frozenset())


def _lying_in(found: Iterable[str], country: str) -> frozenset[str]:
    """Those of some regions that lie in a country."""
    return frozenset(code for code in found if country in enclosing_regions(code))


def _outermost(found: frozenset[str]) -> frozenset[str]:
    """Regions without those that lie in another of the same name, as the canton of Luxembourg does."""
    if len(found) < 2:
        return found
    parents = {code: subdivisions()[code].parent if code in subdivisions() else "" for code in found}
    return frozenset(
        code for code in found if parents[code] not in found and not found & (enclosing_regions(code).keys() - {code})
    )


def _by_parts(written: str, folded: str) -> frozenset[str]:
    """The regions of a text of two parts: a country and a region in it, or one region in two languages."""
    found: set[str] = set()
    for first, second in _two_parts(written, folded):
        one, other = _readings(first), _readings(second)
        found |= _outermost(one & other)
        for countries, name, named in ((one, second, other), (other, first, one)):
            for country in filter(is_country, countries):
                found |= regions_named(f"{country.casefold()} {name}") or _lying_in(named - {country}, country)
    # What looks like a code of a part of a country never becomes the country.
    return frozenset(code for code in found if "-" in code or not _CODE_LIKE.fullmatch(written))


def _two_parts(written: str, folded: str) -> list[tuple[str, str]]:
    """The ways in which a text may be two: at a comma or bracket, at its first or last space, or after a country in Chinese."""
    parts = [part for part in map(fold, _PARTS.split(written)) if part]
    if len(parts) == 2:
        return [(parts[0], parts[1])]
    words = folded.split()
    if len(words) > 1:
        return [(words[0], " ".join(words[1:])), (" ".join(words[:-1]), words[-1])]
    ends = range(2, len(folded) - 1) if _CHINESE.fullmatch(folded) else ()
    return [(folded[:end], folded[end:]) for end in ends]


def described_regions(codes: Iterable[str]) -> list[Label]:
    """Codes with their names, as messages print them.

    Examples
    --------
    >>> described_regions(["CN-SD"])
    [Label(en='CN-SD (Shandong)', zh='CN-SD（山东）')]
    """
    labels = [(code, region_label(code)) for code in codes]
    return [Label(f"{code} ({label.en})", f"{code}（{label.zh}）") for code, label in labels]


def _unknown(written: str, folded: str) -> RegionError:
    """The error of a text that names no region, with those that are spelt most alike."""
    from rapidfuzz import fuzz, process

    least = _ALIKE_CODE_PERCENT if _CODE_LIKE.fullmatch(written) else _ALIKE_NAME_PERCENT
    close = process.extract(folded, list(spellings()), scorer=fuzz.ratio, score_cutoff=least, limit=8)
    codes = list(dict.fromkeys(code for name, _, _ in close for code in sorted(spellings()[name])))[:3]
    if not codes:
        return RegionError(Message.of("UNKNOWN_REGION.unlike", text=written), written)
    return RegionError(
        Message.of("UNKNOWN_REGION.alike", text=written, proposed=described_regions(codes)), written, codes
    )
