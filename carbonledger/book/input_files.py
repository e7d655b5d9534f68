"""The files that the figures of a book rest on: its settings, its tables, its own editions, and the book that it is compared with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from carbonledger.book.folder import SETTINGS, BookFolder
from carbonledger.book.lock_record import LOCK
from carbonledger.book.paths import named_files
from carbonledger.book.products import product_files
from carbonledger.book.scope2 import unlisted_files
from carbonledger.book.settings import BookSettings
from carbonledger.book.settings_file import read_settings
from carbonledger.core.errors import CarbonLedgerError
from carbonledger.factors.edition_files import EDITION_FILES, catalogue_rows

__all__ = ["beside_files", "input_files", "locked_files"]

_CATALOGUE = "catalogue.csv"


def locked_files(book: BookFolder) -> Iterator[str]:
    """Every file that a lock holds: those that the settings name, a folder by its files, and those of the book compared with.

    Parameters
    ----------
    book : BookFolder
        An opened book.

    Yields
    ------
    str
        The name relative to the folder of the book, each once.
    """
    yield from dict.fromkeys([*_tables(book), *product_files(book.folder, book.settings), *_compared(book)])


def input_files(book: BookFolder) -> tuple[str, ...]:
    """Every file that moves a figure or a word of a report.

    Parameters
    ----------
    book : BookFolder
        An opened book.

    Returns
    -------
    tuple of str
        The names relative to the folder of the book: what `locked_files` gives, the settings, the editions of the book's own folder that
        are pinned, and tables of instruments that lie in the folder and are not named.
    """
    chosen = book.settings.scope_2
    unlisted = unlisted_files(book.folder, chosen.instruments if chosen else "")
    names = [book.path.name, *locked_files(book), *_own_editions(book), *(path.name for path in unlisted)]
    return tuple(dict.fromkeys(names))


def beside_files(book: BookFolder) -> tuple[str, ...]:
    """What else lies in the book's own factor folder: its catalogue, and editions that are not pinned.

    Checks look at them, so that a copy of a book needs them; a new edition among them changes no closed year.
    """
    own = book.settings.factors.folder
    if not own:
        return ()
    there = (path for path in sorted((book.folder / own).rglob("*")) if path.is_file())
    held = set(_own_editions(book))
    names = (Path(own, path.relative_to(book.folder / own)).as_posix() for path in there)
    return tuple(name for name in names if name not in held)


def _tables(book: BookFolder) -> Iterator[str]:
    """The files that the settings name; of a folder each file in it."""
    for name in named_files(book.settings):
        path = book.folder / name
        if not path.is_dir():
            yield name
            continue
        for item in sorted(path.iterdir()):
            if item.is_file():
                yield (Path(name) / item.name).as_posix()
    for stated in book.settings.readings:
        yield from (path.relative_to(book.folder).as_posix() for path in stated.paths(book.folder))


def _own_editions(book: BookFolder) -> Iterator[str]:
    """The files of pinned editions in the book's own factor folder."""
    own = book.settings.factors.folder
    if not own:
        return
    there = catalogue_rows(book.folder / own / _CATALOGUE)
    ids = {row["edition"] for row in there}
    for edition in _pinned(book.settings):
        if edition in ids:
            for name in EDITION_FILES:
                yield Path(own, *edition.split("@", 1), name).as_posix()


def _pinned(settings: BookSettings) -> tuple[str, ...]:
    """The editions that the settings name, in any role."""
    factors, avoided = settings.factors, settings.avoided_emissions
    roles = (factors.emissions, factors.energy, factors.standard_coal, factors.conventions, factors.estimates)
    names = [factors.gwp, *(name for role in roles for name in role), *(avoided.editions if avoided else ())]
    return tuple(dict.fromkeys(names))


def _compared(book: BookFolder) -> Iterator[str]:
    """The inputs of the book that the previous year is taken from, without those of its own previous year."""
    name = book.settings.company.compare_book
    if not name:
        return
    try:
        other = BookFolder(*read_settings(book.folder / name))
        files = [SETTINGS, *_tables(other), *_own_editions(other)]
    except (CarbonLedgerError, OSError):
        # What cannot be opened is said where it is compared with; the lock holds that it was not there.
        files = [SETTINGS]
    if os.path.lexists(book.folder / name / LOCK):
        files.append(LOCK)
    yield from ((Path(name) / file).as_posix() for file in files)
