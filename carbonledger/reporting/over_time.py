"""What a report says of other years and of how sure it is; a book that states nothing of it has none."""

from __future__ import annotations

from typing import Any

from carbonledger.comparison.base_year import BaseYear
from carbonledger.comparison.emission_series import EmissionSeries
from carbonledger.comparison.year_comparison import YearComparison
from carbonledger.comparison.year_effects import YearEffects
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang
from carbonledger.targets.standing import TargetStanding
from carbonledger.uncertainty.assessment import UncertaintyAssessment
from carbonledger.uncertainty.results import Trend

__all__ = ["OverTime"]


class OverTime:
    """The year among others: changes and why they are, the base year, targets, and the uncertainty of it all."""

    @property
    def targets(self) -> tuple[TargetStanding, ...]:
        """What the company has promised and where it stands; a book may keep some."""
        return ()

    @property
    def base_year(self) -> BaseYear | None:
        """The base year with its recalculation; a book may state one."""
        return None

    @property
    def emissions_by_year(self) -> tuple[EmissionSeries, ...]:
        """Emissions of the years before beside those of this one; a book may keep them."""
        return ()

    @property
    def history_findings(self) -> list[Finding]:
        """What is wrong with the rows of earlier years and with the base year."""
        return []

    @property
    def change_effects(self) -> YearEffects | None:
        """Why emissions changed since the year that is compared with; a book may compare with one."""
        return None

    @property
    def comparison(self) -> YearComparison | None:
        """The year against the one before, as reported and like for like; a book may compare with none."""
        return None

    @property
    def uncertainty(self) -> UncertaintyAssessment | None:
        """How uncertain the emissions are; None if the book states nothing of it."""
        return None

    @property
    def uncertainty_trend(self) -> Trend | None:
        """The change since the year before with its uncertainty; None without either."""
        return None

    def uncertainty_data(self, lang: Lang = "en") -> dict[str, Any] | None:
        """The uncertainty as plain data; None if the book states nothing of it."""
        return self.uncertainty.to_dict(lang, self.uncertainty_trend) if self.uncertainty else None
