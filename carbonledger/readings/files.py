"""Files of readings as one relation of DuckDB, with what is wrong with single files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from carbonledger.core.duckdb_text import quoted
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.columns import FILE, ROW, kind_of
from carbonledger.readings.copies import copies_among
from carbonledger.readings.delimited import read_text_files
from carbonledger.readings.dialect import is_text
from carbonledger.readings.paths import exactly, folder_columns
from carbonledger.readings.reading_headings import fields_of
from carbonledger.readings.text_tables import TextFiles

__all__ = ["ReadingFiles", "name_in", "reading_files"]


@dataclass(frozen=True, slots=True)
class ReadingFiles:
    """Files that are read together.

    Parameters
    ----------
    relation : duckdb.DuckDBPyRelation
        Their rows, with the number of the file and of the row in it.
    sources : mapping of Path to str
        For each file that is read, what DuckDB reads its rows from, without these numbers.
    rows : mapping of Path to int
        How many rows each of them has, those that are refused among them.
    names : tuple of str
        How findings name the files that are read, by number; none if their rows cannot be named.
    findings : tuple of Finding
        Of files and rows that are left out.
    rows_refused, rows_repeated : int
        How many rows those have, as far as they can be counted; and how many are those of another file.
    of_text : frozenset of Path
        Those of the files that are of text; DuckDB holds their rows.
    """

    relation: Any
    sources: Mapping[Path, str]
    rows: Mapping[Path, int]
    names: tuple[str, ...]
    findings: tuple[Finding, ...]
    rows_refused: int
    rows_repeated: int = 0
    of_text: frozenset[Path] = frozenset()

    @property
    def paths(self) -> tuple[Path, ...]:
        """The files that are read."""
        return tuple(self.sources)

    @property
    def no_rows(self) -> str:
        """A query of all columns that has no row; a file by itself may lack some."""
        types = zip(self.relation.columns, map(str, self.relation.types), strict=True)
        columns = [f"CAST(NULL AS {kind}) AS {quoted(name)}" for name, kind in types if name not in {FILE, ROW}]
        return f"SELECT {', '.join(columns)} WHERE false"


def reading_files(connection: Any, paths: Sequence[Path], folder: Path | None = None) -> ReadingFiles:
    """Files of Parquet or of text, such as CSV, as one relation.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Which reads them, of `engine`.
    paths : sequence of Path
        Each file once.
    folder : Path, optional
        From which findings name them.

    Returns
    -------
    ReadingFiles
        A row of a file of text has the number that a spreadsheet shows, where the headings are row 1; one of Parquet is counted from 1.

    Raises
    ------
    EntriesError
        If none can be read.
    """
    called = {path: name_in(path, folder) for path in paths}
    copies = copies_among(paths)
    named = {path: name for path, name in called.items() if path not in copies}
    texts = read_text_files(connection, {path: name for path, name in named.items() if is_text(path)})
    findings, refused = list(texts.findings), texts.rows_refused
    kinds: dict[str, str] = {}
    sound: dict[Path, str] = {}
    counts: dict[Path, int] = {}
    for path, name in named.items():
        found: tuple[Mapping[str, str], int] | None = None
        if path in texts.places:
            found = texts.types(path), texts.rows(path)
            refused += texts.refused(path)
        elif not is_text(path):
            found = _of_parquet(connection, path, name, findings)
        if found is None:
            continue
        unlike = _unlike(kinds, found[0])
        if unlike:
            refused += found[1]
            finding = Finding.of("READINGS.file_unlike", column=unlike[0], type=unlike[1], rows=found[1])
            findings.append(finding.at(file=name))
            continue
        sound[path] = name
        counts[path] = found[1] + (texts.refused(path) if path in texts.places else 0)
    if not sound:
        raise EntriesError(findings or [Finding.of("READINGS.no_file")])
    together = _together(connection, sound, texts, findings, refused)
    together = replace(together, rows=counts)
    return _with_copies(together, copies, called)


def _with_copies(together: ReadingFiles, copies: Mapping[Path, Path], called: Mapping[Path, str]) -> ReadingFiles:
    """The files, with what is to be said of copies of them."""
    findings, repeated = list(together.findings), 0
    for path, other in copies.items():
        if not together.rows.get(other, 1):
            # Two files without a row are no copies that matter.
            continue
        if other in together.rows:
            rows = together.rows[other]
            repeated += rows
            findings.append(Finding.of("READINGS_REPEATED.file", other=called[other], rows=rows).at(file=called[path]))
        else:
            # What is wrong with the first one is wrong with its copy.
            findings += [item.at(file=called[path]) for item in together.findings if item.file == called[other]]
    return replace(together, findings=tuple(findings), rows_repeated=repeated)


def _of_parquet(
    connection: Any, path: Path, name: str, findings: list[Finding]
) -> tuple[Mapping[str, str], int] | None:
    """The types of the columns of a file of Parquet, and its rows; none if it cannot be read, which is said."""
    import duckdb

    try:
        if path.stat().st_size == 0:
            raise EntriesError([Finding.of("READINGS.empty_file").at(file=name)])
        relation = connection.sql(f"SELECT * FROM {_parquet([path])}")
        return dict(zip(relation.columns, map(str, relation.types), strict=True)), len(relation)
    except EntriesError as error:
        findings += error.findings
    except (duckdb.Error, OSError) as error:
        findings.append(Finding.of("UNREADABLE_PARQUET", reason=str(error).splitlines()[0]).at(file=name))
    return None


def _parquet(paths: Sequence[Path]) -> str:
    """The call by which DuckDB reads files of Parquet whose folders say the same."""
    partition = str(bool(folder_columns(paths[0]))).lower()
    listed = ", ".join(map(exactly, paths))
    return f"read_parquet([{listed}], union_by_name=true, hive_partitioning={partition}, hive_types_autocast=false)"


def _together(
    connection: Any, sound: Mapping[Path, str], texts: TextFiles, findings: Sequence[Finding], refused: int
) -> ReadingFiles:
    """The files that can be read, as one relation."""
    groups: dict[tuple[str, ...] | None, list[Path]] = {}
    for path in sound:
        groups.setdefault(None if path in texts.places else folder_columns(path), []).append(path)
    of_text = groups.pop(None, [])
    ordered = [path for group in groups.values() for path in group] + of_text
    # A column of the files hides DuckDB's own of the same name, and no row is named.
    own = {
        name.casefold()
        for group in groups.values()
        for name in connection.sql(f"SELECT * FROM {_parquet(group)}").columns
    }
    is_named = not own & {"file_index", "file_row_number"}
    first, queries = 0, []
    for group in groups.values():
        places = f", file_index + {first} AS {FILE}, file_row_number AS {ROW}" if is_named else ""
        queries.append(f"SELECT *{places} FROM {_parquet(group)}")
        first += len(group)
    queries += texts.queries({path: number for number, path in enumerate(of_text, start=first)})
    sources = {path: texts.source(path) if path in texts.places else _parquet([path]) for path in ordered}
    names = tuple(sound[path] for path in ordered) if is_named else ()
    relation = connection.sql(" UNION ALL BY NAME ".join(queries))
    return ReadingFiles(relation, sources, {}, names, tuple(findings), refused, of_text=frozenset(of_text))


def _unlike(kinds: dict[str, str], types: Mapping[str, str]) -> tuple[str, str] | None:
    """The column of a file, and its type, that holds no numbers, or another kind of moments than in the files before."""
    fields = fields_of(types)
    own = {heading: kind_of(types[heading]) for heading, field in fields.items() if field in {"amount", "start", "end"}}
    for heading, kind in own.items():
        if (fields[heading] == "amount" and kind != "number") or kinds.get(fields[heading], kind) != kind:
            return heading, types[heading]
    kinds.update({fields[heading]: kind for heading, kind in own.items()})
    return None


def name_in(path: Path, folder: Path | None) -> str:
    """How findings name a file."""
    return path.relative_to(folder).as_posix() if folder and path.is_relative_to(folder) else path.as_posix()
