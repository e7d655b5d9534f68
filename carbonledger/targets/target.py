"""Targets as a company states them: what is promised of which scopes, from which base, by when.

A record holds what is stated; whether it can be followed is said by `faults.target_faults`. Targets are independent of each other.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from carbonledger.core.language import Label, Lang
from carbonledger.core.strict_fields import RECORD, Listed, Name, Number, WholeNumber, Year, each_once
from carbonledger.targets.benchmarks import Benchmark, benchmarks
from carbonledger.targets.paths import (
    ReductionPath,
    Shape,
    compound_reduction_percent,
    linear_reduction_percent,
    reduced,
)

__all__ = ["Assumptions", "Kind", "Milestone", "Target"]

Kind = Literal["absolute", "intensity", "linear_contraction", "peak_year", "neutrality"]
Method = Literal["", "location_based", "market_based"]
Counted = Literal["removals", "credits", "avoided_emissions"]
_SCOPE_2 = 2


@dataclass(frozen=True, slots=True, config=RECORD)
class Milestone:
    """A year between base and target with what is promised for it.

    Parameters
    ----------
    year : int
        Which.
    reduction_percent : float or None
        The reduction of the base [%].
    target_value : float or None
        Or the value: t CO2e, of an intensity per unit of the denominator.
    """

    year: Year
    reduction_percent: Number | None = None
    target_value: Number | None = None


@dataclass(frozen=True, slots=True, config=RECORD)
class Assumptions:
    """What is assumed of the years to come.

    Parameters
    ----------
    source : str
        Where the assumptions come from.
    growth_percent : float
        By how much activity grows every year, at today's factors [% of the year before].
    grid_decline_percent : float
        By how much the emission factor of the grid falls every year [% of the year before].
    """

    source: Name
    growth_percent: Annotated[Number, Field(gt=-100, le=100)] = 0.0
    grid_decline_percent: Annotated[Number, Field(ge=0, le=100)] = 0.0


@dataclass(frozen=True, slots=True, config=RECORD)
class Target:
    """What a company has promised.

    Parameters
    ----------
    id : str
        Its name in outputs and findings.
    kind : {"absolute", "intensity", "linear_contraction", "peak_year", "neutrality"}
        Less in all; less per unit of a denominator; less by a rate of the base every year; no more after a year; net zero by a year.
    target_year : int
        By when.
    scopes : tuple of int
        Of which scopes.
    source : str
        Where the promise stands.
    name_zh, name_en : str
        What it is called; one of the two may be empty.
    scope_2_method : {"", "location_based", "market_based"}
        By which method scope 2 is counted; base and now by the same.
    base_year : int or None
        From which year the reduction is counted.
    base_value : float or None
        Of the base year: t CO2e, of an intensity per unit of the denominator; else it is taken from the years of the book.
    base_scope_2_method : {"", "location_based", "market_based"}
        By which method the stated base value counts scope 2, if that is another.
    reduction_percent, target_value, annual_rate_percent : float or None
        What is promised, one of them: a reduction of the base [%], a value in the unit of `base_value`, a reduction every year [%].
    rate : str
        Or a published rate, see ``benchmarks.csv``; beside one of the others it is what that one is compared with.
    path : {"linear", "compound"}
        How the way from the base to the target is thought of; of an annual rate, whether it is of the base or of the year before.
    milestones : tuple of Milestone
        Years in between.
    tolerance_percent : float
        How far from the path is still on it [% of the path].
    denominator : str
        Of an intensity, the name of a ``[[driver]]``.
    boundary : str
        Of what the promise is made; empty for the boundary of the book.
    ruleset, validated_by : str
        By which rules it was made, and who validated it.
    counts : tuple of {"removals", "credits", "avoided_emissions"}
        Of a neutrality, what the promise sets against the emissions that remain.
    outlook : Assumptions or None
        What is assumed of the years to come.
    """

    id: Name
    kind: Kind
    target_year: Year
    scopes: Annotated[
        tuple[Annotated[Literal[1, 2, 3], WholeNumber], ...], Listed, Field(min_length=1), AfterValidator(each_once)
    ]
    source: Name
    name_zh: str = ""
    name_en: str = ""
    scope_2_method: Method = ""
    base_year: Year | None = None
    base_value: Number | None = None
    base_scope_2_method: Method = ""
    reduction_percent: Number | None = None
    target_value: Number | None = None
    annual_rate_percent: Number | None = None
    rate: str = ""
    path: Shape = "linear"
    milestones: Annotated[tuple[Milestone, ...], Listed] = ()
    tolerance_percent: Annotated[Number, Field(ge=0, le=100)] = 0.0
    denominator: str = ""
    boundary: str = ""
    ruleset: str = ""
    validated_by: str = ""
    counts: Annotated[tuple[Counted, ...], Listed, AfterValidator(each_once)] = ()
    outlook: Assumptions | None = None

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        """It is called something."""
        if not (self.name_zh.strip() or self.name_en.strip()):
            raise PydanticCustomError("name_missing", "name_zh or name_en")
        return self

    @property
    def label(self) -> Label:
        """Its name."""
        return Label(self.name_en.strip(), self.name_zh.strip())

    @property
    def method(self) -> Method:
        """The method of scope 2; empty where scope 2 is no part of it."""
        return self.scope_2_method if _SCOPE_2 in self.scopes else ""

    @property
    def ordered_scopes(self) -> tuple[int, ...]:
        """Its scopes, ascending."""
        return tuple(sorted(self.scopes))

    @property
    def has_path(self) -> bool:
        """Whether it is a reduction from a base to a value: of a peak and of a neutrality other things are asked."""
        return self.kind not in {"peak_year", "neutrality"}

    @property
    def published_rate(self) -> Benchmark | None:
        """The published rate that it names, if there is one."""
        found = benchmarks().get(self.rate)
        return found if found is not None and found.quantity == "rate" else None

    @property
    def stated(self) -> tuple[str, ...]:
        """Which of the ways to state a reduction it uses; a published rate only where there is no other."""
        names = ("reduction_percent", "target_value", "annual_rate_percent")
        return tuple(name for name in names if getattr(self, name) is not None) or (("rate",) if self.rate else ())

    @property
    def shape(self) -> Shape:
        """The shape of its path: that of the published rate where this decides, linear of a linear contraction, else as stated."""
        if self.kind == "linear_contraction":
            return "linear"
        rate = self.published_rate
        return rate.path_shape if rate is not None and self.stated == ("rate",) else self.path

    def reduction(self, base: float) -> float | None:
        """The reduction of a base that it promises [%]; None if it states none, or a value of a base of 0."""
        if self.target_value is not None:
            return 100.0 * (base - self.target_value) / base if base else None
        if self.reduction_percent is not None:
            return self.reduction_percent
        if self.base_year is None:
            return None
        if self.annual_rate_percent is not None:
            by_rate = linear_reduction_percent if self.shape == "linear" else compound_reduction_percent
            return by_rate(self.annual_rate_percent, self.target_year - self.base_year)
        rate = self.published_rate
        return None if rate is None else rate.reduction_percent(self.base_year, self.target_year)

    def value(self, base: float) -> float | None:
        """The value promised for the target year, in the unit of the base; None if it states none."""
        if self.target_value is not None:
            return self.target_value
        percent = self.reduction(base)
        return None if percent is None else reduced(base, percent)

    def path_from(self, base: float) -> ReductionPath | None:
        """The way from a base over the milestones to the target; None if it promises no value."""
        value = self.value(base)
        if self.base_year is None or value is None:
            return None
        between = [(item.year, _value_of(item, base)) for item in sorted(self.milestones, key=lambda item: item.year)]
        return ReductionPath(((self.base_year, base), *between, (self.target_year, value)), self.shape)

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """What is stated, as plain data."""
        rate = self.published_rate
        return {
            "id": self.id,
            "name": self.label.text(lang),
            "kind": self.kind,
            "scopes": list(self.ordered_scopes),
            "scope_2_method": self.method or None,
            "boundary": self.boundary,
            "denominator": self.denominator,
            "base_year": self.base_year,
            "target_year": self.target_year,
            "reduction_percent": self.reduction_percent,
            "annual_rate_percent": self.annual_rate_percent,
            "rate": rate.to_dict(lang) if rate else None,
            "path": self.shape if self.has_path else None,
            "tolerance_percent": self.tolerance_percent,
            "counts": list(self.counts),
            "ruleset": self.ruleset,
            "validated_by": self.validated_by,
            "source": self.source,
        }


def _value_of(item: Milestone, base: float) -> float:
    """The value that a milestone promises."""
    return reduced(base, item.reduction_percent or 0.0) if item.target_value is None else item.target_value
