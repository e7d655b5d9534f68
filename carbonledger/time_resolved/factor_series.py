"""A series of emission factors in time, for each of its regions: from when to when, kg of a gas per kWh, and who published it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import gcd
from typing import Any

import numpy as np
import pandas as pd

from carbonledger.core.findings import Finding
from carbonledger.time_resolved.clocks import Clock, clock_of

__all__ = ["FactorSeries", "local_parts"]

_HOUR = 3600


@dataclass(frozen=True, slots=False, eq=False, repr=False)
class FactorSeries:
    """Emission factors of electricity that change in time; between its steps nothing is interpolated.

    Parameters
    ----------
    steps : pandas.DataFrame
        One row a step: ``region``; ``start`` and ``end`` [seconds since 1970 in UTC, the end excluded]; ``value`` [kg/kWh]; ``source``.
        In the order of region and start, without overlap within a region.
    zones : mapping of str to str
        The zone of the clock of each region, see `zoneinfo`.
    gas : str
        Which gas the factors count: ``CO2e``, or ``CO2`` alone.
    findings : tuple of Finding
        What is wrong with the table that it was read from.
    refused : mapping of str to int
        How many rows of a region could not be used; its hours are missing.
    """

    steps: pd.DataFrame
    zones: Mapping[str, str]
    gas: str = "CO2e"
    findings: tuple[Finding, ...] = ()
    refused: Mapping[str, int] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"FactorSeries({len(self.steps):,} steps, {', '.join(self.regions)}, kg {self.gas}/kWh)"

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions that have factors."""
        return tuple(dict.fromkeys(self.steps["region"]))

    def clock(self, region: str) -> Clock:
        """The clock of a region."""
        return clock_of(self.zones[region])

    @cached_property
    def longest_steps(self) -> Mapping[str, int]:
        """The longest step of each region, seconds; a reading that is longer covers several of them wherever it lies."""
        lengths = (self.steps["end"] - self.steps["start"]).groupby(self.steps["region"]).max()
        return {str(region): int(length) for region, length in lengths.items()}

    @cached_property
    def grid(self) -> int:
        """The length of the cells on whose edges all steps and all full hours of the clocks lie, seconds."""
        edges = np.unique(np.concatenate([self.steps["start"].to_numpy(), self.steps["end"].to_numpy()]))
        first, last = (int(edges[0]), int(edges[-1])) if len(edges) else (0, 0)
        offsets = [
            int(offset)
            for region in self.regions
            for offset in np.unique(self.clock(region).offsets_at(np.arange(first, last + 1, 86400)))
        ]
        return gcd(_HOUR, int(np.gcd.reduce(edges)) if len(edges) else 0, *offsets)

    def cells(self, first: int, last: int, grid: int) -> pd.DataFrame:
        """The factor of each cell of a grid.

        Parameters
        ----------
        first, last : int
            The numbers of the first and the last cell; cell n begins n x grid seconds after 1970 began in UTC.
        grid : int
            The length of a cell, seconds, on whose edges all steps lie.

        Returns
        -------
        pandas.DataFrame
            One row for each region and cell: ``region``, ``cell``, ``year``, ``month`` (such as 202403) and ``hour`` (0 to 23) by the clock
            of the region, ``value`` [kg/kWh], 0 where ``known`` is 0.
        """
        cells = np.arange(first, last + 1, dtype=np.int64)
        frames = []
        for region in self.regions:
            own = self.steps[self.steps["region"] == region]
            at = np.searchsorted(own["start"].to_numpy(), cells * grid, side="right") - 1
            within = np.maximum(at, 0)
            known = (at >= 0) & (cells * grid < own["end"].to_numpy()[within])
            value = np.where(known, own["value"].to_numpy()[within], 0.0)
            year, month, hour = local_parts(cells * grid, self.clock(region))
            columns = {"year": year, "month": month, "hour": hour, "value": value, "known": known.astype(np.int64)}
            name = np.full(len(cells), region, dtype=object)
            frames.append(pd.DataFrame({"region": name, "cell": cells, **columns}))
        return pd.concat(frames, ignore_index=True)

    def yearly_means(self) -> FactorSeries:
        """The mean of the factors over the hours of each calendar year that they cover, as a series of one step a year.

        Returns
        -------
        FactorSeries
            The plain mean over time. A published annual average is weighted by generation and differs; read it as a series of its own to
            compare with that.
        """
        grid = self.grid
        table = self.cells(int(self.steps["start"].min()) // grid, (int(self.steps["end"].max()) - 1) // grid, grid)
        means = table[table["known"] == 1].groupby(["region", "year"], sort=True)["value"].mean().reset_index()
        bounds = [
            self._year(str(region), int(year)) for region, year in zip(means["region"], means["year"], strict=True)
        ]
        starts, ends = ([bound[at] for bound in bounds] for at in (0, 1))
        steps = pd.DataFrame(
            {"region": means["region"], "start": starts, "end": ends, "value": means["value"], "source": "mean"}
        )
        return replace(self, steps=steps, findings=(), refused={})

    def _year(self, region: str, year: int) -> tuple[int, int]:
        """From when to when a year lasts by the clock of a region."""
        hands = np.array([f"{year}-01-01", f"{year + 1}-01-01"], dtype="datetime64[s]").astype(np.int64)
        moments = self.clock(region).moments(hands, np.zeros(2, dtype=np.int64))[0]
        return int(moments[0]), int(moments[1])


def local_parts(moments: np.ndarray[Any, Any], clock: Clock) -> tuple[np.ndarray[Any, Any], ...]:
    """Year, month (such as 202403) and hour (0 to 23) of moments by a clock."""
    days = (moments + clock.offsets_at(moments)).astype("datetime64[s]")
    months = days.astype("datetime64[M]").astype(np.int64)
    years = 1970 + months // 12
    hours = (days.astype(np.int64) // _HOUR) % 24
    return years, years * 100 + months % 12 + 1, hours
