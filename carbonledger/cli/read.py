"""``carbonledger read``: how a file is read, what is uncertain, and the section that settles it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import JsonOption, LangOption, Language
from carbonledger.cli.outcome import finish, show_findings
from carbonledger.core.errors import EntriesError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, word

if TYPE_CHECKING:
    from carbonledger.activity_data.entry_columns import Conventions
    from carbonledger.activity_data.reading_explanation import ReadingExplanation
    from carbonledger.activity_data.table_settings import TableSettings

__all__ = ["read"]

FileArgument = Annotated[Path, typer.Argument(help="A file of entries.", show_default=False)]
SheetOption = Annotated[str, typer.Option("--sheet", help="Show this sheet only.")]
ExplainOption = Annotated[
    bool,
    typer.Option(
        "--explain", help="Print the [\\[table]] sections that state how the file is read, ready for book.toml."
    ),
]
RejectsOption = Annotated[
    Path | None,
    typer.Option("--rejects", help="Write the refused rows to a .csv or .xlsx file, to be mended and read again."),
]
ReadRegionOption = Annotated[str, typer.Option("--region", help="Where the file comes from, e.g. US or CN-SD.")]
ReadBookOption = Annotated[
    Path | None, typer.Option("--book", help="Read as this book does, with its [\\[table]] sections.")
]


@dataclass(frozen=True, slots=True)
class _Options:
    """What was asked for on the command line."""

    sheet: str = ""
    explain: bool = False
    rejects: Path | None = None
    region: str = ""
    book: Path | None = None
    as_json: bool = False


def read(
    file: FileArgument,
    sheet: SheetOption = "",
    explain: ExplainOption = False,
    rejects: RejectsOption = None,
    region: ReadRegionOption = "",
    book: ReadBookOption = None,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Print how a file is read: tables, headings, columns, first entries, findings; and the section that settles what is uncertain."""
    options = _Options(sheet, explain, rejects, region, book, as_json)
    try:
        findings = _show_reading(file, options, lang.value)
    except EntriesError as error:
        findings = list(error.findings)
        show_findings(findings, lang, as_json=as_json)
    finish(findings, strict=False)


def _show_reading(file: Path, options: _Options, lang: Lang) -> list[Finding]:
    """Read a file and print how; the findings are returned.

    Raises
    ------
    EntriesError, BookError
        If the file, or the book, cannot be read at all.
    """
    from carbonledger.activity_data.reading_explanation import explain_reading

    conventions, settings = _as_stated(file, options)
    explanation = explain_reading(file, conventions, settings)
    if options.sheet:
        explanation = _of_sheet(explanation, options.sheet)
    written = _write_rejects(explanation, file, options.rejects, lang)
    if options.as_json:
        print_json(_data(explanation, lang, written))
    else:
        _print(explanation, options, lang, written)
    return list(explanation.entries.findings)


def _as_stated(file: Path, options: _Options) -> tuple[Conventions, list[TableSettings]]:
    """How the file is read: as a book reads it, or by its region."""
    from carbonledger.activity_data.entry_columns import Conventions
    from carbonledger.core.regions import canonical_region

    region = canonical_region(options.region) if options.region else ""
    if options.book is None:
        return Conventions(home=region, prorate=True), []
    from carbonledger.book.book import open_book
    from carbonledger.book.entries import division_of, reading_conventions, tables_for

    opened = open_book(options.book)
    conventions = reading_conventions(opened.folder, opened.settings, division_of(opened.folder, opened.settings))
    path = file if file.is_absolute() else Path.cwd() / file
    tables = tables_for(opened.folder.resolve(), path.resolve(), opened.settings)
    own = [item for item in tables if file.is_dir() or item.model_copy(update={"sheet": ""}).is_for(file.name, "")]
    return replace(conventions, home=region or conventions.home), own


def _of_sheet(explanation: ReadingExplanation, sheet: str) -> ReadingExplanation:
    """The part of an explanation that is about one sheet."""
    tables = tuple(table for table in explanation.tables if table.read.table.sheet == sheet)
    if not tables:
        sheets = tuple(table.read.table.sheet for table in explanation.tables if table.read.table.sheet)
        file = explanation.tables[0].read.table.file if explanation.tables else ""
        case = "no_such_sheet" if sheets else "no_sheets"
        values: dict[str, Any] = {"sheet": sheet, "sheets": sheets} if sheets else {"sheet": sheet}
        raise EntriesError([Finding.of(f"UNREADABLE_FILE.{case}", **values).at(file=file)])
    entries = explanation.entries
    own = replace(
        entries,
        frame=entries.frame[entries.frame["sheet"] == sheet].reset_index(drop=True),
        findings=tuple(finding for finding in entries.findings if finding.sheet in {"", sheet}),
        tallies=tuple(tally for tally in entries.tallies if tally.sheet == sheet),
    )
    return replace(explanation, entries=own, tables=tables)


def _write_rejects(explanation: ReadingExplanation, file: Path, path: Path | None, lang: Lang) -> int | None:
    """How many refused rows were written; None if nobody asked for them."""
    if path is None:
        return None
    from carbonledger.activity_data.rejects import rejected_tables
    from carbonledger.core.errors import BookError
    from carbonledger.core.findings import Message
    from carbonledger.reporting.reject_files import write_rejects

    if path.exists() and file.exists() and path.samefile(file):
        raise BookError(Message.of("REJECTS_FILE.source", file=str(path)))
    tables = rejected_tables(explanation)
    if tables:
        write_rejects(path, tables, lang)
    return sum(len(table.rows) for table in tables)


def _data(explanation: ReadingExplanation, lang: Lang, written: int | None) -> dict[str, Any]:
    """The reading as plain data."""
    from carbonledger.activity_data.reading_summary import reading_data
    from carbonledger.activity_data.table_proposals import proposed_section

    return {
        "reading": reading_data(explanation.entries),
        "tables": [
            {
                **table.to_dict(),
                "preview": explanation.preview(table).to_dict("records"),
                "section": proposed_section(table, lang),
            }
            for table in explanation.tables
        ],
        "findings": [finding.to_dict(lang) for finding in explanation.entries.findings],
        "rejects": written,
    }


def _print(explanation: ReadingExplanation, options: _Options, lang: Lang, written: int | None) -> None:
    """The reading as text."""
    from carbonledger.activity_data.reading_summary import reading_summary
    from carbonledger.activity_data.table_proposals import proposed_section
    from carbonledger.reporting.console import console_for, plain_text
    from carbonledger.reporting.reading_text import print_tables
    from carbonledger.reporting.text import print_findings

    console = console_for()
    print_tables(explanation, console, lang)
    console.print()
    console.print(plain_text(reading_summary(explanation.entries).text(lang)))
    print_findings(explanation.entries.findings, console, lang)
    if written is not None:
        refused = sum(tally.refused for tally in explanation.entries.tallies)
        key = "rejects_written" if written else "rejects_unlisted" if refused else "rejects_none"
        sys.stdout.write(f"{word(key, lang, count=str(written or refused), file=str(options.rejects))}\n")
    if options.explain:
        sys.stdout.write(f"\n# {word('proposal_title', lang)}\n")
        for table in explanation.tables:
            sys.stdout.write("\n" + proposed_section(table, lang))
