"""What is reported beside the inventory because of electricity.

Avoided emissions of the company's own renewable generation are a register: they are calculated with a project
method and a baseline, shown with both, and never part of a total (ISO 14064-1:2018, 9.3.3; GHG Protocol
Corporate Standard, chapter 8).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from carbonledger.core.activities import GRID_ELECTRICITY
from carbonledger.core.errors import MissingFactorError
from carbonledger.core.findings import Message
from carbonledger.core.language import Label
from carbonledger.core.units import conversion_factor, quantity, registry
from carbonledger.factors.matching import Match, Query, find_factors
from carbonledger.factors.pinned import PinnedFactors
from carbonledger.factors.refusals import nearest_refusals
from carbonledger.inventory.bridges import factor_quantity, step_of
from carbonledger.inventory.coefficients import Step
from carbonledger.inventory.inventory import Inventory

if TYPE_CHECKING:
    from pint.registry import Quantity

__all__ = ["AvoidedEmissions", "AvoidedMethod", "avoided_emissions", "energy_of"]

AvoidedMethod = Literal["combined_margin", "operating_margin", "build_margin", "fossil_average", "grid_average"]

_SINGLE = {
    "operating_margin": "baseline_om",
    "build_margin": "baseline_bm",
    "fossil_average": "fossil_average",
    "grid_average": "emission_factor",
}


@dataclass(frozen=True, slots=True, repr=False)
class AvoidedEmissions:
    """One entry of the register of avoided emissions.

    Parameters
    ----------
    activity : str
        What generated the energy.
    energy_mwh : float
        MWh generated and used.
    factor_t_per_mwh : float
        The baseline, t CO2 per MWh.
    avoided_tco2 : float
        Their product, t CO2. Not part of any total.
    method : str
        How the baseline was formed.
    region : str
        The grid of the baseline.
    steps : tuple of Step
        The factors and weights behind the baseline.
    """

    activity: str
    energy_mwh: float
    factor_t_per_mwh: float
    avoided_tco2: float
    method: AvoidedMethod
    region: str
    steps: tuple[Step, ...]

    def __repr__(self) -> str:
        return (
            f"AvoidedEmissions({self.activity}, {self.energy_mwh:g} MWh, {self.avoided_tco2:.2f} t CO2, {self.method})"
        )


def energy_of(inventory: Inventory, activity: str) -> float:
    """The energy of an activity, of registers such as exported electricity too.

    Parameters
    ----------
    inventory : Inventory
        Of the year.
    activity : str
        The taxonomy's name.

    Returns
    -------
    float
        MWh.
    """
    amounts = inventory.by_plan()
    gj = math.fsum(
        amounts.get(row.plan_id, 0.0) * (row.energy_gj or 0.0)
        for row in inventory.plan.rows
        if row.activity == activity and row.scope != 3
    )
    return gj * conversion_factor("GJ", "MWh")


def avoided_emissions(
    energy_mwh: float,
    factors: PinnedFactors,
    *,
    activity: str,
    region: str,
    year: int,
    method: AvoidedMethod,
) -> AvoidedEmissions:
    """Energy times the baseline of a grid.

    Parameters
    ----------
    energy_mwh : float
        MWh generated.
    factors : PinnedFactors
        Its ``avoided`` role holds the baselines and weights.
    activity : str
        The technology, which decides the weights of a combined margin.
    region : str
        The grid of the baseline, e.g. ``CN-BASELINE-NORTH``.
    year : int
        When the energy was generated.
    method : {"combined_margin", "operating_margin", "build_margin", "fossil_average", "grid_average"}
        The combined margin is ``w_OM * OM + w_BM * BM``.

    Returns
    -------
    AvoidedEmissions

    Raises
    ------
    MissingFactorError
        If the pinned editions lack a baseline or a weight.

    References
    ----------
    UNFCCC CDM TOOL07, "Tool to calculate the emission factor for an electricity system", version 07.0, combined
    margin.
    """

    def find(parameter: str, of: str, place: str) -> Match:
        decision = find_factors(factors, Query("avoided", of, parameter, place, year))
        if decision.matches:
            return decision.matches[0]
        none = Label("none", "无")
        raise MissingFactorError(
            Message.of(
                "MISSING_FACTOR.avoided",
                parameter=parameter,
                activity=of,
                region=place,
                year=year,
                pinned=tuple(edition.id for edition in factors.in_role("avoided")) or (none,),
                refused=nearest_refusals(decision.refusals) or (none,),
            )
        )

    if method == "combined_margin":
        pairs = [
            (
                find(f"combined_margin_weight_{margin}", activity, region),
                find(f"baseline_{margin}", GRID_ELECTRICITY, region),
            )
            for margin in ("om", "bm")
        ]
        baseline = sum(factor_quantity(weight.factor) * factor_quantity(value.factor) for weight, value in pairs)
        steps = tuple(step_of(match) for pair in pairs for match in pair)
    else:
        match = find(_SINGLE[method], GRID_ELECTRICITY, region)
        baseline, steps = factor_quantity(match.factor), (step_of(match),)
    return _register(quantity(energy_mwh, "MWh"), baseline, activity, method, region, steps)


def _register(
    energy: Quantity[float],
    baseline: Quantity[float],
    activity: str,
    method: AvoidedMethod,
    region: str,
    steps: tuple[Step, ...],
) -> AvoidedEmissions:
    """The register entry; pint proves that the product is a mass of CO2."""
    avoided = (energy * baseline).to(registry().Unit("tCO2"))
    per_mwh = baseline.to(registry().Unit("tCO2/MWh"))
    return AvoidedEmissions(
        activity, float(energy.magnitude), float(per_mwh.magnitude), float(avoided.magnitude), method, region, steps
    )
