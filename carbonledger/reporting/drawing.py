"""How text reports draw: console, numbers, tables, titles."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from decimal import Decimal

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from carbonledger.rounding import decimal_of, round_figure

__all__ = ["amount_text", "console_for", "number", "section_title", "text_table"]

_PIPED_WIDTH = 130


def console_for(*, stderr: bool = False) -> Console:
    """A console that stays readable without colour and in a pipe."""
    console = Console(stderr=stderr, highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(stderr=stderr, highlight=False, width=_PIPED_WIDTH)
    return console


def number(value: float | Decimal | None, decimals: int) -> str:
    """A number as printed: rounded half up once, thousands separated; a missing one as a dash."""
    if value is None or not math.isfinite(value):
        return "–"
    return f"{round_figure(value, Decimal(1).scaleb(-decimals)):,.{decimals}f}"


def amount_text(value: float) -> str:
    """An amount with the decimals it was given with."""
    return "" if not math.isfinite(value) else f"{decimal_of(value).normalize():,f}"


def text_table(headings: Sequence[str], right: Iterable[int] = ()) -> Table:
    """An empty table."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    rights = set(right)
    for at, heading in enumerate(headings):
        number_column = at in rights
        table.add_column(heading, justify="right" if number_column else "left", overflow="fold", no_wrap=number_column)
    return table


def section_title(console: Console, text: str) -> None:
    """A section title."""
    console.print()
    console.print(Text(text, style="bold"))
