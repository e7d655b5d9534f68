"""The sheet of what is reported beside the inventory and deducted from nothing: biogenic CO2, other gases, avoided emissions, credits."""

from __future__ import annotations

from carbonledger.inventory.coefficients import BIOGENIC
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1

__all__ = ["register_sheet"]

_WIDTHS = (34, 18, 18, 18, 30, 30)


def register_sheet(words: ReportInLanguage) -> SheetContent:
    """The registers outside every total.

    Parameters
    ----------
    words : ReportInLanguage
        The report.

    Returns
    -------
    SheetContent
    """
    content = words.sheet("registers", _WIDTHS, note=True)
    _add_biogenic(words, content)
    _add_other_gases(words, content)
    _add_avoided(words, content)
    _add_credits(words, content)
    return content


def _headings(words: ReportInLanguage, content: SheetContent, title: str, *keys: str) -> None:
    """The title and headings of a register."""
    content.add()
    content.add([Cell(words.word(title), "subtitle")])
    content.heading(words.word(f"workbook_{key}") for key in keys)


def _none(words: ReportInLanguage, content: SheetContent) -> None:
    """A register that holds nothing says so."""
    content.add([Cell(words.word("workbook_register_empty"), "note")])


def _add_biogenic(words: ReportInLanguage, content: SheetContent) -> None:
    """CO2 of biomass, outside the scopes."""
    _headings(words, content, "workbook_biogenic", "what", "tonnes")
    value = float(words.report.inventory.biogenic_co2().magnitude)
    formula = words.sum_if("coefficient_results", {"coefficient_gases": words.quoted(BIOGENIC)})
    content.add([Cell(words.word("workbook_biogenic"), "wrapped"), Cell(value, "tonnes", formula)])


def _add_other_gases(words: ReportInLanguage, content: SheetContent) -> None:
    """Gases that are none of the seven."""
    rows = words.report.inventory.other_gases().to_dict("records")
    _headings(words, content, "workbook_other_gases", "gas", "tonnes", "gwp", "outside_total")
    for row in rows:
        at = content.next_row
        tonnes = words.sum_if("coefficient_results", {"coefficient_gases": f"$A{at + 1}"})
        outside = Cell(row["outside_total_tco2e"], "tonnes", f"{a1(at, 1)}*{a1(at, 2)}")
        content.add([Cell(row["gas"]), Cell(row["tonnes"], "tonnes", tonnes), Cell(row["gwp"], "factor"), outside])
    if not rows:
        _none(words, content)


def _add_avoided(words: ReportInLanguage, content: SheetContent) -> None:
    """Avoided emissions of own generation."""
    item = words.report.avoided
    _headings(words, content, "register_title", "what", "mwh", "rate", "avoided", "avoided_method", "factor_rows")
    if item is None:
        _none(words, content)
        return
    at = content.next_row
    energy = words.sum_if("lines_energy_gj", {"lines_activity_key": words.quoted(item.activity)}) + "*mwh_per_gj"
    method = f"{words.word(item.method)} · {item.region}"
    content.add(
        [
            Cell(words.activity(item.activity), "wrapped"),
            Cell(item.energy_mwh, "amount", energy),
            Cell(item.factor_t_per_mwh, "factor"),
            Cell(item.avoided_tco2, "tonnes", f"{a1(at, 1)}*{a1(at, 2)}"),
            Cell(method, "wrapped"),
            Cell(words.listed(step.factor.reference for step in item.steps if step.factor), "wrapped"),
        ]
    )


def _add_credits(words: ReportInLanguage, content: SheetContent) -> None:
    """Removals and credits."""
    _headings(words, content, "registers_title", "what", "emissions_tco2e", "vintage", "evidence", "scheme", "note")
    for item in words.report.registers:
        content.add(
            [
                Cell(words.word(item.kind), "wrapped"),
                Cell(item.tco2e, "tonnes"),
                Cell(item.vintage),
                Cell(item.evidence, "wrapped"),
                Cell(item.scheme, "wrapped"),
                Cell(item.note, "wrapped"),
            ]
        )
    if not words.report.registers:
        _none(words, content)
