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
from carbonledger.audit.own_factors import is_own
from carbonledger.audit.printed import names_its_method, scope_2_figures, total_figure
from carbonledger.core.activities import GRID_ELECTRICITY
from carbonledger.core.findings import Finding, old_finding
from carbonledger.core.units import conversion_factor
from carbonledger.factors.editions import editions_about, read_edition
from carbonledger.factors.regions import enclosing_regions
from carbonledger.inventory.coefficients import PlanRow

__all__ = ["method_label"]

_SAME = 1e-6
_FAR_BELOW = 0.6
_CONTRACTUAL = {1, 2, 3}


def method_label(case: AuditCase) -> Iterator[Finding]:
    """Location-based uses no contract, both methods stand where instruments exist and differ if used, and printed totals say which."""
    for row, group in case.plan_lines():
        if row.activity == GRID_ELECTRICITY and row.scope == 2 and row.energy_gj:
            what = _contractual(case, row)
            if what:
                remedy = "Use the grid average for the lines; contracts belong to [scope_2] instruments."
                yield case.old("METHOD_LABEL", "error", f"{row.key}: {what}", remedy, group)
    yield from _both_methods(case)
    yield from _printed(case)


def _contractual(case: AuditCase, row: PlanRow) -> str:
    """Why a location-based rate is no grid average; empty if it may be one."""
    rate = row.emissions_tco2e / (row.energy_gj or math.inf) / conversion_factor("GJ", "MWh")
    here = row.key.region.split("-")[0] or case.country
    near = next(
        (name for name, value in _published(here, "residual_mix", here) if math.isclose(rate, value, rel_tol=_SAME)), ""
    )
    if near:
        return f"the location-based scope 2 is calculated at {rate:.4f} t/MWh, the residual mix {near}."
    own = next((factor.reference for factor in row.factors if factor.gas and is_own(factor)), "")
    averages = _published(here, "emission_factor", row.key.region or here) if own else ()
    if averages and rate < _FAR_BELOW * averages[-1][1]:
        name, average = averages[-1]
        return (
            f"the location-based scope 2 is calculated at {rate:.4f} t/MWh of {own}, {rate / average:.0%} of the grid average {name} "
            f"({average:.4f}): it seems to be a supplier's or a contract's."
        )
    return ""


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
            where = f" in {records[0].file}" if records[0].file else ""
            message = f"{len(records)} instrument(s){where} are on record, but only one scope 2 total is formed."
            remedy = "Add [scope_2] with instruments to book.toml, so that both methods are reported."
            yield old_finding("METHOD_LABEL", "error", message, remedy, file=records[0].file)
        return
    if case.instrument_settings.unlisted:
        name = case.instrument_settings.unlisted[0].file
        message = f"{name} lies in the folder with {len(case.instrument_settings.unlisted)} instrument(s), but [scope_2] does not name it: none is used."
        yield old_finding("METHOD_LABEL", "warning", message, f'Set instruments = "{name}" in [scope_2].', file=name)
    covered = sum(level.mwh for level in result.levels if level.level in _CONTRACTUAL)
    same = abs(result.market_based_tco2e - result.location_based_tco2e) <= _SAME * max(result.location_based_tco2e, 1.0)
    if covered and same:
        message = (
            f"both methods give {result.location_based_tco2e:g} t although {covered:g} MWh are covered by instruments."
        )
        yield old_finding("METHOD_LABEL", "error", message, "Check the rates of the instruments and the residual mix.")


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
            message = f"{figure.label_en or figure.figure_id} {figure.figure.text} does not say which scope 2 it holds, and the two differ."
            stake = abs(result.market_based_tco2e - result.location_based_tco2e)
            remedy = "Print location-based or market-based beside it, and put that into its label in the file of published figures."
            yield old_finding("METHOD_LABEL", "warning", message, remedy, tonnes_at_stake=stake)
