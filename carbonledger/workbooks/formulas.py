"""Formulas as texts: what they refer to, where that stands after rows have moved, and one spelling for what programs spell differently."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import NamedTuple

__all__ = ["GONE", "Reference", "canonical", "moved", "reference_of"]

# What stands in a formula whose cell was removed.
GONE = "#REF!"
_TEXT = re.compile(r'("(?:[^"]|"")*")')
_SHEET = r"(?:(?P<sheet>'(?:[^']|'')+'|[^\W\d][\w.]*)!)?"
_REFERENCE = re.compile(
    _SHEET
    + r"(?<![\w.])(?P<column>\$?[A-Z]{1,3})(?P<row>\$?\d+)(?::(?P<last_column>\$?[A-Z]{1,3})(?P<last_row>\$?\d+))?(?![\w(.])"
)
_NUMBER = re.compile(r"(?<![\w.$!])\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.(!])")
_LETTERS = 26


class Reference(NamedTuple):
    """A cell of a sheet, rows and columns counted from 0."""

    sheet: str
    row: int
    column: int


def reference_of(text: str) -> Reference | None:
    """The cell that a text such as ``'Lines'!$B$3`` names; None if it names none.

    Examples
    --------
    >>> reference_of("'Not deducted'!$B$3")
    Reference(sheet='Not deducted', row=2, column=1)
    """
    found = _REFERENCE.fullmatch(text.lstrip("="))
    if not found or not found["sheet"] or found["last_row"]:
        return None
    return Reference(_unquoted(found["sheet"]), int(found["row"].strip("$")) - 1, _column(found["column"]))


def _unquoted(sheet: str) -> str:
    """The name of a sheet without its quotation marks."""
    return sheet[1:-1].replace("''", "'") if sheet.startswith("'") else sheet


def _column(letters: str) -> int:
    """The number of a column, counted from 0."""
    number = 0
    for letter in letters.strip("$"):
        number = number * _LETTERS + ord(letter) - ord("A") + 1
    return number - 1


def moved(formula: str, own: str, rows: Mapping[str, Mapping[int, int]]) -> str | None:
    """A formula as it reads after rows have moved; None if a row that it names is gone.

    Parameters
    ----------
    formula : str
        Without a sign of equality.
    own : str
        The sheet that it stands in.
    rows : mapping of str to mapping
        By sheet, where each row has gone to, counted from 0; a sheet that is not named has kept its rows.

    Returns
    -------
    str or None

    Examples
    --------
    >>> moved("SUM(A2:A4)*'Lines'!$B$3", "Energy", {"Energy": {1: 1, 2: 3, 3: 4}})
    "SUM(A2:A5)*'Lines'!$B$3"
    """
    is_gone = False

    def replaced(found: re.Match[str]) -> str:
        nonlocal is_gone
        where = rows.get(_unquoted(found["sheet"]) if found["sheet"] else own)
        if where is None:
            return found[0]
        first, last = found["row"], found["last_row"]
        ends = _ends(int(first.strip("$")) - 1, int(last.strip("$")) - 1 if last else None, where)
        is_gone = is_gone or ends is None
        if ends is None:
            return GONE
        text = f"{found['sheet']}!" if found["sheet"] else ""
        text += f"{found['column']}{'$' * first.startswith('$')}{ends[0] + 1}"
        return text + (f":{found['last_column']}{'$' * last.startswith('$')}{ends[1] + 1}" if last else "")

    result = _outside_texts(formula, lambda part: _REFERENCE.sub(replaced, part))
    return None if is_gone else result


def _ends(first: int, last: int | None, where: Mapping[int, int]) -> tuple[int, int] | None:
    """The first and last row of a range after its rows have moved; None if none is left."""
    kept = [where[row] for row in range(first, (first if last is None else last) + 1) if row in where]
    return (min(kept), max(kept)) if kept else None


def canonical(formula: str) -> str:
    """A formula in one spelling, whichever program wrote it.

    Examples
    --------
    >>> canonical("=SUM( 'Lines'!$B$3 ; 1E-3)") == canonical("SUM(Lines!$B$3;0.001)")
    True
    """

    def plain(part: str) -> str:
        text = re.sub(r"'([^'\W]\w*)'!", r"\1!", re.sub(r"\s+", "", part))
        return _NUMBER.sub(lambda found: repr(float(found[0])), text)

    return _outside_texts(formula.removeprefix("="), plain)


def _outside_texts(formula: str, change: Callable[[str], str]) -> str:
    """A formula with what is outside its quoted texts changed."""
    return "".join(part if part.startswith('"') else change(part) for part in _TEXT.split(formula))
