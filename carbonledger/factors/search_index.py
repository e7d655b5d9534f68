"""The subjects of all editions, and which words stand in which.

A subject is what a figure is about: a series of editions, an activity (or, where the publisher's row has none, the publisher's path), a
parameter, a region, a variant. Its figures of several years, editions, gases and units stand behind it. Reading every edition takes a
second or two, so what was read is kept in a file of the user's cache folder, under a name made of the editions' checksums: it is never
asked for other editions than it was made of. Where nothing can be written, nothing is kept. Editions of a folder of one's own are
always read.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
import unicodedata
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from hashlib import sha256
from importlib import resources
from pathlib import Path
from typing import Any, NamedTuple

from carbonledger.core.region_names import fold, stated_regions
from carbonledger.core.regions import names_of_region
from carbonledger.factors.editions import CatalogueRow, catalogue, read_edition
from carbonledger.factors.factor import Edition

__all__ = ["Figures", "SearchIndex", "Subject", "search_indexes", "tokens_of"]

_FORMAT = "4"
_WORD = re.compile(r"[a-z0-9&]+(?:[.-][a-z0-9]+)*|[\u3400-\u9fff]+")
_JOINTS = re.compile("[.-]")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_WITHDRAWN = "withdrawn"
_SHORTEST = 3


class Subject(NamedTuple):
    """What some figures are about.

    Parameters
    ----------
    series : str
        The name of the editions without their version.
    activity, parameter, region, variant, boundary : str
        Of the rows; see `carbonledger.factors.factor.Factor`.
    gas : str
        The gas of a global warming potential; empty for anything else.
    path : str
        The publisher's path, if the rows have no activity.
    """

    series: str
    activity: str
    parameter: str
    region: str
    variant: str
    boundary: str
    gas: str
    path: str


class Figures(NamedTuple):
    """The rows of one edition and year about a subject; a year of 0 is none."""

    edition: str
    year: int
    rows: tuple[int, ...]


@dataclass(frozen=True, eq=False)
class SearchIndex:
    """The subjects of some editions.

    Parameters
    ----------
    texts : list of str
        Every text of a subject once.
    columns : list of list of int
        For each field of a `Subject` the number of its text, by the number of the subject.
    figures : list of list
        For each subject a list of ``[edition, year, row, ...]``.
    editions : list of str
        Their ids, by the number used in the figures.
    postings : mapping of str to list of int
        The subjects of each word, by number.
    places : mapping of str to list of str
        The codes of the regions that a folded name stands for, of those that have figures or are listed.
    """

    texts: list[str]
    columns: list[list[int]]
    figures: list[list[list[int]]]
    editions: list[str]
    postings: Mapping[str, list[int]]
    places: Mapping[str, list[str]]

    def __len__(self) -> int:
        return len(self.figures)

    def subject(self, number: int) -> Subject:
        """A subject by its number."""
        return Subject(*(self.texts[column[number]] for column in self.columns))

    def figures_of(self, number: int) -> list[Figures]:
        """The figures of a subject."""
        return [Figures(self.editions[edition], year, tuple(rows)) for edition, year, *rows in self.figures[number]]

    @cached_property
    def by_activity(self) -> Mapping[str, list[int]]:
        """The subjects of each activity, by number."""
        return self._numbers("activity")

    @cached_property
    def by_gas(self) -> Mapping[str, list[int]]:
        """The subjects that are potentials of each gas, by number."""
        return self._numbers("gas")

    def _numbers(self, name: str) -> dict[str, list[int]]:
        """The numbers of the subjects by one of their fields; those where it is empty are left out."""
        found: dict[str, list[int]] = {}
        for number, text in enumerate(self.columns[Subject._fields.index(name)]):
            if self.texts[text]:
                found.setdefault(self.texts[text], []).append(number)
        return found

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words that a misspelt one may stand for."""
        return tuple(word for word in self.postings if word.isascii() and word.isalpha())


@cache
def tokens_of(text: str) -> tuple[str, ...]:
    """The words of a text: Latin words whole and in parts, Chinese in pairs of characters.

    Examples
    --------
    >>> tokens_of("Petrol (average biofuel-blends)"), tokens_of("无烟煤")
    (('petrol', 'average', 'biofuel-blends', 'biofuel', 'blend'), ('无烟', '烟煤'))
    """
    tokens: list[str] = []
    for word in _WORD.findall(unicodedata.normalize("NFKC", text).casefold().replace("_", " ")):
        if _CHINESE.match(word):
            tokens += [word[at : at + 2] for at in range(len(word) - 1)] or [word]
        else:
            tokens.append(_single(word))
            if not word.isalnum():
                tokens += [_single(part) for part in _JOINTS.split(word)]
    return tuple(dict.fromkeys(tokens))


def _single(word: str) -> str:
    """A word in the singular."""
    is_plural = word.endswith("s") and len(word) > _SHORTEST and word.isalpha() and word[-2] not in "siu"
    return word[:-1] if is_plural else word


def search_indexes(folder: Path | None = None) -> tuple[SearchIndex, ...]:
    """The index of the editions that come with the library, and that of a folder of one's own.

    Parameters
    ----------
    folder : Path, optional
        A factor folder of your own.

    Returns
    -------
    tuple of SearchIndex
    """
    return (_shipped(),) if folder is None else (_shipped(), _own(folder))


@cache
def _shipped() -> SearchIndex:
    """The index of the editions that come with the library, from the cache if it is there."""
    rows = [row for row in catalogue().values() if row.status != _WITHDRAWN]
    folder = _cache_folder()
    path = folder / f"search-{_digest(rows)}.json" if folder else None
    kept = _kept(path) if path else None
    if kept is None:
        content = _content([read_edition(row.edition) for row in rows])
        kept = _index(content)
        if path:
            _keep(content, path)
    return kept


def _digest(rows: Iterable[CatalogueRow]) -> str:
    """What an index is made of: the editions, the names of regions, and the form of the index."""
    names = resources.files("carbonledger.core").joinpath("regions.csv").read_text(encoding="utf-8")
    parts = [_FORMAT, names, *(f"{row.edition} {row.sha256}" for row in rows)]
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


@cache
def _own(folder: Path) -> SearchIndex:
    """The index of the editions of a folder of one's own."""
    rows: list[CatalogueRow] = [
        row for row in catalogue(folder).values() if row.folder == folder and row.status != _WITHDRAWN
    ]
    return _index(_content([read_edition(row.edition, folder) for row in rows]))


def _cache_folder() -> Path | None:
    """Where a user's programs keep what they can make again; None if the user has no home."""
    chosen = os.environ.get("LOCALAPPDATA" if sys.platform == "win32" else "XDG_CACHE_HOME")
    usual = {"win32": "AppData/Local", "darwin": "Library/Caches"}.get(sys.platform, ".cache")
    try:
        return (Path(chosen) if chosen else Path.home() / usual) / "carbonledger"
    except RuntimeError:
        return None


def _kept(path: Path) -> SearchIndex | None:
    """What the cache holds; None if it holds nothing that can be read."""
    try:
        return _index(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError, LookupError):
        return None


def _keep(content: Mapping[str, Any], path: Path) -> None:
    """Write the index for the next search, whole or not at all, and drop those of other editions."""
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            json.dump(content, stream, ensure_ascii=False, separators=(",", ":"))
        Path(name).replace(path)
        for other in path.parent.glob("search-*.json"):
            if other != path:
                other.unlink(missing_ok=True)


def _index(content: Mapping[str, Any]) -> SearchIndex:
    """The index of its content."""
    return SearchIndex(**{name: content[name] for name in SearchIndex.__dataclass_fields__})


def _content(editions: list[Edition]) -> Mapping[str, Any]:
    """What an index holds, as plain data."""
    figures: dict[tuple[str, ...], dict[tuple[int, int], list[int]]] = {}
    paths: dict[tuple[str, ...], dict[str, None]] = {}
    for number, edition in enumerate(editions):
        for row, (subject, year, path) in enumerate(_rows(edition)):
            found = figures.get(subject)
            if found is None:
                found, paths[subject] = figures.setdefault(subject, {}), {}
            found.setdefault((number, year), []).append(row)
            paths[subject][path] = None
    texts: dict[str, int] = {}
    postings: dict[str, list[int]] = {}
    for number, subject in enumerate(figures):
        about = Subject(*subject)
        written = (about.variant, about.gas, about.activity, *paths[subject])
        for token in dict.fromkeys(token for text in written for token in tokens_of(text)):
            postings.setdefault(token, []).append(number)
    return {
        "columns": [[texts.setdefault(text, len(texts)) for text in column] for column in zip(*figures, strict=True)],
        "texts": list(texts),
        "figures": [[[*key, *rows] for key, rows in places.items()] for places in figures.values()],
        "editions": [edition.id for edition in editions],
        "postings": postings,
        "places": _places({Subject(*subject).region for subject in figures} | stated_regions().keys()),
    }


_COLUMNS = ("activity", "parameter", "region", "variant", "boundary", "publisher_path", "data_year", "gas")


def _rows(edition: Edition) -> Iterable[tuple[tuple[str, ...], int, str]]:
    """For each row what it is about, as the fields of a `Subject`, its year and the publisher's path."""
    columns = list(zip(*edition.rows, strict=True))
    empty = ("",) * len(edition.rows)
    named = [columns[edition.header.index(name)] if name in edition.header else empty for name in _COLUMNS]
    for activity, parameter, region, variant, boundary, path, year, gas in zip(*named, strict=True):
        kept = "" if activity else path
        about = (edition.name, activity, parameter, region, variant, boundary, gas if parameter == "gwp" else "", kept)
        yield about, int(year or 0), path


def _places(regions: Iterable[str]) -> dict[str, list[str]]:
    """The folded names of some regions, each with the codes that it stands for."""
    found: dict[str, list[str]] = {}
    for region in sorted(regions):
        for name in dict.fromkeys(map(fold, (region, *names_of_region(region)))):
            found.setdefault(name, []).append(region)
    return found
