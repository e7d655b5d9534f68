"""The sections of the text report that go beyond scopes 1 and 2."""

from __future__ import annotations

from rich.console import Console

from carbonledger.reporting.drawing import number, section_title, text_table
from carbonledger.reporting.labels import Lang, word
from carbonledger.reporting.report import Report

__all__ = ["print_scope_3"]


def print_scope_3(report: Report, console: Console, lang: Lang) -> None:
    """The relevance matrix: fifteen rows, each calculated or explained; nothing if scope 3 is not touched at all."""
    matrix = report.scope_3.get(lang)
    if matrix is None or (matrix["status"] == "not_stated").all():
        return
    section_title(console, word("scope_3_title", lang))
    table = text_table([word(key, lang) for key in ("category", "status_of", "emissions", "methods", "reason")], [2])
    for row in matrix.to_dict("records"):
        label = f"{row['category']} {row['label']}" if row["category"] else word("not_stated", lang)
        emissions = number(row["emissions_tco2e"], 4) if row["lines"] else ""
        table.add_row(label, word(row["status"], lang), emissions, row["methods"], row["reason"])
    console.print(table)
