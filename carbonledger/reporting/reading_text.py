"""How a file is read, as text: each table with its headings, what its columns are taken for, and its first entries."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from carbonledger.activity_data.entry_headings import field_label
from carbonledger.activity_data.reading_explanation import ColumnReading, ReadingExplanation, TableReading
from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Label, Lang, bracketed, headed, listed, word
from carbonledger.reporting.console import amount_text, plain_text, section_title, text_table

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["print_tables"]

_PLACE = ("entity", "site", "source")


def print_tables(explanation: ReadingExplanation, console: Console, lang: Lang) -> None:
    """Print how each table of a file is read.

    Parameters
    ----------
    explanation : ReadingExplanation
        How the file is read.
    console : Console
        Where to.
    lang : {"en", "zh"}
        The language.
    """
    for table in explanation.tables:
        place = table.read.table
        title = " ".join(part for part in (place.file, place.sheet) if part)
        section_title(console, headed(title, word(f"shape_{table.shape}", lang), lang))
        for line in _facts(table, lang):
            console.print(plain_text(line))
        if table.columns:
            _print_columns(table, console, lang)
        _print_preview(explanation, table, console, lang)


def _facts(table: TableReading, lang: Lang) -> list[str]:
    """What holds for the whole table, a line each."""
    place = table.read.table
    facts = [("reading_heading_row", str(place.heading_row) if place.headings else "")]
    facts += [(f"reading_{name}", str(value)) for name, value in table.common.items()]
    facts.append(("reading_decimal", table.decimal))
    facts.append(("reading_date_order", word(table.date_order, lang) if table.date_order else ""))
    facts.append(("reading_controls", listed([str(row) for row in table.control_rows], lang)))
    facts.append(("reading_left", listed([str(row) for row in table.rows_left], lang)))
    return [headed(word(name, lang), value, lang) for name, value in facts if value]


def _print_columns(table: TableReading, console: Console, lang: Lang) -> None:
    """What each column is taken for."""
    grid = text_table([word("reading_column", lang), word("reading_holds", lang), word("unit", lang)])
    for column in table.columns:
        grid.add_row(column.heading, _holds(column, lang), column.unit)
    console.print(grid)


def _holds(column: ColumnReading, lang: Lang) -> str:
    """What a column is taken for, in words."""
    activity = taxonomy().get(column.holds)
    if activity is not None:
        return column.holds + bracketed(activity.label(lang), lang)
    known = {"ignore": word("reading_ignored", lang), "total": word("reading_total", lang)}
    known["interval"] = word("reading_interval", lang)
    text = known.get(column.holds, field_label(column.holds).text(lang))
    return text if column.is_certain else text + bracketed(word("reading_uncertain", lang), lang)


def _print_preview(explanation: ReadingExplanation, table: TableReading, console: Console, lang: Lang) -> None:
    """The first entries of a table."""
    frame = explanation.preview(table)
    if not len(frame):
        return
    places = [name for name in _PLACE if (frame[name] != "").any()]
    heads = [word(f"reading_{name}", lang) for name in ("row", *places, "activity", "amount", "unit", "period")]
    grid = text_table(heads, right=(0, len(places) + 2))
    for record in frame.to_dict("records"):
        activity = taxonomy()[record["activity"]]
        days = f"{record['start']:%Y-%m-%d} – {record['end'] - timedelta(days=1):%Y-%m-%d}"
        name = Label(activity.label_en, activity.label_zh).text(lang)
        cells = [str(record["row"]), *(record[place] for place in places), name, amount_text(record["amount"])]
        grid.add_row(*cells, record["unit"], days)
    console.print(grid)
