"""The sections of a page: tables and pictures of the figures of a year and of other years."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from carbonledger.core.language import Lang, word
from carbonledger.pages.base_year_section import base_year_section
from carbonledger.pages.comparison_sections import like_for_like_tables
from carbonledger.pages.derivations import Ledger
from carbonledger.pages.effect_sections import effect_lines, effect_tables, effects_title
from carbonledger.pages.emission_sections import (
    change_tables,
    company_table,
    gas_table,
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
from carbonledger.pages.environment_sections import environment_page_tables, savings_page_tables
from carbonledger.pages.evidence_sections import (
    published_table,
)
from carbonledger.pages.headline import both_methods
from carbonledger.pages.section_pictures import SectionPicture, section_pictures, target_pictures
from carbonledger.pages.tables import PageTable
from carbonledger.pages.target_sections import target_tables
from carbonledger.pages.uncertainty_section import uncertainty_notes_of, uncertainty_tables
from carbonledger.reporting.published_data import printed_total_text
from carbonledger.reporting.report import Report

if TYPE_CHECKING:
    pass

__all__ = ["Section", "page_sections"]


@dataclass(frozen=True, slots=True)
class Section:
    """A section of tables and pictures.

    Parameters
    ----------
    name : str
        For links.
    title : str
        Its heading.
    tables : tuple of PageTable
        In order.
    pictures : tuple of SectionPicture
        Above the tables.
    notes : tuple of str
        Sentences above the tables.
    """

    name: str
    title: str
    tables: tuple[PageTable, ...] = ()
    pictures: tuple[SectionPicture, ...] = ()
    notes: tuple[str, ...] = ()


def page_sections(report: Report, ledger: Ledger, lang: Lang) -> Iterator[Section]:
    """The sections of figures that a book has something for, in the order of the page.

    Parameters
    ----------
    report : Report
        Of a book.
    ledger : Ledger
        The lines behind its figures.
    lang : {"en", "zh"}
        In which language.

    Yields
    ------
    Section
    """
    draw = partial(section_pictures, report, lang)
    yield Section(
        "energy",
        word("page_energy_section", lang),
        (energy_table(report, ledger, lang),),
        draw("energy_mix", "energy_flow"),
    )
    if not report.completeness.energy_alone:
        yield from _emission_sections(report, ledger, lang)
    yield Section("activities", word("page_by_activity", lang), (activity_table(report, ledger, lang),))
    yield from _over_time(report, lang)
    months = month_table(report, ledger, lang)
    if months is not None:
        yield Section("months", word("page_months", lang), (months,), draw("months"))
    saved = savings_page_tables(report, lang)
    if saved:
        yield Section("savings", word("savings_title", lang), saved)
    registers = environment_page_tables(report, lang)
    if registers:
        note = word("environment_note", lang)
        yield Section("environment", word("environment_title", lang), registers, notes=(note,))
    uncertain = uncertainty_tables(report, lang)
    if uncertain:
        notes = uncertainty_notes_of(report, lang)
        yield Section("uncertainty", word("page_uncertainty", lang), uncertain, draw("uncertainty"), notes)
    printed = published_table(report, lang)
    if printed is not None:
        yield Section("printed", word("printed_title", lang), (printed,), notes=_printed_notes(report, lang))


def _over_time(report: Report, lang: Lang) -> Iterator[Section]:
    """The sections of other years: changes and why they are, the base year, targets."""
    draw = partial(section_pictures, report, lang)
    changes = change_tables(report, lang)
    if changes:
        company = report.settings["company"]
        years = {"previous": str(company["compare_year"]), "current": str(company["reporting_year"])}
        changes += like_for_like_tables(report, lang)
        yield Section("changes", word("changes_title", lang, **years), tuple(changes), draw("year_on_year"))
    effects = report.change_effects
    if effects is not None:
        tables = effect_tables(report, effects, lang)
        notes = effect_lines(report, effects, lang)
        yield Section("effects", effects_title(effects, lang), tables, draw("change_effects"), notes)
    past, policy = base_year_section(report, lang)
    if past:
        yield Section("base-year", word("base_year_title", lang), past, notes=policy)
    if report.targets:
        yield Section(
            "targets", word("targets_title", lang), target_tables(report, lang), target_pictures(report, lang)
        )


def _emission_sections(report: Report, ledger: Ledger, lang: Lang) -> Iterator[Section]:
    """The sections of emissions."""
    draw = partial(section_pictures, report, lang)
    tables = scope_table(report, ledger, lang), company_table(report, ledger, lang), intensity_table(report, lang)
    yield Section("scopes", word("page_emissions_section", lang), tuple(filter(None, tables)), draw("scopes"))
    both = scope_2_table(report, lang)
    if both is not None:
        note = word("scope_2_pair", lang, **both_methods(report))
        yield Section("scope-2", word("scope_2_title", lang), (both,), notes=(note,))
    matrix = scope_3_table(report, ledger, lang)
    if matrix is not None:
        yield Section("scope-3", word("page_scope_3_section", lang), (matrix,))
    yield Section("gases", word("page_gas_section", lang), (gas_table(report, ledger, lang),), draw("gases"))


def _printed_notes(report: Report, lang: Lang) -> tuple[str, ...]:
    """What became of the printed total."""
    text = printed_total_text(report, lang)
    return (text,) if text else ()
