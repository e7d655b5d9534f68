"""The flat file of a publisher: one row per printed figure, each with its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from carbonledger.core.errors import EditionError, EntriesError
from carbonledger.core.findings import first_error
from carbonledger.publishers.layout import Layout
from carbonledger.tables.delimited import read_delimited
from carbonledger.tables.sheet import Sheet
from carbonledger.tables.workbook import read_workbook

__all__ = ["PublishedRow", "read_flat_file"]

_HIGHEST_HEADING = 30
_TEXT = frozenset({".csv", ".tsv", ".txt"})
_LEVELS = ("level_1", "level_2", "level_3", "level_4", "column_text")


@dataclass(frozen=True, slots=True)
class PublishedRow:
    """One row of a publisher's file, nothing interpreted.

    Parameters
    ----------
    number : int
        As a spreadsheet shows it.
    publisher_id, scope : str
        As printed; empty where there is none.
    levels : tuple of str
        From the sheet of the full set to the column, empty ones left out.
    unit, gas : str
        Labels as printed.
    value : str
        The decimal text; empty if the cell is.
    text : str
        What stands in the cell instead of a number, such as ``< 1``; else empty.
    """

    number: int
    publisher_id: str
    scope: str
    levels: tuple[str, ...]
    unit: str
    gas: str
    value: str
    text: str

    @property
    def path(self) -> str:
        """The levels as one text, a slash inside a label written as ``∕``."""
        return "/".join(level.replace("/", "∕") for level in self.levels)

    @property
    def sheet(self) -> str:
        """The first level."""
        return self.levels[0] if self.levels else ""


def read_flat_file(path: Path, layout: Layout) -> list[PublishedRow]:
    """The rows of a publisher's flat file.

    Parameters
    ----------
    path : Path
        The workbook as it was downloaded, or its sheet saved as CSV.
    layout : Layout
        Of its publisher.

    Returns
    -------
    list of PublishedRow
        Every row below the headings that has a first level, in file order.

    Raises
    ------
    EditionError
        If it is no workbook, has not the sheet, or its headings are not found.
    """
    sheet = _sheet(path, layout)
    at, columns = _headings(path.name, sheet, layout)
    rows = (_row(number, cells, columns) for number, cells in enumerate(sheet.rows[at:], start=at + 1))
    return [row for row in rows if row.levels]


def _sheet(path: Path, layout: Layout) -> Sheet:
    """The sheet of the figures: of a workbook, or the whole of a text that was saved from it."""
    try:
        content = path.read_bytes()
        if path.suffix.lower() in _TEXT:
            cells = read_delimited(path.name, content).cells()
            if broken := first_error(cells.findings):
                raise EditionError(str(broken))
            return cells.sheet
        sheets = read_workbook(path.name, content)
    except OSError as error:
        raise EditionError(f"{path.name} cannot be read: {error.strerror}.") from error
    except EntriesError as error:
        raise EditionError(str(error.findings[0].at(file=path.name))) from error
    found = next((item for item in sheets if item.name.strip().lower() == layout.sheet.lower()), None)
    if found is None:
        names = ", ".join(item.name for item in sheets)
        raise EditionError(f"{path.name}: there is no sheet {layout.sheet!r}; its sheets are {names}.")
    return found


def _headings(file: str, sheet: Sheet, layout: Layout) -> tuple[int, dict[str, int]]:
    """How many rows end with the headings, and the column of each."""
    best: dict[str, int] = {}
    for number, cells in enumerate(sheet.rows[:_HIGHEST_HEADING], start=1):
        columns = _columns([str(cell or "").strip().lower() for cell in cells], layout.headings)
        if set(columns) >= set(layout.headings) - {"publisher_id", "level_4"}:
            return number, columns
        best = max(best, columns, key=len)
    missing = [heading for name, heading in layout.headings.items() if name not in best]
    raise EditionError(f"{file}: no row has the heading{'s' * (len(missing) > 1)} {', '.join(missing)}.")


def _columns(cells: Sequence[str], headings: Mapping[str, str]) -> dict[str, int]:
    """The column of each heading; one that begins like several belongs to the longest."""
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        names = [
            name
            for name, heading in headings.items()
            if cell == heading or cell.startswith((heading + " ", heading + "/"))
        ]
        if names:
            found.setdefault(max(names, key=lambda name: len(headings[name])), at)
    return found


def _row(number: int, cells: Sequence[Any], columns: Mapping[str, int]) -> PublishedRow:
    """One row of the sheet."""
    texts = {name: _text(cells[at]) if at < len(cells) else "" for name, at in columns.items()}
    value = texts["value"]
    is_number = bool(value) and _is_number(value)
    return PublishedRow(
        number=number,
        publisher_id=texts.get("publisher_id", ""),
        scope=texts["scope"],
        levels=tuple(texts[name] for name in _LEVELS if texts.get(name) and texts[name] not in {"0", "0.0"}),
        unit=texts["unit"],
        gas=texts["gas"],
        value=value if is_number else "",
        text="" if is_number else value,
    )


def _text(cell: Any) -> str:
    """A cell as text; a number as its shortest decimal text, without a trailing ``.0``."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell).strip()


def _is_number(text: str) -> bool:
    """Whether a text is a finite decimal."""
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False
