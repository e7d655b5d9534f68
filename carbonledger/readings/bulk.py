"""Files of readings to an inventory in one call, and to their lines where those are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.calculate import calculate
from carbonledger.inventory.inventory import Inventory
from carbonledger.readings.attended import Stages, Watch
from carbonledger.readings.engine import engine
from carbonledger.readings.entries import Said, summed_entries
from carbonledger.readings.files import ReadingFiles
from carbonledger.readings.lines import LinesWritten, write_lines
from carbonledger.readings.stated import files_of
from carbonledger.readings.whole_files import with_files

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Calculated", "calculate_readings"]


@dataclass(frozen=True, slots=True)
class Calculated:
    """What files of readings amount to.

    Parameters
    ----------
    inventory : Inventory
        Of the sums by source and month.
    readings : int
        How many rows the files have.
    written : LinesWritten or None
        What was written; None if no lines were asked for.
    """

    inventory: Inventory[pd.DataFrame]
    readings: int
    written: LinesWritten | None


def calculate_readings(
    files: Sequence[str],
    factors: PinnedFactors,
    said: Said,
    *,
    gwp: str,
    out: Path | None = None,
    memory: str = "",
    watch: Watch | None = None,
) -> Calculated:
    """The inventory of files of readings, and their lines.

    Parameters
    ----------
    files : sequence of str
        Names or patterns.
    factors : PinnedFactors
        From `load_factors`.
    said : Said
        What stands in no column.
    gwp : str
        The GWP set.
    out : Path, optional
        A folder for the lines, see `write_lines`.
    memory : str
        What DuckDB may take, such as ``2GB``.
    watch : callable, optional
        Told how much is done, and of how much: percent of the query at work, of all files while lines are written.

    Returns
    -------
    Calculated

    Raises
    ------
    EntriesError
        If the files cannot be read or nothing can be calculated.
    """
    paths = files_of(files, Path())

    stages = None if watch is None else Stages(watch)

    def work(together: ReadingFiles) -> Calculated:
        summed = summed_entries(together.relation, said.of_files(together))
        inventory = calculate(summed.entries, factors, gwp=gwp, missing="report")
        written = (
            None
            if out is None
            else write_lines(connection, together, summed, inventory.plan, out, stages.at if stages else None)
        )
        return Calculated(inventory, summed.entries.rows_read, written)

    with engine(memory, stages.tell if stages else None) as connection:
        return with_files(connection, paths, Path(), work)
