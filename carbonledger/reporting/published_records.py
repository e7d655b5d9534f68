"""What is said of printed figures, record by record, as plain data."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from carbonledger.core.language import Lang
from carbonledger.core.rounding import Interval
from carbonledger.published.network import ConstraintNetwork
from carbonledger.published.recalculation import RebuiltFigure
from carbonledger.published.verdicts import Verdict

if TYPE_CHECKING:
    from carbonledger.reconstruction.declared import ReconstructionResult

__all__ = ["network_record", "rebuilt_record", "reconstruction_record", "verdict_record"]


def rebuilt_record(item: RebuiltFigure, lang: Lang) -> dict[str, Any]:
    """A rebuilt figure as plain data."""
    figure = item.figure
    return {
        "figure": figure.figure_id,
        "label": figure.label.text(lang),
        "printed": figure.figure.text,
        "interval": [figure.figure.interval.low, figure.figure.interval.high],
        "rebuilt": _ends_or_number(item.verdict.computed),
        "unit": figure.unit,
        "verdict": item.verdict.outcome,
        "distance": item.verdict.distance,
        "slip": item.verdict.slip,
        "problem": _problem_text(item.verdict, lang),
        "section": figure.section,
        "page_title": figure.page_title,
    }


def network_record(network: ConstraintNetwork, label_of: Callable[[str], str]) -> dict[str, Any]:
    """The network as plain data."""
    return {
        "assumptions": list(network.assumptions),
        "clashes": [
            {
                "relations": list(clash.relations),
                "figures": [label_of(name) for name in clash.figures],
            }
            for clash in network.clashes
        ],
        "narrowed": [
            {
                "figure": item.figure,
                "printed": [item.printed.low, item.printed.high] if item.printed else None,
                "interval": [item.interval.low, item.interval.high],
                "by": list(item.relations),
            }
            for item in network.tightened.values()
        ],
    }


def verdict_record(item: Verdict, lang: Lang) -> dict[str, Any]:
    """A relation as plain data."""
    return {
        "relation": item.relation.relation_id,
        "kind": item.relation.kind,
        "title": item.relation.title.text(lang),
        "verdict": item.outcome,
        "printed": item.printed,
        "computed": _ends_or_number(item.computed),
        "unit": item.unit,
        "distance": item.distance,
        "slip": item.slip,
        "problem": _problem_text(item, lang),
    }


def reconstruction_record(item: ReconstructionResult, lang: Lang) -> dict[str, Any]:
    """A reconstruction as plain data."""
    declared = item.reconstruction
    return {
        "id": declared.id,
        "title": declared.title.text(lang),
        "departs": declared.departs.text(lang),
        "odds": declared.odds.text(lang),
        "terms": [
            {
                "activity": term.term.activity,
                "treatment": term.term.treatment,
                "tco2e": term.tco2e,
                "factors": list(term.factors),
            }
            for term in item.terms
        ],
        "total_tco2e": item.total,
        "prints_as": item.prints_as,
        "prints_as_termwise": item.prints_as_termwise,
        "agrees": item.agrees,
        "identification": False,
    }


def _ends_or_number(computed: Interval | Decimal | None) -> list[Decimal] | Decimal | None:
    """An interval by its ends, a number as it is."""
    return [computed.low, computed.high] if isinstance(computed, Interval) else computed


def _problem_text(verdict: Verdict, lang: Lang) -> str | None:
    """Why a relation cannot be evaluated; None if it can."""
    return verdict.problem.text(lang) if verdict.problem else None
