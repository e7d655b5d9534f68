"""The savings that a book says were achieved in its year, priced by the factors of the year."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cached_property
from typing import Any

from carbonledger.book.stated_year import StatedYear
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang
from carbonledger.inventory.calculate import calculate
from carbonledger.scenarios.measured_entries import with_rows
from carbonledger.scenarios.saved import EnergyRate, SavingsRegister, saved_energy

__all__ = ["SavingsYear"]


class SavingsYear(StatedYear):
    """A report of a book's year with the savings that were achieved: beside the inventory, in none of its totals."""

    @cached_property
    def savings(self) -> SavingsRegister | None:
        """The savings of the year; None if the book states none."""
        stated = self.book.settings.savings
        if not stated:
            return None
        known: dict[tuple[str, str], EnergyRate] = {}

        def rate(activity: str, unit: str) -> EnergyRate:
            if (activity, unit) not in known:
                known[activity, unit] = self._rate(activity, unit)
            return known[activity, unit]

        return SavingsRegister(tuple(saved_energy(item, rate, self.period, self.first_month) for item in stated))

    def _rate(self, activity: str, unit: str) -> EnergyRate:
        """What one unit of an activity comes to by the factors of the book; nothing without entries, which have the factors."""
        if self.published_alone:
            return EnergyRate()
        where = {"region": self.book.settings.company.region, "year": self.year}
        row = {"activity": activity, "amount": 1.0, "unit": unit, **where}
        row |= {"start": self.period.start, "end": self.period.end}
        frame = with_rows(self.entries.frame.iloc[:0], [row])
        found = calculate(replace(self.entries, frame=frame), self.book.factors, gwp=self.book.gwp, missing="report")
        rows = [item for item, _ in found.energy_amounts()]
        table = found.energy_table("id")
        coal = float(table["standard_coal_tce"].iloc[-1]) if "standard_coal_tce" in table else math.nan
        priced = not found.completeness.is_part and not found.completeness.energy_alone
        return EnergyRate(
            tco2e=float(found.total_location_based().magnitude) if priced else None,
            gj=rows[0].energy_gj if rows else None,
            tce=coal if math.isfinite(coal) else None,
        )

    @property
    def saving_findings(self) -> tuple[Finding, ...]:
        """What the savings lack, and what to mind of them; nothing of it is missing from the inventory."""
        return self.savings.findings if self.savings else ()

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The report as plain data, with the savings that were achieved, see `Report.to_dict`."""
        return {**super().to_dict(lang), "savings_achieved": self.savings.to_dict(lang) if self.savings else None}
