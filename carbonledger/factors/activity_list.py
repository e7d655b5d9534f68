"""The taxonomy of activities as a list to search: names in both languages, usual units, synonyms, and which editions have factors."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.core.activity_concepts import alike_by_concepts, concepts_of
from carbonledger.core.activity_spellings import folded
from carbonledger.core.activity_taxonomy import WELL_TO_TANK, Activity, ancestors, taxonomy
from carbonledger.core.activity_words import read_activity, words_of
from carbonledger.core.regions import canonical_region, enclosing_regions
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.pinned import OF_EMISSIONS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ActivityRow", "activities_called", "activity_table", "list_activities"]

_FOUND = 30
_EVERYWHERE = "GWP"


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity as a list shows it.

    Parameters
    ----------
    activity : str
        Its name in the taxonomy.
    label_en, label_zh : str
        What it is called.
    kind : str
        ``fuel``, ``electricity``, ``travel`` and so on.
    units : tuple of str
        Units that are usual for it.
    scope, iso_category : int or None
        Where it stands by default.
    synonyms : tuple of str
        Other names that are read as it, or that first ask whether it is meant.
    editions : tuple of str
        The newest current edition of each series that has an emission factor for it; ``GWP`` if the set of global warming
        potentials gives it.
    needs_factor : bool
        Whether it has emissions at all.
    """

    activity: str
    label_en: str
    label_zh: str
    kind: str
    units: tuple[str, ...]
    scope: int | None
    iso_category: int | None
    synonyms: tuple[str, ...]
    editions: tuple[str, ...]
    needs_factor: bool


def list_activities(text: str = "", *, region: str = "", folder: Path | None = None) -> list[ActivityRow]:
    """The activities that a text may mean; all of them, in the order of the taxonomy, if it is empty.

    Parameters
    ----------
    text : str
        What people call it, in English or Chinese, e.g. ``grey fleet`` or ``网约车``.
    region : str, optional
        Where: words are read as there, and only editions that hold there are named.
    folder : Path, optional
        A factor folder of your own, whose editions are named as well.

    Returns
    -------
    list of ActivityRow
        Best first; empty if nothing is called so.

    Raises
    ------
    RegionError
        If the region cannot be read.

    Examples
    --------
    >>> [row.activity for row in list_activities("网约车", region="GB")][:2]
    ['travel.taxi.regular_taxi', 'travel.taxi.black_cab']
    """
    place = canonical_region(region) if region.strip() else ""
    first, others = activities_called(text, place.partition("-")[0]) if text.strip() else (tuple(taxonomy()), ())
    names = (*first, *others)
    priced = _priced(place, folder)
    return [_row(taxonomy()[name], place.partition("-")[0], priced.get(name, ())) for name in names]


def activity_table(region: str = "", *, folder: Path | None = None) -> pd.DataFrame:
    """The whole taxonomy as a table for a sheet, with both languages side by side.

    Parameters
    ----------
    region : str, optional
        See `list_activities`.
    folder : Path, optional
        See `list_activities`.

    Returns
    -------
    pandas.DataFrame
        One row for each activity: ``activity``, ``label_zh``, ``label_en``, ``kind``, ``units``, ``scope``, ``iso_category``, ``synonyms``,
        ``editions``; texts of several parts are divided by semicolons.
    """
    import pandas as pd

    rows = list_activities(region=region, folder=folder)
    texts = {
        "activity": [row.activity for row in rows],
        "label_zh": [row.label_zh for row in rows],
        "label_en": [row.label_en for row in rows],
        "kind": [row.kind for row in rows],
        "units": ["; ".join(row.units) for row in rows],
    }
    numbers = {
        "scope": pd.array([row.scope for row in rows], dtype="Int64"),
        "iso_category": pd.array([row.iso_category for row in rows], dtype="Int64"),
    }
    more = {
        "synonyms": ["; ".join(row.synonyms) for row in rows],
        "editions": ["; ".join(row.editions) for row in rows],
    }
    return pd.DataFrame({**texts, **numbers, **more})


def activities_called(text: str, country: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the activities that a text may mean: those that an entry would be read as or asked about, and others.

    Parameters
    ----------
    text : str
        What people call it.
    country : str
        Where.

    Returns
    -------
    tuple of (tuple of str, tuple of str)
        Both best first.
    """
    reading = read_activity(text, country)
    first = (reading.activity,) if reading.activity else reading.choices
    plain = folded(text)
    alike = alike_by_concepts(concepts_of(text), country)[0]
    inside = sorted(
        (name for name in taxonomy() if any(plain in spelling for spelling in _spellings(name, country))),
        key=lambda name: (_is_secondary(name), not taxonomy()[name].is_priced_in(country)),
    )
    near = [name for name in inside if not _is_secondary(name)]
    return first, tuple(name for name in dict.fromkeys((*alike, *(near or inside))) if name not in first)[:_FOUND]


def _is_secondary(name: str) -> bool:
    """Whether it is upstream of another activity, or spend of a sector, of which there are a thousand."""
    return name.startswith(WELL_TO_TANK) or taxonomy()[name].kind == "spend"


def _spellings(name: str, country: str) -> Iterable[str]:
    """Everything that an activity is called, folded."""
    activity = taxonomy()[name]
    texts = (name, activity.label_en, activity.label_zh, *activity.aliases, *words_of(country).get(name, ()))
    return map(folded, texts)


def _row(activity: Activity, country: str, editions: tuple[str, ...]) -> ActivityRow:
    """An activity with its units, synonyms and editions."""
    by_dimension = [usual_units(dimension, country) for dimension in activity.dimensions]
    units = [unit for same_place in zip_longest(*by_dimension) for unit in same_place if unit]
    words = words_of(country).get(activity.name, ())
    synonyms = {folded(word): word for word in (*words, *activity.aliases)}
    own = {folded(activity.label_en), folded(activity.label_zh), activity.name}
    return ActivityRow(
        activity=activity.name,
        label_en=activity.label_en,
        label_zh=activity.label_zh,
        kind=activity.kind,
        units=tuple(dict.fromkeys(units)),
        scope=activity.scope,
        iso_category=activity.iso_category,
        synonyms=tuple(word for key, word in synonyms.items() if key not in own),
        editions=(*editions, *((_EVERYWHERE,) if activity.is_gas else ())),
        needs_factor=activity.emissions == "factor",
    )


@cache
def usual_units(dimension: str, country: str) -> tuple[str, ...]:
    """The units in which a dimension is usually stated in a country.

    Examples
    --------
    >>> usual_units("energy", "US")
    ('kWh', 'MMBtu', 'therm')
    """
    text = resources.files("carbonledger.core").joinpath("usual_units.csv").read_text(encoding="utf-8")
    rows = {(row["dimension"], row["country"]): row["units"] for row in csv.DictReader(text.splitlines())}
    return tuple((rows.get((dimension, country)) or rows.get((dimension, ""), "")).split(";"))


@cache
def _priced(place: str, folder: Path | None) -> Mapping[str, tuple[str, ...]]:
    """The current editions with emission factors of each activity, for a region or anywhere."""
    found: dict[str, list[str]] = {}
    for name, row in catalogue(folder).items():
        edition = read_edition(name, folder) if row.status == "current" else None
        if edition is None or "emissions" not in edition.roles:
            continue
        columns = [edition.header.index(column) for column in ("activity", "region", "parameter")]
        rows = {tuple(row[at] for at in columns) for row in edition.rows}
        pairs = {(activity, region) for activity, region, parameter in rows if parameter in OF_EMISSIONS}
        for activity in {activity for activity, region in pairs if activity and _holds(region, place)}:
            found.setdefault(activity, []).append(name)
    return {
        name: _newest(edition for part in ancestors(name) for edition in found.get(part, ())) for name in taxonomy()
    }


def _newest(editions: Iterable[str]) -> tuple[str, ...]:
    """The last edition of each series."""
    return tuple({name.partition("@")[0]: name for name in editions}.values())


@cache
def _holds(region: str, place: str) -> bool:
    """Whether a factor of a region may be used in a place, or in a part of it."""
    return not place or region in enclosing_regions(place) or place in enclosing_regions(region)
