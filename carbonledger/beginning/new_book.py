"""A new book: a folder with commented settings, an empty file of entries and what to do next, written whole or not at all."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from carbonledger.beginning.answers import BookAnswers
from carbonledger.beginning.guide_text import ENTRY_FIELDS, guide_text, headings
from carbonledger.beginning.pins import Pins, propose
from carbonledger.beginning.questions import Given, read_answers
from carbonledger.beginning.settings_text import settings_text
from carbonledger.book.book import Book, open_book
from carbonledger.book.folder import SETTINGS
from carbonledger.core.files import write_folder_whole
from carbonledger.core.language import Lang
from carbonledger.factors.gwp import read_gwp
from carbonledger.scope2.instruments import INSTRUMENT_COLUMNS

__all__ = ["GUIDE", "begin_book", "entries_name", "new_book", "pins_for"]

GUIDE = "README.md"
_INSTRUMENTS = "instruments.csv"
_MARK = "\ufeff"  # by which spreadsheets know UTF-8
_WIDTHS = {"activity": 22, "note": 28, "evidence": 18}


def new_book(
    folder: str | Path,
    *,
    name: str,
    region: str,
    year: int,
    uses: str | Iterable[str],
    gwp: str,
    scope_2: str,
    first_month: int = 1,
    entities: Iterable[str] = (),
    sites: Iterable[str] = (),
    own_attributes: str = "",
    editions: Mapping[str, str] | None = None,
    lang: Lang = "en",
) -> Book:
    """Begin a book: a folder with commented settings, an empty file of entries, and a page that says what to do next.

    Parameters
    ----------
    folder : path
        Empty, or not there yet.
    name : str
        Of the company.
    region : str
        Where it is: any text of a country, province or state.
    year : int
        The calendar year in which the reporting year begins.
    uses : str or iterable of str
        What is used, e.g. ``"power, gas, diesel"`` or ``"电、天然气、光伏"``: lines of the menu, or any activity.
    gwp : str
        The GWP set, e.g. ``ipcc-ar5@2013``; never assumed.
    scope_2 : {"location", "both"}
        The methods of scope 2; never assumed.
    first_month : int
        The month in which the reporting year begins.
    entities : iterable of str
        The companies of a group.
    sites : iterable of str
        Sites as ``COMPANY/SITE=REGION``, the company left out if there is one only; behind a colon what is used there.
    own_attributes : {"kept", "sold", "by_certificate"}
        What became of the certificates of own generation; asked if there is any and `scope_2` is both.
    editions : mapping of str to str, optional
        The series or edition that is wanted for an activity; by default the one that fits best.
    lang : {"en", "zh"}
        In which language the book is written.

    Returns
    -------
    Book
        As its settings are read back.

    Raises
    ------
    BookError
        If something is not stated or cannot be read, or the folder is not empty or cannot be written.
    RegionError, UnknownActivityError, EditionError
        If a region, a use or an edition cannot be read.
    """
    given = Given(
        name=name,
        region=region,
        year=str(year),
        first_month=str(first_month),
        use=(uses,) if isinstance(uses, str) else tuple(uses),
        entity=tuple(entities),
        site=tuple(sites),
        gwp=gwp,
        scope_2=scope_2,
        own_attributes=own_attributes,
        edition=tuple(f"{activity}={edition}" for activity, edition in (editions or {}).items()),
    )
    return begin_book(folder, read_answers(given, lang))


def pins_for(answers: BookAnswers) -> Pins:
    """The editions for the answers, see `propose`."""
    return propose(answers.activities(), answers.years, read_gwp(answers.gwp), answers.editions)


def begin_book(folder: str | Path, answers: BookAnswers, pins: Pins | None = None) -> Book:
    """Write the folder of a new book.

    Parameters
    ----------
    folder : path
        Empty, or not there yet.
    answers : BookAnswers
        What is known of the company.
    pins : Pins, optional
        The editions, if they were proposed already.

    Returns
    -------
    Book

    Raises
    ------
    BookError
        If the folder is not empty or cannot be written.
    """
    place = Path(folder)
    pins = pins or pins_for(answers)
    entries = entries_name()
    instruments = _INSTRUMENTS if answers.scope_2 == "both" else ""
    files: dict[str, str | bytes] = {
        entries: _workbook(answers.lang) if entries.endswith("xlsx") else _csv_text(headings(answers.lang)),
        GUIDE: guide_text(answers, pins, SETTINGS, entries),
    }
    if instruments:
        files[instruments] = _csv_text(INSTRUMENT_COLUMNS)
    # Last, because it makes the folder a book.
    files[SETTINGS] = settings_text(answers, pins, entries, instruments)
    write_folder_whole(place, files, accepts=_read_back, may_be_empty=True)
    return open_book(place)


def _read_back(folder: Path) -> None:
    """Read a book with all that it names, so that none is written that cannot be read."""
    book = open_book(folder)
    book.factors, book.gwp, book.check()


def entries_name() -> str:
    """The file of entries of a new book: a workbook if workbooks can be written and read, else a CSV."""
    excel = all(find_spec(name) is not None for name in ("xlsxwriter", "python_calamine"))
    return "entries.xlsx" if excel else "entries.csv"


def _csv_text(columns: Iterable[str]) -> str:
    """A table without a row."""
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerow(columns)
    return _MARK + stream.getvalue()


def _workbook(lang: Lang) -> bytes:
    """A workbook with the headings of entries."""
    import xlsxwriter

    stream = io.BytesIO()
    options: dict[str, Any] = {"in_memory": True}
    with xlsxwriter.Workbook(stream, options) as book:
        sheet = book.add_worksheet("entries" if lang == "en" else "活动数据")
        bold = book.add_format({"bold": True, "bg_color": "#DDEBF7", "border": 1})
        for column, (field, heading) in enumerate(zip(ENTRY_FIELDS, headings(lang), strict=True)):
            sheet.write_string(0, column, heading, bold)
            sheet.set_column(column, column, _WIDTHS.get(field, 12))
        sheet.freeze_panes(1, 0)
    return stream.getvalue()
