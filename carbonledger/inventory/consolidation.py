"""An inventory within an organisational boundary."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from carbonledger.activity_data.organisation import APPROACHES, Approach, Holding, consolidation_share
from carbonledger.core.findings import Finding
from carbonledger.core.periods import Period
from carbonledger.core.schema import gas_column
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["compare_approaches", "consolidate"]


def consolidate(inventory: Inventory, holdings: Sequence[Holding], approach: Approach) -> Inventory:
    """The lines times the share of their company that counts.

    Parameters
    ----------
    inventory : Inventory
        Of entries from `read_entries`: with ``entity``, ``start`` and ``end``.
    holdings : sequence of Holding
        Who owns and controls what, and when.
    approach : {"equity_share", "financial_control", "operational_control"}
        One for the whole inventory.

    Returns
    -------
    Inventory
        Its lines have a column ``consolidation_share`` [1]; amounts, energy and emissions are consolidated. A company without
        a holding is left out with a finding.

    References
    ----------
    GHG Protocol Corporate Standard (2004), chapter 3: consolidated = sum of share x emissions; a share that changes in the
    period counts by days.
    """
    known = {holding.entity for holding in holdings}

    @cache
    def share(entity: str, start: date, end: date) -> float:
        return consolidation_share(holdings, entity, approach, Period(start, end))

    parts = [_scaled(part, share) for part in inventory.energy_parts]
    entities = dict.fromkeys(str(entity) for part in parts for entity in part["entity"])
    without_share = dict.fromkeys(
        str(entity) for part in parts for entity in part.loc[part["consolidation_share"].isna(), "entity"]
    )
    findings = (
        *(_unknown(entity) for entity in entities if entity not in known),
        *(_without_ownership(entity) for entity in without_share),
    )
    lines, *others = (part[part["consolidation_share"] > 0] for part in parts)
    unpriced = replace(inventory.unpriced, lines=others[0]) if inventory.unpriced and others else None
    return replace(inventory, lines=lines, unpriced=unpriced, findings=(*inventory.findings, *findings))


def _scaled(inventory: Inventory, share: Callable[[str, date, date], float]) -> pd.DataFrame:
    """The lines times the share of their company."""
    lines = inventory.lines
    shares = [
        share(str(entity), _day(start), _day(end))
        for entity, start, end in zip(lines["entity"], lines["start"], lines["end"], strict=True)
    ]
    scaled: pd.DataFrame = lines.assign(consolidation_share=shares)
    for name in ["amount", "energy_gj", "emissions_tco2e", *(gas_column(gas) for gas in inventory.plan.gases)]:
        scaled[name] = scaled[name] * scaled["consolidation_share"]
    return scaled


def _day(value: Any) -> date:
    """A cell of a date column as a date."""
    return date(value.year, value.month, value.day)


def _unknown(entity: str) -> Finding:
    """The finding for a company that the organisation does not list."""
    if not entity:
        return Finding.of("ENTITY_WITHOUT_HOLDING.no_company").at(file="book.toml")
    return Finding.of("ENTITY_WITHOUT_HOLDING.company", entity=entity).at(file="book.toml")


def _without_ownership(entity: str) -> Finding:
    """The finding for a company whose ownership decides and is not known."""
    return Finding.of("OWNERSHIP_UNKNOWN", entity=entity).at(file="book.toml")


def compare_approaches(inventory: Inventory, holdings: Sequence[Holding], axis: str = "scope") -> pd.DataFrame:
    """The same inventory under the three consolidation approaches.

    Parameters
    ----------
    inventory : Inventory
        Not yet consolidated.
    holdings : sequence of Holding
        Who owns and controls what.
    axis : str
        Of `Inventory.by`.

    Returns
    -------
    pandas.DataFrame
        ``axis``, one column of t CO2e per approach, and a last row with the sums of what could be calculated; not a number where nothing
        could, of energy alone, and throughout an approach that rests on an ownership that is not known.
    """
    import pandas as pd

    views = {approach: consolidate(inventory, holdings, approach) for approach in APPROACHES}
    columns = {approach: view.by(axis).set_index(axis)["emissions_tco2e"] for approach, view in views.items()}
    table = pd.DataFrame(columns)
    absent = pd.DataFrame(
        {name: ~table.index.isin(column.index) for name, column in columns.items()}, index=table.index
    )
    table = table.mask(absent, 0.0)
    table.loc["total"] = table.sum(min_count=1)
    for approach, view in views.items():
        unknown = any(finding.rule == "OWNERSHIP_UNKNOWN" for finding in view.findings)
        if unknown or view.completeness.energy_alone:
            table[approach] = float("nan")
    return table.rename_axis(axis).reset_index()
