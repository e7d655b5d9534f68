"""What a book says of its readings: which files hold them, and what no column says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from carbonledger.core.strict_fields import RECORD, Listed, Name

__all__ = ["StatedReadings", "files_of"]

_TEXTS = ("activity", "unit", "entity", "site", "source", "region")
_PATTERN = frozenset("*?[")


def _within(name: str) -> str:
    """A pattern of files within the folder of the book."""
    if Path(name).is_absolute() or ".." in Path(name).parts:
        raise PydanticCustomError(
            "readings_outside", "a pattern within the folder of the book, such as meters/*.parquet"
        )
    return name


def files_of(patterns: Iterable[str], folder: Path) -> list[Path]:
    """The files that some names and patterns mean, each once, in the order of the patterns and then of their names.

    Parameters
    ----------
    patterns : iterable of str
        What is no pattern is a name, whether there is such a file or not; a folder means all files of Parquet in it.
    folder : Path
        In which they are looked for.
    """
    found: list[Path] = []
    for name in patterns:
        path = folder / name
        if _PATTERN & set(name) and not path.exists():
            start = Path(path.anchor) if path.is_absolute() else Path()
            found += sorted(item for item in start.glob(str(path.relative_to(start))) if item.is_file())
        else:
            found += sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True, config=RECORD)
class StatedReadings:
    """Files of readings that are summed by source and month.

    Parameters
    ----------
    files : tuple of str
        Files of Parquet, or patterns of them, in the folder of the book.
    activity, unit, entity, site, source, region : str
        What is the same for all of their rows and stands in no column.
    step : str
        How long a reading is, where no column says when it ends, such as ``15 minutes``.
    zone : str
        Whose days and months are meant by moments that are stated with a time zone, such as ``Asia/Shanghai``.
    memory : str
        What DuckDB may take, such as ``2GB``.
    """

    files: Annotated[tuple[Annotated[Name, AfterValidator(_within)], ...], Listed, Field(min_length=1)]
    activity: str = ""
    unit: str = ""
    entity: str = ""
    site: str = ""
    source: str = ""
    region: str = ""
    step: str = ""
    zone: str = ""
    memory: str = ""

    @property
    def texts(self) -> Mapping[str, str]:
        """What is stated for all rows."""
        return {name: value for name in _TEXTS if (value := getattr(self, name))}

    def paths(self, folder: Path) -> list[Path]:
        """The files in the folder of the book, see `files_of`."""
        return files_of(self.files, folder)
