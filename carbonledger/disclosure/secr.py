"""Energy and emissions as UK companies report them under Streamlined Energy and Carbon Reporting.

References
----------
UK Streamlined Energy and Carbon Reporting: gas, electricity and transport fuel, in kWh and t CO2e. Energy of transport that is known by
distance: the kWh per km that the UK conversion factors publish beside the emission factors (their tables "SECR kWh").
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from carbonledger.core.errors import MissingBridgeError
from carbonledger.core.units import conversion_factor
from carbonledger.inventory.bridges import energy_of_distance
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.inventory import Inventory
from carbonledger.inventory.scope3_categories import category_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["secr_table"]

_BUSINESS_TRAVEL = 6
_ROWS = ("secr_fuel", "secr_electricity", "secr_heat", "secr_transport")


def secr_table(inventory: Inventory) -> pd.DataFrame:
    """Energy and emissions of gas and other fuels, electricity, heat and transport.

    Parameters
    ----------
    inventory : Inventory
        On UK conversion factors.

    Returns
    -------
    pandas.DataFrame
        ``row`` (a key of the labels), ``value`` [kWh, as billed for fuels, net for transport by distance], ``unit``, ``share_percent`` [%],
        ``emissions_tco2e`` [t CO2e, scope 2 location-based]; the last row is the total. Transport without a published kWh per km makes
        the energy not a number, never smaller.
    """
    import pandas as pd

    energy, emissions = dict.fromkeys(_ROWS, 0.0), dict.fromkeys(_ROWS, 0.0)
    for row, amount in inventory.energy_amounts():
        place = _place(row)
        if place:
            energy[place] += amount * _kwh(inventory, row)
            emissions[place] += amount * row.emissions_tco2e
    total = math.fsum(energy.values())
    table = pd.DataFrame({"row": [*_ROWS, "secr_total"], "value": [*energy.values(), total], "unit": "kWh"})
    table["share_percent"] = table["value"] / total * 100 if total else math.nan
    return table.assign(emissions_tco2e=[*emissions.values(), math.fsum(emissions.values())])


def _place(row: PlanRow) -> str:
    """The row of the disclosure; empty for what it does not cover."""
    first = row.activity.split(".")[0]
    road = first in {"vehicle", "travel"} and ".car." in row.activity
    if road and (row.scope == 1 or category_of(row.activity, row.key.scope_3_category) == _BUSINESS_TRAVEL):
        return "secr_transport"
    if row.scope == 3:
        return ""
    if first == "vehicle":
        return "secr_transport"
    places = {"fuel": "secr_fuel", "electricity": "secr_electricity", "heat": "secr_heat", "steam": "secr_heat"}
    return places.get(first, "") if row.emissions_tco2e else ""


def _kwh(inventory: Inventory, row: PlanRow) -> float:
    """The kWh per unit of a plan row's amount."""
    if row.energy_gj is not None:
        return row.energy_gj * conversion_factor("GJ", "kWh")
    try:
        found = energy_of_distance(row.gases, row.unit, tuple(inventory.editions.values()))
    except MissingBridgeError:
        return math.nan
    return math.nan if found is None else found[1] * conversion_factor("GJ", "kWh")
