"""Doubts about a published total.

References
----------
ISO 14064-1:2018, 9.3.3, and GHG Protocol Corporate Standard (2004), chapter 8: avoided emissions are reported apart from the inventory.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from carbonledger.core.activities import GENERATED_ELECTRICITY, GRID_ELECTRICITY, OWN_GENERATION
from carbonledger.core.regions import enclosing_regions
from carbonledger.core.rounding import Interval, decimal_of
from carbonledger.core.units import conversion_factor
from carbonledger.factors.editions import editions_about, read_edition
from carbonledger.inventory.inventory import Inventory
from carbonledger.published.figures import PublishedFigure

__all__ = ["NettedFactor", "avoided_netted"]

_NEAR = Decimal("0.01")
_AROUND = Decimal("0.25")
_PARAMETERS = ("emission_factor", "residual_mix", "fossil_average", "baseline_om", "baseline_bm")
Named = tuple[tuple[str, Decimal], ...]


@dataclass(frozen=True, slots=True)
class NettedFactor:
    """The factor at which own generation would have been subtracted from the gross total to give the printed one.

    Parameters
    ----------
    gross_tco2e : Decimal
        The gross total.
    own_mwh : Decimal
        Own renewable generation: what was used on site, or all of it.
    implied : Interval
        (gross - printed) / own generation, t CO2e per MWh.
    near : tuple of (str, Decimal)
        Factors published about the inventory's regions within 1 % of it, nearest first.
    what : str
        ``own use`` or ``generation``.
    tight : bool
        Whether a factor gives the printed total itself, not only one within 1 %.
    chance : Decimal
        The share of the rates around the implied one that would be as near to some factor by chance, 0 to 1.
    """

    gross_tco2e: Decimal
    own_mwh: Decimal
    implied: Interval
    near: Named
    what: str = "own use"
    tight: bool = False
    chance: Decimal = Decimal(0)


def avoided_netted(
    inventory: Inventory,
    figure: PublishedFigure,
    country: str,
    near: float | Decimal = _NEAR,
    gross: Decimal | None = None,
) -> NettedFactor | None:
    """Whether a printed total looks like the gross one less avoided emissions of own generation (AVOIDED_NETTED).

    Parameters
    ----------
    inventory : Inventory
        The gross inventory.
    figure : PublishedFigure
        The printed total, in t CO2e.
    country : str
        Whose factors are compared, ISO 3166-1.
    near : float
        How near a factor must be, as a fraction; nearer where the printed interval is narrower.
    gross : Decimal, optional
        What should have been printed, t CO2e; by default the location-based total.

    Returns
    -------
    NettedFactor or None
        None if the printed total is not below the gross one, there is no own generation, or no factor published about the inventory's
        own regions and country lies near the implied one. A factor found shows that the arithmetic fits, not that it was done.
    """
    gross = decimal_of(float(inventory.total_location_based().magnitude)) if gross is None else gross
    tonnes = decimal_of(conversion_factor(figure.unit or "t CO2e", "t CO2e"))
    printed = figure.figure.interval.scaled(tonnes)
    if printed.high >= gross:
        return None
    factors = _published(country, frozenset(inventory.lines["region"]))
    slack = figure.figure.step * tonnes / 2
    found = [
        _netted(gross, printed, slack, (what, mwh), factors, decimal_of(float(near)))
        for what, mwh in _generation(inventory).items()
    ]
    fitting = [item for item in found if item.near]
    return min(fitting, key=lambda item: not item.tight, default=None)


def _generation(inventory: Inventory) -> dict[str, Decimal]:
    """Own generation in MWh: what was used on site, and all of it where that is another figure."""
    by_activity = inventory.by("activity").set_index("activity")["energy_gj"]
    lines = inventory.lines
    generated_gj = lines.loc[lines["activity"] == GENERATED_ELECTRICITY, "energy_gj"]
    made = float(generated_gj.sum()) * conversion_factor("GJ", "MWh")
    own = float(by_activity.reindex(OWN_GENERATION).fillna(0.0).sum()) * conversion_factor("GJ", "MWh")
    amounts = {"own use": decimal_of(own), "generation": decimal_of(made) if made > own else Decimal(0)}
    return {what: mwh for what, mwh in amounts.items() if mwh > 0}


def _netted(
    gross: Decimal,
    printed: Interval,
    slack: Decimal,
    amount: tuple[str, Decimal],
    factors: dict[str, Decimal],
    near: Decimal,
) -> NettedFactor:
    """The implied factor of one amount, and what it is near to."""
    what, mwh = amount
    implied = (Interval(gross, gross) - printed) / Interval(mwh, mwh)
    # What was subtracted may itself have been rounded like the total.
    half = implied.width / 2 + slack / mwh
    middle = implied.middle
    close = {name: value for name, value in factors.items() if abs(value - middle) <= near * middle}
    exact = half <= near * middle and any(abs(value - middle) <= half for value in close.values())
    share = _chance(factors.values(), min(near, half / middle) if exact else near, middle)
    ordered = tuple(sorted(close.items(), key=lambda item: abs(item[1] - middle)))
    return NettedFactor(gross, mwh, implied, ordered, what, exact, share)


def _chance(factors: Iterable[Decimal], near: Decimal, middle: Decimal) -> Decimal:
    """The share of rates within a quarter of an implied one that lie within a fraction of some factor."""
    reached, end = middle * (1 - _AROUND), middle * (1 + _AROUND)
    covered = Decimal(0)
    for value in sorted(factors):
        low, high = max(reached, value * (1 - near)), min(end, value * (1 + near))
        covered += max(high - low, Decimal(0))
        reached = max(reached, high)
    return covered / (2 * _AROUND * middle)


def _published(country: str, regions: frozenset[str]) -> dict[str, Decimal]:
    """Grid factors of a country and of the regions of an inventory, and combined margins of their baselines, t/MWh."""
    wanted = {name for region in regions for name in enclosing_regions(region)} | {country}
    # Where no province is known, the baseline may be that of any grid.
    anywhere = not any(region.startswith(f"{country}-") for region in regions)
    found: dict[str, Decimal] = {}
    for name in editions_about(country, "avoided"):
        edition = read_edition(name)
        for parameter in _PARAMETERS:
            for factor in edition.factors(GRID_ELECTRICITY, parameter):
                here = factor.region in wanted or (anywhere and _is_baseline(factor.region, country))
                if here and factor.gas in {"CO2", "CO2e"}:
                    found[factor.reference] = decimal_of(factor.value * conversion_factor(factor.unit, "t/MWh"))
    margins = _combined_margins(country)
    return found | {
        f"{edition} {region} combined margin": value
        for (edition, region), value in margins.items()
        if region in wanted or anywhere
    }


def _is_baseline(region: str, country: str) -> bool:
    """Whether a region is a grid that project baselines are published for."""
    return region.startswith(f"{country}-BASELINE")


def _combined_margins(country: str) -> dict[tuple[str, str], Decimal]:
    """Combined margins of every baseline of a country, at the weights for photovoltaics that an edition states."""
    weights: dict[str, Decimal] = {}
    baselines: dict[tuple[str, str], dict[str, Decimal]] = {}
    for name in editions_about(country, "avoided"):
        edition = read_edition(name)
        for margin in ("om", "bm"):
            for factor in edition.factors("electricity.solar", f"combined_margin_weight_{margin}"):
                weights[margin] = Decimal(factor.value_text)
            for factor in edition.factors(GRID_ELECTRICITY, f"baseline_{margin}"):
                if factor.region.split("-")[0] == country:
                    baselines.setdefault((edition.id, factor.region), {})[margin] = Decimal(factor.value_text)
    return {
        place: sum((weights[margin] * rate for margin, rate in margins.items()), Decimal(0))
        for place, margins in baselines.items()
        if weights.keys() == margins.keys()
    }
