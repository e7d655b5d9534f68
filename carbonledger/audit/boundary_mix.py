"""Doubts about what a factor covers: upstream inside scopes 1 and 2, or counted twice.

References
----------
GHG Protocol Corporate Standard (2004), chapter 4, and Scope 2 Guidance (2015), tables 6.2 and 6.3: combustion at the point of use or
generation; upstream and losses are scope 3, category 3 (Scope 3 Standard (2011), table 5.4).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from carbonledger.activity_data.notes import noted
from carbonledger.activity_data.row_groups import codes_of, row_blocks
from carbonledger.audit.case import AuditCase
from carbonledger.core.activities import DIESEL, WELL_TO_TANK, activities_where, taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.units import conversion_factor, dimension_of
from carbonledger.factors.editions import catalogue, read_edition
from carbonledger.factors.factor import Factor
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.scope3_categories import category_of

__all__ = ["boundary_mix"]

# What a factor of scope 1 or 2 may cover; an edition of several kinds says nothing about the row.
_DIRECT = frozenset(
    {"", "combustion", "generation", "refrigerant", "biogenic", "fugitive", "process", "treatment", "mixed"}
)
_FUEL_AND_ENERGY = 3
# Scope 3 Standard (2011), table 5.4: transport, travel, commuting, leased assets, use of sold products, franchises, investments.
_ON_THE_ROAD = frozenset({4, 6, 7, 9})
_BURNT_BY_OTHERS = _ON_THE_ROAD | {8, 11, 13, 14, 15}


def boundary_mix(case: AuditCase) -> Iterator[Finding]:
    """Scopes 1 and 2 use combustion or generation factors; upstream and grid losses belong to scope 3, category 3."""
    for row, group in case.plan_lines():
        if row.scope not in {1, 2}:
            continue
        wrong = [factor for factor in row.emission_factors if boundary_of(case, factor) not in _DIRECT]
        if wrong:
            boundary = boundary_of(case, wrong[0]).replace("_", " ")
            named = {"key": row.key.label, "factor": wrong[0].reference, "beside": _beside(case, row)}
            yield case.finding("BOUNDARY_MIX.upstream", group, boundary=boundary, scope=row.scope, **named)
        elif row.activity == DIESEL:
            per_litre = _kg_per_litre(row)
            if per_litre > case.thresholds.diesel_kg_per_litre:
                named = {"key": row.key.label, "beside": _beside(case, row)}
                yield case.finding("BOUNDARY_MIX.diesel", group, kg_per_litre=per_litre, **named)
    yield from _own_fuel_in_scope_3(case)
    yield from _no_category_3(case)


def _own_fuel_in_scope_3(case: AuditCase) -> Iterator[Finding]:
    """Fuel that is burnt stands in a category of scope 3 only where another company burns it."""
    bills = case.bills
    categories = bills.frame["scope_3_category"].to_numpy()
    doubtful = (categories != 0) & bills.where("activity", activities_where(kind="fuel"))
    if not doubtful.any():
        return
    codes = codes_of(bills.frame, [bills.source, "scope_3_category"])
    for rows in row_blocks(codes, doubtful):
        group, category = bills.frame.iloc[rows], int(categories[rows[0]])
        of_source = categories[bills.source == bills.source[rows[0]]]
        why = _contradicted(str(group["activity"].iloc[0]), category, mixed=bool((of_source != category).any()))
        if why and not noted(group).all():
            yield case.finding(
                "BOUNDARY_MIX.category",
                group,
                source=bills.name(int(bills.source[rows[0]])),
                category=category,
                why=why,
            )


def _contradicted(activity: str, category: int, *, mixed: bool) -> Label | None:
    """Why burnt fuel is not of a category; None if it may be."""
    if mixed:
        return Label("other bills of the same source do not name", "同一来源的其他账单没有该类别")
    if category not in _BURNT_BY_OTHERS:
        return Label("holds no combustion", "该类别不含燃烧排放")
    if category in _ON_THE_ROAD and taxonomy()[activity].measured_in("normal_volume"):
        return Label("is of vehicles", "该类别属于运输")
    return Label("is of vehicles and plants of others, which no note names", "该类别属于他方的车辆或设施，备注未作说明")


def boundary_of(case: AuditCase, factor: Factor) -> str:
    """What a factor covers, as its row says, else its edition."""
    if factor.boundary:
        return factor.boundary
    edition = case.inventory.editions.get(factor.edition)
    return str(edition.metadata.get("boundary") or "") if edition else ""


def _upstream(case: AuditCase) -> list[PlanRow]:
    """The plan rows of scope 3, category 3."""
    rows = [row for row, _ in case.plan_lines() if row.scope == 3]
    return [row for row in rows if category_of(row.activity, row.key.scope_3_category) == _FUEL_AND_ENERGY]


def _beside(case: AuditCase, row: PlanRow) -> Label:
    """What scope 3, category 3 holds beside a factor with its upstream."""
    rows = _upstream(case)
    fuel = row.activity.rpartition(".")[2]
    if any(fuel in other.activity or other.activity == row.activity for other in rows):
        return Label("; category 3 counts the upstream again", "，类别3又计入了上游")
    missing = Label("; category 3, where the upstream belongs, has no line", "，而上游所属的类别3没有数据")
    return Label("", "") if rows else missing


def _no_category_3(case: AuditCase) -> Iterator[Finding]:
    """Scope 3 is reported without category 3 although the pinned editions have upstream factors of what is burnt."""
    lines = case.lines
    if not (lines["scope"] == 3).any() or _upstream(case):
        return
    burnt = {row.activity for row, _ in case.plan_lines() if row.scope == 1 and taxonomy()[row.activity].kind == "fuel"}
    offered = sorted(name for name in burnt if _offers_upstream(case, name))
    if offered:
        yield Finding.of("BOUNDARY_MIX.no_category_3", fuels=tuple(offered))


def _offers_upstream(case: AuditCase, activity: str) -> bool:
    """Whether a pinned edition has a well-to-tank factor of a fuel."""
    return any(
        edition.factors(f"{WELL_TO_TANK}{activity}", "emission_factor")
        for edition in case.inventory.factors.in_role("emissions")
    )


def _kg_per_litre(row: PlanRow) -> float:
    """The emissions of a litre of diesel, whatever unit it was bought in; 0 if that cannot be said."""
    kilograms = row.emissions_tco2e * conversion_factor("t", "kg")
    if dimension_of(row.unit) == "volume":
        return kilograms / conversion_factor(row.unit, "litre")
    if dimension_of(row.unit) == "mass":
        return kilograms / conversion_factor(row.unit, "kg") * _diesel_kg_per_litre()
    return 0.0


@cache
def _diesel_kg_per_litre() -> float:
    """The density of diesel in the newest carried edition that prices it by litre and by tonne, kg/L; 0 if there is none."""
    newest = max((name for name in catalogue() if name.startswith("uk-desnz@")), default="")
    rates = {
        factor.unit: factor.value
        for factor in (read_edition(newest).factors(DIESEL, "emission_factor") if newest else ())
        if (factor.gas, factor.variant, factor.boundary) == ("CO2", "mineral", "combustion")
    }
    per_kg = rates.get("kg/t", 0.0) * conversion_factor("kg", "t")
    return rates.get("kg/L", 0.0) / per_kg if per_kg else 0.0
