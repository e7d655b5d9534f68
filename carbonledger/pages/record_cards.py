"""A reporting year as a notebook shows it: what has been calculated, and nothing else."""

from __future__ import annotations

from collections import Counter

from carbonledger.core.language import Lang, word
from carbonledger.core.record_html import record_html
from carbonledger.inventory.scope_table import scopes_html
from carbonledger.reporting.report import Report

__all__ = ["year_html"]


def year_html(report: Report, title: str, lang: Lang) -> str:
    """What a year's findings mean, and its energy [GJ] and emissions [t CO2e] by scope, if they have been calculated.

    Parameters
    ----------
    report : Report
        Of a book.
    title : str
        Company and year.
    lang : {"en", "zh"}
        The language of the words.

    Returns
    -------
    str
        HTML. A year of which nothing has been asked yet says so: to show it must not read its files.
    """
    if "findings" not in vars(report):
        return record_html(lang, title, [word("notebook_not_calculated", lang)])
    counts = Counter(finding.severity for finding in report.findings)
    numbers = {"errors": counts["error"], "warnings": counts["warning"], "notes": counts["note"]}
    found = word("status_findings", lang, **{name: f"{number:,}" for name, number in numbers.items()})
    if report.published_alone:
        return record_html(lang, title, [report.reading.text(lang), found])
    if "inventory" not in vars(report):
        return record_html(lang, title, [*report.completeness.lines(lang), found])
    inventory = report.inventory
    headline = float(inventory.total_energy().magnitude), float(inventory.total_location_based().magnitude)
    table = scopes_html(inventory.by("scope"), headline, report.completeness, lang)
    said = [*report.completeness.lines(lang), found]
    if report.scope_2 is not None:
        amount = f"{float(report.scope_2.market_based_tco2e):,.2f}"
        said.append(word("notebook_market_based", lang, tonnes=amount))
    return record_html(lang, title, said, table)
