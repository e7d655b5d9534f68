"""Numbers that standards fix for the registers: when night begins, the oxygen of air; ``conventions.csv`` has them with their source."""

from __future__ import annotations

import csv
from fractions import Fraction
from functools import cache
from importlib import resources

__all__ = ["convention"]


@cache
def convention(name: str) -> Fraction:
    """A number of ``conventions.csv``, in the unit that stands there.

    Examples
    --------
    >>> convention("night_begins")
    Fraction(22, 1)
    """
    text = resources.files("carbonledger.environment").joinpath("conventions.csv").read_text(encoding="utf-8")
    return next(Fraction(row["value"]) for row in csv.DictReader(text.splitlines()) if row["name"] == name)
