"""Doubts about own generation: counted as bought, or not balanced.

References
----------
GHG Protocol Scope 2 Guidance (2015), 5.4: gross purchases, own use at 0. Physical identities per site: generation = own use + export +
losses; load = purchases + own use.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from carbonledger.audit.case import AuditCase
from carbonledger.audit.site_electricity import SiteElectricity, electricity_by
from carbonledger.core.activities import (
    DIRECT_LINE,
    DIRECT_LINE_FROM_FUEL,
    ELECTRICITY_LOAD,
    EXPORTED_ELECTRICITY,
    GASOLINE,
    GENERATED_ELECTRICITY,
    GRID_ELECTRICITY,
    OWN_GENERATION,
    STORAGE_LOSS,
    taxonomy,
)
from carbonledger.core.findings import Finding, Severity
from carbonledger.core.language import Label
from carbonledger.scope2.market_based import check_balance

__all__ = ["pv_balance"]

_MONTHLY = 6
# Two meters are not read on the same evening of every month.
_MONTH_TOLERANCE = 0.1
_OF_BALANCE = (*OWN_GENERATION, GENERATED_ELECTRICITY, EXPORTED_ELECTRICITY, STORAGE_LOSS)


def pv_balance(case: AuditCase) -> Iterator[Finding]:
    """G = S + X + losses per site and month, or per company where the meters stand at several sites."""
    if not case.lines["activity"].isin((*_OF_BALANCE, ELECTRICITY_LOAD)).any():
        return
    whole = _split_companies(case)
    for place in electricity_by(case, ["entity", "site"]):
        if place.key[0] not in whole or _is_engine(case, place):
            yield from _balance(case, place)
    engines = [place.lines.index for place in electricity_by(case, ["entity", "site"]) if _is_engine(case, place)]
    for place in electricity_by(case, ["entity"], [at for index in engines for at in index]):
        if place.key[0] in whole:
            yield from _balance(case, place)
    for place in electricity_by(case, ["entity", "site"]):
        yield from _load_beyond(case, place)


def _split_companies(case: AuditCase) -> set[str]:
    """Companies of which some site has generation without use and export, and another use or export without generation."""
    sides: dict[str, set[str]] = {}
    for place in electricity_by(case, ["entity", "site"]):
        made, used = place.of(GENERATED_ELECTRICITY), place.of(*OWN_GENERATION, EXPORTED_ELECTRICITY)
        if bool(made) != bool(used) and not _is_engine(case, place):
            sides.setdefault(str(place.key[0]), set()).add("made" if made else "used")
    return {entity for entity, found in sides.items() if found == {"made", "used"}}


def _is_engine(case: AuditCase, place: SiteElectricity) -> bool:
    """Whether what a site generates is from fuel: it burns some, and uses nothing of the sun."""
    return bool(place.of(GENERATED_ELECTRICITY)) and not place.of(*OWN_GENERATION) and _burns_fuel(case, place)


def _balance(case: AuditCase, place: SiteElectricity) -> Iterator[Finding]:
    """The balance of one site or company."""
    made, own, sold, lost = (
        place.of(GENERATED_ELECTRICITY),
        place.of(*OWN_GENERATION),
        place.of(EXPORTED_ELECTRICITY),
        place.of(STORAGE_LOSS),
    )
    burns = _burns_fuel(case, place)
    if sold and not made and not burns:
        exports = place.lines[place.lines["activity"] == EXPORTED_ELECTRICITY]
        yield case.finding("PV_BALANCE.no_generation", exports, site=place.name, exported_mwh=sold)
    if not made or (burns and not own):
        return
    severity: Severity = "warning" if burns and made > own + sold + lost else "error"
    faults = check_balance(made, own, sold, lost, case.thresholds.meter_tolerance)
    for fault in faults:
        meters = place.lines[place.lines["activity"] != GRID_ELECTRICITY]
        texts = {"problem": fault.says, "remedy": Label(fault.remedy, fault.remedy_in("zh"))}
        found = case.finding("PV_BALANCE.open", meters, site=place.name, **texts).as_severity(severity)
        bought = place.of(GRID_ELECTRICITY)
        rate = float(place.lines["emissions_tco2e"].sum()) / bought if bought else 0.0
        yield replace(found, tonnes_at_stake=abs(made - own - sold - lost) * rate)
    if not faults:
        yield from _months(case, place)


def _burns_fuel(case: AuditCase, place: SiteElectricity) -> bool:
    """Whether the site burns fuel, so that what it generates may be from it."""
    here = case.lines_of(["entity", "site"], _first_site(place))
    return any(taxonomy()[name].kind == "fuel" and name != GASOLINE for name in set(here["activity"]))


def _first_site(place: SiteElectricity) -> tuple[str, str]:
    """Company and site of the first line of a site or company."""
    first = place.all_lines.iloc[int(place.rows[0])]
    return str(first["entity"]), str(first["site"])


def _months(case: AuditCase, place: SiteElectricity) -> Iterator[Finding]:
    """The balance of each month, where generation and its uses are read monthly."""
    lines = place.lines[place.lines["activity"].isin(_OF_BALANCE)]
    table = lines.pivot_table(index=["start", "end"], columns="activity", values="energy_gj", aggfunc="sum")
    if len(table) < _MONTHLY or table.isna().any(axis=None) or GENERATED_ELECTRICITY not in table:
        return
    gaps = table[GENERATED_ELECTRICITY] - table.drop(columns=[GENERATED_ELECTRICITY]).sum(axis=1)
    open_months = gaps[gaps.abs() > table[GENERATED_ELECTRICITY] * _MONTH_TOLERANCE]
    if len(open_months):
        starts = [key[0] for key in open_months.index]
        chosen = lines[lines["start"].isin(starts)]
        months = tuple(f"{day:%Y-%m}" for day in starts)
        yield case.finding("PV_BALANCE.months", chosen, site=place.name, months=months)


def _load_beyond(case: AuditCase, place: SiteElectricity) -> Iterator[Finding]:
    """The metered load does not exceed what is bought and made."""
    load, bought = place.of(ELECTRICITY_LOAD), place.of(GRID_ELECTRICITY)
    own = place.of(*OWN_GENERATION, DIRECT_LINE, DIRECT_LINE_FROM_FUEL)
    burns = _burns_fuel(case, place) and not place.of(*OWN_GENERATION)
    own = max(own, place.of(GENERATED_ELECTRICITY) - place.of(EXPORTED_ELECTRICITY)) if burns else own
    if load > (bought + own) * (1 + case.thresholds.meter_tolerance):
        chosen = place.lines[place.lines["activity"] == ELECTRICITY_LOAD]
        amounts = {"load_mwh": load, "purchased_mwh": bought, "own_use_mwh": own}
        yield case.finding("PV_BALANCE.load", chosen, site=place.name, **amounts)
