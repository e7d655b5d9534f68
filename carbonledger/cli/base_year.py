"""``carbonledger base-year``: earlier years, the test of significance, and the bridge from the figure as reported to the restated one."""

from __future__ import annotations

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language
from carbonledger.cli.outcome import show_findings
from carbonledger.core.errors import BookError, EntriesError
from carbonledger.core.findings import Message

__all__ = ["base_year"]


def base_year(book: BookArgument, lang: LangOption = Language.en, as_json: JsonOption = False) -> None:
    """Show the base year: earlier years as reported and restated, whether events are significant, and the recalculation.

    Nothing of the book is changed.
    """
    from carbonledger.book.book import open_book

    try:
        year = open_book(book).reporting_year()
        if year.base_year is None and not year.emissions_by_year:
            raise BookError(Message.of("BASE_YEAR_FORM.none"))
        data = year.base_year_data(lang.value)
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    if as_json:
        print_json(data)
    else:
        from carbonledger.reporting.base_year_text import print_base_year
        from carbonledger.reporting.console import console_for

        print_base_year(year, console_for(), lang.value)
    raise typer.Exit(data["exit_code"])
