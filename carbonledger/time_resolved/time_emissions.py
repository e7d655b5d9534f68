"""Emissions by factors that change in time, as a record with its views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from carbonledger.core.findings import Finding, first_error
from carbonledger.core.language import Lang, word
from carbonledger.core.plain_data import plain_data
from carbonledger.inventory.frame_kinds import in_kind_of

__all__ = ["TimeEmissions"]

_KG_PER_T = 1000.0
_AXES = ("source", "region", "month", "hour")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TimeEmissions:
    """Emissions of electricity by factors that change in time; beside the inventory, never in it.

    Parameters
    ----------
    cube : pandas.DataFrame
        By ``source``, ``region``, ``month`` and ``hour`` of the day: ``kwh`` of the readings, ``counted`` kWh that have a factor, ``kg``
        and ``kg_average``; ``no_factor`` and ``no_average`` kWh; ``seconds`` that readings cover.
    gas : str
        What the factors count: ``CO2e``, or ``CO2`` alone.
    refused_kwh : float
        Of the readings that are refused; they are not in the cube.
    average_is_stated : bool
        Whether the annual average was stated; else it is the mean of the factors over the part of the year that they cover.
    findings : tuple of Finding
        Of the series and of the readings.
    readings : frame
        Those of the caller; the views are of its kind.
    """

    cube: pd.DataFrame
    gas: str
    refused_kwh: float
    average_is_stated: bool
    findings: tuple[Finding, ...]
    readings: Any

    def __repr__(self) -> str:
        state = f"{self.total_t:,.3f} t {self.gas}" if self.total_t is not None else "incomplete"
        return f"TimeEmissions({state}, {self.kwh:,.0f} kWh; beside the inventory)"

    @property
    def is_complete(self) -> bool:
        """Whether every reading is in the figures: nothing is refused, and no hour lacks its factor."""
        return first_error(self.findings) is None

    @property
    def kwh(self) -> float:
        """The electricity of the readings that have a factor, kWh."""
        return float(self.cube["counted"].sum())

    @property
    def calculated_t(self) -> float:
        """The emissions of what was calculated, t of the gas; a part if it is not complete."""
        return float(self.cube["kg"].sum()) / _KG_PER_T

    @property
    def total_t(self) -> float | None:
        """The emissions of all readings, t of the gas; None if it is not complete."""
        return self.calculated_t if self.is_complete else None

    @property
    def average_t(self) -> float | None:
        """The same readings at the annual average, t of the gas; None if it is not complete."""
        return float(self.cube["kg_average"].sum()) / _KG_PER_T if self.is_complete else None

    @property
    def difference_t(self) -> float | None:
        """By time less by annual average, t of the gas; None if it is not complete."""
        return None if self.total_t is None or self.average_t is None else self.total_t - self.average_t

    @property
    def weighted_factor(self) -> float | None:
        """The factor weighted by the consumption that it was applied to, kg/kWh; None if there was none."""
        return float(self.cube["kg"].sum()) / self.kwh if self.kwh else None

    def by(self, axis: str) -> Any:
        """The emissions along an axis, in the kind of the readings' frame.

        Parameters
        ----------
        axis : {"source", "region", "month", "hour"}
            ``hour`` is that of the day by the clock of the region, 0 to 23.

        Returns
        -------
        frame
            The axis; ``kwh`` that have a factor, ``emissions_t`` and ``average_t`` [t of the gas]; ``without_factor_kwh``.

        Raises
        ------
        KeyError
            If there is no such axis.
        """
        return in_kind_of(self.readings, self.pandas_by(axis))

    def pandas_by(self, axis: str) -> pd.DataFrame:
        """What `by` gives, as pandas."""
        if axis not in _AXES:
            raise KeyError(f"{axis!r} is none of {', '.join(_AXES)}")
        sums = self.cube.groupby(axis, sort=True)[["counted", "kg", "kg_average", "no_factor"]].sum().reset_index()
        tonnes = {"emissions_t": sums["kg"] / _KG_PER_T, "average_t": sums["kg_average"] / _KG_PER_T}
        return pd.DataFrame(
            {axis: sums[axis], "kwh": sums["counted"], **tonnes, "without_factor_kwh": sums["no_factor"]}
        )

    def to_dict(self, lang: Lang = "en") -> Any:
        """The figures and findings as plain data, texts in a language."""
        views = {f"by_{axis}": self.pandas_by(axis).to_dict("records") for axis in _AXES}
        return plain_data(
            {
                "method": word("hourly_method", lang),
                "in_inventory": False,
                "gas": self.gas,
                "complete": self.is_complete,
                "kwh": self.kwh,
                "refused_kwh": self.refused_kwh,
                "total_t": self.total_t,
                "calculated_t": self.calculated_t,
                "average_t": self.average_t,
                "average_is_stated": self.average_is_stated,
                "difference_t": self.difference_t,
                "weighted_factor_kg_per_kwh": self.weighted_factor,
                **views,
                "findings": [finding.to_dict(lang) for finding in self.findings],
            }
        )
