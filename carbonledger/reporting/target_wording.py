"""Targets in words and rows of texts, for the terminal, the page and the workbook; nothing is calculated here."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from carbonledger.comparison.history import scopes_label
from carbonledger.core.language import Label, Lang, headed, listed, word
from carbonledger.reporting.console import number
from carbonledger.targets.benchmarks import Benchmark
from carbonledger.targets.standing import TargetStanding
from carbonledger.targets.wedges import Wedges

__all__ = [
    "TARGET_HEADS",
    "decimals_of",
    "name_of",
    "promise_of",
    "rate_line",
    "row_of",
    "scopes_of",
    "target_lines",
    "wedge_notes",
    "wedge_rows",
    "wedge_years",
    "year_cells",
    "year_heads",
    "year_notes",
]

TARGET_HEADS = (
    *("target", "target_kind", "target_of", "target_years", "target_base", "target_value"),
    *("target_now", "target_required", "target_gap", "target_progress", "target_status"),
)
# So that the smallest of the values keeps four digits.
_DIGITS, _FEWEST = 4, 2


def row_of(item: TargetStanding, lang: Lang) -> tuple[str, ...]:
    """A target as one row of texts, see `TARGET_HEADS`."""
    target, found, places = item.target, item.judgement, decimals_of(item)
    years = f"{target.base_year or ''}–{target.target_year}" if target.base_year else str(target.target_year)
    value = item.path.target if item.path else target.target_value
    figures = (item.base, value, found.now, found.required, found.gap)
    percent = None if found.progress is None else found.progress * 100
    return (
        *(name_of(item, lang), word(f"target_{target.kind}", lang), scopes_of(item, lang), years),
        *(number(figure, places) for figure in figures),
        number(percent, 1),
        word(f"target_{found.status}", lang),
    )


def name_of(item: TargetStanding, lang: Lang) -> str:
    """The name of a target."""
    return item.target.label.text(lang)


def scopes_of(item: TargetStanding, lang: Lang) -> str:
    """Its scopes with their method."""
    return scopes_label(item.target.ordered_scopes, item.target.method).text(lang)


def decimals_of(item: TargetStanding) -> int:
    """How many decimals show the values of a target: two, of small intensities so many that four digits are seen."""
    values = [abs(value) for value in (item.base, item.judgement.now) if value]
    smallest = min(values, default=1.0)
    return max(_FEWEST, _DIGITS - 1 - math.floor(math.log10(smallest))) if smallest < 1 else _FEWEST


def target_lines(item: TargetStanding, lang: Lang) -> list[str]:
    """What is said of a target in sentences: status and reason, pace, absolute outcome, claim, rate, source."""
    found = item.judgement
    lines = [headed(word(f"target_{found.status}", lang), found.reason.text(lang), lang)]
    return [*lines, *_pace_lines(item, lang), *_statement_lines(item, lang), *_source_lines(item, lang)]


def _pace_lines(item: TargetStanding, lang: Lang) -> Iterator[str]:
    """The pace that is needed, and of an intensity the emissions themselves."""
    pace, absolute = item.judgement.pace, item.absolute
    if pace is not None and item.judgement.status != "cannot_be_judged":
        places = {"per_year": number(pace.per_year, decimals_of(item)), "unit": item.case.unit_in(lang)}
        percents = {"of_base": number(pace.percent_of_base, 2), "compound": number(pace.compound_percent, 2)}
        yield word("target_pace", lang, target=str(item.target.target_year), **places, **percents)
    if absolute is not None:
        change = absolute.change_percent
        signed = number(change, 2) if change is None or change <= 0 else f"+{number(change, 2)}"
        amounts = {"base": number(absolute.base_tco2e, 2), "now": number(absolute.now_tco2e, 2), "change": signed}
        yield word("target_absolute_outcome", lang, **amounts)


def _statement_lines(item: TargetStanding, lang: Lang) -> Iterator[str]:
    """When emissions peaked, and what a claim of net zero has to show."""
    if item.peak is not None and item.peak.text != item.judgement.reason:
        yield item.peak.text.text(lang)
    if item.claim:
        yield headed(word("target_claim_title", lang), "", lang).rstrip()
        states = {True: "passed", False: "failed", None: "unknown"}
        for test in item.claim:
            state = word(f"target_test_{states[test.passed]}", lang)
            yield f"  {headed(word(f'target_test_{test.name}', lang), state, lang)} · {test.reason.text(lang)}"


def _source_lines(item: TargetStanding, lang: Lang) -> Iterator[str]:
    """The published rate, and where base and promise are stated."""
    if item.target.published_rate is not None:
        yield rate_line(item.target.published_rate, lang)
    if item.base is not None:
        yield headed(word("target_base", lang), item.base_source.text(lang), lang)
    yield word("target_source", lang, source=item.target.source)


def rate_line(rate: Benchmark, lang: Lang) -> str:
    """A published rate with its source and how sure it is."""
    names = {
        "name": rate.name.text(lang),
        "value": f"{rate.value:g}",
        "unit": rate.unit.text(lang),
        "note": rate.note.text(lang),
    }
    source = {
        "publisher": rate.publisher.text(lang),
        "document": rate.document.text(lang),
        "confidence": word(f"target_{rate.confidence}", lang),
    }
    return word("target_rate", lang, **names, **source).strip()


def year_heads(item: TargetStanding, lang: Lang) -> list[tuple[str, str]]:
    """The columns of the years: the key of the row, and its heading."""
    heads = [("year", word("target_year", lang))]
    heads += [("path", word("target_path", lang, shape=word(f"target_{item.target.shape}", lang)))] if item.path else []
    heads.append(("actual", word("target_actual", lang)))
    if item.trend is not None:
        keys = ("trend", "target_trend"), ("trend_low", "target_low"), ("trend_high", "target_high")
        heads += [(name, word(key, lang)) for name, key in keys]
    return heads + ([("business_as_usual", word("target_usual", lang))] if item.usual else [])


def year_cells(item: TargetStanding, row: Mapping[str, Any], lang: Lang) -> list[str]:
    """One year as texts."""
    year = f"{row['year']}" + (f" · {word('target_milestone', lang)}" if row["milestone"] else "")
    places = decimals_of(item)
    return [year, *(number(row[name], places) for name, _ in year_heads(item, lang)[1:])]


def year_notes(item: TargetStanding, lang: Lang) -> list[str]:
    """How trend and business as usual are formed."""
    if item.trend is None:
        lines = [word("target_no_trend", lang)]
    else:
        slope = number(item.trend.slope, decimals_of(item))
        values = {"years": str(item.trend.years), "slope": slope, "unit": item.case.unit_in(lang)}
        lines = [word("target_trend_note", lang, **values, coverage=f"{item.trend.coverage * 100:g}")]
        below = [row["year"] for row in item.rows() if (row["trend_low"] or 0) < 0]
        if below:
            lines.append(word("target_trend_below_zero", lang, year=str(min(below))))
    assumed = item.target.outlook
    if item.usual and assumed is not None:
        lines.append(word("target_usual_note", lang, growth=f"{assumed.growth_percent:g}", source=assumed.source))
    return lines


def wedge_years(item: TargetStanding, wedges: Wedges) -> list[int]:
    """The years that are shown: the next one, the milestones, the target year."""
    own = {min(wedges.usual) + 1, max(wedges.usual), *(mark.year for mark in item.target.milestones)}
    return sorted(own & set(wedges.usual))


def wedge_rows(wedges: Wedges, years: list[int], lang: Lang) -> Iterator[tuple[str, list[float], str]]:
    """The rows of a plan: each wedge, their sum, what is needed, what is not planned yet."""
    for item in wedges.wedges:
        yield item.name.text(lang), [item.tco2e[year] for year in years], ""
    yield word("target_planned", lang), [wedges.usual[year] - wedges.planned[year] for year in years], "bold"
    yield word("target_needed", lang), [wedges.needed[year] for year in years], "bold"
    yield word("target_shortfall", lang), [wedges.shortfall(year) for year in years], "bold"


def wedge_notes(item: TargetStanding, wedges: Wedges, lang: Lang) -> list[str]:
    """From when each wedge is counted, which measures are in none, and what business as usual assumes."""
    lines = [headed(wedge.name.text(lang), wedge.note.text(lang), lang) for wedge in wedges.wedges]
    if item.case.unpriced:
        lines.append(word("target_unpriced", lang, measures=listed(item.case.unpriced, lang)))
    return lines if item.usual else [*lines, word("target_no_growth", lang)]


def promise_of(item: TargetStanding) -> Label:
    """What is promised, in a clause of both languages."""
    path, target, places = item.path, item.target, decimals_of(item)
    if path is None:
        values = {"target_year": str(target.target_year)}
        return Label(*(word("disclosure_target_year", lang, **values) for lang in ("en", "zh")))
    values = {
        "base": number(path.base, places),
        "value": number(path.target, places),
        "base_year": str(target.base_year),
        "target_year": str(target.target_year),
    }
    return Label(
        *(word("disclosure_target_path", lang, **values, unit=item.case.unit_in(lang)) for lang in ("en", "zh"))
    )
