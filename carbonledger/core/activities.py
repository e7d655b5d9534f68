"""Taxonomy of activities: names, labels and what is known of each.

The taxonomy is data (``activities.csv``): a dotted name, Chinese and English labels, the dimensions its amount
may have, where the standards place it, and for energy its carrier and its flow. ``electricity.grid`` is a kind of
``electricity``: a dotted name's parent is the name without its last part, its family the first part.

Code asks for facts (`activities_where`, `carrier_of`) or uses the constants below, never a name of the table.
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
from carbonledger.core.findings import Message
from carbonledger.core.language import Label

__all__ = [
    "DIESEL",
    "DIRECT_LINE",
    "DIRECT_LINE_FROM_FUEL",
    "ELECTRICITY_LOAD",
    "EXPORTED_ELECTRICITY",
    "EXPORTED_FROM_FUEL",
    "EXPORTED_HEAT",
    "GASOLINE",
    "GENERATED_ELECTRICITY",
    "GRID_ELECTRICITY",
    "GRID_LOSSES",
    "NAMED_ONLY",
    "OWN_GENERATION",
    "PURCHASED_ELECTRICITY",
    "STORAGE_LOSS",
    "WELL_TO_TANK",
    "Activity",
    "activities_where",
    "ancestors",
    "blend_of",
    "canonical_activity",
    "carrier_of",
    "find_activity",
    "is_vehicle",
    "known_activity",
    "nearest_activity",
    "purchase_of",
    "taxonomy",
]

# Upstream emissions of ``fuel.diesel`` are ``wtt.fuel.diesel`` (publishers call them well to tank).
WELL_TO_TANK = "wtt."
_METERED = frozenset({"electricity", "heat", "steam", "cooling"})


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
    carrier : str
        The energy carrier: ``electricity``, ``heat``, ``steam``, ``cooling`` or ``fuel``; empty if it is no energy.
    flow : str
        How the energy of a site moves: ``purchased``, ``direct_line`` (from a third party on site), ``own_use`` (of own
        generation), ``exported``, ``generated``, ``load``, ``storage_loss``, ``grid_loss``; empty for fuels.
    is_from_fuel : bool
        Whether electricity that is exported or comes by direct line was made from fuel.
    blend : str
        ``E`` or ``B`` for the two parts of a biofuel blend; `origin` tells which part.
    is_named_only : bool
        Whether it has no factors of its own, so that each entry names one.
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
    carrier: str
    flow: str
    is_from_fuel: bool
    blend: str
    is_named_only: bool

    @property
    def family(self) -> str:
        """The first part of the name."""
        return self.name.partition(".")[0]

    @property
    def is_vehicle(self) -> bool:
        """Whether it is a vehicle by the distance it travels."""
        return self.family == "vehicle"

    @property
    def is_purchased(self) -> bool:
        """Whether it is energy bought from others, by a public grid or a direct line."""
        return self.flow in {"purchased", "direct_line"}

    @property
    def is_direct_line(self) -> bool:
        """Whether it is energy from a third party on site."""
        return self.flow == "direct_line"

    @property
    def is_own_use(self) -> bool:
        """Whether it is own renewable generation used where it is made."""
        return self.flow == "own_use"

    @property
    def is_export(self) -> bool:
        """Whether it is energy sold or given to others."""
        return self.flow == "exported"

    @property
    def is_generated(self) -> bool:
        """Whether it is the gross generation of a site."""
        return self.flow == "generated"

    @property
    def is_metered(self) -> bool:
        """Whether meters measure it: electricity, heat, steam or cooling of a stated flow."""
        return self.carrier in _METERED and bool(self.flow)

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
        carrier=row["carrier"],
        flow=row["flow"],
        is_from_fuel=row["from_fuel"] == "yes",
        blend=row["blend"],
        is_named_only=row["named_only"] == "yes",
    )


@cache
def taxonomy() -> Mapping[str, Activity]:
    """The whole taxonomy by name."""
    text = resources.files("carbonledger.core").joinpath("activities.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["activity"]: _activity(row) for row in csv.DictReader(text.splitlines())})


@cache
def activities_where(**facts: object) -> tuple[str, ...]:
    """The activities of which all of some facts are true.

    Parameters
    ----------
    **facts
        Attributes of `Activity` and their values.

    Returns
    -------
    tuple of str
        Names, in the order of the taxonomy.

    Examples
    --------
    >>> activities_where(carrier="electricity", is_purchased=True)
    ('electricity.grid', 'electricity.direct_line', 'electricity.direct_line.fossil')
    >>> activities_where(is_own_use=True)
    ('electricity.solar', 'electricity.wind', 'electricity.hydro')
    """
    chosen = list(taxonomy().values())
    for name, value in facts.items():
        chosen = [activity for activity in chosen if getattr(activity, name) == value]
    return tuple(activity.name for activity in chosen)


def _only(**facts: object) -> str:
    """The one activity of which all of some facts are true."""
    (name,) = activities_where(**facts)
    return name


def carrier_of(name: str) -> str:
    """The energy carrier of an activity; empty if it has none or the name is unknown.

    Examples
    --------
    >>> carrier_of("heat.onsite_supplier"), carrier_of("travel.hotel"), carrier_of("")
    ('heat', '', '')
    """
    activity = taxonomy().get(name)
    return activity.carrier if activity else ""


def is_vehicle(name: str) -> bool:
    """Whether an activity is a vehicle by the distance it travels."""
    activity = taxonomy().get(name)
    return activity is not None and activity.is_vehicle


def purchase_of(carrier: str) -> str:
    """The purchase of a carrier from the public grid or network.

    Examples
    --------
    >>> purchase_of("heat")
    'heat.purchased'
    """
    return _only(carrier=carrier, flow="purchased")


def blend_of(letter: str) -> tuple[str, str]:
    """The fossil fuel and the biofuel of a blend.

    Examples
    --------
    >>> blend_of("E")
    ('fuel.gasoline', 'fuel.ethanol')
    """
    return _only(blend=letter, origin="fossil"), _only(blend=letter, origin="biogenic")


GRID_ELECTRICITY = _only(carrier="electricity", flow="purchased")
GRID_LOSSES = _only(carrier="electricity", flow="grid_loss")
PURCHASED_ELECTRICITY = activities_where(carrier="electricity", is_purchased=True)
DIRECT_LINE = _only(carrier="electricity", is_direct_line=True, is_from_fuel=False)
DIRECT_LINE_FROM_FUEL = _only(carrier="electricity", is_direct_line=True, is_from_fuel=True)
# Own renewable electricity used where it is made; what a third party makes on site is `DIRECT_LINE`.
OWN_GENERATION = activities_where(carrier="electricity", is_own_use=True)
GENERATED_ELECTRICITY = _only(carrier="electricity", is_generated=True)
EXPORTED_ELECTRICITY = _only(carrier="electricity", is_export=True, is_from_fuel=False)
EXPORTED_FROM_FUEL = _only(carrier="electricity", is_export=True, is_from_fuel=True)
EXPORTED_HEAT = _only(carrier="heat", is_export=True)
ELECTRICITY_LOAD = _only(carrier="electricity", flow="load")
STORAGE_LOSS = _only(carrier="electricity", flow="storage_loss")
GASOLINE, DIESEL = blend_of("E")[0], blend_of("B")[0]
NAMED_ONLY = frozenset(activities_where(is_named_only=True))


def _fold(text: str) -> str:
    """Text without the differences that mean nothing."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    return " ".join(plain.replace("_", " ").replace("-", " ").split())


@cache
def _activities_by_spelling() -> dict[str, str]:
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

    spellings = list(_activities_by_spelling())
    # Letter by letter, and word by word in any order: "small petrol car" is "car small petrol".
    close = [
        found
        for scorer, cutoff in ((fuzz.ratio, 50), (fuzz.token_sort_ratio, 70))
        for found in process.extract(_fold(str(text)), spellings, scorer=scorer, score_cutoff=cutoff, limit=6)
    ]
    names = [_activities_by_spelling()[name] for name, _, _ in sorted(close, key=lambda found: -found[1])]
    labels = ((name, taxonomy()[name]) for name in dict.fromkeys(names))
    suggestions = [Label(f"{name} ({item.label_en})", f"{name}（{item.label_zh}）") for name, item in labels][:3]
    if not suggestions:
        raise UnknownActivityError(Message.of("UNKNOWN_ACTIVITY.unlike", text=text))
    raise UnknownActivityError(Message.of("UNKNOWN_ACTIVITY.alike", text=text, proposed=suggestions))


def known_activity(text: str) -> str:
    """The taxonomy's name for what a user wrote; empty if it knows none."""
    return _activities_by_spelling().get(_fold(text), "")


def nearest_activity(text: str, cutoff: float) -> str:
    """The activity whose name is closest to a misspelt one; empty if none is at least `cutoff` per cent alike."""
    from rapidfuzz import fuzz, process

    found = process.extractOne(_fold(text), list(_activities_by_spelling()), scorer=fuzz.ratio, score_cutoff=cutoff)
    return _activities_by_spelling()[found[0]] if found else ""


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
