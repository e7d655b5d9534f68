"""Editions of your own: supplier factors, residual mixes, contracts.

They lie in your folder, keep the same rules as the editions that come with the library, and are sealed by the same checksum.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from carbonledger.core.activities import GRID_ELECTRICITY
from carbonledger.core.errors import EditionError
from carbonledger.core.files import write_folder_whole, write_whole
from carbonledger.core.findings import Finding, Message, first_error
from carbonledger.factors.edition_files import CATALOGUE_COLUMNS, catalogue_rows
from carbonledger.factors.editions import catalogue, read_edition, unsealed_edition
from carbonledger.factors.factor import COLUMNS, OPTIONAL_COLUMNS, STATED_IN_BOOK
from carbonledger.factors.own_tables import edition_rows
from carbonledger.factors.parameters import parameters, roles_of
from carbonledger.factors.verification import verify_edition

__all__ = ["new_edition", "seal_edition"]

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]*", re.ASCII)
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
    roles: Sequence[str] = (),
) -> Path:
    """The two files of an edition of your own.

    Parameters
    ----------
    name, version : str
        Its id will be ``name@version``.
    folder : Path
        Your factor folder; made if it does not exist.
    source : Path, optional
        A CSV or workbook with the columns of the format or words for them, at least ``activity``, ``value``, ``unit`` and
        ``source_locator``; the gas stands in a column or in the unit. Without it the file holds one example row to be replaced.
    facts : mapping of str to str, optional
        ``publisher``, ``document``, ``date_published``, ``licence``, ``how_verified``, ``transcribed_by``.
    roles : sequence of str
        What the edition is meant for; by default the roles in which its parameters are asked for.

    Returns
    -------
    Path
        The edition's folder.

    Raises
    ------
    EditionError
        If the name is no plain name, the edition exists, or the source has columns, words, gases or units that no edition has.
    BookError
        If the folder cannot be written; neither file is there then.
    """
    edition = f"{name}@{version}"
    if not _NAME.fullmatch(name) or not _NAME.fullmatch(version):
        raise EditionError(Message.of("OWN_EDITION.name", given=edition))
    if edition == STATED_IN_BOOK:
        raise EditionError(Message.of("OWN_EDITION.reserved", edition=edition))
    place = folder / name / version
    if place.exists() or edition in catalogue():
        raise EditionError(Message.of("OWN_EDITION.exists", edition=edition))
    known = tuple(dict.fromkeys(role for item in parameters().values() for role in item.roles))
    unknown = next((role for role in roles if role not in known), None)
    if unknown is not None:
        raise EditionError(Message.of("OWN_EDITION.role", given=unknown, known=known))
    rows = edition_rows(source) if source is not None else [dict.fromkeys(COLUMNS, "") | _EXAMPLE]
    extra = [column for column in OPTIONAL_COLUMNS if any(row.get(column) for row in rows)]
    meant = tuple(roles) or roles_of(row["parameter"] for row in rows)
    package = json.dumps(_package(name, version, facts or {}, extra, meant), ensure_ascii=False, indent=2) + "\n"
    texts = {"factors.csv": _csv_text([*COLUMNS, *extra], rows), "datapackage.json": package}
    write_folder_whole(place, texts)
    return place


def _csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, str]]) -> str:
    """Rows as CSV, each on one line."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: " ".join(text.split()) for name, text in row.items()} for row in rows)
    return stream.getvalue()


def _package(
    name: str, version: str, facts: Mapping[str, str], extra: Sequence[str], roles: Sequence[str]
) -> dict[str, Any]:
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
            "roles": list(roles),
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
        What must be mended first, of severity error; the edition is sealed if there is none. Warnings are doubts about an edition that
        is sealed all the same.

    Raises
    ------
    EditionError
        If its files cannot be read, or it was sealed before with other bytes.
    """
    edition = unsealed_edition(edition_id, folder)
    path = folder / "catalogue.csv"
    rows = catalogue_rows(path) if path.exists() else []
    if any(row["edition"] == edition_id for row in rows):
        catalogue.cache_clear()
        read_edition.cache_clear()
        read_edition(edition_id, folder)
        return []
    if edition_id in catalogue():
        raise EditionError(Message.of("OWN_EDITION.exists", edition=edition_id))
    findings = verify_edition(edition)
    if first_error(findings):
        return findings
    row = {
        "edition": edition_id,
        "status": "current",
        "superseded_by": "",
        "date_published": edition.date_published,
        "sha256": edition.sha256,
    }
    write_whole(path, _csv_text(CATALOGUE_COLUMNS, sorted([*rows, row], key=lambda item: item["edition"])))
    catalogue.cache_clear()
    return findings
