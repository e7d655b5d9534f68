"""Doubts about own generation: counted as bought, or not balanced.

References
----------
GHG Protocol Scope 2 Guidance (2015), 5.4: gross purchases, own use at 0. Physical identities per site: generation = own use + export +
losses; load = purchases + own use.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from carbonledger.accounting.scope2 import check_balance
from carbonledger.activities import OWN_GENERATION, taxonomy
from carbonledger.analysis.audit.case import AuditCase, lines_of, name_of, noted
from carbonledger.errors import Finding, Severity
from carbonledger.units import conversion_factor

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["pv_balance", "pv_twice"]

_GRID, _MADE, _SOLD = "electricity.grid", "electricity.generated", "electricity.exported"
_SAME = 1e-6
_FEWEST_DIGITS = 4
_MONTHLY = 6
# Two meters are not read on the same evening of every month.
_MONTH_TOLERANCE = 0.1
_PV_WORDS = r"光伏|photovolt|solar|(?:^|[^a-z])pv(?:[^a-z]|$)"
_OF_BALANCE = (*OWN_GENERATION, _MADE, _SOLD, "electricity.storage_loss")


@dataclass(frozen=True)
class _Place:
    """The electricity lines of a site or company, and the MWh by activity."""

    name: str
    lines: pd.DataFrame
    mwh: pd.Series

    def of(self, *activities: str) -> float:
        """The MWh of some activities."""
        return float(self.mwh.reindex(list(activities)).fillna(0.0).sum())


def _places(case: AuditCase, columns: list[str], without: Sequence[int] = ()) -> Iterator[_Place]:
    """The electricity of each site, or of each company, without some lines."""
    lines = case.lines.drop(index=list(without))
    lines = lines[lines["activity"].str.startswith("electricity") & (lines["scope"] != 3)]
    mwh = lines["energy_gj"] * conversion_factor("GJ", "MWh")
    for key, group in lines.groupby(columns, sort=False):
        yield _Place(name_of(key), group, mwh.loc[group.index].groupby(group["activity"]).sum())


def pv_twice(case: AuditCase) -> Iterator[Finding]:
    """Own use is not also inside the purchases: by the load meter, by the same amount, or by the name of the meter."""
    for place in _places(case, ["entity", "site"]):
        bought = place.lines[place.lines["activity"] == _GRID]
        own = place.of(*OWN_GENERATION)
        load = place.of("electricity.load")
        if load and own and place.of(_GRID) + own > load * (1 + case.thresholds.meter_tolerance):
            message = f"{place.name}: purchases {place.of(_GRID):g} MWh and own use {own:g} MWh exceed the metered load {load:g} MWh."
            yield case.finding("PV_TWICE", "error", message, _ONLY_THE_GRID, bought)
        elif own or place.of(_MADE):
            yield from _booked_again(case, place, bought)
    yield from _called_own(case)


_ONLY_THE_GRID = "Count only what came through the grid meter as purchase; own use lowers it already."


def _booked_again(case: AuditCase, place: _Place, bought: pd.DataFrame) -> Iterator[Finding]:
    """A purchase of the same amount as own use or generation in the same days."""
    meters = place.lines[place.lines["activity"].isin((*OWN_GENERATION, _MADE))]
    for at, line in bought.iterrows():
        twin = meters[(meters["start"] == line["start"]) & (meters["end"] == line["end"])]
        if _alike(line["energy_gj"], twin["energy_gj"]):
            yield _again(case, place, bought.loc[[at]])
            return
    by_activity = meters.groupby("activity")["energy_gj"].sum()
    for _, group in bought.groupby("source", sort=False):
        if _alike(float(group["energy_gj"].sum()), by_activity):
            yield _again(case, place, group)
            return


def _alike(value: float, others: pd.Series) -> bool:
    """Whether an amount of enough digits is one of some others."""
    amount = f"{value * conversion_factor('GJ', 'MWh'):.9g}"
    telling = len(amount.replace(".", "").strip("0").split("e")[0]) >= _FEWEST_DIGITS
    return telling and any(math.isclose(value, float(other), rel_tol=_SAME) for other in others)


def _again(case: AuditCase, place: _Place, lines: pd.DataFrame) -> Finding:
    """Own generation that is entered as a purchase too."""
    mwh = float(lines["energy_gj"].sum()) * conversion_factor("GJ", "MWh")
    message = f"{place.name}: {mwh:g} MWh stand as purchase and, to the last digit, as own generation."
    return case.finding("PV_TWICE", "error", message, _ONLY_THE_GRID, lines)


def _called_own(case: AuditCase) -> Iterator[Finding]:
    """Purchases whose meter is called after photovoltaics, and are priced as grid."""
    lines = case.lines
    called = (lines["activity"] == _GRID) & lines["source"].str.contains(_PV_WORDS, case=False)
    chosen = lines[called]
    chosen = chosen[~noted(chosen)] if len(chosen) else chosen
    if len(chosen):
        message = f"{chosen['source'].iloc[0]}: it is called photovoltaics and is counted as bought from the grid."
        way_out = "Enter own use as electricity.solar, a third party's roof as electricity.direct_line; or say in a note what it is."
        yield case.finding("PV_TWICE", "warning", message, way_out, chosen)


def pv_balance(case: AuditCase) -> Iterator[Finding]:
    """G = S + X + losses per site and month, or per company where the meters stand at several sites."""
    if not case.lines["activity"].isin((*_OF_BALANCE, "electricity.load")).any():
        return
    whole = _split_companies(case)
    for place in _places(case, ["entity", "site"]):
        if place.lines["entity"].iloc[0] not in whole or _is_engine(case, place):
            yield from _balance(case, place)
    engines = [place.lines.index for place in _places(case, ["entity", "site"]) if _is_engine(case, place)]
    for place in _places(case, ["entity"], [at for index in engines for at in index]):
        if place.lines["entity"].iloc[0] in whole:
            yield from _balance(case, place)
    for place in _places(case, ["entity", "site"]):
        yield from _load_beyond(case, place)


def _split_companies(case: AuditCase) -> set[str]:
    """Companies of which some site has generation without use and export, and another use or export without generation."""
    sides: dict[str, set[str]] = {}
    for place in _places(case, ["entity", "site"]):
        made, used = place.of(_MADE), place.of(*OWN_GENERATION, _SOLD)
        if bool(made) != bool(used) and not _is_engine(case, place):
            sides.setdefault(str(place.lines["entity"].iloc[0]), set()).add("made" if made else "used")
    return {entity for entity, found in sides.items() if found == {"made", "used"}}


def _is_engine(case: AuditCase, place: _Place) -> bool:
    """Whether what a site generates is from fuel: it burns some, and uses nothing of the sun."""
    return bool(place.of(_MADE)) and not place.of(*OWN_GENERATION) and _burns_fuel(case, place)


def _balance(case: AuditCase, place: _Place) -> Iterator[Finding]:
    """The balance of one site or company."""
    made, own, sold, lost = (
        place.of(_MADE),
        place.of(*OWN_GENERATION),
        place.of(_SOLD),
        place.of("electricity.storage_loss"),
    )
    burns = _burns_fuel(case, place)
    if sold and not made and not burns:
        message = f"{place.name}: {sold:g} MWh are exported, but no generation is stated, so that the balance cannot be drawn."
        way_out = "Enter the generation of the inverters as electricity.generated."
        exports = place.lines[place.lines["activity"] == _SOLD]
        yield case.finding("PV_BALANCE", "warning", message, way_out, exports)
    if not made or (burns and not own):
        return
    severity: Severity = "warning" if burns and made > own + sold + lost else "error"
    faults = check_balance(made, own, sold, lost, case.thresholds.meter_tolerance)
    for fault in faults:
        meters = place.lines[place.lines["activity"] != _GRID]
        found = case.finding("PV_BALANCE", severity, f"{place.name}: {fault.message}", fault.way_out, meters)
        bought = place.of(_GRID)
        rate = float(place.lines["emissions_tco2e"].sum()) / bought if bought else 0.0
        yield replace(found, tonnes_at_stake=abs(made - own - sold - lost) * rate)
    if not faults:
        yield from _months(case, place)


def _burns_fuel(case: AuditCase, place: _Place) -> bool:
    """Whether the site burns fuel, so that what it generates may be from it."""
    key = [str(place.lines[column].iloc[0]) for column in ("entity", "site")]
    here = lines_of(case.lines, ["entity", "site"], key)
    return any(taxonomy()[name].kind == "fuel" and name != "fuel.gasoline" for name in set(here["activity"]))


def _months(case: AuditCase, place: _Place) -> Iterator[Finding]:
    """The balance of each month, where generation and its uses are read monthly."""
    lines = place.lines[place.lines["activity"].isin(_OF_BALANCE)]
    table = lines.pivot_table(index=["start", "end"], columns="activity", values="energy_gj", aggfunc="sum")
    if len(table) < _MONTHLY or table.isna().any(axis=None) or _MADE not in table:
        return
    gaps = table[_MADE] - table.drop(columns=[_MADE]).sum(axis=1)
    open_months = gaps[gaps.abs() > table[_MADE] * _MONTH_TOLERANCE]
    if len(open_months):
        starts = [key[0] for key in open_months.index]
        chosen = lines[lines["start"].isin(starts)]
        named = ", ".join(f"{day:%Y-%m}" for day in starts)
        message = f"{place.name}: the year balances, but generation is not own use plus export in {named}."
        yield case.finding("PV_BALANCE", "warning", message, "Check these months' meters and their dates.", chosen)


def _load_beyond(case: AuditCase, place: _Place) -> Iterator[Finding]:
    """The metered load does not exceed what is bought and made."""
    load, bought = place.of("electricity.load"), place.of(_GRID)
    own = place.of(*OWN_GENERATION, "electricity.direct_line", "electricity.direct_line.fossil")
    burns = _burns_fuel(case, place) and not place.of(*OWN_GENERATION)
    own = max(own, place.of(_MADE) - place.of(_SOLD)) if burns else own
    if load > (bought + own) * (1 + case.thresholds.meter_tolerance):
        message = (
            f"{place.name}: the metered load {load:g} MWh exceeds purchases {bought:g} MWh and own use {own:g} MWh."
        )
        way_out = "Find the purchase or generation that is missing, or the multiplier of the load meter."
        chosen = place.lines[place.lines["activity"] == "electricity.load"]
        yield case.finding("PV_BALANCE", "error", message, way_out, chosen)
