"""Editions and the hits of a search as lines of text: first what to write into an entry, then the figure and where it stands.

No line has columns, so that a narrow terminal only folds it, and nothing is laid out, so that seven thousand rows are written at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from carbonledger.core.language import Lang, has_label, headed, word
from carbonledger.factors.partial_editions import edition_label, partial_statement

if TYPE_CHECKING:
    from carbonledger.factors.factor import Edition, Factor
    from carbonledger.factors.search import FactorHit

__all__ = ["edition_lines", "hit_lines", "nothing_found", "unit_with_gas"]

_SHOWN = 60


def edition_lines(edition: Edition, factors: Iterable[Factor]) -> Iterator[str]:
    """The metadata of an edition, and some of its factors with their place in the source.

    Parameters
    ----------
    edition : Edition
        Any.
    factors : iterable of Factor
        Those to show.

    Yields
    ------
    str
        For each factor its activity, value, unit, region and year; then, indented, its id, what it is and where it stands.
    """
    partial = partial_statement(edition.id)
    facts = {
        "edition": f"{edition.id} ({edition.status})",
        "partial": f"{partial.en} / {partial.zh}" if partial else "",
        "title": edition.title,
        "publisher": edition.publisher,
        "document": edition.document,
        "published": edition.date_published or "unknown",
        "licence": edition.licence,
        "attribution": edition.metadata.get("attribution") or "",
        "boundary": edition.metadata.get("boundary") or "",
        "heating value": edition.metadata.get("heating_value") or "",
        "roles": ", ".join(edition.roles),
        "lag allowed": f"{edition.max_lag_years or 0} years. {edition.metadata.get('max_lag_reason') or ''}",
        "verified": edition.metadata.get("how_verified") or "",
        "sha256": edition.sha256,
    }
    yield from (f"{name}: {value}" for name, value in facts.items() if value)
    for factor in factors:
        yield ""
        yield _figure(factor.activity or factor.publisher_path, factor)
        what = (factor.parameter, factor.variant, factor.heating_value, factor.boundary)
        yield "    " + " · ".join(
            (factor.factor_id, *filter(None, what), f"confidence {factor.confidence}", factor.source_locator)
        )


def _figure(called: str, factor: Factor, *more: str) -> str:
    """A figure in one line: what it is called, value, unit, region and year."""
    unit = "" if factor.unit == "1" else unit_with_gas(factor)
    year = str(factor.data_year or "")
    return "  ".join(filter(None, (called, factor.value_text, unit, factor.region, year, *more)))


def unit_with_gas(factor: Factor) -> str:
    """The unit of a factor with its gas."""
    gas = f" {factor.gas}" if factor.gas and factor.unit != "1" else ""
    numerator, slash, denominator = factor.unit.partition("/")
    return f"{numerator}{gas}{slash}{denominator}"


def hit_lines(hits: Iterable[FactorHit], lang: Lang) -> Iterator[str]:
    """The hits, best first, two or three lines each.

    Parameters
    ----------
    hits : iterable of FactorHit
        Of a search.
    lang : {"en", "zh"}
        In which language.

    Yields
    ------
    str
        The activity to write, value, unit, region, year and edition; then, indented, what the figure is, and for one without an activity
        how an entry names it.
    """
    for hit in hits:
        yield _figure(hit.activity, hit.factor, edition_label(hit.factor.edition).text(lang))
        yield "    " + " · ".join(_facts(hit, lang))
        if hit.named:
            yield "    " + word("hit_named", lang, activity=hit.activity, named=hit.named)


def _facts(hit: FactorHit, lang: Lang) -> Iterator[str]:
    """What a figure is: its name, its parameter and variant, what it covers, and whether there is a newer edition."""
    factor = hit.factor
    from carbonledger.core.activity_taxonomy import taxonomy

    known = taxonomy().get(hit.activity)
    yield factor.publisher_path or factor.activity if hit.named or known is None else known.label(lang)
    if factor.parameter != "emission_factor":
        gas = f" {factor.gas}" if factor.unit == "1" and factor.gas else ""
        yield _called("parameter", factor.parameter, lang) + gas
    if factor.variant:
        yield headed(word("hit_variant", lang), factor.variant, lang)
    if hit.boundary:
        yield headed(word("hit_boundary", lang), _called("boundary", hit.boundary, lang), lang)
    if hit.status != "current":
        yield word("hit_superseded", lang)


def _called(what: str, name: str, lang: Lang) -> str:
    """What a parameter or boundary is called; its own name if it has no label."""
    key = f"{what}_{name}"
    return word(key, lang) if has_label(key) else name.replace("_", " ")


def nothing_found(text: str, lang: Lang) -> str:
    """What to try after a search that found nothing.

    Parameters
    ----------
    text : str
        What was looked for.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    str
    """
    shown = text if len(text) <= _SHOWN else text[:_SHOWN] + "..."
    return word("hit_nothing", lang, text=shown.strip() or "–")
