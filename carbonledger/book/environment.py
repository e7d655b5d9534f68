"""The registers of water, waste, air, wastewater and noise of a book's year."""

from __future__ import annotations

from fractions import Fraction
from functools import cached_property
from pathlib import Path

from carbonledger.book.compared_year import compared_book
from carbonledger.book.folder import BookFolder
from carbonledger.book.stated_year import StatedYear
from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period
from carbonledger.core.rounding import decimal_of
from carbonledger.environment.reading import ReadAs
from carbonledger.environment.registers import REGISTERS, Environment, read_environment

__all__ = ["EnvironmentalYear"]


class EnvironmentalYear(StatedYear):
    """A report of a book's year with its environmental registers, beside the inventory and in none of its totals."""

    @cached_property
    def environment(self) -> Environment | None:
        """The registers of the year; None if the book keeps none, and states nothing that needs one."""
        settings = self.book.settings
        stated = settings.environment
        named = any(getattr(settings.files, name) for name in REGISTERS)
        if not (named or settings.monitoring or stated.targets):
            return None
        year = settings.company.compare_year
        before = self._registers_before(year) if year is not None else None
        others = () if year is None else (Period.of_year(year, self.first_month),)
        return read_environment(
            _files(self.book),
            _read_as(self.book, self.period, others),
            expected=settings.monitoring,
            targets=stated.targets,
            stated=stated.previous,
            previous=before,
        )

    def _registers_before(self, year: int) -> Environment | None:
        """The registers of the year to compare with, in its own book; None if that cannot be opened, which is said elsewhere."""
        try:
            book = compared_book(self.book)
        except CarbonLedgerError:
            return None
        period = Period.of_year(year, book.first_month)
        return read_environment(_files(book), _read_as(book, period, (self.period,)))

    @property
    def environment_findings(self) -> tuple[Finding, ...]:
        """What is wrong with the registers, exceeded, missing or in doubt; nothing of it is missing from the inventory."""
        return self.environment.findings if self.environment else ()


def _files(book: BookFolder) -> dict[str, Path]:
    """The files of the registers by name."""
    named = {name: getattr(book.settings.files, name) for name in REGISTERS}
    return {name: book.folder / file for name, file in named.items() if file}


def _read_as(book: BookFolder, period: Period, others: tuple[Period, ...]) -> ReadAs:
    """How the registers of a book are read."""
    settings = book.settings
    density, own = settings.environment.water_t_per_m3, settings.company
    companies = settings.company_ids
    names = {name: name for name in own.names} if companies else {}
    return ReadAs(
        period,
        others,
        own.region.split("-")[0],
        own.region,
        settings.files.decimal,
        None if density is None else Fraction(decimal_of(density)),
        {**names, **companies},
        book.folder,
    )
