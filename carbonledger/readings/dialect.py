"""What the beginning of a file of text tells of all of it: encoding, delimiter, headings, and how it spells."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Any

from carbonledger.activity_data.entry_headings import field_of_heading, is_entry_heading
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.readings.columns import FILE, ROW
from carbonledger.readings.reading_headings import fields_of
from carbonledger.readings.spelling import MOMENTS, Spelling, spelling_of
from carbonledger.tables.delimited import read_delimited

__all__ = ["SUFFIXES", "Dialect", "dialect_of", "encoding_inside", "in_utf_8", "is_text", "opened"]

_KINDS, _PACKINGS = (".csv", ".tsv", ".txt"), ("", ".gz", ".zst")
# The names of files of text; of these a folder is gone through for the first two kinds.
SUFFIXES = tuple(kind + packing for kind in _KINDS[:2] for packing in _PACKINGS)
_SAMPLE_BYTES = 1 << 18
_HEADING_ROWS = 40
_ENOUGH_HEADINGS = 2
_BLOCK = 1 << 22
_FIELDS = ("amount", *MOMENTS)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file of text is to be read.

    Parameters
    ----------
    delimiter : str
        What stands between the cells.
    headings : tuple of str
        Of its columns, each once.
    row, lines : int
        The number of the row of headings as a spreadsheet shows it, and how many lines there are up to its end.
    spelling : Spelling
        Of numbers and moments.
    """

    delimiter: str
    headings: tuple[str, ...]
    row: int
    lines: int
    spelling: Spelling

    def spelled(self, texts: Mapping[str, Sequence[str]]) -> tuple[Dialect, tuple[Finding, ...]]:
        """The dialect as cells of ``amount``, ``start`` and ``end`` show it, and what they leave open."""
        spelling, faults = spelling_of(texts, self.delimiter)
        return replace(self, spelling=spelling), tuple(Finding.from_message(message) for _, message in faults)

    def heading(self, field: str) -> str:
        """The heading of a field; empty if there is none."""
        return next((heading for heading, own in fields_of(self.headings).items() if own == field), "")

    @property
    def fields(self) -> tuple[str, ...]:
        """Those of ``amount``, ``start`` and ``end`` that the file has."""
        return tuple(field for field in _FIELDS if self.heading(field))


def is_text(path: Path) -> bool:
    """Whether a file is one of text, by its name.

    Examples
    --------
    >>> is_text(Path("meters/1.CSV.gz")), is_text(Path("1.parquet"))
    (True, False)
    """
    name = path.name.lower()
    return any(name.endswith(kind + packing) for kind in _KINDS for packing in _PACKINGS)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """The bytes of a file, unpacked."""
    import pyarrow as pa

    packing = {".gz": "gzip", ".zst": "zstd"}.get(path.suffix.lower())
    with path.open("rb") as packed:
        yield packed if packing is None else pa.CompressedInputStream(packed, packing)


def dialect_of(path: Path, name: str) -> tuple[Dialect, str, dict[str, list[str]], tuple[Finding, ...]]:
    """Look at the beginning of a file.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        What findings call it.

    Returns
    -------
    tuple of (Dialect, str, dict of str to list of str, tuple of Finding)
        The dialect; the encoding; the cells that tell its spelling, by field; and what was taken for granted.

    Raises
    ------
    EntriesError
        If it is empty, no text, or has no headings of readings.
    OSError
        If it cannot be opened or unpacked.
    """
    with opened(path) as file:
        content = _whole_lines(file.read(_SAMPLE_BYTES))
    if not content.strip(b"\x00\xef\xbb\xbf \r\n\t"):
        raise EntriesError([Finding.of("READINGS.empty_file").at(file=name)])
    text = read_delimited(name, content, knows=is_entry_heading)
    rows = csv.reader(io.StringIO(text.text, newline=""), delimiter=text.delimiter)
    number, headings = _heading_row(rows, name)
    lines = rows.line_num + text.skipped
    unique = _unique(headings, name)
    texts: dict[str, list[str]] = {}
    body = [row for row in _as_far_as_sound(rows) if len(row) == len(unique)]
    for at, field in enumerate(fields_of(unique).values()):
        if field in _FIELDS:
            texts[field] = [row[at] for row in body]
    missing = tuple(field for field in _FIELDS[:2] if field not in texts)
    if missing:
        raise EntriesError([Finding.of("MISSING_COLUMN.entries", missing=missing, headings=unique).at(file=name)])
    plain = Dialect(text.delimiter, unique, number + text.skipped, lines, Spelling())
    return plain, text.encoding, texts, text.findings


def _whole_lines(content: bytes) -> bytes:
    """What was read up to the end of its last whole line."""
    if len(content) < _SAMPLE_BYTES:
        return content
    end = content.rfind(b"\n")
    # An encoding of two bytes a sign has the second one behind the end.
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content[: (end // 2) * 2] if wide else content[: end + 1]


def _heading_row(rows: Any, name: str) -> tuple[int, list[str]]:
    """The number and the cells of the row of headings."""
    first: list[str] = []
    for number, row in enumerate(_as_far_as_sound(rows), start=1):
        first = first or row
        if sum(map(bool, fields_of(row).values())) >= _ENOUGH_HEADINGS:
            return number, row
        if number >= _HEADING_ROWS:
            break
    missing = Finding.of("MISSING_COLUMN.entries", missing=("amount", "start"), headings=tuple(first))
    raise EntriesError([missing.at(file=name)])


def _as_far_as_sound(rows: Any) -> Iterator[list[str]]:
    """The rows of a sample, whose end may lie within quotation marks."""
    try:
        yield from rows
    except csv.Error:
        return


def _unique(headings: Sequence[str], name: str) -> tuple[str, ...]:
    """The headings, each once; two of readings that mean the same are refused."""
    found: dict[str, str] = {}
    for at, cell in enumerate(headings, start=1):
        heading = cell.strip() or f"column {at}"
        if heading.casefold() in found or heading.casefold() in {FILE, ROW}:
            if field := field_of_heading(heading):
                double = Finding.of("DOUBLE_HEADING", first=heading, second=heading, field=field)
                raise EntriesError([double.at(file=name, row=1)])
            heading = f"{heading} (column {at})"
        found[heading.casefold()] = heading
    return tuple(found.values())


def encoding_inside(path: Path, name: str) -> tuple[str, tuple[Finding, ...]]:
    """The encoding of a file whose beginning is ASCII, by the first signs beyond it that are no UTF-8.

    Raises
    ------
    EntriesError
        If they are no text in any encoding.
    """
    decoder = codecs.getincrementaldecoder("utf-8")()
    with opened(path) as file:
        heading = file.readline()
        while block := file.read(_BLOCK):
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                begin = block.rfind(b"\n", 0, error.start) + 1
                content = heading + _whole_lines(block[begin : begin + _SAMPLE_BYTES])
                text = read_delimited(name, content, knows=is_entry_heading)
                return text.encoding, text.findings
    return "utf-8", ()


def in_utf_8(path: Path, encoding: str, target: Path) -> None:
    """Write a file again in UTF-8, with lines that all end alike.

    Parameters
    ----------
    path : Path
        The file.
    encoding : str
        Its own, in Python's spelling.
    target : Path
        Where to.

    Raises
    ------
    UnicodeDecodeError
        If some of it is no text in this encoding.
    """
    decoder = io.IncrementalNewlineDecoder(codecs.getincrementaldecoder(encoding)(), translate=True)
    with opened(path) as file, target.open("wb") as out:
        while block := file.read(_BLOCK):
            out.write(decoder.decode(block).encode())
        out.write(decoder.decode(b"", final=True).encode())
