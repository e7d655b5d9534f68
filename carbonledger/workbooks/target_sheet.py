"""The sheet of targets: gap and progress are formulas over base, target, path and actual values."""

from __future__ import annotations

from carbonledger.core.language import Label
from carbonledger.reporting.target_wording import (
    TARGET_HEADS,
    name_of,
    row_of,
    target_lines,
    wedge_notes,
    wedge_rows,
    wedge_years,
    year_heads,
    year_notes,
)
from carbonledger.targets.standing import TargetStanding
from carbonledger.targets.wedges import Wedges
from carbonledger.workbooks.fit import add_fit
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1

__all__ = ["target_sheet"]

_WIDTHS = (44, 16, 30, 14, *[16] * 6, 20)
_BASE, _VALUE, _NOW, _REQUIRED = range(4, 8)


def target_sheet(words: ReportInLanguage) -> SheetContent | None:
    """The targets with their years and what is planned.

    Parameters
    ----------
    words : ReportInLanguage
        The report.

    Returns
    -------
    SheetContent or None
        None if the book keeps no targets.
    """
    if not words.report.targets:
        return None
    content = words.sheet("targets", _WIDTHS, note=True)
    content.heading(words.word(key) for key in TARGET_HEADS)
    for item in words.report.targets:
        _add_target(words, content, item)
    for item in words.report.targets:
        _add_details(words, content, item)
    add_fit(words, content)
    return content


def _add_target(words: ReportInLanguage, content: SheetContent, item: TargetStanding) -> None:
    """One row: gap = now - required, progress = (base - now) / (base - target)."""
    at, found, row = content.next_row, item.judgement, row_of(item, words.lang)
    value = item.path.target if item.path else item.target.target_value
    figures = [words.figure(number, "tonnes") for number in (item.base, value, found.now, found.required)]
    base, target, now, required = (a1(at, column) for column in (_BASE, _VALUE, _NOW, _REQUIRED))
    none = words.quoted(words.missing)
    gap = f"IF(AND(ISNUMBER({now}),ISNUMBER({required})),{now}-{required},{none})"
    share = f"IF({base}<>{target},({base}-{now})/({base}-{target})*100,{none})"
    done = f"IF(AND(ISNUMBER({base}),ISNUMBER({now}),ISNUMBER({target})),{share},{none})"
    percent = None if found.progress is None else found.progress * 100
    live = found.required is not None
    formulas = words.figure(found.gap, "tonnes", gap), words.figure(percent, "percent", done if live else "")
    content.add([*(Cell(text, "wrapped") for text in row[:_BASE]), *figures, *formulas, Cell(row[-1], "wrapped")])


def _add_details(words: ReportInLanguage, content: SheetContent, item: TargetStanding) -> None:
    """What is said of a target, its years, and what is planned."""
    lang = words.lang
    content.add()
    content.add([Cell(name_of(item, lang), "subtitle")])
    for line in target_lines(item, lang):
        content.add([Cell(line, "note")])
    if item.path is None:
        return
    heads = year_heads(item, lang)
    content.heading(f"{text}\n{item.case.unit_in(lang)}" if at else text for at, (_, text) in enumerate(heads))
    for row in item.rows():
        cells = [None if row[name] is None else Cell(row[name], "tonnes") for name, _ in heads[1:]]
        content.add([Cell(row["year"], "whole"), *cells])
    for line in year_notes(item, lang):
        content.add([Cell(line, "note")])
    if item.wedges is not None:
        _add_plan(words, content, item, item.wedges)


def _add_plan(words: ReportInLanguage, content: SheetContent, item: TargetStanding, wedges: Wedges) -> None:
    """What is planned against what is needed."""
    years = wedge_years(item, wedges)
    title = Label.of("target_planned_title").text(words.lang).format(name=name_of(item, words.lang))
    content.add([Cell(title, "subtitle")])
    content.heading([words.word("measure"), *map(str, years)])
    first = content.next_row
    for name, values, style in wedge_rows(wedges, years, words.lang):
        count = content.next_row - first - len(wedges.wedges)
        live = [_live(first, content.next_row, column, count) for column in range(1, len(years) + 1)]
        shown = [
            Cell(value, "tonnes_total" if style else "tonnes", text) for value, text in zip(values, live, strict=True)
        ]
        content.add([Cell(name, "label_total" if style else "wrapped"), *shown])
    for line in wedge_notes(item, wedges, words.lang):
        content.add([Cell(line, "note")])


def _live(first: int, at: int, column: int, count: int) -> str:
    """The formula of a sum below the wedges: 0 is what is planned, 1 what is needed, 2 what is not planned yet."""
    if count == 0 and at > first:
        return f"SUM({a1(first, column)}:{a1(at - 1, column)})"
    return f"MAX({a1(at - 1, column)}-{a1(at - 2, column)},0)" if count == 2 else ""
