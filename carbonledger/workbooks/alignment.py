"""Which row of an edited sheet is which row of the report, whatever was sorted, inserted or deleted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from carbonledger.workbooks.edited_copy import Formula
from carbonledger.workbooks.sheets import SheetContent
from carbonledger.workbooks.styles import inert

__all__ = ["RowMap", "aligned"]


@dataclass(frozen=True)
class RowMap:
    """The rows of a sheet against those of its edited copy, counted from 0.

    Parameters
    ----------
    to_edited : dict of int to int
        Where each row stands in the copy.
    removed, added : tuple of int
        Rows of the report that the copy lacks, and rows of the copy that the report lacks; empty rows are neither.
    """

    to_edited: dict[int, int]
    removed: tuple[int, ...]
    added: tuple[int, ...]

    @property
    def is_same(self) -> bool:
        """Whether every row is where it was."""
        return not self.removed and all(row == there for row, there in self.to_edited.items())


def aligned(content: SheetContent, edited: Sequence[Sequence[Any]]) -> RowMap:
    """Find each row of a sheet in its edited copy.

    A row is known by its key, or by its texts, if no other row has the same; any other stands behind the row that it stood behind.

    Parameters
    ----------
    content : SheetContent
        As the report is written.
    edited : sequence of sequence
        The rows of the copy.

    Returns
    -------
    RowMap
    """
    own = [_own_mark(content, row) for row in range(len(content.rows))]
    theirs = [_their_mark(content, cells) for cells in edited]
    found = _unique(own, theirs)
    taken = set(found.values())
    for row in range(len(own)):
        if row not in found:
            behind = found.get(row - 1, row - 1 if row == 0 else None)
            there = None if behind is None else behind + 1
            if there is not None and there < len(theirs) and there not in taken and _may_be(own[row], theirs[there]):
                found[row] = there
                taken.add(there)
    removed = tuple(row for row in range(len(own)) if row not in found and _is_filled(content, row))
    added = tuple(row for row, cells in enumerate(edited) if row not in taken and any(_filled(cells)))
    return RowMap(found, removed, added)


def _own_mark(content: SheetContent, row: int) -> Hashable:
    """What a row of the report is known by; empty for nothing."""
    cells = content.rows[row]
    key = content.keyed_by
    if key is not None and row > content.head and key < len(cells):
        cell = cells[key]
        if cell is not None and isinstance(cell.value, int):
            return ("key", cell.value)
    texts = (cell.value for cell in cells if cell is not None and not cell.formula)
    return tuple(inert(text) for text in texts if isinstance(text, str) and text)


def _their_mark(content: SheetContent, cells: Sequence[Any]) -> Hashable:
    """What a row of the copy is known by."""
    key = content.keyed_by
    if key is not None and key < len(cells) and isinstance(cells[key], int | float) and float(cells[key]).is_integer():
        return ("key", int(cells[key]))
    return tuple(text for text in cells if isinstance(text, str) and not isinstance(text, Formula) and text)


def _unique(own: Sequence[Hashable], theirs: Sequence[Hashable]) -> dict[int, int]:
    """The rows whose mark no other row has; of marks that the copy repeats, the first."""
    counts = Counter(own)
    places: dict[Hashable, int] = {}
    for there, mark in enumerate(theirs):
        places.setdefault(mark, there)
    return {row: places[mark] for row, mark in enumerate(own) if mark and counts[mark] == 1 and mark in places}


def _may_be(own: Hashable, their: Hashable) -> bool:
    """Whether two rows without a common mark can be one: not two that have different keys."""
    is_key = [isinstance(mark, tuple) and len(mark) > 0 and mark[0] == "key" for mark in (own, their)]
    return not all(is_key)


def _is_filled(content: SheetContent, row: int) -> bool:
    """Whether a row of the report has anything in it."""
    return any(cell is not None and (cell.value not in (None, "") or cell.formula) for cell in content.rows[row])


def _filled(cells: Sequence[Any]) -> Iterator[bool]:
    """Which cells of the copy have something in them."""
    return (cell not in (None, "") for cell in cells)
