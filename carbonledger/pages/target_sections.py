"""The targets on the page of a report: an overview, and of each its sentences, years, and what is planned."""

from __future__ import annotations

from collections.abc import Iterator

from carbonledger.core.language import Lang, headed, word
from carbonledger.pages.tables import Column, PageTable, Row, numbers, texts
from carbonledger.reporting.console import number
from carbonledger.reporting.report import Report
from carbonledger.reporting.target_wording import (
    TARGET_HEADS,
    name_of,
    row_of,
    target_lines,
    wedge_notes,
    wedge_rows,
    wedge_years,
    year_cells,
    year_heads,
    year_notes,
)
from carbonledger.targets.standing import TargetStanding
from carbonledger.targets.wedges import Wedges

__all__ = ["target_tables"]

_NUMBERS = {"target_base", "target_value", "target_now", "target_required", "target_gap", "target_progress"}


def target_tables(report: Report, lang: Lang) -> tuple[PageTable, ...]:
    """The tables of the targets; none if the book keeps none.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    tuple of PageTable
    """
    if not report.targets:
        return ()
    return (_overview(report, lang), *(table for item in report.targets for table in _tables_of(item, lang)))


def _overview(report: Report, lang: Lang) -> PageTable:
    """A row for each target; below it what is said of each."""
    columns = tuple(Column(word(key, lang), number=key in _NUMBERS) for key in TARGET_HEADS)
    rows = tuple(Row(row_of(item, lang)) for item in report.targets)
    said = [headed(name_of(item, lang), line, lang) for item in report.targets for line in target_lines(item, lang)]
    return PageTable(word("targets_title", lang), columns, rows, (*said, word("targets_note", lang)))


def _tables_of(item: TargetStanding, lang: Lang) -> Iterator[PageTable]:
    """The years of a target, and what is planned."""
    if item.path is not None:
        title = word("target_path_table", lang, name=name_of(item, lang), unit=item.case.unit_in(lang))
        heads = [text for _, text in year_heads(item, lang)]
        columns = (*texts(heads[0]), *(Column(text, number=True) for text in heads[1:]))
        rows = tuple(Row(tuple(year_cells(item, row, lang))) for row in item.rows())
        yield PageTable(title, columns, rows, tuple(year_notes(item, lang)))
    if item.wedges is not None:
        yield _plan(item, item.wedges, lang)


def _plan(item: TargetStanding, wedges: Wedges, lang: Lang) -> PageTable:
    """What is planned against what is needed."""
    years = wedge_years(item, wedges)
    columns = (*texts(word("measure", lang)), *numbers(*((str(year), word("emissions", lang)) for year in years)))
    rows = tuple(
        Row((name, *(number(value, 2) for value in values)), "total" if style else "row")
        for name, values, style in wedge_rows(wedges, years, lang)
    )
    title = word("target_planned_title", lang, name=name_of(item, lang))
    return PageTable(title, columns, rows, tuple(wedge_notes(item, wedges, lang)))
