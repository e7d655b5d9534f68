"""Doubts about certificates and other instruments: claimed once, by whom and for when.

Ranges that overlap, refused and doubtful records are found when instruments are read, see `carbonledger.scope2.quality_criteria`.

References
----------
GHG Protocol Scope 2 Guidance (2015), table 7.1 (quality criteria) and chapter 5.4 (own generation).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from carbonledger.activity_data.registers import RegisterEntry
from carbonledger.audit.case import AuditCase
from carbonledger.audit.materiality import HALF_A_CERTIFICATE_MWH, purchases_for, uncovered_rate
from carbonledger.core.activities import EXPORTED_ELECTRICITY, OWN_GENERATION
from carbonledger.core.findings import Finding
from carbonledger.core.language import Label
from carbonledger.core.units import conversion_factor
from carbonledger.scope2.instruments import Instrument

if TYPE_CHECKING:
    pass

__all__ = ["cert_double"]

_SUN = ("光伏", "太阳能", "solar", "photovolt", "pv ")


def cert_double(case: AuditCase) -> Iterator[Finding]:
    """No MWh is claimed twice: bundled power and a certificate, electricity and a credit, sold and kept."""
    claimed = [item for item in case.instruments if item.use == "claimed" and item.claimed_year in {0, case.year}]
    yield from _bundled(case, claimed)
    yield from _credits(case, claimed)
    yield from _sold_own_use(case)


def _bundled(case: AuditCase, claimed: list[Instrument]) -> Iterator[Finding]:
    """Green power that came with its attributes, and a certificate for the same MWh."""
    for first, second in combinations(claimed, 2):
        power, certificate = (first, second) if first.bundled else (second, first)
        if not power.bundled or certificate.bundled or certificate.kind != "certificate":
            continue
        if _same_mwh(power, certificate):
            likeness = Label("plant", "电站") if power.plant else Label("technology and time", "技术和时间")
            rows = {"power_row": power.row, "certificate_row": certificate.row}
            found = Finding.of("CERT_DOUBLE.bundled", mwh=power.mwh, likeness=likeness, **rows)
            yield _about(case, certificate, found)


def _same_mwh(power: Instrument, certificate: Instrument) -> bool:
    """Whether two records seem to be about the same MWh: amount, plant or technology, and time of generation."""
    if power.market != certificate.market or abs(power.mwh - certificate.mwh) > HALF_A_CERTIFICATE_MWH:
        return False
    if power.plant and certificate.plant:
        return power.plant.casefold() == certificate.plant.casefold()
    times = (power.generated, certificate.generated)
    alike = power.technology.casefold() == certificate.technology.casefold()
    return alike and (None in times or bool(times[0] and times[1] and times[0].overlap_days(times[1])))


def _about(case: AuditCase, item: Instrument, finding: Finding) -> Finding:
    """A finding about an instrument, at what the instrument takes off the market-based total."""
    placed = case.placed(finding, purchases_for(case.lines, item))
    stake = item.mwh * max(uncovered_rate(case, item.market) - item.t_per_mwh, 0.0)
    return replace(placed, file=item.file, sheet="", row=item.row, tonnes_at_stake=stake)


def _credits(case: AuditCase, claimed: list[Instrument]) -> Iterator[Finding]:
    """Certificates and own generation whose MWh were also sold as credits."""
    sold = [entry for entry in case.registers if entry.kind == "credit_sold"]
    for entry in sold:
        for item in claimed:
            if _names(entry, item) and not item.credit:
                named = {"source": item.plant or item.registry, "scheme": entry.scheme}
                yield _about(case, item, Finding.of("CERT_DOUBLE.credits", tco2e=entry.tco2e, **named))
    own = case.lines[case.lines["activity"].isin(OWN_GENERATION)]
    from_sun = [entry for entry in sold if any(word in f"{entry.scheme} {entry.note} ".casefold() for word in _SUN)]
    if len(own) and from_sun and case.instrument_settings.own_attributes == "kept":
        credit = from_sun[0]
        yield case.finding("CERT_DOUBLE.own_credits", own, tco2e=credit.tco2e, scheme=credit.scheme)


def _names(entry: RegisterEntry, item: Instrument) -> bool:
    """Whether an entry of a register names an instrument: its plant, or its first certificate."""
    text = "".join(f"{entry.scheme} {entry.evidence} {entry.note}".casefold().split())
    ids = [f"{item.series}{item.first_id}"] if item.series and item.first_id else []
    ids += [f"{''.join(item.registry.casefold().split())}{item.first_id}"] if item.first_id else []
    plant = "".join(item.plant.casefold().split())
    return any(name in text for name in [*ids, *([plant] if plant else [])])


def _sold_own_use(case: AuditCase) -> Iterator[Finding]:
    """Certificates of own generation that were sold beyond what was exported, while own use is claimed as kept."""
    if case.instrument_settings.own_attributes != "kept" or case.already(
        "ATTRIBUTES_CONTRADICTED", "SOLD_BEYOND_GENERATION"
    ):
        return
    lines = case.lines
    mwh = lines["energy_gj"] * conversion_factor("GJ", "MWh")
    own, out = lines["activity"].isin(OWN_GENERATION), lines["activity"] == EXPORTED_ELECTRICITY
    for market in {item.market for item in case.instruments if item.use == "sold"}:
        here = lines["region"].str.split("-").str[0] == market
        sold = sum(item.mwh for item in case.instruments if item.use == "sold" and item.market == market)
        beyond = sold - float(mwh[here & out].sum())
        if (here & own).any() and beyond > HALF_A_CERTIFICATE_MWH:
            amounts = {"market": market, "sold_mwh": sold, "beyond_mwh": beyond}
            found = case.finding("CERT_DOUBLE.own_sold", lines[here & own], **amounts)
            yield replace(found, tonnes_at_stake=beyond * uncovered_rate(case, market))
