"""The book of the next year, made from this year's in a folder of its own; nothing of this year's is touched."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from carbonledger.book.book import Book, open_book
from carbonledger.book.closing_log import closing_folder, read_log
from carbonledger.book.folder import SETTINGS
from carbonledger.book.upgrade import NewerFactors, Upgrade, newer_factors, upgrade
from carbonledger.book.year import ReportingYear
from carbonledger.core.errors import BookError, ClosingError
from carbonledger.core.files import as_argument, folder_whole, write_files
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, listed, word
from carbonledger.core.periods import Period
from carbonledger.core.relative_paths import placed, relative_name
from carbonledger.core.toml_file import read_toml
from carbonledger.factors.editions import catalogue
from carbonledger.factors.factor import latest_day
from carbonledger.year_end.next_settings import NextSettings, SettingsPlan, next_settings
from carbonledger.year_end.next_tables import CarriedTable, entries_table, instruments_table

__all__ = ["NextYear", "new_year"]

_LISTED = 12


@dataclass(frozen=True, slots=True)
class NextYear:
    """A book that was prepared for the next year.

    Parameters
    ----------
    year : int
        The next year.
    folder : Path
        Of its book.
    compared_with : str
        The book that last year is taken from, relative to the folder: a closing, or last year's book as it stands.
    closing : int or None
        The closing that is compared with; None for the book as it stands.
    rows : int
        How many rows of entries wait to be filled in.
    contracts : int
        How many contracts and supplier rates go on.
    ended : tuple of str
        Sites, holdings, sources and certificates that end with the year.
    to_state : tuple of str
        What belongs to one year and has to be stated anew; it stands in the new ``book.toml`` as a comment.
    upgrade : Upgrade
        The newer editions, and what they would change in last year's figures.
    newer_editions : bool
        Whether they were taken into the new book.
    """

    year: int
    folder: Path
    compared_with: str
    closing: int | None
    rows: int
    contracts: int
    ended: tuple[str, ...]
    to_state: tuple[str, ...]
    upgrade: Upgrade
    newer_editions: bool

    def lines(self, lang: Lang) -> list[str]:
        """What was prepared, as sentences of a language."""
        before = str(self.year - 1)
        kept = "new_year_closing" if self.closing else "new_year_open"
        lines = [
            word("new_year_made", lang, year=str(self.year), folder=str(self.folder), rows=str(self.rows)),
            word(kept, lang, year=before, closing=str(self.closing or ""), book=self.compared_with),
        ]
        if self.contracts:
            lines.append(word("new_year_contracts", lang, count=str(self.contracts)))
        for key, names in (("new_year_ended", self.ended), ("new_year_to_state", self.to_state)):
            if names:
                more = ("…",) if len(names) > _LISTED else ()
                lines.append(word(key, lang, names=listed((*names[:_LISTED], *more), lang, semicolons=True)))
        return lines

    def next_step(self, lang: Lang) -> str:
        """What to do with the new book, with the commands."""
        book, option = as_argument(str(self.folder)), " --lang zh" if lang == "zh" else ""
        return word(
            "new_year_next",
            lang,
            entries=str(self.folder / f"entries-{self.year}.csv"),
            template=f"carbonledger template {book} template-{self.year}.xlsx{option}",
            settings=SETTINGS,
            status=f"carbonledger status {book}{option}",
        )

    def to_dict(self, lang: Lang = "en") -> dict[str, Any]:
        """What was prepared as plain data."""
        return {**asdict(self), "folder": str(self.folder), "lines": self.lines(lang)}


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is made of this year's book."""

    year: ReportingYear
    folder: Path
    compared_with: str
    closing: int | None
    newer: NewerFactors
    takes_newer: bool
    drivers: Mapping[str, float]
    as_of: date | None
    lang: Lang

    @property
    def next_year(self) -> int:
        """The number of the next year."""
        return self.year.year + 1

    @property
    def first_day(self) -> date:
        """The first day of the next reporting year."""
        return Period.of_year(self.next_year, self.year.first_month).start


def new_year(
    book: Book | str | Path,
    folder: str | Path,
    *,
    newer_editions: bool = False,
    drivers: Mapping[str, float] | None = None,
    as_of: date | None = None,
    restated: bool = False,
    lang: Lang = "en",
) -> NextYear:
    """Prepare the book of the next year.

    Parameters
    ----------
    book : Book or path
        This year's book.
    folder : path
        Of the new book; must not exist.
    newer_editions : bool
        Whether newer editions are taken into the new book; else they are proposed.
    drivers : mapping of str to float, optional
        Amounts of the new year by the names of the drivers; a driver without one has to be stated.
    as_of : date, optional
        The day by which editions must have been published.
    restated : bool
        Whether to compare with last year's book as it stands, instead of with its last closing.
    lang : {"en", "zh"}
        The language of the comments in the new ``book.toml``.

    Returns
    -------
    NextYear

    Raises
    ------
    BookError
        If the folder exists or cannot be written, the log of the book is damaged, or a driver is not one of the book.
    EntriesError
        If nothing of this year can be calculated.
    """
    opened = open_book(book.folder if isinstance(book, Book) else book)
    target = Path(folder)
    if os.path.lexists(target):
        raise BookError(Message.of("NOT_WRITTEN.exists", file=str(target)))
    amounts = dict(drivers or {})
    _refuse_unknown_drivers(opened, amounts)
    year = ReportingYear(opened, opened.year, apart=True)
    pinned = replace(year.inventory.factors, as_of=as_of)
    closing = None if restated else _last_closing(opened)
    plan = _Plan(
        year=year,
        folder=target,
        compared_with=_compared(opened, target, closing),
        closing=closing[0] if closing else None,
        newer=newer_factors(pinned, opened.factor_folder),
        takes_newer=newer_editions,
        drivers=amounts,
        as_of=as_of,
        lang=lang,
    )
    effect = upgrade(year.entries, replace(year.inventory, factors=pinned), opened.factor_folder)
    return _write(plan, replace(effect, editions=_known(effect.editions, plan)))


def _refuse_unknown_drivers(book: Book, amounts: Mapping[str, float]) -> None:
    """An amount of a driver that the book does not have would be lost."""
    names = {name.casefold(): name for item in book.settings.drivers for name in (item.name_en, item.name_zh) if name}
    unknown = next((name for name in amounts if name.casefold() not in names), None)
    if unknown is not None:
        raise BookError(Message.of("NEW_YEAR.driver", name=unknown, names=tuple(names.values()) or ("–",)))
    wrong = next((name for name, amount in amounts.items() if not 0 < amount < float("inf")), None)
    if wrong is not None:
        raise BookError(Message.of("NEW_YEAR.amount", name=wrong))


def _last_closing(book: Book) -> tuple[int, str] | None:
    """The last closing of the year: its number, and where its copy of the book lies."""
    closings = read_log(book.folder).closings(book.year)
    return (closings[-1].closing, closings[-1].book) if closings else None


def _compared(book: Book, target: Path, closing: tuple[int, str] | None) -> str:
    """The book that the next year compares with, relative to its own folder."""
    place = closing_folder(book.folder, book.year, closing[0]) / closing[1] if closing else book.folder
    return relative_name(place, target)


def _known(pairs: Sequence[tuple[str, str]], plan: _Plan) -> tuple[tuple[str, str], ...]:
    """The newer editions that had been published by the day that the new book states."""
    rows = catalogue(plan.year.book.factor_folder)
    days = {new: latest_day(rows[new].date_published) for _, new in pairs}
    by = plan.as_of
    return tuple((old, new) for old, new in pairs if by is None or ((day := days[new]) is not None and day <= by))


def _write(plan: _Plan, effect: Upgrade) -> NextYear:
    """Write the new book whole; it must open, or nothing is left behind."""
    year = plan.year
    ended = [site for site in year.sites if site.valid_to is not None and site.valid_to < plan.first_day]
    entries = entries_table(year, ended, plan.lang)
    contracts = instruments_table(year.instruments)
    name = f"entries-{plan.next_year}.csv"
    chosen = year.book.settings.scope_2
    instruments = f"instruments-{plan.next_year}.csv" if chosen and chosen.instruments else ""
    settings = next_settings(read_toml(year.book.path).text, _settings_plan(plan, name, instruments))
    files: dict[str, str | bytes] = {SETTINGS: settings.text, name: entries.text}
    if instruments:
        files[instruments] = contracts.text
    files |= dict(_copied(year))
    with folder_whole(plan.folder) as temporary:
        write_files(temporary, files)
        _check(temporary)
    return _result(plan, effect, settings, (entries, contracts))


def _settings_plan(plan: _Plan, entries: str, instruments: str) -> SettingsPlan:
    """What the new settings say."""
    newer = plan.newer if plan.takes_newer else None
    roles = {role: tuple(item.id for item in found) for role, found in newer.factors.roles.items()} if newer else {}
    stated = newer.factors.stated if newer else None
    return SettingsPlan(
        year=plan.next_year,
        folder=placed(plan.folder),
        old_folder=placed(plan.year.book.folder),
        compare_book=plan.compared_with,
        entries=entries,
        instruments=instruments,
        drivers=plan.drivers,
        as_of=plan.as_of,
        first_day=plan.first_day,
        roles={
            role: tuple(name for name in names if stated is None or name != stated.id) for role, names in roles.items()
        },
        replaced=dict(newer.replaced) if newer else {},
        lang=plan.lang,
    )


def _copied(year: ReportingYear) -> Iterator[tuple[str, bytes]]:
    """Files that go on as they are: the book's own editions, its prices and its earlier years, where they lie in its folder."""
    settings = year.book.settings
    base = placed(year.book.folder)
    for name in (settings.factors.folder, settings.prices.file if settings.prices else "", settings.files.history):
        place = placed(base / name)
        if not name or Path(name).is_absolute() or not place.is_relative_to(base):
            continue
        found = [path for path in sorted(place.rglob("*")) if path.is_file()] if place.is_dir() else [place]
        for path in found:
            yield path.relative_to(base).as_posix(), path.read_bytes()


def _check(folder: Path) -> None:
    """The new book must open."""
    try:
        opened = open_book(folder)
        _ = opened.factors
    except BookError as error:
        raise ClosingError(Message.of("NEW_YEAR.not_opened", problem=error.says or str(error))) from error


def _result(
    plan: _Plan, effect: Upgrade, settings: NextSettings, tables: tuple[CarriedTable, CarriedTable]
) -> NextYear:
    """What was prepared."""
    entries, contracts = tables
    return NextYear(
        year=plan.next_year,
        folder=plan.folder,
        compared_with=plan.compared_with,
        closing=plan.closing,
        rows=entries.carried,
        contracts=contracts.carried,
        ended=(*settings.ended, *entries.ended, *contracts.ended),
        to_state=tuple(settings.to_state),
        upgrade=effect,
        newer_editions=plan.takes_newer,
    )
