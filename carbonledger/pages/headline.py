"""Headline figures of the page of a report, each with last year's, what was printed, and the lines behind it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from carbonledger.core.language import Lang, word
from carbonledger.core.printed_number import Outcome
from carbonledger.pages.derivations import EMISSIONS, ENERGY, Behind, Ledger
from carbonledger.pages.emission_sections import level_kind
from carbonledger.pages.energy_sections import share_lines
from carbonledger.reporting.change_text import change_text
from carbonledger.reporting.console import number
from carbonledger.reporting.report import Report

__all__ = ["Card", "both_methods", "headline_cards"]


@dataclass(frozen=True, slots=True)
class Card:
    """A headline figure.

    Parameters
    ----------
    label, value, unit : str
        As printed.
    notes : tuple of str
        The change against last year, the printed figure.
    behind : Behind or None
        The lines behind it.
    bad : bool
        Whether what was printed does not follow.
    """

    label: str
    value: str
    unit: str
    notes: tuple[str, ...] = ()
    behind: Behind | None = None
    bad: bool = False


def headline_cards(report: Report, ledger: Ledger, lang: Lang) -> Iterator[Card]:
    """The headline figures: both totals, energy, renewable share.

    Parameters
    ----------
    report : Report
        Of a book.
    ledger : Ledger
        Its lines.
    lang : {"en", "zh"}
        In which language.

    Yields
    ------
    Card
    """
    if not report.completeness.energy_alone:
        yield from _emission_cards(report, ledger, lang)
    partly = "_partly" if report.completeness.is_part else ""
    energy, changed = float(report.inventory.total_energy().magnitude), tuple(_change(report, "energy_gj", lang))
    behind = ledger.behind(None, ENERGY, lang)
    yield Card(word(f"page_energy_total{partly}", lang), number(energy, 2), "GJ", changed, behind)
    yield from _renewable_share(report, lang)


def _emission_cards(report: Report, ledger: Ledger, lang: Lang) -> Iterator[Card]:
    """The totals of emissions, location-based and, where the book forms it, market-based."""
    partly = "_partly" if report.completeness.is_part else ""
    totals = {name.partition("_")[2]: value for name, value in report.totals().items() if value == value}
    printed, unit = report.printed_total, word("page_co2e", lang)
    bad = printed is not None and printed.verdict.outcome is Outcome.DOES_NOT_FOLLOW
    notes = list(_change(report, "emissions_tco2e", lang))
    if printed is not None:
        verdict = word(printed.verdict.outcome, lang)
        notes.append(word("page_printed_total", lang, printed=printed.verdict.printed, verdict=verdict))
    location, behind = number(totals.get("location_based_tco2e"), 2), ledger.behind(None, EMISSIONS, lang)
    yield Card(word(f"page_location{partly}", lang), location, unit, tuple(notes), behind, bad)
    market = totals.get("market_based_tco2e")
    if market is not None:
        label, said = word(f"page_market{partly}", lang), (word("page_market_note", lang),)
        yield Card(label, number(market, 2), unit, said, _behind_market(report, lang))


def _renewable_share(report: Report, lang: Lang) -> Iterator[Card]:
    """The share of renewable energy; nothing where there is no energy."""
    shares = share_lines(report, lang)
    if not shares:
        return
    table = report.inventory.energy_table("id")
    renewable = table.loc[(table["level"] == "subtotal") & (table["class"] == "renewable"), "energy_gj"]
    whole = float(table["energy_gj"].iloc[-1])
    made = word("page_share_made", lang, part=number(float(renewable.sum()), 2), whole=number(whole, 2))
    share = number(report.inventory.renewable_share() * 100, 2)
    notes = shares[1:] or (word("page_physical", lang),)
    yield Card(word("page_renewable_share", lang), share, "%", notes, Behind((), remarks=(made,)))


def _behind_market(report: Report, lang: Lang) -> Behind:
    """How the market-based total comes about: the location-based one with the other scope 2."""
    total = number(float(report.inventory.total_location_based().magnitude), 2)
    levels = report.scope_2.levels if report.scope_2 else ()
    made = word("page_market_made", lang, total=total, **both_methods(report))
    return Behind(tuple(level_kind(level, lang) for level in levels), remarks=(made,))


def _change(report: Report, measure: str, lang: Lang) -> Iterator[str]:
    """The change of a total against last year."""
    table = report.changes.get("scope")
    if table is None:
        yield word("page_no_previous", lang)
        return
    row = table.iloc[-1]
    percent, convention = float(row[f"{measure}_change_percent"]), str(row[f"{measure}_convention"])
    text = change_text(percent, convention, lang, signed=True)
    values = {"year": str(report.settings["company"]["compare_year"]), "value": number(row[f"{measure}_previous"], 2)}
    yield word("page_change", lang, **values, change=text)
    if report.previous is not None and not report.previous.complete:
        yield word("picture_previous_incomplete", lang, year=values["year"])


def both_methods(report: Report) -> dict[str, str]:
    """Scope 2 by both methods, t CO2e."""
    both = report.scope_2
    values = (both.location_based_tco2e, both.market_based_tco2e) if both else ()
    return dict(zip(("location", "market"), (number(value, 2) for value in values), strict=False))
