"""A grid of cells as a file holds it, with nothing interpreted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["MergedRange", "Sheet"]


@dataclass(frozen=True, slots=True)
class MergedRange:
    """Cells that a spreadsheet shows as one; only the first holds a value.

    Parameters
    ----------
    first_row, first_column, last_row, last_column : int
        Counted from 1, all included.
    """

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One grid of cells.

    Parameters
    ----------
    file, name : str
        The file, and the sheet of a workbook; empty where there is none.
    rows : sequence of sequence of object
        The cells row by row, row 1 first; rows may be of different lengths. A cell is None, a text, a number, a truth value, a
        ``date``, ``datetime`` or ``time``; an error value such as ``#REF!`` is its text.
    numbers : sequence of int or None
        The number of each row as a spreadsheet or editor shows it; None if they are 1, 2, 3 and so on.
    is_hidden : bool
        Whether the spreadsheet hides the sheet.
    hidden_rows, hidden_columns : frozenset of int
        Rows (also those that a filter hides) and columns that are hidden, counted from 1.
    merged : tuple of MergedRange
        In the order of the file.
    """

    file: str
    name: str
    rows: Sequence[Sequence[Any]]
    numbers: Sequence[int] | None = None
    is_hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    merged: tuple[MergedRange, ...] = ()
