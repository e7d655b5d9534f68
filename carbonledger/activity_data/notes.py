"""Notes that somebody wrote, apart from those that say how an amount was read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["is_noted", "noted"]

# Notes that the reader generated itself (e.g. "prorated: ...") are not explanations given by the company.
_OF_READING = r"(?:^|; | )(?:readings: |stock: |heat: |prorated: |deflated: |fossil part of |biofuel of ).*$"


def is_noted(note: str) -> bool:
    """Whether a note is one that somebody wrote, not only one of how the amount was read."""
    return bool(note) and bool(re.sub(_OF_READING, "", note).strip())


def noted(lines: pd.DataFrame) -> pd.Series:
    """Which lines carry a note that somebody wrote, not only one of how the amount was read."""
    return lines["note"].str.replace(_OF_READING, "", regex=True).str.strip() != ""
