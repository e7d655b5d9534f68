"""An inventory as errors that are shared: activity data by source, and the figures of its coefficients.

``E = Σ_r C_r Σ_m A_rm``: the amounts of the sources m in a plan row r, times its coefficient. A source errs once, whichever rows it is in;
so does every factor, calorific value and GWP. Sources that are in one row only and err alike are pooled, which is exact.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, Lang
from carbonledger.inventory.inventory import Inventory
from carbonledger.uncertainty.parameters import Parameter, activity_label
from carbonledger.uncertainty.readings import METER, Reading, readings_of
from carbonledger.uncertainty.stated import UncertaintySettings
from carbonledger.uncertainty.terms import Coefficients, coefficients_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Model", "model_of"]

_LANGUAGES: tuple[Lang, Lang] = ("en", "zh")


@dataclass(frozen=True, eq=False)
class Model:
    """The errors of an inventory, and what depends on each.

    Parameters
    ----------
    coefficients : Coefficients
        The figures of the plan.
    readings : sequence of Reading
        The limits of activity data.
    cells : pandas.DataFrame
        One row for each error of activity data in each plan row: ``plan_id``, ``entity``, ``scope``, ``category``, ``activity``, ``site``,
        ``source``, ``reading``, ``error`` (its number), ``emissions`` [t CO2e, that have limits throughout], ``all_emissions``
        [t CO2e], ``independent`` (whether its lines err by themselves), ``spread`` (what its deviation is multiplied by: below 1 where
        they do).
    stated : frozenset of str
        The words of the settings that fit something.
    findings : tuple of Finding
        What could not be read.
    names : mapping of str to Label
        What companies are called, by their ids; one that is not listed is called by its id.
    """

    coefficients: Coefficients
    readings: Sequence[Reading]
    cells: pd.DataFrame
    stated: frozenset[str] = frozenset()
    findings: tuple[Finding, ...] = field(default=(), repr=False)
    names: Mapping[str, Label] = field(default_factory=dict, repr=False)

    @cached_property
    def total_tco2e(self) -> float:
        """All emissions, t CO2e."""
        return math.fsum(self.cells["all_emissions"])

    @cached_property
    def covered_tco2e(self) -> float:
        """The emissions of which every figure has limits, t CO2e."""
        return math.fsum(self.cells["emissions"])

    @property
    def covered_share(self) -> float:
        """The same as a fraction of all; not a number without emissions."""
        return self.covered_tco2e / self.total_tco2e if self.total_tco2e else math.nan

    @property
    def is_part(self) -> bool:
        """Whether some emissions have a figure without limits."""
        import numpy as np

        has_others = np.array([bool(row.others) for row in self.coefficients.rows], dtype=bool)
        is_unread = np.array([reading.limits is None for reading in self.readings], dtype=bool)
        emitting = self.cells[self.cells["all_emissions"] != 0]
        plan, reading = (emitting[name].to_numpy(dtype=int) for name in ("plan_id", "reading"))
        return bool((has_others[plan] | is_unread[reading]).any()) if len(emitting) else False

    def without_limits(self) -> list[tuple[Label, float]]:
        """What has no limits, with the emissions [t CO2e] that hang on it, the largest first."""
        found: dict[Label, float] = {}
        for number, tonnes in self._open_parameters().items():
            found[self.coefficients.parameters[number].label] = tonnes
        unread = [at for at, reading in enumerate(self.readings) if reading.limits is None]
        open_cells = self.cells[self.cells["reading"].isin(unread)]
        for activity, tonnes in open_cells.groupby("activity", sort=True)["all_emissions"].sum().items():
            name = activity_label(str(activity))
            words = Label.of("uncertainty_activity_data")
            found[Label(f"{words.en}, {name.en}", f"{name.zh}的{words.zh}")] = float(tonnes)
        return sorted(((name, tonnes) for name, tonnes in found.items() if tonnes), key=lambda item: -item[1])

    def _open_parameters(self) -> Mapping[int, float]:
        """The emissions that hang on each parameter without limits."""
        amounts = self.cells.groupby("plan_id")["amount"].sum()
        found: dict[int, float] = {}
        for plan_id, amount in amounts.items():
            for term in self.coefficients.rows[int(str(plan_id))].others:
                for number, _ in term.powers:
                    if self.coefficients.parameters[number].limits is None:
                        found[number] = found.get(number, 0.0) + term.tco2e * float(amount)
        return found

    def error_parameter(self, cell: Any) -> Parameter:
        """The error of the activity data of a cell as a parameter."""
        reading, name = self.readings[int(cell["reading"])], activity_label(str(cell["activity"]))
        company = self.names.get(str(cell["entity"]), Label(str(cell["entity"]), ""))
        site = [str(cell[part]) for part in METER[1:]]
        place, place_zh = (" / ".join(filter(None, [company.text(lang), *site])) for lang in _LANGUAGES)
        words = Label.of("uncertainty_activity_data")
        label = Label(f"{words.en}, {name.en}", f"{name.zh}的{words.zh}")
        if place:
            label = Label(f"{label.en} ({place})", f"{label.zh}（{place_zh}）")
        key = "\t".join(["activity", *(str(cell[part]) for part in METER), str(cell["activity"])])
        return Parameter(key, "activity", label, reading.limits, reading.origin, label)


def model_of(
    inventory: Inventory[Any], settings: UncertaintySettings, names: Mapping[str, Label] | None = None
) -> Model:
    """The errors of an inventory.

    Parameters
    ----------
    inventory : Inventory
        Of one year, location-based.
    settings : UncertaintySettings
        What is stated of its figures.
    names : mapping of str to Label, optional
        What companies are called.

    Returns
    -------
    Model
    """
    used: set[str] = set()
    findings: list[Finding] = []
    coefficients = coefficients_of(inventory.plan, settings, used, findings)
    sums, readings = readings_of(inventory, settings, used, findings)
    cells = _cells(inventory, coefficients, sums, readings)
    return Model(coefficients, readings, cells, frozenset(used), tuple(findings), names or {})


def _cells(
    inventory: Inventory[Any], coefficients: Coefficients, sums: pd.DataFrame, readings: Sequence[Reading]
) -> pd.DataFrame:
    """The sums of the lines with their emissions and the number of their error."""
    import numpy as np

    rows = inventory.plan.rows
    alone = np.array([reading.independent for reading in readings], dtype=bool)
    limited = np.array([reading.limits is not None for reading in readings], dtype=bool)
    keys = [*METER, "activity", "reading", "plan_id"]
    cells = sums.groupby(keys, sort=True, dropna=False)[["amount", "squares"]].sum().reset_index()
    plan, reading = cells["plan_id"].to_numpy(dtype=int), cells["reading"].to_numpy(dtype=int)
    amounts = cells["amount"].to_numpy(dtype=float)
    whole = np.array([row.emissions_tco2e for row in rows], dtype=float)
    covered = np.array([row.tco2e for row in coefficients.rows], dtype=float)
    cells["scope"] = np.array([row.scope or 0 for row in rows], dtype=int)[plan]
    cells["category"] = np.array([row.category or 0 for row in rows], dtype=int)[plan]
    cells["all_emissions"] = amounts * whole[plan]
    cells["emissions"] = np.where(limited[reading], amounts * covered[plan], 0.0)
    # A source errs once in all its rows; lines that err by themselves make one error in each row.
    shared = cells.groupby([*METER, "activity", "reading"], sort=True, dropna=False).ngroup().to_numpy()
    cells["error"] = np.where(alone[reading], shared.max(initial=-1) + 1 + np.arange(len(cells)), shared)
    roots = np.sqrt(cells["squares"].to_numpy(dtype=float))
    cells["independent"] = alone[reading]
    cells["spread"] = np.where(alone[reading] & (amounts > 0), roots / np.where(amounts > 0, amounts, 1.0), 1.0)
    return cells.drop(columns="squares")
