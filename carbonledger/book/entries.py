"""The entries of a book: its files and estimates, with companies, regions, years and prices as its settings say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from carbonledger.activity_data.cutoff import Weights, read_weights
from carbonledger.activity_data.entries import (
    Entries,
    entries_of,
    without_coarser,
    without_duplicates,
    without_superseded,
)
from carbonledger.activity_data.entry_columns import Conventions
from carbonledger.activity_data.settled_tables import unmatched_settings
from carbonledger.activity_data.sites import with_regions
from carbonledger.activity_data.source_tables import tables_read
from carbonledger.activity_data.spend import deflated, read_prices
from carbonledger.activity_data.table_settings import TableSettings, matches
from carbonledger.activity_data.tally import SheetTally
from carbonledger.book.paths import distinct_files
from carbonledger.book.settings import BookSettings
from carbonledger.core.activities import known_activity
from carbonledger.core.errors import EditionError
from carbonledger.core.findings import Finding
from carbonledger.estimates.table import read_estimates
from carbonledger.factors.editions import read_edition
from carbonledger.factors.pinned import OF_EMISSIONS
from carbonledger.readings.databases import read_table
from carbonledger.readings.entries import read_readings
from carbonledger.readings.stated import StatedReadings

__all__ = ["book_entries", "division_of", "read_as_book", "reading_conventions", "tables_for"]


def book_entries(folder: Path, settings: BookSettings) -> Entries:
    """The entries of all years of a book.

    Parameters
    ----------
    folder : Path
        Where its files lie.
    settings : BookSettings
        What they are called, and how they are read.

    Returns
    -------
    Entries

    Raises
    ------
    EntriesError, BookError
        If a file cannot be read at all.
    """
    import pandas as pd

    paths, double = distinct_files(folder, settings.files.entries)
    division = division_of(folder, settings)
    parts = [read_as_book(folder, path, settings, division, tables_for(folder, path, settings)) for path in paths]
    read = [tally for part in parts for tally in part.tallies]
    parts += _estimates(folder, settings)
    parts += [_summed(folder, item, settings, division) for item in settings.readings]
    if not parts:
        return entries_of(())
    frame = pd.concat([part.frame for part in parts], ignore_index=True) if len(parts) > 1 else parts[0].frame
    findings = (*double, *_unmatched(folder, paths, settings, read))
    findings += tuple(finding for part in parts for finding in part.findings)
    whole = Entries(frame, findings, tuple(tally for part in parts for tally in part.tallies))
    placed = with_regions(whole, settings.sites, settings.company.region)
    entries = without_coarser(without_superseded(without_duplicates(placed)))
    chosen = settings.prices
    if chosen is None:
        return entries
    return deflated(entries, read_prices(folder / chosen.file), chosen.currency, chosen.price_year)


def _priced(folder: Path, settings: BookSettings) -> frozenset[str]:
    """The activities that the pinned editions have factors for; none if an edition cannot be read, which is said where it is used."""
    own = settings.factors.folder
    try:
        editions = [read_edition(name, folder / own if own else None) for name in settings.factors.emissions]
    except EditionError:
        return frozenset()
    stated = {known_activity(item.activity) or item.activity for item in settings.factors.own}
    priced = {activity for edition in editions for activity, parameter in edition.index if parameter in OF_EMISSIONS}
    return frozenset(stated | priced)


def tables_for(folder: Path, path: Path, settings: BookSettings) -> list[TableSettings]:
    """The sections ``[[table]]`` that may mean a file: by its name, or by its path where they state one."""
    name = path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.as_posix()
    stated = [(item, item.file.replace("\\", "/").removeprefix("./")) for item in settings.tables]
    return [item for item, own in stated if "/" not in own or path.is_dir() or matches(own, name)]


def _unmatched(
    folder: Path, paths: Sequence[Path], settings: BookSettings, read: Sequence[SheetTally]
) -> Iterator[Finding]:
    """The sections ``[[table]]`` that mean nothing of what was read."""
    used = {id(item) for path in paths for item in tables_for(folder, path, settings)}
    seen = [(tally.file, tally.sheet) for tally in read]
    names = tuple(dict.fromkeys(file for file, _ in seen))
    for item in settings.tables:
        if id(item) not in used:
            yield Finding.of("TABLE_SETTING.no_file", name=item.file, files=names).at(file="book.toml")
            continue
        for _, finding in unmatched_settings([item], seen):
            yield finding if finding.file else finding.at(file="book.toml")


def reading_conventions(folder: Path, settings: BookSettings, division: bool | Weights) -> Conventions:
    """How the entries of a book are read; regions that they do not name are those of their sites, which are known later."""
    ids = settings.company_ids
    return Conventions(
        entity_of=lambda name: ids.get(name, name),
        prorate=division,
        first_month=settings.company.first_month,
        decimal=settings.files.decimal,
        priced=lambda: _priced(folder, settings),
        listed={*ids, *(site.id for site in settings.sites)},
        date_order=settings.files.date_order,
        home=settings.company.region,
        year=settings.company.reporting_year,
        activities=settings.activities,
        names=settings.company.names,
    )


def read_as_book(
    folder: Path, source: object, settings: BookSettings, division: bool | Weights, tables: Sequence[TableSettings] = ()
) -> Entries:
    """A file or rows as the settings say."""
    parts = tables_read(source, reading_conventions(folder, settings, division), tables)
    return entries_of(parts, superseding=False)


def _summed(folder: Path, stated: StatedReadings, settings: BookSettings, division: bool | Weights) -> Entries:
    """The entries of files of readings, each the sum of a source and month."""
    options: dict[str, Any] = {
        "folder": folder,
        "stated": stated.texts,
        "step": stated.step,
        "zone": stated.zone,
        "memory": stated.memory,
        "read": lambda table: read_as_book(folder, table, settings, division),
    }
    if stated.database:
        return read_table(stated.database, stated.table, **options)
    return read_readings(stated.files, engine=stated.engine, **options)


def _estimates(folder: Path, settings: BookSettings) -> list[Entries]:
    """The entries that the book's estimates give; none if it has none."""
    name, own = settings.files.estimates, settings.factors.folder
    if not name:
        return []
    country = settings.company.region.split("-")[0]
    estimates = read_estimates(
        folder / name, settings.factors.estimates, folder / own if own else None, country, settings.files.decimal
    )
    if not estimates.rows:
        return (
            [replace(read_as_book(folder, [], settings, True), findings=estimates.findings)]
            if estimates.findings
            else []
        )
    found = read_as_book(folder, list(estimates.rows), settings, True)
    # Rows were counted among the sound ones; in the file others lie between them.
    numbers = dict(enumerate(estimates.numbers, start=2))
    frame = found.frame.assign(file=name, row=found.frame["row"].map(numbers))
    findings = tuple(replace(item, file=name, row=numbers.get(item.row or 0)) for item in found.findings)
    return [replace(found, frame=frame, findings=(*estimates.findings, *findings))]


def division_of(folder: Path, settings: BookSettings) -> bool | Weights:
    """How bills that cross the end of a year are divided."""
    files = settings.files
    return read_weights(folder / files.prorate_weights) if files.prorate_weights else files.prorate_by_days
