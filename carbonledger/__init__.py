"""Corporate carbon and energy accounting: activity data to GJ and t CO2e, each number explained."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from carbonledger.accounting.calculate import calculate
    from carbonledger.accounting.conventions import national_energy
    from carbonledger.accounting.electricity import AvoidedEmissions, avoided_emissions
    from carbonledger.accounting.explanation import Explanation
    from carbonledger.accounting.inventory import Inventory
    from carbonledger.accounting.plan import Plan, build_plan
    from carbonledger.activities import canonical_activity, taxonomy
    from carbonledger.analysis.comparison import compare
    from carbonledger.analysis.network import Network, propagate
    from carbonledger.book import Book, open_book
    from carbonledger.errors import (
        AmbiguousFactorError,
        BookError,
        CarbonLedgerError,
        DimensionError,
        EditionError,
        EntriesError,
        FactorError,
        FigureError,
        Finding,
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
    from carbonledger.factors.blends import BlendPotential, blend_gwp
    from carbonledger.factors.diff import Change, diff_editions
    from carbonledger.factors.editions import catalogue, read_edition
    from carbonledger.factors.factor import Edition, Factor
    from carbonledger.factors.gwp import GwpSet, read_gwp
    from carbonledger.factors.matching import Decision, Match, Query, find_factors
    from carbonledger.factors.own import new_edition, seal_edition
    from carbonledger.factors.pinned import PinnedFactors, load_factors
    from carbonledger.factors.search import Hit, search_factors
    from carbonledger.factors.verification import verify_edition
    from carbonledger.factors.why import SeriesDecision, why
    from carbonledger.ledger.checks import check_entries
    from carbonledger.ledger.entries import Entries, read_entries
    from carbonledger.periods import Period, parse_period
    from carbonledger.printed_number import Figure, agreement, parse_figure
    from carbonledger.rounding import Interval, implied_previous, round_figure
    from carbonledger.units import canonical_unit, conversion_factor, quantity, registry

_HOMES = {
    "analysis.network": (
        "Network",
        "propagate",
    ),
    "accounting.calculate": ("calculate",),
    "accounting.conventions": ("national_energy",),
    "accounting.electricity": ("AvoidedEmissions", "avoided_emissions"),
    "accounting.explanation": ("Explanation",),
    "accounting.inventory": ("Inventory",),
    "accounting.plan": ("Plan", "build_plan"),
    "activities": ("canonical_activity", "taxonomy"),
    "analysis.comparison": ("compare",),
    "book": ("Book", "open_book"),
    "errors": (
        "AmbiguousFactorError",
        "BookError",
        "CarbonLedgerError",
        "DimensionError",
        "EditionError",
        "EntriesError",
        "FactorError",
        "FigureError",
        "Finding",
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
    "factors.blends": ("BlendPotential", "blend_gwp"),
    "factors.diff": ("Change", "diff_editions"),
    "factors.editions": ("catalogue", "read_edition"),
    "factors.factor": ("Edition", "Factor"),
    "factors.gwp": ("GwpSet", "read_gwp"),
    "factors.matching": ("Decision", "Match", "Query", "find_factors"),
    "factors.own": ("new_edition", "seal_edition"),
    "factors.pinned": ("PinnedFactors", "load_factors"),
    "factors.search": ("Hit", "search_factors"),
    "factors.verification": ("verify_edition",),
    "factors.why": ("SeriesDecision", "why"),
    "ledger.checks": ("check_entries",),
    "ledger.entries": ("Entries", "read_entries"),
    "periods": ("Period", "parse_period"),
    "printed_number": ("Figure", "agreement", "parse_figure"),
    "rounding": ("Interval", "implied_previous", "round_figure"),
    "units": ("canonical_unit", "conversion_factor", "quantity", "registry"),
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
    "Decision",
    "DimensionError",
    "Edition",
    "EditionError",
    "Entries",
    "EntriesError",
    "Explanation",
    "Factor",
    "FactorError",
    "Figure",
    "FigureError",
    "Finding",
    "GwpSet",
    "Hit",
    "IncompleteInventoryWarning",
    "Interval",
    "InvariantError",
    "Inventory",
    "LockError",
    "Match",
    "MissingBridgeError",
    "MissingFactorError",
    "Network",
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
