"""The progress of a long run, on standard error and only if somebody looks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from carbonledger.reporting.drawing import console_for

__all__ = ["shown_progress"]

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
        bar.stop()
