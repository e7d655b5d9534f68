"""The files that a book names: within its folder unless a setting allows more, there, and each read once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from carbonledger.book.setting_faults import near_names, place_of
from carbonledger.book.settings import BookSettings
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label, did_you_mean
from carbonledger.core.toml_file import Key, TomlFile
from carbonledger.environment.registers import REGISTERS

__all__ = ["distinct_files", "named_files", "path_faults"]

_LISTED = 2_000
_PATTERN = frozenset("*?[")
_SUPPLIERS = ("files", "supplier_footprints")
_ENTRIES = ("files", "entries")
_COMPARED = ("company", "compare_book")
_FOLDERS = frozenset({("factors", "folder"), _COMPARED})


def distinct_files(folder: Path, names: Sequence[str]) -> tuple[list[Path], list[Finding]]:
    """The files of a list, each once.

    Parameters
    ----------
    folder : Path
        Where they lie.
    names : sequence of str
        As the settings name them.

    Returns
    -------
    paths : list of Path
        Each file at its first name.
    findings : list of Finding
        An error (DOUBLE_FILE) for each name that leads to a file that was named before, or to a copy of one.

    Raises
    ------
    EntriesError
        If a file is not there: a finding for each.
    """
    missing = [name for name in names if not os.path.lexists(folder / name)]
    if missing:
        raise EntriesError(
            Finding.of("BOOK_PATH.no_entries", hint=_hint(folder, name)).at(file=name) for name in missing
        )
    paths: list[Path] = []
    findings: list[Finding] = []
    first: dict[tuple[object, ...], str] = {}
    for name in names:
        path = folder / name
        identities = list(_identities(path))
        again = [(case, first[key]) for case, key in identities if key in first]
        if again:
            case, other = again[0]
            findings.append(Finding.of(f"DOUBLE_FILE.{case}", other=other, name=name).at(file=name))
            continue
        first.update((key, name) for _, key in identities)
        paths.append(path)
    return paths, findings


def _identities(path: Path) -> Iterator[tuple[str, tuple[object, ...]]]:
    """What makes a file the same as another: its place, its number on the disk, its content."""
    yield "same", ("place", os.path.normcase(path.resolve()))
    try:
        facts = path.stat()
        if not path.is_file() or not facts.st_size:
            return
        if facts.st_ino:
            yield "same", ("number", facts.st_dev, facts.st_ino)
        with path.open("rb") as stream:
            yield "copy", ("content", hashlib.file_digest(stream, "sha256").hexdigest())
    except OSError:
        return


def path_faults(file: TomlFile, settings: BookSettings) -> Iterator[Message]:
    """Files that are missing, and files outside the book's folder that no setting allows.

    Parameters
    ----------
    file : TomlFile
        The file of the settings; paths are relative to its folder.
    settings : BookSettings
        Its content.

    Yields
    ------
    Message
    """
    folder = file.path.parent
    allowed = [_resolved(folder, name) for name in ("", *settings.files.allow_outside)]
    for key, name in _named(settings):
        path = _resolved(folder, name)
        where = place_of(file, key)
        if path is None:
            yield Message.of("BOOK_PATH.no_path", where=where, name=name)
        elif not any(place is not None and path.is_relative_to(place) for place in allowed):
            yield Message.of("BOOK_PATH.outside", where=where, name=name, folder=_folder_of(name))
        elif key != _COMPARED and key[:2] != _ENTRIES and not path.exists():
            # A missing file of entries is a finding among those of the others, see distinct_files; so is a missing previous year.
            yield Message.of("BOOK_PATH.missing", where=where, name=name, hint=_hint(folder, name))


def _folder_of(name: str) -> str:
    """The folder that a setting would have to allow."""
    return Path(name).parent.as_posix()


def _hint(folder: Path, name: str) -> Label:
    """The file that may be meant by a name that none has."""
    beside = (folder / name).parent
    try:
        there = sorted(item.name for item, _ in zip(beside.iterdir(), range(_LISTED), strict=False))
    except OSError:
        there = []
    near = [(Path(name).parent / found).as_posix() for found in near_names(Path(name).name, there)]
    return did_you_mean(near)


def _resolved(folder: Path, name: str) -> Path | None:
    """Where a path leads, symbolic links followed; None if it can lead nowhere."""
    try:
        return (folder / name).resolve()
    except (OSError, ValueError, RuntimeError):
        return None


def named_files(settings: BookSettings) -> Iterator[str]:
    """Every input file that the settings name, in their order; no folder, and no footprints of suppliers, which may be patterns.

    Examples
    --------
    >>> from carbonledger.book.book import open_book
    >>> list(named_files(open_book("seeds/techen-2024").settings))[:2]
    ['entries.csv', 'published.csv']
    """
    named = ((key, name) for key, name in _named(settings) if key[:2] != _SUPPLIERS)
    yield from (name for key, name in named if name and key not in _FOLDERS)


def _before_pattern(name: str) -> str:
    """A name as it is; of a pattern such as ``suppliers/*.json`` the folder in which it is looked for."""
    parts = Path(name).parts
    first = next((at for at, part in enumerate(parts) if _PATTERN.intersection(part)), None)
    return name if first is None else Path(*parts[:first]).as_posix()


def _named(settings: BookSettings) -> Iterator[tuple[Key, str]]:
    """Every path of the settings, and where it stands."""
    files = settings.files
    for at, name in enumerate(files.entries):
        yield (*_ENTRIES, at), name
    tables = (
        "prorate_weights",
        "estimates",
        "registers",
        "history",
        "published",
        "relations",
        "reconstructions",
        "spaces",
        "gri_index",
    )
    for field in (*tables, *REGISTERS):
        yield ("files", field), getattr(files, field)
    for at, name in enumerate(files.products):
        yield ("files", "products", at), name
    for at, name in enumerate(files.supplier_footprints):
        yield (*_SUPPLIERS, at), _before_pattern(name)
    yield ("factors", "folder"), settings.factors.folder
    yield _COMPARED, settings.company.compare_book
    yield ("scope_2", "instruments"), settings.scope_2.instruments if settings.scope_2 else ""
    yield ("prices", "file"), settings.prices.file if settings.prices else ""
