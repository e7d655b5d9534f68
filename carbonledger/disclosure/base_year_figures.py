"""The base year as frameworks ask for it: year and reason, its emissions as restated and as first reported, and its recalculations.

References
----------
GRI 305 (2016), 305-1-d, 305-2-d, 305-3-e; ISO 14064-1:2018, 9.3.1 k and l; ESRS E1-6.
"""

from __future__ import annotations

from carbonledger.core.language import Label, listed
from carbonledger.disclosure.case import DisclosureCase
from carbonledger.disclosure.figures import Figure, Pieces, answered, missing, says, unnamed

__all__ = ["base_year_figures"]

_TONNES = "t CO2e"
_SCOPES: dict[str, tuple[tuple[int, str], ...]] = {
    "1": ((1, ""),),
    "2": ((2, "location_based"), (2, "market_based")),
    "3": ((3, ""),),
}
_SCOPES["all"] = (*_SCOPES["1"], *_SCOPES["2"], *_SCOPES["3"])


def base_year_figures(case: DisclosureCase, name: str) -> Pieces:
    """The base year of a scope (``1``, ``2``, ``3``), of all scopes (``all``), or its recalculations alone (``changes``).

    A scope that no row of the base year states is missing; among all scopes, and of two methods, those that are known are shown.
    """
    base = case.base_year
    if name == "changes":
        return unnamed(Figure("needs_words") if base is None else _recalculations(case))
    if base is None:
        return unnamed(missing(says("no_base_year"), _TONNES))
    year = str(base.year)
    reason = answered(base.rationale) if base.rationale.en or base.rationale.zh else missing(says("no_rationale"))
    pieces = [(says("base_year", year=year), reason)]
    known = [key for key in _SCOPES[name] if key in base.restated]
    for scope, method in known or _SCOPES[name][:1]:
        label = says(f"base_year_scope_{scope}", year=year)
        label = says("by_method", name=label, method=Label.of(f"what_if_{method}")) if method else label
        value, first = base.restated.get((scope, method)), base.as_reported.get((scope, method))
        if value is None:
            pieces.append((label, missing(says("no_base_year_data", year=year), _TONNES)))
            continue
        note = says("base_year_restated", first=f"{first:,.2f}") if first is not None and first != value else None
        pieces.append((label, answered(value, _TONNES, note) if note else answered(value, _TONNES)))
    return [*pieces, (says("base_year_changes"), _recalculations(case))]


def _recalculations(case: DisclosureCase) -> Figure:
    """What was recalculated, or that nothing was."""
    base = case.base_year
    if base is None or base.is_undecided:
        return missing(says("recalculation_undecided"))
    found = base.recalculations
    if not found:
        return answered(says("no_recalculation"))
    return answered(Label(listed(found, "en", semicolons=True), listed(found, "zh", semicolons=True)))
