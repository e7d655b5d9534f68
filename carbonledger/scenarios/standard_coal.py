"""Standard coal of electricity under its two conventions, which are never mixed: 当量值 and 等价值.

References
----------
GB/T 2589-2020: the calorific equivalent of a kWh is its heat, tabulated as a coefficient; the substitution value is the coal rate of the
year's generation, more than twice as much, and no constant of the standard.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from carbonledger.core.units import conversion_factor
from carbonledger.factors.editions import read_edition
from carbonledger.scenarios.savings import CoalConvention

__all__ = ["CoalReading", "coal_readings"]


@dataclass(frozen=True, slots=True)
class CoalReading:
    """What a figure in tce would be under a convention.

    Parameters
    ----------
    tce_per_kwh : float
        Standard coal of a kWh of electricity, tce.
    edition : str
        Where the coefficient stands; empty if no edition carries it, and it is an order of magnitude only.
    """

    tce_per_kwh: float
    edition: str

    def kwh(self, tce: float) -> float:
        """The electricity behind some standard coal, kWh."""
        return tce / self.tce_per_kwh


@cache
def coal_readings() -> Mapping[CoalConvention, CoalReading]:
    """Both conventions for electricity, to say how far they are apart; nothing is calculated with them.

    Examples
    --------
    >>> round(coal_readings()["calorific_equivalent"].kwh(16.0))
    130187
    """
    text = resources.files("carbonledger.scenarios").joinpath("standard_coal.csv").read_text(encoding="utf-8")
    rows = {row["convention"]: row for row in csv.DictReader(text.splitlines())}
    heat, rate = rows["calorific_equivalent"], rows["substitution"]
    listed = read_edition(heat["edition"]).factors("electricity", "standard_coal")
    found = next(iter(listed))
    return {
        "calorific_equivalent": CoalReading(found.value * conversion_factor(found.unit, "tce/kWh"), heat["edition"]),
        "substitution": CoalReading(float(rate["kgce_per_kwh"]) * conversion_factor("kgce/kWh", "tce/kWh"), ""),
    }
