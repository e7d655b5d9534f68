"""The first sheet: standing, headline figures with last year's, and what is on which sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence

from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1
from carbonledger.workbooks.styles import StyleName

__all__ = ["summary_sheet"]

_WIDTHS = (58, 20, 14, 20, 20, 14)


def summary_sheet(words: ReportInLanguage, others: Sequence[SheetContent]) -> SheetContent:
    """The headline figures, each pointing to its table.

    Parameters
    ----------
    words : ReportInLanguage
        The report.
    others : sequence of SheetContent
        The other sheets, in the order of their tabs.

    Returns
    -------
    SheetContent
    """
    content = words.sheet("summary", _WIDTHS)
    names = {name for sheet in others for name in sheet.names}
    content.add([Cell(words.report.reading.text(words.lang), "note")])
    content.add()
    headings = ("figure", "value", "unit")
    content.heading(words.word(f"workbook_{name}") for name in headings)
    for key, value, unit, formula, style in _figures(words, names):
        label = words.word(f"workbook_{key}", total=words.total)
        content.add([Cell(label, "wrapped"), words.figure(value, style, formula), Cell(unit)])
    _add_data_types(words, content)
    _add_intensities(words, content)
    _add_contents(words, content, others)
    return content


def _figures(words: ReportInLanguage, names: set[str]) -> list[tuple[str, float, str, str, StyleName]]:
    """The headline figures with their formulas."""
    report = words.report
    totals, gj = words.sums(), float(report.inventory.total_energy().magnitude)
    missing = words.quoted(words.missing)
    figures: list[tuple[str, float, str, str, StyleName]] = [
        ("head_location", totals["location_based_tco2e"], "t CO2e", "total_location_based", "tonnes_total")
    ]
    if report.scope_2 is not None:
        market = totals["market_based_tco2e"]
        figures.append(("head_market", market, "t CO2e", "total_market_based", "tonnes_total"))
    scopes = report.inventory.by("scope")
    for name, label in (
        ("scope_1", "scope 1"),
        ("scope_2_location_based", "scope 2 (location-based)"),
        ("scope_3", "scope 3"),
    ):
        if name in names:
            value = float(scopes.loc[scopes["scope"] == label, "emissions_tco2e"].iloc[0])
            figures.append((f"head_{name}", value, "t CO2e", name, "tonnes"))
    if report.scope_2 is not None:
        value = report.scope_2.market_based_tco2e
        figures.append(("head_scope_2_market", value, "t CO2e", "scope_2_market_based", "tonnes"))
    table = report.energy_rows(words.lang)[-1]
    figures.append(("head_energy", gj, "GJ", "total_energy_gj", "amount_total"))
    for unit in ("mwh", "tce"):
        formula = words.times("total_energy_gj", f"*{unit}_per_gj")
        figures.append(
            (f"head_energy_{unit}", table[f"energy_{unit}"], {"mwh": "MWh"}.get(unit, unit), formula, "amount")
        )
    part = "renewable_energy_gj" if "renewable_energy_gj" in names else "0"
    formula = f"IF(AND(ISNUMBER({part}),N(total_energy_gj)<>0),{part}/total_energy_gj*100,{missing})"
    figures.append(("head_renewable", report.inventory.renewable_share() * 100, "%", formula, "percent"))
    claimed = report.renewable_share_with_attributes
    if claimed is not None:
        figures.append(("head_renewable_claimed", claimed * 100, "%", "", "percent"))
    return figures


def _add_data_types(words: ReportInLanguage, content: SheetContent) -> None:
    """The share of the emissions by how the activity data were obtained."""
    shares = words.report.data_types()
    if not shares:
        return
    content.add()
    content.add([Cell(words.word("data_quality"), "subtitle")])
    for name, share in shares.items():
        at, label = content.next_row, words.word(f"data_{name}")
        summed = words.sum_if("lines_emissions_tco2e", {"lines_data_type": a1(at, 0)})
        missing = words.quoted(words.missing)
        formula = f"IF(N(total_location_based)<>0,{summed}/total_location_based*100,{missing})"
        content.add([Cell(label), Cell(share * 100, "percent", formula), Cell("%")])


def _add_intensities(words: ReportInLanguage, content: SheetContent) -> None:
    """Emissions and energy per driver."""
    report = words.report
    if not report.intensities:
        return
    content.add()
    content.add([Cell(words.word("intensities_title"), "subtitle")])
    keys = ("driver", "driver_amount", "driver_unit", "location_per_unit", "gj_per_unit", "market_per_unit")
    content.heading(words.word(f"workbook_{key}") for key in keys)
    for item in report.intensities:
        driver, at = item.driver, content.next_row
        name = driver.name_zh or driver.name_en if words.lang == "zh" else driver.name_en or driver.name_zh
        scopes = " + ".join(words.word(part) for part in item.scopes.split(" + "))
        numerator = "+".join(f"SUMIFS(lines_emissions_tco2e,lines_scope,{scope})" for scope in driver.scopes)
        per, market = a1(at, 1), item.market_based_tco2e_per_unit
        energy = words.times("total_energy_gj", f"/{per}")
        shown = f"({numerator}-scope_2_location_based_of_market+scope_2_market_based)/{per}"
        content.add(
            [
                Cell(f"{name} ({scopes})", "wrapped"),
                Cell(driver.amount, "amount"),
                Cell(driver.unit),
                _live(words, item.location_based_tco2e_per_unit, f"({numerator})/{per}"),
                _live(words, item.gj_per_unit, energy),
                _live(words, market, shown) if market is not None else None,
            ]
        )


def _live(words: ReportInLanguage, value: float, formula: str) -> Cell:
    """A ratio; missing, without a formula, where its numerator is."""
    return words.figure(value, "factor", formula if math.isfinite(value) else "")


def _add_contents(words: ReportInLanguage, content: SheetContent, others: Sequence[SheetContent]) -> None:
    """What is on which sheet."""
    content.add()
    content.add([Cell(words.word("workbook_contents"), "subtitle")])
    for sheet in others:
        content.add([Cell(words.word(f"workbook_title_{sheet.key}"), "wrapped"), Cell(sheet.name, "link")])
