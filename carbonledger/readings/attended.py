"""A connection of DuckDB attended while it works: how far it is, and an interrupt that ends its query and not only what comes after."""

from __future__ import annotations

import contextlib
import selectors
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

__all__ = ["Stages", "Watch", "attended"]

# Told how much is done, and of how much.
Watch = Callable[[int, int], None]
_EVERY_SECONDS = 0.2


@dataclass(slots=True)
class Stages:
    """Progress over several steps, each of which goes from 0 to 100 percent.

    Parameters
    ----------
    watch : callable
        Told the percent of all steps together.
    step, steps : int
        The steps that are done, and all of them.
    """

    watch: Watch
    step: int = 0
    steps: int = 1

    def at(self, step: int, steps: int) -> None:
        """Go on with another step."""
        self.step, self.steps = step, steps
        self.tell(0, 100)

    def tell(self, done: int, whole: int) -> None:
        """Tell how much of the step is done."""
        self.watch(100 * self.step + 100 * done // whole, 100 * self.steps)


@contextmanager
def attended(connection: Any, watch: Watch | None = None) -> Iterator[None]:
    """Attend a connection from a thread, since Python looks at signals only between its own instructions.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Which works in the thread of the caller.
    watch : callable, optional
        Told the percent that are done of the query at work, and 100.
    """
    said, heard = socket.socketpair()
    said.setblocking(False)
    is_main = threading.current_thread() is threading.main_thread()
    before = signal.set_wakeup_fd(said.fileno(), warn_on_full_buffer=False) if is_main else -1
    thread = threading.Thread(target=_attend, args=(connection, heard, watch), daemon=True)
    thread.start()
    try:
        yield
    finally:
        if is_main:
            signal.set_wakeup_fd(before)
        said.close()
        thread.join()
        heard.close()


def _attend(connection: Any, heard: socket.socket, watch: Watch | None) -> None:
    """Wait for a signal or the end, and tell the progress meanwhile."""
    with selectors.DefaultSelector() as selector:
        selector.register(heard, selectors.EVENT_READ)
        while True:
            if selector.select(_EVERY_SECONDS):
                signals = heard.recv(64)
                if not signals:
                    return
                if signal.SIGINT in signals:
                    connection.interrupt()
            elif watch is not None:
                # A connection between two queries has no progress, and one that was closed none any more.
                with contextlib.suppress(Exception):
                    percent = int(connection.query_progress())
                    if percent > 0:
                        watch(percent, 100)
