"""Where files lie relative to each other, by their names alone: no link is followed, and nothing need be there."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["placed", "relative_name"]


def placed(path: str | Path) -> Path:
    """A path from the root, without steps up in it.

    Examples
    --------
    >>> placed("/srv/books/2024/../2025").as_posix()
    '/srv/books/2025'
    """
    return Path(os.path.normpath(Path(path).absolute()))


def relative_name(path: str | Path, folder: str | Path) -> str:
    """A path as it is named from a folder, with forward slashes.

    Examples
    --------
    >>> relative_name("/srv/books/2024/entries.csv", "/srv/books/2025")
    '../2024/entries.csv'
    """
    return Path(os.path.relpath(placed(path), placed(folder))).as_posix()
