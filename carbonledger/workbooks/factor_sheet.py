"""The sheet of factors: one row for each published value behind the coefficients, with its edition, place and licence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carbonledger.core.language import has_label
from carbonledger.factors.factor import Edition, Factor
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, column_letters

__all__ = ["FactorSheet", "factor_sheet"]

_COLUMNS = (
    ("number", 6),
    ("factor_activity", 24),
    ("parameter", 20),
    ("gas", 9),
    ("value", 18),
    ("unit", 18),
    ("region", 10),
    ("data_year", 8),
    ("heating_value", 9),
    ("edition", 26),
    ("row_id", 28),
    ("publisher", 26),
    ("document", 38),
    ("place", 34),
    ("licence", 22),
    ("edition_status", 10),
    ("confidence", 11),
)
_VALUE = 4


@dataclass(frozen=True)
class FactorSheet:
    """The sheet, and where each factor stands in it.

    Parameters
    ----------
    content : SheetContent
        What is drawn.
    rows : mapping of Factor to int
        Counted from 0.
    """

    content: SheetContent
    rows: Mapping[Factor, int]

    def value_of(self, factor: Factor) -> str:
        """The reference to the value of a factor."""
        return f"{self.content.quoted}!${column_letters(_VALUE)}${self.rows[factor] + 1}"


def factor_sheet(words: ReportInLanguage) -> FactorSheet:
    """The factors behind the lines and the register of avoided emissions, each once, in order of use.

    Parameters
    ----------
    words : ReportInLanguage
        The report.

    Returns
    -------
    FactorSheet
    """
    report = words.report
    used = [factor for _, part in words.parts for row in part.plan.rows for factor in row.factors]
    used += [step.factor for step in report.avoided.steps if step.factor] if report.avoided else []
    content = words.sheet("factors", [width for _, width in _COLUMNS], note=True)
    content.head = content.heading(words.word(f"workbook_{name}") for name, _ in _COLUMNS)
    content.frozen_columns = 2
    content.keyed_by = 0
    rows: dict[Factor, int] = {}
    first = content.next_row
    for factor in dict.fromkeys(used):
        rows[factor] = content.add(_cells(words, len(rows) + 1, factor, words.editions[factor.edition]))
    content.define_columns(first, {"factor_values": _VALUE})
    return FactorSheet(content, rows)


def _cells(words: ReportInLanguage, number: int, factor: Factor, edition: Edition) -> list[Cell | None]:
    """One factor."""
    basis = f"basis_{factor.heating_value}"
    return [
        Cell(number, "whole"),
        Cell(words.activity(factor.activity), "wrapped"),
        Cell(words.parameter(factor.parameter), "wrapped"),
        Cell(factor.gas),
        Cell(factor.value, "factor"),
        Cell(factor.unit),
        Cell(factor.region),
        Cell(factor.data_year, "whole"),
        Cell(words.word(basis) if has_label(basis) else ""),
        Cell(factor.edition, "wrapped"),
        Cell(factor.factor_id, "wrapped"),
        Cell(edition.publisher, "wrapped"),
        Cell(edition.document, "wrapped"),
        Cell(factor.source_locator, "wrapped"),
        Cell(edition.licence, "wrapped"),
        Cell(words.word(f"edition_{edition.status}")),
        Cell(_confidence(words, factor.confidence)),
    ]


def _confidence(words: ReportInLanguage, text: str) -> str:
    """How sure the figure is, in words."""
    key = f"workbook_confidence_{text}"
    return words.word(key) if has_label(key) else text
