"""Tables of factors as people have them - headings in two languages, gases in units - turned into the rows of an edition."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from carbonledger.core.errors import EditionError, EntriesError, UnitError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label, did_you_mean
from carbonledger.core.number_text import NumberText, number_text
from carbonledger.core.units import canonical_unit
from carbonledger.factors.factor import COLUMNS, OPTIONAL_COLUMNS
from carbonledger.factors.own_rows import LIMITS_AND_VALUE, PLAIN_NUMBER, normal_row
from carbonledger.factors.own_words import column_named
from carbonledger.tables.headings import heading_and_bracket, nearest_heading
from carbonledger.tables.number_columns import NumberColumn, read_numbers
from carbonledger.tables.records import cell_text
from carbonledger.tables.sources import tables_in
from carbonledger.tables.table import Table

__all__ = ["as_error", "edition_rows", "full_text"]

_KNOWN = (*COLUMNS, *OPTIONAL_COLUMNS)
_DEFAULTS = {"parameter": "emission_factor", "confidence": "medium", "region": "GLOBAL"}


def full_text(finding: Finding) -> Label:
    """Where a finding is, what it says and what to do, without the name of its rule."""
    en, zh = finding.place_in("en"), finding.place_in("zh")
    says = finding.says
    return Label(
        f"{en}: {says.full_text('en')}" if en else says.full_text("en"),
        f"{zh}：{says.full_text('zh')}" if zh else says.full_text("zh"),
    )


def as_error(findings: Sequence[Finding]) -> EditionError:
    """All findings as one error: the first, and the others with it."""
    errors = [EditionError(Message.of("OWN_EDITION.row", problem=full_text(finding))) for finding in findings]
    errors[0].others = tuple(errors[1:])
    return errors[0]


def edition_rows(source: Path) -> list[dict[str, str]]:
    """The rows of an edition from a table of factors.

    Parameters
    ----------
    source : Path
        A CSV or workbook. Its headings are the columns of ``factors.csv`` or words for them (``own_words.csv``), in English or Chinese.

    Returns
    -------
    list of dict
        Every row in the form of editions, see `carbonledger.factors.own_rows.normal_row`.

    Raises
    ------
    EditionError
        If the file cannot be read, a heading is unknown or two are alike, or a row has no such form: all faults at once.
    """
    try:
        tables = tables_in(source, knows=lambda text: bool(_column_of(text)[0]))
    except EntriesError as error:
        raise as_error(error.findings) from error
    faults = [finding for table in tables for finding in (*_broken(table), *_heading_faults(table))]
    if faults:
        raise as_error(faults)
    rows: list[dict[str, str]] = []
    for table in tables:
        for cells, findings in _rows(table):
            faults += findings
            rows.append(cells)
    if not rows:
        raise EditionError(Message.of("OWN_EDITION.no_rows", file=source.name))
    if faults:
        raise as_error(faults)
    _name_rows(rows)
    return rows


def _broken(table: Table) -> Iterator[Finding]:
    """What breaks the form of a table, each with its place."""
    return (finding for finding in table.findings if finding.severity == "error")


def _column_of(heading: str) -> tuple[str, str]:
    """The column that a heading names, and the unit that it has in brackets: value (kg CO2e/kWh)."""
    column = column_named(heading)
    if column:
        return column, ""
    name, inside = heading_and_bracket(heading)
    column = column_named(name)
    return (column, inside) if column == "value" else ("", "")


def _heading_faults(table: Table) -> Iterator[Finding]:
    """Headings that the format does not know, and two for one column."""
    seen: dict[str, str] = {}
    for heading in filter(None, table.headings):
        column = _column_of(heading)[0]
        if not column:
            hint = did_you_mean([near] if (near := nearest_heading(heading, _KNOWN)) else [])
            yield Finding.of("OWN_EDITION.column", file=table.file, heading=heading, hint=hint, columns=_KNOWN)
        elif column in seen:
            alike = {"first": seen[column], "second": heading, "column": column}
            yield Finding.of("OWN_EDITION.double_column", file=table.file, **alike)
        seen.setdefault(column, heading)


def _rows(table: Table) -> Iterator[tuple[dict[str, str], list[Finding]]]:
    """Each row in the form of editions, with its faults."""
    names = [_column_of(heading)[0] for heading in table.headings]
    stated = next((unit for heading in table.headings if (unit := _column_of(heading)[1])), "")
    columns = {name: table.columns[at] for at, name in enumerate(names) if name}
    numbers = read_numbers(
        {name: column for name, column in columns.items() if name in LIMITS_AND_VALUE}, delimiter=table.delimiter
    )
    for at, number in enumerate(table.numbers):
        given = {name: cell_text(column[at]) for name, column in columns.items()}
        faults: list[tuple[str, Message]] = []
        for name, column in numbers.items():
            if at in column.defects:
                faults.append((name, column.defects[at]))
            given[name] = "" if column.is_gap(at) else _plain(given[name], column, at)
        filled = {name: text for name, text in given.items() if text}
        row = normal_row(dict.fromkeys(COLUMNS, "") | _DEFAULTS | {"unit": stated} | filled)
        if not row.of("value") and not faults:
            faults.append(("value", Message.of("BAD_NUMBER.empty", column="value")))
        cells = _with_canonical_unit(row.cells)
        yield (
            cells,
            [
                table.place(Finding.from_message(message), number, column=name)
                for name, message in (*faults, *row.faults)
            ],
        )


def _plain(text: str, column: NumberColumn, at: int) -> str:
    """A number as plain decimal text, with the digits that the publisher printed."""
    if math.isnan(column.values[at]) or PLAIN_NUMBER.fullmatch(text):
        return text
    read = number_text(text)
    plain = read.value(column.decimal or read.decimal) if isinstance(read, NumberText) else ""
    return plain if PLAIN_NUMBER.fullmatch(plain) else repr(float(column.values[at]))


def _with_canonical_unit(cells: Mapping[str, str]) -> dict[str, str]:
    """A row with its unit in the one spelling; one that is none is refused elsewhere."""
    try:
        return {**cells, "unit": canonical_unit(cells["unit"], cells["region"])}
    except UnitError:
        return dict(cells)


def _name_rows(rows: Sequence[dict[str, str]]) -> None:
    """Give each row without an id one that nobody else has."""
    taken = {row["factor_id"] for row in rows}
    for number, row in enumerate(rows, start=1):
        if not row["factor_id"]:
            plain = re.sub(r"[^a-z0-9]+", "-", f"{row['activity']} {row['gas']}".lower()).strip("-")
            name = next(name for name in (f"row-{number}", f"row-{number}-{plain}") if name not in taken)
            row["factor_id"] = name
            taken.add(name)
