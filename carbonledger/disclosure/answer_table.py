"""The answers of a framework as a small table of a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from carbonledger.core.language import Lang, word
from carbonledger.core.record_html import figure_text, table_html

__all__ = ["answers_html"]


def answers_html(rows: Sequence[Mapping[str, Any]], lang: Lang) -> str:
    """The answers as a table of HTML.

    Parameters
    ----------
    rows : sequence of mapping
        Each answer as plain data in the language.
    lang : {"en", "zh"}
        The language of the headings.

    Returns
    -------
    str
        A value that is missing is a dash; of a sum over incomplete data the part that is known is named as a part.
    """
    names = ("datapoint", "value", "unit", "status", "reason")
    headings = ["", *(word(f"notebook_{name}", lang) for name in names)]
    cells = [
        [
            str(row["code"]),
            str(row["name"]),
            _value(row, lang),
            str(row["unit"] or ""),
            word(f"disclosure_{row['status']}", lang),
            str(row["reason"] or ""),
        ]
        for row in rows
    ]
    return table_html(headings, cells, numbers={2})


def _value(row: Mapping[str, Any], lang: Lang) -> str:
    """The value as printed, or the part of it that is known."""
    value, part = row["value"], row["known_part"]
    if value is None and part is not None:
        return word("notebook_known_part", lang, value=figure_text(float(part)))
    return value if isinstance(value, str) else figure_text(value)
