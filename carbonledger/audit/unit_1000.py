"""Doubts about the size of factors: a thousand times too large or small.

References
----------
Ranges are those of the carriers: 0.03 to 0.12 t CO2e per GJ for fossil fuels, more only where a publisher's own carbon content says so
(gases of blast furnaces). GB/T 2589: 0.1229 kgce/kWh (当量值), or the coal rate of the year's power stations (等价值).
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from statistics import median

from carbonledger.activity_data.magnitudes import power_of_ten
from carbonledger.audit.case import AuditCase
from carbonledger.core.activities import taxonomy
from carbonledger.core.errors import CarbonLedgerError
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.units import conversion_factor
from carbonledger.factors.editions import catalogue, editions_about, is_own, read_edition
from carbonledger.factors.factor import Factor
from carbonledger.inventory.coefficients import PlanRow

__all__ = ["coal_convention", "unit_1000"]

_ABOVE_PUBLISHED = 1.2
_THOUSAND = 3
_DRIFT = 0.01
# Coefficients of electricity, kgce/kWh: by its heat, and at the coal of power stations.
_COAL = {"equivalent": (0.1225, 0.1233), "substitution": (0.28, 0.32)}


def unit_1000(case: AuditCase) -> Iterator[Finding]:
    """No factor is a thousand times too large or small: by what the carrier can emit, by what is published, by its energy."""
    for row, group in case.plan_lines():
        doubt = _emission_doubt(case, row) or _published_doubt(row) or _energy_doubt(row) or _coal_doubt(row)
        if doubt:
            yield case.placed(doubt, group)


def _emission_doubt(case: AuditCase, row: PlanRow) -> Finding | None:
    """Emissions per GJ that the carrier cannot have."""
    if not row.energy_gj or not row.emissions_tco2e or row.scope == 3:
        return None
    rate, (low, high) = row.emissions_tco2e / row.energy_gj, _limits(case, row.activity)
    if not high or low <= rate <= high:
        return None
    return Finding.of("UNIT_1000.rate", key=row.key.label, rate=rate, low=low, high=high)


def _limits(case: AuditCase, name: str) -> tuple[float, float]:
    """The lowest and highest t CO2e per GJ of a carrier; 0 and 0 if nothing is known."""
    limits, activity = case.thresholds, taxonomy()[name]
    if activity.kind == "fuel" and activity.origin == "fossil":
        return limits.fuel_rate_min, max(limits.fuel_rate_max, _ABOVE_PUBLISHED * _carbon_rate(name))
    if activity.kind == "electricity":
        high = limits.grid_rate_max * conversion_factor("GJ", "MWh")
        return high * 1e-3, high
    return (limits.heat_rate_max * 1e-2, limits.heat_rate_max) if activity.kind == "heat" else (0.0, 0.0)


@cache
def _carbon_rate(activity: str) -> float:
    """The highest published carbon content of a fuel as t CO2 per GJ; 0 if none is."""
    to_co2 = conversion_factor("carbon_dioxide_per_carbon", "t CO2/(t C)")
    found = [
        factor.value * conversion_factor(factor.unit, "t/GJ") * to_co2
        for name in editions_about("CN")
        for factor in read_edition(name).factors(activity, "carbon_content")
        if factor.unit.endswith("GJ")
    ]
    return max(found, default=0.0)


def _published_doubt(row: PlanRow) -> Finding | None:
    """A factor of one's own that is a thousand times what the library's editions say of the same activity."""
    for factor in row.emission_factors:
        if not is_own(factor) or not factor.value:
            continue
        numerator, _, per = factor.unit.partition("/")
        published = _published(factor.activity, factor.gas, per)
        value = _scaled(factor, numerator, per)
        power = power_of_ten(value / published) if published and value else 0
        if abs(power) == _THOUSAND:
            text = f"{factor.value_text} {factor.unit}"
            named = {"key": row.key.label, "factor": factor.reference}
            return Finding.of("UNIT_1000.published", value=text, power=power, **named)
    return None


@cache
def _published(activity: str, gas: str, per: str) -> float:
    """The median of what the library's editions publish of an activity, t per a unit; 0 if nothing."""
    found = [
        _scaled(factor, factor.unit.partition("/")[0], per)
        for name in catalogue()
        for factor in read_edition(name).factors(activity, "emission_factor")
        if factor.gas == gas or {factor.gas, gas} == {"CO2", "CO2e"}
    ]
    return median([value for value in found if value > 0] or [0.0])


def _scaled(factor: Factor, numerator: str, per: str) -> float:
    """A factor in t per a unit; 0 if it is per something else."""
    try:
        return factor.value * conversion_factor(numerator, "t") / conversion_factor(factor.unit.partition("/")[2], per)
    except CarbonLedgerError:
        return 0.0


def _energy_doubt(row: PlanRow) -> Finding | None:
    """Electricity that is not 0.0036 GJ per kWh."""
    if taxonomy()[row.activity].kind != "electricity" or not row.energy_gj:
        return None
    try:
        exact = conversion_factor(row.unit, "GJ")
    except CarbonLedgerError:
        return None
    if abs(row.energy_gj / exact - 1) <= _DRIFT:
        return None
    energies = {"energy_gj": row.energy_gj, "exact": exact}
    return Finding.of("UNIT_1000.energy", key=row.key.label, unit=row.unit, **energies)


def _coal_doubt(row: PlanRow) -> Finding | None:
    """Electricity at a coefficient of standard coal that neither convention has."""
    value = _kgce_per_kwh(row)
    if not value or coal_convention(row):
        return None
    names = {"equivalent": "当量值", "substitution": "等价值"}
    ranges = tuple(
        Label(f"{low:g} to {high:g} ({name})", f"{low:g} 至 {high:g}（{names[name]}）")
        for name, (low, high) in _COAL.items()
    )
    return Finding.of("UNIT_1000.coal", key=row.key.label, value=value, ranges=ranges)


def _kgce_per_kwh(row: PlanRow) -> float:
    """The coefficient of standard coal of electricity; 0 for other carriers, or if none is pinned."""
    if taxonomy()[row.activity].kind != "electricity" or not (row.standard_coal_tce and row.energy_gj):
        return 0.0
    return row.standard_coal_tce * conversion_factor("t", "kg") / (row.energy_gj * conversion_factor("GJ", "kWh"))


def coal_convention(row: PlanRow) -> str:
    """The convention at which a row turns electricity into standard coal.

    Parameters
    ----------
    row : PlanRow
        Of any carrier.

    Returns
    -------
    str
        ``equivalent`` (当量值), ``substitution`` (等价值), or empty.
    """
    value = _kgce_per_kwh(row)
    return next((name for name, (low, high) in _COAL.items() if low <= value <= high), "")
