"""The audit workbook: writing it, and holding an edited copy against the book."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language
from carbonledger.cli.program import say
from carbonledger.core.errors import EntriesError

__all__ = ["compare_workbook"]


def compare_workbook(
    book: BookArgument,
    copy: Annotated[Path, typer.Argument(help="An edited copy of the workbook.", show_default=False)],
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Show what an edited copy of the report's workbook says differently; nothing is taken over.

    Exit code 1 if there is a difference, 2 if the file is no copy of this report's workbook.
    """
    from carbonledger.book.book import open_book
    from carbonledger.workbooks.edited_copy import read_edited_copy

    year = open_book(book).reporting_year()
    try:
        edited = read_edited_copy(copy)
    except EntriesError as error:
        say("\n".join(finding.text(lang.value) for finding in error.findings))
        raise typer.Exit(2) from error
    comparison = year.compare_workbook(edited)
    if as_json:
        print_json(comparison.to_dict(lang.value))
    else:
        from carbonledger.reporting.console import console_for
        from carbonledger.workbooks.comparison_text import print_comparison

        print_comparison(comparison, console_for(), lang.value)
    if comparison.differences:
        raise typer.Exit(1)
