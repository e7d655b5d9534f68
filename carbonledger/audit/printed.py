"""Which printed figures are totals of emissions, of scope 2, or of energy.

A relation of kind ``rebuild`` says so. Where a book states none, the figure's id and labels are read; a word that narrows a figure to a
part of the total keeps it out.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from carbonledger.audit.case import AuditCase
from carbonledger.core.printed_number import Outcome, agreement
from carbonledger.core.rounding import Interval, decimal_of
from carbonledger.core.units import conversion_factor, is_convertible
from carbonledger.disclosure.standards import profile
from carbonledger.published.figures import PublishedFigure

__all__ = [
    "energy_figures",
    "follows",
    "in_unit",
    "is_market_based",
    "names_its_method",
    "right_totals",
    "scope_2_figures",
    "total_figure",
]

_TONNES = "t CO2e"
_TOTAL = (
    "排放总量",
    "total greenhouse",
    "greenhouse gas total",
    "total ghg",
    "ghg.total",
    "ghg total",
    "total emissions",
)
_PART = (
    "范围",
    "scope",
    "强度",
    "intensity",
    "减",
    "avoid",
    "reduc",
    "target",
    "目标",
    "供应",
    "suppl",
    "人均",
    "per ",
)
_SCOPE_2 = ("范围二", "范围2", "范围 2", "scope 2", "scope2", "scope two")
_ONLY_2 = (
    "范围一",
    "范围1",
    "范围 1",
    "scope 1",
    "scope1",
    "范围三",
    "scope 3",
    "减",
    "avoid",
    "reduc",
    "强度",
    "intensity",
    "target",
)
_METHOD = ("location", "market", "位置", "地点", "市场", "区域电网", "(lb", "(mb", "lb)", "mb)")
_NET_OF_EXPORT = ("ndrc", "核算指南", "发改委", "核算方法与报告指南")
_MARKET = ("market", "市场", "(mb", "mb)")


# China's guidelines count net purchases: the only total that exports may lower.
_NET = "net of exports, after the NDRC guidelines"


def _words(figure: PublishedFigure) -> str:
    """Everything that a figure is called."""
    return " ".join((figure.figure_id, figure.label_zh, figure.label_en, figure.note)).casefold()


def _says(figure: PublishedFigure, words: tuple[str, ...]) -> bool:
    """Whether a figure is called by one of some words."""
    return any(word in _words(figure) for word in words)


def in_unit(figure: PublishedFigure, unit: str) -> Interval | None:
    """What a figure stands for in a unit; None if it measures something else."""
    if not figure.unit or not is_convertible(figure.unit, unit):
        return None
    return figure.figure.interval.scaled(decimal_of(conversion_factor(figure.unit, unit)))


def _of_year(case: AuditCase, unit: str) -> Iterator[tuple[PublishedFigure, Interval]]:
    """The figures of the reporting year in a unit."""
    for figure in case.published.values():
        interval = in_unit(figure, unit) if figure.year in {None, case.year} else None
        if interval is not None:
            yield figure, interval


def total_figure(case: AuditCase) -> PublishedFigure | None:
    """The printed total of emissions: the one that a relation rebuilds, else the only one that is called a total."""
    stated = case.published_total
    if stated is not None:
        # A total of carbon dioxide alone is held to carbon dioxide where it is rebuilt, and to nothing here.
        return stated if is_convertible(stated.unit or _TONNES, _TONNES) else None
    found = {
        figure.figure.value: figure
        for figure, _ in _of_year(case, _TONNES)
        if _says(figure, _TOTAL) and not _says(figure, _PART)
    }
    return next(iter(found.values())) if len(found) == 1 else None


def scope_2_figures(case: AuditCase) -> list[tuple[PublishedFigure, Interval]]:
    """The printed figures of location-based scope 2, t CO2e."""
    return [
        (figure, interval)
        for figure, interval in _of_year(case, _TONNES)
        if _says(figure, _SCOPE_2) and not _says(figure, _ONLY_2) and not is_market_based(figure)
    ]


def energy_figures(case: AuditCase, unit: str) -> list[tuple[PublishedFigure, Interval]]:
    """The printed amounts of energy in a unit."""
    return list(_of_year(case, unit))


def is_market_based(figure: PublishedFigure) -> bool:
    """Whether a figure says that it is market-based."""
    return _says(figure, _MARKET)


def names_its_method(figure: PublishedFigure) -> bool:
    """Whether a figure says by which method its scope 2 was formed."""
    return _says(figure, _METHOD)


def right_totals(case: AuditCase) -> dict[str, Decimal]:
    """The totals that the entries give, by name, t CO2e: with and without scope 3, by both methods, and net of exports.

    Nothing where entries are left out: the sum of the others is no total to judge a printed one by.
    """
    if not case.has_total:
        return {}
    gross = float(case.inventory.total_location_based().magnitude)
    lines = case.lines
    third = float(lines.loc[lines["scope"] == 3, "emissions_tco2e"].sum())
    shift = case.scope_2.market_based_tco2e - case.scope_2.location_based_tco2e if case.scope_2 else 0.0
    totals = {"location-based": gross, "scopes 1 and 2, location-based": gross - third}
    if case.scope_2:
        totals |= {"market-based": gross + shift, "scopes 1 and 2, market-based": gross - third + shift}
    net = profile(case.inventory, "cn_ndrc").total_location_based_tco2e
    totals |= {_NET: net} if math.isfinite(net) else {}
    # Where no entry has emissions there is no total to hold a figure against.
    return {name: decimal_of(value) for name, value in totals.items() if math.isfinite(value)}


def follows(figure: PublishedFigure, totals: dict[str, Decimal]) -> str:
    """The total that a printed figure follows from; empty if from none. Only one that names the guidelines is net of exports."""
    if not is_convertible(figure.unit or _TONNES, _TONNES):
        return ""
    for name, value in totals.items():
        if name == _NET and not _says(figure, _NET_OF_EXPORT):
            continue
        scaled = value * decimal_of(conversion_factor(_TONNES, figure.unit or _TONNES))
        if agreement(scaled, figure.figure) is not Outcome.DOES_NOT_FOLLOW:
            return name
    return ""
