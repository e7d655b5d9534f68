"""Names and texts as the SQL of DuckDB writes them, whatever is in them."""

from __future__ import annotations

__all__ = ["literal", "quoted"]


def quoted(name: str) -> str:
    """A name as DuckDB writes it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """A text as DuckDB writes it, whatever is in it."""
    return "'" + text.replace("'", "''") + "'"
