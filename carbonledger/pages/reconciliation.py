"""The reconciliation page and the one-page summary for a board: self-contained HTML that prints on A4."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from carbonledger.core.language import Label, Lang, listed, word
from carbonledger.core.printed_number import Outcome
from carbonledger.core.rounding import Interval
from carbonledger.pages.templates import page_word, render
from carbonledger.published.figures import PublishedFigure
from carbonledger.published.relations import figures_in
from carbonledger.published.verdicts import Verdict
from carbonledger.reporting.charts import Picture, interval_picture
from carbonledger.reporting.console import number
from carbonledger.reporting.published_data import (
    all_verdicts,
    clash_sentence,
    computed_text,
    difference_text,
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
from carbonledger.reporting.search_text import search_details, search_lines

if TYPE_CHECKING:
    from carbonledger.reconstruction.search import SpaceResult

__all__ = ["board_summary", "reconciliation_page"]

# How wide a single number is drawn, in pixels.
_MARK = 4.0


def reconciliation_page(report: Report, lang: Lang, search: SpaceResult | None = None) -> str:
    """The page of the reconciliation: contradictions first, then every printed figure with its intervals drawn.

    Parameters
    ----------
    report : Report
        Of a book with published figures.
    lang : {"en", "zh"}
        In which language.
    search : SpaceResult or None
        The search of a declared space for the printed total.

    Returns
    -------
    str
        HTML that loads nothing.

    Raises
    ------
    BookError
        If Jinja2 is not installed.
    """
    bad = [item for item in report.verdicts if item.outcome is Outcome.DOES_NOT_FOLLOW]
    good = [item for item in report.verdicts if item.outcome not in {Outcome.DOES_NOT_FOLLOW, Outcome.IMPLIES}]
    rebuilt = [
        _figure_row(report, item.verdict, item.figure.label.text(lang), lang, item.figure) for item in report.rebuilt
    ]
    from_data, from_printed = word("rebuilt_from_data", lang), word("computed_from_printed", lang)
    sections = [
        (word("printed_title", lang), from_data, rebuilt),
        (word("bad_relations", lang), from_printed, [_relation_row(report, item, lang) for item in bad]),
        (word("good_relations", lang), from_printed, [_relation_row(report, item, lang) for item in good]),
    ]
    return _render(
        "reconciliation.html.j2",
        report,
        lang,
        "reconciliation_page",
        verdict=_total_lines(report, lang),
        sections=sections,
        clashes=_contradictions(report, lang),
        unknowns=unknown_figures(report, lang),
        readings=reading_lines(report, lang),
        reconstructions=list(_reconstructions(report, lang)),
        search=[*_search_lines(search, lang), *(search_details(search, lang) if search else ())],
    )


def board_summary(report: Report, lang: Lang, search: SpaceResult | None = None) -> str:
    """The one-page summary: printed total, total from the data, possible reasons of the difference with their odds, next steps.

    Parameters
    ----------
    report : Report
        Of a book with published figures.
    lang : {"en", "zh"}
        In which language.
    search : SpaceResult or None
        The search of a declared space for the printed total.

    Returns
    -------
    str
        HTML that loads nothing.

    Raises
    ------
    BookError
        If Jinja2 is not installed.
    """
    total = report.printed_total
    numbers = []
    if total is not None:
        gross = float(report.inventory.total_location_based().magnitude)
        printed = float(total.figure.figure_in("t CO2e").value)
        gap = f"{number(printed - gross, 2)} t ({number((printed / gross - 1) * 100, 2)} %)" if gross else "–"
        numbers = [
            (word("summary_printed", lang), f"{total.verdict.printed} {unit_text(total.verdict.unit, lang)}"),
            (word("summary_gross", lang), f"{number(gross, 2)} t CO2e"),
            (word("summary_gap", lang), gap),
        ]
    outcomes = [item.outcome for item in all_verdicts(report)]
    clashes = _contradictions(report, lang)
    follows = total is None or total.verdict.outcome is not Outcome.DOES_NOT_FOLLOW
    differs = [finding for finding in report.findings_about_published if finding.rule == "PUBLISHED_DIFFERS"]
    steps = ["step_factors", "step_gross"] * (not follows) + ["step_clashes"] * bool(clashes or differs)
    steps += ["step_relations"] * (bool(report.published) and not outcomes)
    lines = _total_lines(report, lang)[:1] + [word("summary_hypothesis", lang)] * (report.netted is not None)
    if report.netted is not None and search is None:
        lines += [item.reconstruction.odds.text(lang) for item in report.reconstructions if item.agrees]
    agree = sum(outcome.agrees for outcome in outcomes)
    other = agree - outcomes.count(Outcome.AGREES)
    lines += [difference_text(finding, lang) for finding in differs]
    values = {"agree": str(agree), "all": str(len(outcomes)), "other": str(other), "clash": str(len(clashes))}
    return _render(
        "summary.html.j2",
        report,
        lang,
        "summary_page",
        numbers=numbers,
        verdict=[*lines, *_search_lines(search, lang)],
        counts=word("summary_checks", lang, **values) if outcomes else unheld_text(report, lang),
        clashes=clashes,
        steps=[word(step, lang) for step in steps or ["step_none"]],
    )


def _render(template: str, report: Report, lang: Lang, title: str, **values: Any) -> str:
    """A template filled, at its head what is missing or in doubt; what is wrong as printed is what these pages are about."""
    company = report.settings["company"]
    name = Label(company["name_en"], company["name_zh"]).text(lang)
    statement = replace(report.completeness, printed=())
    told = report.has_entries and not (statement.complete and not statement.doubts)
    heading = {"company": name, "year": company["reporting_year"], "title": title, "lang": lang}
    heading |= {
        "standing": statement.lines(lang) if told else [],
        "state": "doubt" if statement.complete else "incomplete",
    }
    return render(template, word=page_word(lang), **heading, **values)


def _figure_row(
    report: Report, verdict: Verdict, label: str, lang: Lang, printed: PublishedFigure | None
) -> dict[str, Any]:
    """A row of the page: a figure, its outcome and its picture."""
    return {
        "label": label,
        "printed": verdict.printed,
        "computed": computed_text(report, verdict),
        "unit": unit_text(verdict.unit, lang),
        "verdict": outcome_text(verdict, lang),
        "bad": verdict.outcome is Outcome.DOES_NOT_FOLLOW,
        "good": verdict.outcome.agrees,
        "picture": _picture_of(verdict, printed) if printed else None,
    }


def _picture_of(verdict: Verdict, printed: PublishedFigure) -> Picture | None:
    """The picture of a figure; a dot is what the engine gives, a bar what other figures give, even if it is one number."""
    drawn = interval_picture(printed.figure.interval, verdict.computed)
    if drawn is None:
        return None
    if drawn.dot is not None and isinstance(verdict.computed, Interval):
        drawn = replace(drawn, dot=None, band=(round(drawn.dot - _MARK / 2, 2), _MARK))
    exact = printed.figure.rounding == "exact"
    return replace(drawn, label=(*drawn.label[:2], printed.figure.text)) if exact else drawn


def _relation_row(report: Report, verdict: Verdict, lang: Lang) -> dict[str, Any]:
    """A relation with the picture of the figure that its verdict is about."""
    named = [report.published[name] for name in figures_in(verdict.relation) if name in report.published]
    alone = verdict.relation.kind == "shares_sum"
    printed = next((item for item in named if item.figure.text == verdict.printed and not alone), None)
    return _figure_row(report, verdict, verdict.relation.title.text(lang), lang, printed)


def _total_lines(report: Report, lang: Lang) -> list[str]:
    """How the printed total compares with the gross inventory, as sentences."""
    lines = [printed_total_text(report, lang), netted_text(report, lang) if report.netted else ""]
    return [line for line in lines if line]


def _contradictions(report: Report, lang: Lang) -> list[dict[str, Any]]:
    """The contradictions, each with a sentence and the labels of its figures."""
    return [
        {
            "sentence": clash_sentence(report, clash, lang),
            "figures": listed((figure_text(report, name, lang) for name in clash.figures), lang, semicolons=True),
        }
        for clash in (report.network.clashes if report.network else ())
    ]


def _reconstructions(report: Report, lang: Lang) -> Iterable[dict[str, Any]]:
    """Declared reconstructions with their sentences."""
    for item in report.reconstructions:
        yield {"title": item.reconstruction.title.text(lang), "lines": reconstruction_lines(item, lang)}


def _search_lines(search: SpaceResult | None, lang: Lang) -> list[str]:
    """The outcome of a search, as sentences; none without a search."""
    if search is None:
        return []
    return search_lines(search, lang)
