"""The year of a book against another: changes, like for like, and the earlier year as it would be calculated now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

from carbonledger.book.compared_year import book_of_copy, compared_book, compared_findings, compared_state, not_compared
from carbonledger.book.folder import SETTINGS, BookFolder
from carbonledger.book.outlook import Outlook, lost_findings
from carbonledger.book.restatement import Restatement
from carbonledger.book.settings_file import read_settings
from carbonledger.book.upgrade import newer_factors
from carbonledger.comparison.basis import YearFacts
from carbonledger.comparison.year_comparison import ComparedYear, YearComparison
from carbonledger.core.errors import BookError, EditionError, EntriesError, LockError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label
from carbonledger.inventory.completeness import CompletenessStatement
from carbonledger.inventory.inventory import Inventory
from carbonledger.scenarios.effect import Effect

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparing"]

# What is said of the two years in the book's own report; the rest of it is said by the check of two years and by the settings compared.
_OF_THE_BOOK = frozenset(
    f"COMPARE_BASIS.{case}" for case in ("period", "approach", "approach_unstated", "company", "months", "share")
)


class Comparing(Outlook):
    """A report of a book's year that also says what changed against another year."""

    apart: bool

    def beside(self, book: BookFolder, year: int, *, apart: bool = True) -> Self:
        """A year of a book as a record of the same kind."""
        made: Any = type(self)
        found: Self = made(book, year, apart=apart)
        return found

    @cached_property
    def _previous(self) -> tuple[Self | None, list[Finding]]:
        """The year to compare with, if there is one and it can be calculated, and what is said of it."""
        year = self.book.settings.company.compare_year
        if year is None:
            return None, []
        try:
            earlier = self.beside(compared_book(self.book), year)
            return earlier, compared_findings(self, earlier)
        except (EntriesError, BookError, EditionError, LockError) as error:
            return None, [not_compared(year, error)]

    @cached_property
    def previous(self) -> Inventory | None:
        """The inventory of the year to compare with; None if there is none."""
        earlier = self._previous[0]
        return earlier.inventory if earlier else None

    @cached_property
    def compared_with(self) -> Label | None:
        """Which state of the previous year is compared with; None where it is calculated from the entries of this book."""
        return compared_state(self.book) if self._previous[0] else None

    @cached_property
    def comparison(self) -> YearComparison | None:
        """This year against the one that the settings name; None if they name none, or it cannot be calculated."""
        earlier = self._previous[0]
        if earlier is None:
            return None
        return self._against(earlier, earlier.inventory.completeness, self.inventory.completeness, self.compared_with)

    def compared_to(self, earlier: Comparing) -> YearComparison:
        """This year against any earlier one, of this book or of another.

        Parameters
        ----------
        earlier : ReportingYear
            Such as ``carbonledger.open_book("book-2024").reporting_year()``.

        Returns
        -------
        YearComparison
            ``by(axis)``, ``like_for_like``, ``perimeter``, ``findings``; ``to_dict(lang)`` for plain data.

        Raises
        ------
        BookError
            If the other year is the later one.
        """
        if earlier.year > self.year:
            raise BookError(Message.of("COMPARE_ORDER", first=str(earlier.year), second=str(self.year)))
        return self._against(earlier, earlier.completeness, self.completeness, None)

    def _against(
        self, earlier: Comparing, before: CompletenessStatement, now: CompletenessStatement, state: Label | None
    ) -> YearComparison:
        """The record of two years."""
        return YearComparison(earlier.as_compared(before), self.as_compared(now), state)

    def as_compared(self, statement: CompletenessStatement) -> ComparedYear:
        """The year as one of two that are compared.

        Parameters
        ----------
        statement : CompletenessStatement
            What is said of its completeness.

        Returns
        -------
        ComparedYear
        """
        facts = YearFacts(
            year=self.year,
            approach=self.book.settings.boundary.approach or "",
            names=self.book.settings.company.names,
            period=self.period,
        )
        inventory, scope_2 = self.inventory, self.scope_2
        market = None
        if scope_2 is not None and inventory.completeness.has_total:
            total = float(inventory.total_location_based().magnitude)
            market = total + scope_2.market_based_tco2e - scope_2.location_based_tco2e
        return ComparedYear(inventory, facts, statement, market)

    @property
    def basis_findings(self) -> tuple[Finding, ...]:
        """What keeps the year from being compared with the previous one; companies and sites are the matter of a check."""
        found = self.comparison.basis.findings if self.comparison else ()
        return tuple(item.at(file=SETTINGS) for item in found if item.says.key in _OF_THE_BOOK)

    @cached_property
    def changes(self) -> Mapping[str, pd.DataFrame]:
        """By axis, the comparison with the previous year; empty without one."""
        found = self.comparison
        return {axis: found.by(axis) for axis in ("line", "activity", "scope")} if found else {}

    def restated(self, as_of: date | str) -> Restatement:
        """The year as it would be calculated with what had been published by a day: as closed, as its book stands, and by newer editions.

        Parameters
        ----------
        as_of : date or str
            Nothing published later is used; a day, for a figure that changes with the day on which it is asked for is none.

        Returns
        -------
        Restatement
            Of the book itself, if this is a copy that a closing kept.

        Raises
        ------
        BookError
            If it is no day.
        """
        day = _day(as_of)
        kept_up = book_of_copy(self.book.folder)
        book = BookFolder(*read_settings(kept_up)) if kept_up else self.book
        # What the log says of the year is asked for, even of a year that is seen without it.
        live = self if book is self.book and not self.apart else self.beside(book, self.year, apart=False)
        return live._restated(day)

    def _restated(self, day: date) -> Restatement:
        """The year by the editions that had been published by a day."""
        before, folder = self.inventory, self.book.factor_folder
        newer = newer_factors(replace(before.factors, as_of=day), folder, known_alone=True)
        after = self._inventory_of(self.entries.frame, newer.factors)
        effect = Effect(self._side(before, whole=self.scope_2), self._side(after))
        return Restatement(self.year, day, self.standing, newer.pairs, effect, tuple(lost_findings(before, after)))


def _day(as_of: date | str) -> date:
    """A day, however it is given."""
    if isinstance(as_of, date):
        return as_of
    try:
        return date.fromisoformat(as_of)
    except ValueError as error:
        raise BookError(Message.of("COMPARE_ORDER.no_day", text=as_of)) from error
