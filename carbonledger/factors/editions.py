"""Reading editions of factors, and refusing damaged ones.

An edition is a folder ``<name>/<version>`` with a Frictionless ``datapackage.json`` and a ``factors.csv``. The
catalogue beside them holds its checksum, so that a released edition cannot change unnoticed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from pathlib import Path

from carbonledger.core.errors import EditionError, UnknownEditionError
from carbonledger.core.findings import Message
from carbonledger.factors.edition_files import (
    catalogue_rows,
    edition_place,
    file_bytes,
    header_and_body,
    package_of,
)
from carbonledger.factors.factor import Edition, Factor

__all__ = [
    "CatalogueRow",
    "catalogue",
    "editions_about",
    "factor_folder",
    "is_corrected",
    "is_own",
    "is_shipped",
    "read_edition",
    "successor_among",
    "unsealed_edition",
]


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """One edition as the catalogue lists it.

    Parameters
    ----------
    edition : str
        ``name@version``.
    status : str
        ``current``, ``superseded`` or ``withdrawn``.
    superseded_by : str
        The edition that replaces it; empty if none does.
    date_published : str
        ISO date, or as much of it as is known.
    sha256 : str
        Of ``factors.csv`` followed by ``datapackage.json``.
    folder : Path
        The factor folder it lies in.
    """

    edition: str
    status: str
    superseded_by: str
    date_published: str
    sha256: str
    folder: Path


@cache
def factor_folder() -> Path:
    """The folder of the editions that come with the library.

    Raises
    ------
    EditionError
        If the installation has none.
    """
    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_emission_factors", package.parent / "emission_factors"):
        if (folder / "catalogue.csv").is_file():
            return folder
    raise EditionError("This installation has no emission_factors folder. Reinstall carbonledger.")


@cache
def catalogue(folder: Path | None = None) -> Mapping[str, CatalogueRow]:
    """Every edition of a factor folder by id.

    Parameters
    ----------
    folder : Path, optional
        A folder of your own with a ``catalogue.csv``; its editions stand beside those that come with the library.

    Returns
    -------
    mapping of str to CatalogueRow
    """
    shipped = _catalogue_of(factor_folder())
    if folder is None:
        return shipped
    own = _catalogue_of(folder)
    twice = min(set(own) & set(shipped), default="")
    if twice and folder.resolve() != factor_folder():
        file = str(folder / "catalogue.csv")
        raise EditionError(Message.of("EDITION_DAMAGED.shipped_id", file=file, edition=twice))
    return {**shipped, **own}


def _catalogue_of(folder: Path) -> dict[str, CatalogueRow]:
    """The rows of one catalogue."""
    rows = catalogue_rows(folder / "catalogue.csv")
    return {row["edition"]: CatalogueRow(**row, folder=folder) for row in rows}


@cache
def read_edition(edition_id: str, folder: Path | None = None) -> Edition:
    """One edition, its bytes held to the catalogue's checksum.

    Parameters
    ----------
    edition_id : str
        ``name@version``; the version is never guessed.
    folder : Path, optional
        A factor folder of your own, searched beside the one that comes with the library.

    Returns
    -------
    Edition

    Raises
    ------
    UnknownEditionError
        If no catalogue lists it; nearest ids are named.
    EditionError
        If its bytes differ from the catalogue's checksum or its columns from the format.
    """
    listed = catalogue(folder).get(edition_id)
    if listed is None:
        raise _unknown(edition_id, catalogue(folder))
    edition = unsealed_edition(edition_id, listed.folder)
    if edition.sha256 != listed.sha256:
        shown = {"found": edition.sha256[:12], "listed": listed.sha256[:12]}
        raise EditionError(
            Message.of("EDITION_DAMAGED.changed", edition=edition_id, folder=str(edition.folder), **shown)
        )
    return replace(edition, status=listed.status, superseded_by=listed.superseded_by)


def unsealed_edition(edition_id: str, folder: Path) -> Edition:
    """An edition as its files stand, whatever the catalogue says.

    Parameters
    ----------
    edition_id : str
        ``name@version``.
    folder : Path
        The factor folder.

    Returns
    -------
    Edition
    """
    place = edition_place(edition_id, folder)
    factors, package = file_bytes(place / "factors.csv"), file_bytes(place / "datapackage.json")
    return _edition(edition_id, place, factors, package)


def successor_among(edition: Edition, ids: Collection[str]) -> str:
    """The first of some editions that replaces an edition, at once or step by step.

    Parameters
    ----------
    edition : Edition
        The older one.
    ids : collection of str
        Ids as ``name@version``.

    Returns
    -------
    str
        Its id; empty if none does.
    """
    name, listed, met = (
        edition.superseded_by,
        catalogue(edition.folder.parent.parent) if edition.superseded_by else {},
        {edition.id},
    )
    while name and name not in ids and name not in met:
        met.add(name)
        name = listed[name].superseded_by if name in listed else ""
    return name if name in ids and name != edition.id else ""


@cache
def is_corrected(edition_id: str, folder: Path | None = None) -> bool:
    """Whether another edition mends the errors of an edition, so that it stands for it."""
    listed = catalogue(folder)
    successor = listed[edition_id].superseded_by if edition_id in listed else ""
    return successor in listed and read_edition(successor, folder).corrects == edition_id


@cache
def editions_about(region: str, role: str = "", folder: Path | None = None) -> tuple[str, ...]:
    """The editions that a data package says are about a region, or meant for a role; no figures are read.

    Parameters
    ----------
    region : str
        ISO 3166-1 code.
    role : str
        Such as ``avoided``; empty for none.

    Returns
    -------
    tuple of str
    """
    found = []
    for name, row in catalogue(folder).items():
        package = row.folder / name.replace("@", "/") / "datapackage.json"
        metadata = json.loads(package.read_text(encoding="utf-8")).get("carbonledger", {})
        if metadata.get("region") == region or (role and role in metadata.get("roles", ())):
            found.append(name)
    return tuple(found)


def is_shipped(edition: Edition) -> bool:
    """Whether an edition lies in the folder of those that come with the library."""
    return edition.status != "own" and edition.folder.resolve().is_relative_to(factor_folder().resolve())


@cache
def is_own(factor: Factor) -> bool:
    """Whether a factor belongs to no edition that comes with the library, or differs from the one published there.

    Parameters
    ----------
    factor : Factor
        As a line uses it.

    Returns
    -------
    bool
    """
    if factor.edition not in catalogue():
        return True
    try:
        return factor not in read_edition(factor.edition).by_id(factor.factor_id)
    except EditionError:
        return True


def _edition(edition_id: str, place: Path, factors: bytes, package: bytes) -> Edition:
    """The record of an edition from its bytes."""
    name, _, version = edition_id.partition("@")
    facts = package_of(place / "datapackage.json", package)
    header, body = header_and_body(place / "factors.csv", factors)
    digest = sha256(factors)
    digest.update(package)
    return Edition(name, version, place, facts.get("carbonledger", {}), facts, digest.hexdigest(), header, body)


def _unknown(edition_id: str, listed: Mapping[str, CatalogueRow]) -> UnknownEditionError:
    """The error for an edition that is not in the catalogue."""
    name = edition_id.split("@")[0]
    versions = [known for known in listed if known.split("@")[0] == name]
    near = versions or get_close_matches(edition_id, listed, n=3, cutoff=0.4)
    pinned = "" if "@" in edition_id else " An edition is named with its version, as in name@version."
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return UnknownEditionError(f"no edition {edition_id!r}.{pinned}{hint}")
