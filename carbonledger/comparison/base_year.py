"""The base year and its recalculation: what its policy makes of the events since, and the figures first reported and restated side by side.

Base (as reported) + the items of the bridge = base (restated), for each scope; the figure first reported is never overwritten.

References
----------
GHG Protocol Corporate Standard (2004), chapter 5: a recalculation policy with a threshold, applied to single and to cumulative changes. No
standard states the threshold, nor whether changes of opposite sign cancel: both tests are shown. ISO 14064-1:2018, 6.4.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

from carbonledger.comparison.base_year_bridge import Bridge, Significance
from carbonledger.comparison.base_year_events import EventGround, EventVerdict, event_verdict
from carbonledger.comparison.base_year_policy import BaseYearPolicy
from carbonledger.comparison.emission_series import EmissionSeries, History
from carbonledger.comparison.history import METHODS, SCOPE_2, Scope2Method, Scopes, scopes_label
from carbonledger.core.language import Label, Lang, listed
from carbonledger.core.periods import Period

__all__ = ["BaseYear", "MadeRecalculation", "base_year_of"]

_LANGUAGES: tuple[Lang, Lang] = ("en", "zh")


@dataclass(frozen=True, slots=True)
class MadeRecalculation:
    """A recalculation of the base year, made earlier or called for now.

    Parameters
    ----------
    recalc_id : str
        Its name.
    reason : Label
        Why.
    method : {"all_year", "pro_rata"}
        How deals within a year count.
    before_tco2e, after_tco2e : float or None
        The base year, t CO2e of the scopes and the method of the test.
    threshold_percent : float or None
        The threshold of the policy.
    date : date
        When it was made; of one that is called for, the last day of the reporting year.
    made : bool
        Whether it was made, or is called for now.
    """

    recalc_id: str
    reason: Label
    method: str
    before_tco2e: float | None
    after_tco2e: float | None
    threshold_percent: float | None
    date: date
    made: bool

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The recalculation as plain data."""
        return {
            "recalc_id": self.recalc_id,
            "reason": self.reason.text(lang),
            "method": self.method,
            "before_tco2e": self.before_tco2e,
            "after_tco2e": self.after_tco2e,
            "threshold_percent": self.threshold_percent,
            "date": self.date.isoformat(),
            "made": self.made,
        }


@dataclass(frozen=True)
class BaseYear:
    """The base year of a company with everything that follows from its policy.

    Parameters
    ----------
    policy : BaseYearPolicy
        As the book states it.
    ground : EventGround
        What events are judged by.
    verdicts : tuple of EventVerdict
        The events, by date.
    """

    policy: BaseYearPolicy
    ground: EventGround
    verdicts: tuple[EventVerdict, ...]

    @property
    def year(self) -> int:
        """The base year."""
        return self.policy.year

    @property
    def label(self) -> Label:
        """What the test is of."""
        return scopes_label(self.ground.scopes, self.ground.method)

    @property
    def _open(self) -> tuple[EventVerdict, ...]:
        """The events that wait for a recalculation."""
        return tuple(item for item in self.verdicts if item.standing == "open")

    @cached_property
    def test(self) -> Significance:
        """Whether the open events call for a recalculation."""
        scopes, method = self.ground.scopes, self.ground.method
        base = self._bridge(scopes, method, self._made)
        effects = [item.effect(scopes, method) for item in self._open]
        return Significance(
            base.restated_tco2e if base else None,
            tuple(value for value in effects if value is not None),
            self.policy.significance_threshold,
            self.policy.accumulation,
            sum(item.standing == "unknown" for item in self.verdicts),
        )

    @property
    def with_open_events(self) -> float | None:
        """The base year with every open event, whether or not they are significant, t CO2e; None if it is not known."""
        return self._after(self.test.base_tco2e, self._open)

    @property
    def _made(self) -> tuple[EventVerdict, ...]:
        """The events that earlier recalculations hold."""
        return tuple(item for item in self.verdicts if item.standing == "made")

    @property
    def _applied(self) -> tuple[EventVerdict, ...]:
        """The events that the restated base year holds: those of earlier recalculations, and the open ones if they are significant."""
        standings = {"made", "open"} if self.test.reached else {"made"}
        return tuple(item for item in self.verdicts if item.standing in standings)

    def _bridge(self, scopes: Scopes, method: Scope2Method, events: Sequence[EventVerdict]) -> Bridge | None:
        """The bridge over some events; None if nothing states the base year."""
        first = self.ground.history.series(scopes, method or METHODS[0]).of(self.year).as_reported_tco2e
        if first is None:
            return None
        return Bridge(scopes, method, first, tuple((item, item.moved(scopes, method)) for item in events))

    def bridge(self, scopes: Scopes, method: Scope2Method = "location_based") -> Bridge | None:
        """From the base year as reported to the base year as restated.

        Parameters
        ----------
        scopes : tuple of int
            Ascending.
        method : {"location_based", "market_based"}
            Of scope 2.

        Returns
        -------
        Bridge or None
            None if nothing states these scopes by this method in the base year.
        """
        return self._bridge(scopes, method if SCOPE_2 in scopes else "", self._applied)

    @cached_property
    def bridges(self) -> tuple[Bridge, ...]:
        """The bridge of what the test is of, then those of each scope, scope 2 by both methods where it is known by both."""
        wanted: list[tuple[Scopes, Scope2Method]] = [(self.ground.scopes, self.ground.method)]
        wanted += [((1,), ""), *(((SCOPE_2,), method) for method in METHODS), ((3,), "")]
        wanted += [(self.ground.scopes, method) for method in METHODS if SCOPE_2 in self.ground.scopes]
        found = [self._bridge(scopes, method, self._applied) for scopes, method in dict.fromkeys(wanted)]
        return tuple(item for item in found if item is not None)

    @cached_property
    def recalculations(self) -> tuple[MadeRecalculation, ...]:
        """Those that were made, by date, and the one that is called for now."""
        first = self._bridge(self.ground.scopes, self.ground.method, ())
        value = first.restated_tco2e if first else None
        found = []
        for item in sorted(self.policy.recalculation, key=lambda made: (made.date, made.id)):
            events = tuple(verdict for verdict in self._made if verdict.event.recalculation == item.id)
            reason = Label(item.reason_en or item.reason_zh, item.reason_zh or item.reason_en)
            after = self._after(value, events)
            found.append(
                self._recalculation(item.id, reason if reason.en else _names(events), (value, after), item.date, True)
            )
            value = after
        if self.test.reached:
            after, day = self._after(value, self._open), self.ground.reporting.last_day
            found.append(self._recalculation(str(day.year), _names(self._open), (value, after), day, False))
        return tuple(found)

    def _recalculation(
        self, name: str, reason: Label, values: tuple[float | None, float | None], day: date, made: bool
    ) -> MadeRecalculation:
        """One recalculation by the policy."""
        policy = self.policy
        return MadeRecalculation(
            name, reason, policy.structural_changes, *values, policy.significance_threshold, day, made
        )

    def _after(self, before: float | None, events: Sequence[EventVerdict]) -> float | None:
        """A base year with some more events, t CO2e; None if one is not known."""
        moved = [item.moved(self.ground.scopes, self.ground.method) for item in events]
        known = [value for value in moved if value is not None]
        return None if before is None or len(known) < len(moved) else math.fsum([before, *known])

    def restated(self, series: EmissionSeries) -> EmissionSeries:
        """A series whose base year is the restated one of the bridge; of a single company, and without items, the series as it is."""
        found = None if series.entity else self._bridge(series.scopes, series.method, self._applied)
        if found is None or not found.items or found.restated_tco2e is None:
            return series
        names = Label(*(listed([item.recalc_id for item in self.recalculations], lang) for lang in _LANGUAGES))
        source = Label.of("base_year_recalculated")
        source = Label(f"{source.en} {names.en}", f"{source.zh}{names.zh}")
        years = tuple(
            replace(item, restated_tco2e=found.restated_tco2e, restated_source=source)
            if item.year == self.year
            else item
            for item in series.years
        )
        return replace(series, years=years)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The base year as plain data.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        dict
            The policy, ``test`` (t CO2e and %), ``events`` with verdict, reason and clause, ``bridges`` (t CO2e), ``recalculations``.
        """
        policy = self.policy
        return {
            "year": self.year,
            "rationale": policy.rationale.text(lang),
            "label": self.label.text(lang),
            "significance_threshold_percent": policy.significance_threshold,
            "accumulation": policy.accumulation,
            "structural_changes": policy.structural_changes,
            "test": self.test.to_dict(),
            "events": [item.to_dict(lang) for item in self.verdicts],
            "bridges": [item.to_dict(lang) for item in self.bridges],
            "recalculations": [item.to_dict(lang) for item in self.recalculations],
        }


def _names(events: Sequence[EventVerdict]) -> Label:
    """What some events are called."""
    return Label(*(listed([item.event.label.text(lang) for item in events], lang) for lang in _LANGUAGES))


def base_year_of(
    policy: BaseYearPolicy,
    history: History,
    reporting: Period,
    first_month: int = 1,
    companies: Collection[str] = (),
) -> BaseYear:
    """The base year of a company.

    Parameters
    ----------
    policy : BaseYearPolicy
        As the book states it.
    history : History
        The years before, and those that are calculated.
    reporting : Period
        The days of the reporting year.
    first_month : int
        The first month of each reporting year.
    companies : collection of str
        Those that the book knows; empty if it lists none.

    Returns
    -------
    BaseYear
    """
    scopes = tuple(sorted(policy.scopes))
    method: Scope2Method = policy.scope_2_method if SCOPE_2 in scopes else ""
    base = Period.of_year(policy.year, first_month)
    ground = EventGround(history, base, reporting, policy.year, scopes, method, companies)
    events = sorted(policy.event, key=lambda item: (item.date, item.kind, item.entity, item.label.en))
    pro_rata = policy.structural_changes == "pro_rata"
    return BaseYear(policy, ground, tuple(event_verdict(item, ground, pro_rata=pro_rata) for item in events))
