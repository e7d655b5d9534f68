"""The copy of a book that a closing keeps: every input file, as it lay beside the others."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from carbonledger.book.folder import BookFolder
from carbonledger.book.input_files import beside_files, input_files
from carbonledger.core.errors import ClosingError
from carbonledger.core.findings import Message
from carbonledger.core.relative_paths import placed, relative_name

__all__ = ["INPUTS", "KeptBook", "kept_book"]

INPUTS = "inputs"


@dataclass(frozen=True, slots=True)
class KeptBook:
    """A book as it was read once, to be written elsewhere.

    Parameters
    ----------
    place : str
        Where in the folder of the closing its ``book.toml`` comes to lie.
    files : mapping of str to bytes
        The content of each file by its place in the folder of the closing.
    checksums : mapping of str to str
        The sha256 of each input file by its name relative to the book; empty for one that is not there.
    """

    place: str
    files: Mapping[str, bytes]
    checksums: Mapping[str, str]


def kept_book(book: BookFolder) -> KeptBook:
    """Read every input file of a book.

    Files outside its folder keep their place relative to it, so that the settings name them in the copy too.

    Parameters
    ----------
    book : BookFolder
        An opened book.

    Returns
    -------
    KeptBook

    Raises
    ------
    ClosingError
        If a file is named from the root of the disk, or cannot be read.
    """
    base = placed(book.folder)
    held, beside = input_files(book), beside_files(book)
    absolute = next((name for name in held if Path(name).is_absolute()), None)
    if absolute is not None:
        raise ClosingError(Message.of("CLOSING.absolute", name=absolute))
    paths = {name: placed(base / name) for name in (*held, *beside)}
    root = os.path.commonpath([base, *(path.parent for path in paths.values())])
    contents = {name: _content(path, name) for name, path in paths.items() if os.path.lexists(path)}
    place = Path(INPUTS, relative_name(base, root)).as_posix()
    return KeptBook(
        place=place,
        files={
            Path(INPUTS, relative_name(paths[name], root)).as_posix(): content for name, content in contents.items()
        },
        checksums={name: sha256(contents[name]).hexdigest() if name in contents else "" for name in held},
    )


def _content(path: Path, name: str) -> bytes:
    """The content of an input file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ClosingError(Message.of("CLOSING.unread", file=name, reason=error.strerror or str(error))) from error
