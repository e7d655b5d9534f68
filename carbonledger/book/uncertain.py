"""The uncertainty of a reporting year of a book, and of its change since the year that it is compared with."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.book.compared_year import compared_book
from carbonledger.book.stated_year import StatedYear
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.uncertainty.assessment import Approach, UncertaintyAssessment, assess, assess_change
from carbonledger.uncertainty.results import Trend
from carbonledger.uncertainty.stated import UncertaintySettings

if TYPE_CHECKING:
    from carbonledger.inventory.inventory import Inventory

__all__ = ["UncertainYear"]


class UncertainYear(StatedYear):
    """A report of a book's year that also says how uncertain its figures are; nothing of the inventory is changed by it."""

    @cached_property
    def uncertainty(self) -> UncertaintyAssessment | None:
        """The uncertainty by both approaches; None if the book has no table ``[uncertainty]``, or no emissions."""
        stated = self.book.settings.uncertainty
        if stated is None or self.published_alone or self.inventory.completeness.energy_alone:
            return None
        return assess(self.inventory, stated, names=self._company_labels)

    @cached_property
    def uncertainty_trend(self) -> Trend | None:
        """The change since the year before with its uncertainty; None without such a year, or without ``[uncertainty]``."""
        return None if self.uncertainty is None else self.uncertain_change(self.uncertainty)

    def assess_uncertainty(
        self, draws: int | None = None, seed: int | None = None, approach: Approach = "both"
    ) -> UncertaintyAssessment:
        """The uncertainty of the year, location-based.

        Parameters
        ----------
        draws, seed : int, optional
            Of the simulation, in the place of those of the book.
        approach : {"1", "2", "both"}
            Error propagation, Monte Carlo simulation, or both.

        Returns
        -------
        UncertaintyAssessment
            With what the book states, the limits that its entries state, and those that its editions publish.
        """
        stated = self.book.settings.uncertainty or UncertaintySettings()
        chosen = replace(
            stated,
            draws=stated.draws if draws is None else draws,
            seed=stated.seed if seed is None else seed,
        )
        return assess(self.inventory, chosen, approach, self._company_labels)

    def uncertain_change(self, assessment: UncertaintyAssessment) -> Trend | None:
        """The change since the year before with its uncertainty, for an assessment of this year.

        None without such a year, or where either year leaves entries out: what is missing would pass for a change.
        """
        before: Inventory[Any] | None = self.previous
        if before is None or before.completeness.is_part or self.inventory.completeness.is_part:
            return None
        # Another book states its own limits; where it states none, those of this one hold for both.
        stated = compared_book(self.book).settings.uncertainty or assessment.settings
        return assess_change(assess(before, stated, assessment.approach), assessment)

    @property
    def _company_labels(self) -> dict[str, Label]:
        """What companies are called, by their ids."""
        english, chinese = (self.entity_names[lang] for lang in ("en", "zh"))
        own = self.book.settings.company
        # Entries may name the company itself, which no table lists.
        labels = dict.fromkeys(own.names, Label(own.name_en, own.name_zh))
        labels |= {name: Label(text, chinese.get(name, "")) for name, text in english.items()}
        return {name: label for name, label in labels.items() if label.en or label.zh}

    @property
    def uncertainty_findings(self) -> tuple[Finding, ...]:
        """What has no limits, and what cannot be used of what is stated; nothing of it touches a total."""
        return () if self.uncertainty is None else self.uncertainty.findings
