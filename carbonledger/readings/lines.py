"""Readings with their emissions, row by row, as files of Parquet: one for each file that was read, whole or not there."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from carbonledger.core.duckdb_text import literal, quoted
from carbonledger.core.errors import EntriesError
from carbonledger.core.files import write_whole
from carbonledger.core.findings import Finding
from carbonledger.inventory.coefficients import Key, Plan
from carbonledger.readings.attended import Watch
from carbonledger.readings.dialect import is_text
from carbonledger.readings.entries import SummedEntries
from carbonledger.readings.files import ReadingFiles
from carbonledger.readings.paths import exactly
from carbonledger.readings.summation import PIECE, SOUND, rows_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LinesWritten", "write_lines"]

_MANIFEST = "carbonledger-lines.json"


@dataclass(frozen=True, slots=True)
class LinesWritten:
    """What became of the files.

    Parameters
    ----------
    folder : str
        In which the lines are.
    written, kept : int
        Files written now, and files that were there already from the same rows and the same coefficients.
    rows : int
        Lines in all of them.
    """

    folder: str
    written: int
    kept: int
    rows: int


def write_lines(
    connection: Any, files: ReadingFiles, summed: SummedEntries, plan: Plan, folder: Path, watch: Watch | None = None
) -> LinesWritten:
    """Write each file of readings again with energy and emissions of each row.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Which reads and writes; one file at a time, within its memory.
    files : ReadingFiles
        What was read.
    summed : SummedEntries
        The entries that it became.
    plan : Plan
        Of the inventory of these entries.
    folder : Path
        Made if it is not there; not one that holds the readings.
    watch : callable, optional
        Told how many files are there, and of how many.

    Returns
    -------
    LinesWritten
        A file of lines has the rows of its file that are sound and have a factor, in any order: their texts as they are written,
        ``amount``, ``start``, ``stop``, and the columns of the lines of an inventory.

    Raises
    ------
    EntriesError
        If the folder holds the readings, some readings repeat others, or a bill belongs to two years: the lines would not sum to the
        inventory.
    OSError
        If the disk is full or the folder cannot be written; files that are there are whole then, and a second run goes on.
    """
    targets = _targets(files.paths, folder)
    _refuse_unlike(summed, files)
    folder.mkdir(parents=True, exist_ok=True)
    keys = _keys(summed, plan)
    connection.register("carbonledger_keys", keys)
    connection.register("carbonledger_plan", _plan_table(plan))
    query = _query(summed, plan)
    fingerprint = _fingerprint(query, keys, plan)
    done, kept = _manifest(folder), 0
    for number, (path, target) in enumerate(targets.items()):
        if watch is not None:
            watch(number, len(targets))
        state = [fingerprint, path.stat().st_size, path.stat().st_mtime_ns]
        if _is_there(done.get(target.name), state, target):
            kept += 1
            continue
        done[target.name] = {"of": state, **_written(connection, files, path, query, target)}
        # After each file, so that an interrupt costs one file.
        write_whole(folder / _MANIFEST, json.dumps(done, indent=1))
    rows = sum(int(done[target.name]["rows"]) for target in targets.values())
    expected = int(summed.sums["readings"].iloc[keys["number"].tolist()].sum())
    if rows != expected:
        raise EntriesError([Finding.of("READINGS.lines_unlike", rows=rows, expected=expected)])
    return LinesWritten(folder.as_posix(), len(targets) - kept, kept, rows)


def _targets(paths: Sequence[Path], folder: Path) -> dict[Path, Path]:
    """The file of lines of each file of readings: by its path below the folder that they share."""
    base = Path(os.path.commonpath([path.resolve().parent for path in paths]))
    own = folder.resolve()
    if own == base or own in base.parents or any(path.resolve().is_relative_to(own) for path in paths):
        raise EntriesError([Finding.of("READINGS.own_folder", folder=folder.as_posix())])
    names = {path: "--".join(path.resolve().relative_to(base).parts) for path in paths}
    return {path: folder / (f"{name}.parquet" if is_text(path) else name) for path, name in names.items()}


def _refuse_unlike(summed: SummedEntries, files: ReadingFiles) -> None:
    """Refuse readings whose lines would not sum to the inventory."""
    # Files that are copies of others are not written.
    repeated = sum(tally.repeated for tally in summed.entries.tallies) - files.rows_repeated
    if repeated:
        raise EntriesError([*summed.entries.findings, Finding.of("READINGS.lines_repeated", rows=repeated)])
    if len(set(summed.numbers)) < len(summed.numbers):
        divided = len(summed.numbers) - len(set(summed.numbers))
        raise EntriesError([*summed.entries.findings, Finding.of("READINGS.lines_divided", rows=divided)])


def _keys(summed: SummedEntries, plan: Plan) -> pd.DataFrame:
    """For each sum that has a factor: its texts, `PIECE`, position and plan, and what its unit is multiplied by to be the plan's."""
    frame, numbers = summed.entries.frame, list(summed.numbers)
    places = {row.key: row.plan_id for row in plan.rows}
    names = ("activity", "unit", "region", "year", "factor", "scope_3_category")
    cells = zip(*(frame[name] for name in names), strict=True)
    found = [places.get(Key(str(a), str(u), str(r), int(y), str(f), int(c)), -1) for a, u, r, y, f, c in cells]
    keys = summed.sums.iloc[numbers][[*summed.columns.texts, *PIECE]].assign(number=numbers, plan_id=found)
    own = summed.sums["amount"].to_numpy()[numbers]
    keys["scale"] = [read / amount if amount else 1.0 for read, amount in zip(frame["amount"], own, strict=True)]
    return keys[keys["plan_id"] >= 0]


def _plan_table(plan: Plan) -> pd.DataFrame:
    """The plan as a small table."""
    import pandas as pd

    return pd.DataFrame(dict(plan.columns))


def _query(summed: SummedEntries, plan: Plan) -> str:
    """The rows of ``readings`` with their plan, as a query."""
    columns = replace(summed.columns, unread=())  # a file by itself has no number
    keys = (*columns.texts, *PIECE)
    same = " AND ".join(f"named.{name} IS NOT DISTINCT FROM keys.{name}" for name in keys)
    texts = [f"named.{name}" for name in columns.texts]
    moments = [f"{columns.local(f'named.{name}')} AS {name}" for name in ("start", "stop")]
    results = [
        f"named.amount * keys.scale * plan.{quoted(name)} AS {quoted(name.removesuffix('_per_unit'))}"
        if name.endswith("_per_unit")
        else f"plan.{quoted(name)}"
        for name in plan.columns
    ]
    return f"""
        SELECT {", ".join([*texts, "named.amount", *moments, *results])}
        FROM (SELECT * FROM ({rows_of(columns)}) WHERE {SOUND}) AS named
        JOIN carbonledger_keys AS keys ON {same} JOIN carbonledger_plan AS plan ON keys.plan_id = plan.plan_id
    """


def _fingerprint(query: str, keys: pd.DataFrame, plan: Plan) -> str:
    """What the lines of a file depend on besides the file."""
    own = keys.drop(columns="number").sort_values(list(keys.columns[:-3]), kind="stable")
    said = json.dumps([query, own.astype(str).to_numpy().tolist(), dict(plan.columns)], default=str)
    return sha256(said.encode()).hexdigest()


def _manifest(folder: Path) -> dict[str, dict[str, Any]]:
    """What an earlier run wrote; nothing if there was none, or its list cannot be read."""
    try:
        found = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _is_there(record: Mapping[str, Any] | None, state: Sequence[Any], target: Path) -> bool:
    """Whether a file of lines is there as it was written, of the same readings and the same plan."""
    if not isinstance(record, Mapping) or record.get("of") != state or not target.exists():
        return False
    return bool(target.stat().st_size == record.get("size"))


def _written(connection: Any, files: ReadingFiles, path: Path, query: str, target: Path) -> dict[str, int]:
    """Write the lines of one file beside their place and move them there."""
    import duckdb

    part = target.with_name(f".{target.name}.part")
    # Columns that only other files have are empty here.
    readings = f"({files.no_rows} UNION ALL BY NAME SELECT * FROM {files.sources[path]})"
    try:
        connection.execute(
            f"COPY (WITH readings AS {readings} {query}) TO {literal(str(part))} (FORMAT parquet, COMPRESSION zstd)"
        )
        ((rows,),) = connection.sql(f"SELECT count(*) FROM read_parquet({exactly(part)})").fetchall()
        part.replace(target)
    except duckdb.IOException as error:
        raise OSError(errno.EIO, str(error).splitlines()[0], str(target)) from error
    finally:
        part.unlink(missing_ok=True)
    return {"rows": int(rows), "size": target.stat().st_size}
