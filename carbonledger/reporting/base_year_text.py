"""The base year and the years before as text."""

from __future__ import annotations

from rich.console import Console

from carbonledger.core.language import Lang, word
from carbonledger.reporting.base_year_tables import base_year_notes, history_tables
from carbonledger.reporting.console import plain_text, section_title, text_table
from carbonledger.reporting.report import Report
from carbonledger.reporting.wording import finding_text

__all__ = ["print_base_year", "print_history"]

_STYLES = {"error": "red", "warning": "yellow"}


def print_base_year(report: Report, console: Console, lang: Lang) -> None:
    """Print the base year of a book by itself, with what is to be said of it.

    Parameters
    ----------
    report : Report
        Of a book.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    company = report.settings["company"]
    name = (company["name_zh"] or company["name_en"]) if lang == "zh" else (company["name_en"] or company["name_zh"])
    console.print(plain_text(f"{name} · {report.year} · {word('base_year_title', lang)}", style="bold"))
    sound = report.completeness.complete and not report.completeness.errors
    for line in () if report.published_alone else report.head_lines(lang):
        console.print(plain_text(line, style="" if sound else "bold red"))
    print_history(report, console, lang)
    console.print()
    for finding in report.history_findings:
        console.print(plain_text(finding_text(finding, lang), style=_STYLES.get(finding.severity, "")))
    console.print(plain_text(word("base_year_kept", lang), style="bold"))


def print_history(report: Report, console: Console, lang: Lang) -> None:
    """Print the tables of earlier years and of the base year; nothing if the book has neither."""
    base = report.base_year
    if base is not None:
        section_title(console, word("base_year_title", lang))
        for line in base_year_notes(base, lang):
            console.print(plain_text(line))
    for item in history_tables(report, lang):
        section_title(console, item.title)
        table = text_table([_with_unit(heading, unit) for heading, unit in item.headings], item.numbers)
        for cells, is_sum in item.rows:
            table.add_row(*cells, style="bold" if is_sum else "")
        console.print(table)


def _with_unit(heading: str, unit: str) -> str:
    """A heading with its unit beneath."""
    return f"{heading}\n{unit}" if unit else heading
