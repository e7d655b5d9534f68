"""Editions of your own: supplier factors, residual mixes, contracts.

They lie in your folder, keep the same rules as the editions that come with the library, and are sealed by the same checksum.
"""

from __future__ import annotations

import csv
import io
import json
import math
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from carbonledger.core.activities import GRID_ELECTRICITY, canonical_activity
from carbonledger.core.errors import EditionError, EntriesError, UnknownActivityError
from carbonledger.core.files import write_folder_whole, write_whole
from carbonledger.core.findings import Finding, first_error
from carbonledger.factors.editions import catalogue, read_edition, unsealed_edition
from carbonledger.factors.factor import COLUMNS, OPTIONAL_COLUMNS
from carbonledger.factors.verification import verify_edition
from carbonledger.tables.number_columns import NumberColumn, read_numbers
from carbonledger.tables.records import cell_text
from carbonledger.tables.sources import tables_in
from carbonledger.tables.table import Table

__all__ = ["new_edition", "seal_edition"]

_NUMBERS = ("value", "lower", "upper")
_PLAIN = re.compile(r"\d+(\.\d+)?")
_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*")
_CATALOGUE = ("edition", "status", "superseded_by", "date_published", "sha256")
_DEFAULTS = {"parameter": "emission_factor", "confidence": "medium", "region": "GLOBAL"}
_EXAMPLE = {
    "factor_id": "example-supplier-electricity",
    "activity": GRID_ELECTRICITY,
    "parameter": "emission_factor",
    "region": "CN",
    "data_year": "2024",
    "gas": "CO2",
    "value": "",
    "unit": "t/MWh",
    "scope": "2",
    "source_locator": "contract or certificate number, page",
    "confidence": "medium",
    "note": "replace this row; residual mixes (AIB, Green-e) enter with the parameter residual_mix",
}


def new_edition(
    name: str,
    *,
    version: str = "1",
    folder: Path,
    source: Path | None = None,
    facts: Mapping[str, str] | None = None,
) -> Path:
    """The two files of an edition of your own.

    Parameters
    ----------
    name, version : str
        Its id will be ``name@version``.
    folder : Path
        Your factor folder; made if it does not exist.
    source : Path, optional
        A CSV or workbook with the columns of the format, at least ``activity``, ``gas``, ``value``, ``unit`` and
        ``source_locator``. Without it the file holds one example row to be replaced.
    facts : mapping of str to str, optional
        ``publisher``, ``document``, ``date_published``, ``licence``, ``how_verified``, ``transcribed_by``.

    Returns
    -------
    Path
        The edition's folder.

    Raises
    ------
    EditionError
        If the name is no plain name, the edition exists, or the source has columns that the format does not know.
    BookError
        If the folder cannot be written; neither file is there then.
    """
    if not _NAME.fullmatch(name) or not _NAME.fullmatch(version):
        raise EditionError(f"{name}@{version}: names and versions are lower-case letters, digits, dots and hyphens.")
    place = folder / name / version
    if place.exists() or f"{name}@{version}" in catalogue():
        raise EditionError(f"{name}@{version} exists. An edition never changes: choose another version.")
    rows = _rows_of(source) if source is not None else [dict.fromkeys(COLUMNS, "") | _EXAMPLE]
    extra = [column for column in OPTIONAL_COLUMNS if any(row.get(column) for row in rows)]
    package = json.dumps(_package(name, version, facts or {}, extra), ensure_ascii=False, indent=2) + "\n"
    texts = {"factors.csv": _csv_text([*COLUMNS, *extra], rows), "datapackage.json": package}
    write_folder_whole(place, texts)
    return place


def _rows_of(source: Path) -> list[dict[str, str]]:
    """The factors of a table, defaults filled in, activities in the taxonomy's spelling."""
    known = {*COLUMNS, *OPTIONAL_COLUMNS}
    try:
        tables = tables_in(source, knows=known.__contains__)
    except EntriesError as error:
        raise EditionError(str(error.findings[0])) from error
    rows: list[dict[str, str]] = []
    for table in tables:
        broken = first_error(table.findings)
        if broken:
            raise EditionError(str(broken))
        numbers = read_numbers(
            {name: table.columns[at] for at, name in enumerate(table.headings) if name in _NUMBERS},
            delimiter=table.delimiter,
        )
        rows += [_row(table, at, numbers) for at in range(len(table.numbers))]
    for number, row in enumerate(rows, start=1):
        row["factor_id"] = row["factor_id"] or f"row-{number}"
    return rows


def _row(table: Table, at: int, numbers: Mapping[str, NumberColumn]) -> dict[str, str]:
    """One factor of a table."""
    place = f"{table.file}, row {table.numbers[at]}"
    unknown = sorted(set(filter(None, table.headings)) - set(COLUMNS) - set(OPTIONAL_COLUMNS))
    if unknown:
        raise EditionError(
            f"{table.file}: the format has no column {unknown[0]!r}. Its columns are {', '.join(COLUMNS)}."
        )
    given = {name: cell_text(column[at]) for name, column in zip(table.headings, table.columns, strict=True) if name}
    for name, column in numbers.items():
        if at in column.defects:
            raise EditionError(f"{place}: {column.defects[at].text()}")
        # Digits stay as the publisher printed them where they are plain.
        value = column.values[at]
        given[name] = "" if math.isnan(value) else given[name] if _PLAIN.fullmatch(given[name]) else repr(float(value))
    row = dict.fromkeys(COLUMNS, "") | _DEFAULTS | {name: text for name, text in given.items() if text}
    try:
        row["activity"] = canonical_activity(row["activity"])
    except UnknownActivityError as error:
        raise EditionError(f"{place}: {error}") from error
    return row


def _csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as CSV."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue()


def _package(name: str, version: str, facts: Mapping[str, str], extra: Sequence[str]) -> dict[str, Any]:
    """The data package of an edition."""
    numbers = {"value", "lower", "upper"}
    fields = [
        {"name": column, "type": "integer" if column == "data_year" else "number" if column in numbers else "string"}
        for column in (*COLUMNS, *extra)
    ]
    return {
        "name": name,
        "version": version,
        "title": facts.get("title", name),
        "licenses": [{"name": facts.get("licence") or "own-use", "title": facts.get("licence") or "for own use"}],
        "carbonledger": {
            "publisher": facts.get("publisher", ""),
            "document": facts.get("document", ""),
            "date_published": facts.get("date_published") or None,
            "date_accessed": datetime.now(UTC).date().isoformat(),
            "roles": ["emissions"],
            "max_lag_years": 0,
            "how_verified": facts.get("how_verified", ""),
            "transcribed_by": facts.get("transcribed_by", ""),
            "corrects": None,
        },
        "resources": [
            {
                "name": "factors",
                "path": "factors.csv",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {"fields": fields, "primaryKey": ["factor_id"], "missingValues": [""]},
            }
        ],
    }


def seal_edition(edition_id: str, folder: Path) -> list[Finding]:
    """Enter an edition into its folder's catalogue, if it keeps all rules.

    Parameters
    ----------
    edition_id : str
        ``name@version``.
    folder : Path
        Your factor folder.

    Returns
    -------
    list of Finding
        What must be mended first; empty if the edition is sealed.

    Raises
    ------
    EditionError
        If it was sealed before with other bytes.
    """
    edition = unsealed_edition(edition_id, folder)
    path = folder / "catalogue.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines())) if path.exists() else []
    known = next((row for row in rows if row["edition"] == edition_id), None)
    if known is not None:
        catalogue.cache_clear()
        read_edition.cache_clear()
        read_edition(edition_id, folder)
        return []
    findings = verify_edition(edition)
    if findings:
        return findings
    date = str(edition.metadata.get("date_published") or "")
    row = {
        "edition": edition_id,
        "status": "current",
        "superseded_by": "",
        "date_published": date,
        "sha256": edition.sha256,
    }
    write_whole(path, _csv_text(_CATALOGUE, sorted([*rows, row], key=lambda item: item["edition"])))
    catalogue.cache_clear()
    return []
