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
from carbonledger.audit.other_factors import about_rows, share_of
from carbonledger.core.activities import activities_where, taxonomy
from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Finding
from carbonledger.core.units import conversion_factor
from carbonledger.factors.editions import catalogue, is_own, read_edition
from carbonledger.factors.factor import Factor
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.gas_split import gwp_basis_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["biogenic_gwp"]

# Refrigerants of the Montreal Protocol, which are none of the seven gases.
_OZONE = ("refrigerant.hcfc_", "refrigerant.cfc_", "refrigerant.halon_")
_ALIKE = 1e-6
_SCOPE_3 = 3
_UNNAMED = (*activities_where(is_named_only=True, is_vehicle=False), *activities_where(emissions="reported"))
_REFRIGERANT = r"制冷剂|冷媒|雪种|氟利昂|refrigerant|freon"


def biogenic_gwp(case: AuditCase) -> Iterator[Finding]:
    """Biomass CO2 stays outside, its CH4 and N2O inside; one GWP set; CO2 is not called CO2e; refrigerants are named."""
    for row, group in case.plan_lines():
        gases = {item.gas for item in row.gases if item.tco2e}
        activity = taxonomy()[row.activity]
        if activity.kind == "fuel" and activity.origin == "biogenic" and row.scope == 1:
            yield from _biomass(case, row, gases, group)
        yield from _only_co2(case, row, group)
        if row.activity.startswith(_OZONE) and row.emissions_tco2e:
            yield case.finding("BIOGENIC_GWP.other_gas", group, key=row.key.label)
    yield from _other_bases(case)
    yield from _unnamed_refrigerant(case)


def _biomass(case: AuditCase, row: PlanRow, gases: set[str], group: pd.DataFrame) -> Iterator[Finding]:
    """CO2 of biomass in the scope, or its other gases missing."""
    if "CO2" in gases:
        yield case.finding("BIOGENIC_GWP.co2_inside", group, key=row.key.label)
    elif not gases & {"CH4", "N2O", "CO2e"}:
        yield case.finding("BIOGENIC_GWP.gases_missing", group, key=row.key.label)


def _other_bases(case: AuditCase) -> Iterator[Finding]:
    """Factors in CO2e alone, on other potentials than the inventory's, each edition and basis once.

    Those of scope 3, such as hotel nights, spend and freight, are published in CO2e only: they are to be disclosed, not to be mended.
    """
    own = gwp_basis_of(case.inventory.gwp) or case.inventory.gwp.source.name.removeprefix("ipcc-").upper()
    causes: dict[tuple[str, str, bool], list[PlanRow]] = {}
    for row in case.inventory.plan.rows:
        for factor in row.emission_factors:
            if factor.gas == "CO2e" and factor.gwp_basis and factor.gwp_basis != own:
                avoidable = row.scope != _SCOPE_3
                causes.setdefault((factor.edition, factor.gwp_basis, avoidable), []).append(row)
    for (edition, basis, avoidable), rows in causes.items():
        bases = {"basis": basis, "inventory_basis": own}
        if avoidable:
            factor = next(item for item in rows[0].emission_factors if item.edition == edition)
            said = Finding.of("BIOGENIC_GWP.other_basis", key=rows[0].key.label, factor=factor.reference, **bases)
        else:
            activities = tuple(dict.fromkeys(row.activity for row in rows))
            share = share_of(case, rows)
            said = Finding.of("BIOGENIC_GWP.no_split", activities=activities, edition=edition, share=share, **bases)
        yield about_rows(case, said, rows)


def _only_co2(case: AuditCase, row: PlanRow, group: pd.DataFrame) -> Iterator[Finding]:
    """A factor of one's own in CO2e that is a published figure of CO2 alone."""
    for factor in row.emission_factors:
        twin = _published_co2(factor) if factor.gas == "CO2e" and not factor.gwp_basis and is_own(factor) else ""
        if twin:
            named = {"key": row.key.label, "factor": factor.reference, "published": twin}
            yield case.finding("BIOGENIC_GWP.co2_only", group, **named)


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
        yield case.finding("BIOGENIC_GWP.unnamed_refrigerant", chosen)
