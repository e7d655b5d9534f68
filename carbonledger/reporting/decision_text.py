"""The matching decision about an activity as text: what each series gives, and why nothing else, the nearest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console

from carbonledger.core.findings import Message
from carbonledger.core.language import Label, Lang, word
from carbonledger.factors.factor import Factor
from carbonledger.reporting.console import plain_text
from carbonledger.reporting.listings import unit_with_gas

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
    for item in decisions:
        if item.series:
            console.print(plain_text(item.series, style="bold"))
        for line in _lines(item, lang):
            console.print(plain_text(f"  {line}"))


def _lines(item: SeriesDecision, lang: Lang) -> Iterator[str]:
    """What is said of one series."""
    if item.method in {"none", "reported"}:
        yield word(f"why_{item.method}", lang)
        return
    for match in item.matches:
        factor = match.factor
        place = " ".join(str(part) for part in (factor.region, factor.data_year) if part)
        kind = ", ".join(word(f"match_{kind.replace(' ', '_')}", lang) for kind in match.kinds)
        yield word("why_chosen", lang, kind=kind, factor=str(factor), place=place)
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
    for refusal in refusals:
        if refusal.is_near:
            factor = refusal.factor
            region = "" if refusal.code == "left_out" else factor.region
            alike.setdefault((factor.edition, region, refusal.reason(lang)), []).append(factor)
    for (edition, region, reason), factors in alike.items():
        first = factors[0]
        what = f"{first.reference} {first.value_text} {unit_with_gas(first)}"
        if len(factors) > 1:
            regions = ", ".join(dict.fromkeys(factor.region for factor in factors))
            what = word("why_figures", lang, count=str(len(factors)), edition=edition, region=region or regions)
        yield word("why_refused", lang, what=what, reason=reason)
    others = [refusal.factor.region for refusal in refusals if not refusal.is_near]
    if others:
        count = word("why_elsewhere", lang, count=f"{len(others):,}", regions=str(len(set(others))))
        yield count


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
        "decision": item.decision.to_dict(lang) if item.decision else None,
    }
