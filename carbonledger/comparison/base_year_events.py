"""What the standards say of each event since the base year: whether it may call for a recalculation, and what it is worth.

References
----------
GHG Protocol Corporate Standard (2004), chapter 5; ISO 14064-1:2018, 6.4. Growth, opening and closing never move the base year; nor does a
factor that follows a real change, nor a facility that did not exist then, nor an activity that moved between scopes and is still reported.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from carbonledger.comparison.base_year_policy import BaseYearEvent
from carbonledger.comparison.emission_series import History
from carbonledger.comparison.history import METHODS, SCOPE_2, Scope2Method, Scopes
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang
from carbonledger.core.periods import Period

__all__ = ["EventGround", "EventVerdict", "event_findings", "event_verdict"]

Standing = Literal["made", "open", "never", "unknown"]
SETTINGS = "book.toml"


@dataclass(frozen=True, slots=True)
class EventGround:
    """What events are judged by.

    Parameters
    ----------
    history : History
        The years before.
    base, reporting : Period
        The days of the base year and of the reporting year.
    year : int
        The base year.
    scopes, method : tuple of int, str
        What the test of significance is of.
    companies : collection of str
        Those that the book knows; empty if it lists none.
    """

    history: History
    base: Period
    reporting: Period
    year: int
    scopes: Scopes
    method: Scope2Method
    companies: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class EventVerdict:
    """An event and what follows from it.

    Parameters
    ----------
    event : BaseYearEvent
        What happened.
    standing : {"made", "open", "never", "unknown"}
        Held by a recalculation that was made; waiting for one, if it is significant; no cause for one; not to be told.
    reason : str
        Why, as a key of the labels.
    share : float
        Which fraction of its effect the base year takes in the reporting year: 1, or under the pro-rata option the days from the deal on.
    ground : EventGround
        What it was judged by.
    """

    event: BaseYearEvent
    standing: Standing
    reason: str
    share: float
    ground: EventGround

    @property
    def counts(self) -> bool:
        """Whether it is part of the bridge or of the test."""
        return self.standing in {"made", "open"}

    @property
    def why(self) -> Label:
        """Why it may call for a recalculation or not."""
        return Label.of(f"base_year_reason_{self.reason}")

    def effect(self, scopes: Scopes, method: Scope2Method) -> float | None:
        """What twelve months of it are worth in the base year, t CO2e; None if that is not known."""
        if self.event.from_history:
            whole = self.ground.history.series(scopes, method or METHODS[0], self.event.entity)
            value = whole.of(self.ground.year).stands_tco2e
            return None if value is None else self.event.rule.sign * value
        parts = [self._stated(scope, method) for scope in scopes]
        known = [part for part in parts if part is not None]
        return math.fsum(known) if len(known) == len(parts) else None

    def _stated(self, scope: int, method: Scope2Method) -> float | None:
        """The stated effect on one scope, t CO2e: none where the event states others only; not known where it states nothing at all."""
        event = self.event
        if not event.states_effect:
            return None
        if scope != SCOPE_2:
            return (event.scope_1_tco2e if scope == 1 else event.scope_3_tco2e) or 0.0
        by_method = (event.scope_2_location_based_tco2e, event.scope_2_market_based_tco2e)
        if by_method == (None, None):
            return 0.0
        return by_method[METHODS.index(method or METHODS[0])]

    def moved(self, scopes: Scopes, method: Scope2Method) -> float | None:
        """What the base year takes of it in the reporting year, t CO2e; None if that is not known."""
        value = self.effect(scopes, method)
        return None if value is None else value * self.share

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The event and its verdict as plain data."""
        event, ground = self.event, self.ground
        return {
            "event": event.label.text(lang),
            "kind": event.kind,
            "kind_name": Label.of(f"event_{event.kind}").text(lang),
            "date": event.date.isoformat(),
            "entity": event.entity,
            "standing": self.standing,
            "reason": self.why.text(lang),
            "clause": event.rule.clause.text(lang),
            "effect_tco2e": self.effect(ground.scopes, ground.method),
            "share_in_reporting_year": self.share,
            "moved_in_reporting_year_tco2e": self.moved(ground.scopes, ground.method) if self.counts else None,
            "source": event.source or (Label.of("base_year_from_history").text(lang) if event.from_history else ""),
            "recalculation": event.recalculation or None,
        }


def event_verdict(event: BaseYearEvent, ground: EventGround, *, pro_rata: bool) -> EventVerdict:
    """What the standards say of an event.

    Parameters
    ----------
    event : BaseYearEvent
        What happened.
    ground : EventGround
        What it is judged by.
    pro_rata : bool
        Whether a deal within the reporting year counts for the days from it on.

    Returns
    -------
    EventVerdict
    """
    share = _share(event.date, ground.reporting) if pro_rata and event.rule.structural else 1.0
    reason = _no_cause(event, ground)
    if reason:
        return EventVerdict(event, "never", reason, share, ground)
    if event.recalculation:
        return EventVerdict(event, "made", "made", 1.0, ground)
    may = EventVerdict(event, "open", event.rule.recalculates, share, ground)
    unknown = _not_told(may)
    return EventVerdict(event, "unknown", unknown, share, ground) if unknown else may


def _no_cause(event: BaseYearEvent, ground: EventGround) -> str:
    """Why an event is no cause for a recalculation; empty if it may be one."""
    if event.rule.recalculates.startswith("never"):
        return event.rule.recalculates
    if event.date < ground.base.start:
        return "before"
    if event.date >= ground.reporting.end:
        return "after"
    if event.rule.recalculates == "unless_reported" and event.reported_elsewhere:
        return "still_reported"
    if event.existed_from is not None and event.existed_from >= ground.base.end:
        return "not_in_base_year"
    return ""


def _not_told(verdict: EventVerdict) -> str:
    """Why it cannot be told what an event is worth; empty if it can."""
    event, ground = verdict.event, verdict.ground
    if event.rule.recalculates == "unless_reported" and event.reported_elsewhere is None:
        return "not_said"
    value = verdict.effect(ground.scopes, ground.method)
    if value is None:
        return "no_effect"
    return "sign" if value * event.rule.sign < 0 else ""


def _share(day: date, reporting: Period) -> float:
    """The fraction of the reporting year from a day of it on; 1 for an earlier day."""
    if not reporting.start <= day < reporting.end:
        return 1.0
    return (reporting.end - day).days / reporting.days


def event_findings(verdict: EventVerdict) -> Iterator[Finding]:
    """What is to be said of an event.

    Parameters
    ----------
    verdict : EventVerdict
        See `event_verdict`.

    Yields
    ------
    Finding
        Of its date, its company, its effect and where that comes from.
    """
    event, ground = verdict.event, verdict.ground
    values = {"event": event.label, "date": event.date.isoformat()}
    if verdict.reason == "before":
        yield Finding.of("BASE_YEAR_EVENT.before", **values, base=ground.year).at(file=SETTINGS)
    if verdict.reason == "after":
        yield Finding.of("BASE_YEAR_EVENT.after", **values, last=str(ground.reporting.last_day)).at(file=SETTINGS)
    if event.entity and ground.companies and event.entity not in ground.companies:
        yield Finding.of("BASE_YEAR_EVENT.entity", event=event.label, entity=event.entity).at(file=SETTINGS)
    if verdict.standing == "unknown":
        yield Finding.of(f"BASE_YEAR_EVENT.{verdict.reason}", event=event.label).at(file=SETTINGS)
    if verdict.counts and event.states_effect and not event.source:
        yield Finding.of("BASE_YEAR_EVENT.no_source", event=event.label).at(file=SETTINGS)
