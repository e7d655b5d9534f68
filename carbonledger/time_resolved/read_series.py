"""Reading series of factors: what holds from when to when in each region, and where nothing does."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.time_resolved.clocks import Clock, clock_of
from carbonledger.time_resolved.factor_series import FactorSeries
from carbonledger.time_resolved.series_rows import SeriesRows, series_rows, zones_of
from carbonledger.time_resolved.steps import ends_after, kinds_of_steps, seconds_of_step, step_between

__all__ = ["read_factor_series"]

_HOUR = 3600


def read_factor_series(
    source: Any,
    *,
    zone: str | Mapping[str, str],
    region: str = "",
    unit: str = "",
    step: str = "",
    name: str = "",
) -> FactorSeries:
    """Read factors of electricity that change in time, such as hourly or monthly ones.

    Parameters
    ----------
    source : path, DataFrame, or sequence of mappings
        A table with ``region``, ``start``, ``value`` and perhaps ``end``, ``unit`` and ``source``, in English or Chinese. Moments are texts
        of ISO 8601, with an offset from UTC or by the clock of the zone; an end that is a day without a time is included. A column
        ``fold`` says 0 or 1 for the first or second of two like times.
    zone : str or mapping of str to str
        The zone of the clock, such as ``Europe/Berlin``, or of each region that of its own.
    region, unit : str
        What no column says: the region of all rows, and their unit, such as ``g CO2e/kWh``.
    step : str
        How long a factor holds where no column says when it ends, such as ``15 minutes`` or ``month``; by default the shortest distance
        of two beginnings in the region.
    name : str
        What findings call the table.

    Returns
    -------
    FactorSeries
        With its findings. A row that says nothing certain is left out: no number, no moment, a time that the clock does not show, or shows
        twice, two values for one time. Its hours are then missing, which is said; nothing is interpolated.

    Raises
    ------
    EntriesError
        If the table cannot be read, a column is missing, or no row can be used.
    BookError
        If there is no such zone or step.

    Examples
    --------
    >>> rows = [{"start": "2024-01-01T00:00", "value": 300}, {"start": "2024-01-01T01:00", "value": 420}]
    >>> read_factor_series(rows, zone="Europe/Berlin", region="DE", unit="g CO2/kWh")
    FactorSeries(2 steps, DE, kg CO2/kWh)
    """
    file = name or (Path(source).name if isinstance(source, str | Path) else "")
    rows = series_rows(source, {key: text for key, text in (("region", region), ("unit", unit)) if text}, file)
    stated = seconds_of_step(step) if step else None
    regions = rows.texts("region")
    rows.refuse(np.flatnonzero(regions == ""), "no_region")
    zones = zones_of(zone, dict.fromkeys(str(item) for item in regions if item))
    values, gas = rows.values()
    hands, starts = rows.moments("start", zones)
    read = pd.DataFrame(
        {"region": regions, "hands": hands, "start": starts, "value": values, "row": range(len(values))}
    )
    if "end" in rows.columns:
        read["end"] = rows.moments("end", zones)[1]
    read["source"] = rows.texts("source")
    parts = [
        _steps_of(rows, read[(regions == item) & ~rows.is_refused].sort_values(["start", "row"]), clock_of(own), stated)
        for item, own in zones.items()
    ]
    columns = ["region", "start", "end", "value", "source"]
    if not any(len(part) for part in parts):
        raise EntriesError(rows.findings or [Finding.of("FACTOR_SERIES.empty").at(file=file)])
    steps = pd.concat(parts, ignore_index=True)[columns]
    refused = pd.Series(regions[rows.is_refused], dtype=object).value_counts()
    counts = {str(key): int(count) for key, count in refused.items()}
    return FactorSeries(steps, zones, gas, tuple(rows.findings), counts)


def _steps_of(rows: SeriesRows, read: pd.DataFrame, clock: Clock, stated: int | str | None) -> pd.DataFrame:
    """The steps of one region, in order and without overlap."""
    single = _without_repetition(rows, read)
    if "end" not in single:
        single = _with_ends(rows, single, clock, stated)
    backwards = single[single["end"] <= single["start"]]
    rows.refuse(backwards["row"].to_numpy(), "backwards")
    single = _without_overlap(rows, single.drop(backwards.index))
    _say_gaps(rows, single, clock)
    return single


def _without_repetition(rows: SeriesRows, read: pd.DataFrame) -> pd.DataFrame:
    """The rows without those that say the same again; of those that contradict each other, none."""
    keys = [key for key in ("start", "end") if key in read]
    values = read.groupby("start")["value"].transform("nunique")
    against = read[(values > 1)]
    rows.refuse(against["row"].to_numpy(), "contradiction", first=rows.first("start", against["row"].to_numpy()))
    rest = read[values <= 1]
    is_again = rest.duplicated(keys)
    if is_again.any():
        first = rest.loc[is_again, "row"].to_numpy()
        finding = Finding.of("FACTOR_SERIES_REPEATED", rows=int(is_again.sum()), first=rows.first("start", first))
        rows.findings.append(rows.table.place(finding, rows.table.numbers[int(first[0])]))
    return rest[~is_again]


def _with_ends(rows: SeriesRows, read: pd.DataFrame, clock: Clock, stated: int | str | None) -> pd.DataFrame:
    """The rows with their ends, a step after each beginning."""
    hands, starts = read["hands"].to_numpy(), read["start"].to_numpy()
    if stated is None and len(starts) == 1:
        rows.refuse(read["row"].to_numpy(), "no_end")
    if stated is None and len(starts) <= 1:
        return read.iloc[:0].assign(end=0)
    step = stated if stated is not None else step_between(hands, starts)
    return read.assign(end=ends_after(hands, starts, step, clock))


def _without_overlap(rows: SeriesRows, read: pd.DataFrame) -> pd.DataFrame:
    """The rows without those that hold while another one does."""
    starts, ends = read["start"].to_numpy(), read["end"].to_numpy()
    before = np.maximum.accumulate(ends)[:-1] if len(ends) else ends
    after = np.minimum.accumulate(starts[::-1])[::-1][1:] if len(starts) else starts
    is_within = np.zeros(len(read), dtype=bool)
    is_within[1:] |= starts[1:] < before
    is_within[:-1] |= ends[:-1] > after
    over = read["row"].to_numpy()[is_within]
    rows.refuse(over, "overlap", first=rows.first("start", over))
    return read[~is_within]


def _say_gaps(rows: SeriesRows, read: pd.DataFrame, clock: Clock) -> None:
    """Say where no factor holds between the first step and the last, and where steps are of several lengths."""
    starts, ends = read["start"].to_numpy(), read["end"].to_numpy()
    between = starts[1:] - ends[:-1]
    at = np.flatnonzero(between > 0)
    if len(at):
        first = ends[at[0]] + clock.offsets_at(ends[at[:1]])[0]
        values = {
            "region": str(read["region"].iloc[0]),
            "count": len(at),
            "hours": float(between[at].sum()) / _HOUR,
            "first": str(np.datetime64(int(first), "s")).replace("T", " ")[:16],
        }
        rows.findings.append(rows.table.place(Finding.of("FACTOR_SERIES_GAP", **values)))
    kinds = kinds_of_steps(starts, ends, clock)
    if len(kinds) > 1:
        finding = Finding.of("FACTOR_SERIES_MIXED", region=str(read["region"].iloc[0]), steps=kinds)
        rows.findings.append(rows.table.place(finding))
