"""Doubts about printed relations, and about two years that are compared.

References
----------
GHG Protocol Corporate Standard (2004), chapter 5, and ISO 14064-1:2018, 6.4: years on one perimeter, method and GWP set, or a word.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from carbonledger.activity_data.notes import noted
from carbonledger.audit.avoided_netted import published_differs
from carbonledger.audit.case import SOURCE, AuditCase, name_of
from carbonledger.core.findings import Finding, Message
from carbonledger.core.printed_number import Outcome
from carbonledger.core.rounding import Interval
from carbonledger.inventory.inventory import Inventory
from carbonledger.published.computed_numbers import plain_number
from carbonledger.published.typical_errors import slip_text
from carbonledger.published.verdicts import Verdict

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["published_relations", "yoy_basis"]

# The rule of each kind of relation.
_RULES: Mapping[str, str] = {
    "percent_change": "YOY_BASIS",
    "steady": "YOY_BASIS",
    "sum": "FOOTING",
    "difference": "FOOTING",
    "count": "FOOTING",
    "share": "SHARE_OF_TOTAL",
    "shares_sum": "SHARE_OF_TOTAL",
    "ratio": "CONVERSION",
    "unit_conversion": "CONVERSION",
    "same": "REPEATED_FIGURE",
}
_MOST = 0.5


def yoy_basis(case: AuditCase) -> Iterator[Finding]:
    """Printed figures and relations hold, and a line that changed much, or was calculated otherwise, is explained."""
    yield from published_differs(case)
    yield from published_relations(case)
    if case.previous is None:
        return
    yield from _changes(case, case.previous)
    yield from _perimeter(case, case.previous)
    yield from _methods(case, case.previous)


def published_relations(case: AuditCase) -> Iterator[Finding]:
    """Relations of printed figures that do not hold, cannot be evaluated, or contradict each other; no inventory is needed.

    Parameters
    ----------
    case : AuditCase
        With published figures and their verdicts.

    Yields
    ------
    Finding
    """
    failed = set()
    for verdict in case.verdicts:
        if verdict.outcome is Outcome.DOES_NOT_FOLLOW:
            failed.add(verdict.relation.relation_id)
            yield _failed(verdict)
    for verdict in (*case.verdicts, *(item.verdict for item in case.rebuilt)):
        if verdict.problem is not None:
            yield _not_evaluated(verdict, verdict.problem)
    yield from _clashes(case, failed)


def _not_evaluated(verdict: Verdict, problem: Message) -> Finding:
    """A relation that cannot be evaluated, with the reason."""
    if problem.rule.name == "RELATION":
        return Finding.from_message(problem)
    return Finding.of("RELATION.not_evaluated", relation=verdict.relation.relation_id, problem=problem)


def _failed(verdict: Verdict) -> Finding:
    """A printed figure that does not follow from those it rests on."""
    rule, relation, printed = _RULES[verdict.relation.kind], verdict.relation.title, verdict.printed
    computed = verdict.computed
    if computed is None or (
        isinstance(computed, Interval) and not (computed.low.is_finite() and computed.high.is_finite())
    ):
        return Finding.of(f"{rule}.relation", relation=relation, printed=printed)
    unit = "" if verdict.unit in {"", "1"} else "%" if verdict.unit == "percent" else verdict.unit
    text = f"{plain_number(computed)} {unit}".strip()
    if verdict.slip:
        error = slip_text(verdict.slip, verdict.at_fault)
        return Finding.of(f"{rule}.slip", relation=relation, printed=printed, computed=text, error=error)
    case = "YOY_BASIS.calculated" if rule == "YOY_BASIS" else rule
    return Finding.of(case, relation=relation, printed=printed, computed=text)


def _clashes(case: AuditCase, failed: set[str]) -> Iterator[Finding]:
    """Relations that hold one by one but not together."""
    for clash in case.contradictions:
        if failed.isdisjoint(clash.relations):
            figures = tuple(
                f"{name} {case.published[name].figure.text}" if name in case.published else name
                for name in clash.figures
            )
            yield Finding.of("FIGURES_CONTRADICT", figures=figures, relations=tuple(clash.relations))


def _changes(case: AuditCase, previous: Inventory) -> Iterator[Finding]:
    """Lines that changed more than is explained by notes."""
    limit = case.thresholds.unexplained_change_percent
    before, now = (lines.groupby(SOURCE)["emissions_tco2e"].sum() for lines in (previous.lines, case.lines))
    for key in now.index.intersection(before.index):
        percent = _percent(float(now[key]), float(before[key]))
        if abs(percent) <= limit:
            continue
        group = case.lines_of(SOURCE, key)
        rest = _unexplained(group, case.previous_lines_of(SOURCE, key))
        if abs(rest) > limit:
            change = {"source": name_of(key), "percent": percent}
            if noted(group).any():
                yield case.finding("YOY_BASIS.partly_explained", group, **change)
            else:
                yield case.finding("YOY_BASIS.unexplained", group, **change)


def _percent(now: float, before: float) -> float:
    """The change in per cent; 0 if there was nothing before."""
    return (now / before - 1) * 100 if before > 0 else 0.0


def _unexplained(group: pd.DataFrame, before: pd.DataFrame) -> float:
    """The change of the bills without a note against their own months, per cent; 0 if most bills carry one."""
    said = noted(group)
    if said.mean() > _MOST or not len(before):
        return 0.0
    months = set(group.loc[~said, "start"].map(lambda day: day.month))
    alike = before[before["start"].map(lambda day: day.month).isin(months)]
    if not said.any() or not len(alike):
        alike = before
    return _percent(float(group.loc[~said, "emissions_tco2e"].sum()), float(alike["emissions_tco2e"].sum()))


def _perimeter(case: AuditCase, previous: Inventory) -> Iterator[Finding]:
    """Companies and sites that only one of the two years has, without a date or a word."""
    dated = {(place.entity, place.id) for place in case.sites if place.valid_from or place.valid_to}
    columns = ["entity", "site"]
    of_year = [case.places_of(inventory) for inventory in (previous, case.inventory)]
    years = [set(zip(*(lines[name] for name in columns), strict=True)) for lines in of_year]
    for key in sorted(years[0] ^ years[1]):
        now = case.lines_of(columns, key)
        if key in dated or (len(now) and noted(now).any()) or _moved(key, years):
            continue
        lines = now if len(now) else case.previous_lines_of(columns, key)
        tonnes = float(lines["emissions_tco2e"].sum())
        where = {"place": name_of(key), "year": case.year, "tonnes": tonnes}
        if len(now):
            yield case.finding("YOY_BASIS.new", now, **where)
        else:
            yield Finding.of("YOY_BASIS.gone", **where).about((), tonnes)


def _moved(key: tuple[str, str], years: list[set[tuple[str, str]]]) -> bool:
    """Whether the company is in both years and one of them names no sites, so that nothing can be said of them."""
    entity, site = key
    of_company = [{name for company, name in year if company == entity} for year in years]
    return all(of_company) and (not site or any(names == {""} for names in of_company))


def _methods(case: AuditCase, previous: Inventory) -> Iterator[Finding]:
    """Years on different factor series cannot be compared."""
    series = [
        {
            row.activity: {factor.edition.split("@")[0] for factor in row.factors if factor.gas}
            for row in inventory.plan.rows
        }
        for inventory in (previous, case.inventory)
    ]
    for activity in series[0].keys() & series[1].keys():
        if series[0][activity] and series[1][activity] and not series[0][activity] & series[1][activity]:
            lines = case.lines[case.lines["activity"] == activity]
            editions = {"before": tuple(sorted(series[0][activity])), "now": tuple(sorted(series[1][activity]))}
            yield case.finding("YOY_BASIS.method", lines, activity=activity, **editions)
