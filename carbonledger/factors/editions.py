"""Reading editions of factors, and refusing damaged ones.

An edition is a folder ``<name>/<version>`` with a Frictionless ``datapackage.json`` and a ``factors.csv``. The
catalogue beside them holds its checksum, so that a released edition cannot change unnoticed.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from hashlib import sha256
from pathlib import Path

from carbonledger.errors import EditionError, UnknownEditionError
from carbonledger.factors.factor import COLUMNS, OPTIONAL_COLUMNS, Edition

__all__ = ["CatalogueRow", "catalogue", "factor_folder", "read_edition"]


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
    """

    edition: str
    status: str
    superseded_by: str
    date_published: str
    sha256: str


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
        A folder with a ``catalogue.csv``; by default the one that comes with the library.

    Returns
    -------
    mapping of str to CatalogueRow
    """
    path = (folder or factor_folder()) / "catalogue.csv"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise EditionError(f"{path} cannot be read: {error.strerror}.") from error
    return {row["edition"]: CatalogueRow(**row) for row in csv.DictReader(text.splitlines())}


@cache
def read_edition(edition_id: str, folder: Path | None = None) -> Edition:
    """One edition, its bytes held to the catalogue's checksum.

    Parameters
    ----------
    edition_id : str
        ``name@version``; the version is never guessed.
    folder : Path, optional
        A factor folder; by default the one that comes with the library.

    Returns
    -------
    Edition

    Raises
    ------
    UnknownEditionError
        If the catalogue does not list it; nearest ids are named.
    EditionError
        If its bytes differ from the catalogue's checksum or its columns from the format.
    """
    home = folder or factor_folder()
    listed = catalogue(folder).get(edition_id)
    if listed is None:
        raise _unknown(edition_id, catalogue(folder), home)
    name, version = edition_id.split("@")
    place = home / name / version
    try:
        factors, package = (place / "factors.csv").read_bytes(), (place / "datapackage.json").read_bytes()
    except OSError as error:
        raise EditionError(f"{edition_id}: {error.filename} cannot be read: {error.strerror}.") from error
    digest = sha256(factors + package).hexdigest()
    if digest != listed.sha256:
        message = (
            f"{edition_id}: the files in {place} are not the released ones (sha256 {digest[:12]}..., catalogue "
            f"{listed.sha256[:12]}...). A released edition never changes: restore it, or add a new version."
        )
        raise EditionError(message)
    return _edition(name, version, place, factors, package, digest)


def _edition(name: str, version: str, place: Path, factors: bytes, package: bytes, digest: str) -> Edition:
    """The record of an edition from its bytes."""
    metadata = json.loads(package)
    header, *rows = csv.reader(factors.decode("utf-8").splitlines())
    if tuple(header[: len(COLUMNS)]) != COLUMNS or not set(header[len(COLUMNS) :]) <= set(OPTIONAL_COLUMNS):
        raise EditionError(f"{name}@{version}: {place / 'factors.csv'} must have the columns {', '.join(COLUMNS)}.")
    short = [number for number, row in enumerate(rows, start=2) if len(row) != len(header)]
    if short:
        raise EditionError(f"{name}@{version}: row {short[0]} of factors.csv has not {len(header)} cells.")
    return Edition(
        name=name,
        version=version,
        folder=place,
        metadata=metadata.get("carbonledger", {}),
        package=metadata,
        sha256=digest,
        header=tuple(header),
        rows=tuple(tuple(row) for row in rows),
    )


def _unknown(edition_id: str, listed: Mapping[str, CatalogueRow], home: Path) -> UnknownEditionError:
    """The error for an edition that is not in the catalogue."""
    name = edition_id.split("@")[0]
    versions = [known for known in listed if known.split("@")[0] == name]
    near = versions or get_close_matches(edition_id, listed, n=3, cutoff=0.4)
    pinned = "" if "@" in edition_id else " An edition is named with its version, as in name@version."
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    return UnknownEditionError(f"no edition {edition_id!r} in {home.name}.{pinned}{hint}")
