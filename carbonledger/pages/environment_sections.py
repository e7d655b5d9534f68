"""Water, waste, air and noise on the page of a report and in its document."""

from __future__ import annotations

from carbonledger.core.language import Lang
from carbonledger.pages.tables import Column, PageTable, Row
from carbonledger.reporting.environment_tables import EnvironmentTable, environment_tables
from carbonledger.reporting.report import Report
from carbonledger.reporting.savings_tables import savings_table

__all__ = ["environment_page_tables", "savings_page_tables"]


def environment_page_tables(report: Report, lang: Lang) -> tuple[PageTable, ...]:
    """The registers beside the inventory, each result against its limit and its printed figure; none without registers.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        In which language.
    """
    return tuple(_page_table(item) for item in environment_tables(report, lang))


def savings_page_tables(report: Report, lang: Lang) -> tuple[PageTable, ...]:
    """The savings that were achieved, beside the inventory; none if the book states none.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        In which language.
    """
    found = savings_table(report, lang)
    return (_page_table(found),) if found else ()


def _page_table(item: EnvironmentTable) -> PageTable:
    """A table as a page shows it."""
    return PageTable(
        item.title,
        tuple(Column(heading, number=at in item.numbers) for at, heading in enumerate(item.headings)),
        tuple(Row(cells, "bad" if at in item.flagged else "row") for at, cells in enumerate(item.rows)),
        item.notes,
    )
