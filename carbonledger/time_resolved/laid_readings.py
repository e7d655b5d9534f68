"""Readings on a grid of hours or parts of them: every reading once, divided by time where it lies in several cells.

A reading that is longer than a step of the factors of its region does not say when in its time the electricity flowed. It is spread
evenly only if the caller says so, and is refused otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import narwhals as nw
import numpy as np
import pandas as pd

from carbonledger.core.findings import Finding
from carbonledger.time_resolved.clocks import clock_of
from carbonledger.time_resolved.engine import Frame, beside, collected
from carbonledger.time_resolved.reading_rows import ReadingRows, reading_rows

__all__ = ["LaidReadings", "Spread", "lay_readings"]

Spread = Literal["", "even"]
_DEFECTS = (
    "no_amount",
    "negative",
    "no_moment",
    "no_such_time",
    "twice",
    "no_duration",
    "unit",
    "unknown_region",
    "long",
)


@dataclass(frozen=True, slots=True)
class LaidReadings:
    """Readings on a grid.

    Parameters
    ----------
    frame : narwhals frame
        Of the caller's engine: ``source``, ``region``, ``cell``, ``kwh`` and ``seconds`` that a part of a reading has in the cell;
        ``start`` and ``stop`` of the reading [seconds since 1970 in UTC].
    grid : int
        The length of a cell, seconds.
    first, last : int
        The first and the last cell that has a reading; the last is before the first if there is none.
    kwh, refused_kwh : float
        kWh of the readings that are laid, and of those that are refused and have an amount.
    findings : tuple of Finding
        What is wrong with the refused ones.
    """

    frame: Frame
    grid: int
    first: int
    last: int
    kwh: float
    refused_kwh: float
    findings: tuple[Finding, ...]


def lay_readings(
    readings: Any,
    *,
    zones: Mapping[str, str],
    longest: Mapping[str, int],
    grid: int,
    region: str = "",
    unit: str = "",
    step: str = "",
    spread: Spread = "",
    name: str = "",
) -> LaidReadings:
    """Lay readings on a grid.

    Parameters
    ----------
    readings : frame
        See `carbonledger.time_resolved.hourly_emissions`.
    zones : mapping of str to str
        The zone of the clock of each region that is known.
    longest : mapping of str to int
        How long a reading of each region may be without being spread, seconds.
    grid : int
        The length of a cell, seconds.
    region, unit, step, spread, name
        See `carbonledger.time_resolved.hourly_emissions`.

    Raises
    ------
    EntriesError
        If a column is missing, or holds something else than it must.
    """
    rows = reading_rows(readings, region=region, unit=unit, step=step, name=name)
    timed = _with_moments(rows, zones)
    judged = timed.with_columns(defect=_defect(zones, longest, spread)).with_columns(
        length=nw.when(nw.col("defect") == 0).then(nw.col("stop") - nw.col("start")).otherwise(nw.lit(1)),
        cell=nw.col("start") // grid,
        cells=nw.when(nw.col("defect") == 0)
        .then((nw.col("stop") - 1) // grid - nw.col("start") // grid + 1)
        .otherwise(nw.lit(0)),
    )
    seen = _seen(judged)
    sound, wrong = seen[seen["defect"] == 0], seen[seen["defect"] > 0]
    first, last = (int(sound["first"].min()) // grid, (int(sound["last"].max()) - 1) // grid) if len(sound) else (0, -1)
    laid = _divided(judged.filter(nw.col("defect") == 0), sorted({int(count) for count in sound["cells"]}), grid)
    findings = (*rows.findings, *_refusals(wrong, name))
    return LaidReadings(laid, grid, first, last, float(sound["kwh"].sum()), float(wrong["kwh"].sum()), findings)


def _seen(judged: Frame) -> pd.DataFrame:
    """In one pass, by defect, region and number of cells: rows, kWh as far as they are numbers, and between which moments."""
    amount = nw.when(nw.col("kwh").is_finite()).then(nw.col("kwh")).otherwise(nw.lit(0.0))
    return collected(
        judged.with_columns(kwh=amount)
        .group_by("defect", "region", "cells")
        .agg(
            nw.len().alias("rows"),
            nw.col("kwh").sum(),
            first=nw.col("start").min(),
            last=nw.col("stop").max(),
        )
    ).sort_values(["defect", "region", "cells"])


def _with_moments(rows: ReadingRows, zones: Mapping[str, str]) -> Frame:
    """The readings with their moments in UTC, and whether the clock shows them not at all or twice."""
    frame = rows.frame
    for name, is_local in (("start", rows.is_local_start), ("stop", rows.is_local_stop)):
        missing, twice = nw.col(name) * 0, nw.col(name) * 0
        moment = nw.col(name)
        if is_local:
            bounds = collected(frame.select(low=nw.col(name).min(), high=nw.col(name).max())).iloc[0]
            low, high = (int(bounds[key]) if pd.notna(bounds[key]) else 0 for key in ("low", "high"))
            fold = nw.col("fold") if rows.has_fold and name == "start" else None
            for zone in dict.fromkeys(zones.values()):
                own = nw.col("region").is_in([key for key, value in zones.items() if value == zone])
                told = clock_of(zone).moment_expressions(nw.col(name), fold, low, high)
                moment, missing, twice = (
                    nw.when(own).then(new).otherwise(old)
                    for new, old in zip(told, (moment, missing, twice), strict=True)
                )
        frame = frame.with_columns(**{f"{name}_utc": moment, f"{name}_missing": missing, f"{name}_twice": twice})
    stop = nw.col("start_utc") + rows.step if rows.step else nw.col("stop_utc")
    is_stated = rows.step == 0
    return frame.select(
        *("source", "region", "kwh", "unit_known"),
        start=nw.col("start_utc"),
        stop=stop,
        missing=nw.max_horizontal("start_missing", "stop_missing") if is_stated else nw.col("start_missing"),
        twice=nw.max_horizontal("start_twice", "stop_twice") if is_stated else nw.col("start_twice"),
    )


def _defect(zones: Mapping[str, str], longest: Mapping[str, int], spread: Spread) -> nw.Expr:
    """The number of what is wrong with a reading, as `_DEFECTS` counts from 1; 0 if nothing is."""
    length = nw.col("stop") - nw.col("start")
    most = nw.lit(0)
    for region, seconds in longest.items():
        most = nw.when(nw.col("region") == region).then(nw.lit(seconds)).otherwise(most)
    amount = nw.col("kwh")
    conditions = {
        "no_amount": amount.is_null() | ~amount.is_finite(),
        "negative": amount < 0,
        "no_moment": nw.col("start").is_null() | nw.col("stop").is_null(),
        "no_such_time": nw.col("missing") == 1,
        "twice": nw.col("twice") == 1,
        "no_duration": length <= 0,
        "unit": nw.col("unit_known") == 0,
        "unknown_region": ~nw.col("region").is_in(list(zones)),
        "long": (length > most) if not spread else (length < 0),
    }
    defect = nw.lit(0)
    for name in reversed(_DEFECTS):
        defect = nw.when(conditions[name]).then(nw.lit(_DEFECTS.index(name) + 1)).otherwise(defect)
    return defect


def _refusals(wrong: pd.DataFrame, name: str) -> list[Finding]:
    """What is wrong with the readings that are refused."""
    return [
        Finding.of(
            f"HOURLY.{_DEFECTS[int(row['defect']) - 1]}",
            rows=int(row["rows"]),
            kwh=float(row["kwh"]),
            region=str(row["region"]),
            first=_moment_text(row["first"]),
        ).at(file=name)
        for row in wrong.to_dict("records")
    ]


def _moment_text(seconds: Any) -> str:
    """A moment in UTC as it is written; a dash if there is none."""
    if pd.isna(seconds):
        return "-"
    return str(np.datetime64(int(seconds), "s")).replace("T", " ")[:16] + "Z"


def _divided(placed: Frame, counts: list[int], grid: int) -> Frame:
    """The readings by cell, each divided by the seconds that it has in its cells."""
    if set(counts) <= {1}:
        return placed.select("source", "region", "cell", "kwh", "start", "stop", seconds=nw.col("length"))
    table = pd.DataFrame(
        {"cells": np.repeat(counts, counts), "more": np.concatenate([np.arange(count) for count in counts])}
    )
    parts: Frame = placed.join(beside(placed, table), on="cells", how="inner").with_columns(
        cell=nw.col("cell") + nw.col("more")
    )
    begins, ends = nw.col("cell") * grid, (nw.col("cell") + 1) * grid
    low = nw.when(nw.col("start") > begins).then(nw.col("start")).otherwise(begins)
    high = nw.when(nw.col("stop") < ends).then(nw.col("stop")).otherwise(ends)
    seconds = parts.with_columns(seconds=high - low)
    return seconds.select(
        "source", "region", "cell", "start", "stop", "seconds", kwh=nw.col("kwh") * nw.col("seconds") / nw.col("length")
    )
