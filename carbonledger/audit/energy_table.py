"""Doubts about the energy table, and about energy as it is printed.

References
----------
GRI 302-1 (2016) and ESRS E1-5: one perimeter with the emissions, one heating value, fuel or the power made from it, nothing offset by what
was sold. GB/T 2589: one of the two conventions for electricity.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

from carbonledger.audit.case import AuditCase
from carbonledger.audit.printed import energy_figures
from carbonledger.audit.unit_1000 import coal_convention
from carbonledger.core.activities import EXPORTED_ELECTRICITY, GRID_ELECTRICITY, PURCHASED_ELECTRICITY, taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.rounding import Interval
from carbonledger.core.units import conversion_factor
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.published.figures import PublishedFigure

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["energy_table", "export_in_energy"]

_GENERATOR = r"自备|自发电|热电联产|发电机|余热发电|\bchp\b|cogenerat|generator|genset"
_NON = ("不可再生", "非可再生", "non-renewable", "non renewable", "nonrenewable", "化石能源")
_RENEWABLE = ("可再生", "renewable", "清洁能源")
_TOTAL = (
    "能源消耗总量",
    "能源总量",
    "综合能耗",
    "总能耗",
    "能耗总量",
    "total energy",
    "energy.total",
    "energy consumption, total",
)
_RATIO = ("占比", "比例", "share", "proportion", "percentage")
_BOUGHT = ("外购电", "购入电", "网电", "purchased electricity", "grid electricity", "electricity purchased")
_UNITS = ("GJ", "MWh", "tce")


def energy_table(case: AuditCase) -> Iterator[Finding]:
    """What emits as a fuel has energy, on one heating value and convention, once; printed energy adds up."""
    yield from _perimeter(case)
    yield from _conventions(case)
    yield from _made_from_fuel(case)
    yield from _converted(case)
    yield from _renewable(case)


def _perimeter(case: AuditCase) -> Iterator[Finding]:
    """Energy without emissions and the reverse; gross beside net heating values."""
    known = case.already("MISSING_ENERGY")
    bases: dict[str, str] = {}
    for row, group in case.plan_lines():
        activity = taxonomy()[row.activity]
        if not activity.is_energy or row.scope == 3:
            continue
        if row.energy_gj is None and row.emissions_tco2e and not known:
            yield case.finding("ENERGY_TABLE.no_energy", group, key=row.key.label)
        if activity.kind == "fuel" and activity.origin == "fossil" and row.energy_gj and not row.emissions_tco2e:
            yield case.finding("ENERGY_TABLE.no_emissions", group, key=row.key.label)
        for basis in _heating_values(row):
            bases.setdefault(basis, str(row.key))
    if len(bases) > 1:
        listed = tuple(f"{basis}: {key}" for basis, key in bases.items())
        yield Finding.of("ENERGY_TABLE.heating_values", bases=listed)


def _heating_values(row: PlanRow) -> set[str]:
    """Gross or net, as the factors and the entry of a row say."""
    found = {step.factor.heating_value for step in row.energy_steps if step.factor} - {""}
    stated = {"gross", "net"} & set(row.key.factor.split())
    return found | (stated if taxonomy()[row.activity].kind == "fuel" else set())


def _conventions(case: AuditCase) -> Iterator[Finding]:
    """Electricity at its heat and electricity at the coal behind it in one total of standard coal."""
    found: dict[str, str] = {}
    for row, _ in case.plan_lines():
        name = coal_convention(row)
        if name:
            found.setdefault(name, str(row.key))
    if len(found) > 1:
        yield Finding.of("ENERGY_TABLE.coal_conventions", rows=tuple(f"{name}: {key}" for name, key in found.items()))


def _made_from_fuel(case: AuditCase) -> Iterator[Finding]:
    """Own electricity from fuel that is counted as energy beside the fuel."""
    lines = case.lines
    electric = lines["activity"].isin(PURCHASED_ELECTRICITY)
    named = lines[electric & lines["source"].str.contains(_GENERATOR, case=False)]
    for key, group in named.groupby(["entity", "site"], sort=False):
        here = case.lines_of(["entity", "site"], key)
        if any(taxonomy()[name].kind == "fuel" for name in set(here["activity"])):
            yield case.finding("ENERGY_TABLE.own_fuel", group, source=str(group["source"].iloc[0]))


def _called(figure: PublishedFigure, words: tuple[str, ...]) -> bool:
    """Whether a figure's id or labels hold one of some words."""
    text = " ".join((figure.figure_id, figure.label_zh, figure.label_en)).casefold()
    return any(word in text for word in words)


def _tied(case: AuditCase, *figures: PublishedFigure) -> bool:
    """Whether a relation of the book already holds some figures together."""
    names = {figure.figure_id for figure in figures}
    for relation in case.relations:
        members: set[str] = set()
        for value in relation.members.values():
            members |= (
                {str(value)} if isinstance(value, str) else set(map(str, value)) if isinstance(value, list) else set()
            )
        if names <= members:
            return True
    return False


def _converted(case: AuditCase) -> Iterator[Finding]:
    """One amount printed in GJ and in MWh: 1 MWh is 3.6 GJ."""
    by_stem: dict[tuple[str, int | None], dict[str, tuple[PublishedFigure, Interval]]] = {}
    for figure, interval in energy_figures(case, "GJ"):
        stem = (figure.figure_id.rpartition(".")[0], figure.year)
        if stem[0]:
            by_stem.setdefault(stem, {})[figure.unit] = (figure, interval)
    for found in by_stem.values():
        for (first, left), (second, right) in combinations(found.values(), 2):
            if _label(first) == _label(second) and not left.overlaps(right) and not _tied(case, first, second):
                texts = {
                    "figure": _label(first),
                    "first": f"{first.figure.text} {first.unit}",
                    "second": f"{second.figure.text} {second.unit}",
                }
                energies = {"first_gj": left.middle, "second_gj": right.middle}
                yield Finding.of("ENERGY_TABLE.converted", **texts, **energies)


def _label(figure: PublishedFigure) -> str:
    """What a figure is called, without its unit."""
    return (figure.label_en or figure.label_zh).partition(",")[0].partition("(")[0].strip()


def _renewable(case: AuditCase) -> Iterator[Finding]:
    """Printed renewable and non-renewable energy sum to the total, and the printed share is theirs."""
    for unit in _UNITS:
        figures = [(figure, interval) for figure, interval in energy_figures(case, unit) if figure.unit == unit]
        total = _only([item for item in figures if _called(item[0], _TOTAL)])
        non = _only([item for item in figures if _called(item[0], _NON)])
        renewable = _only([item for item in figures if _called(item[0], _RENEWABLE) and not _called(item[0], _NON)])
        if total and non and renewable and not _tied(case, total[0], non[0], renewable[0]):
            summed = non[1] + renewable[1]
            if not total[1].overlaps(summed):
                figures_text = {
                    "renewable": renewable[0].figure.text,
                    "non_renewable": non[0].figure.text,
                    "total": total[0].figure.text,
                }
                yield Finding.of("ENERGY_TABLE.parts", unit=unit, **figures_text)
        if total and renewable and total[1].low > 0:
            yield from _share(case, renewable, total)


def _only(found: list[tuple[PublishedFigure, Interval]]) -> tuple[PublishedFigure, Interval] | None:
    """The only figure of a kind; None if there is none, or more than one."""
    return found[0] if len(found) == 1 else None


def _share(
    case: AuditCase, part: tuple[PublishedFigure, Interval], whole: tuple[PublishedFigure, Interval]
) -> Iterator[Finding]:
    """The printed share of renewable energy against the printed amounts."""
    computed = (part[1] / whole[1]).scaled(Decimal(100))
    for figure, interval in energy_figures(case, "percent"):
        asked = _called(figure, _RENEWABLE) and not _called(figure, _NON) and _called(figure, _RATIO)
        if asked and not interval.overlaps(computed) and not _tied(case, figure, part[0], whole[0]):
            texts = {"share": figure.figure.text, "part": part[0].figure.text, "whole": whole[0].figure.text}
            yield Finding.of("ENERGY_TABLE.share", computed=computed.middle, **texts)


def export_in_energy(case: AuditCase) -> Iterator[Finding]:
    """Printed energy neither holds what was exported nor is short of it (PV_BALANCE)."""
    lines = case.lines
    sold = _mwh(lines[lines["activity"] == EXPORTED_ELECTRICITY])
    bought = _mwh(lines[lines["activity"] == GRID_ELECTRICITY])
    if not sold:
        return
    whole = float(case.inventory.energy_table("id")["energy_gj"].iloc[-1]) * conversion_factor("GJ", "MWh")
    for figure, interval in energy_figures(case, "MWh"):
        right, what = (
            (whole, "energy")
            if _called(figure, _TOTAL)
            else (bought, "purchase")
            if _called(figure, _BOUGHT)
            else (0.0, "")
        )
        slip = _export_slip(interval, right, sold, what)
        if slip:
            label = figure.label if figure.label_en else figure.figure_id
            printed = f"{figure.figure.text} {figure.unit}"
            yield Finding.of(f"PV_BALANCE.{slip}", figure=label, printed=printed, exported_mwh=sold)


def _mwh(lines: pd.DataFrame) -> float:
    """The energy of some lines."""
    return float(lines["energy_gj"].sum()) * conversion_factor("GJ", "MWh")


def _export_slip(printed: Interval, right: float, sold: float, what: str) -> str:
    """What a printed amount did with the export; empty if nothing that can be told."""
    slack = max(float(printed.width) / 2, right * 1e-6)
    middle = float(printed.middle)
    if not what or abs(middle - right) <= slack or sold <= 2 * slack:
        return ""
    if abs(middle - right - sold) <= slack:
        return f"{what}_with_export"
    if abs(middle - right + sold) <= slack:
        return f"{what}_less_export"
    return ""
