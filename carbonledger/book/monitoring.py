"""The overview of a book: its readings by day beside its entries by month, at the factors of the book."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from carbonledger.activity_data.entries import Entries
from carbonledger.book.entries import division_of, read_as_book
from carbonledger.book.folder import BookFolder
from carbonledger.inventory.calculate import calculate
from carbonledger.inventory.consolidation import consolidate
from carbonledger.monitoring.metered import Metered, metered, metered_together
from carbonledger.monitoring.overview import Overview
from carbonledger.monitoring.priced import priced
from carbonledger.readings.databases import database_relation
from carbonledger.readings.engine import engine
from carbonledger.readings.files import reading_files
from carbonledger.readings.stated import StatedReadings

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["overview_of"]


def overview_of(book: BookFolder, at: datetime | None = None) -> Overview:
    """The overview of a book.

    Parameters
    ----------
    book : BookFolder
        An opened book.
    at : datetime, optional
        The moment for which it is drawn up, in the time of the readings; by default now, in the time of this machine.

    Returns
    -------
    Overview

    Raises
    ------
    EntriesError, BookError
        If nothing of the book can be read or calculated.
    """
    settings = book.settings
    readings = metered_together([_metered(book, item) for item in settings.readings])
    found = calculate(book.entries, book.factors, gwp=book.gwp, missing="report")
    approach = settings.boundary.approach
    inventory = found if approach is None else consolidate(found, list(settings.holdings), approach)
    names = {"en": settings.company.name_in("en"), "zh": settings.company.name_in("zh")}
    moment = datetime.now().replace(microsecond=0) if at is None else at
    lines = priced(inventory, readings)
    return Overview(names, moment, settings.watch, readings, lines, inventory.completeness, inventory.findings)


def _metered(book: BookFolder, stated: StatedReadings) -> Metered:
    """The readings of one table ``[[readings]]`` by day and hour."""
    division = division_of(book.folder, book.settings)

    def read(table: pd.DataFrame) -> Entries:
        return read_as_book(book.folder, table, book.settings, division)

    name = stated.table or ", ".join(stated.files)
    weeks = book.settings.watch.weeks + -(-book.settings.watch.days // 7)
    with engine(stated.memory) as connection:
        if stated.database:
            return metered(
                database_relation(connection, stated.database, stated.table, book.folder), stated, name, read, weeks
            )
        files = reading_files(connection, stated.paths(book.folder), book.folder)
        return replace(metered(files.relation, stated, name, read, weeks), files=dict.fromkeys(files.names, name))
