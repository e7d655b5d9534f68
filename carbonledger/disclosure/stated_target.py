"""A target as a framework sees it."""

from __future__ import annotations

from dataclasses import dataclass

from carbonledger.core.language import Label
from carbonledger.disclosure.figures import NOTHING

__all__ = ["TargetStatement"]


@dataclass(frozen=True, slots=True)
class TargetStatement:
    """A target as a framework sees it.

    Parameters
    ----------
    name : Label
        What it is called.
    promise : Label
        Scopes, status and what is promised, in words.
    base : Label
        Base year and value; empty if it has none.
    progress_percent : float or None
        0 at the base, 100 at the target; None if it cannot be judged, or is no reduction.
    reason : Label
        Why it cannot be judged.
    """

    name: Label
    promise: Label
    base: Label = NOTHING
    progress_percent: float | None = None
    reason: Label = NOTHING
