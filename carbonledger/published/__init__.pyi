"""The public names of `carbonledger.published`; they load when they are first used."""

from .figures import PublishedFigure as PublishedFigure
from .figures import read_figures as read_figures
from .network import ConstraintNetwork as ConstraintNetwork
from .network import Contradiction as Contradiction
from .network import propagate as propagate
from .recalculation import RebuiltFigure as RebuiltFigure
from .recalculation import rebuild as rebuild
from .relations import Relation as Relation
from .relations import read_relations as read_relations
from .verdicts import Outcome as Outcome
from .verdicts import Verdict as Verdict
from .verdicts import check_rebuilt as check_rebuilt
from .verdicts import check_relation as check_relation

__all__ = [
    "ConstraintNetwork",
    "Contradiction",
    "Outcome",
    "PublishedFigure",
    "RebuiltFigure",
    "Relation",
    "Verdict",
    "check_rebuilt",
    "check_relation",
    "propagate",
    "read_figures",
    "read_relations",
    "rebuild",
]
