"""The mark that each sheet of our own templates bears in a cell: what the sheet is, of which version, for which months, and for whose book.

A sheet is told by its mark alone, so that it may be renamed, moved, hidden, or saved by another program. A sheet without one is read as any
other.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

__all__ = ["TEMPLATE_VERSION", "TemplateMark", "mark_in"]

# Raised when a sheet of an older version could be misread; see docs/decisions/0019.
TEMPLATE_VERSION = 1
_WORDS = "carbonledger template"
_JOINT, _WITHIN = " | ", "/"
_MARK = re.compile(
    rf"{_WORDS} (?P<version>\d{{1,4}}) \| (?P<part>[a-z]{{1,20}}) \| (?P<month>\d{{4}}-(?:0[1-9]|1[0-2]))(?: \| (?P<names>.*))?"
)
# The mark is looked for in so many rows and columns, so that a row or column put before it does no harm.
_ROWS, _COLUMNS = 10, 6


@dataclass(frozen=True, slots=True)
class TemplateMark:
    """What a sheet of a template says of itself.

    Parameters
    ----------
    version : int
        Of the template; 0 if the mark cannot be read.
    part : {"months", "rows", "aside"}
        Amounts with the months across or one a row; or a sheet that holds no entries, such as the instructions.
    first_month : str
        The first month of its year, such as ``2025-01``.
    names : tuple of str
        What the company of its book is called.

    Examples
    --------
    >>> mark = TemplateMark(1, "months", "2025-01", ("North plant",))
    >>> mark.text()
    'carbonledger template 1 | months | 2025-01 | North plant'
    >>> TemplateMark.read(mark.text()) == mark, mark.is_of(["north  Plant"]), mark.is_of(["South plant"])
    (True, True, False)
    """

    version: int
    part: str
    first_month: str
    names: tuple[str, ...] = ()

    def text(self) -> str:
        """What stands in the cell."""
        names = (" ".join(name.replace("|", _WITHIN).split()) for name in self.names)
        return _JOINT.join([f"{_WORDS} {self.version}", self.part, self.first_month, *names])

    @classmethod
    def read(cls, text: str) -> TemplateMark | None:
        """The mark that a text is; of version 0 if it begins as one and is damaged, None if it is none."""
        plain = " ".join(text.split())
        if not plain.startswith(f"{_WORDS} "):
            return None
        found = _MARK.fullmatch(plain)
        if found is None:
            return cls(0, "", "")
        names = tuple(found["names"].split(_JOINT)) if found["names"] else ()
        return cls(int(found["version"]), found["part"], found["month"], names)

    def is_of(self, names: Iterable[str]) -> bool:
        """Whether the book of a company with these names is meant: one name in common is enough, so that the other may be corrected."""
        own = set(map(_folded, self.names))
        return any(_folded(name.replace("|", _WITHIN)) in own for name in names)

    @property
    def months(self) -> tuple[str, ...]:
        """The twelve months of its year."""
        year, month = map(int, self.first_month.split("-"))
        return tuple(f"{year + at // 12}-{at % 12 + 1:02d}" for at in range(month - 1, month + 11))


def _folded(name: str) -> str:
    """A name without case, width and further spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def mark_in(rows: Sequence[Sequence[Any]]) -> TemplateMark | None:
    """The mark of a sheet, which stands in its first rows; None if it has none.

    Parameters
    ----------
    rows : sequence of sequence of object
        The cells of the sheet.
    """
    cells = (cell for row in rows[:_ROWS] for cell in row[:_COLUMNS] if isinstance(cell, str))
    return next((mark for cell in cells if (mark := TemplateMark.read(cell)) is not None), None)
