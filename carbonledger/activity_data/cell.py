"""A cell of a table with its heading, and the cells of a row by field."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Cell", "Row", "text_of"]

_EMPTY_WORDS = {"", "-", "--", "—", "n/a", "na", "nan", "none", "null", "nat", "<na>", "无", "/"}


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it came, with its heading."""

    value: Any
    heading: str

    @property
    def text(self) -> str:
        """The cell as plain text; empty words as nothing."""
        value = int(self.value) if isinstance(self.value, float) and self.value.is_integer() else self.value
        plain = "" if value is None else unicodedata.normalize("NFKC", str(value)).strip()
        return "" if plain.casefold() in _EMPTY_WORDS else plain


Row = Mapping[str, Cell]


def text_of(row: Row, name: str) -> str:
    """A cell's text, empty if there is no such column."""
    return row[name].text if name in row else ""
