"""What a search found, in words: counts beside chance, ranks, and what the printed total cannot say."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from carbonledger.core.language import Lang, word
from carbonledger.reporting.console import number

if TYPE_CHECKING:
    from carbonledger.reconstruction.chance import Chance
    from carbonledger.reconstruction.identifiability import IdentifiedSum
    from carbonledger.reconstruction.result import MatchingCombination, NamedResult, SpaceResult

__all__ = ["print_search", "search_details", "search_lines"]

_WHOLE, _ONE_DECIMAL = 100, 10


def _count(value: float | None) -> str:
    """A number of hits with the digits that it bears."""
    if value is None:
        return "–"
    if abs(value) >= _WHOLE:
        return number(value, 0)
    return number(value, 1) if abs(value) >= _ONE_DECIMAL else f"{value:.2g}"


def _chance(result: SpaceResult, lang: Lang) -> str:
    """How many hits chance would give, and how remarkable the count is."""
    chance = result.chance
    if chance.expected is None:
        return word("chance_unknown", lang)
    values = {"cells": f"{chance.cells:,}", "as_many": f"{chance.as_many:,}"}
    if chance.upper_bound is not None:
        return word("chance_bound", lang, bound=_count(chance.upper_bound), **values)
    return word(
        "chance_spread" if result.count else "chance_plain",
        lang,
        expected=_count(chance.expected),
        deviation=_count(chance.deviation),
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
    lines.append(_chance(result, lang))
    return [*lines, word("plausible" if result.count else "search_none", lang)]


def search_details(result: SpaceResult, lang: Lang) -> list[str]:
    """Named combinations with their rank, and what the printed total determines.

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
    return [*_named(result, lang), *(_determined(item, lang) for item in result.determined)]


def print_search(result: SpaceResult, limit: int, console: Console, lang: Lang) -> None:
    """What a search of a declared space found.

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
    console.print(Text(space.title_zh if lang == "zh" else space.title_en, style="bold"))
    sizes = " x ".join(f"{size:,} ({term.name})" for size, term in zip(result.sizes, space.terms, strict=True))
    console.print(Text(f"{sizes}; {', '.join(word(name, lang) for name in space.roundings)}"))
    *counts, verdict = search_lines(result, lang)
    for line in (*counts, *_roundings(result, lang), *_shares(result), *_hits(result, limit, lang)):
        console.print(Text(line))
    for line in (*_named(result, lang), *_untold(result, limit, lang), verdict):
        console.print(Text(line))


def _roundings(result: SpaceResult, lang: Lang) -> Iterator[str]:
    """The counts by rounding, if there are several."""
    for item in result.of_roundings if len(result.of_roundings) > 1 else ():
        values = {"hits": f"{item.count:,}", "tried": f"{item.tried:,}", "chance": _short(item.chance)}
        if item.tried:
            yield word("rounding_text", lang, rounding=word(item.rounding, lang), **values)


def _short(chance: Chance) -> str:
    """How many hits chance would give, as a number."""
    bound = chance.upper_bound
    return f"< {_count(bound)}" if bound is not None else f"{_count(chance.expected)} (± {_count(chance.deviation)})"


def _shares(result: SpaceResult) -> Iterator[str]:
    """What hits have in common."""
    for name, what, share in result.common:
        yield f"  {share:6.1%}  {name}: {what}"


def _hits(result: SpaceResult, limit: int, lang: Lang) -> Iterator[str]:
    """The best-ranked hits."""
    shown = result.hits[:limit]
    if len(shown) < result.count:
        yield word("search_cut", lang, listed=f"{len(shown):,}", hits=f"{result.count:,}")
    for hit in shown:
        yield _title(hit, _standing(result, hit, lang), lang)
        yield from _choices(hit, lang)


def _title(hit: MatchingCombination, standing: str, lang: Lang) -> str:
    """A combination's sum, how it was rounded, and where it stands."""
    return f"{number(hit.total, 4)} t CO2e ({word(hit.rounding, lang)}; {standing})"


def _standing(result: SpaceResult, hit: MatchingCombination, lang: Lang) -> str:
    """The rank of a hit, and how many share it."""
    place, ties = result.standing(hit.rank)
    return word("search_rank", lang, place=f"{place:,}", hits=f"{result.count:,}", ties=f"{ties:,}")


def _choices(hit: MatchingCombination, lang: Lang) -> Iterator[str]:
    """The choices of a combination; others that give the same amount are counted."""
    for choice in hit.choices:
        others = len(choice.labels) - 1
        more = word("equal_choices", lang, others=str(others)) if others else ""
        words = f"[{choice.treatment}; {word(choice.plausibility, lang)}]"
        yield f"  {number(choice.tco2e, 4):>12}  {choice.label}{more} {words}"


def _named(result: SpaceResult, lang: Lang) -> Iterator[str]:
    """The combinations looked up by name, each with its rank or the word that it misses."""
    if result.named:
        yield word("named_title", lang)
    before = None
    for item in result.named:
        if item.named != before:
            yield f"  {item.named.title_zh if lang == 'zh' else item.named.title_en}"
        before = item.named
        yield f"    {_title(item.hit, _found(result, item, lang), lang)}"


def _found(result: SpaceResult, item: NamedResult, lang: Lang) -> str:
    """Where a named combination stands."""
    if item.agrees:
        return _standing(result, item.hit, lang)
    return word("named_misses", lang)


def _untold(result: SpaceResult, limit: int, lang: Lang) -> Iterator[str]:
    """What would decide, what is determined, and what cannot be told apart; nothing without hits."""
    if not result.count:
        return
    if result.count > 1:
        term, left = result.deciding[0]
        yield word("deciding_text", lang, term=term, left=_count(left), hits=f"{result.count:,}")
    for item in result.determined:
        yield _determined(item, lang)
    groups = result.indistinguishable
    if groups:
        yield word("indistinguishable_text", lang, groups=f"{len(groups):,}", shown=f"{min(limit, len(groups)):,}")
    for group in groups[:limit]:
        yield f"  {group.term} {number(group.tco2e, 4)}: {' = '.join(group.labels)}"


def _determined(item: IdentifiedSum, lang: Lang) -> str:
    """A sum that the printed interval fixes."""
    values = {"sum": item.text, "low": number(item.interval.low, 4), "high": number(item.interval.high, 4)}
    if not item.given:
        return word("determined_text", lang, **values)
    term, choice = item.given[0]
    key = "determined_given" if len(item.weights) > 1 else "determined_one"
    return word(key, lang, term=term, choice=choice, **values)
