"""A cell of a table with its heading, and the cells of a row by field."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carbonledger.core.number_text import is_gap
from carbonledger.tables.records import cell_text

__all__ = ["Cell", "Row", "plain_text", "text_of"]


def plain_text(value: Any) -> str:
    """A cell as plain text, signs of full width as plain ones; words for a gap as nothing.

    Examples
    --------
    >>> plain_text(" 甲（青岛） "), plain_text("—")
    ('甲(青岛)', '')
    """
    plain = unicodedata.normalize("NFKC", cell_text(value)).strip()
    return "" if is_gap(plain) else plain


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it came, with its heading."""

    value: Any
    heading: str

    @property
    def text(self) -> str:
        """The cell as plain text; words for a gap as nothing."""
        return plain_text(self.value)


Row = Mapping[str, Cell]


def text_of(row: Row, name: str) -> str:
    """A cell's text, empty if there is no such column."""
    return row[name].text if name in row else ""
