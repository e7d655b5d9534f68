"""An inventory at the factors of another year: the same amounts, the same plan, other coefficients.

The factors are those that the other year used: its pins, its GWP set, and the vintage of its own year. A combination that they do not price
keeps its own coefficients, and a finding says so; nothing is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.schema import line_columns
from carbonledger.inventory.coefficients import Key, Plan, PlanRow, Problem
from carbonledger.inventory.inventory import Inventory
from carbonledger.inventory.lines import lines_of
from carbonledger.inventory.plan import build_plan

__all__ = ["Repriced", "repriced", "years_between"]


@dataclass(frozen=True)
class Repriced:
    """An inventory at the factors of another year.

    Parameters
    ----------
    inventory : Inventory
        The same lines with other coefficients.
    kept : tuple of Problem
        The combinations that the other year's factors do not price, under their own names, each with the reason.
    year, other : str or Label
        The inventory's own year, and the one whose factors were used, for sentences.
    """

    inventory: Inventory[Any]
    kept: tuple[Problem, ...] = ()
    year: str | Label = ""
    other: str | Label = ""

    def of(self, part: Inventory[Any]) -> Repriced:
        """A part of the same inventory."""
        return replace(self, inventory=part)

    @property
    def _kept_rows(self) -> list[tuple[Problem, float, int]]:
        """Each combination at its own factor that has lines, with its t CO2e and how many lines it has."""
        rows = {row.key: row.plan_id for row in self.inventory.plan.rows}
        totals = {plan_id: (tonnes, lines) for plan_id, tonnes, lines in self.inventory.plan_totals()}
        return [(item, *totals[rows[item.key]]) for item in self.kept if item.fatal and rows.get(item.key) in totals]

    @property
    def kept_tco2e(self) -> float:
        """The emissions that are left at their own factors, t CO2e."""
        return float(sum(tonnes for _, tonnes, _ in self._kept_rows))

    @property
    def kept_lines(self) -> int:
        """How many lines are left at their own factors."""
        return sum(lines for _, _, lines in self._kept_rows)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """A warning for each combination that is left at its own factor, with its lines and tonnes."""
        years = {"year": self.year, "other": self.other}
        return tuple(
            Finding.of(
                "LIKE_FOR_LIKE.kept", **years, key=item.key.label, lines=lines, tonnes=tonnes, reason=_reason(item)
            ).about((), tonnes)
            for item, tonnes, lines in self._kept_rows
        )


def repriced(
    inventory: Inventory[Any], like: Inventory[Any], years: int, year: str | Label = "", other: str | Label = ""
) -> Repriced:
    """An inventory at the factors of another one.

    Parameters
    ----------
    inventory : Inventory
        Whose amounts count.
    like : Inventory
        Whose factors and GWP set count.
    years : int
        How many years later the other one is; below 0 for an earlier one. Entries are matched by their year moved by so many.
    year, other : str or Label
        What the two years are called.

    Returns
    -------
    Repriced
        On the same engine as the inventory.
    """
    moved = {row.key: _moved(row.key, years) for row in inventory.plan.rows}
    plan = build_plan(moved.values(), like.factors, like.gwp)
    found = {row.key: row for row in plan.rows}
    failed = {problem.key: problem for problem in plan.problems if problem.fatal}
    rows = tuple(_row(own, found.get(moved[own.key])) for own in inventory.plan.rows)
    kept = tuple(
        replace(failed[moved[own.key]], key=own.key) for own in inventory.plan.rows if moved[own.key] in failed
    )
    priced = replace(inventory.plan, rows=rows)
    return Repriced(
        replace(inventory, lines=_lines(inventory, priced), plan=priced, factors=like.factors, gwp=like.gwp),
        kept,
        year,
        other,
    )


def years_between(previous: Inventory[Any], current: Inventory[Any]) -> int:
    """How many years lie between two inventories by the latest year of their entries; 0 where they state none."""
    latest = [max((row.key.year for row in item.plan.rows), default=0) for item in (previous, current)]
    return latest[1] - latest[0] if all(latest) else 0


def _moved(key: Key, years: int) -> Key:
    """A combination in another year; one without a year stays."""
    return key._replace(year=key.year + years) if key.year else key


def _row(own: PlanRow, found: PlanRow | None) -> PlanRow:
    """A combination at the other coefficients; at its own where there are none, and with its own energy where that is missing."""
    if found is None:
        return own
    energy: Mapping[str, Any] = (
        {"energy_gj": own.energy_gj, "energy_steps": own.energy_steps} if found.energy_gj is None else {}
    )
    return found._replace(plan_id=own.plan_id, key=own.key, **energy)


def _lines(inventory: Inventory[Any], plan: Plan) -> Any:
    """The lines of an inventory by another plan of the same combinations; shares of a consolidation are in the amounts already."""
    frame = nw.from_native(inventory.lines)
    written = {column.name for column in line_columns(inventory.plan.gases)}
    entries = frame.drop(*[name for name in frame.collect_schema().names() if name in written])
    return lines_of(entries, plan).to_native()


def _reason(problem: Problem) -> Label:
    """Why a combination is not priced, in both languages."""
    return Label(problem.error.text_in("en"), problem.error.text_in("zh"))
