"""The hits of a search for factors as text: first what to write into an entry, then the figure and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from carbonledger.core.activity_taxonomy import taxonomy
from carbonledger.core.language import Lang, has_label, headed, word
from carbonledger.reporting.listings import unit_with_gas

if TYPE_CHECKING:
    from carbonledger.factors.search import FactorHit

__all__ = ["hit_lines", "nothing_found"]

_SHOWN = 60


def hit_lines(hits: Iterable[FactorHit], lang: Lang) -> Iterator[str]:
    """The hits, best first, two lines each: no line has columns, so that a narrow terminal only folds it.

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
        factor = hit.factor
        year = str(factor.data_year or "")
        unit = "" if factor.unit == "1" else unit_with_gas(factor)
        facts = (hit.activity, factor.value_text, unit, factor.region, year, factor.edition)
        yield "  ".join(fact for fact in facts if fact)
        yield "    " + " · ".join(_facts(hit, lang))
        if hit.named:
            yield "    " + word("hit_named", lang, activity=hit.activity, named=hit.named)


def _facts(hit: FactorHit, lang: Lang) -> Iterator[str]:
    """What a figure is: its name, its parameter and variant, what it covers, and whether there is a newer edition."""
    factor = hit.factor
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
