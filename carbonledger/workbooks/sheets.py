"""The content of a sheet as plain records: cells with value and formula, defined names, and where they stand.

A sheet is put together here, drawn in `drawing`, and held against an edited copy in `edited_copy`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from carbonledger.workbooks.styles import StyleName

__all__ = ["Block", "Cell", "Place", "SheetContent", "a1", "column_letters"]


class Cell(NamedTuple):
    """What stands in a cell.

    Parameters
    ----------
    value : str, int, float, date or None
        What is shown; of a formula, its result by the library, for programs that do not calculate.
    style : str
        A name of `carbonledger.workbooks.styles`.
    formula : str
        Without the sign of equality; empty for a value.
    """

    value: Any
    style: StyleName = "plain"
    formula: str = ""


class Place(NamedTuple):
    """Where the entry of a row stands: its file, sheet and row; empty for a row without an entry."""

    file: str = ""
    sheet: str = ""
    row: Any = None


class Block(NamedTuple):
    """Rows of one table that lie below each other.

    Parameters
    ----------
    sheet : SheetContent
        Where.
    first, last : int
        Rows, counted from 0; one row at least.
    """

    sheet: SheetContent
    first: int
    last: int

    def column(self, column: int) -> str:
        """The range of a column, named with its sheet."""
        name, letters = self.sheet.quoted, column_letters(column)
        return f"{name}!${letters}${self.first + 1}:${letters}${self.last + 1}"


@dataclass(eq=False)
class SheetContent:
    """A sheet before it is drawn.

    Parameters
    ----------
    key : str
        What it is, whatever its name in a language.
    name : str
        On its tab; at most 31 characters.
    widths : list of float
        Of its columns, in characters.
    rows : list of list of Cell or None
        From the first row on.
    head : int
        The last row that stays in view and is printed on every page, counted from 0.
    frozen_columns : int
        How many columns stay in view.
    names : dict of str to str
        Defined names with what they refer to.
    places : dict of int to Place
        By row, the entry it comes from.
    amount_column : int or None
        The column of amounts that somebody may edit.
    effects : dict of int to float
        By row, the t CO2e of one unit of its amount.
    keyed_by : int or None
        The column that tells one row from another; None if its place does.
    detail_columns : tuple of (int, int) or None
        First and last column that can be folded away.
    """

    key: str
    name: str
    widths: Sequence[float]
    rows: list[list[Cell | None]] = field(default_factory=list)
    head: int = 0
    frozen_columns: int = 0
    names: dict[str, str] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)
    amount_column: int | None = None
    effects: dict[int, float] = field(default_factory=dict)
    keyed_by: int | None = None
    detail_columns: tuple[int, int] | None = None

    @property
    def quoted(self) -> str:
        """The name as formulas write it."""
        return f"'{self.name}'"

    @property
    def next_row(self) -> int:
        """The row that is added next, counted from 0."""
        return len(self.rows)

    def add(self, cells: Iterable[Cell | None] = ()) -> int:
        """Add a row, and say which it is."""
        self.rows.append(list(cells))
        return len(self.rows) - 1

    def heading(self, texts: Iterable[str]) -> int:
        """Add a row of headings."""
        return self.add(Cell(text, "heading") for text in texts)

    def at(self, row: int, column: int) -> str:
        """An absolute reference to a cell, named with its sheet."""
        return f"{self.quoted}!${column_letters(column)}${row + 1}"

    def define(self, name: str, row: int, column: int) -> str:
        """Give a cell a name, and return it."""
        self.names[name] = self.at(row, column)
        return name

    def define_columns(self, first: int, columns: Mapping[str, int]) -> Block:
        """Give columns of the rows from one on their names; a table without rows gets an empty one, so that ranges are ranges."""
        if self.next_row == first:
            self.add()
        block = Block(self, first, self.next_row - 1)
        self.names |= {name: block.column(column) for name, column in columns.items()}
        return block


def column_letters(column: int) -> str:
    """The letters of a column that is counted from 0.

    Examples
    --------
    >>> column_letters(0), column_letters(27)
    ('A', 'AB')
    """
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def a1(row: int, column: int) -> str:
    """The name of a cell within its sheet, rows and columns counted from 0.

    Examples
    --------
    >>> a1(0, 2)
    'C1'
    """
    return f"{column_letters(column)}{row + 1}"
