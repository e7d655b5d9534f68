"""Files of readings to an inventory in one call, and to their lines where those are asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.factors.pinned import PinnedFactors
from carbonledger.inventory.calculate import calculate
from carbonledger.inventory.inventory import Inventory
from carbonledger.readings.doubts import doubted
from carbonledger.readings.entries import Said, summed_entries
from carbonledger.readings.files import engine, reading_files
from carbonledger.readings.lines import LinesWritten, write_lines
from carbonledger.readings.stated import files_of

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

    Returns
    -------
    Calculated

    Raises
    ------
    EntriesError
        If the files cannot be read or nothing can be calculated.
    """
    paths = files_of(files, Path())
    with engine(memory) as connection:
        together = reading_files(connection, paths, Path())
        whole = replace(said, files=together.names, findings=together.findings, rows_refused=together.rows_refused)
        summed = summed_entries(together.relation, whole)
        inventory = calculate(doubted(summed.entries, said.name), factors, gwp=gwp, missing="report")
        written = None if out is None else write_lines(connection, together, summed, inventory.plan, out)
    return Calculated(inventory, summed.entries.rows_read, written)
