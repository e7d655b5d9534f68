"""Recalculation of printed figures from the inventory."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from carbonledger.core.errors import BookError, UnitError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.units import canonical_unit, dimension_of
from carbonledger.disclosure.intensity import Driver, Intensity, intensity
from carbonledger.inventory.inventory import Inventory
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.relations import Relation
from carbonledger.published.verdicts import Verdict, check_rebuilt
from carbonledger.scope2.market_based import MarketBased

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["RebuiltFigure", "rebuild"]

_SCOPE_2 = 2
_ENERGY = {"energy_gj": "GJ", "energy_tce": "tce", "standard_coal_tce": "tce"}
_UNITS = {**_ENERGY, "emissions_tco2e": "t CO2e"}
_ANY_ACTIVITY, _ANYONE, _NONE = Label("any activity", "任何活动"), Label("anyone", "任何公司"), Label("none", "无")
# Which members a quantity can be asked for by.
_MEMBERS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_ENERGY, frozenset({"activity", "entity"})),
    "emissions_tco2e": frozenset({"activity", "entity", "scope", "gas", "scope_2"}),
    "gas_t": frozenset({"activity", "entity", "scope", "gas"}),
    "intensity_tco2e": frozenset({"driver", "scope_2"}),
    "intensity_gj": frozenset({"driver"}),
}


@dataclass(frozen=True, slots=True)
class RebuiltFigure:
    """A printed figure with the result recalculated from the inventory.

    Parameters
    ----------
    figure : PublishedFigure
        As printed.
    activity, entity : str
        What was summed; empty for all.
    quantity : str
        ``energy_gj``, ``energy_tce``, ``standard_coal_tce``, ``emissions_tco2e``, ``gas_t``, ``intensity_tco2e`` or ``intensity_gj``.
        Emissions of one company, scope or gas, or with scope 2 market-based, have it in brackets: ``emissions_tco2e (scope 1)``.
    verdict : Verdict
        The comparison.
    """

    figure: PublishedFigure
    activity: str
    entity: str
    quantity: str
    verdict: Verdict


def rebuild(
    relation: Relation,
    figures: Mapping[str, PublishedFigure],
    inventory: Inventory,
    scope_2: MarketBased | None = None,
    drivers: Sequence[Driver] = (),
) -> RebuiltFigure:
    """Recalculate a printed figure from the inventory.

    Parameters
    ----------
    relation : Relation
        Of kind ``rebuild``: ``figure``, ``quantity``, and what it is of:

        * energy: ``activity``, ``entity``;
        * ``emissions_tco2e``: also ``scope`` (1, 2 or 3), ``gas``, and ``scope_2`` (``location``, which is meant if nothing is said, or
          ``market``, for the total or for scope 2 as a whole);
        * ``gas_t``, tonnes of the ``gas``: ``activity``, ``entity``, ``scope``;
        * ``intensity_tco2e`` and ``intensity_gj``: ``driver``, by either of its names; the former also ``scope_2``.
    figures : mapping of str to PublishedFigure
        By id.
    inventory : Inventory
        The engine's results.
    scope_2 : MarketBased or None
        Scope 2 by both methods, if the book forms both.
    drivers : sequence of Driver
        What intensities are per.

    Returns
    -------
    RebuiltFigure

    Raises
    ------
    BookError
        If the relation names a figure that does not exist, a combination that the inventory does not have, or no line at all.
    """
    members = relation.members
    quantity = str(members.get("quantity"))
    figure = figures.get(str(members.get("figure")))
    if figure is None:
        raise _relation_error("no_figure", relation, figure=str(members.get("figure")))
    _check_members(relation, quantity)
    if quantity.startswith("intensity"):
        value, unit = _intensity_of(relation, intensity(inventory, drivers, scope_2))
    elif members.get("scope_2") == "market":
        value, unit = _market_based_total(relation, inventory, scope_2), _UNITS[quantity]
    else:
        value, unit = _summed_quantity(relation, inventory, quantity)
    if math.isnan(value):
        raise _relation_error("not_recalculated", relation, quantity=quantity)
    # A mass is often printed without the gas that it is of.
    plain_mass = quantity == "gas_t" and figure.unit and dimension_of(figure.unit) == "mass"
    verdict = check_rebuilt(relation, figure, value, "t" if plain_mass else unit)
    part = ", ".join(_part_names(members))
    name = f"{quantity} ({part})" if part else quantity
    return RebuiltFigure(figure, str(members.get("activity", "")), str(members.get("entity", "")), name, verdict)


def _relation_error(case: str, relation: Relation, **values: Any) -> BookError:
    """An error that names the relation: a case of the rule RELATION."""
    return BookError(Message.of(f"RELATION.{case}", relation=relation.relation_id, **values))


def _check_members(relation: Relation, quantity: str) -> None:
    """Refuse members that a quantity does not have, and a quantity without the member it needs."""
    if quantity not in _MEMBERS:
        raise _relation_error("unknown_quantity", relation, quantity=quantity, known=tuple(_MEMBERS))
    given = relation.members.keys() - {"figure", "quantity"}
    more = sorted(given - _MEMBERS[quantity])
    if more:
        allowed = tuple(sorted(_MEMBERS[quantity]))
        raise _relation_error("wrong_member", relation, quantity=quantity, member=more[0], allowed=allowed)
    needed = "gas" if quantity == "gas_t" else "driver" if quantity.startswith("intensity") else ""
    if needed and needed not in given:
        raise _relation_error("missing_member", relation, quantity=quantity, member=needed)


def _part_names(members: Mapping[str, Any]) -> list[str]:
    """The parts of a quantity that a relation selects, in words."""
    scope = [f"scope {members['scope']}"] if "scope" in members else []
    market = ["scope 2 market-based"] if members.get("scope_2") == "market" else []
    names = ("gas", "driver") if members["quantity"] in _ENERGY else ("entity", "gas", "driver")
    return [*scope, *market, *(str(members[name]) for name in names if name in members)]


def _selected_lines(relation: Relation, inventory: Inventory) -> pd.DataFrame:
    """The lines of the inventory that a relation selects; at least one."""
    members, lines = relation.members, inventory.lines
    for column in ("activity", "entity", "scope"):
        if column in members:
            lines = lines[lines[column] == members[column]]
    if not len(lines):
        words = [f"{name} {members[name]}" for name in ("activity", "entity", "scope") if name in members]
        raise _relation_error("no_lines", relation, what=" and ".join(words) or Label("the inventory", "任何活动"))
    chosen: pd.DataFrame = lines
    return chosen


def _summed_quantity(relation: Relation, inventory: Inventory, quantity: str) -> tuple[float, str]:
    """A quantity summed over lines, with its unit."""
    if quantity in _ENERGY:
        return _summed_energy(relation, inventory, quantity), _ENERGY[quantity]
    lines, gas = _selected_lines(relation, inventory), relation.members.get("gas")
    if gas is None:
        return float(lines["emissions_tco2e"].sum(skipna=False)), _UNITS[quantity]
    gases = sorted(inventory.by("gas")["gas"])
    if gas not in gases:
        raise _relation_error("no_gas", relation, gas=gas, known=tuple(gases))
    tonnes = quantity == "gas_t"
    amounts = lines.groupby("plan_id")["amount"].sum()
    value = math.fsum(
        amount * (item.tonnes if tonnes else item.tco2e)
        for plan_id, amount in amounts.items()
        for item in inventory.plan.rows[int(str(plan_id))].gases
        if item.gas == gas
    )
    return value, f"t {gas}" if tonnes else "t CO2e"


def _summed_energy(relation: Relation, inventory: Inventory, quantity: str) -> float:
    """Energy of the energy table, some of its rows."""
    table, members = inventory.energy_table("id"), relation.members
    if quantity not in table.columns:
        raise _relation_error("no_standard_coal", relation)
    rows = table[table["level"] == "row"]
    for column, member in (("carrier", "activity"), ("entity", "entity")):
        if member in members:
            rows = rows[rows[column] == members[member]]
    if not len(rows):
        activity, entity = members.get("activity", _ANY_ACTIVITY), members.get("entity", _ANYONE)
        raise _relation_error("no_energy", relation, activity=activity, entity=entity)
    return float(rows[quantity].sum(skipna=False))


def _market_based_total(relation: Relation, inventory: Inventory, scope_2: MarketBased | None) -> float:
    """The total, or scope 2, with scope 2 market-based."""
    members = relation.members
    if scope_2 is None:
        raise _relation_error("no_market_based", relation)
    if {"activity", "entity", "gas"} & members.keys() or members.get("scope", _SCOPE_2) != _SCOPE_2:
        raise _relation_error("market_based_part", relation)
    lines = inventory.lines
    chosen = lines[lines["scope"] == _SCOPE_2] if "scope" in members else lines
    change = scope_2.market_based_tco2e - scope_2.location_based_tco2e
    return float(chosen["emissions_tco2e"].sum(skipna=False)) + change


def _intensity_of(relation: Relation, found: Sequence[Intensity]) -> tuple[float, str]:
    """An intensity of the inventory, with its unit."""
    members, names = relation.members, [item.driver.name_en or item.driver.name_zh for item in found]
    item = next((item for item in found if members["driver"] in {item.driver.name_en, item.driver.name_zh}), None)
    if item is None:
        known = tuple(names) or _NONE
        raise _relation_error("no_driver", relation, driver=members["driver"], known=known)
    per = f"({_driver_unit(relation, item.driver.unit)})"
    if members["quantity"] == "intensity_gj":
        return item.gj_per_unit, f"GJ/{per}"
    if members.get("scope_2") != "market":
        return item.location_based_tco2e_per_unit, f"t CO2e/{per}"
    if item.market_based_tco2e_per_unit is None:
        raise _relation_error("no_market_based_intensity", relation)
    return item.market_based_tco2e_per_unit, f"t CO2e/{per}"


def _driver_unit(relation: Relation, text: str) -> str:
    """The unit of a driver, which may stand in brackets behind the word that is printed: ``人 (person)``."""
    for candidate in (text.partition("(")[2].rpartition(")")[0], text):
        try:
            return canonical_unit(candidate)
        except UnitError:
            continue
    raise _relation_error("unreadable_driver_unit", relation, unit=text)
