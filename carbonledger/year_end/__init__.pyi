"""The public names of `carbonledger.year_end`; they load when they are first used."""

from .closed_report import ClosedOutput as ClosedOutput
from .closed_report import closed_output as closed_output
from .closing import Closing as Closing
from .closing import close_year as close_year
from .next_year import NextYear as NextYear
from .next_year import new_year as new_year
from .reopening import reopen_year as reopen_year

__all__ = [
    "ClosedOutput",
    "Closing",
    "NextYear",
    "close_year",
    "closed_output",
    "new_year",
    "reopen_year",
]
