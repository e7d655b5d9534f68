"""``carbonledger watch``: a page of energy and carbon that follows the files of a book."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language
from carbonledger.cli.program import INTERRUPTED, say
from carbonledger.core.errors import BookError, CarbonLedgerError, EntriesError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, printable, word

if TYPE_CHECKING:
    from carbonledger.book.watching import Round, Watch

__all__ = ["watch"]

_PAGE = Path("overview.html")


def watch(
    book: BookArgument,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Where the page is written; overview.html without it.", show_default=False),
    ] = None,
    once: Annotated[
        bool, typer.Option("--once", help="Look once and end, for a line of cron; 1 if there is an alarm.")
    ] = False,
    every: Annotated[int, typer.Option("--every", min=1, max=86_400, help="Seconds from one look to the next.")] = 60,
    at: Annotated[
        str,
        typer.Option("--at", metavar="MOMENT", help="With --once: as if it were this moment, e.g. '2025-06-16 08:00'."),
    ] = "",
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Write a page of energy and carbon by day and month with its alarms, and write it anew when a file of the book changes.

    Ends with Ctrl-C and 130. With --once it looks once: 0 if all is as usual, 1 if there is an alarm or something is left out.
    """
    from carbonledger.book.watching import Watch

    alone = once or bool(at) or as_json
    page = out or (None if as_json else _PAGE)
    watched = Watch(book, page, lang.value, 0 if alone else every)
    if alone:
        _once(watched, _moment(at), lang.value, as_json=as_json)
    try:
        _for_ever(watched, every, lang.value)
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def _moment(text: str) -> datetime | None:
    """The moment that is stated; None if none is.

    Raises
    ------
    BookError
        If it is none.
    """
    if not text:
        return None
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError as error:
        raise BookError(Message.of("WATCH_FORM", text=text)) from error


def _once(watched: Watch, at: datetime | None, lang: Lang, *, as_json: bool) -> None:
    """One look, and the exit code that it ends with."""
    found = watched.look(at)
    if found.overview is None or found.error is not None:
        # The page says it too, and has no figures.
        known = isinstance(found.error, CarbonLedgerError | OSError)
        raise found.error if found.error is not None and known else EntriesError(list(found.problems))
    if as_json:
        print_json(found.overview.to_dict(lang))
    else:
        _print(found, watched, lang)
    raise typer.Exit(found.overview.exit_code)


def _print(found: Round, watched: Watch, lang: Lang) -> None:
    """The name of the page, and each alarm."""
    from carbonledger.reporting.wording import finding_text

    sys.stdout.write(f"{printable(str(watched.out))}\n")
    if found.overview is not None:
        sys.stdout.write(f"{word('watch_alarm_count', lang, count=str(len(found.overview.alarms)))}\n")
        for finding in found.overview.alarms:
            sys.stdout.write(f"{finding_text(finding, lang)}\n")


def _for_ever(watched: Watch, every: int, lang: Lang) -> None:
    """Look again and again; a new problem is said on standard error."""
    while True:
        found = watched.look()
        if found.wrote:
            sys.stdout.write(f"{datetime.now():%Y-%m-%d %H:%M:%S} {printable(str(watched.out))}\n")
            sys.stdout.flush()
            for finding in found.problems:
                say(finding.text(lang))
        time.sleep(every)
