"""What headings say beyond the name of a column: a unit in brackets; and what a misspelt one may mean."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from carbonledger.tables.column import is_filled

__all__ = [
    "folded_heading",
    "heading_and_bracket",
    "heading_text",
    "joined_heading",
    "nearest_heading",
    "split_heading",
]

_BRACKET = re.compile(
    r"^(?P<name>.*?)\s*[(\[【{<]\s*(?P<inside>[^()\[\]【】{}<>]*(?:\([^()]*\)[^()\[\]]*)?)\s*[)\]】}>]\s*$"
)
# Stands between the headings of two rows.
_JOINT = " / "
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


def heading_text(cell: Any) -> str:
    """A heading as text: whole numbers without a decimal point, days without an hour.

    Examples
    --------
    >>> heading_text(2025.0), heading_text(" Start  date "), heading_text(None)
    ('2025', 'Start date', '')
    """
    if not is_filled(cell):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(str(cell).removesuffix(" 00:00:00").split())


def joined_heading(group: str, own: str) -> str:
    """The heading of a column with its group above.

    Examples
    --------
    >>> joined_heading("2025", "1月"), joined_heading("月份", ""), joined_heading("", "note")
    ('2025 / 1月', '月份', 'note')
    """
    return f"{group}{_JOINT}{own}" if group and own and group != own else own or group


def split_heading(text: str) -> tuple[str, str]:
    """The group and the own heading of a column; no group if it has none.

    Examples
    --------
    >>> split_heading("2025 / 1月"), split_heading("amount")
    (('2025', '1月'), ('', 'amount'))
    """
    group, joint, own = text.partition(_JOINT)
    return (group, own) if joint else ("", text)


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
