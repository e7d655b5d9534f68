"""A refreshed edition, written with its data package and sealed, if every check holds or is accepted by name."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from carbonledger.core.errors import EditionError
from carbonledger.core.files import write_folder_whole
from carbonledger.core.findings import Finding
from carbonledger.factors.editions import catalogue, read_edition, unsealed_edition
from carbonledger.factors.factor import Edition
from carbonledger.factors.own import seal_edition
from carbonledger.factors.verification import verify_edition
from carbonledger.publishers.checks import CHECKS, Check, run_checks
from carbonledger.publishers.evidence import Evidence
from carbonledger.publishers.flat_file import read_flat_file
from carbonledger.publishers.layout import layout_of, layouts
from carbonledger.publishers.refresh import EditionRow, Refreshed, refresh
from carbonledger.publishers.table_file import refresh_table

__all__ = ["Refresh", "refresh_edition"]

_VERSION = re.compile(r"(19|20)\d\d[a-z0-9.-]*")
_PACKAGE_FACTS = frozenset({"title", "description"})
_FACTS = _PACKAGE_FACTS | {
    "publisher",
    "document",
    "date_note",
    "gwp_basis",
    "how_verified",
    "transcribed_by",
    "attribution",
}


@dataclass(frozen=True)
class Refresh:
    """The outcome of refreshing an edition.

    Parameters
    ----------
    refreshed : Refreshed
        Its rows, and what was left out.
    checks : tuple of Check
        Their outcomes.
    accepted : frozenset of str
        Checks that somebody accepted.
    findings : tuple of Finding
        Why it is not sealed; empty if it is, or could be.
    place : Path or None
        Where it lies; None if nothing was written.
    """

    refreshed: Refreshed
    checks: tuple[Check, ...]
    accepted: frozenset[str]
    findings: tuple[Finding, ...]
    place: Path | None


def refresh_edition(
    series: str,
    source: Path,
    *,
    version: str,
    folder: Path,
    previous: Sequence[str] = (),
    published: str = "",
    facts: Mapping[str, str] | None = None,
    evidence: Evidence | None = None,
    accept: Collection[str] = (),
    only_check: bool = False,
) -> Refresh:
    """A sealed edition from a publisher's workbook.

    Parameters
    ----------
    series : str
        Of the editions, such as ``uk-desnz``.
    source : Path
        The publisher's workbook where its layout is known, else a table with the columns of the format.
    version : str
        Of the new edition; begins with the year.
    folder : Path
        The factor folder.
    previous : sequence of str
        Editions of other years, the nearest first; by default the newest of the series before this version.
    published : str
        ISO date, or as much of it as is known.
    facts : mapping of str to str, optional
        What the data package says otherwise than last year's: ``title``, ``description``, ``publisher``, ``document``, ``date_note``,
        ``gwp_basis``, ``how_verified``, ``transcribed_by``, ``attribution``.
    evidence : Evidence, optional
        Figures that somebody read elsewhere.
    accept : collection of str
        Names of checks that may fail.
    only_check : bool
        Write nothing.

    Returns
    -------
    Refresh
        Nothing is written if a check fails that is not accepted.

    Raises
    ------
    EditionError
        If the file cannot be read, the edition exists, no earlier edition says what its rows mean, or a name is not known.
    """
    facts, evidence = facts or {}, evidence or Evidence({}, {})
    _check_names(facts, accept)
    if not _VERSION.fullmatch(version):
        raise EditionError(
            f"{version!r} is no version: it begins with the year, and has letters, digits, dots and hyphens."
        )
    if f"{series}@{version}" in catalogue() or (folder / series / version).exists():
        raise EditionError(f"{series}@{version} exists. An edition never changes: choose another version.")
    known = folder if (folder / "catalogue.csv").is_file() else None
    neighbours = [read_edition(name, known) for name in previous or _newest_before(series, version, known)]
    refreshed = _with_confidence(_refreshed(series, source, version, neighbours), evidence.second)
    if not refreshed.rows:
        reasons = ", ".join(f"{count} {reason}" for reason, count in refreshed.reasons.items())
        raise EditionError(
            f"{source.name}: none of its {refreshed.rows_in} rows gives a factor ({reasons or 'it is empty'})."
        )
    checks = tuple(run_checks(refreshed, evidence))
    findings = tuple(check.failure for check in checks if check.failure and check.name not in accept)
    if findings or only_check:
        return Refresh(refreshed, checks, frozenset(accept), findings, None)
    package = _package(refreshed, neighbours[0], published, facts, checks)
    package["carbonledger"]["how_verified"] = facts.get("how_verified") or _how_verified(source, checks, evidence)
    texts = {
        "factors.csv": _csv_text(refreshed),
        "datapackage.json": json.dumps(package, ensure_ascii=False, indent=2) + "\n",
    }
    if findings := _defects(f"{series}@{version}", texts):
        return Refresh(refreshed, checks, frozenset(accept), findings, None)
    write_folder_whole(folder / series / version, texts)
    findings = tuple(seal_edition(f"{series}@{version}", folder))
    return Refresh(refreshed, checks, frozenset(accept), findings, folder / series / version)


def _defects(edition_id: str, texts: Mapping[str, str]) -> tuple[Finding, ...]:
    """What would keep an edition from being sealed, found before anything is written."""
    with TemporaryDirectory() as folder:
        write_folder_whole(Path(folder) / edition_id.replace("@", "/"), texts)
        return tuple(verify_edition(unsealed_edition(edition_id, Path(folder))))


def _how_verified(source: Path, checks: Sequence[Check], evidence: Evidence) -> str:
    """What the checks showed, for a package that says nothing better."""
    held = ", ".join(check.name for check in checks if check.failure is None)
    spots = ", ".join(f"{key} = {value}" for key, value in evidence.spots.items())
    return f"Read from {source.name} by the refresh of the series; checks that held: {held}; read elsewhere: {spots or 'nothing'}."


def _refreshed(series: str, source: Path, version: str, neighbours: Sequence[Edition]) -> Refreshed:
    """The rows of a publisher's file, whatever its kind."""
    if series not in layouts():
        return refresh_table(source, series, version, neighbours)
    layout = layout_of(series)
    return refresh(read_flat_file(source, layout), layout, version, neighbours)


def _check_names(facts: Mapping[str, str], accept: Collection[str]) -> None:
    """Refuse names that nothing has."""
    for given, known, what in ((facts, _FACTS, "fact"), (accept, CHECKS, "check")):
        unknown = min(set(given) - set(known), default="")
        if unknown:
            raise EditionError(f"there is no {what} {unknown!r}; known: {', '.join(sorted(known))}.")


def _newest_before(series: str, version: str, folder: Path | None) -> list[str]:
    """The newest edition of a series before a version."""
    versions = [
        name for name in catalogue(folder) if name.partition("@")[0] == series and name.partition("@")[2] < version
    ]
    if not versions:
        raise EditionError(f"no edition of {series} before {version}: name another one as the previous.")
    return [max(versions)]


def _with_confidence(refreshed: Refreshed, second: Mapping[str, Decimal]) -> Refreshed:
    """Rows that a second publication does not print have medium confidence, where there is one."""
    if not second:
        return refreshed

    def rated(row: EditionRow) -> EditionRow:
        is_twice = row.cells.get("publisher_id") in second or row.cells["factor_id"] in second
        return replace(row, cells={**row.cells, "confidence": "high" if is_twice else "medium"})

    return replace(refreshed, rows=tuple(map(rated, refreshed.rows)))


def _csv_text(refreshed: Refreshed) -> str:
    """The rows as factors.csv."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, refreshed.columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.cells for row in refreshed.rows)
    return stream.getvalue()


def _package(
    refreshed: Refreshed, neighbour: Edition, published: str, facts: Mapping[str, str], checks: Sequence[Check]
) -> dict[str, Any]:
    """The data package: last year's, with what is new."""
    year, before = int(refreshed.version[:4]), neighbour.version[:4]
    package: dict[str, Any] = json.loads(json.dumps(neighbour.package))
    document = facts.get("document", neighbour.document.replace(before, str(year)))
    fields = {item["name"]: item for item in package["resources"][0]["schema"]["fields"]}
    package["resources"][0]["schema"]["fields"] = [
        fields.get(name, {"name": name, "type": "string"}) for name in refreshed.columns
    ]
    package |= {
        "version": refreshed.version,
        "title": str(package.get("title", "")).replace(before, str(year)),
        "sources": [{"title": document}],
    }
    package |= {name: text for name, text in facts.items() if name in _PACKAGE_FACTS}
    package["carbonledger"] |= {
        "document": document,
        "date_published": published or None,
        "date_note": "" if published else "not known",
        "date_accessed": datetime.now(UTC).date().isoformat(),
        "data_years": [year],
        "corrects": None,
        "status": "current",
        "superseded_by": None,
        "refresh": {
            "rows_in": refreshed.rows_in,
            "rows_out": len(refreshed.rows),
            "left_out": refreshed.reasons,
            "accepted": sorted(check.name for check in checks if check.failure),
        },
    }
    package["carbonledger"] |= {name: text for name, text in facts.items() if name not in _PACKAGE_FACTS}
    return package
