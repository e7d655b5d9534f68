"""Scope 3: fifteen categories, each calculated, or explained.

A line of scope 3 belongs to one category, so that categories cannot overlap: to the one its entry names, else to the one that its
activity can only mean. Freight (upstream or downstream) and road travel (business or commuting) must be said.

References
----------
GHG Protocol Corporate Value Chain (Scope 3) Standard (2011), tables 5.4 and 5.6; Technical Guidance for Calculating Scope 3 Emissions
(2013), by category.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from carbonledger.core.activities import taxonomy
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.strict_fields import RECORD, Whole
from carbonledger.core.units import dimension_of
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.scope3_categories import category_of, scope_3_categories

if TYPE_CHECKING:
    import pandas as pd

    from carbonledger.inventory.inventory import Inventory

__all__ = ["RelevanceStatement", "Status", "method_of", "scope_3_table", "statement_findings"]


Status = Literal["calculated", "relevant_not_calculated", "not_relevant"]


@dataclass(frozen=True, slots=True, config=RECORD)
class RelevanceStatement:
    """What the company says of a category.

    Parameters
    ----------
    category : int
        1 to 15.
    status : {"calculated", "relevant_not_calculated", "not_relevant"}
    reason_zh, reason_en : str
        Why; needed unless it is calculated.
    """

    category: Annotated[Whole, Field(ge=1, le=15)]
    status: Status
    reason_zh: str = ""
    reason_en: str = ""


def method_of(row: PlanRow) -> str:
    """The calculation method of a scope 3 line, by what was measured.

    Parameters
    ----------
    row : PlanRow
        The resolved combination.

    Returns
    -------
    str
        ``spend-based``, ``distance-based``, ``fuel-based``, ``waste-type-specific``, ``supplier-specific`` (reported
        emissions, or a factor whose variant says so) or ``average-data``.

    References
    ----------
    GHG Protocol, Technical Guidance for Calculating Scope 3 Emissions (2013): methods by category.
    """
    if taxonomy()[row.activity].kind == "reported" or any("supplier" in factor.variant for factor in row.factors):
        return "supplier-specific"
    kind, dimension = taxonomy()[row.activity].kind, dimension_of(row.unit)
    if kind == "spend":
        return "spend-based"
    if "distance" in dimension or dimension in {"freight", "length"}:
        return "distance-based"
    return {"fuel": "fuel-based", "waste": "waste-type-specific"}.get(kind, "average-data")


def scope_3_table(
    inventory: Inventory[Any], statements: Sequence[RelevanceStatement] = (), lang: str = "en"
) -> pd.DataFrame:
    """The relevance matrix: fifteen rows, each with its emissions or with the reason for having none.

    Parameters
    ----------
    inventory : Inventory
        With scope 3 lines, or without.
    statements : sequence of RelevanceStatement
        What the company says of each category.
    lang : {"en", "zh"}
        The language of labels and reasons.

    Returns
    -------
    pandas.DataFrame
        ``category``, ``label``, ``status`` (``calculated``, ``relevant_not_calculated``, ``not_relevant``, ``not_stated``),
        ``emissions_tco2e`` [t CO2e], ``lines``, ``methods`` (``hybrid: ...`` where several are used), ``reason``. Lines that
        name no category stand in a last row 0, so that the column sums to scope 3.
    """
    import pandas as pd

    said = {item.category: item for item in statements}
    found: dict[int, list[tuple[PlanRow, float, int]]] = {}
    for plan_id, emissions, lines in inventory.plan_totals():
        row = inventory.plan.rows[plan_id]
        if row.scope == 3:
            found.setdefault(category_of(row.activity, row.key.scope_3_category), []).append((row, emissions, lines))
    rows = [_table_row(number, found.get(number, []), said.get(number), lang) for number in scope_3_categories()]
    if 0 in found:
        rows.append({**_table_row(0, found[0], None, lang), "status": "not_stated"})
    return pd.DataFrame(rows)


def _table_row(
    number: int, lines: Sequence[tuple[PlanRow, float, int]], said: RelevanceStatement | None, lang: str
) -> dict[str, Any]:
    """One row of the relevance matrix."""
    category = scope_3_categories().get(number)
    methods = sorted({method_of(row) for row, _, _ in lines})
    status = "calculated" if lines else said.status if said and said.status != "calculated" else "not_stated"
    return {
        "category": number,
        "label": "" if category is None else category.label_zh if lang == "zh" else category.label_en,
        "status": status,
        "emissions_tco2e": math.fsum(emissions for _, emissions, _ in lines),
        "lines": sum(count for _, _, count in lines),
        "methods": ("hybrid: " if len(methods) > 1 else "") + ", ".join(methods),
        "reason": "" if said is None else said.reason_zh if lang == "zh" else said.reason_en,
    }


def statement_findings(inventory: Inventory, statements: Sequence[RelevanceStatement]) -> list[Finding]:
    """What the relevance matrix lacks: categories neither calculated nor explained, reasons, and contradictions.

    Parameters
    ----------
    inventory : Inventory
        With its scope 3 lines.
    statements : sequence of RelevanceStatement
        What the company says.

    Returns
    -------
    list of Finding
    """
    numbers = [item.category for item in statements]
    findings = [
        _matrix("stated_twice", category=number)
        for number in sorted({number for number in numbers if numbers.count(number) > 1})
    ]
    table = scope_3_table(inventory, statements)
    said = {item.category: item for item in statements}
    for row in table.to_dict("records"):
        number, lines = int(row["category"]), int(row["lines"])
        statement = said.get(number)
        if number and row["status"] == "not_stated":
            findings.append(_matrix("not_stated", category=number, label=_label(number)))
        elif statement and statement.status != "calculated" and lines:
            findings.append(_matrix("contradicted", category=number, status=statement.status, lines=lines))
        elif statement and statement.status != "calculated" and not (statement.reason_en or statement.reason_zh):
            findings.append(_matrix("no_reason", category=number, status=statement.status))
    return findings


def _label(number: int) -> Label:
    """The name of a category in both languages."""
    category = scope_3_categories()[number]
    return Label(category.label_en, category.label_zh)


def _matrix(case: str, **values: Any) -> Finding:
    """A finding about the relevance matrix."""
    return Finding.of(f"SCOPE3_MATRIX.{case}", **values).at(file="book.toml")
