"""A sheet of our own templates as a table: its columns are those that its row of keys names, its rows those in which something was written.

Everything else on the sheet is ours: titles, headings in two languages, the figures of the year before, sums. None of it is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from carbonledger.core.findings import Finding
from carbonledger.tables.column import Column, is_filled
from carbonledger.tables.headings import heading_text
from carbonledger.tables.sheet import Sheet
from carbonledger.tables.sheet_form import FormedSheet, SheetForm, hidden_cells
from carbonledger.tables.table import Table
from carbonledger.tables.template_mark import TEMPLATE_VERSION, TemplateMark

__all__ = ["ASIDE", "LABEL_KEYS", "NOT_READ", "WHOLE_YEAR", "WRITTEN_KEYS", "template_table"]

# The part of sheets that hold no entries.
ASIDE = "aside"
# What a row says of its source, and what is written into it; a note alone states nothing.
LABEL_KEYS = (
    "entity",
    "site",
    "source",
    "activity",
    "unit",
    "heating_value",
    "factor",
    "region",
    "scope_3_category",
    "start",
    "end",
)
WRITTEN_KEYS = ("amount", "data_type", "evidence")
_NOTE = "note"
# The key of a year's amount where no month is known, and that of columns that are shown and never read.
WHOLE_YEAR, NOT_READ = "year total", "-"
_NEEDED = {"months": ("activity", "unit"), "rows": ("activity", "unit", "start", "end", "amount")}
_FEWEST = 2


@dataclass(slots=True)
class _Body:
    """The rows beneath the keys, sorted out."""

    rows: list[Sequence[Any]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    refused: list[tuple[int, Sequence[Any]]] = field(default_factory=list)
    unwritten_rows: int = 0
    other_cells: int = 0


def template_table(sheet: Sheet, mark: TemplateMark, stated: SheetForm) -> Table:
    """A sheet of a template with its written rows.

    Parameters
    ----------
    sheet : Sheet
        With the mark.
    mark : TemplateMark
        What it says.
    stated : SheetForm
        Of which only counts whether hidden cells do.

    Returns
    -------
    Table
        Its headings are the keys of the columns that are read; without headings if the sheet holds no entries, or, with the reason as a
        finding, if its keys were changed.
    """
    formed = FormedSheet.of(sheet, SheetForm(hidden=stated.hidden))
    fault = _mark_fault(mark)
    if fault or mark.part == ASIDE:
        return _unread(formed.sheet, mark, [fault] if fault else [])
    at = _key_row(formed.sheet.rows)
    if at is None:
        return _unread(formed.sheet, mark, [Finding.of("TEMPLATE.no_keys")])
    numbers = formed.sheet.numbers or range(1, len(formed.sheet.rows) + 1)
    keys = tuple(map(heading_text, formed.sheet.rows[at]))
    faults = list(_key_faults(keys, mark))
    if faults:
        return _unread(formed.sheet, mark, [item.at(row=numbers[at]) for item in faults])
    return _with_body(formed, mark, at, keys, stated)


def _mark_fault(mark: TemplateMark) -> Finding | None:
    """Why a sheet with this mark cannot be read; None if it can."""
    if mark.part == ASIDE:
        return None
    if mark.version > TEMPLATE_VERSION:
        return Finding.of("TEMPLATE.newer", version=mark.version, known=TEMPLATE_VERSION)
    return None if mark.version and mark.part in _NEEDED else Finding.of("TEMPLATE.damaged")


def _with_body(formed: FormedSheet, mark: TemplateMark, at: int, keys: tuple[str, ...], stated: SheetForm) -> Table:
    """The table of a sheet whose keys are sound."""
    sheet = formed.sheet
    places = [place for place, key in enumerate(keys) if key not in {"", NOT_READ}]
    body = _body(sheet, at, keys, places)
    findings = [*_merged_rows(body), *_added_columns(sheet, at, keys)]
    if not stated.hidden:
        findings += hidden_cells(sheet, keys, body.numbers, lambda key: key != NOT_READ)
    numbers = sheet.numbers or range(1, len(sheet.rows) + 1)
    return Table(
        sheet.file,
        sheet.name,
        headings=tuple(keys[place] for place in places),
        columns=tuple(Column([_cell(row, place) for row in body.rows]) for place in places),
        numbers=body.numbers,
        heading_row=numbers[at],
        findings=tuple(
            item.at(file=sheet.file, sheet=sheet.name, row=item.row if item.row is not None else numbers[at])
            for item in findings
        ),
        refused_rows=len(body.refused),
        refused_cells=sum(sum(is_filled(cell) for cell in cells) for _, cells in body.refused),
        set_aside_cells=body.other_cells,
        set_aside_rows=body.unwritten_rows + sum(number > numbers[at] for number in formed.left_rows),
        refused=tuple(body.refused),
        template=mark,
    )


def _unread(sheet: Sheet, mark: TemplateMark, findings: Sequence[Finding]) -> Table:
    """A sheet of which nothing is read."""
    placed = tuple(item.at(file=sheet.file, sheet=sheet.name) for item in findings)
    filled = [row for row in sheet.rows if any(map(is_filled, row))]
    return Table(
        sheet.file,
        sheet.name,
        (),
        (),
        [],
        findings=placed,
        set_aside_cells=sum(sum(map(is_filled, row)) for row in filled),
        set_aside_rows=len(filled) if findings else 0,
        template=mark,
    )


def _key_row(rows: Sequence[Sequence[Any]]) -> int | None:
    """The position of the row of keys; None if there is none."""
    for at, row in enumerate(rows):
        keys = {cell for cell in row if isinstance(cell, str)}
        if len(keys & {"activity", "unit", NOT_READ}) >= _FEWEST and keys & {"activity", "unit"}:
            return at
    return None


def _key_faults(keys: tuple[str, ...], mark: TemplateMark) -> Iterator[Finding]:
    """What is wrong with the keys: each is one of the template's, none stands twice, none is missing."""
    own = (*mark.months, WHOLE_YEAR) if mark.part == "months" else ()
    known = {*LABEL_KEYS, *WRITTEN_KEYS, *own, _NOTE, NOT_READ, ""}
    strange = tuple(dict.fromkeys(key for key in keys if key not in known))
    twice = tuple(dict.fromkeys(key for key in keys if key not in {"", NOT_READ} and keys.count(key) > 1))
    missing = tuple(key for key in (*_NEEDED[mark.part], *own) if key not in keys)
    if strange:
        yield Finding.of("TEMPLATE.strange_keys", keys=strange)
    if twice:
        yield Finding.of("TEMPLATE.double_keys", keys=twice)
    if missing:
        yield Finding.of("TEMPLATE.missing_keys", keys=missing)


def _body(sheet: Sheet, at: int, keys: tuple[str, ...], places: Sequence[int]) -> _Body:
    """The rows beneath the keys: written, unwritten, or refused because cells are merged across them."""
    body = _Body()
    written = [place for place in places if keys[place] not in {*LABEL_KEYS, _NOTE}]
    numbers = sheet.numbers or range(1, len(sheet.rows) + 1)
    merged = {
        number
        for area in sheet.merged
        if any(area.first_column <= place + 1 <= area.last_column for place in places)
        for number in range(area.first_row, area.last_row + 1)
    }
    for row, number in zip(sheet.rows[at + 1 :], list(numbers)[at + 1 :], strict=True):
        own = [_cell(row, place) for place in places]
        body.other_cells += sum(is_filled(cell) for at, cell in enumerate(row) if at >= len(keys) or not keys[at])
        if number in merged and any(map(is_filled, own)):
            body.refused.append((number, own))
        elif any(is_filled(_cell(row, place)) for place in written):
            body.rows.append(row)
            body.numbers.append(number)
        elif any(map(is_filled, own)):
            body.unwritten_rows += 1
            body.other_cells += sum(map(is_filled, own))
    return body


def _cell(row: Sequence[Any], place: int) -> Any:
    """A cell of a row that may be shorter."""
    return row[place] if place < len(row) else None


def _merged_rows(body: _Body) -> Iterator[Finding]:
    """An error for each row that merged cells make unclear."""
    for number, _ in body.refused:
        yield Finding.of("TEMPLATE.merged").at(row=number)


def _added_columns(sheet: Sheet, at: int, keys: tuple[str, ...]) -> Iterator[Finding]:
    """A note for each column that somebody added and wrote into."""
    body = sheet.rows[at + 1 :]
    for place in range(max(map(len, sheet.rows))):
        count = sum(is_filled(_cell(row, place)) for row in body)
        if count and (place >= len(keys) or not keys[place]):
            above = next((str(cell) for row in reversed(sheet.rows[:at]) if is_filled(cell := _cell(row, place))), "")
            heading = heading_text(above) or _letters(place + 1)
            yield Finding.of("UNKNOWN_HEADING", heading=heading, cells=count).at(column=heading)


def _letters(number: int) -> str:
    """The letters of a column: A for 1, AA for 27."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
