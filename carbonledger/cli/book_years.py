"""The reporting years of several books, whose findings say which book they are of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding

if TYPE_CHECKING:
    from carbonledger.book.year import ReportingYear

__all__ = ["years_of"]


def years_of(books: Sequence[Path]) -> list[ReportingYear]:
    """The year of each book, calculated.

    Parameters
    ----------
    books : sequence of Path
        Folders with a book.toml.

    Returns
    -------
    list of ReportingYear

    Raises
    ------
    EntriesError
        If a book cannot be calculated; its findings name the book where several were given, as each has files of the same names.
    """
    return [_year_of(book, named=len(books) > 1) for book in books]


def _year_of(book: Path, *, named: bool) -> ReportingYear:
    """The year of a book, calculated."""
    from carbonledger.book.book import open_book

    try:
        year = open_book(book).reporting_year()
        _ = year.inventory
    except EntriesError as error:
        if not named:
            raise
        raise EntriesError([_of_book(finding, book) for finding in error.findings]) from error
    return year


def _of_book(finding: Finding, book: Path) -> Finding:
    """A finding whose place begins with the book."""
    return replace(finding, file=(book / finding.file).as_posix() if finding.file else book.as_posix())
