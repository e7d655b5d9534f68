"""A cell of a table with its heading, and the cells of a row by field."""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from carbonledger.core.number_text import is_gap
from carbonledger.tables.records import cell_text

__all__ = ["Cell", "Row", "distinct", "text_of"]


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


def distinct(columns: Sequence[Sequence[Hashable]]) -> tuple[np.ndarray[Any, Any], list[tuple[Any, ...]]]:
    """The distinct combinations of some columns, and which of them each row has.

    Parameters
    ----------
    columns : sequence of sequence
        Of one length.

    Returns
    -------
    tuple of (numpy.ndarray of int, list of tuple)
        The position of each row's combination, and the combinations in the order of their first row.

    Examples
    --------
    >>> distinct([["a", "b", "a"], [1, 1, 1]])
    (array([0, 1, 0]), [('a', 1), ('b', 1)])
    """
    places: dict[tuple[Any, ...], int] = {}
    codes = [places.setdefault(combination, len(places)) for combination in zip(*columns, strict=True)]
    return np.array(codes, dtype=np.intp), list(places)
