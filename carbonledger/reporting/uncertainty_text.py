"""The uncertainty of a year as text: estimates, contributions, the change since the year before, and what to improve first."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console

from carbonledger.core.language import Label, Lang, listed, word
from carbonledger.reporting.console import number, plain_text, section_title, text_table
from carbonledger.reporting.report import Report
from carbonledger.uncertainty.assessment import UncertaintyAssessment
from carbonledger.uncertainty.results import Contribution, Estimate, Trend

__all__ = [
    "contribution_cells",
    "contribution_heads",
    "estimate_cells",
    "estimate_heads",
    "estimate_label",
    "print_assessment",
    "print_heading",
    "print_uncertainty",
    "uncertainty_notes",
]

# How many figures are listed, the largest part of the variance first.
LISTED = 12
# Of the figures that both years rest on, how many are named.
_SHOWN = 3
_SCOPES = {1: "scope 1", 2: "scope 2 (location-based)", 3: "scope 3", 0: "no scope"}


def print_heading(report: Report, console: Console, lang: Lang) -> None:
    """Print whose year it is, and whether its totals are complete."""
    company, statement = report.settings["company"], report.completeness
    name = Label(company["name_en"], company["name_zh"]).text(lang)
    console.print(plain_text(f"{name} · {report.year} · {word('uncertainty_title', lang)}", style="bold"))
    style = "" if statement.complete and not statement.exit_code else "bold red"
    for line in report.head_lines(lang):
        console.print(plain_text(line, style=style))


def print_uncertainty(report: Report, console: Console, lang: Lang) -> None:
    """Print the uncertainty of a report; nothing if its book states none."""
    if report.uncertainty is not None:
        print_assessment(report, report.uncertainty, report.uncertainty_trend, console, lang)


def print_assessment(
    report: Report, assessment: UncertaintyAssessment, trend: Trend | None, console: Console, lang: Lang
) -> None:
    """Print an assessment.

    Parameters
    ----------
    report : Report
        Whose names are printed.
    assessment : UncertaintyAssessment
        Of its year.
    trend : Trend or None
        The change since the year before.
    console : rich.console.Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    section_title(console, word("uncertainty_title", lang))
    heads = estimate_heads(assessment, lang)
    table = text_table(["\n".join(filter(None, head)) for head in heads], range(1, len(heads)))
    for item in assessment.estimates:
        style = "bold" if item.axis == "total" else ""
        table.add_row(*estimate_cells(report, assessment, item, lang), style=style)
    console.print(table)
    if assessment.contributions:
        heads = contribution_heads(assessment, lang)
        console.print(plain_text(word("uncertainty_contributions", lang), style="bold"))
        table = text_table(["\n".join(filter(None, head)) for head in heads], range(2, len(heads)))
        for part in assessment.contributions[:LISTED]:
            table.add_row(*contribution_cells(assessment, part, lang))
        console.print(table)
    for text in uncertainty_notes(assessment, trend, lang):
        console.print(plain_text(text))


def estimate_label(report: Report, item: Estimate, lang: Lang) -> str:
    """The total, a scope or a company in words."""
    if item.axis == "total":
        return word(report.completeness.sum_label, lang)
    if item.axis == "scope":
        return word(_SCOPES[int(item.value)], lang)
    return report.entity_names[lang].get(str(item.value), str(item.value)) or word("page_whole_company", lang)


def estimate_heads(assessment: UncertaintyAssessment, lang: Lang) -> list[tuple[str, str]]:
    """The headings of estimates, each with its unit."""
    tonnes = word("page_co2e", lang)
    heads = [("", ""), (word("page_emissions", lang), tonnes), (word("uncertainty_covered", lang), "%")]
    if assessment.approach != "2":
        one = word("uncertainty_approach_1", lang)
        heads += [(one, f"± {tonnes}"), (one, "± %")]
    if assessment.approach != "1":
        two = word("uncertainty_approach_2", lang)
        heads += [(two, "2.5 %"), (two, "97.5 %"), (two, "± %")]
    return heads


def estimate_cells(report: Report, assessment: UncertaintyAssessment, item: Estimate, lang: Lang) -> list[str]:
    """The cells of an estimate."""
    share = None if item.covered_share is None else item.covered_share * 100
    cells = [estimate_label(report, item, lang), number(item.emissions_tco2e, 2), _share(share, is_part=item.is_part)]
    if assessment.approach != "2":
        cells += [number(item.half_width_tco2e, 2), number(item.covered_percent, 2)]
    if assessment.approach != "1":
        drawn = item.simulated
        values = (drawn.lower, drawn.upper, None) if drawn else (None, None, None)
        cells += [number(value, 2) for value in values[:2]]
        cells.append(number(item.percent(drawn.half_width) if drawn else None, 2))
    return cells


def _share(share: float | None, *, is_part: bool) -> str:
    """A share in per cent; one of a part is never printed as 100."""
    text = number(share, 1)
    return "< 100" if is_part and text == "100.0" else text


def contribution_heads(assessment: UncertaintyAssessment, lang: Lang) -> list[tuple[str, str]]:
    """The headings of contributions, each with its unit."""
    heads = [(word("uncertainty_figure", lang), ""), (word("uncertainty_origin", lang), "")]
    heads.append((word("uncertainty_limits", lang), "%"))
    if assessment.approach != "2":
        heads.append((word("uncertainty_share_1", lang), "%"))
    if assessment.approach != "1":
        heads.append((word("uncertainty_share_2", lang), "%"))
    return heads


def contribution_cells(assessment: UncertaintyAssessment, item: Contribution, lang: Lang) -> list[str]:
    """The cells of a contribution."""
    limits, origin = item.parameter.limits, item.parameter.origin.text(lang)
    cells = [item.parameter.label.text(lang), origin, limits.text.replace(" %", "") if limits else ""]
    if assessment.approach != "2":
        cells.append(number(item.share * 100, 1))
    if assessment.approach != "1":
        cells.append(number(None if item.simulated_share is None else item.simulated_share * 100, 1))
    return cells


def uncertainty_notes(assessment: UncertaintyAssessment, trend: Trend | None, lang: Lang) -> Iterator[str]:
    """What is to be said of an assessment: what it covers, what to improve, how it was made, and the change since the year before."""
    total = assessment.total
    if total.half_width_tco2e is None:
        yield word("uncertainty_none", lang)
    elif assessment.is_part:
        share = _share((total.covered_share or 0) * 100, is_part=True)
        yield word("uncertainty_part", lang, share=share)
    yield from assessment.advice(lang)
    if trend is not None:
        yield word("uncertainty_no_trend", lang) if trend.half_width_tco2e is None else _trend_text(trend, lang)
    yield word("uncertainty_method", lang)
    if assessment.halves_differ_by is not None:
        values = {"draws": f"{assessment.settings.draws:,}", "seed": str(assessment.settings.seed)}
        differ = number(assessment.halves_differ_by * 100, 2)
        key = "uncertainty_converged" if assessment.is_converged else "uncertainty_not_converged"
        yield (
            word("uncertainty_draws", lang, **values) + ("" if lang == "zh" else " ") + word(key, lang, percent=differ)
        )


def _trend_text(trend: Trend, lang: Lang) -> str:
    """The change since the year before, whether it is significant, and what cancels in it."""
    values = {
        "change": number(trend.change_tco2e, 2),
        "half": number(trend.half_width_tco2e, 2),
        "percent": number(trend.change_percent, 2),
        "points": number(trend.half_width_points, 2),
    }
    state = {True: "significant", False: "insignificant", None: "undecided"}[trend.is_significant]
    parts = [word("uncertainty_trend", lang, **values), word(f"uncertainty_{state}", lang)]
    if trend.shared:
        shared = [label.text(lang) for label in trend.shared[:_SHOWN]]
        if len(trend.shared) > _SHOWN:
            shared.append(word("uncertainty_cancels_more", lang, count=str(len(trend.shared) - _SHOWN)))
        parts.append(word("uncertainty_cancels", lang, figures=listed(shared, lang, semicolons=True)))
    return ("" if lang == "zh" else " ").join(parts)
