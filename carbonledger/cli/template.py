"""``carbonledger template``: a workbook to fill in, made for one book."""

from __future__ import annotations

import json
import os
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language
from carbonledger.cli.outputs import ForceOption
from carbonledger.core.errors import BookError
from carbonledger.core.findings import Message
from carbonledger.core.language import printable, word

if TYPE_CHECKING:
    from carbonledger.book.book import Book
    from carbonledger.workbooks.template_content import Template

__all__ = ["template"]

_SUFFIX = ".xlsx"


class Layout(StrEnum):
    """Where the months stand."""

    months = "months"
    rows = "rows"


OutArgument = Annotated[
    Path, typer.Argument(metavar="OUT.xlsx", help="Where the template is written.", show_default=False)
]
LayoutOption = Annotated[
    Layout, typer.Option("--layout", help="The months across, or one bill a row with its first and last day.")
]
YearOption = Annotated[
    int | None,
    typer.Option(
        "--year", help="The year to be filled in; by default that of the book.", show_default=False, min=1990, max=2200
    ),
]
PreviousOption = Annotated[
    Path | None,
    typer.Option(
        "--previous", help="The book of the year before, whose sources and figures are shown.", show_default=False
    ),
]


def template(
    book: BookArgument,
    out: OutArgument,
    layout: LayoutOption = Layout.months,
    year: YearOption = None,
    previous: PreviousOption = None,
    force: ForceOption = False,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Write a workbook to fill in for this book: its sources, drop-downs, and the figures of the year before in grey."""
    from carbonledger.book.book import open_book
    from carbonledger.book.template import book_template
    from carbonledger.core.files import write_whole
    from carbonledger.workbooks.template import template_workbook

    if out.suffix.lower() != _SUFFIX:
        raise BookError(Message.of("WORKBOOK_FILE.suffix", file=str(out), suffix=out.suffix))
    if os.path.lexists(out) and not force:
        raise BookError(Message.of("NOT_WRITTEN.filled", file=str(out)))
    before = open_book(previous) if previous is not None else None
    opened = open_book(book)
    content = book_template(opened, year=year, previous=before, layout=layout.value, lang=lang.value)
    write_whole(out, template_workbook(content, lang.value))
    _show(content, out, lang, as_json=as_json)
    if not as_json:
        sys.stdout.write(f"{printable(_next_step(opened, out, lang))}\n")


def _next_step(book: Book, out: Path, lang: Language) -> str:
    """Where the filled file goes: the folder of the book, and the line of its settings that names it."""
    from carbonledger.book.folder import SETTINGS
    from carbonledger.book.template import entry_files_with
    from carbonledger.core.files import as_argument

    line = f"entries = {json.dumps(entry_files_with(book, out.name), ensure_ascii=False)}"
    command = f"carbonledger check {as_argument(str(book.folder))}" + (" --lang zh" if lang is Language.zh else "")
    values = {"folder": str(book.folder), "settings": SETTINGS, "line": line, "command": command}
    return word("template_next", lang.value, **values)


def _show(content: Template, out: Path, lang: Language, *, as_json: bool) -> None:
    """Where the template is, and what it holds."""
    if as_json:
        known = {"sources_of_year": content.known_year, "has_year_before": content.has_year_before}
        print_json(
            {"file": str(out), "year": content.year, "layout": content.layout, "sources": len(content.sources), **known}
        )
        return
    unknown = "expected" if content.sources else "none"
    case = "before" if content.has_year_before else "known" if content.known_year else unknown
    values = {"sources": str(len(content.sources)), "year": str(content.known_year or content.year)}
    sys.stdout.write(f"{printable(str(out))}\n{word(f'template_written_{case}', lang.value, **values)}\n")
