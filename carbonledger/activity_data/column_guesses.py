"""What a column under an unknown heading may hold, as its cells look; a proposal for somebody to confirm, never read by itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from carbonledger.activity_data.entry_headings import unit_of_heading
from carbonledger.core.activities import known_activity
from carbonledger.core.errors import PeriodError
from carbonledger.core.number_text import NumberText, is_gap, number_text
from carbonledger.core.period_texts import parse_period
from carbonledger.tables.column import Column, is_filled
from carbonledger.tables.records import cell_text

__all__ = ["guessed_field"]

_SAMPLE = 200


def guessed_field(column: Column) -> str:
    """The field that the cells of a column look like: a unit, an activity, a period or an amount; empty if none.

    Examples
    --------
    >>> [guessed_field(Column(cells)) for cells in (["kWh", "kWh"], ["2025-01"], [12.5, "-"], ["汽油"], ["paid"])]
    ['unit', 'period', 'amount', 'activity', '']
    """
    cells = [cell for cell in column.head(_SAMPLE) if is_filled(cell) and not (isinstance(cell, str) and is_gap(cell))]
    if not cells:
        return ""
    return next((name for name, looks in _LOOKS.items() if all(map(looks, cells))), "")


def _is_unit(cell: Any) -> bool:
    """Whether a cell is a unit."""
    return isinstance(cell, str) and bool(unit_of_heading(cell.strip()))


def _is_activity(cell: Any) -> bool:
    """Whether a cell names an activity."""
    return isinstance(cell, str) and bool(known_activity(cell))


def _is_number(cell: Any) -> bool:
    """Whether a cell is a number."""
    if isinstance(cell, str):
        return isinstance(number_text(cell), NumberText)
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _is_period(cell: Any) -> bool:
    """Whether a cell is a day, a month or another period, and no plain number."""
    if isinstance(cell, str) and isinstance(number_text(cell), NumberText):
        return False
    try:
        return (
            not isinstance(cell, int | float)
            and parse_period(cell, "day_first" if cell_text(cell)[2:3] == "/" else "").days > 0
        )
    except PeriodError:
        return False


_LOOKS: dict[str, Callable[[Any], bool]] = {
    "unit": _is_unit,
    "activity": _is_activity,
    "period": _is_period,
    "amount": _is_number,
}
