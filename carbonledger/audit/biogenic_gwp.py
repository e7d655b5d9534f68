"""Doubts about biomass, GWP sets and gases.

References
----------
GHG Protocol Corporate Standard (2004), chapter 9, with the amendment of 2013: biogenic CO2 apart, seven gases, one GWP set.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING

from carbonledger.audit.case import AuditCase
from carbonledger.audit.own_factors import emission_factors, is_own
from carbonledger.core.activities import activities_where, taxonomy
from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Finding
from carbonledger.core.units import conversion_factor
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.factor import Factor
from carbonledger.inventory.coefficients import PlanRow

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["biogenic_gwp"]

# Refrigerants of the Montreal Protocol, which are none of the seven gases.
_OZONE = ("refrigerant.hcfc_", "refrigerant.cfc_", "refrigerant.halon_")
_ALIKE = 1e-6
_UNNAMED = (*activities_where(is_named_only=True, is_vehicle=False), *activities_where(emissions="reported"))
_REFRIGERANT = r"制冷剂|冷媒|雪种|氟利昂|refrigerant|freon"


def biogenic_gwp(case: AuditCase) -> Iterator[Finding]:
    """Biomass CO2 stays outside, its CH4 and N2O inside; one GWP set; CO2 is not called CO2e; refrigerants are named."""
    for row, group in case.plan_lines():
        gases = {item.gas for item in row.gases if item.tco2e}
        activity = taxonomy()[row.activity]
        if activity.kind == "fuel" and activity.origin == "biogenic" and row.scope == 1:
            yield from _biomass(case, row, gases, group)
        yield from _other_basis(case, row, group)
        yield from _only_co2(case, row, group)
        if row.activity.startswith(_OZONE) and row.emissions_tco2e:
            message = f"{row.key}: it is none of the seven gases, but a figure in CO2e puts it into the total."
            yield case.old(
                "BIOGENIC_GWP", "error", message, "Name no factor: its mass is then kept beside the scopes.", group
            )
    yield from _unnamed_refrigerant(case)


def _biomass(case: AuditCase, row: PlanRow, gases: set[str], group: pd.DataFrame) -> Iterator[Finding]:
    """CO2 of biomass in the scope, or its other gases missing."""
    if "CO2" in gases:
        message = f"{row.key}: the CO2 of biomass is inside scope 1."
        yield case.old("BIOGENIC_GWP", "error", message, "Use a factor that reports it as biogenic CO2.", group)
    elif not gases & {"CH4", "N2O", "CO2e"}:
        message = f"{row.key}: the CH4 and N2O of biomass are missing."
        yield case.old("BIOGENIC_GWP", "warning", message, "Use a factor that has them; they are in scope 1.", group)


def _other_basis(case: AuditCase, row: PlanRow, group: pd.DataFrame) -> Iterator[Finding]:
    """A factor in CO2e alone, on other potentials than the inventory's."""
    basis = case.inventory.gwp.source.name.removeprefix("ipcc-").upper()
    for factor in emission_factors(row):
        if factor.gas == "CO2e" and factor.gwp_basis and factor.gwp_basis.split("-")[0] != basis.split("-")[0]:
            message = f"{row.key}: {factor.reference} is CO2e on {factor.gwp_basis} and has no gas split, in an inventory on {basis}."
            remedy = "Use a factor with its gases, or disclose the other basis."
            yield case.old("BIOGENIC_GWP", "warning", message, remedy, group)


def _only_co2(case: AuditCase, row: PlanRow, group: pd.DataFrame) -> Iterator[Finding]:
    """A factor of one's own in CO2e that is a published figure of CO2 alone."""
    for factor in emission_factors(row):
        twin = _published_co2(factor) if factor.gas == "CO2e" and not factor.gwp_basis and is_own(factor) else ""
        if twin:
            message = (
                f"{row.key}: {factor.reference} is called CO2e, but it is the figure that {twin} gives for CO2 alone."
            )
            remedy = "Put CO2 into its column gas, and add CH4 and N2O if they are published."
            yield case.old("BIOGENIC_GWP", "warning", message, remedy, group)


@cache
def _published_co2(factor: Factor) -> str:
    """A published factor of CO2 that says the same number of the same activity; empty if there is none."""
    for name in catalogue():
        for other in read_edition(name).factors(factor.activity, "emission_factor"):
            if other.gas == "CO2" and math.isclose(_in_unit_of(other, factor), factor.value, rel_tol=_ALIKE):
                return other.reference
    return ""


def _in_unit_of(other: Factor, factor: Factor) -> float:
    """A factor in another one's unit; not a number if that cannot be."""
    try:
        return other.value * conversion_factor(other.unit, factor.unit)
    except CarbonLedgerError:
        return math.nan


def _unnamed_refrigerant(case: AuditCase) -> Iterator[Finding]:
    """Refrigerants that are counted as something else, so that nobody can tell which gas leaked."""
    lines = case.lines
    elsewhere = lines["activity"].isin(_UNNAMED)
    named = lines["source"].str.contains(_REFRIGERANT, case=False) | lines["note"].str.contains(
        _REFRIGERANT, case=False
    )
    chosen = lines[elsewhere & named]
    if len(chosen):
        message = "a refrigerant is counted without its species: its gas and potential cannot be told."
        yield case.old(
            "BIOGENIC_GWP",
            "warning",
            message,
            "Enter it as refrigerant with the kind filled in, such as R-410A.",
            chosen,
        )
