"""The comparison of printed figures with data and with each other, as text."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from rich.console import Console

from carbonledger.core.language import Lang, headed, listed, word
from carbonledger.core.printed_number import Outcome
from carbonledger.published.verdicts import Verdict
from carbonledger.reporting.console import number, plain_text, section_title, text_table
from carbonledger.reporting.inventory_text import print_completeness
from carbonledger.reporting.published_data import (
    all_verdicts,
    clash_sentence,
    computed_text,
    figure_text,
    netted_text,
    outcome_text,
    printed_total_text,
    reading_lines,
    reconstruction_lines,
    unheld_text,
    unit_text,
    unknown_figures,
)
from carbonledger.reporting.report import Report

__all__ = ["print_network", "print_rebuilt", "print_reconciliation", "print_reconstructions", "print_relations"]


def print_reconciliation(report: Report, console: Console, lang: Lang) -> None:
    """Print the published figures: recalculated, compared with each other, and summed up.

    Parameters
    ----------
    report : Report
        Of a book with published figures.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    if report.has_entries:
        print_completeness(report.completeness, console, lang)
    for section in (print_rebuilt, print_reconstructions, print_relations, print_network):
        section(report, console, lang)
    outcomes = [item.outcome for item in all_verdicts(report)]
    counts = [headed(word(name, lang), str(outcomes.count(name)), lang) for name in dict.fromkeys(outcomes)]
    console.print()
    console.print(plain_text(listed(counts, lang, semicolons=True) or unheld_text(report, lang), style="bold"))


def print_rebuilt(report: Report, console: Console, lang: Lang) -> None:
    """Printed figures beside the recalculated ones."""
    if not report.rebuilt:
        return
    section_title(console, word("printed_title", lang))
    headings = ("figure", "printed", "rebuilt", "unit", "verdict", "distance")
    table = text_table([word(key, lang) for key in headings], [1, 2, 5])
    for item in report.rebuilt:
        verdict = item.verdict
        cells = [item.figure.label.text(lang), *_verdict_cells(report, verdict, lang), _distance(verdict)]
        table.add_row(*cells, style=_style(verdict))
    console.print(table)
    _print_problems((item.verdict for item in report.rebuilt), console, lang)
    total = printed_total_text(report, lang)
    if total:
        console.print(plain_text(total))
    if report.netted is not None:
        console.print(plain_text(netted_text(report, lang)))


def print_reconstructions(report: Report, console: Console, lang: Lang) -> None:
    """Declared reconstructions of the printed total."""
    if not report.reconstructions:
        return
    section_title(console, word("reconstruction_title", lang))
    for item in report.reconstructions:
        declared = item.reconstruction
        console.print(plain_text(declared.title.text(lang)))
        for term in item.terms:
            console.print(plain_text(f"  {number(term.tco2e, 4):>12}  {term.term.activity}  {', '.join(term.factors)}"))
        termwise = word("reconstruction_termwise", lang, termwise=str(item.prints_as_termwise))
        for line in reconstruction_lines(item, lang, termwise):
            console.print(plain_text(f"  {line}"))


def print_relations(report: Report, console: Console, lang: Lang) -> None:
    """Printed figures against each other."""
    if not report.verdicts:
        return
    section_title(console, word("relations_title", lang))
    table = text_table([word(key, lang) for key in ("relation", "printed", "computed", "unit", "verdict")], [1, 2])
    for verdict in report.verdicts:
        table.add_row(verdict.relation.title.text(lang), *_verdict_cells(report, verdict, lang), style=_style(verdict))
    console.print(table)
    _print_problems(report.verdicts, console, lang)


def print_network(report: Report, console: Console, lang: Lang) -> None:
    """Contradictions, the intervals of figures that are not printed, and the rounding variants used."""
    clashes = report.network.clashes if report.network else ()
    if clashes:
        section_title(console, word("network_title_page", lang))
    for clash in clashes:
        labels = listed((figure_text(report, name, lang) for name in clash.figures), lang, semicolons=True)
        console.print(plain_text(clash_sentence(report, clash, lang), style="red"))
        console.print(plain_text(f"  {headed(word('figures_concerned', lang), labels, lang)}"))
    _print_unknowns(report, console, lang)
    lines = reading_lines(report, lang)
    if lines:
        section_title(console, word("readings_title", lang))
    for line in lines:
        console.print(plain_text(line))


def _print_unknowns(report: Report, console: Console, lang: Lang) -> None:
    """The intervals of figures that are not printed, one row for each assumption."""
    unknowns = unknown_figures(report, lang)
    if not unknowns:
        return
    section_title(console, word("unknowns_title", lang))
    headings = ("unknown_figure", "interval", "unit", "assumption")
    table = text_table([word(key, lang) for key in headings], [1])
    for item in unknowns:
        table.add_row(item.label, item.interval, item.unit, item.assumption)
    console.print(table)


def _verdict_cells(report: Report, verdict: Verdict, lang: Lang) -> list[str]:
    """A verdict as cells: printed, computed, unit, outcome."""
    printed = "–" if verdict.outcome is Outcome.IMPLIES else verdict.printed
    outcome = word(verdict.outcome, lang) if verdict.problem else outcome_text(verdict, lang)
    return [printed, computed_text(report, verdict), unit_text(verdict.unit, lang), outcome]


def _print_problems(verdicts: Iterable[Verdict], console: Console, lang: Lang) -> None:
    """Why relations cannot be evaluated, below their table, each reason once."""
    reasons = (headed(word(item.outcome, lang), item.problem.text(lang), lang) for item in verdicts if item.problem)
    for reason in dict.fromkeys(reasons):
        console.print(plain_text(reason))


def _style(verdict: Verdict) -> str:
    """Red for a figure that does not follow."""
    return "red" if verdict.outcome is Outcome.DOES_NOT_FOLLOW else ""


def _distance(verdict: Verdict) -> str:
    """A distance; nothing where there is none."""
    return number(verdict.distance, 3) if verdict.distance > Decimal(0) else ""
