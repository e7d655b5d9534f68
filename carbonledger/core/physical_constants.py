"""Physical constants of published formulas: value, unit and source of each, read from ``physical_constants.csv``.

They describe water and steam, not a country or a year, so no edition of factors replaces them and nothing
matches them to an activity; see ``docs/decisions/0009-physical-constants.md``.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType

__all__ = ["PhysicalConstant", "physical_constant", "physical_constants"]


@dataclass(frozen=True, slots=True)
class PhysicalConstant:
    """A constant with its unit and its source.

    Parameters
    ----------
    name : str
        In the table, e.g. ``water_specific_heat``.
    text : str
        The value as published, a decimal number.
    unit : str
        Of the value.
    meaning_en, meaning_zh : str
        What it is, in English and Chinese.
    source : str
        Publisher and formula.
    """

    name: str
    text: str
    unit: str
    meaning_en: str
    meaning_zh: str
    source: str

    @property
    def value(self) -> float:
        """The value in its unit."""
        return float(self.text)


@cache
def physical_constants() -> Mapping[str, PhysicalConstant]:
    """Every constant by name."""
    text = resources.files("carbonledger.core").joinpath("physical_constants.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return MappingProxyType(
        {
            row["name"]: PhysicalConstant(
                row["name"], row["value"], row["unit"], row["meaning_en"], row["meaning_zh"], row["source"]
            )
            for row in rows
        }
    )


def physical_constant(name: str) -> float:
    """The value of a constant, in the unit of the table.

    Parameters
    ----------
    name : str
        In the table.

    Returns
    -------
    float

    Examples
    --------
    >>> physical_constant("water_specific_heat")
    4.1868
    """
    return physical_constants()[name].value
