"""The public names of `carbonledger.disclosure`; they load when they are first used."""

from .answers import Answer as Answer
from .answers import Disclosure as Disclosure
from .datapoints import Datapoint as Datapoint
from .datapoints import Framework as Framework
from .datapoints import list_frameworks as list_frameworks
from .figures import Figure as Figure
from .frameworks import disclose as disclose
from .intensity import Driver as Driver
from .intensity import Intensity as Intensity
from .intensity import intensity as intensity
from .primary_energy import national_energy as national_energy
from .scope3_relevance import RelevanceStatement as RelevanceStatement
from .scope3_relevance import scope_3_table as scope_3_table
from .standards import Profile as Profile
from .standards import profile as profile

__all__ = [
    "Answer",
    "Datapoint",
    "Disclosure",
    "Driver",
    "Figure",
    "Framework",
    "Intensity",
    "Profile",
    "RelevanceStatement",
    "disclose",
    "intensity",
    "list_frameworks",
    "national_energy",
    "profile",
    "scope_3_table",
]
