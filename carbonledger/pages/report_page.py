"""The page of a report: one file in both languages, with every figure down to its lines; it loads nothing and runs no script."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from carbonledger.core.language import Label, Lang, word
from carbonledger.pages.derivations import Ledger
from carbonledger.pages.emission_sections import (
    change_tables,
    company_table,
    gas_table,
    register_table,
    scope_2_table,
    scope_3_table,
    scope_table,
)
from carbonledger.pages.energy_sections import (
    activity_table,
    energy_table,
    intensity_table,
    month_table,
)
from carbonledger.pages.environment_sections import environment_page_tables
from carbonledger.pages.evidence_sections import (
    coverage,
    edition_texts,
    finding_texts,
    kinds_of_lines,
    method_lines,
    policy_table,
    profile_table,
    published_table,
)
from carbonledger.pages.headline import both_methods, headline_cards
from carbonledger.pages.picture_data import PictureName
from carbonledger.pages.pictures import description, picture
from carbonledger.pages.tables import PageTable
from carbonledger.pages.templates import page_word, render
from carbonledger.reporting.published_data import printed_total_text
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


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture of the page.

    Parameters
    ----------
    data : str
        The SVG as a data address: what an image shows cannot run, whatever it holds.
    words : str
        The picture in words.
    """

    data: str
    words: str


@dataclass(frozen=True, slots=True)
class _Section:
    """A section of tables and pictures.

    Parameters
    ----------
    name : str
        For links.
    title : str
        Its heading.
    tables : tuple of PageTable
        In order.
    pictures : tuple of _Picture
        Above the tables.
    notes : tuple of str
        Sentences above the tables.
    """

    name: str
    title: str
    tables: tuple[PageTable, ...] = ()
    pictures: tuple[_Picture, ...] = ()
    notes: tuple[str, ...] = ()


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
        "sections": list(_sections(report, ledger, lang)),
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


def _sections(report: Report, ledger: Ledger, lang: Lang) -> Iterator[_Section]:
    """The sections of figures that the book has something for."""
    draw = partial(_pictures, report, lang)
    yield _Section(
        "energy", word("page_energy_section", lang), (energy_table(report, ledger, lang),), draw("energy_mix")
    )
    if not report.completeness.energy_alone:
        yield from _emission_sections(report, ledger, lang)
    yield _Section("activities", word("page_by_activity", lang), (activity_table(report, ledger, lang),))
    changes = change_tables(report, lang)
    if changes:
        company = report.settings["company"]
        years = {"previous": str(company["compare_year"]), "current": str(company["reporting_year"])}
        yield _Section("changes", word("changes_title", lang, **years), tuple(changes), draw("year_on_year"))
    months = month_table(report, ledger, lang)
    if months is not None:
        yield _Section("months", word("page_months", lang), (months,), draw("months"))
    registers = environment_page_tables(report, lang)
    if registers:
        title, note = word("environment_title", lang), word("environment_note", lang)
        yield _Section("environment", title, registers, notes=(note,))
    printed = published_table(report, lang)
    if printed is not None:
        yield _Section("printed", word("printed_title", lang), (printed,), notes=_printed_notes(report, lang))


def _emission_sections(report: Report, ledger: Ledger, lang: Lang) -> Iterator[_Section]:
    """The sections of emissions."""
    draw = partial(_pictures, report, lang)
    tables = scope_table(report, ledger, lang), company_table(report, ledger, lang), intensity_table(report, lang)
    yield _Section("scopes", word("page_emissions_section", lang), tuple(filter(None, tables)), draw("scopes"))
    both = scope_2_table(report, lang)
    if both is not None:
        note = word("scope_2_pair", lang, **both_methods(report))
        yield _Section("scope-2", word("scope_2_title", lang), (both,), notes=(note,))
    matrix = scope_3_table(report, ledger, lang)
    if matrix is not None:
        yield _Section("scope-3", word("page_scope_3_section", lang), (matrix,))
    yield _Section("gases", word("page_gas_section", lang), (gas_table(report, ledger, lang),), draw("gases"))


def _printed_notes(report: Report, lang: Lang) -> tuple[str, ...]:
    """What became of the printed total."""
    text = printed_total_text(report, lang)
    return (text,) if text else ()


def _pictures(report: Report, lang: Lang, name: PictureName) -> tuple[_Picture, ...]:
    """A picture, if there is anything to draw."""
    svg = picture(report, name, lang)
    if svg is None:
        return ()
    data = b64encode(svg.encode()).decode()
    return (_Picture(f"data:image/svg+xml;base64,{data}", description(report, name, lang)),)
