"""CSV and other delimited text as a grid of cells; a file that does not keep its own form is not read past the fault."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from carbonledger.core.conflict_marks import conflict_rows
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.tables.column import Column
from carbonledger.tables.encodings import decoded
from carbonledger.tables.sheet import Sheet

__all__ = ["DelimitedText", "TextCells", "read_delimited"]

_DELIMITERS = (",", ";", "\t", "|", "，", "；")
_STATED = "sep="
_FIELD_LIMIT = 10_000_000
# So many rows tell what divides the cells.
_SAMPLE_ROWS = 40
# So many rows of conflicting edits are named.
_SHOWN_ROWS = 6
# A column whose first cells hardly repeat is kept cell by cell.
_SAMPLE_CELLS = 2_000
_LARGEST_BLOCK = 2**30


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """A delimited text, to be read column by column if its rows are even, else cell by cell.

    Parameters
    ----------
    file : str
        Its name.
    text : str
        What it holds, without a line that states the delimiter.
    delimiter, encoding : str
        What divides the cells, and the encoding in Python's spelling.
    findings : tuple of Finding
        What was taken for granted.
    skipped : int
        Lines before the text.
    """

    file: str
    text: str
    delimiter: str
    encoding: str
    findings: tuple[Finding, ...]
    skipped: int = 0

    def columns(self) -> tuple[Column, ...]:
        """The texts of each column where no quotation mark is used and every row has as many cells; else none."""
        text, delimiter = self.text, self.delimiter
        has_returns = "\r" in text and text.count("\r") != text.count("\r\n")
        if self.skipped or '"' in text or has_returns or not delimiter.isascii():
            return ()
        content = text.encode()
        signs = np.frombuffer(content, dtype=np.uint8)
        ends = np.flatnonzero(signs == ord("\n"))
        if not len(ends) or ends[-1] != len(signs) - 1:
            ends = np.append(ends, len(signs))
        counts = np.diff(np.searchsorted(np.flatnonzero(signs == ord(delimiter)), ends), prepend=0)
        if len(counts) < _SAMPLE_ROWS or counts.min() != counts.max():
            return ()
        columns = _split_by_arrow(content, delimiter, int(counts[0]) + 1) or _split_by_pandas(content, delimiter)
        return columns if columns and len(columns[0]) == len(counts) else ()

    def cells(self) -> TextCells:
        """The cells row by row."""
        rows, fault, lines = _rows(self.text, self.delimiter)
        numbers = range(1 + self.skipped, len(rows) + 1 + self.skipped) if self.skipped else None
        sheet = Sheet(self.file, "", rows, numbers)
        if not fault:
            return TextCells(sheet)
        at = len(rows) + self.skipped + 1
        return TextCells(sheet, (Finding.of(f"UNREADABLE_CSV.{fault}").at(file=self.file, row=at),), lines)


def _split_by_arrow(content: bytes, delimiter: str, width: int) -> tuple[Column, ...]:
    """The columns of an even text by Arrow, which tells their distinct cells at once; none if it is not installed."""
    try:
        import pyarrow as pa
        from pyarrow import csv as arrow_csv
    except ImportError:
        return ()
    names = [str(at) for at in range(width)]
    try:
        table = arrow_csv.read_csv(
            io.BytesIO(content),
            arrow_csv.ReadOptions(column_names=names, block_size=min(len(content) + 1, _LARGEST_BLOCK)),
            arrow_csv.ParseOptions(delimiter=delimiter, quote_char=False, ignore_empty_lines=False),
            arrow_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    except pa.ArrowException:
        return ()
    return tuple(_column_of_arrow(column) for column in table.columns)


def _column_of_arrow(column: Any) -> Column:
    """A column of Arrow with its distinct cells; as it is if hardly any repeat."""
    sample = column.slice(0, _SAMPLE_CELLS)
    if len(sample.unique()) > len(sample) / 2:
        return Column(column.to_pylist())
    encoded = column.combine_chunks().dictionary_encode()
    return Column(codes=encoded.indices.to_numpy(), values=encoded.dictionary.to_pylist())


def _split_by_pandas(content: bytes, delimiter: str) -> tuple[Column, ...]:
    """The columns of an even text by pandas."""
    frame = pd.read_csv(
        io.BytesIO(content),
        sep=delimiter,
        header=None,
        dtype=object,
        na_filter=False,
        quoting=csv.QUOTE_NONE,
        skip_blank_lines=False,
        low_memory=False,
    )
    return tuple(Column(frame[name].to_numpy()) for name in frame)


@dataclass(frozen=True, slots=True)
class TextCells:
    """The cells of a delimited text.

    Parameters
    ----------
    sheet : Sheet
        All of them texts.
    findings : tuple of Finding
        Where the text breaks its form.
    unread_lines : int
        Lines behind the fault; they are in no cell.
    """

    sheet: Sheet
    findings: tuple[Finding, ...] = ()
    unread_lines: int = 0


def read_delimited(
    file: str, content: bytes, *, country: str = "", knows: Callable[[str], bool] | None = None
) -> DelimitedText:
    """The cells of a CSV.

    Parameters
    ----------
    file : str
        Its name.
    content : bytes
        Its bytes.
    country : str
        ISO 3166-1 code, see `decoded`.
    knows : callable, optional
        Whether a word is a known heading; they tell the delimiter better than any count.

    Returns
    -------
    DelimitedText

    Raises
    ------
    EntriesError
        If the bytes are no text, or two versions of it that nobody has decided between.
    """
    text = decoded(content, country, knows)
    conflicts = conflict_rows(text.text)
    if conflicts:
        raise EntriesError([Finding.of("UNREADABLE_FILE.conflict", rows=conflicts[:_SHOWN_ROWS]).at(file=file)])
    findings = (Finding.from_message(text.taken).at(file=file),) if text.taken else ()
    body, skipped, delimiter = text.text, 0, ""
    first, found, rest = body.partition("\n")
    if found and first.strip().lower().startswith(_STATED) and len(first.strip("\r\n")) == len(_STATED) + 1:
        body, skipped, delimiter = rest, 1, first.strip("\r\n")[-1]
    delimiter = delimiter or _delimiter(body, knows or _nothing)
    return DelimitedText(file, body, delimiter, text.encoding, findings, skipped)


def _nothing(word: str) -> bool:
    """No word is a known heading."""
    del word
    return False


def _rows(text: str, delimiter: str) -> tuple[list[list[str]], str, int]:
    """The rows until the first fault, the fault, and how many lines are left behind it."""
    csv.field_size_limit(_FIELD_LIMIT)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    begun = 0
    try:
        if text.count('"'):
            for row in reader:
                rows.append(row)
                begun = reader.line_num
        else:
            rows.extend(reader)
    except csv.Error as error:
        left = text.count("\n", 0) + 1 - begun
        return rows, _fault_of(str(error)), left
    return rows, "", 0


def _fault_of(reason: str) -> str:
    """The case of UNREADABLE_CSV that a reason of the csv module is."""
    if "unexpected end" in reason:
        return "open_quote"
    return "field_limit" if "field limit" in reason else "stray_quote"


def _delimiter(text: str, knows: Callable[[str], bool]) -> str:
    """What divides the cells: the sign that yields most known headings in a row, else the most even rows."""
    lines = text[: 200 * 1000].splitlines()[:_SAMPLE_ROWS]

    def merit(delimiter: str) -> tuple[int, bool, int]:
        rows, fault, _ = _rows("\n".join(lines), delimiter)
        known = max((sum(map(knows, row)) for row in rows), default=0)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        # The end of the sample may lie within quotation marks; text behind them is the fault of another delimiter.
        return known, fault != "stray_quote", max((width * count for width, count in widths.items()), default=0)

    return max(_DELIMITERS, key=merit)
