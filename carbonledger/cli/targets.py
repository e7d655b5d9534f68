"""``carbonledger targets``: where the company stands on what it has promised."""

from __future__ import annotations

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language
from carbonledger.cli.outcome import show_findings
from carbonledger.core.errors import EntriesError

__all__ = ["targets"]


def targets(book: BookArgument, lang: LangOption = Language.en, as_json: JsonOption = False) -> None:
    """Show the targets of a book: path, progress, gap, the pace that is needed, and what is planned against what is needed.

    Exit code 1 if a target cannot be followed as it is stated, or if the year is incomplete or in doubt by an error.
    """
    from carbonledger.book.book import open_book

    year = open_book(book).reporting_year()
    try:
        data = year.targets_data(lang.value)
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    if as_json:
        print_json(data)
    else:
        from carbonledger.reporting.console import console_for
        from carbonledger.reporting.targets_text import print_targets

        print_targets(year, data, console_for(), lang.value)
    raise typer.Exit(data["exit_code"])
