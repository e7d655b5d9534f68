"""The matching decision about an activity as text: what each series gives, and why nothing else, the nearest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console

from carbonledger.core.findings import Message
from carbonledger.core.language import Label, Lang, bracketed, listed, word
from carbonledger.factors.factor import Factor
from carbonledger.factors.partial_editions import partial_statement
from carbonledger.reporting.console import plain_text
from carbonledger.reporting.factor_text import unit_with_gas

if TYPE_CHECKING:
    from carbonledger.factors.refusals import Refusal
    from carbonledger.inventory.why import SeriesDecision

__all__ = ["decision_data", "print_decisions"]


def print_decisions(decisions: Sequence[SeriesDecision], console: Console, lang: Lang = "en") -> None:
    """Print the matching decision of every series.

    Parameters
    ----------
    decisions : sequence of SeriesDecision
        From `carbonledger.inventory.why`.
    console : Console
        Where to.
    lang : {"en", "zh"}
        The language.
    """
    if not decisions:
        console.print(plain_text(word("why_nothing", lang)))
    elsewhere = [item for item in decisions if _is_elsewhere(item)]
    for item in decisions:
        if item in elsewhere:
            continue
        if item.series:
            console.print(plain_text(item.series, style="bold"))
        for line in _lines(item, lang):
            console.print(plain_text(f"  {line}"))
    if elsewhere:
        series = listed([item.series for item in elsewhere], lang)
        counts = _counts([refusal for item in elsewhere for refusal in item.refusals])
        console.print(plain_text(word("why_only_elsewhere", lang, series=series, **counts)))


def _is_elsewhere(item: SeriesDecision) -> bool:
    """Whether a series has nothing but figures of other regions."""
    return bool(item.refusals) and not (
        item.matches or item.remark or any(refusal.is_near for refusal in item.refusals)
    )


def _counts(refusals: Sequence[Refusal]) -> dict[str, str]:
    """How many figures there are, and of how many regions."""
    return {"count": f"{len(refusals):,}", "regions": str(len({refusal.factor.region for refusal in refusals}))}


def _lines(item: SeriesDecision, lang: Lang) -> Iterator[str]:
    """What is said of one series."""
    if item.method in {"none", "reported"}:
        yield word(f"why_{item.method}", lang)
        return
    for match in item.matches:
        factor = match.factor
        place = " ".join(str(part) for part in (factor.region, factor.data_year) if part)
        kind = ", ".join(word(f"match_{kind.replace(' ', '_')}", lang) for kind in match.kinds)
        partial = bracketed(word("partial_edition", lang), lang) if partial_statement(factor.edition) else ""
        yield word("why_chosen", lang, kind=kind, factor=f"{factor}{partial}", place=place)
    if item.method:
        yield word(f"why_formula_{item.method}", lang, unit=item.unit)
    if item.remark:
        yield word("why_problem", lang, problem=_said(item.remark, lang))
    yield from _refused(item.refusals, lang)


def _said(remark: str | Label | Message, lang: Lang) -> str:
    """A remark in a language."""
    return (
        remark.full_text(lang)
        if isinstance(remark, Message)
        else remark.text(lang)
        if isinstance(remark, Label)
        else remark
    )


def _refused(refusals: Sequence[Refusal], lang: Lang) -> Iterator[str]:
    """Those around the place with their reasons, alike ones as one; those of other regions as a count."""
    alike: dict[tuple[str, str, str], list[Factor]] = {}
    for refusal in (item for item in refusals if item.is_near):
        # What a publisher says of a place is said once, of all the editions and regions that it concerns.
        stated = refusal.code == "left_out"
        key = ("", "") if stated else (refusal.factor.edition, refusal.factor.region)
        alike.setdefault((*key, refusal.reason(lang)), []).append(refusal.factor)
    for (_, _, reason), factors in alike.items():
        first = factors[0]
        what = f"{first.reference} {first.value_text} {unit_with_gas(first)}"
        if len(factors) > 1:
            editions = listed(dict.fromkeys(factor.edition for factor in factors), lang)
            regions = listed(dict.fromkeys(factor.region for factor in factors), lang)
            what = word("why_figures", lang, count=str(len(factors)), edition=editions, region=regions)
        yield word("why_refused", lang, what=what, reason=reason)
    others = [refusal for refusal in refusals if not refusal.is_near]
    if others:
        yield word("why_elsewhere", lang, **_counts(others))


def decision_data(item: SeriesDecision, lang: Lang = "en") -> dict[str, Any]:
    """The decision of a series as plain data.

    Parameters
    ----------
    item : SeriesDecision
        From `carbonledger.inventory.why`.
    lang : {"en", "zh"}
        The language of reasons.

    Returns
    -------
    dict
        ``series``, ``method``, ``unit``, ``remark``, ``decision`` with ``matches`` and ``refused``; the latter is null where no edition is
        asked, or a series contradicts itself.
    """
    return {
        "series": item.series,
        "method": item.method,
        "unit": item.unit,
        "remark": _said(item.remark, lang) if item.remark else "",
        "decision": item.decision.to_dict(lang, item.refusals) if item.decision else None,
    }
