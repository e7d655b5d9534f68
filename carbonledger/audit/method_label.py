"""Doubts about the two methods of scope 2: what each rests on, and whether figures say which.

References
----------
GHG Protocol Scope 2 Guidance (2015), chapters 4, 6 and 7: both methods where instruments exist, each labelled; grid averages for the
location-based one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import cache

from carbonledger.audit.case import AuditCase
from carbonledger.audit.printed import names_its_method, scope_2_figures, total_figure
from carbonledger.core.activities import GRID_ELECTRICITY
from carbonledger.core.findings import Finding
from carbonledger.core.regions import enclosing_regions
from carbonledger.core.units import conversion_factor
from carbonledger.factors.editions import editions_about, is_own, read_edition
from carbonledger.inventory.coefficients import PlanRow

__all__ = ["method_label"]

_SAME = 1e-6
_FAR_BELOW = 0.6
_CONTRACTUAL = {1, 2, 3}


def method_label(case: AuditCase) -> Iterator[Finding]:
    """Location-based uses no contract, both methods stand where instruments exist and differ if used, and printed totals say which."""
    for row, group in case.plan_lines():
        if row.activity == GRID_ELECTRICITY and row.scope == 2 and row.energy_gj:
            doubt = _contractual(case, row)
            if doubt:
                yield case.placed(doubt, group)
    yield from _both_methods(case)
    yield from _printed(case)


def _contractual(case: AuditCase, row: PlanRow) -> Finding | None:
    """The finding that a location-based rate is not a grid average; None if it may be one."""
    rate = row.emissions_tco2e / (row.energy_gj or math.inf) / conversion_factor("GJ", "MWh")
    here = row.key.region.split("-")[0] or case.country
    near = next(
        (name for name, value in _published(here, "residual_mix", here) if math.isclose(rate, value, rel_tol=_SAME)), ""
    )
    if near:
        return Finding.of("METHOD_LABEL.residual", key=row.key.label, rate=rate, residual=near)
    own = next((factor.reference for factor in row.factors if factor.gas and is_own(factor)), "")
    averages = _published(here, "emission_factor", row.key.region or here) if own else ()
    if averages and rate < _FAR_BELOW * averages[-1][1]:
        name, average = averages[-1]
        rates = {"rate": rate, "share": rate / average, "average": average}
        return Finding.of("METHOD_LABEL.contractual", key=row.key.label, own=own, published=name, **rates)
    return None


@cache
def _published(country: str, parameter: str, region: str) -> tuple[tuple[str, float], ...]:
    """What is published about a country's grids for a region or what encloses it, t/MWh, the nearest and newest last."""
    distances = enclosing_regions(region)
    found = [
        factor
        for name in editions_about(country)
        for factor in read_edition(name).factors(GRID_ELECTRICITY, parameter)
        if factor.region in distances and factor.gas in {"CO2", "CO2e"}
    ]
    found.sort(key=lambda factor: (-distances[factor.region], factor.data_year or 0))
    return tuple((factor.reference, factor.value * conversion_factor(factor.unit, "t/MWh")) for factor in found)


def _both_methods(case: AuditCase) -> Iterator[Finding]:
    """Two totals where instruments exist, which differ if instruments were used."""
    result = case.scope_2
    records = (*case.instruments, *case.instrument_settings.unlisted)
    if result is None:
        if records:
            yield Finding.of("METHOD_LABEL.one_total", count=len(records)).at(file=records[0].file)
        return
    if case.instrument_settings.unlisted:
        name, count = case.instrument_settings.unlisted[0].file, len(case.instrument_settings.unlisted)
        yield Finding.of("METHOD_LABEL.not_named", file=name, count=count).at(file=name)
    covered = sum(level.mwh for level in result.levels if level.level in _CONTRACTUAL)
    same = abs(result.market_based_tco2e - result.location_based_tco2e) <= _SAME * max(result.location_based_tco2e, 1.0)
    # Of purchases without a factor the location-based emissions are missing: the two sums cannot be held together.
    if covered and same and case.has_total:
        yield Finding.of("METHOD_LABEL.same", tonnes=result.location_based_tco2e, covered_mwh=covered)


def _printed(case: AuditCase) -> Iterator[Finding]:
    """Printed totals and scope 2 that do not say by which method, where the two differ."""
    result = case.scope_2
    if result is None or math.isclose(result.market_based_tco2e, result.location_based_tco2e, rel_tol=1e-4):
        return
    total = total_figure(case)
    printed = {figure.figure_id: figure for figure, _ in scope_2_figures(case)}
    printed |= {total.figure_id: total} if total else {}
    for figure in printed.values():
        if not names_its_method(figure):
            stake = abs(result.market_based_tco2e - result.location_based_tco2e)
            label = figure.label if figure.label_en else figure.figure_id
            yield Finding.of("METHOD_LABEL.printed", figure=label, printed=figure.figure.text).about((), stake)
