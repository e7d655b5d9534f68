"""A year of a book as its settings state it: what the report, the checks and the lock need to know before anything is calculated."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.organisation import Holding
from carbonledger.activity_data.sites import Site
from carbonledger.audit.case import Thresholds
from carbonledger.book.folder import BookFolder
from carbonledger.core.language import Lang
from carbonledger.core.periods import Period
from carbonledger.disclosure.intensity import Driver
from carbonledger.disclosure.scope3_relevance import RelevanceStatement
from carbonledger.reporting.report import Report

__all__ = ["StatedYear"]


class StatedYear(Report):
    """A report whose settings are those of a book.

    Attributes
    ----------
    book : BookFolder
        The company's folder.
    year : int
        The calendar year in which the reporting year begins.
    entries : Entries
        Of the reporting year.
    """

    book: BookFolder
    year: int
    entries: Entries

    @cached_property
    def settings(self) -> Mapping[str, Any]:
        """The book's settings as plain data."""
        return self.book.settings.model_dump()

    @cached_property
    def stated(self) -> Mapping[str, Any]:
        """The settings that the book's file states; tables such as ``[checks]`` and ``[[site]]`` come with their defaults."""
        return self.book.settings.model_dump(exclude_unset=True)

    @cached_property
    def entity_names(self) -> Mapping[str, Mapping[str, str]]:
        """By language, what to print for each company."""
        return {"en": self.book.entity_names("en"), "zh": self.book.entity_names("zh")}

    @property
    def first_month(self) -> int:
        """The first month of the reporting year."""
        return self.book.first_month

    @property
    def country(self) -> str:
        """Of the reporter, ISO 3166-1."""
        return self.book.settings.company.region.split("-")[0]

    @property
    def period(self) -> Period:
        """The days of the reporting year."""
        return Period.of_year(self.year, self.first_month)

    @property
    def thresholds(self) -> Thresholds:
        """Tolerances of the checks."""
        return self.book.settings.checks

    @cached_property
    def sites(self) -> tuple[Site, ...]:
        """The listed sites."""
        return self.book.settings.sites

    @property
    def holdings(self) -> list[Holding]:
        """Who owns and controls what."""
        return list(self.book.settings.holdings)

    @property
    def drivers(self) -> list[Driver]:
        """What emissions and energy of this year are divided by."""
        return [item for item in self.book.settings.drivers if (item.year or self.book.year) == self.year]

    @property
    def relevance(self) -> list[RelevanceStatement]:
        """What the company states of each scope 3 category."""
        return list(self.book.settings.scope_3)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The report as plain data, headed by whether the year is closed and by what it is compared with, see `Report.to_dict`."""
        return {
            "standing": self.standing.to_dict(lang) if self.standing else None,
            "compared_with": self.compared_with.text(lang) if self.compared_with else None,
            **super().to_dict(lang),
        }
