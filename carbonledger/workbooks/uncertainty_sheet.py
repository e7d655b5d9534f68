"""The sheet of uncertainty: estimates by both approaches and what contributes, as they were calculated when the report was made."""

from __future__ import annotations

import math
from collections.abc import Sequence

from carbonledger.reporting.uncertainty_text import (
    contribution_heads,
    estimate_heads,
    estimate_label,
    uncertainty_notes,
)
from carbonledger.uncertainty.assessment import UncertaintyAssessment
from carbonledger.uncertainty.results import Contribution, Estimate
from carbonledger.workbooks.fit import add_fit
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent
from carbonledger.workbooks.styles import StyleName

__all__ = ["uncertainty_sheet"]

_WIDTHS = (48, 34, 16, 16, 16, 16, 16, 16)
_NONE = "–"


def uncertainty_sheet(words: ReportInLanguage) -> SheetContent | None:
    """The uncertainty of the year.

    Parameters
    ----------
    words : ReportInLanguage
        The report.

    Returns
    -------
    SheetContent or None
        None if the book states no uncertainty. Its values are fixed: a simulation is no formula.
    """
    assessment = words.report.uncertainty
    if assessment is None:
        return None
    content = words.sheet("uncertainty", _WIDTHS, note=True)
    for text in uncertainty_notes(assessment, words.report.uncertainty_trend, words.lang):
        content.add([Cell(text, "note")])
    content.add()
    content.add([Cell(words.word("uncertainty_title"), "subtitle")])
    content.heading(_headings(estimate_heads(assessment, words.lang)))
    for item in assessment.estimates:
        content.add(_estimate(words, item))
    content.add()
    content.add([Cell(words.word("uncertainty_contributions"), "subtitle")])
    content.heading(_headings(contribution_heads(assessment, words.lang)))
    for part in assessment.contributions:
        content.add(_contribution(words, assessment, part))
    add_fit(words, content)
    return content


def _headings(heads: Sequence[tuple[str, str]]) -> list[str]:
    """Headings with their unit in one cell."""
    return [" ".join(filter(None, head)) for head in heads]


def _estimate(words: ReportInLanguage, item: Estimate) -> list[Cell | None]:
    """The cells of an estimate."""
    share = None if item.covered_share is None else item.covered_share * 100
    drawn = item.simulated
    limits = (drawn.lower, drawn.upper) if drawn else (None, None)
    return [
        Cell(estimate_label(words.report, item, words.lang), "wrapped"),
        _figure(item.emissions_tco2e, "tonnes"),
        _figure(share, "percent"),
        _figure(item.half_width_tco2e, "tonnes"),
        _figure(item.covered_percent, "percent"),
        *(_figure(value, "tonnes") for value in limits),
        _figure(item.percent(drawn.half_width) if drawn else None, "percent"),
    ]


def _contribution(words: ReportInLanguage, assessment: UncertaintyAssessment, item: Contribution) -> list[Cell | None]:
    """The cells of a contribution."""
    limits = item.parameter.limits
    simulated = None if item.simulated_share is None else item.simulated_share * 100
    shares = [item.share * 100] * (assessment.approach != "2") + [simulated] * (assessment.approach != "1")
    return [
        Cell(item.parameter.label.text(words.lang), "wrapped"),
        Cell(item.parameter.origin.text(words.lang), "wrapped"),
        Cell(limits.text if limits else _NONE),
        *(_figure(share, "percent") for share in shares),
    ]


def _figure(value: float | None, style: StyleName) -> Cell:
    """A figure; a dash where there is none."""
    return Cell(_NONE) if value is None or not math.isfinite(value) else Cell(float(value), style)
