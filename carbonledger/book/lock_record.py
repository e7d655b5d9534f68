"""The record of a lock: its parts, how it is written and how it is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from carbonledger.core.errors import LockError
from carbonledger.core.files import write_whole
from carbonledger.core.findings import Message

__all__ = ["FORMAT", "LOCK", "Lock", "LockedEdition", "LockedFactor", "LockedFile", "read_lock", "write_lock"]

LOCK = "book.lock"
FORMAT = 2
# A lock of a million entries has about 120 MB.
_MOST_BYTES = 1_000_000_000


class _Part(BaseModel):
    """A part of a lock: nothing more, nothing less, no other types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class LockedFile(_Part):
    """An input file: its checksum, and how many entries of the year it gave."""

    sha256: str
    entries: int


class LockedEdition(_Part):
    """An edition with the checksums of its files; those of the book's own settings have none."""

    sha256: str
    files: Mapping[str, str]


class LockedFactor(_Part):
    """A factor as it was used."""

    value: str
    unit: str
    gas: str


class Lock(_Part):
    """What a calculation used and what it gave.

    Parameters
    ----------
    format : int
        Of the lock.
    carbonledger : str
        The version of the library.
    ruleset : str
        The checksum of the catalogue of rules.
    reporting_year : int
        The year.
    gwp : str
        The GWP set.
    as_of : str or None
        The day by which editions had to be published.
    settings : mapping of str to str
        The settings that are stated, names of companies apart, each by its place as JSON.
    files : mapping of str to LockedFile
        The input files by name.
    entries : mapping of str to list of str
        By file and sheet, a line for each entry of the year: its row, a digest of all it states, and what it says in short.
    roles : mapping of str to list of str
        The pinned editions.
    editions : mapping of str to LockedEdition
        Every edition that could be used.
    rows : mapping of str to LockedFactor
        Every factor that was used.
    complete : bool
        Whether every entry was calculated.
    results : mapping of str to (str or None)
        Totals by method, scope, gas, entity and carrier at twelve significant digits; None for energy that cannot be calculated.
    """

    format: int
    carbonledger: str
    ruleset: str
    reporting_year: int
    gwp: str
    as_of: str | None
    settings: Mapping[str, str]
    files: Mapping[str, LockedFile]
    entries: Mapping[str, list[str]]
    roles: Mapping[str, list[str]]
    editions: Mapping[str, LockedEdition]
    rows: Mapping[str, LockedFactor]
    complete: bool
    results: Mapping[str, str | None]


def write_lock(path: Path, lock: Lock) -> None:
    """Write a lock whole or not at all, with a checksum over its own text.

    Raises
    ------
    BookError
        If it cannot be written there, or what is there is a symbolic link.
    """
    parts = lock.model_dump()
    write_whole(path, json.dumps({**parts, "seal": _seal(parts)}, ensure_ascii=False, indent=1) + "\n")


def _seal(parts: Mapping[str, Any]) -> str:
    """The checksum of a lock's parts, however they are laid out."""
    text = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def read_lock(path: Path) -> Lock:
    """A lock.

    Parameters
    ----------
    path : Path
        Where it lies.

    Returns
    -------
    Lock

    Raises
    ------
    LockError
        If there is none, it is damaged, of another format, or was changed after it had been written.
    """
    parts = _parts(path)
    given = parts.pop("seal", None)
    if parts.get("format") != FORMAT or isinstance(parts["format"], bool):
        raise LockError(Message.of("LOCK.format", file=str(path), folder=str(path.parent)))
    try:
        lock = Lock.model_validate(parts)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise LockError(Message.of("LOCK.part", file=str(path), part=place, folder=str(path.parent))) from error
    if given != _seal(parts):
        raise LockError(Message.of("LOCK.tampered", file=str(path), folder=str(path.parent)))
    return lock


def _parts(path: Path) -> dict[str, Any]:
    """The plain data of a lock file."""
    where = {"file": str(path), "folder": str(path.parent)}
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise LockError(Message.of("LOCK.damaged", **where))
        parts = json.loads(path.read_bytes().decode("utf-8"), object_pairs_hook=_once)
    except FileNotFoundError as error:
        raise LockError(Message.of("LOCK.none", **where)) from error
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, LockError):
            raise
        raise LockError(Message.of("LOCK.damaged", **where)) from error
    if not isinstance(parts, dict):
        raise LockError(Message.of("LOCK.damaged", **where))
    return parts


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A table whose names occur once; which of two is meant nobody can say."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name occurs twice")
    return found
