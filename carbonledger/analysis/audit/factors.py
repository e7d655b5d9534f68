"""Doubts about the factors that lines were calculated with.

References
----------
GHG Protocol Corporate Standard (2004), chapters 4, 6 and 9, and Scope 2 Guidance (2015), table 6.2: combustion at the point of use or
generation, the year's own factor, one GWP set, biogenic CO2 apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from carbonledger.accounting.coefficients import PlanRow
from carbonledger.activities import taxonomy
from carbonledger.analysis.audit.case import AuditCase
from carbonledger.errors import Finding
from carbonledger.factors.factor import Factor
from carbonledger.units import conversion_factor, dimension_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["biogenic_gwp", "boundary_mix", "energy_table", "factor_year", "unit_1000"]

_UPSTREAM = {"well_to_tank", "life_cycle", "transmission_and_distribution"}
# Refrigerants of the Montreal Protocol, which are none of the seven gases.
_OZONE = ("refrigerant.hcfc_", "refrigerant.cfc_", "refrigerant.halon_")


def _emission_factors(row: PlanRow) -> list[Factor]:
    """The factors of a plan row that decide its emissions."""
    found = [step.factor for gas in row.gases for step in gas.steps if step.factor]
    return [factor for factor in dict.fromkeys(found) if factor.parameter == "emission_factor"]


def factor_year(case: AuditCase) -> Iterator[Finding]:
    """Grid factors are of the activity's year or a little earlier, never later, and of one vintage per grid."""
    vintages: dict[tuple[str, str, int], dict[int, list[int]]] = {}
    for row, group in case.plan_lines():
        if row.scope != 2 or not row.key.year:
            continue
        for factor in _emission_factors(row):
            if factor.data_year is not None:
                by_grid = vintages.setdefault((row.activity, row.key.region, row.key.year), {})
                by_grid.setdefault(factor.data_year, []).extend(group.index)
                yield from _lag(case, row, factor, factor.data_year, group)
    for (activity, region, year), found in vintages.items():
        if len(found) > 1:
            lines = case.lines.loc[sorted({index for indices in found.values() for index in indices})]
            message = f"{activity} of {region}, {year}, is calculated with factors of {' and '.join(map(str, sorted(found)))}."
            yield case.finding("FACTOR_YEAR", "error", message, "Use one vintage for one grid and year.", lines)


def _lag(case: AuditCase, row: PlanRow, factor: Factor, data_year: int, group: pd.DataFrame) -> Iterator[Finding]:
    """A factor that is newer than its activity, or much older."""
    lag = row.key.year - data_year
    if lag < 0:
        message = f"{row.key}: the factor {factor.reference} describes {data_year}, after the activity."
        yield case.finding(
            "FACTOR_YEAR", "error", message, "Pin the vintage of the year or the latest before it.", group
        )
    elif lag > case.thresholds.factor_lag_years:
        message = f"{row.key}: the factor {factor.reference} describes {data_year}, {lag} years before."
        yield case.finding("FACTOR_YEAR", "warning", message, "Pin a newer vintage, or say why there is none.", group)


def unit_1000(case: AuditCase) -> Iterator[Finding]:
    """No factor is a thousand times too large or small: its rate per GJ or MWh is one that the carrier can have."""
    limits = case.thresholds
    for row, group in case.plan_lines():
        kind = taxonomy()[row.activity].kind
        if not row.energy_gj or not row.emissions_tco2e or row.scope == 3:
            continue
        rate = row.emissions_tco2e / row.energy_gj
        low, high = 0.0, 0.0
        if kind == "fuel" and taxonomy()[row.activity].origin == "fossil":
            low, high = limits.fuel_rate_min, limits.fuel_rate_max
        elif kind == "electricity":
            high = limits.grid_rate_max * conversion_factor("GJ", "MWh")
            low = high * 1e-3
        elif kind == "heat":
            high = limits.heat_rate_max
            low = high * 1e-2
        if high and not low <= rate <= high:
            message = (
                f"{row.key}: {rate:.4g} t CO2e per GJ lies outside {low:.3g} to {high:.3g}, what this carrier can emit."
            )
            way_out = "Check the unit of the factor: kg or t, MJ or GJ, kWh or MWh."
            yield case.finding("UNIT_1000", "error", message, way_out, group)


def boundary_mix(case: AuditCase) -> Iterator[Finding]:
    """Scopes 1 and 2 use combustion or generation factors; upstream and grid losses belong to scope 3, category 3."""
    for row, group in case.plan_lines():
        if row.scope not in {1, 2}:
            continue
        wrong = [factor for factor in _emission_factors(row) if factor.boundary in _UPSTREAM]
        if wrong:
            message = f"{row.key}: {wrong[0].reference} is a {wrong[0].boundary.replace('_', ' ')} factor on scope {row.scope}."
            way_out = "Use a combustion or generation factor; the upstream part is scope 3, category 3."
            yield case.finding("BOUNDARY_MIX", "error", message, way_out, group)
        elif row.activity.startswith("fuel.diesel") and dimension_of(row.unit) == "volume":
            per_litre = row.emissions_tco2e * conversion_factor("t", "kg") / conversion_factor(row.unit, "litre")
            if per_litre > case.thresholds.diesel_kg_per_litre:
                message = f"{row.key}: {per_litre:.3g} kg CO2e per litre is more than the combustion of diesel gives."
                yield case.finding("BOUNDARY_MIX", "warning", message, "Check for a well-to-wheel factor.", group)


def biogenic_gwp(case: AuditCase) -> Iterator[Finding]:
    """Biomass CO2 stays outside, its CH4 and N2O inside; one GWP set; refrigerants outside the seven gases apart."""
    for row, group in case.plan_lines():
        gases = {item.gas for item in row.gases if item.tco2e}
        activity = taxonomy()[row.activity]
        if activity.kind == "fuel" and activity.origin == "biogenic" and row.scope == 1:
            yield from _biomass(case, row, gases, group)
        yield from _other_basis(case, row, group)
        if row.activity.startswith(_OZONE) and row.emissions_tco2e:
            message = f"{row.key}: it is none of the seven gases, but a figure in CO2e puts it into the total."
            yield case.finding(
                "BIOGENIC_GWP", "error", message, "Name no factor: its mass is then kept beside the scopes.", group
            )


def _biomass(case: AuditCase, row: PlanRow, gases: set[str], group: pd.DataFrame) -> Iterator[Finding]:
    """CO2 of biomass in the scope, or its other gases missing."""
    if "CO2" in gases:
        message = f"{row.key}: the CO2 of biomass is inside scope 1."
        yield case.finding("BIOGENIC_GWP", "error", message, "Use a factor that reports it as biogenic CO2.", group)
    elif not gases & {"CH4", "N2O", "CO2e"}:
        message = f"{row.key}: the CH4 and N2O of biomass are missing."
        yield case.finding(
            "BIOGENIC_GWP", "warning", message, "Use a factor that has them; they are in scope 1.", group
        )


def _other_basis(case: AuditCase, row: PlanRow, group: pd.DataFrame) -> Iterator[Finding]:
    """A factor in CO2e alone, on other potentials than the inventory's."""
    basis = case.inventory.gwp.source.name.removeprefix("ipcc-").upper()
    for factor in _emission_factors(row):
        if factor.gas == "CO2e" and factor.gwp_basis and factor.gwp_basis.split("-")[0] != basis.split("-")[0]:
            message = f"{row.key}: {factor.reference} is CO2e on {factor.gwp_basis} and has no gas split, in an inventory on {basis}."
            way_out = "Use a factor with its gases, or disclose the other basis."
            yield case.finding("BIOGENIC_GWP", "warning", message, way_out, group)


def energy_table(case: AuditCase) -> Iterator[Finding]:
    """What emits as a fuel has energy, on one heating value, and the other way round."""
    bases: dict[str, str] = {}
    for row, group in case.plan_lines():
        activity = taxonomy()[row.activity]
        if not activity.is_energy or row.scope == 3:
            continue
        if row.energy_gj is None and row.emissions_tco2e:
            message = f"{row.key}: it has emissions but no energy, so that the energy total is too small."
            way_out = "Pin an edition with its calorific value in the energy role."
            yield case.finding("ENERGY_TABLE", "error", message, way_out, group)
        found = {step.factor.heating_value for step in row.energy_steps if step.factor} - {""}
        stated = {"gross", "net"} & set(row.key.factor.split())
        for basis in found | (stated if activity.kind == "fuel" else set()):
            bases.setdefault(basis, str(row.key))
    if len(bases) > 1:
        message = "the energy total mixes heating values: " + "; ".join(
            f"{basis} for {key}" for basis, key in bases.items()
        )
        yield Finding(
            "ENERGY_TABLE", "warning", message + ".", "Convert all fuels to one heating value, or disclose both."
        )
