"""Doubts about printed totals and changes.

References
----------
ISO 14064-1:2018, 9.3.3, and GHG Protocol Corporate Standard (2004), chapters 5 and 8: gross totals; years on one basis.
"""

from __future__ import annotations

from collections.abc import Iterator

from carbonledger.accounting.inventory import Inventory
from carbonledger.analysis.audit.case import AuditCase
from carbonledger.analysis.audit.published import avoided_netted
from carbonledger.errors import Finding

__all__ = ["avoided_netted_total", "yoy_basis"]

_CHANGES = {"percent_change", "sum", "difference", "share", "shares_sum", "ratio", "same"}
_SOURCE = ["entity", "site", "source", "activity"]


def avoided_netted_total(case: AuditCase) -> Iterator[Finding]:
    """A printed total is not the gross one less avoided emissions of own generation."""
    if case.printed_total is None or not case.country:
        return
    netted = avoided_netted(case.inventory, case.printed_total, case.country)
    if netted is None:
        return
    near = "; ".join(f"{name} {value.normalize():f}" for name, value in netted.near[:3])
    gap = float(netted.gross_tco2e - case.printed_total.figure.value)
    message = (
        f"the printed total {case.printed_total.figure.text} is {gap:.3f} t below the gross one; over {netted.own_mwh.normalize():f} MWh "
        f"of own generation that is {netted.implied.middle:.4f} t/MWh, near {near}. The arithmetic fits; that it was done is not shown."
    )
    way_out = "Show avoided emissions in a register of their own; the total stays gross."
    yield Finding("AVOIDED_NETTED", "error", message, way_out, tonnes_at_stake=gap)


def yoy_basis(case: AuditCase) -> Iterator[Finding]:
    """Printed relations hold, and a line that changed much, or was calculated otherwise, is explained."""
    for verdict in case.verdicts:
        if verdict.holds == "does not follow" and verdict.relation.kind in _CHANGES:
            message = f"{verdict.relation.title_en}: printed {verdict.printed}, which its figures do not give."
            yield Finding(
                "YOY_BASIS", "error", message, "Recompute it from unrounded values, or correct the figure it rests on."
            )
    if case.previous is None:
        return
    yield from _changes(case, case.previous)
    yield from _methods(case, case.previous)


def _changes(case: AuditCase, previous: Inventory) -> Iterator[Finding]:
    """Lines that changed more than is explained by a note."""
    limit = case.thresholds.unexplained_change_percent
    before, now = (lines.groupby(_SOURCE)["emissions_tco2e"].sum() for lines in (previous.lines, case.lines))
    for key in now.index.intersection(before.index):
        if not before[key] > 0:
            continue
        percent = (now[key] / before[key] - 1) * 100
        group = case.lines
        for column, value in zip(_SOURCE, key, strict=True):
            group = group[group[column] == value]
        if abs(percent) > limit and not group["note"].str.len().sum():
            name = " / ".join(str(part) for part in key if part)
            message = f"{name}: {percent:+.1f} % against last year, without a word."
            yield case.finding(
                "YOY_BASIS",
                "warning",
                message,
                "Explain the change in a note: production, plant, data or method.",
                group,
            )


def _methods(case: AuditCase, previous: Inventory) -> Iterator[Finding]:
    """Years on different GWP sets or factor series cannot be compared."""
    if previous.gwp.edition != case.inventory.gwp.edition:
        message = f"last year is on {previous.gwp.edition}, this year on {case.inventory.gwp.edition}."
        yield Finding("YOY_BASIS", "error", message, "Restate last year on the same GWP set.")
    series = [
        {
            row.activity: {factor.edition.split("@")[0] for factor in row.factors if factor.gas}
            for row in inventory.plan.rows
        }
        for inventory in (previous, case.inventory)
    ]
    for activity in series[0].keys() & series[1].keys():
        if series[0][activity] and series[1][activity] and not series[0][activity] & series[1][activity]:
            message = (
                f"{activity} was calculated with {', '.join(sorted(series[0][activity]))}, now with "
                f"{', '.join(sorted(series[1][activity]))}: a change of method."
            )
            yield Finding(
                "YOY_BASIS", "warning", message, "Restate last year, or report the effect of the change apart."
            )
