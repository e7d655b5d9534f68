"""Sections of the page of a report about the year before: as reported beside like for like."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from carbonledger.comparison.year_comparison import YearComparison
from carbonledger.core.language import Lang, word
from carbonledger.pages.tables import PageTable, Row, numbers, texts
from carbonledger.reporting.change_text import change_text, convention_notes
from carbonledger.reporting.compare_text import axis_label, claim_rows, key_label
from carbonledger.reporting.console import number
from carbonledger.reporting.report import Report
from carbonledger.reporting.wording import finding_text

__all__ = ["like_for_like_tables"]

_AXES = ("scope", "activity")
_THREE = ("as_reported", "previous_factors", "current_factors")


def like_for_like_tables(report: Report, lang: Lang) -> list[PageTable]:
    """The change as reported beside the change like for like: of the total, by scope and by activity.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    list of PageTable
        Empty without a year to compare with, and of a book of energy alone.
    """
    found = report.comparison
    if found is None or report.completeness.energy_alone:
        return []
    return [_totals(found, report, lang), *(_along(found, report, axis, lang) for axis in _AXES)]


def _totals(found: YearComparison, report: Report, lang: Lang) -> PageTable:
    """The three numbers of the total, and which of them a text may use."""
    years, unit = found.year_texts(lang), word("page_co2e", lang)
    columns = [
        *texts(word("compare_what", lang)),
        *numbers(
            (years["previous"], unit),
            (years["current"], unit),
            (word("change", lang), unit),
            (word("change_percent", lang), ""),
        ),
    ]
    rows = [Row(cells) for cells in claim_rows(found, lang, report.entity_names[lang])]
    said = [finding_text(item, lang) for item in found.like_for_like.findings]
    return PageTable(word("like_for_like_title", lang), tuple(columns), tuple(rows), (*found.claims(lang), *said))


def _along(found: YearComparison, report: Report, axis: str, lang: Lang) -> PageTable:
    """The three percentages and the two effects of the factors along an axis."""
    years, unit = found.year_texts(lang), word("page_co2e", lang)
    heads = [
        (word("compare_short_reported", lang), ""),
        (word("compare_short_previous", lang, year=years["previous"]), ""),
        (word("compare_short_current", lang, year=years["current"]), ""),
        (word("compare_short_laspeyres", lang), unit),
        (word("compare_short_paasche", lang), unit),
    ]
    table = found.like_for_like.by(axis)
    records = [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]
    rows = [Row(tuple(_cells(row, axis, report, lang)), "total" if row[axis] == "total" else "row") for row in records]
    met = (str(row[f"{name}_convention"]) for row in records for name in _THREE)
    columns = [*texts(word("scope" if axis == "scope" else "page_activity", lang)), *numbers(*heads)]
    title = word("like_for_like_by", lang, axis=axis_label(axis, lang))
    return PageTable(title, tuple(columns), tuple(rows), tuple(convention_notes(met, lang)))


def _cells(row: Mapping[str, Any], axis: str, report: Report, lang: Lang) -> Iterator[str]:
    """The cells of a row."""
    whole = word(report.completeness.sum_label, lang)
    yield whole if row[axis] == "total" else key_label(axis, row[axis], report.entity_names[lang], lang)
    for name in _THREE:
        yield change_text(row[f"{name}_change_percent"], row[f"{name}_convention"], lang)
    for name in ("laspeyres", "paasche"):
        yield number(row[f"{name}_factor_effect_tco2e"], 4)
