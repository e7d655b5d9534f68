"""A search on the command line: watched, interrupted at any moment, and taken up again."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.core.language import printable
from carbonledger.reporting.console import shown_progress

if TYPE_CHECKING:
    from carbonledger.reconstruction.result import SpaceResult
    from carbonledger.reconstruction.search import Search

__all__ = ["run_search"]


def run_search(search: Search, state: Path | None, show: Callable[[SpaceResult], None]) -> bool:
    """Count and show; what was counted is kept in a file until it has been shown.

    Parameters
    ----------
    search : Search
        To be run, from its beginning or from `state`.
    state : Path or None
        Where to keep what was counted; gone after a search that was shown whole.
    show : callable
        Prints the result, also that of an interrupted search.

    Returns
    -------
    bool
        False if it was interrupted, while counting or while showing.
    """
    if state is not None and state.exists():
        search.resume(state)
    finished = _count(search, state)
    try:
        show(search.result())
        sys.stdout.flush()
    except KeyboardInterrupt:
        _say_interrupted(state)
        return False
    if finished and state is not None:
        state.unlink(missing_ok=True)
    return finished


def _count(search: Search, state: Path | None) -> bool:
    """Whether a search came to its end; either way what was counted is kept, if a file is named."""
    try:
        with shown_progress("half-sums") as watch:
            search.run(watch)
        _save(search, state)
    except KeyboardInterrupt:
        _save(search, state)
        _say_interrupted(state)
        return False
    return True


def _save(search: Search, state: Path | None) -> None:
    """Keep what was counted, if a file is named."""
    if state is not None:
        search.save(state)


def _say_interrupted(state: Path | None) -> None:
    """How to go on after an interruption."""
    kept = (
        f"To go on: --resume {printable(str(state))}"
        if state is not None
        else "Name a file with --resume to be able to go on."
    )
    sys.stderr.write(f"carbonledger: Interrupted. {kept}\n")
