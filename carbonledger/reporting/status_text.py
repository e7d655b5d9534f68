"""The status of a book as text: coverage by source and month, what is missing, and what to do next, within 80 columns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Console

from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.language import Lang, listed, word
from carbonledger.reporting.console import PlainTable, plain_text, section_title

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["print_coverage", "print_status"]

_WIDTH = 80
_SOURCE = ("entity", "site", "source", "activity")
_SIGNS = {"actual": "+", "estimated": "e", "filled": "f", "missing": "-", "closed": "."}


def print_status(status: Mapping[str, Any], console: Console, lang: Lang) -> None:
    """Print the status of a book.

    Parameters
    ----------
    status : mapping
        From `carbonledger.book.status.BookStatus.to_dict`.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    title = word("status_title", lang, name=status["company"], year=str(status["reporting_year"]))
    _print(console, title, style="bold")
    for line in status["statement"]:
        _print(console, line, style="" if status["complete"] else "bold red")
    section_title(console, word("status_coverage", lang))
    _print_matrix(status["coverage"], status["months"], console, lang)
    counts = {name: str(status[f"months_{name}"]) for name in ("missing", "estimated", "filled")}
    _print(console, word("status_counts", lang, **counts))
    severities = {f"{name}s": str(count) for name, count in status["severities"].items()}
    _print(console, word("status_findings", lang, **severities))
    if status["closed"]:
        _print(console, word("status_closed", lang))
    _print(console, word(f"status_lock_{status['lock']}", lang))
    section_title(console, word("status_next", lang))
    for number, step in enumerate(status["steps"], start=1):
        _print_step(number, step, console, lang)


def print_coverage(matrix: pd.DataFrame, console: Console, lang: Lang) -> None:
    """Which months each source covers; a source that needs more room is folded, never cut.

    Parameters
    ----------
    matrix : pandas.DataFrame
        From `carbonledger.activity_data.coverage.coverage_matrix`.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    months = [name for name in matrix.columns if name not in _SOURCE]
    rows = [{"label": _label(row, lang), **row} for row in matrix.to_dict("records")]
    _print_matrix(rows, months, console, lang)


def _label(row: Mapping[Any, Any], lang: Lang) -> str:
    """A source in words."""
    named = [str(row[name]) for name in _SOURCE[:-1] if row[name]]
    return " / ".join([*named, taxonomy()[row["activity"]].label(lang)])


def _print_matrix(rows: list[Any], months: list[str], console: Console, lang: Lang) -> None:
    """Sources by month."""
    if not rows:
        _print(console, word("status_no_source", lang))
        return
    table = PlainTable(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1, 0, 0))
    table.add_column(word("status_source", lang), overflow="fold")
    for name in months:
        table.add_column(name[-2:], no_wrap=True, min_width=2)
    for row in rows:
        table.add_row(row["label"], *(_SIGNS[row[name]] for name in months))
    console.print(table, width=min(_WIDTH, console.width))
    _print(console, word("status_signs", lang))


def _print_step(number: int, step: Mapping[str, Any], console: Console, lang: Lang) -> None:
    """A step, and what to open or to run."""
    _print(console, f"{number}. {step['text']}")
    ways = [word("status_open", lang, file=step["file"])] if step["file"] else []
    option = " --lang zh" if lang == "zh" else ""
    ways += [word("status_run", lang, command=f"{step['command']}{option}")] if step["command"] else []
    if ways:
        _print(console, f"   → {listed(ways, lang, semicolons=True)}")


def _print(console: Console, text: str, style: str = "") -> None:
    """A text within 80 columns."""
    console.print(plain_text(text, style=style), width=min(_WIDTH, console.width))
