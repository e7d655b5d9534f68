"""CSV and other delimited text as a grid of cells; a file that does not keep its own form is not read past the fault."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from carbonledger.core.findings import Finding
from carbonledger.tables.encodings import decoded
from carbonledger.tables.sheet import Sheet

__all__ = ["DelimitedText", "read_delimited"]

_DELIMITERS = (",", ";", "\t", "|")
_STATED = "sep="
_FIELD_LIMIT = 10_000_000
# So many rows tell what divides the cells.
_SAMPLE_ROWS = 40


@dataclass(frozen=True, slots=True)
class DelimitedText:
    """A delimited text as a grid.

    Parameters
    ----------
    sheet : Sheet
        Its cells, all of them text.
    delimiter, encoding : str
        What divides the cells, and the encoding in Python's spelling.
    findings : tuple of Finding
        What was taken for granted, and where the text breaks its form.
    unread_lines : int
        Lines behind a quotation mark that is never closed; they are in no cell.
    has_quotes : bool
        Whether the text has quotation marks.
    """

    sheet: Sheet
    delimiter: str
    encoding: str
    findings: tuple[Finding, ...]
    unread_lines: int = 0
    has_quotes: bool = False


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
        If the bytes are no text.
    """
    text = decoded(content, country, knows)
    findings = [Finding.from_message(text.taken).at(file=file)] if text.taken else []
    body, skipped, delimiter = text.text, 0, ""
    first, found, rest = body.partition("\n")
    if found and first.strip().lower().startswith(_STATED) and len(first.strip("\r\n")) == len(_STATED) + 1:
        body, skipped, delimiter = rest, 1, first.strip("\r\n")[-1]
    delimiter = delimiter or _delimiter(body, knows or _nothing)
    rows, fault, lines = _rows(body, delimiter)
    unread = 0
    if fault:
        at = len(rows) + skipped + 1
        findings.append(Finding.of(f"UNREADABLE_CSV.{fault}").at(file=file, row=at))
        unread = lines
    numbers = range(1 + skipped, len(rows) + 1 + skipped) if skipped else None
    return DelimitedText(Sheet(file, "", rows, numbers), delimiter, text.encoding, tuple(findings), unread, '"' in body)


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

    def merit(delimiter: str) -> tuple[int, int]:
        rows = [row for row in csv.reader(lines, delimiter=delimiter) if row]
        known = max((sum(map(knows, row)) for row in rows), default=0)
        widths = Counter(len(row) for row in rows if len(row) > 1)
        return known, max((width * count for width, count in widths.items()), default=0)

    return max(_DELIMITERS, key=merit)
