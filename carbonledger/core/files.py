"""Writing files whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from carbonledger.core.errors import BookError

__all__ = ["write_whole"]


def write_whole(path: Path, text: str) -> None:
    """Write a text file so that a reader sees the old content or the new, never a part.

    Parameters
    ----------
    path : Path
        Where to.
    text : str
        The whole content, written as UTF-8 with line feeds.

    Raises
    ------
    BookError
        If the file cannot be written there.
    """
    temporary = path.with_name(path.name + ".part")
    try:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise BookError(f"{path}: it cannot be written: {error.strerror}.") from error
