"""A report in one language: its labels, its statement of completeness, and figures as cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Label, Lang, has_label, listed, word
from carbonledger.factors.factor import Edition
from carbonledger.inventory.inventory import Inventory
from carbonledger.reporting.report import Report
from carbonledger.workbooks.sheets import Cell, SheetContent
from carbonledger.workbooks.styles import StyleName

__all__ = ["ReportInLanguage"]


@dataclass(frozen=True)
class ReportInLanguage:
    """A report and the language in which its workbook is written.

    Parameters
    ----------
    report : Report
        Whose figures are shown.
    lang : {"en", "zh"}
        Of all texts.
    """

    report: Report
    lang: Lang

    def word(self, key: str, **values: str) -> str:
        """A word or sentence of ``labels.csv``."""
        return word(key, self.lang, **values)

    @cached_property
    def company(self) -> str:
        """The name of the company."""
        company = self.report.settings["company"]
        return Label(company["name_en"], company["name_zh"]).text(self.lang)

    @cached_property
    def year(self) -> str:
        """The reporting year."""
        return str(self.report.settings["company"]["reporting_year"])

    @cached_property
    def parts(self) -> tuple[tuple[int, Inventory], ...]:
        """The lines, and those that have energy and no emissions; each with what is added to its plan's numbers."""
        inventory = self.report.inventory
        offsets = (1, 1 + len(inventory.plan.rows))
        return tuple(zip(offsets, inventory.energy_parts, strict=False))

    @property
    def has_unpriced(self) -> bool:
        """Whether there are lines without emissions."""
        return len(self.parts) > 1

    @cached_property
    def editions(self) -> Mapping[str, Edition]:
        """Every edition behind a line."""
        return {name: edition for _, part in self.parts for name, edition in part.editions.items()}

    def sums(self) -> dict[str, float]:
        """The gross sums by scope 2 method [t CO2e]: totals, or sums of what could be calculated."""
        found = {name.split("_", 1)[1]: value for name, value in self.report.totals().items() if value == value}
        return {"location_based_tco2e": math.nan, "market_based_tco2e": math.nan} | found

    @cached_property
    def missing(self) -> str:
        """The text that stands where a figure is missing."""
        return self.word("workbook_missing")

    @cached_property
    def total(self) -> str:
        """The name of a sum: the total, or the sum of a part where entries are left out."""
        return self.word(self.report.completeness.sum_label)

    def activity(self, name: str) -> str:
        """The label of an activity."""
        known = taxonomy().get(name)
        return known.label(self.lang) if known else name

    def entity(self, name: str) -> str:
        """The name of a company."""
        return str(self.report.entity_names[self.lang].get(name, name))

    def gas(self, name: str) -> str:
        """A gas as it is written in every language, or what stands among the gases and is none, in words."""
        return self.word(name) if has_label(name) else name

    def sheet(self, key: str, widths: Sequence[float], *, note: bool = False) -> SheetContent:
        """A sheet with its title and the statement of completeness at its head.

        Parameters
        ----------
        key : str
            ``workbook_sheet_<key>`` names the tab, ``workbook_title_<key>`` stands at the head.
        widths : sequence of float
            Of its columns, in characters.
        note : bool
            Whether ``workbook_note_<key>`` explains the sheet.
        """
        content = SheetContent(key, self.word(f"workbook_sheet_{key}"), widths)
        content.add([Cell(f"{self.company} · {self.year} · {self.word(f'workbook_title_{key}')}", "title")])
        standing = self.report.completeness
        style: StyleName = "good" if standing.complete and not standing.errors else "warning"
        for sentence in self.report.head_lines(self.lang) if key == "summary" else standing.lines(self.lang):
            content.add([Cell(sentence, style)])
        if note:
            content.add([Cell(self.word(f"workbook_note_{key}"), "note")])
        content.add()
        content.head = content.next_row - 1
        return content

    def figure(self, value: Any, style: StyleName = "tonnes", formula: str = "") -> Cell:
        """A figure with its formula; the word for missing where it is no number."""
        if value is None or not math.isfinite(value):
            return Cell(self.missing, style, formula)
        return Cell(float(value), style, formula)

    def listed(self, texts: Iterable[str], *, semicolons: bool = False) -> str:
        """Several texts as one."""
        return listed(texts, self.lang, semicolons=semicolons)

    def parameter(self, name: str) -> str:
        """What a published value is of its activity."""
        keys = (f"parameter_{name}", f"workbook_{name}")
        return next((self.word(key) for key in keys if has_label(key)), name)

    def quoted(self, text: str) -> str:
        """A text as formulas write it."""
        doubled = text.replace('"', '""')
        return f'"{doubled}"'

    def sum_if(self, measure: str, criteria: Mapping[str, str], *, may_miss: bool = False) -> str:
        """The formula of a sum over named columns; the word for missing where one of its parts is missing.

        Parameters
        ----------
        measure : str
            The named column that is summed.
        criteria : mapping of str to str
            Named columns with what they must be: a reference, a number or a quoted text.
        may_miss : bool
            Whether parts can be missing; their sum is then missing too, never smaller.
        """
        pairs = ",".join(f"{name},{wanted}" for name, wanted in criteria.items())
        summed = f"SUMIFS({measure},{pairs})"
        if not may_miss:
            return summed
        word_ = self.quoted(self.missing)
        return f"IF(COUNTIFS({pairs},{measure},{word_})>0,{word_},{summed})"

    def emissions_if(self, criteria: Mapping[str, str]) -> str:
        """The formula of the emissions of some lines, t CO2e: the sum of those that have any, missing if none has."""
        summed = self.sum_if("lines_emissions_tco2e", criteria)
        if not self.has_unpriced:
            return summed
        pairs, missing = ",".join(f"{name},{wanted}" for name, wanted in criteria.items()), self.quoted(self.missing)
        lacking = f"COUNTIFS({pairs},lines_emissions_tco2e,{missing})"
        return f"IF(AND({lacking}>0,{lacking}=COUNTIFS({pairs})),{missing},{summed})"

    def sum_of(self, cells: Iterable[str], *, may_miss: bool = False) -> str:
        """The formula of a sum over cells or ranges; missing where one of them is."""
        parts = list(cells)
        summed = f"SUM({','.join(parts)})" if parts else "0"
        if not may_miss or not parts:
            return summed
        word_ = self.quoted(self.missing)
        lacking = "+".join(f"COUNTIF({part},{word_})" for part in parts)
        return f"IF({lacking}>0,{word_},{summed})"

    def times(self, cell: str, rest: str) -> str:
        """The formula of a cell with what follows it, missing where the cell is."""
        return f"IF(ISNUMBER({cell}),{cell}{rest},{self.quoted(self.missing)})"
