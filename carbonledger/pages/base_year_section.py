"""The base year and the years before on the page of a report."""

from __future__ import annotations

from carbonledger.core.language import Lang
from carbonledger.pages.tables import Column, PageTable, Row
from carbonledger.reporting.base_year_tables import base_year_notes, history_tables
from carbonledger.reporting.report import Report

__all__ = ["base_year_section"]


def base_year_section(report: Report, lang: Lang) -> tuple[tuple[PageTable, ...], tuple[str, ...]]:
    """The tables of earlier years and of the base year, and what the policy says; both empty without earlier years.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    tuple of (tuple of PageTable, tuple of str)
    """
    tables = []
    for item in history_tables(report, lang):
        columns = [Column(head, unit, number=at in item.numbers) for at, (head, unit) in enumerate(item.headings)]
        rows = [Row(cells, "total" if is_sum else "row") for cells, is_sum in item.rows]
        tables.append(PageTable(item.title, tuple(columns), tuple(rows)))
    base = report.base_year
    return tuple(tables), tuple(base_year_notes(base, lang)) if base else ()
