"""Console output: numbers, tables, titles and progress."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import TextIO

from rich import box
from rich.console import Console, RenderableType
from rich.style import StyleType
from rich.table import Table
from rich.text import Text

from carbonledger.core.language import printable
from carbonledger.core.rounding import decimal_of, round_figure

__all__ = [
    "PlainTable",
    "amount_text",
    "console_for",
    "console_into",
    "number",
    "plain_text",
    "section_title",
    "shown_progress",
    "text_table",
]

_PIPED_WIDTH = 130


class _PlainConsole(Console):
    """A console that leaves a closed pipe to the program, which knows its exit codes."""

    def on_broken_pipe(self) -> None:
        """Pass the error on."""
        raise BrokenPipeError


def console_for(*, stderr: bool = False) -> Console:
    """A console that stays readable without colour and in a pipe."""
    console = _PlainConsole(stderr=stderr, highlight=False, markup=False, emoji=False, soft_wrap=False)
    if not console.is_terminal:
        console = _PlainConsole(stderr=stderr, highlight=False, markup=False, emoji=False, width=_PIPED_WIDTH)
    return console


def console_into(stream: TextIO) -> Console:
    """A console that writes into a file what `console_for` writes into a pipe, whatever the environment says of colours."""
    return _PlainConsole(
        file=stream,
        width=_PIPED_WIDTH,
        highlight=False,
        markup=False,
        emoji=False,
        force_terminal=False,
        color_system=None,
        legacy_windows=False,
        _environ={},
    )


def plain_text(text: str, style: str = "") -> Text:
    """A line as it stands: brackets are no markup, and what a terminal would obey is a visible escape."""
    return Text(printable(text), style=style)


class PlainTable(Table):
    """A table whose cells are printed as they stand."""

    def add_row(
        self,
        *renderables: RenderableType | None,
        style: StyleType | None = None,
        end_section: bool = False,
    ) -> None:
        """Add a row; each text of it as `plain_text`."""
        cells = [plain_text(cell) if isinstance(cell, str) else cell for cell in renderables]
        super().add_row(*cells, style=style, end_section=end_section)


def number(value: float | Decimal | None, decimals: int) -> str:
    """A number as printed: rounded half up once, thousands separated; a missing one as a dash."""
    if value is None or not math.isfinite(value):
        return "–"
    rounded = round_figure(value, Decimal(1).scaleb(-decimals))
    # What rounds to nothing has no sign.
    return f"{rounded or abs(rounded):,.{decimals}f}"


def amount_text(value: float) -> str:
    """An amount with the decimals it was given with."""
    return "" if not math.isfinite(value) else f"{decimal_of(value).normalize():,f}"


def text_table(headings: Sequence[str], right: Iterable[int] = ()) -> PlainTable:
    """An empty table."""
    table = PlainTable(box=box.SIMPLE_HEAD, pad_edge=False, header_style="bold")
    rights = set(right)
    for at, heading in enumerate(headings):
        number_column = at in rights
        table.add_column(heading, justify="right" if number_column else "left", overflow="fold", no_wrap=number_column)
    return table


def section_title(console: Console, text: str) -> None:
    """A section title."""
    console.print()
    console.print(plain_text(text, style="bold"))


_PATIENCE_SECONDS = 1.0


@contextmanager
def shown_progress(what: str, console: Console | None = None) -> Iterator[Callable[[int, int], None]]:
    """A bar that appears if the run is long, and goes away when it ends.

    Parameters
    ----------
    what : str
        What is counted.
    console : Console, optional
        By default standard error.

    Yields
    ------
    callable
        To be told how much is done, and of how much.
    """
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=console or console_for(stderr=True), transient=True)
    task = bar.add_task(what, total=None)
    begun = time.monotonic()

    def watch(done: int, whole: int) -> None:
        if bar.console.is_terminal and not bar.live.is_started and time.monotonic() - begun > _PATIENCE_SECONDS:
            bar.start()
        bar.update(task, completed=done, total=whole)

    try:
        yield watch
    finally:
        if bar.live.is_started:
            bar.stop()
