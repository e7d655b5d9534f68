"""The template of a book: what it asks for, in the words that the book's entries are read by."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from carbonledger.activity_data.cell import Cell
from carbonledger.activity_data.entries import Entries
from carbonledger.activity_data.entry_columns import Conventions
from carbonledger.activity_data.expected_sources import ExpectedSource, without_entries
from carbonledger.activity_data.row import read_words
from carbonledger.activity_data.total_rows import is_total
from carbonledger.book.compared_year import compared_book
from carbonledger.book.entries import book_entries, division_of, reading_conventions
from carbonledger.book.folder import BookFolder
from carbonledger.core.activities import taxonomy
from carbonledger.core.activity_taxonomy import WELL_TO_TANK, Activity
from carbonledger.core.language import Label, Lang
from carbonledger.core.regions import canonical_region
from carbonledger.core.units import canonical_unit
from carbonledger.factors.activity_list import activity_table, usual_units
from carbonledger.workbooks.template_content import Layout, Template, TemplateSource, sources_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["book_template", "entry_files_with"]

# Kinds that are offered first, and carriers that need no factor to be asked for: own generation, export, load.
_FIRST_KINDS = ("electricity", "register", "heat", "fuel")
_METERED = frozenset({"electricity", "heat", "steam", "cooling"})
_TEN_THOUSAND = "10^4 "
# Sources are looked for in so many years before.
_YEARS_BACK = 5
# The rule of a row without its amount, as `new-year` prepares them.
_TO_FILL = "EMPTY_AMOUNT"
_LABELS = ("entity", "site", "source", "activity", "unit")
# Columns that a template has only where some source needs them.
_RARE = ("factor", "region", "scope_3_category")


@dataclass(frozen=True)
class _Words:
    """How the entries of a book may call things, found by reading every word as they are read."""

    conventions: Conventions
    lang: Lang
    companies: Mapping[str, tuple[str, ...]]
    regions: Mapping[tuple[str, str], str]
    region: str

    def name(self, key: str, text: str) -> str:
        """The name of a company, an activity or a unit."""
        return {"activity": self.activity, "unit": self.unit, "entity": self._company}[key](text)

    def activity(self, name: str) -> str:
        """An activity as its label, if that is read as nothing else, not even as the total of a column; else its name."""
        item = taxonomy()[name]
        label = Label(item.label_en, item.label_zh).text(self.lang)
        return label if self.is_read_as(label, name) and not is_total(label) else name

    def unit(self, unit: str) -> str:
        """A unit as it is written in the language, if that is read as the same."""
        chinese = unit.replace(_TEN_THOUSAND, "万")
        is_same = self.lang == "zh" and canonical_unit(chinese, self.conventions.home) == unit
        return chinese if is_same else unit

    def is_read_as(self, text: str, name: str) -> bool:
        """Whether a text in the column of activities means one and asks nothing."""
        own = self.conventions
        cells = {"activity": Cell(text, "activity"), "unit": Cell(_units_of(taxonomy()[name], "")[0], "unit")}
        record, defects = read_words(cells, "", own.home, "", own.activities, own.priced)
        return record["activity"] == name and not defects and not record["factor"] and not record["scope_3_category"]

    def _company(self, text: str) -> str:
        """A company by the first of its names that is read as it."""
        read = self.conventions.entity_of or str
        return next((name for name in self.companies.get(text, ()) if name and read(name) == text), text)

    def own_region(self, entity: str, site: str, region: str) -> str:
        """The region of an entry, where neither its site nor the book tells it."""
        return "" if region == (self.regions.get((entity, site)) or self.region) else region


def book_template(
    book: BookFolder,
    *,
    year: int | None = None,
    previous: BookFolder | None = None,
    layout: Layout = "months",
    lang: Lang = "en",
) -> Template:
    """What the template of a book holds.

    Parameters
    ----------
    book : BookFolder
        Whose settings say which companies, sites and editions there are.
    year : int, optional
        The reporting year to be filled in, by default that of the book.
    previous : BookFolder, optional
        The book of the year before, where this one has no entries of it; by default the one it is compared with.
    layout : {"months", "rows"}
        The months across, or one amount a row.
    lang : {"en", "zh"}
        The language of activities, companies and instructions; headings are in both.

    Returns
    -------
    Template

    Raises
    ------
    BookError
        If the book that it is compared with cannot be opened.
    EntriesError
        If a file of entries is there and cannot be read at all.
    """
    settings = book.settings
    number = book.year if year is None else year
    words = _words_of(book, lang)
    known, frame = _known_entries(book, previous or compared_book(book), number)
    sources = sources_of(frame, names_of=words.name, own_region=words.own_region) if known is not None else []
    before = sources if known == number - 1 else [TemplateSource(item.labels) for item in sources]
    expected = [_as_source(item, words) for item in without_entries(frame, settings.sources)]
    return Template(
        names=settings.company.names,
        title=settings.company.name_in(lang),
        year=number,
        first_month=book.first_month,
        layout=layout,
        sources=(*before, *expected),
        known_year=known,
        entities=_distinct(
            (words.name("entity", item.id) for item in settings.entities if not item.without_data),
            (source.labels["entity"] for source in sources),
        ),
        sites=_distinct((site.id for site in settings.sites), (source.labels["site"] for source in sources)),
        meters=_distinct(source.labels["source"] for source in (*sources, *expected)),
        units=_units(words, [*frame["activity"].tolist(), *(item.activity for item in settings.sources)], sources),
        taxonomy=_activities_to_pick(words, activity_table(settings.company.region, folder=book.factor_folder)),
        keys=tuple(_keys(sources, settings.company.region)),
    )


def _activities_to_pick(words: _Words, table: pd.DataFrame) -> pd.DataFrame:
    """The taxonomy without what an entry would be asked about, such as electricity that may be bought or generated."""
    return table[[words.is_read_as(name, name) for name in table["activity"]]].reset_index(drop=True)


def _as_source(expected: ExpectedSource, words: _Words) -> TemplateSource:
    """A source of which there is no entry yet; its unit is left to the person who has the bill."""
    labels = dict.fromkeys((*_LABELS, "heating_value", *_RARE), "")
    labels |= {"site": expected.site, "source": expected.source}
    labels |= {"entity": words.name("entity", expected.entity), "activity": words.name("activity", expected.activity)}
    return TemplateSource(labels)


def _words_of(book: BookFolder, lang: Lang) -> _Words:
    """How the entries of a book call things."""
    settings = book.settings
    return _Words(
        reading_conventions(book.folder, settings, division_of(book.folder, settings)),
        lang,
        {item.id: (item.name_in(lang), *item.names, *item.aliases) for item in settings.entities},
        {(site.entity, site.id): canonical_region(site.region) for site in settings.sites if site.region},
        settings.company.region,
    )


def _known_entries(book: BookFolder, previous: BookFolder, year: int) -> tuple[int | None, pd.DataFrame]:
    """The last year before the one to be filled in of which there are entries, else that year itself; and its entries, no estimates."""
    known = [(item, _entries_there(item)) for item in ((book,) if previous is book else (book, previous))]
    for number in (*range(year - 1, year - 1 - _YEARS_BACK, -1), year):
        for item, entries in known:
            frame = entries.of_year(number, item.first_month).frame
            frame = frame[frame["file"] != (item.settings.files.estimates or None)]
            if len(frame):
                return number, frame
    return None, known[0][1].frame.iloc[:0]


def _entries_there(book: BookFolder) -> Entries:
    """The entries of the files that are there: a template may be the first of those that a new book names."""
    files = book.settings.files
    there = tuple(name for name in files.entries if _holds_anything(book.folder / name))
    if there == files.entries:
        return book.entries
    settings = book.settings.model_copy(update={"files": files.model_copy(update={"entries": there})})
    return book_entries(book.folder, settings)


def entry_files_with(book: BookFolder, name: str) -> tuple[str, ...]:
    """The files of entries of a book and one more; without those in which nothing but amounts to be filled in stands.

    Parameters
    ----------
    book : BookFolder
        An opened book.
    name : str
        Of a file in its folder.

    Returns
    -------
    tuple of str
    """
    entries = _entries_there(book)
    said = {finding.file for finding in entries.findings if finding.severity == "error" and finding.rule != _TO_FILL}
    waiting = {finding.file for finding in entries.findings if finding.rule == _TO_FILL}
    waiting -= said | set(entries.frame["file"])
    return tuple(dict.fromkeys([*(item for item in book.settings.files.entries if item not in waiting), name]))


def _holds_anything(path: Path) -> bool:
    """Whether a path is a file, or a folder with something in it."""
    return any(path.iterdir()) if path.is_dir() else path.exists()


def _distinct(*groups: Iterable[str]) -> tuple[str, ...]:
    """Texts, each once, without empty ones."""
    return tuple(dict.fromkeys(text for group in groups for text in group if text))


def _keys(sources: Iterable[TemplateSource], region: str) -> Iterator[str]:
    """The keys of the label columns: five always, others where a source needs them."""
    items = list(sources)
    yield from _LABELS
    if not region.startswith("CN") or any(item.labels["heating_value"] for item in items):
        yield "heating_value"
    yield from (key for key in _RARE if any(item.labels[key] for item in items))


def _units_of(activity: Activity, country: str) -> list[str]:
    """The usual units of an activity."""
    return [unit for dimension in activity.dimensions for unit in usual_units(dimension, country) if unit]


def _units(words: _Words, used: Iterable[str], sources: Iterable[TemplateSource]) -> dict[str, tuple[str, ...]]:
    """The activities to choose from with their units: those that are used, then those that the book's editions price."""
    priced = set(words.conventions.priced())
    offered = [
        item for item in taxonomy().values() if _is_offered(item, priced) and words.is_read_as(item.name, item.name)
    ]
    ranks = {kind: at for at, kind in enumerate(_FIRST_KINDS)}
    offered.sort(key=lambda item: ranks.get(item.kind, len(ranks)))
    stated: dict[str, list[str]] = {}
    for source in sources:
        stated.setdefault(source.labels["activity"], []).append(source.labels["unit"])
    found = {}
    for name in dict.fromkeys([*used, *(item.name for item in offered)]):
        text = words.activity(name)
        units = map(words.unit, _units_of(taxonomy()[name], words.conventions.country))
        found[text] = tuple(dict.fromkeys([*stated.get(text, ()), *units]))
    return found


def _is_offered(activity: Activity, priced: Collection[str]) -> bool:
    """Whether an activity is offered before it was used: none of spend, of which there are a thousand, and none upstream of another."""
    if activity.kind == "spend" or activity.name.startswith(WELL_TO_TANK):
        return False
    return activity.name in priced or (activity.emissions == "none" and activity.carrier in _METERED)
