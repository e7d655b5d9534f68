"""Files of text, such as CSV, read once by DuckDB into a table of its temporary folder: texts, numbers and moments, with their rows.

All files that are written alike are read together. One whose cells turn out to be spelled otherwise than its beginning is read once more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from carbonledger.core.duckdb_text import literal, quoted
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.columns import FILE
from carbonledger.readings.dialect import dialect_of, encoding_inside, in_utf_8, opened
from carbonledger.readings.engine import fault_of_machine
from carbonledger.readings.paths import exactly, folder_columns
from carbonledger.readings.spelling import MOMENTS, moment_in, number_in
from carbonledger.readings.text_tables import LEFT, Asked, Group, TextFiles

__all__ = ["read_text_files"]

_REJECTS, _SCANS = "carbonledger_rejects", "carbonledger_scans"
# A cell that says that there is nothing.
_GAPS = "('', '-', '--', '—', 'n/a', 'na', '#n/a', 'nan', 'none', 'null', '无', '/')"
_BLOCK = 1 << 22
_LONGEST_LINE = 10_000_000
# What keeps a file from being read on, or from being read in its encoding.
_BREAKS = {
    "UNQUOTED VALUE": "UNREADABLE_CSV.open_quote",
    "LINE SIZE OVER MAXIMUM": "UNREADABLE_CSV.field_limit",
    "INVALID ENCODING": "UNKNOWN_ENCODING",
    "INVALID STATE": "UNREADABLE_CSV.stray_quote",
}
# So many texts of a file that are spelled otherwise tell what it is.
_TOLD = 2_000
_NO_SUCH = {
    "amount": "READINGS.text_for_number",
    "start": "READINGS.text_for_moment",
    "end": "READINGS.text_for_moment",
}


def read_text_files(connection: Any, named: Mapping[Path, str]) -> TextFiles:
    """Read files of text into the temporary folder of a connection.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
        Of `carbonledger.readings.files.engine`.
    named : mapping of Path to str
        The files, and what findings call them.

    Returns
    -------
    TextFiles
        Rows whose amount or moments are texts that are none, and rows of another number of cells than the headings, are in no query.
    """
    if not named:
        return TextFiles({}, (), 0)
    ((temporary,),) = connection.execute("SELECT current_setting('temp_directory')").fetchall()
    folder = Path(temporary)
    asked, findings = _asked(connection, folder, named)
    places: dict[Path, tuple[Group, int]] = {}
    number, rows_refused = 0, 0
    # The number of a row is its position.
    connection.execute("SET preserve_insertion_order = true")
    while asked:
        again: list[Asked] = []
        for files in _alike(asked):
            group = _readable(connection, folder, number, files, again, findings)
            number += 1
            if group is None:
                continue
            refused = _settled(folder, group, again, findings)
            rows_refused += sum(refused.values())
            kept = [at for at in range(len(files)) if at not in refused]
            places.update({files[at].path: (group, at) for at in kept})
        asked = again
    connection.execute("SET preserve_insertion_order = false")
    return TextFiles(places, tuple(findings), rows_refused)


def _asked(connection: Any, folder: Path, named: Mapping[Path, str]) -> tuple[list[Asked], list[Finding]]:
    """The files with their dialects, and what is wrong with those that have none."""
    asked: list[Asked] = []
    findings: list[Finding] = []
    for path, name in named.items():
        try:
            dialect, encoding, texts, taken = dialect_of(path, name)
            utf_8 = path
            if encoding not in {"utf-8", "utf-8-sig"}:
                utf_8 = _beside(folder, path)
                in_utf_8(path, encoding, utf_8)
        except EntriesError as error:
            findings += [finding.at(file=name, row=finding.row) for finding in error.findings]
            continue
        except UnicodeDecodeError:
            findings.append(Finding.of("UNKNOWN_ENCODING").at(file=name))
            continue
        except OSError as error:
            reason = error.strerror or str(error)
            findings.append(Finding.of("UNREADABLE_FILE.other", reason=reason).at(file=name))
            continue
        findings += taken
        spelled, open_ = dialect.spelled(texts)
        one = Asked(path, utf_8, name, spelled, texts)
        asked.append(_proven(connection, one) if open_ else one)
    return asked, findings


def _beside(folder: Path, path: Path) -> Path:
    """A new file in the temporary folder, under the folders of the partition of another one."""
    own = Path(mkdtemp(dir=folder), *(part for part in path.parts[:-1] if "=" in part), "text.csv")
    own.parent.mkdir(parents=True, exist_ok=True)
    return own


def _proven(connection: Any, asked: Asked) -> Asked:
    """A file whose beginning leaves its spelling open, with cells from all of it that may settle it."""
    texts = {name: list(cells) for name, cells in asked.texts.items()}
    telling = {
        "amount": r"'[.,](\d{1,2}|\d{4,})\s*$|[.,].*[.,]|^\s*[+-]?0'",
        **dict.fromkeys(MOMENTS, r"'^\s*(1[3-9]|[23]\d)\D|^\s*\d+\D(1[3-9]|[23]\d)\D'"),
    }
    for name in asked.dialect.fields:
        cell = f"c{asked.dialect.headings.index(asked.dialect.heading(name))}"
        query = f"SELECT {cell} FROM {_csv([asked])} WHERE regexp_matches({cell}, {telling[name]}) LIMIT {_TOLD}"
        texts[name] += [text for (text,) in connection.execute(query).fetchall()]
    return replace(asked, dialect=asked.dialect.spelled(texts)[0], texts=texts)


def _alike(asked: Sequence[Asked]) -> Iterator[list[Asked]]:
    """The files by what they are read with."""
    groups: dict[Any, list[Asked]] = {}
    for one in asked:
        groups.setdefault(
            (one.dialect, folder_columns(one.path), one.utf_8.suffix, one.is_alone and one.path), []
        ).append(one)
    yield from groups.values()


def _csv(files: Sequence[Asked]) -> str:
    """The call by which DuckDB reads the texts of some files of one dialect, as columns c0, c1, ..."""
    dialect = files[0].dialect
    columns = ", ".join(f"'c{at}': 'VARCHAR'" for at in range(len(dialect.headings)))
    paths = ", ".join(exactly(one.utf_8) for one in files)
    partition = str(bool(folder_columns(files[0].path))).lower()
    return (
        f"read_csv([{paths}], auto_detect=false, header=false, skip={dialect.lines}, delim={literal(dialect.delimiter)}, "
        f"quote='\"', escape='\"', columns={{{columns}}}, hive_partitioning={partition}, hive_types_autocast=false, "
        f"max_line_size={_LONGEST_LINE}, ignore_errors=true, store_rejects=true, rejects_table='{_REJECTS}', rejects_scan='{_SCANS}')"
    )


def _rows_of(files: Sequence[Asked]) -> str:
    """The rows of some files of one dialect, read as they spell, as a query."""
    dialect = files[0].dialect
    cells = {field: f"c{dialect.headings.index(dialect.heading(field))}" for field in dialect.fields}
    read = {
        field: number_in(cell, dialect.spelling, dialect.delimiter)
        if field == "amount"
        else moment_in(cell, field, dialect.spelling)
        for field, cell in cells.items()
    }
    all_cells = ", ".join(f"c{at}" for at in range(len(dialect.headings)))
    left = " ".join(
        f"WHEN read_{field} IS NULL AND lower(trim({cell})) NOT IN {_GAPS} THEN '{field}:' || {cell}"
        for field, cell in cells.items()
    )
    own = {cell: f"read_{field}" for field, cell in cells.items()}
    count = len(dialect.headings)
    columns = [f"{own.get(f'c{at}', f'c{at}')} AS c{at}" for at in range(count)]
    folders = [name for name in folder_columns(files[0].path) if name not in dialect.headings]
    columns += [f"{quoted(name)} AS c{at}" for at, name in enumerate(folders, start=count)]
    return f"""
        SELECT {", ".join(columns)}, CAST(file_index AS INTEGER) AS {FILE},
            CASE WHEN coalesce({all_cells}) IS NULL THEN '' {left} END AS {LEFT}
        FROM (SELECT *, file_index, {", ".join(f"{text} AS read_{name}" for name, text in read.items())} FROM {_csv(files)})
    """


def _readable(
    connection: Any, folder: Path, number: int, files: list[Asked], again: list[Asked], findings: list[Finding]
) -> Group | None:
    """Some files of one dialect in a table; none if one cannot be read to its end, and then each is to be read by itself."""
    import duckdb

    try:
        return _loaded(connection, number, files)
    except duckdb.InterruptException:
        raise
    except (duckdb.Error, OSError) as error:
        if isinstance(error, duckdb.Error) and fault_of_machine(error):
            raise
        if len(files) > 1:
            again += [replace(one, is_alone=True) for one in files]
        else:
            again += _with_one_line_end(folder, files[0], str(error).splitlines()[0], findings)
    return None


def _with_one_line_end(folder: Path, one: Asked, reason: str, findings: list[Finding]) -> Iterator[Asked]:
    """A file written again with lines that all end alike, which DuckDB asks for; none if that is not what is wrong with it."""
    if one.utf_8 == one.path:
        with suppress(OSError, UnicodeDecodeError):
            target = _beside(folder, one.path)
            in_utf_8(one.path, "utf-8-sig", target)
            yield replace(one, utf_8=target)
            return
    findings.append(Finding.of("UNREADABLE_FILE.other", reason=reason).at(file=one.name))


def _loaded(connection: Any, number: int, files: list[Asked]) -> Group:
    """Some files of one dialect in a table, with what was left out of it and what is to be left out."""
    group = Group(number, files)
    for table in (_REJECTS, _SCANS):
        connection.execute(f"DROP TABLE IF EXISTS {table}")
    connection.execute(f"CREATE OR REPLACE TABLE {group.table} AS {_rows_of(files)}")
    counted = f"SELECT {FILE}, min(rowid), count(*), count(*) FILTER ({LEFT} = '') FROM {group.table} GROUP BY {FILE}"
    for file, first, rows, blank in connection.execute(counted).fetchall():
        group.rows[file], group.blank[file] = (first, rows), blank
    left = f"""
        SELECT {FILE}, split_part({LEFT}, ':', 1) AS field, count(*), min(rowid), arg_min({LEFT}, rowid, {_TOLD})
        FROM {group.table} WHERE {LEFT} <> '' GROUP BY ALL ORDER BY ALL
    """
    for file, field_name, rows, first, texts in connection.execute(left).fetchall():
        told = (field_name, rows, first, [text.partition(":")[2] for text in texts])
        group.left.setdefault(file, []).append(told)
    _malformed(connection, group)
    for at, one in enumerate(files):
        malformed = set(group.malformed.get(at, ()))
        blank, count = _blank_lines(one.utf_8)
        behind = {line for line in blank if line > one.dialect.lines}
        # Where a cell holds a line end, some of these lines may be within it.
        is_plain = count - one.dialect.lines == group.rows.get(at, (0, 0))[1] + len(malformed) + len(behind)
        group.skipped[at] = sorted(malformed | behind if is_plain else malformed)
    if any(group.skipped.values()):
        _keep_gaps(connection, group)
    return group


def _keep_gaps(connection: Any, group: Group) -> None:
    """A table of where lines were skipped, and by how many the rows behind them are moved."""
    import pandas as pd

    found = [
        (at, group.rows.get(at, (0, 0))[0] + line - group.files[at].dialect.lines - shift, shift)
        for at, lines in group.skipped.items()
        for shift, line in enumerate(lines, start=1)
    ]
    # Of lines that follow one another the last one counts.
    gaps = (
        pd.DataFrame(found, columns=["file", "position", "shift"]).groupby(["file", "position"], as_index=False).max()
    )
    connection.register("carbonledger_gaps", gaps)
    connection.execute(f"CREATE OR REPLACE TABLE {group.table}_gaps AS SELECT * FROM carbonledger_gaps")
    connection.unregister("carbonledger_gaps")


def _malformed(connection: Any, group: Group) -> None:
    """Take down the lines of other numbers of cells than the headings, or with an open quotation mark."""
    query = f"""
        SELECT file_path, line, max(CAST(error_type AS VARCHAR)) FROM {_REJECTS} JOIN {_SCANS} USING (scan_id, file_id)
        GROUP BY file_path, line ORDER BY file_path, line
    """
    places = {str(one.utf_8): at for at, one in enumerate(group.files)}
    for path, line, fault in connection.execute(query).fetchall():
        group.malformed.setdefault(places[path], []).append(line)
        if fault in _BREAKS:
            group.broken.setdefault(places[path], (fault, line))


def _blank_lines(path: Path) -> tuple[list[int], int]:
    """The numbers of the lines without any sign, which are in no table, and how many lines there are; 0 if none is without."""
    before = b""
    with opened(path) as file:
        while block := file.read(_BLOCK):
            whole = before + block
            if b"\n\n" in whole or b"\n\r\n" in whole:
                return _numbers_of_blank_lines(path)
            before = block[-2:]
    return [], 0


def _numbers_of_blank_lines(path: Path) -> tuple[list[int], int]:
    """These numbers, of a file that has such lines."""
    found: list[int] = []
    number, begun = 0, b""
    with opened(path) as file:
        while block := file.read(_BLOCK):
            *lines, begun = (begun + block).split(b"\n")
            found += [number + at for at, line in enumerate(lines, start=1) if line in {b"", b"\r"}]
            number += len(lines)
    return found, number + bool(begun)


def _settled(folder: Path, group: Group, again: list[Asked], findings: list[Finding]) -> dict[int, int]:
    """The files of a group that are not read as they are, and how many of their rows are lost by it: none of those that are read again."""
    refused: dict[int, int] = {}
    for at, one in enumerate(group.files):
        other, faults = _otherwise(folder, group, at, findings)
        if other is not None:
            again.append(other)
            refused[at] = 0
        elif faults:
            refused[at] = group.rows.get(at, (0, 0))[1] - group.blank.get(at, 0) + len(group.malformed.get(at, ()))
            findings += [replace(finding.at(file=one.name), rows=refused[at]) for finding in faults]
        else:
            findings += _told(group, at)
    return refused


def _otherwise(
    folder: Path, group: Group, at: int, findings: list[Finding]
) -> tuple[Asked | None, tuple[Finding, ...]]:
    """A file as it is to be read again, or why it cannot be read; neither if it was read as it is."""
    one = group.files[at]
    fault, line = group.broken.get(at, ("", 0))
    if fault == "INVALID ENCODING" and one.utf_8 == one.path:
        return _recoded(folder, one, findings)
    if fault:
        return None, (Finding.of(_BREAKS[fault]).at(row=line + one.dialect.row - one.dialect.lines),)
    texts = {name: list(cells) for name, cells in one.texts.items()}
    for name, _, _, cells in group.left.get(at, ()):
        texts[name] += cells
    dialect, faults = one.dialect.spelled(texts)
    if dialect != one.dialect and not one.is_settled and not faults:
        return replace(one, dialect=dialect, texts=texts, is_settled=True), ()
    return None, tuple(_counted(finding, group, at) for finding in faults)


def _counted(finding: Finding, group: Group, at: int) -> Finding:
    """A finding of a file with the number of its cells that it concerns, where only some were looked at."""
    if finding.says.key != "READINGS.mixed_offsets":
        return finding
    name = str(dict(finding.says.values)["column"])
    rows = sum(rows for field_name, rows, _, _ in group.left.get(at, ()) if field_name == name)
    return Finding.of("READINGS.mixed_offsets", rows=rows, column=group.files[at].dialect.heading(name))


def _recoded(folder: Path, one: Asked, findings: list[Finding]) -> tuple[Asked | None, tuple[Finding, ...]]:
    """A file that is no UTF-8 throughout, written again in it."""
    try:
        encoding, taken = encoding_inside(one.path, one.name)
        target = _beside(folder, one.path)
        in_utf_8(one.path, encoding, target)
    except EntriesError as error:
        return None, error.findings
    except UnicodeDecodeError:
        return None, (Finding.of("UNKNOWN_ENCODING"),)
    findings += taken
    return replace(one, utf_8=target), ()


def _told(group: Group, at: int) -> Iterator[Finding]:
    """What is to be said of a file that is read: how it spells, and which rows are left out."""
    one = group.files[at]
    if one.dialect.spelling.decimal == ",":
        text = next(text for text in one.texts["amount"] if "," in text)
        value = float(text.strip().replace(".", "").replace(",", "."))
        yield Finding.of("DECIMAL_COMMA", text=text, value=value).at(file=one.name)
    for name, rows, first, texts in group.left.get(at, ()):
        values = {"column": one.dialect.heading(name), "text": texts[0][:40], "rows": rows}
        yield Finding.of(_NO_SUCH[name], **values).at(file=one.name, row=group.row(at, first))
    if malformed := group.malformed.get(at):
        cells, row = len(one.dialect.headings), malformed[0] + one.dialect.row - one.dialect.lines
        yield Finding.of("READINGS.row_form", rows=len(malformed), cells=cells).at(file=one.name, row=row)
