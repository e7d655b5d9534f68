"""The years before a reporting year of a book: what earlier reports state, beside what is calculated."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.book.stated_year import StatedYear
from carbonledger.comparison.base_year import BaseYear, base_year_of
from carbonledger.comparison.base_year_findings import base_year_findings
from carbonledger.comparison.emission_series import SCOPES, CalculatedYear, EmissionSeries, History
from carbonledger.comparison.history import SCOPE_2, HistoryEntry, Scope2Method, Scopes, read_history
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PastYears"]

# What sums in binary arithmetic may leave of an emission, relative.
_LEFT_OVER = 1e-12


class PastYears(StatedYear):
    """A report of a book's year that also knows the years before."""

    _previous: tuple[Any, list[Finding]]

    @cached_property
    def _history_rows(self) -> tuple[list[HistoryEntry], list[Finding]]:
        """The rows of earlier reports that can be used, and what is wrong with others."""
        files = self.book.settings.files
        if not files.history:
            return [], []
        return read_history(self.book.folder / files.history, self._companies(), self.country, files.decimal)

    def _companies(self) -> Mapping[str, str]:
        """The id of each company by its names; the reporting company itself is everything within the boundary."""
        company = self.book.settings.company
        return {**dict.fromkeys(company.names, ""), **self.book.settings.company_ids, "": ""}

    @cached_property
    def history(self) -> History:
        """Earlier years as they were reported and restated, beside the reporting year and the one compared with as they are calculated."""
        earlier = self._previous[0]
        calculated = [
            _calculated(year, first=year is self) for year in ([] if self.published_alone else [earlier, self]) if year
        ]
        policy = self.book.settings.base_year
        needed = (policy.year,) if policy and policy.year <= self.year else ()
        return History(tuple(self._history_rows[0]), tuple(calculated), needed)

    @cached_property
    def base_year(self) -> BaseYear | None:
        """The base year with its recalculation; None if the book states none."""
        settings = self.book.settings
        if settings.base_year is None:
            return None
        own = settings.company
        ids = {*settings.company_ids.values(), *(item.entity for item in settings.holdings)}
        known = {*ids, *own.names} if settings.entities or settings.holdings else ()
        return base_year_of(settings.base_year, self.history, self.period, self.first_month, known)

    def emission_series(
        self, scopes: Scopes = (1, 2), method: Scope2Method = "location_based", entity: str = ""
    ) -> EmissionSeries:
        """Emissions of some scopes by one method over the years, the base year recalculated where that is due.

        Parameters
        ----------
        scopes, method, entity : tuple of int, str, str
            See `History.series`.

        Returns
        -------
        EmissionSeries
            t CO2e as reported and as restated.
        """
        found = self.history.series(scopes, method, entity)
        return self.base_year.restated(found) if self.base_year else found

    def emissions_over_time(self) -> pd.DataFrame:
        """Emissions of each scope over the years as one tidy frame, see `EmissionSeries.frame`; for pictures and notebooks."""
        import pandas as pd

        found = self.history.whole_series()
        frames = [self.emission_series(item.scopes, item.method).frame() for item in found]
        return pd.concat(frames, ignore_index=True) if frames else self.emission_series().frame()

    @property
    def history_findings(self) -> list[Finding]:
        """What is wrong with the rows of earlier years and with the base year; nothing of it is missing from the inventory."""
        if self.base_year is None and not self.book.settings.files.history:
            return []
        base = base_year_findings(self.base_year) if self.base_year else ()
        return list(dict.fromkeys((*self._history_rows[1], *self.history.findings, *base)))


def _calculated(year: PastYears, *, first: bool) -> CalculatedYear:
    """A year as the library calculates it; where entries are left out, no figure of it is known."""
    inventory, settings = year.inventory, year.book.settings
    values: dict[tuple[int, Scope2Method], float] = {}
    if inventory.completeness.has_total:
        known = _by_scope(inventory)
        # A whole inventory without lines of scope 1 or 2 has none of it; of scope 3 nothing was asked then.
        values = {
            (scope, "location_based" if scope == SCOPE_2 else ""): known.get(scope, 0.0)
            for scope in SCOPES
            if scope in {1, SCOPE_2} or scope in known
        }
        values |= _market_based(year, values[SCOPE_2, "location_based"])
    source = Label.of("series_calculated" if first else "series_calculated_again")
    approach = settings.boundary.approach or ""
    return CalculatedYear(year.year, values, source, inventory.gwp.edition, approach, first)


def _by_scope(inventory: Inventory) -> dict[int, float]:
    """The emissions of each scope that has lines, location-based, t CO2e."""
    parts: dict[int, list[float]] = {}
    scopes = {row.plan_id: row.scope for row in inventory.plan.rows}
    for plan_id, emissions, _ in inventory.plan_totals():
        scope = scopes[plan_id]
        if scope:
            parts.setdefault(scope, []).append(emissions)
    return {scope: math.fsum(values) for scope, values in parts.items()}


def _market_based(year: PastYears, location: float) -> dict[tuple[int, Scope2Method], float]:
    """Scope 2 by the market-based method, unless an instrument that cannot be read is missing from it."""
    scope_2 = year.scope_2
    if scope_2 is None or any(item.severity == "error" and item.effect == "excluded" for item in scope_2.findings):
        return {}
    value = location + scope_2.market_based_tco2e - scope_2.location_based_tco2e
    return {
        (SCOPE_2, "market_based"): 0.0 if math.isclose(value, 0.0, abs_tol=_LEFT_OVER * max(1.0, location)) else value
    }
