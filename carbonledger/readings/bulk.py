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
from carbonledger.readings.databases import entries_of_spark
from carbonledger.readings.doubts import doubted
from carbonledger.readings.engine import engine as duckdb_engine
from carbonledger.readings.engines import rows_of_files
from carbonledger.readings.entries import Said, summed_entries
from carbonledger.readings.files import ReadingFiles
from carbonledger.readings.lines import LinesWritten, write_lines
from carbonledger.readings.other_engines import EngineName, check_engine
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
    engine: EngineName = "duckdb",
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
    engine : {"duckdb", "polars", "spark"}
        Which goes through the rows; only DuckDB keeps to some memory and writes lines. With Spark one name of a table may stand for files.
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
    check_engine(engine, memory=memory, out=out)
    paths = files_of(files, Path())

    stages = None if watch is None else Stages(watch)

    def work(together: ReadingFiles) -> Calculated:
        with rows_of_files(engine, connection, together) as elsewhere:
            summed = summed_entries(together.relation, said.of_files(together), elsewhere=elsewhere)
        inventory = calculate(doubted(summed.entries, said.name), factors, gwp=gwp, missing="report")
        written = (
            None
            if out is None
            else write_lines(connection, together, summed, inventory.plan, out, stages.at if stages else None)
        )
        return Calculated(inventory, summed.entries.rows_read, written)

    with duckdb_engine(memory, stages.tell if stages else None) as connection:
        if engine == "spark" and _is_table(files):
            summed = entries_of_spark(connection, files[0], said)
            inventory = calculate(doubted(summed, said.name), factors, gwp=gwp, missing="report")
            return Calculated(inventory, summed.rows_read, None)
        return with_files(connection, paths, Path(), work)


def _is_table(names: Sequence[str]) -> bool:
    """Whether a name is that of a table, and no file."""
    parts = names[0].split(".") if len(names) == 1 else []
    return bool(parts) and all(part.isidentifier() for part in parts) and not Path(names[0]).exists()
