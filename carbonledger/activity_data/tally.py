"""What became of every row and every filled cell of the files that were read: nothing is lost, and nothing is passed over in silence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["SheetTally", "summed"]


@dataclass(frozen=True, slots=True)
class SheetTally:
    """The account of one sheet.

    Parameters
    ----------
    file, sheet : str
        Where; empty if it did not come from a file.
    rows : int
        Filled rows beneath the headings: ``entries + controls + repeated + replaced + refused + set_aside``.
    entries : int
        Rows that became entries.
    controls : int
        Total rows, held against the sum of their parts.
    repeated : int
        Rows that say exactly what an earlier one says, left out with a finding.
    replaced : int
        Rows that others supersede.
    refused : int
        Rows that a finding keeps out.
    set_aside : int
        Rows of a sheet that is not read, as a finding says.
    cells : int
        Filled cells: ``cells_read + cells_refused + cells_set_aside``.
    cells_read : int
        Headings, and cells in columns that are understood, of rows that are not refused.
    cells_refused : int
        Cells of refused rows.
    cells_set_aside : int
        Cells above the headings, in columns or sheets that are not read.
    """

    file: str
    sheet: str
    rows: int = 0
    entries: int = 0
    controls: int = 0
    repeated: int = 0
    replaced: int = 0
    refused: int = 0
    set_aside: int = 0
    cells: int = 0
    cells_read: int = 0
    cells_refused: int = 0
    cells_set_aside: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether every row and every cell is accounted for."""
        rows = self.entries + self.controls + self.repeated + self.replaced + self.refused + self.set_aside
        cells = self.cells_read + self.cells_refused + self.cells_set_aside
        return rows == self.rows and cells == self.cells


def summed(tallies: Sequence[SheetTally]) -> SheetTally:
    """The account of several sheets together.

    Examples
    --------
    >>> summed([SheetTally("a.csv", "", rows=2, entries=2), SheetTally("b.csv", "", rows=1, refused=1)]).rows
    3
    """
    counts = [name for name in SheetTally.__dataclass_fields__ if name not in {"file", "sheet"}]
    return SheetTally("", "", **{name: sum(getattr(item, name) for item in tallies) for name in counts})
