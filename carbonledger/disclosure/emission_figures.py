"""Emissions of an inventory as the frameworks cut them: by scope and method, gas, category and standard.

References
----------
GHG Protocol Corporate Standard (2004), chapter 9; Scope 2 Guidance (2015), chapter 7. GRI 305 (2016). ISO 14064-1:2018, 9.3.1 f and j.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from carbonledger.activity_data.registers import REGISTER_KINDS
from carbonledger.core.activities import taxonomy
from carbonledger.core.language import Label, listed, translated
from carbonledger.disclosure.case import DisclosureCase, Measure, left_out_reason
from carbonledger.disclosure.figures import (
    Figure,
    Pieces,
    added,
    answered,
    missing,
    not_applicable,
    says,
    unnamed,
)
from carbonledger.disclosure.scope3_relevance import scope_3_table
from carbonledger.disclosure.standards import ndrc_place, profile
from carbonledger.factors.gases import gas_group
from carbonledger.inventory.coefficients import BIOGENIC, PlanRow

__all__ = [
    "biogenic_figures",
    "emissions_by_category",
    "emissions_by_gas",
    "emissions_figures",
    "instrument_figures",
    "iso_figures",
    "iso_gases",
    "ndrc_figures",
    "register_figures",
]

_TONNES = "t CO2e"
_CATEGORIES = range(1, 7)
_LAST_INSTRUMENT_LEVEL = 3
_Choice = Callable[[str], bool]


def _of_scope(scope: int) -> _Choice:
    """Activities that count in a scope, or may do so."""
    return lambda name: taxonomy()[name].scope in {scope, None} or (scope == 3 and taxonomy()[name].is_vehicle)


def _tonnes(case: DisclosureCase, chosen: Callable[[PlanRow], bool]) -> float:
    """The emissions of some plan rows, t CO2e."""
    return math.fsum(case.amounts[row.plan_id] * row.emissions_tco2e for row in case.rows if chosen(row))


def _scope(case: DisclosureCase, scope: int, measures: tuple[Measure, ...] = ("emissions",)) -> Figure:
    """Gross emissions of a scope, scope 2 location-based."""
    has_lines = any(row.scope == scope for row in case.rows)
    value = _tonnes(case, lambda row: row.scope == scope)
    return case.summed(value, _TONNES, case.affecting(measures, _of_scope(scope)), has_lines=has_lines)


def _market_based(case: DisclosureCase) -> Figure:
    """Gross scope 2 emissions, market-based."""
    location = _scope(case, 2, ("emissions", "instruments"))
    if case.scope_2 is None:
        return missing(says("no_scope_2"), _TONNES) if location.status != "not_applicable" else location
    change = case.scope_2.market_based_tco2e - case.scope_2.location_based_tco2e
    value = location.number if location.known_part is None else location.known_part
    if location.status == "data_missing":
        return missing(location.reason, _TONNES, value + change)
    # Own generation whose certificates were sold counts market-based even where nothing is bought.
    return (
        location
        if location.status == "not_applicable" and not change
        else answered(_no_dust(value + change, value), _TONNES)
    )


def _no_dust(value: float, whole: float) -> float:
    """A difference without what binary arithmetic leaves of it."""
    return 0.0 if abs(value) <= 1e-12 * max(1.0, whole) else value


def _scope_3(case: DisclosureCase) -> Figure:
    """Gross scope 3 emissions: whole only if every category is calculated or explained as not relevant."""
    table = scope_3_table(case.inventory, case.relevance)
    figure = _scope(case, 3)
    open_rows = table[table["status"].isin(["relevant_not_calculated", "not_stated"])]
    if figure.status == "data_missing" or not len(open_rows):
        return figure
    if figure.status == "not_applicable":
        return missing(says("no_category_calculated"), _TONNES)
    numbers = Label(listed(open_rows["category"], "en"), listed(open_rows["category"], "zh"))
    return missing(says("categories_open", numbers=numbers), _TONNES, figure.number)


_SUMS: Mapping[str, tuple[str, ...]] = {
    "scopes_1_2_location": ("scope_1", "scope_2_location"),
    "scopes_1_2_market": ("scope_1", "scope_2_market"),
    "total_location": ("scope_1", "scope_2_location", "scope_3"),
    "total_market": ("scope_1", "scope_2_market", "scope_3"),
}
_SINGLE: Mapping[str, Callable[[DisclosureCase], Figure]] = {
    "scope_1": lambda case: _scope(case, 1),
    "scope_2_location": lambda case: _scope(case, 2),
    "scope_2_market": _market_based,
    "scope_3": _scope_3,
}


def emissions_figures(case: DisclosureCase, name: str) -> Pieces:
    """Gross emissions in t CO2e, e.g. ``scope_1``, ``scope_2_market``, ``total_location``."""
    if name in _SINGLE:
        return unnamed(_SINGLE[name](case))
    return unnamed(added([_SINGLE[part](case) for part in _SUMS[name]], _TONNES))


def emissions_by_gas(case: DisclosureCase, scope: str) -> Pieces:
    """The gases of a scope in t CO2e, those that its factors have."""
    number = int(scope)
    return _by_gas(case, lambda row: row.scope == number, _of_scope(number))


def iso_gases(case: DisclosureCase, _: str) -> Pieces:
    """The gases of category 1 of ISO 14064-1 in t CO2e."""
    return _by_gas(case, lambda row: row.category == 1, _of_category(1))


def _by_gas(case: DisclosureCase, chosen: Callable[[PlanRow], bool], choice: _Choice) -> Pieces:
    """The gases of some plan rows."""
    amounts, found, findings = (
        case.amounts,
        dict[str, list[float]](),
        case.affecting(("emissions",), choice),
    )
    for row in filter(chosen, case.rows):
        for item in row.gases:
            if gas_group(item.gas):
                found.setdefault(gas_group(item.gas), []).append(amounts[row.plan_id] * item.tco2e)
    return [
        (_gas_label(name), case.summed(math.fsum(values), _TONNES, findings, has_lines=True))
        for name, values in found.items()
    ]


def _gas_label(name: str) -> Label:
    """A gas; what publishers give for all gases together, and what they round off, in words."""
    keys = {"CO2e": "gases_together", "CO2e rounding": "gases_rounding"}
    return says(keys[name]) if name in keys else Label(name, name)


def emissions_by_category(case: DisclosureCase, _: str) -> Pieces:
    """The fifteen categories of scope 3 in t CO2e, each calculated or with the reason for having none."""
    tables = [scope_3_table(case.inventory, case.relevance, lang) for lang in ("en", "zh")]
    pieces = []
    for row, zh in zip(*(table.to_dict("records") for table in tables), strict=True):
        number = int(row["category"])
        label = Label(f"{number} {row['label']}", f"{number} {zh['label']}") if number else says("no_category")
        reason = Label(str(row["reason"]), str(zh["reason"]))
        pieces.append(
            (label, _category(case, str(row["status"]), float(row["emissions_tco2e"]), int(row["lines"]), reason))
        )
    return pieces


def _category(case: DisclosureCase, status: str, tonnes: float, lines: int, reason: Label) -> Figure:
    """A category of scope 3."""
    if status == "not_relevant" and not lines:
        return not_applicable(reason, _TONNES)
    findings = case.affecting(("emissions",), _of_scope(3))
    if not lines:
        stated = says("not_calculated", reason=reason) if reason.en or reason.zh else says("category_not_stated")
        return missing(left_out_reason(findings) if findings else stated, _TONNES)
    return case.summed(tonnes, _TONNES, findings, has_lines=True)


def biogenic_figures(case: DisclosureCase, scope: str) -> Pieces:
    """CO2 of biomass in t CO2, beside a scope (``1``, ``2``, ``3``) or beside ``all``."""
    amounts = case.amounts
    rows = [row for row in case.rows if scope == "all" or row.scope == int(scope)]
    tonnes = [amounts[row.plan_id] * item.tonnes for row in rows for item in row.gases if item.gas == BIOGENIC]

    def may_hold(name: str) -> bool:
        of_scope = scope == "all" or _of_scope(int(scope))(name)
        return of_scope and (taxonomy()[name].origin == "biogenic" or taxonomy()[name].is_vehicle)

    return unnamed(
        case.summed(math.fsum(tonnes), "t CO2", case.affecting(("emissions",), may_hold), has_lines=bool(tonnes))
    )


def _of_category(number: int) -> _Choice:
    """Activities that count in a category of ISO 14064-1, or may do so."""
    return lambda name: taxonomy()[name].iso_category in {number, None} or (number > 2 and _of_scope(3)(name))


def _iso_category(case: DisclosureCase, number: int) -> Figure:
    """A category of ISO 14064-1."""
    has_lines = any(row.category == number for row in case.rows)
    value = _tonnes(case, lambda row: row.category == number)
    return case.summed(value, _TONNES, case.affecting(("emissions",), _of_category(number)), has_lines=has_lines)


def iso_figures(case: DisclosureCase, name: str) -> Pieces:
    """A category of ISO 14064-1 in t CO2e, ``1`` to ``6``, or their ``total``."""
    if name == "total":
        return unnamed(added([_iso_category(case, number) for number in _CATEGORIES], _TONNES))
    return unnamed(_iso_category(case, int(name)))


def ndrc_figures(case: DisclosureCase, name: str) -> Pieces:
    """A row of the NDRC profile in t CO2e, or its ``total``."""
    found = profile(case.inventory, "cn_ndrc")
    rows = dict(found.rows)
    if found.problems:
        problems = [
            problem if isinstance(problem, str) else Label(problem.text("en"), problem.text("zh"))
            for problem in found.problems
        ]
        reason = Label(listed(problems, "en", semicolons=True), listed(problems, "zh", semicolons=True))
        return unnamed(missing(reason, _TONNES, is_undetermined=True))
    findings = case.affecting(("emissions",), lambda item: taxonomy()[item].scope != 3)
    value = found.total_location_based_tco2e if name == "total" else rows[name]
    places = {ndrc_place(row)[0] for row in case.rows if row.emissions_tco2e} - {""}
    has_lines = bool(places) if name == "total" else name in places or bool(value)
    return unnamed(case.summed(value, _TONNES, findings, has_lines=has_lines))


def register_figures(case: DisclosureCase, kind: str) -> Pieces:
    """A register beside the inventory in t CO2e: ``removal``, ``credit_retired`` and others of `REGISTER_KINDS`."""
    if kind not in REGISTER_KINDS:
        raise KeyError(kind)
    entries = [item.tco2e for item in case.registers if item.kind == kind]
    findings = case.affecting(("registers",), lambda _: True)
    if findings:
        return unnamed(missing(left_out_reason(findings), _TONNES, math.fsum(entries) if entries else None))
    if not entries:
        return unnamed(not_applicable(says("no_register"), _TONNES))
    return unnamed(answered(math.fsum(entries), _TONNES))


def instrument_figures(case: DisclosureCase, _: str) -> Pieces:
    """The MWh that certificates, contracts and supplier rates cover in the market-based total."""
    if case.scope_2 is None:
        return unnamed(missing(says("no_scope_2"), "MWh"))
    levels: Sequence[tuple[str, str, float]] = [
        (item.market, item.what, item.mwh) for item in case.scope_2.levels if 1 <= item.level <= _LAST_INSTRUMENT_LEVEL
    ]
    names = dict.fromkeys((market, what) for market, what, _ in levels)
    findings = case.affecting(("instruments",), lambda name: taxonomy()[name].is_purchased)
    pieces = []
    for market, what in names:
        mwh = math.fsum(item[2] for item in levels if item[:2] == (market, what))
        label = Label(f"{market}, {what}", f"{market}，{translated(what, 'zh')}")
        pieces.append((label, missing(left_out_reason(findings), "MWh", mwh) if findings else answered(mwh, "MWh")))
    if pieces:
        return pieces
    reason = left_out_reason(findings) if findings else says("no_instrument")
    return unnamed(missing(reason, "MWh") if findings else not_applicable(reason, "MWh"))
