"""``carbonledger compare``: what changed between two years, as reported and like for like."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from carbonledger.cli.book_years import years_of
from carbonledger.cli.json_output import print_json
from carbonledger.cli.options import JsonOption, LangOption, Language
from carbonledger.cli.outcome import show_findings
from carbonledger.core.errors import BookError, EntriesError
from carbonledger.core.findings import Message

if TYPE_CHECKING:
    from carbonledger.book.restatement import Restatement
    from carbonledger.book.year import ReportingYear
    from carbonledger.comparison.year_comparison import YearComparison

__all__ = ["compare_years"]

_USUAL = ("scope", "activity")
_PAIR = ("earlier", "later")
_AxisOption = Annotated[
    list[str] | None,
    typer.Option(
        "--axis",
        help="scope, gas, gas_group, entity, site, carrier, activity, category, scope_3_category, line, or a column of the "
        "entries; repeatable.",
    ),
]


def compare_years(
    books: Annotated[
        list[Path],
        typer.Argument(
            metavar="[A] B", help="The book of the earlier year, and the one of the later year.", show_default=False
        ),
    ],
    axis: _AxisOption = None,
    like_for_like: Annotated[
        bool, typer.Option("--like-for-like", help="Show each axis like for like too; the total always is.")
    ] = False,
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of", metavar="DAY", help="Also restate the earlier year by what had been published by a day."
        ),
    ] = "",
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write the changes and the three numbers along the first axis as CSV.")
    ] = None,
    lang: LangOption = Language.en,
    as_json: JsonOption = False,
) -> None:
    """Show what changed from book A to book B: along each axis, as reported and like for like.

    With one book, it is compared with the year that its compare_year and compare_book name.
    """
    try:
        earlier, later = _years(books)
        found = later.compared_to(earlier)
        axes = tuple(dict.fromkeys(axis or _USUAL))
        restated = earlier.restated(as_of) if as_of else None
        # What cannot be compared along is said before anything is printed.
        data = found.to_dict(lang.value, axes)
    except EntriesError as error:
        show_findings(list(error.findings), lang, as_json=as_json)
        raise typer.Exit(1) from error
    if csv is not None:
        _write_csv(found, axes[0], csv)
    if as_json:
        print_json({**data, "restatement": restated.to_dict(lang.value) if restated else None})
    else:
        _print(found, later, axes, restated, lang, like_for_like=like_for_like)
    raise typer.Exit(max(found.exit_code, restated.exit_code if restated else 0))


def _years(books: list[Path]) -> tuple[ReportingYear, ReportingYear]:
    """The earlier year and the later one."""
    from carbonledger.book.book import open_book
    from carbonledger.book.compared_year import compared_book

    if len(books) > len(_PAIR):
        raise BookError(Message.of("COMPARE_ORDER.books", count=len(books)))
    if len(books) == len(_PAIR):
        earlier, later = years_of(books)
        return earlier, later
    book = open_book(books[0])
    company = book.settings.company
    if company.compare_year is None:
        raise BookError(Message.of("COMPARE_ORDER.no_book", book=books[0].as_posix()))
    year = book.reporting_year()
    return year.beside(compared_book(book), company.compare_year, apart=True), year


def _print(
    found: YearComparison,
    later: ReportingYear,
    axes: tuple[str, ...],
    restated: Restatement | None,
    lang: Language,
    *,
    like_for_like: bool,
) -> None:
    """The comparison as text."""
    from carbonledger.core.language import word
    from carbonledger.reporting.compare_text import print_year_comparison
    from carbonledger.reporting.console import console_for, plain_text, section_title
    from carbonledger.reporting.wording import finding_text

    console, company = console_for(), later.book.settings.company
    names = later.book.entity_names(lang.value)
    print_year_comparison(
        found, company.name_in(lang.value), axes, console, lang.value, like_for_like=like_for_like, names=names
    )
    if restated is None:
        return
    section_title(console, word("restated_title", lang.value, year=str(restated.year), as_of=str(restated.as_of)))
    for line in restated.lines(lang.value):
        console.print(plain_text(line))
    for finding in restated.findings:
        console.print(plain_text(finding_text(finding, lang.value), style="red" if finding.severity == "error" else ""))


def _write_csv(found: YearComparison, axis: str, path: Path) -> None:
    """The changes along an axis and the three numbers beside them."""
    from carbonledger.core.files import write_whole

    changes, three = found.by(axis), found.like_for_like.by(axis)
    keys = list(changes.columns[: changes.columns.get_loc("status")])
    beside = three[[name for name in three.columns if name in keys or name not in changes.columns]]
    # A gas that only the other year's factors name is in no row of the changes.
    write_whole(path, changes.merge(beside, on=keys, how="right").to_csv(index=False))
