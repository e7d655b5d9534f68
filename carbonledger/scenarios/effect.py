"""A year as it is beside the same year as it would be: differences by scope, activity, line and total.

Location-based and market-based scope 2 stand beside each other, never one for the other. A side of which a part could not be
calculated has no total; a difference is stated where both sides have calculated the same lines.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.core.errors import InvariantError
from carbonledger.inventory.coefficients import Key, PlanRow
from carbonledger.inventory.inventory import Inventory
from carbonledger.scope2.market_based import MarketBased

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Effect", "LineEffect", "Side", "Values"]

# What sums in binary arithmetic may leave of a difference, as a fraction of what was summed.
_SAME = 1e-12
_LAW = 1e-9
_MARKET = "scope 2 (market-based)"
_TEXTS = ("entity", "site", "source", "activity", "region", "unit", "file")


@dataclass(frozen=True, slots=True)
class Values:
    """A figure before and after.

    Parameters
    ----------
    before, after : float or None
        None where it could not be calculated.
    comparable : bool
        Whether both are of the same entries.
    """

    before: float | None
    after: float | None
    comparable: bool = True

    @property
    def difference(self) -> float | None:
        """After less before; None if one of them is missing or they are of different entries."""
        if self.before is None or self.after is None or not self.comparable:
            return None
        found = self.after - self.before
        return 0.0 if abs(found) <= _SAME * max(abs(self.before), abs(self.after)) else found

    def to_dict(self, name: str = "") -> dict[str, float | None]:
        """Plain data: ``before``, ``after``, ``difference``, with the unit behind them."""
        unit = f"_{name}" if name else ""
        return {f"before{unit}": self.before, f"after{unit}": self.after, f"difference{unit}": self.difference}


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two sides.

    Parameters
    ----------
    inventory : Inventory
        Calculated lines, on pandas.
    scope_2 : MarketBased or None
        Both methods, if the book forms both.
    market_based_by_activity : mapping of str to float or None, or None
        t CO2e of each activity that the market-based method prices; None of an activity that cannot be told from the rest, and in the
        place of the mapping where nobody asked.
    """

    inventory: Inventory
    scope_2: MarketBased | None = None
    market_based_by_activity: Mapping[str, float | None] | None = None

    @property
    def location_based(self) -> float | None:
        """Gross emissions with scope 2 location-based, of what could be calculated, t CO2e."""
        return _known(float(self.inventory.total_location_based().magnitude))

    @property
    def market_based(self) -> float | None:
        """Gross emissions with scope 2 market-based, of what could be calculated, t CO2e."""
        location, scope_2 = self.location_based, self.scope_2
        if location is None or scope_2 is None:
            return None
        return location + scope_2.market_based_tco2e - scope_2.location_based_tco2e

    @property
    def is_part(self) -> bool:
        """Whether entries are known that the sums leave out."""
        return not self.inventory.completeness.has_total


@dataclass(frozen=True, slots=True)
class LineEffect:
    """A line that moves.

    Parameters
    ----------
    line : int or None
        Its number in the inventory as it is, counted from 1; None of an entry without a line there.
    entity, site, source, activity, region, unit, file, row
        As the entry states them.
    amount : float
        In `unit`.
    factor_before, factor_after : str
        The factors behind the emissions, with their values; empty without one.
    rate_before, rate_after : float or None
        t CO2e per `unit`.
    emissions : Values
        t CO2e.
    energy : Values
        GJ.
    """

    line: int | None
    entity: str
    site: str
    source: str
    activity: str
    region: str
    amount: float
    unit: str
    file: str
    row: int
    factor_before: str
    factor_after: str
    rate_before: float | None
    rate_after: float | None
    emissions: Values
    energy: Values

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        data = {name: value for name, value in asdict(self).items() if name not in {"emissions", "energy"}}
        return {**data, **self.emissions.to_dict("tco2e"), **self.energy.to_dict("gj")}


@dataclass(frozen=True)
class Effect:
    """The difference between two sides of one year.

    Parameters
    ----------
    before, after : Side
        As it is, and as it would be.
    absent : float or None
        What an activity counts that only one side has: 0 where its entries differ, None (missing) where they are the same.
    """

    before: Side
    after: Side
    absent: float | None = None

    @cached_property
    def comparable(self) -> bool:
        """Whether both sides have calculated the same combinations."""
        left, right = (
            {problem.key for problem in side.inventory.plan.problems if problem.fatal}
            for side in (self.before, self.after)
        )
        return left == right

    @cached_property
    def totals(self) -> dict[str, Values]:
        """Gross emissions with scope 2 by each method, t CO2e, of what could be calculated."""
        pairs = {"location_based": (self.before.location_based, self.after.location_based)}
        if self.before.scope_2 is not None:
            pairs["market_based"] = (self.before.market_based, self.after.market_based)
        return {name: Values(*pair, self.comparable) for name, pair in pairs.items()}

    @cached_property
    def by_scope(self) -> dict[str, Values]:
        """T CO2e by scope, scope 2 by each method."""
        found = self._by("scope", "emissions_tco2e")
        if self.before.scope_2 is not None and self.after.scope_2 is not None:
            pair = self.before.scope_2.market_based_tco2e, self.after.scope_2.market_based_tco2e
            found[_MARKET] = Values(*pair, self.comparable)
        return {name: found[name] for name in sorted(found, key=lambda name: (name == "no scope", name))}

    @cached_property
    def by_activity(self) -> dict[str, Values]:
        """T CO2e by activity, scope 2 location-based."""
        return self._by("activity", "emissions_tco2e")

    @cached_property
    def energy_by_activity(self) -> dict[str, Values]:
        """GJ by activity; None where a calorific value is missing."""
        return self._by("activity", "energy_gj")

    @cached_property
    def market_based_by_activity(self) -> dict[str, Values]:
        """T CO2e by activity with scope 2 market-based; empty if the book forms one method only."""
        before, after = self.before.market_based_by_activity, self.after.market_based_by_activity
        if before is None or after is None:
            return {}
        found = dict(self.by_activity)
        for name in [name for name in found if name in before or name in after]:
            pair = before.get(name, self.absent), after.get(name, self.absent)
            found[name] = Values(*pair, found[name].comparable)
        return found

    def _by(self, axis: str, column: str) -> dict[str, Values]:
        """A column of the views of both sides along an axis."""
        views = [side.inventory.by(axis).set_index(axis) for side in (self.before, self.after)]
        found: dict[str, Values] = {}
        for name in dict.fromkeys(name for view in views for name in view.index):
            cells = [_known(float(view[column][name])) if name in view.index else self.absent for view in views]
            left, right = (_left_out(view, name) if column == "emissions_tco2e" else 0 for view in views)
            found[str(name)] = Values(cells[0], cells[1], left == right)
        return found

    @cached_property
    def lines(self) -> tuple[LineEffect, ...]:
        """The lines whose emissions or energy move, largest difference first.

        Raises
        ------
        InvariantError
            If their differences do not sum to the difference of the totals, which is a defect of the library.
        """
        found = [*self._lines_of_before(), *self._lines_of_after()]
        total = self.totals["location_based"].difference
        if total is not None and all(item.emissions.difference is not None for item in found):
            summed = math.fsum(item.emissions.difference or 0.0 for item in found)
            size = max(1.0, abs(self.before.location_based or 0.0), abs(self.after.location_based or 0.0))
            if abs(summed - total) > _LAW * size:
                raise InvariantError("PARTS_SUM_TO_TOTAL", f"the lines move by {summed}, the total by {total}.")
        return tuple(sorted(found, key=_size_first))

    def _lines_of_before(self) -> Iterator[LineEffect]:
        """The moving lines that the side as it is has."""
        rows = {row.key: row for part in self.after.inventory.energy_parts for row in part.plan.rows}
        for part in self.before.inventory.energy_parts:
            moving = [row.plan_id for row in part.plan.rows if _differs(row, rows.get(row.key))]
            plan = {row.plan_id: row for row in part.plan.rows}
            numbered = part is self.before.inventory
            for at, cells in _records(part.lines, moving):
                row = plan[cells["plan_id"]]
                yield _line(at + 1 if numbered else None, cells, row, rows.get(row.key))

    def _lines_of_after(self) -> Iterator[LineEffect]:
        """The lines that only the side as it would be has."""
        known: set[Key] = {row.key for part in self.before.inventory.energy_parts for row in part.plan.rows}
        for part in self.after.inventory.energy_parts:
            plan = {row.plan_id: row for row in part.plan.rows}
            new = [row.plan_id for row in part.plan.rows if row.key not in known]
            for _, cells in _records(part.lines, new):
                yield _line(None, cells, None, plan[cells["plan_id"]])

    def to_dict(self) -> dict[str, Any]:
        """Plain data: ``totals``, ``by_scope``, ``by_activity``, ``lines_moved``, ``lines``."""
        market, energy = self.market_based_by_activity, self.energy_by_activity
        part = self.before.is_part or self.after.is_part
        return {
            "is_part": part,
            "totals": {
                f"{'calculated' if part else 'total'}_{name}_tco2e": item.to_dict()
                for name, item in self.totals.items()
            },
            "by_scope": [{"scope": name, **item.to_dict("tco2e")} for name, item in self.by_scope.items()],
            "by_activity": [
                {
                    "activity": name,
                    **item.to_dict("location_based_tco2e"),
                    **(market[name].to_dict("market_based_tco2e") if market else {}),
                    **energy[name].to_dict("gj"),
                }
                for name, item in self.by_activity.items()
            ],
        }


def _known(value: float) -> float | None:
    """A number, or None for one that is missing."""
    return value if math.isfinite(value) else None


def _left_out(view: pd.DataFrame, name: Any) -> int:
    """How many entries of a row have no emissions."""
    if "without_emissions" not in view.columns or name not in view.index:
        return 0
    return int(view["without_emissions"][name])


def _differs(one: PlanRow, other: PlanRow | None) -> bool:
    """Whether the coefficients of a combination are others."""
    if other is None:
        return True
    pairs = (one.emissions_tco2e, other.emissions_tco2e), (_gj(one), _gj(other))
    return not all(math.isclose(*pair, rel_tol=_SAME) or all(map(math.isnan, pair)) for pair in pairs)


def _gj(row: PlanRow) -> float:
    """GJ per unit; not a number without a calorific value."""
    return math.nan if row.energy_gj is None else row.energy_gj


def _records(lines: pd.DataFrame, plan_ids: list[int]) -> Iterator[tuple[int, dict[str, Any]]]:
    """The lines of some combinations with their position."""
    chosen = lines["plan_id"].isin(plan_ids).to_numpy()
    some = lines[chosen]
    for at, cells in zip(chosen.nonzero()[0], some.to_dict("records"), strict=True):
        yield int(at), {str(name): value for name, value in cells.items()}


def _line(line: int | None, cells: Mapping[str, Any], before: PlanRow | None, after: PlanRow | None) -> LineEffect:
    """A moving line: its amount times the coefficients of each side."""
    amount = float(cells["amount"])
    emissions = Values(_product(amount, _rate(before)), _product(amount, _rate(after)))
    energy = Values(_product(amount, _gj_or_none(before)), _product(amount, _gj_or_none(after)))
    entry: dict[str, Any] = {name: str(cells.get(name) or "") for name in _TEXTS}
    entry |= {"line": line, "amount": amount, "row": int(cells.get("row") or 0)}
    entry |= {"factor_before": _factors(before), "factor_after": _factors(after)}
    return LineEffect(**entry, rate_before=_rate(before), rate_after=_rate(after), emissions=emissions, energy=energy)


def _gj_or_none(row: PlanRow | None) -> float | None:
    """GJ per unit; None where it is not known."""
    return None if row is None else row.energy_gj


def _product(amount: float, rate: float | None) -> float | None:
    """An amount times a rate; None where that is not known."""
    return None if rate is None else amount * rate


def _rate(row: PlanRow | None) -> float | None:
    """T CO2e per unit; None where it is not known."""
    return None if row is None else _known(row.emissions_tco2e)


def _factors(row: PlanRow | None) -> str:
    """The factors behind the emissions of a combination, with their values."""
    found = dict.fromkeys(step.factor for gas in row.gases for step in gas.steps if step.factor) if row else ()
    return "; ".join(f"{factor.reference} {factor.value_text} {factor.unit}" for factor in found)


def _size_first(item: LineEffect) -> tuple[float, int]:
    """The order of lines: those that cannot be compared, then by size."""
    difference = item.emissions.difference
    return (-math.inf if difference is None else -abs(difference), item.line or 0)
