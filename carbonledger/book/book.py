"""A company's folder: its settings, its files, and the reporting years that follow from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonledger.book.book_html import book_html
from carbonledger.book.folder import BookFolder
from carbonledger.book.settings_file import read_settings
from carbonledger.book.year import ReportingYear
from carbonledger.core.finding_list import Findings
from carbonledger.core.language import Lang, printable
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    from carbonledger.book.status import BookStatus
    from carbonledger.monitoring.overview import Overview
    from carbonledger.reconstruction.result import SpaceResult

__all__ = ["Book", "open_book"]


@dataclass(frozen=True, eq=False)
class Book(BookFolder):
    """A company's folder with its settings.

    Parameters
    ----------
    folder : Path
        Where ``book.toml`` lies.
    settings : BookSettings
        Its content.

    Examples
    --------
    >>> book = open_book("seeds/techen-2024")
    >>> book
    Book(seeds/techen-2024, 2024)
    >>> round(book.reporting_year().totals()["total_location_based_tco2e"], 4)
    2497.3318
    """

    _years: dict[int, ReportingYear] = field(default_factory=dict, init=False, repr=False)

    def __repr__(self) -> str:
        return f"Book({printable(self.folder.as_posix())}, {self.year})"

    def to_html(self, lang: Lang = "en") -> str:
        """What the book states, as a notebook shows it, in a language; no file is read for it."""
        return book_html(self.folder.as_posix(), self.settings, lang)

    def _repr_html_(self) -> str:
        return self.to_html()

    def reporting_year(self, year: int | None = None) -> ReportingYear:
        """A reporting year, with everything that is calculated about it.

        Parameters
        ----------
        year : int, optional
            By default the year that the settings name.

        Returns
        -------
        ReportingYear
            The same record each time, so that nothing is calculated twice.
        """
        number = self.year if year is None else year
        if number not in self._years:
            self._years[number] = ReportingYear(self, number)
        return self._years[number]

    def search(self, space_id: str, limit: int = 10_000) -> SpaceResult:
        """Search a declared space, see `Publication.search`."""
        return self.publication.search(space_id, self.reporting_year().entries, limit)

    def __getattr__(self, name: str) -> Any:
        """An attribute that a book had until 0.1, with a warning."""
        from carbonledger.book.former import FORMER_ATTRIBUTES, former_attribute

        if name not in FORMER_ATTRIBUTES:
            raise AttributeError(f"'Book' object has no attribute {name!r}")
        return former_attribute(name, self.reporting_year())

    # The words of a script: each is a view of the reporting year.

    def inventory(self, year: int | None = None) -> Inventory:
        """The inventory of a year, by default the reporting year."""
        return self.reporting_year(year).inventory

    def check(self) -> Findings:
        """Every finding about the reporting year."""
        return Findings(self.reporting_year().findings)

    def status(self, year: int | None = None) -> BookStatus:
        """What a year has, what it lacks, and what to do next.

        Parameters
        ----------
        year : int, optional
            By default the year that the settings name.

        Returns
        -------
        BookStatus
            Its ``coverage`` by source and month, ``completeness``, ``findings``, ``lock``, ``steps``; ``to_dict(lang)`` for plain data.
        """
        from carbonledger.book.status import status_of

        return status_of(self.reporting_year(year))

    def overview(self, at: datetime | None = None) -> Overview:
        """Energy and emissions by day and month with the alarms, at a moment, by default now.

        Parameters
        ----------
        at : datetime, optional
            In the time of the readings.

        Returns
        -------
        Overview
            Its ``days``, ``months``, ``sources``, ``alarms``; ``to_dict(lang)`` for plain data.
        """
        from carbonledger.book.monitoring import overview_of

        return overview_of(self, at)

    def report(self) -> ReportingYear:
        """The reporting year as a report."""
        return self.reporting_year()


def open_book(folder: str | Path) -> Book:
    """Open a company's folder.

    Parameters
    ----------
    folder : path
        With a ``book.toml``.

    Returns
    -------
    Book

    Raises
    ------
    BookError
        If there is no ``book.toml``, or it cannot be read, or has a setting that is unknown, missing or of the wrong kind, or names a file
        that is not there or lies outside the folder: all faults at once, each with its line.
    """
    return Book(*read_settings(Path(folder)))
