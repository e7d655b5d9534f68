"""The base year of a company as a disclosure needs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from carbonledger.core.language import Label

__all__ = ["StatedBaseYear"]


@dataclass(frozen=True, slots=True)
class StatedBaseYear:
    """A base year with its emissions and recalculations.

    Parameters
    ----------
    year : int
        Which.
    rationale : Label
        Why it was chosen; empty if the book does not say.
    as_reported, restated : mapping of (int, str) to float
        By scope and method (empty but for scope 2), t CO2e; a figure that is not known is missing. Without a recalculation both are one.
    recalculations : tuple of Label
        What each was made for, and the figures before and after.
    is_undecided : bool
        Whether it cannot be told if events call for one.
    """

    year: int
    rationale: Label
    as_reported: Mapping[tuple[int, str], float]
    restated: Mapping[tuple[int, str], float]
    recalculations: tuple[Label, ...] = ()
    is_undecided: bool = False
