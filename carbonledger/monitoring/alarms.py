"""Alarms: silent meters, and consumption, nights and own generation that are far from what is usual; each is a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from carbonledger.core.activities import GENERATED_ELECTRICITY, OWN_GENERATION, taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.monitoring.limits import WatchSettings
from carbonledger.monitoring.metered import SOURCE, by_source, last_record, records_of
from carbonledger.monitoring.usual import Usual, usual_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "is_own",
    "night_alarms",
    "nights_of",
    "own_generation_alarms",
    "silence_limit",
    "silent_alarms",
    "source_label",
    "unusual_alarms",
]

# The bands of a day of which each is compared with the same band of other weeks: hours.
_BAND = 6
_DAY = timedelta(days=1)
# Nights and days of own generation are compared with those of so many days before, whatever the weekday, if there are a week of them.
_DAYS_BEFORE, _LEAST_DAYS = 28, 7


def is_own(activity: str) -> bool:
    """Whether an activity is own renewable generation, or generation as a whole."""
    return activity in {*OWN_GENERATION, GENERATED_ELECTRICITY}


def source_label(source: Mapping[str, Any]) -> Label:
    """How a source is named: company, site and source as the readings name them, else its activity."""
    named = " / ".join(str(source[key]) for key in ("entity", "site", "source") if source[key])
    activity = taxonomy()[str(source["activity"])]
    return Label(named or activity.label("en"), named or activity.label("zh"))


def silence_limit(source: Mapping[str, Any], settings: WatchSettings) -> float:
    """After how many hours without a reading a source is silent [h]."""
    stated = settings.limit_of(source, "silent_hours")
    return max(1.0, settings.silent_steps * float(source["step"])) if stated is None else stated


def silent_alarms(sources: pd.DataFrame, settings: WatchSettings, at: datetime) -> Iterator[Finding]:
    """A finding for each source whose last reading is too long ago.

    Parameters
    ----------
    sources : pandas.DataFrame
        One row for each: its names, ``last`` moment, ``step`` [h].
    settings : WatchSettings
        Of the book.
    at : datetime
        Now, in the time of the readings.
    """
    for source in records_of(sources):
        hours = (at - source["last"]).total_seconds() / 3600
        limit = silence_limit(source, settings)
        if hours > limit and not settings.has_ended(source, at):
            values = {"source": source_label(source), "last": _moment(source["last"]), "hours": hours, "limit": limit}
            yield Finding.of("MONITORED_SILENT", step=float(source["step"]), **values)


def unusual_alarms(days: pd.DataFrame, hours: pd.DataFrame, settings: WatchSettings) -> Iterator[Finding]:
    """A finding for each of the last days of a source that is far from the same weekday of the weeks before.

    Parameters
    ----------
    days : pandas.DataFrame
        By source and day, with ``amount``, ``unit`` and ``whole``.
    hours : pandas.DataFrame
        By source and whole hour, with ``amount`` and ``unit``.
    settings : WatchSettings
        Of the book.

    Yields
    ------
    Finding
        Of the band of six hours that is farthest from the median of its weekday and band; of the whole day where readings are longer than
        an hour. Own generation follows the weather and no weekday, see `own_generation_alarms`.
    """
    of_hours = by_source(hours)
    for names, daily in by_source(days[~days["activity"].map(is_own).astype(bool)]).items():
        source = last_record(daily)
        bands = _bands(of_hours[names]) if names in of_hours else {(0, 24): _whole_days(daily)}
        for day in _last_days(daily["day"], settings.alarm_days):
            found = [item for band, values in bands.items() for item in _far(values, band, day, settings)]
            if found:
                yield _unusual(source, day, max(found, key=lambda item: abs(item[1] - item[2].median)), settings)


_Far = tuple[tuple[int, int], float, Usual]


def _far(values: pd.Series[float], band: tuple[int, int], day: pd.Timestamp, settings: WatchSettings) -> Iterator[_Far]:
    """The value of a day's band with what is usual, if it is far from it."""
    before = [values.get(day - timedelta(weeks=week)) for week in range(1, settings.weeks + 1)]
    known = [value for value in before if value is not None]
    value = values.get(day)
    if value is None or len(known) < settings.least_weeks:
        return
    usual = usual_of(known)
    if usual.is_unusual(float(value), settings.deviations, settings.least_change_percent):
        yield band, float(value), usual


def _unusual(source: Mapping[str, Any], day: pd.Timestamp, far: _Far, settings: WatchSettings) -> Finding:
    """The finding for an unusual band of a day."""
    (first, last), value, usual = far
    values = {
        "source": source_label(source),
        "day": f"{day:%Y-%m-%d}",
        "first": f"{first:02}:00",
        "last": f"{last:02}:00",
    }
    values |= {"value": value, "usual": usual.median, "unit": source["unit"], "weeks": usual.count}
    return Finding.of("MONITORED_UNUSUAL", deviations=settings.deviations, **values)


def nights_of(hours: pd.DataFrame, settings: WatchSettings) -> pd.DataFrame:
    """The baseload of each night: its hour of least use.

    Returns
    -------
    pandas.DataFrame
        One row by source and night that has all its hours: the names, ``unit``, ``day`` on which the night ends, ``amount`` in the unit
        an hour, and ``hour``, when.
    """
    import pandas as pd

    clock = pd.to_datetime(hours["hour"]).dt
    wraps = settings.night_from >= settings.night_to
    late = (clock.hour >= settings.night_from) & wraps
    named = hours.assign(day=clock.normalize() + pd.to_timedelta(late.astype(int), unit="D"))
    inside = named[clock.hour.map(settings.is_night).astype(bool)]
    if not len(inside):
        return inside
    of_night = inside.groupby([*SOURCE, "day"], dropna=False)["amount"]
    length = sum(settings.is_night(hour) for hour in range(24))
    least = inside.loc[of_night.idxmin()]
    return least[(of_night.size() >= length).to_numpy()].reset_index(drop=True)


def night_alarms(nights: pd.DataFrame, settings: WatchSettings) -> Iterator[Finding]:
    """A finding for each of the last nights whose least hour is above the limit, or far above that of the nights before.

    Parameters
    ----------
    nights : pandas.DataFrame
        From `nights_of`.
    settings : WatchSettings
        Of the book.
    """
    for _, own in nights[~nights["activity"].map(is_own).astype(bool)].groupby(SOURCE, dropna=False):
        source, loads = last_record(own), own.set_index("day")["amount"]
        limit = settings.limit_of(source, "night_limit")
        for day in _last_days(own["day"], settings.alarm_days):
            value, before = float(loads.get(day, 0.0)), _before(loads, day)
            values = {"source": source_label(source), "day": f"{day:%Y-%m-%d}", "value": value, "unit": source["unit"]}
            if limit is not None:
                if value > limit:
                    yield Finding.of("MONITORED_NIGHT.limit", limit=limit, **values)
            elif len(before) >= _LEAST_DAYS:
                usual = usual_of(before)
                if value > usual.median and usual.is_unusual(value, settings.deviations, settings.least_change_percent):
                    yield Finding.of("MONITORED_NIGHT", usual=usual.median, nights=usual.count, **values)


def own_generation_alarms(days: pd.DataFrame, settings: WatchSettings) -> Iterator[Finding]:
    """A finding for each of the last days on which own generation gave nothing, although that of others did, or without others to tell.

    Parameters
    ----------
    days : pandas.DataFrame
        By source and day, with ``amount``, ``unit`` and ``whole``.
    settings : WatchSettings
        Of the book.
    """
    own = days[days["activity"].map(is_own).astype(bool)]
    amounts = {names: (last_record(part), _whole_days(part)) for names, part in own.groupby(SOURCE, dropna=False)}
    shares = {names: (source, series, _shares(series, settings)) for names, (source, series) in amounts.items()}
    for names, (source, series, share) in shares.items():
        for day, usual in share.items():
            if series[day] > usual * settings.own_generation_percent / 100:
                continue
            others = [
                (item, of[day], know[day]) for key, (item, of, know) in shares.items() if key != names and day in know
            ]
            working = [item for item, value, theirs in others if value > theirs * settings.own_generation_percent / 100]
            values = {"source": source_label(source), "day": f"{day:%Y-%m-%d}", "value": float(series[day])}
            values |= {"usual": usual, "unit": source["unit"]}
            if working:
                names_of = tuple(source_label(item) for item in working)
                yield Finding.of("MONITORED_GENERATION.others", others=names_of, **values)
            elif not others:
                yield Finding.of("MONITORED_GENERATION.alone", **values)


def _shares(series: pd.Series[float], settings: WatchSettings) -> dict[pd.Timestamp, float]:
    """What own generation usually is on each of the last days, where that is known and above 0."""
    found = {}
    for day in _last_days(series.index, settings.alarm_days):
        before = _before(series, day)
        if day in series.index and len(before) >= _LEAST_DAYS and usual_of(before).median > 0:
            found[day] = usual_of(before).median
    return found


def _before(series: pd.Series[float], day: pd.Timestamp) -> Sequence[float]:
    """The values of the days before a day."""
    index = series.index
    found: Sequence[float] = series[(index < day) & (index >= day - timedelta(days=_DAYS_BEFORE))].tolist()
    return found


def _last_days(days: Any, count: int) -> list[pd.Timestamp]:
    """The last days with readings, in order."""
    return sorted(set(days))[-count:]


def _whole_days(daily: pd.DataFrame) -> pd.Series[float]:
    """The amounts of the days that readings cover, by day."""
    found: pd.Series[float] = daily[daily["whole"]].set_index("day")["amount"]
    return found


def _bands(hours: pd.DataFrame) -> dict[tuple[int, int], pd.Series[float]]:
    """The amounts of each band of six hours by day, where all six are there; empty without hours."""
    import pandas as pd

    clock = pd.to_datetime(hours["hour"]).dt
    named = hours.assign(day=clock.normalize(), band=clock.hour // _BAND)
    found = {}
    for band, part in named.groupby("band"):
        of_day = part.groupby("day")["amount"]
        begin = int(str(band)) * _BAND
        found[begin, begin + _BAND] = of_day.sum()[of_day.size() == _BAND]
    return found


def _moment(moment: datetime) -> str:
    """A moment as it is written."""
    return moment.isoformat(sep=" ", timespec="minutes")
