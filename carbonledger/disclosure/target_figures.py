"""What a framework asks of targets: what is promised, from which base, and how far it is done."""

from __future__ import annotations

from carbonledger.disclosure.case import DisclosureCase
from carbonledger.disclosure.figures import NOTHING, Pieces, answered, missing, says, unnamed

__all__ = ["target_figures"]


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
