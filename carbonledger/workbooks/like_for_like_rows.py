"""The tables of the sheet of changes that show as reported beside like for like: fixed values, as the library calculated them."""

from __future__ import annotations

import math
from collections.abc import Mapping

from carbonledger.comparison.like_for_like import ThreeNumbers
from carbonledger.comparison.year_comparison import YearComparison
from carbonledger.core.language import listed
from carbonledger.reporting.change_text import convention_notes
from carbonledger.reporting.compare_text import axis_label, key_label
from carbonledger.reporting.wording import finding_text
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent

__all__ = ["add_like_for_like"]

_NONE = "–"
_LABEL_AT = 4
_THREE = ("as_reported", "previous_factors", "current_factors")
_AXES = ("scope", "activity")


def add_like_for_like(words: ReportInLanguage, content: SheetContent) -> None:
    """Add the change as reported beside the change like for like: of the total, by scope and by activity.

    Parameters
    ----------
    words : ReportInLanguage
        The report.
    content : SheetContent
        The sheet of changes.
    """
    found = words.report.comparison
    if found is None or words.report.completeness.energy_alone:
        return
    content.add()
    content.add([Cell(words.word("workbook_like_for_like"), "subtitle")])
    for line in (*found.claims(words.lang), *(finding_text(item, words.lang) for item in found.like_for_like.findings)):
        content.add([Cell(line)])
    _add_totals(words, content, found)
    for axis in _AXES:
        _add_axis(words, content, found, axis)


def _add_totals(words: ReportInLanguage, content: SheetContent, found: YearComparison) -> None:
    """The three numbers of the total, and those of the companies that both years have."""
    years = found.year_texts(words.lang)
    heads = ["", "", "", "", words.word("compare_what"), years["previous"], years["current"]]
    content.heading([*heads, words.word("workbook_change"), words.word("workbook_change_percent")])
    _add_three(words, content, found.like_for_like.total, years)
    if found.perimeter is not None:
        names = [words.entity(name) if name else _NONE for name in found.basis.companies]
        label = words.word("compare_perimeter", companies=listed(names, words.lang))
        content.add([Cell(label, "subtitle")])
        _add_three(words, content, found.perimeter.total, years)


def _add_three(words: ReportInLanguage, content: SheetContent, total: ThreeNumbers, years: Mapping[str, str]) -> None:
    """The three changes and the two effects of the factors."""
    rows = (
        ("as_reported", total.previous, total.current, total.as_reported),
        ("at_previous", total.previous, total.current_at_previous, total.previous_factors),
        ("at_current", total.previous_at_current, total.current, total.current_factors),
    )
    for name, before, now, change in rows:
        label = Cell(words.word(f"compare_{name}", **years), "wrapped")
        figures = [_figure(value) for value in (before, now, change.change)]
        content.add([*[None] * _LABEL_AT, label, *figures, _percent(words, change.percent, change.convention)])
    for name in ("laspeyres", "paasche"):
        label = Cell(words.word(f"compare_{name}", **years), "wrapped")
        content.add([*[None] * _LABEL_AT, label, None, None, _figure(getattr(total, f"{name}_factor_effect"))])


def _add_axis(words: ReportInLanguage, content: SheetContent, found: YearComparison, axis: str) -> None:
    """The three percentages and the two effects of the factors along an axis."""
    years = found.year_texts(words.lang)
    content.add()
    content.add([Cell(words.word("like_for_like_by", axis=axis_label(axis, words.lang)), "subtitle")])
    heads = [
        words.word("compare_short_reported"),
        words.word("compare_short_previous", year=years["previous"]),
        words.word("compare_short_current", year=years["current"]),
        words.word("compare_short_laspeyres"),
        words.word("compare_short_paasche"),
    ]
    content.heading(["", "", "", "", words.word(f"workbook_{axis}"), *heads])
    records = [
        {str(name): value for name, value in row.items()} for row in found.like_for_like.by(axis).to_dict("records")
    ]
    for row in records:
        total = row[axis] == "total"
        label = words.total if total else key_label(axis, row[axis], {}, words.lang)
        percents = [_percent(words, row[f"{name}_change_percent"], row[f"{name}_convention"]) for name in _THREE]
        effects = [_figure(row[f"{name}_factor_effect_tco2e"]) for name in ("laspeyres", "paasche")]
        content.add([*[None] * _LABEL_AT, Cell(label, "wrapped"), *percents, *effects])
    for note in convention_notes((str(row[f"{name}_convention"]) for row in records for name in _THREE), words.lang):
        content.add([Cell(note)])


def _figure(value: float) -> Cell:
    """A figure in t CO2e; a dash where there is none."""
    return Cell(float(value) if math.isfinite(value) else _NONE, "tonnes")


def _percent(words: ReportInLanguage, value: float, convention: str) -> Cell:
    """A percentage, or the word that stands in its place."""
    if math.isfinite(value):
        return Cell(float(value), "percent")
    return Cell(words.word("new") if convention == "new" else _NONE, "percent")
