"""``carbonledger disclose``: a disclosure framework answered from a book."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import JsonOption, LangOption, Language
from carbonledger.cli.outcome import show_findings
from carbonledger.core.errors import BookError, EntriesError
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, printable

if TYPE_CHECKING:
    from carbonledger.book.year import ReportingYear
    from carbonledger.disclosure.answers import Disclosure

__all__ = ["disclose"]

_ALL = "all"


def disclose(
    book: Annotated[Path | None, typer.Argument(help="A book: a folder with a book.toml.", show_default=False)] = None,
    framework: Annotated[
        str, typer.Option("--framework", help="Which one; --list names them, 'all' takes all into one workbook.")
    ] = "gri-302-1",
    index: Annotated[
        str,
        typer.Option(
            "--index", help="A content index instead: 'gri', held against the printed one that the book names."
        ),
    ] = "",
    show_list: Annotated[bool, typer.Option("--list", help="List the frameworks.")] = False,
    xlsx: Annotated[Path | None, typer.Option("--xlsx", help="Write a workbook.")] = None,
    as_markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Answer a disclosure framework datapoint by datapoint: filled, needs words, data missing, or not applicable.

    Exit code 1 if data are missing from the figures, or if they are in doubt.
    """
    if show_list:
        _show_list(lang.value, as_json=as_json)
        return
    forms = {"--json": as_json, "--csv": as_csv, "--markdown": as_markdown, "--xlsx": xlsx is not None}
    if index:
        _show_index(book, index, [name for name, asked in forms.items() if asked], lang)
        return
    _check_options(book, [name for name, asked in forms.items() if asked], is_all=framework == _ALL)
    disclosures = _disclosures(book, framework, lang, as_json=as_json)
    if xlsx is not None:
        from carbonledger.core.files import write_whole
        from carbonledger.reporting.disclosure_workbook import disclosure_workbook

        write_whole(xlsx, disclosure_workbook(disclosures, lang.value))
        sys.stdout.write(f"{printable(str(xlsx))}\n")
    elif as_json:
        data = [item.to_dict(lang.value) for item in disclosures]
        print_json(data if framework == _ALL else data[0])
    else:
        for disclosure in disclosures:
            _show(disclosure, lang.value, as_markdown=as_markdown, as_csv=as_csv)
    if any(item.exit_code for item in disclosures):
        raise typer.Exit(1)


def _show_index(book: Path | None, index: str, forms: list[str], lang: Language) -> None:
    """The content index of a book, as text or as data."""
    from carbonledger.book.book import open_book

    as_json = forms == ["--json"]
    if index.casefold() != "gri":
        raise BookError(Message.of("DISCLOSE_OPTIONS.no_index", given=index))
    if forms and not as_json:
        raise BookError(Message.of("DISCLOSE_OPTIONS.index", options=tuple(forms)))
    _check_options(book, forms, is_all=False)
    try:
        found = open_book(book or Path()).reporting_year().gri_index()
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    if as_json:
        print_json(found.to_dict(lang.value))
    else:
        from carbonledger.reporting.console import console_for
        from carbonledger.reporting.gri_index_text import print_gri_index

        print_gri_index(found, console_for(), lang.value)
    raise typer.Exit(found.exit_code)


def _check_options(book: Path | None, forms: list[str], *, is_all: bool) -> None:
    """Refuse options that do not go together."""
    if book is None:
        raise BookError(Message.of("DISCLOSE_OPTIONS.book"))
    if len(forms) > 1:
        raise BookError(Message.of("DISCLOSE_OPTIONS.forms", options=tuple(forms)))
    if is_all and forms == ["--csv"]:
        raise BookError(Message.of("DISCLOSE_OPTIONS.all_csv"))


def _disclosures(book: Path | None, framework: str, lang: Language, *, as_json: bool) -> list[Disclosure]:
    """The frameworks that were asked for; what cannot be calculated at all is said."""
    from carbonledger.book.book import open_book
    from carbonledger.disclosure.datapoints import framework_named, list_frameworks

    names = [item.name for item in list_frameworks()] if framework == _ALL else [framework_named(framework).name]
    opened = open_book(book or Path())
    year: ReportingYear = opened.reporting_year()
    try:
        return [year.disclosure(name) for name in names]
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error


def _show(disclosure: Disclosure, lang: Lang, *, as_markdown: bool, as_csv: bool) -> None:
    """A disclosure on standard output."""
    from carbonledger.reporting import disclosure_text

    if as_csv:
        sys.stdout.write(disclosure_text.disclosure_csv(disclosure, lang))
    elif as_markdown:
        sys.stdout.write(disclosure_text.disclosure_markdown(disclosure, lang))
    else:
        from carbonledger.reporting.console import console_for

        disclosure_text.print_disclosure(disclosure, console_for(), lang)


def _show_list(lang: Lang, *, as_json: bool) -> None:
    """The frameworks, as a table or as data."""
    from carbonledger.disclosure.datapoints import list_frameworks

    items = list_frameworks()
    if as_json:
        rows = [(item, len(item.datapoints)) for item in items]
        print_json(
            [
                {"framework": item.name, "title": item.title.text(lang), "edition": item.edition, "datapoints": count}
                for item, count in rows
            ]
        )
        return
    from carbonledger.reporting.console import console_for
    from carbonledger.reporting.disclosure_text import print_frameworks

    print_frameworks(items, console_for(), lang)
