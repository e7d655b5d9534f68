"""What a ``book.toml`` may say. Nothing that moves a figure has a default."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from carbonledger.activity_data.organisation import Approach, Holding
from carbonledger.activity_data.sites import Site
from carbonledger.audit.case import Thresholds
from carbonledger.audit.suppressions import Suppression
from carbonledger.disclosure.intensity import Driver
from carbonledger.disclosure.scope3_relevance import RelevanceStatement
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


class PriceSettings(_Settings):
    """What spend is converted to before it meets a factor."""

    file: str
    currency: str
    price_year: int


class Files(_Settings):
    """What lies where in the folder."""

    entries: tuple[str, ...]
    decimal: Literal["", ".", ","] = ""
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
    holdings: tuple[Holding, ...] = Field(default=(), alias="holding")
    factors: Factors
    avoided_emissions: Avoided | None = None
    scope_2: ScopeTwo | None = None
    prices: PriceSettings | None = None
    checks: Thresholds = Thresholds()
    suppressions: tuple[Suppression, ...] = Field(default=(), alias="suppress")
    scope_3: tuple[RelevanceStatement, ...] = ()
    drivers: tuple[Driver, ...] = Field(default=(), alias="driver")
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
        sites = tuple(replace(item, entity=ids.get(item.entity, item.entity)) for item in self.sites)
        holdings = tuple(
            replace(
                item,
                entity=ids.get(item.entity, item.entity),
                held_by=item.held_by and ids.get(item.held_by, item.held_by),
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
