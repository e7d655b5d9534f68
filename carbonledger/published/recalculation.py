"""Recalculation of printed figures from the inventory of their own year.

The result is a number, or an interval where entries say that their amounts are themselves printed and rounded.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from carbonledger.core.rounding import Interval, decimal_of
from carbonledger.core.units import dimension_of
from carbonledger.disclosure.intensity import Driver
from carbonledger.inventory.inventory import Inventory
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.quantities import Amount, Basis, amount_of, relation_error
from carbonledger.published.relations import Relation
from carbonledger.published.verdicts import Verdict, check_rebuilt
from carbonledger.scope2.market_based import MarketBased

__all__ = ["Basis", "RebuiltFigure", "rebuild", "rebuilt_from"]

_CARBON_DIOXIDE = "t CO2"
_IN_THE_NAME = ("gas", "driver", "convention", "point", "pollutant", "day_or_night")


@dataclass(frozen=True, slots=True, repr=False)
class RebuiltFigure:
    """A printed figure with the result recalculated from the inventory.

    Parameters
    ----------
    figure : PublishedFigure
        As printed.
    activity, entity : str
        What was summed; empty for all.
    quantity : str
        ``energy_gj``, ``energy_tce``, ``standard_coal_tce``, ``primary_energy_gj``, ``primary_energy_tce``, ``crude_oil_kl``,
        ``emissions_tco2e``, ``gas_t``, ``intensity_tco2e`` or ``intensity_gj``, or one of a register of water, waste, air or noise
        (`carbonledger.published.register_quantities`). A part of it, with scope 2 market-based, or its change
        against another year, has that in brackets: ``emissions_tco2e (scope 1)``.
    verdict : Verdict
        The comparison.
    """

    figure: PublishedFigure
    activity: str
    entity: str
    quantity: str
    verdict: Verdict

    def __repr__(self) -> str:
        return f"RebuiltFigure({self.figure.figure_id}, {self.quantity}, {self.verdict.outcome})"


def rebuild(
    relation: Relation,
    figures: Mapping[str, PublishedFigure],
    inventory: Inventory,
    scope_2: MarketBased | None = None,
    drivers: Sequence[Driver] = (),
) -> RebuiltFigure:
    """Recalculate a printed figure from an inventory.

    Parameters
    ----------
    relation : Relation
        Of kind ``rebuild``: ``figure``, ``quantity``, and what it is of:

        * energy: ``activity``, ``entity``;
        * ``primary_energy_gj``, ``primary_energy_tce`` and ``crude_oil_kl`` of a national convention: ``convention`` if several are
          pinned, ``activity``;
        * ``emissions_tco2e``: also ``scope`` (1, 2 or 3), ``gas``, and ``scope_2`` (``location``, which is meant if nothing is said, or
          ``market``, for the total or for scope 2 as a whole); a figure in t CO2 is of this gas alone;
        * ``gas_t``, tonnes of the ``gas``: ``activity``, ``entity``, ``scope``;
        * ``concentration`` and ``noise_level``: ``point`` with ``pollutant`` or ``day_or_night``; totals of registers have no members;
        * ``intensity_tco2e`` and ``intensity_gj``: ``driver``, by either of its names, and the members of the quantity that is divided.
    figures : mapping of str to PublishedFigure
        By id.
    inventory : Inventory
        The engine's results for the year that the figure describes.
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
        If the relation names a figure that does not exist, a combination that the inventory does not have, or no line at all, or asks
        for a change, which two years are needed for: see `rebuilt_from`.
    """
    return rebuilt_from(relation, figures, lambda _: Basis(inventory, scope_2, tuple(drivers)))


def rebuilt_from(
    relation: Relation, figures: Mapping[str, PublishedFigure], basis_of: Callable[[int | None], Basis]
) -> RebuiltFigure:
    """Recalculate a printed figure, or its change against another year.

    Parameters
    ----------
    relation : Relation
        As for `rebuild`; also with ``year``, which is otherwise that of the figure, and with ``change`` (``percent`` or ``amount``),
        ``against`` (a year, the one before if nothing is said) and ``direction``.
    figures : mapping of str to PublishedFigure
        By id.
    basis_of : callable
        Gives what a year is recalculated from; None stands for the reporting year.

    Returns
    -------
    RebuiltFigure

    Raises
    ------
    BookError
        As for `rebuild`.
    """
    members = relation.members
    figure = figures.get(str(members.get("figure")))
    if figure is None:
        raise relation_error("no_figure", relation, figure=str(members.get("figure")))
    found = _changed(relation, figure, basis_of) if "change" in members else _of_year(relation, figure, basis_of)
    if math.isnan(found.value):
        raise relation_error("not_recalculated", relation, quantity=str(members["quantity"]))
    # A mass is often printed without the gas that it is of.
    gas = members["quantity"] == "gas_t" and "change" not in members
    plain_mass = gas and figure.unit and dimension_of(figure.unit) == "mass"
    verdict = check_rebuilt(relation, figure, found.interval, "t" if plain_mass else found.unit, found.slack)
    part = ", ".join(_part_names(members))
    name = f"{members['quantity']} ({part})" if part else str(members["quantity"])
    return RebuiltFigure(figure, str(members.get("activity", "")), str(members.get("entity", "")), name, verdict)


def _of_year(relation: Relation, figure: PublishedFigure, basis_of: Callable[[int | None], Basis]) -> Amount:
    """The quantity in the year of the figure; of carbon dioxide alone if the figure is printed in t CO2."""
    members = relation.members
    basis = basis_of(members.get("year", figure.year))
    only_gas = members["quantity"] == "emissions_tco2e" and "gas" not in members and _is_carbon_dioxide(figure.unit)
    if only_gas and "scope_2" not in members:
        of_gas = replace(relation, members={**members, "quantity": "gas_t", "gas": "CO2"})
        return replace(amount_of(of_gas, basis), unit=_CARBON_DIOXIDE)
    return amount_of(relation, basis)


def _is_carbon_dioxide(unit: str) -> bool:
    """Whether a unit is a mass of carbon dioxide, and not of CO2e."""
    return bool(unit) and dimension_of(unit) == dimension_of(_CARBON_DIOXIDE) != dimension_of("t CO2e")


def _changed(relation: Relation, figure: PublishedFigure, basis_of: Callable[[int | None], Basis]) -> Amount:
    """The change of a quantity against another year, in per cent or as an amount; positive for a fall if the relation says so."""
    members = relation.members
    year = members.get("year", figure.year)
    against = members.get("against", None if year is None else year - 1)
    if against is None:
        raise relation_error("no_year", relation)
    now, before = amount_of(relation, basis_of(year)), amount_of(relation, basis_of(against))
    sign = -1 if members.get("direction") == "decrease" else 1
    if members["change"] == "amount":
        change = now.interval - before.interval
        return Amount((now.value - before.value) * sign, change.scaled(Decimal(sign)), now.unit)
    if not before.value:
        raise relation_error("nothing_before", relation, year=against)
    percent = (now.value / before.value - 1) * 100 * sign
    exact = not now.interval.width and not before.interval.width
    if exact or before.interval.low <= 0:
        return Amount(percent, _point(percent), "percent")
    hundred = Interval(Decimal(100), Decimal(100))
    change = now.interval / before.interval * hundred - hundred
    return Amount(percent, change.scaled(Decimal(sign)), "percent")


def _point(value: float) -> Interval:
    """A number as an interval."""
    number = decimal_of(value)
    return Interval(number, number)


def _part_names(members: Mapping[str, Any]) -> list[str]:
    """The parts of a quantity that a relation selects, in words."""
    scope = [f"scope {members['scope']}"] if "scope" in members else []
    market = ["scope 2 market-based"] if members.get("scope_2") == "market" else []
    energy = members["quantity"].startswith(("energy", "standard_coal", "primary", "crude"))
    names = _IN_THE_NAME if energy else ("entity", *_IN_THE_NAME)
    change = [f"change in {members['change']}"] if "change" in members else []
    return [*scope, *market, *(str(members[name]) for name in names if name in members), *change]
