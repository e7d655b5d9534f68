"""``carbonledger activities``: what can be written into the column activity."""

from __future__ import annotations

import csv
import sys
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from carbonledger.cli.factors import print_json
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, bracketed, listed, word

if TYPE_CHECKING:
    from rich.console import Console

    from carbonledger.factors.activity_list import ActivityRow

__all__ = ["CsvOption", "PlaceOption", "WordsArgument", "show_activities"]

WordsArgument = Annotated[
    list[str] | None, typer.Argument(help="What people call it, in English or Chinese; without it the whole list.")
]
PlaceOption = Annotated[
    str, typer.Option("--region", help="Where, e.g. CN-SD, GB or US: whose words and editions count.")
]
CsvOption = Annotated[bool, typer.Option("--csv", help="Print the list as CSV, with both languages.")]
_SYNONYMS, _UNITS = 6, 3


def show_activities(words: list[str] | None, region: str, lang: Lang, *, as_json: bool, as_csv: bool) -> None:
    """Print the activities that some words may mean, or all of them."""
    from carbonledger.factors.activity_list import list_activities

    text = " ".join(words or ())
    rows = list_activities(text, region=region)
    if as_json:
        print_json([asdict(row) for row in rows])
    elif as_csv:
        _write_csv(rows)
    else:
        _print_rows(rows, lang, is_grouped=not text)
    if not rows:
        if not (as_json or as_csv):
            sys.stdout.write(f"{Message.of('UNKNOWN_ACTIVITY.unlike', text=text).text(lang)}\n")
        raise typer.Exit(1)


def _write_csv(rows: list[ActivityRow]) -> None:
    """The rows as CSV; several texts in a cell are divided by semicolons."""
    from carbonledger.factors.activity_list import ActivityRow

    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(ActivityRow.__slots__)
    for row in rows:
        cells = asdict(row).values()
        writer.writerow(["; ".join(cell) if isinstance(cell, tuple) else cell for cell in cells])


def _print_rows(rows: list[ActivityRow], lang: Lang, *, is_grouped: bool) -> None:
    """The rows as a table, or as one for each kind."""
    from carbonledger.reporting.console import console_for, section_title

    console = console_for()
    if not is_grouped:
        _print_table(rows, lang, console, is_detailed=True)
        return
    for kind, group in groupby(sorted(rows, key=lambda row: row.kind), key=lambda row: row.kind):
        of_kind = list(group)
        section_title(console, f"{word(f'kind_{kind}', lang)}{bracketed(str(len(of_kind)), lang)}")
        _print_table(of_kind, lang, console, is_detailed=False)


def _print_table(rows: list[ActivityRow], lang: Lang, console: Console, *, is_detailed: bool) -> None:
    """One table of activities, their names in the language of the run first; nothing if there are none."""
    if not rows:
        return
    from carbonledger.reporting.console import text_table

    columns = ("activity", "name", "other_name", "editions", *(("units", "scope", "synonyms") if is_detailed else ()))
    table = text_table([word(f"activities_{column}", lang) for column in columns])
    for row in rows:
        names = (row.label_zh, row.label_en) if lang == "zh" else (row.label_en, row.label_zh)
        scopes = [f"{number}" for number in (row.scope, row.iso_category) if number is not None]
        editions = ", ".join(row.editions) or "–" if row.needs_factor else word("activities_no_factor", lang)
        own = sorted(row.synonyms, key=lambda name: name.isascii() == (lang == "zh"))[:_SYNONYMS]
        details = [", ".join(row.units[:_UNITS]), "/".join(scopes), listed(own, lang)] if is_detailed else []
        table.add_row(row.activity, *names, editions, *details)
    console.print(table)
