"""Doubts about a published total."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from carbonledger.accounting.inventory import Inventory
from carbonledger.analysis.figures import PublishedFigure
from carbonledger.factors.editions import editions_about, read_edition
from carbonledger.rounding import Interval, decimal_of
from carbonledger.units import conversion_factor

__all__ = ["NettedFactor", "avoided_netted"]

_NEAR = Decimal("0.01")
_OWN = ("electricity.solar", "electricity.wind", "electricity.hydro")
_PARAMETERS = ("emission_factor", "residual_mix", "fossil_average", "baseline_om", "baseline_bm")


@dataclass(frozen=True, slots=True)
class NettedFactor:
    """The factor at which own generation would have been subtracted from the gross total to give the printed one.

    Parameters
    ----------
    gross_tco2e : Decimal
        The gross total.
    own_mwh : Decimal
        Own renewable generation used on site.
    implied : Interval
        (gross - printed) / own generation, t CO2e per MWh.
    near : tuple of (str, Decimal)
        Published factors of the country within 1 % of it, nearest first.
    """

    gross_tco2e: Decimal
    own_mwh: Decimal
    implied: Interval
    near: tuple[tuple[str, Decimal], ...]


def avoided_netted(inventory: Inventory, figure: PublishedFigure, country: str) -> NettedFactor | None:
    """Whether a printed total looks like the gross one less avoided emissions of own generation (AVOIDED_NETTED).

    Parameters
    ----------
    inventory : Inventory
        The gross inventory.
    figure : PublishedFigure
        The printed total, in t CO2e.
    country : str
        Whose factors are compared, ISO 3166-1.

    Returns
    -------
    NettedFactor or None
        None if the printed total is not below the gross one, there is no own generation, or no published factor lies within 1 % of
        the implied one. A factor found shows that the arithmetic fits, not that it was done.

    References
    ----------
    ISO 14064-1:2018, 9.3.3, and GHG Protocol Corporate Standard, chapter 8: avoided emissions are reported apart from the inventory.
    """
    by_activity = inventory.by("activity").set_index("activity")["energy_gj"]
    own = decimal_of(float(by_activity.reindex(_OWN).fillna(0.0).sum()) * conversion_factor("GJ", "MWh"))
    gross = decimal_of(float(inventory.total_location_based().magnitude))
    printed = figure.figure.interval
    if own <= 0 or printed.high >= gross:
        return None
    implied = (Interval(gross, gross) - printed) / Interval(own, own)
    near = _published_near(implied.middle, country)
    return NettedFactor(gross, own, implied, near) if near else None


def _published_near(rate: Decimal, country: str) -> tuple[tuple[str, Decimal], ...]:
    """Published grid factors of a country, and combined margins of its baselines, within 1 % of a rate."""
    found: dict[str, Decimal] = {}
    for name in editions_about(country, "avoided"):
        edition = read_edition(name)
        for parameter in _PARAMETERS:
            for factor in edition.factors("electricity.grid", parameter):
                if factor.region.split("-")[0] == country and factor.gas in {"CO2", "CO2e"}:
                    found[factor.reference] = decimal_of(factor.value * conversion_factor(factor.unit, "t/MWh"))
    found |= _combined_margins(country)
    close = [(name, value) for name, value in found.items() if abs(value - rate) <= _NEAR * rate]
    return tuple(sorted(close, key=lambda item: abs(item[1] - rate)))


def _combined_margins(country: str) -> dict[str, Decimal]:
    """Combined margins of every baseline of a country, at the weights for photovoltaics that an edition states."""
    weights: dict[str, Decimal] = {}
    baselines: dict[tuple[str, str], dict[str, Decimal]] = {}
    for name in editions_about(country, "avoided"):
        edition = read_edition(name)
        for margin in ("om", "bm"):
            for factor in edition.factors("electricity.solar", f"combined_margin_weight_{margin}"):
                weights[margin] = Decimal(factor.value_text)
            for factor in edition.factors("electricity.grid", f"baseline_{margin}"):
                if factor.region.split("-")[0] == country:
                    baselines.setdefault((edition.id, factor.region), {})[margin] = Decimal(factor.value_text)
    return {
        f"{edition} {region} combined margin": sum(
            (weights[margin] * rate for margin, rate in margins.items()), Decimal(0)
        )
        for (edition, region), margins in baselines.items()
        if weights.keys() == margins.keys()
    }
