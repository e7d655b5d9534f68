"""Figures that somebody read elsewhere: a few spots, or the table of a second publication."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from carbonledger.core.errors import EditionError, EntriesError
from carbonledger.core.findings import first_error
from carbonledger.tables.records import cell_text
from carbonledger.tables.sources import tables_in
from carbonledger.tables.table import Table

__all__ = ["Evidence", "evidence_from"]

_KEYS = ("publisher_id", "factor_id")
_COLUMNS = frozenset({*_KEYS, "value"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Figures that somebody read elsewhere, as printed there.

    Parameters
    ----------
    spots : mapping of str to Decimal
        By publisher's id, factor id, path or activity.
    second : mapping of str to Decimal
        Of a second publication, by publisher's id or factor id.
    """

    spots: Mapping[str, Decimal]
    second: Mapping[str, Decimal]


def evidence_from(spots: Mapping[str, str], second: Path | None = None) -> Evidence:
    """Figures read elsewhere, as numbers.

    Parameters
    ----------
    spots : mapping of str to str
        A printed value by publisher's id, factor id, path or activity.
    second : Path, optional
        A CSV or workbook with the columns ``value`` and ``publisher_id`` or ``factor_id``.

    Returns
    -------
    Evidence

    Raises
    ------
    EditionError
        If a value is no number, or the table has not those columns.
    """
    return Evidence(
        {key: _number(value, key) for key, value in spots.items()}, {} if second is None else _second(second)
    )


def _number(text: str, place: str) -> Decimal:
    """A finite decimal."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise EditionError(f"{place}: {text!r} is not a number.")
    return number


def _second(path: Path) -> dict[str, Decimal]:
    """The figures of a second publication."""
    try:
        tables = tables_in(path, knows=_COLUMNS.__contains__)
    except EntriesError as error:
        raise EditionError(str(error.findings[0])) from error
    found: dict[str, Decimal] = {}
    for table in tables:
        if broken := first_error(table.findings):
            raise EditionError(str(broken))
        found |= _figures(table)
    return found


def _figures(table: Table) -> dict[str, Decimal]:
    """The figures of one table by the id beside them."""
    columns = dict(zip(table.headings, table.columns, strict=True))
    key = next((name for name in _KEYS if name in columns), "")
    if not key or "value" not in columns:
        raise EditionError(f"{table.file}: a second publication has the columns value and {' or '.join(_KEYS)}.")
    return {
        cell_text(columns[key][at]): _number(cell_text(columns["value"][at]), f"{table.file}, row {number}")
        for at, number in enumerate(table.numbers)
        if cell_text(columns[key][at])
    }
