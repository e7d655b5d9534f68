"""Names of files as DuckDB reads them, and what their folders say."""

from __future__ import annotations

from pathlib import Path

from carbonledger.core.duckdb_text import literal

__all__ = ["exactly", "folder_columns"]


def exactly(path: Path) -> str:
    """The text by which DuckDB reads one file, whatever its name has of a pattern."""
    return literal("".join(f"[{sign}]" if sign in "[*?" else sign for sign in str(path)))


def folder_columns(path: Path) -> tuple[str, ...]:
    """The columns that the folders of a partition are, such as ``site=plant``.

    Examples
    --------
    >>> folder_columns(Path("meters/site=north/year=2024/0.parquet"))
    ('site', 'year')
    """
    parts = (part.partition("=") for part in path.parts[:-1])
    return tuple(name for name, sign, value in parts if name and sign and value)
