"""The quantities that printed figures are recalculated as: what a relation of kind ``rebuild`` may ask of an inventory."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from carbonledger.core.errors import BookError, UnitError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.rounding import Interval, Rounding, decimal_of, rounding_interval
from carbonledger.core.units import canonical_unit
from carbonledger.disclosure.intensity import Driver
from carbonledger.disclosure.primary_energy import national_energy
from carbonledger.environment.registers import Environment
from carbonledger.inventory.inventory import Inventory
from carbonledger.published.factor_rounding import rounding_of_factors
from carbonledger.published.register_quantities import REGISTER_MEMBERS, register_value
from carbonledger.published.relations import Relation
from carbonledger.scope2.market_based import MarketBased

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Amount", "Basis", "amount_of", "relation_error"]

_SCOPE_2, _TONNES = 2, "t CO2e"
_ENERGY = {"energy_gj": "GJ", "energy_tce": "tce", "standard_coal_tce": "tce"}
# By quantity: the column of the table of national energy, and its unit.
_NATIONAL = {
    "primary_energy_gj": ("primary_energy_gj", "GJ"),
    "primary_energy_tce": ("primary_energy_tce", "tce"),
    "crude_oil_kl": ("oil_equivalent_kl", "kL"),
}
_ANY_ACTIVITY, _ANYONE, _NONE = Label("any activity", "任何活动"), Label("anyone", "任何公司"), Label("none", "无")
_ALWAYS = frozenset({"year", "change", "against", "direction"})
_OF_EMISSIONS = frozenset({"activity", "entity", "scope", "gas", "scope_2"})
# Which members a quantity can be asked for by.
_MEMBERS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(_ENERGY, frozenset({"activity", "entity"})),
    **dict.fromkeys(_NATIONAL, frozenset({"activity", "convention"})),
    "emissions_tco2e": _OF_EMISSIONS,
    "gas_t": frozenset({"activity", "entity", "scope", "gas"}),
    "intensity_tco2e": _OF_EMISSIONS | {"driver"},
    "intensity_gj": frozenset({"activity", "entity", "driver"}),
    **REGISTER_MEMBERS,
}
_NEEDED = {"gas_t": "gas", "intensity_tco2e": "driver", "intensity_gj": "driver"}


@dataclass(frozen=True, slots=True)
class Basis:
    """What the figures of one year are recalculated from.

    Parameters
    ----------
    inventory : Inventory
        The engine's results.
    scope_2 : MarketBased or None
        Scope 2 by both methods, if the book forms both.
    drivers : tuple of Driver
        What intensities are per.
    market_part : callable or None
        From a company and an activity (empty for any) to their scope 2 by both methods; None where it cannot be told from the rest.
    environment : Environment or None
        The registers of water, waste, air and noise, if the book keeps any.
    """

    inventory: Inventory
    scope_2: MarketBased | None = None
    drivers: tuple[Driver, ...] = ()
    market_part: Callable[[str, str], MarketBased | None] | None = None
    environment: Environment | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A recalculated amount.

    Parameters
    ----------
    value : float
        In its unit.
    interval : Interval
        What it may be where entries are themselves rounded; the value alone where none is.
    unit : str
        The library's spelling.
    slack : Decimal
        How far the publishers' own sums of gases can be from it, in its unit.
    """

    value: float
    interval: Interval
    unit: str
    slack: Decimal = Decimal(0)


def relation_error(case: str, relation: Relation, **values: Any) -> BookError:
    """An error that names the relation: a case of the rule RELATION."""
    return BookError(Message.of(f"RELATION.{case}", relation=relation.relation_id, **values))


def amount_of(relation: Relation, basis: Basis) -> Amount:
    """The quantity that a relation asks for, of one year.

    Parameters
    ----------
    relation : Relation
        Of kind ``rebuild``.
    basis : Basis
        Of the year.

    Returns
    -------
    Amount

    Raises
    ------
    BookError
        If the inventory has no such combination, or no line of it.
    """
    quantity = str(relation.members.get("quantity"))
    _check_members(relation, quantity)
    return _AMOUNTS[quantity](relation, basis)


def _check_members(relation: Relation, quantity: str) -> None:
    """Refuse members that a quantity does not have, and a quantity without the member it needs."""
    if quantity not in _MEMBERS:
        raise relation_error("unknown_quantity", relation, quantity=quantity, known=tuple(_MEMBERS))
    given = relation.members.keys() - {"figure", "quantity"} - _ALWAYS
    more = sorted(given - _MEMBERS[quantity])
    if more:
        allowed = tuple(sorted(_MEMBERS[quantity]))
        raise relation_error("wrong_member", relation, quantity=quantity, member=more[0], allowed=allowed)
    needed = _NEEDED.get(quantity, "")
    if needed and needed not in given:
        raise relation_error("missing_member", relation, quantity=quantity, member=needed)


def _amount(parts: pd.Series[float], lines: pd.DataFrame, unit: str, value: float | None = None) -> Amount:
    """The sum of what lines contribute; where their amounts are rounded, each with its own share of that."""
    total = float(parts.sum(skipna=False)) if value is None else value
    if math.isnan(total):
        return Amount(total, Interval(Decimal(0), Decimal(0)), unit)
    number = decimal_of(total)
    low = high = number
    for part, rounding in zip(parts, lines.get("rounding", ()), strict=False):
        if rounding and part:
            least, most = _relative_rounding(rounding)
            own = decimal_of(float(part))
            low, high = low + own * least, high + own * most
    return Amount(total, Interval(low, high), unit)


@cache
def _relative_rounding(text: str) -> tuple[Decimal, Decimal]:
    """How much less and more than printed an amount may be, as fractions of it: ``half_up 1 of 134``."""
    rule, step, _, amount = text.split()
    printed = Decimal(amount)
    ends = rounding_interval(printed, Decimal(step), cast("Rounding", rule))
    return (ends.low - printed) / printed, (ends.high - printed) / printed


def _selected_lines(relation: Relation, inventory: Inventory) -> pd.DataFrame:
    """The lines of the inventory that a relation selects; at least one."""
    members, lines = relation.members, inventory.lines
    for column in ("activity", "entity", "scope"):
        if column in members:
            lines = lines[lines[column] == members[column]]
    if not len(lines):
        words = [f"{name} {members[name]}" for name in ("activity", "entity", "scope") if name in members]
        raise relation_error("no_lines", relation, what=" and ".join(words) or Label("the inventory", "任何活动"))
    chosen: pd.DataFrame = lines
    return chosen


def _energy(relation: Relation, basis: Basis) -> Amount:
    """Energy of the energy table, some of its rows."""
    members, inventory = relation.members, basis.inventory
    quantity = str(members["quantity"])
    table = inventory.energy_table("id")
    if quantity not in table.columns:
        raise relation_error("no_standard_coal", relation)
    rows = table[table["level"] == "row"]
    lines = inventory.lines
    for column, member in (("carrier", "activity"), ("entity", "entity")):
        if member in members:
            rows, lines = rows[rows[column] == members[member]], lines[lines[member] == members[member]]
    if not len(rows):
        activity, entity = members.get("activity", _ANY_ACTIVITY), members.get("entity", _ANYONE)
        raise relation_error("no_energy", relation, activity=activity, entity=entity)
    value = float(rows[quantity].sum(skipna=False))
    lines = lines[(lines["scope"] != 3) & (lines["energy_gj"] > 0)]
    whole = float(lines["energy_gj"].sum())
    parts = lines["energy_gj"] * (value / whole if whole else 0.0)
    return _amount(parts, lines, _ENERGY[quantity], value)


def _national(relation: Relation, basis: Basis) -> Amount:
    """Energy by a national convention, all of it or of one activity."""
    members, table = relation.members, national_energy(basis.inventory)
    column, unit = _NATIONAL[str(members["quantity"])]
    known = tuple(dict.fromkeys(table["convention"]))
    wanted = [name for name in known if members.get("convention", name) in {name, name.split("@")[0]}]
    if len(wanted) != 1:
        raise relation_error("no_convention", relation, known=known or _NONE)
    rows = table[(table["convention"] == wanted[0]) & (table["level"] == "row")]
    lines = basis.inventory.lines
    lines = lines[(lines["scope"] != 3) & lines["activity"].isin(rows["activity"])]
    if "activity" in members:
        rows, lines = (item[item["activity"] == members["activity"]] for item in (rows, lines))
    if not len(rows):
        raise relation_error("no_energy", relation, activity=members.get("activity", _ANY_ACTIVITY), entity=_ANYONE)
    value = float(rows[column].sum(skipna=False))
    per_unit = {name: own[column].sum() / own["amount"].sum() for name, own in rows.groupby("activity")}
    return _amount(lines["amount"] * lines["activity"].map(per_unit), lines, unit, value)


def _emissions(relation: Relation, basis: Basis) -> Amount:
    """Emissions, with scope 2 by the method that the relation asks for."""
    if relation.members.get("scope_2") == "market":
        return _market_based(relation, basis)
    if "gas" in relation.members:
        return _of_gas(relation, basis.inventory, tonnes=False)
    lines = _selected_lines(relation, basis.inventory)
    found = _amount(lines["emissions_tco2e"], lines, _TONNES)
    return replace(found, slack=rounding_of_factors(lines, basis.inventory))


def _tonnes_of_gas(relation: Relation, basis: Basis) -> Amount:
    """Tonnes of a gas."""
    return _of_gas(relation, basis.inventory, tonnes=True)


def _of_gas(relation: Relation, inventory: Inventory, *, tonnes: bool) -> Amount:
    """One gas, in its own tonnes or in t CO2e."""
    lines, gas = _selected_lines(relation, inventory), relation.members["gas"]
    gases = sorted(inventory.by("gas")["gas"])
    if gas not in gases:
        raise relation_error("no_gas", relation, gas=gas, known=tuple(gases))
    per_unit = {
        plan_id: math.fsum(
            item.tonnes if tonnes else item.tco2e for item in inventory.plan.rows[int(plan_id)].gases if item.gas == gas
        )
        for plan_id in lines["plan_id"].unique()
    }
    return _amount(lines["amount"] * lines["plan_id"].map(per_unit), lines, f"t {gas}" if tonnes else _TONNES)


def _market_based(relation: Relation, basis: Basis) -> Amount:
    """The total, or scope 2, of all or of a company or activity, with scope 2 market-based."""
    members = relation.members
    if "gas" in members or members.get("scope", _SCOPE_2) != _SCOPE_2:
        raise relation_error("market_based_part", relation)
    scope_2 = _scope_2_of(relation, basis)
    chosen = _selected_lines(relation, basis.inventory)
    change = scope_2.market_based_tco2e - scope_2.location_based_tco2e
    parts = chosen["emissions_tco2e"]
    return _amount(parts, chosen, _TONNES, float(parts.sum(skipna=False)) + change)


def _scope_2_of(relation: Relation, basis: Basis) -> MarketBased:
    """Scope 2 by both methods of what a relation selects."""
    if basis.scope_2 is None:
        raise relation_error("no_market_based", relation)
    entity, activity = (str(relation.members.get(name, "")) for name in ("entity", "activity"))
    if not (entity or activity):
        return basis.scope_2
    found = basis.market_part(entity, activity) if basis.market_part else None
    if found is None:
        raise relation_error("market_based_pooled", relation)
    return found


def _per_driver(relation: Relation, basis: Basis) -> Amount:
    """Emissions or energy per driver: of the driver's scopes, unless the relation asks for a scope or an activity."""
    members = relation.members
    driver = _driver(relation, basis.drivers)
    per = f"({_driver_unit(relation, driver.unit)})"
    if members["quantity"] == "intensity_gj":
        energy = Relation(relation.relation_id, "rebuild", "", "", {**members, "quantity": "energy_gj"})
        return _divided(_energy(energy, basis), driver, f"GJ/{per}")
    market = members.get("scope_2") == "market"
    if market and (basis.scope_2 is None or (_SCOPE_2 not in driver.scopes and "scope" not in members)):
        raise relation_error("no_market_based_intensity", relation)
    if not {"scope", "activity"} & members.keys():
        lines = basis.inventory.lines
        counted = replace(basis.inventory, lines=lines[lines["scope"].isin(driver.scopes)])
        basis = replace(basis, inventory=counted)
    return _divided(_emissions(relation, basis), driver, f"t CO2e/{per}")


def _divided(amount: Amount, driver: Driver, unit: str) -> Amount:
    """An amount per driver."""
    below = decimal_of(float(driver.amount))
    interval = amount.interval / Interval(below, below)
    return Amount(amount.value / driver.amount, interval, unit, amount.slack / below)


def _driver(relation: Relation, drivers: Sequence[Driver]) -> Driver:
    """The driver that a relation names, by either of its names."""
    name = relation.members["driver"]
    found = next((item for item in drivers if name in {item.name_en, item.name_zh}), None)
    if found is None:
        known = tuple(item.name_en or item.name_zh for item in drivers) or _NONE
        raise relation_error("no_driver", relation, driver=name, known=known)
    return found


def _driver_unit(relation: Relation, text: str) -> str:
    """The unit of a driver, which may stand in brackets behind the word that is printed: ``人 (person)``."""
    for candidate in (text.partition("(")[2].rpartition(")")[0], text):
        try:
            return canonical_unit(candidate)
        except UnitError:
            continue
    raise relation_error("unreadable_driver_unit", relation, unit=text)


def _of_register(relation: Relation, basis: Basis) -> Amount:
    """A quantity of an environmental register."""
    quantity = str(relation.members["quantity"])
    selected = {name: relation.members[name] for name in REGISTER_MEMBERS[quantity] if name in relation.members}
    found = register_value(basis.environment, quantity, selected)
    if found.value is None:
        raise relation_error("no_register", relation, quantity=quantity, reason=found.reason)
    number = decimal_of(found.value)
    return Amount(found.value, Interval(number, number), found.unit)


_AMOUNTS: Mapping[str, Callable[[Relation, Basis], Amount]] = {
    **dict.fromkeys(_ENERGY, _energy),
    **dict.fromkeys(_NATIONAL, _national),
    "emissions_tco2e": _emissions,
    "gas_t": _tonnes_of_gas,
    "intensity_tco2e": _per_driver,
    "intensity_gj": _per_driver,
    **dict.fromkeys(REGISTER_MEMBERS, _of_register),
}
