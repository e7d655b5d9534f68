"""The records a plan is made of."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from textwrap import shorten
from typing import Any, Literal, NamedTuple

from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.language import Label, counted
from carbonledger.core.schema import gas_column
from carbonledger.factors.factor import Factor

__all__ = [
    "BIOGENIC",
    "ROUNDING",
    "ROUNDING_OF_PUBLISHERS",
    "GasCoefficient",
    "Key",
    "Plan",
    "PlanRow",
    "Problem",
    "Remark",
    "Step",
    "StepsAndValue",
]

# The label of CO2 from biomass, which stands outside the scopes.
BIOGENIC = "CO2 biogenic"
# The label of what a publisher's CO2e is more, or less, than the sum of the gases printed beside it.
ROUNDING = "CO2e rounding"
# Figures of one publisher for one thing that differ by less are one figure, as a share of the whole in CO2e.
ROUNDING_OF_PUBLISHERS = 1e-3


class Key(NamedTuple):
    """What one plan row answers for: a distinct combination among the entries, as written there."""

    activity: str
    unit: str
    region: str = ""
    year: int = 0
    factor: str = ""
    scope_3_category: int = 0

    def __str__(self) -> str:
        return self.label.en

    @property
    def label(self) -> Label:
        """The combination in words."""
        where = f"{self.region or 'no region'}, {self.year or 'no year'}"
        where_zh = f"{self.region or '未注明地区'}，{self.year or '未注明年份'}"
        return Label(f"{self.activity} in {self.unit} ({where})", f"{self.activity}（{self.unit}，{where_zh}）")

    def of(self, name: Literal["emissions", "energy"]) -> Label:
        """Its emissions or its energy, in words."""
        label, zh = self.label, {"emissions": "排放", "energy": "能源量"}[name]
        return Label(f"{name} of {label.en}", f"{label.zh}的{zh}")


@dataclass(frozen=True, slots=True)
class Step:
    """One multiplication (or division) of a derivation.

    Parameters
    ----------
    name : str
        What is multiplied by, e.g. ``calorific_value``.
    value_text : str
        The number as published.
    unit : str
        Its unit, the gas named.
    factor : Factor or None
        Where it comes from; None for a constant of `carbonledger.core.units`.
    kind : str
        How the factor was matched.
    divides : bool
        Whether the step divides.
    """

    name: str
    value_text: str
    unit: str
    factor: Factor | None
    kind: str = ""
    divides: bool = False

    @property
    def text(self) -> str:
        """The step as it stands in a formula."""
        unit = "" if self.unit == "1" else f" {self.unit}"
        return f"{'÷' if self.divides else '×'} {self.value_text}{unit}"


StepsAndValue = tuple[tuple[Step, ...], float]


@dataclass(frozen=True, slots=True)
class GasCoefficient:
    """Emissions of one gas per unit of the amount.

    Parameters
    ----------
    gas : str
        The species, e.g. ``CO2``; ``CO2e`` where the publisher gives no split; `ROUNDING` for the difference of the two.
    tonnes : float
        t of the gas per unit of the amount.
    tco2e : float
        t CO2e per unit of the amount; 0 for a gas that is none of the seven, which counts in no total. Below 0 only for `ROUNDING`.
    gwp : Factor or None
        The potential used; None for ``CO2e`` and `ROUNDING`.
    steps : tuple of Step
        From the amount to tonnes of the gas; of `ROUNDING`, to the CO2e from which the gases are taken off.
    """

    gas: str
    tonnes: float
    tco2e: float
    gwp: Factor | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """What was done with the factors of a row that a reader would not expect.

    Parameters
    ----------
    case : {"recalculated", "split_left_aside", "heating_value_unsaid", "own_unused"}
        Which: the publisher's CO2e is on another GWP basis, so that its gases count; its gases do not add up to its CO2e, so that they
        are left aside; a bill says gross or net and the figure does not; a factor of one's own is not used.
    factor : Factor
        The figure concerned.
    text : str
        The GWP basis; the gases left aside; the heating value of the bill; nothing.
    share : float
        Of gases left aside, what they add up to as a fraction of the CO2e.
    """

    case: Literal["recalculated", "split_left_aside", "heating_value_unsaid", "own_unused"]
    factor: Factor
    text: str = ""
    share: float = 0.0


class PlanRow(NamedTuple):
    """The coefficients of one key, with everything they came from.

    Parameters
    ----------
    plan_id : int
        Position in the plan.
    key : Key
        As written in the entries.
    activity, unit : str
        The taxonomy's and the registry's spelling.
    scope, category : int or None
        GHG Protocol scope; ISO 14064-1:2018 category.
    energy_gj : float or None
        GJ per unit of the amount; None if it is no energy, or no calorific value is pinned.
    standard_coal_tce : float or None
        tce per unit by the tabulated coefficient; None if no such table is pinned.
    gases : tuple of GasCoefficient
        Empty if the standards give the activity no emissions.
    energy_steps, coal_steps : tuple of Step
        From the amount to GJ, and to tce.
    remarks : tuple of Remark
        What is to be said of its factors.
    priced : bool
        Whether its emissions could be calculated; if not, it stands for the energy alone.
    """

    plan_id: int
    key: Key
    activity: str
    unit: str
    scope: int | None
    category: int | None
    energy_gj: float | None
    standard_coal_tce: float | None
    gases: tuple[GasCoefficient, ...]
    energy_steps: tuple[Step, ...]
    coal_steps: tuple[Step, ...]
    remarks: tuple[Remark, ...] = ()
    priced: bool = True

    def __repr__(self) -> str:
        scope = f"scope {self.scope}" if self.scope else "no scope"
        text = f"PlanRow({self.plan_id}, {self.key}, {scope}, {self.emissions_tco2e:.6g} t CO2e/{self.unit})"
        return shorten(text, 190, placeholder=" ...)")

    def of_key(self, plan_id: int, key: Key) -> PlanRow:
        """The same coefficients for another combination."""
        return PlanRow(plan_id, key, *self[2:])

    @property
    def emissions_tco2e(self) -> float:
        """T CO2e per unit of the amount; not a number if they could not be calculated."""
        return math.nan if not self.priced else math.fsum(gas.tco2e for gas in self.gases)

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Every factor behind the coefficients once, emissions first."""
        steps = [step for gas in self.gases for step in gas.steps] + list(self.energy_steps) + list(self.coal_steps)
        found = [step.factor for step in steps if step.factor] + [gas.gwp for gas in self.gases if gas.gwp]
        return tuple(dict.fromkeys(found))

    @property
    def emission_factors(self) -> tuple[Factor, ...]:
        """The emission factors behind the gases, each once; no calorific value, carbon content or GWP."""
        factors = [step.factor for gas in self.gases for step in gas.steps if step.factor]
        return tuple(factor for factor in dict.fromkeys(factors) if factor.parameter == "emission_factor")

    @property
    def match(self) -> str:
        """How the emission factors were found, worst news last."""
        return _kinds([step for gas in self.gases for step in gas.steps])

    @property
    def factor_ids(self) -> str:
        """Full names of the factors, joined."""
        return "; ".join(factor.reference for factor in self.factors)


def _kinds(steps: Sequence[Step]) -> str:
    """The distinct match kinds of some steps as one text."""
    kinds = [kind for step in steps if step.kind for kind in step.kind.split(", ")]
    unusual = [kind for kind in dict.fromkeys(kinds) if kind != "exact"]
    return ", ".join(unusual) if unusual else ("exact" if kinds else "none needed")


@dataclass(frozen=True, slots=True)
class Problem:
    """A key that could not be resolved.

    Parameters
    ----------
    key : Key
        As written in the entries.
    error : CarbonLedgerError
        Why.
    fatal : bool
        False if only the energy is missing, so that emissions can still be calculated.
    """

    key: Key
    error: CarbonLedgerError
    fatal: bool = True


@dataclass(frozen=True, repr=False)
class Plan:
    """The resolved combinations of a set of entries.

    Parameters
    ----------
    rows : tuple of PlanRow
        One per resolved key.
    problems : tuple of Problem
        The keys that could not be resolved, or only in part.
    unpriced : tuple of PlanRow
        One per energy carrier's key whose emissions could not be resolved, with its energy if that is known.
    """

    rows: tuple[PlanRow, ...]
    problems: tuple[Problem, ...]
    unpriced: tuple[PlanRow, ...] = ()

    def __repr__(self) -> str:
        return f"Plan({counted(len(self.rows), 'row')}, {counted(len(self.problems), 'problem')})"

    @property
    def gases(self) -> tuple[str, ...]:
        """Every gas of the plan, CO2 first and the publishers' rounding last."""
        found = {gas.gas for row in self.rows for gas in row.gases}
        first = [gas for gas in ("CO2", "CH4", "N2O") if gas in found]
        last = [ROUNDING] if ROUNDING in found else []
        return (*first, *sorted(found - {*first, *last}), *last)

    @cached_property
    def tco2e_per_unit(self) -> Sequence[float]:
        """The t CO2e per unit of each row; not a number where they could not be calculated."""
        # Rows of regions that lie alike share their gases.
        rates = {(id(row.gases), row.priced): row for row in self.rows}
        known = {shared: row.emissions_tco2e for shared, row in rates.items()}
        return [known[id(row.gases), row.priced] for row in self.rows]

    @cached_property
    def columns(self) -> Mapping[str, list[Any]]:
        """What the rows give to each line, as columns: its place, and its coefficients as ``..._per_unit``."""
        rows = self.rows
        texts: dict[tuple[int, ...], tuple[str, str]] = {}
        for row in rows:
            # Rows of regions that lie alike share their derivation.
            if (shared := _derivation(row)) not in texts:
                texts[shared] = row.match, row.factor_ids
        per_gas = {
            f"{gas_column(gas)}_per_unit": [
                math.fsum(item.tonnes for item in row.gases if item.gas == gas) for row in rows
            ]
            for gas in self.gases
        }
        return {
            "plan_id": [row.plan_id for row in rows],
            "scope": [row.scope or 0 for row in rows],
            "category": [row.category or 0 for row in rows],
            "energy_gj_per_unit": [math.nan if row.energy_gj is None else row.energy_gj for row in rows],
            **per_gas,
            "emissions_tco2e_per_unit": list(self.tco2e_per_unit),
            "match": [texts[_derivation(row)][0] for row in rows],
            "factor_ids": [texts[_derivation(row)][1] for row in rows],
        }


def _derivation(row: PlanRow) -> tuple[int, ...]:
    """What tells apart the derivations of rows of one plan."""
    return id(row.gases), id(row.energy_steps), id(row.coal_steps)
