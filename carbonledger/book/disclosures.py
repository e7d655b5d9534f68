"""What a disclosure draws on, from a reporting year and the settings of its book."""

from __future__ import annotations

from carbonledger.book.settings import BookSettings
from carbonledger.core.language import Label
from carbonledger.core.periods import Period
from carbonledger.disclosure.answers import Disclosure, answer_framework
from carbonledger.disclosure.case import DisclosureCase
from carbonledger.environment.disclosed import disclosed_figures
from carbonledger.reporting.report import Report

__all__ = ["disclosure_of"]


def disclosure_of(year: Report, settings: BookSettings, compared: Report | None, framework: str) -> Disclosure:
    """A disclosure framework answered from a reporting year.

    Parameters
    ----------
    year : Report
        The reporting year.
    settings : BookSettings
        Of its book.
    compared : Report or None
        The year to compare with, calculated only if the framework asks for it.
    framework : str
        Its name.

    Returns
    -------
    Disclosure

    Raises
    ------
    BookError
        If there is no such framework.
    """
    return answer_framework(_case(year, settings, compared), framework)


def _case(year: Report, settings: BookSettings, compared: Report | None) -> DisclosureCase:
    """A reporting year as a framework sees it."""
    company, boundary = settings.company, settings.boundary
    return DisclosureCase(
        inventory=year.inventory,
        period=Period.of_year(year.year, year.first_month),
        company=Label(company.name_en, company.name_zh),
        boundary=Label(boundary.statement_en, boundary.statement_zh),
        approach=boundary.approach or "",
        statement=year.completeness,
        scope_2=year.scope_2,
        drivers=settings.drivers,
        relevance=settings.scope_3,
        registers=year.registers,
        registers_file=settings.files.registers,
        instruments_file=settings.scope_2.instruments if settings.scope_2 else "",
        environment=disclosed_figures(year.environment),
        compared=lambda: None if compared is None else _case(compared, settings, None),
    )
