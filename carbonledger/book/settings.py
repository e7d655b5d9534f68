"""What a ``book.toml`` may say. Nothing that moves a figure has a default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    model_validator,
)
from pydantic_core import PydanticCustomError

from carbonledger.activity_data.cell import plain_text
from carbonledger.activity_data.expected_sources import ExpectedSource
from carbonledger.activity_data.organisation import Approach, Holding
from carbonledger.activity_data.sites import Site
from carbonledger.activity_data.table_settings import TableSettings
from carbonledger.audit.case import Thresholds
from carbonledger.audit.suppressions import Suppression
from carbonledger.comparison.base_year_policy import BaseYearPolicy
from carbonledger.core.errors import RegionError
from carbonledger.core.language import Label, Lang
from carbonledger.core.period_texts import DateOrder
from carbonledger.core.regions import canonical_region
from carbonledger.core.strict_fields import STRICT, Day, Listed, Name, Year
from carbonledger.disclosure.intensity import Driver
from carbonledger.disclosure.scope3_relevance import RelevanceStatement
from carbonledger.disclosure.standards import PROFILES, ProfileName
from carbonledger.environment.statements import ExpectedMonitoring, SavingTarget, StatedFigure
from carbonledger.monitoring.limits import WatchSettings
from carbonledger.readings.stated import StatedReadings
from carbonledger.scenarios.measures import Measure
from carbonledger.scenarios.savings import Saving, check_savings
from carbonledger.scope2.avoided_emissions import AvoidedMethod
from carbonledger.scope2.market_based import Attributes
from carbonledger.targets.target import Target
from carbonledger.uncertainty.stated import UncertaintySettings

__all__ = ["BookSettings", "ScopeTwo"]


def _region(text: str) -> str:
    """The code of a region, however it is written; empty if none is stated."""
    if not text.strip():
        return ""
    try:
        return canonical_region(text)
    except RegionError as error:
        raise PydanticCustomError("unknown_region", "unknown region", {"problem": error.says or str(error)}) from error


_Region = Annotated[str, AfterValidator(_region)]
_NAMES = ("name_zh", "name_en")
_Names = Annotated[tuple[Name, ...], Listed]


class _Settings(BaseModel):
    """A part of the settings; a misspelt name is refused, and so is a value of another kind."""

    model_config = ConfigDict(**STRICT, frozen=True)


class _Named(_Settings):
    """What has a name in Chinese, in English, or in both; where one is not given, the other is printed."""

    name_zh: str = ""
    name_en: str = ""

    @model_validator(mode="after")
    def _has_a_name(self) -> Self:
        """One of the two at least."""
        if not self.names and self._needs_a_name:
            raise PydanticCustomError("name_missing", "name_zh or name_en")
        return self

    @property
    def _needs_a_name(self) -> bool:
        """Whether there is anything to be called by it."""
        return True

    @property
    def names(self) -> tuple[str, ...]:
        """The names that it has."""
        return tuple(name for name in (self.name_en, self.name_zh) if name.strip())

    def name_in(self, lang: Lang) -> str:
        """The name in a language, or the only one there is."""
        return Label(self.name_en.strip(), self.name_zh.strip()).text(lang)


def _with_both_names(table: object) -> object:
    """A table with the name that it does not give as an empty one."""
    if not isinstance(table, dict) or not any(str(table.get(name, "")).strip() for name in _NAMES):
        return table
    return {**dict.fromkeys(_NAMES, ""), **table}


class Company(_Named):
    """Whose book it is, and for which year."""

    reporting_year: Year
    compare_year: Year | None = None
    compare_book: str = ""
    compare_driver: str = ""
    first_month: int = Field(default=1, ge=1, le=12)
    region: _Region = ""

    @model_validator(mode="after")
    def _compared_year(self) -> Self:
        """A book to compare with, or a driver to compare by, needs the year that is compared with."""
        alone = self.compare_book or self.compare_driver
        if alone and self.compare_year is None:
            raise PydanticCustomError("compare_book_alone", "compare_year", {"name": alone})
        return self


class Boundary(_Settings):
    """What the inventory covers, in words."""

    statement_zh: str = ""
    statement_en: str = ""
    approach: Approach | None = None
    profiles: Annotated[tuple[ProfileName, ...], Listed] = ()


class Entity(_Named):
    """A company of the group, and the names its entries may use."""

    id: Name
    aliases: Annotated[tuple[str, ...], Listed] = ()
    without_data: str = ""

    @property
    def _needs_a_name(self) -> bool:
        """Entries that name no company may be printed without a name."""
        return "" not in self.aliases


class OlderFactors(_Settings):
    """How old the figures of an edition may be in this book, and why."""

    edition: Name
    years: Annotated[int, Field(ge=0, le=100)]
    reason: Name


def _as_text(value: Any) -> Any:
    """A number as the text that it is written with; ``true`` is none."""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


class OwnFactor(_Settings):
    """A factor of the book itself: a number with its unit and its source."""

    activity: Name
    value: Annotated[Name, BeforeValidator(_as_text)]
    unit: str = ""
    source: Name
    region: _Region = ""
    year: Year | None = None
    gas: str = ""
    parameter: str = ""
    heating_value: Literal["", "net", "gross"] = ""
    gwp_basis: str = ""
    variant: str = ""
    published: Day | None = None
    note: str = ""


class Factors(_Settings):
    """Editions by role, the GWP set, the folder of the book's own editions, and factors that stand in the book itself.

    A book of energy alone states ``emissions = []``.
    """

    own: Annotated[tuple[OwnFactor, ...], Listed] = ()
    folder: str = ""
    gwp: Name
    emissions: _Names
    energy: _Names = ()
    standard_coal: _Names = ()
    conventions: _Names = ()
    estimates: _Names = ()
    as_of: Day | None = None
    by_activity: dict[str, str] = {}
    max_lag: Annotated[tuple[OlderFactors, ...], Listed] = ()

    @model_validator(mode="before")
    @classmethod
    def _own_alone(cls, table: Any) -> Any:
        """Factors of the book itself need no edition beside them."""
        return {"emissions": [], **table} if isinstance(table, dict) and table.get("own") else table


# What a publication without entries pins.
NOTHING_PINNED = Factors.model_construct(gwp="", emissions=())


class Avoided(_Settings):
    """How the register of avoided emissions is calculated."""

    activity: Name
    method: AvoidedMethod
    region: _Region
    editions: Annotated[_Names, Field(min_length=1)]


class ScopeTwo(_Settings):
    """How the market-based total of scope 2 is formed."""

    ruleset: str = "ghgp_s2_2015"
    instruments: str = ""
    own_attributes: Attributes = "kept"
    direct_line_attributes: Literal["kept", "sold"] = "kept"
    validity_months: dict[str, Annotated[int, Field(ge=1, le=1200)]] = {}
    retired_by: Day | None = None


class PriceSettings(_Settings):
    """What spend is converted to before it meets a factor."""

    file: Name
    currency: Name
    price_year: Year


class Files(_Settings):
    """What lies where in the folder."""

    entries: Annotated[_Names, Field(min_length=1)] = ()
    allow_outside: _Names = ()
    decimal: Literal["", ".", ","] = ""
    date_order: DateOrder = ""
    prorate_by_days: bool = False
    prorate_weights: str = ""
    estimates: str = ""
    registers: str = ""
    history: str = ""
    published: str = ""
    relations: str = ""
    reconstructions: str = ""
    spaces: str = ""
    water: str = ""
    waste: str = ""
    air: str = ""
    wastewater: str = ""
    noise: str = ""
    gri_index: str = ""
    products: _Names = ()
    supplier_footprints: _Names = ()


class EnvironmentSettings(_Settings):
    """What the book states beside its registers of water, waste, air and noise."""

    water_t_per_m3: Annotated[float, Field(gt=0)] | None = None
    targets: Annotated[tuple[SavingTarget, ...], Listed] = Field(default=(), alias="target")
    previous: Annotated[tuple[StatedFigure, ...], Listed] = ()


class BookSettings(_Settings):
    """The whole of ``book.toml``."""

    company: Company
    boundary: Boundary = Boundary()
    entities: Annotated[tuple[Entity, ...], Listed] = Field(default=(), alias="entity")
    sites: Annotated[tuple[Site, ...], Listed] = Field(default=(), alias="site")
    sources: Annotated[tuple[ExpectedSource, ...], Listed] = Field(default=(), alias="source")
    holdings: Annotated[tuple[Holding, ...], Listed] = Field(default=(), alias="holding")
    factors: Factors = NOTHING_PINNED
    avoided_emissions: Avoided | None = None
    scope_2: ScopeTwo | None = None
    prices: PriceSettings | None = None
    checks: Thresholds = Thresholds()
    suppressions: Annotated[tuple[Suppression, ...], Listed] = Field(default=(), alias="suppress")
    scope_3: Annotated[tuple[RelevanceStatement, ...], Listed] = ()
    drivers: Annotated[tuple[Annotated[Driver, BeforeValidator(_with_both_names)], ...], Listed] = Field(
        default=(), alias="driver"
    )
    measures: Annotated[tuple[Annotated[Measure, BeforeValidator(_with_both_names)], ...], Listed] = Field(
        default=(), alias="measure"
    )
    savings: Annotated[tuple[Annotated[Saving, BeforeValidator(_with_both_names)], ...], Listed] = Field(
        default=(), alias="saving"
    )
    targets: Annotated[tuple[Annotated[Target, BeforeValidator(_with_both_names)], ...], Listed] = Field(
        default=(), alias="target"
    )
    base_year: BaseYearPolicy | None = None
    uncertainty: UncertaintySettings | None = None
    environment: EnvironmentSettings = EnvironmentSettings()
    watch: WatchSettings = WatchSettings()
    monitoring: Annotated[tuple[ExpectedMonitoring, ...], Listed] = ()
    activities: dict[str, str] = {}
    files: Files
    tables: Annotated[tuple[TableSettings, ...], Listed] = Field(default=(), alias="table")
    readings: Annotated[tuple[StatedReadings, ...], Listed] = ()

    @property
    def company_ids(self) -> dict[str, str]:
        """The id of each listed company by every name that entries and records may use."""
        ids = {name: item.id for item in reversed(self.entities) for name in (*item.aliases, *item.names, item.id)}
        # Tables are read with signs of full width as plain ones, such as the brackets of 甲（青岛）.
        return {**{plain_text(name): own for name, own in ids.items()}, **ids}

    @model_validator(mode="after")
    def _by_id(self) -> Self:
        """Sites, sources, holdings, measures and events may name a company as its entries do."""
        ids = self.company_ids
        sites = tuple(
            replace(item, id=plain_text(item.id) or item.id, entity=ids.get(item.entity, item.entity))
            for item in self.sites
        )
        sources = tuple(replace(item, entity=ids.get(item.entity, item.entity)) for item in self.sources)
        holdings = tuple(
            replace(
                item,
                entity=ids.get(item.entity, item.entity),
                held_by=item.held_by and ids.get(item.held_by, item.held_by),
            )
            for item in self.holdings
        )
        measures = tuple(
            replace(item, entity=item.entity and ids.get(item.entity, item.entity)) for item in self.measures
        )
        base_year = self.base_year and self.base_year.with_company_ids(ids)
        uncertainty = self.uncertainty and self.uncertainty.with_companies(ids)
        changed = {
            "uncertainty": uncertainty,
            "sites": sites,
            "sources": sources,
            "holdings": holdings,
            "measures": measures,
            "base_year": base_year,
        }
        return self.model_copy(update=changed) if ids or sites else self

    @property
    def profiles(self) -> tuple[ProfileName, ...]:
        """The standards whose totals the report shows: those stated, else all that apply where the company is."""
        if self.boundary.profiles:
            return self.boundary.profiles
        chinese = self.company.region.split("-")[0] in {"CN", ""}
        return tuple(name for name in PROFILES if chinese or name != "cn_ndrc")

    @model_validator(mode="before")
    @classmethod
    def _of_a_publication(cls, tables: Any) -> Any:
        """A book of published figures alone needs neither entries nor factors; in any other, None stands for what is missing."""
        if not isinstance(tables, Mapping):
            return tables
        files = tables.get("files")
        named = set(files) if isinstance(files, Mapping) else set()
        if "entries" not in named and named & {"published", "relations"}:
            return tables
        if tables.get("readings"):
            return {"factors": None, "files": {}, **tables}
        needed = {"files": {"entries": None, **files}} if isinstance(files, Mapping) else {}
        return {"factors": None, **tables, **needed}

    @model_validator(mode="after")
    def _once(self) -> Self:
        """Every company and every site of a company is listed once, and no site ends before it begins."""
        keys = [("entity", item.id) for item in self.entities] + [
            ("site", f"{item.entity}/{item.id}") for item in self.sites
        ]
        twice = next((key for at, key in enumerate(keys) if key in keys[:at]), None)
        if twice is not None:
            raise PydanticCustomError("listed_twice", "listed twice", {"table": twice[0], "name": twice[1]})
        for site in self.sites:
            if site.valid_from and site.valid_to and site.valid_to < site.valid_from:
                days = {"first": str(site.valid_from), "last": str(site.valid_to)}
                raise PydanticCustomError("ends_early", "ends before it begins", {"name": site.id, **days})
        check_savings(self.savings, tuple(item.id for item in self.targets))
        return self
