"""The command line: thin doors to the verbs.

Exit codes: 0 nothing found, 1 findings (of severity error; for ``reconcile``, figures that do not follow or clash), 2 misuse, or a file
that cannot be read or written, 70 a defect of the library (``CARBONLEDGER_TRACEBACK=1`` prints where), 130 interrupted, 141 the reader of
the output went away.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from carbonledger.cli.activities import CsvOption, PlaceOption, WordsArgument, show_activities
from carbonledger.cli.base_year import base_year
from carbonledger.cli.begin import begin
from carbonledger.cli.calculate import calculate
from carbonledger.cli.compare import compare_years
from carbonledger.cli.decompose import decompose
from carbonledger.cli.disclose import disclose
from carbonledger.cli.factors import factors_app
from carbonledger.cli.hourly import hourly
from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import BookArgument, JsonOption, LangOption, Language, StrictOption, run_language
from carbonledger.cli.outcome import finish, show_findings
from carbonledger.cli.outputs import DocxOption, ForceOption, HtmlOption, XlsxOption, write_outputs
from carbonledger.cli.product import product
from carbonledger.cli.program import INTERRUPTED, exit_code_of, say
from carbonledger.cli.read import read
from carbonledger.cli.status import status
from carbonledger.cli.targets import targets
from carbonledger.cli.template import template
from carbonledger.cli.uncertainty import uncertainty
from carbonledger.cli.units import RegionOption, TextArgument, show_units
from carbonledger.cli.version import version
from carbonledger.cli.watch import watch
from carbonledger.cli.what_if import what_if
from carbonledger.cli.workbooks import compare_workbook
from carbonledger.cli.year_end import close, new_year, reopen, say_standing, show_closed
from carbonledger.core.errors import BookError, CarbonLedgerError, EntriesError
from carbonledger.core.findings import Finding, Message
from carbonledger.core.language import printable

if TYPE_CHECKING:
    from carbonledger.book.book import Book
    from carbonledger.book.year import ReportingYear
    from carbonledger.reconstruction.result import SpaceResult
    from carbonledger.reporting.report import Report
    from carbonledger.scope2.market_based import Level

__all__ = ["app", "main"]


class _Commands(TyperGroup):
    """The commands; what ends one before its time is left to `exit_code_of`."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except OSError as error:
            # Typer would end a run whose reader went away with 1, which means findings.
            raise _EndedError(error) from error


class _EndedError(Exception):
    """What ended a command."""


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
app.add_typer(factors_app, name="factors")
app.callback()(version)


def main() -> None:
    """Run the command line; errors become one message and an exit code."""
    # What a command loads lives until it ends: looking for garbage after every 700 objects costs a tenth of its time.
    gc.set_threshold(100_000, 50, 100)
    sys.exit(exit_code_of(_run_commands, run_language))


def _run_commands() -> None:
    """The command line with its own errors."""
    try:
        app()
    except _EndedError as ended:
        raise ended.args[0] from None


@app.command()
def report(
    book: BookArgument,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
    strict: StrictOption = False,
    locked: Annotated[
        bool, typer.Option("--locked", help="Refuse to calculate on anything but the book's lock.")
    ] = False,
    docx: DocxOption = None,
    html: HtmlOption = None,
    xlsx: XlsxOption = None,
    force: ForceOption = False,
    closing: Annotated[
        int | None, typer.Option("--closing", help="Print the report as it was closed: 1 for the first closing.", min=1)
    ] = None,
) -> None:
    """Print energy table, gross inventory, registers and the verdicts on published figures."""
    from carbonledger.book.book import open_book

    if closing is not None:
        show_closed(book, closing, lang.value, as_json=as_json)
        return
    opened = open_book(book)
    result = _locked_year(opened, lang) if locked else opened.reporting_year()
    try:
        # What cannot be calculated at all is said before anything is printed.
        _ = None if result.published_alone else result.inventory
    except CarbonLedgerError as error:
        say_standing(result, lang.value)
        if not isinstance(error, EntriesError):
            raise
        show_findings(list(dict.fromkeys([*error.findings, *_entry_findings(opened)])), lang, as_json=as_json)
        raise typer.Exit(1) from error
    written = write_outputs(result, lang.value, as_json=as_json, replace=force, docx=docx, html=html, xlsx=xlsx)
    if as_json:
        print_json(result.to_dict(lang.value))
    elif not written:
        from carbonledger.reporting.console import console_for
        from carbonledger.reporting.text import print_report

        print_report(result, console_for(), lang.value)
    finish(result.findings, strict=strict)


def _locked_year(book: Book, lang: Language) -> ReportingYear:
    """The reporting year as its lock holds it; what only moved is said beside it."""
    from carbonledger.book.lock_check import check_lock
    from carbonledger.book.year import ReportingYear

    year = ReportingYear(book, book.year, apart=True)
    for message in check_lock(year):
        sys.stderr.write(f"{message.full_text(lang.value)}\n")
    return year


@app.command()
def check(
    source: Annotated[Path, typer.Argument(help="A book, or a file of entries.", show_default=False)],
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
    strict: StrictOption = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="Print which months each source of a book covers, instead.")
    ] = False,
) -> None:
    """Print every finding about the entries: what is wrong, where, and what to do."""
    if coverage:
        _show_coverage(source, lang, as_json=as_json)
        return
    from carbonledger.book.views import read_and_check

    try:
        reading, findings = read_and_check(source)
    except EntriesError as error:
        reading, findings = None, list(error.findings)
    show_findings(findings, lang, as_json=as_json, reading=reading)
    finish(findings, strict=strict)


def _show_coverage(source: Path, lang: Language, *, as_json: bool) -> None:
    """The coverage matrix of a book."""
    from carbonledger.book.book import open_book
    from carbonledger.book.status import coverage_of

    matrix = coverage_of(open_book(source).reporting_year())
    if as_json:
        print_json(matrix.to_dict("records"))
        return
    from carbonledger.reporting.console import console_for
    from carbonledger.reporting.status_text import print_coverage

    print_coverage(matrix, console_for(), lang.value)


def _entry_findings(book: Book) -> list[Finding]:
    """What reading a book's entries found, if they can be read at all."""
    try:
        return list(book.entries.findings)
    except EntriesError:
        return []


@app.command()
def explain(
    book: BookArgument,
    line: Annotated[int, typer.Option("--line", help="Which line, counted from 1.", min=1)],
    market_based: Annotated[
        bool, typer.Option("--market-based", help="A line of market-based scope 2, as the report lists them.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Derive one line step by step: entry, formula, units, factors, sources."""
    from carbonledger.book.book import open_book

    opened = open_book(book)
    inventory = opened.inventory()
    try:
        explanation = _level(opened, line) if market_based else inventory.explain(line)
    except IndexError as error:
        say(str(error))
        raise typer.Exit(2) from error
    if as_json:
        print_json(asdict(explanation))
    else:
        sys.stdout.write(f"{explanation}\n")


def _level(book: Book, number: int) -> Level:
    """A line of market-based scope 2."""
    scope_2 = book.reporting_year().scope_2
    levels = scope_2.levels if scope_2 else ()
    if number > len(levels):
        why = "" if scope_2 else "; the book has no [scope_2]"
        raise IndexError(f"market-based scope 2 has {len(levels)} line(s){why}.")
    return levels[number - 1]


@app.command()
def reconcile(
    book: BookArgument,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
    html: Annotated[Path | None, typer.Option("--html", help="Write a page with the intervals drawn.")] = None,
    summary: Annotated[Path | None, typer.Option("--summary", help="Write one page for a board.")] = None,
    space: Annotated[str, typer.Option("--space", help="A declared space whose odds the pages state.")] = "",
) -> None:
    """Hold published figures against the engine and against each other; exit code 1 if one does not follow or some clash."""
    from carbonledger.book.book import open_book
    from carbonledger.book.views import reconcile as reconciled

    opened = open_book(book)
    result = opened.report()
    _write_pages(opened, result, lang, {"page": html, "summary": summary}, space)
    if as_json:
        from carbonledger.reporting.published_data import reconciliation_data

        print_json(reconciliation_data(result, lang.value))
    elif html is None and summary is None:
        from carbonledger.reporting.console import console_for
        from carbonledger.reporting.published_text import print_reconciliation

        print_reconciliation(result, console_for(), lang.value)
    if not reconciled(result).follows:
        raise typer.Exit(1)
    finish(result.findings, strict=False)


def _write_pages(book: Book, result: Report, lang: Language, files: dict[str, Path | None], space: str) -> None:
    """The pages that were asked for, each whole or not at all."""
    if not any(files.values()):
        return
    if not result.published:
        raise BookError(Message.of("NO_PRINTED_FIGURES", book=str(book.path)))
    from carbonledger.core.files import write_whole
    from carbonledger.pages.reconciliation import board_summary, reconciliation_page

    search = book.search(space) if space else None
    draw = {"page": reconciliation_page, "summary": board_summary}
    for name, path in files.items():
        if path is not None:
            write_whole(path, draw[name](result, lang.value, search))
            sys.stdout.write(f"{printable(str(path))}\n")


@app.command()
def reconstruct(
    book: BookArgument,
    space: Annotated[str, typer.Option("--space", help="Which declared space to search.")] = "textbook",
    limit: Annotated[
        int, typer.Option("--limit", help="How many hits to print; all are counted, JSON lists up to 10,000.", min=0)
    ] = 10,
    resume: Annotated[
        Path | None, typer.Option("--resume", help="Where an interrupted search is kept, and continued from.")
    ] = None,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Search a declared space for combinations that give a printed figure, and say how many would by chance.

    Interrupted, it prints what it has counted so far and exits with 130.
    """
    from carbonledger.book.book import open_book
    from carbonledger.cli.search import run_search
    from carbonledger.reconstruction.search import prepare_search

    opened = open_book(book)
    path = opened.folder / opened.settings.files.spaces
    search = prepare_search(path, space, opened.publication.figures, opened.reporting_year().entries)
    if not run_search(search, resume, lambda result: _show_search(result, limit, lang, as_json=as_json)):
        raise typer.Exit(INTERRUPTED)


def _show_search(result: SpaceResult, limit: int, lang: Language, *, as_json: bool) -> None:
    """What a search has found."""
    if as_json:
        print_json(result.to_dict(lang.value))
        return
    from carbonledger.reporting.console import console_for
    from carbonledger.reporting.search_text import print_search

    print_search(result, limit, console_for(), lang.value)


@app.command()
def approaches(book: BookArgument, lang: LangOption = Language.en, as_json: JsonOption = False) -> None:
    """Compare the three consolidation approaches: what each makes of the same entries."""
    from carbonledger.activity_data.organisation import check_holdings
    from carbonledger.book.book import open_book

    opened = open_book(book)
    year = opened.reporting_year()
    table, faults = year.approaches(), check_holdings(year.holdings)
    for fault in faults:
        say(fault.text(lang.value))
    if as_json:
        print_json({**year.completeness.to_dict(lang.value), "approaches": table.to_dict("records")})
    else:
        from carbonledger.reporting.console import console_for
        from carbonledger.reporting.inventory_text import print_completeness
        from carbonledger.reporting.listings import print_approaches

        print_completeness(year.completeness, console_for(), lang.value)
        print_approaches(table, console_for(), lang.value, year.completeness.sum_label)
    finish([*faults, *year.findings], strict=False)


@app.command()
def lock(book: BookArgument) -> None:
    """Write down which editions, rows and GWP set the inventory uses; report --locked holds to it."""
    from carbonledger.book.book import open_book
    from carbonledger.book.lock import lock_book

    sys.stdout.write(f"{printable(str(lock_book(open_book(book).reporting_year())))}\n")


@app.command()
def activities(
    text: WordsArgument = None,
    region: PlaceOption = "",
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
) -> None:
    """List the activities that a text may mean, or all, with their names, units, synonyms and editions."""
    show_activities(text, region, lang.value, as_json=as_json, as_csv=as_csv)


@app.command()
def units(
    text: TextArgument = "", region: RegionOption = "", lang: LangOption = Language.en, as_json: JsonOption = False
) -> None:
    """List the units that are known, or say what a text means and convert it."""
    show_units(text, region, lang.value, as_json=as_json)


app.command("init")(begin)
app.command("compare")(compare_years)
_FURTHER: tuple[Callable[..., None], ...] = (
    *(disclose, read, status, what_if, targets, base_year, decompose, uncertainty, product, template),
    *(calculate, hourly, compare_workbook, close, reopen, new_year, watch),
)
for _command in _FURTHER:
    app.command()(_command)


@app.command()
def upgrade(book: BookArgument, lang: LangOption = Language.en, as_json: JsonOption = False) -> None:
    """Show what newer editions would change, factor by factor and in tonnes; nothing is touched."""
    from carbonledger.book.book import open_book
    from carbonledger.book.upgrade import upgrade_book

    result = asdict(upgrade_book(open_book(book).reporting_year()))
    if as_json:
        print_json(result)
        return
    from carbonledger.reporting.console import console_for
    from carbonledger.reporting.listings import print_upgrade

    print_upgrade(result, console_for(), lang.value)
