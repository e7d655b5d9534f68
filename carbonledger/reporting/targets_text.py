"""Where a company stands on its targets, as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rich.console import Console

from carbonledger.core.language import Label, Lang, headed, word
from carbonledger.reporting.console import number, plain_text, section_title, text_table
from carbonledger.reporting.report import Report
from carbonledger.reporting.target_wording import (
    TARGET_HEADS,
    name_of,
    row_of,
    scopes_of,
    target_lines,
    wedge_notes,
    wedge_rows,
    wedge_years,
    year_cells,
    year_heads,
    year_notes,
)
from carbonledger.reporting.wording import finding_text
from carbonledger.targets.standing import TargetStanding
from carbonledger.targets.wedges import Wedges

__all__ = ["print_target_overview", "print_targets"]

# What is said of each target below the overview, for which a terminal is too narrow.
_BELOW = {"target_kind", "target_of"}
_STYLES = {"behind": "yellow", "missed": "red", "cannot_be_judged": "yellow"}


def print_targets(report: Report, data: Mapping[str, Any], console: Console, lang: Lang) -> None:
    """Print the targets of a report.

    Parameters
    ----------
    report : Report
        A reporting year.
    data : mapping
        With the statement of completeness.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    company = report.settings["company"]
    name = Label(company["name_en"], company["name_zh"]).text(lang)
    console.print(plain_text(f"{name} · {report.year} · {word('targets_title', lang)}", style="bold"))
    style = "" if data.get("complete", True) and not data["exit_code"] else "bold red"
    for line in data.get("statement", ()):
        console.print(plain_text(line, style=style))
    if not report.targets:
        console.print(plain_text(word("targets_none", lang)))
        return
    _print_overview(report, console, lang)
    for item in report.targets:
        _print_target(item, console, lang)
    console.print()
    for finding in (finding for item in report.targets for finding in item.findings):
        console.print(plain_text(finding_text(finding, lang), style={"error": "red"}.get(finding.severity, "yellow")))
    console.print(plain_text(word("targets_note", lang), style="bold"))


def print_target_overview(report: Report, console: Console, lang: Lang) -> None:
    """Print one row for each target of a report, and why one cannot be judged; nothing if the book keeps none."""
    if not report.targets:
        return
    section_title(console, word("targets_title", lang))
    _print_overview(report, console, lang)
    for item in report.targets:
        console.print(plain_text(headed(name_of(item, lang), item.judgement.reason.text(lang), lang)))
    console.print(plain_text(word("targets_note", lang)))


def _print_overview(report: Report, console: Console, lang: Lang) -> None:
    """One row a target."""
    shown = [at for at, key in enumerate(TARGET_HEADS) if key not in _BELOW]
    table = text_table([word(TARGET_HEADS[at], lang) for at in shown], range(2, 8))
    for item in report.targets:
        row = row_of(item, lang)
        table.add_row(*(row[at] for at in shown), style=_STYLES.get(item.judgement.status, ""))
    console.print(table)


def _print_target(item: TargetStanding, console: Console, lang: Lang) -> None:
    """What is said of one target, its years, and what is planned."""
    kind = word(f"target_{item.target.kind}", lang)
    section_title(console, " · ".join((item.target.id, name_of(item, lang), kind, scopes_of(item, lang))))
    for line in target_lines(item, lang):
        console.print(plain_text(line))
    if item.path is not None:
        _print_years(item, console, lang)
    if item.wedges is not None:
        _print_wedges(item, item.wedges, console, lang)


def _print_years(item: TargetStanding, console: Console, lang: Lang) -> None:
    """Path, actual values and trend by year."""
    console.print(plain_text(word("target_path_table", lang, name=name_of(item, lang), unit=item.case.unit_in(lang))))
    heads = year_heads(item, lang)
    table = text_table([text for _, text in heads], range(1, len(heads)))
    for row in item.rows():
        table.add_row(*year_cells(item, row, lang))
    console.print(table)
    for line in year_notes(item, lang):
        console.print(plain_text(line))


def _print_wedges(item: TargetStanding, wedges: Wedges, console: Console, lang: Lang) -> None:
    """What is planned against what is needed, in the milestones and the target year."""
    console.print(plain_text(word("target_planned_title", lang, name=name_of(item, lang))))
    years = wedge_years(item, wedges)
    table = text_table(["", *map(str, years)], range(1, len(years) + 1))
    for name, values, style in wedge_rows(wedges, years, lang):
        table.add_row(name, *(number(value, 2) for value in values), style=style)
    console.print(table)
    for line in wedge_notes(item, wedges, lang):
        console.print(plain_text(line))
