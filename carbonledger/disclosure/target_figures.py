"""What a framework asks of targets: what is promised, from which base, and how far it is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from carbonledger.core.language import Label
from carbonledger.disclosure.figures import NOTHING, Pieces, answered, missing, says, unnamed

if TYPE_CHECKING:
    from carbonledger.disclosure.case import DisclosureCase

__all__ = ["TargetStatement", "target_figures"]


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


def target_figures(case: DisclosureCase, name: str) -> Pieces:
    """``promises`` and ``base`` in words, ``progress`` [%]; a piece for each target, missing without one."""
    if not case.targets:
        return unnamed(missing(says("no_targets"), "%" if name == "progress" else ""))
    if name == "base":
        known = [(item.name, answered(item.base)) for item in case.targets if item.base != NOTHING]
        return known or unnamed(missing(says("no_target_base")))
    if name == "promises":
        return [(item.name, answered(item.promise)) for item in case.targets]
    return [
        (
            item.name,
            missing(item.reason, "%") if item.progress_percent is None else answered(item.progress_percent, "%"),
        )
        for item in case.targets
    ]
