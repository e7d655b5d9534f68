"""PV_TWICE: own use is not also counted as a purchase."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING

from carbonledger.activity_data.notes import noted
from carbonledger.audit.case import AuditCase
from carbonledger.audit.site_electricity import SiteElectricity, electricity_by
from carbonledger.core.activities import ELECTRICITY_LOAD, GENERATED_ELECTRICITY, GRID_ELECTRICITY, OWN_GENERATION
from carbonledger.core.findings import Finding
from carbonledger.core.units import conversion_factor

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["pv_twice"]

_SAME = 1e-6
_FEWEST_DIGITS = 4
_PV_WORDS = r"光伏|photovolt|solar|(?:^|[^a-z])pv(?:[^a-z]|$)"


def pv_twice(case: AuditCase) -> Iterator[Finding]:
    """Own use is not also inside the purchases: by the load meter, by the same amount, or by the name of the meter."""
    for place in electricity_by(case, ["entity", "site"]):
        own = place.of(*OWN_GENERATION)
        load = place.of(ELECTRICITY_LOAD)
        if load and own and place.of(GRID_ELECTRICITY) + own > load * (1 + case.thresholds.meter_tolerance):
            amounts = {"purchased_mwh": place.of(GRID_ELECTRICITY), "own_use_mwh": own, "load_mwh": load}
            yield case.finding("PV_TWICE.load", _bought(place), site=place.name, **amounts)
        elif own or place.of(GENERATED_ELECTRICITY):
            yield from _booked_again(case, place, _bought(place))
    yield from _called_own(case)


def _bought(place: SiteElectricity) -> pd.DataFrame:
    """The purchases of a site."""
    return place.lines[place.lines["activity"] == GRID_ELECTRICITY]


def _booked_again(case: AuditCase, place: SiteElectricity, bought: pd.DataFrame) -> Iterator[Finding]:
    """A purchase of the same amount as own use or generation in the same days."""
    meters = place.lines[place.lines["activity"].isin((*OWN_GENERATION, GENERATED_ELECTRICITY))]
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


def _again(case: AuditCase, place: SiteElectricity, lines: pd.DataFrame) -> Finding:
    """Own generation that is entered as a purchase too."""
    mwh = float(lines["energy_gj"].sum()) * conversion_factor("GJ", "MWh")
    return case.finding("PV_TWICE.same_amount", lines, site=place.name, mwh=mwh)


def _called_own(case: AuditCase) -> Iterator[Finding]:
    """Purchases whose meter is called after photovoltaics, and are priced as grid."""
    lines = case.lines
    called = (lines["activity"] == GRID_ELECTRICITY) & lines["source"].str.contains(_PV_WORDS, case=False)
    chosen = lines[called]
    chosen = chosen[~noted(chosen)] if len(chosen) else chosen
    if len(chosen):
        yield case.finding("PV_TWICE.named", chosen, source=str(chosen["source"].iloc[0]))
