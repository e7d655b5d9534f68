"""Emissions of electricity by factors that change in time, beside the same readings at the annual average.

No figure here enters the inventory: the location-based and the market-based method in force ask for annual factors.
"""

from __future__ import annotations

from math import gcd
from typing import Any

import narwhals as nw
import pandas as pd

from carbonledger.core.findings import Finding
from carbonledger.time_resolved.engine import beside, collected
from carbonledger.time_resolved.factor_series import FactorSeries
from carbonledger.time_resolved.laid_readings import LaidReadings, Spread, lay_readings
from carbonledger.time_resolved.time_emissions import TimeEmissions

__all__ = ["hourly_emissions"]

_SECONDS_PER_HOUR = 3600
_KEYS = ("source", "region", "month", "hour")
# What is the same for all readings in a cell.
_SLOT = ["region", "month", "hour", "known", "known_average"]


def hourly_emissions(
    readings: Any,
    factors: FactorSeries,
    *,
    annual: FactorSeries | None = None,
    region: str = "",
    unit: str = "",
    step: str = "",
    spread: Spread = "",
    name: str = "",
) -> TimeEmissions:
    """Emissions of electricity by factors that change in time, t CO2e, joined by region and moment on the caller's engine.

    Parameters
    ----------
    readings : frame
        Of pandas, Polars (lazy too), PyArrow, DuckDB or PySpark: ``source``, ``region``, ``amount``, ``unit``, ``start`` and ``end``,
        under any heading of `read_entries`. Moments have a zone, or are by the clock of the region; an end that is a date is included.
        A column ``fold`` says 0 or 1 for the first or second of two like times.
    factors : FactorSeries
        Of location-based factors, see `read_factor_series`.
    annual : FactorSeries, optional
        Annual averages to compare with; by default the plain mean of the factors over each year that they cover.
    region, unit : str
        What is the same for all rows and stands in no column.
    step : str
        How long a reading is, such as ``15 minutes``, where no column says when it ends.
    spread : {"", "even"}
        What becomes of readings longer than a step of the factors: refused with a finding, or spread evenly over their time.
    name : str
        What findings call the readings.

    Returns
    -------
    TimeEmissions

    Raises
    ------
    EntriesError
        If a column is missing, or holds something else than it must.
    BookError
        If the step is none.

    Notes
    -----
    E = sum over readings r and cells c of A_r * s_rc / l_r * f_c, with the amount A [kWh], its length l [s], the part s [s] of it in the
    cell, and the factor f of the region in the cell [kg/kWh]. Of a cell without a factor the kWh are named and E lacks them.

    References
    ----------
    GHG Protocol Scope 2 Guidance (2015), chapter 6: location-based, activity data times the average factor of the grid. Factors by the hour
    are a proposal of the consultation of October 2025, a draft.
    """
    average = factors.yearly_means() if annual is None else annual
    laid = lay_readings(
        readings,
        zones={item: factors.zones[item] for item in factors.regions},
        longest=factors.longest_steps,
        grid=gcd(factors.grid, average.grid),
        region=region,
        unit=unit,
        step=step,
        spread=spread,
        name=name,
    )
    table = _cells(factors, average, laid)
    cube = _cube(laid, table)
    findings = [*laid.findings, *_missing_factors(cube, name), *_coverage(cube, table, laid.grid, name)]
    if annual is not None and annual.gas != factors.gas:
        findings.append(Finding.of("HOURLY_COVERAGE.gases", first=factors.gas, second=annual.gas))
    found = (*factors.findings, *(annual.findings if annual else ()), *findings)
    return TimeEmissions(cube, factors.gas, laid.refused_kwh, annual is not None, found, readings)


def _cells(factors: FactorSeries, average: FactorSeries, laid: LaidReadings) -> pd.DataFrame:
    """The factor and the annual average of each cell."""
    table = factors.cells(laid.first, laid.last, laid.grid)
    means = average.cells(laid.first, laid.last, laid.grid)[["region", "cell", "value", "known"]]
    both = table.merge(means, on=["region", "cell"], how="left", suffixes=("", "_average"))
    return both.fillna({"value_average": 0.0, "known_average": 0}).astype({"known_average": "int64"})


def _cube(laid: LaidReadings, table: pd.DataFrame) -> pd.DataFrame:
    """Electricity and emissions, kWh and kg, by source, region, month and hour of the day."""
    # The engine sums by one small number instead of five columns: whether a cell has factors is the same for all readings in it.
    slots = table[_SLOT].drop_duplicates().reset_index(drop=True)
    cells = table.merge(slots.assign(slot=range(len(slots))), on=_SLOT)
    values = cells[["region", "cell", "value", "value_average", "slot"]]
    joined: Any = laid.frame.join(beside(laid.frame, values), on=["region", "cell"], how="inner")
    kwh, sums = nw.col("kwh"), ("kwh", "seconds", "kg", "kg_average")
    rows = joined.with_columns(kg=kwh * nw.col("value"), kg_average=kwh * nw.col("value_average"))
    grouped = rows.group_by("source", "slot").agg(
        *(nw.col(item).sum() for item in sums), first=nw.col("start").min(), last=nw.col("stop").max()
    )
    parts = collected(grouped).merge(slots, left_on="slot", right_index=True)
    counted = parts["kwh"] * parts["known"]
    told = parts.assign(
        counted=counted,
        kg_average=parts["kg_average"] * parts["known"],
        no_factor=parts["kwh"] * (1 - parts["known"]),
        no_average=counted * (1 - parts["known_average"]),
    )
    summed = ("kwh", "counted", "kg", "kg_average", "no_factor", "no_average", "seconds")
    ways = {**dict.fromkeys(summed, "sum"), "first": "min", "last": "max"}
    return told.groupby(list(_KEYS), sort=True).agg(ways).reset_index()


def _missing_factors(cube: pd.DataFrame, name: str) -> list[Finding]:
    """What hangs on hours without a factor, by region."""
    found = []
    for region, own in cube.groupby("region", sort=True):
        for case, column in (("no_factor", "no_factor"), ("no_average", "no_average")):
            lacking = own[own[column] > 0]
            if len(lacking):
                values = {
                    "region": str(region),
                    "kwh": float(lacking[column].sum()),
                    "month": str(lacking["month"].min()),
                }
                key = f"HOURLY_GAP.{case}"
                found.append(Finding.of(key, **values).at(file=name))
    return found


def _coverage(cube: pd.DataFrame, table: pd.DataFrame, grid: int, name: str) -> list[Finding]:
    """Sources whose readings cover an hour of the day more often than it came in the month, or leave time between the first and last."""
    possible = table.groupby(["region", "month", "hour"])["cell"].count().mul(grid).rename("possible").reset_index()
    both = cube.merge(possible, on=["region", "month", "hour"])
    both["over"] = (both["seconds"] - both["possible"]).clip(lower=0)
    found = []
    for (source, region), own in both.groupby(["source", "region"], sort=True):
        over = float(own["over"].sum())
        missing = float(own["last"].max() - own["first"].min() - own["seconds"].sum())
        values = {"source": str(source), "region": str(region)}
        if over > 0:
            finding = Finding.of("HOURLY_COVERAGE.overlap", **values, hours=over / _SECONDS_PER_HOUR)
            found.append(finding.at(file=name))
        if missing > 0:
            finding = Finding.of("HOURLY_COVERAGE.gap", **values, hours=missing / _SECONDS_PER_HOUR)
            found.append(finding.at(file=name))
    return found
