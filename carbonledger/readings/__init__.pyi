"""The public names; they load when they are first used."""

from .bulk import Calculated as Calculated
from .bulk import calculate_readings as calculate_readings
from .databases import read_table as read_table
from .entries import Said as Said
from .entries import read_readings as read_readings
from .lines import LinesWritten as LinesWritten

__all__ = ["Calculated", "LinesWritten", "Said", "calculate_readings", "read_readings", "read_table"]
