"""What a book states of its monitoring: ``[watch]`` with its defaults, and limits of single sources."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

from pydantic import Field
from pydantic.dataclasses import dataclass

from carbonledger.core.strict_fields import RECORD, Day, Listed, Name, Number, Whole

__all__ = ["SourceLimit", "WatchSettings"]

_Hour = Annotated[Whole, Field(ge=0, le=23)]


@dataclass(frozen=True, slots=True, config=RECORD)
class SourceLimit:
    """Limits of one source, in the place of what is usual.

    Parameters
    ----------
    source : str
        As its readings name it.
    entity, site : str
        Where several sources have one name; empty for any.
    silent_hours : float or None
        How many hours may pass without a reading.
    night_limit : float or None
        The load that a night may not exceed, in the unit of the readings an hour: kW where they are in kWh.
    until : date or None
        The last day of a source that was taken out: later it is neither silent nor missing from a day or month.
    """

    source: Name
    entity: str = ""
    site: str = ""
    silent_hours: Annotated[Number, Field(gt=0)] | None = None
    night_limit: Annotated[Number, Field(ge=0)] | None = None
    until: Day | None = None

    def means(self, source: Mapping[str, object]) -> bool:
        """Whether it is about a source."""
        stated = {"source": self.source, "entity": self.entity, "site": self.site}
        return all(not value or source.get(name) == value for name, value in stated.items())


@dataclass(frozen=True, slots=True, config=RECORD)
class WatchSettings:
    """How a book's readings are watched; each can be set under ``[watch]`` of ``book.toml``.

    Parameters
    ----------
    days : int
        How many of the last days with readings are shown.
    alarm_days : int
        How many of the last days of each source are tested.
    silent_steps : float
        A source is silent if it has had no reading for so many times its usual step, and at least an hour.
    weeks : int
        How many weeks before a day say what is usual on it.
    least_weeks : int
        How many of them must have readings; with fewer nothing is called unusual.
    deviations : float
        Modified z-score from which a value is unusual. 3.5 is what Iglewicz and Hoaglin recommend.
    least_change_percent : float
        A value that differs by less from the usual one is never unusual, however steady the usual one is.
    night_from, night_to : int
        The hours between which the night lies; it may pass midnight.
    own_generation_percent : float
        A day on which own generation is at most so much of its usual one is a day without.
    limit : tuple of SourceLimit
        Limits of single sources.

    References
    ----------
    Iglewicz, B. and Hoaglin, D. (1993), How to Detect and Handle Outliers, ASQC Quality Press; NIST/SEMATECH e-Handbook of Statistical
    Methods, 1.3.5.17.
    """

    days: Annotated[Whole, Field(ge=1, le=366)] = 31
    alarm_days: Annotated[Whole, Field(ge=1, le=366)] = 7
    silent_steps: Annotated[Number, Field(ge=1)] = 8.0
    weeks: Annotated[Whole, Field(ge=2, le=52)] = 8
    least_weeks: Annotated[Whole, Field(ge=2, le=52)] = 4
    deviations: Annotated[Number, Field(gt=0)] = 3.5
    least_change_percent: Annotated[Number, Field(ge=0)] = 30.0
    night_from: _Hour = 22
    night_to: _Hour = 6
    own_generation_percent: Annotated[Number, Field(ge=0, lt=100)] = 2.0
    limit: Annotated[tuple[SourceLimit, ...], Listed] = ()

    def is_night(self, hour: int) -> bool:
        """Whether an hour that begins so many hours after midnight lies in the night."""
        first, last = self.night_from, self.night_to
        return first <= hour < last if first < last else hour >= first or hour < last

    def limit_of(self, source: Mapping[str, object], name: str) -> float | None:
        """A limit of a source by its name; None if the book states none."""
        stated = (getattr(item, name) for item in self.limit if item.means(source))
        return next((value for value in stated if value is not None), None)

    def has_ended(self, source: Mapping[str, object], at: datetime) -> bool:
        """Whether a source was taken out before a moment."""
        return any(item.until is not None and item.until < at.date() for item in self.limit if item.means(source))
