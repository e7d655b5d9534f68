"""``carbonledger what-if``: what assumed factors or editions would change, and what the planned measures would."""

from __future__ import annotations

from typing import Annotated

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language
from carbonledger.cli.outcome import show_findings
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding

__all__ = ["what_if"]

_SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="ACTIVITY[@REGION]=NUMBER [UNIT]",
        help="An emission factor to assume, e.g. electricity.grid=0.6 or 'electricity.grid@CN-SD=0.6 t CO2/MWh'; repeatable.",
    ),
]
_EditionOption = Annotated[
    list[str] | None,
    typer.Option(
        "--edition",
        metavar="NAME@VERSION",
        help="An edition to assume in the place of those of its series, or beside the others; repeatable.",
    ),
]


def what_if(
    book: BookArgument,
    assumed: _SetOption = None,
    edition: _EditionOption = None,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Show what other factors would change, by scope, activity, line and total; without options, what the planned measures would.

    Nothing of the book is changed.
    """
    from carbonledger.book.book import open_book

    try:
        year = open_book(book).reporting_year()
        if not (assumed or edition) and year.measures:
            findings: tuple[Finding, ...] = ()
            data = {**year.completeness.to_dict(lang.value), "book_changed": False, **year.measures_data(lang.value)}
        else:
            result = year.what_if(set=assumed, editions=edition or ())
            data, findings = result.to_dict(lang.value), result.findings
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    if as_json:
        print_json(data)
    else:
        from carbonledger.reporting.console import console_for
        from carbonledger.reporting.what_if_text import print_what_if

        print_what_if(year, data, findings, console_for(), lang.value)
    raise typer.Exit(data["exit_code"])
