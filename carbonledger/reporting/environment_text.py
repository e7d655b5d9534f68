"""Water, waste, air and noise as text."""

from __future__ import annotations

from rich.console import Console

from carbonledger.core.language import Lang, headed, word
from carbonledger.reporting.console import plain_text, section_title, text_table
from carbonledger.reporting.environment_tables import environment_tables
from carbonledger.reporting.report import Report

__all__ = ["print_environment"]


def print_environment(report: Report, console: Console, lang: Lang) -> None:
    """Print the registers beside the inventory, each result against its limit and its printed figure; nothing without registers.

    Parameters
    ----------
    report : Report
        The year.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    tables = environment_tables(report, lang)
    if not tables:
        return
    for at, item in enumerate(tables):
        section_title(console, headed(word("environment_title", lang), item.title, lang))
        if not at:
            console.print(plain_text(word("environment_note", lang)))
        if item.rows:
            table = text_table(item.headings, item.numbers)
            for row, cells in enumerate(item.rows):
                table.add_row(*cells, style="red" if row in item.flagged else "")
            console.print(table)
        for note in item.notes:
            console.print(plain_text(note))
