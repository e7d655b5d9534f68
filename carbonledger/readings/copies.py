"""Files that were delivered twice under two names."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from hashlib import file_digest
from pathlib import Path
from typing import IO, Any

__all__ = ["copies_among"]

_ENDS = 1 << 16


def copies_among(paths: Sequence[Path]) -> dict[Path, Path]:
    """The files that are byte for byte another one before them, in folders that say the same.

    Parameters
    ----------
    paths : sequence of Path
        Each file once; only those of one size are looked into.

    Returns
    -------
    dict of Path to Path
        For each copy the first of its kind.
    """
    alike: dict[Any, list[Path]] = {}
    for path in paths:
        if path.is_file() and path.stat().st_size:
            folders = tuple(part for part in path.parts[:-1] if "=" in part)
            alike.setdefault((path.stat().st_size, folders), []).append(path)
    found: dict[Path, Path] = {}
    for group in alike.values():
        if len(group) > 1 and len({_ends(path) for path in group}) < len(group):
            found.update(_same_content(group))
    return found


def _same_content(paths: Sequence[Path]) -> Iterator[tuple[Path, Path]]:
    """Each file that another one before it is byte for byte, with that one."""
    first: dict[bytes, Path] = {}
    for path in paths:
        other = first.setdefault(_content(path), path)
        if other != path:
            yield path, other


def _ends(path: Path) -> bytes:
    """The beginning and the end of a file, which tell most files apart."""
    try:
        with path.open("rb") as file:
            return file.read(_ENDS) + _end(file)
    except OSError:
        # What is wrong with it is said where it is read.
        return str(path).encode()


def _end(file: IO[bytes]) -> bytes:
    """The last bytes of a file."""
    file.seek(-min(_ENDS, file.seek(0, os.SEEK_END)), os.SEEK_END)
    return file.read()


def _content(path: Path) -> bytes:
    """A checksum of a file."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").digest()
