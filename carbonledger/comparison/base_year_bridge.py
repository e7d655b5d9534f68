"""The test of significance of changes of the base year, and the bridge from the figure first reported to the restated one.

References
----------
GHG Protocol Corporate Standard (2004), chapter 5: the threshold is the company's own, for single and for cumulative changes. The standard
does not say whether changes of opposite sign cancel each other: both sums are shown, and the policy says which decides.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from carbonledger.comparison.base_year_events import EventVerdict
from carbonledger.comparison.history import Scope2Method, Scopes, scopes_label
from carbonledger.core.language import Label, Lang

__all__ = ["Bridge", "Significance"]


@dataclass(frozen=True, slots=True)
class Significance:
    """The test whether open events call for a recalculation.

    Parameters
    ----------
    base_tco2e : float or None
        The base year as it stands since the last recalculation, t CO2e; None if it is not known.
    effects : tuple of float
        Of the open events, t CO2e of twelve months each.
    threshold_percent : float or None
        From which share on a change is significant; None if the book states none.
    accumulation : {"absolute", "net"}
        Which of the two sums decides.
    unknown : int
        How many events have an effect that is not known.
    """

    base_tco2e: float | None
    effects: tuple[float, ...]
    threshold_percent: float | None
    accumulation: str
    unknown: int = 0

    @property
    def absolute_tco2e(self) -> float:
        """The sum of the effects without their signs, t CO2e."""
        return math.fsum(abs(value) for value in self.effects)

    @property
    def net_tco2e(self) -> float:
        """The sum of the effects with their signs, t CO2e."""
        return math.fsum(self.effects)

    @property
    def largest_tco2e(self) -> float:
        """The largest single effect without its sign, t CO2e."""
        return max((abs(value) for value in self.effects), default=0.0)

    def percent(self, tco2e: float) -> float | None:
        """A change in per cent of the base year; None without a base year, or one of 0."""
        return tco2e * 100 / self.base_tco2e if self.base_tco2e else None

    @property
    def reached(self) -> bool | None:
        """Whether the threshold is reached by one event or by all together; None if that cannot be told.

        Figures are taken as they are written, so that 500 of 10 000 is 5 % and not a little less.
        """
        if not self.base_tco2e or self.threshold_percent is None:
            return None
        limit = _exact(self.threshold_percent) * _exact(self.base_tco2e) / 100
        effects = [_exact(value) for value in self.effects]
        absolute = sum(map(abs, effects), Fraction())
        cumulative = absolute if self.accumulation == "absolute" else abs(sum(effects, Fraction()))
        single = max(map(abs, effects), default=Fraction())
        certain = single if self.unknown and self.accumulation == "net" else max(single, cumulative)
        if effects and certain >= limit:
            return True
        return None if self.unknown else False

    def to_dict(self) -> dict[str, Any]:
        """The test as plain data; both sums whichever decides."""
        return {
            "base_tco2e": self.base_tco2e,
            "absolute_tco2e": self.absolute_tco2e,
            "absolute_percent": self.percent(self.absolute_tco2e),
            "net_tco2e": self.net_tco2e,
            "net_percent": self.percent(self.net_tco2e),
            "largest_tco2e": self.largest_tco2e,
            "largest_percent": self.percent(self.largest_tco2e),
            "threshold_percent": self.threshold_percent,
            "accumulation": self.accumulation,
            "events": len(self.effects),
            "events_unknown": self.unknown,
            "reached": self.reached,
        }


def _exact(value: float) -> Fraction:
    """A number as it is written."""
    return Fraction(repr(float(value)))


@dataclass(frozen=True, slots=True)
class Bridge:
    """From the base year as it was first reported to the base year as it is restated.

    Parameters
    ----------
    scopes, method : tuple of int, str
        What it is of.
    as_reported_tco2e : float
        The figure first reported, t CO2e.
    items : tuple of (EventVerdict, float or None)
        What each event moves, t CO2e; None if that is not known by this method.
    """

    scopes: Scopes
    method: Scope2Method
    as_reported_tco2e: float
    items: tuple[tuple[EventVerdict, float | None], ...]

    @property
    def label(self) -> Label:
        """Its scopes and method."""
        return scopes_label(self.scopes, self.method)

    @property
    def restated_tco2e(self) -> float | None:
        """The figure first reported and all items, t CO2e; None if an item is not known."""
        known = [value for _, value in self.items if value is not None]
        if len(known) < len(self.items):
            return None
        return math.fsum([self.as_reported_tco2e, *known])

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The bridge as plain data."""
        items = [
            {
                "event": verdict.event.label.text(lang),
                "date": verdict.event.date.isoformat(),
                "recalculation": verdict.event.recalculation or None,
                "tco2e": value,
            }
            for verdict, value in self.items
        ]
        return {
            "label": self.label.text(lang),
            "scopes": list(self.scopes),
            "method": self.method or None,
            "as_reported_tco2e": self.as_reported_tco2e,
            "items": items,
            "restated_tco2e": self.restated_tco2e,
        }
