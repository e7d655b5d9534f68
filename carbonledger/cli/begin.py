"""``carbonledger init``: from a few questions, or options, to a book."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import JsonOption, LangOption, Language
from carbonledger.core.language import Lang, printable, word

if TYPE_CHECKING:
    from carbonledger.beginning.answers import BookAnswers
    from carbonledger.beginning.pins import Pins
    from carbonledger.book.book import Book

__all__ = ["begin"]

FolderArgument = Annotated[Path, typer.Argument(help="Where the book is to be: an empty folder, or a new one.")]
NameOption = Annotated[str, typer.Option("--name", help="Name of the company.", show_default=False)]
RegionOption = Annotated[
    str, typer.Option("--region", help="Country, province or state, such as Shandong, CN-SD, Texas or GB.")
]
YearOption = Annotated[str, typer.Option("--year", help="Reporting year: the calendar year in which it begins.")]
MonthOption = Annotated[str, typer.Option("--first-month", help="Month in which it begins; 1 if not stated.")]
UseOption = Annotated[
    list[str] | None,
    typer.Option("--use", help="What is used, e.g. 'power, gas, pv'; or any activity. May be repeated."),
]
EntityOption = Annotated[list[str] | None, typer.Option("--entity", help="A company of the group. May be repeated.")]
SiteOption = Annotated[
    list[str] | None,
    typer.Option("--site", help="A site, as 'COMPANY/SITE=REGION' or 'SITE=REGION: power, gas'. May be repeated."),
]
GwpOption = Annotated[str, typer.Option("--gwp", help="GWP set, such as ipcc-ar5@2013 or AR5; never assumed.")]
ScopeOption = Annotated[str, typer.Option("--scope-2", help="location, or both (location and market); never assumed.")]
AttributesOption = Annotated[
    str, typer.Option("--own-attributes", help="Certificates of own generation: kept, sold or by_certificate.")
]
EditionOption = Annotated[
    list[str] | None,
    typer.Option("--edition", help="Another edition than the proposed one, as ACTIVITY=EDITION. May be repeated."),
]
AskOption = Annotated[
    bool | None, typer.Option("--ask/--no-ask", help="Ask for what is not stated.", show_default="at a terminal")
]


def begin(
    folder: FolderArgument = Path(),
    name: NameOption = "",
    region: RegionOption = "",
    year: YearOption = "",
    first_month: MonthOption = "",
    use: UseOption = None,
    entity: EntityOption = None,
    site: SiteOption = None,
    gwp: GwpOption = "",
    scope_2: ScopeOption = "",
    own_attributes: AttributesOption = "",
    edition: EditionOption = None,
    ask: AskOption = None,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Begin a book: commented settings, an empty file of entries, and what to do next; nothing that is there is written over."""
    from carbonledger.beginning.new_book import begin_book, pins_for
    from carbonledger.beginning.questions import Given, read_answers
    from carbonledger.core.files import is_empty_folder

    is_empty_folder(folder)
    given = Given(
        name=name,
        region=region,
        year=year,
        first_month=first_month,
        use=tuple(use or ()),
        entity=tuple(entity or ()),
        site=tuple(site or ()),
        gwp=gwp,
        scope_2=scope_2,
        own_attributes=own_attributes,
        edition=tuple(edition or ()),
    )
    asks = sys.stdin.isatty() and sys.stdout.isatty() if ask is None else ask
    if asks:
        from carbonledger.cli.interview import interview

        given = interview(given, lang.value)
    answers = read_answers(given, lang.value)
    pins = pins_for(answers)
    book = begin_book(folder, answers, pins)
    if as_json:
        print_json(_data(book, answers, pins))
    else:
        _print(book, answers, pins, proposed=not asks)


def _files(book: Book) -> list[str]:
    """The files of the new book."""
    from carbonledger.beginning.new_book import GUIDE
    from carbonledger.book.folder import SETTINGS

    instruments = [book.settings.scope_2.instruments] if book.settings.scope_2 else []
    return [str(book.folder / name) for name in (GUIDE, SETTINGS, *book.settings.files.entries, *instruments)]


def _data(book: Book, answers: BookAnswers, pins: Pins) -> dict[str, Any]:
    """The new book as plain data."""
    from carbonledger.beginning.reasons import reason_of

    return {
        "folder": str(book.folder),
        "files": _files(book),
        "gwp": answers.gwp,
        "scope_2": answers.scope_2,
        "emissions": pins.emissions,
        "energy": pins.energy,
        "standard_coal": pins.standard_coal,
        "by_activity": pins.by_activity,
        "proposals": [
            {
                "activity": item.activity,
                "region": item.region,
                "reason": reason_of(item, pins.years, answers.lang),
                "others": item.others,
                "unpriced_years": [year for other, year in pins.unpriced() if other is item],
            }
            for item in pins.proposals
        ],
    }


def _print(book: Book, answers: BookAnswers, pins: Pins, *, proposed: bool) -> None:
    """What was written, why these editions unless that was said already, and what to do next."""
    from carbonledger.cli.interview import proposal_lines
    from carbonledger.core.files import as_argument

    lang: Lang = answers.lang
    readme, _, entries, *_ = files = _files(book)
    command = f"carbonledger status {as_argument(str(book.folder))}" + (" --lang zh" if lang == "zh" else "")
    lines = [word("begun", lang, folder=str(book.folder)), *(f"  {name}" for name in files)]
    lines += [word("interview_proposed", lang), *proposal_lines(pins, lang)] if proposed else []
    count = len({id(item) for item, _ in pins.unpriced()})
    if count:
        lines.append(word("begun_unpriced", lang, count=str(count), readme=readme))
    lines.append(word("begun_next", lang, readme=readme, entries=entries, command=command))
    sys.stdout.writelines(f"{printable(line)}\n" for line in lines)
