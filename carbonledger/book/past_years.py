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
from carbonledger.comparison.history import METHODS, SCOPE_2, HistoryEntry, Scope2Method, Scopes, read_history
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang
from carbonledger.core.plain_data import plain_data
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
        return read_history(
            self.book.folder / files.history, self._companies(), self.country, files.decimal, name=files.history
        )

    def _companies(self) -> Mapping[str, str]:
        """The id of each company by its names; the reporting company itself is everything within the boundary."""
        company = self.book.settings.company
        return {**dict.fromkeys(company.names, ""), **self.book.settings.company_ids, "": ""}

    @cached_property
    def history(self) -> History:
        """Earlier years as they were reported and restated, beside the reporting year and the one compared with as they are calculated."""
        years = [] if self.published_alone else [self._previous[0], self]
        calculated = [_calculated(year, first=year is self) for year in years if year]
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

    @cached_property
    def emissions_by_year(self) -> tuple[EmissionSeries, ...]:
        """What the base year is tested by, by both methods where both are known; scopes 1 and 2 without a base year."""
        if self.base_year is None and not self.book.settings.files.history:
            return ()
        scopes = self.base_year.ground.scopes if self.base_year else (1, SCOPE_2)
        methods = METHODS if SCOPE_2 in scopes else METHODS[:1]
        found = [self.emission_series(scopes, method) for method in methods]
        return tuple(item for item in found if any(not year.is_gap for year in item.years))

    def base_year_data(self, lang: Lang = "en") -> dict[str, Any]:
        """The base year and the years before as plain data, headed by the statement of completeness.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        dict
            ``base_year`` (null if the book states none), ``emissions_by_year``, ``findings`` of both.
        """
        said = [finding.to_dict(lang) for finding in self.history_findings]
        plain: dict[str, Any] = plain_data({**self._head(lang), **self._past(lang), "findings": said})
        return plain

    def _head(self, lang: Lang) -> dict[str, Any]:
        """Whether the figures are complete; where there is no inventory, how the command ends."""
        if self.published_alone:
            return {"exit_code": int(any(finding.severity == "error" for finding in self.findings))}
        return self.completeness.to_dict(lang)

    def _past(self, lang: Lang) -> dict[str, Any]:
        """The base year and the years before."""
        by_year = [item.to_dict(lang) for item in self._series_of_data()]
        return {"base_year": self.base_year.to_dict(lang) if self.base_year else None, "emissions_by_year": by_year}

    def _series_of_data(self) -> list[EmissionSeries]:
        """Every series of the book: each scope, and what the base year is tested by; none without earlier years."""
        if not self.emissions_by_year:
            return []
        found = [self.emission_series(item.scopes, item.method) for item in self.history.whole_series()]
        return list({(item.scopes, item.method): item for item in (*found, *self.emissions_by_year)}.values())

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The report as plain data, with the years before, see `Report.to_dict`."""
        past: dict[str, Any] = plain_data(self._past(lang))
        return {**super().to_dict(lang), **past}

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
