"""``carbonledger activities``: what can be written into the column activity."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from carbonledger.cli.json_output import print_json
from carbonledger.core.findings import Message
from carbonledger.core.language import Lang, bracketed, headed, listed, word

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
_SYNONYMS = 12


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
    """The rows one after the other, or as one table for each kind."""
    from carbonledger.reporting.console import console_for, plain_text, section_title

    console = console_for()
    if not is_grouped:
        for row in rows:
            for line in _lines_of(row, lang):
                console.print(plain_text(line))
        return
    for kind, group in groupby(sorted(rows, key=lambda row: row.kind), key=lambda row: row.kind):
        of_kind = list(group)
        section_title(console, f"{word(f'kind_{kind}', lang)}{bracketed(str(len(of_kind)), lang)}")
        _print_table(of_kind, lang, console)


def _names(row: ActivityRow, lang: Lang) -> tuple[str, str]:
    """What an activity is called, in the language of the run first."""
    return (row.label_zh, row.label_en) if lang == "zh" else (row.label_en, row.label_zh)


def _editions(row: ActivityRow, lang: Lang) -> str:
    """The editions that have a factor."""
    from carbonledger.factors.partial_editions import edition_label

    return (
        listed(map(edition_label, row.editions), lang) or "–"
        if row.needs_factor
        else word("activities_no_factor", lang)
    )


def _lines_of(row: ActivityRow, lang: Lang) -> Iterator[str]:
    """An activity in three lines: its names, where it stands, and its synonyms."""
    yield f"{row.activity}  {' · '.join(_names(row, lang))}"
    scopes = "/".join(f"{number}" for number in (row.scope, row.iso_category) if number is not None)
    facts = {"units": listed(row.units, lang), "scope": scopes or "–", "editions": _editions(row, lang)}
    yield "    " + " · ".join(headed(word(f"activities_{name}", lang), text, lang) for name, text in facts.items())
    own = sorted(row.synonyms, key=lambda name: name.isascii() == (lang == "zh"))
    if own:
        yield "    " + headed(word("activities_synonyms", lang), listed(own[:_SYNONYMS], lang), lang)


def _print_table(rows: list[ActivityRow], lang: Lang, console: Console) -> None:
    """One table of activities."""
    from carbonledger.reporting.console import text_table

    table = text_table([word(f"activities_{name}", lang) for name in ("activity", "name", "other_name", "editions")])
    for row in rows:
        table.add_row(row.activity, *_names(row, lang), _editions(row, lang))
    console.print(table)
