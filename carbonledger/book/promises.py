"""What a company has promised, beside its reporting year: each target with the years, denominators and measures of the book."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from carbonledger.book.folder import SETTINGS
from carbonledger.book.outlook import Outlook
from carbonledger.book.past_years import PastYears
from carbonledger.comparison.emission_series import EmissionSeries
from carbonledger.comparison.history import METHODS
from carbonledger.core.activities import GRID_ELECTRICITY
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang
from carbonledger.inventory.inventory import Inventory
from carbonledger.scenarios.measure_effect import MeasureEffect
from carbonledger.targets.faults import Surroundings, target_faults
from carbonledger.targets.standing import TargetCase, TargetStanding
from carbonledger.targets.target import Target
from carbonledger.targets.wedges import PlannedMeasure

__all__ = ["Promises"]

_SCOPE_2 = 2
_SCOPE_2_ROW = "scope 2 (location-based)"


class Promises(Outlook, PastYears):
    """A report of a book's year that also says where the company stands on its targets; nothing of them enters a figure."""

    @cached_property
    def targets(self) -> tuple[TargetStanding, ...]:
        """Each target of the book with its status, in the order of the book."""
        stated = self.book.settings.targets
        own, drivers = self.book.settings.boundary, self.book.settings.drivers
        names = tuple(name for item in drivers for name in (item.name_en, item.name_zh) if name)
        faults = target_faults(stated, Surroundings(names, (own.statement_en, own.statement_zh)))
        return tuple(
            TargetStanding(self._case_of(item, tuple(fault.at(file=SETTINGS) for fault in faults[at])))
            for at, item in enumerate(stated)
        )

    def _case_of(self, target: Target, faults: tuple[Finding, ...]) -> TargetCase:
        """What a target is judged by."""
        series = self._series_of(target)
        known = {item.year: item for item in series.years if item.stands_tco2e is not None} if series else {}
        amounts, unit = self._denominators(target)
        effects = [(item, self._planned(item, target)) for item in self.measures] if target.has_path else []
        return TargetCase(
            target=target,
            year=self.year,
            emissions={year: item.stands_tco2e for year, item in known.items() if item.stands_tco2e is not None},
            sources={
                year: item.restated_source if item.restated_tco2e is not None else item.source
                for year, item in known.items()
            },
            other_method=self._other_method(target),
            denominators=amounts,
            denominator_unit=unit,
            removals_tco2e=self._removals(),
            measures=tuple(found for _, found in effects if found),
            unpriced=tuple(item.measures[0].label for item, found in effects if found is None),
            grid_tco2e=None if self.published_alone else _grid(self.inventory, target),
            faults=faults,
            broken=tuple(item.rule for item in self.history_findings if item.severity == "error"),
        )

    def _series_of(self, target: Target) -> EmissionSeries | None:
        """The years of the target's scopes by its method; None if it needs a method and states none."""
        if _SCOPE_2 in target.scopes and not target.method:
            return None
        return self.emission_series(target.ordered_scopes, target.method or "location_based")

    def _other_method(self, target: Target) -> tuple[int, ...]:
        """The years that are known by a method of scope 2 that is not the target's."""
        others = [method for method in METHODS if target.method and method != target.method]
        found = [self.emission_series(target.ordered_scopes, method) for method in others]
        return tuple(item.year for series in found for item in series.years if not item.is_gap)

    def _denominators(self, target: Target) -> tuple[Mapping[int, float], str]:
        """The denominator of an intensity by year, with its unit."""
        chosen = [
            item for item in self.book.settings.drivers if target.denominator in {item.name_en, item.name_zh} - {""}
        ]
        unit = chosen[0].unit if chosen else ""
        return {item.year or self.book.year: item.amount for item in chosen if item.unit == unit}, unit

    def _planned(self, item: MeasureEffect, target: Target) -> PlannedMeasure | None:
        """What a measure would change within a target; None if that is not known, or if all together save more than there is."""
        together = self.measures_together
        return None if together is not None and together.effect is None else _planned(item, target)

    def _removals(self) -> float | None:
        """Removals on record that are not of another year, t CO2e; None if there are none."""
        own = [item.tco2e for item in self.registers if item.kind == "removal" and item.vintage in {"", str(self.year)}]
        return math.fsum(own) if own else None

    @property
    def target_findings(self) -> list[Finding]:
        """What is wrong with the targets; nothing of it is missing from the inventory."""
        found = [finding.at(file=SETTINGS) for item in self.targets for finding in item.findings]
        return list(dict.fromkeys(found))

    def targets_data(self, lang: Lang = "en") -> dict[str, Any]:
        """The targets as plain data, headed by the statement of completeness of the year."""
        errors = any(finding.severity == "error" for finding in self.target_findings)
        head = self._head(lang)
        code = max(int(errors), int(head.get("exit_code", 0)))
        return {**head, "exit_code": code, "targets": [item.to_dict(lang) for item in self.targets]}

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The report as plain data with the targets, if the book keeps any, see `Report.to_dict`."""
        found = super().to_dict(lang)
        return {**found, "targets": [item.to_dict(lang) for item in self.targets]} if self.targets else found


def _grid(inventory: Inventory[Any], target: Target) -> float:
    """Scope 2 of electricity of the grid within a target, as far as it follows the grid's factor, t CO2e."""
    if target.method != "location_based" or not inventory.plan.rows:
        return 0.0
    rows = inventory.in_pandas.view("scope", "activity").to_dict("records")
    chosen = (row for row in rows if row["scope"] == _SCOPE_2_ROW and row["activity"] == GRID_ELECTRICITY)
    return math.fsum(float(row["emissions_tco2e"]) for row in chosen)


def _planned(item: MeasureEffect, target: Target) -> PlannedMeasure | None:
    """What a measure would change within a target; None if that is not known."""
    names = {1: "scope 1", 2: f"scope 2 ({target.method.replace('_', '-')})", 3: "scope 3"}
    changes = [item.scope(names[scope]) for scope in target.ordered_scopes]
    known = [change for change in changes if change is not None]
    if item.effect is None or len(known) != len(changes):
        return None
    grid = _grid(item.effect.after.inventory, target) - _grid(item.effect.before.inventory, target)
    measure = item.measures[0]
    return PlannedMeasure(measure.label, grid, math.fsum(known) - grid, measure.start_year)
