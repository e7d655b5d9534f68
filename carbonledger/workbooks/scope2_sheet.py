"""The sheet of market-based scope 2: every MWh with its instrument or mix and rate, and both totals."""

from __future__ import annotations

import math
import re

from carbonledger.core.language import has_label, translated
from carbonledger.scope2.market_based import MarketBased
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1
from carbonledger.workbooks.styles import StyleName

__all__ = ["scope2_sheet"]

_COLUMNS = (
    ("number", 6),
    ("market", 10),
    ("level", 8),
    ("instrument", 36),
    ("mwh", 16),
    ("rate", 14),
    ("emissions_tco2e", 18),
    ("technology", 14),
    ("record", 44),
)
_MWH, _RATE, _TCO2E = 4, 5, 6


def scope2_sheet(words: ReportInLanguage) -> SheetContent | None:
    """Market-based scope 2 beside location-based.

    Parameters
    ----------
    words : ReportInLanguage
        The report.

    Returns
    -------
    SheetContent or None
        With the name ``total_market_based``; None if the book keeps no market-based scope 2.
    """
    result = words.report.scope_2
    if result is None:
        return None
    content = words.sheet("scope_2", [width for _, width in _COLUMNS], note=True)
    content.head = content.heading(words.word(f"workbook_{name}") for name, _ in _COLUMNS)
    content.keyed_by = 0
    first = content.next_row
    for number, level in enumerate(result.levels, start=1):
        at = content.next_row
        content.add(
            [
                Cell(number, "whole"),
                Cell(level.market),
                Cell(level.level, "whole"),
                Cell(translated(level.what, words.lang), "wrapped"),
                Cell(level.mwh, "amount"),
                Cell(level.t_per_mwh, "factor"),
                Cell(level.tco2e, "tonnes", f"{a1(at, _MWH)}*{a1(at, _RATE)}"),
                Cell(words.word(f"workbook_technology_{level.technology}") if level.technology else ""),
                Cell(_record(words, level.source), "wrapped"),
            ]
        )
    content.define_columns(first, {"market_mwh": _MWH, "market_tco2e": _TCO2E})
    _add_totals(words, content, result)
    return content


# What the record of an instrument says of itself, see `carbonledger.scope2.market_based`.
_RECORDS = (
    ("workbook_record_row", re.compile(r"(?P<file>.+), row (?P<row>\d+)")),
    ("workbook_record_only_row", re.compile(r"row (?P<row>\d+)")),
    ("workbook_record_generated", re.compile(r"generated (?P<when>.+)")),
    ("workbook_record_retired", re.compile(r"retired (?P<when>.+)")),
    ("workbook_record_ids", re.compile(r"(?P<first>\S+) to (?P<last>\S+)")),
)


def _record(words: ReportInLanguage, source: str) -> str:
    """Where a rate comes from, in words of the language."""
    return words.listed((_part(words, part) for part in source.split("; ")), semicolons=True) if source else ""


def _part(words: ReportInLanguage, text: str) -> str:
    """One part of a record; a fixed sentence, or a text of its own with what stands around it."""
    if has_label(text):
        return words.word(text)
    for key, pattern in _RECORDS:
        if found := pattern.fullmatch(text):
            return words.word(key, **found.groupdict())
    return text


def _add_totals(words: ReportInLanguage, content: SheetContent, result: MarketBased) -> None:
    """Both totals of scope 2, both totals of the inventory, and what may be claimed."""
    totals = words.sums()

    def add(key: str, value: float, formula: str = "", name: str = "") -> None:
        at = content.add([None, None, None, Cell(words.word(f"workbook_{key}"), "wrapped"), None, None, None])
        style: StyleName = "tonnes_total" if name.startswith("total") else "tonnes"
        content.rows[at][_TCO2E] = words.figure(value, style, formula)
        if name:
            content.define(name, at, _TCO2E)

    content.add()
    live = _live_location(words, result)
    add("market_scope_2", result.market_based_tco2e, "SUM(market_tco2e)", "scope_2_market_based")
    add("location_scope_2", result.location_based_tco2e, live, "scope_2_location_based_of_market")
    add("allocated_scope_2", result.location_based_tco2e, "", "scope_2_allocated")
    market = "total_location_based-scope_2_location_based_of_market+scope_2_market_based"
    add("total_location", totals["location_based_tco2e"], "total_location_based")
    add("total_market", totals["market_based_tco2e"], market, "total_market_based")
    stale, fresh = (
        words.quoted(words.word("workbook_allocation_old")),
        words.quoted(words.word("workbook_allocation_good")),
    )
    difference = "ABS(scope_2_location_based_of_market-scope_2_allocated)>0.000001*MAX(1,ABS(scope_2_allocated))"
    at = content.add([None, None, None, Cell(words.word("workbook_allocation"), "wrapped")])
    shown = words.word("workbook_allocation_good")
    content.rows[at] += [Cell(shown, "wrapped", f"IF({difference},{stale},{fresh})")]
    content.add()
    for key, value in (
        ("renewable_mwh", result.renewable_mwh),
        ("nuclear_mwh", result.nuclear_mwh),
        ("surplus_mwh", result.surplus_mwh),
    ):
        content.add([None, None, None, Cell(words.word(f"workbook_{key}"), "wrapped"), Cell(value, "amount")])


def _live_location(words: ReportInLanguage, result: MarketBased) -> str:
    """The formula of location-based scope 2 over the lines, where they are all of it."""
    view = words.report.inventory.by("scope")
    lines = math.fsum(view.loc[view["scope"] == "scope 2 (location-based)", "emissions_tco2e"])
    is_all = math.isclose(lines, result.location_based_tco2e, rel_tol=1e-9, abs_tol=1e-9)
    return "SUMIFS(lines_emissions_tco2e,lines_scope,2)" if is_all else ""
