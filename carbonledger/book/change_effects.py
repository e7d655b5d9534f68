"""Why the emissions of a book's year changed: against the year that it compares with, or against the years of other books."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Self

from carbonledger.book.comparing import Comparing
from carbonledger.book.folder import SETTINGS
from carbonledger.comparison.explained_change import year_effects
from carbonledger.comparison.lmdi import Method
from carbonledger.comparison.year_effects import DriverChange, YearEffects
from carbonledger.core.errors import BookError, EntriesError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label
from carbonledger.disclosure.intensity import Driver

__all__ = ["ExplainedYear", "chain_of", "effects_over_years"]

# What differs between two years and is an effect of its own: the boundary and the method.
_EFFECTS_THEMSELVES = frozenset({"COMPARE_BASIS.companies", "COMPARE_BASIS.share", "COMPARE_BOOK.gwp"})


class ExplainedYear(Comparing):
    """A report of a book's year that says why its emissions changed."""

    @property
    def earlier(self) -> Self | None:
        """The year to compare with; None if there is none."""
        return self._previous[0]

    @property
    def earlier_findings(self) -> list[Finding]:
        """What is said of the year to compare with, such as why it cannot be calculated."""
        return self._previous[1]

    @cached_property
    def change_effects(self) -> YearEffects | None:
        """The change since the year that the book compares with, by effect; None without one, and of a book of energy alone.

        Activity is measured by ``compare_driver`` of the settings.
        """
        earlier = self.earlier
        if earlier is None or self.completeness.energy_alone:
            return None
        try:
            return self.effects_since(earlier, self.book.settings.company.compare_driver)
        except EntriesError as error:
            return YearEffects((earlier.year, self.year), "lmdi-i", findings=error.findings)

    def effects_since(self, earlier: ExplainedYear, driver: str = "", method: Method = "lmdi-i") -> YearEffects:
        """The change of emissions since another year by effect.

        Parameters
        ----------
        earlier : ReportingYear
            Of this book or another.
        driver : str
            The name of a ``[[driver]]`` of both years that activity is measured by; empty if activity and intensity are one effect.
        method : {"lmdi-i", "lmdi-ii"}
            The weights.

        Returns
        -------
        YearEffects
            In t CO2e; without effects, and with the findings that say why, if one of the years leaves entries out.

        Raises
        ------
        EntriesError
            If the years are not in order, or the driver is not in both in one unit.
        """
        years = earlier.year, self.year
        if years[0] >= years[1]:
            raise EntriesError([Finding.of("DECOMPOSITION.order", earlier=years[0], later=years[1])])
        found = _driver_change(earlier, self, driver) if driver else None
        parts = [year.year for year in (earlier, self) if year.completeness.is_part]
        if parts:
            said = tuple(Finding.of("DECOMPOSITION.part", year=year) for year in parts)
            return YearEffects(years, method, driver=found, findings=said)
        return year_effects(earlier.inventory, self.inventory, years, found, method)


def chain_of(years: Sequence[ExplainedYear]) -> list[ExplainedYear]:
    """Years to be compared one after the other: those given, and before a single one the year that its book compares with.

    Parameters
    ----------
    years : sequence of ReportingYear
        From the earliest to the latest; at least one.

    Returns
    -------
    list of ReportingYear

    Raises
    ------
    BookError
        If a single book compares with no year.
    EntriesError
        If the year that it compares with cannot be calculated.
    """
    if len(years) > 1:
        return list(years)
    earlier, found = years[0].earlier, years[0].earlier_findings
    if earlier is None and found:
        raise EntriesError(found)
    if earlier is None:
        raise BookError(Message.of("DECOMPOSITION.no_other_year"))
    return [earlier, years[0]]


def effects_over_years(
    years: Sequence[ExplainedYear], driver: str = "", method: Method = "lmdi-i"
) -> list[YearEffects]:
    """The change from each year to the next by effect.

    Parameters
    ----------
    years : sequence of ReportingYear
        From `chain_of`.
    driver, method : str
        See `ExplainedYear.effects_since`; by default the driver that the latest book compares by.

    Returns
    -------
    list of YearEffects
        One less than the years; their effects add up to those of the whole time.

    Raises
    ------
    BookError
        If the years are not in order.
    EntriesError
        See `ExplainedYear.effects_since`.
    """
    for earlier, later in pairwise(years):
        if earlier.year >= later.year:
            raise BookError(Message.of("DECOMPOSITION.order", earlier=earlier.year, later=later.year))
    chosen = driver or years[-1].book.settings.company.compare_driver
    return [_step(earlier, later, chosen, method) for earlier, later in pairwise(years)]


def _step(earlier: ExplainedYear, later: ExplainedYear, driver: str, method: Method) -> YearEffects:
    """The change between two years, with what makes them years of different kinds; companies and GWP sets are effects themselves."""
    found = later.effects_since(earlier, driver, method)
    said = [item for item in later.compared_to(earlier).basis.findings if item.says.key not in _EFFECTS_THEMSELVES]
    return replace(found, findings=(*said, *found.findings))


def _driver_change(earlier: ExplainedYear, later: ExplainedYear, name: str) -> DriverChange:
    """A driver in both years."""
    before, after = (_driver(year, name) for year in (earlier, later))
    label = Label(after.name_en, after.name_zh)
    if before.unit.split() != after.unit.split():
        values = {"driver": label, "previous": earlier.year, "current": later.year}
        found = Finding.of("DECOMPOSITION.driver_unit", before=before.unit, after=after.unit, **values)
        raise EntriesError([found.at(file=SETTINGS)])
    return DriverChange(label, before.amount, after.amount, after.unit)


def _driver(year: ExplainedYear, name: str) -> Driver:
    """The driver of a name, in either language."""
    wanted = name.strip().casefold()
    for item in year.drivers:
        if wanted in {item.name_en.strip().casefold(), item.name_zh.strip().casefold()}:
            return item
    known = tuple(Label(item.name_en, item.name_zh) for item in year.drivers)
    finding = Finding.of("DECOMPOSITION.driver", driver=name, year=year.year, drivers=known or (Label("none", "无"),))
    raise EntriesError([finding.at(file=SETTINGS)])
