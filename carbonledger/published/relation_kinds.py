"""The kinds of relations, each with a model of its members: what a file of relations may say."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from carbonledger.published.register_quantities import RegisterQuantity

__all__ = ["HEAD_MEMBERS", "KINDS", "MEMBERS_WITHOUT_FIGURES", "Kind", "UnknownTable"]

Name = Annotated[str, StringConstraints(min_length=1)]
Names = Annotated[list[Name], Field(min_length=1)]
Year = Annotated[int, Field(ge=1900, le=2200)]
InventoryQuantity = Literal[
    "energy_gj",
    "energy_tce",
    "standard_coal_tce",
    "primary_energy_gj",
    "primary_energy_tce",
    "crude_oil_kl",
    "emissions_tco2e",
    "gas_t",
    "intensity_tco2e",
    "intensity_gj",
]
HEAD_MEMBERS = ("id", "kind", "title_zh", "title_en")


def _decimal_limit(value: Any) -> Any:
    """A limit as it is written: a whole number, a number, or text."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise ValueError("a limit is a number")
    try:
        number = Decimal(str(value))
    except ArithmeticError as error:
        raise ValueError(f"{value!r} is not a number") from error
    if not number.is_finite():
        raise ValueError(f"{value!r} is not a finite number")
    return number


Limit = Annotated[Decimal | None, BeforeValidator(_decimal_limit)]


class _Table(BaseModel):
    """Base of the tables of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, defer_build=True)


class Kind(_Table):
    """Base of the tables of the relations."""

    id: Name
    kind: Name
    title_zh: str = ""
    title_en: str = ""


class _Sum(Kind):
    """The parts sum to the total."""

    total: Name
    parts: Names


class _Difference(Kind):
    """The minuend less the subtrahend is the result."""

    result: Name
    minuend: Name
    subtrahend: Name


class _PercentChange(Kind):
    """The current value is the previous one changed by a percentage."""

    change: Name
    current: Name
    previous: Name
    direction: Literal["increase", "decrease"] = "increase"


class _Ratio(Kind):
    """The numerator over the denominator is the result."""

    result: Name
    numerator: Name
    denominator: Name


class _Share(Kind):
    """The part is a percentage of the whole."""

    result: Name
    part: Name
    whole: Name


class _SharesSum(Kind):
    """Percentages of one whole sum to 100 %."""

    parts: Names


class _Same(Kind):
    """One figure printed in several places."""

    figures: Annotated[list[Name], Field(min_length=2)]


class _Count(Kind):
    """The printed count is the number of items that the report lists."""

    count: Name
    items: Names

    @field_validator("items")
    @classmethod
    def _different_items(cls, items: list[str]) -> list[str]:
        """No item is listed twice."""
        twice = next((item for at, item in enumerate(items) if item in items[:at]), None)
        if twice is not None:
            raise ValueError(f"{twice!r} is listed twice")
        return items


class _UnitConversion(Kind):
    """A figure is another in a different unit, by definition or by a printed factor."""

    result: Name
    source: Name
    factor: Name | None = None


class _Steady(Kind):
    """The quotients of several years are alike within some per cent."""

    numerators: Annotated[list[Name], Field(min_length=2)]
    denominators: Annotated[list[Name], Field(min_length=2)]
    within_percent: Annotated[float, Field(gt=0, le=1000, strict=False)] = 30.0

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        """There is a denominator for each numerator."""
        if len(self.numerators) != len(self.denominators):
            raise ValueError(f"{len(self.numerators)} numerators have {len(self.denominators)} denominators")
        return self


class _Rebuild(Kind):
    """A printed figure follows from the inventory; see `carbonledger.published.recalculation`."""

    figure: Name
    quantity: Literal[InventoryQuantity, RegisterQuantity]
    activity: Name | None = None
    entity: Name | None = None
    scope: Literal[1, 2, 3] | None = None
    gas: Name | None = None
    scope_2: Literal["location", "market"] | None = None
    driver: Name | None = None
    convention: Name | None = None
    point: Name | None = None
    pollutant: Name | None = None
    day_or_night: Literal["day", "night"] | None = None
    year: Year | None = None
    change: Literal["percent", "amount"] | None = None
    against: Year | None = None
    direction: Literal["increase", "decrease"] | None = None

    @model_validator(mode="after")
    def _of_a_change(self) -> Self:
        """Only a change has a year that it is against, and a direction."""
        if self.change is None and (self.against is not None or self.direction is not None):
            raise ValueError("'against' and 'direction' go with 'change'")
        return self


KINDS: Mapping[str, type[Kind]] = {
    "sum": _Sum,
    "difference": _Difference,
    "percent_change": _PercentChange,
    "ratio": _Ratio,
    "share": _Share,
    "shares_sum": _SharesSum,
    "same": _Same,
    "count": _Count,
    "unit_conversion": _UnitConversion,
    "steady": _Steady,
    "rebuild": _Rebuild,
}
# Members that are not names of figures; of a relation of kind ``rebuild`` only ``figure`` is one.
MEMBERS_WITHOUT_FIGURES = frozenset({"direction", "items", "within_percent"})


class UnknownTable(_Table):
    """The label and unit of an unknown."""

    id: Name
    label_zh: str = ""
    label_en: str = ""
    unit: str = ""
    at_least: Limit = None
    at_most: Limit = None

    @model_validator(mode="after")
    def _limits_in_order(self) -> Self:
        """The lower limit is not above the upper one."""
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError(f"at_least {self.at_least} is above at_most {self.at_most}")
        return self
