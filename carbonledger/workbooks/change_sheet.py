"""The sheet of changes from the year before: last year's values as they were calculated, this year's from the lines."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from carbonledger.workbooks.emission_sheets import SCOPES
from carbonledger.workbooks.like_for_like_rows import add_like_for_like
from carbonledger.workbooks.line_sheet import LineSheet
from carbonledger.workbooks.report_in_language import ReportInLanguage
from carbonledger.workbooks.sheets import Cell, SheetContent, a1, column_letters
from carbonledger.workbooks.styles import StyleName

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["change_sheet"]

# What stands where a row has no such quantity, or no base for a percentage.
_NONE = "–"
_LABELS = 4
# Where two years are not of the same kind, no percentage stands between them, whatever is edited.
_WITHHELD = frozenset({"other_period", "other_approach"})
_MEASURES = ("energy_gj", "emissions_tco2e")
_PARTS = ("previous", "current", "change", "change_percent")
_FIRST = _LABELS + 1


class _Axis(NamedTuple):
    """An axis of the comparison.

    Parameters
    ----------
    name : str
        Of the table of changes.
    column : str
        The named column of the lines.
    key_of : callable
        The number or text that the lines have for a row; None for a row that this year's lines lack.
    """

    name: str
    column: str
    key_of: Callable[[Mapping[str, Any]], Any]


def change_sheet(words: ReportInLanguage, lines: LineSheet) -> SheetContent | None:
    """The change of energy and emissions by scope, by activity and by source.

    Parameters
    ----------
    words : ReportInLanguage
        The report.
    lines : LineSheet
        This year's lines.

    Returns
    -------
    SheetContent or None
        None if the book compares with no year.
    """
    changes = words.report.changes
    if not changes:
        return None
    widths = [8, 22, 14, 20, 26, *[16] * (len(_MEASURES) * len(_PARTS)), 12]
    content = words.sheet("changes", widths, note=True)
    content.frozen_columns = _FIRST
    source = ("entity", "site", "source", "activity")
    axes = (
        _Axis("scope", "lines_scope", lambda row: SCOPES.get(row["scope"])),
        _Axis("activity", "lines_activity_key", lambda row: row["activity"]),
        _Axis("line", "lines_source_number", lambda row: lines.sources.get(tuple(str(row[name]) for name in source))),
    )
    for axis in axes:
        if axis.name in changes:
            _add(words, content, axis, changes[axis.name])
    add_like_for_like(words, content)
    return content


def _add(words: ReportInLanguage, content: SheetContent, axis: _Axis, changes: pd.DataFrame) -> None:
    """One table of changes."""
    company = words.report.settings["company"]
    years = {"previous": str(company["compare_year"]), "current": str(company["reporting_year"])}
    content.add()
    content.add([Cell(f"{words.word('changes_title', **years)} · {words.word(f'by_{axis.name}')}", "subtitle")])
    labels = [
        words.word(f"workbook_{name}")
        for name in ("entity", "site", "source", axis.name if axis.name != "line" else "activity")
    ]
    parts = [
        f"{words.word(f'workbook_{measure}')}\n{years.get(part) or words.word(f'workbook_{part}')}"
        for measure in _MEASURES
        for part in _PARTS
    ]
    content.heading([words.word("workbook_key"), *labels, *parts, words.word("status")])
    first = content.next_row
    for record in changes.to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        if content.next_row - first == len(changes) - 1:
            content.add(_total(words, row, first, content.next_row))
        else:
            content.add(_row(words, axis, row, content.next_row))


def _row(words: ReportInLanguage, axis: _Axis, row: Mapping[str, Any], at: int) -> list[Cell | None]:
    """One row: last year's values are fixed, this year's are sums over the lines."""
    key = axis.key_of(row)
    cells: list[Cell | None] = [Cell(key, "plain" if isinstance(key, str) else "whole"), *_labels(words, axis, row)]
    for measure in _MEASURES:
        criteria = {axis.column: f"$A{at + 1}"}
        is_energy = measure == "energy_gj"
        if is_energy:
            criteria["lines_energy_row"] = '">0"'
        live = words.sum_if("lines_energy_gj", criteria, may_miss=True) if is_energy else words.emissions_if(criteria)
        column, after = len(cells), float(row[f"{measure}_current"])
        # Emissions of a part of a row's entries are no value of this year, whatever its lines sum to.
        is_live = key is not None and (is_energy or math.isfinite(after))
        cells.append(_figure(row[f"{measure}_previous"], "tonnes"))
        cells.append(words.figure(after, "tonnes", live) if is_live else _figure(after, "tonnes"))
        cells += _change(words, row, measure, column, at)
    return [*cells, Cell(words.word(row["status"]))]


def _labels(words: ReportInLanguage, axis: _Axis, row: Mapping[str, Any]) -> list[Cell | None]:
    """What names a row."""
    if axis.name == "line":
        texts = (words.entity(row["entity"]), row["site"], row["source"], words.activity(row["activity"]))
        return [Cell(str(text), "wrapped") for text in texts]
    label = words.word(row["scope"]) if axis.name == "scope" else words.activity(row["activity"])
    return [None, None, None, Cell(label, "wrapped")]


def _total(words: ReportInLanguage, row: Mapping[str, Any], first: int, at: int) -> list[Cell | None]:
    """The sums of a table; of a column with a row that has no number, or of a year that leaves entries out, none."""
    cells: list[Cell | None] = [Cell(text, "label_total") for text in ("", "", "", "", words.total)]
    for measure in _MEASURES:
        column = len(cells)
        spans = [
            f"{column_letters(column + place)}{first + 1}:{column_letters(column + place)}{at}" for place in range(2)
        ]
        sums = [f"IF(COUNT({span})<ROWS({span}),{words.quoted(_NONE)},SUM({span}))" for span in spans]
        values = [
            _figure(value, "tonnes_total", live if math.isfinite(value) else "")
            for live, value in zip(sums, (float(row[f"{measure}_{part}"]) for part in _PARTS[:2]), strict=True)
        ]
        cells += [*values, *_change(words, row, measure, column, at, ("tonnes_total", "percent_total"))]
    return [*cells, Cell("", "label_total")]


def _change(
    words: ReportInLanguage,
    row: Mapping[str, Any],
    measure: str,
    column: int,
    at: int,
    styles: tuple[StyleName, StyleName] = ("tonnes", "percent"),
) -> list[Cell | None]:
    """The change between two cells, and in per cent of the first."""
    before, after, change = (a1(at, column + place) for place in range(3))
    none = words.quoted(_NONE)
    both = f"IF(AND(ISNUMBER({before}),ISNUMBER({after})),{after}-{before},{none})"
    return [
        _figure(row[f"{measure}_change"], styles[0], both),
        _percent(words, row, measure, (before, after, change), styles[1]),
    ]


def _percent(
    words: ReportInLanguage, row: Mapping[str, Any], measure: str, cells: tuple[str, str, str], style: StyleName
) -> Cell:
    """A change in per cent by the conventions of `carbonledger.core.relative_change`; no formula where none is right."""
    before, after, change = cells
    none, new = words.quoted(_NONE), words.quoted(words.word("new"))
    convention, percent = str(row[f"{measure}_convention"]), float(row[f"{measure}_change_percent"])
    value = percent if math.isfinite(percent) else words.word("new") if convention == "new" else _NONE
    if convention in _WITHHELD:
        return Cell(value, style)
    of_zero = f"IF({after}=0,0,{new})"
    of_value = f"IF(OR({before}<0,{after}<0),{none},{change}/{before}*100)"
    return Cell(value, style, f"IF(ISNUMBER({change}),IF({before}=0,{of_zero},{of_value}),{none})")


def _figure(value: float, style: StyleName, formula: str = "") -> Cell:
    """A figure; a dash where there is none, as the energy of what has no energy."""
    return Cell(float(value) if math.isfinite(value) else _NONE, style, formula)
