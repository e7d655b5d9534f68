"""Scope 2 twice: location-based and market-based, never one without its name.

Location-based, every MWh bought counts at the average of its grid. Market-based, it counts at the rate of the instrument that
covers it; what none covers, at the residual mix of its market, and without one at the grid average, which is then said.
Electricity of one's own without sold attributes counts 0; where its certificates were sold, the attributes went with them and
the energy counts at the residual mix. Nothing is ever negative: surplus instruments are shown, not credited.

References
----------
GHG Protocol Scope 2 Guidance (2015), chapters 4 and 6, tables 6.2 and 6.3 (hierarchies), 7.1 (quality criteria).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from carbonledger.core.findings import Finding
from carbonledger.core.language import Label, counted, printable
from carbonledger.scope2.guidance import RULESETS, Ruleset
from carbonledger.scope2.instruments import Instrument
from carbonledger.scope2.loads import Load
from carbonledger.scope2.own_generation import Attributes, capped_at_export, sold_of_own_use
from carbonledger.scope2.quality_criteria import technology_class

__all__ = ["Attributes", "Level", "MarketBased", "check_balance", "market_based", "recognise_typical_error"]

_METER_TOLERANCE = 0.02
# What sums of MWh in binary arithmetic may leave of a load.
_LEFT_OVER = 1e-9


@dataclass(frozen=True, slots=True)
class Level:
    """Some MWh at one level of the market-based hierarchy.

    Parameters
    ----------
    market : str
        The country.
    level : int
        1 certificate, 2 contract, 3 supplier rate, 4 residual mix, 5 grid average for want of a residual mix; 0 own
        generation or direct line with its attributes.
    what : str
        The instrument or mix.
    mwh, t_per_mwh, tco2e : float
        Amount, rate and product.
    technology : str
        ``renewable``, ``nuclear``, ``fossil``, or empty if the instrument or mix does not say.
    source : str
        The record or factor that the rate comes from.
    """

    market: str
    level: int
    what: str
    mwh: float
    t_per_mwh: float
    tco2e: float
    technology: str = ""
    source: str = ""

    def __str__(self) -> str:
        """The derivation of the level."""
        formula = f"{self.mwh:g} MWh × {self.t_per_mwh:g} t CO2e/MWh = {self.tco2e:g} t CO2e"
        head = printable(f"{self.market}, level {self.level}, {self.what}: {formula}")
        return f"{head}\n  {printable(self.source) or 'no rate is needed'}"


@dataclass(frozen=True, slots=True, repr=False)
class MarketBased:
    """Scope 2 of electricity by both methods.

    Parameters
    ----------
    location_based_tco2e, market_based_tco2e : float
        The two totals, t CO2e.
    levels : tuple of Level
        Every MWh of the market-based total with its level.
    surplus_mwh : float
        Instruments beyond the load: shown, never credited.
    renewable_mwh, nuclear_mwh : float
        Renewable and nuclear energy that may be claimed as used.
    findings : tuple of Finding
        Claims above the load, a missing residual mix.
    """

    location_based_tco2e: float
    market_based_tco2e: float
    levels: tuple[Level, ...]
    surplus_mwh: float
    renewable_mwh: float
    nuclear_mwh: float = 0.0
    findings: tuple[Finding, ...] = ()

    def __repr__(self) -> str:
        location, market = f"{self.location_based_tco2e:.2f}", f"{self.market_based_tco2e:.2f}"
        levels = counted(len(self.levels), "level")
        return f"MarketBased({location} t CO2e location-based, {market} t CO2e market-based, {levels})"


def market_based(
    loads: Iterable[Load],
    instruments: Sequence[Instrument],
    *,
    own_attributes: Attributes = "kept",
    direct_line_attributes: Attributes = "kept",
    sold: Sequence[Instrument] = (),
    rules: Ruleset = RULESETS["ghgp_s2_2015"],
) -> MarketBased:
    """Scope 2 by both methods.

    Parameters
    ----------
    loads : iterable of Load
        The purchases, generation and residual mix of each market.
    instruments : sequence of Instrument
        Those that may be claimed, see `check_instruments`.
    own_attributes : {"kept", "sold", "by_certificate"}
        Whether the certificates of own generation used on site were kept (or never issued), or sold; or as many of them as `sold` says.
    direct_line_attributes : {"kept", "sold"}
        Whether those of a third party's direct line came with the power, or stayed with the developer.
    sold : sequence of Instrument
        Certificates and credits of own generation that were sold, see `sold_of_own_use`.
    rules : Ruleset
        The hierarchy that applies.

    Returns
    -------
    MarketBased
    """
    levels: list[Level] = []
    findings: list[Finding] = []
    surplus = renewable = location = 0.0
    for load in loads:
        fitting = sorted(
            (item for item in instruments if (item.market, item.carrier) == (load.country, load.carrier)),
            key=lambda item: rules.levels[item.kind],
        )
        fitting, beyond = capped_at_export(load, fitting, sold)
        found, left_over = _covered(load, fitting, rules)
        levels += found + _uncovered(load, sum(level.mwh for level in found), findings, rules)
        gone, contradictions = sold_of_own_use(load, own_attributes, sold)
        direct = load.direct_line_mwh if direct_line_attributes == "sold" else load.direct_sold_mwh
        levels += _own(load, load.own_use_mwh, gone, "own generation", findings, rules)
        levels += _own(load, load.direct_line_mwh, direct, "direct line", findings, rules) + _from_fuel(load)
        surplus += left_over
        renewable += load.own_use_mwh - gone + load.direct_line_mwh - direct
        location += load.location_based_tco2e + load.direct_fuel_tco2e
        findings += [*beyond, *contradictions, *_above_load(load, fitting, left_over)]
    if rules.draft:
        findings.append(Finding.of("DRAFT_RULESET", ruleset=rules.name, source=rules.source).at(file="book.toml"))
    total = math.fsum(level.tco2e for level in levels)
    covered = {
        name: math.fsum(level.mwh for level in levels if level.technology == name) for name in ("renewable", "nuclear")
    }
    renewable += covered["renewable"]
    return MarketBased(location, total, tuple(levels), surplus, renewable, covered["nuclear"], tuple(findings))


def _from_fuel(load: Load) -> list[Level]:
    """Electricity of a third party's fuel by direct line: at its own rate by both methods."""
    if not load.direct_fuel_mwh:
        return []
    rate = load.direct_fuel_tco2e / load.direct_fuel_mwh
    source = "the factor that the entry names"
    amount = (load.direct_fuel_mwh, rate, load.direct_fuel_tco2e)
    return [Level(load.country, 0, "direct line, from fuel", *amount, "fossil", source)]


def _above_load(load: Load, instruments: Sequence[Instrument], left_over: float) -> list[Finding]:
    """The finding for certificates and contracts beyond the load."""
    if left_over <= 0:
        return []
    claims = [item for item in instruments if item.kind != "supplier_rate"]
    finding = Finding.of(
        "CLAIM_ABOVE_LOAD",
        market=load.country,
        claimed_mwh=math.fsum(item.mwh for item in claims),
        purchased_mwh=load.purchased_mwh,
        surplus_mwh=left_over,
    )
    return [finding.at(file=claims[-1].file, row=claims[-1].row)]


def _covered(load: Load, instruments: Sequence[Instrument], rules: Ruleset) -> tuple[list[Level], float]:
    """The purchases that instruments cover, and the MWh of instruments beyond them."""
    levels: list[Level] = []
    remaining, surplus, loads = load.purchased_mwh, 0.0, dict(load.purchased_by_company_mwh)
    for item in instruments:
        tied = item.kind != "certificate" and item.entity in loads
        used = min(item.mwh, remaining, loads[item.entity] if tied else remaining)
        remaining -= used
        if tied:
            loads[item.entity] -= used
        # A tariff ends with the load; only what was bought beside it can exceed it.
        surplus += (item.mwh - used) * (item.kind != "supplier_rate")
        if used:
            what = " ".join(part for part in (item.kind, item.registry, item.technology) if part)
            level, rate = rules.levels[item.kind], item.t_per_mwh
            kind = technology_class(item.technology)
            levels.append(Level(load.country, level, what, used, rate, used * rate, kind, _record(item)))
    return levels, surplus


def _record(item: Instrument) -> str:
    """Where an instrument stands, and what it says of itself."""
    parts = [f"{item.file}, row {item.row}" if item.file else f"row {item.row}", item.plant]
    parts += [f"{item.first_id} to {item.last_id}"] if item.first_id else []
    parts += [f"generated {item.generated}"] if item.generated else []
    parts += [f"retired {item.retired_on}"] if item.retired_on else []
    return "; ".join(part for part in parts if part)


def _fallback(load: Load, rules: Ruleset) -> tuple[int, str, float, str]:
    """Level, name, rate and source of what no instrument covers."""
    if load.residual_t_per_mwh is not None:
        return rules.residual_level, "residual mix", load.residual_t_per_mwh, load.residual_source
    average = load.location_based_tco2e / load.priced_mwh if load.priced_mwh else load.average_t_per_mwh or 0.0
    source = "location-based emissions / purchases of the market"
    if rules.fossil_without_residual and load.carrier == "electricity" and load.fossil_t_per_mwh is not None:
        what = "fossil average (no residual mix available)"
        return rules.average_level, what, load.fossil_t_per_mwh, "the fossil average of the pinned editions"
    if load.carrier != "electricity":
        return rules.average_level, f"{load.carrier}: location-based rate", average, source
    return rules.average_level, "grid average (no residual mix available)", average, source


def _uncovered(load: Load, covered: float, findings: list[Finding], rules: Ruleset) -> list[Level]:
    """The purchases that no instrument covers; what has no emission factor counts as covered first, and is missing beyond."""
    rest = load.purchased_mwh - max(covered, load.unpriced_mwh)
    if rest <= _LEFT_OVER * load.purchased_mwh:
        return []
    level, what, rate, source = _fallback(load, rules)
    findings += _without_residual(load, rest, level, what, rules)
    return [Level(load.country, level, what, rest, rate, rest * rate, source=source)]


def _without_residual(load: Load, mwh: float, level: int, what: str, rules: Ruleset) -> list[Finding]:
    """What is said where no residual mix is published; an error where nothing else gives a rate either."""
    if level != rules.average_level or load.carrier != "electricity":
        return []
    if not load.priced_mwh and load.average_t_per_mwh is None and load.fossil_t_per_mwh is None:
        return [Finding.of("NO_RESIDUAL_MIX.no_rate", market=load.country, mwh=mwh)]
    rate = Label.of("fossil average" if what.startswith("fossil") else "grid average")
    return [Finding.of("NO_RESIDUAL_MIX", market=load.country, mwh=mwh, rate=rate)]


def _own(load: Load, mwh: float, sold: float, what: str, findings: list[Finding], rules: Ruleset) -> list[Level]:
    """Own or direct-line electricity: 0 with its attributes, what was sold of them at the residual mix."""
    gone = sold if rules.attributes_follow_certificate else 0.0
    levels = [Level(load.country, 0, what, mwh - gone, 0.0, 0.0)] if mwh > gone else []
    if gone:
        level, mix, rate, source = _fallback(load, rules)
        findings += _without_residual(load, gone, level, mix, rules)
        name = f"{what}, attributes sold: {mix}"
        levels.append(Level(load.country, level, name, gone, rate, gone * rate, source=source))
    return levels


def check_balance(
    generated_mwh: float,
    own_use_mwh: float,
    exported_mwh: float,
    lost_mwh: float = 0.0,
    tolerance: float = _METER_TOLERANCE,
) -> list[Finding]:
    """Whether generation, own use, export and losses close within meter tolerance.

    Parameters
    ----------
    generated_mwh, own_use_mwh, exported_mwh, lost_mwh : float
        ``G = S + X + losses`` in storage and by curtailment, within `tolerance` of G.
    tolerance : float
        What the meters may differ by, as a fraction of the generation.

    Returns
    -------
    list of Finding
    """
    findings = []
    if exported_mwh > generated_mwh * (1 + tolerance):
        found = Finding.of("EXPORT_ABOVE_GENERATION", exported_mwh=exported_mwh, generated_mwh=generated_mwh)
        findings.append(found)
    gap = generated_mwh - own_use_mwh - exported_mwh - lost_mwh
    if abs(gap) > generated_mwh * tolerance:
        amounts = {
            "generated_mwh": generated_mwh,
            "own_use_mwh": own_use_mwh,
            "exported_mwh": exported_mwh,
            "lost_mwh": lost_mwh,
            "gap_mwh": gap,
        }
        findings.append(Finding.of("BALANCE_OPEN", **amounts))
    return findings


def recognise_typical_error(claimed_tco2e: float, load: Load, exported_mwh: float, tolerance: float = 5e-4) -> str:
    """The known mistake that a claimed location-based total shows; empty if it shows none.

    Parameters
    ----------
    claimed_tco2e : float
        The total that somebody states.
    load : Load
        What it should follow from.
    exported_mwh : float
        Own generation fed into the grid.
    tolerance : float
        Relative.

    Returns
    -------
    str
        ``PV_NETTED`` (avoided emissions of own use deducted), ``EXPORT_NETTED`` (exports deducted from purchases),
        ``PV_PRICED_AS_GRID`` (own use counted as if bought), or empty.
    """
    rate = load.location_based_tco2e / load.priced_mwh
    slips: Mapping[str, float] = {
        "PV_NETTED": load.location_based_tco2e - load.own_use_mwh * rate,
        "EXPORT_NETTED": (load.priced_mwh - exported_mwh) * rate,
        "PV_PRICED_AS_GRID": (load.priced_mwh + load.own_use_mwh) * rate,
    }
    if math.isclose(claimed_tco2e, load.location_based_tco2e, rel_tol=tolerance):
        return ""
    return next((name for name, value in slips.items() if math.isclose(claimed_tco2e, value, rel_tol=tolerance)), "")
