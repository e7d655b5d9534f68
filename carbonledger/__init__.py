"""Corporate carbon and energy accounting: activity data to GJ and t CO2e, each number explained."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carbonledger.activity_data.checks import check_entries
    from carbonledger.activity_data.entries import Entries, read_entries
    from carbonledger.book.book import Book, open_book
    from carbonledger.comparison.year_on_year import compare
    from carbonledger.core.activities import canonical_activity, taxonomy
    from carbonledger.core.errors import (
        AmbiguousFactorError,
        BookError,
        CarbonLedgerError,
        DimensionError,
        EditionError,
        EntriesError,
        FactorError,
        FigureError,
        IncompleteInventoryWarning,
        InvariantError,
        LockError,
        MissingBridgeError,
        MissingFactorError,
        UnitError,
        UnknownActivityError,
        UnknownEditionError,
        UnknownUnitError,
    )
    from carbonledger.core.findings import Finding
    from carbonledger.core.periods import Period, parse_period
    from carbonledger.core.printed_number import Figure, agreement, parse_figure
    from carbonledger.core.rounding import Interval, implied_previous, round_figure
    from carbonledger.core.units import canonical_unit, conversion_factor, quantity, registry
    from carbonledger.disclosure.primary_energy import national_energy
    from carbonledger.factors.diff import Change, diff_editions
    from carbonledger.factors.editions import catalogue, read_edition
    from carbonledger.factors.factor import Edition, Factor
    from carbonledger.factors.gwp import GwpSet, read_gwp
    from carbonledger.factors.matching import Decision, Match, Query, find_factors
    from carbonledger.factors.own import new_edition, seal_edition
    from carbonledger.factors.pinned import PinnedFactors, load_factors
    from carbonledger.factors.refrigerant_blends import BlendPotential, blend_gwp
    from carbonledger.factors.search import FactorHit, search_factors
    from carbonledger.factors.verification import verify_edition
    from carbonledger.factors.why import SeriesDecision, why
    from carbonledger.inventory.calculate import calculate
    from carbonledger.inventory.coefficients import Plan
    from carbonledger.inventory.explanation import Explanation
    from carbonledger.inventory.inventory import Inventory
    from carbonledger.inventory.plan import build_plan
    from carbonledger.published.network import ConstraintNetwork, propagate
    from carbonledger.scope2.avoided_emissions import AvoidedEmissions, avoided_emissions

_HOMES = {
    "published.network": (
        "ConstraintNetwork",
        "propagate",
    ),
    "inventory.calculate": ("calculate",),
    "disclosure.primary_energy": ("national_energy",),
    "scope2.avoided_emissions": ("AvoidedEmissions", "avoided_emissions"),
    "inventory.explanation": ("Explanation",),
    "inventory.inventory": ("Inventory",),
    "inventory.plan": ("Plan", "build_plan"),
    "core.activities": ("canonical_activity", "taxonomy"),
    "comparison.year_on_year": ("compare",),
    "book.book": ("Book", "open_book"),
    "core.errors": (
        "AmbiguousFactorError",
        "BookError",
        "CarbonLedgerError",
        "DimensionError",
        "EditionError",
        "EntriesError",
        "FactorError",
        "FigureError",
        "IncompleteInventoryWarning",
        "InvariantError",
        "LockError",
        "MissingBridgeError",
        "MissingFactorError",
        "UnitError",
        "UnknownActivityError",
        "UnknownEditionError",
        "UnknownUnitError",
    ),
    "core.findings": ("Finding",),
    "factors.refrigerant_blends": ("BlendPotential", "blend_gwp"),
    "factors.diff": ("Change", "diff_editions"),
    "factors.editions": ("catalogue", "read_edition"),
    "factors.factor": ("Edition", "Factor"),
    "factors.gwp": ("GwpSet", "read_gwp"),
    "factors.matching": ("Decision", "Match", "Query", "find_factors"),
    "factors.own": ("new_edition", "seal_edition"),
    "factors.pinned": ("PinnedFactors", "load_factors"),
    "factors.search": ("FactorHit", "search_factors"),
    "factors.verification": ("verify_edition",),
    "factors.why": ("SeriesDecision", "why"),
    "activity_data.checks": ("check_entries",),
    "activity_data.entries": ("Entries", "read_entries"),
    "core.periods": ("Period", "parse_period"),
    "core.printed_number": ("Figure", "agreement", "parse_figure"),
    "core.rounding": ("Interval", "implied_previous", "round_figure"),
    "core.units": ("canonical_unit", "conversion_factor", "quantity", "registry"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "AmbiguousFactorError",
    "AvoidedEmissions",
    "BlendPotential",
    "Book",
    "BookError",
    "CarbonLedgerError",
    "Change",
    "ConstraintNetwork",
    "Decision",
    "DimensionError",
    "Edition",
    "EditionError",
    "Entries",
    "EntriesError",
    "Explanation",
    "Factor",
    "FactorError",
    "FactorHit",
    "Figure",
    "FigureError",
    "Finding",
    "GwpSet",
    "IncompleteInventoryWarning",
    "Interval",
    "InvariantError",
    "Inventory",
    "LockError",
    "Match",
    "MissingBridgeError",
    "MissingFactorError",
    "Period",
    "PinnedFactors",
    "Plan",
    "Query",
    "SeriesDecision",
    "UnitError",
    "UnknownActivityError",
    "UnknownEditionError",
    "UnknownUnitError",
    "agreement",
    "avoided_emissions",
    "blend_gwp",
    "build_plan",
    "calculate",
    "canonical_activity",
    "canonical_unit",
    "catalogue",
    "check_entries",
    "compare",
    "conversion_factor",
    "diff_editions",
    "find_factors",
    "implied_previous",
    "load_factors",
    "national_energy",
    "new_edition",
    "open_book",
    "parse_figure",
    "parse_period",
    "propagate",
    "quantity",
    "read_edition",
    "read_entries",
    "read_gwp",
    "registry",
    "round_figure",
    "seal_edition",
    "search_factors",
    "taxonomy",
    "verify_edition",
    "why",
]


def __getattr__(name: str) -> Any:
    """A public name, imported when it is first used, so that importing the library costs nothing."""
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module 'carbonledger' has no attribute {name!r}")
    value = getattr(import_module(f"carbonledger.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
