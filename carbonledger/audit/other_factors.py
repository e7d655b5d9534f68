"""What some lines would be with other editions: the tonnes that a choice of factors moves."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from carbonledger.audit.case import AuditCase
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.factors.factor import Edition
from carbonledger.inventory.coefficients import PlanRow
from carbonledger.inventory.plan import build_plan

__all__ = ["Effect", "about_rows", "effect", "recalculated", "share_of", "with_editions"]


def with_editions(case: AuditCase, old: str, new: Edition | None) -> tuple[Edition, ...]:
    """The editions of the emissions with one replaced, or taken away with all of its series."""
    pinned = case.inventory.factors.in_role("emissions")
    if new is None:
        return tuple(edition for edition in pinned if edition.name != old)
    kept = tuple(edition for edition in pinned if edition.id != new.id)
    return tuple(new if edition.id == old else edition for edition in kept)


def recalculated(
    case: AuditCase, rows: Iterable[PlanRow], editions: Sequence[Edition], instead: tuple[str, str] = ("", "")
) -> dict[int, PlanRow]:
    """By plan id, the rows as other editions would give them; those that cannot be calculated are left out.

    An entry that names an edition keeps it, so that its row is left out where that edition is gone; but if one edition is put `instead` of
    another, the second is named in the place of the first, and prices what the first did.
    """
    factors, (old, new) = case.inventory.factors, instead
    renamed = {
        row.key._replace(factor=row.key.factor.replace(old, new) if old else row.key.factor): row for row in rows
    }
    chosen = {row.activity: new for row in renamed.values()} if new else {}
    other = replace(factors, roles={**factors.roles, "emissions": tuple(editions)}, as_of=None, by_activity=chosen)
    return {renamed[row.key].plan_id: row for row in build_plan(renamed, other, case.inventory.gwp).rows}


@dataclass(frozen=True, slots=True)
class Effect:
    """What other factors would change.

    Parameters
    ----------
    before : float
        t CO2e of some lines as they stand.
    after : float or None
        With the other factors; None if they cannot be calculated with them.
    """

    before: float
    after: float | None

    @property
    def at_stake(self) -> float:
        """The difference, t CO2e; all of it if it is not known."""
        return self.before if self.after is None else abs(self.after - self.before)

    @property
    def label(self) -> Label:
        """Both amounts and their difference, in words."""
        now = f"{self.before:.2f} t CO2e"
        if self.after is None:
            return Label(f"{now}, not calculable with it", f"{now}，无法用其计算")
        percent = f", {(self.after / self.before - 1) * 100:+.1f} %" if self.before else ""
        change = f"{self.after - self.before:+.2f} t{percent}"
        return Label(f"{now}, with it {self.after:.2f} t ({change})", f"{now}，改用后 {self.after:.2f} t（{change}）")


def effect(case: AuditCase, rows: Sequence[PlanRow], others: Mapping[int, PlanRow]) -> Effect:
    """The tonnes of some rows as they stand and with other factors."""
    amounts = case.inventory.by_plan()
    before = math.fsum(amounts.get(row.plan_id, 0.0) * row.emissions_tco2e for row in rows)
    if any(row.plan_id not in others for row in rows):
        return Effect(before, None)
    after = (amounts.get(row.plan_id, 0.0) * others[row.plan_id].emissions_tco2e for row in rows)
    return Effect(before, math.fsum(after))


def share_of(case: AuditCase, rows: Iterable[PlanRow]) -> float:
    """The share of some rows in the total; 0 if there is none."""
    ids = {row.plan_id for row in rows}
    tonnes = {plan_id: emissions for plan_id, emissions, _ in case.inventory.plan_totals()}
    total = sum(tonnes.values())
    return sum(tonnes.get(plan_id, 0.0) for plan_id in ids) / total if total else 0.0


def about_rows(case: AuditCase, finding: Finding, rows: Iterable[PlanRow], at_stake: float | None = None) -> Finding:
    """A finding placed at the lines of some rows, with all their tonnes at stake or those that a choice moves."""
    ids = [row.plan_id for row in rows]
    placed = case.placed(finding, case.lines[case.lines["plan_id"].isin(ids)])
    return placed if at_stake is None else replace(placed, tonnes_at_stake=at_stake)
