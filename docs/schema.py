"""The page of the columns of entries and lines, written from ``core/schema.csv``: ``python -m docs.schema``."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from carbonledger.core.schema import ENTRY_SCHEMA, LINE_SCHEMA, Column

__all__ = ["PAGE", "page"]

PAGE = Path(__file__).with_suffix(".md")
_HEAD = """# Columns of entries and lines

`python -m docs.schema` writes this page from `carbonledger/core/schema.csv`; `tests/test_schema.py` holds the frames to it.

## Entries

`read_entries(...).frame` has one row per sound entry.
Two entries that agree in every column of the identity are one entry given twice.
A cell of text that states nothing is empty, never missing.

"""
_LINES = """
## Lines

`Inventory.lines` has the columns of the entries that were calculated and then these, in this order.
A frame of an engine other than pandas has that engine's text, whole and decimal numbers.

"""


def page() -> str:
    """The text of the page."""
    return _HEAD + _entry_table() + _LINES + _line_table()


def _entry_table() -> str:
    """The columns of the entries as a Markdown table."""
    head = "| column | dtype | unit | identity | meaning | 含义 |\n|---|---|---|---|---|---|\n"
    return head + _rows(ENTRY_SCHEMA, ["yes" if column.is_identity else "" for column in ENTRY_SCHEMA])


def _line_table() -> str:
    """The columns that a calculation adds as a Markdown table."""
    head = "| column | dtype | unit | present | meaning | 含义 |\n|---|---|---|---|---|---|\n"
    return head + _rows(LINE_SCHEMA, [column.presence for column in LINE_SCHEMA])


def _rows(columns: Sequence[Column], fourth: Sequence[str]) -> str:
    """One row for each column, with the cell that differs between the two tables."""
    return "".join(
        f"| `{column.name}` | {column.dtype} | {column.unit} | {cell} | {column.meaning_en} | {column.meaning_zh} |\n"
        for column, cell in zip(columns, fourth, strict=True)
    )


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}\n")
