"""What can be done with which carrier.

The taxonomy is data (``activities.csv``): a dotted name, Chinese and English labels, the dimensions its amount
may have, and where the standards place it. ``electricity.grid`` is a kind of ``electricity``: a dotted name's
parent is the name without its last part.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from carbonledger.core.errors import UnknownActivityError

__all__ = [
    "OWN_GENERATION",
    "Activity",
    "ancestors",
    "canonical_activity",
    "find_activity",
    "known_activity",
    "nearest_activity",
    "taxonomy",
]


# Own renewable electricity used where it is made; what a third party makes on site is `electricity.direct_line`.
OWN_GENERATION = ("electricity.solar", "electricity.wind", "electricity.hydro")


@dataclass(frozen=True, slots=True)
class Activity:
    """One row of the taxonomy.

    Parameters
    ----------
    name : str
        The dotted name, e.g. ``fuel.gasoline``.
    label_zh, label_en : str
        What a report prints.
    kind : str
        ``fuel``, ``electricity``, ``heat`` and so on; only these three have a place in the energy table.
    dimensions : tuple of str
        What an amount may measure, by the names of `carbonledger.core.units.dimension_of`.
    scope : int or None
        GHG Protocol scope by default.
    iso_category : int or None
        ISO 14064-1:2018 category by default.
    renewable : bool or None
        Whether its energy is renewable; None where the question has no meaning.
    emissions : str
        ``factor`` if an emission factor is needed, ``none`` if there are none, ``reported`` if the amount is the emissions.
    origin : str
        ``fossil`` or ``biogenic`` carbon.
    aliases : tuple of str
        Other names people use.
    """

    name: str
    label_zh: str
    label_en: str
    kind: str
    dimensions: tuple[str, ...]
    scope: int | None
    iso_category: int | None
    renewable: bool | None
    emissions: str
    origin: str
    aliases: tuple[str, ...]

    @property
    def is_energy(self) -> bool:
        """Whether it belongs in the energy table."""
        return self.kind in {"fuel", "electricity", "heat"}

    def measured_in(self, dimension: str) -> bool:
        """Whether an amount may have this dimension."""
        return dimension in self.dimensions or "any" in self.dimensions

    def label(self, lang: str) -> str:
        """The label in ``zh`` or ``en``."""
        return self.label_zh if lang == "zh" else self.label_en


def _activity(row: Mapping[str, str]) -> Activity:
    """One row of the file as a record."""
    return Activity(
        name=row["activity"],
        label_zh=row["label_zh"],
        label_en=row["label_en"],
        kind=row["kind"],
        dimensions=tuple(row["dimensions"].split(";")),
        scope=int(row["scope"]) if row["scope"] else None,
        iso_category=int(row["iso_category"]) if row["iso_category"] else None,
        renewable={"yes": True, "no": False}.get(row["renewable"]),
        emissions=row["emissions"],
        origin=row["origin"],
        aliases=tuple(alias for alias in row["aliases"].split(";") if alias),
    )


@cache
def taxonomy() -> Mapping[str, Activity]:
    """The whole taxonomy by name."""
    text = resources.files("carbonledger.core").joinpath("activities.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["activity"]: _activity(row) for row in csv.DictReader(text.splitlines())})


def _fold(text: str) -> str:
    """Text without the differences that mean nothing."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return " ".join(plain.replace("_", " ").replace("-", " ").split())


@cache
def _names() -> dict[str, str]:
    """Every folded name, label and alias with the activity it stands for; a name used twice stands for none."""
    names: dict[str, str | None] = {}
    parents = {name.rpartition(".")[0] for name in taxonomy()}
    for name, activity in taxonomy().items():
        if name in parents and not activity.emissions:
            continue
        for spelling in (activity.label_zh, activity.label_en, *activity.aliases):
            key = _fold(spelling)
            names[key] = name if names.get(key, name) == name else None
    names |= {_fold(name): name for name in taxonomy()}
    return {key: name for key, name in names.items() if name}


@cache
def canonical_activity(text: str) -> str:
    """The taxonomy's name for what a user wrote.

    Parameters
    ----------
    text : str
        A dotted name, a label or an alias, Chinese or English.

    Returns
    -------
    str

    Raises
    ------
    UnknownActivityError
        Naming the nearest spellings.

    Examples
    --------
    >>> canonical_activity("汽油"), canonical_activity("Grid electricity")
    ('fuel.gasoline', 'electricity.grid')
    """
    found = known_activity(str(text))
    if found:
        return found
    from rapidfuzz import fuzz, process

    close = process.extract(_fold(str(text)), list(_names()), scorer=fuzz.ratio, score_cutoff=50, limit=6)
    names = [_names()[name] for name, _, _ in close]
    suggestions = list(dict.fromkeys(f"{name} ({taxonomy()[name].label_zh})" for name in names))[:3]
    hint = f" Did you mean {' or '.join(suggestions)}?" if suggestions else ""
    raise UnknownActivityError(f"unknown activity {text!r}.{hint}")


def known_activity(text: str) -> str:
    """The taxonomy's name for what a user wrote; empty if it knows none."""
    return _names().get(_fold(text), "")


def nearest_activity(text: str, cutoff: float) -> str:
    """The activity whose name is closest to a misspelt one; empty if none is at least `cutoff` per cent alike."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(_fold(text), list(_names()), scorer=fuzz.ratio, score_cutoff=cutoff)
    return _names()[found[0]] if found else ""


def find_activity(text: str) -> Activity:
    """The taxonomy's row for what a user wrote; see `canonical_activity`."""
    return taxonomy()[canonical_activity(text)]


def ancestors(name: str) -> list[str]:
    """The activity itself, its parent, and so on up.

    Examples
    --------
    >>> ancestors("electricity.grid")
    ['electricity.grid', 'electricity']
    """
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
