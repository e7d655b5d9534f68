"""The public names of `carbonledger.factors`; they load when they are first used."""

import carbonledger.inventory.why as _why

from .activity_list import ActivityRow as ActivityRow
from .activity_list import activity_table as activity_table
from .activity_list import list_activities as list_activities
from .diff import Change as Change
from .diff import diff_editions as diff_editions
from .editions import catalogue as catalogue
from .editions import read_edition as read_edition
from .factor import Edition as Edition
from .factor import Factor as Factor
from .gwp import GwpSet as GwpSet
from .gwp import read_gwp as read_gwp
from .matching import Decision as Decision
from .matching import Match as Match
from .matching import Query as Query
from .matching import find_factors as find_factors
from .own import new_edition as new_edition
from .own import seal_edition as seal_edition
from .pinned import PinnedFactors as PinnedFactors
from .pinned import load_factors as load_factors
from .refrigerant_blends import BlendPotential as BlendPotential
from .refrigerant_blends import blend_gwp as blend_gwp
from .search import FactorHit as FactorHit
from .search import search_factors as search_factors
from .stated_factors import stated_edition as stated_edition
from .verification import verify_edition as verify_edition

__all__ = [
    "ActivityRow",
    "BlendPotential",
    "Change",
    "Decision",
    "Edition",
    "Factor",
    "FactorHit",
    "GwpSet",
    "Match",
    "PinnedFactors",
    "Query",
    "activity_table",
    "blend_gwp",
    "catalogue",
    "diff_editions",
    "find_factors",
    "list_activities",
    "load_factors",
    "new_edition",
    "read_edition",
    "read_gwp",
    "seal_edition",
    "search_factors",
    "stated_edition",
    "verify_edition",
]

# Its address is here, its place is above (see __init__.py).
SeriesDecision = _why.SeriesDecision
why = _why.why
