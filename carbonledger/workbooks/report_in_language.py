"""A report in one language: its labels, its statement of completeness, and figures as cells."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Label, Lang, has_label, listed, word
from carbonledger.reporting.inventory_text import completeness_lines
from carbonledger.reporting.report import Report
from carbonledger.workbooks.sheets import Cell, SheetContent
from carbonledger.workbooks.styles import StyleName

__all__ = ["ReportInLanguage", "standing_sentences"]


def standing_sentences(report: Report, lang: Lang) -> list[str]:
    """What the findings mean for the totals, in sentences; empty if nothing is known to be missing or in doubt."""
    return completeness_lines(report, lang)


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
    def standing(self) -> list[str]:
        """What the findings mean for the totals, in sentences."""
        return standing_sentences(self.report, self.lang)

    @cached_property
    def missing(self) -> str:
        """The text that stands where a figure is missing."""
        return self.word("workbook_missing")

    @cached_property
    def total(self) -> str:
        """The name of a sum: the total, or what is counted where something is known to be missing."""
        return self.word("total" if self.report.completeness.complete else "workbook_counted")

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
        for sentence in self.standing or [self.word("workbook_standing_good")]:
            content.add([Cell(sentence, "warning" if self.standing else "good")])
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
