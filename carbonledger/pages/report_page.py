"""The page of a report: one file in both languages, with every figure down to its lines; it loads nothing and runs no script."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonledger.core.language import Label, Lang, word
from carbonledger.pages.derivations import Ledger
from carbonledger.pages.emission_sections import (
    register_table,
)
from carbonledger.pages.evidence_sections import (
    coverage,
    edition_texts,
    finding_texts,
    kinds_of_lines,
    method_lines,
    policy_table,
    profile_table,
)
from carbonledger.pages.headline import headline_cards
from carbonledger.pages.page_sections import page_sections
from carbonledger.pages.templates import page_word, render
from carbonledger.reporting.report import Report
from carbonledger.reporting.wording import finding_text

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["report_page"]

_LANGUAGES: tuple[Lang, Lang] = ("en", "zh")
# How many of the findings that keep the figures from being complete are said at the head.
_AT_HEAD = 6


def report_page(report: Report, matrix: pd.DataFrame, lang: Lang) -> str:
    """The page of a report.

    Parameters
    ----------
    report : Report
        Of a book.
    matrix : pandas.DataFrame
        Which months each source covers, see `carbonledger.activity_data.coverage.coverage_matrix`.
    lang : {"en", "zh"}
        The language that is shown first; the other one is in the file too.

    Returns
    -------
    str
        HTML that loads nothing.

    Raises
    ------
    BookError
        If a package of the extra ``report`` is not installed.
    """
    ledger = Ledger(report)
    company = report.settings["company"]
    names = {language: Label(company["name_en"], company["name_zh"]).text(language) for language in _LANGUAGES}
    order = sorted(_LANGUAGES, key=lambda language: language != lang)
    return render(
        "report.html.j2",
        lang=lang,
        company=names[lang],
        year=company["reporting_year"],
        title=word("title", lang),
        articles=[_article(report, ledger, matrix, language, names[language]) for language in order],
    )


def _article(report: Report, ledger: Ledger, matrix: pd.DataFrame, lang: Lang, company: str) -> dict[str, Any]:
    """Everything that the page says in one language."""
    findings, more = finding_texts(report, lang)
    return {
        "lang": lang,
        "word": page_word(lang),
        "company": company,
        "year": report.settings["company"]["reporting_year"],
        "standing": _standing(report, lang),
        "cards": list(headline_cards(report, ledger, lang)),
        "sections": list(page_sections(report, ledger, lang)),
        "coverage": coverage(report, matrix, lang),
        "registers": register_table(report, ledger, lang),
        "findings": findings,
        "more_findings": more,
        "editions": edition_texts(report, lang),
        "method": method_lines(report, lang),
        "profiles": None if report.completeness.energy_alone else profile_table(report, lang),
        "policies": policy_table(report, lang),
        "kinds": list(kinds_of_lines(report, ledger, lang)),
    }


def _standing(report: Report, lang: Lang) -> dict[str, Any]:
    """Whether the totals are complete and beyond doubt, in a word, in sentences, and by the findings that say otherwise."""
    statement = report.completeness
    reasons = (*statement.left_out, *statement.gaps, *statement.doubts)
    doubtful = statement.doubts or statement.printed
    return {
        "state": "incomplete" if not statement.complete else "doubt" if doubtful else "complete",
        "lines": report.head_lines(lang),
        "reasons": [finding_text(finding, lang) for finding in reasons[:_AT_HEAD]],
        "more": max(0, len(reasons) - _AT_HEAD),
    }
