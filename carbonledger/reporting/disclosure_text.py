"""A disclosure as text, Markdown and CSV; the statement of what is missing and in doubt stands at its head."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from collections.abc import Iterable

from rich.cells import cell_len
from rich.console import Console

from carbonledger.activity_data.reject_columns import shielded
from carbonledger.core.language import Label, Lang, printable, word
from carbonledger.disclosure.answers import Answer, Disclosure
from carbonledger.disclosure.datapoints import Framework
from carbonledger.reporting.console import number, plain_text, section_title, text_table

__all__ = [
    "COLUMNS",
    "cells_of",
    "column_names",
    "disclosure_csv",
    "disclosure_heading",
    "disclosure_markdown",
    "lines_above",
    "lines_below",
    "print_disclosure",
    "print_frameworks",
    "value_text",
]

COLUMNS = ("code", "datapoint", "value", "known_part", "unit", "status", "reason", "place", "place_verified")
_PRINTED = ("code", "datapoint", "value", "unit", "status")
_DIGITS = 4
_WIDEST_WORDS = 20


def disclosure_heading(disclosure: Disclosure, lang: Lang) -> str:
    """Company, year and framework as a title."""
    framework = disclosure.framework
    title = f"{framework.title.text(lang)} ({framework.edition})" if framework.edition else framework.title.text(lang)
    return printable(f"{title} · {disclosure.company.text(lang)} · {disclosure.year}")


def _counts_line(disclosure: Disclosure, lang: Lang) -> str:
    """How many datapoints are filled, and what the others wait for."""
    found = Counter[str](item.figure.status for item in disclosure)
    names = {"filled": "filled", "words": "needs_words", "missing": "data_missing", "none": "not_applicable"}
    return word("disclosure_counts", lang, **{name: str(found[status]) for name, status in names.items()})


def lines_above(disclosure: Disclosure, lang: Lang) -> list[str]:
    """What is said above the table: what is missing and in doubt, what to know of the framework, how much is filled."""
    lines = [*disclosure.statement_lines(lang), disclosure.framework.note.text(lang), _counts_line(disclosure, lang)]
    return [line for line in lines if line]


def lines_below(disclosure: Disclosure, lang: Lang) -> list[str]:
    """What is said below the table: that places were not verified, if some were not."""
    verified = all(item.datapoint.is_place_verified for item in disclosure)
    return [] if verified else [word("disclosure_unverified", lang)]


def value_text(value: float, unit: str) -> str:
    """A number with two decimals; a small one, other than a percentage, with four digits."""
    small = 0 < abs(value) < 1 and unit != "%"
    return number(value, min(12, _DIGITS - 1 - math.floor(math.log10(abs(value)))) if small else 2)


def _code(answer: Answer) -> str:
    """The code of a datapoint, with a mark if its place was not verified."""
    point = answer.datapoint
    return point.code if point.is_place_verified else f"{point.code}*"


class _Notes:
    """Numbered notes below a table, each text once."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def __call__(self, text: str) -> str:
        """The mark of a note; empty for no text."""
        return f" [{self.numbers.setdefault(text, len(self.numbers) + 1)}]" if text else ""


def print_disclosure(disclosure: Disclosure, console: Console, lang: Lang) -> None:
    """Print a disclosure as a table, with what is missing at its head and the reasons as notes below."""
    section_title(console, disclosure_heading(disclosure, lang))
    style = "bold red" if disclosure.exit_code else ""
    for line in lines_above(disclosure, lang):
        console.print(plain_text(line, style=style if line in disclosure.statement_lines(lang) else ""))
    headings = [name for name, key in zip(column_names(lang), COLUMNS, strict=True) if key in _PRINTED]
    table, notes = text_table(headings, right=[2]), _Notes()
    for answer in disclosure:
        value, words = _shown_value(answer, lang)
        status = word(f"disclosure_{answer.figure.status}", lang)
        marks = "".join(notes(text) for text in (words, answer.reason.text(lang)))
        table.add_row(_code(answer), answer.name(lang), value, answer.figure.unit, f"{status}{marks}")
    console.print(table)
    for text, at in notes.numbers.items():
        console.print(plain_text(f"[{at}] {text}"))
    for line in lines_below(disclosure, lang):
        console.print(plain_text(line))


def _shown_value(answer: Answer, lang: Lang) -> tuple[str, str]:
    """What stands in the column of values, and words that are too long for it."""
    figure = answer.figure
    if figure.known_part is not None:
        return word("disclosure_part", lang, number=value_text(figure.known_part, figure.unit)), ""
    if isinstance(figure.value, Label):
        text = figure.value.text(lang)
        return (text, "") if cell_len(text) <= _WIDEST_WORDS else ("", text)
    return ("–" if figure.value is None else value_text(figure.value, figure.unit)), ""


def print_frameworks(items: Iterable[Framework], console: Console, lang: Lang) -> None:
    """Print which frameworks there are."""
    keys = ("framework", "title", "edition", "datapoints")
    table = text_table([word(f"disclosure_{key}", lang) for key in keys], right=[3])
    for item in items:
        table.add_row(item.name, item.title.text(lang), item.edition, str(len(item.datapoints)))
    console.print(table)


def cells_of(answer: Answer, lang: Lang) -> list[str | float | None]:
    """An answer as cells, see `COLUMNS`: numbers as numbers, a missing one as None; words stand with the reasons."""
    figure, point = answer.figure, answer.datapoint
    words = [figure.value.text(lang)] if isinstance(figure.value, Label) else []
    value = None if isinstance(figure.value, Label) else figure.value
    verified = word(f"disclosure_{point.confidence}", lang) if point.confidence else ""
    said = "\n".join(text for text in (*words, answer.reason.text(lang)) if text)
    status = word(f"disclosure_{figure.status}", lang)
    return [
        point.code,
        answer.name(lang),
        value,
        figure.known_part,
        figure.unit,
        status,
        said,
        point.place.text(lang),
        verified,
    ]


def column_names(lang: Lang) -> list[str]:
    """The headings of `cells_of`."""
    return [word(name if name in {"value", "unit"} else f"disclosure_{name}", lang) for name in COLUMNS]


def disclosure_csv(disclosure: Disclosure, lang: Lang) -> str:
    """A disclosure as CSV for a spreadsheet; the first row under the headings is the statement of completeness."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(column_names(lang))
    for line in disclosure.statement_lines(lang):
        writer.writerow(["", shielded(line), *[""] * (len(COLUMNS) - 2)])
    for answer in disclosure:
        cells = cells_of(answer, lang)
        writer.writerow(map(_csv_cell, cells))
    return stream.getvalue()


def _csv_cell(cell: str | float | None) -> str:
    """A cell of CSV: a number unrounded, a text that no spreadsheet takes for a formula."""
    if isinstance(cell, float):
        return repr(cell)
    return "" if cell is None else shielded(printable(cell, kept="\n"))


def disclosure_markdown(disclosure: Disclosure, lang: Lang) -> str:
    """A disclosure as a page of Markdown."""
    lines = [f"# {_escaped(disclosure_heading(disclosure, lang))}", ""]
    lines += [f"{_escaped(line)}\n" for line in lines_above(disclosure, lang)]
    headings = [name for name, key in zip(column_names(lang), COLUMNS, strict=True) if key in {*_PRINTED, "reason"}]
    lines += [f"| {' | '.join(headings)} |", "|---|---|---:|---|---|---|"]
    for answer in disclosure:
        value, words = _shown_value(answer, lang)
        status, reason = word(f"disclosure_{answer.figure.status}", lang), answer.reason.text(lang)
        cells = [_code(answer), answer.name(lang), words or value, answer.figure.unit, status, reason]
        lines.append(f"| {' | '.join(map(_escaped, cells))} |")
    lines += ["", *map(_escaped, lines_below(disclosure, lang))]
    return "\n".join(lines).rstrip() + "\n"


_OBEYED = str.maketrans({sign: f"\\{sign}" for sign in "\\|*_`<>[]#"})


def _escaped(text: str) -> str:
    """A text that Markdown shows as it stands."""
    return printable(text).translate(_OBEYED)
