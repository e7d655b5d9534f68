"""What would change in a reporting year of a book: under assumed factors, and by the measures that it plans."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.book.folder import SETTINGS
from carbonledger.book.own_factors import own_factors
from carbonledger.book.scope2 import MarketPart, book_scope_2
from carbonledger.book.stated_year import StatedYear
from carbonledger.core.activities import OWN_GENERATION
from carbonledger.core.errors import CarbonLedgerError, EditionError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label, Lang
from carbonledger.core.toml_file import read_toml
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.calculate import calculate
from carbonledger.inventory.consolidation import consolidate
from carbonledger.inventory.inventory import Inventory
from carbonledger.scenarios.assumed_factors import (
    assumed_factors,
    check_met,
    in_usual_unit,
    magnitude_findings,
    named_findings,
)
from carbonledger.scenarios.assumed_pins import assumed_editions, assumed_pins, check_used, stated_with
from carbonledger.scenarios.effect import Effect, Side
from carbonledger.scenarios.measure_effect import MeasureEffect
from carbonledger.scenarios.measured_entries import Entered, Ground, entered
from carbonledger.scenarios.measures import Measure
from carbonledger.scenarios.what_if import WhatIf

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Outlook", "lost_findings"]

_SCOPE_2 = 2
_LANGUAGES: tuple[Lang, Lang] = ("en", "zh")


class Outlook(StatedYear):
    """A report of a book's year that also says what would change in it; nothing of the book or of its figures is changed."""

    def what_if(
        self,
        set: Mapping[str, float | str] | Iterable[str] | None = None,  # noqa: A002 - the word of the command line
        editions: Sequence[str] = (),
    ) -> WhatIf:
        """The year under assumed factors, beside the year as it is.

        Parameters
        ----------
        set : mapping of str to float or str, or iterable of str, optional
            Emission factors by activity, perhaps with a region: ``{"electricity.grid": 0.5703, "electricity.grid@CN-SD":
            "0.6 kg CO2/kWh"}``. A number without a unit is in the unit of the factor that is used now.
        editions : sequence of str
            Editions that come in the place of those of their series, or beside the others.

        Returns
        -------
        WhatIf
            Its ``effect`` has t CO2e and GJ before and after, by scope, activity, line and total, and ``to_dict(lang)`` plain data.

        Raises
        ------
        EditionError
            If nothing is assumed, an assumption has no unit or one that does not fit, or it meets no line.
        UnknownActivityError, UnknownEditionError, RegionError
            If there is no such activity, edition or region.
        """
        before, folder = self.inventory, self.book.factor_folder
        assumed = tuple(
            in_usual_unit(item, before) for item in assumed_factors(set or (), self.book.settings.activities)
        )
        chosen = assumed_editions(editions, before, folder)
        if not (assumed or chosen):
            raise EditionError(Message.of("WHAT_IF.nothing"))
        own = stated_with(own_factors(read_toml(self.book.path), self.book.settings), assumed)
        pins = assumed_pins(before, chosen, own, assumed, folder)
        after = self._inventory_of(self.entries.frame, pins)
        check_met(assumed, before, after)
        check_used(chosen, before, after)
        effect = Effect(self._side(before, whole=self.scope_2), self._side(after))
        said = [
            *named_findings(assumed, before),
            *magnitude_findings(assumed, pins.stated),
            *lost_findings(before, after),
        ]
        return WhatIf(assumed, chosen, effect, self.completeness, tuple(said))

    def _inventory_of(self, frame: pd.DataFrame, factors: PinnedFactors) -> Inventory:
        """The inventory of some entries of the year within the boundary."""
        found = calculate(replace(self.entries, frame=frame), factors, gwp=self.book.gwp, missing="report")
        approach = self.book.settings.boundary.approach
        return found if approach is None else consolidate(found, self.holdings, approach)

    def _side(self, inventory: Inventory, whole: Any = None) -> Side:
        """An inventory with scope 2 by both methods, by activity too."""
        side = self._side_alone(inventory) if whole is None else Side(inventory, whole)
        if side.scope_2 is None:
            return side
        part = MarketPart(inventory, self.book.settings, self.period, self.holdings)
        names = {row.activity for row in inventory.plan.rows if row.scope == _SCOPE_2 or row.activity in OWN_GENERATION}
        found = {name: part.of(self.instruments, side.scope_2, "", name) for name in sorted(names)}
        values = {name: item.market_based_tco2e if item else None for name, item in found.items()}
        return replace(side, market_based_by_activity=values)

    def _side_alone(self, inventory: Inventory) -> Side:
        """An inventory with scope 2 by both methods."""
        records = (self.instruments, ())
        return Side(
            inventory,
            book_scope_2(inventory, self.book.settings, self.period, records, self.holdings),
        )

    # What the book plans.

    @cached_property
    def measures(self) -> tuple[MeasureEffect, ...]:
        """What each measure of the book would change in this year, by itself: beside the inventory, in no total."""
        return tuple(self._effect_of((item,)) for item in self.book.settings.measures)

    @cached_property
    def measures_together(self) -> MeasureEffect | None:
        """What the measures that have an effect would change together, one after the other; None if there are not several."""
        able = tuple(measure for item in self.measures if item.effect and item.priced for measure in item.measures)
        return self._effect_of(able) if len(able) > 1 else None

    def _effect_of(self, measures: tuple[Measure, ...]) -> MeasureEffect:
        """What some measures would change, one after the other."""
        ground = Ground(self.inventory, self.period, self.book.settings.company.region)
        made = Entered(self.entries.frame, self.entries.frame)
        constructed = 0.0
        for item in measures:
            made = entered(made.before, made.after, item, ground)
            constructed += made.constructed
            if made.missing:
                missing = made.missing if len(measures) == 1 else (_too_much_together(item, made),)
                return MeasureEffect(measures, missing=missing, baseline=made.baseline, unit=item.less[1])
        baseline, unit = (made.baseline, measures[0].less[1]) if len(measures) == 1 else (None, "")
        before = self._side_of(made.before) if constructed else Side(self.inventory, self.scope_2)
        after = self._side_of(made.after)
        found = MeasureEffect(measures, Effect(before, after, absent=0.0), (), baseline, constructed, unit)
        unpriced = _not_priced(found, before.inventory, after.inventory)
        missing = () if self.inventory.completeness.energy_alone else tuple(unpriced)
        return replace(found, missing=missing, priced=not unpriced)

    def _side_of(self, frame: pd.DataFrame) -> Side:
        """Some entries of the year by the factors of the book."""
        return self._side_alone(self._inventory_of(frame, self.book.factors))

    def measures_data(self, lang: Lang = "en") -> dict[str, Any]:
        """What the measures would change as plain data: ``measures`` and ``measures_together``."""
        together = self.measures_together
        return {
            "measures": [item.to_dict(lang) for item in self.measures],
            "measures_together": together.to_dict(lang) if together else None,
        }

    @property
    def measure_findings(self) -> list[Finding]:
        """What the measures of the book lack; nothing of it is missing from the inventory."""
        together = self.measures_together
        found = [finding for item in (*self.measures, *([together] if together else [])) for finding in item.missing]
        return list(dict.fromkeys(found))


def lost_findings(before: Inventory, after: Inventory) -> list[Finding]:
    """A finding for each combination that other factors leave without a factor, or without its energy."""
    known = {(problem.key, problem.fatal) for problem in before.plan.problems}
    lost = [item for item in after.plan.problems if (item.key, item.fatal) not in known]
    return [
        Finding.of("WHAT_IF.lost", key=item.key.label, reason=_said(item.error))
        if item.fatal
        else Finding.of("WHAT_IF.lost_energy", key=item.key.label, reason=_said(item.error))
        for item in lost
    ]


def _too_much_together(item: Measure, made: Entered) -> Finding:
    """The finding for a measure that the measures before it leave too little for."""
    less, unit = item.less
    values = {"measure": item.label, "activity": item.reduced, "less": less, "unit": unit, "left": made.baseline}
    return Finding.of("MEASURE_BASELINE.together", **values).at(file=SETTINGS)


def _not_priced(effect: MeasureEffect, before: Inventory, after: Inventory) -> list[Finding]:
    """A finding for each combination that measures touch and that no factor of the book prices."""
    names = Label(*(", ".join(item.label.text(lang) for item in effect.measures) for lang in _LANGUAGES))
    failed = {item.key: item for side in (before, after) for item in side.plan.problems if item.fatal}
    return [
        Finding.of("MEASURE_BASELINE.not_priced", measure=names, key=key.label, reason=_said(item.error)).at(
            file=SETTINGS
        )
        for key, item in failed.items()
        if key.activity in effect.activities
    ]


def _said(error: CarbonLedgerError) -> Label:
    """What an error says in both languages."""
    return Label(*(error.text_in(lang) for lang in _LANGUAGES))
