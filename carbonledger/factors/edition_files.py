"""The files of a factor folder as they may lie on a disk: damaged, half written, made by other hands; each is read or refused in words."""

from __future__ import annotations

import csv
import json
import re
from codecs import BOM_UTF8
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from carbonledger.core.errors import EditionError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import Label
from carbonledger.factors.factor import COLUMNS, OPTIONAL_COLUMNS, Edition

__all__ = [
    "CATALOGUE_COLUMNS",
    "EDITION_FILES",
    "EDITION_ID",
    "catalogue_rows",
    "edition_place",
    "file_bytes",
    "header_and_body",
    "metadata_faults",
    "package_of",
]

EDITION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*@[A-Za-z0-9][A-Za-z0-9._-]*", re.ASCII)
EDITION_FILES = ("factors.csv", "datapackage.json")
CATALOGUE_COLUMNS = ("edition", "status", "superseded_by", "date_published", "sha256")
_STATUS = frozenset({"current", "superseded", "withdrawn"})
_TEXTS = ("publisher", "document", "how_verified", "transcribed_by")


def file_bytes(path: Path) -> bytes:
    """The content of a file of a factor folder.

    Raises
    ------
    EditionError
        If it cannot be read.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise EditionError(Message.of("EDITION_DAMAGED.missing", file=str(path))) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EditionError(Message.of("EDITION_DAMAGED.unreadable", file=str(path), reason=reason)) from error


def _text_of(path: Path, content: bytes) -> str:
    """The text of a file, with or without the mark that editors of Windows put before it."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EditionError(Message.of("EDITION_DAMAGED.encoding", file=str(path), line=line)) from error
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise EditionError(Message.of("EDITION_DAMAGED.encoding", file=str(path), line=line))
    return text


def catalogue_rows(path: Path) -> list[dict[str, str]]:
    """The rows of a ``catalogue.csv``.

    Raises
    ------
    EditionError
        If it is no table with the columns of a catalogue, or a row of it is broken, lists an edition twice, or leads out of the folder.
    """
    if not path.exists():
        raise EditionError(Message.of("EDITION_DAMAGED.no_catalogue", file=str(path), folder=str(path.parent)))
    text = _text_of(path, file_bytes(path))
    lines = [line if len(line) <= csv.field_size_limit() else "" for line in text.splitlines()]
    rows = [row for row in csv.reader(lines) if any(cell.strip() for cell in row)]
    header = [name.strip() for name in rows[0]] if rows else []
    if sorted(header) != sorted(CATALOGUE_COLUMNS):
        raise EditionError(Message.of("EDITION_DAMAGED.catalogue_columns", file=str(path), columns=CATALOGUE_COLUMNS))
    found: dict[str, dict[str, str]] = {}
    for number, row in enumerate(rows[1:], start=2):
        cells = dict(zip(header, row, strict=False))
        name = cells.get("edition", "")
        if len(row) != len(header) or not EDITION_ID.fullmatch(name) or cells["status"] not in _STATUS or name in found:
            raise EditionError(
                Message.of("EDITION_DAMAGED.catalogue_row", file=str(path), row=number, text=",".join(row)[:80])
            )
        found[name] = cells
    return list(found.values())


def edition_place(edition_id: str, folder: Path) -> Path:
    """The folder of an edition.

    Raises
    ------
    EditionError
        If the id is none, or the place lies outside the factor folder, by a link.
    """
    if not EDITION_ID.fullmatch(edition_id):
        raise EditionError(Message.of("EDITION_DAMAGED.no_id", given=edition_id))
    name, _, version = edition_id.partition("@")
    place = folder / name / version
    try:
        inside = place.resolve().is_relative_to(folder.resolve())
        files = all(
            (place / name).resolve().is_relative_to(folder.resolve()) for name in ("factors.csv", "datapackage.json")
        )
    except (OSError, RuntimeError):
        inside = files = False
    if not (inside and files):
        raise EditionError(
            Message.of("EDITION_DAMAGED.outside", edition=edition_id, file=str(place), folder=str(folder))
        )
    return place


def package_of(path: Path, content: bytes) -> dict[str, Any]:
    """The data package of an edition; its part ``carbonledger`` is a table.

    Raises
    ------
    EditionError
        If it is no JSON, or another thing than a table of names.
    """
    text = _text_of(path, content)
    try:
        package = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise EditionError(Message.of("EDITION_DAMAGED.no_json", file=str(path), line=line)) from error
    if not isinstance(package, dict) or not isinstance(package.get("carbonledger", {}), dict):
        raise EditionError(Message.of("EDITION_DAMAGED.no_package", file=str(path)))
    return package


def header_and_body(path: Path, content: bytes) -> tuple[tuple[str, ...], bytes]:
    """The columns of a ``factors.csv``, and its lines beneath them, divided by line feeds.

    Raises
    ------
    EditionError
        If it has other columns than the format, or one of them twice.
    """
    _text_of(path, content)
    plain = content.removeprefix(BOM_UTF8)
    plain = plain.replace(b"\r\n", b"\n") if b"\r" in plain else plain
    first, _, body = plain.partition(b"\n")
    try:
        header = tuple(next(csv.reader([first.decode()]), ()))
    except csv.Error:
        header = ()
    rest = header[len(COLUMNS) :]
    if header[: len(COLUMNS)] != COLUMNS or not set(rest) <= set(OPTIONAL_COLUMNS) or len(set(rest)) != len(rest):
        optional = OPTIONAL_COLUMNS
        raise EditionError(Message.of("EDITION_DAMAGED.columns", file=str(path), columns=COLUMNS, optional=optional))
    return header, body.rstrip(b"\n") + b"\n" if body.endswith(b"\n\n") else body


def metadata_faults(edition: Edition) -> Iterator[Finding]:
    """What is of another kind in a data package than it must be."""
    place = f"{edition.id}/datapackage.json"
    for name, expected in _misfits(edition):
        yield Finding.of("EDITION_METADATA.kind", field=name, expected=expected).at(file=place)


def _misfits(edition: Edition) -> Iterator[tuple[str, Label]]:
    """Each field of another kind, and the kind that it must be of."""
    metadata, package = edition.metadata, edition.package
    text, words = Label("a text", "文字"), Label("a list of texts", "文字列表")
    years, tables = Label("a whole number of years, or null", "整数年数或 null"), Label("a list of tables", "表的列表")
    fields = [(f"carbonledger.{name}", isinstance(metadata.get(name, ""), str), text) for name in _TEXTS]
    fields += [
        ("carbonledger.date_published", isinstance(metadata.get("date_published") or "", str), text),
        ("carbonledger.roles", _is_list_of(metadata.get("roles", []), str), words),
        ("carbonledger.max_lag_years", _is_years(metadata.get("max_lag_years")), years),
        ("licenses", _is_list_of(package.get("licenses", []), dict), tables),
        ("title", isinstance(package.get("title", ""), str), text),
    ]
    return ((name, expected) for name, fits, expected in fields if not fits)


def _is_list_of(value: Any, kind: type) -> bool:
    """Whether a value is a list in which everything is of one kind."""
    return isinstance(value, list) and all(isinstance(item, kind) for item in value)


def _is_years(value: Any) -> bool:
    """Whether a value is a number of years, or none."""
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 0)
