"""Doubts about printed totals: avoided emissions netted, and figures that do not follow from the entries.

References
----------
ISO 14064-1:2018, 9.3.3, and GHG Protocol Corporate Standard (2004), chapters 5 and 8: gross totals. Scope 2 Guidance (2015), 5.4: gross
purchases, own use at 0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from carbonledger.audit.case import AuditCase
from carbonledger.audit.netted_factor import NettedFactor, avoided_netted
from carbonledger.audit.printed import (
    follows,
    in_unit,
    is_market_based,
    right_totals,
    scope_2_figures,
    total_figure,
)
from carbonledger.core.findings import Finding, Severity, old_finding
from carbonledger.core.printed_number import Outcome
from carbonledger.core.rounding import Interval
from carbonledger.core.units import conversion_factor
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.recalculation import RebuiltFigure
from carbonledger.published.typical_errors import typical_error_of
from carbonledger.scope2.loads import Load, loads_of
from carbonledger.scope2.market_based import recognise_typical_error

__all__ = ["avoided_netted_total", "published_differs"]

_TONNES = "t CO2e"
# Beyond this share of rates that fit by chance, a fit says little.
_IDLE = Decimal("0.1")
# Relative, for binary arithmetic.
_LAST_DIGIT = 1e-9
_SLIPS = {
    "PV_NETTED": "own use was taken off at the grid's rate, although it lowers the purchases already",
    "EXPORT_NETTED": "exported electricity was taken off the purchases",
    "PV_PRICED_AS_GRID": "own use was counted as if it had been bought",
}


def avoided_netted_total(case: AuditCase) -> Iterator[Finding]:
    """A printed total is neither short of avoided emissions or exports, nor does it hold own use as if bought."""
    slips = _slips(case)
    yield from slips.values()
    total = total_figure(case)
    totals = right_totals(case)
    if total is None or total.figure_id in slips or not case.country or follows(total, totals):
        return
    gross = totals.get("market-based") if is_market_based(total) else None
    netted = avoided_netted(case.inventory, total, case.country, case.thresholds.implied_factor, gross)
    if netted is not None:
        yield _about(total, netted)


def _about(total: PublishedFigure, netted: NettedFactor) -> Finding:
    """A printed total that a factor may explain."""
    near = "; ".join(f"{name} {value.normalize():f}" for name, value in netted.near[:3])
    gap = float(netted.gross_tco2e - total.figure.value)
    share = "less than 1" if netted.chance < Decimal("0.01") else f"{netted.chance * 100:.0f}"
    message = (
        f"the printed total {total.figure.text} is {gap:.3f} t below the gross one; over {netted.own_mwh.normalize():f} MWh "
        f"of {netted.what} of one's own that is {netted.implied.middle:.4f} t/MWh, near {near}. "
        f"{'The arithmetic fits' if netted.tight else 'It is near, but does not give the total'}; that it was done is not shown: "
        f"{share} % of the rates around it would be as near by chance."
    )
    grades: tuple[Severity, ...] = ("error", "warning", "note")
    severity = grades[(not netted.tight) + (netted.chance >= _IDLE)]
    remedy = "Show avoided emissions in a register of their own; the total stays gross."
    return old_finding("AVOIDED_NETTED", severity, message, remedy, tonnes_at_stake=gap)


def _slips(case: AuditCase) -> dict[str, Finding]:
    """The known slips of own generation in the printed total and in printed scope 2, by figure."""
    lines, markets = case.lines, loads_of(case.inventory, case.year)
    second = float(lines.loc[lines["scope"] == 2, "emissions_tco2e"].sum())
    gross = float(case.inventory.total_location_based().magnitude)
    third = float(lines.loc[lines["scope"] == 3, "emissions_tco2e"].sum())
    total = total_figure(case)
    asked = [(figure, interval, second) for figure, interval in scope_2_figures(case)]
    if total is not None and not is_market_based(total) and not follows(total, right_totals(case)):
        interval = in_unit(total, _TONNES)
        asked += [(total, interval, whole) for whole in dict.fromkeys((gross, gross - third)) if interval]
    found: dict[str, Finding] = {}
    for figure, interval, whole in asked:
        for market in markets:
            slip = _slip(market, interval, whole)
            if slip and figure.figure_id not in found:
                found[figure.figure_id] = _of_slip(slip, figure, market, abs(float(interval.middle) - whole))
    return found


def _slip(market: Load, printed: Interval, whole: float) -> str:
    """The slip that a printed figure shows in one market, the rest of the whole being right."""
    if market.carrier != "electricity" or not (market.purchased_mwh and market.own_use_mwh + market.exported_mwh):
        return ""
    claimed = float(printed.middle) - (whole - market.location_based_tco2e)
    if claimed <= 0:
        return ""
    # Twice the rounding, since the terms may have been rounded too.
    tolerance = float(printed.width) / claimed + _LAST_DIGIT
    name = recognise_typical_error(claimed, market, market.exported_mwh, tolerance)
    moved = {"EXPORT_NETTED": market.exported_mwh}.get(name, market.own_use_mwh)
    # An amount within the tolerance cannot be told from the right figure.
    return name if moved > 2 * tolerance * market.purchased_mwh else ""


def _of_slip(slip: str, figure: PublishedFigure, market: Load, gap: float) -> Finding:
    """A printed figure that a known slip explains."""
    message = (
        f"{figure.label_en or figure.figure_id}: {figure.figure.text} {figure.unit} is {gap:.2f} t off, as if {_SLIPS[slip]} "
        f"({market.name}: purchases {market.purchased_mwh:g}, own use {market.own_use_mwh:g}, export {market.exported_mwh:g} MWh). "
        "The arithmetic fits; that it was done is not shown."
    )
    remedy = "Count gross purchases at the grid's rate and own use at 0; exports and avoided emissions stand apart."
    return old_finding(slip, "error", message, remedy, tonnes_at_stake=gap)


def published_differs(case: AuditCase) -> Iterator[Finding]:
    """Printed figures follow from the entries; what AVOIDED_NETTED explains is not said again."""
    heard = any(finding.severity != "note" for finding in avoided_netted_total(case))
    explained = total_figure(case) if heard else None
    totals = right_totals(case)
    for item in case.rebuilt:
        whole = item.quantity == "emissions_tco2e" and not (item.activity or item.entity)
        known = explained is not None and item.figure.figure_id == explained.figure_id
        if item.verdict.outcome is Outcome.DOES_NOT_FOLLOW and not known and not (whole and follows(item.figure, totals)):
            yield _differs(case, item)
    total = total_figure(case)
    tied = {item.figure.figure_id for item in case.rebuilt}
    if total is None or total is explained or total.figure_id in tied or case.published_total is not None:
        return
    if not follows(total, totals):
        yield _untied(case, total, totals["location-based"])


def _differs(case: AuditCase, item: RebuiltFigure) -> Finding:
    """A printed figure that the engine gives otherwise."""
    verdict, lines = item.verdict, case.lines
    lines = lines[lines["activity"] == item.activity] if item.activity else lines
    lines = lines[lines["entity"] == item.entity] if item.entity else lines
    slip = f" {verdict.slip} would give it." if verdict.slip else ""
    value = verdict.computed if isinstance(verdict.computed, Decimal) else Decimal(0)
    message = (
        f"{item.figure.label_en or item.figure.figure_id}: printed {verdict.printed} {verdict.unit}, but the entries give "
        f"{value:.6g}, {verdict.distance:.4g} beyond all rounding.{slip}"
    )
    found = case.old("PUBLISHED_DIFFERS", "warning", message, _WAY_OUT, lines)
    if item.quantity != "emissions_tco2e":
        return found
    return replace(found, tonnes_at_stake=float(verdict.distance) * conversion_factor(verdict.unit or _TONNES, _TONNES))


_WAY_OUT = "Find the entry, factor or unit that differs, or correct the printed figure."


def _untied(case: AuditCase, total: PublishedFigure, gross: Decimal) -> Finding:
    """A printed total that no relation names."""
    interval = in_unit(total, _TONNES)
    distance = float(interval.distance(gross)) if interval else 0.0
    scaled = gross * Decimal(str(conversion_factor(_TONNES, total.unit)))
    slip = typical_error_of(total.figure, scaled)
    message = (
        f"{total.label_en or total.figure_id}: printed {total.figure.text} {total.unit}, but the entries of {case.year} give "
        f"{scaled:.6g}, {distance:.4g} t beyond all rounding.{f' {slip} would give it.' if slip else ''}"
    )
    remedy = f"{_WAY_OUT} A relation of kind rebuild ties a printed figure to its entries."
    return old_finding("PUBLISHED_DIFFERS", "warning", message, remedy, tonnes_at_stake=distance)
