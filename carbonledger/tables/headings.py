"""What headings say beyond the name of a column: a unit in brackets; and what a misspelt one may mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection

__all__ = ["folded_heading", "heading_and_bracket", "nearest_heading"]

_BRACKET = re.compile(
    r"^(?P<name>.*?)\s*[(\[【{<]\s*(?P<inside>[^()\[\]【】{}<>]*(?:\([^()]*\)[^()\[\]]*)?)\s*[)\]】}>]\s*$"
)
# Shorter headings are near to too many words.
_SHORTEST, _LONG = 4, 7


def folded_heading(text: str) -> str:
    """A heading without case, width, underscores or further spaces.

    Examples
    --------
    >>> folded_heading("  Start_Date "), folded_heading("用量（ｋＷｈ）")
    ('start date', '用量(kwh)')
    """
    return " ".join(unicodedata.normalize("NFKC", text).casefold().replace("_", " ").split())


def heading_and_bracket(text: str) -> tuple[str, str]:
    """A heading's name, and what stands in brackets behind it.

    Examples
    --------
    >>> heading_and_bracket("用量（万千瓦时）"), heading_and_bracket("Amount [MWh]"), heading_and_bracket("amount")
    (('用量', '万千瓦时'), ('Amount', 'MWh'), ('amount', ''))
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    found = _BRACKET.match(plain)
    return (found["name"].strip(), found["inside"].strip()) if found else (plain, "")


def nearest_heading(heading: str, known: Collection[str]) -> str:
    """The known heading that a misspelt one is near to; empty if it is near to none.

    Parameters
    ----------
    heading : str
        Unknown.
    known : collection of str
        Headings that would be understood.

    Examples
    --------
    >>> nearest_heading("multiplyer", ["multiplier", "rollover"]), nearest_heading("regoin", ["region"]), nearest_heading("cost", ["note"])
    ('multiplier', 'region', '')
    """
    from rapidfuzz.distance import OSA

    plain = folded_heading(heading).replace(" ", "")
    if len(plain) < _SHORTEST:
        return ""
    allowed = 1 if len(plain) < _LONG else 2
    distances = {
        name: OSA.distance(plain, folded_heading(name).replace(" ", ""), score_cutoff=allowed) for name in known
    }
    near = {name: distance for name, distance in distances.items() if distance <= allowed and len(name) >= _SHORTEST}
    return min(near, key=lambda name: (near[name], name)) if near else ""
