"""A declared reconstruction as plain data."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from carbonledger.core.language import Lang

if TYPE_CHECKING:
    from carbonledger.reconstruction.declared import ReconstructionResult

__all__ = ["reconstruction_data"]


def reconstruction_data(item: ReconstructionResult, lang: Lang) -> dict[str, Any]:
    """A declared reconstruction as plain data; its terms in t CO2e.

    Parameters
    ----------
    item : ReconstructionResult
        As calculated.
    lang : {"en", "zh"}
        The language of the labels.

    Returns
    -------
    dict
    """
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
