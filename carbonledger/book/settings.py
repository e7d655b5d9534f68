"""What a ``book.toml`` may say. Nothing that moves a figure has a default."""

from __future__ import annotations

from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from carbonledger.activity_data.organisation import Approach
from carbonledger.audit.case import Thresholds
from carbonledger.disclosure.scope3_relevance import Status
from carbonledger.disclosure.standards import PROFILES, ProfileName
from carbonledger.scope2.avoided_emissions import AvoidedMethod
from carbonledger.scope2.market_based import Attributes

__all__ = ["BookSettings", "ScopeTwo"]


class _Settings(BaseModel):
    """A part of the settings; a misspelt name is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Company(_Settings):
    """Whose book it is, and for which year."""

    name_zh: str
    name_en: str
    reporting_year: int
    compare_year: int | None = None
    first_month: int = Field(default=1, ge=1, le=12)
    region: str = ""


class Boundary(_Settings):
    """What the inventory covers, in words."""

    statement_zh: str = ""
    statement_en: str = ""
    approach: Approach | None = None
    profiles: tuple[ProfileName, ...] = ()


class Entity(_Settings):
    """A company of the group, and the names its entries may use."""

    id: str
    name_zh: str
    name_en: str
    aliases: tuple[str, ...] = ()
    without_data: str = ""


class Site(_Settings):
    """A site of a company, where it lies and since when."""

    id: str
    entity: str
    region: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    own_attributes: Literal["kept", "sold"] | None = None
    direct_line_attributes: Literal["kept", "sold"] | None = None


class HoldingSettings(_Settings):
    """What the reporter holds of a company, for a time."""

    entity: str
    ownership_percent: float | None = None
    held_by: str = ""
    financial_control: bool = False
    joint_financial_control: bool = False
    operational_control: bool = False
    valid_from: date | None = None
    valid_to: date | None = None


class Factors(_Settings):
    """Editions by role, the GWP set, and the folder of the book's own editions."""

    folder: str = ""
    gwp: str
    emissions: tuple[str, ...]
    energy: tuple[str, ...] = ()
    standard_coal: tuple[str, ...] = ()
    conventions: tuple[str, ...] = ()
    estimates: tuple[str, ...] = ()
    as_of: str | None = None


class Avoided(_Settings):
    """How the register of avoided emissions is calculated."""

    activity: str
    method: AvoidedMethod
    region: str
    editions: tuple[str, ...]


class ScopeTwo(_Settings):
    """How the market-based total of scope 2 is formed."""

    ruleset: str = "ghgp_s2_2015"
    instruments: str = ""
    own_attributes: Attributes = "kept"
    direct_line_attributes: Literal["kept", "sold"] = "kept"
    validity_months: dict[str, int] = {}
    retired_by: date | None = None


class ScopeThreeStatement(_Settings):
    """What the company says of a scope 3 category."""

    category: int = Field(ge=1, le=15)
    status: Status
    reason_zh: str = ""
    reason_en: str = ""


class DriverSettings(_Settings):
    """What emissions and energy are divided by."""

    name_zh: str
    name_en: str
    amount: float = Field(gt=0)
    unit: str
    scopes: tuple[Literal[1, 2, 3], ...] = (1, 2)


class PriceSettings(_Settings):
    """What spend is converted to before it meets a factor."""

    file: str
    currency: str
    price_year: int


class CheckSettings(_Settings):
    """How far figures may go before a check speaks; what is not named keeps the default of `Thresholds`."""

    near_power_of_ten: float = Field(default=Thresholds().near_power_of_ten, gt=0, lt=0.5)
    meter_tolerance: float = Field(default=Thresholds().meter_tolerance, gt=0, lt=1)
    implied_factor: float = Field(default=Thresholds().implied_factor, gt=0, lt=1)
    factor_lag_years: int = Field(default=Thresholds().factor_lag_years, ge=0)
    fuel_rate_min: float = Field(default=Thresholds().fuel_rate_min, ge=0)
    fuel_rate_max: float = Field(default=Thresholds().fuel_rate_max, gt=0)
    grid_rate_max: float = Field(default=Thresholds().grid_rate_max, gt=0)
    heat_rate_max: float = Field(default=Thresholds().heat_rate_max, gt=0)
    diesel_kg_per_litre: float = Field(default=Thresholds().diesel_kg_per_litre, gt=0)
    unexplained_change_percent: float = Field(default=Thresholds().unexplained_change_percent, gt=0)
    near_duplicate_days: int = Field(default=Thresholds().near_duplicate_days, ge=0)


class SuppressionSettings(_Settings):
    """A finding that was looked at and is in order, with the reason."""

    rule: str
    reason: str
    file: str = ""
    row: int | None = None
    contains: str = ""


class Files(_Settings):
    """What lies where in the folder."""

    entries: tuple[str, ...]
    prorate_by_days: bool = False
    prorate_weights: str = ""
    estimates: str = ""
    registers: str = ""
    published: str = ""
    relations: str = ""
    reconstructions: str = ""
    spaces: str = ""


class BookSettings(_Settings):
    """The whole of ``book.toml``."""

    company: Company
    boundary: Boundary = Boundary()
    entities: tuple[Entity, ...] = Field(default=(), alias="entity")
    sites: tuple[Site, ...] = Field(default=(), alias="site")
    holdings: tuple[HoldingSettings, ...] = Field(default=(), alias="holding")
    factors: Factors
    avoided_emissions: Avoided | None = None
    scope_2: ScopeTwo | None = None
    prices: PriceSettings | None = None
    checks: CheckSettings = CheckSettings()
    suppressions: tuple[SuppressionSettings, ...] = Field(default=(), alias="suppress")
    scope_3: tuple[ScopeThreeStatement, ...] = ()
    drivers: tuple[DriverSettings, ...] = Field(default=(), alias="driver")
    files: Files

    @property
    def company_ids(self) -> dict[str, str]:
        """The id of each listed company by every name that entries and records may use."""
        return {
            name: item.id
            for item in reversed(self.entities)
            for name in (*item.aliases, item.name_en, item.name_zh, item.id)
        }

    @model_validator(mode="after")
    def _by_id(self) -> Self:
        """Sites and holdings may name a company as its entries do."""
        ids = self.company_ids
        sites = tuple(item.model_copy(update={"entity": ids.get(item.entity, item.entity)}) for item in self.sites)
        holdings = tuple(
            item.model_copy(
                update={
                    "entity": ids.get(item.entity, item.entity),
                    "held_by": item.held_by and ids.get(item.held_by, item.held_by),
                }
            )
            for item in self.holdings
        )
        return self.model_copy(update={"sites": sites, "holdings": holdings}) if ids else self

    @property
    def profiles(self) -> tuple[ProfileName, ...]:
        """The standards whose totals the report shows: those stated, else all that apply where the company is."""
        if self.boundary.profiles:
            return self.boundary.profiles
        chinese = self.company.region.split("-")[0] in {"CN", ""}
        return tuple(name for name in PROFILES if chinese or name != "cn_ndrc")

    @model_validator(mode="after")
    def _once(self) -> Self:
        """Every company and every site of a company is listed once, and no site ends before it begins."""
        keys = [("entity", item.id) for item in self.entities] + [
            ("site", f"{item.entity}/{item.id}") for item in self.sites
        ]
        twice = next((key for at, key in enumerate(keys) if key in keys[:at]), None)
        if twice is not None:
            raise ValueError(f"the {twice[0]} {twice[1]!r} is listed twice")
        for site in self.sites:
            if site.valid_from and site.valid_to and site.valid_to < site.valid_from:
                raise ValueError(f"the site {site.id!r} ends on {site.valid_to}, before it begins on {site.valid_from}")
        return self
