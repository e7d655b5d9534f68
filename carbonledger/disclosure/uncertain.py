"""What a disclosure says of uncertainty: in per cent of the total and of each category of ISO 14064-1, as far as figures have limits."""

from __future__ import annotations

from collections.abc import Mapping

from carbonledger.core.language import Label
from carbonledger.disclosure.case import DisclosureCase
from carbonledger.disclosure.figures import Figure, Pieces, answered, missing, says, unnamed
from carbonledger.disclosure.stated_uncertainty import PartUncertainty

__all__ = ["uncertainty_figures"]


def uncertainty_figures(case: DisclosureCase, name: str) -> Pieces:
    """The uncertainty at 95 % of the ``total``, or of each of the ``categories`` with emissions [%], by error propagation."""
    stated: Mapping[str, PartUncertainty] = case.uncertainty
    if name == "total":
        return unnamed(_figure(stated["total"]) if "total" in stated else missing(says("no_uncertainty"), "%"))
    parts = [(_category(key), _figure(item)) for key, item in stated.items() if key != "total"]
    return parts or unnamed(Figure("needs_words"))


def _category(key: str) -> Label:
    """A category of ISO 14064-1 in words."""
    return says("iso_category", number=key)


def _figure(item: PartUncertainty) -> Figure:
    """The uncertainty of a part of the inventory; missing where figures of it have no limits, or entries are left out."""
    if not item.is_part and item.percent is not None:
        return answered(item.percent, "%", says("uncertainty_method"))
    share = f"{item.covered_share * 100:.1f}" if item.covered_share is not None else "0"
    return missing(says("uncertainty_part", share=share), "%", item.percent)
