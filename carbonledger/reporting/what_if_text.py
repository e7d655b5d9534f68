"""What assumed factors or planned measures would change, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console

from carbonledger.core.activities import taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Lang, bracketed, headed, listed, word
from carbonledger.reporting.console import amount_text, number, plain_text, section_title, text_table
from carbonledger.reporting.report import Report
from carbonledger.scenarios.measure_effect import MeasureEffect

__all__ = ["print_measures", "print_what_if"]

_LONGEST = 20
_METHODS = ("location_based", "market_based")
_SIDES = ("before", "after", "difference")
# What a measure changes: the key of the data, its decimals, and the labels of its heading.
_MEASURED = (
    ("change_energy_gj", 2, ("measure_energy",)),
    ("change_scope_1_tco2e", 4, ("measure_scope_1",)),
    ("change_scope_2_location_based_tco2e", 4, ("measure_scope_2", "what_if_location_based")),
    ("change_scope_2_market_based_tco2e", 4, ("measure_scope_2", "what_if_market_based")),
    ("change_scope_3_tco2e", 4, ("measure_scope_3",)),
    ("change_location_based_tco2e", 4, ("measure_all_scopes", "what_if_location_based")),
    ("change_market_based_tco2e", 4, ("measure_all_scopes", "what_if_market_based")),
    ("exported_mwh", 2, ("measure_exported",)),
)


def print_what_if(
    report: Report, data: Mapping[str, Any], findings: Sequence[Finding], console: Console, lang: Lang
) -> None:
    """Print what would change: under assumed factors, or by the measures of the book.

    Parameters
    ----------
    report : Report
        The year as it is.
    data : mapping
        From `WhatIf.to_dict`, or the measures as plain data.
    findings : sequence of Finding
        What is to be said of the assumptions.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    company = report.settings["company"]
    name = (company["name_zh"] or company["name_en"]) if lang == "zh" else (company["name_en"] or company["name_zh"])
    console.print(plain_text(f"{name} · {report.year} · {word('what_if_title', lang)}", style="bold"))
    style = "" if data["complete"] and not data["exit_code"] else "bold red"
    for line in data["statement"]:
        console.print(plain_text(line, style=style))
    if "measures" in data:
        print_measures(report, console, lang)
    else:
        _print_assumed(data, console, lang)
        _print_difference(data["difference"], console, lang)
        _print_lines(data, console, lang)
    console.print()
    for finding in findings:
        style = {"error": "red", "warning": "yellow"}.get(finding.severity, "")
        console.print(plain_text(finding.text(lang), style=style))
    console.print(plain_text(word("what_if_nothing_changed", lang), style="bold"))


def _print_assumed(data: Mapping[str, Any], console: Console, lang: Lang) -> None:
    """What is assumed."""
    for item in data["assumed"]:
        console.print(plain_text(headed(word("what_if_assumed", lang), item["text"], lang)))
    for item in data["editions"]:
        key = "what_if_in_place" if item["replaces"] else "what_if_beside"
        replaced = {"replaces": listed(item["replaces"], lang)} if item["replaces"] else {}
        text = word(key, lang, edition=item["edition"], **replaced)
        console.print(plain_text(headed(word("what_if_assumed", lang), text, lang)))


def _percent(before: float | None, difference: float | None) -> str:
    """A difference in per cent of what it is taken from; a dash where there is none."""
    return number(difference / before * 100, 2) if before and difference is not None else "–"


def _cells(row: Mapping[str, Any], unit: str) -> list[str]:
    """Before, after, difference and per cent of a row."""
    values = [row[f"{side}{unit}"] for side in _SIDES]
    return [*(number(value, 4) for value in values), _percent(values[0], values[2])]


def _heads(lang: Lang) -> list[str]:
    """The headings of before, after, difference and per cent."""
    return [word(f"what_if_{name}", lang) for name in (*_SIDES, "percent")]


def _print_difference(found: Mapping[str, Any], console: Console, lang: Lang) -> None:
    """By scope, total and activity."""
    section_title(console, headed(word("what_if_by_scope", lang), word("emissions", lang), lang))
    table = text_table([word("scope", lang), *_heads(lang)], range(1, 5))
    for row in found["by_scope"]:
        if row["scope"] != "no scope" or row["before_tco2e"] or row["after_tco2e"]:
            table.add_row(word(row["scope"], lang), *_cells(row, "_tco2e"))
    for name, row in found["totals"].items():
        method = name.removeprefix("calculated_").removeprefix("total_").removesuffix("_tco2e")
        label = word("sum_of_part" if found["is_part"] else "total", lang) + bracketed(
            word(f"what_if_{method}", lang), lang
        )
        table.add_row(label, *_cells(row, ""), style="bold")
    console.print(table)
    _print_activities(found["by_activity"], console, lang)


def _print_activities(rows: Sequence[Mapping[str, Any]], console: Console, lang: Lang) -> None:
    """Emissions by activity under each method, and energy where it moves."""
    section_title(console, headed(word("what_if_by_activity", lang), word("emissions", lang), lang))
    table = text_table([word("carrier", lang), word("what_if_method", lang), *_heads(lang)], range(2, 6))
    for row in rows:
        cells = {name: _cells(row, f"_{name}_tco2e") for name in _METHODS if f"before_{name}_tco2e" in row}
        if len(cells) > 1 and len(set(map(tuple, cells.values()))) == 1:
            cells = {"both": cells["location_based"]}
        for at, (name, values) in enumerate(cells.items()):
            table.add_row("" if at else row["label"], word(f"what_if_{name}", lang), *values)
        if row["before_gj"] != row["after_gj"]:
            table.add_row("", word("energy_gj", lang), *_cells(row, "_gj"))
    console.print(table)


def _print_lines(data: Mapping[str, Any], console: Console, lang: Lang) -> None:
    """The lines that move, the largest first."""
    moved = data["lines"]
    counts = {"moved": f"{len(moved):,}", "lines": f"{data['lines_in_all']:,}"}
    section_title(console, word("what_if_lines", lang, **counts))
    if not moved:
        return
    keys = ("what_if_line", "what_if_place", "carrier", "amount", "what_if_rates")
    table = text_table([word(key, lang) for key in keys] + _heads(lang)[:3], (0, 3, 4, 5, 6, 7))
    for row in moved[:_LONGEST]:
        table.add_row(
            "–" if row["line"] is None else str(row["line"]), *_line_cells(row, lang), *_cells(row, "_tco2e")[:3]
        )
    console.print(table)
    if len(moved) > _LONGEST:
        console.print(plain_text(word("what_if_more_lines", lang, count=f"{len(moved) - _LONGEST:,}")))


def _line_cells(row: Mapping[str, Any], lang: Lang) -> list[str]:
    """Place, carrier, amount and rates of a line."""
    parts = (row["entity"], row["site"], row["source"], f"{row['file']}:{row['row']}" if row["file"] else "")
    rates = _from_to(row["rate_before"], row["rate_after"])
    if row["before_gj"] != row["after_gj"]:
        energy = f"{_from_to(row['before_gj'], row['after_gj'])} GJ"
        rates = energy if row["rate_before"] == row["rate_after"] else f"{rates}; {energy}"
    amount = f"{amount_text(row['amount'])} {row['unit']}"
    return [" / ".join(part for part in parts if part), taxonomy()[row["activity"]].label(lang), amount, rates]


def _from_to(before: float | None, after: float | None) -> str:
    """Two numbers with an arrow between them; a dash for one that is missing."""
    return " → ".join("–" if value is None else f"{value:.6g}" for value in (before, after))


def print_measures(report: Report, console: Console, lang: Lang) -> None:
    """Print what the measures of the book would change, which is deducted from nothing; nothing if it plans none."""
    effects = [*report.measures, *([report.measures_together] if report.measures_together else [])]
    if not effects:
        return
    section_title(console, word("measures_title", lang))
    rows = [item.to_dict(lang) for item in effects]
    shown = [(key, places, heads) for key, places, heads in _MEASURED if any(row[key] for row in rows)]
    headings = ["\n".join(word(head, lang) for head in heads) for _, _, heads in shown]
    table = text_table([word("measure", lang), *headings], range(1, len(headings) + 1))
    for row in rows:
        together = len(row["names"]) > 1
        name = word("measures_together", lang) if together else row["names"][0]
        table.add_row(name, *(number(row[key], places) for key, places, _ in shown), style="bold" if together else "")
    console.print(table)
    for effect in effects:
        for text in _said_of(effect, lang):
            console.print(plain_text(text, style="yellow"))
    console.print(plain_text(word("measures_note", lang)))


def _said_of(effect: MeasureEffect, lang: Lang) -> Iterator[str]:
    """What is to be said of a measure: what it lacks, and what of its baseline was constructed and why."""
    for finding in effect.missing:
        yield finding.text(lang)
    if len(effect.measures) == 1 and effect.constructed:
        text = word("measure_constructed", lang, reason=effect.measures[0].override)
        yield headed(effect.measures[0].label.text(lang), text, lang)
