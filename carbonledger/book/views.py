"""The everyday verbs over a book, a file or entries: check, report, reconcile, disclose."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from carbonledger.activity_data.checks import check_entries
from carbonledger.activity_data.entries import Entries, read_entries
from carbonledger.activity_data.reading_summary import reading_summary
from carbonledger.book.book import Book, open_book
from carbonledger.book.book_html import verdicts_html
from carbonledger.book.folder import SETTINGS
from carbonledger.book.year import ReportingYear
from carbonledger.core.errors import EntriesError
from carbonledger.core.finding_list import Findings
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang, counted, word
from carbonledger.core.printed_number import Outcome
from carbonledger.disclosure.answers import Disclosure
from carbonledger.inventory.completeness import CompletenessStatement, completeness_of
from carbonledger.published.network import ConstraintNetwork, Contradiction
from carbonledger.published.recalculation import RebuiltFigure
from carbonledger.published.verdicts import Verdict

__all__ = ["Reconciliation", "check", "disclose", "reconcile", "report"]

Source = Book | ReportingYear | str | Path


def report(book: Source, year: int | None = None) -> ReportingYear:
    """A reporting year of a book, with everything that is calculated about it.

    Parameters
    ----------
    book : Book, ReportingYear or path
        A company's folder with a ``book.toml``.
    year : int, optional
        By default the reporting year that the book names.

    Returns
    -------
    ReportingYear
        Its ``totals()`` [t CO2e], ``inventory``, ``scope_2``, ``findings``, ``completeness``, and ``to_dict(lang)`` for plain data.

    Raises
    ------
    BookError
        If there is no book, or its settings cannot be used.

    Examples
    --------
    >>> round(report("seeds/techen-2024").totals()["total_location_based_tco2e"], 4)
    2497.3318
    """
    if isinstance(book, ReportingYear):
        return book
    opened = book if isinstance(book, Book) else open_book(book)
    return opened.reporting_year(year)


def check(source: Source | Entries) -> Findings:
    """Every finding about a book, or about a file of entries.

    Parameters
    ----------
    source : Book, ReportingYear, Entries or path
        A book (its folder or ``book.toml``), entries, or a file of entries.

    Returns
    -------
    Findings
        A list of `Finding` that shows itself as a table in a notebook. Of a book: of reading, of calculating and of the sixteen checks.
        Of entries: of reading, and of each of their years.

    Raises
    ------
    EntriesError
        If a file cannot be read as entries at all.
    """
    if not isinstance(source, Entries) and is_book(source):
        return Findings(report(source).findings)
    return Findings(_findings_of(source if isinstance(source, Entries) else _entries_of_file(source)))


def _entries_of_file(source: str | Path | Book | ReportingYear) -> Entries:
    """The entries of a file."""
    return read_entries(source)


def _findings_of(entries: Entries) -> list[Finding]:
    """The findings of reading entries, and about each of their years."""
    years = sorted({int(year) for year in entries.frame["year"]})
    checked = [finding for year in years for finding in check_entries(entries, year)]
    return list(dict.fromkeys([*entries.findings, *checked]))


def read_and_check(source: Source) -> tuple[Label, list[Finding]]:
    """What was read of a book or a file of entries, and every finding about it.

    Raises
    ------
    EntriesError
        If a file cannot be read as entries at all.
    """
    if is_book(source):
        year = report(source)
        return year.reading, list(year.findings)
    entries = _entries_of_file(source)
    return reading_summary(entries), _findings_of(entries)


def is_book(source: Source) -> bool:
    """Whether a source is a book: opened, or the path of its folder or ``book.toml``."""
    if isinstance(source, Book | ReportingYear):
        return True
    path = Path(source)
    return (path / SETTINGS).exists() or path.name == SETTINGS


@dataclass(frozen=True, slots=True, repr=False)
class Reconciliation:
    """Published figures against the calculated ones and against each other.

    Parameters
    ----------
    rebuilt : tuple of RebuiltFigure
        Printed figures against the engine's own results.
    verdicts : tuple of Verdict
        Relations among printed figures, each with its outcome.
    network : ConstraintNetwork or None
        All relations at once: narrowed figures and contradictions; None if there is no relation.
    completeness : CompletenessStatement or None
        What is missing from the inventory behind the recalculated figures; None if the book has no entries.
    """

    rebuilt: tuple[RebuiltFigure, ...]
    verdicts: tuple[Verdict, ...]
    network: ConstraintNetwork | None
    completeness: CompletenessStatement | None = None

    def __repr__(self) -> str:
        rebuilt, relations = counted(len(self.rebuilt), "figure"), counted(len(self.verdicts), "relation")
        return f"Reconciliation({rebuilt}, {relations}, {counted(len(self.contradictions), 'contradiction')})"

    def to_html(self, lang: Lang = "en") -> str:
        """The printed figures that do not simply follow, as a notebook shows them, in a language."""
        counts = {"figures": self.rebuilt, "relations": self.verdicts, "contradictions": self.contradictions}
        title = word("notebook_reconciliation", lang, **{name: str(len(found)) for name, found in counts.items()})
        said = self.completeness.lines(lang) if self.completeness else []
        return verdicts_html(title, said, self.rebuilt, self.verdicts, lang)

    def _repr_html_(self) -> str:
        return self.to_html()

    @property
    def contradictions(self) -> tuple[Contradiction, ...]:
        """Printed figures that cannot all be true."""
        return tuple(self.network.clashes) if self.network else ()

    @property
    def follows(self) -> bool:
        """Whether every printed figure can be evaluated and follows from its data, and none contradict each other."""
        outcomes = {*(item.verdict.outcome for item in self.rebuilt), *(item.outcome for item in self.verdicts)}
        return not self.contradictions and outcomes.isdisjoint({Outcome.DOES_NOT_FOLLOW, Outcome.CANNOT_BE_EVALUATED})


def reconcile(book: Source) -> Reconciliation:
    """Published figures of a book against the calculated ones and against each other.

    Parameters
    ----------
    book : Book, ReportingYear or path
        With the files ``published`` and ``relations``.

    Returns
    -------
    Reconciliation

    Examples
    --------
    >>> result = reconcile("seeds/techen-2024")
    >>> result.follows, len(result.contradictions)
    (False, 5)
    """
    year = report(book)
    return Reconciliation(year.rebuilt, year.verdicts, year.network, _statement(year) if year.has_entries else None)


def _statement(year: ReportingYear) -> CompletenessStatement:
    """What is missing from the inventory of a year, also if nothing can be calculated; the sixteen checks are not run for it."""
    try:
        return year.inventory.completeness
    except EntriesError as error:
        return completeness_of(error.findings)


def disclose(book: Source, framework: str = "gri-302-1") -> Disclosure:
    """A disclosure framework answered from a book.

    Parameters
    ----------
    book : Book, ReportingYear or path
        The company's book.
    framework : str
        Its name, e.g. ``gri-305``, ``esrs-e1-6``, ``secr``; `carbonledger.disclosure.list_frameworks` has all.

    Returns
    -------
    Disclosure
        Each datapoint with its figure in the unit of the framework and its status, under the statement of what is missing.

    Raises
    ------
    BookError
        If there is no such framework.

    Examples
    --------
    >>> disclosure = disclose("seeds/techen-2024", "gri-302-1")
    >>> round(disclosure["302-1-e"].value, 2)
    15941.25
    """
    return report(book).disclosure(framework)
