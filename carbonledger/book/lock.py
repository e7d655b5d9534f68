"""What a calculation used and gave, written down.

A factor update, an edited bill or a changed setting must not rewrite last year: a locked book gives what its lock holds, or says
what changed.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import timedelta
from hashlib import file_digest, sha256
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Any

from carbonledger.activity_data.entries import Entries
from carbonledger.book.closing_log import read_log
from carbonledger.book.input_files import locked_files
from carbonledger.book.lock_record import FORMAT, LOCK, Lock, LockedEdition, LockedFactor, LockedFile, write_lock
from carbonledger.book.stated_year import StatedYear
from carbonledger.core.errors import ClosingError
from carbonledger.core.findings import Message
from carbonledger.core.rounding import decimal_of
from carbonledger.factors.edition_files import EDITION_FILES
from carbonledger.factors.factor import Edition

__all__ = ["checksum", "lock_book", "lock_of"]

# Where an entry stands is no part of what it states.
_PLACES = ("file", "sheet", "row")
_SHORT = 16
# Names that are printed and change no figure.
_NAMES = frozenset({"name_zh", "name_en"})
# By these the results are held apart: emissions of all four, energy of the last two.
_AXES = ("scope", "gas", "entity", "activity")


def lock_book(year: StatedYear) -> Path:
    """Write down what the inventory of a reporting year uses and gives.

    Parameters
    ----------
    year : StatedYear
        Of the book to lock.

    Returns
    -------
    Path
        The lock file beside ``book.toml``, written whole.

    Raises
    ------
    BookError
        If the file cannot be written, or a symbolic link stands in its place.
    EntriesError
        If nothing can be calculated.
    ClosingError
        If the year is closed: its lock stays until the year is opened again.
    """
    path = year.book.folder / LOCK
    last = read_log(year.book.folder).last(year.year)
    if last is not None and last.act == "closed":
        raise ClosingError(Message.of("CLOSING.keeps_lock", year=year.year, closing=last.closing))
    write_lock(path, lock_of(year))
    return path


def lock_of(year: StatedYear) -> Lock:
    """What a reporting year uses and gives now.

    Parameters
    ----------
    year : StatedYear
        As calculated.

    Returns
    -------
    Lock
    """
    inventory = year.inventory
    factors = inventory.factors
    rows = {factor.reference: factor for row in inventory.plan.rows for factor in row.factors}
    return Lock(
        format=FORMAT,
        carbonledger=version("carbonledger"),
        ruleset=_ruleset(),
        reporting_year=year.year,
        gwp=inventory.gwp.edition,
        as_of=factors.as_of.isoformat() if factors.as_of else None,
        settings=dict(_settings("", year.book.settings.model_dump(mode="json", by_alias=True, exclude_unset=True))),
        files=_files(year),
        entries=_entries(year.entries),
        roles={role: sorted(item.id for item in found) for role, found in sorted(factors.roles.items()) if found},
        editions={
            edition.id: LockedEdition(sha256=edition.sha256, files=_edition_files(edition))
            for edition in sorted(inventory.editions.values(), key=lambda item: item.id)
        },
        rows={
            name: LockedFactor(value=factor.value_text, unit=factor.unit, gas=factor.gas)
            for name, factor in sorted(rows.items())
        },
        complete=inventory.complete,
        results=_results(year),
    )


def _ruleset() -> str:
    """The checksum of the catalogue of rules."""
    return sha256(resources.files("carbonledger.core").joinpath("rules.csv").read_bytes()).hexdigest()


def _settings(place: str, value: Any) -> Iterator[tuple[str, str]]:
    """Each setting that is stated, by its place, as JSON."""
    if isinstance(value, Mapping) and value:
        for name, item in value.items():
            if name not in _NAMES:
                yield from _settings(f"{place}.{name}" if place else str(name), item)
    elif isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _settings(f"{place}[{number}]", item)
    else:
        yield place, json.dumps(value, ensure_ascii=False, sort_keys=True)


def _files(year: StatedYear) -> dict[str, LockedFile]:
    """Every file that the figures rest on, with the entries of the year that it gave."""
    counts = year.entries.frame["file"].value_counts().to_dict()
    names = list(locked_files(year.book))
    # Entries know the name of their file without its folder.
    alone = {name for name, count in Counter(Path(name).name for name in names).items() if count == 1}
    return {
        name: LockedFile(
            sha256=checksum(year.book.folder / name),
            entries=int(counts.get(Path(name).name, 0)) if Path(name).name in alone else 0,
        )
        for name in names
    }


def checksum(path: Path) -> str:
    """The sha256 of a file; empty if it cannot be read."""
    try:
        with path.open("rb") as stream:
            return file_digest(stream, "sha256").hexdigest()
    except OSError:
        return ""


def _edition_files(edition: Edition) -> dict[str, str]:
    """The checksums of an edition's files."""
    sums = {name: checksum(edition.folder / name) for name in EDITION_FILES}
    return {name: found for name, found in sums.items() if found}


def _entries(entries: Entries) -> dict[str, list[str]]:
    """By file and sheet, a line for each entry: row, digest, and what it states in short."""
    frame = entries.frame
    stated = [name for name in frame.columns if name not in _PLACES]
    columns = [frame[name].tolist() for name in stated]
    short = frame[["activity", "amount", "unit", "start", "end"]].itertuples(index=False, name=None)
    places = frame[list(_PLACES)].itertuples(index=False, name=None)
    found: dict[str, list[str]] = {}
    for (file, sheet, row), values, (activity, amount, unit, start, end) in zip(
        places, zip(*columns, strict=True), short, strict=True
    ):
        digest = sha256(repr(values).encode()).hexdigest()[:_SHORT]
        # The day after the last is the end of a period in Python; people name its last day.
        text = f"{activity} {amount:.12g} {unit} {start}..{end - timedelta(days=1) if end else end}"
        found.setdefault(f"{file}#{sheet}" if sheet else str(file), []).append(f"{row} {digest} {text}")
    return found


def _results(year: StatedYear) -> dict[str, str | None]:
    """Every total as text that another machine compares."""
    inventory = year.inventory
    results = {name: _text(value) for name, value in year.totals().items()}
    for axis in _AXES:
        view = inventory.by(axis)
        for column in ("emissions_tco2e", "energy_gj"):
            if column in view:
                pairs = zip(view[axis], view[column], strict=True)
                results |= {f"{_named(axis, name)}: {column}": _text(float(value)) for name, value in pairs}
    results["biogenic_tco2"] = _text(float(inventory.biogenic_co2().magnitude))
    results["energy_gj"] = _text(float(inventory.total_energy().magnitude))
    if year.avoided is not None:
        results["avoided_tco2"] = _text(year.avoided.avoided_tco2)
    return results


def _named(axis: str, name: object) -> str:
    """A part of an axis; scopes carry the word in their names."""
    return str(name) if axis == "scope" else f"{axis} {name}"


def _text(value: float) -> str | None:
    """A result at twelve significant digits, which summing in another order does not move."""
    return None if math.isnan(value) else str(decimal_of(float(f"{value:.12g}")).normalize())
