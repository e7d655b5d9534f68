"""The comparison of an edited workbook as text."""

from __future__ import annotations

from datetime import date
from typing import Any

from rich.console import Console

from carbonledger.core.language import Lang, word
from carbonledger.reporting.console import number, plain_text, text_table
from carbonledger.reporting.wording import finding_text
from carbonledger.workbooks.comparison import WorkbookComparison, WorkbookDifference

__all__ = ["print_comparison"]

_LONGEST = 60
_DIGITS = 15


def print_comparison(comparison: WorkbookComparison, console: Console, lang: Lang) -> None:
    """Print each difference with its place, what it was, what it is, and its effect.

    Parameters
    ----------
    comparison : WorkbookComparison
        What to print.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    console.print(plain_text(word("comparison_title", lang, file=comparison.file), style="bold"))
    for finding in comparison.remarks:
        console.print(plain_text(finding_text(finding, lang), style="yellow"))
    if not comparison.differences:
        console.print(plain_text(word("comparison_none", lang, file=comparison.file)))
        return
    keys = ("cell", "what", "column", "entry", "old", "new", "effect_heading")
    table = text_table([word(f"comparison_{key}", lang) for key in keys], [6])
    for item in comparison.differences:
        effect = "" if item.effect_tco2e is None else number(item.effect_tco2e, 4)
        what = word(f"differs_{item.kind}", lang)
        cell = f"{item.sheet} {item.cell}".strip()
        table.add_row(cell, what, item.column, _entry(item, lang), _shown(item.old), _shown(item.new), effect)
    console.print(table)
    values = {"count": str(len(comparison.differences)), "tonnes": number(comparison.effect_tco2e, 4)}
    console.print(plain_text(word("comparison_effect", lang, **values)))


def _entry(item: WorkbookDifference, lang: Lang) -> str:
    """The file, sheet and row of the entry."""
    place = item.place
    if not place.file:
        return ""
    where = f"{place.file} {place.sheet}".strip()
    return word("workbook_record_row", lang, file=where, row=str(int(place.row))) if place.row == place.row else where


def _shown(value: Any) -> str:
    """A value as text, cut where it is long."""
    if value is None:
        return ""
    if isinstance(value, bool | date):
        return str(value)
    text = f"{value:.{_DIGITS}g}" if isinstance(value, int | float) else str(value)
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]} ..."
