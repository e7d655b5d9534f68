"""The public names of `carbonledger.disclosure`; they load when they are first used."""

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
    "Driver",
    "Intensity",
    "Profile",
    "RelevanceStatement",
    "disclose",
    "intensity",
    "national_energy",
    "profile",
    "scope_3_table",
]
