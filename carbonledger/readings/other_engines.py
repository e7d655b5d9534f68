"""Readings summed by Polars or Spark: the one pass is theirs, and what is faulty is brought over to be looked up by DuckDB.

Only sums, rows that cannot be summed and rows of series that do not follow one another leave the engine. Whether they do is told as in
`carbonledger.readings.summation`, with another number for each moment: two remainders, which every engine calculates alike.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING, Any, Protocol

from carbonledger.core.duckdb_text import literal
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.columns import FILE, ReadingColumns
from carbonledger.readings.files import ReadingFiles
from carbonledger.readings.stated import EngineName
from carbonledger.readings.summation import PIECE, Summation, judged

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "LONGEST_US",
    "EngineError",
    "EngineName",
    "EngineRows",
    "Part",
    "brought_over",
    "check_engine",
    "keys_of",
    "other_remainder",
    "parts_of",
    "remainder",
    "summed_elsewhere",
]

_EXTRAS = {"polars": ("polars", "polars"), "spark": ("pyspark", "spark")}
LONGEST_US = 604_800_000_000
# Moments are counted from the year 1827, so that none of a meter is negative, and taken modulo a prime whose squares 64 bits hold.
_ORIGIN, _PRIME, _MIXED = 1 << 52, 2_147_483_647, 1_000_003


class EngineError(Exception):
    """An engine cannot go on.

    Parameters
    ----------
    engine : str
        Its name.
    reason : str
        In its own words.
    """

    def __init__(self, engine: EngineName, reason: str) -> None:
        super().__init__(reason)
        self.finding = Finding.of("READINGS.engine_fault", engine=engine, reason=reason)


class EngineRows(Protocol):
    """Readings with an engine."""

    def grouped(self, columns: ReadingColumns) -> pd.DataFrame:
        """Sums by texts, `PIECE` and whether the rows are ``sound``.

        Beside these ``amount``, ``largest``, ``readings``, ``first``, ``last``, ``place``, ``covered``, ``chain`` and ``other_chain``;
        moments in microseconds since 1970.
        """

    def brought(self, columns: ReadingColumns, sums: pd.DataFrame | None) -> Any:
        """The rows of some sums, or those that are not sound, as a table of Arrow with the columns of the readings."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file that an engine reads.

    Parameters
    ----------
    path : Path
        Of Parquet.
    number : int or None
        Of the file; None if its rows say their number and place themselves.
    folders : tuple of (str, str)
        What its folders say, as columns.
    """

    path: Path
    number: int | None
    folders: tuple[tuple[str, str], ...] = ()


def check_engine(name: EngineName, *, memory: str = "", out: Path | None = None) -> None:
    """Refuse an engine that is not installed, or that cannot do what is asked of it.

    Raises
    ------
    EntriesError
        With what to install, or to leave out.
    """
    if name == "duckdb":
        return
    package, extra = _EXTRAS[name]
    if find_spec(package) is None:
        raise EntriesError([Finding.of("READINGS.engine_missing", engine=name, package=package, extra=extra)])
    asked = [option for option, value in (("--memory", memory), ("--out", out)) if value]
    if asked:
        raise EntriesError([Finding.of("READINGS.engine_cannot", engine=name, option=option) for option in asked])


def parts_of(connection: Any, files: ReadingFiles) -> list[Part]:
    """The files as Parquet; those of text as the one table that DuckDB read them into."""
    parts: list[Part] = []
    held: list[int] = []
    for number, path in enumerate(files.sources):
        if path in files.of_text:
            held.append(number)
        else:
            pairs = (part.partition("=") for part in path.parts[:-1])
            folders = tuple((key, value) for key, sign, value in pairs if key and sign and value)
            parts.append(Part(path, number, folders))
    if held:
        ((temporary,),) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
        target = Path(mkdtemp(dir=temporary), "texts.parquet")
        numbers = ", ".join(map(str, held))
        files.relation.query(
            "readings", f"COPY (SELECT * FROM readings WHERE {FILE} IN ({numbers})) TO {literal(str(target))}"
        )
        parts.append(Part(target, None))
    return parts


def summed_elsewhere(relation: Any, rows: EngineRows, columns: ReadingColumns) -> Summation:
    """The sums of an engine, with what is to be said of them, as `summed_readings` gives them.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Of a connection that judges the sums.
    rows : EngineRows
        The readings.
    columns : ReadingColumns
        Which columns hold what.
    """
    found = rows.grouped(columns)
    is_sound = found.pop("sound").astype(bool)
    refused = int(found.loc[~is_sound, "readings"].sum())
    carbonledger_sums = found[is_sound]  # noqa: F841 - named in the query
    texts = ", ".join(f"CAST({name} AS VARCHAR) AS {name}" for name in columns.texts)
    moments = ", ".join(
        f"CAST({name} AS BIGINT) AS {name}" for name in ("long_start", "long_stop", "first", "last", "place")
    )
    sums = f"""sums AS (
        SELECT * REPLACE ({texts}, {moments}, make_timestamp(CAST(span AS BIGINT)) AS span) FROM carbonledger_sums
    )"""
    own = _telescopes("chain", "other_chain", "first", "last")
    whole = _telescopes("sum(chain)", "sum(other_chain)", "min(first)", "max(last)")
    table = relation.query("readings", f"WITH {sums} {judged(columns, own, whole)}").df()
    return Summation(table, refused)


def brought_over(relation: Any, rows: EngineRows, columns: ReadingColumns, sums: pd.DataFrame | None = None) -> Any:
    """The rows that are not sound, or those of some sums, as a relation of DuckDB beside another one."""
    carbonledger_brought = rows.brought(columns, sums)  # noqa: F841 - named in the query
    return relation.query("readings", "SELECT * FROM carbonledger_brought")


def _telescopes(chain: str, other: str, first: str, last: str) -> str:
    """Whether the readings between two moments cover each moment once."""
    return (
        f"coalesce({chain} = {remainder(last)} - {remainder(first)} "
        f"AND {other} = {other_remainder(last)} - {other_remainder(first)}, false)"
    )


def remainder(moment: Any) -> Any:
    """A number of 31 bits for a moment in microseconds: an expression of SQL, or of Polars."""
    mixed = _mixed(moment)
    squared = _modulo(_sum(_product(mixed, mixed), _MIXED))
    return _modulo(_sum(_product(squared, squared), mixed))


def other_remainder(moment: Any) -> Any:
    """Another number of 31 bits for it."""
    mixed = _mixed(moment)
    return _modulo(_sum(_product(remainder(moment), mixed), _MIXED))


def _mixed(moment: Any) -> Any:
    """The moment modulo the prime."""
    return _modulo(_sum(moment, _ORIGIN))


def _modulo(number: Any) -> Any:
    return f"({number} % {_PRIME})" if isinstance(number, str) else number % _PRIME


def _sum(one: Any, two: Any) -> Any:
    return f"({one} + {two})" if isinstance(one, str) else one + two


def _product(one: Any, two: Any) -> Any:
    return f"({one} * {two})" if isinstance(one, str) else one * two


def keys_of(columns: ReadingColumns, sums: pd.DataFrame) -> Sequence[dict[str, Any]]:
    """What tells some sums from others, with moments in microseconds since 1970."""
    found = sums[[*columns.texts, *PIECE]].copy()
    for name in PIECE:
        moments = found[name].astype("datetime64[us]")
        found[name] = moments.astype("int64").astype(object).where(moments.notna(), None)
    known = found.astype(object).where(found.notna(), None)
    return [{str(key): value for key, value in record.items()} for record in known.to_dict("records")]
