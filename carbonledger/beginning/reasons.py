"""Why an edition is proposed, in words of both languages."""

from __future__ import annotations

from collections.abc import Iterator

from carbonledger.activity_data.total_rows import is_total
from carbonledger.beginning.pins import Proposal
from carbonledger.beginning.proposals import main_factor
from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.activity_words import read_activity
from carbonledger.core.language import Clauses, Label, Lang, listed, word
from carbonledger.core.regions import described_regions, enclosing_regions
from carbonledger.factors.editions import read_edition
from carbonledger.factors.factor import Factor
from carbonledger.factors.partial_editions import edition_label

__all__ = ["activity_words", "heading_of", "place_words", "reason_of"]


def place_words(code: str, lang: Lang) -> str:
    """A region by its code and name."""
    return described_regions([code])[0].text(lang)


def activity_words(name: str, home: str, lang: Lang) -> str:
    """An activity as entries of a book may write it: by its label, where the label is read as this activity, else by its name."""
    label = taxonomy()[name].label(lang)
    is_read = read_activity(label, home.partition("-")[0]).activity == name and not is_total(label)
    return label if is_read else name


def heading_of(proposal: Proposal, lang: Lang) -> str:
    """What is priced, and where."""
    label = taxonomy()[proposal.activity].label(lang)
    return f"{label} · {place_words(proposal.region, lang)}"


def reason_of(proposal: Proposal, years: tuple[int, ...], lang: Lang) -> str:
    """What prices an activity at a place and why, or that nothing does.

    Parameters
    ----------
    proposal : Proposal
        From `carbonledger.beginning.pins.propose`.
    years : tuple of int
        The calendar years of the reporting year.
    lang : {"en", "zh"}
        The language.

    Returns
    -------
    str
    """
    if proposal.needs_none:
        return word("new_reason_none", lang)
    if proposal.by_potential:
        return word("new_reason_gwp", lang)
    return Clauses(tuple(dict.fromkeys(_parts(proposal, years, lang)))).text(lang)


def _parts(proposal: Proposal, years: tuple[int, ...], lang: Lang) -> Iterator[str]:
    """The clauses of a reason."""
    missing = [str(year) for year in years if year not in proposal.by_year]
    if missing:
        yield word("new_reason_missing", lang, years=listed(missing, lang))
        if proposal.problem and not proposal.by_year:
            yield proposal.problem.says.text(lang).rstrip(".。") if proposal.problem.says else ""
    for year, answer in proposal.by_year.items():
        factor = main_factor(answer.row)
        if factor:
            yield from _about(factor, year, proposal.region, lang)
        if answer.words:
            yield word("new_reason_words", lang, words=listed(answer.words, lang))
    if proposal.others:
        yield word("new_reason_others", lang, others=listed(map(edition_label, proposal.others), lang))


def _about(factor: Factor, year: int, region: str, lang: Lang) -> Iterator[str]:
    """The edition of a figure, and how near it is."""
    edition = read_edition(factor.edition)
    place = place_words(factor.region, lang)
    key = "new_reason_figure" if factor.data_year else "new_reason_undated"
    figure = word(key, lang, place=place, data_year=str(factor.data_year))
    yield Label("{}: {}", "{}：{}").text(lang).format(edition_label(edition.id).text(lang), figure)
    if factor.data_year and factor.data_year < year:
        ages = {"years": str(year - factor.data_year), "allowed": str(edition.max_lag_years or 0)}
        yield word("new_reason_earlier", lang, year=str(year), **ages)
    if enclosing_regions(region).get(factor.region, 0):
        yield word("new_reason_wider", lang, place=place_words(region, lang))
    if edition.date_published:
        yield word("new_reason_published", lang, day=edition.date_published)
