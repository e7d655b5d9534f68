"""Energy of an inventory as the frameworks cut it: by class of fuel, by carrier, made, bought and sold.

References
----------
GRI 302-1 (2016), a to e, and 103-2 (2025). ESRS E1-5 (Delegated Regulation 2023/2772). GB/T 2589-2020: 当量值.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping

from carbonledger.core.activities import (
    EXPORTED_ELECTRICITY,
    EXPORTED_FROM_FUEL,
    EXPORTED_HEAT,
    GENERATED_ELECTRICITY,
    OWN_GENERATION,
    carrier_of,
    is_vehicle,
    taxonomy,
)
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.units import conversion_factor
from carbonledger.disclosure.case import DisclosureCase
from carbonledger.disclosure.figures import Figure, Pieces, missing, not_applicable, says, unnamed
from carbonledger.disclosure.frameworks import energy_by_activity, esrs_rows, fuel_class, gri_rows, is_burnt
from carbonledger.disclosure.primary_energy import national_energy
from carbonledger.factors.partial_editions import edition_label
from carbonledger.inventory.coefficients import PlanRow

__all__ = ["energy_by_carrier", "energy_by_fuel", "energy_figures", "esrs_figures", "national_figures"]

_Choice = Callable[[str], bool]
_FOSSIL = ("coal", "petroleum", "natural_gas", "other_fossil")


def _of_class(*classes: str) -> _Choice:
    """Fuels of some classes, and vehicles that burn them."""
    return lambda name: is_burnt(name) and fuel_class(name) in classes


def _bought(*carriers: str) -> _Choice:
    """Purchases of some carriers; electricity with what electric vehicles charge by distance."""
    charged = "electricity" in carriers
    return lambda name: (
        (carrier_of(name) in carriers and taxonomy()[name].is_purchased)
        or (charged and is_burnt(name) and fuel_class(name) == "electricity")
    )


def _any_of(*choices: _Choice) -> _Choice:
    """Any of some activities."""
    return lambda name: any(choice(name) for choice in choices)


def _named(*names: str) -> _Choice:
    """Some activities by name."""
    return lambda name: name in names


_NON_RENEWABLE, _RENEWABLE = _of_class(*_FOSSIL), _of_class("renewable")
_PURCHASED = _bought("electricity", "heat", "steam", "cooling")
_OWN = _named(*OWN_GENERATION)
_SOLD = _named(EXPORTED_ELECTRICITY, EXPORTED_FROM_FUEL, EXPORTED_HEAT)
_USED = _any_of(_NON_RENEWABLE, _RENEWABLE, _PURCHASED, _OWN)

# What each figure is made of.
_CHOICES: Mapping[str, _Choice] = {
    **{name: _of_class(name) for name in _FOSSIL},
    "non_renewable_fuel": _NON_RENEWABLE,
    "renewable_fuel": _RENEWABLE,
    "fuel": _any_of(_NON_RENEWABLE, _RENEWABLE),
    "electricity": _bought("electricity"),
    "heating": _bought("heat"),
    "cooling": _bought("cooling"),
    "steam": _bought("steam"),
    "heat_steam_cooling": _bought("heat", "steam", "cooling"),
    "purchased": _PURCHASED,
    "own_use": _OWN,
    "self_generated": _any_of(_OWN, _named(EXPORTED_ELECTRICITY)),
    "electricity_sold": _named(EXPORTED_ELECTRICITY, EXPORTED_FROM_FUEL),
    "heat_sold": _named(EXPORTED_HEAT),
    "sold": _SOLD,
    "all_electricity": _any_of(_bought("electricity"), _OWN),
    "renewable": _any_of(_RENEWABLE, _OWN),
    "used": _USED,
    "total": _any_of(_USED, _SOLD),
}
# What is made of several rows of GRI 302-1, and not of activities alone.
_OF_GRI = {"self_generated": "gri_self_generated", "total": "gri_total"}


def energy_figures(case: DisclosureCase, name: str) -> Pieces:
    """A figure of energy in GJ, e.g. ``fuel``, ``purchased``, ``used``."""
    choice, energy = _CHOICES[name], _energy(case)
    if name in _OF_GRI:
        value = dict(gri_rows(energy))[_OF_GRI[name]]
    else:
        value = math.fsum(gj for activity, gj in energy.items() if choice(activity))
    return unnamed(_summed(case, value, choice, *_needed(name, choice)))


def _needed(name: str, choice: _Choice) -> tuple[_Choice, ...]:
    """What must have lines for a figure to be one: generation of one's own, for what is self-generated of the export."""
    return (_any_of(_OWN, _named(GENERATED_ELECTRICITY)),) if name == "self_generated" else (choice,)


def _summed(case: DisclosureCase, value: float, choice: _Choice, needed: _Choice) -> Figure:
    """A sum of energy in GJ; missing if a vehicle is known by its distance alone."""
    met = _activities(case)
    figure = case.summed(value, "GJ", _energy_findings(case, choice), has_lines=any(needed(name) for name in met))
    if figure.status != "data_missing" and any(choice(name) for name in _distances(case)):
        return missing(says("no_energy"), "GJ", figure.number or None, is_undetermined=True)
    return figure


def _energy_findings(case: DisclosureCase, choice: _Choice) -> tuple[Finding, ...]:
    """What keeps entries out of the energy of some activities, as far as they count in that of the company."""
    return case.affecting(("energy",), lambda name: choice(name) and taxonomy()[name].scope != 3)


def _energy(case: DisclosureCase) -> Mapping[str, float]:
    """GJ by activity."""
    net = case.is_on_net
    return case.inventory.remembered(f"disclosed energy {net}", lambda: energy_by_activity(case.inventory, net=net))


def _activities(case: DisclosureCase) -> set[str]:
    """The activities that have lines with energy in scopes 1 and 2, or in the registers of energy."""
    return {row.activity for row, _ in case.energy_amounts if row.scope != 3 and not _is_distance_alone(row)}


def _is_distance_alone(row: PlanRow) -> bool:
    """Whether it is a vehicle by its distance, without the energy that it uses."""
    return is_vehicle(row.activity) and not row.energy_steps


def _distances(case: DisclosureCase) -> Iterator[str]:
    """Vehicles of the company that are known by their distance, without the energy that they use.

    Where a publisher gives CO2 by fuel, and CH4 and N2O by distance, the distance has no CO2 and its energy counts as fuel.
    """
    for row, _ in case.energy_amounts:
        if row.scope != 3 and _is_distance_alone(row) and any(gas.gas in {"CO2", "CO2e"} for gas in row.gases):
            yield row.activity


_PROVEN = ("purchased_renewable", "nuclear", "renewable_without_fuel")
_OF_ESRS: Mapping[str, _Choice] = {
    **{name: _CHOICES[name] for name in (*_FOSSIL, "renewable_fuel")},
    "purchased_fossil": _any_of(_PURCHASED, _OWN),
    "purchased_renewable": _PURCHASED,
    "nuclear": _PURCHASED,
    "self_generated": _OWN,
    "renewable_without_fuel": _any_of(_PURCHASED, _OWN),
    **dict.fromkeys(("total_fossil", "total_renewable", "total"), _USED),
}


def esrs_figures(case: DisclosureCase, name: str) -> Pieces:
    """A row of ESRS E1-5 in MWh, by the end of its name: ``coal``, ``purchased_fossil``, ``total_renewable``."""
    choice, met = _OF_ESRS[name], _activities(case)
    rows = dict(esrs_rows(_energy(case), case.scope_2))
    value = (
        rows["esrs_purchased_renewable"] + rows["esrs_self_generated"]
        if name == "renewable_without_fuel"
        else rows[f"esrs_{name}"]
    )
    if name in _PROVEN and case.scope_2 is None and not value:
        return unnamed(not_applicable(says("nothing_proven"), "MWh"))
    if any(choice(activity) for activity in _distances(case)):
        return unnamed(missing(says("no_energy"), "MWh", value, is_undetermined=True))
    has_lines = any(choice(activity) for activity in met)
    return unnamed(case.summed(value, "MWh", _esrs_findings(case, name, choice), has_lines=has_lines))


def _esrs_findings(case: DisclosureCase, name: str, choice: _Choice) -> tuple[Finding, ...]:
    """What keeps entries out of a row of ESRS E1-5; the split of purchases rests on instruments, and the whole does not."""
    split = () if name in {*_FOSSIL, "renewable_fuel", "total"} else case.affecting(("instruments",), _PURCHASED)
    return (*_energy_findings(case, choice), *split)


def energy_by_fuel(case: DisclosureCase, kind: str) -> Pieces:
    """Each fuel in GJ: ``renewable``, ``non_renewable`` or ``all``."""
    choice = {"renewable": _RENEWABLE, "non_renewable": _NON_RENEWABLE, "all": _CHOICES["fuel"]}[kind]
    return _by_activity(case, choice)


def energy_by_carrier(case: DisclosureCase, _: str) -> Pieces:
    """Each activity of the energy used, in GJ."""
    return _by_activity(case, _USED)


def _by_activity(case: DisclosureCase, choice: _Choice) -> Pieces:
    """Each activity of some, in GJ."""
    pieces = []
    for activity, value in _energy(case).items():
        if choice(activity) and activity in _activities(case):
            only = _named(activity)
            names = taxonomy()[activity]
            pieces.append((Label(names.label_en, names.label_zh), _summed(case, value, only, only)))
    return pieces


def national_figures(case: DisclosureCase, name: str) -> Pieces:
    """Energy in GJ by published coefficients: ``standard_coal``, or each pinned ``convention``."""
    if name == "standard_coal":
        return unnamed(_standard_coal(case))
    table = national_energy(case.inventory)
    totals = table[table["level"] == "total"]
    pieces = [
        (edition_label(str(edition)), case.summed(float(gj), "GJ", _energy_findings(case, _USED), has_lines=True))
        for edition, gj in zip(totals["convention"], totals["primary_energy_gj"], strict=True)
    ]
    return pieces or unnamed(missing(says("no_convention"), "GJ"))


def _standard_coal(case: DisclosureCase) -> Figure:
    """Energy by coefficients of standard coal, in GJ at 29.3076 GJ/tce."""
    table = case.inventory.energy_table("id")
    if "standard_coal_tce" not in table:
        return missing(says("no_standard_coal"), "GJ")
    value = float(table["standard_coal_tce"].iloc[-1]) * conversion_factor("tce", "GJ")
    return case.summed(value, "GJ", _energy_findings(case, _USED), has_lines=len(table) > 1)
