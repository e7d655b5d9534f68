"""Certificates held against the load by the hour, and by month and year beside it: a proposal for scope 2, a draft.

References
----------
GHG Protocol, public consultation on scope 2, October 2025 to January 2026: certificates would count in the hour and the deliverable market
in which they were issued. In force is the Scope 2 Guidance (2015), which matches by year. A draft can change, and nothing here enters an
inventory.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from carbonledger.core.errors import BookError
from carbonledger.core.findings import Finding, Message, first_error
from carbonledger.core.language import Lang, word
from carbonledger.core.plain_data import plain_data
from carbonledger.scope2.guidance import ruleset
from carbonledger.time_resolved.engine import collected
from carbonledger.time_resolved.factor_series import FactorSeries
from carbonledger.time_resolved.laid_readings import LaidReadings, Spread, lay_readings

__all__ = ["HourlyMatching", "match_by_hour"]

_HOUR = 3600
_KG_PER_T = 1000.0
_PERIODS = ("hour", "month", "year")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class HourlyMatching:
    """How much of the load certificates cover, matched by hour, by month and by year.

    Parameters
    ----------
    periods : pandas.DataFrame
        One row each for ``hour``, ``month`` and ``year``: ``load_kwh``, ``certificates_kwh``, ``matched_kwh``, its ``share`` of the load
        (0 to 1, not a number without a load), ``surplus_kwh`` of certificates, ``unmatched_kwh``, and its ``emissions_t`` at the residual
        factor.
    hours : pandas.DataFrame
        One row for each region and hour: ``region``, ``start`` [seconds since 1970 in UTC], ``load_kwh``, ``certificates_kwh``,
        ``matched_kwh``.
    rules : str
        Of which draft.
    gas : str
        What the residual factors count.
    findings : tuple of Finding
        Of the readings, and that the rules are a draft.
    """

    periods: pd.DataFrame
    hours: pd.DataFrame
    rules: str
    gas: str
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        shares = ", ".join(f"{self.share(period):.1%} by the {period}" for period in _PERIODS)
        return f"HourlyMatching(draft {self.rules}: {shares})"

    @property
    def is_complete(self) -> bool:
        """Whether all readings and certificates are in the figures, and every unmatched kWh has a factor."""
        return first_error(self.findings) is None

    def share(self, period: str) -> float:
        """The share of the load that is matched, 0 to 1, by ``hour``, ``month`` or ``year``."""
        return float(self.periods.set_index("period")["share"][period])

    def to_dict(self, lang: Lang = "en") -> Any:
        """The figures and findings as plain data, texts in a language."""
        return plain_data(
            {
                "method": word("hourly_matching_method", lang),
                "rules": self.rules,
                "draft": True,
                "in_inventory": False,
                "gas": self.gas,
                "complete": self.is_complete,
                "periods": self.periods.to_dict("records"),
                "findings": [finding.to_dict(lang) for finding in self.findings],
            }
        )


def match_by_hour(
    readings: Any,
    certificates: Any,
    residual: FactorSeries,
    *,
    rules: str,
    region: str = "",
    unit: str = "",
    step: str = "",
    spread: Spread = "",
) -> HourlyMatching:
    """Match certificates, or own generation, with the load of each hour, and by month and year beside it.

    Parameters
    ----------
    readings, certificates : frame
        Of the load, and of what was generated for it and redeemed for this company, in the form of `hourly_emissions`. The region is the
        market: a certificate covers load of its own region only.
    residual : FactorSeries
        The factors of what nothing covers, by hour or one a year.
    rules : str
        The draft that is meant, such as ``ghgp_s2_draft_2025``; there is no default, since none is in force.
    region, unit, step, spread
        See `hourly_emissions`; a reading that is longer than an hour is refused unless it is spread.

    Returns
    -------
    HourlyMatching

    Raises
    ------
    BookError
        If there are no such rules, or they are in force and do not match by the hour.
    EntriesError
        If a column is missing, or holds something else than it must.

    Notes
    -----
    In each period and region, matched = min(load, certificates). Emissions of a period = (load - matched) x sum(load x r) / sum(load), with
    the residual factor r of each hour.
    """
    if not ruleset(rules).draft:
        raise BookError(Message.of("HOURLY_MATCHING.in_force", rules=rules))
    zones = {item: residual.zones[item] for item in residual.regions}
    same: Any = {
        "zones": zones,
        "longest": dict.fromkeys(zones, _HOUR),
        "grid": residual.grid,
        "region": region,
        "unit": unit,
        "step": step,
        "spread": spread,
    }
    load, issued = (
        lay_readings(readings, **same, name="readings"),
        lay_readings(certificates, **same, name="certificates"),
    )
    hours = _hours(load, issued, residual)
    findings = [Finding.of("DRAFT_RULES", rules=rules), *residual.findings, *load.findings, *issued.findings]
    for market, own in hours[hours["no_factor"] > 0].groupby("region", sort=True):
        values = {"region": str(market), "kwh": float(own["no_factor"].sum()), "month": str(own["month"].min())}
        findings.append(Finding.of("HOURLY_GAP.no_factor", **values).at(file="readings"))
    periods = pd.DataFrame([_matched(hours, period) for period in _PERIODS])
    listed = hours[["region", "start", "load", "issued", "matched"]].rename(
        columns={"load": "load_kwh", "issued": "certificates_kwh", "matched": "matched_kwh"}
    )
    return HourlyMatching(periods, listed, rules, residual.gas, tuple(findings))


def _by_cell(laid: LaidReadings, name: str) -> pd.DataFrame:
    """Electricity by region and cell, kWh."""
    return collected(laid.frame.group_by("region", "cell").agg(nw.col("kwh").sum().alias(name)))


def _hours(load: LaidReadings, issued: LaidReadings, residual: FactorSeries) -> pd.DataFrame:
    """Load and certificates of each region and hour, with the residual factor of the load."""
    grid, laid = load.grid, [item for item in (load, issued) if item.last >= item.first]
    first, last = min((item.first for item in laid), default=0), max((item.last for item in laid), default=-1)
    cells = residual.cells(first, last, grid)
    for item, name in ((load, "load"), (issued, "issued")):
        cells = cells.merge(_by_cell(item, name), on=["region", "cell"], how="left")
    cells = cells.fillna({"load": 0.0, "issued": 0.0})
    cells["weighted"], cells["no_factor"] = cells["load"] * cells["value"], cells["load"] * (1 - cells["known"])
    moments = cells["cell"].to_numpy() * grid
    for region in residual.regions:
        own = (cells["region"] == region).to_numpy()
        part = residual.clock(region).offsets_at(moments[own]) % _HOUR
        cells.loc[own, "start"] = (moments[own] + part) // _HOUR * _HOUR - part
    sums = cells.groupby(["region", "start", "year", "month"], sort=True)[
        ["load", "issued", "weighted", "no_factor"]
    ].sum()
    hours = sums[(sums["load"] > 0) | (sums["issued"] > 0)].reset_index()
    hours["matched"] = np.minimum(hours["load"], hours["issued"])
    return hours


def _matched(hours: pd.DataFrame, period: str) -> dict[str, Any]:
    """Load, certificates and what of both meets in the periods of a length."""
    keys = ["region", {"hour": "start"}.get(period, period)]
    sums = hours.groupby(keys)[["load", "issued", "weighted", "no_factor"]].sum()
    matched = np.minimum(sums["load"], sums["issued"])
    unmatched = sums["load"] - matched
    factor = sums["weighted"] / sums["load"].where(sums["load"] > 0, 1.0)
    emissions = float((unmatched * factor).sum()) / _KG_PER_T
    total = float(sums["load"].sum())
    return {
        "period": period,
        "load_kwh": total,
        "certificates_kwh": float(sums["issued"].sum()),
        "matched_kwh": float(matched.sum()),
        "share": float(matched.sum()) / total if total else float("nan"),
        "surplus_kwh": float(sums["issued"].sum() - matched.sum()),
        "unmatched_kwh": float(unmatched.sum()),
        "emissions_t": float("nan") if float(sums["no_factor"].sum()) else emissions,
    }
