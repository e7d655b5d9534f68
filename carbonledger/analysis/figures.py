"""Published figures of a case, each with its place in the report."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from carbonledger.errors import BookError, FigureError, UnitError
from carbonledger.rounding import Figure, Rounding, parse_figure
from carbonledger.units import canonical_unit

__all__ = ["PublishedFigure", "read_figures"]

_ROUNDINGS: Mapping[str, Rounding] = {
    "": "half_up",
    "half_up": "half_up",
    "half_even": "half_even",
    "truncate": "truncate",
    "exact": "exact",
}


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """A printed number and where it stands.

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

    def label(self, lang: str) -> str:
        """The label in ``zh`` or ``en``."""
        return self.label_zh if lang == "zh" else self.label_en


def read_figures(path: Path) -> dict[str, PublishedFigure]:
    """The published figures of a case.

    Parameters
    ----------
    path : Path
        A CSV with ``figure_id, year, label_zh, label_en, text, unit, rounding, section, page_title, note``.

    Returns
    -------
    dict of str to PublishedFigure

    Raises
    ------
    BookError
        Naming file and row of the first figure that cannot be read.
    """
    figures: dict[str, PublishedFigure] = {}
    with path.open(encoding="utf-8-sig", newline="") as stream:
        for number, row in enumerate(csv.DictReader(stream), start=2):
            figure = _published(row, f"{path.name}, row {number}")
            if figure.figure_id in figures:
                raise BookError(f"{path.name}, row {number}: the figure {figure.figure_id} is listed twice.")
            figures[figure.figure_id] = figure
    return figures


def _published(row: Mapping[str, str], place: str) -> PublishedFigure:
    """One row of the file."""
    try:
        rounding = _ROUNDINGS[row["rounding"]]
        unit = canonical_unit(row["unit"]) if row["unit"] else ""
        figure = parse_figure(row["text"], rounding)
        year = int(row["year"]) if row["year"] else None
    except (KeyError, ValueError, FigureError, UnitError) as error:
        raise BookError(f"{place}: {error}") from error
    if not row["section"]:
        raise BookError(f"{place}: a published figure names the section it stands in.")
    return PublishedFigure(
        row["figure_id"],
        year,
        row["label_zh"],
        row["label_en"],
        figure,
        unit,
        row["section"],
        row["page_title"],
        row["note"] or "",
    )
