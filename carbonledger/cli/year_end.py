"""``carbonledger close``, ``reopen`` and ``new-year``: the end of a reporting year and the book of the next."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language
from carbonledger.cli.program import say
from carbonledger.core.language import Lang, printable, word

if TYPE_CHECKING:
    from carbonledger.book.year import ReportingYear
    from carbonledger.year_end import NextYear

__all__ = ["close", "new_year", "reopen", "say_standing", "show_closed"]

FindingsOption = Annotated[
    str, typer.Option("--with-findings", help="Why the year is closed although its report is incomplete or in doubt.")
]
ByOption = Annotated[str, typer.Option("--by", help="Who does it; kept in the log.")]
ReasonOption = Annotated[str, typer.Option("--reason", help="Why the year is opened again; kept in the log.")]
FolderArgument = Annotated[Path, typer.Argument(help="The folder of the new book; must not exist.", show_default=False)]
NewerOption = Annotated[bool, typer.Option("--newer-editions", help="Take the newer editions into the new book.")]
DriverOption = Annotated[
    list[str] | None,
    typer.Option("--driver", help="Of the new year, by its name in the book, e.g. revenue=120.5; may be repeated."),
]
AsOfOption = Annotated[
    str, typer.Option("--as-of", help="The new book uses only what had been published by this day, e.g. 2026-04-30.")
]
RestatedOption = Annotated[
    bool, typer.Option("--restated", help="Compare with last year as its book stands, not as it was closed.")
]


def close(
    book: BookArgument,
    with_findings: FindingsOption = "",
    by: ByOption = "",
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Close the reporting year: lock it, keep its inputs and its report in the folder closed, and log it."""
    from carbonledger.year_end import close_year

    closing = close_year(book, with_findings=with_findings, by=by)
    if as_json:
        print_json(
            {
                "year": closing.year,
                "closing": closing.number,
                "folder": str(closing.folder),
                "is_new": closing.is_new,
                "closed_on": closing.day,
                "reason": closing.reason,
                "findings": closing.findings,
            }
        )
        return
    values = {"year": str(closing.year), "closing": str(closing.number), "day": closing.day}
    key = "closed_now" if closing.is_new else "closed_already"
    _write(word(key, lang.value, **values, folder=str(closing.folder)))
    if closing.reason:
        _write(word("standing_reason", lang.value, reason=closing.reason))


def reopen(book: BookArgument, reason: ReasonOption = "", by: ByOption = "", lang: LangOption = Language.en) -> None:
    """Open a closed year again, for a reason that stays in the log; what was closed stays as it is."""
    from carbonledger.year_end import reopen_year

    act = reopen_year(book, reason=reason, by=by)
    _write(word("reopened_now", lang.value, year=str(act.year), closing=str(act.closing)))


def say_standing(year: ReportingYear, lang: Lang) -> None:
    """Say on standard error that a closed year is other now, where nothing of it can be calculated."""
    for line in year.standing.lines(lang) if year.standing else ():
        say(line)


def show_closed(book: Path, closing: int, lang: Lang, *, as_json: bool) -> None:
    """Print the report of a closing byte for byte, after calculating it again from what was kept."""
    from carbonledger.year_end import closed_output

    output = closed_output(book, closing, name=f"report.{lang}.{'json' if as_json else 'txt'}")
    for note in output.notes:
        say(note.full_text(lang))
    stream = getattr(sys.stdout, "buffer", None)
    if stream is None:
        sys.stdout.write(output.content.decode("utf-8"))
    else:
        sys.stdout.flush()
        stream.write(output.content)


def new_year(
    book: BookArgument,
    folder: FolderArgument,
    newer_editions: NewerOption = False,
    driver: DriverOption = None,
    as_of: AsOfOption = "",
    restated: RestatedOption = False,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Prepare the book of the next year from this one, in a new folder; nothing of this book is changed."""
    from carbonledger.year_end import new_year as prepare

    prepared = prepare(
        book,
        folder,
        newer_editions=newer_editions,
        drivers=dict(map(_driver, driver or ())),
        as_of=_day(as_of),
        restated=restated,
        lang=lang.value,
    )
    if as_json:
        print_json(prepared.to_dict(lang.value))
    else:
        _show(prepared, lang.value)


def _show(prepared: NextYear, lang: Lang) -> None:
    """What was carried over, what ended, what newer editions would change, and what is to be stated."""
    from dataclasses import asdict

    from carbonledger.reporting.console import console_for, plain_text, section_title
    from carbonledger.reporting.listings import print_upgrade

    console = console_for()
    for line in prepared.lines(lang):
        console.print(plain_text(line))
    section_title(console, word("new_year_editions", lang, year=str(prepared.year - 1)))
    print_upgrade(asdict(prepared.upgrade), console, lang)
    if prepared.upgrade.changes and not prepared.upgrade.editions:
        console.print(plain_text(word("effect_of_day", lang)))
    if prepared.upgrade.editions:
        console.print(plain_text(word("editions_taken" if prepared.newer_editions else "editions_proposed", lang)))
    console.print()
    _write(prepared.next_step(lang))


def _driver(text: str) -> tuple[str, float]:
    """A driver with its amount."""
    name, _, amount = text.partition("=")
    try:
        return name.strip(), float(amount)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r}: NAME=AMOUNT", param_hint="--driver") from error


def _day(text: str) -> date | None:
    """A day of the command line."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(f"{text!r}: YYYY-MM-DD", param_hint="--as-of") from error


def _write(line: str) -> None:
    """A line on standard output."""
    sys.stdout.write(f"{printable(line)}\n")
