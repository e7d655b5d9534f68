"""Water, waste, air and noise on the page of a report and in its document."""

from __future__ import annotations

from carbonledger.core.language import Lang
from carbonledger.pages.tables import Column, PageTable, Row
from carbonledger.reporting.environment_tables import environment_tables
from carbonledger.reporting.report import Report

__all__ = ["environment_page_tables"]


def environment_page_tables(report: Report, lang: Lang) -> tuple[PageTable, ...]:
    """The registers beside the inventory, each result against its limit and its printed figure; none without registers.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        In which language.
    """
    return tuple(
        PageTable(
            item.title,
            tuple(Column(heading, number=at in item.numbers) for at, heading in enumerate(item.headings)),
            tuple(Row(cells, "bad" if at in item.flagged else "row") for at, cells in enumerate(item.rows)),
            item.notes,
        )
        for item in environment_tables(report, lang)
    )
