"""Taxonomy of activities: names, labels and what is known of each.

The taxonomy is data (``activities.csv``): a dotted name, Chinese and English labels, the dimensions its amount
may have, where the standards place it, and for energy its carrier and its flow. ``electricity.grid`` is a kind of
``electricity``: a dotted name's parent is the name without its last part, its family the first part.

Code asks for facts (`activities_where`, `carrier_of`) or uses the constants below, never a name of the table.
"""

from __future__ import annotations

from functools import cache

from carbonledger.core.activity_spellings import known_activity, nearest_activity
from carbonledger.core.activity_taxonomy import WELL_TO_TANK, Activity, ancestors, taxonomy
from carbonledger.core.activity_words import canonical_activity

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


def find_activity(text: str) -> Activity:
    """The taxonomy's row for what a user wrote; see `canonical_activity`."""
    return taxonomy().get(text) or taxonomy()[canonical_activity(text)]
