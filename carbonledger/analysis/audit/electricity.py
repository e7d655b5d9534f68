"""Doubts about own generation, certificates and scope 2 labels.

References
----------
GHG Protocol Scope 2 Guidance (2015), chapters 5 to 7: gross purchases, one claim per certificate, both methods labelled.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from carbonledger.accounting.scope2 import check_balance
from carbonledger.analysis.audit.case import AuditCase
from carbonledger.errors import Finding
from carbonledger.factors.editions import editions_about, read_edition
from carbonledger.units import conversion_factor

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cert_double", "cert_quality", "method_label", "pv_balance", "pv_twice"]

_SAME = 1e-6
_OWN = ("electricity.solar", "electricity.wind", "electricity.hydro")


def _sites(case: AuditCase) -> Iterator[tuple[str, pd.DataFrame, pd.Series]]:
    """The lines of each company and site, and their MWh by activity."""
    lines = case.lines
    lines = lines[lines["activity"].str.startswith("electricity")]
    mwh = lines["energy_gj"] * conversion_factor("GJ", "MWh")
    for key, group in lines.groupby(["entity", "site"], sort=False):
        name = " / ".join(str(part) for part in key if part) or "the company"
        yield name, group, mwh.loc[group.index].groupby(group["activity"]).sum()


def pv_twice(case: AuditCase) -> Iterator[Finding]:
    """Own use is not also inside the purchases: P + S <= L of the load meter, and P is not L while there is PV."""
    tolerance = case.thresholds.meter_tolerance
    for name, group, mwh in _sites(case):
        load, bought = float(mwh.get("electricity.load", 0.0)), float(mwh.get("electricity.grid", 0.0))
        own = float(mwh.reindex(list(_OWN)).fillna(0.0).sum())
        if not (load and own):
            continue
        if bought + own > load * (1 + tolerance):
            message = f"{name}: purchases {bought:g} MWh and own use {own:g} MWh exceed the metered load {load:g} MWh."
            way_out = "Count only what came through the grid meter as purchase; own use lowers it already."
            yield case.finding("PV_TWICE", "error", message, way_out, group[group["activity"] == "electricity.grid"])


def pv_balance(case: AuditCase) -> Iterator[Finding]:
    """G = S + X + losses per site, and the printed energy does not contain the export."""
    for name, group, mwh in _sites(case):
        made = float(mwh.get("electricity.generated", 0.0))
        own = float(mwh.reindex(list(_OWN)).fillna(0.0).sum())
        sold = float(mwh.get("electricity.exported", 0.0))
        yield from _load_beyond(case, name, group, mwh)
        if sold and not made:
            message = (
                f"{name}: {sold:g} MWh are exported, but no generation is stated, so that the balance cannot be drawn."
            )
            way_out = "Enter the generation of the inverters as electricity.generated."
            exports = group[group["activity"] == "electricity.exported"]
            yield case.finding("PV_BALANCE", "warning", message, way_out, exports)
        lost = float(mwh.get("electricity.storage_loss", 0.0))
        if not made:
            continue
        for fault in check_balance(made, own, sold, lost, case.thresholds.meter_tolerance):
            meters = group[group["activity"] != "electricity.grid"]
            found = case.finding("PV_BALANCE", "error", f"{name}: {fault.message}", fault.way_out, meters)
            bought = float(mwh.get("electricity.grid", 0.0))
            rate = float(group["emissions_tco2e"].sum()) / bought if bought else 0.0
            yield replace(found, tonnes_at_stake=abs(made - own - sold - lost) * rate)


def _load_beyond(case: AuditCase, name: str, group: pd.DataFrame, mwh: pd.Series) -> Iterator[Finding]:
    """The metered load does not exceed what is bought and made."""
    load, bought = float(mwh.get("electricity.load", 0.0)), float(mwh.get("electricity.grid", 0.0))
    own = float(mwh.reindex([*_OWN, "electricity.direct_line"]).fillna(0.0).sum())
    if load > (bought + own) * (1 + case.thresholds.meter_tolerance):
        message = f"{name}: the metered load {load:g} MWh exceeds purchases {bought:g} MWh and own use {own:g} MWh."
        way_out = "Find the purchase or generation that is missing, or the multiplier of the load meter."
        yield case.finding("PV_BALANCE", "error", message, way_out, group[group["activity"] == "electricity.load"])


def cert_double(case: AuditCase) -> Iterator[Finding]:
    """Nothing is claimed beyond the load; a certificate used twice is found when instruments are read."""
    if case.scope_2 is None:
        return
    load = sum(level.mwh for level in case.scope_2.levels)
    if case.scope_2.surplus_mwh > 0:
        message = (
            f"instruments exceed the purchases by {case.scope_2.surplus_mwh:g} MWh, beside a load of {load:g} MWh."
        )
        yield Finding(
            "CERT_DOUBLE", "error", message, "Claim each MWh once; the surplus is carried forward or forfeited."
        )


def cert_quality(case: AuditCase) -> Iterator[Finding]:
    """Renewable purchases are claimed only with an instrument."""
    markets = set(case.lines.loc[case.lines["activity"] == "electricity.grid", "region"].str.split("-").str[0])
    for item in case.instruments:
        if item.market not in markets:
            message = f"it is of the market {item.market!r}, where nothing is bought (quality criterion 5)."
            way_out = "Claim instruments of the market of the consumption only; markets are country codes such as CN."
            yield Finding("CERT_QUALITY", "warning", message, way_out, file=item.file, row=item.row)
    claimed = case.lines[case.lines["activity"].isin(["electricity.direct_line"])]
    bought = case.lines["factor"].str.contains("renewable|green", case=False) & (
        case.lines["activity"] == "electricity.grid"
    )
    lines = case.lines[bought]
    if len(lines) and not case.instruments:
        message = "grid electricity is calculated as renewable, but no instrument is on record."
        way_out = "Record the certificates or contracts in [scope_2] instruments, or use the grid factor."
        yield case.finding("CERT_QUALITY", "error", message, way_out, lines)
    if len(claimed) and case.scope_2 is None:
        message = "renewable electricity of a third party counts 0, but nothing says whose its attributes are."
        way_out = "Set direct_line_attributes in [scope_2] to kept or sold."
        yield case.finding("CERT_QUALITY", "warning", message, way_out, claimed)


@cache
def _published_residuals(country: str) -> tuple[tuple[str, float], ...]:
    """The residual mixes that are published about a country, t/MWh."""
    found = [
        factor
        for name in editions_about(country)
        for factor in read_edition(name).factors("electricity.grid", "residual_mix")
    ]
    return tuple((factor.reference, factor.value * conversion_factor(factor.unit, "t/MWh")) for factor in found)


def method_label(case: AuditCase) -> Iterator[Finding]:
    """Both methods stand where instruments exist, differ if certificates were used, and location-based uses no contract."""
    residual = _published_residuals(case.country)
    for row, contractual in case.plan_lines():
        if row.activity != "electricity.grid" or row.scope != 2 or not row.energy_gj:
            continue
        rate = row.emissions_tco2e / row.energy_gj / conversion_factor("GJ", "MWh")
        near = next((name for name, value in residual if math.isclose(rate, value, rel_tol=_SAME)), "")
        if not near:
            continue
        message = f"{row.key}: the location-based scope 2 is calculated at {rate:.4f} t/MWh, the residual mix {near}."
        way_out = "Use the grid average for the lines; contracts belong to [scope_2] instruments."
        yield case.finding("METHOD_LABEL", "error", message, way_out, contractual)
    yield from _both_methods(case)


def _both_methods(case: AuditCase) -> Iterator[Finding]:
    """Two totals where instruments exist, which differ if instruments were used."""
    result = case.scope_2
    if result is None:
        if case.instruments:
            message = "instruments are on record, but only one scope 2 total is formed."
            yield Finding(
                "METHOD_LABEL", "error", message, "Add [scope_2] to book.toml, so that both methods are reported."
            )
        return
    covered = sum(level.mwh for level in result.levels if level.level in {1, 2, 3} and level.t_per_mwh == 0)
    same = abs(result.market_based_tco2e - result.location_based_tco2e) <= 1e-6 * max(result.location_based_tco2e, 1.0)
    if covered and same:
        message = (
            f"both methods give {result.location_based_tco2e:g} t although {covered:g} MWh are covered by instruments."
        )
        yield Finding("METHOD_LABEL", "error", message, "Check the rates of the instruments and the residual mix.")
