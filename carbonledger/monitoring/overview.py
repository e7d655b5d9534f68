"""The overview of a book: energy and emissions by day and month beside the year before, its sources, and the alarms."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.core.activities import OWN_GENERATION, carrier_of
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang
from carbonledger.inventory.completeness import CompletenessStatement
from carbonledger.monitoring.alarms import (
    night_alarms,
    nights_of,
    own_generation_alarms,
    silence_limit,
    silent_alarms,
    source_label,
    unusual_alarms,
)
from carbonledger.monitoring.limits import WatchSettings
from carbonledger.monitoring.metered import SOURCE, Metered, by_source, last_record, records_of
from carbonledger.monitoring.priced import MEASURES, Priced

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MonitoredSource", "Overview", "Span"]

# Rules of reading that are alarms: what meters did not record, or recorded twice.
_OF_READING = ("READINGS", "READINGS_GAP", "READINGS_OVERLAP", "READINGS_REPEATED", "UNREADABLE_PARQUET")
_MONTHS = 12
# The same weekday of the year before.
_YEAR_OF_WEEKS = timedelta(weeks=52)


@dataclass(frozen=True, slots=True)
class Span:
    """A day beside the same weekday 52 weeks before, or a month beside that of the year before, of the whole book.

    Parameters
    ----------
    begin : datetime
        Its first moment.
    energy_gj, emissions_tco2e : float
        [GJ], [t CO2e]; not a number where a part is not known.
    whole : bool
        Whether every source covers it.
    previous_energy_gj, previous_emissions_tco2e : float
        The same of the year before; not a number without data.
    comparable : bool
        Whether both are whole and of the same sources, so that a change says something.
    own_share : float
        Own renewable generation as a part of the electricity used, 0 to 1; not a number without electricity.
    """

    begin: datetime
    energy_gj: float
    emissions_tco2e: float
    whole: bool
    previous_energy_gj: float = math.nan
    previous_emissions_tco2e: float = math.nan
    comparable: bool = False
    own_share: float = math.nan

    def change(self, measure: str) -> float:
        """The change against the year before, as a fraction; not a number where the two cannot be compared."""
        before = float(getattr(self, f"previous_{measure}"))
        return float(getattr(self, measure)) / before - 1 if self.comparable and before else math.nan

    def to_dict(self, form: str) -> dict[str, Any]:
        """The span as plain data, with its beginning in a form of `datetime.strftime`."""
        data = {name: _plain(getattr(self, name)) for name in (*MEASURES, *(f"previous_{name}" for name in MEASURES))}
        changes = {f"{name}_change": _plain(self.change(name)) for name in MEASURES}
        found = {"begin": self.begin.strftime(form), **data, **changes, "own_generation_share": _plain(self.own_share)}
        return {**found, "whole": self.whole, "comparable": self.comparable}


@dataclass(frozen=True, slots=True)
class MonitoredSource:
    """A source of readings over the days that are shown.

    Parameters
    ----------
    names : mapping
        ``entity``, ``site``, ``source``, ``activity``.
    unit : str
        Of its amounts.
    last : datetime
        The end of its last reading.
    step_hours, silent_after_hours : float
        How long its readings usually are, and after how long it is silent [h].
    energy_gj, emissions_tco2e, amount : float
        Of the days shown: [GJ], [t CO2e], in the unit.
    peak_day : datetime or None
        The day of its largest amount, and the amount in the unit.
    baseload : float
        Its least hour of a night, in the unit an hour (kW if that is kWh); not a number where readings are longer than an hour.
    has_ended : bool
        Whether the book says that it was taken out.
    """

    names: Mapping[str, str]
    unit: str
    last: datetime
    step_hours: float
    silent_after_hours: float
    amount: float
    energy_gj: float
    emissions_tco2e: float
    peak_day: datetime | None
    peak_amount: float
    baseload: float = math.nan
    has_ended: bool = False

    def is_silent(self, at: datetime) -> bool:
        """Whether its last reading is too long ago, although it was not taken out."""
        return not self.has_ended and (at - self.last) > timedelta(hours=self.silent_after_hours)

    def to_dict(self, at: datetime, lang: Lang) -> dict[str, Any]:
        """The source as plain data."""
        numbers = ("step_hours", "silent_after_hours", "amount", *MEASURES, "peak_amount", "baseload")
        return {
            "name": source_label(self.names).text(lang),
            **self.names,
            "unit": self.unit,
            "last_reading": self.last.isoformat(sep=" "),
            "silent": self.is_silent(at),
            **{name: _plain(getattr(self, name)) for name in numbers},
            "peak_day": f"{self.peak_day:%Y-%m-%d}" if self.peak_day else None,
        }


@dataclass(frozen=True, eq=False)
class Overview:
    """What the meters and entries of a book say by day and month, at a moment.

    Parameters
    ----------
    name : mapping of str to str
        The company's name by language.
    at : datetime
        The moment for which it is drawn up, in the time of the readings.
    settings : WatchSettings
        Of the book.
    readings : Metered
        By day and hour.
    priced : Priced
        Energy and emissions by day and month.
    completeness : CompletenessStatement
        Of all entries of the book.
    findings : tuple of Finding
        Of reading and calculating them.
    """

    name: Mapping[str, str]
    at: datetime
    settings: WatchSettings
    readings: Metered = field(repr=False)
    priced: Priced = field(repr=False)
    completeness: CompletenessStatement = field(repr=False)
    findings: tuple[Finding, ...] = field(default=(), repr=False)

    @cached_property
    def shown_days(self) -> tuple[pd.Timestamp, ...]:
        """The last days with readings, in order."""
        return tuple(sorted(set(self.priced.days["day"])))[-self.settings.days :]

    @cached_property
    def days(self) -> tuple[Span, ...]:
        """The last days with readings; entries that are no readings are in none."""
        back = [day - _YEAR_OF_WEEKS for day in self.shown_days]
        frame = self.priced.days
        chosen = frame[frame["day"].isin([*self.shown_days, *back])]
        return self._spans(chosen, "day", list(self.shown_days))

    @cached_property
    def months(self) -> tuple[Span, ...]:
        """The last twelve months with data, of readings and other entries alike."""
        frame = self.priced.months
        return self._spans(frame, "month", sorted(set(frame["month"]))[-_MONTHS:])

    def _spans(self, frame: pd.DataFrame, column: str, begins: list[pd.Timestamp]) -> tuple[Span, ...]:
        """Days or months of the whole book."""
        import pandas as pd

        parts = dict(iter(frame.groupby(column)))
        found = []
        for begin in begins:
            own = parts[begin]
            earlier = begin - (_YEAR_OF_WEEKS if column == "day" else pd.DateOffset(years=1))
            before = parts.get(earlier)
            sums = (math.nan, math.nan) if before is None else _sums(before)
            whole = self._is_whole(own, begin)
            comparable = before is not None and whole and self._is_whole(before, earlier) and self._alike(own, before)
            found.append(Span(begin, *_sums(own), whole, *sums, comparable, _own_share(own)))
        return tuple(found)

    @cached_property
    def _first_readings(self) -> list[tuple[dict[str, Any], datetime]]:
        """Each source of readings with the day of its first one."""
        first = self.priced.days.groupby(SOURCE, as_index=False, dropna=False).agg(day=("day", "min"))
        return [({key: row[key] for key in SOURCE}, row["day"]) for row in records_of(first)]

    def _is_whole(self, part: pd.DataFrame, begin: datetime) -> bool:
        """Whether a day or month is covered by every source of readings that had begun and was not taken out."""
        due = {
            tuple(names.values())
            for names, first in self._first_readings
            if first <= begin and not self.settings.has_ended(names, begin)
        }
        return bool(part["whole"].all()) and due <= _source_set(part)

    def _alike(self, own: pd.DataFrame, before: pd.DataFrame) -> bool:
        """Whether two spans are of the same sources, and nothing is left out of the book."""
        return _source_set(own) == _source_set(before) and not self.completeness.is_part

    @cached_property
    def peak_day(self) -> Span | None:
        """The day of the largest energy of those shown; None without readings."""
        known = [day for day in self.days if day.energy_gj == day.energy_gj]
        return max(known, key=lambda day: day.energy_gj, default=None)

    @cached_property
    def nights(self) -> pd.DataFrame:
        """The least hour of each night, see `carbonledger.monitoring.alarms.nights_of`."""
        return nights_of(self.readings.hours, self.settings)

    @cached_property
    def sources(self) -> tuple[MonitoredSource, ...]:
        """Each source of readings."""
        nights = by_source(self.nights)
        parts = by_source(self.priced.days)
        return tuple(self._source(part.sort_values("day"), nights.get(key)) for key, part in parts.items())

    def _source(self, part: pd.DataFrame, nights: pd.DataFrame | None) -> MonitoredSource:
        """A source by its days and nights."""
        newest = last_record(part)
        names = {key: str(newest[key]) for key in SOURCE}
        shown = part[part["day"].isin(self.shown_days)]
        peak = last_record(shown.sort_values("amount")) if len(shown) else None
        loads = part.head(0) if nights is None else nights[nights["day"].isin(self.shown_days)]
        return MonitoredSource(
            names,
            str(newest["unit"]),
            part["last"].max().to_pydatetime(),
            float(newest["step"]),
            silence_limit(newest, self.settings),
            float(shown["amount"].sum()),
            *_sums(shown),
            None if peak is None else peak["day"].to_pydatetime(),
            math.nan if peak is None else float(peak["amount"]),
            float(loads["amount"].min()) if len(loads) else math.nan,
            self.settings.has_ended(names, self.at),
        )

    @cached_property
    def alarms(self) -> tuple[Finding, ...]:
        """What somebody should look at: silent meters first, then what is unusual, then what the readings lack."""
        days, settings = self.priced.days, self.settings
        sources = days.groupby(SOURCE, as_index=False, dropna=False).agg(last=("last", "max"), step=("step", "first"))
        found = [
            *silent_alarms(sources, settings, self.at),
            *unusual_alarms(days, self.readings.hours, settings),
            *night_alarms(self.nights, settings),
            *own_generation_alarms(days, settings),
            *self._unpriced(),
        ]
        return (*found, *(finding for finding in self.findings if finding.rule in _OF_READING))

    def _unpriced(self) -> list[Finding]:
        """A finding for each source with days that stand in no line of the inventory."""
        frame = self.priced.days[self.priced.days["energy_gj"].isna() & self.priced.days["emissions_tco2e"].isna()]
        return [
            Finding.of(
                "MONITORED_UNPRICED",
                source=source_label(last_record(part)),
                days=len(part),
                first=f"{part['day'].min():%Y-%m-%d}",
            )
            for _, part in frame.groupby(SOURCE, dropna=False)
        ]

    @property
    def silent(self) -> tuple[str, ...]:
        """The names of the sources that are silent."""
        return self.silent_at(self.at)

    def silent_at(self, at: datetime) -> tuple[str, ...]:
        """The names of the sources that are silent at a moment, if no reading has come in until then."""
        return tuple(source_label(item.names).en for item in self.sources if item.is_silent(at))

    @property
    def exit_code(self) -> int:
        """1 if there is an alarm, or something is left out of the figures; else 0."""
        return 1 if self.alarms or self.completeness.exit_code else 0

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """The overview as plain data.

        Parameters
        ----------
        lang : {"en", "zh"}
            The language of the words.

        Returns
        -------
        dict
            The statement of completeness, ``at``, ``days``, ``months``, ``sources``, ``longer`` (entries of no single month), ``peak_day``
            and ``alarms``; energy in GJ, emissions in t CO2e, location-based.
        """
        longer = self.priced.longer
        return {
            **self.completeness.to_dict(lang),
            "exit_code": self.exit_code,
            "at": self.at.isoformat(sep=" ", timespec="seconds"),
            "sources": [item.to_dict(self.at, lang) for item in self.sources],
            "days": [item.to_dict("%Y-%m-%d") for item in self.days],
            "months": [item.to_dict("%Y-%m") for item in self.months],
            "longer": {
                "entries": len(longer),
                **{name: _plain(float(longer[name].sum(skipna=False))) for name in MEASURES},
            },
            "peak_day": self.peak_day.to_dict("%Y-%m-%d") if self.peak_day else None,
            "alarms": [finding.to_dict(lang) for finding in self.alarms],
        }


def _sums(part: pd.DataFrame) -> tuple[float, float]:
    """Energy [GJ] and emissions [t CO2e] of some rows; not a number where a part is not known."""
    energy, emissions = (float(part[name].sum(skipna=False)) for name in MEASURES)
    return energy, emissions


def _source_set(part: pd.DataFrame) -> set[tuple[Any, ...]]:
    """The sources of some rows."""
    return set(part[SOURCE].itertuples(index=False, name=None))


def _own_share(part: pd.DataFrame) -> float:
    """Own renewable generation as a part of the electricity used."""
    power = part[part["activity"].map(carrier_of) == "electricity"]
    whole = float(power["energy_gj"].sum(skipna=False))
    own = float(power.loc[power["activity"].isin(OWN_GENERATION), "energy_gj"].sum())
    return own / whole if whole else math.nan


def _plain(value: float) -> float | None:
    """A number as JSON has it: none where it is not one."""
    return value if math.isfinite(value) else None
