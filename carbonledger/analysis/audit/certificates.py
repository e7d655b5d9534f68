"""Doubts about certificates and other instruments: claimed once, by whom and for when.

Ranges that overlap, refused and doubtful records are found when instruments are read, see `carbonledger.ledger.claims`.

References
----------
GHG Protocol Scope 2 Guidance (2015), table 7.1 (quality criteria) and chapter 5.4 (own generation).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from typing import TYPE_CHECKING

from carbonledger.activities import OWN_GENERATION
from carbonledger.analysis.audit.case import AuditCase
from carbonledger.analysis.audit.placing import uncovered_rate
from carbonledger.errors import Finding
from carbonledger.ledger.claims import ClaimRules
from carbonledger.ledger.instruments import Instrument
from carbonledger.ledger.registers import RegisterEntry
from carbonledger.periods import Period
from carbonledger.units import conversion_factor

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["cert_double", "cert_quality"]

_WHOLE_MWH = 0.5
_YEAR_MONTHS = 12
_SUN = ("光伏", "太阳能", "solar", "photovolt", "pv ")
_GREEN = r"绿电|绿色电力|绿证|可再生电力|green power|green electricity|renewable electricity"
_GREEN_FACTOR = "renewable|green|绿电|绿色电力"
_BOUGHT = {"electricity": "electricity.grid", "heat": "heat.", "steam": "steam.", "cooling": "cooling."}


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
            message = (
                f"row {power.row} is {power.mwh:g} MWh bundled with their attributes, and row {certificate.row} certificates for as "
                f"many MWh of the same {'plant' if power.plant else 'technology and time'}."
            )
            way_out = "Claim the MWh once: leave out the row that repeats the other, or name the plants that differ."
            yield _about(case, certificate, message, way_out)


def _same_mwh(power: Instrument, certificate: Instrument) -> bool:
    """Whether two records seem to be about the same MWh: amount, plant or technology, and time of generation."""
    if power.market != certificate.market or abs(power.mwh - certificate.mwh) > _WHOLE_MWH:
        return False
    if power.plant and certificate.plant:
        return power.plant.casefold() == certificate.plant.casefold()
    times = (power.generated, certificate.generated)
    alike = power.technology.casefold() == certificate.technology.casefold()
    return alike and (None in times or bool(times[0] and times[1] and times[0].overlap_days(times[1])))


def _about(case: AuditCase, item: Instrument, message: str, way_out: str) -> Finding:
    """An error about an instrument, at what it takes off the market-based total."""
    lines = _bought(case, item)
    found = case.finding("CERT_DOUBLE", "error", message, way_out, lines)
    stake = item.mwh * max(uncovered_rate(case, item.market) - item.t_per_mwh, 0.0)
    return replace(found, file=item.file, sheet="", row=item.row, tonnes_at_stake=stake)


def _bought(case: AuditCase, item: Instrument) -> pd.DataFrame:
    """The purchases that an instrument may be claimed for."""
    lines = case.lines
    here = lines["region"].str.split("-").str[0] == item.market
    return lines[here & lines["activity"].str.startswith(_BOUGHT[item.carrier])]


def _credits(case: AuditCase, claimed: list[Instrument]) -> Iterator[Finding]:
    """Certificates and own generation whose MWh were also sold as credits."""
    sold = [entry for entry in case.registers if entry.kind == "credit_sold"]
    for entry in sold:
        for item in claimed:
            if _names(entry, item) and not item.credit:
                message = (
                    f"the certificates of {item.plant or item.registry} are claimed, and the register has {entry.tco2e:g} t of credits "
                    f"of {entry.scheme} sold from them."
                )
                way_out = "Claim electricity whose attributes nobody else has, or correct the register."
                yield _about(case, item, message, way_out)
    own = case.lines[case.lines["activity"].isin(OWN_GENERATION)]
    from_sun = [entry for entry in sold if any(word in f"{entry.scheme} {entry.note} ".casefold() for word in _SUN)]
    if len(own) and from_sun and case.claims.own_attributes == "kept":
        message = f"own generation is claimed as renewable, and {from_sun[0].tco2e:g} t of credits of {from_sun[0].scheme} were sold."
        way_out = 'If the credits are of this generation, set own_attributes = "sold" in [scope_2]; else say in the register of which.'
        yield case.finding("CERT_DOUBLE", "warning", message, way_out, own)


def _names(entry: RegisterEntry, item: Instrument) -> bool:
    """Whether an entry of a register names an instrument: its plant, or its first certificate."""
    text = "".join(f"{entry.scheme} {entry.evidence} {entry.note}".casefold().split())
    ids = [f"{item.series}{item.first_id}"] if item.series and item.first_id else []
    ids += [f"{''.join(item.registry.casefold().split())}{item.first_id}"] if item.first_id else []
    plant = "".join(item.plant.casefold().split())
    return any(name in text for name in [*ids, *([plant] if plant else [])])


def _sold_own_use(case: AuditCase) -> Iterator[Finding]:
    """Certificates of own generation that were sold beyond what was exported, while own use is claimed as kept."""
    if case.claims.own_attributes != "kept" or case.already("ATTRIBUTES_CONTRADICTED", "SOLD_BEYOND_GENERATION"):
        return
    lines = case.lines
    mwh = lines["energy_gj"] * conversion_factor("GJ", "MWh")
    own, out = lines["activity"].isin(OWN_GENERATION), lines["activity"] == "electricity.exported"
    for market in {item.market for item in case.instruments if item.use == "sold"}:
        here = lines["region"].str.split("-").str[0] == market
        sold = sum(item.mwh for item in case.instruments if item.use == "sold" and item.market == market)
        beyond = sold - float(mwh[here & out].sum())
        if (here & own).any() and beyond > _WHOLE_MWH:
            message = (
                f"{market}: certificates of {sold:g} MWh were sold, {beyond:g} MWh more than was exported, but own use is claimed "
                "as kept."
            )
            way_out = 'Set own_attributes = "by_certificate" in [scope_2]: own use without its attributes counts at the residual mix.'
            found = case.finding("CERT_DOUBLE", "error", message, way_out, lines[here & own])
            yield replace(found, tonnes_at_stake=beyond * uncovered_rate(case, market))


def cert_quality(case: AuditCase) -> Iterator[Finding]:
    """Instruments are of the market and time of the consumption, and renewable purchases have one."""
    yield from _markets(case)
    yield from _vintages(case)
    yield from _without_instrument(case)
    retired = [item for item in case.instruments if item.kind == "certificate" and item.retired_on]
    if retired and not case.claims.retired_by:
        message = "no last day of retirement is stated, so that none of the certificates was held to one (criterion 4)."
        yield Finding("CERT_QUALITY", "note", message, "State retired_by in [scope_2].", file="book.toml")


def _markets(case: AuditCase) -> Iterator[Finding]:
    """Instruments of a market where their carrier is not bought."""
    for item in case.instruments:
        if item.use == "claimed" and not len(_bought(case, item)):
            message = f"it is of the market {item.market!r}, where no {item.carrier} is bought (quality criterion 5)."
            way_out = "Claim instruments of the market of the consumption only; markets are country codes such as CN."
            yield Finding("CERT_QUALITY", "warning", message, way_out, file=item.file, row=item.row)


def _vintages(case: AuditCase) -> Iterator[Finding]:
    """Certificates that had expired, or had been retired, before the reporting year began."""
    whole = Period.of_year(case.year, case.first_month)
    rules = ClaimRules(whole)
    for item in case.instruments:
        months = rules.months_for(item.market) or 2 * _YEAR_MONTHS
        if item.kind != "certificate" or item.use == "sold" or item.claimed_year not in {0, case.year}:
            continue
        faults = []
        if item.generated and _months_between(item.generated, whole) > months:
            faults.append(f"it was generated in {item.generated}, more than {months} months before the year began")
        if item.retired_on and item.retired_on < whole.start:
            faults.append(f"it was retired on {item.retired_on}, before the year began")
        if faults:
            message = f"{' and '.join(faults)} (quality criterion 4)."
            way_out = "Claim it for the year it was retired for; cover this year by certificates of its own."
            yield Finding("CERT_QUALITY", "warning", message, way_out, file=item.file, row=item.row)


def _months_between(generated: Period, whole: Period) -> int:
    """Whole months from the end of generation to the beginning of a year."""
    return (whole.start.year - generated.end.year) * _YEAR_MONTHS + whole.start.month - generated.end.month


def _without_instrument(case: AuditCase) -> Iterator[Finding]:
    """Purchases that are called renewable beyond what instruments cover."""
    lines = case.lines
    grid = lines["activity"] == "electricity.grid"
    priced = lines[grid & lines["factor"].str.contains(_GREEN_FACTOR, case=False)]
    if len(priced) and not case.instruments:
        message = "grid electricity is calculated as renewable, but no instrument is on record."
        way_out = "Record the certificates or contracts in [scope_2] instruments, or use the grid factor."
        yield case.finding("CERT_QUALITY", "error", message, way_out, priced)
    called = lines[
        grid & (lines["source"].str.contains(_GREEN, case=False) | lines["note"].str.contains(_GREEN, case=False))
    ]
    called = called.drop(index=priced.index, errors="ignore")
    mwh = float(called["energy_gj"].sum()) * conversion_factor("GJ", "MWh")
    covered = sum(item.mwh for item in case.instruments if item.use == "claimed" and item.carrier == "electricity")
    if mwh > covered + _WHOLE_MWH:
        message = f"{mwh:g} MWh of purchases are called green in their source or note, but instruments are on record for {covered:g} MWh."
        yield case.finding(
            "CERT_QUALITY", "warning", message, "Record the certificates, or do not call them green.", called
        )
    direct = lines[lines["activity"] == "electricity.direct_line"]
    if len(direct) and case.scope_2 is None:
        message = "renewable electricity of a third party counts 0, but nothing says whose its attributes are."
        way_out = "Set direct_line_attributes in [scope_2] to kept or sold."
        yield case.finding("CERT_QUALITY", "warning", message, way_out, direct)
