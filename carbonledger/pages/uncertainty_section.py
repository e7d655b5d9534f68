"""Uncertainty on the page of a report: estimates by both approaches, and what contributes to the variance of the total."""

from __future__ import annotations

from collections.abc import Sequence

from carbonledger.core.language import Lang, word
from carbonledger.pages.tables import Column, PageTable, Row
from carbonledger.reporting.report import Report
from carbonledger.reporting.uncertainty_text import (
    contribution_cells,
    contribution_heads,
    estimate_cells,
    estimate_heads,
    uncertainty_notes,
)

__all__ = ["uncertainty_notes_of", "uncertainty_tables"]


def uncertainty_tables(report: Report, lang: Lang) -> tuple[PageTable, ...]:
    """The estimates and the contributions, which are the data of the picture; none if the book states no uncertainty."""
    assessment = report.uncertainty
    if assessment is None:
        return ()
    rows = [
        Row(tuple(estimate_cells(report, assessment, item, lang)), "total" if item.axis == "total" else "row")
        for item in assessment.estimates
    ]
    tables = [PageTable(word("uncertainty_title", lang), _columns(estimate_heads(assessment, lang), 1), tuple(rows))]
    if assessment.contributions:
        parts = [Row(tuple(contribution_cells(assessment, item, lang))) for item in assessment.contributions]
        columns = _columns(contribution_heads(assessment, lang), 2)
        tables.append(PageTable(word("uncertainty_contributions", lang), columns, tuple(parts)))
    return tuple(tables)


def _columns(heads: Sequence[tuple[str, str]], texts: int) -> tuple[Column, ...]:
    """Columns with their units, the first ones of text."""
    return tuple(Column(heading, unit, number=at >= texts) for at, (heading, unit) in enumerate(heads))


def uncertainty_notes_of(report: Report, lang: Lang) -> tuple[str, ...]:
    """What is to be said of the uncertainty of a report."""
    assessment = report.uncertainty
    return () if assessment is None else tuple(uncertainty_notes(assessment, report.uncertainty_trend, lang))
