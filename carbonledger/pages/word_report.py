"""The report as a Word document: tables and pictures to be pasted into what a company publishes, with what must be said beside them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import BookError
from carbonledger.core.language import Label, Lang, bracketed, headed, listed, word
from carbonledger.pages.base_year_section import base_year_section
from carbonledger.pages.derivations import Ledger, source_text
from carbonledger.pages.emission_sections import (
    change_tables,
    company_table,
    gas_table,
    register_table,
    scope_2_table,
    scope_3_table,
    scope_table,
)
from carbonledger.pages.energy_sections import energy_table, intensity_table, month_table
from carbonledger.pages.environment_sections import environment_page_tables
from carbonledger.pages.evidence_sections import (
    edition_texts,
    finding_texts,
    method_lines,
    policy_table,
    profile_table,
    published_table,
)
from carbonledger.pages.headline import both_methods
from carbonledger.pages.picture_data import PictureName, picture_data
from carbonledger.pages.pictures import picture
from carbonledger.pages.tables import PageTable, Row, numbers, texts
from carbonledger.pages.target_sections import target_tables
from carbonledger.pages.word_document import WordDocument
from carbonledger.pages.word_styles import CAUTION, NOTE, STANDING
from carbonledger.reporting.change_text import change_text
from carbonledger.reporting.console import number
from carbonledger.reporting.report import Report

__all__ = ["headline_table", "word_report"]

# What a document lists before it says how many more there are.
_FACTORS = 80
_NO_CHANGE = "–"
_DECIMALS = 2


def word_report(report: Report, lang: Lang) -> bytes:
    """The report as a Word document.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        The language of the whole document.

    Returns
    -------
    bytes
        The content of a .docx file: the same report gives the same bytes on the same system.

    Raises
    ------
    BookError
        If a package of the extra ``report`` is not installed.
    EntriesError
        If nothing can be calculated.
    """
    company = report.settings["company"]
    name, year = Label(company["name_en"], company["name_zh"]).text(lang), str(company["reporting_year"])
    title = word("title", lang)
    document = WordDocument(lang, f"{name} · {year} · {title}")
    document.heading(name, 0)
    document.paragraph(f"{title} · {year}", "Subtitle")
    ledger = Ledger(report)
    _add_standing(document, report, lang)
    document.heading(word("page_key_figures", lang))
    document.table(headline_table(report, lang))
    _add_energy(document, report, ledger, lang)
    _add_emissions(document, report, ledger, lang)
    _add_changes(document, report, ledger, lang)
    _add_registers(document, report, ledger, lang)
    _add_method(document, report, ledger, lang)
    _add_findings(document, report, lang)
    return document.content()


def _add_standing(document: WordDocument, report: Report, lang: Lang) -> None:
    """Whether the figures are complete and beyond doubt, and what they are about."""
    statement = report.completeness
    sound = statement.complete and not statement.errors
    for line in report.head_lines(lang):
        document.paragraph(line, STANDING if sound else CAUTION)
    document.paragraph(word("page_gross", lang), STANDING)


def headline_table(report: Report, lang: Lang) -> PageTable:
    """Emissions by both methods [t CO2e], energy [GJ, tce] and renewable share [%], beside the previous year where there is one.

    Parameters
    ----------
    report : Report
        Of a book.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    PageTable
        A figure that one year lacks is a dash.
    """
    company = report.settings["company"]
    compared = "scope" in report.changes and report.previous is not None
    heads = [(str(company["reporting_year"]), "")]
    if compared:
        heads = [(str(company["compare_year"]), ""), *heads, (word("change_percent", lang), "")]
    columns = [*texts(word("document_figure", lang), word("unit", lang)), *numbers(*heads)]
    rows = []
    for label, unit, previous, current, change in _headlines(report, lang):
        cells = [number(previous, _DECIMALS), number(current, _DECIMALS), change]
        rows.append(Row((label, unit, *(cells if compared else cells[1:2]))))
    notes = []
    if compared and report.previous is not None and not report.previous.complete:
        notes.append(word("picture_previous_incomplete", lang, year=str(company["compare_year"])))
    return PageTable(word("page_key_figures", lang), tuple(columns), tuple(rows), tuple(notes))


def _headlines(report: Report, lang: Lang) -> Iterator[tuple[str, str, float | None, float | None, str]]:
    """Label, unit, previous value, value and change in per cent (of a share in percentage points) of each headline figure."""
    partly = "_partly" if report.completeness.is_part else ""
    changes = report.changes.get("scope")
    total = {} if changes is None else changes.iloc[-1].to_dict()
    before = report.previous
    co2e, totals = word("page_co2e", lang), report.totals()
    location, market = (_sum_of(totals, f"{method}_based_tco2e") for method in ("location", "market"))
    emissions = (total.get("emissions_tco2e_previous"), location, _change_of(total, "emissions_tco2e", lang))
    if not report.completeness.energy_alone:
        yield (word(f"page_location{partly}", lang), co2e, *emissions)
    if market is not None:
        yield word(f"page_market{partly}", lang), co2e, None, market, _NO_CHANGE
    energy, earlier = (
        item.energy_table("id").iloc[-1].to_dict() if item else {} for item in (report.inventory, before)
    )
    for unit in ("GJ", "tce"):
        column = f"energy_{unit.lower()}"
        change = _change_of(total, "energy_gj", lang)
        yield word(f"page_energy_total{partly}", lang), unit, earlier.get(column), energy.get(column), change
    shares = before.renewable_share() * 100 if before else None, report.inventory.renewable_share() * 100
    points = _NO_CHANGE if shares[0] is None else number(shares[1] - shares[0], _DECIMALS)
    points = points if points == _NO_CHANGE else word("change_points", lang, points=points)
    yield word("renewable_share", lang), "%", *shares, points
    claimed = report.renewable_share_with_attributes
    if claimed is not None:
        yield word("renewable_share_claimed", lang), "%", None, claimed * 100, _NO_CHANGE


def _change_of(total: Mapping[Any, Any], measure: str, lang: Lang) -> str:
    """The change of a total in per cent, or what stands in its place."""
    if not total:
        return _NO_CHANGE
    return change_text(total[f"{measure}_change_percent"], total[f"{measure}_convention"], lang)


def _sum_of(totals: Mapping[str, float], name: str) -> float | None:
    """A total, or what could be calculated of it; None if the book does not form it."""
    return totals.get(f"calculated_{name}", totals.get(f"total_{name}"))


def _add_energy(document: WordDocument, report: Report, ledger: Ledger, lang: Lang) -> None:
    """The energy table in the published form, the mix, and what was printed."""
    document.heading(word("page_energy_section", lang))
    _add_tables(document, energy_table(report, ledger, lang))
    _add_picture(document, report, "energy_mix", lang)
    _add_picture(document, report, "energy_flow", lang)


def _add_emissions(document: WordDocument, report: Report, ledger: Ledger, lang: Lang) -> None:
    """Scopes, gases, companies, scope 2 by both methods, scope 3, intensities; nothing of a book of energy alone."""
    if report.completeness.energy_alone:
        return
    document.heading(word("page_emissions_section", lang))
    _add_tables(document, scope_table(report, ledger, lang))
    _add_picture(document, report, "scopes", lang)
    if report.scope_2 is not None:
        document.paragraph(word("scope_2_pair", lang, **both_methods(report)))
    _add_tables(document, scope_2_table(report, lang), gas_table(report, ledger, lang))
    _add_picture(document, report, "gases", lang)
    tables = company_table(report, ledger, lang), scope_3_table(report, ledger, lang), intensity_table(report, lang)
    _add_tables(document, *tables)


def _add_changes(document: WordDocument, report: Report, ledger: Ledger, lang: Lang) -> None:
    """The year beside the previous one, and its months."""
    if report.changes:
        company = report.settings["company"]
        years = {"previous": str(company["compare_year"]), "current": str(company["reporting_year"])}
        title = word("changes_title", lang, **years)
        document.heading(title)
        tables = change_tables(report, lang)
        _add_tables(document, *(replace(table, title=f"{title}{bracketed(table.title, lang)}") for table in tables))
        _add_picture(document, report, "year_on_year", lang)
    past, policy = base_year_section(report, lang)
    if past:
        document.heading(word("base_year_title", lang))
        for line in policy:
            document.paragraph(line)
        _add_tables(document, *past)
    if report.targets:
        document.heading(word("targets_title", lang))
        _add_tables(document, *target_tables(report, lang))
    months = month_table(report, ledger, lang)
    if months is not None:
        document.heading(word("page_months", lang))
        _add_tables(document, months)
        _add_picture(document, report, "months", lang)


def _add_registers(document: WordDocument, report: Report, ledger: Ledger, lang: Lang) -> None:
    """What stands beside the total and is deducted from nothing."""
    document.heading(word("page_registers", lang))
    table = register_table(report, ledger, lang)
    document.paragraph(word("page_registers_none" if table is None else "page_registers_note", lang))
    _add_tables(document, table)
    tables = environment_page_tables(report, lang)
    if tables:
        document.heading(word("environment_title", lang))
        document.paragraph(word("environment_note", lang))
        _add_tables(document, *tables)


def _add_method(document: WordDocument, report: Report, ledger: Ledger, lang: Lang) -> None:
    """How was counted and with which factors, in the words of their publishers."""
    document.heading(word("page_method", lang))
    for heading, text in method_lines(report, lang):
        document.paragraph(headed(heading, text, lang))
    profiles = None if report.completeness.energy_alone else profile_table(report, lang)
    _add_tables(document, profiles, published_table(report, lang), policy_table(report, lang))
    document.heading(word("page_sources", lang))
    document.paragraph(word("page_source_words", lang))
    _add_tables(document, _edition_table(report, lang), _factor_table(report, ledger, lang))


def _edition_table(report: Report, lang: Lang) -> PageTable:
    """The editions that the figures rest on, with what a partial one carries."""
    editions = edition_texts(report, lang)
    columns = texts(
        *(
            word(key, lang)
            for key in ("edition", "publisher", "document", "published", "edition_status", "page_licence")
        )
    )
    rows = [
        Row((item.name, item.publisher, item.document, item.published, item.status, item.licence)) for item in editions
    ]
    notes = [headed(item.name, item.partial, lang) for item in editions if item.partial]
    return PageTable(word("factors_title", lang), tuple(columns), tuple(rows), tuple(notes))


def _factor_table(report: Report, ledger: Ledger, lang: Lang) -> PageTable:
    """Every factor that was used, with its value, how it was found, and where it stands in its document."""
    found: dict[str, tuple[str, str]] = {}
    used: dict[str, list[str]] = {}
    for plan, amount in sorted(report.inventory.by_plan().items()):
        label = taxonomy()[ledger.row(plan).activity].label(lang)
        for source in ledger.explained(plan, amount).sources:
            found.setdefault(source.factor, (source_text(source, lang), source.place))
            used.setdefault(source.factor, []).append(label)
    rows = [Row((listed(dict.fromkeys(used[key]), lang), *found[key])) for key in list(found)[:_FACTORS]]
    more = len(found) - len(rows)
    notes = (word("document_more_factors", lang, count=str(more)),) if more else ()
    columns = texts(word("page_activity", lang), word("document_factor", lang), word("document_place", lang))
    return PageTable(word("document_factors", lang), tuple(columns), tuple(rows), notes)


def _add_findings(document: WordDocument, report: Report, lang: Lang) -> None:
    """What was found about the data, errors first."""
    document.heading(word("findings_title", lang))
    findings, more = finding_texts(report, lang)
    if not findings:
        document.paragraph(word("no_findings", lang))
        return
    rows = tuple(Row((item.label, item.title, item.text)) for item in findings)
    notes = (word("document_more_findings", lang, count=str(more)),) if more else ()
    columns = texts(word("document_severity", lang), word("document_rule", lang), word("document_finding", lang))
    _add_tables(document, PageTable(word("findings_title", lang), tuple(columns), rows, notes))


def _add_tables(document: WordDocument, *tables: PageTable | None) -> None:
    """Tables that the book has something for."""
    for table in filter(None, tables):
        document.table(table)


def _add_picture(document: WordDocument, report: Report, name: PictureName, lang: Lang) -> None:
    """A picture with its words; where no font can draw it, the words alone and why."""
    data = picture_data(report, name, lang)
    if data is None:
        return
    try:
        png = picture(report, name, lang, "png", titled=False)
    except BookError as error:
        if error.says is None or error.says.key != "PICTURE_FONT":
            raise
        document.paragraph(error.says.full_text(lang), CAUTION)
        document.paragraph(data.description, NOTE)
        return
    if png is not None:
        document.picture(png, data.title, data.description)
