"""What a book says of its readings: which files hold them, and what no column says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, model_validator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from carbonledger.core.strict_fields import RECORD, Listed, Name
from carbonledger.readings.dialect import SUFFIXES

__all__ = ["EngineName", "StatedReadings", "files_of", "is_server"]

EngineName = Literal["duckdb", "polars", "spark"]
_TEXTS = ("activity", "unit", "entity", "site", "source", "region")
_PATTERN = frozenset("*?[")


def _within(name: str) -> str:
    """A pattern of files within the folder of the book."""
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise PydanticCustomError(
            "readings_outside", "a pattern within the folder of the book, such as meters/*.parquet"
        )
    return name


def is_server(database: str) -> bool:
    """Whether a database is a server, and no file.

    Examples
    --------
    >>> is_server("postgresql://localhost/meters"), is_server("meters.duckdb")
    (True, False)
    """
    return database.startswith(("postgresql://", "postgres://"))


def _file_or_server(database: str) -> str:
    """A file within the folder of the book, or the address of a server."""
    return database if is_server(database) else _within(database)


def files_of(patterns: Iterable[str], folder: Path) -> list[Path]:
    """The files that some names and patterns mean, each once, in the order of the patterns and then of their names.

    Parameters
    ----------
    patterns : iterable of str
        What is no pattern is a name, whether there is such a file or not; a folder means all files of Parquet, CSV and TSV in it.
    folder : Path
        In which they are looked for.
    """
    found: list[Path] = []
    for name in patterns:
        path = folder / name
        if _PATTERN & set(name) and not path.exists():
            start = Path(path.anchor) if path.is_absolute() else Path()
            for item in sorted(start.glob(str(path.relative_to(start)))):
                # Spark writes folders that are called like a file.
                found += [item] if item.is_file() else _files_in(item) if _is_of_readings(item) else []
        else:
            found += _files_in(path) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


def _files_in(folder: Path) -> list[Path]:
    """The files of readings in a folder and below it."""
    return sorted(path for path in folder.rglob("*") if _is_of_readings(path) and path.is_file())


def _is_of_readings(path: Path) -> bool:
    """Whether a path is called like a file of readings, and is no hidden one."""
    return path.name.lower().endswith((".parquet", *SUFFIXES)) and not path.name.startswith((".", "_"))


@dataclass(frozen=True, slots=True, config=RECORD)
class StatedReadings:
    """Readings that are summed by source and month: files, or a table of a database.

    Parameters
    ----------
    files : tuple of str
        Files of Parquet or CSV, or patterns of them, in the folder of the book.
    database : str
        Instead of files: a file of DuckDB in the folder of the book, or the address of a server of PostgreSQL.
    table : str
        The table or view of the database.
    activity, unit, entity, site, source, region : str
        What is the same for all of their rows and stands in no column.
    step : str
        How long a reading is, where no column says when it ends, such as ``15 minutes``.
    zone : str
        Whose days and months are meant by moments that are stated with a time zone, such as ``Asia/Shanghai``.
    memory : str
        What DuckDB may take, such as ``2GB``.
    engine : {"duckdb", "polars", "spark"}
        Which goes through the rows of files.
    """

    files: Annotated[tuple[Annotated[Name, AfterValidator(_within)], ...], Listed] = ()
    database: Annotated[str, AfterValidator(_file_or_server)] = ""
    table: str = ""
    activity: str = ""
    unit: str = ""
    entity: str = ""
    site: str = ""
    source: str = ""
    region: str = ""
    step: str = ""
    zone: str = ""
    memory: str = ""
    engine: EngineName = "duckdb"

    @model_validator(mode="after")
    def _one_place(self) -> Self:
        """Readings are in files, or in a table of a database."""
        if bool(self.files) == bool(self.database) or bool(self.database) != bool(self.table):
            raise PydanticCustomError("readings_nowhere", "files, or database and table")
        if self.database and self.engine != "duckdb":
            raise PydanticCustomError("readings_engine", "no other engine for a table of a database")
        return self

    @property
    def texts(self) -> Mapping[str, str]:
        """What is stated for all rows."""
        return {name: value for name in _TEXTS if (value := getattr(self, name))}

    def paths(self, folder: Path) -> list[Path]:
        """The files in the folder of the book, see `files_of`; none for a server."""
        if self.database:
            return [] if is_server(self.database) else [folder / self.database]
        return files_of(self.files, folder)
