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
from carbonledger.core.findings import Finding, Severity
from carbonledger.core.language import Label
from carbonledger.core.printed_number import Outcome
from carbonledger.core.rounding import Interval, decimal_of
from carbonledger.core.units import conversion_factor, is_convertible
from carbonledger.published.computed_numbers import plain_number
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.recalculation import RebuiltFigure
from carbonledger.published.typical_errors import slip_label, typical_error_of
from carbonledger.scope2.loads import Load, loads_of
from carbonledger.scope2.market_based import recognise_typical_error

__all__ = ["avoided_netted_total", "published_differs"]

_TONNES = "t CO2e"
# Beyond this share of rates that fit by chance, a fit says little.
_IDLE = Decimal("0.1")
# Relative, for binary arithmetic.
_LAST_DIGIT = 1e-9


def avoided_netted_total(case: AuditCase) -> Iterator[Finding]:
    """A printed total is neither short of avoided emissions or exports, nor does it hold own use as if bought."""
    slips = _slips(case)
    yield from slips.values()
    total = total_figure(case)
    totals = right_totals(case)
    if total is None or total.figure_id in slips or not (case.country and totals) or follows(total, totals):
        return
    gross = totals.get("market-based") if is_market_based(total) else None
    netted = avoided_netted(case.inventory, total, case.country, case.thresholds.implied_factor, gross)
    if netted is not None:
        yield _about(total, netted)


def _about(total: PublishedFigure, netted: NettedFactor) -> Finding:
    """A printed total that a factor may explain."""
    gap = float(netted.gross_tco2e - total.figure.value)
    grades: tuple[Severity, ...] = ("error", "warning", "note")
    finding = Finding.of(
        "AVOIDED_NETTED",
        printed=total.figure.text,
        gap_t=gap,
        own_mwh=f"{netted.own_mwh.normalize():f}",
        source=_SOURCES[netted.what],
        rate=netted.implied.middle,
        near=tuple(f"{name} {value.normalize():f}" for name, value in netted.near[:3]),
        fit=_FITS if netted.tight else _NEAR,
        chance=_LESS_THAN_1 if netted.chance < Decimal("0.01") else f"{netted.chance * 100:.0f} %",
    )
    severity = grades[(not netted.tight) + (netted.chance >= _IDLE)]
    return finding.as_severity(severity).about((), gap)


_SOURCES = {
    "own use": Label("own use", "自用电量"),
    "generation": Label("own generation", "自发电量"),
}
_FITS = Label("The arithmetic fits.", "算式吻合，")
_NEAR = Label("It is near, but does not give the total.", "数值接近，但不能得出该总量，")
_LESS_THAN_1 = Label("less than 1 %", "不到1 %")


def _slips(case: AuditCase) -> dict[str, Finding]:
    """The known slips of own generation in the printed total and in printed scope 2, by figure."""
    lines, total = case.lines, total_figure(case)
    if (total is None and not case.published) or not case.has_total:
        return {}
    second = float(lines.loc[lines["scope"] == 2, "emissions_tco2e"].sum())
    gross = float(case.inventory.total_location_based().magnitude)
    third = float(lines.loc[lines["scope"] == 3, "emissions_tco2e"].sum())
    asked = [(figure, interval, second) for figure, interval in scope_2_figures(case)]
    if total is not None and not is_market_based(total) and not follows(total, right_totals(case)):
        interval = in_unit(total, _TONNES)
        asked += [(total, interval, whole) for whole in dict.fromkeys((gross, gross - third)) if interval]
    found: dict[str, Finding] = {}
    for figure, interval, whole in asked:
        for load in loads_of(case.inventory, case.year):
            slip = _slip(load, interval, whole)
            if slip and figure.figure_id not in found:
                found[figure.figure_id] = _of_slip(slip, figure, load, abs(float(interval.middle) - whole))
    return found


def _slip(load: Load, printed: Interval, whole: float) -> str:
    """The slip that a printed figure shows in one load, the rest of the whole being right."""
    if load.carrier != "electricity" or not (load.priced_mwh and load.own_use_mwh + load.exported_mwh):
        return ""
    claimed = float(printed.middle) - (whole - load.location_based_tco2e)
    if claimed <= 0:
        return ""
    # Twice the rounding, since the terms may have been rounded too.
    tolerance = float(printed.width) / claimed + _LAST_DIGIT
    name = recognise_typical_error(claimed, load, load.exported_mwh, tolerance)
    moved = {"EXPORT_NETTED": load.exported_mwh}.get(name, load.own_use_mwh)
    # An amount within the tolerance cannot be told from the right figure.
    return name if moved > 2 * tolerance * load.priced_mwh else ""


def _of_slip(slip: str, figure: PublishedFigure, load: Load, gap: float) -> Finding:
    """A printed figure that a known slip explains."""
    values = {
        "figure": _label(figure),
        "printed": f"{figure.figure.text} {figure.unit}",
        "gap_t": gap,
        "country": load.country,
        "purchased_mwh": load.purchased_mwh,
        "own_use_mwh": load.own_use_mwh,
        "exported_mwh": load.exported_mwh,
    }
    return Finding.of(slip, **values).about((), gap)


def _label(figure: PublishedFigure) -> Label | str:
    """What a published figure is called."""
    return figure.label


def published_differs(case: AuditCase) -> Iterator[Finding]:
    """Printed figures follow from the entries; what AVOIDED_NETTED explains is not said again."""
    heard = any(finding.severity != "note" for finding in avoided_netted_total(case))
    explained = total_figure(case) if heard else None
    totals = right_totals(case)
    for item in case.rebuilt:
        whole = item.quantity == "emissions_tco2e" and not (item.activity or item.entity)
        known = explained is not None and item.figure.figure_id == explained.figure_id
        if (
            item.verdict.outcome is Outcome.DOES_NOT_FOLLOW
            and not known
            and not (whole and follows(item.figure, totals))
        ):
            yield _differs(case, item)
    total = total_figure(case)
    tied = {item.figure.figure_id for item in case.rebuilt}
    if total is None or total is explained or total.figure_id in tied or case.published_total is not None or not totals:
        return
    if totals and not follows(total, totals):
        yield _untied(case, total, totals["location-based"])


def _differs(case: AuditCase, item: RebuiltFigure) -> Finding:
    """A printed figure that the engine gives otherwise."""
    verdict, lines = item.verdict, case.lines
    lines = lines[lines["activity"] == item.activity] if item.activity else lines
    lines = lines[lines["entity"] == item.entity] if item.entity else lines
    value = Decimal(0) if verdict.computed is None else verdict.computed
    printed = f"{verdict.printed} {verdict.unit}"
    values = {
        "figure": _label(item.figure),
        "printed": printed,
        "computed": plain_number(value, item.figure.figure.step),
        "distance": plain_number(verdict.distance, digits=4),
    }
    if verdict.slip:
        found = case.finding("PUBLISHED_DIFFERS.typical", lines, **values, error=slip_label(verdict.slip))
    else:
        found = case.finding("PUBLISHED_DIFFERS", lines, **values)
    if item.quantity != "emissions_tco2e":
        return found
    unit = verdict.unit or _TONNES
    # Carbon dioxide alone is what the potentials are relative to: a tonne of it is a tonne of CO2e.
    tonnes = next((name for name in (_TONNES, "t CO2") if is_convertible(unit, name)), unit)
    return replace(found, tonnes_at_stake=float(verdict.distance) * conversion_factor(unit, tonnes))


def _untied(case: AuditCase, total: PublishedFigure, gross: Decimal) -> Finding:
    """A printed total that no relation names."""
    interval = in_unit(total, _TONNES)
    distance = float(interval.distance(gross)) if interval else 0.0
    scaled = gross * Decimal(str(conversion_factor(_TONNES, total.unit)))
    slip = typical_error_of(total.figure, scaled)
    printed = f"{total.figure.text} {total.unit}"
    values = {
        "figure": _label(total),
        "printed": printed,
        "year": case.year,
        "computed": plain_number(scaled, total.figure.step),
        "distance": plain_number(decimal_of(distance), digits=4),
    }
    if slip:
        return Finding.of("PUBLISHED_DIFFERS.untied_typical", **values, error=slip_label(slip)).about((), distance)
    return Finding.of("PUBLISHED_DIFFERS.untied", **values).about((), distance)
