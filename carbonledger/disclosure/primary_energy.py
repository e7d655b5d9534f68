"""Energy as a national convention prices it, beside the energy table and never in it.

Japan's Energy Conservation Act prices a kilowatt-hour at the primary energy behind it and expresses the sum in
crude oil; China's 等价值 prices it at the coal that generated it. Each convention is an edition in the role
``conventions`` and has a table and a total of its own: a kilowatt-hour of 3.6 MJ and one of 8.64 MJ are never added.

References
----------
Act on Rationalizing Energy Use (Japan), enforcement regulations, article 4 and annexed table 1. GB/T 2589-2020, 等价值 against 当量值.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import MissingBridgeError
from carbonledger.core.regions import enclosing_regions
from carbonledger.core.units import conversion_factor
from carbonledger.factors.factor import Edition
from carbonledger.factors.matching import Match, Query, find_factors
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.bridges import Bridge, End, step_of, walk
from carbonledger.inventory.coefficients import PlanRow, Step
from carbonledger.inventory.inventory import Inventory
from carbonledger.inventory.measure import denominator_of, factor_measure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ROLE", "national_energy"]

ROLE = "conventions"
_COLUMNS = [
    "convention",
    "level",
    "activity",
    "unit",
    "amount",
    "primary_energy_gj",
    "primary_energy_tce",
    "oil_equivalent_kl",
    "formula",
]
_SUMMED = ("primary_energy_gj", "primary_energy_tce", "oil_equivalent_kl")


class _Priced(NamedTuple):
    """The primary energy of one unit of a carrier, GJ, and how it came about."""

    gj: float
    formula: str


def national_energy(inventory: Inventory[Any]) -> pd.DataFrame:
    """The energy of an inventory under each pinned national convention.

    Parameters
    ----------
    inventory : Inventory
        With editions in the role ``conventions``. Energy of scope 3 and energy sold stay out, as in the energy table.

    Returns
    -------
    pandas.DataFrame
        ``convention`` (its edition), ``level`` (``row`` or ``total``, one total per convention and none over all), ``activity``,
        ``unit``, ``amount`` [unit], ``primary_energy_gj`` [GJ], ``primary_energy_tce`` [tce, 29.3076 GJ], ``oil_equivalent_kl`` [kL of
        crude oil, if the convention has such a coefficient], ``formula``. Only entries of the convention's region count. A carrier that
        the convention does not price has no energy, and neither has its total. Empty if no convention is pinned.
    """
    import pandas as pd

    tables = [_table(inventory, edition) for edition in inventory.factors.in_role(ROLE)]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=_COLUMNS)


def _table(inventory: Inventory, edition: Edition) -> pd.DataFrame:
    """The rows of one convention and their total."""
    import pandas as pd

    alone = replace(inventory.factors, roles={**inventory.factors.roles, ROLE: (edition,)})
    rows = []
    for row, amount in inventory.energy_amounts():
        inside = any(region in enclosing_regions(row.key.region or "GLOBAL") for region in edition.regions)
        if row.scope == 3 or not taxonomy()[row.activity].is_energy or not inside:
            continue
        priced = _priced(row, alone)
        gj = amount * priced.gj if priced else float("nan")
        rows.append([edition.id, "row", row.activity, row.unit, amount, gj, priced.formula if priced else ""])
    table = pd.DataFrame(rows, columns=[name for name in _COLUMNS if name not in _SUMMED[1:]])
    table = table.groupby(["convention", "level", "activity", "unit", "formula"], sort=False, as_index=False).sum(
        min_count=1
    )
    total = {
        "convention": edition.id,
        "level": "total",
        "activity": "",
        "unit": "",
        "amount": float("nan"),
        "formula": "",
    }
    whole = table["primary_energy_gj"].sum(skipna=False) if len(table) else float("nan")
    table = pd.concat([table, pd.DataFrame([{**total, "primary_energy_gj": whole}])], ignore_index=True)
    table["primary_energy_tce"] = table["primary_energy_gj"] * conversion_factor("GJ", "tce")
    table["oil_equivalent_kl"] = table["primary_energy_gj"] * _oil_per_gj(alone)
    return table[_COLUMNS]


def _priced(row: PlanRow, factors: PinnedFactors) -> _Priced | None:
    """The primary energy of one unit; of a fuel without a coefficient of its own that of the standard-coal table, which knows no other."""
    key = row.key

    def found(role: str, parameter: str) -> tuple[Match, ...]:
        return find_factors(factors, Query(role, row.activity, parameter, key.region, key.year or None)).matches

    matches = found(ROLE, "primary_energy")
    if not matches and taxonomy()[row.activity].kind == "fuel":
        matches = found("standard_coal", "standard_coal")
    bridges = [Bridge(match) for role in ("energy", "emissions") for match in found(role, "density")][:1]
    for match in matches:
        try:
            way = walk(End(row.unit), End(denominator_of(match.factor.unit)), bridges, key.of("energy"))
        except MissingBridgeError:
            continue
        energy = (way.measure * factor_measure(match.factor)).of("GJ")
        return _Priced(energy, _formula(row.unit, (*way.steps, step_of(match))))
    return None


def _formula(unit: str, steps: tuple[Step, ...]) -> str:
    """The steps from one unit."""
    return " ".join([f"1 {unit}", *(step.text for step in steps)])


def _oil_per_gj(factors: PinnedFactors) -> float:
    """The kL of crude oil that a convention puts for a GJ; not a number if it does not."""
    for edition in factors.in_role(ROLE):
        for factor in edition.factors("primary_energy", "oil_equivalent"):
            return factor_measure(factor).of("kL/GJ")
    return float("nan")
