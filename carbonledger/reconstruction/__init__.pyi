"""The public names of `carbonledger.reconstruction`; they load when they are first used."""

from .declared import Reconstruction as Reconstruction
from .declared import ReconstructionResult as ReconstructionResult
from .declared import read_reconstructions as read_reconstructions
from .declared import reconstruct as reconstruct
from .result import SpaceResult as SpaceResult
from .search import search_space as search_space
from .spaces import Space as Space
from .spaces import read_spaces as read_spaces

__all__ = [
    "Reconstruction",
    "ReconstructionResult",
    "Space",
    "SpaceResult",
    "read_reconstructions",
    "read_spaces",
    "reconstruct",
    "search_space",
]
