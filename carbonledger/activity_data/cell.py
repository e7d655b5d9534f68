"""A cell of a table with its heading, and the cells of a row by field."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from carbonledger.core.number_text import is_gap
from carbonledger.tables.records import cell_text

__all__ = ["Cell", "Row", "text_of"]


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it came, with its heading."""

    value: Any
    heading: str

    @property
    def text(self) -> str:
        """The cell as plain text; words for a gap as nothing."""
        plain = unicodedata.normalize("NFKC", cell_text(self.value)).strip()
        return "" if is_gap(plain) else plain


Row = Mapping[str, Cell]


def text_of(row: Row, name: str) -> str:
    """A cell's text, empty if there is no such column."""
    return row[name].text if name in row else ""
