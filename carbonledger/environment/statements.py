"""What a book states beside its environmental registers: monitoring that is due, saving targets, and figures of earlier years."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.strict_fields import RECORD, Name, Number

__all__ = ["Every", "ExpectedMonitoring", "QuantityName", "SavingTarget", "StatedFigure"]

Every = Literal["month", "quarter", "half_year", "year"]
QuantityName = Literal[
    "water_withdrawal",
    "water_discharge",
    "water_consumption",
    "water_recycled",
    "waste",
    "waste_hazardous",
    "waste_general",
    "waste_diverted",
    "waste_directed",
    "wastewater",
    "air_nox",
    "air_sox",
    "air_pm",
    "air_voc",
    "air_hap",
    "air_pop",
]
_Amount = Annotated[Number, Field(ge=0)]


@dataclass(frozen=True, slots=True, config=RECORD)
class ExpectedMonitoring:
    """Measurements that are due.

    Parameters
    ----------
    register : {"air", "wastewater", "noise"}
        Of what.
    every : {"month", "quarter", "half_year", "year"}
        How often.
    point : str
        Where, as the register names it; empty for anywhere.
    pollutant : str
        Which, by any of its names; empty for any. Noise has none.
    day_or_night : {"", "day", "night"}
        Of noise: which part of the day; empty for both.
    """

    register: Literal["air", "wastewater", "noise"]
    every: Every
    point: str = ""
    pollutant: str = ""
    day_or_night: Literal["", "day", "night"] = ""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        """Noise has no pollutant, and nothing else a part of the day."""
        for name, is_wrong in (
            ("pollutant", bool(self.pollutant) and self.register == "noise"),
            ("day_or_night", bool(self.day_or_night) and self.register != "noise"),
        ):
            if is_wrong:
                problem = Message.of("MONITORING_FORM", name=name, register=self.register)
                raise PydanticCustomError("measure", "{problem}", {"problem": problem})
        return self


@dataclass(frozen=True, slots=True, config=RECORD)
class SavingTarget:
    """A saving that a company set itself for the reporting year, against the year before.

    Parameters
    ----------
    quantity : str
        Of what, see `QuantityName`.
    saving : float
        How much less than the year before, in `unit`.
    unit : str
        Of the saving.
    name_en, name_zh, source : str
        What it is called, and where it was set.
    """

    quantity: QuantityName
    saving: _Amount
    unit: Name
    name_en: str = ""
    name_zh: str = ""
    source: str = ""

    @property
    def label(self) -> Label:
        """Its name."""
        return Label(self.name_en.strip(), self.name_zh.strip())


@dataclass(frozen=True, slots=True, config=RECORD)
class StatedFigure:
    """A figure of the year before that no register of the book holds.

    Parameters
    ----------
    quantity : str
        Of what, see `QuantityName`.
    amount : float
        In `unit`.
    unit : str
        Of the amount.
    source : str
        Where it stands.
    """

    quantity: QuantityName
    amount: _Amount
    unit: Name
    source: Name
