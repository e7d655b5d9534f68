"""The public names of `carbonledger.scope2`; they load when they are first used."""

from .avoided_emissions import AvoidedEmissions as AvoidedEmissions
from .avoided_emissions import avoided_emissions as avoided_emissions
from .guidance import Ruleset as Ruleset
from .guidance import ruleset as ruleset
from .instruments import Instrument as Instrument
from .instruments import read_instruments as read_instruments
from .loads import Load as Load
from .loads import loads_of as loads_of
from .market_based import Level as Level
from .market_based import MarketBased as MarketBased
from .market_based import market_based as market_based
from .quality_criteria import QualityCriteria as QualityCriteria
from .quality_criteria import check_instruments as check_instruments

__all__ = [
    "AvoidedEmissions",
    "Instrument",
    "Level",
    "Load",
    "MarketBased",
    "QualityCriteria",
    "Ruleset",
    "avoided_emissions",
    "check_instruments",
    "loads_of",
    "market_based",
    "read_instruments",
    "ruleset",
]
