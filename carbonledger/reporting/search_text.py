"""The result of a search as text: counts and their odds, ranked hits, and the sums that the printed total identifies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console

from carbonledger.core.language import Lang, bracketed, headed, listed, word
from carbonledger.reconstruction.identifiability import choice_text
from carbonledger.reporting.console import number, plain_text

if TYPE_CHECKING:
    from carbonledger.reconstruction.chance import Chance
    from carbonledger.reconstruction.identifiability import IdentifiedSum
    from carbonledger.reconstruction.result import MatchingCombination, NamedResult, SpaceResult

__all__ = ["print_search", "search_details", "search_lines"]

_WHOLE, _ONE_DECIMAL = 100, 10


def _count_text(value: float | None) -> str:
    """A number of hits with as many digits as are significant."""
    if value is None:
        return "–"
    if abs(value) >= _WHOLE:
        return number(value, 0)
    return number(value, 1) if abs(value) >= _ONE_DECIMAL else f"{value:.2g}"


def _chance_sentence(result: SpaceResult, lang: Lang) -> str:
    """The number of hits expected by chance, as a sentence."""
    chance = result.chance
    if chance.expected is None:
        return word("chance_unknown", lang)
    values = {"cells": f"{chance.cells:,}", "as_many": f"{chance.as_many:,}"}
    if chance.upper_bound is not None:
        return word("chance_bound", lang, bound=_count_text(chance.upper_bound), **values)
    return word(
        "chance_spread" if result.count else "chance_plain",
        lang,
        expected=_count_text(chance.expected),
        deviation=_count_text(chance.deviation),
        **values,
    )


def search_lines(result: SpaceResult, lang: Lang) -> list[str]:
    """The outcome in a few sentences.

    Parameters
    ----------
    result : SpaceResult
        Of a search.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    list of str
        What was tried and found, how many hits chance would give, and what a hit is: plausible, never an identification.
    """
    lines = [] if result.complete else [word("search_partial", lang, declared=f"{result.declared:,}")]
    lines.append(word("search_text", lang, tried=f"{result.tried:,}", hits=f"{result.count:,}"))
    lines.append(_chance_sentence(result, lang))
    return [*lines, word("plausible" if result.count else "search_none", lang)]


def search_details(result: SpaceResult, lang: Lang) -> list[str]:
    """Named combinations with their rank, and the sums that the printed total identifies.

    Parameters
    ----------
    result : SpaceResult
        Of a search.
    lang : {"en", "zh"}
        In which language.

    Returns
    -------
    list of str
        Nothing is determined without hits.
    """
    return [*_named_lines(result, lang), *(_identified_sum(result, item, lang) for item in result.determined)]


def print_search(result: SpaceResult, limit: int, console: Console, lang: Lang) -> None:
    """Print the result of a search.

    Parameters
    ----------
    result : SpaceResult
        Of a search.
    limit : int
        How many hits, and how many groups of choices that cannot be told apart, to print.
    console : Console
        Where to.
    lang : {"en", "zh"}
        In which language.
    """
    space = result.space
    console.print(plain_text(space.title.text(lang), style="bold"))
    names = [space.label(term.name).text(lang) for term in space.terms]
    sizes = " x ".join(f"{size:,}{bracketed(name, lang)}" for size, name in zip(result.sizes, names, strict=True))
    roundings = listed((word(name, lang) for name in space.roundings), lang)
    console.print(plain_text(listed((sizes, roundings), lang, semicolons=True)))
    *counts, verdict = search_lines(result, lang)
    for line in (
        *counts,
        *_counts_by_rounding(result, lang),
        *_treatment_shares(result, lang),
        *_hit_lines(result, limit, lang),
    ):
        console.print(plain_text(line))
    for line in (*_named_lines(result, lang), *_identification_lines(result, limit, lang), verdict):
        console.print(plain_text(line))


def _counts_by_rounding(result: SpaceResult, lang: Lang) -> Iterator[str]:
    """The counts by rounding, if there are several."""
    for item in result.of_roundings if len(result.of_roundings) > 1 else ():
        values = {"hits": f"{item.count:,}", "tried": f"{item.tried:,}", "chance": _chance_text(item.chance)}
        if item.tried:
            yield word("rounding_text", lang, rounding=word(item.rounding, lang), **values)


def _chance_text(chance: Chance) -> str:
    """The number of hits expected by chance, as a number."""
    bound = chance.upper_bound
    return (
        f"< {_count_text(bound)}"
        if bound is not None
        else f"{_count_text(chance.expected)} (± {_count_text(chance.deviation)})"
    )


def _treatment_shares(result: SpaceResult, lang: Lang) -> Iterator[str]:
    """By term and treatment the share of the hits that have it."""
    for name, treatment, share in result.common:
        term, how = (result.space.label(text).text(lang) for text in (name, treatment))
        yield f"  {share:6.1%}  {headed(term, how, lang)}"


def _hit_lines(result: SpaceResult, limit: int, lang: Lang) -> Iterator[str]:
    """The best-ranked hits."""
    shown = result.hits[:limit]
    if len(shown) < result.count:
        yield word("search_cut", lang, listed=f"{len(shown):,}", hits=f"{result.count:,}")
    for hit in shown:
        yield _hit_title(hit, _rank_text(result, hit, lang), lang)
        yield from _choice_lines(result, hit, lang)


def _hit_title(hit: MatchingCombination, rank: str, lang: Lang) -> str:
    """A combination's sum, how it was rounded, and its rank."""
    facts = listed((word(hit.rounding, lang), rank), lang, semicolons=True)
    return f"{number(hit.total, 4)} t CO2e{bracketed(facts, lang)}"


def _rank_text(result: SpaceResult, hit: MatchingCombination, lang: Lang) -> str:
    """The rank of a hit, and how many share it."""
    place, ties = result.standing(hit.rank)
    return word("search_rank", lang, place=f"{place:,}", hits=f"{result.count:,}", ties=f"{ties:,}")


def _choice_lines(result: SpaceResult, hit: MatchingCombination, lang: Lang) -> Iterator[str]:
    """The choices of a combination; others that give the same amount are counted."""
    for choice in hit.choices:
        others = len(choice.labels) - 1
        more = word("equal_choices", lang, others=str(others)) if others else ""
        label, treatment = (result.space.label(text).text(lang) for text in (choice.label, choice.treatment))
        facts = listed((treatment, word(choice.plausibility, lang)), lang, semicolons=True)
        yield f"  {number(choice.tco2e, 4):>12}  {label}{more} [{facts}]"


def _named_lines(result: SpaceResult, lang: Lang) -> Iterator[str]:
    """The combinations looked up by name, each with its rank."""
    if result.named:
        yield word("named_title", lang)
    before = None
    for item in result.named:
        if item.named != before:
            yield f"  {item.named.title.text(lang)}"
        before = item.named
        yield f"    {_hit_title(item.hit, _named_rank(result, item, lang), lang)}"


def _named_rank(result: SpaceResult, item: NamedResult, lang: Lang) -> str:
    """The rank of a named combination, or that it does not give the printed figure."""
    if item.agrees:
        return _rank_text(result, item.hit, lang)
    return word("named_misses", lang)


def _identification_lines(result: SpaceResult, limit: int, lang: Lang) -> Iterator[str]:
    """The deciding term, the identified sums, and the choices that no total can tell apart; nothing without hits."""
    if not result.count:
        return
    if result.count > 1:
        term, left = result.deciding[0]
        yield word(
            "deciding_text",
            lang,
            term=result.space.label(term).text(lang),
            left=_count_text(left),
            hits=f"{result.count:,}",
        )
    for item in result.determined:
        yield _identified_sum(result, item, lang)
    groups = result.indistinguishable
    if groups:
        yield word("indistinguishable_text", lang, groups=f"{len(groups):,}", shown=f"{min(limit, len(groups)):,}")
    for group in groups[:limit]:
        equal = " = ".join(
            choice_text(*(result.space.label(text).text(lang) for text in pair)) for pair in group.choices
        )
        yield "  " + headed(f"{result.space.label(group.term).text(lang)} {number(group.tco2e, 4)}", equal, lang)


def _identified_sum(result: SpaceResult, item: IdentifiedSum, lang: Lang) -> str:
    """A sum of factors that the printed interval identifies, as a sentence."""
    symbols = item.sum_text({term.name: result.space.label(term.name).text(lang) for term in result.space.terms})
    values = {"sum": symbols, "low": number(item.interval.low, 4), "high": number(item.interval.high, 4)}
    if not item.given:
        return word("determined_text", lang, **values)
    term, choice = item.given[0]
    key = "determined_given" if len(item.weights) > 1 else "determined_one"
    return word(key, lang, term=result.space.label(term).text(lang), choice=choice, **values)
