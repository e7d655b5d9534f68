"""``carbonledger status``: what a book has, what it lacks, and what to do next."""

from __future__ import annotations

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language
from carbonledger.cli.outcome import show_findings
from carbonledger.core.errors import EntriesError

__all__ = ["status"]


def status(book: BookArgument, lang: LangOption = Language.en, as_json: JsonOption = False) -> None:
    """Print which months each source covers, what is missing or estimated, and what to do next; exit code 1 if something is missing."""
    from carbonledger.book.book import open_book

    try:
        found = open_book(book).status()
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    if as_json:
        print_json(found.to_dict(lang.value))
    else:
        from carbonledger.reporting.console import console_for
        from carbonledger.reporting.status_text import print_status

        print_status(found.to_dict(lang.value), console_for(), lang.value)
    raise typer.Exit(found.exit_code)
