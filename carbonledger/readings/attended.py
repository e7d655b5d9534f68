"""A connection of DuckDB attended while it works: how far it is, and an interrupt that ends its query and not only what comes after."""

from __future__ import annotations

import contextlib
import selectors
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
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
def attended(
    connection: Any, watch: Watch | None = None, others: Sequence[Callable[[], object]] = ()
) -> Iterator[threading.Event]:
    """Attend a connection from a thread, since Python looks at signals only between its own instructions.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Which works in the thread of the caller.
    watch : callable, optional
        Told the percent that are done of the query at work, and 100.
    others : sequence of callable
        What else an interrupt is to end, such as a server that the connection waits for; more may be added meanwhile.

    Yields
    ------
    threading.Event
        Set once there was an interrupt, so that whatever fails then is known to fail for it.
    """
    interrupted = threading.Event()
    said, heard = socket.socketpair()
    said.setblocking(False)
    thread = threading.Thread(target=_attend, args=(connection, heard, watch, others, interrupted), daemon=True)
    # What is put up last is taken down first, and all of it, whenever the interrupt itself is raised.
    with contextlib.ExitStack() as ends:
        ends.callback(heard.close)
        ends.callback(thread.join)
        ends.callback(said.close)
        if threading.current_thread() is threading.main_thread():
            ends.callback(signal.set_wakeup_fd, signal.set_wakeup_fd(said.fileno(), warn_on_full_buffer=False))
        thread.start()
        yield interrupted


def _attend(
    connection: Any,
    heard: socket.socket,
    watch: Watch | None,
    others: Sequence[Callable[[], object]],
    interrupted: threading.Event,
) -> None:
    """Wait for a signal or the end, and tell the progress meanwhile."""
    with selectors.DefaultSelector() as selector:
        selector.register(heard, selectors.EVENT_READ)
        while True:
            if selector.select(_EVERY_SECONDS):
                signals = heard.recv(64)
                if not signals:
                    return
                if signal.SIGINT in signals:
                    interrupted.set()
            else:
                _tell(connection, watch)
            # Again and again, since a query that is only about to begin takes no notice.
            if interrupted.is_set():
                for end in (connection.interrupt, *others):
                    # One that has ended already needs no end.
                    with contextlib.suppress(Exception):
                        end()


def _tell(connection: Any, watch: Watch | None) -> None:
    """Tell the progress of the query at work."""
    if watch is None:
        return
    # A connection between two queries has no progress, and one that was closed none any more.
    with contextlib.suppress(Exception):
        percent = int(connection.query_progress())
        if percent > 0:
            watch(percent, 100)
