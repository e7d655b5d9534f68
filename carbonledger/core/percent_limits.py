"""Limits about a figure as a cell states them, in per cent: ``5 %`` for both sides, ``-3 % / +5 %`` for two."""

from __future__ import annotations

import re

from carbonledger.core.findings import Message
from carbonledger.core.number_text import number_text

__all__ = ["percent_limits"]

_ONE = re.compile(r"(?:±|\+/-|\+-)?\s*(?P<percent>[^%％/;]+?)\s*[%％]")
_TWO = re.compile(r"[-−–]\s*(?P<lower>[^%％/;]+?)\s*[%％]\s*[/;,，；、]\s*\+\s*(?P<upper>[^%％/;]+?)\s*[%％]")
_LOWEST = -100.0


def percent_limits(text: str) -> tuple[float, float] | Message:
    """The lower and the upper limit relative to the figure [%], or why a text states none.

    Parameters
    ----------
    text : str
        The sign of per cent must be there: 0.05 may be 5 % or 0.05 %.

    Returns
    -------
    tuple of (float, float), or Message
        The lower one from -100 to 0, the upper one from 0 up.

    Examples
    --------
    >>> percent_limits("± 5 %"), percent_limits("-3 %/+5 %")
    ((-5.0, 5.0), (-3.0, 5.0))
    """
    stripped = text.strip()
    two = _TWO.fullmatch(stripped)
    one = None if two else _ONE.fullmatch(stripped)
    parts = [two["lower"], two["upper"]] if two else [one["percent"]] if one else []
    numbers = [number for part in parts if (number := _number(part)) is not None]
    if len(numbers) != len(parts) or not parts:
        return Message.of("BAD_UNCERTAINTY.text", given=text)
    if min(numbers) < 0:
        return Message.of("BAD_UNCERTAINTY.negative", percent=min(numbers))
    if -numbers[0] < _LOWEST:
        return Message.of("BAD_UNCERTAINTY.too_wide", percent=numbers[0])
    return 0.0 - numbers[0], numbers[-1]


def _number(part: str) -> float | None:
    """A number that can be read in one way only; None if it is none."""
    stripped = part.strip()
    read = number_text(stripped.lstrip("-−"))
    if read is None or isinstance(read, Message) or read.is_open or read.is_spaced:
        return None
    return float(read.point or read.comma) * (-1.0 if stripped[:1] in {"-", "−"} else 1.0)
