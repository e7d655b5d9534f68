"""Limits of emission standards as data, and the comparison of a result with one.

References
----------
GB/T 8170-2008, 4.3: a result is compared with a limit unrounded (full-value comparison, 全数值比较法) unless the standard says
otherwise; one that is equal to the limit is within it.
GB 12348-2008; GB 16297-1996; GB 8978-1996: ``limits.csv`` has the rows that could be traced, with how sure each is.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cache
from importlib import resources
from typing import Literal

from carbonledger.core.exact_conversion import exact_factor
from carbonledger.core.language import Label
from carbonledger.disclosure.figures import NOTHING
from carbonledger.tables.records import folded

__all__ = ["Limit", "Verdict", "compared", "known_limits", "stated_limit"]

_DASHES = re.compile("[\u2010-\u2015\u2212]")
Verdict = Literal["within", "exceeds", "not_compared"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit.

    Parameters
    ----------
    standard : str
        Of which standard, or as the register names it.
    clause : str
        Where in the standard.
    pollutant : str
        Of what; ``noise`` for levels.
    category : str
        The class or level of the standard.
    day_or_night : str
        ``day`` or ``night`` of noise; empty otherwise.
    lower, upper : Decimal or None
        Both ends belong to what is allowed.
    unit : str
        Of the two; empty for levels in dB(A) and for pH.
    conditions : str
        ``standard`` if the limit is for gas at standard conditions; empty if that does not apply.
    applies : Label
        To what.
    confidence : str
        ``issuer``, ``secondary`` or ``unopened``, as of datapoints; ``stated`` for a limit that the register states.
    source : str
        Where the figure was seen.
    """

    standard: str
    clause: str
    pollutant: str
    category: str
    day_or_night: str
    lower: Decimal | None
    upper: Decimal | None
    unit: str
    conditions: str = ""
    applies: Label = NOTHING
    confidence: str = "stated"
    source: str = ""

    @property
    def text(self) -> str:
        """The limit as a standard writes it."""
        if self.lower is not None and self.upper is not None:
            return f"{self.lower:f}–{self.upper:f}"
        return f"≤ {self.upper:f}" if self.upper is not None else f"≥ {self.lower:f}"

    def in_unit(self, value: Fraction, unit: str) -> Fraction:
        """A result in the unit of the limit, exactly."""
        return value if unit == self.unit else value * exact_factor(unit, self.unit)


@cache
def _limits() -> tuple[Limit, ...]:
    """The rows of ``limits.csv``."""
    text = resources.files("carbonledger.environment").joinpath("limits.csv").read_text(encoding="utf-8")
    return tuple(
        Limit(
            row["standard"],
            row["clause"],
            row["pollutant"],
            row["class"],
            row["day_or_night"],
            Decimal(row["lower"]) if row["lower"] else None,
            Decimal(row["upper"]) if row["upper"] else None,
            row["unit"],
            row["conditions"],
            Label(row["applies_en"], row["applies_zh"]),
            row["confidence"],
            row["source"],
        )
        for row in csv.DictReader(text.splitlines())
    )


def known_limits(standard: str, pollutant: str, day_or_night: str = "") -> list[Limit]:
    """The limits of a standard for a pollutant, one for each class; none if the library does not carry it.

    Parameters
    ----------
    standard : str
        As people write it, e.g. ``《工业企业厂界环境噪声排放标准》（GB12348-2008）``.
    pollutant : str
        A key of the words, or ``noise``.
    day_or_night : str, optional
        Of noise.

    Examples
    --------
    >>> [(item.category, item.text) for item in known_limits("GB12348-2008", "noise", "night")][2]
    ('2', '≤ 50')
    """
    plain = _DASHES.sub("-", folded(standard))
    return [
        item
        for item in _limits()
        if folded(item.standard) in plain and item.pollutant == pollutant and item.day_or_night == day_or_night
    ]


def stated_limit(
    upper: Decimal, unit: str, standard: str, category: str, pollutant: str, conditions: str = ""
) -> Limit:
    """A limit that the register itself states, in the unit of the row."""
    return Limit(standard, "", pollutant, category, "", None, upper, unit, conditions)


def compared(value: Fraction, limit: Limit, *, is_below: bool = False) -> Verdict:
    """A result against a limit in the limit's unit, unrounded.

    Parameters
    ----------
    value : Fraction
        The result, or the limit of detection that it is below.
    limit : Limit
        What it must keep.
    is_below : bool
        Whether the result is below `value`: then it keeps an upper limit that `value` keeps, and nothing else can be said.

    Examples
    --------
    >>> night = known_limits("GB 12348-2008", "noise", "night")[2]
    >>> compared(Fraction(50), night), compared(Fraction("50.1"), night), compared(Fraction(51), night, is_below=True)
    ('within', 'exceeds', 'not_compared')
    """
    keeps = (limit.upper is None or value <= Fraction(limit.upper)) and (
        limit.lower is None or value >= Fraction(limit.lower)
    )
    if is_below:
        return "within" if keeps and limit.lower is None else "not_compared"
    return "within" if keeps else "exceeds"
