"""Published figures of a case, each with its place in the report."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from carbonledger.core.errors import BookError, EntriesError, FigureError, UnitError
from carbonledger.core.exact_conversion import exact_factor, times
from carbonledger.core.findings import Message, first_error
from carbonledger.core.language import Label
from carbonledger.core.printed_number import Figure, parse_figure
from carbonledger.core.rounding import Interval, Rounding
from carbonledger.core.units import canonical_unit, conversion_factor
from carbonledger.tables.sources import tables_in
from carbonledger.tables.table import Table

__all__ = ["PublishedFigure", "read_figures"]

_ROUNDINGS: Mapping[str, Rounding] = {
    "": "half_up",
    "half_up": "half_up",
    "half_even": "half_even",
    "truncate": "truncate",
    "exact": "exact",
}
_GAS, _SAME_UNIT = re.compile(r" CO2e?\b"), 1e-9
_NEEDED = ("figure_id", "text", "unit")
_COLUMNS = ("figure_id", "label_zh", "label_en", "text", "unit", "section", "year", "rounding", "page_title", "note")


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A printed number with its unit and its place in the report.

    Parameters
    ----------
    figure_id : str
        Its name in the case.
    year : int or None
        The year it describes.
    label_zh, label_en : str
        What it is.
    figure : Figure
        Text, decimals, interval.
    unit : str
        The library's spelling of its unit.
    section, page_title : str
        Where it stands in the report.
    note : str
        Remarks.
    """

    figure_id: str
    year: int | None
    label_zh: str
    label_en: str
    figure: Figure
    unit: str
    section: str
    page_title: str
    note: str = ""

    @property
    def label(self) -> Label:
        """What the figure is called; in the other language, or its name in the case, if there is no label."""
        en, zh = self.label_en or self.label_zh, self.label_zh or self.label_en
        return Label(en or self.figure_id, zh or self.figure_id)

    def interval_in(self, unit: str) -> Interval:
        """The interval of unrounded numbers that print as this figure, in a unit.

        Parameters
        ----------
        unit : str
            Any spelling.

        Returns
        -------
        Interval

        Raises
        ------
        BookError
            If the figure has no unit, or one that measures something else.
        """
        return self.figure_in(unit).interval

    def figure_in(self, unit: str) -> Figure:
        """The figure in a unit: its number and its step converted exactly, its text as printed.

        Parameters
        ----------
        unit : str
            Any spelling.

        Returns
        -------
        Figure

        Raises
        ------
        BookError
            If the figure has no unit, or one that measures something else.
        """
        if unit == self.unit:
            return self.figure
        if not self.unit:
            raise BookError(Message.of("PUBLISHED_FIGURE.no_unit", figure=self.figure_id, unit=unit))
        try:
            factor = exact_factor(self.unit, unit)
        except UnitError as error:
            raise BookError(
                Message.of("PUBLISHED_FIGURE.wrong_unit", figure=self.figure_id, problem=error.says or str(error))
            ) from error
        figure = self.figure
        value, step = (times(Interval(number, number), factor).low for number in (figure.value, figure.step))
        high = None if figure.high is None else times(Interval(figure.high, figure.high), factor).low
        return replace(figure, value=value, step=step, high=high)

    def in_unit(self, unit: str) -> PublishedFigure:
        """The published figure in a unit, see `figure_in`."""
        return replace(self, figure=self.figure_in(unit), unit=unit)


def read_figures(path: Path) -> dict[str, PublishedFigure]:
    """The published figures of a case.

    Parameters
    ----------
    path : Path
        A table with ``figure_id, text, unit``, and perhaps ``year, label_zh, label_en, rounding, section, page_title, note``; CSV in
        UTF-8, UTF-16 with BOM or GB18030, or a workbook.

    Returns
    -------
    dict of str to PublishedFigure

    Raises
    ------
    BookError
        Naming file and row of the first figure that cannot be read.
    """
    try:
        tables = tables_in(path, knows=_COLUMNS.__contains__)
    except EntriesError as error:
        raise BookError("; ".join(str(finding) for finding in error.findings)) from error
    figures: dict[str, PublishedFigure] = {}
    for table in tables:
        _check_headings(table)
        broken = first_error(table.findings)
        if broken:
            raise BookError(Message.of("PUBLISHED_FIGURE.broken_form", place=broken.place_label, problem=broken.says))
        for number, cells in table.rows:
            place = Label(f"{path.name}, row {number}", f"{path.name}，第 {number} 行")
            figure = _figure_of_row(_cells_by_heading(table, cells, place), place)
            if figure.figure_id in figures:
                raise BookError(Message.of("PUBLISHED_FIGURE.listed_twice", place=place, figure=figure.figure_id))
            figures[figure.figure_id] = figure
    return figures


def _check_headings(table: Table) -> None:
    """Refuse a table without a needed column, or with an unknown one."""
    missing = [name for name in _NEEDED if name not in table.headings]
    if missing:
        raise BookError(
            Message.of("PUBLISHED_FIGURE.missing_column", file=table.file, column=missing[0], needed=_NEEDED)
        )
    more = [name for name in table.headings if name and name not in _COLUMNS]
    if more:
        raise BookError(Message.of("PUBLISHED_FIGURE.unknown_column", file=table.file, column=more[0], known=_COLUMNS))


def _cells_by_heading(table: Table, cells: tuple[Any, ...], place: Label) -> dict[str, str]:
    """The cells of a row by heading, as text."""
    row = dict.fromkeys(_COLUMNS, "")
    for name, cell in zip(table.headings, cells, strict=False):
        if name == "text" and cell is not None and not isinstance(cell, str):
            raise BookError(Message.of("PUBLISHED_FIGURE.stored_as_number", place=place))
        row[name] = "" if cell is None else f"{cell:g}" if isinstance(cell, float) else str(cell).strip()
    return row


def _check_printed_unit(printed: str, stated: str) -> None:
    """Refuse a unit in the text that differs from the unit column, such as 10^4 kWh or per mille; the gas is ignored."""
    try:
        same = conversion_factor(printed, _GAS.sub("", stated)) if printed and stated else 1.0
    except UnitError:
        return
    if not math.isclose(same, 1.0, rel_tol=_SAME_UNIT):
        raise FigureError(Message.of("PUBLISHED_FIGURE.other_unit", printed=printed, stated=stated))


def _figure_of_row(row: Mapping[str, str], place: Label) -> PublishedFigure:
    """The published figure of one row."""
    if not row["figure_id"]:
        raise BookError(Message.of("PUBLISHED_FIGURE.empty_cell", place=place, column="figure_id"))
    if row["rounding"] not in _ROUNDINGS:
        known = tuple(name for name in _ROUNDINGS if name)
        raise BookError(
            Message.of("PUBLISHED_FIGURE.unknown_rounding", place=place, rounding=row["rounding"], known=known)
        )
    try:
        unit = canonical_unit(row["unit"]) if row["unit"] else ""
        figure = parse_figure(row["text"], _ROUNDINGS[row["rounding"]])
        year = int(row["year"]) if row["year"] else None
        _check_printed_unit(figure.unit, unit)
    except (ValueError, FigureError, UnitError) as error:
        problem = getattr(error, "says", None) or str(error)
        raise BookError(Message.of("PUBLISHED_FIGURE.unreadable", place=place, problem=problem)) from error
    return PublishedFigure(
        row["figure_id"],
        year,
        row["label_zh"],
        row["label_en"],
        figure,
        unit,
        row["section"],
        row["page_title"],
        row["note"],
    )
