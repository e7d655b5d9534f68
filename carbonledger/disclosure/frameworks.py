"""The energy of an inventory in the rows of a disclosure framework.

References
----------
GRI 302-1 (2016), a to e. ESRS E1-5 (Delegated Regulation 2023/2772): final energy in MWh, on net heating value; bought electricity counts
as renewable only with contractual proof, and the unproven remainder as fossil; consumption is not offset with energy sold.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from carbonledger.core.activities import (
    EXPORTED_ELECTRICITY,
    EXPORTED_FROM_FUEL,
    EXPORTED_HEAT,
    GENERATED_ELECTRICITY,
    OWN_GENERATION,
    PURCHASED_ELECTRICITY,
    carrier_of,
    is_vehicle,
    taxonomy,
)
from carbonledger.core.errors import BookError
from carbonledger.core.units import conversion_factor
from carbonledger.disclosure.secr import secr_table
from carbonledger.factors.factor import Factor
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.energy import is_energy_row
from carbonledger.inventory.inventory import Inventory
from carbonledger.scope2.market_based import MarketBased

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "FRAMEWORKS",
    "disclose",
    "energy_by_activity",
    "esrs_rows",
    "fuel_class",
    "gri_rows",
    "heating_value_of",
    "heating_values_of_rows",
    "is_burnt",
    "net_energy",
]


@cache
def _classes() -> Mapping[str, str]:
    """The class of each fossil fuel."""
    text = resources.files("carbonledger.disclosure").joinpath("fuel_classes.csv").read_text(encoding="utf-8")
    return {f"fuel.{fuel}": row["class"] for row in csv.DictReader(text.splitlines()) for fuel in row["fuels"].split()}


def is_burnt(activity: str) -> bool:
    """Whether it is a fuel, or a vehicle that burns one."""
    return carrier_of(activity) == "fuel" or is_vehicle(activity)


def fuel_class(activity: str) -> str:
    """The ESRS class of a fuel.

    Parameters
    ----------
    activity : str
        The taxonomy's name.

    Returns
    -------
    str
        ``coal``, ``petroleum``, ``natural_gas``, ``other_fossil`` or ``renewable``. A vehicle counts as what it burns, petroleum if that
        is not said; one that burns nothing as ``electricity``.
    """
    if is_vehicle(activity):
        return {"cng": "natural_gas", "electric": "electricity"}.get(activity.rpartition(".")[2], "petroleum")
    return "renewable" if taxonomy()[activity].renewable else _classes().get(activity, "other_fossil")


def disclose(inventory: Inventory[Any], framework: str, scope_2: MarketBased | None = None) -> pd.DataFrame:
    """The energy rows of a framework.

    Parameters
    ----------
    inventory : Inventory
        On pandas.
    framework : str
        ``gri-302-1`` in GJ, ``esrs-e1-5`` in MWh, ``secr`` in kWh.
    scope_2 : MarketBased or None
        What instruments prove of the purchases; without it, nothing is proven.

    Returns
    -------
    pandas.DataFrame
        ``row`` (a key of the labels), ``value`` [GJ, MWh or kWh], ``unit``, ``share_percent`` [%], ``heating_value`` (of fuels:
        ``net``, ``gross``, ``unknown``, or several); the last row is the total. A value is not a number if a carrier of it has no
        calorific value. ESRS wants net: what is gross is converted where its publisher gives both, and stays gross and named elsewhere.

    Raises
    ------
    BookError
        If there is no such framework.
    """
    import pandas as pd

    if framework == "secr":
        return secr_table(inventory)
    maker, unit = FRAMEWORKS.get(framework, (None, ""))
    if maker is None:
        raise BookError(f"no framework {framework!r}; there are {', '.join(FRAMEWORKS)}, secr.")
    net = framework == "esrs-e1-5"
    rows = maker(energy_by_activity(inventory, net=net), scope_2)
    total = rows[-1][1]
    shares = [value / total * 100 if total else math.nan for _, value in rows]
    bases = heating_values_of_rows(inventory, net=net)
    table = pd.DataFrame(rows, columns=["row", "value"])
    return table.assign(unit=unit, share_percent=shares, heating_value=[bases.get(name, "") for name, _ in rows])


Energy = Mapping[str, float]

Rows = list[tuple[str, float]]


def energy_by_activity(inventory: Inventory, *, net: bool) -> Energy:
    """GJ by activity, of scopes 1 and 2 and of what was exported; fuels on net heating value as far as they can be converted."""
    found: dict[str, float] = {}
    for row, amount in inventory.energy_amounts():
        if is_energy_row(row) or taxonomy()[row.activity].is_export or row.activity == GENERATED_ELECTRICITY:
            gj = net_energy(row, inventory)[0] if net else row.energy_gj
            gj = math.nan if gj is None else gj
            found[row.activity] = found.get(row.activity, 0.0) + amount * gj
    return found


def heating_values_of_rows(inventory: Inventory, *, net: bool) -> Mapping[str, str]:
    """The heating values behind each row of fuels."""
    found: dict[str, set[str]] = {}
    for row, _ in inventory.energy_amounts():
        if is_energy_row(row) and taxonomy()[row.activity].kind == "fuel":
            basis = net_energy(row, inventory)[1] if net else heating_value_of(row)
            kind = fuel_class(row.activity)
            renewable = "gri_renewable_fuel" if kind == "renewable" else "gri_non_renewable_fuel"
            for name in (renewable, "esrs_renewable_fuel" if kind == "renewable" else f"esrs_{kind}"):
                found.setdefault(name, set()).add(basis or "unknown")
    return {name: ", ".join(sorted(bases)) for name, bases in found.items()}


def _sum(energy: Energy, chosen: Callable[[str], bool]) -> float:
    """The energy of some activities."""
    return math.fsum(value for activity, value in energy.items() if chosen(activity))


def _fuels(energy: Energy, kind: str) -> float:
    """The energy of the fuels of a class."""
    return _sum(energy, lambda name: is_burnt(name) and fuel_class(name) == kind)


def gri_rows(energy: Energy) -> Rows:
    """GRI 302-1: fuels, purchases and own generation less what was sold; fuel of own power counts once, as fuel.

    Export made from fuel, or without any generation of one's own, is no further generation: its fuel is counted.
    """
    exported = _sum(energy, lambda name: name in {EXPORTED_ELECTRICITY, EXPORTED_FROM_FUEL})
    own = _sum(energy, lambda name: name in OWN_GENERATION)
    from_sun = energy.get(EXPORTED_ELECTRICITY, 0.0) if own or energy.get(GENERATED_ELECTRICITY) else 0.0
    rows = [
        (
            "gri_non_renewable_fuel",
            math.fsum(_fuels(energy, kind) for kind in ("coal", "petroleum", "natural_gas", "other_fossil")),
        ),
        ("gri_renewable_fuel", _fuels(energy, "renewable")),
        (
            "gri_electricity",
            _sum(energy, lambda name: name in PURCHASED_ELECTRICITY) + _fuels(energy, "electricity"),
        ),
        ("gri_heating", _sum(energy, lambda name: carrier_of(name) == "heat" and name != EXPORTED_HEAT)),
        ("gri_cooling", _sum(energy, lambda name: carrier_of(name) == "cooling")),
        ("gri_steam", _sum(energy, lambda name: carrier_of(name) == "steam")),
        ("gri_self_generated", own + from_sun),
        ("gri_electricity_sold", 0.0 - exported),
        ("gri_heat_sold", 0.0 - energy.get(EXPORTED_HEAT, 0.0)),
    ]
    return [*rows, ("gri_total", math.fsum(value for _, value in rows))]


def esrs_rows(energy: Energy, scope_2: MarketBased | None) -> Rows:
    """ESRS E1-5: fossil by source, nuclear, renewable; purchases are renewable as far as instruments prove it.

    Own generation whose attributes were sold is no longer renewable; it stands with the purchases that nothing proves.
    """
    mwh = {activity: value * conversion_factor("GJ", "MWh") for activity, value in energy.items()}
    registers = frozenset(name for name in mwh if taxonomy()[name].is_export or name == GENERATED_ELECTRICITY)
    bought = _sum(mwh, lambda name: not is_burnt(name) and name not in OWN_GENERATION and name not in registers)
    bought += _fuels(mwh, "electricity")
    made = own = _sum(mwh, lambda name: name in OWN_GENERATION)
    proven = nuclear = 0.0
    if scope_2 is not None:
        own = math.fsum(level.mwh for level in scope_2.levels if level.level == 0 and level.what == "own generation")
        proven, nuclear = scope_2.renewable_mwh - own, scope_2.nuclear_mwh
    fossil = [(f"esrs_{kind}", _fuels(mwh, kind)) for kind in ("coal", "petroleum", "natural_gas", "other_fossil")]
    fossil.append(("esrs_purchased_fossil", _not_below_zero(bought + made - own - proven - nuclear, bought)))
    renewable = [
        ("esrs_renewable_fuel", _fuels(mwh, "renewable")),
        ("esrs_purchased_renewable", proven),
        ("esrs_self_generated", own),
    ]
    total_fossil, total_renewable = (math.fsum(value for _, value in rows) for rows in (fossil, renewable))
    rows = [
        *fossil,
        ("esrs_total_fossil", total_fossil),
        ("esrs_nuclear", nuclear),
        *renewable,
        ("esrs_total_renewable", total_renewable),
    ]
    return [*rows, ("esrs_total", total_fossil + nuclear + total_renewable)]


def _not_below_zero(value: float, whole: float) -> float:
    """A difference without what binary arithmetic leaves of it."""
    return 0.0 if abs(value) <= _LEFT_OVER * whole else value


_LEFT_OVER = 1e-9
FRAMEWORKS: Mapping[str, tuple[Callable[[Energy, MarketBased | None], Rows], str]] = {
    "gri-302-1": (lambda energy, _: gri_rows(energy), "GJ"),
    "esrs-e1-5": (esrs_rows, "MWh"),
}


def heating_value_of(row: PlanRow) -> str:
    """The heating value that a plan row's energy is on.

    Parameters
    ----------
    row : PlanRow
        Of a fuel.

    Returns
    -------
    str
        ``net``, ``gross``, or empty if neither the entry nor the factors say.
    """
    if row.energy_steps:
        found = {step.factor.heating_value for step in row.energy_steps if step.factor} - {""}
        return found.pop() if len(found) == 1 else ""
    stated = {"net", "gross"} & set(row.key.factor.split())
    found = stated or ({factor.heating_value for factor in _emission_factors(row)} - {""})
    return found.pop() if len(found) == 1 else ""


def net_energy(row: PlanRow, inventory: Inventory) -> tuple[float | None, str]:
    """GJ per unit of a fuel on net heating value, if its publisher lets it be converted.

    The energy of a fuel times its emission factor is the same on either basis, so that net is gross x factor per gross GJ / factor per
    net GJ of one publication; or the net calorific value stands beside the gross one.

    Parameters
    ----------
    row : PlanRow
        Of a fuel.
    inventory : Inventory
        With the editions.

    Returns
    -------
    tuple of (float or None, str)
        The energy, and the heating value that it is on now.
    """
    basis = heating_value_of(row)
    if basis != "gross" or row.energy_gj is None:
        return row.energy_gj, basis
    calorific = [step.factor for step in row.energy_steps if step.factor and step.factor.heating_value == "gross"]
    for factor in calorific or _emission_factors(row):
        twin = _on_net(factor, inventory)
        if twin is not None and factor.value and twin.value:
            ratio = twin.value / factor.value if calorific else factor.value / twin.value
            return row.energy_gj * ratio, "net"
    return row.energy_gj, basis


def _emission_factors(row: PlanRow) -> list[Factor]:
    """The emission factors of a row."""
    return [step.factor for gas in row.gases for step in gas.steps if step.factor and step.name == "emission_factor"]


def _on_net(factor: Factor, inventory: Inventory) -> Factor | None:
    """The same figure of the same publication on net heating value."""
    listed = inventory.editions[factor.edition].factors(factor.activity, factor.parameter)
    return next(
        (
            item
            for item in listed
            if item.heating_value == "net"
            and (item.gas, item.unit, item.region, item.data_year, item.variant, item.publisher_path)
            == (factor.gas, factor.unit, factor.region, factor.data_year, factor.variant, factor.publisher_path)
        ),
        None,
    )
