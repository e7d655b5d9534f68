"""Headings of two rows: a group above, such as a site, a year or a carrier, and what it is divided into beneath.

Two rows are joined only where that makes more columns understood than either row alone, and none less.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from carbonledger.tables.column import is_filled
from carbonledger.tables.headings import heading_text, joined_heading
from carbonledger.tables.sheet import MergedRange

__all__ = ["group_spans", "groups_over", "joined_rows"]

_NUMBER = re.compile(r"[-+(]?[\d.,\s%]+\)?")
_YEARS = range(1900, 2201)
# A group that is named once is no group.
_ENOUGH_GROUPS = 2


def joined_rows(
    rows: Sequence[Sequence[Any]],
    at: int,
    knows: Callable[[str], bool],
    merged: Sequence[MergedRange] = (),
    numbers: Sequence[int] = (),
) -> tuple[tuple[str, ...], int] | None:
    """The headings that two rows make together, and the position of the lower one.

    Parameters
    ----------
    rows : sequence of sequence of object
        The cells of a sheet.
    at : int
        The position of the row that has most known headings.
    knows : callable
        Whether a text is a known heading.
    merged : sequence of MergedRange
        The merged cells of the sheet.
    numbers : sequence of int
        The number of each of `rows`, by which merged cells are told; none are needed where nothing is merged.

    Returns
    -------
    tuple of (tuple of str, int) or None
        None if the headings are of one row.
    """
    for upper in (at - 1, at):
        if 0 <= upper < len(rows) - 1:
            headings = _joined(
                rows[upper], rows[upper + 1], knows, group_spans(merged, numbers[upper]) if merged else {}
            )
            if headings:
                return headings, upper + 1
    return None


def group_spans(merged: Sequence[MergedRange], number: int) -> dict[int, int]:
    """For each column that a merged cell of a row reaches, the column that it begins in."""
    return {
        column - 1: area.first_column - 1
        for area in merged
        if area.first_row <= number <= area.last_row
        for column in range(area.first_column, area.last_column + 1)
    }


def _joined(
    upper: Sequence[Any], lower: Sequence[Any], knows: Callable[[str], bool], spans: dict[int, int]
) -> tuple[str, ...]:
    """The headings of two rows; none if they are not headings of two rows."""
    if not all(map(_may_group, upper)) or not all(map(_may_divide, lower)):
        return ()
    width = max(len(upper), len(lower))
    above, below = ([heading_text(cell) for cell in row] + [""] * (width - len(row)) for row in (upper, lower))
    groups = groups_over(above, below, spans)
    joined = tuple(joined_heading(group, own) for group, own in zip(groups, below, strict=True))
    while joined and not joined[-1]:
        joined = joined[:-1]
    known = [bool(text) and knows(text) for text in joined]
    alone = max(sum(bool(text) and knows(text) for text in row) for row in (above, below))
    lost = any(own and knows(own) and not understood for own, understood in zip(below, known, strict=False))
    twice = len(set(filter(None, below))) < sum(map(bool, below)) and sum(map(bool, above)) >= _ENOUGH_GROUPS
    is_better = sum(known) > alone or (sum(known) == alone and twice and len(set(joined)) == len(joined))
    return joined if is_better and not lost else ()


def groups_over(above: Sequence[str], below: Sequence[str], spans: Mapping[int, int]) -> list[str]:
    """The group of each column: its own, that of the merged cell it is in, or the last one before it over a divided column."""
    groups: list[str] = []
    for at, (group, own) in enumerate(zip(above, below, strict=True)):
        if group or not own:
            groups.append(group)
        elif at in spans:
            groups.append(above[spans[at]])
        else:
            # A column whose group is not divided has none to hand on.
            is_group = at > 0 and bool(below[at - 1])
            groups.append(groups[-1] if is_group else "")
    return groups


def _may_group(cell: Any) -> bool:
    """Whether a cell may stand in the upper row: a text, or a year."""
    return not is_filled(cell) or isinstance(cell, str) or (isinstance(cell, int | float) and cell in _YEARS)


def _may_divide(cell: Any) -> bool:
    """Whether a cell may stand in the lower row: a text that is no number."""
    return not is_filled(cell) or (isinstance(cell, str) and not _NUMBER.fullmatch(cell.strip()))
