"""The rows of the taxonomy of activities, ``activities.csv``; `carbonledger.core.activities` says what they mean."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

from carbonledger.core.language import Label

__all__ = ["WELL_TO_TANK", "Activity", "activity_label", "ancestors", "taxonomy"]

# Upstream emissions of ``fuel.diesel`` are ``wtt.fuel.diesel`` (publishers call them well to tank).
WELL_TO_TANK = "wtt."
_METERED = frozenset({"electricity", "heat", "steam", "cooling"})
_COMBUSTION = frozenset({"fuel", "electricity", "heat", "freight", "travel", "transmission"})


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
    countries : tuple of str
        Codes of the countries whose own editions, as they come with the library, have factors for it.
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
    countries: tuple[str, ...]

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

    @property
    def burns_fossil(self) -> bool:
        """Whether something fossil burns for it, so that gases without CO2 are no whole."""
        return self.origin == "fossil" and (self.kind in _COMBUSTION or self.is_vehicle)

    def measured_in(self, dimension: str) -> bool:
        """Whether an amount may have this dimension."""
        return dimension in self.dimensions or "any" in self.dimensions

    @property
    def is_gas(self) -> bool:
        """Whether its amount is a mass of a gas, which the GWP set prices everywhere."""
        return self.kind in {"refrigerant", "process"} and self.dimensions == ("mass",)

    @property
    def needs_factor(self) -> bool:
        """Whether it has emissions whose factor the library looks for."""
        return self.emissions == "factor" and not self.is_named_only

    def is_priced_in(self, country: str) -> bool:
        """Whether a country's own editions have factors for it, or none are needed."""
        return not self.needs_factor or self.is_gas or country in self.countries

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
        countries=tuple(code for code in row["countries"].split(";") if code),
    )


@cache
def taxonomy() -> Mapping[str, Activity]:
    """The whole taxonomy by name."""
    text = resources.files("carbonledger.core").joinpath("activities.csv").read_text(encoding="utf-8")
    return MappingProxyType({row["activity"]: _activity(row) for row in csv.DictReader(text.splitlines())})


def activity_label(name: str) -> Label:
    """What an activity is called, with its name in the taxonomy."""
    activity = taxonomy()[name]
    return Label(f"{activity.label_en} ({name})", f"{activity.label_zh}（{name}）")


def ancestors(name: str) -> list[str]:
    """The activity itself, its parent, and so on up.

    Examples
    --------
    >>> ancestors("electricity.grid")
    ['electricity.grid', 'electricity']
    """
    parts = name.split(".")
    return [".".join(parts[:length]) for length in range(len(parts), 0, -1)]
